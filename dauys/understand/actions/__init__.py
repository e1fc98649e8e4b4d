"""What can be done here: examine, decide, bring together, teach."""

from dauys.understand.actions.deciding import UnknownTopic, accept_many, decide, take_back, take_back_many
from dauys.understand.actions.examining import ALIKE, examine_pending
from dauys.understand.actions.matters import join, part
from dauys.understand.actions.meeting import embed_pending, group_pending, index_pending
from dauys.understand.actions.teaching import (
    ensure_model,
    learn,
    past_samples,
    starter_samples,
    use_model,
)

__all__ = [
    "ALIKE",
    "UnknownTopic",
    "accept_many",
    "decide",
    "embed_pending",
    "ensure_model",
    "examine_pending",
    "group_pending",
    "index_pending",
    "join",
    "learn",
    "part",
    "past_samples",
    "starter_samples",
    "take_back",
    "take_back_many",
    "use_model",
]

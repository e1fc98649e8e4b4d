"""What can be done here: examine, decide, bring together, teach."""

from dauys.understand.actions.choosing import BadThreshold, NotShown, UnknownReader, set_alone, set_sure, use_model
from dauys.understand.actions.deciding import UnknownTopic, accept_many, decide, take_back, take_back_many
from dauys.understand.actions.examining import ALIKE, examine_pending
from dauys.understand.actions.matters import join, part
from dauys.understand.actions.meeting import embed_pending, group_pending, index_pending
from dauys.understand.actions.noticing import notice_pending
from dauys.understand.actions.teaching import (
    DRIFT_LEAST,
    absorb_pending,
    ensure_model,
    learn,
    measure_pending,
    teachable,
    train,
)
from dauys.understand.lessons import LEAST, past, past_count, past_samples, pasts, starter_samples
from dauys.understand.models import Target

__all__ = [
    "ALIKE",
    "DRIFT_LEAST",
    "LEAST",
    "BadThreshold",
    "NotShown",
    "Target",
    "UnknownReader",
    "UnknownTopic",
    "absorb_pending",
    "accept_many",
    "decide",
    "embed_pending",
    "ensure_model",
    "examine_pending",
    "group_pending",
    "index_pending",
    "join",
    "learn",
    "measure_pending",
    "notice_pending",
    "part",
    "past",
    "past_count",
    "past_samples",
    "pasts",
    "set_alone",
    "set_sure",
    "starter_samples",
    "take_back",
    "take_back_many",
    "teachable",
    "train",
    "use_model",
]

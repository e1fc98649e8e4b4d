"""Why the machine gave an appeal to an officer."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext


def shared(entries: Sequence[Any], officer_id: int | None) -> str:
    """The reason an officer has an appeal, where the last who gave it out was the machine; else empty.

    `entries`: of the appeal's case, in order.
    """
    told: dict[str, Any] = {}
    for entry in entries:
        if entry.verb in ("answer.take", "answer.assign", "answer.hand_over", "answer.redirect"):
            told = {}
        elif entry.verb == "answer.share":
            told = entry.detail or {}
    if officer_id is None or told.get("to") != officer_id:
        return ""
    many = int(told.get("of") or 1)
    said = [
        ngettext(
            "Given out by the machine: of %(of)s officer here, the one with the least open work.",
            "Given out by the machine: of %(of)s officers here, the one with the least open work.",
            many,
        )
        % {"of": many}
    ]
    why = told.get("why") or []
    if "language" in why:
        said.append(_("Among those who write its language."))
    if "topic" in why:
        said.append(_("Among those who know its topic."))
    if told.get("load") is not None:
        said.append(_("Open work before: %(load)s.") % {"load": told["load"]})
    return " ".join(said)

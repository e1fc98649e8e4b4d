"""Why an appeal stands where it stands on a desk."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from dauys.answer.words.findings import VULNERABLE


def first(reasons: Iterable[Sequence[Any]]) -> tuple[str, ...]:
    """Sentences for `Turn.reasons`: [code, working days earlier, value]; a code of tomorrow is left out."""
    return tuple(filter(None, (_reason(str(one[0]), int(one[1]), str(one[2])) for one in reasons if len(one) >= 3)))


def _reason(code: str, days: int, value: str) -> str:
    why = {
        "danger": lambda: _("danger to life or health"),
        "soon": lambda: _("harm that grows by the day"),
        "person": lambda: str(VULNERABLE.get(value, "")),
        "people": lambda: (
            ngettext("%(n)s appeal about the same", "%(n)s appeals about the same", int(value)) % {"n": value}
        ),
        "disputed": lambda: ngettext("disputed %(n)s time", "disputed %(n)s times", int(value)) % {"n": value},
        "waiting": lambda: (
            ngettext(
                "%(n)s day since receipt by the time it is due",
                "%(n)s days since receipt by the time it is due",
                int(value),
            )
            % {"n": value}
        ),
    }.get(code, str)()
    if not why:
        return ""
    return ngettext("%(days)s day earlier: %(why)s", "%(days)s days earlier: %(why)s", days) % {
        "days": days,
        "why": why[:1].lower() + why[1:],
    }

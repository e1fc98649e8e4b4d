"""Who else is at an appeal, what has happened there since a page was made, and what is on its way out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q

from dauys.answer.models import Deferred, Draft, Presence
from dauys.answer.queries.page import Past
from dauys.institution.models import User

HERE_SECONDS = 45
"""Three missed knocks of a page: whoever has not been heard from for so long has left."""

WRITING_SECONDS = 60

QUIET = frozenset({"answer.read", "hear.read_contact", "answer.follow", "understand.join", "understand.part"})
"""What does not change what a verb would do."""


@dataclass(frozen=True, slots=True)
class Held:
    """A verb that has been pressed. `seconds` until it leaves; `failed` names what stood in its way."""

    appeal_id: int
    number: str
    verb: str
    is_mine: bool
    officer: str
    seconds: int
    failed: str


def held(user: User, *, now: datetime, appeal_id: int | None = None) -> list[Held]:
    """What this officer has pressed and, of one appeal, what anybody has. One statement."""
    rows = (
        Deferred.objects.filter(Q(officer=user) | Q(appeal_id=appeal_id))
        .select_related("officer", "appeal")
        .only("verb", "leaves_at", "failed", "officer__name", "officer__email", "appeal__number")
        .order_by("-leaves_at")  # one key takes back what was pressed last
    )
    return [
        Held(
            row.appeal_id, row.appeal.number, row.verb, row.officer_id == user.id, str(row.officer),
            max(0, -int((now - row.leaves_at).total_seconds() // 1)), row.failed,
        )
        for row in rows
        if row.officer_id == user.id or not row.failed
    ]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Company:
    """A colleague who is at the same appeal now."""

    name: str
    is_writing: bool


def company(appeal_id: int, user: User, *, now: datetime) -> list[Company]:
    """Colleagues who have the appeal open or have just written its draft, whoever writes first. Two statements."""
    since = now - timedelta(seconds=WRITING_SECONDS)
    draft = Draft.objects.filter(appeal_id=appeal_id, saved_at__gte=since).exclude(officer=user)
    writing = {row.officer_id: str(row.officer) for row in draft.select_related("officer")}
    here = Presence.objects.filter(appeal_id=appeal_id, seen_at__gte=now - timedelta(seconds=HERE_SECONDS))
    open_at = {row.officer_id: str(row.officer) for row in here.exclude(officer=user).select_related("officer")}
    return [Company(name, True) for name in sorted(writing.values())] + [
        Company(name, False) for one, name in sorted(open_at.items(), key=lambda item: item[1]) if one not in writing
    ]


def news(history: Sequence[Past], seen: int, user: User) -> list[str]:
    """What others have done with an appeal since a page that showed `seen` entries of its history, in words."""
    return [past.words for past in history[max(0, seen) :] if past.verb not in QUIET and past.actor_id != user.id]

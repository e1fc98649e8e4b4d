"""What administrators see of the letters: counts, failures with the server's code, never an address."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import Count

from dauys.answer.models import Letter, Quiet
from dauys.answer.post import server
from dauys.answer.post.kinds import BY_NAME, KINDS
from dauys.institution import rights
from dauys.institution.models import User
from dauys.institution.queries import house
from dauys.ledger import actions as ledger

TROUBLED = (Letter.State.UNSURE, Letter.State.BOUNCED, Letter.State.FAILED)
SHOWN_MOST = 100
NOT_ANSWERED = "left by a person"


class Settled(Exception):
    """Somebody has decided about this letter meanwhile."""


@dataclass(frozen=True, slots=True)
class Line:
    """One letter that did not arrive for sure."""

    id: int
    number: str
    kind: Any
    to_officer: bool
    state: str
    state_words: Any
    why: str
    made_at: datetime


def is_on() -> bool:
    """Whether letters leave from here; a wrong setting keeps them waiting."""
    try:
        return server.configured() is not None
    except server.Misconfigured:
        return False


def counts() -> dict[str, int]:
    """How many letters stand in each state, by one walk along an index."""
    return dict(Letter.objects.order_by().values_list("state").annotate(count=Count("id")))


def troubled() -> Sequence[Line]:
    """The newest letters about which a person may decide."""
    rows = (
        Letter.objects.filter(state__in=TROUBLED)
        .select_related("appeal")
        .order_by("-id")[:SHOWN_MOST]
    )  # fmt: skip
    return [_line(row) for row in rows]


def of_appeal(appeal_id: int) -> Sequence[Line]:
    """What the applicant was told of this appeal by letter, the newest first."""
    rows = Letter.objects.filter(appeal_id=appeal_id, to=None).select_related("appeal").order_by("-id")[:20]
    return [_line(row) for row in rows]


def _line(row: Letter) -> Line:
    return Line(
        row.pk,
        row.appeal.number if row.appeal else "",
        BY_NAME[row.kind].said,
        row.to_id is not None,
        row.state,
        Letter.State(row.state).label,
        row.why,
        row.sent_at or row.made_at,
    )


def decide(*, letter_id: int, again: bool, officer: User, now: datetime) -> Letter:
    """A person sends a troubled letter again, or leaves it. Raises Settled; PermissionDenied."""
    rights.require(officer, "institution.manage")
    with transaction.atomic():
        on = ledger.take_pen(house().today(now))
        letter = Letter.objects.select_for_update(of=("self",)).select_related("appeal").filter(id=letter_id).first()
        if letter is None or letter.state not in TROUBLED:
            raise Settled
        if again:
            letter.state, letter.why, letter.tries, letter.next_at = Letter.State.QUEUED, "", 0, now
        else:
            letter.state, letter.why = Letter.State.DROPPED, NOT_ANSWERED
        letter.save(update_fields=["state", "why", "tries", "next_at"])
        verb = "answer.letter_again" if again else "answer.letter_left"
        case = letter.appeal.case if letter.appeal else ledger.NO_CASE
        ledger.append_many([ledger.Act(verb, case, now, officer.id, {"letter": letter.pk, "kind": letter.kind})], on=on)
    return letter


def wishes(officer: User) -> dict[str, bool]:
    """What an officer may stop, and whether they want it."""
    silent = set(Quiet.objects.filter(person=officer).values_list("kind", flat=True))
    return {kind.name: kind.name not in silent for kind in KINDS if not kind.for_citizen and kind.may_stop}


def wish(*, officer: User, wanted: frozenset[str], now: datetime) -> None:
    """An officer says what they want to be told by letter: their own choice, which nobody else makes or sees."""
    for kind, is_wanted in wishes(officer).items():
        if kind in wanted and not is_wanted:
            Quiet.objects.filter(person=officer, kind=kind).delete()
        elif kind not in wanted and is_wanted:
            Quiet.objects.get_or_create(person=officer, kind=kind, defaults={"asked_at": now})


def stop(*, subject: int, about: str, now: datetime) -> bool:
    """Whoever holds a letter asks for no more of its kind: `about` is the kind and whose it was. Twice is once."""
    kind, _dot, whose = about.partition(".")
    if kind not in BY_NAME or not BY_NAME[kind].may_stop:
        return False
    who = {"person_id": subject} if whose == "person" else {"appeal_id": subject}
    Quiet.objects.get_or_create(kind=kind, **who, defaults={"asked_at": now})
    return True


LINKS_A_DAY = 3


def ask_for_link(*, appeal_id: int, now: datetime) -> bool:
    """Queue a letter with a new link; at most three in a day and night. The caller has compared the address."""
    with transaction.atomic():
        if connection.vendor != "sqlite":
            ledger.take_pen(house().today(now))  # one after another, so that three stay three
        recent = Letter.objects.filter(
            appeal_id=appeal_id, kind="link", to=None, made_at__gt=now - timedelta(days=1)
        ).count()
        if recent >= LINKS_A_DAY:
            return False
        count = Letter.objects.filter(appeal_id=appeal_id, kind="link").count()
        Letter.objects.create(
            key=f"link:{appeal_id}:{count}", kind="link", appeal_id=appeal_id, made_at=now, next_at=now
        )
    return True

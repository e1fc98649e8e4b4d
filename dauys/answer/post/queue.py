"""What there is to tell, found in the tables: what happened since the last look, and only since mail was switched on.

A row here says what about and to whom, never a word or an address. Rows of every table searched are written under the
ledger's pen, so their numbers are in the order in which they became visible, and one number says how far a look came.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Exists, Max, OuterRef, Q

from dauys.answer.models import (
    Answer,
    Handling,
    Letter,
    Looked,
    Message,
    Promise,
    Quiet,
    Reminder,
    Routing,
    Ruling,
    State,
    Verdict,
)
from dauys.answer.post import server
from dauys.hear import told as hear
from dauys.institution.queries import house, officers_of
from dauys.ledger import queries as ledger

WINDOW = 5000
"""Numbers of one table looked at in one look: an import of a million past appeals is walked past in portions."""

AGAIN_AFTER = timedelta(days=28)
AGAIN_AT_MOST = timedelta(days=42)
"""A question put so late, after mail had been down or off, only annoys."""

NO_ADDRESS = "no address"


@dataclass(frozen=True, slots=True)
class Told:
    """One thing to tell. Without `to` it goes to the applicant of `appeal_id`."""

    kind: str
    about: int | str
    appeal_id: int
    to: int | None = None
    detail: dict[str, Any] = field(default_factory=dict)

    @property
    def key(self) -> str:
        return f"{self.kind}:{self.about}" + (f":{self.to}" if self.to else "")


@dataclass(frozen=True, slots=True)
class Search:
    """One table to look at: its newest number, and what the rows after one number up to another give to tell."""

    name: str
    newest: Callable[[], int]
    between: Callable[[int, int, datetime], Iterable[Told]]
    through: Callable[[int, datetime], int] | None = None
    """For what is told later than it happened: up to which number the time has come."""


def _newest(table: Any) -> Callable[[], int]:
    return lambda: table.objects.aggregate(newest=Max("id"))["newest"] or 0


def _registered(after: int, through: int, now: datetime) -> Iterator[Told]:
    for appeal_id in hear.reachable_between(after, through):
        yield Told("registered", appeal_id, appeal_id)


def _passed_on(after: int, through: int, now: datetime) -> Iterator[Told]:
    earlier = Routing.objects.filter(appeal_id=OuterRef("appeal_id"), id__lt=OuterRef("id"))
    rows = Routing.objects.filter(Exists(earlier), id__gt=after, id__lte=through, acting__isnull=False)
    for row_id, appeal_id in rows.order_by("id").values_list("id", "appeal_id"):
        yield Told("passed_on", row_id, appeal_id, detail={"routing": row_id})


TOLD_OTHERWISE = frozenset({"registered", "routed", "redirected", "reopened", "extended"})
"""Promises that come with something else that is told: a filing, a new office, a verdict, a ruling."""


def _changed(after: int, through: int, now: datetime) -> Iterator[Told]:
    rows = Promise.objects.filter(id__gt=after, id__lte=through).exclude(reason__in=TOLD_OTHERWISE)
    for row_id, appeal_id in rows.order_by("id").values_list("id", "appeal_id"):
        yield Told("changed", row_id, appeal_id, detail={"promise": row_id})


ENDING = frozenset({Ruling.Kind.RETURNED, Ruling.Kind.TERMINATED, Ruling.Kind.WITHDRAWN, Ruling.Kind.ATTACHED})


def _rulings(after: int, through: int, now: datetime) -> Iterator[Told]:
    rows = Ruling.objects.filter(id__gt=after, id__lte=through).order_by("id")
    for row_id, appeal_id, kind in rows.values_list("id", "appeal_id", "kind"):
        yield Told("ended" if kind in ENDING else "ruling", row_id, appeal_id, detail={"ruling": row_id})


def _messages(after: int, through: int, now: datetime) -> Iterator[Told]:
    rows = Message.objects.filter(id__gt=after, id__lte=through).exclude(author=Message.Author.NOTE).order_by("id")
    said = list(rows.values_list("id", "appeal_id", "author", "answer_by"))
    to = dict(
        Handling.objects.filter(
            appeal_id__in={row[1] for row in said if row[2] == Message.Author.CITIZEN}, officer__isnull=False
        ).values_list("appeal_id", "officer_id")
    )
    for row_id, appeal_id, author, answer_by in said:
        if author == Message.Author.OFFICER:
            yield Told("asks" if answer_by else "wrote", row_id, appeal_id, detail={"message": row_id})
        elif appeal_id in to:
            yield Told("citizen_wrote", row_id, appeal_id, to=to[appeal_id])


def _answers(after: int, through: int, now: datetime) -> Iterator[Told]:
    # A past answer taken over from old records was told by whoever gave it.
    rows = Answer.objects.filter(id__gt=after, id__lte=through, officer__isnull=False).order_by("id")
    for row_id, appeal_id in rows.values_list("id", "appeal_id"):
        yield Told("answered", row_id, appeal_id, detail={"answer": row_id})


def _due_for_asking(after: int, now: datetime) -> int:
    """The last answer before the first one that is not four weeks old yet."""
    young = Answer.objects.filter(id__gt=after, officer__isnull=False, sent_on__gt=_asked_before(now))
    first: int | None = young.order_by("id").values_list("id", flat=True).first()
    return first - 1 if first is not None else _newest(Answer)()


def _asked_before(now: datetime) -> date:
    return house().today(now) - AGAIN_AFTER


def _asked_again(after: int, through: int, now: datetime) -> Iterator[Told]:
    for answer_id, appeal_id in unjudged(after, through, since=house().today(now) - AGAIN_AT_MOST):
        yield Told("again", answer_id, appeal_id, detail={"answer": answer_id})


def unjudged(after: int, through: int, *, since: date) -> list[tuple[int, int]]:
    """Answers, with their appeals, on which the citizen has not said a word and which no later answer replaced."""
    judged = Verdict.objects.filter(answer_id=OuterRef("id"))
    later = Answer.objects.filter(appeal_id=OuterRef("appeal_id"), id__gt=OuterRef("id"))
    closed = Handling.objects.filter(appeal_id=OuterRef("appeal_id"), state=State.ANSWERED)
    rows = Answer.objects.filter(
        ~Exists(judged), ~Exists(later), Exists(closed), id__gt=after, id__lte=through,
        officer__isnull=False, sent_on__gte=since,
    )  # fmt: skip
    return list(rows.order_by("id").values_list("id", "appeal_id"))


def _verdicts(after: int, through: int, now: datetime) -> Iterator[Told]:
    rows = Verdict.objects.filter(id__gt=after, id__lte=through, solved=False, rests=False).order_by("id")
    for row_id, appeal_id in rows.values_list("id", "appeal_id"):
        yield Told("reopened", row_id, appeal_id)


def _given(after: int, through: int, now: datetime) -> Iterator[Told]:
    given = list(ledger.acts_between(after, through, verb="answer.assign"))
    appeals = hear.appeals_of(act.case for act in given)
    for act in given:
        to = (act.detail or {}).get("to")
        if isinstance(to, int) and to != act.actor_id and act.case in appeals:
            yield Told("given", act.id, appeals[act.case], to=to)


def _reminders(after: int, through: int, now: datetime) -> Iterator[Told]:
    rows = list(Reminder.objects.filter(id__gt=after, id__lte=through).order_by("id"))
    officers = dict(
        Handling.objects.filter(appeal_id__in={row.appeal_id for row in rows}).values_list("appeal_id", "officer_id")
    )
    heads = _heads({row.office_id for row in rows if row.office_id})
    for row in rows:
        officer = officers.get(row.appeal_id) if row.rung == Reminder.Rung.OFFICER else None
        for person in [officer] if officer else sorted(heads.get(row.office_id or 0, set())):
            yield Told("reminder", row.id, row.appeal_id, to=person, detail={"reminder": row.id})


def _heads(offices: set[int]) -> dict[int, set[int]]:
    found: dict[int, set[int]] = {}
    for person, _name, office, role in officers_of(frozenset(offices)):
        if role == "head":
            found.setdefault(office, set()).add(person)
    return found


SEARCHES: tuple[Search, ...] = (
    Search("registered", hear.newest, _registered),
    Search("passed on", _newest(Routing), _passed_on),
    Search("changed", _newest(Promise), _changed),
    Search("rulings", _newest(Ruling), _rulings),
    Search("messages", _newest(Message), _messages),
    Search("answers", _newest(Answer), _answers),
    Search("again", _newest(Answer), _asked_again, _due_for_asking),
    Search("verdicts", _newest(Verdict), _verdicts),
    Search("given", ledger.newest_entry, _given),
    Search("reminders", _newest(Reminder), _reminders),
)

_PREFIX = "told "


def queue_letters_pending(*, now: datetime, limit: int = 10 * WINDOW) -> int:
    """Queue a letter for whatever has happened since the last look; returns how many rows were looked at.

    While mail is off the looks are forgotten: switched on, it begins with what happens then. Killed anywhere and run
    again it queues the same letters once, by their keys. At rest, one small question a table.
    """
    if not _is_on():
        Looked.objects.filter(name__startswith=_PREFIX).delete()
        return 0
    looked = 0
    known = dict(Looked.objects.filter(name__startswith=_PREFIX).values_list("name", "kept"))
    for search in SEARCHES:
        kept = known.get(_PREFIX + search.name)
        if kept is None:
            Looked.objects.get_or_create(name=_PREFIX + search.name, defaults={"kept": {"last": search.newest()}})
            continue
        after = int(kept["last"])
        newest = search.newest()
        if newest > after and search.through is not None:
            newest = search.through(after, now)
        while newest > after and looked < limit:
            through = min(newest, after + WINDOW)
            _look(search, after, through, now)
            looked, after = looked + through - after, through
    return looked


def _is_on() -> bool:
    try:
        return server.configured() is not None
    except server.Misconfigured:
        return True  # somebody wants letters sent: what happens meanwhile waits in the queue


def _look(search: Search, after: int, through: int, now: datetime) -> None:
    with transaction.atomic():
        queue(search.between(after, through, now), now=now)
        Looked.objects.filter(name=_PREFIX + search.name).update(kept={"last": through})


def queue(told: Iterable[Told], *, now: datetime) -> int:
    """Queue letters, each once by its key; none for those who asked not to be told, or who gave no address."""
    wanted = _wanted(list(told))
    rows = [
        Letter(
            key=one.key, kind=one.kind, appeal_id=one.appeal_id, to_id=one.to, detail=one.detail,
            made_at=now, next_at=now,
        )
        for one in wanted
    ]  # fmt: skip
    Letter.objects.bulk_create(rows, ignore_conflicts=True, batch_size=500)
    return len(rows)


def _wanted(told: list[Told]) -> list[Told]:
    if not told:
        return []
    appeals = {one.appeal_id for one in told if one.to is None}
    people = {one.to for one in told if one.to is not None}
    quiet = set(
        Quiet.objects.filter(Q(appeal_id__in=appeals) | Q(person_id__in=people)).values_list(
            "kind", "appeal_id", "person_id"
        )
    )
    silent = appeals - hear.reachable(appeals) if appeals else set()
    silent |= set(
        Letter.objects.filter(appeal_id__in=appeals, to=None, why=NO_ADDRESS).values_list("appeal_id", flat=True)
    )
    return [
        one
        for one in told
        if (one.to is not None or one.appeal_id not in silent)
        and (one.kind, None if one.to else one.appeal_id, one.to) not in quiet
    ]

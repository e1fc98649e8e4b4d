"""The working calendar or the rules have changed: open promises are counted anew, and what moved is written down."""

import hashlib
import logging
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from importlib.metadata import version
from itertools import groupby

import numpy as np
from django.db import connection, transaction

from dauys.answer import policies, promises
from dauys.answer.models import Handling, Promise, Recount
from dauys.engines.deadline import Almanac, CalendarTooShort
from dauys.engines.policy import Policy
from dauys.institution.queries import House, forget, house, is_current
from dauys.ledger import actions as ledger
from dauys.ledger.core.leaf import Kind as LeafKind

log = logging.getLogger(__name__)

AT_ONCE = 2000
"""Promises counted under one holding of the pen: about a sixth of a second when all of them move."""

FROM_RECEIPT = ("registered", "routed")
"""Promises whose term may run from the first receipt; every other began on a day of its own."""


def recount_pending(*, now: datetime, limit: int = AT_ONCE) -> int:
    """Count open promises anew after the calendar or a rule has changed; returns how many were looked at.

    Each one that moves gets a new promise, a new day, and an entry in the public ledger. A clock that stands still is
    left alone, and so is a term that has passed in silence: a refusal is not undone by a calendar. One look at rest.
    Killed anywhere and run again it comes to the same rows: what was counted and how far it came is one transaction.
    """
    looked = 0
    while looked < limit:
        place = house()
        stands = state(place)
        begun = _begun(stands)
        if begun is not None and begun.ended_at is not None:
            break
        with transaction.atomic():
            looked += _count_next(place, stands, now=now, most=min(limit - looked, AT_ONCE))
    return looked


def _count_next(place: House, stands: str, *, now: datetime, most: int) -> int:
    on = ledger.take_pen(place.today(now))
    if not is_current(place):  # another process has just changed the calendar: this one's picture is of before
        forget()
        return 1
    begun = _begun(stands) or _begin(stands, now=now)
    rows = _next(begun.last, most) if begun.ended_at is None else []
    moved = list(_moved(rows, place))
    _write(moved, begun, now=now, on=on)
    begun.looked_at += len(rows)
    begun.moved += len(moved)
    if rows:
        begun.last = rows[-1].appeal_id
    elif begun.ended_at is None:
        begun.ended_at = now
    begun.save()
    return max(len(rows), 1)


def state(place: House) -> str:
    """SHA-256 of all that decides a due day: which days are worked, and the rules."""
    global _known
    book = policies.book()
    if _known is None or _known[0] is not place or _known[1] is not book:
        days = sorted((row.day.isoformat(), row.works) for row in place.overrides)
        told = repr((place.institution.country, version("holidays"), days, policies.digest(book.policies)))
        _known = (place, book, hashlib.sha256(told.encode()).hexdigest())
    return _known[2]


_known: tuple[House, policies.Book, str] | None = None


def _begun(stands: str) -> Recount | None:
    """The newest recount, if it counts by what stands now.

    Each digest holds the one before it: a calendar that is changed and changed back is three states, not two.
    """
    newest = list(Recount.objects.order_by("-id")[:2])
    if newest and newest[0].digest == _link(newest[1].digest if len(newest) > 1 else "", stands):
        return newest[0]
    return None


def _begin(stands: str, *, now: datetime) -> Recount:
    before = Recount.objects.order_by("-id").first()
    if before is not None and before.ended_at is None:
        before.ended_at = now  # overtaken by the next change, which looks at everything again
        before.save(update_fields=["ended_at"])
    return Recount.objects.create(digest=_link(before.digest if before else "", stands), began_at=now)


def _link(before: str, stands: str) -> str:
    return hashlib.sha256(f"{before}\n{stands}".encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Standing:
    """An open appeal with the promise it stands under; None where nothing is owed."""

    appeal_id: int
    due_on: date | None
    lapsed_on: date | None
    paused_on: date | None
    case: str
    kind: str
    received_at: datetime
    promise: Promise | None = None


def _next(last: int, limit: int) -> list[Standing]:
    rows = list(
        Handling.objects.filter(is_open=True, appeal_id__gt=last)
        .order_by("appeal_id")
        .values_list(
            "appeal_id", "due_on", "lapsed_on", "paused_on", "appeal__case", "appeal__kind", "appeal__received_at"
        )[:limit]
    )
    made = Promise.objects.filter(appeal_id__in=[row[0] for row in rows]).order_by("id")
    standing = {one.appeal_id: one for one in made}
    return [Standing(*row, standing.get(row[0])) for row in rows]


@dataclass(frozen=True, slots=True)
class Moved:
    """A promise that comes out otherwise now."""

    appeal_id: int
    case: str
    promise: Promise
    policy: Policy
    before: date
    due_on: date


@dataclass(frozen=True, slots=True)
class Owing:
    """An open appeal whose promise is counted anew, and by which rule."""

    row: Standing
    promise: Promise
    policy: Policy

    def comes_to(self, due_on: date) -> Iterator[Moved]:
        if self.row.due_on is not None and due_on != self.row.due_on:
            yield Moved(self.row.appeal_id, self.row.case, self.promise, self.policy, self.row.due_on, due_on)


def _moved(rows: Iterable[Standing], place: House) -> Iterator[Moved]:
    by_id = {policy.id: policy for policy in policies.load()}
    by_term: dict[tuple[str, int], list[tuple[int, Owing]]] = {}
    ruled: list[Owing] = []
    for row in rows:
        promise = row.promise
        if promise is None or row.due_on is None or row.paused_on is not None or _has_lapsed(row):
            continue
        policy = _rule(promise, row.kind, place, by_id)
        if policy is None:
            continue
        owing = Owing(row, promise, policy)
        if _reason(promise) in Promise.BY_RULING:
            ruled.append(owing)
            continue
        received_on = row.received_at.astimezone(place.zone).date() if _reason(promise) in FROM_RECEIPT else None
        starts_on = promises.start(policy, promise.registered_on, received_on)
        by_term.setdefault((policy.id, starts_on.year), []).append((starts_on.toordinal(), owing))

    almanacs: dict[int, Almanac] = {}
    for (policy_id, year), counted in by_term.items():
        if year not in almanacs:
            almanacs[year] = Almanac(place.calendar(year))
        starts = np.array([start for start, _owing in counted], dtype=np.int32)
        try:
            days = almanacs[year].due_days(starts, policies.term_of(by_id[policy_id]))
        except CalendarTooShort:
            log.exception("Promises by %s from %d keep their days: the calendar ends before the term.", policy_id, year)
            continue
        for (_start, owing), day in zip(counted, days.tolist(), strict=True):
            # A term counted from receipt cannot end before the registration it leads to.
            yield from owing.comes_to(max(date.fromordinal(day), owing.promise.registered_on))

    set_on = _set_by_rulings([owing.row.appeal_id for owing in ruled])
    for owing in ruled:
        day_set = set_on[owing.row.appeal_id]
        rolls = owing.policy.roll == "next_working_day"
        yield from owing.comes_to(promises.worked_from(place, day_set) if rolls else day_set)


def _has_lapsed(row: Standing) -> bool:
    return row.lapsed_on is not None and row.due_on is not None and row.lapsed_on > row.due_on


def _reason(promise: Promise) -> str:
    return promise.origin or promise.reason


def _rule(promise: Promise, kind: str, place: House, by_id: dict[str, Policy]) -> Policy | None:
    """The rule it was made by; where that is gone or no longer speaks of its day, the one that does now."""
    policy = by_id.get(promise.policy)
    day = promise.registered_on
    if policy is not None and (
        _reason(promise) in Promise.BY_RULING or policy.valid_from <= day <= (policy.valid_to or date.max)
    ):
        return policy
    return promises.rule(place.offices.get(promise.office_id), kind, day)


def _set_by_rulings(appeal_ids: Sequence[int]) -> dict[int, date]:
    """The day a decision set for each of these appeals, before any recount moved it."""
    if not appeal_ids:
        return {}
    made = Promise.objects.filter(appeal_id__in=appeal_ids, reason__in=Promise.BY_RULING).order_by("id")
    return dict(made.values_list("appeal_id", "due_on"))


# Plain statements: a model object a row would cost as much as all the counting.
_PROMISE = "INSERT INTO promise (appeal_id, office_id, policy, registered_on, due_on, reason, origin, made_at) VALUES"
_HANDLING = """
UPDATE handling SET due_on = %s,
    begin_by = CASE WHEN begin_by IS NULL OR begin_by = due_on OR begin_by > %s THEN %s ELSE begin_by END
WHERE appeal_id IN ({marks})
"""


def _write(moved: Sequence[Moved], begun: Recount, *, now: datetime, on: date) -> None:
    if not moved:
        return
    moved = sorted(moved, key=lambda one: one.appeal_id)
    day, moment = connection.ops.adapt_datefield_value, connection.ops.adapt_datetimefield_value
    # All rows of one recount bear the moment it began: by it they are found again.
    made_at = moment(begun.began_at)
    with connection.cursor() as cursor:
        ledger.insert_rows(
            cursor,
            _PROMISE,
            [
                (
                    one.appeal_id, one.promise.office_id, one.policy.id, day(one.promise.registered_on),
                    day(one.due_on), "recounted", _reason(one.promise), made_at,
                )
                for one in moved
            ],
        )  # fmt: skip
        for due_on, group in groupby(sorted(moved, key=lambda one: one.due_on), key=lambda one: one.due_on):
            ids = [one.appeal_id for one in group]
            new = day(due_on)
            cursor.execute(_HANDLING.format(marks=", ".join(["%s"] * len(ids))), [new, new, new, *ids])
    ledger.append_many(
        [
            ledger.Act(
                verb="answer.recount",
                case=one.case,
                at=now,
                detail={
                    "before": one.before.isoformat(), "due_on": one.due_on.isoformat(), "recount": begun.id,
                },
                public=ledger.Public(LeafKind.AMENDED, due_on=one.due_on, code=promises.leaf_code(one.policy)),
            )
            for one in moved
        ],
        on=on,
    )  # fmt: skip

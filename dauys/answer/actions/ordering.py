"""What an open appeal is begun by: counted when it is placed, and again whenever something changes it.

Nobody has to call this. Every verb that moves a due day, disputes an answer or brings appeals together writes an entry
of the ledger, and the machine's groups grow in the order of appeals: both are followed from where the last look ended.
"""

import hashlib
import tomllib
from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import datetime
from functools import cache
from importlib.resources import files

from django.db import connection, transaction

from dauys.answer.models import Handling, Ordered, Turn
from dauys.engines import first as engine
from dauys.institution.queries import House, house
from dauys.ledger import queries as ledger
from dauys.understand import pressing

AT_ONCE = 1000
"""Appeals counted in one transaction: about a tenth of a second in which nobody else writes on SQLite."""

ENTRIES = 4000


@cache
def weights() -> engine.Weights:
    """The institution's weights, `data/first.toml`. Raises engines.first.BadWeights."""
    return engine.weights(_table()["weights"])


@cache
def _table() -> dict[str, dict[str, int]]:
    return tomllib.loads((files("dauys.answer") / "data" / "first.toml").read_text(encoding="utf-8"))


_known: tuple[House, str] | None = None


def _digest(place: House) -> str:
    """Of all that changes every turn at once: the weights and the working days."""
    global _known
    if _known is None or _known[0] is not place:
        told = repr((weights(), place.institution.country, place.overrides))
        _known = (place, hashlib.sha256(told.encode()).hexdigest())
    return _known[1]


def order_pending(*, now: datetime, limit: int = AT_ONCE) -> int:
    """Count anew by when the appeals are begun that something happened to; returns how many were looked at.

    Four small looks at rest. Killed anywhere and run again it comes to the same days.
    """
    place = house()
    mark = Ordered.objects.first() or Ordered(id=1, walked=0)
    if mark.digest != _digest(place):
        mark.digest, mark.walked = _digest(place), 0
    newest = ledger.newest_entry()
    is_told = newest > mark.entry or pressing.newest_merge() > mark.merge
    if mark.walked is None and not is_told and not pressing.grouped_after(mark.grouped, limit=1):
        return 0
    with transaction.atomic():
        stale: set[int] = set()
        if mark.walked is not None:
            # Whatever happened so far is seen by the walk itself, as long as it is followed from here on.
            if mark.walked == 0:
                mark.entry, mark.grouped, mark.merge = newest, pressing.newest_grouped(), pressing.newest_merge()
            rows = Handling.objects.filter(is_open=True, appeal_id__gt=mark.walked).order_by("appeal_id")
            walked = list(rows.values_list("appeal_id", flat=True)[:limit])
            stale |= set(walked)
            mark.walked = walked[-1] if len(walked) == limit else None
        stale |= _told(mark, newest) | _grown(mark, limit)
        count(stale, place=place)
        mark.save()
    return max(len(stale), 1)


def _told(mark: Ordered, newest: int) -> set[int]:
    """Appeals the ledger has spoken of since, and those brought together with them."""
    through = min(newest, mark.entry + ENTRIES)
    if through <= mark.entry:
        return set()
    cases = ledger.cases_after(mark.entry, through=through)
    mark.entry = through
    told = set(Handling.objects.filter(appeal__case__in=cases).values_list("appeal_id", flat=True))
    return told | pressing.brought_with(told)


def _grown(mark: Ordered, limit: int) -> set[int]:
    """Appeals of groups that were joined since; where their number has not doubled, nobody's turn has changed."""
    new = pressing.grouped_after(mark.grouped, limit=limit)
    merges = pressing.merged_after(mark.merge, limit=limit)
    if new:
        mark.grouped = new[-1][0]
    if merges:
        mark.merge = merges[-1][0]
    counts = pressing.grown({matter for _appeal, matter in new} | {kept for _merge, kept in merges})
    members = pressing.of_matters(counts)
    before = dict(Turn.objects.filter(appeal_id__in=[one for one, _ in members]).values_list("appeal_id", "people"))
    most = weights().doublings
    return {
        appeal
        for appeal, matter in members
        if engine.doublings(before.get(appeal, 1), most) != engine.doublings(counts[matter], most)
    }


def count(appeal_ids: Collection[int], *, place: House) -> None:
    """Write down by when these open appeals are begun, and why; called inside a transaction."""
    wanted = sorted(appeal_ids)
    for start in range(0, len(wanted), 500):
        part = wanted[start : start + 500]
        rows = list(
            Handling.objects.select_for_update(of=("self",))
            .filter(appeal_id__in=part, is_open=True)
            .order_by("appeal_id")
        )
        known = pressing.pressing([row.appeal_id for row in rows])
        kept = {row.appeal_id: row for row in Turn.objects.filter(appeal_id__in=part)}
        _write(rows, known, kept, place)


def _write(rows: Iterable[Handling], known: dict[int, pressing.Pressing], kept: dict[int, Turn], place: House) -> None:
    moved, new = [], []
    for row in rows:
        told = known.get(row.appeal_id, pressing.Pressing(row.urgency))
        found = turn(row, replace(told, urgency=row.urgency), place=place)
        now_is = Turn(
            appeal_id=row.appeal_id,
            due_on=row.due_on,
            reasons=[[one.code, one.days, one.value] for one in found.reasons],
            people=told.people,
        )
        was = kept.get(row.appeal_id)
        if was is None or (was.due_on, was.reasons, was.people) != (now_is.due_on, now_is.reasons, now_is.people):
            new.append(now_is)
        if row.begin_by != found.begin_by:
            row.begin_by = found.begin_by
            moved.append(row)
    Turn.objects.bulk_create(
        new, batch_size=200, update_conflicts=True, unique_fields=["appeal"],
        update_fields=["due_on", "reasons", "people"],
    )  # fmt: skip
    if moved:
        day = connection.ops.adapt_datefield_value
        with connection.cursor() as cursor:
            cursor.executemany(
                "UPDATE handling SET begin_by = %s WHERE appeal_id = %s",
                [(day(row.begin_by), row.appeal_id) for row in moved],
            )


def turn(row: Handling, told: pressing.Pressing, *, place: House) -> engine.First:
    """By when one appeal is begun, from what it says and where it stands."""
    year = (row.due_on or row.received_at.astimezone(place.zone).date()).year
    return engine.first(
        engine.Matter(
            received_on=row.received_at.astimezone(place.zone).date(),
            due_on=row.due_on,
            urgency=told.urgency,
            person=told.person,
            people=told.people,
            disputes=row.disputes,
        ),
        weights(),
        place.calendar(year),
    )

"""The worker's step that keeps the counts true."""

import secrets
from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Count, F, Q

from dauys.institution.queries import house
from dauys.prove import tables
from dauys.prove.models import Counted, Day, Stale

READ_MOST = 50_000
"""Ledger entries read in one step."""

DAYS_MOST = 31
LONGEST_WAIT = 32_767
"""Days; what the column of a small integer holds."""

COUNTS = ("heard", "answered", "owed", "in_time", "open", "late_open", "judged", "confirmed", "partly")


def count_pending(*, now: datetime, limit: int = 10_000) -> int:
    """Mark the days that new ledger entries or a new date made untrue, then recount some of them whole.

    One call recounts at most 31 days and, beyond its first day, at most `limit` appeals. Returns how many
    days it took up; 0 means that every count is true. Killed anywhere and run again: the same rows.
    """
    while _mark(now):
        pass
    stale = list(Stale.objects.order_by("day")[:DAYS_MOST])
    if not stale:
        return 0
    taken = _at_most(stale, limit)
    rows = _count([row.day for row in taken], today=house().today(now))
    _replace(taken, rows)
    return len(taken)


def _mark(now: datetime) -> bool:
    """Write down, in one transaction, which days are no longer true and how far the ledger was read.

    True where more entries are left to read.
    """
    today, last = house().today(now), tables.last_entry()
    known = Counted.objects.first() or Counted(id=1, counted_on=date.min)
    through = min(last, known.through + READ_MOST)
    if through <= known.through and known.counted_on == today:
        return False
    days = set(tables.days_touched(after=known.through, through=through, zone=house().zone))
    if known.counted_on != today:
        days |= set(Day.objects.filter(open__gt=0).values_list("day", flat=True).distinct())
    with transaction.atomic():
        if known.pk and not known._state.adding:
            # Another worker may have marked the same entries meanwhile; its marks are as good.
            mine = Counted.objects.filter(id=1, round=known.round).update(
                through=through, round=known.round + 1, counted_on=today, counted_at=now
            )
        else:
            first = Counted(id=1, through=through, round=1, counted_on=today, counted_at=now)
            mine = len(Counted.objects.bulk_create([first], ignore_conflicts=True))
        if mine:
            Stale.objects.bulk_create(
                [Stale(day=day, round=known.round + 1) for day in sorted(days)],
                update_conflicts=True,
                unique_fields=["day"],
                update_fields=["round"],
                batch_size=400,
            )
    return through < last


def _at_most(stale: Sequence[Stale], limit: int) -> list[Stale]:
    """The first of these days that together hold at most `limit` appeals, one day at least."""
    taken = list(stale)
    while len(taken) > 1 and tables.appeals().filter(_on([row.day for row in taken])).count() > limit:
        del taken[len(taken) // 2 :]
    return taken


def _on(days: Sequence[date]) -> Q:
    """Received on one of these days, given in order; consecutive ones are asked for as one stretch."""
    stretches: list[list[date]] = []
    for day in days:
        if stretches and day - stretches[-1][1] == timedelta(days=1):
            stretches[-1][1] = day
        else:
            stretches.append([day, day])
    wanted = Q(pk__in=[])
    for first, last in stretches:
        wanted |= tables.received_between(first, last, house().zone)
    return wanted


def _count(days: Sequence[date], *, today: date) -> list[Day]:
    """These days' rows, from one statement: one picture of the tables, so that the counts agree."""
    answered, late = Q(answered_on__isnull=False), Q(is_open=True, due_on__lt=today)
    groups = (
        tables.appeals()
        .filter(_on(days))
        .annotate(day=tables.received_on(house().zone))
        .values_list("day", "office", "district", "topic", "channel", "answered_on")
        .annotate(
            heard=Count("pk"),
            answered=Count("pk", filter=answered),
            owed=Count("pk", filter=answered | late),
            in_time=Count("pk", filter=Q(answered_on__lte=F("promised_on"))),
            # An appeal nobody has taken up yet is as open as any other.
            open=Count("pk", filter=Q(is_open=True) | Q(is_open__isnull=True)),
            late_open=Count("pk", filter=late),
            judged=Count("pk", filter=answered & Q(solved__isnull=False)),
            confirmed=Count("pk", filter=answered & Q(solved=True)),
            partly=Count("pk", filter=answered & Q(partly=True)),
        )
    )
    found: dict[tuple[Any, ...], list[int]] = defaultdict(lambda: [0] * len(COUNTS))
    for day, office, district, topic, channel, answered_on, *counts in groups.iterator(chunk_size=2000):
        tally = found[day, office, district, topic, channel, _wait(day, answered_on)]
        tally[:] = map(sum, zip(tally, counts, strict=True))
    return [
        Day(
            day=day, office_id=office, district_id=district, topic_id=topic, channel=channel, wait=wait,
            **dict(zip(COUNTS, tally, strict=True)),
        )
        for (day, office, district, topic, channel, wait), tally in found.items()
    ]  # fmt: skip


def _wait(day: date, answered_on: date | None) -> int | None:
    """Days to the first answer. Imported records may date the answer before the receipt: no wait."""
    return None if answered_on is None else min(max((answered_on - day).days, 0), LONGEST_WAIT)


@transaction.atomic
def _replace(taken: Sequence[Stale], rows: Sequence[Day]) -> None:
    """Put the new counts in the place of the old, unless the day was marked again or recounted meanwhile."""
    for round_ in {row.round for row in taken}:
        mine = [row.day for row in taken if row.round == round_]
        deleted, _by_model = Stale.objects.filter(day__in=mine, round=round_).delete()
        if deleted != len(mine):
            transaction.set_rollback(True)
            return
    Day.objects.filter(day__in=[row.day for row in taken]).delete()
    Day.objects.bulk_create(rows, batch_size=500)
    Counted.objects.filter(id=1).update(stamp=secrets.randbits(63))

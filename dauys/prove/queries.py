"""Every public number, read from the day counts alone."""

import threading
from collections import OrderedDict, defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import reduce
from typing import Any, TypeVar, cast

from django.db.models import Min, QuerySet, Sum
from django.utils.translation import get_language, gettext

from dauys.institution.queries import house
from dauys.prove.figures import COUNTS, FEWEST, Period, Slice, Tally
from dauys.prove.models import Counted, Day

SUMS = {f"{name}_sum": Sum(name) for name in COUNTS}
REMEMBERED = 64
"""Answers kept in memory, each some tens of kilobytes: most readers ask for the same few pages."""


@dataclass(frozen=True, slots=True)
class Figures:
    """All figures of one period and, where asked, of one office with those below it, one district, one topic.

    `total` has the headlines: `total.confirmed`, `total.in_time`, `total.median`. Topics stand by how often
    they are asked about; districts and offices by name, never by success. What is not known yet is a slice
    without a code.
    """

    period: Period
    total: Slice
    topics: tuple[Slice, ...]
    districts: tuple[Slice, ...]
    offices: tuple[Slice, ...]
    channels: tuple[Slice, ...]
    weeks: tuple[tuple[date, Tally], ...]
    counted_at: datetime | None


def figures(
    period: Period, *, office: int | None = None, district: int | None = None, topic: int | None = None
) -> Figures:
    """The figures of appeals received in the period: at most six statements, whatever the size; one while
    nothing was recounted since somebody asked the same.

    `office`, `district`, `topic` are ids; an office counts with all below it, a group of topics with its
    topics.
    """
    asked = "figures", period, office, district, topic, get_language()
    return _remembered(asked, lambda at: _figures(period, at, office=office, district=district, topic=topic))


def _figures(
    period: Period,
    counted_at: datetime | None,
    *,
    office: int | None,
    district: int | None,
    topic: int | None,
) -> Figures:
    place = house()
    if period.start is None:
        period = Period(period.name, Day.objects.aggregate(first=Min("day"))["first"], period.end)
    days = _days(period, office=office, district=district, topic=topic)
    by_topic = _tallies(days, "topic")
    by_day = _tallies(days, "day")
    by_office_and_wait = _tallies(days, "office", "wait")
    by_district_and_channel = _tallies(days, "district", "channel")

    if topic is None:
        by_topic = _merged(by_topic, {one.id: one.parent_id or one.id for one in place.topics.values()})
    by_office: dict[Any, Tally] = defaultdict(Tally)
    waits: dict[Any, dict[int, int]] = defaultdict(lambda: defaultdict(int))
    for (held_by, wait), tally in by_office_and_wait.items():
        held_by = held_by if held_by in place.offices else None  # a closed office is no longer named
        by_office[held_by] = by_office[held_by].plus(tally)
        if wait is not None:
            waits[held_by][wait] += tally.answered
            waits["all"][wait] += tally.answered
    by_district: dict[Any, Tally] = defaultdict(Tally)
    by_channel: dict[Any, Tally] = defaultdict(Tally)
    for (where, channel), tally in by_district_and_channel.items():
        by_district[where] = by_district[where].plus(tally)
        by_channel[channel] = by_channel[channel].plus(tally)

    def slices(
        tallies: Mapping[Any, Tally], named: Mapping[int, Any], waits: Mapping[Any, Mapping[int, int]] = {}
    ) -> list[Slice]:
        rows = []
        for key, tally in tallies.items():
            code, name = (named[key].code, named[key].name) if key else ("", gettext("Not known yet"))
            rows.append(Slice(code, name, tally, period, waits.get(key)))
        return rows

    return Figures(
        period=period,
        total=Slice("", "", reduce(Tally.plus, by_day.values(), Tally()), period, waits.get("all")),
        topics=tuple(
            sorted(slices(by_topic, place.topics), key=lambda row: (not row.code, -row.tally.heard, row.code))
        ),
        districts=tuple(sorted(slices(by_district, place.areas), key=_by_name)),
        offices=tuple(sorted(slices(by_office, place.offices, waits), key=_by_name)),
        channels=tuple(Slice(code, code, tally, period) for code, tally in sorted(by_channel.items())),
        weeks=_weeks(by_day, period),
        counted_at=counted_at,
    )


def _by_name(row: Slice) -> tuple[bool, str]:
    return not row.code, str(row.name).casefold()


def _days(period: Period, *, office: int | None, district: int | None, topic: int | None) -> QuerySet[Day]:
    place, days = house(), Day.objects.filter(day__lte=period.end)
    if period.start is not None:
        days = days.filter(day__gte=period.start)
    if office is not None:
        days = days.filter(office__in=place.below.get(office, {office}))
    if district is not None:
        days = days.filter(district=district)
    if topic is not None:
        days = days.filter(topic__in=topics_of(topic))
    return days.order_by()


def topics_of(topic: int) -> list[int]:
    """The topic itself and, of a group, its topics."""
    return [one.id for one in house().topics.values() if topic in (one.id, one.parent_id)]


def _tallies(days: QuerySet[Day], *by: str) -> dict[Any, Tally]:
    """Sums by one column (key: its value) or by several (key: the tuple of their values)."""
    rows = days.values_list(*by).annotate(**SUMS)
    return {(row[0] if len(by) == 1 else row[: len(by)]): Tally(*row[len(by) :]) for row in rows}


def _merged(tallies: Mapping[Any, Tally], into: Mapping[int, int]) -> dict[Any, Tally]:
    merged: dict[Any, Tally] = defaultdict(Tally)
    for key, tally in tallies.items():
        merged[into.get(key)] = merged[into.get(key)].plus(tally)
    return merged


def _weeks(by_day: Mapping[date, Tally], period: Period) -> tuple[tuple[date, Tally], ...]:
    """Weeks from Monday, the quiet ones too; the first and the last may be cut by the period's ends."""
    if period.start is None:
        return ()
    weeks: dict[date, Tally] = {}
    monday = period.start - timedelta(days=period.start.weekday())
    while monday <= period.end:
        weeks[monday] = Tally()
        monday += timedelta(days=7)
    for day, tally in by_day.items():
        monday = day - timedelta(days=day.weekday())
        weeks[monday] = weeks[monday].plus(tally)
    return tuple(weeks.items())


def places_shown() -> frozenset[tuple[int | None, int | None]]:
    """(district, topic) pairs that at least FEWEST appeals share: only there is an appeal's district told.

    Stricter than the law: a lone appeal about a rare matter in a small district points at its author.
    """

    def read(_counted_at: datetime | None) -> frozenset[tuple[int | None, int | None]]:
        pairs = Day.objects.order_by().values_list("district", "topic").annotate(sum=Sum("heard"))
        return frozenset((district, topic) for district, topic, _sum in pairs.filter(sum__gte=FEWEST))

    return _remembered(("places shown",), read)


Answer = TypeVar("Answer")
_known: OrderedDict[tuple[object, ...], Any] = OrderedDict()
_lock = threading.Lock()


def _remembered(question: tuple[object, ...], read: Callable[[datetime | None], Answer]) -> Answer:
    """The answer already given for the same counts, or a fresh one; `read` gets the moment of counting."""
    stamp, counted_at = Counted.objects.values_list("stamp", "counted_at").first() or (0, None)
    key = (stamp, house().revision, *question)
    with _lock:
        if key in _known:
            _known.move_to_end(key)
            return cast(Answer, _known[key])
    answer = read(counted_at)
    if stamp:
        with _lock:
            _known[key] = answer
            while len(_known) > REMEMBERED:
                _known.popitem(last=False)
    return answer

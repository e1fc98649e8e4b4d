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
Tallies = dict[Any, Tally]

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
    """The figures of appeals received in the period: at most five statements, whatever the size; one while
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
    # Two columns at a time: each further pass over a year of a region costs as much as all the rest.
    places = _tallies(days, "district", "topic")
    moments = _tallies(days, "day", "channel")
    works = _tallies(days, "office", "wait")

    by_topic: Tallies = defaultdict(Tally)
    by_district: Tallies = defaultdict(Tally)
    for (where, about), tally in places.items():
        by_district[where] = by_district[where].plus(tally)
        if topic is None and about is not None:
            about = place.topics[about].parent_id or about  # groups; inside one group, its topics
        by_topic[about] = by_topic[about].plus(tally)
    by_day: Tallies = defaultdict(Tally)
    by_channel: Tallies = defaultdict(Tally)
    for (day, channel), tally in moments.items():
        by_day[day] = by_day[day].plus(tally)
        by_channel[channel] = by_channel[channel].plus(tally)
    by_office: Tallies = defaultdict(Tally)
    waits: dict[Any, dict[int, int]] = defaultdict(lambda: defaultdict(int))
    for (held_by, wait), tally in works.items():
        held_by = held_by if held_by in place.offices else None  # a closed office is no longer named
        by_office[held_by] = by_office[held_by].plus(tally)
        if wait is not None:
            waits[held_by][wait] += tally.answered
            waits["all"][wait] += tally.answered

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


def _tallies(days: QuerySet[Day], one: str, other: str) -> dict[tuple[Any, Any], Tally]:
    """Sums by two columns."""
    return {row[:2]: Tally(*row[2:]) for row in days.values_list(one, other).annotate(**SUMS)}


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

"""What a public number is: a value with its period and what it is out of, and when it must not be said."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from operator import add
from typing import Generic, NamedTuple, TypeVar

from dauys.institution.queries import Names

FEWEST = 5
"""Fewer than this are too few for a share, and so few that a count could point at a person (law.md §5)."""

LENGTHS: Mapping[str, int | None] = {"30": 30, "90": 90, "365": 365, "all": None}
"""Periods a reader may choose: days back from today, today included; None from the first day on."""

USUAL = "365"


@dataclass(frozen=True, slots=True)
class Period:
    """Whole days in the institution's zone, both ends included; `start` None: since the first appeal."""

    name: str
    start: date | None
    end: date


def period_of(name: str, *, today: date) -> Period:
    """The period a page's address asks for; the usual one for a name we do not know."""
    name = name if name in LENGTHS else USUAL
    length = LENGTHS[name]
    return Period(name, today - timedelta(days=length - 1) if length else None, today)


@dataclass(frozen=True, slots=True)
class Figure:
    """A number fit to be shown. `value` None means: too few to say.

    A share is 0..1 of `denominator`; waits are over `denominator` answers; a plain count is out of nothing.
    """

    value: float | None
    numerator: int | None
    denominator: int | None
    period: Period


def share(numerator: int, denominator: int, period: Period) -> Figure:
    value = numerator / denominator if denominator >= FEWEST else None
    return Figure(value, numerator, denominator, period)


def count(value: int, period: Period) -> Figure:
    return Figure(value, value, None, period)


def wait(waits: Mapping[int, int], part: float, period: Period) -> Figure:
    """Days within which this part of the answers was given: the nearest rank, a wait somebody really had."""
    total = sum(waits.values())
    if total < FEWEST:
        return Figure(None, None, total, period)
    rank, passed = math.ceil(part * total), 0
    for days in sorted(waits):
        passed += waits[days]
        if passed >= rank:
            return Figure(days, None, total, period)
    raise AssertionError("a rank is never above the total")


class Tally(NamedTuple):
    """The counts that all shares are made of; see models.Day for what each one counts."""

    heard: int = 0
    answered: int = 0
    owed: int = 0
    in_time: int = 0
    open: int = 0
    late_open: int = 0
    judged: int = 0
    confirmed: int = 0
    partly: int = 0

    def plus(self, other: "Tally") -> "Tally":
        return Tally(*map(add, self, other))


COUNTS = Tally._fields


@dataclass(frozen=True, slots=True)
class Slice:
    """The same figures for one topic, district, office or channel."""

    code: str
    name: Names | str
    tally: Tally
    period: Period
    waits: Mapping[int, int] | None = None

    @property
    def heard(self) -> Figure:
        return count(self.tally.heard, self.period)

    @property
    def answered(self) -> Figure:
        return share(self.tally.answered, self.tally.heard, self.period)

    @property
    def in_time(self) -> Figure:
        """Of the answers given or overdue, those given by the promised day: silence is late, not left out."""
        return share(self.tally.in_time, self.tally.owed, self.period)

    @property
    def judged(self) -> Figure:
        return share(self.tally.judged, self.tally.answered, self.period)

    @property
    def confirmed(self) -> Figure:
        return share(self.tally.confirmed, self.tally.judged, self.period)

    @property
    def partly(self) -> Figure:
        """Beside `confirmed`, never in it."""
        return share(self.tally.partly, self.tally.judged, self.period)

    @property
    def open(self) -> Figure:
        return count(self.tally.open, self.period)

    @property
    def late_open(self) -> Figure:
        return share(self.tally.late_open, self.tally.open, self.period)

    @property
    def median(self) -> Figure:
        return wait(self.waits or {}, 0.5, self.period)

    @property
    def ninetieth(self) -> Figure:
        return wait(self.waits or {}, 0.9, self.period)


Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Shown(Generic[Row]):
    """Rows fit to be shown, and those kept back because their counts are so small."""

    rows: tuple[Row, ...]
    few: tuple[Row, ...]


def enough(slices: Sequence[Slice]) -> Shown[Slice]:
    """Keep back every slice under FEWEST, and one more where the total would give those away."""
    rows = [row for row in slices if row.tally.heard >= FEWEST]
    few = [row for row in slices if 0 < row.tally.heard < FEWEST]
    if rows and 0 < sum(row.tally.heard for row in few) < FEWEST:
        smallest = min(rows, key=lambda row: row.tally.heard)
        rows.remove(smallest)
        few.append(smallest)
    return Shown(tuple(rows), tuple(few))

"""By which day an answer is owed, and the day-by-day count by which anyone can check it."""

from calendar import monthrange
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

Days = NDArray[np.int32]
"""Days as `date.toordinal()` counts them: 1 is the first of January of year 1."""

Unit = Literal["wd", "cd", "week", "month"]
Roll = Literal["next_working_day", "none"]
Day = Literal["working", "weekend", "holiday", "moved_day_off", "worked_weekend"]
Why = Day | Literal["registration", "due", "rolled"]
Reason = Literal["working_hours", "before_opening", "after_hours", "day_off"]

_ONE_DAY = timedelta(days=1)


class CalendarTooShort(Exception):
    """A count left the years the calendar was built for. Build it for more: a guess is a wrong promise."""

    def __init__(self, day: date, first: date, last: date) -> None:
        super().__init__(f"The working calendar knows {first} to {last}, not {day}; build it for that year.")
        self.day = day


@dataclass(frozen=True)
class WorkingCalendar:
    """Which days an institution works, from `first` to `last` inclusive.

    `weekend` holds weekday numbers (Monday is 0). `holidays` and `moved_days_off` map a closed day to the
    code of its name; `worked_days` does the same for days that are worked although they would be closed, and
    wins over both. `unconfirmed` are days whose standing is an estimate (a feast that follows the moon) and
    may still change.
    """

    first: date
    last: date
    weekend: frozenset[int] = frozenset({5, 6})
    holidays: Mapping[date, str] = field(default_factory=dict, hash=False)
    moved_days_off: Mapping[date, str] = field(default_factory=dict, hash=False)
    worked_days: Mapping[date, str] = field(default_factory=dict, hash=False)
    unconfirmed: frozenset[date] = frozenset()

    def kind_of(self, day: date) -> Day:
        """What sort of day this is.

        Raises:
            CalendarTooShort: the day lies outside `first` to `last`.
        """
        if not self.first <= day <= self.last:
            raise CalendarTooShort(day, self.first, self.last)
        on_weekend = day.weekday() in self.weekend
        if day in self.worked_days:
            return "worked_weekend" if on_weekend else "working"
        if day in self.holidays:
            return "holiday"
        if day in self.moved_days_off:
            return "moved_day_off"
        return "weekend" if on_weekend else "working"

    def is_working(self, day: date) -> bool:
        return self.kind_of(day) in {"working", "worked_weekend"}

    def name_of(self, day: date) -> str:
        """The code of the day's name, or an empty string for an ordinary day."""
        return self.worked_days.get(day) or self.holidays.get(day) or self.moved_days_off.get(day) or ""


@dataclass(frozen=True)
class Term:
    """How long an answer may take: `wd` working days, `cd` calendar days, weeks or months.

    The day of registration is not counted unless `first_day_counts`. With `roll="next_working_day"` a term
    that ends on a closed day ends on the next working day (APPC art. 76(5)).
    """

    amount: int
    unit: Unit
    first_day_counts: bool = False
    roll: Roll = "next_working_day"

    def __post_init__(self) -> None:
        if self.amount < 1:
            raise ValueError(f"Term.amount is {self.amount}; a term lasts at least 1 {self.unit}.")


@dataclass(frozen=True)
class Step:
    """One day of the count: the part it plays (`why`), what the calendar says (`day`), the count so far.

    `number` counts working days for a `wd` term and calendar days for every other; `name` is the code of the
    day's name, empty for an ordinary day; `confirmed` is False where the calendar itself is an estimate.
    """

    date: date
    counts: bool
    why: Why
    number: int
    day: Day
    name: str = ""
    confirmed: bool = True


@dataclass(frozen=True)
class Deadline:
    """The last day to answer, and every day from registration to it."""

    due_on: date
    steps: tuple[Step, ...]

    @property
    def is_provisional(self) -> bool:
        """True while a day inside the count is an estimate: the date may still move."""
        return not all(step.confirmed for step in self.steps)


class Registration(NamedTuple):
    """The day an appeal counts as registered, and why that day."""

    on: date
    reason: Reason


def deadline(*, registered_on: date, term: Term, calendar: WorkingCalendar) -> Deadline:
    """Count a term from registration (APPC art. 76(2), (5)).

    A week is seven calendar days. A month ends on the day of the same number, or on the last day of a shorter
    month. The last step is the due day, with `why` "due", or "rolled" if the term itself ended on a closed
    day before it.

    Raises:
        CalendarTooShort: the count leaves the years the calendar was built for.
    """
    # Counting the first day is the same as having registered the evening before.
    origin = registered_on - _ONE_DAY if term.first_day_counts else registered_on
    if term.unit == "wd":
        nominal = _nth_working_day(origin, term.amount, calendar)
    else:
        nominal = _same_day_later(origin, term.amount, term.unit)
    due_on = nominal
    if term.roll == "next_working_day":
        while not calendar.is_working(due_on):
            due_on += _ONE_DAY

    steps = []
    number = 0
    for day in _days(registered_on, due_on):
        kind = calendar.kind_of(day)
        confirmed = day not in calendar.unconfirmed
        counts = origin < day <= nominal and (term.unit != "wd" or kind in {"working", "worked_weekend"})
        number += counts
        why: Why = kind
        if day == due_on:
            why = "due" if due_on == nominal else "rolled"
        elif day == registered_on:
            why = "registration"
        steps.append(Step(day, counts, why, number, kind, calendar.name_of(day), confirmed))
    return Deadline(due_on, tuple(steps))


def registration_day(received_at: datetime, *, opens: time, closes: time, calendar: WorkingCalendar) -> Registration:
    """The day an appeal received at this moment is registered (APPC art. 64(3)).

    The day of receipt; after the end of the working day or on a closed day, the nearest next working day. The
    moment of closing still belongs to the day. `received_at` is aware and already in the institution's own
    time zone; `opens` and `closes` are local times of one day.

    Raises:
        CalendarTooShort: the day, or the next working day, lies outside the calendar.
    """
    if received_at.tzinfo is None:
        raise ValueError("received_at has no time zone; pass the moment in the institution's own zone.")
    if closes <= opens:
        raise ValueError(f"closes ({closes}) is not after opens ({opens}); give the hours of one day.")
    day, clock = received_at.date(), received_at.time()
    if not calendar.is_working(day):
        return Registration(_nth_working_day(day, 1, calendar), "day_off")
    if clock > closes:
        return Registration(_nth_working_day(day, 1, calendar), "after_hours")
    return Registration(day, "before_opening" if clock < opens else "working_hours")


def working_days_between(a: date, b: date, calendar: WorkingCalendar) -> int:
    """Working days after `a` up to and including `b`; negative when `b` lies before `a`.

    So an answer registered on `a` with a term of n working days is due on the first `b` for which this is n,
    and from today to the due day it is the number of working days left.
    """
    if b < a:
        return -working_days_between(b, a, calendar)
    return sum(calendar.is_working(day) for day in _days(a + _ONE_DAY, b))


class Almanac:
    """A working calendar laid out for counting many terms at once: the n-th working day is one look into a table.

    Everything it says is what `deadline` and `working_days_between` say day by day, for whole arrays of days.
    """

    def __init__(self, calendar: WorkingCalendar) -> None:
        days = (calendar.last - calendar.first).days + 1
        self.calendar = calendar
        self._first = calendar.first.toordinal()
        self._last = calendar.last.toordinal()
        works = np.array([(self._first + n - 1) % 7 not in calendar.weekend for n in range(days)])
        for closed in (calendar.holidays, calendar.moved_days_off):
            self._set(works, closed, False)
        self._set(works, calendar.worked_days, True)
        # Working days before each day and, one longer, before the day after the last.
        self._before = np.concatenate(([0], np.cumsum(works))).astype(np.int32)
        self._working = (np.flatnonzero(works) + self._first).astype(np.int32)

    def due_days(self, registered: Days, term: Term) -> Days:
        """The due day of each day of registration, as `deadline(…).due_on`.

        Raises:
            CalendarTooShort: one of the counts leaves the years the calendar was built for.
        """
        self._known(registered)
        origin = registered - 1 if term.first_day_counts else registered
        if term.unit == "wd":
            due = self._nth_working_day(self._before[origin + 1 - self._first], term.amount)
        else:
            due = _same_days_later(origin, term.amount, term.unit)
            self._known(due)
        if term.roll == "next_working_day":
            # The first working day not before it: one more than all that lie before it.
            due = self._nth_working_day(self._before[due - self._first], 1)
        return due

    def working_days_between(self, a: Days, b: Days) -> Days:
        """Working days after each `a` up to and including its `b`; negative where `b` lies before `a`."""
        self._known(a)
        self._known(b)
        between: Days = self._before[b + 1 - self._first] - self._before[a + 1 - self._first]
        return between

    def _nth_working_day(self, passed: Days, amount: int) -> Days:
        places = passed + (amount - 1)
        if len(places) and int(places.max()) >= len(self._working):
            raise CalendarTooShort(self.calendar.last + _ONE_DAY, self.calendar.first, self.calendar.last)
        days: Days = self._working[places]
        return days

    def _known(self, days: Days) -> None:
        for edge in (int(days.min()), int(days.max())) if len(days) else ():
            if not self._first <= edge <= self._last:
                raise CalendarTooShort(date.fromordinal(edge), self.calendar.first, self.calendar.last)

    def _set(self, works: NDArray[np.bool_], named: Mapping[date, str], value: bool) -> None:
        places = [day.toordinal() - self._first for day in named if self.calendar.first <= day <= self.calendar.last]
        works[places] = value


def _same_days_later(origin: Days, amount: int, unit: Unit) -> Days:
    if unit != "month":
        return (origin + (amount * 7 if unit == "week" else amount)).astype(np.int32)
    epoch = date(1970, 1, 1).toordinal()
    days = (origin - epoch).astype("datetime64[D]")
    months = days.astype("datetime64[M]")
    target = months + amount
    last = (target + 1).astype("datetime64[D]") - 1
    same = target.astype("datetime64[D]") + (days - months.astype("datetime64[D]"))
    return (np.minimum(same, last).astype(np.int64) + epoch).astype(np.int32)


def _days(first: date, last: date) -> Iterator[date]:
    return (first + timedelta(days=offset) for offset in range((last - first).days + 1))


def _nth_working_day(after: date, amount: int, calendar: WorkingCalendar) -> date:
    day = after
    while amount:
        day += _ONE_DAY
        amount -= calendar.is_working(day)
    return day


def _same_day_later(origin: date, amount: int, unit: Unit) -> date:
    if unit != "month":
        return origin + timedelta(days=amount * 7 if unit == "week" else amount)
    years, month = divmod(origin.month - 1 + amount, 12)
    year, month = origin.year + years, month + 1
    return date(year, month, min(origin.day, monthrange(year, month)[1]))

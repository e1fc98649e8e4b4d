"""What to begin first: the day by which an answer should be begun, and every reason that makes it earlier.

The due day of the law stands first; reasons count working days back from it. They speak of the matter alone: nothing
that says who the citizen is, how they wrote or how to reach them comes in here.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, timedelta
from typing import Any, Protocol

_ONE_DAY = timedelta(days=1)
DAYS_MOST = 240
"""No weight, and no sum of them, is longer than a working year: a slip of the keyboard must not put one appeal before
all law.
"""


class BadWeights(Exception):
    """A weight is missing, unknown or no fit number; the message names it and says what it may be."""


class Calendar(Protocol):
    """What is asked of a working calendar."""

    def is_working(self, day: date) -> bool: ...


@dataclass(frozen=True, slots=True)
class Weights:
    """Working days by which each reason makes an appeal earlier; the institution sets them.

    `danger` and `soon` are levels of urgency. `person`: somebody who needs care first is concerned. `doubling`: for
    each doubling of the appeals in one matter, at most `doublings` of them. `dispute`: for each answer the citizen
    disputed, at most `disputes`. `waiting`: for each `every` calendar days that will have passed since receipt when
    the answer falls due, beyond the first `every`, at most `waits` of them.
    """

    danger: int
    soon: int
    person: int
    doubling: int
    doublings: int
    dispute: int
    disputes: int
    waiting: int
    every: int
    waits: int


@dataclass(frozen=True, slots=True)
class Matter:
    """What is known of one open appeal. `due_on` None: no rule promised a day. `people`: appeals in the same matter,
    this one with them.
    """

    received_on: date
    due_on: date | None
    urgency: str = "usual"
    person: str = ""
    people: int = 1
    disputes: int = 0


@dataclass(frozen=True, slots=True)
class Reason:
    """`days` earlier because of `code` (danger, soon, person, people, disputed, waiting); `value` says more of it: the
    sort of person, a number of appeals, of disputes, of days.
    """

    code: str
    days: int
    value: str = ""


@dataclass(frozen=True, slots=True)
class First:
    """`begin_by` None: nothing presses, last on the desk."""

    begin_by: date | None
    reasons: tuple[Reason, ...]


def weights(table: Mapping[str, Any]) -> Weights:
    """Weights from a table of names and whole numbers. Raises BadWeights."""
    names = [field.name for field in fields(Weights)]
    for name in table:
        if name not in names:
            raise BadWeights(f"{name} is not a weight; remove it, or write one of: {', '.join(names)}.")
    for name in names:
        value = table.get(name)
        least = 1 if name == "every" else 0
        if type(value) is not int or not least <= value <= DAYS_MOST:
            raise BadWeights(f"{name} is {value!r}; write a whole number from {least} to {DAYS_MOST}.")
    return Weights(**{name: table[name] for name in names})


def doublings(people: int, most: int) -> int:
    """How often one had to be doubled to reach so many, rounded down."""
    return min(max(people, 1).bit_length() - 1, most)


def first(matter: Matter, told: Weights, calendar: Calendar) -> First:
    """The due day, counted back by every reason, and never before the day of receipt.

    Without a due day only danger puts an appeal before others: it is to be begun on the day it came.

    Raises whatever `calendar` raises for a day it does not know.
    """
    reasons = tuple(reason for reason in _reasons(matter, told) if reason.days > 0)
    if matter.due_on is None:
        is_danger = matter.urgency == "danger"
        return First(matter.received_on if is_danger else None, reasons if is_danger else ())
    earlier = min(sum(reason.days for reason in reasons), DAYS_MOST)
    begin_by = _back(matter.due_on, earlier, matter.received_on, calendar)
    return First(begin_by, reasons if begin_by < matter.due_on else ())


def _reasons(matter: Matter, told: Weights) -> Sequence[Reason]:
    found = []
    if matter.urgency in ("danger", "soon"):
        days = told.danger if matter.urgency == "danger" else told.soon
        found.append(Reason(matter.urgency, days))
    if matter.person:
        found.append(Reason("person", told.person, matter.person))
    found.append(Reason("people", told.doubling * doublings(matter.people, told.doublings), str(matter.people)))
    found.append(Reason("disputed", told.dispute * min(matter.disputes, told.disputes), str(matter.disputes)))
    if matter.due_on is not None:
        waited = (matter.due_on - matter.received_on).days
        times = min(max(waited // told.every - 1, 0), told.waits)
        found.append(Reason("waiting", told.waiting * times, str(waited)))
    return found


def _back(due_on: date, days: int, floor: date, calendar: Calendar) -> date:
    """The working day so many working days before, or the floor; a due day before the floor stays."""
    day = due_on
    while days and day > floor:
        day -= _ONE_DAY
        days -= calendar.is_working(day)
    return day

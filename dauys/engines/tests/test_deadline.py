"""The count of days on a small calendar; the country's is in institution/tests/test_calendar.py."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dauys.engines.deadline import (
    Almanac,
    CalendarTooShort,
    Term,
    WorkingCalendar,
    deadline,
    registration_day,
    working_days_between,
)

# March 2026: 8 March is a Sunday, so Monday the 9th is off; Saturday the 14th is worked for Friday the 13th.
MARCH = WorkingCalendar(
    first=date(2026, 1, 1),
    last=date(2026, 12, 31),
    holidays={date(2026, 3, 8): "spring"},
    moved_days_off={date(2026, 3, 9): "spring", date(2026, 3, 13): "moved"},
    worked_days={date(2026, 3, 14): "worked"},
    unconfirmed=frozenset({date(2026, 3, 13)}),
)


def march(day: int) -> date:
    return date(2026, 3, day)


def due(registered_on: date, amount: int, unit: str, **rules: object) -> date:
    return deadline(registered_on=registered_on, term=Term(amount, unit, **rules), calendar=MARCH).due_on


@pytest.mark.parametrize(
    ("registered_on", "amount", "unit", "rules", "due_on"),
    [
        pytest.param(march(2), 3, "wd", {}, march(5), id="the day of registration is not counted"),
        pytest.param(march(2), 3, "wd", {"first_day_counts": True}, march(4), id="unless the rule counts it"),
        pytest.param(march(2), 1, "wd", {"first_day_counts": True}, march(2), id="one day, that very day"),
        pytest.param(march(7), 1, "wd", {"first_day_counts": True}, march(10), id="a closed first day is no day"),
        pytest.param(march(5), 2, "wd", {}, march(10), id="over a weekend and a moved day off"),
        pytest.param(march(12), 1, "wd", {}, march(14), id="due on a Saturday that is worked"),
        pytest.param(march(12), 2, "wd", {}, march(16), id="over a worked Saturday"),
        pytest.param(march(1), 4, "cd", {}, march(5), id="calendar days"),
        pytest.param(march(4), 4, "cd", {}, march(10), id="a term ending on a holiday rolls over two closed days"),
        pytest.param(march(4), 4, "cd", {"roll": "none"}, march(8), id="or does not"),
        pytest.param(march(1), 4, "cd", {"first_day_counts": True}, march(4), id="calendar days, first counts"),
        pytest.param(march(10), 2, "week", {}, march(24), id="weeks"),
        pytest.param(march(10), 1, "month", {}, date(2026, 4, 10), id="a month ends on the same number"),
        pytest.param(date(2026, 1, 31), 1, "month", {"roll": "none"}, date(2026, 2, 28), id="or the last day"),
        pytest.param(date(2026, 1, 31), 2, "month", {}, date(2026, 3, 31), id="two months do not clamp twice"),
        pytest.param(date(2026, 1, 31), 1, "month", {}, date(2026, 3, 2), id="clamped to a Saturday, rolled"),
    ],
)
def test_an_answer_is_due(registered_on, amount, unit, rules, due_on):
    assert due(registered_on, amount, unit, **rules) == due_on


def test_a_month_passes_over_the_new_year():
    calendar = WorkingCalendar(date(2026, 1, 1), date(2027, 12, 31))
    promise = deadline(registered_on=date(2026, 12, 10), term=Term(2, "month"), calendar=calendar)
    assert promise.due_on == date(2027, 2, 10)


def test_the_steps_explain_the_date():
    promise = deadline(registered_on=march(5), term=Term(6, "wd"), calendar=MARCH)
    assert [(step.date.day, step.why, step.counts, step.number, step.name) for step in promise.steps] == [
        (5, "registration", False, 0, ""),
        (6, "working", True, 1, ""),
        (7, "weekend", False, 1, ""),
        (8, "holiday", False, 1, "spring"),
        (9, "moved_day_off", False, 1, "spring"),
        (10, "working", True, 2, ""),
        (11, "working", True, 3, ""),
        (12, "working", True, 4, ""),
        (13, "moved_day_off", False, 4, "moved"),
        (14, "worked_weekend", True, 5, "worked"),
        (15, "weekend", False, 5, ""),
        (16, "due", True, 6, ""),
    ]
    assert promise.is_provisional  # the 13th is an estimate
    assert [step.date for step in promise.steps if not step.confirmed] == [march(13)]


def test_a_rolled_date_says_so_and_the_days_after_the_term_are_not_counted():
    promise = deadline(registered_on=march(4), term=Term(4, "cd"), calendar=MARCH)
    assert [(step.date.day, step.why, step.counts, step.number) for step in promise.steps] == [
        (4, "registration", False, 0),
        (5, "working", True, 1),
        (6, "working", True, 2),
        (7, "weekend", True, 3),
        (8, "holiday", True, 4),
        (9, "moved_day_off", False, 4),
        (10, "rolled", False, 4),
    ]
    assert not promise.is_provisional


def test_a_due_day_that_is_a_worked_saturday_still_tells_what_it_is():
    last = deadline(registered_on=march(12), term=Term(1, "wd"), calendar=MARCH).steps[-1]
    assert (last.why, last.day, last.name) == ("due", "worked_weekend", "worked")


def test_a_worked_day_wins_over_a_holiday_and_an_ordinary_weekday_is_just_working():
    calendar = WorkingCalendar(march(1), march(31), holidays={march(4): "feast"}, worked_days={march(4): "no feast"})
    assert calendar.kind_of(march(4)) == "working"


@pytest.mark.parametrize("amount", [0, -3])
def test_a_term_lasts_at_least_a_day(amount):
    with pytest.raises(ValueError, match="at least 1"):
        Term(amount, "wd")


@pytest.mark.parametrize("unit", ["wd", "cd", "week", "month"])
def test_a_count_never_leaves_the_years_the_calendar_knows(unit):
    with pytest.raises(CalendarTooShort, match="build it for that year"):
        deadline(registered_on=date(2026, 12, 20), term=Term(40, unit), calendar=MARCH)


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 3, day, hour, minute, tzinfo=ZoneInfo("Asia/Almaty"))


@pytest.mark.parametrize(
    ("received_at", "registered_on", "reason"),
    [
        pytest.param(at(5, 12), march(5), "working_hours", id="by day, the same day"),
        pytest.param(at(5, 3), march(5), "before_opening", id="at night before opening, the same day"),
        pytest.param(at(5, 18, 30), march(5), "working_hours", id="the moment of closing belongs to the day"),
        pytest.param(at(5, 18, 31), march(6), "after_hours", id="in the evening, the next day"),
        pytest.param(at(6, 23), march(10), "after_hours", id="Friday evening before a long weekend"),
        pytest.param(at(8, 12), march(10), "day_off", id="on a holiday, after the moved day off too"),
        pytest.param(at(12, 20), march(14), "after_hours", id="the next working day is a Saturday that is worked"),
        pytest.param(at(14, 12), march(14), "working_hours", id="on a worked Saturday, the same day"),
    ],
)
def test_an_appeal_is_registered(received_at, registered_on, reason):
    registration = registration_day(received_at, opens=time(9), closes=time(18, 30), calendar=MARCH)
    assert registration == (registered_on, reason)


def test_registration_refuses_a_moment_without_a_zone_and_hours_without_a_day():
    with pytest.raises(ValueError, match="time zone"):
        registration_day(datetime(2026, 3, 5, 12), opens=time(9), closes=time(18), calendar=MARCH)  # noqa: DTZ001
    with pytest.raises(ValueError, match="not after opens"):
        registration_day(datetime(2026, 3, 5, 12, tzinfo=UTC), opens=time(18), closes=time(9), calendar=MARCH)


@pytest.mark.parametrize(
    ("a", "b", "days"),
    [
        pytest.param(march(5), march(5), 0, id="today"),
        pytest.param(march(5), march(10), 2, id="a long weekend between"),
        pytest.param(march(10), march(5), -2, id="two days late"),
        pytest.param(march(12), march(16), 2, id="with a worked Saturday"),
    ],
)
def test_working_days_left(a, b, days):
    assert working_days_between(a, b, MARCH) == days


START, END = date(2026, 1, 1), date(2028, 12, 31)
ANY_DAY = st.dates(START, END)


@st.composite
def calendars(draw):
    holidays, moved, worked = (draw(st.dictionaries(ANY_DAY, st.just("name"), max_size=60)) for _ in range(3))
    weekend = draw(st.frozensets(st.integers(0, 6), max_size=3))
    return WorkingCalendar(START, END, weekend, holidays, moved, worked)


TERMS = st.builds(
    Term,
    st.integers(1, 8),
    st.sampled_from(["wd", "cd", "week", "month"]),
    st.booleans(),
    st.sampled_from(["next_working_day", "none"]),
)
REGISTERED = st.dates(START, date(2027, 9, 30))


@given(calendar=calendars(), term=TERMS, registered_on=REGISTERED)
def test_the_count_holds_for_every_calendar(calendar, term, registered_on):
    promise = deadline(registered_on=registered_on, term=term, calendar=calendar)
    steps = promise.steps

    assert [step.date for step in steps] == [registered_on + timedelta(days=n) for n in range(len(steps))]
    assert steps[-1].date == promise.due_on
    assert [step.why for step in steps if step.why in {"due", "rolled"}] == [steps[-1].why]
    assert sum(step.counts for step in steps) == steps[-1].number
    if term.unit in {"wd", "cd"}:
        assert steps[-1].number == term.amount
    if term.unit == "wd":
        assert all(calendar.is_working(step.date) for step in steps if step.counts)
    if term.roll == "next_working_day" or term.unit == "wd":
        assert calendar.is_working(promise.due_on)
    if not term.first_day_counts:
        assert not steps[0].counts


@given(calendar=calendars(), term=TERMS, days=st.tuples(REGISTERED, REGISTERED))
def test_who_registers_earlier_is_never_promised_later(calendar, term, days):
    earlier, later = sorted(days)
    assert (
        deadline(registered_on=earlier, term=term, calendar=calendar).due_on
        <= deadline(registered_on=later, term=term, calendar=calendar).due_on
    )


@given(calendar=calendars(), amount=st.integers(1, 40), registered_on=REGISTERED)
def test_the_days_left_on_registration_are_the_term(calendar, amount, registered_on):
    due_on = deadline(registered_on=registered_on, term=Term(amount, "wd"), calendar=calendar).due_on
    assert working_days_between(registered_on, due_on, calendar) == amount
    assert working_days_between(due_on, registered_on, calendar) == -amount


LONG_TERMS = st.builds(
    Term,
    st.integers(1, 60),
    st.sampled_from(["wd", "cd", "week", "month"]),
    st.booleans(),
    st.sampled_from(["next_working_day", "none"]),
)


def ordinals(days):
    return np.array([day.toordinal() for day in days], dtype=np.int32)


def one_by_one(count):
    try:
        return count()
    except CalendarTooShort:
        return "too short"


@given(calendar=calendars(), term=LONG_TERMS, days=st.lists(st.dates(START, END), min_size=1, max_size=20))
def test_many_counted_at_once_are_what_each_is_day_by_day(calendar, term, days):
    almanac = Almanac(calendar)
    for day in days:
        each = one_by_one(lambda day=day: deadline(registered_on=day, term=term, calendar=calendar).due_on.toordinal())
        assert one_by_one(lambda day=day: int(almanac.due_days(ordinals([day]), term)[0])) == each
    fit = [day for day in days if one_by_one(lambda day=day: deadline(registered_on=day, term=term, calendar=calendar))
           != "too short"]  # fmt: skip
    counted = almanac.due_days(ordinals(fit), term)
    assert [date.fromordinal(int(due)) for due in counted] == [
        deadline(registered_on=day, term=term, calendar=calendar).due_on for day in fit
    ]


@given(calendar=calendars(), pairs=st.lists(st.tuples(ANY_DAY, ANY_DAY), max_size=20))
def test_the_days_between_many_pairs_are_those_of_each(calendar, pairs):
    between = Almanac(calendar).working_days_between(ordinals(a for a, _b in pairs), ordinals(b for _a, b in pairs))
    assert list(between) == [working_days_between(a, b, calendar) for a, b in pairs]


@pytest.mark.parametrize("day", [START - timedelta(days=1), END + timedelta(days=1)])
def test_an_almanac_never_guesses_either(day):
    with pytest.raises(CalendarTooShort):
        Almanac(WorkingCalendar(START, END)).due_days(ordinals([START, day]), Term(1, "cd"))

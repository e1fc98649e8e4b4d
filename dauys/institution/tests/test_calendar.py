"""The country's table of working days, as a jurist would check it."""

from datetime import date, timedelta

import pytest

from dauys.engines.deadline import Term, deadline, working_days_between
from dauys.institution.calendar import (
    MOVED_DAY_OFF,
    WORKED_DAY_OFF,
    Override,
    UnknownCountry,
    calendar_for,
    holiday_name,
    shipped_overrides,
    unchecked_years,
)

KZ = calendar_for("KZ", range(2024, 2028), shipped_overrides("KZ"))


def days(text: str, year: int) -> set[date]:
    return {date.fromisoformat(f"{year}-{day}") for day in text.split()}


@pytest.mark.parametrize(
    ("registered_on", "in_3", "in_15", "in_20"),
    [
        pytest.param("2024-04-22", "2024-04-25", "2024-05-16", "2024-05-23", id="May, a worked Saturday"),
        pytest.param("2024-12-27", "2025-01-05", "2025-01-22", "2025-01-29", id="due on a worked Sunday"),
        pytest.param("2025-03-14", "2025-03-19", "2025-04-09", "2025-04-16", id="Nauryz moved"),
        pytest.param("2025-12-22", "2025-12-25", "2026-01-15", "2026-01-22", id="New Year"),
        pytest.param("2026-03-10", "2026-03-13", "2026-04-03", "2026-04-10", id="Nauryz moved"),
        pytest.param("2026-04-27", "2026-04-30", "2026-05-21", "2026-05-29", id="May, Kurban Ait estimated"),
        pytest.param("2026-08-17", "2026-08-20", "2026-09-07", "2026-09-14", id="no 30 August in 2026"),
        pytest.param("2026-10-19", "2026-10-22", "2026-11-10", "2026-11-17", id="Republic Day moved"),
        pytest.param("2026-11-20", "2026-11-25", "2026-12-11", "2026-12-21", id="Independence Day"),
        pytest.param("2027-03-01", "2027-03-04", "2027-03-29", "2027-04-05", id="8, 15 March, Nauryz"),
    ],
)
def test_terms_of_kazakhstan(registered_on, in_3, in_15, in_20):
    due = {
        amount: deadline(
            registered_on=date.fromisoformat(registered_on), term=Term(amount, "wd"), calendar=KZ
        ).due_on.isoformat()
        for amount in (3, 15, 20)
    }
    assert due == {3: in_3, 15: in_15, 20: in_20}


@pytest.mark.parametrize(("year", "working_days"), [(2024, 249), (2025, 246), (2026, 247), (2027, 247)])
def test_the_year_has_its_working_days(year, working_days):
    whole = calendar_for("KZ", range(year - 1, year + 1), shipped_overrides("KZ"))
    assert working_days_between(date(year - 1, 12, 31), date(year, 12, 31), whole) == working_days


@pytest.mark.parametrize(
    ("year", "closed"),
    [
        (2026, "01-01 01-02 01-07 03-09 03-23 03-24 03-25 05-01 05-07 05-11 05-27 07-06 10-26 12-16"),
        (2027, "01-01 01-04 01-07 03-08 03-15 03-22 03-23 03-24 05-03 05-07 05-10 07-06 10-25 12-16"),
    ],
)
def test_weekdays_off(year, closed):
    every_day = (date(year, 1, 1) + timedelta(days=n) for n in range(365))
    off = {day for day in every_day if day.weekday() < 5 and not KZ.is_working(day)}
    assert off == days(closed, year)


def test_every_sort_of_day_is_told_apart():
    assert KZ.kind_of(date(2026, 3, 6)) == "working"
    assert KZ.kind_of(date(2026, 3, 7)) == "weekend"
    assert KZ.kind_of(date(2026, 3, 8)) == "holiday"
    assert KZ.kind_of(date(2026, 3, 9)) == "moved_day_off"
    assert KZ.kind_of(date(2025, 1, 3)) == "moved_day_off"
    assert KZ.kind_of(date(2025, 1, 5)) == "worked_weekend"
    assert (KZ.name_of(date(2026, 3, 9)), KZ.name_of(date(2025, 1, 5))) == (
        "International Women's Day",
        WORKED_DAY_OFF,
    )


def test_a_feast_nobody_has_confirmed_makes_a_date_provisional():
    term = Term(20, "wd")
    assert deadline(registered_on=date(2026, 4, 27), term=term, calendar=KZ).is_provisional
    assert not deadline(registered_on=date(2026, 3, 10), term=term, calendar=KZ).is_provisional

    confirmed = Override(date(2026, 5, 27), works=False, name="Eid al-Adha", source="announced", checked=True)
    calendar = calendar_for("KZ", range(2026, 2027), [*shipped_overrides("KZ"), confirmed])
    assert not deadline(registered_on=date(2026, 4, 27), term=term, calendar=calendar).is_provisional


def test_a_person_moves_a_day():
    calendar = calendar_for(
        "KZ",
        range(2026, 2027),
        [
            Override(date(2026, 12, 15), works=True, source="a mistake", checked=True),
            Override(date(2026, 12, 15), works=False, source="the order", checked=True),
            Override(date(2026, 12, 19), works=True, source="the order", checked=True),
            Override(date(2026, 5, 27), works=True, source="the feast fell on another day", checked=True),
            Override(date(2026, 5, 28), works=False, name="Eid al-Adha", source="announced", checked=True),
            Override(date(2031, 1, 6), works=False, source="a year that was not asked for", checked=True),
        ],
    )
    assert (calendar.kind_of(date(2026, 12, 15)), calendar.name_of(date(2026, 12, 15))) == (
        "moved_day_off",
        MOVED_DAY_OFF,
    )
    assert calendar.kind_of(date(2026, 12, 19)) == "worked_weekend"
    assert calendar.kind_of(date(2026, 5, 27)) == "working"
    assert calendar.kind_of(date(2026, 5, 28)) == "holiday"
    assert calendar.last == date(2026, 12, 31)
    assert date(2031, 1, 6) not in calendar.moved_days_off


def test_two_holidays_on_one_day_keep_both_names():
    code = calendar_for("KZ", range(2031, 2034)).holidays
    both = [name for name in code.values() if "; " in name]
    assert both == ["Eid al-Adha; Nowruz Holiday"]
    assert holiday_name("KZ", both[0], "ru") == "Курбан-айт; Наурыз мейрамы"


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_every_day_off_has_a_name_in_each_language(language):
    calendar = calendar_for("KZ", range(2020, 2036), shipped_overrides("KZ"))
    codes = {*calendar.holidays.values(), *calendar.moved_days_off.values(), *calendar.worked_days.values()}
    names = {code: holiday_name("KZ", code, language) for code in codes}
    assert len(codes) > 12
    if language != "en":  # the codes are English themselves
        assert [code for code, name in names.items() if name == code] == []
    assert all(names.values())


def test_a_name_without_a_row_stands_as_it_is():
    assert holiday_name("KZ", "Day of the Institution", "kk") == "Day of the Institution"
    assert holiday_name("NL", "King's Day", "ru") == "King's Day"


def test_years_nobody_has_checked_are_named():
    assert unchecked_years("KZ", range(2024, 2029)) == (2026, 2027, 2028)
    assert unchecked_years("NL", range(2026, 2027)) == (2026,)


def test_shipped_days_name_their_source():
    assert all(override.source for override in shipped_overrides("KZ"))
    assert shipped_overrides("NL") == ()


def test_a_country_nobody_knows():
    with pytest.raises(UnknownCountry):
        calendar_for("XX", range(2026, 2027))


@pytest.mark.parametrize("years", [range(2026, 2026), range(2020, 2030, 2)])
def test_years_have_no_gaps(years):
    with pytest.raises(ValueError, match="without gaps"):
        calendar_for("KZ", years)

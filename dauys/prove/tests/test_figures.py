"""Numbers that say what they are out of, and keep silent where there is too little to say."""

from datetime import UTC, date, datetime, timedelta

import pytest

from dauys.prove.actions import count_pending
from dauys.prove.figures import FEWEST, Slice, Tally, enough, period_of, share, wait
from dauys.prove.queries import figures, places_shown
from dauys.prove.words import headlines

NOW = datetime(2026, 3, 10, 6, tzinfo=UTC)
TODAY = date(2026, 3, 10)
PERIOD = period_of("30", today=TODAY)


@pytest.mark.parametrize(
    ("numerator", "denominator", "value"),
    [
        pytest.param(0, 0, None, id="nothing to divide by"),
        pytest.param(4, 4, None, id="four are too few to say"),
        pytest.param(5, 5, 1.0, id="five are enough"),
        pytest.param(0, 5, 0.0, id="none of five is nought, not unknown"),
        pytest.param(1, 8, 0.125, id="one of eight"),
    ],
)
def test_a_share_needs_five(numerator, denominator, value):
    figure = share(numerator, denominator, PERIOD)
    assert (figure.value, figure.numerator, figure.denominator, figure.period) == (
        value, numerator, denominator, PERIOD,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("waits", "part", "days"),
    [
        pytest.param({}, 0.5, None, id="no answers"),
        pytest.param({3: 4}, 0.5, None, id="four answers"),
        pytest.param({3: 5}, 0.5, 3, id="all waited three days"),
        pytest.param({1: 3, 9: 3}, 0.5, 1, id="half within one day"),
        pytest.param({1: 2, 9: 3}, 0.5, 9, id="less than half within one day"),
        pytest.param({1: 9, 40: 1}, 0.9, 1, id="nine in ten within one day"),
        pytest.param({1: 8, 40: 2}, 0.9, 40, id="not quite nine in ten"),
    ],
)
def test_a_wait_is_the_nearest_rank(waits, part, days):
    assert wait(waits, part, PERIOD).value == days


@pytest.mark.parametrize(
    ("name", "start"),
    [
        pytest.param("30", date(2026, 2, 9), id="thirty days with today"),
        pytest.param("90", date(2025, 12, 11), id="ninety"),
        pytest.param("365", date(2025, 3, 11), id="a year"),
        pytest.param("all", None, id="since the first appeal"),
        pytest.param("a week; DROP", date(2025, 3, 11), id="an unknown name is the usual period"),
    ],
)
def test_a_period_ends_today(name, start):
    period = period_of(name, today=TODAY)
    assert (period.start, period.end) == (start, TODAY)


def rows(*heard: int) -> list[Slice]:
    return [Slice(str(place), str(place), Tally(heard=count), PERIOD) for place, count in enumerate(heard)]


@pytest.mark.parametrize(
    ("heard", "shown"),
    [
        pytest.param((9, 7, 5), (9, 7, 5), id="all are large enough"),
        pytest.param((9, 7, 3), (9,), id="one small count would follow from the total: the next goes too"),
        pytest.param((9, 7, 2, 2), (9,), id="two small counts of four together: the next goes too"),
        pytest.param((9, 7, 4, 4), (9, 7), id="two small counts of eight together"),
        pytest.param((9, 7, 0), (9, 7), id="nobody is nobody"),
        pytest.param((2,), (), id="only a small one"),
        pytest.param((), (), id="none"),
    ],
)
def test_small_counts_cannot_be_worked_out(heard, shown):
    told = enough(rows(*heard))
    assert tuple(row.tally.heard for row in told.rows) == shown
    kept_back = sum(row.tally.heard for row in told.few)
    assert not told.rows or kept_back == 0 or kept_back >= FEWEST


@pytest.fixture
def month(life):
    """Ten appeals about water in the city, six answered in time, two late, two not at all; six judged."""
    cast = life.cast
    for day in range(10):
        appeal = life.receive(NOW - timedelta(days=28))
        life.promise(appeal, TODAY - timedelta(days=10), office=cast.utilities, district=cast.city, topic=cast.water)
        if day < 8:
            said = life.answer(appeal, TODAY - timedelta(days=20 if day < 6 else 5))
            if day < 6:
                life.judge(said, TODAY - timedelta(days=4), solved=day < 4, due_on=TODAY + timedelta(days=11))
    life.receive(NOW - timedelta(days=40), channel="phone")
    while count_pending(now=NOW):
        pass
    return life


def test_silence_is_late_and_not_left_out(month):
    total = figures(PERIOD).total
    assert (total.in_time.numerator, total.in_time.denominator) == (6, 10)
    assert (total.answered.numerator, total.answered.denominator) == (8, 10)
    assert (total.judged.numerator, total.judged.denominator) == (6, 8)
    assert (total.confirmed.numerator, total.confirmed.denominator) == (4, 6)
    assert (total.late_open.numerator, total.late_open.denominator) == (2, 4)
    assert (total.median.value, total.ninetieth.value) == (8, 23)


def test_every_cut_adds_up_to_the_total(month):
    found = figures(period_of("all", today=TODAY))
    assert found.total.tally.heard == 11
    for cut in (found.topics, found.districts, found.offices, found.channels):
        assert sum(row.tally.heard for row in cut) == 11
    assert sum(tally.heard for _monday, tally in found.weeks) == 11
    assert all(monday.weekday() == 0 for monday, _tally in found.weeks)
    assert found.period.start == date(2026, 1, 29)


def test_topics_are_shown_as_groups_and_inside_a_group_one_by_one(month):
    cast = month.cast
    assert [row.code for row in figures(PERIOD).topics] == ["water"]
    assert [row.code for row in figures(PERIOD, topic=cast.water.parent_id).topics] == ["water.outage"]
    assert figures(PERIOD, topic=cast.roads.id).total.tally.heard == 0


def test_an_office_counts_with_those_below_it(month):
    cast = month.cast
    assert figures(PERIOD, office=cast.akimat.id).total.tally.heard == 10
    assert figures(PERIOD, office=cast.branch.id).total.tally.heard == 0
    assert figures(PERIOD, district=cast.city.id).total.tally.heard == 10
    assert figures(PERIOD, district=cast.district.id).total.tally.heard == 0


def test_nothing_was_ever_received(cast):
    found = figures(period_of("all", today=TODAY))
    assert found.total.tally == Tally()
    assert found.weeks == ()
    assert found.total.confirmed.value is None
    assert headlines(found)


def test_the_first_headline_is_what_citizens_confirm(month):
    first = headlines(figures(PERIOD))[0]
    assert (first.code, first.value) == ("confirmed", "66%")
    assert "4 of the 6" in first.of


def test_a_new_count_is_seen_at_once(month):
    assert figures(PERIOD).total.tally.heard == 10
    month.receive(NOW)
    assert count_pending(now=NOW) == 1
    assert figures(PERIOD).total.tally.heard == 11


@pytest.mark.parametrize("already", [0, 500])
def test_figures_take_the_same_few_statements_at_any_size(life, already, django_assert_num_queries):
    for hours in range(already):
        life.receive(NOW - timedelta(hours=hours))
    life.receive(NOW)
    while count_pending(now=NOW):
        pass
    with django_assert_num_queries(5):
        figures(period_of("all", today=TODAY))


def test_a_place_is_told_once_five_share_it_and_the_topic(life):
    cast = life.cast
    for _one in range(FEWEST - 1):
        life.promise(life.receive(NOW), TODAY, office=cast.utilities, district=cast.city, topic=cast.water)
    count_pending(now=NOW)
    assert (cast.city.id, cast.water.id) not in places_shown()
    life.promise(life.receive(NOW), TODAY, office=cast.utilities, district=cast.city, topic=cast.water)
    count_pending(now=NOW)
    assert places_shown() == {(cast.city.id, cast.water.id)}


def test_a_period_holds_both_its_ends(life):
    for day in (date(2026, 2, 8), date(2026, 2, 9), TODAY):
        life.receive(datetime(day.year, day.month, day.day, 6, tzinfo=UTC))
    while count_pending(now=NOW):
        pass
    assert figures(PERIOD).total.tally.heard == 2


@pytest.mark.parametrize("rests", [pytest.param(True, id="left at that"), pytest.param(False, id="the rest is owed")])
def test_in_part_is_counted_beside_solved_and_never_as_solved(life, rests):
    """Ten answers the office itself calls done: five citizens say solved, three in part, two not."""
    cast = life.cast
    for number in range(10):
        appeal = life.receive(NOW - timedelta(days=20))
        life.promise(appeal, TODAY, office=cast.utilities, district=cast.city, topic=cast.water)
        said = life.answer(appeal, TODAY - timedelta(days=5))
        partly = 5 <= number < 8
        life.judge(said, TODAY, solved=number < 5, partly=partly, rests=partly and rests)
    while count_pending(now=NOW):
        pass
    for row in (figures(PERIOD).total, *figures(PERIOD).offices, *figures(PERIOD).topics, *figures(PERIOD).districts):
        assert (row.confirmed.numerator, row.confirmed.denominator) == (5, 10)
        assert (row.partly.numerator, row.partly.denominator) == (3, 10)
        assert row.tally.judged - row.tally.confirmed - row.tally.partly == 2
    assert row.tally.open == (2 if rests else 5)
    first = headlines(figures(PERIOD))[0]
    assert (first.code, first.value) == ("confirmed", "50%")
    assert "3 more said: in part" in first.of

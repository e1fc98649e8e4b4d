"""What comes first: the law's day, made earlier by the matter and never by the person."""

import dataclasses
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dauys.engines.deadline import WorkingCalendar, working_days_between
from dauys.engines.first import BadWeights, Matter, Weights, doublings, first, weights

CALENDAR = WorkingCalendar(first=date(2020, 1, 1), last=date(2030, 12, 31))
WEIGHTS = Weights(
    danger=15, soon=5, person=3, doubling=1, doublings=6, dispute=3, disputes=2, waiting=1, every=30, waits=5
)
RECEIVED = date(2026, 3, 2)
DUE = date(2026, 3, 31)
"""A Tuesday, twenty-one working days after the Monday of receipt."""


@pytest.mark.parametrize(
    ("told", "begin_by", "reasons"),
    [
        pytest.param({}, DUE, [], id="nothing presses: the day of the law"),
        pytest.param({"urgency": "soon"}, date(2026, 3, 24), [("soon", 5, "")], id="five working days are a week"),
        pytest.param({"urgency": "danger"}, date(2026, 3, 10), [("danger", 15, "")], id="danger"),
        pytest.param({"person": "infant"}, date(2026, 3, 26), [("person", 3, "infant")], id="a small child"),
        pytest.param({"people": 1}, DUE, [], id="alone"),
        pytest.param({"people": 7}, date(2026, 3, 27), [("people", 2, "7")], id="seven: two doublings, rounded down"),
        pytest.param({"people": 9000}, date(2026, 3, 23), [("people", 6, "9000")], id="no crowd weighs without end"),
        pytest.param({"disputes": 1}, date(2026, 3, 26), [("disputed", 3, "1")], id="disputed once"),
        pytest.param({"disputes": 9}, date(2026, 3, 23), [("disputed", 6, "9")], id="disputes have an end, too"),
        pytest.param(
            {"urgency": "danger", "disputes": 2, "people": 64, "person": "elderly"}, RECEIVED,
            [("danger", 15, ""), ("person", 3, "elderly"), ("people", 6, "64"), ("disputed", 6, "2")],
            id="never before it came",
        ),
        pytest.param({"due_on": None}, None, [], id="without a promise, last"),
        pytest.param({"due_on": None, "urgency": "soon"}, None, [], id="urgent without a promise: still last"),
        pytest.param(
            {"due_on": None, "urgency": "danger"}, RECEIVED, [("danger", 15, "")],
            id="danger without a promise: at once",
        ),
        pytest.param(
            {"received_on": date(2025, 12, 1)}, date(2026, 3, 26), [("waiting", 3, "120")],
            id="a hundred and twenty days by then: three months more than the first",
        ),
        pytest.param({"received_on": date(2026, 1, 31)}, DUE, [], id="fifty-nine days are no second month yet"),
    ],
)  # fmt: skip
def test_when_an_answer_is_begun(told, begin_by, reasons):
    found = first(Matter(**{"received_on": RECEIVED, "due_on": DUE, **told}), WEIGHTS, CALENDAR)
    assert found.begin_by == begin_by
    assert [dataclasses.astuple(reason) for reason in found.reasons] == reasons


def test_nothing_about_the_person_can_be_told_to_it():
    assert {field.name for field in dataclasses.fields(Matter)} == {
        "received_on", "due_on", "urgency", "person", "people", "disputes",
    }  # fmt: skip


MATTERS = st.builds(
    Matter,
    received_on=st.dates(date(2025, 1, 1), date(2026, 3, 31)),
    due_on=st.dates(date(2026, 4, 1), date(2026, 12, 31)),
    urgency=st.sampled_from(["usual", "soon", "danger"]),
    person=st.sampled_from(["", "infant"]),
    people=st.integers(0, 5000),
    disputes=st.integers(0, 5),
)


@given(matter=MATTERS)
def test_it_is_between_receipt_and_the_day_of_the_law_and_the_reasons_add_up(matter):
    found = first(matter, WEIGHTS, CALENDAR)
    assert matter.received_on <= found.begin_by <= matter.due_on
    earlier = sum(reason.days for reason in found.reasons)
    assert working_days_between(found.begin_by, matter.due_on, CALENDAR) in range(earlier + 1)
    assert found.begin_by > matter.received_on or earlier
    assert first(matter, WEIGHTS, CALENDAR) == found


@given(matter=MATTERS, later=st.integers(0, 90), more=st.integers(1, 9))
def test_more_reason_is_never_later(matter, later, more):
    begin_by = first(matter, WEIGHTS, CALENDAR).begin_by
    for pressed in (
        dataclasses.replace(matter, urgency="danger"),
        dataclasses.replace(matter, people=matter.people * more + 1),
        dataclasses.replace(matter, disputes=matter.disputes + more),
        dataclasses.replace(matter, person="infant"),
    ):
        assert first(pressed, WEIGHTS, CALENDAR).begin_by <= begin_by
    eased = dataclasses.replace(matter, due_on=matter.due_on + timedelta(days=30 * later))
    if eased.due_on < date(2030, 1, 1) and later > 9:
        assert first(eased, WEIGHTS, CALENDAR).begin_by > begin_by


@pytest.mark.parametrize(("people", "times"), [(0, 0), (1, 0), (2, 1), (3, 1), (4, 2), (63, 5), (64, 6), (10**6, 6)])
def test_doublings(people, times):
    assert doublings(people, 6) == times


@pytest.mark.parametrize(
    ("changed", "named"),
    [
        pytest.param({"danger": None}, "danger is None", id="missing"),
        pytest.param({"danger": "15"}, "danger is '15'", id="a word"),
        pytest.param({"danger": True}, "danger is True", id="yes is no number"),
        pytest.param({"soon": -1}, "soon is -1", id="later instead of earlier"),
        pytest.param({"doublings": 9999}, "doublings is 9999", id="longer than a year"),
        pytest.param({"every": 0}, "every is 0", id="no stretch of days"),
        pytest.param({"citizen": 3}, "citizen is not a weight", id="who somebody is weighs nothing"),
    ],
)
def test_a_table_with_a_mistake_says_which_and_what_to_do(changed, named):
    table = {**dataclasses.asdict(WEIGHTS), **changed}
    with pytest.raises(BadWeights, match=named):
        weights(table)


def test_a_weight_of_nought_is_no_reason():
    table = {**dataclasses.asdict(WEIGHTS), "soon": 0}
    assert first(Matter(RECEIVED, DUE, "soon"), weights(table), CALENDAR).reasons == ()

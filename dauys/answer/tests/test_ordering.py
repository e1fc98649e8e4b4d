"""By when an appeal is begun: counted when it is placed, and anew whenever something moves it."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from dauys.answer import actions, queries
from dauys.answer.actions import ordering
from dauys.answer.models import Handling, Ordered, Turn
from dauys.answer.queries import Asked
from dauys.hear.models import Channel
from dauys.hear.submission import Contact
from dauys.institution.models import CalendarDay
from dauys.institution.queries import forget
from dauys.understand.models import Examination, Finding, Merge

TODAY = date(2026, 3, 10)
DUE = date(2026, 4, 3)
"""Fifteen working days after the Tuesday of receipt; Nauryz lies between."""


@pytest.fixture
def pressed(heard, now):
    """An appeal of which the reader said so much, placed and ordered."""

    def make(text="Слова", *, urgency="usual", person="", **told):
        appeal = heard(text, **told)
        Examination.objects.filter(appeal_id=appeal.id).update(urgency=urgency)
        if person:
            Finding.objects.create(
                appeal_id=appeal.id, aspect="person", value=person, confidence=1, engine="test", made_at=now
            )
        actions.route_and_promise_pending(now=now)
        order(now)
        return appeal

    return make


def order(now):
    while actions.order_pending(now=now):
        pass


def standing(appeal):
    row = Handling.objects.get(appeal_id=appeal.id)
    turn = Turn.objects.get(appeal_id=appeal.id)
    return row.begin_by, [(code, days) for code, days, _value in turn.reasons]


@pytest.mark.parametrize(
    ("told", "begin_by", "reasons"),
    [
        pytest.param({}, DUE, [], id="the day of the law"),
        pytest.param({"urgency": "danger"}, TODAY, [("danger", 15)], id="danger: on the day it came"),
        pytest.param({"urgency": "soon"}, date(2026, 3, 27), [("soon", 5)], id="harm that grows"),
        pytest.param({"person": "infant"}, date(2026, 3, 31), [("person", 3)], id="a small child is concerned"),
    ],
)
def test_it_is_counted_as_soon_as_it_is_placed(pressed, told, begin_by, reasons):
    assert standing(pressed(**told)) == (begin_by, reasons)


def test_the_desk_shows_what_is_first_and_why(cast, pressed):
    later = pressed("Когда-нибудь")
    child = pressed("Ребёнку холодно", person="infant")
    danger = pressed("Пахнет газом", urgency="danger")
    rows = queries.desk(cast.officer, Asked(view="office"), today=TODAY).rows
    assert [row.appeal_id for row in rows] == [danger.id, child.id, later.id]
    assert [row.why_first for row in rows] == [
        ("15 days earlier: danger to life or health",), ("3 days earlier: a small child is concerned",), (),
    ]  # fmt: skip
    assert queries.first_ids(cast.officer, Asked(view="office"), today=TODAY) == [danger.id, child.id, later.id]


def test_at_rest_it_looks_and_writes_nothing(pressed, now):
    pressed()
    with CaptureQueriesContext(connection) as asked:
        assert actions.order_pending(now=now) == 0
    assert len(asked) <= 5
    assert not any(one["sql"].startswith(("INSERT", "UPDATE")) for one in asked)


def test_who_the_citizen_is_moves_nothing(pressed, now):
    """The same words by every channel, with a name, without one, with an address: one day, no other reason."""
    contacts = [
        Contact(),
        Contact(name="Депутат Важный", phone="+7 700 000 00 01"),
        Contact(email="minister@example.org"),
    ]
    days = {
        standing(pressed("Нет воды", channel=channel, contact=contact))[0]
        for channel in Channel.values
        if channel != "import"
        for contact in contacts
    }
    assert days == {DUE}
    assert not Turn.objects.exclude(reasons=[]).exists()


def test_whatever_moves_the_due_day_moves_the_turn(cast, pressed, now):
    appeal = pressed(urgency="soon")
    assert standing(appeal)[0] == date(2026, 3, 27)
    later = now + timedelta(days=6)
    actions.redirect(
        appeal_id=appeal.id, office_id=cast.branch.id, reason="Другой орган", officer=cast.officer, now=later
    )
    row = Handling.objects.get()
    assert row.due_on == date(2026, 4, 2)  # the branch works by another rule, from the day it arrived
    order(later)
    assert standing(appeal)[0] == date(2026, 3, 26)


def test_a_disputed_answer_comes_earlier(cast, pressed, now):
    appeal = pressed()
    actions.send_answer(appeal_id=appeal.id, outcome="satisfied", text="Сделано.", officer=cast.officer, now=now)
    actions.give_verdict(appeal_id=appeal.id, ordinal=1, solved=False, rating=None, words="", now=now)
    order(now)
    begin_by, reasons = standing(appeal)
    assert reasons == [("disputed", 3)]
    assert begin_by == date(2026, 3, 31)


def test_a_growing_matter_brings_all_its_appeals_forward_at_each_doubling(pressed, now):
    appeals = [pressed(f"Нет воды {number}") for number in range(4)]
    first = appeals[0].id
    for many, days in ((1, 0), (2, 1), (3, 1), (4, 2)):
        Examination.objects.filter(appeal_id=appeals[many - 1].id).update(matter_id=first)
        order(now)
        told = [standing(one)[1] for one in appeals[:many]]
        assert told == [[("people", days)] if days else []] * many, many


def test_two_groups_that_turn_out_to_be_one_count_together(pressed, now):
    one, two = pressed("Нет воды"), pressed("Су жоқ")
    for appeal in (one, two):
        Examination.objects.filter(appeal_id=appeal.id).update(matter_id=appeal.id)
    order(now)
    assert standing(one)[1] == []
    Examination.objects.filter(appeal_id=two.id).update(matter_id=one.id)
    Merge.objects.create(kept_id=one.id, gone_id=two.id, by_id=two.id, merged_at=now)
    order(now)
    assert standing(one)[1] == standing(two)[1] == [("people", 1)]


def test_what_people_bring_together_counts_like_what_the_machine_does(cast, pressed, now):
    from dauys.understand import actions as understand

    one, two = pressed("Нет воды"), pressed("Су жоқ")
    understand.join(appeal_id=one.id, other_ids=[two.id], officer=cast.operator, title="", now=now)
    order(now)
    assert standing(one)[1] == standing(two)[1] == [("people", 1)]
    understand.part(appeal_id=two.id, officer=cast.operator, now=now)
    order(now)
    assert standing(two)[1] == []


@pytest.mark.parametrize("limit", [1, 2, 1000])
def test_other_weights_put_all_open_appeals_in_order_anew(pressed, monkeypatch, now, limit):
    appeals = [pressed(f"Холодно {number}", urgency="soon") for number in range(5)]
    heavier = replace(ordering.weights(), soon=8)
    monkeypatch.setattr(ordering, "weights", lambda: heavier)
    monkeypatch.setattr(ordering, "_known", None)
    while actions.order_pending(now=now, limit=limit):
        pass
    assert {standing(one)[0] for one in appeals} == {date(2026, 3, 19)}
    assert Ordered.objects.get().walked is None


def test_another_working_calendar_puts_them_in_order_anew(pressed, now):
    appeal = pressed(urgency="soon")
    CalendarDay.objects.create(day=date(2026, 3, 30), works=False, source="order No. 1", checked=True)
    from dauys.institution.models import Institution

    Institution.objects.update(revision=99)
    forget()
    order(now)
    assert standing(appeal)[0] == date(2026, 3, 26)


class Killed(BaseException):
    pass


@pytest.mark.parametrize("dies_in", ["Turn.objects.bulk_create", "connection.cursor", "Ordered.save"])
def test_killed_anywhere_the_next_look_comes_to_the_same_days(heard, monkeypatch, now, dies_in):
    for number in range(3):
        Examination.objects.filter(appeal_id=heard(f"Газ {number}").id).update(urgency="danger")
    actions.route_and_promise_pending(now=now)

    def die(*args, **kwargs):
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(f"dauys.answer.actions.ordering.{dies_in}", die)
        with pytest.raises(Killed):
            actions.order_pending(now=now)
    assert set(Handling.objects.values_list("begin_by", flat=True)) == {DUE}
    order(now)
    assert set(Handling.objects.values_list("begin_by", flat=True)) == {TODAY}


def test_it_costs_the_same_for_many(heard, now):
    costs = []
    for many in (2, 40):
        for number in range(many):
            heard(f"Слова {many} {number}")
        actions.route_and_promise_pending(now=now)
        with CaptureQueriesContext(connection) as asked:
            actions.order_pending(now=now)
        costs.append(len(asked))
        order(now)
    assert costs[1] <= costs[0] + 1, [one["sql"][:90] for one in asked]


def test_the_next_of_a_list_follows_it_and_then_comes_its_first(cast, pressed, now):
    one, two, three = (pressed(f"Слова {number}") for number in range(3))
    rows = {appeal.id: Handling.objects.get(appeal_id=appeal.id) for appeal in (one, two, three)}

    def following(appeal, **told):
        return queries.next_of(cast.officer, Asked(view="office"), rows[appeal.id], today=TODAY, **told)

    assert [following(one), following(two), following(three)] == [two.number, three.number, one.number]
    assert following(one, but=[two.id]) == three.number
    assert following(one, but=[two.id, three.id]) == ""
    assert queries.next_of(cast.stranger, Asked(view="office"), rows[one.id], today=TODAY) == ""


def test_a_promise_nobody_could_make_stands_last_unless_there_is_danger(cast, pressed, now):
    nothing, gas = pressed("Слова"), pressed("Газ", urgency="danger")
    Handling.objects.update(due_on=None)
    ordering.count([nothing.id, gas.id], place=ordering.house())
    assert standing(nothing) == (None, [])
    assert standing(gas) == (datetime(2026, 3, 10, tzinfo=UTC).date(), [("danger", 15)])
    rows = queries.desk(cast.officer, Asked(view="office"), today=TODAY).rows
    assert [row.appeal_id for row in rows] == [gas.id, nothing.id]

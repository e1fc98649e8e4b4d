"""Ten seconds to take it back: pressed once, done once, and whatever stands in its way is told."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext

from dauys.answer import actions
from dauys.answer.actions import leaving
from dauys.answer.models import Answer, Deferred, Draft, Handling
from dauys.ledger.models import Entry

SAID = "Насос заменён 12 марта, вода подаётся. Основание: договор № 5."
TEN = timedelta(seconds=10)


def press(appeal, officer, now, text=SAID, outcome="satisfied"):
    return actions.hold(
        verb="send_answer", appeal_id=appeal.id, officer=officer, now=now, text=text, outcome=outcome
    )  # fmt: skip


def leave(now):
    return actions.leave_pending(now=now)


def test_it_leaves_when_its_moment_has_come_and_not_before(promised, cast, now):
    appeal = promised()
    press(appeal, cast.officer, now)
    entries = Entry.objects.count()
    assert leave(now + TEN - timedelta(milliseconds=1)) == 0
    assert (Answer.objects.count(), Entry.objects.count()) == (0, entries)
    assert leave(now + TEN) == 1
    assert (Answer.objects.get().text, Answer.objects.get().sent_at) == (SAID, now + TEN)
    assert Handling.objects.get().state == "answered"
    assert not Deferred.objects.exists()
    assert leave(now + TEN) == 0


def test_taken_back_nothing_has_happened(promised, cast, now):
    appeal = promised()
    actions.save_draft(appeal_id=appeal.id, text=SAID, outcome="satisfied", seen_at=None, officer=cast.officer, now=now)
    before = list(Handling.objects.values()), Entry.objects.count()
    press(appeal, cast.officer, now)
    actions.take_back(appeal_id=appeal.id, officer=cast.officer, now=now + timedelta(seconds=9))
    assert leave(now + TEN) == 0
    assert (list(Handling.objects.values()), Entry.objects.count()) == before
    assert Draft.objects.get().text == SAID
    with pytest.raises(actions.AlreadyLeft):
        actions.take_back(appeal_id=appeal.id, officer=cast.officer, now=now + TEN)


def test_only_who_pressed_it_takes_it_back(promised, cast, now):
    appeal = promised()
    press(appeal, cast.officer, now)
    with pytest.raises(PermissionDenied):
        actions.take_back(appeal_id=appeal.id, officer=cast.head, now=now)
    assert Deferred.objects.exists()


@pytest.mark.parametrize(
    ("who", "text", "outcome", "failure"),
    [
        pytest.param("officer", " … ", "satisfied", actions.Empty, id="no word"),
        pytest.param("officer", SAID, "wonderful", actions.NoOutcome, id="no outcome"),
        pytest.param("officer", SAID + " [статья закона]", "satisfied", actions.Unfinished, id="a hole"),
        pytest.param("road_officer", SAID, "satisfied", PermissionDenied, id="another office"),
        pytest.param("auditor", SAID, "satisfied", PermissionDenied, id="a reader"),
    ],
)
def test_what_could_not_be_done_is_told_at_once(promised, cast, now, who, text, outcome, failure):
    appeal = promised()
    entries = Entry.objects.count()
    with pytest.raises(failure):
        press(appeal, getattr(cast, who), now, text=text, outcome=outcome)
    assert not Deferred.objects.exists()
    assert Entry.objects.count() == entries


def test_pressed_twice_it_is_one_and_another_has_to_wait(promised, cast, now):
    appeal = promised()
    first = press(appeal, cast.officer, now)
    assert press(appeal, cast.officer, now + timedelta(seconds=3)).leaves_at == first.leaves_at
    with pytest.raises(actions.OnItsWay) as told:
        press(appeal, cast.head, now + timedelta(seconds=3), text="Моё")
    assert told.value.name == str(cast.officer)
    leave(now + TEN)
    assert Answer.objects.count() == Entry.objects.filter(verb="answer.send").count() == 1


def test_passing_on_is_held_the_same_way(promised, cast, now):
    appeal = promised()
    actions.hold(
        verb="redirect", appeal_id=appeal.id, officer=cast.officer, now=now,
        office_id=cast.road_department.id, reason="Это дорога",
    )  # fmt: skip
    assert Handling.objects.get().acting == cast.utilities
    leave(now + TEN)
    assert Handling.objects.get().acting == cast.road_department


def test_what_came_between_is_told_and_holds_up_nobody(promised, cast, now):
    one, two = promised("Первое"), promised("Второе")
    for appeal in (one, two):
        press(appeal, cast.officer, now)
    actions.send_answer(appeal_id=one.id, outcome="refused", text="Нет.", officer=cast.head, now=now)
    assert leave(now + TEN) == 2
    assert Deferred.objects.get().failed == "AlreadyAnswered"
    assert list(Answer.objects.order_by("appeal").values_list("appeal", "text")) == [(one.id, "Нет."), (two.id, SAID)]
    assert leave(now + TEN) == 0
    actions.take_back(appeal_id=one.id, officer=cast.officer, now=now + TEN)
    assert not Deferred.objects.exists()


def test_a_colleague_who_went_on_writing_loses_nothing(promised, cast, now):
    appeal = promised()
    press(appeal, cast.officer, now)
    actions.save_draft(
        appeal_id=appeal.id, text="Ещё уточню", outcome="", seen_at=None, officer=cast.head,
        now=now + timedelta(seconds=5),
    )  # fmt: skip
    leave(now + TEN)
    assert Deferred.objects.get().failed == "SomebodyElsesDraft"
    assert Draft.objects.get().text == "Ещё уточню"
    assert not Answer.objects.exists()


def test_a_right_lost_meanwhile_is_lost(promised, cast, now):
    from dauys.institution.models import Appointment

    press(promised(), cast.officer, now)
    Appointment.objects.filter(user=cast.officer).update(until_on=now.date())
    leave(now + TEN)
    assert Deferred.objects.get().failed == "PermissionDenied"
    assert not Answer.objects.exists()


class Killed(BaseException):
    pass


@pytest.mark.parametrize("dies_in", ["Deferred.delete", "send_answer", "ledger.take_pen"])
def test_killed_anywhere_it_is_done_once(promised, cast, now, monkeypatch, dies_in):
    press(promised(), cast.officer, now)

    def die(*args, **kwargs):
        raise Killed

    with monkeypatch.context() as patch:
        if dies_in == "send_answer":
            patch.setattr(leaving, "VERBS", {"send_answer": die})
        else:
            patch.setattr(f"dauys.answer.actions.leaving.{dies_in}", die)
        with pytest.raises(Killed):
            leave(now + TEN)
    assert not Answer.objects.exists()
    for _ in range(2):
        leave(now + TEN)
    assert Answer.objects.count() == Entry.objects.filter(verb="answer.send").count() == 1


def test_one_that_breaks_lets_the_others_go_and_is_tried_again(promised, cast, now, monkeypatch):
    one, two = promised("Первое"), promised("Второе")
    for appeal in (one, two):
        press(appeal, cast.officer, now)
    honest = leaving.VERBS["send_answer"]

    def broken(**told):
        if told["appeal_id"] == one.id:
            raise RuntimeError("disk full")
        return honest(**told)

    with monkeypatch.context() as patch:
        patch.setattr(leaving, "VERBS", {"send_answer": broken})
        with pytest.raises(RuntimeError):
            leave(now + TEN)
    assert [answer.appeal_id for answer in Answer.objects.all()] == [two.id]
    leave(now + TEN)
    assert Answer.objects.count() == 2


def test_second_thoughts_make_no_answer_late(promised, cast):
    """Five seconds before midnight where the institution is, on whatever day it is due."""
    almost = datetime(2026, 3, 10, 18, 59, 52, tzinfo=UTC)
    held = press(promised(), cast.officer, almost)
    assert held.leaves_at == datetime(2026, 3, 10, 18, 59, 55, tzinfo=UTC)
    leave(held.leaves_at)
    assert Answer.objects.get().sent_on.isoformat() == "2026-03-10"


def test_whatever_the_verb_takes_is_kept_for_it(promised, cast, now, monkeypatch):
    seen = []
    monkeypatch.setattr(leaving, "VERBS", {"send_answer": lambda **told: seen.append(told)})
    appeal = promised()
    actions.hold(
        verb="send_answer", appeal_id=appeal.id, officer=cast.officer, now=now,
        text=SAID, outcome="satisfied", findings=[["no_date", 3]], overridden={"no_date": "по телефону"},
    )  # fmt: skip
    leave(now + TEN)
    rehearsed, done = seen
    assert done["overridden"] == rehearsed["overridden"] == {"no_date": "по телефону"}
    assert (done["now"], done["officer"]) == (now + TEN, cast.officer)


def test_at_rest_it_costs_one_look(promised, cast, now):
    press(promised(), cast.officer, now)
    with CaptureQueriesContext(connection) as asked:
        leave(now)
    assert len(asked) == 1


# Giving back


def test_what_was_taken_is_given_back(promised, cast, now):
    appeal = promised()
    actions.take(appeal_id=appeal.id, officer=cast.officer, now=now)
    for _ in range(2):
        actions.give_back(appeal_id=appeal.id, officer=cast.officer, now=now)
    assert Handling.objects.get().officer is None
    assert Entry.objects.filter(verb="answer.give_back").count() == 1


@pytest.mark.parametrize(
    ("who", "failure"),
    [("officer", actions.AlreadyTaken), ("road_officer", PermissionDenied), ("auditor", PermissionDenied)],
)
def test_a_colleagues_appeal_is_not_given_back(promised, cast, now, who, failure):
    appeal = promised()
    actions.take(appeal_id=appeal.id, officer=cast.head, now=now)
    with pytest.raises(failure):
        actions.give_back(appeal_id=appeal.id, officer=getattr(cast, who), now=now)
    actions.give_back(appeal_id=appeal.id, officer=cast.operator, now=now)
    assert Handling.objects.get().officer is None


def test_a_twice_disputed_appeal_stays_with_somebody(promised, cast, now):
    appeal = promised()
    actions.take(appeal_id=appeal.id, officer=cast.officer, now=now)
    Handling.objects.update(disputes=2)
    with pytest.raises(actions.StaysWithAPerson):
        actions.give_back(appeal_id=appeal.id, officer=cast.officer, now=now)

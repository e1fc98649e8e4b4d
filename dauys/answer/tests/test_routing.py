"""Every examined appeal gets an office and a day, or waits in sight with the law's day."""

from datetime import UTC, date, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from dauys.answer import actions
from dauys.answer.models import Answer, Handling, Message, Promise, Routing
from dauys.hear import actions as hear
from dauys.hear.submission import Submission
from dauys.institution.models import Office, User
from dauys.institution.queries import forget
from dauys.ledger.models import Entry
from dauys.understand import actions as understand
from dauys.understand.models import Examination


@pytest.mark.parametrize(
    ("told", "acting", "state", "due_on", "policy"),
    [
        pytest.param({}, "utilities", "promised", date(2026, 4, 3), "kz.appc.simplified", id="a report"),
        pytest.param(
            {"kind": "application"}, "utilities", "promised", date(2026, 4, 3), "kz.appc.application",
            id="an application",
        ),
        pytest.param(
            {"kind": "complaint"}, "utilities", "promised", date(2026, 4, 10), "kz.appc.complaint",
            id="a complaint has twenty days",
        ),
        pytest.param(
            {"topic": "roads.repair"}, "roads", "promised", date(2026, 4, 3), "kz.appc.simplified", id="roads"
        ),
        pytest.param(
            {"sure": 0.3}, None, "unrouted", date(2026, 4, 3), "kz.appc.simplified",
            id="an unsure topic waits for a person, and the clock runs",
        ),
        pytest.param(
            {"topic": None, "sure": 0.0, "kind": "complaint"}, None, "unrouted", date(2026, 4, 10),
            "kz.appc.complaint", id="no topic",
        ),
        pytest.param(
            {"at": datetime(2025, 3, 14, 6, tzinfo=UTC)}, "utilities", "promised", date(2025, 4, 9),
            "kz.appc2021.ordinary", id="the rule of its own day, already past",
        ),
        pytest.param(
            {"at": datetime(2020, 10, 19, 6, tzinfo=UTC)}, "utilities", "promised", date(2020, 11, 2),
            "internal.all", id="before every law known: the institution's own word",
        ),
    ],
)  # fmt: skip
def test_an_office_and_a_day(promised, now, told, acting, state, due_on, policy):
    appeal = promised(**told, promised_at=now)
    row, promise = Handling.objects.get(), Promise.objects.get()
    assert (row.acting and row.acting.code, row.state, row.due_on) == (acting, state, due_on)
    assert (promise.policy, promise.due_on, promise.registered_on) == (policy, due_on, appeal.registered_on)
    entry = Entry.objects.get(verb="answer.promise")
    lines = entry.leaf.splitlines()
    assert (lines[1], lines[4], lines[5]) == ("accepted", due_on.isoformat(), policy)
    assert Routing.objects.get().reasons[0]["code"] in {"acts", "topic_unsure", "topic_unknown"}


def test_never_to_the_body_complained_about(promised, cast):
    promised(kind="complaint", about_office_id=cast.utilities.id)
    row = Handling.objects.get()
    # Nobody above the department has a competence, so a person decides, and the reason says why.
    assert (row.state, row.acting_id) == ("unrouted", None)
    assert "only_the_body_complained_about" in [one["code"] for one in Routing.objects.get().reasons]


def test_before_any_rule_nothing_is_promised_and_nothing_is_lost(promised, now):
    promised(at=datetime(2015, 5, 5, 6, tzinfo=UTC), promised_at=now)
    row = Handling.objects.get()
    assert (row.state, row.due_on) == ("promised", None)
    assert not Promise.objects.exists()
    assert Entry.objects.get(verb="answer.promise").leaf.splitlines()[4:6] == ["-", "-"]


def test_twice_is_once(promised, now):
    promised()
    assert actions.route_and_promise_pending(now=now) == 0
    assert Handling.objects.count() == Promise.objects.count() == 1


def test_what_is_not_examined_yet_waits_its_turn(heard, cast, now):
    first = heard()
    hear.receive(Submission(channel="web", token="unread", text="Ещё не прочитано"), now=now)
    third = heard("Третье")
    assert actions.route_and_promise_pending(now=now) == 1
    Examination.objects.create(
        appeal_id=third.id - 1,
        language="ru",
        topic=cast.water,
        topic_confidence=1,
        needs_person=False,
        examined_at=now,
    )
    assert actions.route_and_promise_pending(now=now) == 2
    assert list(Handling.objects.order_by("appeal").values_list("appeal_id", flat=True)) == [
        first.id, third.id - 1, third.id,
    ]  # fmt: skip


def test_a_batch_costs_the_same_statements_whatever_its_size(heard, now):
    costs = []
    for size in (2, 40):
        for _ in range(size):
            heard()
        with CaptureQueriesContext(connection) as asked:
            assert actions.route_and_promise_pending(now=now) == size
        costs.append(len(asked))
    assert costs[0] == costs[1] <= 17


def test_words_sent_before_the_office_was_found_are_unread(heard, now):
    appeal = heard()
    actions.citizen_writes(appeal_id=appeal.id, text="Забыл сказать: дом 5", token="a", now=now)
    actions.route_and_promise_pending(now=now)
    assert Handling.objects.get().unread
    assert Message.objects.get().text == "Забыл сказать: дом 5"


def test_a_persons_word_sends_an_unrouted_appeal_on_its_way(promised, cast, now):
    promised(sure=0.3)
    assert actions.route_and_promise_pending(now=now) == 0
    understand.decide(
        appeal_id=Handling.objects.get().appeal_id, officer=cast.operator, topic_code="water.outage", area_code="",
        now=now,
    )  # fmt: skip
    assert actions.route_and_promise_pending(now=now) == 1
    row = Handling.objects.get()
    assert (row.state, row.acting.code, row.due_on) == ("promised", "utilities", date(2026, 4, 3))
    assert Entry.objects.get(verb="answer.route").leaf is None  # the promised day did not change
    assert actions.route_and_promise_pending(now=now) == 0


def test_the_office_found_later_may_owe_another_day(promised, cast, now):
    Office.objects.filter(id=cast.utilities.id).update(policy="internal")
    forget()
    appeal = promised(sure=0.3)
    understand.decide(
        appeal_id=appeal.id, officer=cast.operator, topic_code="water.outage", area_code="", now=now
    )  # fmt: skip
    actions.reroute_pending(now=now)
    assert Handling.objects.get().due_on == date(2026, 3, 27)
    assert [one.policy for one in Promise.objects.order_by("id")] == ["kz.appc.simplified", "internal.all"]
    assert Entry.objects.get(verb="answer.route").leaf.splitlines()[1] == "amended"


def test_a_past_appeal_comes_with_its_office_and_answer(promised, now):
    at = datetime(2025, 3, 14, 6, tzinfo=UTC)
    labels = {
        "topic": "roads.repair", "office": "roads", "answered_at": "2025-04-20T10:00:00+05:00",
        "answer": "Сделано", "outcome": "satisfied",
    }  # fmt: skip
    appeal = promised(at=at, labels=labels, topic="water.outage", promised_at=now)
    row, answer = Handling.objects.get(), Answer.objects.get()
    assert (row.state, row.is_open, row.acting.code) == ("answered", False, "roads")
    assert (answer.office.code, answer.officer, answer.due_on, answer.sent_on, answer.text) == (
        "roads", None, date(2025, 4, 9), date(2025, 4, 20), "Сделано",
    )  # fmt: skip
    leaves = [entry.leaf.splitlines() for entry in Entry.objects.filter(case=appeal.case).order_by("id")]
    assert [leaf[1] for leaf in leaves] == ["received", "accepted", "answered"]
    assert leaves[2][5:7] == ["past", "-"]


# Passing on


def test_inside_one_body_passing_on_buys_no_time(promised, cast, now):
    appeal = promised()
    row = actions.redirect(
        appeal_id=appeal.id,
        office_id=cast.road_department.id,
        reason="Это дорога",
        officer=cast.officer,
        now=now,
    )
    assert (row.acting_id, row.clock_id, row.due_on) == (cast.road_department.id,) * 2 + (date(2026, 4, 3),)
    assert Promise.objects.count() == 1
    leaf = Entry.objects.get(verb="answer.redirect").leaf
    assert leaf.splitlines()[1:2] + leaf.splitlines()[4:5] == ["forwarded", "2026-04-03"]
    assert "Это дорога" not in leaf + str(Entry.objects.get(verb="answer.redirect").detail)


def test_another_body_begins_a_new_term_on_arrival(promised, cast, now):
    appeal = promised()
    later = datetime(2026, 3, 16, 6, tzinfo=UTC)
    row = actions.redirect(
        appeal_id=appeal.id, office_id=cast.branch.id, reason="К филиалу", officer=cast.head, now=later
    )
    made = Promise.objects.order_by("id").last()
    assert (made.reason, made.policy, made.registered_on, made.due_on) == (
        "redirected", "internal.all", date(2026, 3, 16), date(2026, 4, 2),
    )  # fmt: skip
    assert row.due_on == made.due_on
    assert Entry.objects.get(verb="answer.redirect").detail["after_the_term"] is True  # three working days were over


def test_an_appeal_without_an_office_is_given_one_by_hand(promised, cast, now):
    appeal = promised(topic=None, sure=0.0)
    row = actions.redirect(
        appeal_id=appeal.id, office_id=cast.utilities.id, reason="Вода", officer=cast.operator, now=now
    )
    assert (row.state, row.acting_id, row.due_on) == ("promised", cast.utilities.id, date(2026, 4, 3))
    assert Promise.objects.count() == 1


@pytest.mark.parametrize(
    ("told", "office", "failure"),
    [
        pytest.param({}, "utilities", actions.SameOffice, id="already there"),
        pytest.param({"about_office": "roads"}, "roads", actions.AboutThisOffice, id="the body complained about"),
        pytest.param({"reason": " \n"}, "roads", actions.Empty, id="no reason"),
    ],
)
def test_what_cannot_be_passed_on(promised, cast, now, told, office, failure):
    offices = {row.code: row.id for row in Office.objects.all()}
    about = told.get("about_office")
    appeal = promised(about_office_id=offices[about] if about else None)
    with pytest.raises(failure):
        actions.redirect(
            appeal_id=appeal.id, office_id=offices[office], reason=told.get("reason", "Так"),
            officer=cast.officer,
            now=now,
        )  # fmt: skip
    assert Routing.objects.count() == 1


def test_taking_and_giving(promised, cast, now):
    appeal = promised()
    actions.take(appeal_id=appeal.id, officer=cast.officer, now=now)
    actions.take(appeal_id=appeal.id, officer=cast.officer, now=now)
    assert Entry.objects.filter(verb="answer.take").count() == 1
    with pytest.raises(actions.AlreadyTaken) as taken:
        actions.take(appeal_id=appeal.id, officer=cast.head, now=now)
    assert taken.value.name == "Officer"
    with pytest.raises(actions.NotThere):
        actions.assign(appeal_id=appeal.id, to=cast.road_officer, officer=cast.head, now=now)
    actions.assign(appeal_id=appeal.id, to=cast.head, officer=cast.head, now=now)
    assert Handling.objects.get().officer == User.objects.get(id=cast.head.id)

"""Passed from office to office: who owes the answer afterwards, each passing counted, going round made hard."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.translation import override

from dauys.answer import actions, queries, words
from dauys.answer.actions.passings import goes_round
from dauys.answer.models import Handling, Promise, Routing
from dauys.institution.models import Appointment, Competence, Role
from dauys.institution.queries import forget


@pytest.fixture
def passed(cast, now):
    """Pass an appeal on to one office after another, by the head above all of the akimat."""

    def go(appeal, *offices, officer=None, **told):
        for office in offices:
            actions.redirect(
                appeal_id=appeal.id, office_id=office.id, reason="Так надо", officer=officer or cast.head, now=now,
                **told,
            )  # fmt: skip
        return Handling.objects.get(appeal=appeal)

    return go


@pytest.mark.parametrize(
    ("keep", "clock", "sentence"),
    [
        pytest.param(True, "utilities", "Utilities goes on owing the answer.", id="it stays"),
        pytest.param(False, "roads", "The answer is now owed by Roads.", id="it goes with the work"),
        pytest.param(None, "roads", None, id="not said: it goes unless a third office holds it"),
    ],
)
def test_who_owes_the_answer_afterwards_is_chosen_and_told(promised, passed, cast, keep, clock, sentence):
    appeal = promised()
    row = passed(appeal, cast.road_department, officer=cast.officer, keep_clock=keep)
    assert (row.acting.code, row.clock.code) == ("roads", clock)
    assert Promise.objects.count() == 1  # one body: the promise stands
    with override("en"):
        why = words.routing(Routing.objects.order_by("id").last().reasons)
    assert sentence is None or sentence in why


def test_with_the_clock_the_promise_stays_even_where_the_work_goes_to_another_body(promised, passed, cast):
    appeal = promised()
    due_on = Handling.objects.get().due_on
    row = passed(appeal, cast.branch, keep_clock=True)
    assert (row.acting.code, row.clock.code, row.due_on) == ("branch", "utilities", due_on)
    assert Promise.objects.count() == 1


def test_nobody_gives_away_the_clock_of_a_third_office(promised, passed, cast):
    Competence.objects.update(holds_clock=False)
    Competence.objects.create(office=cast.akimat, holds_clock=True, acts=False)
    forget()
    appeal = promised()
    assert Handling.objects.get().clock_id == cast.akimat.id
    with pytest.raises(PermissionDenied):
        passed(appeal, cast.road_department, officer=cast.officer, keep_clock=False)
    assert passed(appeal, cast.road_department, officer=cast.officer).clock_id == cast.akimat.id
    assert passed(appeal, cast.utilities, keep_clock=False).clock_id == cast.utilities.id


def test_the_body_complained_about_does_not_keep_the_clock(promised, passed, cast):
    appeal = promised()
    Handling.objects.update(clock=cast.branch)
    appeal.__class__.objects.filter(id=appeal.id).update(about_office=cast.branch)
    with pytest.raises(actions.AboutThisOffice):
        passed(appeal, cast.road_department, keep_clock=True)


@pytest.mark.parametrize(
    ("path", "round_"),
    [([1], False), ([1, 2], False), ([1, 2, 1], True), ([1, 2, 3], False), ([1, 2, 3, 1, 2], True), ([], False)],
)
def test_what_goes_round(path, round_):
    assert goes_round(path) is round_


def test_each_passing_counts_and_the_second_between_two_is_seen(promised, passed, cast):
    appeal = promised()
    assert passed(appeal, cast.road_department).hand_overs == 1
    assert queries.appeal_page(cast.head, appeal.number).path == []
    assert passed(appeal, cast.utilities).hand_overs == 2
    page = queries.appeal_page(cast.head, appeal.number)
    with override("en"):
        assert [str(one) for one in page.path] == ["Utilities", "Roads", "Utilities"]
    assert page.goes_round


def test_the_first_office_is_no_passing(promised, passed, cast):
    appeal = promised(topic=None, sure=0.0)
    assert passed(appeal, cast.utilities, officer=cast.operator).hand_overs == 0


def test_the_third_passing_needs_the_head_above_both_or_a_ground(promised, passed, cast, now):
    appeal = promised()
    passed(appeal, cast.road_department, cast.utilities)
    with pytest.raises(actions.PassedRound) as refused:
        passed(appeal, cast.road_department, officer=cast.officer)
    assert len(refused.value.path) == 3
    with pytest.raises(actions.PassedRound):
        passed(appeal, cast.branch)  # the head of the akimat is above one of them alone
    row = passed(appeal, cast.road_department, officer=cast.officer, again="Решено на совещании")
    assert row.hand_overs == 3
    with override("en"):
        why = words.routing(Routing.objects.order_by("id").last().reasons)
    assert "Passed on once more although it has been passed on before: Решено на совещании" in why
    assert passed(appeal, cast.utilities).hand_overs == 4  # the head above both


def test_a_head_of_one_of_them_is_not_above_both(promised, passed, cast):
    department = cast.road_department
    Appointment.objects.create(user=cast.road_officer, office=department, role=Role.HEAD, since_on="2026-01-01")
    appeal = promised()
    passed(appeal, cast.road_department, cast.utilities, cast.road_department)
    with pytest.raises(actions.PassedRound):
        passed(appeal, cast.utilities, officer=cast.road_officer)


def test_who_heads_both_finds_it_in_a_list(promised, passed, cast, now):
    appeal, quiet = promised(), promised()
    passed(appeal, cast.road_department, cast.utilities)
    passed(quiet, cast.road_department)
    asked = queries.Asked(view="round")
    (row,) = queries.desk(cast.head, asked, today=now.date()).rows
    assert (row.number, row.goes_round) == (appeal.number, True)
    assert "round" not in queries.views_for(cast.officer)


def test_the_page_asks_and_tells(client, promised, passed, cast):
    appeal = promised()
    client.force_login(cast.head)
    where = f"/desk/appeal/{appeal.number}/"
    shown = client.get(where + "?lang=en").content.decode()
    assert "It stays with Utilities" in shown
    assert "Why it must be passed on once more" not in shown
    passed(appeal, cast.road_department, cast.utilities)
    shown = client.get(where + "?lang=en").content.decode()
    assert "Goes round" in shown
    assert "Why it must be passed on once more" in shown
    client.force_login(cast.officer)
    told = {"office": cast.road_department.id, "reason": "Не наше", "clock": "stays"}
    refused = client.post(where + "redirect/?lang=en", told, follow=True).content.decode()
    assert "One more hand-over is for the head above both" in refused
    client.post(where + "redirect/", {**told, "again": "Так решил аким"})
    actions.leave_pending(now=timezone.now() + timedelta(minutes=1))
    row = Handling.objects.get()
    assert (row.acting.code, row.clock.code, row.hand_overs) == ("roads", "utilities", 3)


def test_the_desk_asks_once_for_all_that_were_passed_on(client, promised, passed, cast):
    client.force_login(cast.head)
    costs = []
    for count in (1, 8):
        for _ in range(count):
            passed(promised(), cast.road_department, cast.utilities)
        client.get("/desk/?view=round")
        with CaptureQueriesContext(connection) as asked:
            assert client.get("/desk/?view=round").status_code == 200
        costs.append(len(asked))
    assert costs[0] == costs[1]

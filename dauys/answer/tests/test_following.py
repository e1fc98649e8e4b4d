"""A person corrects the topic or the place: the appeal goes where it belongs, unless somebody already works on it."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext

from dauys.answer import actions, words
from dauys.answer.models import Followed, Handling, Promise, Routing
from dauys.institution.models import Competence, Office
from dauys.institution.queries import forget
from dauys.ledger.models import Entry
from dauys.understand import actions as understand

LATER = datetime(2026, 3, 16, 6, tzinfo=UTC)


@pytest.fixture
def correct(cast):
    """Say what an appeal is about, as the triage desk does."""

    def say(appeal, topic="roads.repair", area="", at=LATER):
        understand.decide(appeal_id=appeal.id, officer=cast.operator, topic_code=topic, area_code=area, now=at)

    return say


def stands():
    row = Handling.objects.select_related("acting", "clock", "topic").get()
    return row.acting.code, row.clock.code, row.topic.code, row.due_on


def test_inside_one_body_it_goes_to_the_right_department_and_the_promise_stands(promised, correct):
    appeal = promised()
    correct(appeal)
    assert actions.route_and_promise_pending(now=LATER) == 1
    assert stands() == ("roads", "roads", "roads.repair", date(2026, 4, 3))
    assert Promise.objects.count() == 1
    reason = Routing.objects.order_by("id").last().reasons[0]
    assert (reason["code"], reason["from"], reason["to"]) == ("corrected", "utilities", "roads")
    entry = Entry.objects.get(verb="answer.redirect")
    assert entry.actor is None
    assert entry.leaf.splitlines()[1] == "forwarded"
    assert words.routing(Routing.objects.order_by("id").last().reasons)[0] == (
        "A person corrected the topic or the place, and so it was passed on from Utilities to Roads."
    )


def test_to_another_body_a_new_term_begins_on_arrival(promised, correct, cast):
    Competence.objects.filter(office=cast.road_department).update(office=cast.branch)
    forget()
    appeal = promised()
    correct(appeal)
    actions.reroute_pending(now=LATER)
    assert stands() == ("branch", "branch", "roads.repair", date(2026, 4, 2))
    made = Promise.objects.order_by("id").last()
    assert (made.reason, made.policy, made.registered_on) == ("redirected", "internal.all", date(2026, 3, 16))


def test_a_place_alone_may_lead_elsewhere(promised, correct, cast):
    village = Office.objects.create(
        code="village", parent=cast.akimat, kind="akimat", policy="kz.appc", area=cast.district,
        name_ru="Акимат села", name_kk="Ауыл әкімдігі", name_en="Village akimat",
    )  # fmt: skip
    Competence.objects.create(office=village, topic=cast.water, area=cast.district)
    forget()
    appeal = promised(area=cast.city)
    correct(appeal, topic="water.outage", area=cast.village.code)
    actions.reroute_pending(now=LATER)
    row = Handling.objects.get()
    assert (row.acting_id, row.area_id, row.district_id) == (village.id, cast.village.id, cast.district.id)


def test_what_a_person_confirms_changes_nothing(promised, correct):
    appeal = promised()
    correct(appeal, topic="water.outage")
    before = Entry.objects.count()
    assert actions.reroute_pending(now=LATER) == 1
    assert Entry.objects.count() == before
    assert Routing.objects.count() == 1


@pytest.mark.parametrize("held", ["taken", "given by hand", "answered"])
def test_where_somebody_works_or_chose_the_topic_follows_and_the_office_stays(promised, correct, cast, now, held):
    appeal = promised()
    office = "utilities"
    if held == "taken":
        actions.take(appeal_id=appeal.id, officer=cast.officer, now=now)
    if held == "given by hand":
        office = "branch"
        actions.redirect(appeal_id=appeal.id, office_id=cast.branch.id, reason="Им", officer=cast.head, now=now)
    if held == "answered":
        actions.send_answer(appeal_id=appeal.id, outcome="explained", text="Готово", officer=cast.officer, now=now)
    correct(appeal)
    actions.reroute_pending(now=LATER)
    assert stands()[0::2] == (office, "roads.repair")
    assert Entry.objects.get(verb="answer.follow").detail == {"topic": "roads.repair", "area": None}


def test_where_the_rules_now_lead_to_nobody_it_stays(promised, correct, cast):
    Competence.objects.filter(office=cast.road_department).delete()
    forget()
    appeal = promised()
    correct(appeal)
    actions.reroute_pending(now=LATER)
    assert stands()[0::2] == ("utilities", "roads.repair")


def test_never_to_the_body_complained_about(promised, correct, cast):
    appeal = promised(kind="complaint", about_office_id=cast.road_department.id)
    correct(appeal)
    actions.reroute_pending(now=LATER)
    assert stands()[0] == "utilities"


def test_twice_is_once_and_a_few_at_a_time_are_all(promised, heard, correct, now):
    appeals = [promised(f"Слово {number}") for number in range(5)]
    for appeal in appeals:
        correct(appeal)
    assert [actions.reroute_pending(now=LATER, limit=2) for _ in range(4)] == [2, 2, 1, 0]
    assert set(Handling.objects.values_list("acting__code", flat=True)) == {"roads"}
    before = Entry.objects.count()
    Followed.objects.all().delete()  # as after the restoring of an older copy: everything is looked at again
    assert actions.reroute_pending(now=LATER) == 5
    assert Entry.objects.count() == before


def test_killed_in_the_middle_nothing_is_lost(promised, correct, monkeypatch):
    appeal = promised()
    correct(appeal)
    with monkeypatch.context() as broken:
        broken.setattr("dauys.answer.actions.placing.ledger.append_many", lambda *_a, **_k: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            actions.reroute_pending(now=LATER)
    assert stands()[0] == "utilities"
    actions.reroute_pending(now=LATER)
    assert stands()[0] == "roads"


def test_a_batch_and_rest_cost_the_same_statements_whatever_their_size(promised, heard, correct, now):
    costs = []
    for size in (2, 20):
        for number in range(size):
            correct(promised(f"Слово {number}"), topic="water.outage")
        with CaptureQueriesContext(connection) as asked:
            actions.reroute_pending(now=LATER)
        costs.append(len(asked))
    assert costs[0] == costs[1]
    with CaptureQueriesContext(connection) as asked:
        assert actions.route_and_promise_pending(now=LATER) == 0
    assert len(asked) <= 4
    assert not any(one["sql"].startswith(("INSERT", "UPDATE", "BEGIN", "SAVEPOINT")) for one in asked)


# One press on the officer's page


@pytest.fixture
def taken(promised, correct, cast, now):
    """Taken by an officer, then corrected."""
    appeal = promised()
    actions.take(appeal_id=appeal.id, officer=cast.officer, now=now)
    correct(appeal)
    actions.reroute_pending(now=LATER)
    return appeal


def test_the_page_offers_the_way_and_one_press_goes_it(taken, client, cast):
    client.force_login(cast.officer)
    page = client.get(f"/desk/appeal/{taken.number}/").content.decode()
    assert "it now belongs to Roads. Pass it on?" in page
    response = client.post(f"/desk/appeal/{taken.number}/pass-on/")
    assert response.headers["Location"] == "/desk/"
    row = Handling.objects.get()
    assert (row.acting.code, row.officer, row.due_on) == ("roads", None, date(2026, 4, 3))
    assert Routing.objects.order_by("id").last().officer == cast.officer
    client.force_login(cast.head)
    assert "Pass it on?" not in client.get(f"/desk/appeal/{taken.number}/").content.decode()


def test_who_may_not_pass_on_is_not_asked_and_cannot(taken, client, cast):
    client.force_login(cast.auditor)
    assert "Pass it on?" not in client.get(f"/desk/appeal/{taken.number}/").content.decode()
    with pytest.raises(PermissionDenied):
        actions.pass_on_corrected(appeal_id=taken.id, officer=cast.stranger, now=LATER)
    client.force_login(cast.stranger)
    assert client.post(f"/desk/appeal/{taken.number}/pass-on/").status_code == 404
    assert client.get(f"/desk/appeal/{taken.number}/pass-on/").status_code == 405


def test_a_choice_made_after_the_correction_stands(taken, client, cast):
    after = LATER + timedelta(hours=1)
    actions.redirect(appeal_id=taken.id, office_id=cast.akimat.id, reason="К акиму", officer=cast.officer, now=after)
    client.force_login(cast.head)
    assert "Pass it on?" not in client.get(f"/desk/appeal/{taken.number}/").content.decode()
    with pytest.raises(actions.SameOffice):
        actions.pass_on_corrected(appeal_id=taken.id, officer=cast.head, now=after)


def test_without_a_correction_there_is_nothing_to_follow(promised, client, cast, now):
    appeal = promised()
    with pytest.raises(actions.SameOffice):
        actions.pass_on_corrected(appeal_id=appeal.id, officer=cast.officer, now=now)
    client.force_login(cast.officer)
    assert "Pass it on?" not in client.get(f"/desk/appeal/{appeal.number}/").content.decode()

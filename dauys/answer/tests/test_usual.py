"""The office that usually answers: offered first where no rule names one, given alone only where that is allowed."""

import pytest
from django.urls import reverse
from django.utils.translation import override

from dauys.answer import actions, words
from dauys.answer.models import Handling, Routing, State
from dauys.answer.queries.acted import acted, given_by_hand
from dauys.institution.models import Competence
from dauys.ledger.models import Entry
from dauys.understand import in_force
from dauys.understand.models import Examination, Target, TopicModel


@pytest.fixture(autouse=True)
def _asked_anew():
    in_force.forget()
    yield
    in_force.forget()


@pytest.fixture
def alone(cast, now):
    """`alone(least)`: the institution lets the machine give an office from that confidence on."""

    def allow(least):
        TopicModel.objects.create(
            version="offices", target=Target.OFFICE, content=b"", samples=1, trained_at=now, is_current=True,
            card={"sure_from": {"0.90": least}, "alone": True},
        )  # fmt: skip
        in_force.forget()

    return allow


@pytest.fixture
def read(heard, now):
    """`read(office, sure=0.95, topic=…)`: an appeal of which the reader says who usually answers it, and routed."""

    def make(office, *, confidence=0.95, **told):
        appeal = heard(**told)
        Examination.objects.filter(appeal_id=appeal.id).update(office=office, office_confidence=confidence)
        actions.route_and_promise_pending(now=now)
        return Handling.objects.get(appeal_id=appeal.id)

    return make


def why(row):
    return Routing.objects.filter(appeal_id=row.appeal_id).latest("id").reasons


def nobody_answers_for_roads():
    Competence.objects.filter(office__code="roads").delete()
    from dauys.institution.queries import forget

    forget()


def test_where_the_topic_is_not_known_the_usual_office_is_the_first_offered(cast, read):
    row = read(cast.branch, topic=None)
    assert (row.state, row.acting_id) == (State.UNROUTED, None)
    codes = [reason["code"] for reason in why(row)]
    assert codes == ["topic_unknown", "usual_office", "alternatives"]
    assert why(row)[-1]["offices"][0] == "branch"
    with override("en"):
        assert "Such appeals are usually answered by Branch (95 % sure): a person decides." in words.routing(why(row))


def test_where_nobody_is_competent_and_where_the_topic_is_unsure_it_is_offered_too(cast, read):
    nobody_answers_for_roads()
    for told in ({"topic": "roads.repair"}, {"topic": "water.outage", "sure": 0.3}):
        row = read(cast.utilities, **told)
        assert row.state == State.UNROUTED
        assert why(row)[-1]["offices"][0] == "utilities"


def test_rules_and_competences_stand_above_what_is_usual(cast, read, alone):
    alone(0.5)
    row = read(cast.branch, topic="water.outage")
    assert row.acting_id == cast.utilities.id
    assert "branch" not in str(why(row))


def test_where_the_reader_is_not_sure_nothing_is_offered(cast, read, alone):
    alone(0.5)
    row = read(None, confidence=0.4, topic=None)
    assert why(row)[0]["code"] == "topic_unknown"
    assert "usual_office" not in str(why(row))
    assert row.state == State.UNROUTED


@pytest.mark.parametrize(("least", "goes"), [(0.9, True), (0.95, True), (0.96, False), (None, False)])
def test_alone_it_goes_only_from_the_confidence_that_was_shown(cast, read, alone, least, goes):
    alone(least)
    row = read(cast.branch, topic=None)
    assert (row.state == State.PROMISED, row.acting_id) == (goes, cast.branch.id if goes else None)
    if goes:
        assert (row.clock_id, why(row)[0]["code"]) == (cast.branch.id, "usually_acts")
        assert why(row)[0]["instead"] == ["topic_unknown"]
        assert row.due_on is not None
        with override("en"):
            assert any("such appeals are usually answered there (95 % sure)" in one for one in words.routing(why(row)))
        assert "usually_acts" in Entry.objects.filter(verb="answer.promise").latest("id").detail["why"]


@pytest.mark.parametrize("kind", ["complaint", "message"])
@pytest.mark.parametrize("office", ["akimat", "utilities", "branch"])
def test_never_to_the_body_complained_about_nor_alone_where_one_is(cast, read, alone, kind, office):
    alone(0.5)
    nobody_answers_for_roads()
    row = read(getattr(cast, office), topic=None, kind=kind, about_office_id=cast.akimat.id)
    assert row.acting_id is None
    offered = [reason["office"] for reason in why(row) if reason["code"] == "usual_office"]
    assert offered == (["branch"] if office == "branch" else [])


def test_a_persons_word_on_the_topic_moves_what_the_machine_gave_alone(cast, read, alone, now):
    from dauys.understand import actions as understand

    alone(0.5)
    row = read(cast.branch, topic=None)
    understand.decide(
        appeal_id=row.appeal_id, officer=cast.operator, topic_code="water.outage", area_code="", now=now
    )  # fmt: skip
    actions.reroute_pending(now=now)
    row.refresh_from_db()
    assert row.acting_id == cast.utilities.id


def test_the_form_offers_the_likeliest_office_first(cast, read, client):
    row = read(cast.branch, topic=None)
    client.force_login(cast.operator)
    page = client.get(reverse("answer:appeal", args=[row.appeal.number]) + "?lang=en").content.decode()
    form = page[page.index('id="redirect_office"') :]
    assert form.index("Branch") < form.index("Akimat") < form.index("Utilities")
    assert "Such appeals are usually answered by Branch" in page


def test_what_the_reader_learns_from_is_who_answered_and_who_was_chosen_by_hand(cast, promised, now, contact):
    first, second, about = promised(), promised(), promised(about_office_id=cast.branch.id)
    actions.redirect(
        appeal_id=first.id, office_id=cast.road_department.id, reason="Это дорога", officer=cast.head, now=now
    )  # fmt: skip
    assert [(appeal, office) for _number, appeal, office in given_by_hand(0, 9)] == [
        (first.id, cast.road_department.id)
    ]
    newest = given_by_hand(0, 1)[0][0]
    assert given_by_hand(newest, 9) == []
    assert acted(9) == []
    Handling.objects.filter(appeal_id__in=[second.id, about.id]).update(state=State.ANSWERED, is_open=False)
    assert acted(9) == [(second.id, cast.utilities.id)]
    Routing.objects.filter(officer__isnull=False).update(reasons=[{"code": "raised"}])
    assert given_by_hand(0, 9) == []

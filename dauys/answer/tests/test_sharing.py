"""What nobody has taken is given out evenly, where the head says so, and never to whom it is about."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override

from dauys.answer import actions, queries
from dauys.answer.actions.sharing import AwayBackwards, Person
from dauys.answer.models import Colleague, Handling, Sharing
from dauys.institution.models import Appointment, Role, User
from dauys.ledger.models import Entry


@pytest.fixture
def second(cast):
    """Another officer of the same office."""
    user = User.objects.create_user("second@example.org", "correct horse battery", name="Серик Ахметов")
    Appointment.objects.create(user=user, office=cast.utilities, role=Role.OFFICER, since_on=date(2026, 1, 1))
    return user


@pytest.fixture
def shared(cast, now):
    """Let the office of utilities share, by its head."""

    def go(people=None, **told):
        told = {"is_on": True, "by_language": False, "by_topic": False, "officer": cast.head, **told}
        actions.set_sharing(office="utilities", people=people or {}, now=now, **told)

    return go


def held():
    """How many open appeals each officer has."""
    rows = Handling.objects.filter(is_open=True, officer__isnull=False).values_list("officer_id", flat=True)
    return {officer: list(rows).count(officer) for officer in rows}


def test_nothing_is_given_out_unless_the_head_says_so(promised, shared, second, now):
    promised()
    assert actions.share_pending(now=now) == 0
    shared()
    assert actions.share_pending(now=now) == 1
    promised()
    shared(is_on=False)
    assert actions.share_pending(now=now) == 0


def test_each_gets_as_much_as_the_other_and_twice_is_once(promised, shared, second, cast, now):
    for _ in range(7):
        promised()
    shared()
    assert actions.share_pending(now=now, limit=4) == 4
    assert actions.share_pending(now=now) == 3
    assert actions.share_pending(now=now) == 0
    assert sorted(held().values()) == [3, 4]
    assert Entry.objects.filter(verb="answer.share", actor=None).count() == 7
    assert set(held()) == {cast.officer.id, second.id}  # the head is given nothing


def test_a_heavy_one_counts_as_two(promised, shared, second, cast, now):
    Handling.objects.filter(appeal=promised()).update(officer=cast.officer, urgency="danger")
    for _ in range(2):
        promised()
    shared()
    actions.share_pending(now=now)
    assert held() == {cast.officer.id: 1, second.id: 2}


@pytest.mark.parametrize(
    ("away", "is_away"),
    [
        pytest.param({"away_from": date(2026, 3, 9), "away_until": date(2026, 3, 20)}, True, id="in between"),
        pytest.param({"away_until": date(2026, 3, 10)}, True, id="the last day"),
        pytest.param({"away_until": date(2026, 3, 9)}, False, id="back again"),
        pytest.param({"away_from": date(2026, 3, 11)}, False, id="from tomorrow"),
        pytest.param({"away_from": date(2026, 3, 10)}, True, id="without an end"),
        pytest.param({}, False, id="here"),
    ],
)
def test_who_is_away_is_passed_over(promised, shared, second, cast, now, away, is_away):
    promised()
    shared({cast.officer.id: Person(**away)})
    actions.share_pending(now=now)
    assert held() == {second.id if is_away else cast.officer.id: 1}


def test_with_everybody_away_it_waits(promised, shared, cast, now):
    promised()
    shared({cast.officer.id: Person(away_from=date(2026, 3, 1))})
    assert actions.share_pending(now=now) == 0
    assert actions.share_pending(now=now + timedelta(days=1)) == 0


@pytest.mark.parametrize(
    ("text", "kind", "to_second"),
    [
        pytest.param("Ахметов С. не отвечает на звонки, нет воды", "message", False, id="the name with an initial"),
        pytest.param("Жалуюсь на Ахметова: нет воды", "complaint", False, id="in a complaint the name alone"),
        pytest.param("Серику Ахметову: нет воды", "message", False, id="both names, in another form"),
        pytest.param("На улице Ахметова нет воды", "message", True, id="a street of that name, in a report"),
        pytest.param("Нет воды", "complaint", True, id="not named"),
    ],
)
def test_never_to_whom_it_may_be_about(promised, shared, second, cast, now, text, kind, to_second):
    Handling.objects.filter(appeal=promised()).update(officer=cast.officer)
    promised(text, kind=kind)
    shared()
    actions.share_pending(now=now)
    assert held() == ({cast.officer.id: 1, second.id: 1} if to_second else {cast.officer.id: 2})


def test_never_to_somebody_of_the_body_complained_about(promised, shared, second, cast, now):
    Appointment.objects.create(user=cast.officer, office=cast.branch, role=Role.OFFICER, since_on=date(2026, 1, 1))
    promised(kind="message", about_office_id=cast.branch.id)
    shared()
    actions.share_pending(now=now)
    assert held() == {second.id: 1}


def test_whoever_gave_it_back_does_not_get_it_again(promised, shared, second, cast, now):
    appeal = promised()
    shared()
    actions.share_pending(now=now)
    first = Handling.objects.get().officer
    actions.give_back(appeal_id=appeal.id, officer=first, now=now)
    actions.share_pending(now=now)
    other = Handling.objects.get().officer
    assert {first, other} == {cast.officer, second}
    actions.give_back(appeal_id=appeal.id, officer=other, now=now)
    assert actions.share_pending(now=now) == 0  # now a person decides
    actions.assign(appeal_id=appeal.id, to=first, officer=cast.head, now=now)


def test_who_writes_its_language_comes_first_and_the_page_says_why(promised, shared, second, cast, now):
    Handling.objects.filter(appeal=promised()).update(officer=second)
    appeal = promised(language="kk")
    shared({second.id: Person(languages=["kk"], topics=["water"]), cast.officer.id: Person(languages=["ru"])},
           by_language=True, by_topic=True)  # fmt: skip
    actions.share_pending(now=now)
    assert Handling.objects.get(appeal=appeal).officer == second
    with override("en"):
        why = queries.appeal_page(cast.head, appeal.number).given_why
    assert why == (
        "Given out by the machine: of 1 officer here, the one with the least open work. "
        "Among those who write its language. Open work before: 1."
    )
    actions.assign(appeal_id=appeal.id, to=cast.officer, officer=cast.head, now=now)  # the head has the last word
    assert queries.appeal_page(cast.head, appeal.number).given_why == ""


@pytest.mark.parametrize("who", ["officer", "operator", "administrator", "auditor", "stranger", "road_officer"])
def test_only_a_head_decides(shared, cast, who):
    with pytest.raises(PermissionDenied):
        shared(officer=getattr(cast, who))
    assert not Sharing.objects.exists()


def test_an_absence_ends_after_it_begins(shared, cast):
    with pytest.raises(AwayBackwards) as refused:
        shared({cast.officer.id: Person(away_from=date(2026, 3, 10), away_until=date(2026, 3, 9))})
    assert refused.value.name == "Officer"
    assert not Colleague.objects.exists()


def test_who_does_not_work_there_is_not_written_down(shared, cast):
    shared({cast.road_officer.id: Person(languages=["kk"])})
    assert not Colleague.objects.exists()


# Pages


def test_the_head_turns_it_on_and_says_who_is_away(client, shared, second, cast):
    client.force_login(cast.head)
    assert "Utilities" in client.get("/desk/sharing/?lang=en").content.decode()
    where = "/desk/sharing/utilities/"
    me = f"p{second.id}-"
    wrong = client.post(where, {"is_on": "on", me + "away_from": "2026-03-10", me + "away_until": "2026-03-01"})
    assert wrong.status_code == 422
    assert not Sharing.objects.exists()
    told = {"is_on": "on", "by_language": "on", me + "away_until": "2026-03-20", me + "languages": ["kk"],
            me + "topics": ["water"]}  # fmt: skip
    assert client.post(where, told).status_code == 302
    known = Colleague.objects.get(user=second)
    assert (known.away_until, known.languages, known.topics) == (date(2026, 3, 20), ["kk"], ["water"])
    assert Sharing.objects.get().by_language
    assert "2026-03-20" in client.get(where).content.decode()


def test_the_page_costs_the_same_for_many_officers(client, cast):
    client.force_login(cast.head)
    client.get("/desk/sharing/utilities/")
    costs = []
    for count in (1, 6):
        for number in range(count):
            user = User.objects.create_user(f"o{count}.{number}@example.org", "x", name=f"O {number}")
            Appointment.objects.create(user=user, office=cast.utilities, role=Role.OFFICER, since_on=date(2026, 1, 1))
        with CaptureQueriesContext(connection) as asked:
            assert client.get("/desk/sharing/utilities/").status_code == 200
        costs.append(len(asked))
    assert costs[0] == costs[1]


@pytest.mark.parametrize("who", ["officer", "stranger", "administrator"])
def test_others_do_not_see_it(client, cast, who):
    client.force_login(getattr(cast, who))
    assert client.get("/desk/sharing/").status_code == 403
    assert client.get("/desk/sharing/utilities/").status_code == 403
    assert client.get("/desk/sharing/nowhere/").status_code == 403

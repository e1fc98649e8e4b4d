"""Solved, in part, not solved: what follows from each, who answers next; the office's word is never the citizen's."""

import itertools
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from dauys.answer import actions, queries
from dauys.answer.models import Answer, Handling, Promise, Routing, Verdict
from dauys.institution.models import Appointment, User
from dauys.ledger.models import Entry

SAID = "Мы проверили: насос заменён 12 марта, вода подаётся. Основание: договор № 5."


@pytest.fixture
def later(now):
    """The next minute: nothing here happens before what has happened."""
    minutes = itertools.count(1)
    return lambda: now + timedelta(minutes=next(minutes))


@pytest.fixture
def lived(promised, later):
    """An appeal with answers and verdicts given in turn: `lived(officer, "no", head, "partly")`."""

    def live(*steps, appeal=None):
        appeal = appeal or promised()
        for step in steps:
            at = later()
            if isinstance(step, str):
                judge(appeal, step, at)
            else:
                ordinal = Answer.objects.filter(appeal=appeal).count() + 1
                actions.send_answer(
                    appeal_id=appeal.id, outcome="satisfied", text=f"{SAID} {ordinal}", officer=step, now=at
                )
        return appeal

    return live


def judge(appeal, word, at, words="", rating=None):
    ordinal = Answer.objects.filter(appeal=appeal).count()
    return actions.give_verdict(
        appeal_id=appeal.id, ordinal=ordinal, solved=word == "yes", partly=word in ("partly", "rests"),
        rests=word == "rests", rating=rating, words=words, now=at,
    )  # fmt: skip


def standing():
    row = Handling.objects.get()
    return row.state, row.is_open, row.disputes


@pytest.mark.parametrize(
    ("word", "state", "leaf"),
    [
        pytest.param("yes", ("confirmed", False, 0), ("amended", "confirmed"), id="solved"),
        pytest.param("rests", ("answered", False, 0), ("amended", "partly"), id="in part, and left at that"),
        pytest.param("partly", ("disputed", True, 1), ("reopened", "kz.appc.simplified"), id="in part"),
        pytest.param("no", ("disputed", True, 1), ("reopened", "kz.appc.simplified"), id="not solved"),
    ],
)
def test_what_follows_from_the_citizens_word(lived, cast, word, state, leaf):
    lived(cast.officer, word)
    assert standing() == state
    told = Entry.objects.get(verb="answer.verdict").leaf.splitlines()
    assert (told[1], told[5]) == leaf
    assert Promise.objects.filter(reason="reopened").count() == state[1]
    assert Verdict.objects.get().solved is (word == "yes")


@pytest.mark.parametrize("given", ["yes", "rests", "partly", "no"])
@pytest.mark.parametrize("again", ["yes", "rests", "partly", "no"])
def test_the_same_word_twice_is_one_and_another_is_refused(lived, cast, later, given, again):
    appeal = lived(cast.officer, given)
    if given == again:
        judge(appeal, again, later())
    else:
        with pytest.raises(actions.AlreadyJudged):
            judge(appeal, again, later())
    assert Verdict.objects.count() == Entry.objects.filter(verb="answer.verdict").count() == 1


def test_the_ledger_commits_to_the_very_word(lived, cast):
    words = set()
    for word in ("yes", "no", "partly", "rests"):
        appeal = lived(cast.officer, word)
        words.add(actions.verdict_fields(Verdict.objects.get(appeal=appeal))["solved"])
    assert words == {b"yes", b"no", b"in part", b"in part, left at that"}


# Higher up


@pytest.fixture
def department_head(cast):
    person = User.objects.create(email="department@example.org", name="Department head")
    Appointment.objects.create(user=person, office=cast.utilities, role="head", since_on=date(2026, 1, 1))
    return person


def test_the_first_dispute_stays_and_the_second_goes_to_the_head_of_the_office(lived, cast, department_head):
    appeal = lived(cast.officer, "no")
    assert Handling.objects.get().officer == cast.officer
    assert Routing.objects.count() == 1
    lived("no", appeal=lived(cast.officer, appeal=appeal))
    row = Handling.objects.get()
    assert (row.officer, row.acting, row.disputes) == (department_head, cast.utilities, 2)
    routing = Routing.objects.order_by("-id").first()
    assert routing.reasons == [{"code": "raised", "from": "utilities", "to": "utilities", "disputes": 2}]
    assert Entry.objects.filter(verb="answer.verdict").order_by("-id").first().detail["raised_to"] == "utilities"


def test_in_part_counts_as_a_dispute_too(lived, cast, department_head):
    lived(cast.officer, "partly", cast.officer, "partly")
    assert Handling.objects.get().officer == department_head


def test_a_head_who_has_answered_is_passed_over(lived, cast, department_head):
    lived(department_head, "no", cast.officer, "no")
    row = Handling.objects.get()
    assert (row.officer, row.acting, row.clock) == (cast.head, cast.akimat, cast.akimat)
    assert Promise.objects.order_by("-id").first().office == cast.akimat


def test_the_third_dispute_goes_higher_again(lived, cast, department_head):
    lived(cast.officer, "no", cast.officer, "no", department_head, "no")
    row = Handling.objects.get()
    assert (row.officer, row.acting, row.disputes) == (cast.head, cast.akimat, 3)


def test_where_everybody_has_answered_it_waits_at_another_desk(lived, cast, later):
    """The akimat's head, the only one here, answered first: nobody is chosen, and it leaves the department."""
    appeal = lived(cast.head, "no", cast.head, "no")
    row = Handling.objects.get()
    assert (row.officer, row.acting) == (None, cast.akimat)
    reason = Routing.objects.order_by("-id").first().reasons[0]
    assert (reason["code"], reason["to"]) == ("raised_to_nobody", "akimat")
    # Somebody must still be able to answer: the law's clock runs.
    actions.send_answer(appeal_id=appeal.id, outcome="explained", text=SAID, officer=cast.head, now=later())


def test_whoever_answered_neither_gets_it_again_nor_answers_it(lived, cast, later, department_head):
    appeal = lived(cast.officer, "no", cast.officer, "no")
    with pytest.raises(actions.AnsweredBefore):
        actions.assign(appeal_id=appeal.id, to=cast.officer, officer=department_head, now=later())
    with pytest.raises(actions.AlreadyTaken):
        actions.take(appeal_id=appeal.id, officer=cast.officer, now=later())
    with pytest.raises(actions.AnsweredBefore):
        lived(cast.officer, appeal=appeal)
    assert Answer.objects.count() == 2
    lived(department_head, appeal=appeal)
    assert Answer.objects.count() == 3


def test_a_first_dispute_may_be_answered_by_the_same_officer(lived, cast):
    lived(cast.officer, "no", cast.officer)
    assert Answer.objects.count() == 2


def test_both_sides_read_why_it_went_up(lived, cast, department_head):
    appeal = lived(cast.officer, "no", cast.officer, "no")
    why = "disputed the answer again, so it went from Utilities to the head of Utilities"
    page = queries.appeal_page(department_head, appeal.number)
    assert any(why in sentence for sentence in page.why_here)
    citizen = queries.citizen_page(appeal_id=appeal.id, case=appeal.case, received_on=date(2026, 3, 10))
    assert any(why in sentence for sentence in citizen.why_here)
    assert any("now higher up: Utilities" in past.words for past in citizen.history)
    assert any("now higher up: Utilities" in past.words for past in page.history)


def test_each_of_those_who_joined_one_matter_has_a_word_of_their_own(lived, promised, cast, now):
    from dauys.understand import actions as understand

    one, two, three = (promised(f"Нет воды {number}") for number in range(3))
    understand.join(appeal_id=one.id, other_ids=[two.id, three.id], officer=cast.operator, title="", now=now)
    for appeal, word in ((one, "yes"), (two, "no"), (three, "rests")):
        lived(cast.officer, word, appeal=appeal)
    told = {appeal.id: Handling.objects.get(appeal=appeal) for appeal in (one, two, three)}
    assert [told[appeal.id].state for appeal in (one, two, three)] == ["confirmed", "disputed", "answered"]
    assert [told[appeal.id].is_open for appeal in (one, two, three)] == [False, True, False]


# Asked again


@pytest.mark.parametrize(
    ("days", "is_asked"),
    [(27, False), (28, True), (34, True), (35, False)],
    ids=["not four weeks yet", "four weeks", "a week late still", "too late to ask"],
)
def test_silence_is_asked_about_once_four_weeks_later(lived, cast, days, is_asked):
    appeal = lived(cast.officer)
    found = queries.to_ask_again(today=date(2026, 3, 10) + timedelta(days=days))
    assert [(one.appeal_id, one.ordinal, one.number) for one in found] == (
        [(appeal.id, 1, appeal.number)] if is_asked else []
    )


@pytest.mark.parametrize("word", ["yes", "no", "partly", "rests"])
def test_whoever_has_said_something_is_not_asked(lived, cast, word):
    lived(cast.officer, word)
    assert queries.to_ask_again(today=date(2026, 4, 7)) == []


def test_only_the_answer_that_stands_is_asked_about_and_none_of_old_records(lived, cast):
    lived(cast.officer, "no", cast.officer)
    assert [one.ordinal for one in queries.to_ask_again(today=date(2026, 4, 7))] == [2]
    Answer.objects.update(officer=None)
    assert queries.to_ask_again(today=date(2026, 4, 7)) == []


def test_those_to_be_asked_come_in_parts_of_any_size(lived, cast):
    for _ in range(5):
        lived(cast.officer)
    asked, after = [], 0
    while found := queries.to_ask_again(today=date(2026, 4, 7), after=after, limit=2):
        asked += [one.appeal_id for one in found]
        after = found[-1].answer_id
    assert len(asked) == len(set(asked)) == 5


# What citizens said of my answers


def logged_in(person):
    client = Client(headers={"accept-language": "en"})
    client.force_login(person)
    return client


@pytest.fixture
def judged(lived, promised, cast, monkeypatch, later, now):
    """Six answers of the officer, one of the road officer; five judged."""
    for number, word in enumerate(("yes", "yes", "no", "partly", "rests", None)):
        appeal = promised(f"Нет воды {number}")
        lived(cast.officer, appeal=appeal)
        if word:
            judge(appeal, word, later(), words=f"Слово {number}, звоните +7 701 234 56 78", rating=number % 5 + 1)
    other = promised("Яма", topic="roads.repair")
    lived(cast.road_officer, appeal=other)
    judge(other, "no", later(), words="Чужое слово")
    monkeypatch.setattr("dauys.answer.views.verdicts.timezone.now", lambda: now + timedelta(days=6))


def test_counts_carry_their_period_and_what_they_are_out_of(judged, cast):
    mine = queries.said_of_answers(cast.officer, of_office=False, today=date(2026, 3, 20), days=30)
    tally = mine.tally
    assert (mine.since, mine.until) == (date(2026, 2, 19), date(2026, 3, 20))
    assert (tally.answers, tally.judged) == (6, 5)
    assert (tally.solved, tally.partly, tally.unsolved) == (2, 2, 1)
    assert (tally.rated, tally.rating) == (5, 3.0)
    assert queries.said_of_answers(cast.officer, of_office=False, today=date(2026, 6, 20), days=30).tally.answers == 0


def test_what_the_office_called_done_is_not_what_the_citizen_confirmed(judged, cast):
    said = queries.said_of_answers(cast.officer, of_office=False, today=date(2026, 3, 20), days=30).said
    assert {one.outcome for one in said} == {"satisfied"}
    assert sum(one.solved for one in said) == 2


def test_an_officer_reads_their_own_and_masked(judged, cast):
    page = logged_in(cast.officer).get("/desk/mine/").content.decode()
    assert "Слово 2" in page
    assert "234 56 78" not in page
    assert "Чужое слово" not in page
    assert "Road_Officer" not in page


def test_a_head_reads_the_answers_of_the_office_and_no_list_of_people(judged, cast):
    page = logged_in(cast.head).get("/desk/mine/?of=office").content.decode()
    assert "Слово 2" in page
    assert "Чужое слово" in page
    for person in (cast.officer, cast.road_officer):
        assert str(person) not in page
    own = logged_in(cast.officer).get("/desk/mine/?of=office").content.decode()
    assert "Чужое слово" not in own


@pytest.mark.parametrize(("who", "status"), [("nobody", 302), ("stranger", 403), ("administrator", 403)])
def test_strangers_read_none_of_it(judged, cast, who, status):
    client = Client() if who == "nobody" else logged_in(getattr(cast, who))
    response = client.get("/desk/mine/")
    assert response.status_code == status
    assert "Слово" not in response.content.decode()


def test_it_costs_the_same_for_many_answers(lived, promised, cast, monkeypatch, now):
    monkeypatch.setattr("dauys.answer.views.verdicts.timezone.now", lambda: now + timedelta(days=6))
    client, costs = logged_in(cast.officer), []
    client.get("/desk/mine/")
    for many in (2, 20):
        for number in range(many):
            lived(cast.officer, "no", appeal=promised(f"Слова {many} {number}"))
        with CaptureQueriesContext(connection) as asked:
            assert client.get("/desk/mine/").status_code == 200
        costs.append(len(asked))
    assert costs[0] == costs[1] <= 12, [one["sql"][:90] for one in asked]

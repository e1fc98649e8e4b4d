"""The citizen's page: what stands there, what the two buttons do, and a door that stays shut for everybody
else.
"""

from datetime import date

import pytest
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from dauys.answer import actions
from dauys.answer.models import Handling, Message, Verdict
from dauys.hear import actions as hear
from dauys.hear import grants
from dauys.hear.models import Appeal
from dauys.hear.submission import Submission
from dauys.ledger import actions as ledger
from dauys.understand.models import Examination

WORDS = "На улице Лесной третий день нет воды"
SAID = "Насос заменён 12 марта, вода подаётся."


@pytest.fixture(autouse=True)
def _still_house(monkeypatch):
    """On a slow machine the house would be looked at anew in the middle of a count of statements."""
    monkeypatch.setattr("dauys.institution.queries.RECHECK_SECONDS", 3600)


@pytest.fixture
def appeal(cast, now):
    receipt = hear.receive(Submission(channel="web", token="a", text=WORDS), now=now)
    Examination.objects.create(
        appeal_id=receipt.appeal_id, language="ru", topic=cast.water, topic_confidence=0.9,
        needs_person=False,
        examined_at=now,
    )  # fmt: skip
    return Appeal.objects.get()


@pytest.fixture
def citizen(appeal):
    """A browser that has typed the number and the code."""
    client, response = Client(), HttpResponse()
    grants.grant(HttpRequest(), response, appeal.id)
    client.cookies[grants.COOKIE] = response.cookies[grants.COOKIE].value
    return client


@pytest.fixture
def answered(appeal, cast, now):
    actions.route_and_promise_pending(now=now)
    actions.send_answer(appeal_id=appeal.id, outcome="satisfied", text=SAID, officer=cast.officer, now=now)
    return appeal


PAGES = ["", "write/", "verdict/", "proof/"]


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("who", ["nobody", "forger", "another citizen", "officer"])
def test_a_stranger_is_led_to_the_door(answered, cast, now, page, who):
    client = Client()
    if who == "forger":
        client.cookies[grants.COOKIE] = f"[[{answered.id}, 9999999999, 1]]:sign:nature"
    if who == "another citizen":
        other = hear.receive(Submission(channel="web", token="b", text="Другое"), now=now)
        response = HttpResponse()
        grants.grant(HttpRequest(), response, other.appeal_id)
        client.cookies[grants.COOKIE] = response.cookies[grants.COOKIE].value
    if who == "officer":
        client.force_login(cast.officer)
    method = client.get if page in ("", "proof/") else client.post
    response = method(f"/my/{answered.number}/{page}", {"solved": "no", "ordinal": 1, "text": "x", "token": "t"})
    assert response.status_code == 302
    assert response.headers["Location"] == f"/track/?number={answered.number}"
    # Whether the number exists cannot be told from outside.
    unknown = method(f"/my/2026-999999/{page}")
    assert (unknown.status_code, unknown.headers["Location"]) == (302, "/track/?number=2026-999999")
    assert not Verdict.objects.exists()
    assert not Message.objects.exists()


def test_the_first_seconds_already_say_something(citizen, appeal):
    page = citizen.get(f"/my/{appeal.number}/").content.decode()
    assert WORDS in page
    assert "Your appeal is registered" in page


def test_the_promise_stands_with_its_reason_and_the_time_left(citizen, appeal, now, cast, monkeypatch):
    actions.route_and_promise_pending(now=now)
    monkeypatch.setattr("dauys.web.citizen.timezone.now", lambda: now)
    page = citizen.get(f"/my/{appeal.number}/").content.decode()
    assert '<p class="lead"><b>An answer by 3\xa0April 2026</b>' in page
    assert "24 days are left" in page
    assert "15 working days" in page
    assert "Utilities is working on your appeal." in page
    assert "APPC art." in page


def test_notes_of_officers_never_reach_the_citizen(citizen, appeal, cast, now):
    actions.route_and_promise_pending(now=now)
    for note, text in ((True, "Внутреннее слово"), (False, "Мастер придёт завтра")):
        actions.write(appeal_id=appeal.id, text=text, note=note, token="t", officer=cast.officer, now=now)
    page = citizen.get(f"/my/{appeal.number}/").content.decode()
    assert "Мастер придёт завтра" in page
    assert "Внутреннее слово" not in page
    assert "Internal note" not in page


def test_writing_to_the_officer_counts_once(citizen, appeal, now):
    actions.route_and_promise_pending(now=now)
    form = {"text": "Когда будет вода?", "token": "form"}
    for _ in range(2):
        assert citizen.post(f"/my/{appeal.number}/write/", form).status_code == 303
    assert Message.objects.get().text == "Когда будет вода?"
    assert Handling.objects.get().unread
    empty = citizen.post(f"/my/{appeal.number}/write/", {"text": " … ", "token": "form 2"})
    assert empty.status_code == 422
    assert Message.objects.count() == 1


def test_solved_is_the_citizens_word(citizen, answered):
    assert "Is the matter solved?" in citizen.get(f"/my/{answered.number}/").content.decode()
    response = citizen.post(
        f"/my/{answered.number}/verdict/",
        {"solved": "yes", "ordinal": 1, "rating": "5", "words": "Спасибо"},
        follow=True,
    )
    verdict = Verdict.objects.get()
    assert (verdict.solved, verdict.rating, verdict.words) == (True, 5, "Спасибо")
    assert (Handling.objects.get().state, Handling.objects.get().is_open) == ("confirmed", False)
    assert "Is the matter solved?" not in response.content.decode()


def test_not_solved_opens_it_again_and_says_the_new_day(citizen, answered, now, monkeypatch):
    monkeypatch.setattr("dauys.web.citizen.timezone.now", lambda: now)
    response = citizen.post(f"/my/{answered.number}/verdict/", {"solved": "no", "ordinal": 1}, follow=True)
    page = response.content.decode()
    row = Handling.objects.get()
    assert (row.state, row.is_open, row.due_on) == ("disputed", True, date(2026, 4, 3))
    assert "The appeal is open again" in page
    assert '<p class="lead"><b>An answer by 3\xa0April 2026</b>' in page


@pytest.mark.parametrize(
    "told",
    [
        pytest.param({"ordinal": 1}, id="no button"),
        pytest.param({"ordinal": 1, "solved": "maybe"}, id="no such button"),
        pytest.param({"ordinal": "x", "solved": "no"}, id="no such answer"),
        pytest.param({"ordinal": 1, "solved": "no", "rating": "11"}, id="no such rating"),
        pytest.param({"ordinal": 1, "solved": "no", "words": "а" * 2001}, id="too many words"),
    ],
)
def test_a_broken_verdict_changes_nothing(citizen, answered, told):
    assert citizen.post(f"/my/{answered.number}/verdict/", told).status_code == 422
    assert not Verdict.objects.exists()


def test_a_verdict_on_an_older_answer_changes_nothing(citizen, answered):
    response = citizen.post(f"/my/{answered.number}/verdict/", {"ordinal": 7, "solved": "no"}, follow=True)
    assert "newer answer" in response.content.decode()
    assert not Verdict.objects.exists()


def test_the_proof_comes_once_sealed(citizen, appeal, now):
    early = citizen.get(f"/my/{appeal.number}/proof/", follow=True)
    assert "Try again in a minute" in early.content.decode()
    ledger.seal_pending(now=now)
    response = citizen.get(f"/my/{appeal.number}/proof/")
    assert response.status_code == 200
    assert f'filename="{appeal.number}.tlog-proof"' in response.headers["Content-Disposition"]
    assert response.content


def test_the_page_costs_the_same_however_long_the_conversation(citizen, answered, now):
    costs = []
    citizen.get(f"/my/{answered.number}/")
    for count in (5, 50):
        for number in range(count):
            actions.citizen_writes(appeal_id=answered.id, text=f"Слово {number}", token=str(count), now=now)
        with CaptureQueriesContext(connection) as asked:
            assert citizen.get(f"/my/{answered.number}/").status_code == 200
        costs.append(len(asked))
    assert costs[0] == costs[1] <= 12, [one["sql"][:90] for one in asked]


def test_hostile_words_stay_words(citizen, answered, now):
    hostile = "<script>alert(1)</script> \u202eсправа налево"
    actions.citizen_writes(appeal_id=answered.id, text=hostile, token="t", now=now)
    page = citizen.get(f"/my/{answered.number}/").content.decode()
    assert "<script>alert" not in page
    assert '<p class="words" dir="auto">&lt;script&gt;alert(1)&lt;/script&gt; \u202eсправа' in page

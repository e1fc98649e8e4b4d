"""The citizen's page: what stands there, what the two buttons do, and a door that stays shut for everybody
else.
"""

import json
from datetime import date, timedelta

import pytest
from click.testing import CliRunner
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from dauys.answer import actions
from dauys.answer.models import Answer, Handling, Message, Verdict
from dauys.commands.verify import verify
from dauys.hear import actions as hear
from dauys.hear import grants
from dauys.hear.models import Appeal, Sealed
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


PAGES = ["", "write/", "verdict/", "proof/", "proof/1/"]


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
    method = client.post if page in ("write/", "verdict/") else client.get
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


def test_the_proof_of_the_answer_is_accepted_by_anybody(citizen, answered, cast, now, tmp_path):
    early = citizen.get(f"/my/{answered.number}/proof/1/", follow=True)
    assert "Try again in a minute" in early.content.decode()
    ledger.seal_pending(now=now)
    assert f'href="/my/{answered.number}/proof/1/"' in citizen.get(f"/my/{answered.number}/").content.decode()
    response = citizen.get(f"/my/{answered.number}/proof/1/")
    assert f'filename="{answered.number}-answer-1.tlog-proof"' in response.headers["Content-Disposition"]
    file = tmp_path / "answer.tlog-proof"
    file.write_bytes(response.content)
    said = CliRunner().invoke(verify, [str(file), "--key", str(ledger.verifier_key()), "--json"])
    assert said.exit_code == 0, said.output
    told = json.loads(said.stdout)
    assert (told["result"], told["kind"], told["code"]) == ("proven", "answered", "satisfied")
    assert told["fields"] == {
        "text": SAID, "outcome": "satisfied", "office": "utilities", "official": str(cast.officer.id),
        "moment": "2026-03-10T06:00:00.000000+00:00",
    }  # fmt: skip
    # An answer put in another's place proves nothing.
    Answer.objects.update(text="Отказано")
    file.write_bytes(citizen.get(f"/my/{answered.number}/proof/1/").content)
    said = CliRunner().invoke(verify, [str(file), "--key", str(ledger.verifier_key())])
    assert said.exit_code == 3
    assert "Its fields are not those the leaf commits to." in said.stdout


@pytest.mark.parametrize("ordinal", [0, 2, 10**12])
def test_an_answer_that_was_never_sent_has_no_proof(citizen, answered, ordinal):
    assert citizen.get(f"/my/{answered.number}/proof/{ordinal}/").status_code == 404


def test_an_answer_of_old_records_has_no_proof(citizen, answered):
    Answer.objects.update(officer=None)
    assert citizen.get(f"/my/{answered.number}/proof/1/").status_code == 404
    assert "proof/1/" not in citizen.get(f"/my/{answered.number}/").content.decode()


def test_after_erasure_the_answer_cannot_be_proven(citizen, answered, now):
    ledger.seal_pending(now=now)
    Sealed.objects.update(wrapped_key=None)
    page = citizen.get(f"/my/{answered.number}/proof/1/", follow=True)
    assert "was erased" in page.content.decode()


def test_twenty_messages_a_day_and_then_tomorrow(citizen, answered, now, monkeypatch):
    monkeypatch.setattr("dauys.web.citizen.timezone.now", lambda: now)
    address = f"/my/{answered.number}/write/"
    for number in range(20):
        assert citizen.post(address, {"text": f"Слово {number}", "token": "t"}).status_code == 303
    again = citizen.post(address, {"text": "Слово 3", "token": "t"})
    assert again.status_code == 303  # sent before: the same message, not one more
    more = citizen.post(address, {"text": "Ещё одно слово", "token": "t"})
    assert more.status_code == 429
    page = more.content.decode()
    assert "You have written 20 messages today" in page
    assert "Ещё одно слово" in page
    assert Message.objects.count() == 20
    # The day is the institution's: at seven in the evening UTC it is past midnight in Almaty.
    midnight = now.replace(hour=19)
    monkeypatch.setattr("dauys.web.citizen.timezone.now", lambda: midnight)
    assert citizen.post(address, {"text": "Ещё одно слово", "token": "t"}).status_code == 303


def test_the_page_costs_the_same_however_long_the_conversation(citizen, answered, now):
    costs = []
    citizen.get(f"/my/{answered.number}/")
    for count in (5, 50):
        for number in range(count):
            at = now + timedelta(days=number)
            actions.citizen_writes(appeal_id=answered.id, text=f"Слово {number}", token=str(count), now=at)
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

"""Links out of letters: they open one appeal, for a while, and tell nobody anything; no answer says what exists."""

import logging
import re
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from dauys.answer.models import Letter, Quiet
from dauys.answer.post import desk, links, send_letters_pending
from dauys.answer.tests.post_office import Office, free_port, opened, plain
from dauys.hear import actions as hear
from dauys.hear import grants
from dauys.hear.models import Appeal, Sealed
from dauys.hear.submission import Contact, Submission
from dauys.web import opening
from dauys.web.logs import Discreet

EMAIL = "aigul@example.org"


@pytest.fixture(autouse=True)
def _quick(monkeypatch):
    monkeypatch.setattr(opening, "SECONDS_EACH", 0.0)
    monkeypatch.setattr(opening.asked, "_failures", type(opening.asked._failures)())


@pytest.fixture
def appeal(cast, now):
    told = Submission(channel="web", token="a", text="Нет воды", contact=Contact(name="Айгүл", email=EMAIL))
    return Appeal.objects.get(id=hear.receive(told, now=now).appeal_id)


@pytest.fixture
def other(cast, now):
    told = Submission(channel="web", token="b", text="Нет света", contact=Contact(name="Б", email="b@example.org"))
    return Appeal.objects.get(id=hear.receive(told, now=now).appeal_id)


@pytest.fixture
def mail(settings, tmp_path):
    settings.HOME = tmp_path
    office = Office(free_port())
    settings.MAIL_URL = f"smtp://127.0.0.1:{office.port}?tls=none"
    settings.MAIL_FROM = "letters@dauys.example.org"
    settings.SITE = "https://testserver"
    return office


# A link


def test_a_link_opens_its_appeal_at_the_clean_address_and_no_other(client, appeal, other):
    token = links.link(links.OPEN, appeal.id, now=timezone.now())
    came = client.get(f"/open/{token}/")
    assert (came.status_code, came.headers["Location"]) == (303, f"/my/{appeal.number}/")
    assert came.headers["Cache-Control"] == "no-store"
    assert client.get(f"/my/{appeal.number}/").status_code == 200
    assert client.get(f"/my/{other.number}/").status_code == 302
    assert token not in client.get(f"/my/{appeal.number}/").content.decode()


def test_looking_at_the_address_alone_changes_nothing_for_anybody_else(appeal):
    token = links.link(links.OPEN, appeal.id, now=timezone.now())
    Client().get(f"/open/{token}/")  # a scanner of mail
    assert Client().get(f"/my/{appeal.number}/").status_code == 302


def test_an_old_link_leads_to_the_way_to_a_new_one(client, appeal):
    with time_machine.travel(timezone.now() - timedelta(days=15)):
        token = links.link(links.OPEN, appeal.id, now=timezone.now())
    came = client.get(f"/open/{token}/")
    assert came.headers["Location"] == f"/track/link/?number={appeal.number}"
    assert grants.COOKIE not in client.cookies


@pytest.mark.parametrize("token", ["x", "A" * 44, "%D3%99", "..", "A" * 500])
def test_what_is_no_link_opens_nothing(client, appeal, token):
    assert client.get(f"/open/{token}/").status_code in (302, 404)
    assert grants.COOKIE not in client.cookies


def test_a_link_that_stops_letters_opens_nothing(client, appeal):
    token = links.link(links.QUIET, appeal.id, now=timezone.now(), about="again.appeal")
    assert client.get(f"/open/{token}/").headers["Location"] == "/track/link/"
    assert grants.COOKIE not in client.cookies


def test_no_line_of_the_log_holds_a_link(appeal):
    token = links.link(links.OPEN, appeal.id, now=timezone.now())
    for where in (f"/open/{token}/", f"/letters/stop/{token}/"):
        record = logging.LogRecord("django.request", logging.ERROR, "", 0, "Internal Server Error: %s", (where,), None)
        assert token not in Discreet("{message}", style="{").format(record)


# A new one


def ask(client, number, email):
    return client.post("/track/link/", {"number": number, "email": email})


def words_of(page) -> str:
    return re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", page.content.decode())


def test_the_answer_is_the_same_whatever_is_asked(client, mail, appeal, other):
    right = ask(client, appeal.number, EMAIL)
    assert right.status_code == 200
    assert "is on its way" in words_of(right)
    for number, email in (
        (appeal.number, "b@example.org"),
        (other.number, EMAIL),
        ("2026-999999", EMAIL),
        ("2026-999999", "nobody@example.org"),
    ):
        wrong = ask(client, number, email)
        assert (wrong.status_code, words_of(wrong)) == (200, words_of(right))
        assert dict(wrong.headers) == dict(right.headers)
    assert list(Letter.objects.values_list("kind", "appeal_id")) == [("link", appeal.id)]


def test_the_new_link_arrives_and_opens(client, mail, appeal):
    ask(client, appeal.number.replace("-", " "), f" {EMAIL.upper()} ")
    with opened(mail):
        send_letters_pending(now=timezone.now())
    (letter,) = mail.letters
    assert letter["To"] == EMAIL
    (where,) = re.findall(r"https://testserver(/open/[\w-]+/)", plain(letter))
    assert client.get(where).status_code == 303
    assert client.get(f"/my/{appeal.number}/").status_code == 200


def test_so_many_a_day_for_one_appeal_whoever_asks(client, mail, appeal, other):
    for _turn in range(desk.LINKS_A_DAY + 3):
        assert ask(client, appeal.number, EMAIL).status_code == 200
    ask(client, other.number, "b@example.org")
    assert Letter.objects.filter(appeal=appeal).count() == desk.LINKS_A_DAY
    assert Letter.objects.filter(appeal=other).count() == 1


def test_a_network_that_asks_without_end_is_slowed_right_or_wrong(client, mail, appeal):
    codes = {ask(client, appeal.number, EMAIL if turn % 2 else "x@example.org").status_code for turn in range(30)}
    assert codes == {200}
    late = ask(client, appeal.number, EMAIL)
    assert late.status_code == 429
    assert int(late.headers["Retry-After"]) > 0


def test_each_question_takes_the_same_time(client, mail, appeal, monkeypatch):
    slept = []
    monkeypatch.setattr(opening, "SECONDS_EACH", 10.0)
    monkeypatch.setattr(opening.time, "sleep", slept.append)
    ask(client, appeal.number, EMAIL)
    ask(client, "2026-999999", EMAIL)
    assert all(9 < seconds <= 10 for seconds in slept)
    assert len(slept) == 2


def test_an_erased_or_empty_contact_is_reached_by_nobody(client, mail, appeal, other, now):
    Sealed.objects.filter(appeal=appeal).update(wrapped_key=None)
    bare = Appeal.objects.get(id=hear.receive(Submission(channel="web", token="c", text="Да"), now=now).appeal_id)
    ask(client, appeal.number, EMAIL)
    assert client.post("/track/link/", {"number": bare.number, "email": ""}).status_code == 422
    assert not Letter.objects.exists()


def test_where_mail_is_off_the_page_says_so_and_track_shows_the_way(client, appeal):
    assert "/track/link/" in client.get("/track/").content.decode()
    assert "not sent here" in client.get("/track/link/").content.decode()
    assert "not sent here" in ask(client, appeal.number, EMAIL).content.decode()


# No more of these


def test_no_more_letters_of_a_kind(client, appeal, cast):
    for subject, about in ((appeal.id, "again.appeal"), (cast.officer.id, "given.person")):
        token = links.link(links.QUIET, subject, now=timezone.now(), about=about)
        assert client.get(f"/letters/stop/{token}/").status_code == 200
        assert not Quiet.objects.filter(kind=about.partition(".")[0]).exists(), "looking changes nothing"
        for _turn in range(2):
            told = Client(enforce_csrf_checks=True).post(f"/letters/stop/{token}/", {"List-Unsubscribe": "One-Click"})
            assert told.status_code == 200
    assert set(Quiet.objects.values_list("kind", "appeal", "person")) == {
        ("again", appeal.id, None), ("given", None, cast.officer.id),
    }  # fmt: skip


def test_what_the_law_owes_cannot_be_stopped(client, appeal):
    token = links.link(links.QUIET, appeal.id, now=timezone.now(), about="answered.appeal")
    client.post(f"/letters/stop/{token}/")
    opened_by = links.link(links.OPEN, appeal.id, now=timezone.now())
    assert client.post(f"/letters/stop/{opened_by}/").status_code == 404
    assert not Quiet.objects.exists()

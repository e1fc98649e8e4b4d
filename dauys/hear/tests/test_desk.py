"""The desk: who may write down, what is asked, and the ticket a visitor leaves with."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from dauys.hear import actions, codes
from dauys.hear.models import Appeal, Attachment
from dauys.hear.queries import contact_of
from dauys.hear.submission import Submission
from dauys.hear.tests.browser import fields_of
from dauys.ledger.models import Entry

PAGE = "/desk/write-down/"
WATER = "Воды нет с понедельника"


@pytest.fixture(autouse=True)
def _no_second_factor(settings, time_machine, now):
    settings.SECOND_FACTOR_REQUIRED = False
    time_machine.move_to(now, tick=False)


def at_desk(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def write(client: Client, **told):
    page = client.get(PAGE)
    return client.post(f"{PAGE}?lang=en", {**fields_of(page), "text": WATER, **told, "step": "file"})


def complaints(page) -> str:
    return " ".join(words for field in page.context["form"].errors.values() for words in field)


def test_a_visitor_is_written_down_and_the_form_is_ready_again(cast):
    client = at_desk(cast.operator)
    done = write(client, name="Айгүл Тестова", phone="+77000000001", kind="complaint", taken_at=str(cast.akimat.id))
    appeal = Appeal.objects.get()
    assert (done.status_code, done.url) == (303, f"{PAGE}?taken={appeal.number}")
    assert (appeal.channel, appeal.kind, appeal.taken_by, appeal.taken_at) == (
        "desk", "complaint", cast.operator, cast.akimat,
    )  # fmt: skip
    assert contact_of(appeal).name == "Айгүл Тестова"
    assert Entry.objects.get().actor == cast.operator
    page = client.get(done.url)
    assert appeal.number in page.content.decode()
    assert page.context["form"]["text"].value() in (None, "")


@pytest.mark.parametrize("channel", ["desk", "phone", "paper"])
def test_the_channel_is_told(cast, channel):
    write(at_desk(cast.operator), told_by=channel)
    assert Appeal.objects.get().channel == channel


def test_an_officer_with_one_office_need_not_choose_it(cast):
    write(at_desk(cast.officer))
    assert Appeal.objects.get().taken_at == cast.utilities


def test_a_letter_of_yesterday_keeps_its_day(cast):
    write(at_desk(cast.operator), told_by="paper", received_on="2026-03-09", received_time="10:15")
    appeal = Appeal.objects.get()
    assert appeal.received_at == datetime(2026, 3, 9, 5, 15, tzinfo=UTC)
    assert appeal.registered_on == date(2026, 3, 10)  # the ninth is a day off after a holiday on Sunday


def test_a_letter_of_this_morning_without_an_hour_is_not_in_the_future(cast, now):
    write(at_desk(cast.operator), told_by="paper", received_on="2026-03-10")
    assert Appeal.objects.get().received_at <= now


@pytest.mark.parametrize(
    ("told", "field", "words"),
    [
        pytest.param({"text": ""}, "text", "own words", id="no words"),
        pytest.param({"told_by": "pigeon"}, "told_by", "", id="unknown channel"),
        pytest.param({"received_on": "2026-03-11"}, "received_on", "future", id="tomorrow"),
        pytest.param({"received_on": "2025-03-01"}, "received_on", "more than a year", id="last year"),
        pytest.param({"received_on": "yesterday"}, "received_on", "31.12.2026", id="no day"),
        pytest.param({"received_time": "10:00"}, "received_on", "Give the day", id="hour without a day"),
        pytest.param({"received_on": "0001-01-01"}, "received_on", "more than a year", id="the first day of all"),
        pytest.param({"received_on": "2026-03-09", "received_time": "25:00"}, "received_time", "14:30", id="no hour"),
    ],
)
def test_bad_input_is_named_and_nothing_typed_is_lost(cast, told, field, words):
    page = write(at_desk(cast.operator), name="Айгүл", **told)
    assert page.status_code == 422
    assert words in " ".join(page.context["form"].errors[field])
    assert fields_of(page)["name"] == "Айгүл"
    assert not Appeal.objects.exists()


def test_a_double_press_writes_down_once(cast):
    client = at_desk(cast.operator)
    told = {**fields_of(client.get(PAGE)), "text": WATER, "step": "file"}
    assert client.post(PAGE, told).url == client.post(PAGE, told).url
    assert Appeal.objects.count() == 1


def test_a_scan_is_attached(cast, photo):
    write(at_desk(cast.operator), attached=[SimpleUploadedFile("letter.jpg", photo)])
    assert Attachment.objects.get().name == "letter.jpg"


def test_the_ticket_names_who_took_it_and_their_post(cast):
    client = at_desk(cast.operator)
    write(client, taken_at=str(cast.akimat.id))
    appeal = Appeal.objects.get()
    page = client.get(f"{PAGE}{appeal.number}/?lang=en")
    words = page.content.decode()
    assert all(part in words for part in (appeal.number, "Operator", "Akimat"))
    assert page.context["code"] == codes.code_for(appeal.key)


def test_the_code_leaves_the_ticket_after_an_hour(cast, time_machine, now):
    client = at_desk(cast.operator)
    write(client)
    number = Appeal.objects.get().number
    time_machine.move_to(now + timedelta(hours=1, seconds=1), tick=False)
    assert client.get(f"{PAGE}{number}/").context["code"] == ""


def test_a_colleague_prints_the_ticket_without_the_code(cast):
    write(at_desk(cast.officer))
    page = at_desk(cast.operator).get(f"{PAGE}{Appeal.objects.get().number}/")
    assert (page.status_code, page.context["code"]) == (200, "")


def test_a_session_that_ended_keeps_the_words_until_the_writer_is_back(cast):
    client = at_desk(cast.operator)
    told = {**fields_of(client.get(PAGE)), "text": WATER, "name": "Айгүл", "step": "file"}
    client.logout()
    page = client.post(PAGE, told)
    assert page.status_code == 403
    kept = dict(page.context["fields"])
    assert (kept["text"], kept["name"]) == (WATER, "Айгүл")
    client.force_login(cast.operator)
    assert client.post(PAGE, kept).status_code == 303


# Guards


@pytest.mark.parametrize("who", ["stranger", "auditor", "administrator"])
def test_who_may_not_write_down_sees_no_form(cast, who):
    client = at_desk(getattr(cast, who))
    assert client.get(PAGE).status_code == 403
    assert client.post(PAGE, {"text": WATER}).status_code == 403


def test_nobody_writes_down_without_signing_in(cast, client):
    assert client.get(PAGE).status_code == 302
    assert client.post(PAGE, {"text": WATER}).status_code == 403
    assert not Appeal.objects.exists()


def test_an_officer_cannot_write_down_for_an_office_of_others(cast):
    page = write(at_desk(cast.officer), taken_at=str(cast.branch.id))
    assert (page.status_code, Appeal.objects.exists()) == (422, False)
    assert "Choose an office" in complaints(page)


@pytest.mark.parametrize("who", ["road_officer", "stranger", "auditor"])
def test_a_ticket_is_shown_at_its_own_office_only(cast, who):
    write(at_desk(cast.officer))
    assert at_desk(getattr(cast, who)).get(f"{PAGE}{Appeal.objects.get().number}/").status_code == 404


def test_a_citizens_own_appeal_has_no_ticket_at_the_desk(cast, now):
    receipt = actions.receive(Submission(channel="web", token="a", text=WATER), now=now)
    assert at_desk(cast.operator).get(f"{PAGE}{receipt.number}/").status_code == 404


def test_the_page_costs_the_same_after_twenty_appeals(cast, django_assert_max_num_queries):
    client = at_desk(cast.operator)
    for number in range(20):
        write(client, name=str(number))
    with django_assert_max_num_queries(5):
        client.get(PAGE)
    with django_assert_max_num_queries(8):
        client.get(f"{PAGE}{Appeal.objects.first().number}/")

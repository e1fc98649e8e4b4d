"""The citizen's form, as a browser without scripts uses it."""

import shutil
import threading

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError, connection
from django.http import HttpResponse
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dauys.hear import actions, files, grants, lane
from dauys.hear.models import Appeal, Attachment, Kind
from dauys.hear.queries import attachments_of, contact_of
from dauys.hear.submission import FILES_MOST, TEXT_MOST, Contact, Submission, storable
from dauys.hear.tests.browser import fields_of
from dauys.institution.models import Area, Office
from dauys.institution.queries import forget

WATER = "На улице Лесной третий день нет воды"
PAGE = "/appeal/"
RECEIPT = "/appeal/receipt/"
ANONYMOUS = {"reach": "code"}


def file(name: str, content: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def fill(client: Client, **told) -> dict[str, object]:
    """The empty form's own fields with some filled in."""
    return {**fields_of(client.get(PAGE)), **ANONYMOUS, "text": WATER, **told}


def check_page(client: Client, **told):
    return client.post(PAGE, {**fill(client, **told), "step": "check"})


def confirm(client: Client, page):
    """Press “File the appeal” on a confirmation page."""
    return client.post(PAGE, {**fields_of(page), "step": "file"})


def wrong(page) -> str:
    """The form's complaints, without the page around them."""
    form = page.context["form"]
    return " ".join(words for field in form.errors.values() for words in field)


# The way through


def test_a_citizen_files_in_two_presses_and_gets_a_receipt(cast, client):
    page = check_page(client, kind="complaint", place="Лесная, 12", area=str(cast.village.id), language="kk")
    assert page.status_code == 200
    assert WATER in page.content.decode()
    assert not Appeal.objects.exists()
    filed = confirm(client, page)
    appeal = Appeal.objects.get()
    assert (filed.status_code, filed.url) == (303, f"{RECEIPT}?number={appeal.number}")
    assert (appeal.kind, appeal.place, appeal.area_id, appeal.language) == (
        "complaint", "Лесная, 12", cast.village.id, "kk",
    )  # fmt: skip
    receipt = client.get(filed.url).content.decode()
    assert appeal.number in receipt
    assert all(group in receipt for group in receipt_code(appeal).split("-"))


def receipt_code(appeal: Appeal) -> str:
    known = actions.receipt_of(appeal.key)
    assert known is not None
    return known.code


def test_who_does_not_know_the_kind_files_a_message(cast, client):
    confirm(client, check_page(client, kind=""))
    assert Appeal.objects.get().kind == Kind.MESSAGE


def test_contact_is_sealed_with_the_appeal(cast, client):
    told = {
        "reach": "contact",
        "name": "Айгүл Тестова",
        "phone": "+7 700 000 00 01",
        "email": "a@example.org",
    }
    confirm(client, check_page(client, **told))
    assert contact_of(Appeal.objects.get()) == Contact("Айгүл Тестова", "+7 700 000 00 01", "a@example.org")


def test_who_wants_no_contact_leaves_none_even_if_some_was_typed(cast, client):
    confirm(client, check_page(client, reach="code", name="Айгүл", phone="нет"))
    assert contact_of(Appeal.objects.get()) == Contact()


def test_change_brings_every_word_back(cast, client, photo):
    told = {
        "place": "Лесная",
        "reach": "contact",
        "name": "Айгүл",
        "phone": "+77000000001",
        "kind": "inquiry",
    }
    page = check_page(client, attached=[file("hole.jpg", photo)], lat="49.5", lon="83.0", **told)
    again = fields_of(client.post(PAGE, {**fields_of(page), "step": "edit"}))
    assert {name: again[name] for name in told} == told
    assert (again["text"], again["lat"], again["lon"]) == (WATER, "49.5", "83.0")
    assert again["held"]


# Words


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(max_size=300), place=st.text(max_size=80), name=st.text(max_size=60))
def test_any_words_are_kept_as_they_were_written_and_never_break_a_page(cast, client, text, place, name):
    page = check_page(client, text=text, place=place, reach="contact", name=name, email="a@example.org")
    assert page.status_code in (200, 422)
    if page.status_code == 422:
        assert fields_of(page)["text"].replace("\r", "") == storable(text)
        return
    filed = confirm(client, page)
    assert filed.status_code == 303
    number = filed.url.partition("=")[2]
    assert Appeal.objects.get(number=number).text == storable(text)
    assert client.get(filed.url).status_code == 200


def test_hidden_letters_and_turned_writing_stay_in_the_words(cast, client):
    told = "Су\x00 жоқ \u202eабв\u202c \u200d\ufeffәіңғ\r\nекінші жол"
    confirm(client, check_page(client, text=told))
    assert Appeal.objects.get().text == "Су жоқ \u202eабв\u202c \u200d\ufeffәіңғ\nекінші жол"


def test_markup_is_words_too(cast, client):
    told = "</textarea><script>alert(1)</script> \"'&amp;"
    page = check_page(client, text=told)
    assert "<script>alert" not in page.content.decode()
    confirm(client, page)
    assert Appeal.objects.get().text == told


# Bad input: a clear message by its field, and everything typed comes back


@pytest.mark.parametrize(
    ("told", "field", "words"),
    [
        pytest.param({"text": ""}, "text", "in your own words", id="empty"),
        pytest.param({"text": " \n\u200b"}, "text", "in your own words", id="nothing visible"),
        pytest.param({"text": "\x00\x01\x02"}, "text", "in your own words", id="binary"),
        pytest.param({"text": "a" * 1_000_000}, "text", "1000000 characters", id="one megabyte"),
        pytest.param({"text": "ы" * (TEXT_MOST + 1)}, "text", "20001 characters", id="one letter too many"),
        pytest.param({"place": "у" * 301}, "place", "301 characters", id="long place"),
        pytest.param({"kind": "poem"}, "kind", "Choose one of these", id="unknown kind"),
        pytest.param({"area": "999999999"}, "area", "Choose from the list", id="unknown area"),
        pytest.param({"area": "1e9"}, "area", "Choose from the list", id="area of letters"),
        pytest.param({"area": "9" * 400}, "area", "Choose from the list", id="area too large for a number"),
        pytest.param({"about_office": "-1"}, "about_office", "Choose from the list", id="unknown office"),
        pytest.param({"language": "xx"}, "language", "three languages", id="unknown language"),
        pytest.param({"reach": "pigeon"}, "reach", "Choose one of the two", id="unknown reach"),
        pytest.param({"reach": "contact", "phone": "+77000000001"}, "name", "Write your name", id="no name"),
        pytest.param({"reach": "contact", "name": "Ә"}, "phone", "one of them is enough", id="no way back"),
        pytest.param({"reach": "contact", "name": "Ә", "phone": "12"}, "phone", "in digits", id="short phone"),
        pytest.param({"reach": "contact", "name": "Ә", "email": "a@"}, "email", "name@example.org", id="half e-mail"),
    ],
)
def test_bad_input_is_named_and_nothing_typed_is_lost(cast, client, told, field, words):
    page = client.post(f"{PAGE}?lang=en", {**fill(client, **told), "step": "file"})
    assert page.status_code == 422
    assert words in " ".join(page.context["form"].errors[field])
    again = fields_of(page)
    typed = {**told, "text": told.get("text", WATER)}
    for name in ("text", "place", "name", "phone", "email"):
        if name in typed:
            assert again[name] == storable(typed[name])
    assert not Appeal.objects.exists()


@pytest.mark.parametrize(
    ("lat", "lon"), [("abc", "83"), ("nan", "inf"), ("149", "83"), ("49", ""), ("1e400", "1"), ("49", "181")]
)
def test_a_wrong_point_is_no_point(cast, client, lat, lon):
    confirm(client, check_page(client, lat=lat, lon=lon))
    appeal = Appeal.objects.get()
    assert (appeal.lat, appeal.lon) == (None, None)


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        pytest.param("run.exe", b"MZ\x90\x00", "is not a photo or a PDF", id="wrong type"),
        pytest.param("photo.jpg", b"<html>", "is not a photo or a PDF", id="wrong type under a good name"),
        pytest.param("big.jpg", b"\xff\xd8\xff" + bytes(files.SIZE_MOST), "larger than 20 MB", id="too large"),
    ],
)
def test_a_file_that_cannot_be_taken_is_named_and_the_others_stay(cast, client, photo, name, content, words):
    sent = {**fill(client), "step": "check", "attached": [file("hole.jpg", photo), file(name, content)]}
    page = client.post(f"{PAGE}?lang=en", sent)
    assert page.status_code == 422
    assert name in wrong(page)
    assert words in wrong(page)
    assert fields_of(page)["text"] == WATER
    mended = client.post(PAGE, {**fields_of(page), "step": "check"})
    confirm(client, mended)
    assert [one.name for one in attachments_of(Appeal.objects.get())] == ["hole.jpg"]


def test_ten_files_in_two_goes_and_no_more(cast, client):
    pictures = [b"\xff\xd8\xff" + bytes([number]) for number in range(FILES_MOST + 2)]
    page = check_page(client, attached=[file(f"{number}.jpg", one) for number, one in enumerate(pictures[:8])])
    told = {**fields_of(page), "attached": [file("more.jpg", one) for one in pictures[6:12]], "step": "check"}
    page = client.post(f"{PAGE}?lang=en", told)
    assert "At most 10 files" in wrong(page)
    confirm(client, client.post(PAGE, {**fields_of(page), "step": "check"}))
    assert Attachment.objects.count() == FILES_MOST


def test_files_that_are_too_much_together_say_so(cast, client, monkeypatch):
    monkeypatch.setattr("dauys.hear.posted.TOGETHER_MOST", 10)
    sent = {
        **fill(client),
        "attached": [file(f"{n}.jpg", b"\xff\xd8\xff1234" + bytes([n])) for n in range(2)],
    }
    page = client.post(f"{PAGE}?lang=en", {**sent, "step": "check"})
    assert "All files together" in wrong(page)
    assert len(page.context["held"]) == 1


def test_a_file_can_be_left_out_again(cast, client, photo):
    page = check_page(client, attached=[file("hole.jpg", photo)])
    edit = client.post(PAGE, {**fields_of(page), "step": "edit"})
    dropped = edit.context["held"][0].id
    page = client.post(PAGE, {**fields_of(edit), "drop": dropped, "step": "check"})
    confirm(client, page)
    assert not Attachment.objects.exists()


def test_too_many_files_for_one_reading_say_so(cast, client, settings):
    settings.DATA_UPLOAD_MAX_NUMBER_FILES = 3
    page = client.post(f"{PAGE}?lang=en", {**fill(client), "attached": [file(f"{n}.jpg", b"x") for n in range(4)]})
    assert page.status_code == 413
    assert "Too many files" in page.content.decode()


def test_too_much_text_for_one_reading_says_so(cast, client, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    page = client.post(f"{PAGE}?lang=en", {**fill(client), "text": "x" * 2000, "step": "check"})
    assert page.status_code == 413
    assert "far too long" in page.content.decode()


def test_a_body_cut_on_its_way_is_said_to_be_cut(cast, client):
    page = client.generic(
        "POST",
        f"{PAGE}?lang=en",
        b'--x\r\nContent-Disposition: form-data; name="te',
        content_type="multipart/form-data",
    )
    assert page.status_code == 400
    assert "cut off" in page.content.decode()


@pytest.mark.parametrize("content_type", ["application/json", "text/plain", "multipart/form-data; boundary=x"])
def test_something_that_is_no_form_gets_the_form(cast, client, content_type):
    assert client.generic("POST", PAGE, b"\x00\xff{", content_type=content_type).status_code in (400, 422)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    name=st.sampled_from(["text", "held", "drop", "token", "attached", "lat", "area", "step"]),
    head=st.sampled_from(
        ["", '; filename="a.jpg"', '; filename="\\x00"', '; filename="../../x"', "; filename*=bad''%ff"]
    ),
    body=st.binary(max_size=200),
    more=st.binary(max_size=60),
)
def test_no_bytes_break_the_door(cast, client, name, head, body, more):
    sent = f'--x\r\nContent-Disposition: form-data; name="{name}"{head}\r\n\r\n'.encode() + body + b"\r\n--x--" + more
    page = client.generic("POST", PAGE, sent, content_type="multipart/form-data; boundary=x")
    assert page.status_code in (400, 413, 422)
    assert not Appeal.objects.exists()


def test_who_sends_without_end_is_cut_off_and_keeps_the_words(cast, client, photo, monkeypatch):
    monkeypatch.setattr("dauys.hear.posted.ARRIVES_MOST", 100)
    sent = {**fill(client), "step": "check", "attached": [file("hole.jpg", photo)]}
    page = client.post(f"{PAGE}?lang=en", sent)
    assert "All files together" in wrong(page)
    assert fields_of(page)["text"] == WATER


def test_a_disk_without_room_refuses_files_and_keeps_the_words(cast, client, photo, monkeypatch):
    monkeypatch.setattr("dauys.hear.pending.ROOM_LEFT", 1 << 60)
    sent = {**fill(client), "step": "check", "attached": [file("hole.jpg", photo)]}
    page = client.post(f"{PAGE}?lang=en", sent)
    assert "no room for files" in wrong(page)
    assert fields_of(page)["text"] == WATER


# Twice, late, interrupted


def test_a_double_press_is_one_appeal_and_one_receipt(cast, client, photo):
    page = check_page(client, attached=[file("hole.jpg", photo)])
    first, second = confirm(client, page), confirm(client, page)
    assert first.url == second.url
    assert (Appeal.objects.count(), Attachment.objects.count()) == (1, 1)
    shown = [client.get(filed.url).context["code"] for filed in (first, second)]
    assert shown[0] == shown[1] == receipt_code(Appeal.objects.get())


def test_a_connection_lost_before_the_answer_loses_nothing(cast, photo):
    """The first answer never arrives, not even its cookie; the same page is sent again."""
    lost, back = Client(), Client()
    page = check_page(lost, attached=[file("hole.jpg", photo)])
    confirm(lost, page)
    again = confirm(back, page)
    assert again.status_code == 303
    assert Appeal.objects.get().number in back.get(again.url).content.decode()


@pytest.mark.parametrize(
    "changed", [{"text": WATER + "!"}, {"place": "Лесная"}, {"language": "kk"}, {"lat": "49.5", "lon": "83"}]
)
def test_what_was_changed_after_the_back_button_is_filed_too(cast, client, changed):
    page = check_page(client)
    confirm(client, page)
    client.post(PAGE, {**fields_of(page), **changed, "step": "file"})
    assert Appeal.objects.count() == 2


@pytest.mark.parametrize("step", ["check", "file"])
def test_a_stale_form_comes_back_filled_and_works_at_the_second_press(cast, photo, step):
    client = Client(enforce_csrf_checks=True)
    told = {**fill(client), "attached": [file("hole.jpg", photo)], "step": "check"}
    client.cookies.clear()  # the browser has been closed for a year
    page = client.post(f"{PAGE}?lang=en", told)
    assert page.status_code == 422
    assert "open too long" in page.content.decode()
    assert fields_of(page)["text"] == WATER
    page = client.post(PAGE, {**fields_of(page), "step": "check"})
    if step == "file":
        client.cookies.clear()
        page = confirm(client, page)
        assert page.status_code == 422
    assert confirm(client, page).status_code == 303
    assert Attachment.objects.count() == 1


@pytest.mark.parametrize("token", ["", "forged", "forged:signature"])
def test_a_form_we_did_not_give_out_gets_a_name_and_asks_again(cast, client, token):
    page = client.post(PAGE, {**fill(client), "token": token, "step": "file"})
    assert page.status_code == 422
    assert not Appeal.objects.exists()
    assert confirm(client, page).status_code == 303


def test_a_forged_mark_names_no_file(cast, client, photo):
    mark = check_page(client, attached=[file("hole.jpg", photo)]).context["held"][0].mark
    page = check_page(Client(), held=[mark, mark.replace("hole", "pole"), "x"])
    assert page.context["held"] == []


def test_files_swept_after_a_day_must_be_chosen_again_and_the_words_stay(cast, client, photo, settings):
    page = check_page(client, attached=[file("hole.jpg", photo)])
    shutil.rmtree(settings.ATTACHMENTS / "pending")
    late = client.post(f"{PAGE}?lang=en", {**fields_of(page), "step": "file"})
    assert late.status_code == 422
    assert "Choose them again" in wrong(late)
    assert fields_of(late)["text"] == WATER


@pytest.mark.parametrize("failure", [lane.Busy, TimeoutError, OperationalError])
def test_a_crowd_at_the_door_gets_the_words_back_and_a_time_to_return(cast, client, monkeypatch, failure):
    page = check_page(client)

    def full(*_args, **_named):
        raise failure

    with monkeypatch.context() as crowd:
        crowd.setattr(actions, "receive", full)
        busy = client.post(f"{PAGE}?lang=en", {**fields_of(page), "step": "file"})
    assert (busy.status_code, busy.headers["Retry-After"]) == (503, "5")
    assert fields_of(busy)["text"] == WATER
    assert confirm(client, busy).status_code == 303


@pytest.mark.django_db(transaction=True)
def test_one_form_pressed_many_times_at_once_is_one_appeal(request, photo, settings):
    request.getfixturevalue("cast")
    page = check_page(Client(), attached=[file("hole.jpg", photo)])
    numbers = []

    def press() -> None:
        numbers.append(confirm(Client(), page).headers.get("Location"))
        connection.close()

    threads = [threading.Thread(target=press) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(numbers)) == 1
    assert (Appeal.objects.count(), Attachment.objects.count()) == (1, 1)
    assert len(list(settings.ATTACHMENTS.glob("??/*.sealed"))) == 1


# Guards


def test_the_browser_may_say_where_a_form_was_sent_from(cast, client):
    """With `no-referrer` browsers send `Origin: null`, and Django then refuses every form."""
    assert client.get(PAGE).headers["Referrer-Policy"] == "same-origin"


def test_the_form_waits_in_the_browser_and_the_receipt_does_not(cast, client):
    page = check_page(client)
    assert client.get(PAGE).headers["Cache-Control"] == "private, max-age=600"
    assert client.get(confirm(client, page).url).headers["Cache-Control"] == "no-store"


def test_an_unsent_file_is_sealed_on_the_disk(cast, client, photo, settings):
    check_page(client, attached=[file("hole.jpg", photo)])
    (kept,) = settings.ATTACHMENTS.glob("pending/*/*")
    assert b"Invented Camera" not in kept.read_bytes()


def test_a_stranger_sees_no_receipt(cast, client, now):
    receipt = actions.receive(Submission(channel="web", token="a", text=WATER), now=now)
    for address in (RECEIPT, f"{RECEIPT}?number={receipt.number}"):
        page = client.get(address)
        assert page.status_code == 404
        assert receipt.code not in page.content.decode()


def test_the_code_leaves_the_receipt_after_an_hour_and_the_receipt_after_a_day(cast, client, time_machine):
    time_machine.move_to("2026-03-10 06:00:00+00:00", tick=False)
    filed = confirm(client, check_page(client))
    code = receipt_code(Appeal.objects.get())
    assert code in client.get(filed.url).context["scan"]
    time_machine.move_to("2026-03-10 07:00:01+00:00", tick=False)
    assert client.get(filed.url).context["code"] == ""
    time_machine.move_to("2026-03-11 06:00:01+00:00", tick=False)
    assert client.get(filed.url).status_code == 404


def test_the_code_never_stands_in_an_address_a_server_sees(cast, client):
    page = client.get(confirm(client, check_page(client)).url)
    code = receipt_code(Appeal.objects.get())
    assert code in page.context["scan"].partition("#")[2]
    assert code not in page.context["scan"].partition("#")[0]


def test_close_everything_here_closes_it(cast, client):
    filed = confirm(client, check_page(client))
    closed = client.post("/appeal/forget/")
    assert closed.headers["Clear-Site-Data"] == '"cache"'
    assert client.get(filed.url).status_code == 404


def test_the_form_costs_nothing_more_for_many_areas_and_offices(cast, client, django_assert_num_queries):
    client.get(PAGE)
    with django_assert_num_queries(0):
        client.get(PAGE)
    Area.objects.bulk_create(
        Area(code=f"9{n:05}", level="settlement", district=cast.district, name_ru=f"Село {n}") for n in range(50)
    )
    Office.objects.bulk_create(Office(code=f"office-{n}", policy="internal", name_ru=f"Отдел {n}") for n in range(50))
    forget()
    client.get(PAGE)
    with django_assert_num_queries(0):
        assert b"\xd0\xa1\xd0\xb5\xd0\xbb\xd0\xbe 49" in client.get(PAGE).content


def test_the_receipt_costs_the_same_with_twenty_grants(cast, client, now, rf, django_assert_num_queries):
    for number in range(20):
        receipt = actions.receive(Submission(channel="web", token=str(number), text=WATER), now=now)
        request, response = rf.get("/"), HttpResponse()
        request.COOKIES = {name: one.value for name, one in client.cookies.items()}
        grants.grant(request, response, receipt.appeal_id, filed=True)
        client.cookies.update(response.cookies)
    with django_assert_num_queries(1):
        assert receipt.number in client.get(RECEIPT).content.decode()


def test_filing_stays_within_the_statements_of_an_intake(cast, client, django_assert_max_num_queries):
    page = check_page(client)
    with django_assert_max_num_queries(14):  # twelve of the intake, one look for a second press, the savepoint
        confirm(client, page)

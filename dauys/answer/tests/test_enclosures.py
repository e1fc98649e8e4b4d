"""Files in the conversation, both ways: checked, sealed, shown to those they were sent to and to nobody else."""

import base64
import io
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.utils import timezone
from django.utils.html import escape
from PIL import Image

from dauys.answer import actions, queries
from dauys.answer.models import Answer, Draft, Enclosure, Handling, Message
from dauys.answer.queries.proof import answers_again
from dauys.hear import files, grants, safe_copies
from dauys.hear import queries as hear
from dauys.hear.models import Attachment, Sealed
from dauys.ledger import actions as ledger
from dauys.ledger.core import receipt
from dauys.ledger.models import Entry


@pytest.fixture(autouse=True)
def _own_attachments(settings, tmp_path):
    settings.ATTACHMENTS = tmp_path / "attachments"


def photo(colour="olive", name="яма.jpg"):
    out = io.BytesIO()
    image = Image.new("RGB", (40, 20), colour)
    exif = image.getexif()
    exif[0x010F] = "Invented Camera"
    image.save(out, "JPEG", exif=exif)
    return SimpleUploadedFile(name, out.getvalue(), content_type="image/jpeg")


def upload(colour="olive", name="яма.jpg"):
    return files.upload(name, photo(colour).read())


def sealed_files() -> list[Path]:
    from django.conf import settings

    return sorted(path for path in Path(settings.ATTACHMENTS).rglob("*.sealed"))


@pytest.fixture
def appeal(promised):
    return promised()


def browser_of(appeal) -> Client:
    client, response = Client(), HttpResponse()
    grants.grant(HttpRequest(), response, appeal.id)
    client.cookies[grants.COOKIE] = response.cookies[grants.COOKIE].value
    return client


@pytest.fixture
def citizen(appeal):
    return browser_of(appeal)


@pytest.fixture
def desk(cast):
    client = Client()
    client.force_login(cast.officer)
    return client


def safe():
    while safe_copies.make_safe_pending(now=timezone.now()):
        pass


def test_a_citizen_adds_a_photo_to_a_message_and_the_officer_sees_its_safe_copy(appeal, citizen, desk):
    sent = citizen.post(f"/my/{appeal.number}/write/", {"text": "Вот яма", "token": "t" * 32, "attached": [photo()]})
    assert sent.status_code == 303
    (enclosure,) = Enclosure.objects.all()
    assert (enclosure.message.text, enclosure.attachment.by_office, enclosure.attachment.came_later) == (
        "Вот яма", False, True,
    )  # fmt: skip
    own = citizen.get(f"/my/{appeal.number}/file/{enclosure.pk}/")
    assert own.status_code == 200
    assert own.headers["Content-Disposition"].startswith("attachment"), "not safe yet: only to be saved"
    where = f"/desk/appeal/{appeal.number}/file/{enclosure.pk}/"
    assert desk.get(where).status_code == 404, "an officer never opens an original"
    safe()
    shown = desk.get(where)
    assert shown.status_code == 200
    assert b"Invented Camera" not in shown.content
    assert where in desk.get(f"/desk/appeal/{appeal.number}/").content.decode()


def test_a_file_that_came_later_is_no_part_of_the_receipt(appeal, citizen):
    while ledger.seal_pending(now=timezone.now(), limit=100):
        pass
    before = hear.receipt_bytes(appeal)
    citizen.post(f"/my/{appeal.number}/write/", {"text": "Вот яма", "token": "t" * 32, "attached": [photo()]})
    assert hear.receipt_bytes(appeal) == before
    assert hear.attachments_of(appeal) == []


def test_the_same_sending_twice_is_one_message_with_one_file(appeal, citizen):
    for _turn in range(2):
        citizen.post(f"/my/{appeal.number}/write/", {"text": "Вот", "token": "t" * 32, "attached": [photo()]})
    assert (Message.objects.count(), Attachment.objects.count(), len(sealed_files())) == (1, 1, 1)


def test_files_are_looked_at_and_left_out_before_sending(appeal, citizen):
    where = f"/my/{appeal.number}/write/"
    page = citizen.post(
        where,
        {"text": "Вот", "token": "t" * 32, "step": "files", "attached": [photo(), photo("navy", "вторая.jpg")]},
    )
    assert page.status_code == 200
    assert not Message.objects.exists()
    assert "вторая.jpg" in page.content.decode()
    marks = [one.mark for one in page.context["held"]]
    assert all(escape(mark) in page.content.decode() for mark in marks)
    assert len(marks) == 2
    from dauys.hear import pending

    second = next(one for one in pending.named("t" * 32, marks) if one.name == "вторая.jpg")
    citizen.post(where, {"text": "Вот", "token": "t" * 32, "held": marks, "drop": [second.id]})
    assert [one.attachment.name for one in Enclosure.objects.all()] == ["яма.jpg"]


@pytest.mark.parametrize("told", [{"text": ""}, {"text": "   "}])
def test_a_mistake_in_the_words_keeps_the_files(appeal, citizen, told):
    page = citizen.post(f"/my/{appeal.number}/write/", {**told, "token": "t" * 32, "attached": [photo()]})
    assert page.status_code == 422
    assert "яма.jpg" in page.content.decode()
    assert not Attachment.objects.exists()


def test_a_wrong_file_is_named_and_the_words_stay(appeal, citizen):
    page = citizen.post(
        f"/my/{appeal.number}/write/",
        {"text": "Мои слова", "token": "t" * 32, "attached": [SimpleUploadedFile("a.exe", b"MZ" * 50)]},
    )
    assert page.status_code == 422
    assert "a.exe" in page.content.decode()
    assert "Мои слова" in page.content.decode()
    assert not Message.objects.exists()


def test_a_stale_form_gives_words_and_files_back(appeal):
    client = Client(enforce_csrf_checks=True)
    client.cookies[grants.COOKIE] = browser_of(appeal).cookies[grants.COOKIE].value
    page = client.post(f"/my/{appeal.number}/write/", {"text": "Мои слова", "token": "t" * 32, "attached": [photo()]})
    assert page.status_code == 422
    assert "Мои слова" in page.content.decode()
    assert "яма.jpg" in page.content.decode()
    assert not Message.objects.exists()


def test_a_day_takes_so_many_files_and_no_more(appeal, now, monkeypatch):
    monkeypatch.setattr("dauys.answer.actions.enclosing.FILES_A_DAY", 2)
    write = lambda text, *uploads: actions.citizen_writes(  # noqa: E731  (said three times)
        appeal_id=appeal.id, text=text, token="t", now=now, uploads=uploads
    )
    write("Раз", upload(), upload("navy"))
    with pytest.raises(actions.TooManyFiles):
        write("Два", upload("red"))
    assert len(sealed_files()) == 2, "what was refused is removed from the disk"
    write("Три")


def test_an_erased_appeal_takes_no_files(appeal, now):
    Sealed.objects.filter(appeal_id=appeal.id).update(wrapped_key=None)
    with pytest.raises(actions.FilesErased):
        actions.citizen_writes(appeal_id=appeal.id, text="Вот", token="t", now=now, uploads=[upload()])


def test_an_officers_file_waits_in_the_draft_unseen_and_goes_with_the_answer(appeal, cast, citizen, desk, now):
    sent = desk.post(f"/desk/appeal/{appeal.number}/enclose/", {"attached": [photo(name="акт.jpg")]})
    assert sent.status_code == 302
    safe()
    (waiting,) = Enclosure.objects.all()
    assert (waiting.message_id, waiting.answer_id, waiting.attachment.by_office) == (None, None, True)
    for where in (f"/my/{appeal.number}/file/{waiting.pk}/", f"/appeal/attachment/{waiting.pk}/"):
        assert citizen.get(where).status_code == 404, "nobody outside sees a draft"
    assert "акт.jpg" not in citizen.get(f"/my/{appeal.number}/").content.decode()
    answer = actions.send_answer(
        appeal_id=appeal.id, outcome="satisfied", text="Сделано, см. акт", officer=cast.officer, now=now
    )
    waiting.refresh_from_db()
    assert waiting.answer_id == answer.id
    assert "акт.jpg" in citizen.get(f"/my/{appeal.number}/").content.decode()
    given = citizen.get(f"/my/{appeal.number}/file/{waiting.pk}/")
    assert given.status_code == 200
    assert given.headers["Content-Type"] == "image/jpeg"
    assert "sandbox" in given.headers["Content-Security-Policy"]
    # What the answer's leaf commits to holds the file, and the proof made again from the rows is the same.
    sha256 = waiting.attachment.sha256
    assert actions.answer_fields(answer, [sha256])["attachments"].decode() == sha256
    (remade,) = answers_again(0, 10)
    leaf = Entry.objects.get(verb="answer.send").leaf
    assert base64.b64encode(remade.commitment).decode() in leaf
    while ledger.seal_pending(now=now, limit=100):
        pass
    told = receipt.parse(queries.answer_proof(appeal_id=appeal.id, case=appeal.case, ordinal=1))
    assert told.fields["attachments"].decode() == sha256


def test_a_file_is_taken_out_before_sending_and_nothing_of_it_stays(appeal, desk, cast, now):
    desk.post(f"/desk/appeal/{appeal.number}/enclose/", {"attached": [photo(), photo("navy", "две.jpg")]})
    safe()
    first, second = Enclosure.objects.order_by("pk")
    desk.post(f"/desk/appeal/{appeal.number}/enclosed/{first.pk}/remove/")
    assert list(Enclosure.objects.values_list("pk", flat=True)) == [second.pk]
    assert Attachment.objects.count() == len(sealed_files()) == 1
    actions.send_answer(appeal_id=appeal.id, outcome="satisfied", text="Сделано", officer=cast.officer, now=now)
    with pytest.raises(actions.NoSuchEnclosure):
        actions.take_out(appeal_id=appeal.id, attachment_id=second.pk, officer=cast.officer, now=now)
    assert Enclosure.objects.count() == 1


def test_the_same_file_twice_is_one_and_too_many_are_refused(appeal, cast, now):
    put = lambda *uploads: actions.enclose(appeal_id=appeal.id, uploads=uploads, officer=cast.officer, now=now)  # noqa: E731
    put(upload(), upload("navy"))
    put(upload())
    assert Enclosure.objects.count() == len(sealed_files()) == 2
    with pytest.raises(actions.TooManyFiles):
        put(*(upload((n, 0, 0)) for n in range(9)))
    assert len(sealed_files()) == 2


@pytest.mark.parametrize(
    "name", ["../../etc/passwd.jpg", "a\r\nSet-Cookie: x.jpg", "<img src=x>.jpg", "x" * 500 + ".jpg"]
)
def test_names_are_harmless(appeal, citizen, cast, now, name):
    message = actions.write(
        appeal_id=appeal.id, text="См.", note=False, token="t", officer=cast.officer, now=now,
        uploads=[files.upload(name, photo().read())],
    )  # fmt: skip
    safe()
    (one,) = Enclosure.objects.filter(message=message)
    assert "/" not in one.attachment.name
    assert len(one.attachment.name) <= 120
    given = citizen.get(f"/my/{appeal.number}/file/{one.pk}/")
    assert given.status_code == 200
    assert "\n" not in given.headers["Content-Disposition"]
    assert "<img src=x>" not in citizen.get(f"/my/{appeal.number}/").content.decode()


@pytest.mark.parametrize("who", ["nobody", "another citizen", "stranger", "road_officer"])
def test_a_stranger_gets_nothing(appeal, promised, cast, citizen, now, who):
    actions.citizen_writes(appeal_id=appeal.id, text="Вот", token="t", now=now, uploads=[upload()])
    actions.write(
        appeal_id=appeal.id, text="См.", note=False, token="t", officer=cast.officer, now=now, uploads=[upload("navy")]
    )
    safe()
    client = Client()
    if who == "another citizen":
        other = promised()
        client = browser_of(other)
        for one in Enclosure.objects.all():
            assert client.get(f"/my/{other.number}/file/{one.pk}/").status_code == 404
    elif who != "nobody":
        client.force_login(getattr(cast, who))
    for one in Enclosure.objects.all():
        assert client.get(f"/my/{appeal.number}/file/{one.pk}/").status_code == 302
        assert client.get(f"/appeal/attachment/{one.pk}/").status_code == 404
        assert client.get(f"/desk/appeal/{appeal.number}/file/{one.pk}/").status_code in (302, 404)
    assert client.post(f"/desk/appeal/{appeal.number}/enclose/", {"attached": [photo()]}).status_code in (302, 404)
    assert Enclosure.objects.count() == 2
    assert citizen.get(f"/my/{appeal.number}/file/{Enclosure.objects.first().pk}/").status_code == 200


# Questions


def test_a_question_says_on_both_pages_that_it_stops_no_clock(appeal, citizen, desk, now):
    day = timezone.localdate() + timedelta(days=5)
    due = Handling.objects.get(appeal_id=appeal.id).due_on
    sent = desk.post(
        f"/desk/appeal/{appeal.number}/write/",
        {"text": "Какой дом?", "token": "q" * 32, "answer_by": day.isoformat(), "to": "citizen"},
    )
    assert sent.status_code == 302
    assert Message.objects.get().answer_by == day
    assert Handling.objects.get(appeal_id=appeal.id).due_on == due
    for page in (citizen.get(f"/my/{appeal.number}/"), desk.get(f"/desk/appeal/{appeal.number}/")):
        assert "The question stops no clock" in page.content.decode()


@pytest.mark.parametrize("day", [date(2026, 3, 9), date(2026, 6, 1)])
def test_a_day_that_has_passed_or_is_far_off_is_refused(appeal, cast, now, day):
    with pytest.raises(actions.BadDay):
        actions.write(
            appeal_id=appeal.id, text="Когда?", note=False, token="t", officer=cast.officer, now=now, answer_by=day
        )
    assert not Message.objects.exists()


def test_the_desk_shows_a_wrong_day_at_its_field_and_keeps_words_and_files(appeal, desk):
    page = desk.post(
        f"/desk/appeal/{appeal.number}/write/",
        {"text": "Какой дом?", "token": "q" * 32, "answer_by": "2020-01-01", "to": "citizen", "attached": [photo()]},
    )
    assert page.status_code == 422
    assert "Choose a day from today on" in page.content.decode()
    assert "Какой дом?" in page.content.decode()
    assert "яма.jpg" in page.content.decode()


def test_a_note_takes_no_files_and_no_day(appeal, cast, now):
    message = actions.write(
        appeal_id=appeal.id, text="Между нами", note=True, token="t", officer=cast.officer, now=now,
        answer_by=date(2026, 3, 20), uploads=[upload()],
    )  # fmt: skip
    assert message.answer_by is None
    assert not Attachment.objects.exists()


def test_both_sides_write_before_an_office_is_found_and_after_the_answer(appeal, promised, citizen, desk, cast, now):
    actions.send_answer(appeal_id=appeal.id, outcome="satisfied", text="Сделано", officer=cast.officer, now=now)
    assert citizen.post(f"/my/{appeal.number}/write/", {"text": "Спасибо", "token": "a" * 32}).status_code == 303
    told = {"text": "Рады помочь", "token": "b" * 32, "to": "citizen"}
    assert desk.post(f"/desk/appeal/{appeal.number}/write/", told).status_code == 302
    assert Message.objects.count() == 2
    lost = promised(topic=None)
    assert browser_of(lost).post(f"/my/{lost.number}/write/", {"text": "Вот ещё", "token": "c" * 32}).status_code == 303


def test_the_pages_cost_the_same_with_many_files(appeal, citizen, desk, cast, django_assert_max_num_queries, now):
    def asked() -> tuple[int, int]:
        counts = []
        for client, where in ((citizen, f"/my/{appeal.number}/"), (desk, f"/desk/appeal/{appeal.number}/")):
            client.get(where)
            with django_assert_max_num_queries(60) as found:
                assert client.get(where).status_code == 200
            counts.append(len(found))
        return tuple(counts)

    actions.citizen_writes(appeal_id=appeal.id, text="Первое", token="t", now=now, uploads=[upload()])
    few = asked()
    for number in range(4):
        actions.citizen_writes(
            appeal_id=appeal.id, text=f"Ещё {number}", token="t", now=now,
            uploads=[upload((number, 1, 1)), upload((number, 2, 2))],
        )  # fmt: skip
        actions.write(
            appeal_id=appeal.id, text=f"См. {number}", note=False, token="t", officer=cast.officer, now=now,
            uploads=[upload((number, 3, 3))],
        )  # fmt: skip
    actions.enclose(appeal_id=appeal.id, uploads=[upload("red")], officer=cast.officer, now=now)
    assert asked() == few
    assert not Draft.objects.exists()
    assert not Answer.objects.exists()

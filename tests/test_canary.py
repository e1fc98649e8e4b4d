"""Marked words go all the way from the form to the answer, and are then looked for wherever they must not be."""

import io
import logging
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from PIL import Image

from dauys.answer.models import Draft, Message
from dauys.hear.models import Appeal
from dauys.ledger import queries as ledger
from dauys.ledger.models import Entry
from dauys.web import worker
from dauys.web.logs import Discreet

SAID = {"text": "Канарейкапервая нет воды", "place": "Канарейкавторая улица 7", "message": "Канарейкатретья"}
CONTACT = {
    "name": "Канарейкачетвёртая Пятая",
    "phone": "+7 700 987 65 43",
    "email": "canary.sixth@example.org",
    "address": "Канарейкаседьмая 12",
}
VERDICT, ANSWER, NOTE, FILE = "Канарейкавосьмая", "Канарейкадевятая", "Канарейкадесятая", "canary-eleventh.jpg"
SIGNS = ("канарейка", "canary.sixth", "canary-eleventh", "987 65 43", "9876543")
PUBLIC = [
    "/", "/figures/", "/figures/?period=all", "/open-data/", "/open-data/appeals.csv", "/open-data/appeals.json",
    "/open-data/days.csv", "/ledger/", "/ledger/checkpoint", "/patterns/", "/track/", "/appeal/", "/healthz", "/readyz",
]  # fmt: skip


def signs_in(content: str | bytes) -> list[str]:
    text = content if isinstance(content, str) else content.decode("utf-8", "replace")
    return [sign for sign in SIGNS if sign in text.lower()]


def photo() -> io.BytesIO:
    out = io.BytesIO()
    Image.new("RGB", (8, 8), "olive").save(out, "JPEG")
    out.seek(0)
    out.name = FILE
    return out


class Journey:
    """A citizen's browser and an officer's; every address either of them was sent to."""

    def __init__(self) -> None:
        self.citizen, self.officer = Client(raise_request_exception=False), Client(raise_request_exception=False)
        self.addresses: list[str] = []

    def post(self, who: Client, where: str, told: dict[str, object]):
        response = who.post(where, told)
        self.addresses += [where, response.headers.get("Location", "")]
        return response


@pytest.fixture
def logged():
    """All that any logger says, at its most talkative, as our own formatter writes it."""
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(Discreet("{asctime} {levelname} {name} {message}", style="{"))
    root, ours = logging.getLogger(), logging.getLogger("dauys")
    levels = root.level, ours.level
    root.addHandler(handler)
    for one in (root, ours):
        one.setLevel(logging.DEBUG)
    yield written
    root.removeHandler(handler)
    root.setLevel(levels[0])
    ours.setLevel(levels[1])


@pytest.fixture
def walked(cast, settings, tmp_path, logged, monkeypatch) -> Journey:
    settings.ATTACHMENTS = tmp_path / "attachments"
    settings.UNDO_SECONDS = 0.001  # held all the same: what is held must not leak either
    way = Journey()
    page = way.citizen.get("/appeal/?lang=en").content.decode()
    token = re.search(r'name="token" value="([^"]+)"', page)[1]  # type: ignore[index]
    told = {"token": token, "kind": "", "language": "ru", "reach": "contact", **CONTACT, "text": SAID["text"],
            "place": SAID["place"]}  # fmt: skip
    shown = way.post(way.citizen, "/appeal/?sent", {**told, "step": "confirm", "attached": photo()}).content.decode()
    held = re.search(r'name="held" value="([^"]+)"', shown)[1].replace("&quot;", '"')  # type: ignore[index]
    assert way.post(way.citizen, "/appeal/?sent", {**told, "step": "file", "held": held}).status_code == 303
    number = Appeal.objects.get().number
    with monkeypatch.context() as broken:  # on the batch first, then on the appeal alone
        broken.setattr("dauys.understand.actions.examining.read_many", _quoting)
        worker.run_once()
    way.officer.force_login(cast.head)
    way.post(way.officer, f"/desk/appeal/{number}/redirect/", {"office": cast.utilities.id, "reason": "По месту"})
    worker.run_once()
    way.post(way.citizen, f"/my/{number}/write/", {"text": SAID["message"], "token": "one"})
    way.post(way.officer, f"/desk/appeal/{number}/write/", {"text": NOTE, "token": "two", "to": "colleagues"})
    assert CONTACT["name"] in way.post(way.officer, f"/desk/appeal/{number}/contact/", {}).content.decode()
    assert Message.objects.count() == 2
    with monkeypatch.context() as broken:
        broken.setattr("dauys.answer.views.writing.actions.save_draft", _quoting)
        assert way.post(way.officer, f"/desk/appeal/{number}/draft/", {"text": ANSWER}).status_code == 500
    way.post(way.officer, f"/desk/appeal/{number}/draft/", {"text": ANSWER, "outcome": "satisfied", "go": "preview"})
    told = {"seen": Draft.objects.get().saved_at.isoformat(), "why": "told"}
    way.post(way.officer, f"/desk/appeal/{number}/send/", told)
    worker.run_once()
    judged = {"ordinal": 1, "solved": "no", "rating": 1, "words": VERDICT}
    way.post(way.citizen, f"/my/{number}/verdict/", judged)
    assert Entry.objects.filter(verb="answer.verdict").exists()
    way.officer.get("/search/", {"q": "Канарейкапервая"})
    worker.run_once()
    return way


def _quoting(*_args: object, **_named: object) -> None:
    raise ValueError(f"cannot make sense of “{SAID['text']}” of {CONTACT['email']}")


def test_no_log_line_quotes_anybody(walked, logged):
    lines = logged.getvalue().splitlines()
    assert "builtins.ValueError" in lines
    assert any("could not be read by machine" in line for line in lines)
    assert [line for line in lines if signs_in(line)] == []


def test_the_site_s_own_log_is_written_so():
    assert settings.LOGGING["formatters"]["line"]["()"] == "dauys.web.logs.Discreet"


def test_no_address_carries_what_was_said(walked):
    assert len(walked.addresses) > 15
    assert signs_in(" ".join(walked.addresses)) == []


def test_no_public_page_shows_what_was_said(walked):
    for where in (*PUBLIC, f"/case/{Appeal.objects.get().number}/"):
        shown = Client().get(where)
        content = b"".join(shown.streaming_content) if shown.streaming else shown.content
        assert content
        assert signs_in(content) == [], where


def test_no_leaf_of_the_ledger_shows_what_was_said(walked):
    size = ledger.sealed_size()
    assert size >= 4
    assert signs_in(Client().get(f"/ledger/tile/entries/000.p/{size}").content) == []
    assert signs_in(" ".join(str((entry.detail, entry.leaf)) for entry in Entry.objects.all())) == []


def test_the_disk_and_the_tables_hold_no_contact_in_the_open(walked):
    contact = ("четвёртая пятая", "987 65 43", "canary.sixth", "седьмая")
    for path in Path(settings.ATTACHMENTS).rglob("*"):
        assert not path.is_file() or not signs_in(path.read_bytes()), path
        assert not signs_in(path.name)
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names():
            cursor.execute(f'SELECT * FROM "{table}"')  # names come from the database itself
            rows = " ".join(
                bytes(cell).decode("utf-8", "replace") if isinstance(cell, bytes | memoryview) else str(cell)
                for row in cursor.fetchall()
                for cell in row
            ).lower()
            assert not [sign for sign in contact if sign in rows], table

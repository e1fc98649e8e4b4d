"""The ledger's public page and files: open to everybody, with nothing personal, at one price."""

from html import unescape

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from dauys.ledger import actions, queries
from dauys.ledger.core import checkpoint, tiles, tree
from dauys.ledger.core.note import parse_verifier_key
from dauys.ledger.models import Entry
from dauys.ledger.tests.written import FIELDS, NOW, SALTS, act, append, write

pytestmark = pytest.mark.django_db

HOME = "/ledger/"
PERSONAL = ("Тестова", "освещён")


@pytest.fixture
def page(client):
    """The page as text, after entries by officers and citizens."""
    return lambda **extra: client.get(HOME, HTTP_ACCEPT_LANGUAGE="en", **extra).content.decode()


def seal(count):
    entries = write(count)
    actions.seal_pending(now=NOW, limit=100_000)
    return entries


def receipt(entry, **changes):
    entry.refresh_from_db()
    return queries.receipt_of(entry, **{"fields": FIELDS, "salts": SALTS, **changes})


def check(client, content, name="receipt.tlog-proof"):
    sent = SimpleUploadedFile(name, content)
    return client.post(HOME, {"receipt": sent}, HTTP_ACCEPT_LANGUAGE="en").content.decode()


def test_before_the_first_appeal_the_page_says_so(page, client):
    assert "Nothing is sealed yet" in page()
    assert client.get("/ledger/checkpoint").status_code == 404


def test_the_page_shows_the_head_and_the_key(page):
    seal(3)
    shown = page()
    assert queries.head().root.hex() in shown
    assert queries.head().short in shown
    assert str(actions.verifier_key()) in unescape(shown)


def test_a_stranger_sees_nothing_personal(client, page, cast):
    entry = seal(3)[0]
    Entry.objects.update(actor=cast.officer)
    files = ("checkpoint", "ledger-key.txt", "tile/0/000.p/3", "tile/entries/000.p/3")
    everything = page() + "".join(client.get(f"/ledger/{path}").content.decode("utf-8", "replace") for path in files)
    secret = (*PERSONAL, cast.officer.email, str(cast.officer), entry.verb)
    assert not [word for word in secret if word in everything]


def test_the_page_costs_the_same_for_a_thousand_leaves(page, django_assert_max_num_queries):
    seal(2)
    page()
    with django_assert_max_num_queries(5):  # the frame asks for an institution, and here is none to keep in mind
        page()
    write(1000, first=50)
    actions.seal_pending(now=NOW)
    with django_assert_max_num_queries(5):
        page()


def test_the_checkpoint_is_the_signed_note_to_the_byte(client):
    seal(5)
    response = client.get("/ledger/checkpoint")
    assert response.content.decode() == queries.head().note
    assert response.headers["Content-Type"].startswith("text/plain")
    assert checkpoint.verify(response.content, actions.verifier_key()).size == 5


def test_the_key_is_the_file_that_verify_looks_for(client):
    response = client.get(reverse("ledger:key"))
    assert parse_verifier_key(response.content.decode().strip()) == actions.verifier_key()


def test_anybody_can_rebuild_the_tree_from_the_files_alone(client):
    """Checkpoint, tiles and bundles as C2SP tlog-tiles names them; the root is recomputed both ways."""
    seal(600)

    def fetch(level, index):
        width = tiles.tile_width(level or 0, index, 600)
        return client.get(f"/ledger/{tiles.tile_path(tiles.TileId(level, index), width)}").content

    head = checkpoint.verify(client.get("/ledger/checkpoint").content, actions.verifier_key())
    assert tiles.root(fetch, 600) == head.root
    entries = [entry for index in range(3) for entry in tiles.decode_bundle(fetch(None, index))]
    assert tree.root([tree.leaf_hash(entry) for entry in entries]) == head.root


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("tile/0/000", 200),
        ("tile/0/001.p/44", 200),
        ("tile/0/001.p/7", 200),
        ("tile/1/000.p/1", 200),
        ("tile/entries/000", 200),
        ("tile/entries/001.p/44", 200),
        ("tile/0/000.p/256", 404),
        ("tile/0/001", 404),
        ("tile/0/001.p/45", 404),
        ("tile/0/002.p/1", 404),
        ("tile/2/000.p/1", 404),
        ("tile/entries/001", 404),
        ("tile/64/000", 404),
        ("tile/00/000", 404),
        ("tile/0/0", 404),
        ("tile/0/x000/000", 404),
        ("tile/0/../0/000", 404),
        ("tile/0/999999999999999999999", 404),
    ],
)
def test_a_path_has_one_spelling_and_exists_only_under_the_head(client, path, status):
    seal(300)
    response = client.get(f"/ledger/{path}")
    assert response.status_code == status
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert ("immutable" in response.headers["Cache-Control"]) == (status == 200)


def test_what_no_head_covers_is_not_served(client):
    seal(300)
    write(10, first=900)
    assert client.get("/ledger/tile/entries/001.p/45").status_code == 404


def test_a_tile_costs_two_questions(client, django_assert_num_queries):
    seal(300)
    for path in ("tile/0/000", "tile/entries/000"):
        with django_assert_num_queries(2):
            client.get(f"/ledger/{path}")


def test_other_sites_may_read_the_files_and_not_the_page(client):
    seal(1)
    assert "Access-Control-Allow-Origin" not in client.get(HOME).headers
    assert client.get("/ledger/checkpoint").headers["Access-Control-Allow-Origin"] == "*"


def test_a_sound_receipt_is_proven_on_the_page(client):
    shown = check(client, receipt(seal(3)[1]))
    assert "The receipt is sound" in shown
    assert "Двор не освещён" in shown
    assert "An appeal was received" in shown


def test_a_receipt_without_fields_proves_the_line_alone(client):
    shown = check(client, receipt(seal(3)[1], fields={}, salts={}))
    assert "it proves this line of the ledger, and nothing that was written with it" in shown


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b"\0\xff\xfe" * 1000, id="binary"),
        pytest.param("просто текст".encode(), id="some text"),
        pytest.param(b"x" * 4_500_000, id="too large"),
    ],
)
def test_what_is_no_receipt_proves_nothing(client, content):
    seal(1)
    shown = check(client, content)
    assert "Nothing is proven" in shown
    assert "The receipt is sound" not in shown


def test_a_receipt_with_one_changed_letter_proves_nothing(client):
    good = receipt(seal(3)[1])
    position = good.index(b"\nindex")
    assert "Nothing is proven" in check(client, good[:position] + b"\nindex 2" + good[position + 8 :])


def test_a_form_sent_without_a_file_says_so(client):
    shown = client.post(HOME, {}, HTTP_ACCEPT_LANGUAGE="en").content.decode()
    assert "No file was chosen" in shown


def test_the_file_never_touches_the_disk(client, monkeypatch):
    import tempfile

    def no_file(*_args, **_kwargs):
        raise AssertionError("a receipt was written to the disk")

    monkeypatch.setattr(tempfile, "NamedTemporaryFile", no_file)
    monkeypatch.setattr("django.core.files.uploadedfile.tempfile.NamedTemporaryFile", no_file)
    assert "Nothing is proven" in check(client, b"x" * 3_900_000)


def test_the_words_of_a_receipt_are_shown_as_words(client):
    from django.db import transaction

    from dauys.ledger.core.commitment import commitment
    from dauys.ledger.core.leaf import Kind

    evil = {"text": b"<script>alert(1)</script>"}
    salts = {"text": b"s" * 32}
    public = actions.Public(Kind.RECEIVED, code="web", commitment=commitment(evil, salts))
    with transaction.atomic():
        made = actions.Act("test.received", act(1).case, NOW, public=public)
        (entry,) = append([made], on=actions.take_pen(NOW.date()))
    actions.seal_pending(now=NOW)
    shown = check(client, receipt(entry, fields=evil, salts=salts))
    assert "The receipt is sound" in shown
    assert "<script>alert" not in shown


@pytest.mark.parametrize("method", ["put", "delete", "patch"])
def test_nothing_else_can_be_done_here(client, method):
    assert getattr(client, method)(HOME).status_code == 405
    assert client.post("/ledger/checkpoint").status_code == 405

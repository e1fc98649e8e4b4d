"""Signed notes and checkpoints, against the examples of their specifications."""

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from dauys.ledger.core import checkpoint, note
from dauys.ledger.core.checkpoint import Checkpoint, CheckpointError
from dauys.ledger.core.note import NoteError, Signer
from dauys.ledger.core.tree import EMPTY_ROOT

EXAMPLE_KEY = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
EXAMPLE = """This is an example message.

— example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=
""".encode()

LOG = Signer("log.example/east", Ed25519PrivateKey.from_private_bytes(b"l" * 32))
WITNESS = Signer("witness.example", Ed25519PrivateKey.from_private_bytes(b"w" * 32))
IMPOSTOR = Signer(LOG.name, Ed25519PrivateKey.from_private_bytes(b"i" * 32))
TEXT = "log.example/east\n7\n" + "A" * 43 + "=\n"
HEAD = Checkpoint("log.example/east", 7, bytes(32))


def test_the_specifications_note_is_verified():
    key = note.parse_verifier_key(EXAMPLE_KEY)
    assert str(key) == EXAMPLE_KEY
    read, signed = note.verify(EXAMPLE, [key])
    assert (read.text, signed) == ("This is an example message.\n", (key,))


def test_one_changed_letter_breaks_the_note():
    with pytest.raises(NoteError, match="false"):
        note.verify(EXAMPLE.replace(b"example m", b"exemple m"), [note.parse_verifier_key(EXAMPLE_KEY)])


def test_a_key_signs_and_lines_of_strangers_are_ignored():
    signed = note.sign(TEXT, WITNESS, LOG)
    assert note.verify(signed, [LOG.verifier_key])[1] == (LOG.verifier_key,)
    both = [LOG.verifier_key, WITNESS.verifier_key]
    assert note.verify(signed, both)[1] == tuple(both)


def test_a_note_signed_by_strangers_alone_is_refused():
    for stranger in (WITNESS, IMPOSTOR):
        with pytest.raises(NoteError, match="no known key"):
            note.verify(note.sign(TEXT, stranger), [LOG.verifier_key])


def test_a_false_line_in_a_known_name_refuses_the_whole_note():
    true_line, forged = LOG.sign(TEXT), LOG.sign(TEXT + "\n")
    data = note.Note(TEXT, (true_line, forged)).encode()
    with pytest.raises(NoteError, match="false"):
        note.verify(data, [LOG.verifier_key])


def test_the_text_may_hold_empty_lines():
    signed = note.sign("one\n\ntwo\n", LOG)
    assert note.verify(signed, [LOG.verifier_key])[0].text == "one\n\ntwo\n"


def test_sixteen_post_quantum_signatures_are_room_enough():
    lines = tuple(note.Signature(f"w{n}.example", bytes(4), bytes(5000)) for n in range(16))
    signed = note.Note(TEXT, (*lines, LOG.sign(TEXT))).encode()
    assert note.verify(signed, [LOG.verifier_key])[1] == (LOG.verifier_key,)


LINE = str(LOG.sign(TEXT))


@pytest.mark.parametrize(
    "data",
    [
        pytest.param("", id="nothing"),
        pytest.param(TEXT, id="no signature"),
        pytest.param(TEXT + "\n", id="an empty signature block"),
        pytest.param(TEXT + LINE, id="no empty line"),
        pytest.param(TEXT + "\n" + LINE[:-1], id="no final newline"),
        pytest.param(TEXT + "\n" + LINE + "\n", id="an empty line after"),
        pytest.param(TEXT + "\n" + LINE.replace("—", "-"), id="a hyphen for the dash"),
        pytest.param(TEXT + "\n" + LINE.replace("log.example/east", ""), id="no name"),
        pytest.param(TEXT + "\n" + LINE.replace("log.", "log+"), id="a plus in the name"),
        pytest.param(TEXT + "\n" + LINE.replace("log.", "log\u00a0"), id="a hard space in the name"),
        pytest.param(TEXT + "\n" + LINE.replace("=", ""), id="no padding"),
        pytest.param(TEXT + "\n— log.example/east AAAAAA==\n", id="a key id and no signature"),
        pytest.param(TEXT.replace("7", "7\t") + "\n" + LINE, id="a tab"),
        pytest.param(TEXT + "\n" + LINE.replace("\n", "\r\n"), id="carriage returns"),
        pytest.param(TEXT + "\n" + LINE * 101, id="too many signatures"),
        pytest.param("a" * 1_000_001 + "\n\n" + LINE, id="too large"),
        pytest.param("\udcff" + TEXT + "\n" + LINE, id="not UTF-8"),
    ],
)
def test_what_is_not_a_note_is_refused(data):
    with pytest.raises(NoteError):
        note.parse(data.encode(errors="surrogateescape"))


@pytest.mark.parametrize("text", ["", "no newline", "tab\there\n", "\ud800\n", "bell\x07\n"])
def test_what_cannot_be_read_back_is_not_signed(text):
    with pytest.raises(NoteError):
        note.sign(text, LOG)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "example.com/foo",
        EXAMPLE_KEY.replace("530d903a", "530d903b"),
        EXAMPLE_KEY.replace("530d903a", "530D903A"),
        EXAMPLE_KEY.replace("+Aek", "+Auk"),
        EXAMPLE_KEY.replace("+Aek", "+Bek"),
        EXAMPLE_KEY.replace("foo", "fo o"),
        EXAMPLE_KEY[:-1],
        EXAMPLE_KEY + "\n",
        "+" + EXAMPLE_KEY,
    ],
)
def test_a_damaged_verifier_key_is_refused(text):
    with pytest.raises(NoteError):
        note.parse_verifier_key(text)


@given(st.text())
def test_any_text_is_a_verifier_key_or_refused(text):
    with pytest.raises(NoteError):
        note.parse_verifier_key(text)


@given(st.binary(max_size=300), st.integers(0, 400), st.integers(0, 400))
def test_any_bytes_are_a_note_or_refused(garbage, start, end):
    whole = note.sign(TEXT, LOG, WITNESS)
    data = whole[:start] + garbage + whole[end:]
    try:
        read = note.parse(data)
    except NoteError:
        return
    assert read.encode() == data


@pytest.mark.parametrize("signers", [(), (LOG,) * 101])
def test_a_note_has_one_to_a_hundred_signatures(signers):
    with pytest.raises(NoteError):
        note.sign(TEXT, *signers)
    with pytest.raises(CheckpointError):
        checkpoint.sign(HEAD, *signers)


@pytest.mark.parametrize(("name", "public_key"), [("a", bytes(31)), ("", bytes(32)), ("\ud800", bytes(32))])
def test_an_impossible_key_cannot_be_made(name, public_key):
    with pytest.raises(NoteError):
        note.VerifierKey(name, public_key)


def test_a_checkpoint_is_signed_and_read():
    assert str(HEAD) == TEXT
    assert checkpoint.verify(checkpoint.sign(HEAD, LOG, WITNESS), LOG.verifier_key) == HEAD


def test_the_empty_log_has_a_head_too():
    empty = Checkpoint("log.example/east", 0, EMPTY_ROOT)
    assert checkpoint.parse(str(empty)) == empty


def test_extension_lines_are_kept():
    text = TEXT + "opaque\n"
    assert checkpoint.parse(text).extensions == ("opaque",)
    assert str(checkpoint.parse(text)) == text


def test_a_head_of_another_log_is_refused_unless_asked_for():
    signed = checkpoint.sign(Checkpoint("log.example/west", 7, bytes(32)), LOG)
    with pytest.raises(CheckpointError, match="another log"):
        checkpoint.verify(signed, LOG.verifier_key)
    assert checkpoint.verify(signed, LOG.verifier_key, origin="log.example/west").size == 7


@pytest.mark.parametrize("signer", [WITNESS, IMPOSTOR])
def test_a_head_signed_by_another_is_refused(signer):
    with pytest.raises(CheckpointError):
        checkpoint.verify(checkpoint.sign(HEAD, signer), LOG.verifier_key)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n",
        TEXT[:-1],
        TEXT + "\n",
        TEXT.replace("7", "07"),
        TEXT.replace("7", "-7"),
        TEXT.replace("7", "+7"),
        TEXT.replace("7", "٧"),
        TEXT.replace("7", "7 "),
        TEXT.replace("7", "0"),
        TEXT.replace("7", str(2**63)),
        TEXT.replace("A=", "B="),
        TEXT.replace("AAAA", ""),
        TEXT.replace("log.example/east", ""),
        "origin\n7\n",
    ],
)
def test_what_is_not_a_checkpoint_is_refused(text):
    with pytest.raises(CheckpointError):
        checkpoint.parse(text)


@given(st.text(max_size=20), st.integers(-1, 2**64), st.binary(min_size=30, max_size=34))
def test_a_checkpoint_round_trips_or_cannot_be_made(origin, size, root):
    try:
        head = Checkpoint(origin, size, root)
    except CheckpointError:
        return
    assert checkpoint.parse(str(head)) == head


@given(st.text(max_size=100))
def test_any_text_is_a_checkpoint_or_refused(text):
    try:
        head = checkpoint.parse(text)
    except CheckpointError:
        return
    assert str(head) == text

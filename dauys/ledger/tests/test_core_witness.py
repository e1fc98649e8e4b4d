"""Cosignatures and the witness protocol: a head is cosigned only once it is shown to extend the last."""

import threading

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from dauys.ledger.core import checkpoint, cosignature, note, tree, witness
from dauys.ledger.core.checkpoint import Checkpoint
from dauys.ledger.core.cosignature import Cosigner
from dauys.ledger.core.memory import NOTHING, Memory, MemoryLost, Remembered
from dauys.ledger.core.note import NoteError, Signer
from dauys.ledger.core.witness import Refusal, Request, Witness

ORIGIN = "log.example/east"
LOG = Signer(ORIGIN, Ed25519PrivateKey.from_private_bytes(b"l" * 32))
STRANGER = Signer(ORIGIN, Ed25519PrivateKey.from_private_bytes(b"s" * 32))
COSIGNER = Cosigner("witness.example/w1", Ed25519PrivateKey.from_private_bytes(b"w" * 32))
AT = 1_679_315_147
LEAVES = [tree.leaf_hash(bytes([number])) for number in range(40)]
OTHERS = [*LEAVES[:5], *(tree.leaf_hash(b"other" + bytes([number])) for number in range(35))]


def head(size, leaves=LEAVES, signer=LOG, origin=ORIGIN):
    return checkpoint.sign(Checkpoint(origin, size, tree.root(leaves[:size])), signer)


def request(old, new, leaves=LEAVES, **told):
    proof = tree.consistency_proof(leaves, old, new) if 0 < old <= new else []
    return Request(old, tuple(proof), head(new, leaves, **told)).encode()


@pytest.fixture
def watcher(tmp_path):
    return Witness(COSIGNER, {ORIGIN: [LOG.verifier_key]}, Memory(tmp_path / "heads"))


def refused(watcher, data):
    with pytest.raises(Refusal) as caught:
        watcher.add_checkpoint(data, at=AT)
    return caught.value


def test_a_cosignature_says_who_and_when():
    line = COSIGNER.cosign("log.example\n7\nroot\n", at=AT)
    assert COSIGNER.key.verify("log.example\n7\nroot\n", line.value) == AT
    for text, value in (("log.example\n8\nroot\n", line.value), ("log.example\n7\nroot\n", line.value[:-1] + b"x")):
        with pytest.raises(NoteError):
            COSIGNER.key.verify(text, value)


def test_a_changed_time_is_no_cosignature():
    line = COSIGNER.cosign("t\n", at=AT)
    with pytest.raises(NoteError, match="false"):
        COSIGNER.key.verify("t\n", (AT + 1).to_bytes(8, "big") + line.value[8:])


def test_the_key_is_written_and_read_and_is_not_the_key_for_notes():
    text = str(COSIGNER.key)
    assert cosignature.parse_cosigner_key(text) == COSIGNER.key
    with pytest.raises(NoteError):
        note.parse_verifier_key(text)
    with pytest.raises(NoteError):
        cosignature.parse_cosigner_key(str(LOG.verifier_key))


def test_heads_that_extend_each_other_are_cosigned(watcher):
    for old, new in ((0, 1), (1, 5), (5, 5), (5, 40)):
        line = watcher.add_checkpoint(request(old, new), at=AT)
        both = head(new) + line
        assert cosignature.cosigned(both, [COSIGNER.key]) == {COSIGNER.key: AT}
        assert checkpoint.verify(both, LOG.verifier_key).size == new  # verifiers of the log ignore the witness's line


@pytest.mark.parametrize(
    ("data", "status"),
    [
        (b"", 400),
        (b"old 0\n" + head(3), 400),
        (b"new 0\n\n" + head(3), 400),
        (b"old 00\n\n" + head(3), 400),
        (b"old 0\nAAAA\n\n" + head(3), 400),
        (b"old 0\n\nno checkpoint", 400),
        (b"old 0\n" + b"A" * 43 + b"=\n" + (b"A" * 43 + b"=\n") * 63 + b"\n" + head(3), 400),
        (request(0, 3, signer=STRANGER), 403),
        (request(0, 3, origin="log.example/west", signer=Signer("log.example/west", LOG.private_key)), 404),
        (Request(9, (), head(3)).encode(), 400),
        (Request(2, (), head(3)).encode(), 409),
        (Request(0, (bytes(32),), head(3)).encode(), 422),
        (b"old 0\n\n" + b"x" * 70_000, 400),
    ],
)
def test_what_a_witness_refuses(watcher, data, status):
    assert refused(watcher, data).status == status
    assert watcher.add_checkpoint(request(0, 2), at=AT)  # and nothing of it was remembered


def test_a_conflict_tells_the_size_known(watcher):
    watcher.add_checkpoint(request(0, 5), at=AT)
    told = refused(watcher, request(3, 9))
    assert (told.status, told.body, told.content_type) == (409, "5\n", "text/x.tlog.size")


def test_two_histories_are_never_cosigned(watcher):
    watcher.add_checkpoint(request(0, 20), at=AT)
    assert refused(watcher, request(20, 20, leaves=OTHERS)).status == 409
    assert refused(watcher, request(20, 30, leaves=OTHERS)).status == 422
    assert refused(watcher, request(5, 30, leaves=OTHERS)).status == 409
    assert refused(watcher, request(0, 10)).status == 409  # never back


@given(st.binary(max_size=400))
def test_no_bytes_break_the_parser(data):
    try:
        read = witness.parse(data)
    except Refusal:
        return
    assert read.encode() == data


def test_of_many_at_once_only_one_line_of_heads_is_cosigned(watcher):
    watcher.add_checkpoint(request(0, 5), at=AT)
    said = []

    def ask(new, leaves):
        try:
            watcher.add_checkpoint(request(5, new, leaves=leaves), at=AT)
            said.append((new, leaves is LEAVES))
        except Refusal:
            pass

    threads = [threading.Thread(target=ask, args=(new, of)) for new in (6, 12, 30) for of in (LEAVES, OTHERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(said) == 1


def test_memory_is_on_the_disk_and_a_damaged_one_signs_nothing(tmp_path):
    memory = Memory(tmp_path)
    with memory.turn(ORIGIN) as turn:
        assert turn.last() == NOTHING
        turn.keep(Remembered(7, bytes(32)))
    with Memory(tmp_path).turn(ORIGIN) as turn:
        assert turn.last() == Remembered(7, bytes(32))
    (kept,) = (one for one in tmp_path.iterdir() if one.suffix == "")
    for damage in ("", "dauys/head@v1\n", kept.read_text().replace("7", "8x"), kept.read_text() + "x", "\x00"):
        kept.write_text(damage)
        with pytest.raises(MemoryLost), memory.turn(ORIGIN) as turn:
            turn.last()


def test_a_full_disk_signs_nothing(watcher, monkeypatch):
    monkeypatch.setattr("dauys.ledger.core.memory.os.fsync", _no_space)
    with pytest.raises(MemoryLost):
        watcher.add_checkpoint(request(0, 5), at=AT)
    monkeypatch.undo()
    assert watcher.add_checkpoint(request(0, 4), at=AT)  # what was not signed is not remembered


def _no_space(_file):
    raise OSError(28, "No space left on device")

"""One file proves it: what was sent, when, under whose signature; and the ledger is held to it."""

import base64
import dataclasses
import secrets
from datetime import date

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from dauys.ledger.core import checkpoint, receipt, tiles, tree, verify
from dauys.ledger.core.canonical import encode_base64
from dauys.ledger.core.checkpoint import Checkpoint
from dauys.ledger.core.commitment import commitment, field_hash, fresh_salts
from dauys.ledger.core.leaf import Kind, Leaf
from dauys.ledger.core.note import Note, Signature, Signer, parse
from dauys.ledger.core.receipt import Flaw, Receipt, ReceiptError
from dauys.ledger.core.tiles import TileId
from dauys.ledger.core.verify import Check, Damage, MalformedProof, TamperedLedger

LOG = Signer("log.example/east", Ed25519PrivateKey.from_private_bytes(b"l" * 32))
KEY = LOG.verifier_key
WITNESS = Signer("witness.example", Ed25519PrivateKey.from_private_bytes(b"w" * 32))

FIELDS = {"text": "Двор не освещён".encode(), "applicant": "Әсел".encode()}
SALTS = fresh_salts(FIELDS, secrets.token_bytes)
LEAF = Leaf(Kind.RECEIVED, b"c" * 16, date(2026, 11, 22), date(2026, 12, 14), "web", commitment(FIELDS, SALTS))


class Log:
    """A log of strangers' leaves in memory, with the citizen's among them."""

    def __init__(self, size, *, others=b"leaf", own=5):
        hashes = [tree.leaf_hash(others + bytes([n % 251, n // 251])) for n in range(size)]
        hashes[own] = tree.leaf_hash(LEAF.encode())
        grown = tiles.extend(lambda level, index: b"", 0, hashes)
        self.own, self.tiles = own, dict(grown.tiles)
        self.head = Checkpoint(LOG.name, size, grown.root)

    def __call__(self, level, index):
        return self.tiles[TileId(level, index)]

    def signed(self, *signers):
        return checkpoint.sign(self.head, *(signers or (LOG,)))

    def receipt(self, *signers, **changes):
        proof = tuple(tiles.inclusion_proof(self, self.own, self.head.size))
        made = Receipt(LEAF, self.own, proof, self.signed(*signers), FIELDS, SALTS)
        return dataclasses.replace(made, **changes)


@pytest.fixture(scope="module")
def log():
    return Log(300)


@pytest.fixture(scope="module")
def data(log):
    return receipt.build(log.receipt())


def flaw_of(data, key=KEY):
    with pytest.raises(ReceiptError) as refused:
        receipt.verify(data, key)
    return refused.value.flaw


def test_the_file_is_the_published_format(log, data):
    lines = data.decode().split("\n")
    assert lines[0] == "c2sp.org/tlog-proof@v1"
    assert lines[1].startswith("extra ")
    assert lines[2] == "index 5"
    assert lines[3:12] == [encode_base64(step) for step in log.receipt().proof]
    assert "\n".join(lines[13:]).encode() == log.signed()


def test_a_receipt_proves_the_leaf_and_the_citizens_words(log, data):
    proven = receipt.verify(data, KEY)
    assert (proven.leaf, proven.index, proven.size) == (LEAF, 5, 300)
    assert (proven.checkpoint, proven.fields, proven.hidden) == (log.head, FIELDS, frozenset())


def test_a_receipt_is_read_back(log, data):
    assert receipt.parse(data) == log.receipt()
    assert receipt.build(receipt.parse(data)) == data


def test_the_only_leaf_needs_no_proof_lines():
    alone = receipt.build(Log(1, own=0).receipt())
    assert b"\nindex 0\n\n" in alone
    assert receipt.verify(alone, KEY).size == 1


def test_the_text_can_be_shown_without_the_name(log):
    name = field_hash("applicant", FIELDS["applicant"], SALTS["applicant"])
    part = log.receipt(fields={"text": FIELDS["text"]}, salts={"text": SALTS["text"]}, hidden={"applicant": name})
    proven = receipt.verify(receipt.build(part), KEY)
    assert (proven.fields, proven.hidden) == ({"text": FIELDS["text"]}, {"applicant"})
    assert FIELDS["applicant"] not in receipt.build(part)


def test_a_bare_leaf_may_be_proven_without_any_field(log):
    proven = receipt.verify(receipt.build(log.receipt(fields={}, salts={})), KEY)
    assert (proven.leaf, proven.fields) == (LEAF, {})


def test_every_flipped_bit_is_refused(data):
    for at in range(len(data) * 8):
        flipped = bytearray(data)
        flipped[at // 8] ^= 1 << at % 8
        with pytest.raises(ReceiptError):
            receipt.verify(bytes(flipped), KEY)


def test_a_bit_flipped_in_a_witness_line_is_refused_or_changes_nothing(log):
    whole = receipt.build(log.receipt(LOG, WITNESS))
    start = whole.index("— witness".encode())
    proven, harmless = receipt.verify(whole, KEY), 0
    for at in range(start * 8, len(whole) * 8):
        flipped = bytearray(whole)
        flipped[at // 8] ^= 1 << at % 8
        try:
            assert receipt.verify(bytes(flipped), KEY) == proven
            harmless += 1
        except ReceiptError:
            pass
    assert harmless > 0


def test_every_cut_is_refused(data):
    for end in range(len(data)):
        with pytest.raises(ReceiptError):
            receipt.verify(data[:end], KEY)


@pytest.mark.parametrize(
    ("changes", "flaw"),
    [
        pytest.param({"index": 6}, Flaw.INCLUSION, id="another place"),
        pytest.param({"proof": ()}, Flaw.INCLUSION, id="no proof"),
        pytest.param({"proof": (bytes(32),) * 70}, Flaw.INCLUSION, id="a proof without end"),
        pytest.param({"leaf": dataclasses.replace(LEAF, due_on=date(2027, 1, 1))}, Flaw.INCLUSION, id="a later term"),
        pytest.param({"fields": FIELDS | {"text": b"Thank you"}}, Flaw.FIELDS, id="other words"),
        pytest.param(
            {"fields": {"text": FIELDS["text"]}, "salts": {"text": SALTS["text"]}},
            Flaw.FIELDS,
            id="a field less",
        ),
        pytest.param({"salts": SALTS | {"text": b"short"}}, Flaw.FIELDS, id="a short salt"),
        pytest.param({"hidden": {"phone": bytes(32)}}, Flaw.FIELDS, id="a hidden field more"),
        pytest.param(
            {"fields": {}, "salts": {}, "hidden": {"text": bytes(32)}}, Flaw.FIELDS, id="another hidden field"
        ),
        pytest.param({"head": b""}, Flaw.HEAD, id="no head"),
        pytest.param({"head": Log(300).signed(WITNESS)}, Flaw.HEAD, id="a head signed by another"),
        pytest.param({"head": Log(301).signed()}, Flaw.INCLUSION, id="the head of another tree"),
    ],
)
def test_a_false_receipt_is_refused_where_it_is_false(log, changes, flaw):
    assert flaw_of(receipt.build(log.receipt(**changes))) is flaw


@pytest.mark.parametrize(
    ("content", "flaw"),
    [
        (b"", Flaw.FORMAT),
        (b"{}", Flaw.EXTRA),
        (b"[]", Flaw.EXTRA),
        (b"\xff", Flaw.EXTRA),
        (b"[" * 100_000, Flaw.EXTRA),
        (b'{"fields":{},"hidden":{},"leaf":7}', Flaw.EXTRA),
        (b'{"fields":{},"hidden":{},"leaf":""}', Flaw.LEAF),
        (b'{"fields":{},"hidden":{},"leaf":"\\ud800"}', Flaw.EXTRA),
        (b'{"fields":{"text":["AAAA"]},"hidden":{},"leaf":""}', Flaw.EXTRA),
        (b'{"fields":{"text":[1,2]},"hidden":{},"leaf":""}', Flaw.EXTRA),
        (b'{"fields":{"text":null},"hidden":{},"leaf":""}', Flaw.EXTRA),
        (b'{"fields":{},"hidden":{"text":"A"},"leaf":""}', Flaw.EXTRA),
        (b'{"fields":{},"hidden":{},"leaf":"","more":1}', Flaw.EXTRA),
        (b'{"fields":{},"hidden":{},"leaf":%s}', Flaw.EXTRA),
    ],
)
def test_extra_data_of_another_shape_is_refused(log, content, flaw):
    front = f"c2sp.org/tlog-proof@v1\nextra {encode_base64(content)}\nindex 5\n\n".encode()
    assert flaw_of(front + log.signed()) is flaw


def test_a_second_spelling_of_the_same_fields_is_refused(data):
    extra = data.split(b"\n")[1].removeprefix(b"extra ")
    spaced = base64.b64encode(base64.b64decode(extra).replace(b'"hidden":{}', b'"hidden": {}'))
    assert flaw_of(data.replace(extra, spaced)) is Flaw.EXTRA


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"@v1", b"@v2"),
        (b"\nindex 5", b"\nindex 05"),
        (b"\nindex 5", b"\nindex -5"),
        (b"\nindex", b"\r\nindex"),
        (b"\nextra ", b"\nextra  "),
        (b"\n\n", b"\n"),
        (b"\nindex 5", b"\nindex 5\nAAAA"),
        (b"extra ", b"Extra "),
    ],
)
def test_another_spelling_of_the_format_is_refused(data, old, new):
    assert flaw_of(data.replace(old, new, 1)) is Flaw.FORMAT


def test_a_flood_is_not_read():
    assert flaw_of(b"a" * 4_000_001) is Flaw.FORMAT


@given(st.binary(max_size=200), st.integers(0, 1400), st.integers(0, 1400))
def test_any_bytes_are_a_receipt_or_refused(garbage, start, end):
    whole = receipt.build(Log(3, own=1).receipt())
    spliced = whole[:start] + garbage + whole[end:]
    try:
        read = receipt.parse(spliced)
    except ReceiptError:
        return
    assert receipt.build(read) == spliced


# The same receipt held against a later head of the same log.


def test_a_receipt_alone_is_sound(data):
    report = verify.examine(data, KEY)
    assert (report.sound, report.passed) == (True, (Check.RECEIPT,))


@pytest.mark.parametrize("size", [301, 512, 700])
def test_a_log_that_only_grew_stands_by_the_receipt(data, size):
    later = Log(size)
    report = verify.examine(data, KEY, head=later.signed(), reader=later)
    assert (report.failure, report.passed) == (None, (Check.RECEIPT, Check.HEAD, Check.GROWTH))


def test_growth_is_not_claimed_without_tiles(data):
    assert verify.examine(data, KEY, head=Log(700).signed()).passed == (Check.RECEIPT, Check.HEAD)


@pytest.mark.parametrize("kept_size", [256, 300])
@pytest.mark.parametrize("size", [300, 512, 700])
def test_a_log_that_rewrote_its_past_is_named(kept_size, size):
    kept, rewritten = Log(kept_size), Log(size, others=b"other")
    report = verify.examine(receipt.build(kept.receipt()), KEY, head=rewritten.signed(), reader=rewritten)
    assert isinstance(report.failure, TamperedLedger)
    assert (report.failure.kept, report.failure.shown) == (kept.head, rewritten.head)
    assert report.verified is not None


def test_two_roots_for_one_size_need_no_tiles(data):
    report = verify.examine(data, KEY, head=Log(300, others=b"other").signed())
    assert isinstance(report.failure, TamperedLedger)


def test_tiles_of_another_log_accuse_nobody(data):
    report = verify.examine(data, KEY, head=Log(700).signed(), reader=Log(700, others=b"other"))
    assert isinstance(report.failure, MalformedProof)
    assert report.failure.reason is Damage.TILES


def test_a_flipped_bit_in_any_tile_accuses_nobody(data):
    later = Log(700)
    for tile, whole in list(later.tiles.items()):
        for at in range(0, len(whole), 32):
            later.tiles[tile] = whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :]
            failure = verify.examine(data, KEY, head=later.signed(), reader=later).failure
            assert failure is None or isinstance(failure, MalformedProof)
        later.tiles[tile] = whole


@pytest.mark.parametrize(
    ("head", "reason"),
    [
        pytest.param(Log(200).signed(), Damage.HEAD_OLDER, id="an older head"),
        pytest.param(Log(700).signed(WITNESS), Damage.HEAD_UNSIGNED, id="a head by another key"),
        pytest.param(b"", Damage.HEAD_UNSIGNED, id="no head"),
    ],
)
def test_a_head_that_decides_nothing(data, head, reason):
    report = verify.examine(data, KEY, head=head)
    assert isinstance(report.failure, MalformedProof)
    assert (report.failure.reason, report.passed) == (reason, (Check.RECEIPT,))


def test_a_damaged_receipt_says_nothing_about_the_log(data):
    report = verify.examine(data.replace(b"index 5", b"index 4"), KEY, head=Log(300, others=b"x").signed())
    assert isinstance(report.failure, MalformedProof)
    assert (report.failure.reason, report.verified, report.passed) == (Flaw.INCLUSION, None, ())


def test_heads_of_two_sizes_are_not_compared_without_tiles():
    with pytest.raises(MalformedProof):
        verify.compare_heads(Log(6).head, Log(7).head)
    with pytest.raises(MalformedProof):
        verify.compare_heads(Log(7).head, Log(6).head)
    verify.compare_heads(Checkpoint(LOG.name, 0, tree.EMPTY_ROOT), Log(7).head)


def test_a_second_signature_of_an_unknown_kind_is_ignored(log):
    signed = parse(log.signed())
    post_quantum = Signature(LOG.name, b"\0\0\0\6", bytes(2420))
    head = Note(signed.text, (post_quantum, *signed.signatures)).encode()
    assert receipt.verify(receipt.build(log.receipt(head=head)), KEY).leaf == LEAF

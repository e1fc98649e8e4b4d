"""`dauys verify`: anybody, on any computer, with the receipt and the key alone."""

import json
import secrets
import subprocess
import sys
from datetime import date

import pytest
from click.testing import CliRunner
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from dauys.commands.verify import printable, verify
from dauys.ledger.core import checkpoint, tree
from dauys.ledger.core.checkpoint import Checkpoint
from dauys.ledger.core.commitment import commitment, field_hash, fresh_salts
from dauys.ledger.core.leaf import Kind, Leaf
from dauys.ledger.core.note import Signer
from dauys.ledger.core.receipt import Receipt, build

LOG = Signer("log.example/east", Ed25519PrivateKey.from_private_bytes(b"l" * 32))
OTHER = Signer("log.example/east", Ed25519PrivateKey.from_private_bytes(b"o" * 32))
FIELDS = {"text": "Двор не\nосвещён".encode(), "applicant": '{"name": "Әсел", "phone": "+7 700"}'.encode()}
SALTS = fresh_salts(FIELDS, secrets.token_bytes)
LEAF = Leaf(Kind.RECEIVED, b"c" * 16, date(2026, 11, 22), date(2026, 12, 14), "web", commitment(FIELDS, SALTS))


def head(size, *, others=b"leaf", signer=LOG):
    hashes = [tree.leaf_hash(others + bytes([number])) for number in range(size)]
    if size > 5:
        hashes[5] = tree.leaf_hash(LEAF.encode())
    return checkpoint.sign(Checkpoint(LOG.name, size, tree.root(hashes)), signer)


def receipt(size=20, *, fields=FIELDS, salts=SALTS, hidden=None, **of_head):
    hashes = [tree.leaf_hash(b"leaf" + bytes([number])) for number in range(size)]
    hashes[5] = tree.leaf_hash(LEAF.encode())
    proof = tuple(tree.inclusion_proof(hashes, 5, size))
    return build(Receipt(LEAF, 5, proof, head(size, **of_head), fields, salts, hidden or {}))


@pytest.fixture
def ask(tmp_path, monkeypatch):
    """Runs the command on these bytes; the key lies beside them unless `key` says otherwise."""
    monkeypatch.setenv("DAUYS_HOME", str(tmp_path / "home"))

    def run(data, *options, key=str(LOG.verifier_key), head=None):
        folder = tmp_path / "kept"
        folder.mkdir(exist_ok=True)
        (folder / "my.tlog-proof").write_bytes(data)
        if key:
            (folder / "ledger-key.txt").write_text(key + "\n")
        arguments = [str(folder / "my.tlog-proof"), *options]
        if head is not None:
            (folder / "checkpoint").write_bytes(head)
            arguments += ["--head", str(folder / "checkpoint")]
        return CliRunner().invoke(verify, arguments)

    return run


def test_a_sound_receipt_is_told_in_plain_words(ask):
    said = ask(receipt())
    assert said.exit_code == 0
    for words in (
        "PROVEN", "an appeal was received (web)", "2026-11-22", "2026-12-14", "number 6 of 20 entries",
        "    Двор не\n    освещён\n", "name: Әсел",
    ):  # fmt: skip
        assert words in said.output


def test_programs_get_the_same_as_json(ask):
    told = json.loads(ask(receipt(), "--json").stdout)
    assert (told["result"], told["kind"]) == ("proven", "received")
    assert (told["date"], told["due"]) == ("2026-11-22", "2026-12-14")
    assert (told["index"], told["size"], told["fields"]["text"]) == (5, 20, "Двор не\nосвещён")


def test_a_receipt_without_fields_claims_no_words(ask):
    said = ask(receipt(fields={}, salts={}))
    assert said.exit_code == 0
    assert "shows no fields: it proves this line of the ledger and no words" in said.output


def test_a_hidden_field_is_named_as_not_proven(ask):
    hidden = {"applicant": field_hash("applicant", FIELDS["applicant"], SALTS["applicant"])}
    said = ask(receipt(fields={"text": FIELDS["text"]}, salts={"text": SALTS["text"]}, hidden=hidden))
    assert said.exit_code == 0
    assert "Not shown, and so not proven: applicant" in said.output
    assert "Әсел" not in said.output


DAMAGED = [
    pytest.param(lambda good: b"", id="empty"),
    pytest.param(lambda good: good[:-20], id="cut"),
    pytest.param(lambda good: good.replace(b"index 5", b"index 6"), id="another position"),
    pytest.param(lambda good: good.replace(b"\n20\n", b"\n21\n"), id="another size"),
    pytest.param(lambda good: "не квитанция".encode(), id="another text"),
    pytest.param(lambda good: b"\x89PNG\0\0" + good, id="a picture"),
    pytest.param(lambda good: receipt(fields={**FIELDS, "text": b"other"}), id="other words"),
    pytest.param(lambda good: receipt(signer=OTHER), id="another key of the same name"),
]


@pytest.mark.parametrize("harm", DAMAGED)
def test_a_damaged_file_proves_nothing_and_accuses_nobody(ask, harm):
    said = ask(harm(receipt()))
    assert said.exit_code == 3
    assert "PROVEN by" not in said.output
    assert "TAMPERED" not in said.output


def test_two_histories_are_an_alarm(ask):
    said = ask(receipt(20), head=head(20, others=b"rewritten"))
    assert said.exit_code == 1
    assert "TAMPERED" in said.output
    told = json.loads(ask(receipt(20), "--json", head=head(20, others=b"rewritten")).stdout)
    assert told["head"] == "contradicts"


@pytest.mark.parametrize(
    ("shown", "growth", "sentence"),
    [
        pytest.param(lambda: head(20), "same", "the ledger stands by this receipt", id="the same head"),
        pytest.param(lambda: head(30), "unchecked", "cannot be told from these two files", id="a larger head"),
        pytest.param(
            lambda: head(30, others=b"rewritten"), "unchecked", "cannot be told", id="a larger one, rewritten"
        ),
        pytest.param(lambda: head(10), "older", "says nothing about it", id="an older head"),
    ],
)
def test_another_head_says_no_more_than_it_can(ask, shown, growth, sentence):
    said = ask(receipt(20), head=shown())
    assert said.exit_code == 0
    assert sentence in " ".join(said.output.split())
    assert json.loads(ask(receipt(20), "--json", head=shown()).stdout)["head"] == growth


def test_a_head_of_another_key_is_a_damaged_head(ask):
    said = ask(receipt(20), head=head(20, signer=OTHER))
    assert said.exit_code == 3
    assert "The head to compare with is not signed by this key" in said.output


def test_the_key_is_found_beside_the_file_or_at_home_and_named(ask, tmp_path):
    assert ask(receipt(), key=None).exit_code == 2
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "ledger-key.txt").write_text(str(LOG.verifier_key))
    said = ask(receipt(), key=None)
    assert said.exit_code == 0
    assert "home/ledger-key.txt" in said.output
    assert ask(receipt(), key=str(OTHER.verifier_key)).exit_code == 3
    assert ask(receipt(), "--key", str(LOG.verifier_key), key=str(OTHER.verifier_key)).exit_code == 0


@pytest.mark.parametrize("key", ["", "name", "log.example/east+00000000+AAAA", "ключ"])
def test_a_wrong_key_is_wrong_use(ask, key):
    assert ask(receipt(), "--key", key or " ", key=None).exit_code == 2


def test_a_folder_a_missing_and_a_huge_file_are_wrong_use(ask, tmp_path):
    run = CliRunner().invoke
    assert run(verify, [str(tmp_path)]).exit_code == 2
    assert run(verify, [str(tmp_path / "none.tlog-proof")]).exit_code == 2
    assert ask(b"x" * 5_000_001).exit_code == 2
    assert run(verify, ["/dev/zero"]).exit_code == 2


def test_words_cannot_steer_the_terminal():
    assert printable("a\x1b[2Jb\u202ec\nd\u200d") == "a\\u001b[2Jb\\u202ec\nd\u200d"


def test_it_needs_neither_django_nor_a_home(tmp_path):
    (tmp_path / "my.tlog-proof").write_bytes(receipt())
    program = (
        "import sys; from dauys.cli import main\n"
        "try: main(['verify', 'my.tlog-proof', '--key', sys.argv[1]])\n"
        "finally: sys.exit(9 if 'django' in sys.modules else 0)"
    )
    command = [sys.executable, "-c", program, str(LOG.verifier_key)]
    ran = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (ran.returncode, "PROVEN" in ran.stdout) == (0, True), ran.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["my.tlog-proof"]

"""`dauys verify`: is this receipt sound? Needs no database, no settings and no network."""

import json
import os
import unicodedata
from datetime import datetime
from pathlib import Path
from typing import Any, NoReturn

import click

from dauys.commands import show
from dauys.ledger.core import note
from dauys.ledger.core.leaf import Kind
from dauys.ledger.core.note import NoteError, VerifierKey
from dauys.ledger.core.receipt import Flaw, Verified
from dauys.ledger.core.verify import Check, Damage, MalformedProof, Report, TamperedLedger, examine

KEY_FILE = "ledger-key.txt"
LARGEST_FILE = 5_000_000  # bytes; the largest receipt is smaller
UNSAFE = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
PROVEN, TAMPERED, WRONG_USE, DAMAGED = 0, 1, 2, 3

KINDS = {
    Kind.RECEIVED: "an appeal was received",
    Kind.ACCEPTED: "the appeal was accepted and an answer promised",
    Kind.FORWARDED: "the appeal was passed to another office",
    Kind.EXTENDED: "the term of the answer was extended",
    Kind.ANSWERED: "the appeal was answered",
    Kind.REFUSED: "the appeal was refused",
    Kind.REOPENED: "the appeal was opened again",
    Kind.WITHDRAWN: "the appeal was withdrawn",
    Kind.ERASED: "personal data of the case was erased",
    Kind.AMENDED: "the case was amended",
    Kind.POLICY: "rules were published",
    Kind.TICK: "the ledger marked the time",
}
FIELDS = {
    "text": "words",
    "applicant": "applicant",
    "moment": "exact time",
    "channel": "channel",
    "kind": "kind of appeal",
    "attachments": "attachments (SHA-256)",
    "outcome": "outcome",
    "office": "office",
    "official": "official (number)",
    "solved": "solved, says the citizen",
    "rating": "rating",
    "words": "the citizen's words",
}
FLAWS: dict[Flaw | Damage, str] = {
    Flaw.FORMAT: "It is not a receipt, or it is cut or changed.",
    Flaw.EXTRA: "Its part with the leaf and the fields cannot be read.",
    Flaw.LEAF: "Its leaf is not written as leaves of this ledger are.",
    Flaw.HEAD: "Its head is not signed by this key: the file is changed, or the key is another ledger's.",
    Flaw.INCLUSION: "Its leaf does not stand under the signed head.",
    Flaw.FIELDS: "Its fields are not those the leaf commits to.",
    Damage.HEAD_UNSIGNED: "The head to compare with is not signed by this key.",
}


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--key", "key_text", metavar="VKEY", help="The ledger's public key: name+id+key.")
@click.option("--key-file", type=click.Path(path_type=Path), help="A file that holds the key.")
@click.option("--head", "head_file", type=click.Path(path_type=Path), help="A signed head to compare with.")
@click.option("--json", "as_json", is_flag=True, help="Print what was proven as JSON.")
def verify(file: Path, key_text: str | None, key_file: Path | None, head_file: Path | None, as_json: bool) -> None:
    """Check a receipt (.tlog-proof) against the ledger's public key.

    Without --key or --key-file, the key is read from ledger-key.txt beside FILE, then from DAUYS_HOME.

    Exit codes: 0 the receipt is proven; 1 the ledger was tampered with; 2 the command was used wrongly;
    3 the file is damaged and proves nothing.
    """
    data = _read(file)
    head = _read(head_file) if head_file else None
    key, source = _key(file, key_text, key_file)
    report = examine(data, key, head=head)
    code = _code(report)
    told = {"result": {PROVEN: "proven", TAMPERED: "tampered", DAMAGED: "damaged"}[code], "key": str(key)}
    show.result(
        {**told, **_values(report, compared=head is not None)},
        as_json=as_json,
        lines=_sentences(report, file=file, head_file=head_file, key=key, source=source),
    )
    raise SystemExit(code)


def printable(text: str) -> str:
    """Safe to show on a terminal: what could move the cursor or turn the reading direction is spelt out."""
    return "".join(f"\\u{ord(letter):04x}" if _is_unsafe(letter) else letter for letter in text)


def _is_unsafe(letter: str) -> bool:
    # Zero-width joiners and the soft hyphen belong to some scripts' spelling and move nothing.
    return letter not in "\n\u200c\u200d\u00ad" and unicodedata.category(letter) in UNSAFE


def _refuse(message: str, *, remedy: str = "", code: int = WRONG_USE) -> NoReturn:
    show.stop(message, remedy=remedy, code=code)
    raise AssertionError("stop() ends the command")


def _read(path: Path) -> bytes:
    name = printable(str(path))
    if path.is_dir():
        _refuse(f"{name} is a folder.", remedy="Give the receipt itself, a file ending in .tlog-proof.")
    try:
        with open(path, "rb") as file:
            data = file.read(LARGEST_FILE + 1)
    except OSError as error:
        _refuse(f"{name} cannot be read: {error.strerror}.", remedy="Check the name and the permissions.")
    if len(data) > LARGEST_FILE:
        _refuse(f"{name} is larger than any receipt.", remedy="Give the receipt itself, below 4 MB.")
    if b"\0" in data[:4096]:
        _refuse(f"{name} is a binary file, not a receipt.", remedy="Give the .tlog-proof file.", code=DAMAGED)
    return data


def _key(file: Path, key_text: str | None, key_file: Path | None) -> tuple[VerifierKey, str]:
    """The key and where it came from."""
    if key_text and key_file:
        _refuse("Give either --key or --key-file, not both.")
    if key_text:
        return _parse_key(key_text, "--key"), "given with --key"
    home = Path(os.environ.get("DAUYS_HOME", "var"))
    for path in [key_file] if key_file else [file.parent / KEY_FILE, home / KEY_FILE]:
        if key_file or path.is_file():
            text = _read(path).decode("utf-8", "replace")
            return _parse_key(text.strip(), printable(str(path))), f"read from {printable(str(path))}"
    _refuse(
        f"The ledger's public key is missing: no {KEY_FILE} beside the receipt or in {printable(str(home))}.",
        remedy="Take the key from the institution's ledger page or from print, and give it with --key.",
    )


def _parse_key(text: str, source: str) -> VerifierKey:
    try:
        return note.parse_verifier_key(text)
    except NoteError as error:
        _refuse(f"{source}: no public key of a ledger: {error}.", remedy="It is one line: name+id+key.")


def _code(report: Report) -> int:
    match report.failure:
        case TamperedLedger():
            return TAMPERED
        case MalformedProof(reason=Damage.HEAD_OLDER) | None:
            return PROVEN  # an older head says nothing of the receipt, for or against
        case _:
            return DAMAGED


def _growth(report: Report, *, compared: bool) -> str | None:
    """What the comparison with another head came to; None where none was asked for or possible."""
    if not compared or report.verified is None or report.head is None:
        return None
    if isinstance(report.failure, TamperedLedger):
        return "contradicts"
    if report.head.size < report.verified.size:
        return "older"
    return "same" if Check.GROWTH in report.passed else "unchecked"


def _values(report: Report, *, compared: bool) -> dict[str, Any]:
    told: dict[str, Any] = {}
    if isinstance(report.failure, MalformedProof):
        told |= {"reason": report.failure.reason.value, "detail": report.failure.detail}
    proven = report.verified
    if proven is not None:
        leaf = proven.leaf
        told |= {
            "kind": leaf.kind.value,
            "date": leaf.when.isoformat(),
            "due": leaf.due_on.isoformat() if leaf.due_on else None,
            "code": leaf.code,
            "case": leaf.encode().decode("ascii").splitlines()[2],
            "index": proven.index,
            "size": proven.size,
            "origin": proven.checkpoint.origin,
            "root": proven.checkpoint.root.hex(),
            "fields": {name: value.decode("utf-8", "replace") for name, value in proven.fields.items()},
            "hidden": sorted(proven.hidden),
        }
    return {**told, "head": _growth(report, compared=compared)}


def _sentences(report: Report, *, file: Path, head_file: Path | None, key: VerifierKey, source: str) -> list[str]:
    failure, proven = report.failure, report.verified
    lines: list[str] = []
    if proven is not None:
        lines += _proof(proven)
    if isinstance(failure, TamperedLedger):
        lines += [
            "",
            f"TAMPERED: the ledger signed two different histories of its first {failure.kept.size} entries.",
            f"  the receipt's head: {failure.kept.root.hex()}",
            f"  the head shown:     {failure.shown.root.hex()}",
            "Keep both files: side by side, with these signatures, they prove it to anybody.",
        ]
    elif isinstance(failure, MalformedProof) and failure.reason is not Damage.HEAD_OLDER:
        bad = head_file if failure.reason is Damage.HEAD_UNSIGNED else file
        lines += [
            "" if lines else f"NOT PROVEN: {printable(str(bad))} proves nothing.",
            FLAWS[failure.reason],
            f"Detail: {printable(failure.detail)}.",
            "This says nothing about the ledger itself. Try another copy, and make sure of the key.",
        ]
    match _growth(report, compared=head_file is not None):
        case "same":
            lines += ["", "The head to compare with is the same head: the ledger stands by this receipt."]
        case "older":
            lines += ["", "The head to compare with is older than the receipt: it says nothing about it."]
        case "unchecked":
            lines += [
                "",
                "The head to compare with is newer and signed by the same key. Whether it still contains the",
                "entries of this receipt cannot be told from these two files: it takes the ledger's tiles.",
            ]
    lines += ["", f"Key: {printable(str(key))}", f"     {source}. The proof is worth as much as this key:"]
    return [*lines, "     compare it with the one published in print or on another site."]


def _proof(proven: Verified) -> list[str]:
    leaf = proven.leaf
    code = f" ({leaf.code})" if leaf.code else ""
    when = f"{leaf.when:%Y-%m-%d %H:%M:%S} UTC" if isinstance(leaf.when, datetime) else leaf.when.isoformat()
    lines = [
        f"PROVEN by the signature of {printable(proven.checkpoint.origin)}:",
        f"  what     {KINDS[leaf.kind]}{code}",
        f"  date     {when}",
    ]
    if leaf.due_on:
        lines.append(f"  due      {leaf.due_on.isoformat()}: the day by which an answer is owed")
    lines += [
        f"  case     {leaf.encode().decode('ascii').splitlines()[2]}",
        f"  position number {proven.index + 1} of {proven.size} entries",
        f"  head     {proven.checkpoint.root.hex()}",
        "",
    ]
    if proven.fields:
        lines.append("and with it these fields, to the letter:")
        for name, value in sorted(proven.fields.items()):
            lines += [f"  {FIELDS.get(name, name)}:", *_indented(_told(name, value))]
    else:
        lines.append("The receipt shows no fields: it proves this line of the ledger and no words.")
    if proven.hidden:
        lines.append(f"Not shown, and so not proven: {', '.join(sorted(proven.hidden))}.")
    return lines


def _told(name: str, value: bytes) -> str:
    text = value.decode("utf-8", "replace")
    if name == "applicant":
        try:
            known = json.loads(text)
        except ValueError:
            return text
        if isinstance(known, dict):
            return "\n".join(f"{part}: {said}" for part, said in known.items()) or "(no name given)"
    return text


def _indented(text: str) -> list[str]:
    return [f"    {line}" for line in printable(text).split("\n")]

"""The citizen's proof in one file: C2SP tlog-proof v1 (c2sp.org/tlog-proof, text of July 2026).

    c2sp.org/tlog-proof@v1
    extra <Base 64>
    index <number>
    <Base 64 hash, from the leaf's sibling upward>   as many as the tree is high

    <the signed checkpoint, verbatim>

The specification leaves `extra` to the application and unauthenticated. Ours is compact JSON with sorted
keys, in UTF-8, all bytes in it as Base 64:

    {"fields": {name: [salt, value]}, "hidden": {name: field hash}, "leaf": the leaf's text}

Nothing in it is believed: the leaf must stand in the signed tree, and the fields must make its commitment.
"""

import enum
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from . import checkpoint, leaf, tree
from .canonical import NotCanonical, decode_base64, decode_decimal, encode_base64
from .checkpoint import Checkpoint, CheckpointError
from .commitment import CommitmentError, commitment
from .leaf import Leaf, LeafError
from .note import VerifierKey
from .tree import HASH_LENGTH, ProofError

FORMAT = "c2sp.org/tlog-proof@v1"
SUFFIX = ".tlog-proof"
LARGEST_RECEIPT = 4_000_000  # bytes: a very long letter fits; attachments stand in it by their hash alone

_LINES = re.compile(rf"{re.escape(FORMAT)}\nextra ([A-Za-z0-9+/=]+)\nindex ([0-9]+)((?:\n[A-Za-z0-9+/=]+)*)")


class Flaw(enum.Enum):
    """Where a receipt fails."""

    FORMAT = "format"  # not a file of this format, or cut
    EXTRA = "extra"  # the part that carries leaf and fields cannot be read
    LEAF = "leaf"  # the leaf is not of the published grammar
    HEAD = "head"  # the head is not signed by this log
    INCLUSION = "inclusion"  # the leaf does not stand under the signed head
    FIELDS = "fields"  # the fields are not those the leaf commits to


class ReceiptError(Exception):
    """This receipt proves nothing; `flaw` says where it fails."""

    def __init__(self, flaw: Flaw, detail: str) -> None:
        super().__init__(f"{flaw.value}: {detail}")
        self.flaw = flaw
        self.detail = detail


@dataclass(frozen=True)
class Receipt:
    """What the file holds. `head` is the signed checkpoint, verbatim.

    `fields` and `salts` are the citizen's own words; `hidden` are field hashes in place of fields not shown.
    """

    leaf: Leaf
    index: int
    proof: tuple[bytes, ...]
    head: bytes
    fields: Mapping[str, bytes] = field(default_factory=dict)
    salts: Mapping[str, bytes] = field(default_factory=dict)
    hidden: Mapping[str, bytes] = field(default_factory=dict)


@dataclass(frozen=True)
class Verified:
    """What a sound receipt proves: this leaf is number `index` in the tree the log signed as `checkpoint`.

    `fields` are proven to be what the leaf commits to; empty if none was shown.
    """

    leaf: Leaf
    index: int
    checkpoint: Checkpoint
    fields: Mapping[str, bytes]
    hidden: frozenset[str]

    @property
    def size(self) -> int:
        """The number of leaves under the signed head."""
        return self.checkpoint.size


def build(receipt: Receipt) -> bytes:
    """The bytes of the file. They are not checked against any key: use `verify` on the result."""
    extra = encode_base64(_write_extra(receipt))
    lines = [FORMAT, f"extra {extra}", f"index {receipt.index}", *map(encode_base64, receipt.proof)]
    return "\n".join(lines).encode("ascii") + b"\n\n" + receipt.head


def parse(data: bytes) -> Receipt:
    """Read a receipt without believing it; raises ReceiptError on anything but its one spelling."""
    if len(data) > LARGEST_RECEIPT:
        raise ReceiptError(Flaw.FORMAT, "the file is too large")
    front, divider, head = data.partition(b"\n\n")
    try:
        found = _LINES.fullmatch(front.decode("ascii"))
    except UnicodeDecodeError:
        found = None
    if not found or not divider:
        raise ReceiptError(Flaw.FORMAT, "the file is not a proof with its extra data, or is cut")
    extra, index, path = found.groups()
    try:
        number = decode_decimal(index)
        proof = tuple(decode_base64(line, length=HASH_LENGTH) for line in path.split("\n")[1:])
    except NotCanonical as error:
        raise ReceiptError(Flaw.FORMAT, f"the index or proof is {error}") from None
    try:
        content = decode_base64(extra)
    except NotCanonical as error:
        raise ReceiptError(Flaw.EXTRA, str(error)) from None
    text, fields, salts, hidden = _read_extra(content)
    try:
        entry = leaf.decode(text)
    except LeafError as error:
        raise ReceiptError(Flaw.LEAF, str(error)) from None
    receipt = Receipt(entry, number, proof, head, fields, salts, hidden)
    if _write_extra(receipt) != content:
        raise ReceiptError(Flaw.EXTRA, "not the one spelling of these fields")
    return receipt


def verify(data: bytes, log_key: VerifierKey, *, origin: str | None = None) -> Verified:
    """Check a receipt with the log's public key alone, as the specification orders; raises ReceiptError.

    Cosignatures of witnesses are ignored. `origin` is the log's name if it is not that of its key.
    """
    receipt = parse(data)
    try:
        head = checkpoint.verify(receipt.head, log_key, origin=origin)
    except CheckpointError as error:
        raise ReceiptError(Flaw.HEAD, str(error)) from None
    try:
        hashed = tree.leaf_hash(receipt.leaf.encode())
        tree.verify_inclusion(hashed, receipt.index, head.size, receipt.proof, head.root)
    except ProofError as error:
        raise ReceiptError(Flaw.INCLUSION, str(error)) from None
    if receipt.fields or receipt.hidden:
        try:
            promised = commitment(receipt.fields, receipt.salts, hidden=receipt.hidden)
        except CommitmentError as error:
            raise ReceiptError(Flaw.FIELDS, str(error)) from None
        if promised != receipt.leaf.commitment:
            raise ReceiptError(Flaw.FIELDS, "the leaf commits to other fields")
    return Verified(receipt.leaf, receipt.index, head, receipt.fields, frozenset(receipt.hidden))


def _write_extra(receipt: Receipt) -> bytes:
    content = {
        "fields": {
            name: [encode_base64(receipt.salts[name]), encode_base64(value)] for name, value in receipt.fields.items()
        },
        "hidden": {name: encode_base64(value) for name, value in receipt.hidden.items()},
        "leaf": receipt.leaf.encode().decode("ascii"),
    }
    return json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def _read_extra(content: bytes) -> tuple[bytes, dict[str, bytes], dict[str, bytes], dict[str, bytes]]:
    """Leaf text, values, salts and hidden hashes. The caller refuses other spellings of the same."""
    fields: dict[str, bytes] = {}
    salts: dict[str, bytes] = {}
    try:
        match json.loads(content.decode("utf-8")):
            case {"fields": dict(shown), "hidden": dict(covered), "leaf": str(text), **more} if not more:
                for name, (salt, value) in shown.items():
                    salts[name], fields[name] = decode_base64(salt), decode_base64(value)
                hidden = {name: decode_base64(value) for name, value in covered.items()}
                return text.encode("ascii"), fields, salts, hidden
    except (ValueError, TypeError, RecursionError):
        pass  # not UTF-8, not JSON, not Base 64, nested beyond all reason: all the same to the reader
    raise ReceiptError(Flaw.EXTRA, "not the fields and leaf of a receipt")

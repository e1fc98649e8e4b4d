"""Is this receipt sound, and does the ledger still stand by it? Pure questions, no file or network.

The two failures are for two different people. MalformedProof: the reader should look for a better copy.
TamperedLedger: the log has signed two histories, and the two signed heads, side by side, prove it to anyone.
"""

import enum
from dataclasses import dataclass

from . import checkpoint, receipt, tiles, tree
from .checkpoint import Checkpoint, CheckpointError
from .note import VerifierKey
from .receipt import Flaw, ReceiptError, Verified
from .tiles import TileReader
from .tree import ProofError


class Check(enum.Enum):
    """What was asked, in order."""

    RECEIPT = "receipt"  # signed by the log, the leaf under the head, the fields those of the leaf
    HEAD = "head"  # the other head is signed by the same log and not older
    GROWTH = "growth"  # the other head's tree begins with the receipt's tree


class Damage(enum.Enum):
    """What a reader lacks to know anything, beyond the flaws of the receipt itself."""

    HEAD_UNSIGNED = "head unsigned"  # the head to compare with is not one of this log
    HEAD_OLDER = "head older"  # it is older than the receipt, and older heads decide nothing
    TILES = "tiles"  # the tiles do not make up the signed head


class MalformedProof(Exception):
    """The reader's copy is damaged; nothing is known about the ledger."""

    def __init__(self, reason: Flaw | Damage, detail: str) -> None:
        super().__init__(f"{reason.value}: {detail}")
        self.reason = reason
        self.detail = detail


class TamperedLedger(Exception):
    """The proof is sound and the ledger contradicts it: two signed heads that cannot both be true."""

    def __init__(self, kept: Checkpoint, shown: Checkpoint) -> None:
        super().__init__(f"{shown.origin} signed two histories of {kept.size} entries")
        self.kept = kept
        self.shown = shown


@dataclass(frozen=True)
class Report:
    """The result: which checks passed, what they prove, and the failure that ended them, if any."""

    passed: tuple[Check, ...]
    verified: Verified | None
    head: Checkpoint | None
    failure: MalformedProof | TamperedLedger | None

    @property
    def sound(self) -> bool:
        """Whether every check that was asked for has passed."""
        return self.failure is None


def examine(
    data: bytes,
    log_key: VerifierKey,
    *,
    origin: str | None = None,
    head: bytes | None = None,
    reader: TileReader | None = None,
) -> Report:
    """Examine a receipt alone, and against a later signed `head` of the log if one is given.

    With a larger head, GROWTH is checked from the log's tiles, and skipped without `reader`: see `passed`.
    What the reader itself raises passes through.
    """
    passed: list[Check] = []
    verified: Verified | None = None
    shown: Checkpoint | None = None
    try:
        verified = _verify_receipt(data, log_key, origin)
        passed.append(Check.RECEIPT)
        if head is not None:
            shown = _verify_head(head, log_key, origin)
            if shown.size < verified.size:
                raise MalformedProof(Damage.HEAD_OLDER, f"{shown.size} entries, not {verified.size}")
            passed.append(Check.HEAD)
            if reader is not None or shown.size == verified.size:
                compare_heads(verified.checkpoint, shown, reader)
                passed.append(Check.GROWTH)
    except (MalformedProof, TamperedLedger) as failure:
        return Report(tuple(passed), verified, shown, failure)
    return Report(tuple(passed), verified, shown, None)


def compare_heads(kept: Checkpoint, shown: Checkpoint, reader: TileReader | None = None) -> None:
    """Refuse, by TamperedLedger, a shown head whose tree does not begin with the tree of a head kept earlier.

    Both must already be verified, `kept` not the larger. Heads of different sizes need the log's tiles, which
    are believed only as far as they prove themselves: the prefix they hold must be consistent with the shown
    root. A different kept root is then the log's own contradiction.
    """
    if kept.size == shown.size:
        if kept.root != shown.root:
            raise TamperedLedger(kept, shown)
        return
    if kept.size > shown.size:
        raise MalformedProof(Damage.HEAD_OLDER, "the head shown is older than the one kept")
    if kept.size == 0:
        return
    if reader is None:
        raise MalformedProof(Damage.TILES, "heads of different sizes are compared by tiles")
    try:
        prefix = tiles.root(reader, kept.size)
        proof = tiles.consistency_proof(reader, kept.size, shown.size)
        tree.verify_consistency(kept.size, shown.size, proof, prefix, shown.root)
    except ProofError as error:
        raise MalformedProof(Damage.TILES, str(error)) from None
    if prefix != kept.root:
        raise TamperedLedger(kept, shown)


def _verify_receipt(data: bytes, log_key: VerifierKey, origin: str | None) -> Verified:
    try:
        return receipt.verify(data, log_key, origin=origin)
    except ReceiptError as error:
        raise MalformedProof(error.flaw, error.detail) from None


def _verify_head(head: bytes, log_key: VerifierKey, origin: str | None) -> Checkpoint:
    try:
        return checkpoint.verify(head, log_key, origin=origin)
    except CheckpointError as error:
        raise MalformedProof(Damage.HEAD_UNSIGNED, str(error)) from None

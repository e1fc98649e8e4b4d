"""A witness of other people's logs: C2SP tlog-witness v1.0.0, without the HTTP around it.

It cosigns a head only if that extends the last one it cosigned for the log, and remembers it before it answers.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from . import checkpoint as heads
from . import note, tree
from .canonical import NotCanonical, decode_base64, decode_decimal, encode_base64
from .checkpoint import Checkpoint, CheckpointError
from .cosignature import Cosigner
from .memory import Memory, Remembered
from .note import NoteError, VerifierKey
from .tree import HASH_LENGTH, ProofError

LONGEST_PROOF = 63  # hashes
LARGEST_REQUEST = 64 * 1024  # bytes: a proof is below 3 KB, the rest is signature lines
SIZE_TYPE = "text/x.tlog.size"


class Refusal(Exception):
    """The protocol's answer to a request that is not cosigned: an HTTP status, and for a conflict the size known."""

    def __init__(self, status: int, reason: str, *, size: int | None = None) -> None:
        super().__init__(reason)
        self.status, self.reason, self.size = status, reason, size

    @property
    def body(self) -> str:
        return f"{self.reason}\n" if self.size is None else f"{self.size}\n"

    @property
    def content_type(self) -> str:
        return "text/plain; charset=utf-8" if self.size is None else SIZE_TYPE


@dataclass(frozen=True)
class Request:
    """A new head, with the proof that it extends the tree of `old_size` leaves."""

    old_size: int
    proof: tuple[bytes, ...]
    note: bytes

    def encode(self) -> bytes:
        lines = [f"old {self.old_size}", *(encode_base64(one) for one in self.proof), ""]
        return "".join(line + "\n" for line in lines).encode() + self.note


def parse(data: bytes) -> Request:
    """Read the body of `add-checkpoint`; anything but its one spelling is a Refusal with status 400."""
    if len(data) > LARGEST_REQUEST:
        raise Refusal(400, "the request is too large")
    head, divider, signed = data.partition(b"\n\n")
    try:
        first, *proof = head.decode("ascii").split("\n")
        word, _, size = first.partition(" ")
        if not divider or word != "old" or len(proof) > LONGEST_PROOF:
            raise NotCanonical("not an old size, a proof, an empty line and a checkpoint")
        return Request(decode_decimal(size), tuple(decode_base64(one, length=HASH_LENGTH) for one in proof), signed)
    except (UnicodeDecodeError, NotCanonical) as error:
        raise Refusal(400, f"malformed request: {error}") from None


class Witness:
    """Cosigns heads of the logs it knows, by origin line, each with the keys it trusts for that log."""

    def __init__(self, cosigner: Cosigner, logs: Mapping[str, Sequence[VerifierKey]], memory: Memory) -> None:
        self._cosigner, self._logs, self._memory = cosigner, logs, memory

    def add_checkpoint(self, data: bytes, *, at: int) -> bytes:
        """The cosignature line for a request, as of `at` (seconds of the Unix epoch). Raises Refusal, MemoryLost."""
        asked = parse(data)
        try:
            text = note.parse(asked.note).text
            told = heads.parse(text)
        except (NoteError, CheckpointError) as error:
            raise Refusal(400, f"malformed checkpoint: {error}") from None
        keys = self._logs.get(told.origin)
        if not keys:
            raise Refusal(404, "this log is not known here")
        try:
            note.verify(asked.note, keys)
        except NoteError as error:
            raise Refusal(403, str(error)) from None
        if asked.old_size > told.size:
            raise Refusal(400, "the old size is larger than the checkpoint's")
        with self._memory.turn(told.origin) as turn:
            accept(turn.last(), asked.old_size, asked.proof, told)
            turn.keep(Remembered(told.size, told.root))
        return str(self._cosigner.cosign(text, at=at)).encode()


def accept(last: Remembered, old_size: int, proof: Sequence[bytes], told: Checkpoint) -> None:
    """Refuse a head that does not extend the last one: 409 where sizes or roots conflict, 422 for a false proof."""
    if old_size != last.size:
        raise Refusal(409, "another head was signed last", size=last.size)
    if told.size == last.size and told.root != last.root:
        raise Refusal(409, "another root was signed for this size", size=last.size)
    try:
        if last.size == 0:
            if proof:
                raise ProofError("everything extends nothing: the proof is empty")
        else:
            tree.verify_consistency(last.size, told.size, proof, last.root, told.root)
    except ProofError as error:
        raise Refusal(422, f"the proof fails: {error}") from None

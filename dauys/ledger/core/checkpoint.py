"""Heads of the tree: the text a log signs, C2SP tlog-checkpoint v1.0.0 (c2sp.org/tlog-checkpoint)."""

from dataclasses import dataclass

from . import note
from .canonical import LARGEST_SIZE, NotCanonical, decode_base64, decode_decimal, encode_base64
from .note import NoteError, Signer, VerifierKey
from .tree import EMPTY_ROOT, HASH_LENGTH


class CheckpointError(Exception):
    """Not a checkpoint, not of this log, or not signed by its key."""


@dataclass(frozen=True)
class Checkpoint:
    """The log `origin` had `size` leaves under `root`. `extensions` are opaque lines; ours has none."""

    origin: str
    size: int
    root: bytes
    extensions: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not 0 <= self.size <= LARGEST_SIZE:
            raise CheckpointError("a tree size is between 0 and 2**63 - 1")
        if len(self.root) != HASH_LENGTH:
            raise CheckpointError(f"a root is {HASH_LENGTH} bytes")
        if self.size == 0 and self.root != EMPTY_ROOT:
            raise CheckpointError("an empty tree has another root")
        for line in (self.origin, *self.extensions):
            if not line or "\n" in line:
                raise CheckpointError("an origin or extension is one line, not empty")

    def __str__(self) -> str:
        lines = (self.origin, str(self.size), encode_base64(self.root), *self.extensions)
        return "".join(line + "\n" for line in lines)


def parse(text: str) -> Checkpoint:
    """Read a checkpoint's text, which includes its final newline, without any signature."""
    if not text.endswith("\n"):
        raise CheckpointError("a checkpoint ends in a newline")
    lines = text[:-1].split("\n")
    if len(lines) < 3:
        raise CheckpointError("a checkpoint has an origin, a size and a root")
    origin, size, root, *extensions = lines
    try:
        return Checkpoint(origin, decode_decimal(size), decode_base64(root), tuple(extensions))
    except NotCanonical as error:
        raise CheckpointError(f"the size or root is {error}") from None


def sign(checkpoint: Checkpoint, *signers: Signer) -> bytes:
    """The checkpoint as a signed note. That it extends the last is for the keeper of the key to ensure."""
    try:
        return note.sign(str(checkpoint), *signers)
    except NoteError as error:
        raise CheckpointError(str(error)) from None


def verify(data: bytes, log_key: VerifierKey, *, origin: str | None = None) -> Checkpoint:
    """Read a signed checkpoint of the log that `log_key` signs for; raises CheckpointError.

    The origin must be the key's name, as the specification advises, unless another is given.
    """
    try:
        read, _ = note.verify(data, [log_key])
    except NoteError as error:
        raise CheckpointError(str(error)) from None
    checkpoint = parse(read.text)
    if checkpoint.origin != (log_key.name if origin is None else origin):
        raise CheckpointError(f"this is a head of another log: {checkpoint.origin}")
    return checkpoint

"""Cosignatures: what a witness says of a head, C2SP tlog-cosignature v1.0.1, its Ed25519 form.

A cosignature states: as of this time, the largest tree of this log that I have seen, and found to extend all I saw
before, has this root. Verifiers who ask for several witnesses cannot be shown two histories.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from . import note
from .canonical import NotCanonical, decode_base64, encode_base64
from .note import NoteError, Signature

COSIGNATURE = b"\x04"
LATEST_TIME = 2**63 - 1
_TIMED = 8 + 64  # bytes: a timestamp, the higher first, and an Ed25519 signature


@dataclass(frozen=True)
class CosignerKey:
    """The public half of a witness's key; `public_key` is the 32 bytes of RFC 8032."""

    name: str
    public_key: bytes

    def __post_init__(self) -> None:
        note.VerifierKey(self.name, self.public_key)  # the same rules for names and lengths

    @property
    def key_id(self) -> bytes:
        """Differs from the id of the same key used for notes, so the two are never mistaken for each other."""
        return sha256(self.name.encode() + b"\n" + COSIGNATURE + self.public_key).digest()[:4]

    def __str__(self) -> str:
        return f"{self.name}+{self.key_id.hex()}+{encode_base64(COSIGNATURE + self.public_key)}"

    def verify(self, text: str, value: bytes) -> int:
        """The moment (seconds of the Unix epoch) at which this witness cosigned the text; raises NoteError."""
        if len(value) != _TIMED:
            raise NoteError(f"the cosignature of {self.name} is not {_TIMED} bytes")
        at = int.from_bytes(value[:8], "big")
        if at > LATEST_TIME:
            raise NoteError(f"the cosignature of {self.name} has an impossible time")
        try:
            Ed25519PublicKey.from_public_bytes(self.public_key).verify(value[8:], _message(text, at))
        except (InvalidSignature, ValueError):
            raise NoteError(f"the cosignature of {self.name} is false") from None
        return at


@dataclass(frozen=True)
class Cosigner:
    """The private half of a witness's key. One key belongs to one name: the signature does not commit to it."""

    name: str
    private_key: Ed25519PrivateKey

    @property
    def key(self) -> CosignerKey:
        """The half to publish."""
        return CosignerKey(self.name, self.private_key.public_key().public_bytes_raw())

    def cosign(self, text: str, *, at: int) -> Signature:
        """Cosign the text of a checkpoint, which includes its final newline, as of `at`."""
        if not 0 <= at <= LATEST_TIME:
            raise NoteError("a time is seconds of the Unix epoch, not before it")
        signed = self.private_key.sign(_message(text, at))
        return Signature(self.name, self.key.key_id, at.to_bytes(8, "big") + signed)


def parse_cosigner_key(text: str) -> CosignerKey:
    """Read `name+hex+base64` of a cosigner; raises NoteError on any other key type or spelling."""
    name, _, rest = text.partition("+")
    try:
        material = decode_base64(rest.partition("+")[2])
    except NotCanonical as error:
        raise NoteError(f"a cosigner key ends in {error}") from None
    if material[:1] != COSIGNATURE:
        raise NoteError("not an Ed25519 cosigner key")
    key = CosignerKey(name, material[1:])
    if str(key) != text:
        raise NoteError("the id of the cosigner key does not belong to it")
    return key


def cosigned(data: bytes, keys: Iterable[CosignerKey]) -> dict[CosignerKey, int]:
    """Who of these witnesses cosigned a note, and when. Lines of others are ignored; a false one is a NoteError."""
    read = note.parse(data)
    known = {(key.name, key.key_id): key for key in keys}
    found: dict[CosignerKey, int] = {}
    for signature in read.signatures:
        key = known.get((signature.name, signature.key_id))
        if key is not None:
            at = key.verify(read.text, signature.value)
            found[key] = max(at, found.get(key, 0))
    return found


def _message(text: str, at: int) -> bytes:
    return f"cosignature/v1\ntime {at}\n{text}".encode()

"""Signed notes: text under one or more signatures, C2SP signed-note v1.0.0 (c2sp.org/signed-note).

Only Ed25519 (signature type 0x01) is made and checked here; lines by other keys are kept and ignored.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from .canonical import NotCanonical, decode_base64, encode_base64

ED25519 = b"\x01"
LARGEST_NOTE = 1_000_000  # bytes: a hundred post-quantum signatures fit, a flood does not
MOST_SIGNATURES = 100  # the specification requires at least 16

_MARK = "— "


class NoteError(Exception):
    """Not a signed note, not a key, or not signed by the key asked for."""


@dataclass(frozen=True)
class Signature:
    """One signature line: who claims to have signed, and what must be checked."""

    name: str
    key_id: bytes
    value: bytes

    def __str__(self) -> str:
        return f"{_MARK}{self.name} {encode_base64(self.key_id + self.value)}\n"


@dataclass(frozen=True)
class Note:
    """A note that has been read but not yet believed. `text` includes its final newline."""

    text: str
    signatures: tuple[Signature, ...]

    def encode(self) -> bytes:
        """The bytes of the note."""
        return (self.text + "\n" + "".join(map(str, self.signatures))).encode()


@dataclass(frozen=True)
class VerifierKey:
    """The public half of a key, known by its name; `public_key` is the 32 bytes of RFC 8032."""

    name: str
    public_key: bytes

    def __post_init__(self) -> None:
        _require_name(self.name)
        if len(self.public_key) != 32:
            raise NoteError("an Ed25519 public key is 32 bytes")

    @property
    def key_id(self) -> bytes:
        """The four bytes by which signature lines name this key. An identifier, not a safeguard."""
        return sha256(self.name.encode() + b"\n" + ED25519 + self.public_key).digest()[:4]

    def __str__(self) -> str:
        return f"{self.name}+{self.key_id.hex()}+{encode_base64(ED25519 + self.public_key)}"

    def verify(self, text: str, signature: bytes) -> bool:
        """Whether this key made the signature over this text."""
        try:
            Ed25519PublicKey.from_public_bytes(self.public_key).verify(signature, text.encode())
        except (InvalidSignature, ValueError):
            return False
        return True


@dataclass(frozen=True)
class Signer:
    """The private half of a key."""

    name: str
    private_key: Ed25519PrivateKey

    @property
    def verifier_key(self) -> VerifierKey:
        """The half to publish."""
        return VerifierKey(self.name, self.private_key.public_key().public_bytes_raw())

    def sign(self, text: str) -> Signature:
        """Sign a note's text, which includes its final newline."""
        key = self.verifier_key
        return Signature(key.name, key.key_id, self.private_key.sign(text.encode()))


def parse_verifier_key(text: str) -> VerifierKey:
    """Read `name+hex+base64`; raises NoteError on another key type, a wrong id or any other spelling."""
    name, _, rest = text.partition("+")  # neither a name nor the hex of an id contains a plus; Base 64 may
    try:
        material = decode_base64(rest.partition("+")[2])
    except NotCanonical as error:
        raise NoteError(f"a verifier key ends in {error}") from None
    if material[:1] != ED25519:
        raise NoteError("not an Ed25519 verifier key")
    key = VerifierKey(name, material[1:])
    if str(key) != text:
        raise NoteError("the id of the verifier key does not belong to it")
    return key


def sign(text: str, *signers: Signer) -> bytes:
    """A note over `text`, signed by each signer in turn."""
    _require_text(text)
    if not 1 <= len(signers) <= MOST_SIGNATURES:
        raise NoteError(f"a note has 1 to {MOST_SIGNATURES} signatures")
    return Note(text, tuple(signer.sign(text) for signer in signers)).encode()


def parse(data: bytes) -> Note:
    """Read a note without believing it; raises NoteError on anything but its one spelling."""
    if len(data) > LARGEST_NOTE:
        raise NoteError("the note is too large")
    try:
        whole = data.decode("utf-8")
    except UnicodeDecodeError:
        raise NoteError("the note is not UTF-8") from None
    # The last empty line divides text from signatures: the text may contain empty lines of its own.
    text, divider, lines = whole.rpartition("\n\n")
    if not divider or not lines.endswith("\n"):
        raise NoteError("the note has no signatures")
    text += "\n"
    _require_text(text)
    signatures = tuple(_parse_signature(line) for line in lines.split("\n")[:-1])
    if len(signatures) > MOST_SIGNATURES:
        raise NoteError(f"a note has at most {MOST_SIGNATURES} signatures")
    return Note(text, signatures)


def verify(data: bytes, keys: Iterable[VerifierKey]) -> tuple[Note, tuple[VerifierKey, ...]]:
    """Read a note and check it: the note and those of `keys` that signed it, in their given order.

    Raises NoteError if none of them signed, and also if any line in the name and id of a known key is false.
    Lines by unknown keys are ignored.
    """
    note = parse(data)
    known = {(key.name, key.key_id): key for key in keys}
    signed = set()
    for signature in note.signatures:
        key = known.get((signature.name, signature.key_id))
        if key is None:
            continue
        if not key.verify(note.text, signature.value):
            raise NoteError(f"the signature of {key.name} is false")
        signed.add(key)
    if not signed:
        raise NoteError("no known key has signed this note")
    return note, tuple(key for key in known.values() if key in signed)


def _parse_signature(line: str) -> Signature:
    name, space, encoded = line.removeprefix(_MARK).partition(" ")
    if not line.startswith(_MARK) or not space:
        raise NoteError("a signature line is an em dash, a key name and Base 64")
    _require_name(name)
    try:
        value = decode_base64(encoded)
    except NotCanonical as error:
        raise NoteError(f"a signature is {error}") from None
    if len(value) <= 4:
        raise NoteError("a signature line is cut")
    return Signature(name, value[:4], value[4:])


def _require_name(name: str) -> None:
    if not name or "+" in name or any(letter.isspace() or letter < " " for letter in name):
        raise NoteError("a key name is not empty and has neither spaces nor plus signs")
    try:
        name.encode()
    except UnicodeEncodeError:
        raise NoteError("a key name is UTF-8") from None


def _require_text(text: str) -> None:
    if not text.endswith("\n"):
        raise NoteError("a note's text ends in a newline")
    if any(letter < " " and letter != "\n" for letter in text):
        raise NoteError("a note has no control characters")
    try:
        text.encode()
    except UnicodeEncodeError:
        raise NoteError("a note is UTF-8") from None

"""What a leaf promises about words it does not publish: a salted hash, field by field.

Field by field, so that a court can be shown the text without the name, and one field can be erased. Every
field has its own random salt: without one, a telephone number or a short text is guessed from its hash.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from hashlib import sha256

from .canonical import encode_base64

FORMAT = "dauys/commit@v1"
SALT_LENGTH = 32  # bytes

_NAME = re.compile(r"[a-z0-9._-]{1,64}", re.ASCII)


class CommitmentError(Exception):
    """Fields, salts or hidden hashes that no commitment is made of."""


def fresh_salts(names: Iterable[str], source: Callable[[int], bytes]) -> dict[str, bytes]:
    """A salt for each field; `source(n)` gives n unpredictable bytes (`secrets.token_bytes`)."""
    return {name: source(SALT_LENGTH) for name in names}


def field_hash(name: str, value: bytes, salt: bytes) -> bytes:
    """The 32 bytes that stand for a field which is not shown."""
    if not _NAME.fullmatch(name):
        raise CommitmentError("a field's name is 1 to 64 of a-z, 0-9, dot, underscore and hyphen")
    if len(salt) != SALT_LENGTH:
        raise CommitmentError(f"a salt is {SALT_LENGTH} bytes: {name}")
    return sha256(b"field\0" + name.encode("ascii") + b"\0" + salt + value).digest()


def field_line(name: str, value: bytes, salt: bytes) -> bytes:
    """The line a field adds to the commitment; handed over in place of the field, it hides it."""
    return _line(name, field_hash(name, value, salt))


def commitment(
    fields: Mapping[str, bytes], salts: Mapping[str, bytes], *, hidden: Mapping[str, bytes] | None = None
) -> bytes:
    """The 32 bytes that bind a leaf to its fields: at least one, each with its salt.

    `hidden` gives, for fields that are not shown, their `field_hash`; the result is the same.
    """
    hidden = hidden or {}
    if set(fields) != set(salts):
        raise CommitmentError("every field has one salt")
    if set(fields) & set(hidden):
        raise CommitmentError("a field is either shown or hidden")
    if not fields and not hidden:
        raise CommitmentError("a commitment has at least one field")
    lines = [field_line(name, value, salts[name]) for name, value in fields.items()]
    for name, value in hidden.items():
        if not _NAME.fullmatch(name) or len(value) != 32:
            raise CommitmentError("a hidden field is its name and 32 bytes")
        lines.append(_line(name, value))
    return sha256(FORMAT.encode("ascii") + b"\n" + b"".join(sorted(lines))).digest()


def _line(name: str, digest: bytes) -> bytes:
    return f"{name} {encode_base64(digest)}\n".encode("ascii")

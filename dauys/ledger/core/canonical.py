"""Values that have exactly one spelling, so that two different files can never mean the same thing."""

import base64
import binascii
import re

LARGEST_SIZE = 2**63 - 1  # what a signed 64-bit reader of the same files can still hold

_DECIMAL = re.compile(r"0|[1-9][0-9]{0,18}", re.ASCII)


class NotCanonical(ValueError):
    """The text is not the one spelling of any value."""


def encode_base64(value: bytes) -> str:
    """Standard padded Base 64 (RFC 4648 §4)."""
    return base64.b64encode(value).decode("ascii")


def decode_base64(text: str, *, length: int | None = None) -> bytes:
    """Read standard padded Base 64; `length` is the number of bytes required, if known.

    Raises NotCanonical also where a lenient decoder would accept stray bits in the last character.
    """
    try:
        value = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise NotCanonical("not Base 64") from None
    if encode_base64(value) != text:
        raise NotCanonical("Base 64 with stray bits at its end")
    if length is not None and len(value) != length:
        raise NotCanonical(f"{len(value)} bytes where {length} belong")
    return value


def decode_decimal(text: str) -> int:
    """Read a non-negative ASCII decimal without leading zeroes, at most LARGEST_SIZE."""
    if not _DECIMAL.fullmatch(text):
        raise NotCanonical("not a decimal number without leading zeroes")
    value = int(text)
    if value > LARGEST_SIZE:
        raise NotCanonical("a number beyond 63 bits")
    return value

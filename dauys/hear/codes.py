"""The access code a citizen follows an appeal with: 130 random bits and a check, easy to read out and type."""

import hashlib
import hmac

from dauys.hear.sealing import peppered

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base32: no I, L, O, U, so that nothing is misread."""

_LOOK_ALIKES = str.maketrans("OILUУОІ", "011VY01")
_SECRET, _CHECK = 26, 2


class Mistyped(Exception):
    """The code's own check says that it was typed wrongly."""


def _letters(number: int, length: int) -> str:
    return "".join(ALPHABET[(number >> 5 * place) & 31] for place in reversed(range(length)))


def _check(secret: str) -> str:
    return _letters(int.from_bytes(hashlib.sha256(secret.encode()).digest()[:4]), _CHECK)


def code_for(key: str) -> str:
    """The code of a submission, in seven groups of four; the same key always gives the same code."""
    secret = _letters(int.from_bytes(peppered("access code", key)), _SECRET)
    code = secret + _check(secret)
    return "-".join(code[start : start + 4] for start in range(0, len(code), 4))


def read(typed: str) -> str:
    """What a person typed, brought to the one spelling. Raises Mistyped."""
    code = "".join(letter for letter in typed.upper() if letter.isalnum()).translate(_LOOK_ALIKES)
    if len(code) != _SECRET + _CHECK or set(code) - set(ALPHABET) or _check(code[:_SECRET]) != code[_SECRET:]:
        raise Mistyped
    return "-".join(code[start : start + 4] for start in range(0, len(code), 4))


def mac(code: str) -> bytes:
    return peppered("code", code)


def matches(code: str, kept: bytes | memoryview) -> bool:
    return hmac.compare_digest(mac(code), bytes(kept))

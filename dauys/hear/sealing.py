"""Each appeal has its own key; the site's key wraps it. Destroying the wrapped key is erasure (trust.md §1.8)."""

import functools
import hashlib
import hmac
import os

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

_NONCE = 12
CHANCE_FOR_KEY = 32 + _NONCE
CHANCE_FOR_BOX = _NONCE
"""How many random bytes a new key and a sealed box take; whoever makes both may draw them at once."""


class Erased(Exception):
    """The appeal's key was destroyed: its contact data and salts are gone for good."""


@functools.cache
def _site() -> AESGCM:
    return AESGCM(settings.SECRET("site"))


@functools.cache
def _pepper() -> bytes:
    return settings.SECRET("code")


def new_key(case: str, chance: bytes | None = None) -> tuple[bytes, bytes]:
    """(key, wrapped key) for a new case; the case's name is bound in, so wrapped keys cannot be swapped.

    `chance`: CHANCE_FOR_KEY fresh bytes of `os.urandom`, never used for anything else.
    """
    chance = os.urandom(CHANCE_FOR_KEY) if chance is None else chance
    key, nonce = chance[:32], chance[32:]
    if len(nonce) != _NONCE:
        raise ValueError(f"A new key takes {CHANCE_FOR_KEY} random bytes.")
    return key, nonce + _site().encrypt(nonce, key, case.encode())


def unwrap(case: str, wrapped: bytes | memoryview | None) -> bytes:
    if not wrapped:
        raise Erased(case)
    wrapped = bytes(wrapped)
    return _site().decrypt(wrapped[:_NONCE], wrapped[_NONCE:], case.encode())


def seal(key: bytes, content: bytes, purpose: str, chance: bytes | None = None) -> bytes:
    """`chance`: CHANCE_FOR_BOX fresh bytes of `os.urandom`, never used for anything else."""
    nonce = os.urandom(CHANCE_FOR_BOX) if chance is None else chance
    if len(nonce) != _NONCE:
        raise ValueError(f"A box takes {CHANCE_FOR_BOX} random bytes.")
    return nonce + AESGCM(key).encrypt(nonce, content, purpose.encode())


def open_sealed(key: bytes, box: bytes | memoryview, purpose: str) -> bytes:
    box = bytes(box)
    return AESGCM(key).decrypt(box[:_NONCE], box[_NONCE:], purpose.encode())


def salt(key: bytes, name: str) -> bytes:
    """The 32-byte commitment salt of one field: unguessable while the key is secret, gone when the key is."""
    return hmac.digest(key, b"salt\0" + name.encode(), hashlib.sha256)


def peppered(purpose: str, value: str) -> bytes:
    """A keyed digest for look-ups by a secret or personal value, useless without this site's key."""
    return hmac.digest(_pepper(), f"{purpose}\0{value}".encode(), hashlib.sha256)

"""Links that open one thing for whoever holds the letter: signed, for one purpose, for a while.

The key stands apart from all others (`<keys>/link.key`): putting a new one in its place ends every link ever sent.
"""

import base64
import functools
import hashlib
import hmac
import struct
import time
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings

LASTS = timedelta(days=14)
OPEN, QUIET = "open", "quiet"
_HEAD = struct.Struct(">QQ")
_MAC = 16
LONGEST = 120


class BadLink(Exception):
    """Nothing of ours, or cut off in the letter."""


class Lapsed(Exception):
    """It was ours and its time is over; `subject` says what it was for."""

    def __init__(self, subject: int) -> None:
        super().__init__("lapsed")
        self.subject = subject


@dataclass(frozen=True, slots=True)
class Link:
    """`subject`: an appeal's id (a person's for an officer's letter); `about`: a short word bound into it."""

    subject: int
    about: str


@functools.cache
def _key() -> bytes:
    return settings.SECRET("link")


def _mac(purpose: str, body: bytes) -> bytes:
    return hmac.digest(_key(), purpose.encode() + b"\0" + body, hashlib.sha256)[:_MAC]


def link(purpose: str, subject: int, *, now: datetime, about: str = "") -> str:
    """The token to put into an address: letters, digits, `-` and `_` alone."""
    body = _HEAD.pack(int((now + LASTS).timestamp()), subject) + about.encode("ascii")
    return _spelled(body + _mac(purpose, body))


def _spelled(whole: bytes) -> str:
    return base64.urlsafe_b64encode(whole).decode().rstrip("=")


def read(purpose: str, token: str, *, at: float | None = None) -> Link:
    """What the token opens. Raises BadLink, Lapsed."""
    if not token.isascii() or len(token) > LONGEST:
        raise BadLink
    try:
        whole = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
        body, mac = whole[:-_MAC], whole[-_MAC:]
        until, subject = _HEAD.unpack_from(body)
    except (ValueError, struct.error):
        raise BadLink from None
    # One spelling alone: base64 leaves bits of the last letter unused, and whoever changed them changed the link.
    if not hmac.compare_digest(mac, _mac(purpose, body)) or _spelled(whole) != token:
        raise BadLink
    if until < (time.time() if at is None else at):
        raise Lapsed(subject)
    return Link(subject, body[_HEAD.size :].decode("ascii"))

"""Which appeals this browser may open without typing the code again: a signed cookie, no session row.

A grant is given by filing or by the right code and dies by itself, so a phone lent to somebody does not stay
open. The cookie names rows by number and is signed.
"""

import time
from dataclasses import dataclass

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse

COOKIE = "appeals"
MOST = 20
LASTS_SECONDS = 24 * 3600
CODE_SHOWN_SECONDS = 3600
"""How long after filing the receipt still shows the access code."""

_SALT = "hear.grants"


@dataclass(frozen=True, slots=True)
class Grant:
    """`filed` tells the browser that filed the appeal from one that typed its code."""

    appeal_id: int
    given_at: int
    filed: bool


def grant(request: HttpRequest, response: HttpResponse, appeal_id: int, *, filed: bool = False) -> None:
    """Let this browser open the appeal for a day. Of more than 20 the oldest gives way."""
    others = [known for known in _read(request) if known.appeal_id != appeal_id]
    _write(response, [*others, Grant(appeal_id, int(time.time()), filed)][-MOST:])


def granted(request: HttpRequest) -> list[int]:
    """Ids of the appeals this browser may open, the newest last; empty for a stranger or a forged cookie."""
    return [known.appeal_id for known in _read(request)]


def just_filed(request: HttpRequest) -> list[int]:
    """Ids of the appeals filed in this browser within the hour: their receipts still show the code."""
    since = time.time() - CODE_SHOWN_SECONDS
    return [known.appeal_id for known in _read(request) if known.filed and known.given_at > since]


def forget(response: HttpResponse) -> None:
    """Leave nothing behind on a borrowed device."""
    response.delete_cookie(COOKIE, samesite="Lax")


def _read(request: HttpRequest) -> list[Grant]:
    now = time.time()
    try:
        rows = signing.loads(request.COOKIES.get(COOKIE, ""), salt=_SALT, max_age=LASTS_SECONDS)
        known = [Grant(int(appeal), int(given), bool(filed)) for appeal, given, filed in rows]
    except (signing.BadSignature, ValueError, TypeError):
        return []
    return [one for one in known if one.given_at > now - LASTS_SECONDS]


def _write(response: HttpResponse, known: list[Grant]) -> None:
    response.set_cookie(
        COOKIE,
        signing.dumps([[one.appeal_id, one.given_at, int(one.filed)] for one in known], salt=_SALT),
        max_age=LASTS_SECONDS,
        httponly=True,
        samesite="Lax",
        secure=settings.SECURE,
    )

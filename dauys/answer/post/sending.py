"""From the queue to the mail server, each letter once.

queued → sending (committed before a byte is handed over) → sent | bounced | failed | queued again. Whoever is killed in
between leaves a letter in `sending`: it may have gone, so it becomes `unsure` and a person decides.
"""

import fcntl
import logging
import re
import smtplib
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db.models import F

from dauys.answer.models import Letter, Looked, Ruling
from dauys.answer.post import server, words
from dauys.answer.post.build import build
from dauys.answer.post.queue import NO_ADDRESS
from dauys.hear import queries as hear
from dauys.hear import sealing

log = logging.getLogger(__name__)

SECONDS_AT_A_TIME = 5.0
"""A slow mail server must not keep the worker from promising and sealing: the rest waits for the next round."""

TRIES_MOST = 48
"""Waits grow to an hour, so this is about two days of “not now”."""

HOUR = timedelta(hours=1)
NOT_WANTED = "no longer wanted"
_SERVER = "mail server"
_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?")


def send_letters_pending(*, now: datetime, limit: int = 200) -> int:
    """Send what is due over one connection; returns how many letters were settled, one way or another.

    A server that cannot be used is left alone for half a minute, then twice as long, up to an hour; no letter is
    counted as tried meanwhile. Another sender of this home at work: nothing is done.
    """
    try:
        known = server.configured()
    except server.Misconfigured:
        return 0  # `dauys check` and the page of letters say what is wrong
    if known is None:
        return 0
    with _alone() as alone:
        if not alone:
            return 0
        settled = _find_unsure()
        due = _due(now, limit) if now >= server_state().next_at else []
        if not due:
            return settled
        try:
            with server.connected(known) as smtp:
                for letter_id in due:
                    settled += _send(letter_id, smtp, known, now=now)
                    if time.monotonic() > alone + SECONDS_AT_A_TIME:
                        break
        except server.Unreachable as failure:
            _server_failed(failure.why, now=now)
            return settled
    Looked.objects.filter(name=_SERVER).delete()
    return settled


@contextmanager
def _alone() -> Iterator[float]:
    """The moment this process became the only sender of this home; 0.0 where another one is at work."""
    with open(Path(settings.HOME) / "mail.lock", "w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            yield 0.0
            return
        yield time.monotonic()


def _find_unsure() -> int:
    """Nobody else sends now, so what stands in `sending` was left there by somebody who died."""
    left = Letter.objects.filter(state=Letter.State.SENDING)
    if not left.exists():  # at rest nothing is written
        return 0
    count = left.update(state=Letter.State.UNSURE, why="stopped in between")
    log.warning("%d letters were being handed over when the machine stopped; a person decides about them.", count)
    return count


def _due(now: datetime, limit: int) -> list[int]:
    rows = Letter.objects.filter(state=Letter.State.QUEUED, next_at__lte=now).order_by("next_at", "id")
    return list(rows.values_list("id", flat=True)[:limit])


def _send(letter_id: int, smtp: smtplib.SMTP, known: server.Server, *, now: datetime) -> int:
    """Claim one letter, hand it over, write down what became of it. Raises server.Unreachable, with the letter waiting
    again.
    """
    letter = Letter.objects.select_related("appeal", "appeal__handling", "to").get(id=letter_id)
    mark = mark_of(letter)
    letter.message_id = f"<{mark}@{known.domain}>"
    claimed = Letter.objects.filter(id=letter_id, state=Letter.State.QUEUED).update(
        state=Letter.State.SENDING, message_id=letter.message_id
    )
    if not claimed:
        return 0
    try:
        address = _address(letter)
        text = words.write(letter, now=now) if address else None
        content = b"" if text is None else build(
            text, to=address, sender=known.sender, message_id=letter.message_id, now=now
        )  # fmt: skip
    except Exception:
        # A mistake of ours in one letter's words must not hold up the others, nor be tried for ever.
        log.exception("Letter %d could not be written.", letter_id)
        return _settle(letter, Letter.State.FAILED, why="could not be written")
    if not address:
        return _settle(letter, Letter.State.DROPPED, why=NO_ADDRESS)
    if text is None:
        return _settle(letter, Letter.State.DROPPED, why=NOT_WANTED)
    try:
        server.hand_over(smtp, envelope=known.envelope(mark), to=address, letter=content)
    except server.Unreachable:
        _settle(letter, Letter.State.QUEUED)
        raise
    except server.Later as refusal:
        return _again_later(letter, refusal.why, now=now)
    except server.NoSuchAddress as refusal:
        return _settle(letter, Letter.State.BOUNCED, why=refusal.why)
    except server.Rejected as refusal:
        return _settle(letter, Letter.State.FAILED, why=refusal.why)
    except server.Unknown:
        _settle(letter, Letter.State.UNSURE, why="no answer after the last byte")
        raise server.Unreachable("no answer after the last byte") from None
    settled = _settle(letter, Letter.State.SENT, sent_at=now)
    if "ruling" in letter.detail:
        Ruling.objects.filter(id=letter.detail["ruling"], told_at=None).update(told_at=now)
    return settled


def mark_of(letter: Letter) -> str:
    """What names a letter in its Message-ID and in the address it comes back to; nobody can make one up."""
    return f"{letter.pk}.{sealing.peppered('letter', letter.key).hex()[:16]}"


def _address(letter: Letter) -> str:
    """Where it goes, opened now and kept nowhere; empty where there is nothing to write to."""
    if letter.to is not None:
        address = letter.to.email if letter.to.is_active else ""
    else:
        assert letter.appeal is not None
        try:
            address = hear.contact_of(letter.appeal).email
        except sealing.Erased:
            address = ""
    name, _at, host = address.strip().rpartition("@")
    try:
        address = f"{name}@{host.encode('idna').decode('ascii')}"
    except UnicodeError:
        return ""
    return address if _ADDRESS.fullmatch(address) else ""


def _settle(letter: Letter, state: str, *, why: str = "", sent_at: datetime | None = None) -> int:
    return Letter.objects.filter(id=letter.pk, state=Letter.State.SENDING).update(
        state=state, why=why[:200], sent_at=sent_at
    )


def _again_later(letter: Letter, why: str, *, now: datetime) -> int:
    tries = letter.tries + 1
    Letter.objects.filter(id=letter.pk).update(tries=F("tries") + 1, next_at=now + wait(tries, timedelta(minutes=1)))
    return _settle(letter, Letter.State.QUEUED if tries < TRIES_MOST else Letter.State.FAILED, why=why)


def wait(times: int, first: timedelta) -> timedelta:
    """How long to wait after that many failures in a row: twice as long each time, an hour at most."""
    return min(first * (1 << min(max(times, 1) - 1, 12)), HOUR)


@dataclass(frozen=True, slots=True)
class ServerState:
    """How the mail server was found last. `failures` in a row; 0 while it works or was never asked."""

    failures: int
    why: str
    next_at: datetime


def server_state() -> ServerState:
    """How the mail server was found last."""
    kept = Looked.objects.filter(name=_SERVER).values_list("kept", flat=True).first()
    if not kept:
        return ServerState(0, "", datetime.min.replace(tzinfo=UTC))
    return ServerState(int(kept["failures"]), str(kept["why"]), datetime.fromisoformat(kept["next_at"]))


def _server_failed(why: str, *, now: datetime) -> None:
    failures = server_state().failures + 1
    next_at = now + wait(failures, timedelta(seconds=30))
    log.warning("The mail server cannot be used (%s); it is tried again at %s.", why, next_at.isoformat("T", "minutes"))
    Looked.objects.update_or_create(
        name=_SERVER, defaults={"kept": {"failures": failures, "why": why, "next_at": next_at.isoformat()}}
    )


def try_server_now() -> None:
    """Forget how the server was found: the next look tries it."""
    Looked.objects.filter(name=_SERVER).delete()

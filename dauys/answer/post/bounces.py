"""What came back: delivery status notifications (RFC 3464), matched to the letter they speak of."""

import email
import email.policy
import hmac
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import Message
from enum import StrEnum

from dauys.answer.models import Letter
from dauys.answer.post.sending import mark_of

BYTES_MOST = 2 * 1024 * 1024
_MARK = re.compile(r"(?<![0-9])(\d{1,18})\.([0-9a-f]{16})@")
_STATUS = re.compile(r"\b([245])\.(\d{1,3})\.(\d{1,3})\b")


class Came(StrEnum):
    """What a message brought."""

    BOUNCED = "bounced"
    DELAYED = "delayed"
    NO_NOTICE = "no notice"
    NOT_OURS = "not ours"


@dataclass(frozen=True, slots=True)
class Bounce:
    """`status` is the code of RFC 3463, `5.1.1`; a notice of a letter we never sent has no `letter_id`."""

    came: Came
    letter_id: int | None = None
    status: str = ""


def note_bounce(raw: bytes) -> Bounce:
    """Write down that a letter came back, from one message as it arrived; anything else changes nothing.

    Nothing of the message is kept but the status code: its words hold addresses. Noted twice, it is noted once.
    """
    try:
        message = email.message_from_bytes(raw[:BYTES_MOST], policy=email.policy.compat32)
        status = _failed_status(message)
        marks = list(_marks(message))
    except (ValueError, LookupError, IndexError, AttributeError, RecursionError):
        return Bounce(Came.NO_NOTICE)  # mail is written by strangers: what cannot be read tells nothing
    if status is None:
        return Bounce(Came.NO_NOTICE)
    letter = _letter(marks)
    if letter is None:
        return Bounce(Came.NOT_OURS, status=status)
    if not status.startswith("5"):
        return Bounce(Came.DELAYED, letter.pk, status)
    Letter.objects.filter(
        id=letter.pk, state__in=[Letter.State.SENT, Letter.State.UNSURE, Letter.State.SENDING]
    ).update(state=Letter.State.BOUNCED, why=status)
    return Bounce(Came.BOUNCED, letter.pk, status)


def _failed_status(message: Message) -> str | None:
    """The worst status of a notice; None where the message is none."""
    if message.get_content_type() != "multipart/report":
        return None
    found: str | None = None
    for part in message.walk():
        if part.get_content_type() != "message/delivery-status":
            continue
        # Its groups of fields are parsed as messages; the first is about the whole letter.
        for group in part.get_payload() if part.is_multipart() else []:
            if not isinstance(group, Message) or "Action" not in group:
                continue
            code = _STATUS.search(str(group.get("Status", "")))
            action = str(group["Action"]).strip().lower()
            said = ".".join(code.groups()) if code else ("5.0.0" if action == "failed" else "4.0.0")
            if action in {"failed", "delayed"} and (found is None or said > found):
                found = said if action == "failed" else "4" + said[1:]
    return found


def _marks(message: Message) -> Iterator[tuple[int, str]]:
    """Whatever names a letter of ours: where the notice was sent to, and the letter it brings back."""
    for name in ("To", "Delivered-To", "X-Original-To", "In-Reply-To", "References"):
        for value in message.get_all(name, []):
            yield from _found(str(value).replace("+", " "))
    for part in message.walk():
        kind = part.get_content_type()
        if kind == "text/rfc822-headers":
            payload = part.get_payload(decode=True)
            head = payload if isinstance(payload, bytes) else b""
            yield from _found(str(email.message_from_bytes(head).get("Message-ID", "")))
        elif part is not message and "Message-ID" in part:
            yield from _found(str(part["Message-ID"]))


def _found(value: str) -> Iterator[tuple[int, str]]:
    for number, tag in _MARK.findall(value[:2000]):
        yield int(number), tag


def _letter(marks: list[tuple[int, str]]) -> Letter | None:
    for number, tag in marks[:20]:
        letter = Letter.objects.filter(id=number).first()
        if letter is not None and hmac.compare_digest(mark_of(letter), f"{number}.{tag}"):
            return letter
    return None

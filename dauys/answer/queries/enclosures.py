"""Files in the conversation about one appeal, found once and shown where they belong."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from dauys.answer.models import Answer, Enclosure, Message


@dataclass(frozen=True, slots=True)
class Enclosed:
    """Attachments by the message or the answer they went with, and those that wait beside the draft."""

    by_message: dict[int, list[Any]] = field(default_factory=dict)
    by_answer: dict[int, list[Any]] = field(default_factory=dict)
    waiting: list[Any] = field(default_factory=list)


def enclosed(appeal_id: int) -> Enclosed:
    """One statement."""
    found = Enclosed()
    rows = Enclosure.objects.filter(appeal_id=appeal_id).select_related("attachment").order_by("attachment_id")
    for row in rows:
        if row.message_id is not None:
            found.by_message.setdefault(row.message_id, []).append(row.attachment)
        elif row.answer_id is not None:
            found.by_answer.setdefault(row.answer_id, []).append(row.attachment)
        else:
            found.waiting.append(row.attachment)
    return found


def with_files(messages: Sequence[Message], answers: Sequence[Answer], found: Enclosed) -> None:
    """Lay each row's files beside it, as `files`, for the template that shows the conversation."""
    for message in messages:
        message.__dict__["files"] = found.by_message.get(message.pk, [])
    for answer in answers:
        answer.__dict__["files"] = found.by_answer.get(answer.pk, [])


def file_for_citizen(appeal_id: int, attachment_id: int) -> Any | None:
    """A file of the conversation, once it was sent; what waits in a draft does not exist for the citizen."""
    row = (
        # By its number, not by the reference: only of a number Django knows that no row has one of 2**63.
        Enclosure.objects.filter(attachment__id=attachment_id, appeal_id=appeal_id)
        .exclude(message=None, answer=None)
        .select_related("attachment__appeal")
        .first()
    )
    return row.attachment if row else None

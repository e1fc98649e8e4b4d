"""Files in the conversation: a citizen's with their message, the institution's with a message or an answer."""

import logging
from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from dauys.answer.actions.failures import AlreadyAnswered, FilesErased, NoSuchEnclosure, OnItsWay, TooManyFiles
from dauys.answer.actions.ground import routed
from dauys.answer.models import Answer, Deferred, Enclosure, Message
from dauys.hear import files, later, sealing
from dauys.hear.submission import FILES_MOST, Upload
from dauys.institution import rights
from dauys.institution.models import User

log = logging.getLogger(__name__)

FILES_A_DAY = 20
"""So many a citizen may add to one appeal in a day: each is kept sealed, read again and made safe."""


def keep(appeal_id: int, uploads: Sequence[Upload]) -> list[files.Kept]:
    """Originals on the disk before the transaction that names them. Raises TooManyFiles, FilesErased."""
    if len(uploads) > FILES_MOST:
        raise TooManyFiles(FILES_MOST)
    try:
        return later.keep(appeal_id, uploads) if uploads else []
    except sealing.Erased:
        raise FilesErased from None


def go_with(kept: Sequence[files.Kept], message: Message) -> None:
    """The files of a message, in the transaction that writes it."""
    by_office = message.author == Message.Author.OFFICER
    for one in later.name(message.appeal_id, kept, by_office=by_office):
        Enclosure.objects.create(attachment=one, appeal_id=message.appeal_id, message=message)


def enclose(*, appeal_id: int, uploads: Sequence[Upload], officer: User, now: datetime) -> list[Enclosure]:
    """Put files beside the draft; they go with the answer. No entry: nothing has happened to anybody until it is sent.

    Raises TooManyFiles, FilesErased, NotRouted, AlreadyAnswered, OnItsWay; PermissionDenied.
    """
    kept = keep(appeal_id, uploads)
    try:
        with transaction.atomic():
            row, _on = routed(appeal_id, now=now)
            rights.require(officer, "answer.send", [row.acting_id, row.clock_id])
            if not row.is_open:
                raise AlreadyAnswered
            _refuse_while_it_leaves(appeal_id)
            waiting = Enclosure.objects.filter(appeal_id=appeal_id, message=None, answer=None)
            known = set(waiting.values_list("attachment__sha256", flat=True))
            fresh = [one for one in kept if one.sha256 not in known]
            if len(known) + len(fresh) > FILES_MOST:
                raise TooManyFiles(FILES_MOST)
            made = [
                Enclosure.objects.create(attachment=one, appeal_id=appeal_id)
                for one in later.name(appeal_id, fresh, by_office=True)
            ]
    except BaseException:
        files.discard(kept)
        raise
    files.discard(one for one in kept if one.sha256 in known)
    return made


def take_out(*, appeal_id: int, attachment_id: int, officer: User, now: datetime) -> None:
    """Remove a file from the draft: it was given to nobody, so nothing of it stays.

    Raises NoSuchEnclosure (sent already, or another appeal's), OnItsWay, NotRouted; PermissionDenied.
    """
    with transaction.atomic():
        row, _on = routed(appeal_id, now=now)
        rights.require(officer, "answer.send", [row.acting_id, row.clock_id])
        _refuse_while_it_leaves(appeal_id)
        found = (
            Enclosure.objects.select_related("attachment")
            # By its number, not by the reference: only of a number Django knows that no row has one of 2**63.
            .filter(attachment__id=attachment_id, appeal_id=appeal_id, message=None, answer=None)
            .first()
        )
        if found is None:
            raise NoSuchEnclosure
        attachment = found.attachment
        found.delete()
        later.forget(attachment)


def _refuse_while_it_leaves(appeal_id: int) -> None:
    """An answer leaves with the files it was pressed with: nobody adds one, or takes one out, in its last seconds."""
    pressed = Deferred.objects.select_related("officer").filter(appeal_id=appeal_id, verb="send_answer", failed="")
    held = pressed.first()
    if held is not None:
        raise OnItsWay(str(held.officer))


def send_with(answer: Answer) -> list[str]:
    """What waits beside the draft goes with this answer, in the transaction that sends it; the files' SHA-256."""
    waiting = Enclosure.objects.filter(appeal_id=answer.appeal_id, message=None, answer=None)
    digests = list(waiting.order_by("attachment_id").values_list("attachment__sha256", flat=True))
    if digests:
        waiting.update(answer=answer)
    return digests


def digests_of(answer: Answer) -> list[str]:
    """SHA-256 of the files that went with an answer, in order: the answer's leaf commits to them."""
    rows = Enclosure.objects.filter(answer=answer).order_by("attachment_id")
    return list(rows.values_list("attachment__sha256", flat=True))

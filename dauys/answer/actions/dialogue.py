"""What is said between the citizen, the officer and the officer's colleagues before an answer."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db import transaction

from dauys.answer.actions import enclosing
from dauys.answer.actions.failures import (
    AlreadyAnswered,
    BadDay,
    NoOutcome,
    SomebodyElsesDraft,
    TooLong,
    TooMany,
    TooManyFiles,
)
from dauys.answer.actions.ground import message_key, routed, words
from dauys.answer.models import Draft, Enclosure, Handling, Message, Outcome
from dauys.hear import heard as hear
from dauys.hear.files import Kept, discard
from dauys.hear.submission import TEXT_MOST, Upload, storable
from dauys.institution import rights
from dauys.institution.models import User
from dauys.institution.queries import house
from dauys.ledger import actions as ledger

MESSAGES_A_DAY = 20
"""So many a citizen may write about one appeal in a day; more would hide what matters from the officer."""


ANSWER_BY_MOST = 60
"""Days ahead within which an answer of the citizen may be hoped for."""


def write(
    *,
    appeal_id: int,
    text: str,
    note: bool,
    token: str,
    officer: User,
    now: datetime,
    answer_by: date | None = None,
    uploads: Sequence[Upload] = (),
) -> Message:
    """Say something to the citizen, or, as a note, to colleagues alone. `token` names the form it came from.

    What the citizen wrote counts as read from then on. With `answer_by` it is a question: a hope, which stops no clock.
    Files go to the citizen alone, not with a note. Raises Empty, TooLong, BadDay, TooManyFiles, FilesErased, NotRouted;
    PermissionDenied.
    """
    said = words(text)
    author = Message.Author.NOTE if note else Message.Author.OFFICER
    key = message_key(author, appeal_id, token, said)
    today = house().today(now)
    if note:
        answer_by, uploads = None, ()
    if answer_by is not None and not today <= answer_by <= today + timedelta(days=ANSWER_BY_MOST):
        raise BadDay(ANSWER_BY_MOST)
    with _kept(appeal_id, uploads) as kept, transaction.atomic():
        row, on = routed(appeal_id, now=now)
        rights.require(officer, "answer.write", [row.acting_id, row.clock_id])
        message, is_new = Message.objects.get_or_create(
            key=key,
            defaults={
                "appeal_id": appeal_id, "author": author, "officer": officer, "text": said, "sent_at": now,
                "answer_by": answer_by,
            },
        )  # fmt: skip
        if is_new:
            kept.go_with(message)
            if not note and row.unread:
                row.unread = False
                row.save(update_fields=["unread"])
            verb = "answer.note" if note else "answer.write"
            detail = {"message": message.id, **({"answer_by": answer_by.isoformat()} if answer_by else {})}
            ledger.append_many([ledger.Act(verb, row.appeal.case, now, officer.id, detail)], on=on)
    return message


@dataclass
class _Kept:
    """Originals on the disk that wait for the row of their message."""

    files: list[Kept]
    named: bool = False

    def go_with(self, message: Message) -> None:
        enclosing.go_with(self.files, message)
        self.named = True


@contextmanager
def _kept(appeal_id: int, uploads: Sequence[Upload]) -> Iterator[_Kept]:
    """Files are on the disk before the transaction begins; those that no row came to name are removed after it."""
    kept = _Kept(enclosing.keep(appeal_id, uploads))
    try:
        yield kept
    except BaseException:
        kept.named = False
        raise
    finally:
        if not kept.named:
            discard(kept.files)


def citizen_writes(*, appeal_id: int, text: str, token: str, now: datetime, uploads: Sequence[Upload] = ()) -> Message:
    """The citizen writes to whoever works on their appeal; who may speak for it, the page has checked.

    Before the worker has found an office the words wait with the appeal. The same sending twice is one message.
    The day's limits belong to the appeal, so that nobody's address need be kept. Raises Empty, TooLong, TooMany,
    TooManyFiles, FilesErased.
    """
    said = words(text)
    key = message_key(Message.Author.CITIZEN, appeal_id, token, said)
    place = house()
    with _kept(appeal_id, uploads) as kept, transaction.atomic():
        on = ledger.take_pen(place.today(now))
        known = Message.objects.filter(key=key).first()
        if known is not None:
            return known
        midnight = datetime.combine(place.today(now), time(), tzinfo=place.zone)
        today = Message.objects.filter(appeal_id=appeal_id, author=Message.Author.CITIZEN, sent_at__gte=midnight)
        if today.count() >= MESSAGES_A_DAY:
            raise TooMany(MESSAGES_A_DAY)
        if uploads and Enclosure.objects.filter(message__in=today).count() + len(uploads) > enclosing.FILES_A_DAY:
            raise TooManyFiles(enclosing.FILES_A_DAY)
        message = Message.objects.create(
            key=key, appeal_id=appeal_id, author=Message.Author.CITIZEN, text=said, sent_at=now
        )
        kept.go_with(message)
        Handling.objects.filter(appeal_id=appeal_id).update(unread=True)
        ledger.append_many(
            [ledger.Act("answer.citizen_writes", hear.case_of(appeal_id), now, detail={"message": message.id})],
            on=on,
        )
    return message


def mark_read(*, appeal_id: int, officer: User, now: datetime) -> bool:
    """Somebody who may reply has read what the citizen wrote; the citizen sees that. Returns whether it was
    news.
    """
    with transaction.atomic():
        row, on = routed(appeal_id, now=now)
        rights.require(officer, "answer.write", [row.acting_id, row.clock_id])
        if not row.unread:
            return False
        row.unread = False
        row.save(update_fields=["unread"])
        ledger.append_many([ledger.Act("answer.read", row.appeal.case, now, officer.id)], on=on)
    return True


def save_draft(
    *, appeal_id: int, text: str, outcome: str, seen_at: datetime | None, officer: User, now: datetime
) -> Draft:
    """Keep an answer as it is being typed. `seen_at` is the `saved_at` of the draft the officer began from.

    No ledger entry: nothing has happened to anybody until it is sent, and a keystroke is nobody's business.
    Raises TooLong, NoOutcome, NotRouted, AlreadyAnswered, SomebodyElsesDraft; PermissionDenied.
    """
    kept = storable(text)
    if len(kept) > TEXT_MOST:
        raise TooLong(len(kept), TEXT_MOST)
    if outcome and outcome not in Outcome.values:
        raise NoOutcome
    with transaction.atomic():
        row, _on = routed(appeal_id, now=now)
        rights.require(officer, "answer.send", [row.acting_id, row.clock_id])
        if not row.is_open:
            raise AlreadyAnswered
        draft = Draft.objects.select_related("officer").filter(appeal_id=appeal_id).first()
        if draft is None:
            return Draft.objects.create(appeal_id=appeal_id, officer=officer, text=kept, outcome=outcome, saved_at=now)
        if draft.officer_id != officer.id and draft.saved_at != seen_at:
            raise SomebodyElsesDraft(str(draft.officer))
        draft.officer, draft.text, draft.outcome, draft.saved_at = officer, kept, outcome, now
        draft.save()
    return draft

"""What is said between the citizen, the officer and the officer's colleagues before an answer."""

from datetime import datetime, time

from django.db import transaction

from dauys.answer.actions.failures import AlreadyAnswered, NoOutcome, SomebodyElsesDraft, TooLong, TooMany
from dauys.answer.actions.ground import message_key, routed, words
from dauys.answer.models import Draft, Handling, Message, Outcome
from dauys.hear import heard as hear
from dauys.hear.submission import TEXT_MOST, storable
from dauys.institution import rights
from dauys.institution.models import User
from dauys.institution.queries import house
from dauys.ledger import actions as ledger

MESSAGES_A_DAY = 20
"""So many a citizen may write about one appeal in a day; more would hide what matters from the officer."""


def write(*, appeal_id: int, text: str, note: bool, token: str, officer: User, now: datetime) -> Message:
    """Say something to the citizen, or, as a note, to colleagues alone. `token` names the form it came from.

    What the citizen wrote counts as read from then on. Raises Empty, TooLong, NotRouted; PermissionDenied.
    """
    said = words(text)
    author = Message.Author.NOTE if note else Message.Author.OFFICER
    key = message_key(author, appeal_id, token, said)
    with transaction.atomic():
        row, on = routed(appeal_id, now=now)
        rights.require(officer, "answer.write", [row.acting_id, row.clock_id])
        message, is_new = Message.objects.get_or_create(
            key=key,
            defaults={
                "appeal_id": appeal_id, "author": author, "officer": officer, "text": said, "sent_at": now,
            },
        )  # fmt: skip
        if is_new:
            if not note and row.unread:
                row.unread = False
                row.save(update_fields=["unread"])
            verb = "answer.note" if note else "answer.write"
            ledger.append_many([ledger.Act(verb, row.appeal.case, now, officer.id, {"message": message.id})], on=on)
    return message


def citizen_writes(*, appeal_id: int, text: str, token: str, now: datetime) -> Message:
    """The citizen writes to whoever works on their appeal; who may speak for it, the page has checked.

    Before the worker has found an office the words wait with the appeal. The same sending twice is one message.
    The day's limit belongs to the appeal, so that nobody's address need be kept. Raises Empty, TooLong, TooMany.
    """
    said = words(text)
    key = message_key(Message.Author.CITIZEN, appeal_id, token, said)
    place = house()
    with transaction.atomic():
        on = ledger.take_pen(place.today(now))
        known = Message.objects.filter(key=key).first()
        if known is not None:
            return known
        midnight = datetime.combine(place.today(now), time(), tzinfo=place.zone)
        today = Message.objects.filter(appeal_id=appeal_id, author=Message.Author.CITIZEN, sent_at__gte=midnight)
        if today.count() >= MESSAGES_A_DAY:
            raise TooMany(MESSAGES_A_DAY)
        message = Message.objects.create(
            key=key, appeal_id=appeal_id, author=Message.Author.CITIZEN, text=said, sent_at=now
        )
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

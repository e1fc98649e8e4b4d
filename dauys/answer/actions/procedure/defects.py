"""An appeal that lacks something: the citizen is asked to mend it in a reasonable time; the clock runs on."""

from datetime import date, datetime

from django.db import transaction

from dauys.answer.actions.dialogue import citizen_writes
from dauys.answer.actions.failures import NotByRule, NothingAsked, NotThatDay, TermOver
from dauys.answer.actions.procedure.ground import NEXT_DAY, Case, again, case_of, code, note, reason, rule, sent_before
from dauys.answer.models import Message, Ruling
from dauys.engines.policy import Ground
from dauys.institution import rights
from dauys.institution.models import User
from dauys.ledger import actions as ledger
from dauys.ledger.core.leaf import Kind as LeafKind


def ask_to_mend(*, appeal_id: int, words: str, until_on: date, officer: User, now: datetime) -> Ruling:
    """Ask the citizen to mend what the appeal lacks, by a day before the answer is due.

    Asked again, the new asking takes the place of the old. The same press twice is one. Raises Empty, TooLong,
    NotByRule, NotThatDay, TermOver, NotRouted, AlreadyAnswered, AlreadyEnded; PermissionDenied.
    """
    with transaction.atomic():
        case = case_of(appeal_id, now=now)
        rights.require(officer, "answer.mend", case.offices)
        ground = returnable_for_defects(case)
        if ground is None:
            raise NotByRule("mend")
        why = reason(words)
        known = again(case, Ruling.Kind.DEFECTS, officer, until_on=until_on, words=why)
        if known is not None:
            return known
        latest = case.row.due_on
        if latest is None or latest <= case.on:
            raise TermOver(latest)
        if not case.on < until_on <= latest:
            raise NotThatDay(case.on + NEXT_DAY, latest)
        close(case)
        return rule(
            case, Ruling.Kind.DEFECTS, verb="answer.ask_to_mend", words=why, until_on=until_on, officer=officer,
            cited=ground.cited, public=ledger.Public(LeafKind.AMENDED, code=code("defects")),
        )  # fmt: skip


def returnable_for_defects(case: Case) -> Ground | None:
    """The ground on which an appeal of this kind may be returned once the time to mend it has run out."""
    grounds = case.policy.grounds_for("return", case.kind) if case.policy and case.policy.returning else ()
    return next((ground for ground in grounds if ground.after_defects), None)


def asked(case: Case) -> Ruling | None:
    """The asking that still waits for the citizen."""
    waiting = [one for one in case.rulings if one.kind == Ruling.Kind.DEFECTS and one.ended_at is None]
    return waiting[-1] if waiting else None


def close(case: Case) -> None:
    """What was asked for is there: nothing of it waits any longer."""
    Ruling.objects.filter(appeal_id=case.row.appeal_id, kind=Ruling.Kind.DEFECTS, ended_at=None).update(
        ended_at=case.now
    )
    case.look_again()


def mend(*, appeal_id: int, text: str, token: str, now: datetime) -> Message:
    """The citizen mends the appeal in words, also after the day asked for, as long as it was not returned.

    Who may speak for it, the page has checked. The same sending twice is one. Raises Empty, TooLong, TooMany,
    NothingAsked, NotRouted, AlreadyAnswered, AlreadyEnded.
    """
    with transaction.atomic():
        case = case_of(appeal_id, now=now)
        known = sent_before(appeal_id, text, token)
        if known is not None:
            return known
        ruling = asked(case)
        if ruling is None:
            raise NothingAsked
        message = citizen_writes(appeal_id=appeal_id, text=text, token=token, now=now)
        close(case)
        note(case, "answer.mend", ruling=ruling.id)
    return message


def accept_mended(*, appeal_id: int, officer: User, now: datetime) -> Ruling:
    """An officer says that what was lacking is there now: on paper, by telephone, at the desk.

    Raises NothingAsked, NotRouted, AlreadyAnswered, AlreadyEnded; PermissionDenied.
    """
    with transaction.atomic():
        case = case_of(appeal_id, now=now)
        rights.require(officer, "answer.mend", case.offices)
        ruling = asked(case)
        if ruling is None:
            raise NothingAsked
        close(case)
        note(case, "answer.mend", officer=officer, ruling=ruling.id)
    ruling.refresh_from_db()
    return ruling

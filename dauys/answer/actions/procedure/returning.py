"""Given back unconsidered, or added to the file of the same appeal returned before: only on a ground of the rule."""

from datetime import date, datetime

from django.db import transaction

from dauys.answer.actions.failures import NotMendedYet, NotThatFile, TooLate
from dauys.answer.actions.procedure.defects import asked
from dauys.answer.actions.procedure.ground import (
    Case,
    case_of,
    code,
    end,
    ground_of,
    older_file,
    part,
    reason,
    reason_or_none,
    refuse_danger,
    require_decider,
    rule,
)
from dauys.answer.models import Handling, Ruling, State
from dauys.engines.policy import Ground
from dauys.institution import rights
from dauys.institution.models import User
from dauys.ledger import actions as ledger
from dauys.ledger.core.leaf import Kind as LeafKind


def return_appeal(
    *,
    appeal_id: int,
    ground: str,
    words: str,
    older: str = "",
    no_danger: bool = False,
    officer: User,
    now: datetime,
) -> Ruling:
    """Give an appeal back without considering it, with the reason, within the time the rule gives for that.

    `older`: registration number of the appeal it repeats. After that time it must be considered. Raises Empty, TooLong,
    NotByRule, NoGround, NotMendedYet, TooLate, DangerFirst, NotThatFile, NotRouted, AlreadyAnswered, AlreadyEnded;
    PermissionDenied.
    """
    with transaction.atomic():
        case = case_of(appeal_id, now=now)
        rights.require(officer, "answer.return", case.offices)
        returning = part(case.policy and case.policy.returning, "return")
        named = ground_of(case, "return", ground)
        require_decider(case, officer, "answer.return", named.by_roles)
        why = with_number(reason(words), older_file(case, officer, older))
        refuse_danger(case, named, no_danger=no_danger)
        last = return_by(case, named)
        if last is None:
            raise NotMendedYet
        if case.on > last:
            raise TooLate(last)
        end(case)
        return rule(
            case, Ruling.Kind.RETURNED, verb="answer.return", words=why, ground=named, cited=returning.cited,
            officer=officer, detail=told(older, no_danger),
            public=ledger.Public(LeafKind.REFUSED, code=code("returned", named.code)),
        )  # fmt: skip


def return_by(case: Case, ground: Ground) -> date | None:
    """The last day to return on this ground; None while the time for mending it has not run out, or was never given."""
    assert case.policy is not None
    assert case.policy.returning is not None
    term = case.policy.returning
    if not ground.after_defects:
        begun = case.begun.registered_on if case.begun else case.on
        return case.after(begun, term.amount, term.unit)
    ruling = asked(case)
    if ruling is None or ruling.until_on is None or ruling.until_on >= case.on:
        return None
    return case.after(ruling.until_on, term.amount, term.unit)


def attach(
    *, appeal_id: int, older: str, words: str = "", no_danger: bool = False, officer: User, now: datetime
) -> Ruling:
    """Add the same appeal, filed once more after it was returned, to that earlier file; nothing more is answered.

    Raises NotByRule, NoGround, NotThatFile (the earlier one was not returned), DangerFirst, TooLong, NotRouted,
    AlreadyAnswered, AlreadyEnded; PermissionDenied.
    """
    with transaction.atomic():
        case = case_of(appeal_id, now=now)
        rights.require(officer, "answer.return", case.offices)
        named = ground_of(case, "attach", "")
        require_decider(case, officer, "answer.return", named.by_roles)
        file = older_file(case, officer, older)
        if file is None or not was_returned(file):
            raise NotThatFile(older.strip())
        refuse_danger(case, named, no_danger=no_danger)
        end(case)
        return rule(
            case, Ruling.Kind.ATTACHED, verb="answer.attach", words=with_number(reason_or_none(words), file),
            ground=named, officer=officer, detail=told(older, no_danger),
            public=ledger.Public(LeafKind.REFUSED, code=code("attached")),
        )  # fmt: skip


def was_returned(file: Handling) -> bool:
    """Whether an earlier appeal ended by a return, or was added to one that did."""
    kinds = (Ruling.Kind.RETURNED, Ruling.Kind.ATTACHED)
    return file.state == State.ENDED and Ruling.objects.filter(appeal_id=file.appeal_id, kind__in=kinds).exists()


def with_number(why: str, older: Handling | None) -> str:
    """The reason with the number of the earlier appeal in it: the citizen must be able to find that one."""
    if older is None or older.appeal.number in why:
        return why
    return f"{why} ({older.appeal.number})" if why else str(older.appeal.number)


def told(older: str, no_danger: bool) -> dict[str, object]:
    """What the ledger keeps beside the ground: which appeal it repeats, and that a person saw no danger in it."""
    kept: dict[str, object] = {"older": older.strip()} if older.strip() else {}
    return {**kept, "no_danger": True} if no_danger else kept

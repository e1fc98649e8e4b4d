"""A procedure that ends without an answer: terminated on a ground of the rule, or withdrawn by the citizen."""

from datetime import datetime

from django.db import transaction

from dauys.answer.actions.failures import NotMendedYet, NotRouted
from dauys.answer.actions.ground import locked
from dauys.answer.actions.procedure.ground import (
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
    require_open,
    rule,
    stands,
)
from dauys.answer.actions.procedure.returning import return_by, told, with_number
from dauys.answer.models import Ruling
from dauys.institution import rights
from dauys.institution.models import User
from dauys.ledger import actions as ledger
from dauys.ledger.core.leaf import Kind as LeafKind


def terminate(
    *,
    appeal_id: int,
    ground: str,
    words: str,
    older: str = "",
    no_danger: bool = False,
    officer: User,
    now: datetime,
) -> Ruling:
    """End the procedure without an answer, on a ground of the rule and by whoever it names.

    Raises Empty, TooLong, NotByRule, NoGround, NotMendedYet, DangerFirst, NotThatFile, NotRouted, AlreadyAnswered,
    AlreadyEnded; PermissionDenied.
    """
    with transaction.atomic():
        case = case_of(appeal_id, now=now)
        rights.require(officer, "answer.terminate", case.offices)
        terminating = part(case.policy and case.policy.terminating, "terminate")
        named = ground_of(case, "terminate", ground)
        require_decider(case, officer, "answer.terminate", named.by_roles or terminating.by_roles)
        why = with_number(reason(words), older_file(case, officer, older))
        refuse_danger(case, named, no_danger=no_danger)
        if named.after_defects and return_by(case, named) is None:
            raise NotMendedYet
        end(case)
        return rule(
            case, Ruling.Kind.TERMINATED, verb="answer.terminate", words=why, ground=named, cited=terminating.cited,
            notice=(terminating.notify_amount, terminating.notify_unit), officer=officer,
            detail=told(older, no_danger),
            public=ledger.Public(LeafKind.REFUSED, code=code("terminated", named.code)),
        )  # fmt: skip


def withdraw(*, appeal_id: int, words: str, now: datetime) -> Ruling:
    """The citizen takes the appeal back. It cannot be undone; they may always write a new one.

    Who may speak for it, the page has checked. Also an appeal without an office can be taken back. Raises TooLong,
    NotRouted (the worker has not reached it yet), AlreadyAnswered, AlreadyEnded.
    """
    with transaction.atomic():
        row, on = locked(appeal_id, now=now)
        require_open(row)
        case = stands(row, on=on, now=now)
        if row.clock_id is None and case.promise is None:
            raise NotRouted
        why = reason_or_none(words)
        grounds = case.policy.grounds_for("terminate", case.kind) if case.policy else ()
        end(case)
        return rule(
            case, Ruling.Kind.WITHDRAWN, verb="answer.withdraw", words=why,
            cited=next((one.cited for one in grounds if one.code == "withdrawn"), None),
            public=ledger.Public(LeafKind.WITHDRAWN, code=code("citizen")),
        )  # fmt: skip

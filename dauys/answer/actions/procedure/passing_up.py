"""A complaint that lies with the body it complains of: it goes up, with its whole file, to the body above."""

from datetime import date, datetime

from django.db import transaction

from dauys.answer.actions.failures import NoBody, NotByRule, NotItsOffice
from dauys.answer.actions.placing import forward
from dauys.answer.actions.procedure.ground import Case, case_of, code, end, part, reason, rule
from dauys.answer.models import Ruling
from dauys.institution import rights
from dauys.institution.models import User
from dauys.ledger import actions as ledger
from dauys.ledger.core.leaf import Kind as LeafKind

BODY_MOST = 200


def pass_up(
    *, appeal_id: int, about_office_id: int, body: str = "", words: str, officer: User, now: datetime
) -> Ruling:
    """Pass a complaint up: to the office above the one complained about, or to `body` where none is above it here.

    `about_office_id`: the office of the appeal, or one above it. Within this house passing up is a redirection with its
    own clock rule; to a body outside the procedure ends here. Raises Empty, TooLong, NotByRule, NoBody,
    NotItsOffice (it complains of an office that does not hold it), NotRouted, AlreadyAnswered, AlreadyEnded;
    PermissionDenied.
    """
    with transaction.atomic():
        case = case_of(appeal_id, now=now)
        rights.require(officer, "answer.pass_up", case.offices)
        upward = part(case.policy and case.policy.passing_up, "pass_up")
        if case.kind != "complaint":
            raise NotByRule("pass_up")
        why = reason(words)
        if not any(one in case.place.below.get(about_office_id, ()) for one in case.offices):
            raise NotItsOffice
        above = case.place.above(about_office_id)
        named = " ".join(body.split())[:BODY_MOST]
        if above is None and not named:
            raise NoBody
        last = pass_up_by(case)
        told = {
            "after_the_term": last is not None and case.on > last,
            "about": case.place.offices[about_office_id].code,
        }
        if above is None:
            end(case)
            return rule(
                case, Ruling.Kind.PASSED_UP, verb="answer.pass_up", words=f"{named}. {why}", cited=upward.cited,
                officer=officer, detail=told, public=ledger.Public(LeafKind.FORWARDED, code=code("passed_up")),
            )  # fmt: skip
        ruling = rule(
            case, Ruling.Kind.PASSED_UP, verb="answer.pass_up", words=why, cited=upward.cited, officer=officer,
            detail=told, ended=True, public=ledger.Public(LeafKind.AMENDED, code=code("passed_up")),
        )  # fmt: skip
        forward(
            case.row, acting_id=above.id, clock_id=above.id, code="redirected", words=why, officer=officer, now=now,
            on=case.on, why=[{"code": "passed_up", "office": above.code}],
        )  # fmt: skip
    return ruling


def pass_up_by(case: Case) -> date | None:
    """The last day to pass a complaint up, or to satisfy it in full; None where the rule says nothing of it."""
    upward = case.policy.passing_up if case.policy else None
    if upward is None or case.kind != "complaint" or case.begun is None:
        return None
    return case.after(case.begun.registered_on, upward.amount, upward.unit)

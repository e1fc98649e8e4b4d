"""Before an unfavourable decision the citizen is told of it and heard, where the rule demands that."""

from datetime import date, datetime

from django.db import transaction
from django.db.models import QuerySet

from dauys.answer.actions.dialogue import citizen_writes
from dauys.answer.actions.failures import AlreadyOffered, HearingFirst, HearingOpen, NotByRule, NothingAsked, NotThatDay
from dauys.answer.actions.procedure.ground import (
    NEXT_DAY,
    Case,
    again,
    case_of,
    code,
    ground_of,
    note,
    reason,
    require_decider,
    rule,
    sent_before,
    stands,
)
from dauys.answer.actions.waiting import begin_anew
from dauys.answer.models import Answer, Handling, Message, Outcome, Ruling
from dauys.engines.policy import Hearing, Policy
from dauys.institution import rights
from dauys.institution.models import User
from dauys.ledger import actions as ledger
from dauys.ledger.core.leaf import Kind as LeafKind

UNFAVOURABLE = frozenset({Outcome.REFUSED})


def demanded(policy: Policy | None, kind: str) -> Hearing | None:
    """What the rule says of hearing an appeal of this kind; None where nobody need be heard."""
    hearing = policy.hearing if policy else None
    return hearing if hearing is not None and kind in hearing.kinds else None


def offer_hearing(*, appeal_id: int, words: str, until_on: date | None = None, officer: User, now: datetime) -> Ruling:
    """Tell the citizen of the unfavourable decision that is planned and why, and let them object until a day.

    Without `until_on`, the shortest time the rule gives; a longer one not beyond the day the answer is due. The same
    press twice is one. Raises Empty, TooLong, NotByRule, AlreadyOffered, NotThatDay, NotRouted, AlreadyAnswered,
    AlreadyEnded; PermissionDenied.
    """
    with transaction.atomic():
        case = case_of(appeal_id, now=now)
        rights.require(officer, "answer.hear", case.offices)
        hearing = demanded(case.policy, case.kind)
        if hearing is None:
            raise NotByRule("hear")
        planned = reason(words)
        shortest = objections_until(case, hearing, case.on)
        until = until_on or shortest
        known = again(case, Ruling.Kind.HEARING, officer, until_on=until, words=planned)
        if known is not None:
            return known
        last = latest(case)
        if last is not None and last.ended_at is None:
            raise AlreadyOffered
        if not shortest <= until <= max(shortest, case.row.due_on or shortest):
            raise NotThatDay(shortest, max(shortest, case.row.due_on or shortest))
        return rule(
            case, Ruling.Kind.HEARING, verb="answer.offer_hearing", words=planned, cited=hearing.cited, until_on=until,
            officer=officer, public=ledger.Public(LeafKind.AMENDED, code=code("hearing")),
        )  # fmt: skip


def free_from(case: Case, hearing: Hearing, told_on: date) -> date:
    """The first day on which the decision may be made, if the citizen was told of it that day."""
    return case.after(told_on, hearing.before_amount, hearing.unit)


def objections_until(case: Case, hearing: Hearing, told_on: date) -> date:
    """The last day to object that the rule gives; where it gives none, the day before the decision may be made."""
    if hearing.objection_amount is not None and hearing.objection_unit is not None:
        return case.after(told_on, hearing.objection_amount, hearing.objection_unit)
    return free_from(case, hearing, told_on) - NEXT_DAY


def object_to(*, appeal_id: int, text: str, token: str, aloud: bool, now: datetime) -> Message:
    """The citizen objects to the decision that is planned, and may ask to be heard aloud (`aloud`).

    Who may speak for the appeal, the page has checked. An objection after its day is read as well. The same sending
    twice is one. Raises Empty, TooLong, TooMany, NothingAsked, NotRouted, AlreadyAnswered, AlreadyEnded.
    """
    with transaction.atomic():
        case = case_of(appeal_id, now=now)
        known = sent_before(appeal_id, text, token)
        if known is not None:
            return known
        offered = latest(case)
        if offered is None or offered.ended_at is not None or offered.until_on is None:
            raise NothingAsked
        message = citizen_writes(appeal_id=appeal_id, text=text, token=token, now=now)
        asks = aloud and not asked_aloud(case)
        if asks:
            Ruling.objects.create(
                appeal_id=appeal_id, kind=Ruling.Kind.HEARING, ground=Ruling.ALOUD, decided_on=case.on, told_at=now,
                officer_id=offered.officer_id, made_at=now,
            )  # fmt: skip
        note(case, "answer.object", ruling=offered.id, message=message.id, aloud=asks)
    return message


def hold_hearing(*, appeal_id: int, words: str, officer: User, now: datetime) -> Ruling:
    """Write down how the citizen was heard, or that they did not come; with this the hearing is over.

    Raises Empty, TooLong, NothingAsked, NotRouted, AlreadyAnswered, AlreadyEnded; PermissionDenied.
    """
    with transaction.atomic():
        case = case_of(appeal_id, now=now)
        rights.require(officer, "answer.hear", case.offices)
        offered = latest(case)
        if offered is None or offered.ended_at is not None:
            raise NothingAsked
        record = reason(words)
        _open(case).update(ended_at=now)
        case.look_again()
        # A row of its own: what was planned and what was said at the hearing are two texts, and neither is edited.
        return rule(
            case, Ruling.Kind.HEARING, verb="answer.hold_hearing", words=record, ground=None, officer=officer,
            cited=case.policy.hearing.cited if case.policy and case.policy.hearing else None, ended=True,
            detail={"hearing": offered.id}, public=ledger.Public(LeafKind.AMENDED, code=code("heard")),
        )  # fmt: skip


def waive_hearing(*, appeal_id: int, ground: str, words: str, officer: User, now: datetime) -> Ruling:
    """Decide without a hearing, on a ground the rule gives for that, with the reason in words.

    Raises Empty, TooLong, NotByRule, NoGround, NotRouted, AlreadyAnswered, AlreadyEnded; PermissionDenied.
    """
    with transaction.atomic():
        case = case_of(appeal_id, now=now)
        rights.require(officer, "answer.hear", case.offices)
        if demanded(case.policy, case.kind) is None:
            raise NotByRule("hear")
        named = ground_of(case, "unheard", ground)
        require_decider(case, officer, "answer.hear", named.by_roles)
        why = reason(words)
        _open(case).update(ended_at=now)
        case.look_again()
        return rule(
            case, Ruling.Kind.HEARING, verb="answer.waive_hearing", words=why, ground=named, officer=officer,
            ended=True, public=ledger.Public(LeafKind.AMENDED, code=code("unheard", named.code)),
        )  # fmt: skip


def _open(case: Case) -> QuerySet[Ruling]:
    return Ruling.objects.filter(appeal_id=case.row.appeal_id, kind=Ruling.Kind.HEARING, ended_at=None)


def of_this_procedure(case: Case) -> list[Ruling]:
    """Hearings since the running procedure began, newest first: an earlier answer used its own up."""
    rows = [one for one in reversed(case.rulings) if one.kind == Ruling.Kind.HEARING]
    if not rows:
        return []
    answered = Answer.objects.filter(appeal_id=case.row.appeal_id).order_by("-ordinal").first()
    # An answer, and another body's beginning, close every open one: what is open belongs to what runs now.
    return [
        one
        for one in rows
        if one.ended_at is None
        or (
            (answered is None or one.made_at > answered.sent_at)
            and (case.begun is None or one.made_at >= case.begun.made_at)
        )
    ]


def latest(case: Case) -> Ruling | None:
    """The offer or the waiver that counts now."""
    return next(
        (one for one in of_this_procedure(case) if one.until_on is not None or one.ground not in ("", Ruling.ALOUD)),
        None,
    )


def asked_aloud(case: Case) -> bool:
    """Whether the citizen asked to be heard aloud and has not been."""
    return any(
        one.kind == Ruling.Kind.HEARING and one.ended_at is None and one.ground == Ruling.ALOUD for one in case.rulings
    )


def blocked(case: Case) -> HearingFirst | HearingOpen | None:
    """What stands between this case and an unfavourable decision today."""
    hearing = demanded(case.policy, case.kind)
    if hearing is None:
        return None
    last = latest(case)
    if last is None:
        return HearingFirst()
    if last.until_on is None:
        return None  # decided without a hearing, on a ground of the rule
    if asked_aloud(case):
        return HearingOpen(None)
    free = free_from(case, hearing, last.decided_on)
    if last.ended_at is None:
        free = max(free, last.until_on + NEXT_DAY)
    return HearingOpen(free) if case.on < free else None


def before_answer(row: Handling, *, outcome: str, on: date, now: datetime) -> None:
    """What an answer waits for, and what it ends: called inside its transaction, on the locked row.

    Raises HearingFirst, HearingOpen: a refusal before the citizen was heard, where the rule demands that.
    """
    unheard = obstacle(row, outcome=outcome, on=on, now=now)
    if unheard is not None:
        raise unheard
    begin_anew(row, now)


def obstacle(row: Handling, *, outcome: str, on: date, now: datetime) -> HearingFirst | HearingOpen | None:
    """What stands between an appeal and an answer of this outcome."""
    return blocked(stands(row, on=on, now=now)) if outcome in UNFAVOURABLE else None

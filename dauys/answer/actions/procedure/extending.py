"""A term prolonged, once, by whoever the rule names; a term that stands still, where a rule knows that."""

from datetime import date, datetime

from django.db import transaction

from dauys.answer import promises
from dauys.answer.actions.failures import (
    AlreadyExtended,
    ClosedDay,
    NotPaused,
    NotThatDay,
    Paused,
    TermOver,
)
from dauys.answer.actions.procedure.ground import (
    NEXT_DAY,
    Case,
    again,
    case_of,
    code,
    ground_of,
    note,
    part,
    reason,
    require_decider,
    rule,
    stands,
)
from dauys.answer.models import Handling, Promise, Ruling
from dauys.engines.deadline import Term, deadline, working_days_between
from dauys.engines.policy import Policy
from dauys.institution import rights
from dauys.institution.models import User
from dauys.institution.queries import House, house
from dauys.ledger import actions as ledger
from dauys.ledger.core.leaf import Kind as LeafKind


def extend(*, appeal_id: int, until_on: date, words: str, ground: str = "", officer: User, now: datetime) -> Ruling:
    """Prolong the term to a later day, within what the rule allows and before it has run out.

    The same press twice is one extension. Raises Empty, TooLong, NotByRule, NoGround, TermOver, Paused,
    AlreadyExtended, NotThatDay, ClosedDay, NotRouted, AlreadyAnswered, AlreadyEnded; PermissionDenied.
    """
    with transaction.atomic():
        case = case_of(appeal_id, now=now)
        rights.require(officer, "answer.extend", case.offices)
        extension = part(case.policy and case.policy.extension, "extend")
        named = ground_of(case, "extend", ground) if _has_grounds(case, "extend") else None
        require_decider(case, officer, "answer.extend", (named and named.by_roles) or extension.by_roles)
        why = reason(words)
        known = again(case, Ruling.Kind.EXTENDED, officer, until_on=until_on, words=why)
        if known is not None and case.promise is not None and case.promise.due_on == until_on:
            return known
        owed = _running(case)
        if case.begun is None or extensions(case) >= extension.max_times:
            raise AlreadyExtended(extension.max_times)
        assert case.policy is not None
        latest = latest_day(case.place, case.policy, decided_on=case.on, due_on=owed)
        if latest is None or not owed < until_on <= latest:
            raise NotThatDay(owed + NEXT_DAY, latest or owed)
        _require_workday(case, until_on)
        _promise(case, until_on, reason="extended", registered_on=case.on)
        return rule(
            case, Ruling.Kind.EXTENDED, verb="answer.extend", words=why, ground=named, cited=extension.cited,
            until_on=until_on, notice=(extension.notify_amount, extension.notify_unit), officer=officer,
            detail={"due_on": until_on.isoformat(), "before": owed.isoformat()},
            public=ledger.Public(LeafKind.EXTENDED, due_on=until_on, code=promises.leaf_code(case.policy)),
        )  # fmt: skip


def extensions(case: Case) -> int:
    """How often the running term has been prolonged since its procedure began."""
    begun = case.begun.id if case.begun else 0
    return sum(one.reason == "extended" and one.id > begun for one in case.made)


def latest_day(place: House, policy: Policy, *, decided_on: date, due_on: date) -> date | None:
    """The last day to which a decision of that day may prolong a term; None where the rule knows no extension."""
    extension = policy.extension
    if extension is None:
        return None
    begins = decided_on if extension.starts_from == "decision" else due_on
    term = Term(extension.max_amount, extension.unit, roll="none")
    return deadline(registered_on=begins, term=term, calendar=place.calendar(begins.year)).due_on


def pause(*, appeal_id: int, words: str, ground: str = "", officer: User, now: datetime) -> Ruling:
    """Let the term stand still, where the rule knows suspension; at most until the ruling's day (`resume_pending`).

    While it stands still there is no due day and nothing is late. Raises Empty, TooLong, NotByRule, NoGround,
    TermOver, Paused, NotRouted, AlreadyAnswered, AlreadyEnded; PermissionDenied.
    """
    with transaction.atomic():
        case = case_of(appeal_id, now=now)
        rights.require(officer, "answer.pause", case.offices)
        suspension = part(case.policy and case.policy.suspension, "pause")
        named = ground_of(case, "suspend", ground) if _has_grounds(case, "suspend") else None
        require_decider(case, officer, "answer.pause", (named and named.by_roles) or suspension.by_roles)
        why = reason(words)
        owed = _running(case)
        row = case.row
        row.paused_on, row.due_on = case.on, None
        row.save(update_fields=["paused_on", "due_on"])
        return rule(
            case, Ruling.Kind.PAUSED, verb="answer.pause", words=why, ground=named, cited=suspension.cited,
            until_on=case.after(case.on, suspension.max_amount, suspension.unit),
            notice=(suspension.notify_amount, suspension.notify_unit), officer=officer,
            detail={"before": owed.isoformat()}, public=ledger.Public(LeafKind.AMENDED, code=code("paused")),
        )  # fmt: skip


def resume(*, appeal_id: int, officer: User, now: datetime) -> Promise:
    """Let the clock go on: what was left of the term when it stopped is left of it now.

    Raises NotPaused, NotRouted, AlreadyAnswered, AlreadyEnded; PermissionDenied.
    """
    with transaction.atomic():
        case = case_of(appeal_id, now=now)
        rights.require(officer, "answer.pause", case.offices)
        if case.row.paused_on is None:
            raise NotPaused
        return _resume(case, officer=officer)


def resume_pending(*, now: datetime, limit: int = 100) -> int:
    """Let every clock go on that has stood still as long as its rule allows. Run again it changes nothing."""
    today = house().today(now)
    over = list(
        Ruling.objects.filter(kind=Ruling.Kind.PAUSED, ended_at=None, until_on__lt=today)
        .order_by("until_on", "id")
        .values_list("appeal_id", flat=True)[:limit]
    )
    for appeal_id in over:
        with transaction.atomic():
            on = ledger.take_pen(today)
            row = (
                Handling.objects.select_for_update(of=("self",))
                .select_related("appeal", "appeal__sealed")
                .get(appeal_id=appeal_id)
            )
            if row.paused_on is not None:
                _resume(stands(row, on=on, now=now), officer=None)
    return len(over)


def _resume(case: Case, *, officer: User | None) -> Promise:
    row, promise, policy = case.row, case.promise, case.policy
    assert row.paused_on is not None
    assert promise is not None
    assert policy is not None
    ruling = Ruling.objects.filter(appeal_id=row.appeal_id, kind=Ruling.Kind.PAUSED, ended_at=None).last()
    goes_on = case.on
    if ruling is not None and ruling.until_on is not None:
        goes_on = min(goes_on, ruling.until_on + NEXT_DAY)  # the worker may come late; the clock did not wait for it
    due_on = shifted(case.place, policy, due_on=promise.due_on, stopped_on=row.paused_on, goes_on=goes_on)
    Ruling.objects.filter(appeal_id=row.appeal_id, kind=Ruling.Kind.PAUSED, ended_at=None).update(ended_at=case.now)
    row.paused_on = None
    row.save(update_fields=["paused_on"])
    made = _promise(case, due_on, reason="resumed", registered_on=goes_on)
    note(
        case, "answer.resume", officer=officer, due_on=due_on.isoformat(),
        public=ledger.Public(LeafKind.EXTENDED, due_on=due_on, code=code("resumed")),
    )  # fmt: skip
    return made


def shifted(place: House, policy: Policy, *, due_on: date, stopped_on: date, goes_on: date) -> date:
    """The due day of a term that stopped one day and went on another: as much is left of it as was then.

    Left are the days after the one it stopped on: working days of a term counted in them, otherwise calendar days. The
    day it goes on is not counted either, like a day of registration.
    """
    calendar = place.calendar(goes_on.year)
    if policy.unit == "wd":
        left = working_days_between(stopped_on, due_on, place.calendar(stopped_on.year))
        if left:
            return deadline(registered_on=goes_on, term=Term(left, "wd", roll="none"), calendar=calendar).due_on
        ends = goes_on
    else:
        ends = goes_on + (due_on - stopped_on)
    while policy.roll == "next_working_day" and not calendar.is_working(ends):
        ends += NEXT_DAY
    return ends


def _running(case: Case) -> date:
    """The day to which the term runs, which has not passed yet. Raises Paused, TermOver."""
    if case.row.paused_on is not None:
        raise Paused
    owed = case.row.due_on
    if owed is None or owed < case.on:
        raise TermOver(owed)
    return owed


def _promise(case: Case, due_on: date, *, reason: str, registered_on: date) -> Promise:
    row, before = case.row, case.promise
    assert before is not None
    row.due_on = due_on
    row.save(update_fields=["due_on"])
    return Promise.objects.create(
        appeal_id=row.appeal_id,
        office_id=row.clock_id or before.office_id,
        policy=before.policy,
        registered_on=registered_on,
        due_on=due_on,
        reason=reason,
        made_at=case.now,
    )


def _require_workday(case: Case, day: date) -> None:
    closed = not case.place.calendar(case.on.year).is_working(day)
    if closed and case.policy is not None and case.policy.roll == "next_working_day":
        raise ClosedDay(day)


def _has_grounds(case: Case, verb: str) -> bool:
    return bool(case.policy and any(one.verb == verb and case.kind in one.kinds for one in case.policy.grounds))

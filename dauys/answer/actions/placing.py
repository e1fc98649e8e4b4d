"""Who works on an appeal: another office, oneself, a colleague."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction

from dauys.answer import promises
from dauys.answer.actions.failures import (
    AboutThisOffice,
    AlreadyAnswered,
    AlreadyTaken,
    NotThere,
    PassedRound,
    SameOffice,
)
from dauys.answer.actions.ground import locked, require_at_hand, routed, words
from dauys.answer.actions.passings import needs_ground, paths_of
from dauys.answer.actions.raising import refuse_whoever_answered
from dauys.answer.actions.waiting import begin_anew
from dauys.answer.models import Handling, Promise, Routing, State
from dauys.engines.deadline import Term, deadline
from dauys.institution import rights
from dauys.institution.models import User
from dauys.institution.queries import House, house
from dauys.ledger import actions as ledger
from dauys.ledger.core.leaf import Kind as LeafKind


def redirect(
    *,
    appeal_id: int,
    office_id: int,
    reason: str,
    officer: User,
    now: datetime,
    keep_clock: bool | None = None,
    again: str = "",
) -> Handling:
    """Pass an appeal to another office, or give one without an office to its first. The citizen reads the
    reason.

    To another body (another tree of offices), or where another family of rules counts, a new term begins on
    the day of arrival (APPC art. 65, 76(2)). Inside one body the promise stands: passing on buys no time. An
    appeal that had no office keeps its day of registration and takes the rule of the office found.

    `keep_clock`: whoever owes the answer now goes on owing it; False: it goes with the work, which only somebody of
    the office that owes it may say; None: it goes unless a third office holds it for both. From the third passing on
    the head above both offices decides, or `again` says in writing why one more is needed.

    Raises Empty, TooLong, AlreadyAnswered, NotRouted, SameOffice, AboutThisOffice, PassedRound; PermissionDenied.
    """
    told = words(reason)
    place = house()
    with transaction.atomic():
        row, on = locked(appeal_id, now=now)
        require_at_hand(officer, "answer.redirect", row)
        if not row.is_open:
            raise AlreadyAnswered
        if row.acting_id == office_id:
            raise SameOffice
        about = row.appeal.about_office_id
        barred = place.below.get(about, frozenset({about})) if about is not None else frozenset()
        first = row.state == State.UNROUTED
        clock_id, why = _clock_after(row, office_id, None if first else keep_clock, officer)
        if office_id in barred or clock_id in barred:
            raise AboutThisOffice
        if not first and needs_ground(officer, row, office_id):
            if not again.strip():
                raise PassedRound([str(place.offices[one].name) for one in paths_of([appeal_id]).get(appeal_id, ())
                                   if one in place.offices])  # fmt: skip
            why = [*why, {"code": "passed_again", "words": words(again), "times": row.hand_overs + 1}]
        forward(
            row, acting_id=office_id, clock_id=clock_id, code="routed_by_hand" if first else "redirected", words=told,
            why=why, officer=officer, now=now, on=on,
        )  # fmt: skip
    return row


def _clock_after(
    row: Handling, office_id: int, keep_clock: bool | None, officer: User
) -> tuple[int | None, list[dict[str, Any]]]:
    """Which office is told to hold the clock, and the sentence of it; None: as `forward` decides by itself."""
    if keep_clock is None:
        return None, []
    if not keep_clock and row.clock_id != row.acting_id:
        rights.require(officer, "answer.redirect", [row.clock_id])
    clock_id = row.clock_id if keep_clock else office_id
    office = house().offices.get(clock_id or 0)
    told = {"code": "clock_stays" if keep_clock else "clock_goes", "office": office.code if office else None}
    return clock_id, [told]


def forward(
    row: Handling,
    *,
    acting_id: int,
    clock_id: int | None = None,
    code: str,
    words: str = "",
    why: Sequence[Mapping[str, Any]] = (),
    officer: User | None,
    now: datetime,
    on: date,
) -> None:
    """Move a locked row (with its appeal) to another office and write down why; the caller has checked that it may.

    Without `clock_id`, the office that owes the answer changes with the one that acts, unless a third one holds
    the clock for both. `officer` is who chose the office by hand, None where the rules did.
    """
    place = house()
    was, first = place.offices.get(row.acting_id or 0), row.state == State.UNROUTED
    arrived_on = promises.arrival_day(place, now)
    late = None if first else _redirect_by_last_promise(place, row)
    made = _new_promise(row, clock_id or acting_id, arrived_on, place=place, now=now)
    if clock_id is not None:
        row.clock_id = clock_id
    elif first or made is not None or row.clock_id == row.acting_id:
        row.clock_id = acting_id
    row.hand_overs += not first and row.acting_id != acting_id
    row.acting_id = acting_id
    row.officer = None
    if first:
        row.state = State.PROMISED
    if made is not None:
        row.due_on = made.due_on
        begin_anew(row, now)
    row.save(update_fields=["acting", "clock", "officer", "state", "due_on", "hand_overs"])
    detail = {
        "from": was.code if was else None,
        "to": place.offices[acting_id].code,
        "due_on": row.due_on.isoformat() if row.due_on else None,
        "new_clock": made is not None and made.reason == "redirected",
        "after_the_term": late is not None and on > late,
    }
    Routing.objects.create(
        appeal_id=row.appeal_id,
        acting_id=row.acting_id,
        clock_id=row.clock_id,
        reasons=[{"code": code, "words": words, **detail}, *why],
        officer=officer,
        made_at=now,
    )
    policy = promises.rule_by_id(made.policy) if made else None
    ledger.append_many(
        [
            ledger.Act(
                verb="answer.route" if first else "answer.redirect",
                case=row.appeal.case,
                at=now,
                actor_id=officer.id if officer else None,
                detail=detail,
                public=ledger.Public(LeafKind.FORWARDED, due_on=row.due_on, code=promises.leaf_code(policy)),
            )
        ],
        on=on,
    )


def _new_promise(row: Handling, office_id: int, arrived_on: date, *, place: House, now: datetime) -> Promise | None:
    """The promise the receiver makes, saved; None where the one made before still stands."""
    receiver = place.offices[office_id]
    first = row.state == State.UNROUTED
    if not first:
        clock = place.offices.get(row.clock_id or 0)
        same_family = clock is not None and _family(clock.policy) == _family(receiver.policy)
        if same_family and promises.body_of(place, row.clock_id) == promises.body_of(place, office_id):
            return None
    registered_on = row.appeal.registered_on if first else arrived_on
    owed = promises.Counter(place).owed(
        office=receiver,
        kind=row.appeal.kind,
        registered_on=registered_on,
        received_on=row.appeal.received_at.astimezone(place.zone).date() if first else None,
    )
    if owed is None or (first and owed.due_on == row.due_on):
        return None
    return Promise.objects.create(
        appeal_id=row.appeal_id,
        office_id=office_id,
        policy=owed.policy.id,
        registered_on=registered_on,
        due_on=owed.due_on,
        reason="routed" if first else "redirected",
        made_at=now,
    )


def _family(policy: str) -> str:
    return policy.partition(".")[0]


def redirect_by(place: House, *, policy_id: str, arrived_on: date) -> date | None:
    """The last day on which a rule lets an appeal that arrived that day be passed to another body; None: no
    such rule.
    """
    policy = promises.rule_by_id(policy_id)
    if policy is None or policy.redirect is None:
        return None
    term = Term(policy.redirect.amount, policy.redirect.unit, roll="none")
    return deadline(registered_on=arrived_on, term=term, calendar=place.calendar(arrived_on.year)).due_on


def _redirect_by_last_promise(place: House, row: Handling) -> date | None:
    made = Promise.objects.filter(appeal_id=row.appeal_id).order_by("-id").first()
    return redirect_by(place, policy_id=made.policy, arrived_on=made.registered_on) if made else None


def take(*, appeal_id: int, officer: User, now: datetime) -> Handling:
    """Take an appeal upon oneself. Taking it twice changes nothing.

    Raises NotRouted, AlreadyAnswered, AlreadyTaken; PermissionDenied.
    """
    with transaction.atomic():
        row, on = routed(appeal_id, now=now)
        rights.require(officer, "answer.take", [row.acting_id, row.clock_id])
        if not row.is_open:
            raise AlreadyAnswered
        if row.officer_id == officer.id:
            return row
        if row.officer is not None:
            raise AlreadyTaken(str(row.officer))
        _give(row, officer)
        ledger.append_many([ledger.Act("answer.take", row.appeal.case, now, officer.id)], on=on)
    return row


def assign(*, appeal_id: int, to: User, officer: User, now: datetime) -> Handling:
    """Give an appeal to a colleague who may answer at its office; whoever had it before no longer does.

    Raises NotRouted, AlreadyAnswered, NotThere; PermissionDenied.
    """
    with transaction.atomic():
        row, on = routed(appeal_id, now=now)
        rights.require(officer, "answer.assign", [row.acting_id, row.clock_id])
        if not row.is_open:
            raise AlreadyAnswered
        if not rights.may(to, "answer.send", [row.acting_id, row.clock_id]):
            raise NotThere
        if row.officer_id == to.id:
            return row
        refuse_whoever_answered(row, to)
        _give(row, to)
        ledger.append_many([ledger.Act("answer.assign", row.appeal.case, now, officer.id, {"to": to.id})], on=on)
    return row


def _give(row: Handling, to: User) -> None:
    row.officer = to
    row.save(update_fields=["officer"])

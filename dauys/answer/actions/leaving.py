"""Ten seconds in which a verb can still be taken back: it is pressed now and done when its moment has come.

What is held is rehearsed first, so that whatever would stand in its way is told at once. Until it leaves nothing has
happened: the ledger, the citizen and every figure know nothing of it.
"""

from collections.abc import Callable, Mapping
from datetime import datetime, time, timedelta
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction

from dauys.answer.actions.failures import (
    AlreadyAnswered,
    AlreadyLeft,
    AlreadyTaken,
    Failure,
    OnItsWay,
    SomebodyElsesDraft,
    StaysWithAPerson,
)
from dauys.answer.actions.ground import locked, routed
from dauys.answer.actions.placing import redirect
from dauys.answer.actions.raising import SECOND
from dauys.answer.actions.sending import send_answer
from dauys.answer.models import Deferred, Draft, Handling
from dauys.institution import rights
from dauys.institution.models import User
from dauys.institution.queries import house
from dauys.ledger import actions as ledger

VERBS: Mapping[str, Callable[..., Any]] = {"send_answer": send_answer, "redirect": redirect}
"""What can be held: each takes `appeal_id`, `officer`, `now` and arguments that JSON can keep."""

BEFORE_MIDNIGHT = timedelta(seconds=5)


class _Rehearsed(Exception):
    """The verb would have been done; everything it wrote is undone."""


def hold(*, verb: str, appeal_id: int, officer: User, now: datetime, **arguments: Any) -> Deferred:
    """Press a verb of VERBS, to be done in `settings.UNDO_SECONDS`. Pressed twice it is one.

    Raises whatever the verb itself would raise now, and OnItsWay where another one is held already.
    """
    place = house()
    with transaction.atomic():
        locked(appeal_id, now=now)
        known = Deferred.objects.select_related("officer").filter(appeal_id=appeal_id, failed="").first()
        if known is not None:
            if (known.verb, known.officer_id, known.arguments["told"]) == (verb, officer.id, arguments):
                return known
            raise OnItsWay(str(known.officer))
        try:
            with transaction.atomic():
                VERBS[verb](appeal_id=appeal_id, officer=officer, now=now, **arguments)
                raise _Rehearsed
        except _Rehearsed:
            pass
        # An answer pressed on the last day of its promise must not be late for the sake of second thoughts.
        midnight = datetime.combine(place.today(now) + timedelta(days=1), time(), tzinfo=place.zone)
        leaves_at = min(now + timedelta(seconds=settings.UNDO_SECONDS), max(now, midnight - BEFORE_MIDNIGHT))
        held, _is_new = Deferred.objects.update_or_create(
            appeal_id=appeal_id,
            defaults={
                "verb": verb,
                "arguments": {"told": arguments, "pressed_at": now.isoformat()},
                "officer": officer,
                "leaves_at": leaves_at,
                "failed": "",
            },
        )
    return held


def take_back(*, appeal_id: int, officer: User, now: datetime) -> Deferred:
    """Take back what one has pressed, or put away the word that it could not be done; a draft stands as it was.

    Raises AlreadyLeft; PermissionDenied for anybody else.
    """
    with transaction.atomic():
        ledger.take_pen(house().today(now))
        held = Deferred.objects.select_for_update(of=("self",)).filter(appeal_id=appeal_id).first()
        if held is None:
            raise AlreadyLeft
        if held.officer_id != officer.id:
            raise PermissionDenied("it is another officer's")
        Deferred.objects.filter(appeal_id=appeal_id).delete()
    return held


def leave_pending(*, now: datetime, limit: int = 100) -> int:
    """Do what was pressed and not taken back; returns how many were looked at.

    Each in one transaction with its own going, so that it is done once, wherever the machine stops. What stands in its
    way is written down for the officer (`Deferred.failed`), and nothing has happened then.
    """
    due = Deferred.objects.filter(leaves_at__lte=now, failed="").order_by("leaves_at", "appeal_id")
    waiting = list(due.values_list("appeal_id", flat=True)[:limit])
    broken: Exception | None = None
    for appeal_id in waiting:
        try:
            _leave(appeal_id, now)
        except Exception as error:  # one that cannot leave must not hold up the others
            broken = error
    if broken is not None:
        raise broken
    return len(waiting)


def _leave(appeal_id: int, now: datetime) -> None:
    with transaction.atomic():
        ledger.take_pen(house().today(now))
        held = (
            Deferred.objects.select_for_update(of=("self",))
            .select_related("officer")
            .filter(appeal_id=appeal_id, failed="", leaves_at__lte=now)
            .first()
        )
        if held is None:
            return  # taken back, or done by another worker
        try:
            with transaction.atomic():
                _refuse_a_newer_draft(held)
                VERBS[held.verb](appeal_id=appeal_id, officer=held.officer, now=now, **held.arguments["told"])
        except (Failure, PermissionDenied, KeyError) as failure:
            held.failed = type(failure).__name__[:60]
            held.save(update_fields=["failed"])
        else:
            held.delete()


def _refuse_a_newer_draft(held: Deferred) -> None:
    """A colleague who wrote on after the button was pressed would lose their words without a trace."""
    if held.verb != "send_answer":
        return
    pressed_at = datetime.fromisoformat(held.arguments["pressed_at"])
    newer = Draft.objects.select_related("officer").filter(appeal_id=held.appeal_id, saved_at__gt=pressed_at)
    draft = newer.exclude(officer_id=held.officer_id).first()
    if draft is not None:
        raise SomebodyElsesDraft(str(draft.officer))


def give_back(*, appeal_id: int, officer: User, now: datetime) -> Handling:
    """Give an appeal one has taken back to the office; whoever may assign may do it for another.

    Raises NotRouted, AlreadyAnswered, AlreadyTaken (a colleague has it), StaysWithAPerson; PermissionDenied.
    """
    with transaction.atomic():
        row, on = routed(appeal_id, now=now)
        offices = [row.acting_id, row.clock_id]
        rights.require(officer, "answer.take", offices)
        if not row.is_open:
            raise AlreadyAnswered
        if row.officer is None:
            return row
        if row.officer_id != officer.id and not rights.may(officer, "answer.assign", offices):
            raise AlreadyTaken(str(row.officer))
        if row.disputes >= SECOND:
            raise StaysWithAPerson
        row.officer = None
        row.save(update_fields=["officer"])
        ledger.append_many([ledger.Act("answer.give_back", row.appeal.case, now, officer.id)], on=on)
    return row

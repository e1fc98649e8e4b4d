"""Everything one officer holds goes to a colleague: before somebody leaves, nothing may be left on their name."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.db.models import Q, QuerySet

from dauys.answer.actions.failures import NotThere
from dauys.answer.models import Handling
from dauys.institution import rights
from dauys.institution.models import User
from dauys.institution.queries import house
from dauys.ledger import actions as ledger


def hand_over_all(*, from_id: int, to: User, officer: User, now: datetime) -> int:
    """Give every open appeal one officer holds, at the offices where `officer` may decide that, to a colleague.

    One transaction, one entry for each appeal. Again it changes nothing. Raises NotThere where the colleague may not
    answer at the office of one of them; PermissionDenied.
    """
    mine = rights.offices_for(officer, "answer.hand_over")
    rights.require(officer, "answer.hand_over")
    with transaction.atomic():
        on = ledger.take_pen(house().today(now))
        rows = list(
            held(from_id)
            .filter(Q(acting__in=mine) | Q(clock__in=mine))
            .select_for_update(of=("self",))
            .select_related("appeal")
            .order_by("appeal_id")
        )
        if from_id == to.id:
            return 0
        answers_at = rights.offices_for(to, "answer.send")
        if any(row.acting_id not in answers_at and row.clock_id not in answers_at for row in rows):
            raise NotThere
        Handling.objects.filter(appeal_id__in=[row.appeal_id for row in rows]).update(officer=to)
        if rows:
            ledger.append_many(
                [
                    ledger.Act("answer.hand_over", row.appeal.case, now, officer.id, {"from": from_id, "to": to.id})
                    for row in rows
                ],
                on=on,
            )
    return len(rows)


def held(person_id: int) -> QuerySet[Handling]:
    """Open appeals on this person's name."""
    return Handling.objects.filter(is_open=True, officer_id=person_id)


def held_outside(person_id: int, kept: Collection[int]) -> int:
    """How many open appeals a person holds that none of these offices (where they stay) has."""
    return held(person_id).exclude(Q(acting__in=kept) | Q(clock__in=kept)).count()

"""Whom a twice disputed appeal goes to: somebody higher, and never whoever has answered it before."""

from collections.abc import Collection
from dataclasses import dataclass

from dauys.answer.actions.failures import AnsweredBefore
from dauys.answer.models import Answer, Handling
from dauys.institution.models import Role, User
from dauys.institution.queries import Bureau, House, officers_of

SECOND = 2
"""From this dispute on the appeal goes up."""


@dataclass(frozen=True, slots=True)
class Higher:
    """The office, and its head; `officer_id` None where no head up to the top is free of having answered."""

    office: Bureau
    officer_id: int | None


def who_answered(appeal_id: int) -> set[int]:
    """Ids of the officers who have answered this appeal; none of them answers it a third time."""
    rows = Answer.objects.filter(appeal_id=appeal_id, officer__isnull=False)
    return {officer for officer in rows.values_list("officer_id", flat=True) if officer is not None}


def higher(place: House, acting_id: int | None, answered: Collection[int]) -> Higher | None:
    """The head of the acting office, or of the nearest office above it whose head has not answered.

    Where there is none, the office above with nobody chosen, so that at least it is another desk; None only for an
    office this house no longer knows.
    """
    chain = list(place.office_chain(acting_id))
    if not chain:
        return None
    heads = [row for row in officers_of(frozenset(one.id for one in chain)) if row[3] == Role.HEAD]
    for one in chain:
        free = sorted(user for user, _name, at, _role in heads if at == one.id and user not in answered)
        if free:
            return Higher(one, free[0])
    return Higher(chain[min(1, len(chain) - 1)], None)


def refuse_whoever_answered(row: Handling, officer: User) -> None:
    """Raise AnsweredBefore where a twice disputed appeal is with somebody higher and this officer has answered it."""
    if row.disputes < SECOND or row.officer_id in (None, officer.id):
        return
    if officer.id in who_answered(row.appeal_id):
        raise AnsweredBefore

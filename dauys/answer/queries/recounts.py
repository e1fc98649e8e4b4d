"""What a change of the calendar or of the rules has moved, for those who answer for it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.contrib.auth.models import AnonymousUser
from django.db.models import OuterRef, Subquery

from dauys.answer.models import Promise, Recount
from dauys.institution import rights
from dauys.institution.models import User
from dauys.institution.queries import Names, house

VERB = "answer.recounts"
SHOWN, PAGE = 20, 50


@dataclass(frozen=True, slots=True)
class MovedLine:
    """A promise that moved: the appeal's number, both days, and the office that owes the answer."""

    number: str
    before: date | None
    due_on: date
    office: Names | None
    mark: int


@dataclass(frozen=True, slots=True)
class MovedPage:
    recount: Recount
    rows: Sequence[MovedLine]
    later: int
    """The mark after which the next page begins; 0 where there is none."""


def recounts() -> list[Recount]:
    """The last times all open promises were counted anew, newest first; one statement."""
    return list(Recount.objects.order_by("-id")[:SHOWN])


def moved(user: User | AnonymousUser, recount_id: int, *, after: int = 0) -> MovedPage | None:
    """What one recount moved at the offices this person answers for, fifty at a time; None where there is no such."""
    recount = Recount.objects.filter(id=recount_id).first()
    if recount is None:
        return None
    before = Promise.objects.filter(appeal_id=OuterRef("appeal_id"), id__lt=OuterRef("id")).order_by("-id")
    rows = list(
        Promise.objects.filter(reason="recounted", made_at=recount.began_at, id__gt=after)
        .filter(office__in=rights.offices_for(user, VERB))
        .annotate(before=Subquery(before.values("due_on")[:1]))
        .order_by("id")
        .values_list("appeal__number", "before", "due_on", "office_id", "id")[: PAGE + 1]
    )
    offices = house().offices
    lines = [
        MovedLine(number, was, due_on, offices[office].name if office in offices else None, mark)
        for number, was, due_on, office, mark in rows[:PAGE]
    ]
    return MovedPage(recount, lines, lines[-1].mark if len(rows) > PAGE else 0)

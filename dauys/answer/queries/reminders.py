"""Reminders as officers see them: what they themselves were reminded of lately, while it is still owed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Q

from dauys.answer.models import Handling, Reminder
from dauys.institution import rights
from dauys.institution.models import Role, User
from dauys.institution.queries import Names, house

DAYS_SHOWN = 14
SHOWN_MOST = 100


@dataclass(frozen=True, slots=True)
class ReminderLine:
    """One appeal about which this reader was reminded: the latest of its reminders."""

    number: str
    due_on: date
    rung: Any
    office: Names | None
    made_on: date


def reminders_for(user: User, *, today: date) -> Sequence[ReminderLine]:
    """Open appeals this person was reminded of in the last two weeks, the most urgent first; two statements.

    An officer sees their own; a head those of the offices they head, by the reminders that went to heads.
    """
    place, since = house(), today - timedelta(days=DAYS_SHOWN)
    headed = [office for office, role in rights.appointments(user) if role == Role.HEAD]
    mine = Handling.objects.filter(officer=user, is_open=True).order_by("due_on").values("appeal_id")[: 2 * SHOWN_MOST]
    rows = (
        Reminder.objects.filter(
            Q(rung=Reminder.Rung.OFFICER, appeal_id__in=mine)
            | Q(rung__in=[Reminder.Rung.HEAD, Reminder.Rung.ABOVE], office_id__in=headed),
            made_on__gte=since,
        )
        .order_by("-id")
        .values_list("appeal_id", "rung", "office_id", "made_on")[: 4 * SHOWN_MOST]
    )
    latest: dict[int, tuple[int, int | None, date]] = {}
    for appeal_id, rung, office_id, made_on in rows:
        latest.setdefault(appeal_id, (rung, office_id, made_on))
    still = Handling.objects.filter(appeal_id__in=latest, is_open=True, due_on__isnull=False)
    lines = []
    rows_still = still.select_related("appeal").only("due_on", "appeal__number").order_by("due_on", "appeal_id")
    for row in rows_still[:SHOWN_MOST]:
        rung, told, made_on = latest[row.appeal_id]
        office = place.offices.get(told or 0)
        label, name = Reminder.Rung(rung).label, office.name if office else None
        lines.append(ReminderLine(row.appeal.number, row.due_on or today, label, name, made_on))
    return lines

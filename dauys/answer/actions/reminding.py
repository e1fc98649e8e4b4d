"""Reminders by working days: the officer before the day, the head of the office on it, the office above after it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction

from dauys.answer.models import Handling, Looked, Promise, Reminder
from dauys.engines.deadline import WorkingCalendar, working_days_between
from dauys.hear import heard as hear
from dauys.institution.queries import Bureau, House, house
from dauys.ledger import actions as ledger

BEFORE = (3, 1)
"""Working days before the day at which the officer is reminded, where an office has not set `remind_before`."""

AFTER_EACH = 2
AFTER_TIMES = 5
"""After the day: every second working day, five times. Then the list of late ones says it, not one more letter."""

BEFORE_MOST = 20
BATCH = 500
"""Reminders under one holding of the pen: others write in between."""

_NAME = "reminded"


@dataclass(frozen=True, slots=True)
class Rung:
    """A step of the ladder that stands today, and the days (both included) in which it is taken once."""

    rung: int
    first: int
    last: int


def before_of(office: Bureau | None) -> tuple[int, ...]:
    """The office's own `remind_before`, farthest first; what is no list of whole days counts as not set."""
    told = office.rules.get("remind_before") if office else None
    if not isinstance(told, list) or not all(type(one) is int and 1 <= one <= BEFORE_MOST for one in told):
        return BEFORE
    return tuple(sorted(set(told), reverse=True))


def rung_at(days_left: int, before: Sequence[int]) -> Rung | None:
    """The step due `days_left` working days before the day (negative: after it); None between the steps.

    A step missed, because nobody worked or the machine stood still, is taken on the next day before the next step.
    """
    if days_left > 0:
        steps = [one for one in before if one >= days_left]
        return Rung(Reminder.Rung.OFFICER, days_left, min(steps)) if steps else None
    if days_left > -AFTER_EACH:
        return Rung(Reminder.Rung.HEAD, 1 - AFTER_EACH, 0)
    step = -days_left // AFTER_EACH * AFTER_EACH
    if step > AFTER_EACH * AFTER_TIMES:
        return None
    return Rung(Reminder.Rung.ABOVE, -step - AFTER_EACH + 1, -step)


def days_left(due_on: date, today: date, calendar: WorkingCalendar) -> int:
    """Working days after today up to the day; 0 where none is left; negative: working days since, today among them."""
    if due_on >= today:
        return working_days_between(today, due_on, calendar)
    return -working_days_between(due_on, today, calendar)


@dataclass(frozen=True, slots=True)
class Due:
    """One open promise near its day."""

    appeal_id: int
    due_on: date
    officer_id: int | None
    acting_id: int | None
    clock_id: int | None


def remind_pending(*, now: datetime, limit: int = 2000) -> int:
    """Remind whoever must be reminded today; returns how many open promises were looked at.

    Once a working day, from the opening hour, it walks along the index of due days over those near today; then it
    rests until tomorrow. Killed anywhere it goes on where it was: a reminder is there once, by its promise, rung and
    day. A promise made today is looked at from tomorrow on.
    """
    place = house()
    local = now.astimezone(place.zone)
    today, calendar = local.date(), place.calendar(local.year)
    if not calendar.is_working(today) or local.time() < place.institution.opens:
        return 0
    kept = Looked.objects.filter(name=_NAME).values_list("kept", flat=True).first() or {}
    if kept.get("day") != today.isoformat():
        kept = {"day": today.isoformat(), "due": "", "appeal": 0}
    elif kept["due"] is None:
        return 0
    near = _near_days(place, today, calendar)
    looked = 0
    while near and looked < limit:
        rows = _next(near, kept, min(BATCH, limit - looked))
        kept = {**kept, "due": rows[-1].due_on.isoformat(), "appeal": rows[-1].appeal_id} if rows else {
            **kept, "due": None,
        }  # fmt: skip
        with transaction.atomic():
            _remind(rows, near, place=place, now=now)
            Looked.objects.update_or_create(name=_NAME, defaults={"kept": kept})
        looked += len(rows)
        if not rows:
            break
    return looked


def _near_days(place: House, today: date, calendar: WorkingCalendar) -> dict[date, int]:
    """The due days at which some office has a step to take today, with the working days left until each."""
    ladders = {before_of(office) for office in place.offices.values()} | {BEFORE}
    # Holidays stretch the span: of any three days in a row at least one is taken to be worked.
    farthest = max((steps[0] for steps in ladders if steps), default=0)
    first, last = today - timedelta(days=3 * AFTER_EACH * AFTER_TIMES + 10), today + timedelta(days=3 * farthest + 10)
    near = {}
    for number in range((last - first).days + 1):
        day = first + timedelta(days=number)
        left = days_left(day, today, calendar)
        if any(rung_at(left, steps) for steps in ladders):
            near[day] = left
    return near


def _next(near: dict[date, int], kept: dict[str, Any], limit: int) -> list[Due]:
    """Along the index of due days; the days between two steps are few and are walked past, too."""
    rows = Handling.objects.filter(is_open=True, due_on__lte=max(near), paused_on=None)
    if kept["due"]:
        rows = rows.filter(due_on__gte=kept["due"]).exclude(due_on=kept["due"], appeal_id__lte=kept["appeal"])
    else:
        rows = rows.filter(due_on__gte=min(near))
    found = rows.order_by("due_on", "appeal_id").only("due_on", "officer_id", "acting_id", "clock_id")
    return [
        Due(row.appeal_id, row.due_on, row.officer_id, row.acting_id, row.clock_id)
        for row in found[:limit]
        if row.due_on is not None
    ]


def _remind(rows: Sequence[Due], near: dict[date, int], *, place: House, now: datetime) -> None:
    due = []
    for row in rows:
        rung = (
            rung_at(near[row.due_on], before_of(place.offices.get(row.clock_id or 0))) if row.due_on in near else None
        )
        if rung is not None:
            due.append((row, rung))
    if not due:
        return
    # The last promise of each appeal: a new day begins a new ladder.
    promises = {
        appeal: (promise, office)
        for appeal, promise, office in Promise.objects.filter(appeal_id__in=[row.appeal_id for row, _rung in due])
        .order_by("id")
        .values_list("appeal_id", "id", "office_id")
    }
    on = ledger.take_pen(place.today(now))
    taken: dict[int, list[tuple[int, int]]] = {}
    for promise, rung_number, left in Reminder.objects.filter(
        promise_id__in=[promise for promise, _office in promises.values()]
    ).values_list("promise_id", "rung", "days_left"):
        taken.setdefault(promise, []).append((rung_number, left))
    made, acts = [], []
    cases = hear.cases_of(promises)
    for row, rung in due:
        promise, promised_by = promises.get(row.appeal_id, (0, 0))
        left = near[row.due_on]
        if not promise or _is_taken(taken.get(promise, ()), rung):
            continue
        step, office = _office(place, row, rung, promised_by)
        made.append(
            Reminder(
                promise_id=promise, appeal_id=row.appeal_id, rung=step, days_left=left,
                office_id=office.id if office else None, made_on=on, made_at=now,
            )
        )  # fmt: skip
        detail = {"rung": int(step), "to": office.code if office else None, "days_left": left}
        acts.append(ledger.Act("answer.remind", cases[row.appeal_id], now, detail=detail))
    if made:
        Reminder.objects.bulk_create(made, ignore_conflicts=True)
        ledger.append_many(acts, on=on)


def _is_taken(taken: Sequence[tuple[int, int]], rung: Rung) -> bool:
    """Where there is no office above, its own head was reminded instead: the days tell, not the rung."""
    if rung.rung == Reminder.Rung.OFFICER:
        return any(one == rung.rung and rung.first <= days <= rung.last for one, days in taken)
    return any(one != Reminder.Rung.OFFICER and rung.first <= days <= rung.last for one, days in taken)


def _office(place: House, row: Due, rung: Rung, promised_by: int) -> tuple[int, Bureau | None]:
    """Whose office is told. An appeal without an office is told to the body whose rule it waits under."""
    clock = place.offices.get(row.clock_id or promised_by)
    if rung.rung == Reminder.Rung.OFFICER:
        return rung.rung, place.offices.get(row.acting_id or 0) or clock
    if rung.rung == Reminder.Rung.ABOVE:
        above = place.above(clock.id) if clock else None
        return (rung.rung, above) if above else (Reminder.Rung.HEAD, clock)
    return rung.rung, clock

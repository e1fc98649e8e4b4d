from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from dauys.institution.actions.failures import NoSuch
from dauys.institution.actions.ground import allow, changing, write
from dauys.institution.models import CalendarDay, User
from dauys.institution.plan import DayPlan
from dauys.institution.queries import House, house


@dataclass(frozen=True, slots=True)
class DayChange:
    """What a change of the calendar did to one day."""

    day: date
    worked: bool
    works: bool
    is_new: bool


def set_day(*, day: DayPlan, officer: User | None, now: datetime) -> DayChange:
    """Say that a day is worked or is a day off, by which order. Open promises are counted anew afterwards, by the room
    that keeps them.

    Setting the same again changes nothing.
    """
    return set_days(days=[day], officer=officer, now=now)[0]


def set_days(*, days: Sequence[DayPlan], officer: User | None, now: datetime) -> list[DayChange]:
    """The same for many days: all of them or, when the machine stops in between, none."""
    allow(officer)
    with changing(now=now) as on:
        return [_set(day, officer=officer, on=on, now=now) for day in days]


def _set(day: DayPlan, *, officer: User | None, on: date, now: datetime) -> DayChange:
    wanted = {
        "works": day.works, "name_kk": day.name.kk, "name_ru": day.name.ru, "name_en": day.name.en,
        "source": day.source, "checked": day.checked,
    }  # fmt: skip
    worked = works(house(), day.day)
    row = CalendarDay.objects.filter(day=day.day).first()
    if row is None or any(getattr(row, column) != value for column, value in wanted.items()):
        CalendarDay.objects.update_or_create(day=day.day, defaults=wanted)
        write(
            "institution.set_day", officer=officer, on=on, now=now,
            detail={"day": day.day.isoformat()}, rule=("calendar", {"day": day.day, **wanted}),
        )  # fmt: skip
    return DayChange(day.day, worked, day.works, row is None)


def remove_day(*, day: date, officer: User | None, now: datetime) -> DayChange:
    """Let a day be again what the country's usual calendar says. Raises NoSuch."""
    allow(officer)
    with changing(now=now) as on:
        worked = works(house(), day)
        gone, _by_table = CalendarDay.objects.filter(day=day).delete()
        if not gone:
            raise NoSuch("day", day)
        write(
            "institution.remove_day", officer=officer, on=on, now=now,
            detail={"day": day.isoformat()}, rule=("calendar", {"day": day, "works": None}),
        )  # fmt: skip
    return DayChange(day, worked, works(house(), day), False)


def works(place: House, day: date) -> bool:
    """Whether the day is worked, as the house stands."""
    return place.calendar(day.year).is_working(day)

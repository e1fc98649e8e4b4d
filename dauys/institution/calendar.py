"""The country's working days: holidays of the `holidays` package, corrected by what people have typed in.

Free of Django, so a jurist's table of days can be checked alone. The country is the institution's setting.
"""

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

import holidays

from dauys.engines.deadline import WorkingCalendar

MOVED_DAY_OFF = "Moved day off"
WORKED_DAY_OFF = "Worked day off"

_LABEL = re.compile(r"\s*\((observed|estimated|observed, estimated)\)")


class UnknownCountry(Exception):
    """The holidays package has no such country. Set the two letters of ISO 3166-1."""


@dataclass(frozen=True)
class Override:
    """One day on which the calendar departs from the package, or an estimate that a person has confirmed.

    `name` is the code of a holiday (see `holiday_name`); left empty, the day is a moved day off or a worked
    one. Until somebody has `checked` it against the order named in `source`, a date that rests on it is
    provisional.
    """

    day: date
    works: bool
    name: str = ""
    source: str = ""
    checked: bool = False


def calendar_for(country: str, years: range, overrides: Sequence[Override] = ()) -> WorkingCalendar:
    """The working calendar of a country (ISO 3166-1 alpha-2) for whole years; a later override of a day wins.

    A day off that the law moves from a weekend holiday keeps the holiday's name. Two holidays on one day have
    both codes, joined by "; ". Days the package marks as estimated are `unconfirmed`.

    Raises:
        UnknownCountry: the package does not know this country.
    """
    if not years or years.step != 1:
        raise ValueError(f"years is {years}; give at least one year, without gaps.")
    try:
        # English on purpose: its names are the codes under which our own data keeps the three languages.
        known = holidays.country_holidays(country, years=years, language="en_US")
    except NotImplementedError as error:
        raise UnknownCountry(country) from error
    first, last = date(years[0], 1, 1), date(years[-1], 12, 31)
    days_off: dict[date, str] = {}
    moved: dict[date, str] = {}
    unconfirmed: set[date] = set()
    for day, label in known.items():
        if label.startswith("Day off (substituted from"):
            moved[day] = MOVED_DAY_OFF
        else:
            parts = label.split("; ")
            names = "; ".join(sorted({_LABEL.sub("", part) for part in parts}))
            (moved if all("(observed" in part for part in parts) else days_off)[day] = names
        if "estimated)" in label:
            unconfirmed.add(day)
    worked = {day: WORKED_DAY_OFF for day in known.weekend_workdays if first <= day <= last}

    for override in overrides:
        day = override.day
        if not first <= day <= last:
            continue
        for mapping in (days_off, moved, worked):
            mapping.pop(day, None)
        if override.works:
            worked[day] = override.name or WORKED_DAY_OFF
        elif override.name and override.name != MOVED_DAY_OFF:
            days_off[day] = override.name
        else:
            moved[day] = MOVED_DAY_OFF
        (unconfirmed.discard if override.checked else unconfirmed.add)(day)
    return WorkingCalendar(first, last, frozenset(known.weekend), days_off, moved, worked, frozenset(unconfirmed))


def shipped_overrides(country: str) -> tuple[Override, ...]:
    """The moved days shipped in `data/calendar_<country>.toml`: where an institution's own table begins."""
    return tuple(Override(**row) for row in _data(f"calendar_{country.lower()}.toml").get("day", ()))


def unchecked_years(country: str, years: range) -> tuple[int, ...]:
    """The years whose moved days nobody has yet compared with the government's order."""
    rows = _data(f"calendar_{country.lower()}.toml").get("year", ())
    checked = {row["year"] for row in rows if row["checked"]}
    return tuple(year for year in years if year not in checked)


def holiday_name(country: str, code: str, language: str) -> str:
    """The name of a day, by its code, in `kk`, `ru` or `en`; an unknown code stands as it is."""
    names = _data(f"holidays_{country.lower()}.toml").get("names", {})
    return "; ".join(names.get(part, {}).get(language, part) for part in code.split("; "))


@cache
def _data(name: str) -> dict[str, Any]:
    """A data file of this room, or nothing at all for a country that ships none."""
    file = files("dauys.institution").joinpath("data", name)
    return tomllib.loads(file.read_text(encoding="utf-8")) if file.is_file() else {}

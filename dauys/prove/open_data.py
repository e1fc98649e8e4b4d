"""Open data: what the public files say, column by column, written a row at a time."""

import csv
import json
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from dauys.institution.queries import Place, Subject, house
from dauys.prove.figures import COUNTS
from dauys.prove.models import Day
from dauys.prove.queries import SUMS
from dauys.prove.records import Record, records

LICENCE = "CC BY 4.0"
LICENCE_ADDRESS = "https://creativecommons.org/licenses/by/4.0/"

Cell = str | int | bool | None


def _day(day: date | None) -> Cell:
    return day.isoformat() if day else None


def _code(named: Subject | Place | None) -> Cell:
    return named.code if named else None


APPEALS: dict[str, tuple[Promise, Callable[[Record], Cell]]] = {
    "number": (_("Registration number"), lambda one: one.number),
    "kind": (
        _("application, complaint, inquiry, message, proposal or response"),
        lambda one: one.kind,
    ),
    "channel": (_("How the appeal came in"), lambda one: one.channel),
    "received_on": (
        _("Day of receipt, in the institution's time zone"),
        lambda one: _day(one.received_on),
    ),
    "registered_on": (
        _("Working day on which the legal term begins"),
        lambda one: _day(one.registered_on),
    ),
    "topic": (_("Code of the topic; empty while it is not known"), lambda one: _code(one.topic)),
    "district": (
        _("Code of the district or city; empty if unknown or if fewer than 5 appeals share it and the topic"),
        lambda one: _code(one.district),
    ),
    "due_on": (
        _("Day by which the first answer was promised; empty while there is no promise"),
        lambda one: _day(one.first_due_on),
    ),
    "answered_on": (
        _("Day of the first answer"),
        lambda one: _day(one.answered_on),
    ),
    "in_time": (_("Whether the first answer came by that day"), lambda one: one.in_time),
    "verdict": (
        _("The citizen's last word: solved, partly or not_solved; empty if none was given"),
        lambda one: one.verdict or None,
    ),
    "open": (_("Whether the appeal is being worked on now: new, or reopened"), lambda one: one.is_open),
    "open_due_on": (
        _("If it is open: the day promised now. In the past means late"),
        lambda one: _day(one.due_on) if one.is_open and one.due_on else None,
    ),
}
"""Column → what it means, and how it is read from a record."""

DAYS: dict[str, Promise] = {
    "day": _("Day of receipt, in the institution's time zone"),
    "heard": _("Appeals received on that day"),
    "answered": _("Of those, answered by now"),
    "owed": _("Of those, answered, or past the promised day without an answer"),
    "in_time": _("Of those, first answered by the promised day"),
    "open": _("Of those, being worked on now"),
    "late_open": _("Of those, open and past the promised day"),
    "judged": _("Of those, the citizen said solved, partly or not solved"),
    "confirmed": _("Of those, the citizen's last word is: solved"),
    "partly": _("Of those judged, the citizen's last word is: partly, and not counted as solved"),
}
"""Days of the whole institution only: by district they would undo what the other file holds back."""


class _Line:
    """A file that gives each written line back, for a response to stream."""

    def write(self, line: str) -> str:
        return line


def harmless(cell: Cell) -> Cell:
    """A cell that no spreadsheet takes for a formula: codes are the institution's own words."""
    return f"'{cell}" if isinstance(cell, str) and cell[:1] in ("=", "+", "-", "@", "\t", "\r", "\n") else cell


def _csv(columns: list[str], rows: Iterator[list[Cell]]) -> Iterator[str]:
    writer = csv.writer(_Line())
    yield "\ufeff" + writer.writerow(columns)  # without the mark Excel reads UTF-8 as something else
    for row in rows:
        yield writer.writerow([_plain(harmless(cell)) for cell in row])


def _plain(cell: Cell) -> str | int:
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    return "" if cell is None else cell


def appeals_csv() -> Iterator[str]:
    return _csv(list(APPEALS), ([read(one) for _words, read in APPEALS.values()] for one in records()))


def appeals_json() -> Iterator[str]:
    """One JSON object, one appeal a line, so that it can also be read a line at a time."""
    about: dict[str, Any] = {
        "institution": {"kk": house().name.kk, "ru": house().name.ru, "en": house().name.en},
        "invented": house().institution.is_invented,
        "licence": LICENCE,
        "licence_address": LICENCE_ADDRESS,
        "columns": list(APPEALS),
    }
    yield json.dumps(about, ensure_ascii=False)[:-1] + ', "appeals": [\n'
    before = ""
    for one in records():
        row = {name: read(one) for name, (_words, read) in APPEALS.items()}
        yield before + json.dumps(row, ensure_ascii=False)
        before = ",\n"
    yield "\n]}\n"


def days_csv() -> Iterator[str]:
    days = Day.objects.order_by("day").values_list("day").annotate(**SUMS)
    return _csv(list(DAYS), ([row[0].isoformat(), *row[1:]] for row in days.iterator()))


assert tuple(DAYS) == ("day", *COUNTS), "every count has its words"

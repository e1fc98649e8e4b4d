"""A table of days in one file: TOML as the shipped calendars are, or CSV as spreadsheets save it."""

import csv
import io
import re
import tomllib
from dataclasses import dataclass
from datetime import date
from typing import Any

from dauys.institution.plan import DayPlan, day_name
from dauys.institution.reader import FIRST_YEAR, LAST_YEAR

COLUMNS = ("day", "works", "name", "source", "checked")
MOST_BYTES = 100_000
MOST_DAYS = 400
_YES = frozenset({"true", "yes", "1", "да", "иә", "works"})
_NO = frozenset({"false", "no", "0", "нет", "жоқ", "off", ""})


@dataclass(frozen=True, slots=True)
class Mistake:
    """One thing to mend: the line (from 1; 0 for the whole file), the column, a code of what is wrong, its value.

    Codes: unreadable, columns, missing, no_day, far_day, no_flag, twice, unknown, too_many, too_long, empty.
    """

    line: int
    column: str
    code: str
    value: str = ""


def read(text: str, *, country: str) -> tuple[tuple[DayPlan, ...], tuple[Mistake, ...]]:
    """The days of a file, or every mistake in it; with a mistake there are no days.

    A TOML file has one `[[day]]` a day; a CSV file a first line of column names, with commas, semicolons or tabs.
    `name` and `checked` may be left out: a moved day, not compared with the order yet.
    """
    if len(text.encode("utf-8", "replace")) > MOST_BYTES:
        return (), (Mistake(0, "", "too_long", str(MOST_BYTES)),)
    rows, mistakes = _toml_rows(text) if re.search(r"^\s*\[\[", text, re.MULTILINE) else _csv_rows(text)
    days: list[DayPlan] = []
    seen: set[date] = set()
    for line, row in rows:
        plan = _day(line, row, country, mistakes)
        if plan is None:
            continue
        if plan.day in seen:
            mistakes.append(Mistake(line, "day", "twice", plan.day.isoformat()))
        seen.add(plan.day)
        days.append(plan)
    if not rows and not mistakes:
        mistakes.append(Mistake(0, "", "empty"))
    if len(days) > MOST_DAYS:
        mistakes.append(Mistake(0, "", "too_many", str(MOST_DAYS)))
    return ((), tuple(mistakes)) if mistakes else (tuple(sorted(days, key=lambda one: one.day)), ())


def _toml_rows(text: str) -> tuple[list[tuple[int, dict[str, Any]]], list[Mistake]]:
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        told = re.search(r"at line (\d+)", str(error))
        return [], [Mistake(int(told[1]) if told else text.count("\n") + 1, "", "unreadable")]
    # A calendar file may also say which years were compared with the order; here only its days count.
    mistakes = [Mistake(0, key, "unknown", key) for key in table if key not in ("day", "year")]
    rows = table.get("day", [])
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        return [], [Mistake(0, "day", "unreadable")]
    lines = [number for number, line in enumerate(text.splitlines(), 1) if re.match(r"\s*\[\[\s*day\s*\]\]", line)]
    return list(zip(lines, rows, strict=False)), mistakes


def _csv_rows(text: str) -> tuple[list[tuple[int, dict[str, Any]]], list[Mistake]]:
    text = text.removeprefix("\N{ZERO WIDTH NO-BREAK SPACE}")
    first = text.partition("\n")[0]
    separator = max(",;\t", key=first.count)
    reader = csv.reader(io.StringIO(text), delimiter=separator)
    try:
        head = [name.strip().lower() for name in next(reader, [])]
        unknown = [name for name in head if name not in COLUMNS]
        if not head or unknown or "day" not in head or len(set(head)) != len(head):
            return [], [Mistake(1, unknown[0] if unknown else "day", "columns", ", ".join(COLUMNS))]
        rows = []
        for cells in reader:
            if not any(cell.strip() for cell in cells):
                continue
            if len(cells) > len(head):
                return [], [Mistake(reader.line_num, "", "columns", ", ".join(head))]
            rows.append((reader.line_num, {name: cell.strip() for name, cell in zip(head, cells, strict=False)}))
    except csv.Error:
        return [], [Mistake(reader.line_num, "", "unreadable")]
    return rows, []


def _day(line: int, row: dict[str, Any], country: str, mistakes: list[Mistake]) -> DayPlan | None:
    before = len(mistakes)
    mistakes += [Mistake(line, key, "unknown", key) for key in row if key not in COLUMNS]
    day = _as_day(row.get("day"))
    if day is None:
        mistakes.append(Mistake(line, "day", "no_day", str(row.get("day", ""))))
    elif not FIRST_YEAR <= day.year <= LAST_YEAR:
        mistakes.append(Mistake(line, "day", "far_day", day.isoformat()))
    works = _as_flag(row.get("works"))
    checked = _as_flag(row.get("checked", False))
    for column, flag in (("works", works), ("checked", checked)):
        if flag is None:
            mistakes.append(Mistake(line, column, "no_flag", str(row.get(column, ""))))
    source, name = str(row.get("source", "")).strip(), str(row.get("name", "")).strip()
    if not source:
        mistakes.append(Mistake(line, "source", "missing"))
    for column, value, most in (("source", source, 300), ("name", name, 120)):
        if len(value) > most or any(ord(letter) < 32 for letter in value):
            mistakes.append(Mistake(line, column, "too_long", str(most)))
    if len(mistakes) > before or day is None or works is None or checked is None:
        return None
    return DayPlan(day, works, day_name(country, name), source, checked)


def _as_day(told: Any) -> date | None:
    if type(told) is date:
        return told
    if not isinstance(told, str):
        return None
    text = told.strip()
    if re.fullmatch(r"\d{1,2}\.\d{1,2}\.\d{4}", text):
        text = "-".join(f"{int(part):02}" for part in reversed(text.split(".")))
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _as_flag(told: Any) -> bool | None:
    if isinstance(told, bool):
        return told
    text = str(told if told is not None else "").strip().lower()
    return True if text in _YES else False if text in _NO else None

"""The official list of areas (KATO) as it really is: many headers, many faults.

Parent and level follow from the code alone (RR DD OO NNN); the file's own columns for them are often wrong.
"""

import csv
import gzip
import io
import re
import tomllib
import zipfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import nullcontext
from dataclasses import astuple, dataclass, replace
from datetime import datetime
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from django.db import transaction

from dauys.institution.actions import Taken, add_areas
from dauys.institution.models import Area, User
from dauys.institution.names import LANGUAGES
from dauys.institution.plan import AreaPlan
from dauys.institution.queries import Names, forget
from dauys.institution.reader import NAME_MOST

BATCH = 2000
LARGEST = 200 * 1024 * 1024
"""Bytes of an unpacked list; the whole country's has about three million."""

_CODE = re.compile(r"\d{9}", re.ASCII)
_CYRILLIC, _LATIN = re.compile(r"[\u0400-\u04ff]"), re.compile(r"[A-Za-zə]")
_SPACES = re.compile(r"[\s\u200b\ufeff]+")


class NotAList(Exception):
    """The file as a whole cannot be read as a list of areas; the words say what to do."""


@dataclass(frozen=True, slots=True)
class Row:
    """One unit of the file, mended. `line` as a person counts them, the header being 1."""

    line: int
    code: str
    parent: str
    level: str
    name: Names

    def plan(self) -> AreaPlan:
        return AreaPlan(self.code, self.parent, self.level, self.name)


@dataclass(frozen=True, slots=True)
class Problem:
    """A row that needs a person's eye. `kind`: refused (not taken) or mended (taken, corrected as said)."""

    line: int
    code: str
    kind: str
    reason: str


def read(path: Path) -> tuple[list[Row], list[Problem]]:
    """Every unit of a CSV (`;`, `,` or tab; also .gz) or XLSX list, parents first, and what was wrong.

    Raises:
        NotAList: no table of codes and names is in it.
    """
    rules, problems = _rules(), list[Problem]()
    found: dict[str, Row] = {}
    for line, cells in _table(path):
        code = _code(cells)
        names = {language: _name(cells.get(language, "")) for language in LANGUAGES}
        if not code and not any(text for text, _fixed in names.values()):
            continue
        if not _CODE.fullmatch(code):
            problems.append(Problem(line, code, "refused", f"the code {code!r} is not nine digits"))
            continue
        if not any(text for text, _fixed in names.values()):
            problems.append(Problem(line, code, "refused", "the name is missing in every language"))
            continue
        if code in found:
            said = f"the code stands in line {found[code].line} already, which was taken"
            problems.append(Problem(line, code, "refused", said))
            continue
        if any(fixed for _text, fixed in names.values()):
            problems.append(Problem(line, code, "mended", "Latin letters in a Cyrillic name"))
        level = _level(code, names["ru"][0], rules)
        plain = Names(*(_plain(names[each][0], each, level)[:NAME_MOST] for each in LANGUAGES))
        found[code] = Row(line, code, "", level, plain)
    rows = []
    for code in sorted(found):
        row, nearest = found[code], _ancestor(code, found)
        if row.level == Area.Level.OKRUG and nearest and found[nearest].level == Area.Level.REGION:
            row = replace(row, level=Area.Level.DISTRICT)  # a city that is a region has districts at this step
        found[code] = row
        rows.append(replace(row, parent=nearest))
    return rows, sorted(problems, key=lambda problem: problem.line)


def take(
    rows: Sequence[Row],
    *,
    under: str | None = None,
    officer: User | None,
    now: datetime,
    dry_run: bool = False,
    progress: Callable[[int], None] = lambda _count: None,
) -> tuple[Taken, list[Problem]]:
    """Add or correct these areas by code, in batches, each its own transaction; again changes nothing.

    `under`: the beginning of the codes to take (63). A unit whose parent is in neither list nor house hangs
    under the nearest unit above that is; where there is none and it is no region, it is refused. `progress`
    hears how many rows were worked through. With `dry_run` all is done and taken back.
    """
    wanted = [row for row in rows if row.code.startswith(under or "")]
    listed = {row.code for row in wanted} | set(Area.objects.values_list("code", flat=True))
    problems, ready = list[Problem](), list[AreaPlan]()
    for row in wanted:
        expected = _chain(row.code)
        parent = next((code for code in expected if code in listed), "")
        if not parent and row.level != Area.Level.REGION:
            listed.discard(row.code)
            said = f"its parent {expected[0] if expected else '-'} is neither in the file nor among our areas"
            problems.append(Problem(row.line, row.code, "refused", said))
            continue
        if parent and parent != expected[0] and row.level != Area.Level.DISTRICT:
            said = f"its parent {expected[0]} is missing; it hangs under {parent}"
            problems.append(Problem(row.line, row.code, "mended", said))
        ready.append(replace(row.plan(), parent=parent))
    try:
        with transaction.atomic() if dry_run else nullcontext():
            taken = _take(ready, officer=officer, now=now, progress=progress)
            if dry_run:
                transaction.set_rollback(True)
    finally:
        forget()
    return taken, problems


def _take(areas: Sequence[AreaPlan], *, officer: User | None, now: datetime, progress: Callable[[int], None]) -> Taken:
    parts = []
    for start in range(0, len(areas), BATCH):
        batch = areas[start : start + BATCH]
        parts.append(add_areas(areas=batch, officer=officer, now=now))
        progress(len(batch))
    return Taken(*(sum(counts) for counts in zip((0, 0, 0), *map(astuple, parts), strict=True)))


@cache
def _rules() -> dict[str, Any]:
    return tomllib.loads((files("dauys.institution") / "data" / "kato.toml").read_text(encoding="utf-8"))


def _chain(code: str) -> list[str]:
    """The codes above this one, nearest first: zeroed from the right."""
    above = [code[:step] + "0" * (9 - step) for step in reversed(_rules()["steps"][:-1])]
    return [each for place, each in enumerate(above) if each != code and each not in above[:place]]


def _ancestor(code: str, found: dict[str, Row]) -> str:
    return next((each for each in _chain(code) if each in found), "")


def _level(code: str, russian: str, rules: dict[str, Any]) -> str:
    step = next(place for place, step in enumerate(rules["steps"]) if not code[step:].strip("0"))
    if rules["levels"][step] == Area.Level.OKRUG and code[4:6] == rules["city"] and _is_city(russian):
        return Area.Level.SETTLEMENT
    return str(rules["levels"][step])


def _is_city(russian: str) -> bool:
    # Step 10 is the city itself; in a city that is a region it is its first district, which is called so.
    return "район" not in russian.casefold()


def _code(cells: dict[str, str]) -> str:
    code = cells.get("code", "")
    if not code and "ab" in cells:
        code = "".join(
            cells.get(part, "").zfill(width) for part, width in (("ab", 2), ("cd", 2), ("ef", 2), ("hij", 3))
        )
    return code.removesuffix(".0")  # a spreadsheet keeps codes as numbers


def _name(text: str) -> tuple[str, bool]:
    """The name with Latin look-alikes among Cyrillic letters put right, and whether there were any."""
    text = _SPACES.sub(" ", text).strip()
    if not (_CYRILLIC.search(text) and _LATIN.search(text)):
        return text, False
    table = _rules()["latin"]
    fixed = text.translate(str.maketrans(table["from"], table["to"]))
    return fixed, fixed != text


def _plain(text: str, language: str, level: str) -> str:
    """A name without the abbreviation of its kind («с.Глубокое» → «Глубокое»), or with it in words."""
    rules = _rules()[language]
    if level not in rules["keep_at"]:
        for mark in rules["drop"]:
            if (rest := _without(text, mark)) is not None:
                return _named_after(rest, rules)
    for mark in sorted(rules["words"], key=len, reverse=True):
        if (rest := _without(text, mark)) is not None:
            kind, rest = rules["words"][mark], _named_after(rest, rules)
            return f"{kind} {rest}" if text.casefold().startswith(mark) else f"{rest} {kind}"
    return _named_after(text, rules)


def _without(text: str, mark: str) -> str | None:
    """The rest of a name that begins or ends with the mark as a word of its own; else None."""
    folded = text.casefold()
    if folded.startswith(mark) and (mark.endswith(".") or folded[len(mark) :].startswith(" ")):
        rest = text[len(mark) :].strip()
    elif folded.endswith(f" {mark}"):
        rest = text[: -len(mark)].strip()
    else:
        return None
    return rest or None


def _named_after(text: str, rules: dict[str, Any]) -> str:
    for mark, words in rules["named_after"].items():
        if text.casefold().startswith(mark) and (rest := _without(text, mark)) is not None:
            return f"{words} {rest}"
    return text


def _table(path: Path) -> Iterator[tuple[int, dict[str, str]]]:
    """(line, what it is → text) of each row under the header."""
    try:
        rows = _sheet(path) if path.suffix.lower() in {".xlsx", ".xlsm"} else _csv(path)
        header: dict[int, str] = {}
        for line, cells in enumerate(rows, 1):
            if header:
                yield (
                    line,
                    {what: cells[place].strip() for place, what in header.items() if place < len(cells)},
                )
            elif line > 20:
                break
            else:
                known = _header(cells)
                if ("code" in known.values() or "ab" in known.values()) and set(known.values()) & set(LANGUAGES):
                    header = known
    except (OSError, EOFError, UnicodeDecodeError, csv.Error, zipfile.BadZipFile, KeyError) as error:
        raise NotAList(f"{path.name} cannot be read ({error}). Give a CSV, CSV.GZ or XLSX file.") from error
    if not header:
        raise NotAList(f"{path.name} has no line with the names of its columns, such as code;name or te,rus_name.")


def _header(cells: Sequence[str]) -> dict[int, str]:
    columns = _rules()["columns"]
    meaning = {alias: what for what in ("code", *LANGUAGES) for alias in columns[what]}
    meaning |= {part: part for part in columns["parts"]}
    named = [_SPACES.sub(" ", cell).strip().casefold() for cell in cells]
    found: dict[int, str] = {}
    for place, name in enumerate(named):
        if name in meaning and meaning[name] not in found.values():
            found[place] = meaning[name]
    return found


def _csv(path: Path) -> Iterator[list[str]]:
    content = path.read_bytes()
    if content[:2] == b"\x1f\x8b":
        with gzip.open(io.BytesIO(content)) as packed:
            content = packed.read(LARGEST + 1)
    if len(content) > LARGEST:
        raise NotAList(f"{path.name} is larger than {LARGEST // 2**20} MB. Is it the list of areas?")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1251")  # what an old spreadsheet saves
    first = text.partition("\n")[0]
    yield from csv.reader(io.StringIO(text, newline=""), delimiter=max(";,\t", key=first.count))


def _sheet(path: Path) -> Iterator[list[str]]:
    from openpyxl import load_workbook

    book = load_workbook(path, read_only=True, data_only=True)
    try:
        for row in book.worksheets[0].iter_rows(values_only=True):
            yield ["" if cell is None else str(cell) for cell in row]
    finally:
        book.close()

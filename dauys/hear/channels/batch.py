"""Past appeals from a file: CSV, JSON Lines or XLSX, with a map from its columns to ours.

Each batch of rows is one transaction that also moves the mark of how far the file was taken; killed at any moment and
run again, the import goes on behind the mark and doubles nothing.
"""

import csv
import gzip
import hashlib
import io
import json
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from dauys.hear.actions import receive_batch
from dauys.hear.models import Channel, Import, Kind
from dauys.hear.submission import Contact, Refused, Submission

BATCH = 500
COLUMNS = {
    "text": ("text", "текст", "мәтін", "description", "appeal", "обращение"),
    "id": ("id", "number", "номер", "№"),
    "received_at": ("received_at", "created", "created_at", "date", "дата", "күні"),
    "kind": ("kind", "type", "вид", "түрі"),
    "language": ("language", "lang", "язык", "тіл"),
    "topic": ("topic", "category", "категория", "тема", "тақырып"),
    "area": ("area", "district", "район", "аудан"),
    "office": ("office", "executor_org", "department", "исполнитель", "орындаушы"),
    "place": ("place", "address", "адрес", "мекенжай"),
    "lat": ("lat", "latitude", "широта"),
    "lon": ("lon", "lng", "longitude", "долгота"),
    "name": ("name", "applicant", "фио", "заявитель"),
    "phone": ("phone", "телефон"),
    "email": ("email", "e-mail", "почта"),
    "answered_at": ("answered_at", "answered", "дата ответа"),
    "answered_after_hours": ("first_answer_hours",),
    "answer": ("answer", "ответ", "жауап"),
    "outcome": ("outcome", "result", "результат"),
}
"""What a column may carry, and the headings by which it is known when no map says otherwise."""


class UnusableFile(Exception):
    """The file or its map cannot be used at all; the message says why and what to do."""


@dataclass(frozen=True)
class ColumnMap:
    """Which column carries what; `topic` may be a path of columns, from the group to the part."""

    columns: Mapping[str, str | list[str]]
    zone: ZoneInfo
    defaults: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    create: frozenset[str] = frozenset()
    policy: str = ""

    def digest(self) -> str:
        told = (
            sorted((name, str(of)) for name, of in self.columns.items()),
            str(self.zone),
            sorted(self.defaults.items()),
        )
        return hashlib.sha256(repr(told).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class RefusedRow:
    """A row that was not taken: its line in the file, the field, and why."""

    line: int
    field: str
    code: str
    params: dict[str, object]


@dataclass(frozen=True)
class Resolve:
    """How names in the file become rows of the institution; each gives None for a name it does not know."""

    topic: Callable[[tuple[str, ...]], str | None]
    area: Callable[[str], int | None]
    office: Callable[[str], str | None]


def read_map(path: Path | None, header: list[str], zone: str) -> ColumnMap:
    """The map in a TOML file, or one guessed from the headings. Raises UnusableFile."""
    if path is None:
        lowered = {heading.strip().lower(): heading for heading in header}
        columns: dict[str, str | list[str]] = {}
        for name, known in COLUMNS.items():
            for heading in known:
                if heading in lowered:
                    columns[name] = lowered[heading]
                    break
        table: dict[str, Any] = {"columns": columns}
    else:
        try:
            table = tomllib.loads(path.read_text(encoding="utf-8"))
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
            raise UnusableFile(f"The column map {path.name} cannot be read: {error}") from None
    unknown = set(table) - {"columns", "defaults", "values", "create", "zone", "policy"}
    unknown |= {f"columns.{name}" for name in table.get("columns", {}) if name not in COLUMNS}
    if unknown:
        raise UnusableFile(
            f"The column map has unknown keys: {', '.join(sorted(unknown))}. Known columns: {', '.join(COLUMNS)}."
        )
    columns = table.get("columns", {})
    if "text" not in columns:
        raise UnusableFile(
            'No column carries the citizen\'s words. Name it in the map: [columns] text = "…". '
            f"Columns of the file: {', '.join(header)}."
        )
    for name, of in columns.items():
        for heading in [of] if isinstance(of, str) else of:
            if heading not in header:
                raise UnusableFile(f"columns.{name}: the file has no column “{heading}”. It has: {', '.join(header)}.")
    try:
        place = ZoneInfo(table.get("zone", zone))
    except (KeyError, ValueError) as error:
        raise UnusableFile(f"zone: {error}. Give an IANA name such as Asia/Almaty.") from None
    return ColumnMap(
        columns, place, table.get("defaults", {}), table.get("values", {}),
        frozenset(table.get("create", ())), table.get("policy", ""),
    )  # fmt: skip


def file_digest(path: Path) -> str:
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def source(path: Path, mapped: ColumnMap) -> str:
    """The name of one import: this file's content read by this map."""
    return f"{file_digest(path)[:32]}{mapped.digest()[:32]}"


def _opened(path: Path) -> io.TextIOBase:
    raw = gzip.open(path, "rb") if path.suffix == ".gz" else open(path, "rb")  # noqa: SIM115  (closed by the wrapper)
    start = raw.read(65536)
    raw.seek(0)
    try:
        start.decode("utf-8-sig")
        encoding = "utf-8-sig"
    except UnicodeDecodeError as error:
        # A character cut at the end of the sample is no proof against UTF-8; a wrong byte earlier is.
        encoding = "utf-8-sig" if error.start > len(start) - 4 else "cp1251"
    return io.TextIOWrapper(raw, encoding=encoding, errors="replace", newline="")


def rows(path: Path) -> tuple[list[str], Iterator[tuple[int, dict[str, str]]]]:
    """(headings, (line, {heading: value}) …). Memory does not grow with the file. Raises UnusableFile."""
    name = path.name.removesuffix(".gz").lower()
    if not path.exists():
        raise UnusableFile(f"There is no file {path}.")
    if name.endswith((".csv", ".tsv", ".txt")):
        return _csv_rows(path)
    if name.endswith((".jsonl", ".ndjson")):
        return _json_rows(path)
    if name.endswith(".xlsx"):
        return _xlsx_rows(path)
    raise UnusableFile(f"{path.name}: give a .csv, .jsonl or .xlsx file (.csv.gz and .jsonl.gz too).")


def _csv_rows(path: Path) -> tuple[list[str], Iterator[tuple[int, dict[str, str]]]]:
    file = _opened(path)
    first = file.readline()
    file.seek(0)
    delimiter = max(",;\t|", key=first.count)
    csv.field_size_limit(16 * 1024 * 1024)
    reader = csv.reader(file, delimiter=delimiter)
    try:
        header = [heading.strip() for heading in next(reader)]
    except StopIteration:
        raise UnusableFile(f"{path.name} is empty.") from None
    except csv.Error as error:
        raise UnusableFile(f"{path.name} is not CSV: {error}.") from None

    def each() -> Iterator[tuple[int, dict[str, str]]]:
        with file:
            line = reader.line_num + 1
            for values in reader:
                if values:
                    yield line, dict(zip(header, values, strict=False))
                line = reader.line_num + 1

    return header, each()


def _json_rows(path: Path) -> tuple[list[str], Iterator[tuple[int, dict[str, str]]]]:
    header: dict[str, None] = {}
    with _opened(path) as file:
        for line in file:
            try:
                header.update(dict.fromkeys(json.loads(line)))
            except (ValueError, TypeError):
                continue

    def each() -> Iterator[tuple[int, dict[str, str]]]:
        with _opened(path) as file:
            for number, line in enumerate(file, 1):
                if not line.strip():
                    continue
                try:
                    value = json.loads(line)
                except ValueError:
                    value = None
                yield number, _as_text(value) if isinstance(value, dict) else {}

    return list(header), each()


def _as_text(row: Mapping[str, Any]) -> dict[str, str]:
    return {str(name): "" if value is None else str(value) for name, value in row.items()}


def _xlsx_rows(path: Path) -> tuple[list[str], Iterator[tuple[int, dict[str, str]]]]:
    import openpyxl

    try:
        sheet = openpyxl.load_workbook(path, read_only=True, data_only=True).worksheets[0]
        lines = sheet.iter_rows(values_only=True)
        header = [str(cell or "").strip() for cell in next(lines)]
    except StopIteration:
        raise UnusableFile(f"{path.name}: the first sheet is empty.") from None
    except Exception as error:
        raise UnusableFile(f"{path.name} is not a workbook that can be read: {error}") from None

    def each() -> Iterator[tuple[int, dict[str, str]]]:
        for number, cells in enumerate(lines, 2):
            if any(cell is not None for cell in cells):
                yield (
                    number,
                    {
                        name: cell.isoformat() if isinstance(cell, datetime) else "" if cell is None else str(cell)
                        for name, cell in zip(header, cells, strict=False)
                    },
                )

    return header, each()


def _moment(value: str, zone: ZoneInfo) -> datetime:
    for parse in (datetime.fromisoformat, _european):
        try:
            moment = parse(value)
        except ValueError:
            continue
        return moment if moment.tzinfo else moment.replace(tzinfo=zone)
    raise Refused("received_at", "not_a_date", value=value[:40])


def _european(value: str) -> datetime:
    day, _space, clock = value.partition(" ")
    date_part = datetime.strptime(day, "%d.%m.%Y")  # noqa: DTZ007  (the zone is put on by the caller)
    if not clock:
        return date_part
    hours, minutes = clock.split(":")[:2]
    return date_part + timedelta(hours=int(hours), minutes=int(minutes))


def submission(
    row: Mapping[str, str],
    line: int,
    mapped: ColumnMap,
    resolve: Resolve,
    *,
    source: str,
    import_id: int,
    now: datetime,
) -> Submission:
    """One row as a submission. Raises Refused naming the field."""

    def value(name: str) -> str:
        of = mapped.columns.get(name)
        found = (row.get(of) or "").strip() if isinstance(of, str) else ""
        found = mapped.values.get(name, {}).get(found, found)
        return found or mapped.defaults.get(name, "")

    if not row:
        raise Refused("line", "not_a_row")
    received_at = _moment(value("received_at"), mapped.zone) if value("received_at") else None
    if received_at is None:
        raise Refused("received_at", "empty")
    if received_at > now + timedelta(days=1):
        raise Refused("received_at", "in_the_future", value=str(received_at.date()))
    of_topic = mapped.columns.get("topic")
    path = tuple(
        (row.get(part) or "").strip() for part in ([of_topic] if isinstance(of_topic, str) else of_topic or [])
    )
    labels: dict[str, object] = {}
    topic = resolve.topic(tuple(part for part in path if part)) if any(path) else None
    if topic:
        labels["topic"] = topic
    office = resolve.office(value("office")) if value("office") else None
    if office:
        labels["office"] = office
    answered_at = _answered_at(value("answered_at"), value("answered_after_hours"), received_at, mapped.zone)
    if answered_at:
        labels["answered_at"] = answered_at.isoformat()
        labels["answer"] = value("answer")
        labels["outcome"] = value("outcome")
    lat, lon = _number("lat", value("lat")), _number("lon", value("lon"))
    own = value("id")
    if own:
        labels["id"] = own[:60]
    kind = value("kind") or Kind.MESSAGE
    return Submission(
        channel=Channel.BATCH,
        token=f"{source} {own or line}",
        text=row.get(str(mapped.columns["text"])) or "",
        kind=kind,
        language=value("language") or "ru",
        place=value("place")[:300],
        area_id=resolve.area(value("area")) if value("area") else None,
        lat=lat if lon is not None else None,
        lon=lon if lat is not None else None,
        contact=Contact(value("name")[:160], value("phone")[:60], value("email")[:200]),
        received_at=received_at,
        imported_id=import_id,
        labels=labels,
    )


def _answered_at(at: str, after_hours: str, received_at: datetime, zone: ZoneInfo) -> datetime | None:
    if at:
        return _moment(at, zone)
    hours = _number("answered_after_hours", after_hours)
    return received_at + timedelta(hours=hours) if hours is not None else None


def _number(name: str, value: str) -> float | None:
    if not value:
        return None
    try:
        return float(value.replace(",", "."))
    except ValueError:
        raise Refused(name, "not_a_number", value=value[:40]) from None


def take(
    path: Path,
    mapped: ColumnMap,
    resolve: Resolve,
    *,
    now: datetime,
    progress: Callable[[int], None] = lambda _count: None,
    refused: Callable[[RefusedRow], None] = lambda _row: None,
) -> Import:
    """Take over every row that can be taken; returns the run with its counts.

    Run again on the same file and map it goes on where it stopped. `refused` is told of every row not taken.
    """
    told = source(path, mapped)
    run, _is_new = Import.objects.get_or_create(digest=told, defaults={"name": path.name[:200], "started_at": now})
    _header, lines = rows(path)
    progress(run.rows_done)
    seen = 0
    batch: list[tuple[int, Submission | Refused]] = []

    def flush() -> None:
        good = [item for _line, item in batch if isinstance(item, Submission)]

        def mark(taken: int) -> None:
            run.rows_done = seen
            run.taken += taken
            run.refused += len(batch) - taken
            run.save(update_fields=["rows_done", "taken", "refused"])

        results = iter(receive_batch(good, now=now, alongside=mark))
        for line, item in batch:
            outcome = item if isinstance(item, Refused) else next(results)
            if isinstance(outcome, Refused):
                refused(RefusedRow(line, outcome.field, outcome.code, outcome.params))
        progress(len(batch))
        batch.clear()

    for line, row in lines:
        seen += 1
        if seen <= run.rows_done:
            continue
        try:
            batch.append((line, submission(row, line, mapped, resolve, source=told, import_id=run.id, now=now)))
        except Refused as refusal:
            batch.append((line, refusal))
        if len(batch) >= BATCH:
            flush()
    if batch:
        flush()
    if run.finished_at is None:
        run.finished_at = now
        Import.objects.filter(id=run.id).update(finished_at=now)
    return run

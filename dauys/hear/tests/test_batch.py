"""Past appeals from a file: every row taken or refused by line and reason, resumed without doubling."""

import gzip
import json
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import openpyxl
import pytest

from dauys.hear.channels import batch
from dauys.hear.models import Appeal, Import
from dauys.ledger.models import Entry

NOW = datetime(2026, 3, 10, 6, 0, tzinfo=UTC)
HEADER = "Номер;Дата;Текст;Категория;Район;Ответ дан\n"
RESOLVE = batch.Resolve(lambda path: path[-1] if path else None, lambda _name: None, lambda name: name)


def column_map(**changes):
    columns = {"id": "Номер", "received_at": "Дата", "text": "Текст", "topic": "Категория", "area": "Район"}
    return batch.ColumnMap({**columns, **changes}, ZoneInfo("Asia/Almaty"), {"kind": "message", "language": "ru"})


def take(path, mapped=None, **more):
    refused = []
    run = batch.take(path, mapped or column_map(), RESOLVE, now=NOW, refused=refused.append, **more)
    return run, refused


@pytest.fixture
def file(tmp_path):
    def write(lines, name="past.csv"):
        path = tmp_path / name
        path.write_text(HEADER + "".join(lines), encoding="utf-8")
        return path

    return write


def test_a_row_becomes_an_appeal_with_its_own_day_and_labels(cast, file):
    run, refused = take(file(["17;05.02.2025 14:30;Нет воды в доме;water.outage;Лесной;\n"]))
    appeal = Appeal.objects.get()
    assert (run.taken, run.refused, refused) == (1, 0, [])
    assert appeal.received_at == datetime(2025, 2, 5, 9, 30, tzinfo=UTC)
    assert (appeal.channel, appeal.text) == ("batch", "Нет воды в доме")
    assert appeal.labels == {"topic": "water.outage", "id": "17"}
    assert appeal.number.startswith("2025-")


def test_the_ledger_dates_an_imported_appeal_on_the_day_it_was_written_down(cast, file):
    take(file(["17;05.02.2025;Нет воды;;;\n"]))
    assert Entry.objects.get().leaf.splitlines()[3] == "2026-03-10"


@pytest.mark.parametrize(
    ("line", "field", "code"),
    [
        pytest.param("1;;Нет воды;;;\n", "received_at", "empty", id="no day"),
        pytest.param("1;вчера;Нет воды;;;\n", "received_at", "not_a_date", id="no date"),
        pytest.param("1;01.01.2031;Нет воды;;;\n", "received_at", "in_the_future", id="a day to come"),
        pytest.param("1;05.02.2025;  ;;;\n", "text", "empty", id="no words"),
        pytest.param(f"1;05.02.2025;{'а' * 20_001};;;\n", "text", "too_long", id="too many words"),
    ],
)
def test_a_row_that_cannot_be_taken_is_told_by_line_and_reason(cast, file, line, field, code):
    run, refused = take(file(["1;05.02.2025;Хорошая строка;;;\n", line, "3;05.02.2025;Ещё одна;;;\n"]))
    assert [(row.line, row.field, row.code) for row in refused] == [(3, field, code)]
    assert (run.taken, run.refused, Appeal.objects.count()) == (2, 1, 2)


def test_a_text_over_several_lines_keeps_the_line_count_true(cast, file):
    _run, refused = take(file(['1;05.02.2025;"Первая\nвторая\nтретья";;;\n', "2;нет;Строка;;;\n"]))
    assert [row.line for row in refused] == [5]
    assert Appeal.objects.get().text == "Первая\nвторая\nтретья"


def test_the_same_file_again_changes_nothing(cast, file):
    path = file([f"{n};05.02.2025;Обращение {n};;;\n" for n in range(7)])
    first, _ = take(path)
    again, _ = take(path)
    assert (first.id, again.taken, Appeal.objects.count(), Import.objects.count()) == (again.id, 7, 7, 1)


def test_an_import_that_was_stopped_goes_on_behind_the_last_commit(cast, file, monkeypatch):
    monkeypatch.setattr(batch, "BATCH", 3)
    path = file([f"{n};05.02.2025;Обращение {n};;;\n" for n in range(8)] + ["8;нет;Плохая;;;\n"])
    seen = 0

    def progress(count):
        nonlocal seen
        seen += count
        if seen == 6:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        take(path, progress=progress)
    assert Appeal.objects.count() == 6
    run, refused = take(path)
    assert (run.taken, run.refused, Appeal.objects.count()) == (8, 1, 8)
    assert [row.line for row in refused] == [10]


def test_json_lines_and_workbooks_say_the_same_as_csv(cast, tmp_path):
    rows = [{"Номер": 1, "Дата": "2025-02-05T14:30", "Текст": "Су жоқ", "Категория": "water", "Район": None}]
    lines = tmp_path / "past.jsonl.gz"
    lines.write_bytes(gzip.compress("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows).encode()))
    book = openpyxl.Workbook()
    book.active.append(list(rows[0]))
    book.active.append([1, datetime(2025, 2, 5, 14, 30), "Су жоқ", "water", None])  # noqa: DTZ001  (a cell has no zone)
    sheet = tmp_path / "past.xlsx"
    book.save(sheet)
    for path in (lines, sheet):
        take(path)
    first, second = Appeal.objects.order_by("id")
    assert (first.text, first.received_at, first.labels) == (second.text, second.received_at, second.labels)


def test_a_file_in_the_old_windows_encoding_is_read(cast, tmp_path):
    path = tmp_path / "old.csv"
    path.write_bytes((HEADER + "1;05.02.2025;Привет из девяностых;;;\n").encode("cp1251"))
    take(path)
    assert Appeal.objects.get().text == "Привет из девяностых"


def test_columns_are_known_by_common_headings(tmp_path):
    mapped = batch.read_map(None, ["ID", "Created", "Text", "Category", "Lat", "Lon", "Odd"], "Asia/Almaty")
    assert mapped.columns == {
        "text": "Text", "id": "ID", "received_at": "Created", "topic": "Category", "lat": "Lat", "lon": "Lon",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("table", "says"),
    [
        ('[columns]\ntext = "Нет такого"', "no column “Нет такого”"),
        ('[columns]\nwords = "Текст"', "unknown keys: columns.words"),
        ('[columns]\nid = "Номер"', "No column carries the citizen's words"),
        ('zone = "Mars/Olympus"\n[columns]\ntext = "Текст"', "IANA"),
        ("[columns", "cannot be read"),
    ],
)
def test_a_map_that_cannot_be_used_says_why_and_what_to_do(tmp_path, table, says):
    path = tmp_path / "map.toml"
    path.write_text(table, encoding="utf-8")
    with pytest.raises(batch.UnusableFile, match=says):
        batch.read_map(path, ["Номер", "Текст"], "Asia/Almaty")


@pytest.mark.parametrize(("name", "content"), [("past.docx", b"PK"), ("past.xlsx", b"not a book"), ("past.csv", b"")])
def test_a_file_that_is_none_is_refused_as_a_whole(tmp_path, name, content):
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(batch.UnusableFile):
        batch.rows(path)

"""The official list as it really is."""

import gzip

import pytest
from openpyxl import Workbook

from dauys.institution import kato
from dauys.institution.models import Area
from dauys.institution.queries import house
from dauys.ledger.models import Entry

LINES = """id;parent_id;code;name
1;0;200000000;Примерная область
2;1;201000000;Лесной Г.А.
3;2;201010000;г.Лесной
4;1;203600000;Степной район
5;4;203633000;Озёрный с.о.
6;5;203633100;с.Озёрное
7;6;203633102;уч.Дальний
8;5;203633103;рзд.16
9;4;203637000;с.о.им.Первого
10;4;203620100;г.Верхний
"""


def written(tmp_path, text: str, name: str = "kato.csv"):
    path = tmp_path / name
    path.write_bytes(gzip.compress(text.encode("utf-8-sig")) if name.endswith(".gz") else text.encode("utf-8-sig"))
    return path


def by_code(rows):
    return {row.code: row for row in rows}


@pytest.mark.parametrize("name", ["kato.csv", "kato.csv.gz"])
def test_level_parent_and_name_follow_from_the_code(tmp_path, name):
    rows, problems = kato.read(written(tmp_path, LINES, name))
    assert not problems
    assert {row.code: (row.parent, row.level, row.name.ru) for row in rows} == {
        "200000000": ("", "region", "Примерная область"),
        "201000000": ("200000000", "district", "Лесной"),
        "201010000": ("201000000", "settlement", "Лесной"),
        "203600000": ("200000000", "district", "Степной район"),
        "203620100": ("203600000", "settlement", "Верхний"),
        "203633000": ("203600000", "okrug", "Озёрный сельский округ"),
        "203633100": ("203633000", "settlement", "Озёрное"),
        "203633102": ("203633000", "settlement", "участок Дальний"),
        "203633103": ("203633000", "settlement", "разъезд 16"),
        "203637000": ("203600000", "okrug", "сельский округ имени Первого"),
    }


def test_a_city_that_is_a_region_has_districts(tmp_path):
    rows, _problems = kato.read(written(tmp_path, "code;name\n710000000;г.Главный\n711110000;Северный район\n"))
    assert by_code(rows)["711110000"].level == "district"


@pytest.mark.parametrize(
    "header",
    ["te,kaz_name,rus_name", "Код,Атауы,Наименование", "code,name_kk,name_ru", " KATO , KK , RU "],
)
def test_headers_have_many_names(tmp_path, header):
    rows, _problems = kato.read(written(tmp_path, f"{header}\n203633100,Көлді а.,с.Озёрное\n"))
    assert (rows[0].name.kk, rows[0].name.ru) == ("Көлді", "Озёрное")


def test_a_code_may_come_in_four_parts(tmp_path):
    rows, _problems = kato.read(written(tmp_path, "ab\tcd\tef\thij\trus_name\n20\t36\t33\t100\tс.Озёрное\n"))
    assert rows[0].code == "203633100"


def test_a_spreadsheet_is_read_too(tmp_path):
    book = Workbook()
    book.active.append(["Классификатор"])
    book.active.append(["code", "rus_name", "kaz_name"])
    book.active.append([203633100, "с.Озёрное", "Көлді а."])
    book.save(tmp_path / "kato.xlsx")
    rows, problems = kato.read(tmp_path / "kato.xlsx")
    assert (rows[0].code, rows[0].line, problems) == ("203633100", 3, [])


@pytest.mark.parametrize(
    ("line", "kind", "said"),
    [
        ("1;0;20363310;с.Короткий код", "refused", "not nine digits"),
        ("1;0;203633100;", "refused", "name is missing"),
        ("1;0;203633000;Ещё раз с.о.", "refused", "stands in line 6 already"),
        ("1;0;203633105;с.Oзёрнoе Новое", "mended", "Latin letters"),
    ],
)
def test_faults_are_told_with_their_line(tmp_path, line, kind, said):
    _rows, problems = kato.read(written(tmp_path, LINES + line + "\n"))
    assert [(problem.line, problem.kind) for problem in problems] == [(12, kind)]
    assert said in problems[0].reason


def test_latin_letters_are_put_right(tmp_path):
    rows, _problems = kato.read(written(tmp_path, "code;name\n203633105;с.Oзёрнoе\n"))  # two Latin o
    assert rows[0].name.ru == "Озёрное"


@pytest.mark.parametrize("content", ["", "a;b\n1;2\n", "\x00\x01"])
def test_what_is_no_list_is_refused_in_words(tmp_path, content):
    with pytest.raises(kato.NotAList):
        kato.read(written(tmp_path, content))


def test_taking_twice_changes_nothing(cast, now, tmp_path):
    rows, _problems = kato.read(written(tmp_path, LINES))
    seen = []
    taken, problems = kato.take(rows, officer=None, now=now, progress=seen.append)
    assert (taken.added, taken.changed, taken.same, sum(seen)) == (10, 0, 0, 10)
    assert [(problem.code, problem.kind) for problem in problems] == [("203620100", "mended")]
    again, _problems = kato.take(rows, officer=None, now=now)
    assert (again.added, again.changed, again.same) == (0, 0, 10)
    assert Entry.objects.count() == 1
    place = house()
    assert place.area_by_code["203633102"].district_id == place.area_by_code["203600000"].id


def test_a_trial_says_the_same_and_changes_nothing(cast, now, tmp_path):
    rows, _problems = kato.read(written(tmp_path, LINES))
    taken, _problems = kato.take(rows, officer=None, now=now, dry_run=True)
    assert taken.added == 10
    assert not Area.objects.filter(code__startswith="20").exists()
    assert not Entry.objects.exists()
    assert "200000000" not in house().area_by_code


def test_under_takes_one_part_and_needs_its_parent(cast, now, tmp_path):
    rows, _problems = kato.read(written(tmp_path, LINES))
    taken, problems = kato.take(rows, under="2036", officer=None, now=now)
    assert taken.added == 0
    assert {problem.kind for problem in problems} == {"refused"}
    kato.take(rows, under="200", officer=None, now=now)
    taken, problems = kato.take(rows, under="2036", officer=None, now=now)
    assert (taken.added, [problem.code for problem in problems]) == (7, ["203620100"])

"""`dauys import appeals`: what an administrator sees."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from dauys.cli import main
from dauys.hear.models import Appeal
from dauys.institution.queries import forget, house

MAP = """
zone = "Asia/Almaty"
create = ["topics", "areas", "offices"]
[columns]
text = "text"
received_at = "day"
topic = ["group", "part"]
area = "district"
office = "body"
"""
ROWS = "text,day,group,part,district,body\nНет света на улице,2025-02-05,Свет,Фонари,Лесной район,Горсвет\n"


@pytest.fixture
def dauys(tmp_path, cast):
    (tmp_path / "map.toml").write_text(MAP, encoding="utf-8")

    def run(*words, rows=ROWS):
        (tmp_path / "past.csv").write_text(rows, encoding="utf-8")
        command = ["import", "appeals", str(tmp_path / "past.csv"), "--map", str(tmp_path / "map.toml"), *words]
        return CliRunner().invoke(main, command, catch_exceptions=False)

    return run


def test_what_the_institution_does_not_know_is_made_where_the_map_allows_it(dauys):
    done = dauys("--no-reading", "--json")
    assert done.exit_code == 0
    assert json.loads(done.stdout)["taken"] == 1
    forget()
    place = house()
    topic = place.topic_by_code[Appeal.objects.get().labels["topic"]]
    assert (topic.name.ru, place.topics[topic.parent_id].name.ru) == ("Фонари", "Свет")
    assert place.areas[Appeal.objects.get().area_id].name.ru == "Лесной район"
    assert place.office_by_code[Appeal.objects.get().labels["office"]].name.ru == "Горсвет"


def test_a_second_run_makes_nothing_twice(dauys):
    dauys("--no-reading")
    forget()
    before = (len(house().topics), len(house().areas), len(house().offices))
    assert dauys("--no-reading").exit_code == 0
    forget()
    assert (len(house().topics), len(house().areas), len(house().offices)) == before
    assert Appeal.objects.count() == 1


def test_refused_rows_are_written_with_line_and_reason_and_the_exit_code_says_so(dauys):
    done = dauys("--no-reading", "--json", rows=ROWS + ",2025-02-05,,,,\nСлова,нет,,,,\n")
    value = json.loads(done.stdout)
    assert (done.exit_code, value["taken"], value["refused"]) == (1, 1, 2)
    report = Path(value["refused_report"]).read_text(encoding="utf-8").splitlines()
    assert report[1:] == [
        "3,text,text is empty",
        '4,received_at,"received_at is “нет”, which is no date; write 2026-03-10T17:50 or 10.03.2026 17:50"',
    ]


def test_a_dry_run_keeps_nothing(dauys):
    done = dauys("--dry-run", rows=ROWS + ",2025-02-05,,,,\n")
    assert done.exit_code == 1
    assert "1 of 2 rows can be taken over; nothing was kept." in done.stdout
    assert not Appeal.objects.exists()


def test_a_missing_file_is_said_in_a_sentence(cast):
    done = CliRunner().invoke(main, ["import", "appeals", "nowhere.csv"])
    assert done.exit_code == 2
    assert "There is no file nowhere.csv." in done.stderr


@pytest.mark.django_db
def test_without_an_institution_it_says_what_to_do_first(tmp_path):
    (tmp_path / "past.csv").write_text(ROWS, encoding="utf-8")
    done = CliRunner().invoke(main, ["import", "appeals", str(tmp_path / "past.csv")])
    assert done.exit_code == 2
    assert "dauys up" in done.stderr

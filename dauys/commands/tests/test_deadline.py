"""`dauys deadline`: with an institution, without one, and used wrongly."""

import json
import os
import subprocess  # our own command, started with our own interpreter
import sys

import pytest
from click.testing import CliRunner

from dauys.commands.deadline import deadline as command
from dauys.institution.models import CalendarDay
from dauys.institution.queries import forget


def run(*arguments):
    return CliRunner().invoke(command, arguments)


@pytest.mark.django_db
def test_the_command_counts_by_the_institution_or_by_a_countrys_shipped_days(cast, monkeypatch):
    CalendarDay.objects.create(day="2026-03-30", works=False, source="Order", checked=True)
    forget()
    asked = ("--kind", "complaint", "--registered", "2026-03-10T17:50", "--json")
    monkeypatch.setattr("dauys.commands.deadline._has_tables", lambda: True)
    own = json.loads(run(*asked).output)
    assert (own["due_on"], own["calendar"]["of"]) == ("2026-04-13", "institution")
    assert json.loads(run(*asked, "--country", "KZ").output)["due_on"] == "2026-04-10"


def test_without_an_installation_the_shipped_days_count_and_no_database_is_made(tmp_path):
    """A process of its own, as somebody who has only unpacked the product would run it."""
    asked = ["--kind", "complaint", "--registered", "2026-03-10T17:50", "--json"]
    env = {name: value for name, value in os.environ.items() if not name.startswith("DAUYS_")}
    told = subprocess.run(
        [sys.executable, "-m", "dauys", "deadline", *asked],
        cwd=tmp_path, env={**env, "DAUYS_HOME": str(tmp_path), "PYTHONPATH": os.pathsep.join(sys.path)},
        check=True, capture_output=True, text=True,
    )  # fmt: skip
    counted = json.loads(told.stdout)
    assert (counted["due_on"], counted["calendar"]["of"]) == ("2026-04-10", "shipped")
    assert not list(tmp_path.glob("*.sqlite3"))


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--registered", "2026-03-10"), "--kind is missing"),
        (("--kind", "complaint", "--registered", "soon"), "--registered: This is no day. Write it as 2026-03-10"),
        (("--kind", "complaint", "--registered", "2026-03-10", "--family", "uk"), "Covered: inquiry."),
        (("--kind", "complaint", "--registered", "2026-03-10", "--family", "mars"), "Known: internal, kg, kz"),
        (("--kind", "complaint", "--registered", "2026-03-10", "--country", "XX"), "--country"),
        (("--kind", "love", "--registered", "2026-03-10"), "'love' is not one of"),
    ],
)
def test_the_command_says_what_to_write_instead(monkeypatch, arguments, said):
    monkeypatch.setattr("dauys.commands.deadline._has_tables", lambda: False)
    ended = run(*arguments)
    assert ended.exit_code == 2
    assert said in ended.output


def test_the_command_tells_every_day_in_words(monkeypatch):
    monkeypatch.setattr("dauys.commands.deadline._has_tables", lambda: False)
    told = run("--kind", "complaint", "--registered", "2026-03-10T19:00").output
    assert "An answer is due on 2026-04-13 (Monday)." in told
    assert "after the end of the working day" in told
    assert "2026-03-24 Tue      Moved day off: Nauryz" in told

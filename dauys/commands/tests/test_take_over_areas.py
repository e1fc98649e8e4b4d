"""`dauys import areas`: taken, changed and refused rows, with line and reason."""

import json

import pytest
from click.testing import CliRunner

from dauys.commands.take_over_areas import areas
from dauys.institution.models import Area

pytestmark = pytest.mark.django_db


@pytest.fixture
def official(tmp_path):
    path = tmp_path / "kato.csv"
    path.write_text("code;name\n100000000;Область\n103000000;Новый район\n103030100;с.Новое\n10303;с.Ошибка\n")
    return path


def test_rows_are_taken_and_the_refused_are_told(cast, official):
    done = CliRunner().invoke(areas, [str(official), "--json"])
    told = json.loads(done.stdout)
    assert done.exit_code == 1
    assert (told["added"], told["changed"], told["same"]) == (2, 0, 1)
    assert [(row["line"], row["code"]) for row in told["refused"]] == [(5, "10303")]
    assert [row["code"] for row in told["mended"]] == ["103030100"]


def test_a_trial_changes_nothing(cast, official):
    done = CliRunner().invoke(areas, [str(official), "--dry-run"])
    assert "Tried only" in done.output
    assert not Area.objects.filter(code="103000000").exists()


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [(["--under", "9"], 1, "begins with 9"), (["--under", "East"], 2, "--under is 'East'")],
)
def test_what_cannot_be_done_says_why(cast, official, arguments, code, told):
    done = CliRunner().invoke(areas, [str(official), *arguments])
    assert (done.exit_code, told in done.output) == (code, True), done.output


def test_before_there_is_an_institution(db, official):
    done = CliRunner().invoke(areas, [str(official)])
    assert (done.exit_code, "dauys up" in done.output) == (2, True)

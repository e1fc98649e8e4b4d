"""From nothing to an institution in one command; nothing half made, and the second time nothing new."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from dauys.commands import run
from dauys.commands.up import up
from dauys.institution.models import Institution, User

ROOT = Path(__file__).resolve().parents[3]
RECIPE = ROOT / "docs" / "recipes" / "set-up-an-institution.md"

ANSWERS = [
    "", "Пробный филиал", "", "kz", "Asia/Almaty", "", "630000000", "region", "Область",
    "main", "branch", "Аппарат", "internal", "Сауле Примерова", "Saule@Example.org", "ru", "y",
]  # fmt: skip


@pytest.fixture
def plan(tmp_path):
    path = tmp_path / "institution.toml"
    path.write_text(re.search(r"```toml\n(.*?)```", RECIPE.read_text(encoding="utf-8"), re.S)[1])
    return path


@pytest.fixture(autouse=True)
def _only_the_command(monkeypatch, settings, tmp_path):
    settings.STATIC_ROOT = tmp_path / "static"
    monkeypatch.setattr(run, "static_collected", lambda: None)
    monkeypatch.setattr(run, "translations_compiled", lambda: None)


def call(*arguments: str, answers: str | None = None):
    return CliRunner().invoke(up, ["--only-setup", *arguments], input=answers)


@pytest.mark.django_db
def test_a_file_sets_it_up_and_passwords_are_told_once(plan):
    first = call("--file", str(plan), "--yes")
    assert first.exit_code == 0, first.output
    told = dict(re.findall(r"(\S+@\S+)\s+([a-z0-9]{5}(?:-[a-z0-9]{5}){3})", first.output))
    assert set(told) == {"ivan@example.org", "saule@example.org"}
    assert all(User.objects.get(email=email).check_password(password) for email, password in told.items())
    second = call("--file", str(plan))
    assert second.exit_code == 0
    assert "@example.org" not in second.output


@pytest.mark.django_db
def test_a_conversation_sets_it_up():
    done = call(answers="\n".join(ANSWERS) + "\n")
    assert done.exit_code == 0, done.output
    assert Institution.objects.get().name_ru == "Пробный филиал"
    assert User.objects.get().email == "saule@example.org"


@pytest.mark.django_db
def test_a_wrong_answer_is_asked_again():
    answers = [*ANSWERS]
    answers[3:4] = ["Казахстан", "kz"]
    answers[answers.index("Saule@Example.org") : answers.index("Saule@Example.org")] = ["no address"]
    done = call(answers="\n".join(answers) + "\n")
    assert done.exit_code == 0, done.output
    assert "no e-mail address" in done.output


@pytest.mark.django_db
@pytest.mark.parametrize("answered", range(0, len(ANSWERS), 4))
def test_stopping_at_any_question_leaves_nothing(answered):
    done = call(answers="".join(f"{answer}\n" for answer in ANSWERS[:answered]))
    assert done.exit_code == 130
    assert not Institution.objects.exists()


@pytest.mark.django_db
def test_faults_of_the_file_are_told_all(plan):
    plan.write_text(
        plan.read_text().replace('zone = "Asia/Almaty"', 'zone = "Nowhere"').replace('"internal"', '"none"')
    )
    done = call("--file", str(plan), "--yes")
    assert done.exit_code == 2
    assert "3 things are to be mended" in done.output
    assert not Institution.objects.exists()


@pytest.mark.django_db
def test_without_questions_a_file_is_needed():
    done = call("--yes")
    assert done.exit_code == 2
    assert "--file" in done.output


@pytest.mark.slow
def test_killed_at_any_moment_it_goes_on(plan, tmp_path):
    """Kill -9 at growing delays, then run it to the end: one institution, everybody with a password."""
    home = {name: value for name, value in os.environ.items() if not name.startswith("DAUYS_")}
    home |= {"DAUYS_HOME": str(tmp_path / "home"), "DAUYS_LOG": "ERROR"}
    command = [sys.executable, "-m", "dauys", "up", "--only-setup", "--yes", "--file", str(plan)]
    for delay in (0.6, 1.2, 1.8, 2.6):
        started = subprocess.Popen(command, env=home, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            started.wait(delay)
        except subprocess.TimeoutExpired:
            started.kill()
            started.wait()
    done = subprocess.run(command, env=home, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    listed = subprocess.run(
        [sys.executable, "-m", "dauys", "people", "list", "--json"],
        env=home, cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    people = json.loads(listed.stdout)["people"]
    assert [person["email"] for person in people] == ["ivan@example.org", "saule@example.org"]
    assert all(person["has_password"] for person in people)

"""The one rule of the house, where import-linter cannot see it: foreign keys, models, and promises of the docs."""

import ast
import re
from pathlib import Path

import pytest
from django.apps import apps

ROOT = Path(__file__).resolve().parents[2]
HOUSE = ROOT / "dauys"
ORDER = ["engines", "ledger", "institution", "hear", "understand", "answer", "prove", "web", "demo"]
"""From the ground up."""

SOURCES = [path for path in HOUSE.rglob("*.py") if "/migrations/" not in str(path) and "/tests/" not in str(path)]
ROOMS = [room for room in ORDER if any((HOUSE / room / name).exists() for name in ("models.py", "models"))]


def room_of(path: Path) -> str:
    return path.relative_to(HOUSE).parts[0]


def floor(room: str) -> int:
    return ORDER.index(room)


@pytest.mark.parametrize("room", ROOMS)
def test_a_foreign_key_points_to_its_own_room_or_an_earlier_one(room):
    for model in apps.get_app_config(room).get_models():
        for field in model._meta.get_fields():
            if field.is_relation and field.concrete and field.related_model is not None:
                target = field.related_model._meta.app_label
                # The ledger names the actor through AUTH_USER_MODEL: Django's own seam, not an import.
                is_actor = room == "ledger" and field.name == "actor"
                assert target == room or is_actor or floor(target) < floor(room), f"{model.__name__}.{field.name}"


def imports(path: Path):
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            yield node.module, [alias.name for alias in node.names]
        elif isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.name, []


@pytest.mark.parametrize("path", [p for p in SOURCES if room_of(p) == "engines"], ids=lambda p: p.name)
def test_an_engine_is_pure(path):
    forbidden = {"django", "os", "pathlib", "random", "time", "socket", "subprocess", "requests", "urllib", "logging"}
    for module, _names in imports(path):
        assert module.split(".")[0] not in forbidden, module
    code = path.read_text(encoding="utf-8")
    assert not re.search(r"\.(now|today|utcnow)\(\)|\bopen\(|\bprint\(", code)


@pytest.mark.parametrize("engine", sorted(p.stem for p in (HOUSE / "engines").glob("[a-z]*.py")))
def test_every_engine_is_explained_in_plain_words(engine):
    assert f"\n## {engine}\n" in (ROOT / "docs" / "engines.md").read_text(encoding="utf-8")


def test_no_signal_carries_the_flow():
    for path in SOURCES:
        for module, names in imports(path):
            assert not module.startswith("django.db.models.signals"), path
            assert "receiver" not in names or not module.startswith("django.dispatch"), path


def test_no_room_has_a_drawer_for_everything():
    names = {path.name for path in SOURCES}
    assert not names & {"utils.py", "helpers.py", "common.py", "misc.py"}


@pytest.mark.parametrize("room", ROOMS)
def test_every_room_tells_its_story_in_forty_lines(room):
    story = HOUSE / room / "README.md"
    assert story.exists()
    if room != "web":  # the roof's story lists every part
        assert len(story.read_text(encoding="utf-8").splitlines()) <= 40


def test_templates_hold_no_inline_style_script_or_outside_address():
    for path in HOUSE.rglob("*.html"):
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"\sstyle=|\son[a-z]+=\"|<style|<script(?![^>]*(?:\ssrc=|application/json))", text), path
        assert not re.search(r"(?:src|href)=\"(?:https?:)?//", text), path
        assert "|safe" not in text, path


def test_colours_are_tokens():
    for path in (HOUSE / "web" / "static" / "web" / "parts").glob("*.css"):
        assert not re.search(r"#[0-9a-fA-F]{3,8}\b|rgba?\(|hsla?\(|oklch\(", path.read_text(encoding="utf-8")), path


def test_every_command_has_its_line_in_the_help():
    from click.testing import CliRunner

    from dauys.cli import COMMANDS, main

    for name in COMMANDS:
        shown = CliRunner().invoke(main, [name, "--help"])
        assert shown.exit_code == 0, shown.output
        assert shown.output.count("\n") > 3

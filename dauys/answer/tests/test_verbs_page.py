"""docs/verbs.md tells every verb, its right, its entry and its leaf as they are."""

import inspect
import re
from pathlib import Path

import pytest

from dauys.answer import actions
from dauys.answer.words import deeds
from dauys.institution.rights import RIGHTS
from dauys.ledger.core.leaf import Kind

PAGE = Path(__file__).resolve().parents[3] / "docs" / "verbs.md"
NO_VERBS = {"answer_fields", "verdict_fields", "passages", "has_lapsed", "held_outside"}
"""Functions of the package that only tell something."""

TEXT = PAGE.read_text(encoding="utf-8")
ROWS = [[cell.strip() for cell in line.strip("|").split("|")] for line in TEXT.splitlines() if line.startswith("| `")]
WRITTEN = "\n".join(
    path.read_text(encoding="utf-8")
    for folder in ("actions", "post")
    for path in (Path(actions.__file__).parents[1] / folder).rglob("*.py")
)


def named(column: int) -> list[str]:
    return [name for row in ROWS for name in re.findall(r"`([^`]+)`", row[column])]


def test_every_verb_has_its_row():
    verbs = {name for name in actions.__all__ if inspect.isfunction(getattr(actions, name))} - NO_VERBS
    assert verbs <= set(named(0)), sorted(verbs - set(named(0)))


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_a_row_names_what_there_is(row):
    verbs, rights, entries, leaves = (re.findall(r"`([^`]+)`", cell) for cell in row)
    for verb in verbs:
        assert verb.endswith(".py") or f"\ndef {verb}(" in WRITTEN, verb
    assert set(rights) <= RIGHTS.keys()
    assert all(f'"{entry}"' in WRITTEN for entry in entries if entry.startswith(("answer.", "hear.")))
    for leaf in leaves:
        known = leaf in set(Kind) or f'"{leaf.partition(".")[0]}"' in WRITTEN
        assert known or leaf in verbs or f"def {leaf}(" in WRITTEN, leaf


def test_every_right_of_the_room_is_told():
    rights = {verb for verb in RIGHTS if verb.startswith("answer.")}
    assert rights <= set(re.findall(r"`(answer\.[a-z_]+)`", TEXT))


def test_every_entry_of_the_room_is_told():
    entries = set(re.findall(r'"(answer\.[a-z_]+)": _', inspect.getsource(deeds))) - RIGHTS.keys()
    assert entries <= set(named(2)), sorted(entries - set(named(2)))

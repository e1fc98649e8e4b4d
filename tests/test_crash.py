"""`kill -9` at any moment: nothing acknowledged is lost, nothing is done twice.

Real processes, each test in a home of its own; the moments of death are drawn from a fixed seed.
"""

import csv
import json
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest

from dauys.ledger.core import tree

CHILD = Path(__file__).parent / "crash" / "child.py"
PATIENCE_SECONDS = 60

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="only POSIX kills without a word"),
]


class Home:
    """One installation in a folder, with processes that live and die in it.

    Always SQLite, which dies with them; a PostgreSQL server outlives its clients.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        outside = {name: value for name, value in os.environ.items() if not name.startswith("DAUYS_")}
        self.environment = {**outside, "DAUYS_HOME": str(folder), "DAUYS_LOG": "ERROR"}

    def start(self, *arguments: object) -> "subprocess.Popen[str]":
        return subprocess.Popen(
            [sys.executable, str(CHILD), *map(str, arguments)],
            env=self.environment,
            stdout=subprocess.PIPE,
            text=True,
        )

    def finish(self, *arguments: object) -> list[str]:
        """Run to the end; the lines it said."""
        child = self.start(*arguments)
        said, _none = child.communicate(timeout=PATIENCE_SECONDS)
        assert child.returncode == 0, said
        return said.splitlines()

    def kill(self, *arguments: object, after_lines: int, and_seconds: float) -> list[str]:
        """Start, hear this many lines, wait a moment, kill. The lines it had said by then."""
        with self.start(*arguments) as child:
            assert child.stdout is not None
            said = [child.stdout.readline() for _line in range(after_lines)]
            time.sleep(and_seconds)
            child.kill()
            said += child.stdout.readlines()
        assert child.returncode == -signal.SIGKILL, "it ended before it could be killed"
        return [line.strip() for line in said]

    def ask(self, sql: str) -> list[tuple]:
        with closing(sqlite3.connect(self.folder / "dauys.sqlite3")) as database:
            return database.execute(sql).fetchall()

    def must_be_sound(self) -> dict[str, dict]:
        """The database's own check and the ledger's, both without a fault."""
        assert self.ask("PRAGMA integrity_check") == [("ok",)]
        ran = subprocess.run(
            [sys.executable, "-m", "dauys", "ledger", "check", "--json"],
            env=self.environment, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert ran.returncode == 0, ran.stdout + ran.stderr
        return json.loads(ran.stdout)


@pytest.fixture(scope="session")
def settled(tmp_path_factory) -> Home:
    """An empty institution, made once and copied."""
    home = Home(tmp_path_factory.mktemp("settled") / "home")
    home.folder.mkdir()
    home.finish("settle")
    return home


@pytest.fixture
def home(settled, tmp_path) -> Home:
    shutil.copytree(settled.folder, tmp_path / "home")
    return Home(tmp_path / "home")


def test_every_acknowledged_appeal_outlives_the_kill_and_none_is_doubled(home):
    chance = random.Random(20260310)
    people, each = 12, 40
    acknowledged: dict[str, tuple[str, str]] = {}
    for _life in range(4):
        said = home.kill(
            "intake", people, each, after_lines=chance.randint(1, 120), and_seconds=chance.uniform(0, 0.03)
        )
        for line in said:
            number, token, code = line.split()
            assert acknowledged.setdefault(token, (number, code)) == (number, code)
        kept = dict(home.ask("SELECT substr(text, 11), number FROM appeal"))
        lost = {token for token, (number, _code) in acknowledged.items() if kept.get(token) != number}
        assert not lost
    assert 0 < len(acknowledged) < people * each

    *said, done = home.finish("intake", people, each)  # everybody sends everything again
    assert done == "done"
    for line in said:
        number, token, code = line.split()
        assert acknowledged.setdefault(token, (number, code)) == (number, code)
    numbers = [number for (number,) in home.ask("SELECT number FROM appeal ORDER BY number")]
    assert numbers == [f"2026-{number:06d}" for number in range(1, people * each + 1)]
    assert home.finish("seal", 4096)[-1] == "done"
    found = home.must_be_sound()
    assert found["received"]["seen"] == found["grammar"]["seen"] == people * each


def test_a_past_taken_over_in_pieces_is_taken_once(home, tmp_path):
    chance = random.Random(3000)
    rows = 3_000
    path = tmp_path / "past.csv"
    with open(path, "w", encoding="utf-8", newline="") as file:
        table = csv.writer(file)
        table.writerow(["id", "created", "text"])
        for number in range(rows):
            # Every hundredth row has no words and is refused; the counts must say so exactly.
            text = "" if number % 100 == 99 else f"Обращение {number}: яма на дороге"
            table.writerow([number, f"2025-{number % 12 + 1:02d}-10 09:00", text])
    marks = []
    for _life in range(6):
        home.kill("take", path, after_lines=chance.randint(1, 7), and_seconds=chance.uniform(0, 0.06))
        ((done, taken, refused),) = home.ask('SELECT rows_done, taken, refused FROM "import"')
        assert (taken + refused, taken) == (done, home.ask("SELECT count(*) FROM appeal")[0][0])
        marks.append(done)
    assert marks == sorted(marks)
    assert 0 < marks[-1] < rows

    assert home.finish("take", path)[-1] == f"done {rows} {rows - 30} 30"
    assert home.finish("take", path)[-1] == f"done {rows} {rows - 30} 30"  # and once more changes nothing
    assert home.ask("SELECT count(*), count(DISTINCT text) FROM appeal") == [(rows - 30, rows - 30)]
    assert home.finish("seal", 4096)[-1] == "done"
    assert home.must_be_sound()["received"]["seen"] == rows - 30


def test_a_tree_sealed_through_many_deaths_is_the_tree_of_one_life(home):
    chance = random.Random(10_000)
    home.finish("fill", 10_000)
    leaves = [leaf for (leaf,) in home.ask("SELECT leaf FROM entry ORDER BY id")]
    for _life in range(5):
        home.kill("seal", 150, after_lines=chance.randint(1, 6), and_seconds=chance.uniform(0, 0.03))
    ((sealed,),) = home.ask("SELECT count(leaf_index) FROM entry")
    assert 0 < sealed < 10_000

    assert home.finish("seal", 150)[-1] == "done"
    assert home.ask("SELECT leaf_index FROM entry ORDER BY id") == [(index,) for index in range(10_000)]
    ((size, root),) = home.ask("SELECT size, root FROM checkpoint ORDER BY size DESC LIMIT 1")
    assert (size, root) == (10_000, tree.root([tree.leaf_hash(leaf.encode()) for leaf in leaves]))
    # These cases belong to no appeal, so only the ledger's own checks are asked here.
    ran = subprocess.run(
        [sys.executable, "-m", "dauys", "ledger", "check", "--json"],
        env=home.environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    found = json.loads(ran.stdout)
    assert {name for name, one in found.items() if not one["ok"]} == {"known"}
    assert found["heads"]["seen"] >= 5


def test_an_answer_is_sent_once_however_often_its_sender_dies(home):
    chance = random.Random(89)
    count = 60
    acknowledged: set[str] = set()
    for _life in range(4):
        said = home.kill("send", count, after_lines=chance.randint(2, 8), and_seconds=chance.uniform(0, 0.03))
        told = [line.split()[1:] for line in said if line.startswith("sent")]
        assert {ordinal for _appeal, ordinal in told} <= {"1"}  # sending again is told the first answer, not a second
        acknowledged |= {appeal for appeal, _ordinal in told}
        kept = {str(appeal) for (appeal,) in home.ask("SELECT appeal_id FROM answer")}
        assert acknowledged <= kept
    assert 0 < len(acknowledged) < count

    assert home.finish("send", count)[-1] == "done"
    assert home.ask("SELECT count(*), count(DISTINCT appeal_id), max(ordinal) FROM answer") == [(count, count, 1)]
    assert home.ask("SELECT count(*) FROM handling WHERE state = 'answered' AND NOT is_open") == [(count,)]
    assert home.ask("SELECT count(*) FROM entry WHERE verb = 'answer.send'") == [(count,)]
    assert home.finish("seal", 4096)[-1] == "done"
    home.must_be_sound()

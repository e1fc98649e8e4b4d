import csv
import gzip
import io
import json

import numpy as np
import pytest
from click.testing import CliRunner

from dauys.commands.evaluate import duplicates
from dauys.commands.evaluate.duplicates import curves, files
from dauys.understand import weights

COLUMNS = ("text", "category", "created", "lat", "lon", "building", "reason")
WORDS = {
    "lamp": ["Не горит лампа у входа", "Лампа у входа опять не горит", "Темно, лампа над входом перегорела"],
    "bin": ["Переполнен мусорный бак", "Мусорный бак не вывозят", "Бак для мусора переполнен неделю"],
}


@pytest.fixture(autouse=True)
def no_encoder(monkeypatch):
    def none():
        raise weights.NoEncoder("there is none")

    monkeypatch.setattr(weights, "encoder", none)


def town():
    """Twenty houses 120 metres apart in one street; a lamp and a bin at each, three people for either."""
    for house in range(20):
        for reason, texts in WORDS.items():
            for turn, text in enumerate(texts):
                yield {
                    "text": text, "category": "yard", "created": f"2026-{1 + house // 4:02}-{10 + turn:02}T09:00:00",
                    "lat": f"{50 + house * 120 / 111_195:.7f}", "lon": "82.0",
                    "building": f"b{house}", "reason": reason,
                }  # fmt: skip


def write(path, rows, columns=COLUMNS):
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, extrasaction="ignore")
    writer.writeheader()
    writer.writerows(rows)
    content = text.getvalue().encode()
    path.write_bytes(gzip.compress(content) if path.suffix == ".gz" else content)
    return path


def call(*arguments):
    return CliRunner().invoke(duplicates.command, [str(one) for one in arguments])


@pytest.mark.parametrize("name", ["town.csv", "town.csv.gz"])
def test_one_json_object_tells_both_methods_on_the_same_pairs(tmp_path, name):
    done = call(write(tmp_path / name, town()), "--json")
    assert done.exit_code == 0, done.output
    told = json.loads(done.stdout)
    assert told["appeals"] == 120
    assert told["positive_pairs"] == 20 * 2 * 3
    rule, ours = told["rule_category_250m_30days"], told["dauys"]
    assert rule["recall"] == 1
    assert ours["at_the_rules_recall"]["precision"] > rule["precision"]
    assert ours["average_precision"] > 0.9
    assert told["vectors"].startswith("none, words alone")
    assert told["learned"]["dauys_learned"]["average_precision"] > 0.9
    assert told["groups"]["recall"] > 0.5


def test_for_people_it_is_said_in_lines(tmp_path):
    done = call(write(tmp_path / "town.csv", town()))
    assert done.exit_code == 0
    assert "rule_category_250m_30days" in done.stdout
    assert "CPU seconds" in done.stdout


def test_what_is_measured_does_not_see_the_truth(tmp_path):
    """Other labels change what is counted as right, but not one score."""
    seen = []
    given = list(town())
    shuffled = [{**row, "reason": f"r{place % 2}", "building": f"c{place // 12}"} for place, row in enumerate(given)]
    for rows in (given, shuffled):
        read = files.read_appeals(write(tmp_path / "town.csv", rows))
        described = duplicates.appeals._described(read)
        left, right = files.within(read, 500)
        seen.append(described(left, right).tolist())
    assert seen[0] == seen[1]


def test_pairs_near_by_are_found_without_comparing_all(tmp_path):
    rng = np.random.default_rng(2)
    rows = [{**row, "lat": f"{50 + rng.uniform(-0.02, 0.02)}", "lon": f"{rng.uniform(-0.02, 0.02)}"} for row in town()]
    read = files.read_appeals(write(tmp_path / "town.csv", rows))
    left, right = files.within(read, 500)
    every, other = np.triu_indices(len(read.texts), 1)
    near = np.hypot(
        read.lat[every] - read.lat[other],
        (read.lon[every] - read.lon[other]) * np.cos(np.radians(read.lat[every])),
    )
    assert set(zip(left.tolist(), right.tolist(), strict=True)) == {
        (a, b) for a, b, far in zip(every.tolist(), other.tolist(), near, strict=True) if far <= 500 / 111_195
    }


def test_pairs_of_the_truth_are_counted_beyond_those_considered(tmp_path):
    known = {"text": "x", "category": "c", "lat": "", "lon": "", "building": "b", "reason": "r"}
    rows = [{**known, "created": f"2026-0{month}-01"} for month in (1, 1, 2, 5)]
    assert files.positive_pairs(files.read_appeals(write(tmp_path / "a.csv", rows))) == 1
    rows[2]["created"] = "2026-01-31"
    assert files.positive_pairs(files.read_appeals(write(tmp_path / "a.csv", rows))) == 3


def test_ties_are_taken_whole():
    told = {"rule_category_250m_30days": {"recall": 0.5, "precision": 0.5}}
    curve = curves.curve_of(np.array([1.0, 1.0, 0.0, 0.0]), np.array([True, False, True, False]), 2, told)
    assert curve["precision_at_recall"]["0.1"] == 0.5
    assert curve["average_precision"] == 0.5


@pytest.mark.parametrize(
    ("change", "message"),
    [
        pytest.param({"created": "yesterday"}, "line 2: created", id="no day"),
        pytest.param({"lat": "north"}, "line 2: lat", id="no latitude"),
        pytest.param({"lon": "720"}, "line 2: lon", id="off the globe"),
    ],
)
def test_a_bad_field_is_named_with_its_line(tmp_path, change, message):
    rows = list(town())
    done = call(write(tmp_path / "town.csv", [{**rows[0], **change}, *rows[1:]]))
    assert done.exit_code == 2
    assert message in done.stderr


@pytest.mark.parametrize("column", COLUMNS)
def test_a_missing_column_is_named(tmp_path, column):
    done = call(write(tmp_path / "town.csv", town(), [name for name in COLUMNS if name != column]))
    assert done.exit_code == 2
    assert f"the column {column} is missing" in done.stderr


def test_other_files_are_refused_with_the_reason(tmp_path):
    (tmp_path / "no.csv.gz").write_text("plain")
    (tmp_path / "no.csv").write_bytes(b"text,category\n\xff\xfe,\n")
    for name, reason in (("no.csv.gz", "cannot be read"), ("no.csv", "cannot be read"), ("none.csv", "No such file")):
        done = call(tmp_path / name)
        assert (done.exit_code, reason in done.stderr) == (2, True), done.output
    assert "Nothing to measure on" in call().stderr
    lonely = write(tmp_path / "one.csv", list(town())[:1])
    assert "fewer than two" in call(lonely).stderr


PAIRS = [
    ("нет воды в доме", "вода в доме не идёт"),
    ("яма на дороге", "дорога вся в ямах"),
    ("не горит фонарь", "фонарь погас"),
]


def pairs_file(path, pairs=PAIRS):
    rows = [{"a": a, "b": b, "language_a": "ru", "language_b": "ru"} for a, b in pairs]
    return write(path, rows, ("a", "b", "language_a", "language_b"))


def test_twins_are_found_by_words_alone_and_it_is_said_so(tmp_path):
    told = json.loads(call("--pairs", pairs_file(tmp_path / "p.csv"), "--json").stdout)["twins"]
    assert told["words"]["a_to_b_twin_at_1"] == 1
    assert told["vectors"].startswith("none, words alone")
    assert "meaning" not in told


def test_twins_are_found_by_meaning_where_there_is_an_encoder(tmp_path, monkeypatch):
    class Encoder:
        id = "by hand"

        def vectors(self, texts, languages):
            return np.eye(8, dtype=np.float32)[[(place % 3) for place in range(len(texts))]]

    monkeypatch.setattr(weights, "encoder", Encoder)
    done = call("--pairs", pairs_file(tmp_path / "p.csv"))
    assert "meaning: twin first 1.000 and 1.000 back" in done.stdout
    assert "by hand" in done.stdout


def test_a_tie_counts_against_the_twin(tmp_path):
    same = pairs_file(tmp_path / "p.csv", [("одно и то же", "одно и то же")] * 2)
    told = json.loads(call("--pairs", same, "--json").stdout)["twins"]
    assert told["words"]["a_to_b_twin_at_1"] == 0


def test_an_empty_text_in_a_pair_is_named(tmp_path):
    done = call("--pairs", pairs_file(tmp_path / "p.csv", [PAIRS[0], ("", "b")]))
    assert done.exit_code == 2
    assert "line 3: a is empty" in done.stderr

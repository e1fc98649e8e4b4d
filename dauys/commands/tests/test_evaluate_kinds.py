"""`dauys evaluate kinds`: figures by label on one's own lines, and what is wrong with a line that cannot be read."""

import json

import pytest
from click.testing import CliRunner

from dauys.commands.evaluate.kinds import command


def run(path, *arguments):
    return CliRunner().invoke(command, [*([str(path)] if path else []), *arguments])


@pytest.fixture
def lines(tmp_path):
    def write(*rows):
        path = tmp_path / "texts.jsonl"
        path.write_text("".join(row if isinstance(row, str) else json.dumps(row) + "\n" for row in rows), "utf-8")
        return path

    return write


def test_the_packaged_texts_are_read():
    done = run(None, "--json")
    told = json.loads(done.stdout)
    whole = told["parts"]["all"]
    assert done.exit_code == 0
    assert whole["texts"] >= 200
    assert {"half: dev", "half: figure", "lang: kk", "lang: ru", "lang: en", "lang: mixed"} <= set(told["parts"])
    assert whole["kind"]["accuracy"] >= 0.95
    assert whole["urgency"]["labels"]["danger"]["recall"] >= 0.95
    assert whole["deadline"]["recall"] >= 0.9
    assert whole["asks"]["recall"] >= 0.95


def test_a_mistake_lowers_the_figure_and_is_shown(lines):
    text = "Прошу убрать снег"
    path = lines(
        {"text": text, "kind": "application", "urgency": "usual", "asks": [{"kind": "do", "start": 6, "end": 17}]},
        {"text": text, "kind": "response", "urgency": "danger", "flags": ["gas"], "asks": 2},
    )
    told = json.loads(run(path, "--json", "--mistakes", "5").stdout)
    whole = told["parts"]["all"]
    assert (whole["kind"]["accuracy"], whole["urgency"]["accuracy"]) == (0.5, 0.5)
    assert whole["kind"]["labels"]["application"] == {"meant": 1, "given": 2, "precision": 0.5, "recall": 1.0}
    assert whole["urgency"]["flags"]["gas"]["recall"] == 0.0
    assert (whole["asks"]["recall"], whole["asks"]["count_right"]) == (1.0, 0.5)
    assert [one["line"] for one in told["mistakes"]] == [2]


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("{nonsense\n", "Line 1 is not JSON"),
        ({"words": "x"}, '"text"'),
        ({"text": "x", "kind": "poem"}, "complaint"),
        ({"text": "x", "urgency": "high"}, "usual, soon, danger"),
        ({"text": "x", "flags": "gas"}, "flags"),
        ({"text": "x", "received": "1.3.27"}, "YYYY-MM-DD"),
        ({"text": "x", "deadline": "2027-03-01"}, "no received"),
        ({"text": "x", "asks": [{"kind": "do"}]}, "start or end"),
        ({"text": "x", "asks": "two"}, "a number or a list"),
        ("\n", "holds no texts"),
    ],
)
def test_a_line_that_cannot_be_read_says_why(lines, row, said):
    done = run(lines(row))
    assert (done.exit_code, said in done.output) == (2, True), done.output

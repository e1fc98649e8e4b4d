"""Measuring the finding of personal data: three shapes of files, counts only, clear refusals."""

import gzip
import json
import tarfile

import pytest
from click.testing import CliRunner

from dauys.commands.evaluate.invented import NUMBERS, invented
from dauys.commands.evaluate.redaction import command
from dauys.engines import personal

PHONE = "8 701 000 00 01"


def run(*arguments):
    return CliRunner().invoke(command, [str(one) for one in arguments])


def told(*arguments):
    outcome = run(*arguments, "--json")
    assert outcome.exit_code == 0, outcome.output
    return json.loads(outcome.stdout)


@pytest.fixture
def spans_file(tmp_path):
    text = f"Звоните {PHONE} днём"
    rows = [
        {"text": text, "spans": [[8, 23, "phone"]]},
        {"text": "Опять нет света", "spans": [[6, 9, "name"]]},
        {"text": f"Ещё {PHONE}", "spans": []},
    ]
    path = tmp_path / "own.jsonl"
    path.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows), encoding="utf-8")
    return path


def test_own_lines_with_spans_are_counted(spans_file):
    value = told(spans_file)
    assert value["known"] == {"name": 1, "phone": 1}
    assert value["recall"]["phone"] == 1.0
    assert value["recall"]["name"] == 0.0
    assert value["false"]["phone"] == 1
    assert value["texts"] == 3


@pytest.mark.parametrize("arguments", [(), ("--json",)])
def test_no_word_of_the_texts_is_printed(spans_file, arguments):
    outcome = run(spans_file, *arguments)
    assert "701" not in outcome.output
    assert "Опять" not in outcome.output


def test_show_prints_where_it_erred(spans_file):
    assert PHONE in run(spans_file, "--show").output


def test_threads_count_telephones_and_moderators_masks(tmp_path):
    path = tmp_path / "threads.jsonl.gz"
    petition = {
        "segments": [
            [1, f"Течёт крыша, тел. {PHONE}. Дом 1, кв. "],
            [2, "XX"],
            [1, " и ещё "],
            [2, "XXXX XX XXXX XXX XX"],
        ]
    }
    with gzip.open(path, "wt", encoding="utf-8") as file:
        file.write(json.dumps({"petitions": [petition]}, ensure_ascii=False) + "\n")
    value = told(path)
    assert (value["known"]["phone"], value["telephone_slips"], value["masks"]) == (1, 0, 2)
    assert value["masks_by_neighbourhood"]["flat"] == {"masks": 1, "hidden": 1}
    assert value["masks_by_neighbourhood"]["cannot be told"]["masks"] == 1


@pytest.mark.parametrize("packed", [False, True], ids=["folder", "archive"])
def test_news_with_persons_are_read_as_folder_and_archive(tmp_path, packed):
    folder = tmp_path / "devset"
    folder.mkdir()
    (folder / "book_1.txt").write_text("Вчера приехала Анна Петрова из села.", encoding="utf-8")
    (folder / "book_1.spans").write_text(
        "1 name 15 4 1 1 # 1 Анна\n2 surname 20 7 2 1 # 2 Петрова\n3 loc_name 31 4 3 1 # 3 села\n"
    )
    (folder / "book_1.objects").write_text("10 Person 1 2 # Анна Петрова\n11 Location 3 # села\n", encoding="utf-8")
    path = folder
    if packed:
        path = tmp_path / "set.tar.gz"
        with tarfile.open(path, "w:gz") as archive:
            archive.add(folder, arcname="devset")
    value = told(path)
    assert value["names"] == {"recall": 1.0, "precision": 1.0, "exact": 1.0}


def test_invented_texts_need_no_file():
    value = told("--generated", 200, "--seed", 3)
    assert value["texts"] == 200
    assert value["numbers_recall"] >= 0.99


@pytest.mark.parametrize(
    ("held", "said"),
    [
        pytest.param("not json\n", "Line 1 of own.jsonl is not a JSON object", id="no JSON"),
        pytest.param('{"spans": []}\n', "“text” is missing", id="no text"),
        pytest.param('{"text": "вода"}\n', "“spans” is missing", id="no spans"),
        pytest.param('{"text": "вода", "spans": [[0, 9, "phone"]]}\n', "within the text", id="span outside"),
        pytest.param('{"text": "вода", "spans": [[0, 2, "colour"]]}\n', "“colour” is not known", id="unknown kind"),
        pytest.param('{"petitions": [{"segments": ["вода"]}]}\n', "“segments” must be", id="odd segments"),
        pytest.param("", "is empty", id="empty"),
    ],
)
def test_a_bad_file_is_refused_by_name_and_remedy(tmp_path, held, said):
    path = tmp_path / "own.jsonl"
    path.write_text(held, encoding="utf-8")
    outcome = run(path)
    assert outcome.exit_code == 2
    assert said in outcome.output


def test_a_foreign_archive_and_a_foreign_gzip_are_refused(tmp_path):
    for name in ("set.tar.gz", "own.jsonl.gz"):
        path = tmp_path / name
        path.write_bytes(b"\x00 not packed at all")
        outcome = run(path)
        assert outcome.exit_code == 2
        assert "cannot be read" in outcome.output


def test_either_a_file_or_invented_texts(spans_file):
    assert run().exit_code == 2
    assert run(spans_file, "--generated", 5).exit_code == 2


def test_invented_texts_are_read_almost_without_error():
    """The claim of docs/engines.md on a smaller number; `dauys evaluate redaction --generated 5000` is the whole."""
    known = found = false_texts = 0
    for one in invented(600, seed=11):
        spans = personal.find(one.text)
        for piece in one.known:
            if piece.kind in NUMBERS:
                known += 1
                hidden = sum(max(0, min(s.end, piece.end) - max(s.start, piece.start)) for s in spans)
                found += hidden >= 0.8 * (piece.end - piece.start)
        false_texts += any(
            s.kind in NUMBERS and not any(s.start < piece.end and piece.start < s.end for piece in one.known)
            for s in spans
        )
    assert known > 500
    assert found / known >= 0.99
    assert false_texts <= 1


def test_invented_texts_are_the_same_for_the_same_seed():
    assert list(invented(20, seed=5)) == list(invented(20, seed=5)) != list(invented(20, seed=6))
    for one in invented(200, seed=5):
        assert all(0 <= piece.start < piece.end <= len(one.text) for piece in one.known)

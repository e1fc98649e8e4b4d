"""`dauys evaluate places`: what is exact, what is too fine, what is invented."""

import json

import pytest
from click.testing import CliRunner

from dauys.commands.evaluate.places import command


def measured(*arguments):
    done = CliRunner().invoke(command, [*map(str, arguments), "--json"])
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout)


def test_the_packaged_texts_are_read_never_too_finely():
    told = measured()
    assert told["texts"] >= 120
    assert told["all"]["without_any"] >= 30
    assert (told["all"]["too_fine"], told["all"]["false_places"]) == (0, 0)
    assert told["all"]["street"]["exact_share"] >= 0.9
    assert told["all"]["area"]["exact_share"] >= 0.9


def test_mistakes_of_every_kind_are_counted(tmp_path):
    path = tmp_path / "gold.jsonl"
    rows = [
        {"text": "ул. Садовая 5", "street": "Садовая", "house": "6"},
        {"text": "ул. Садовая 5"},
        {"text": "нет воды", "street": "Садовая"},
    ]
    path.write_text("\n".join(json.dumps(row) for row in rows))
    told = measured(path, "--mistakes", "9")["all"]
    assert (told["street"]["exact"], told["street"]["coarser_or_none"], told["street"]["false"]) == (1, 1, 1)
    assert (told["house"]["wrong"], told["house"]["false"], told["false_places"]) == (1, 1, 1)


def test_an_address_beside_the_text_measures_agreement(tmp_path):
    path = tmp_path / "cases.csv"
    path.write_text(
        "words,where\n"
        'яма на ул. Садовой 5,"г. Лесной, улица Садовая, дом 5, корпус 1"\n'
        'яма на ул. Полевой 5,"улица Садовая, дом 5"\n'
        'яма,"улица Садовая, дом 5"\n'
    )
    told = measured(path, "--map", "text=words", "--address", "where")
    assert (told["with_address"], told["text_names_street"], told["street_agrees"]) == (3, 2, 1)
    assert (told["same_street_with_house"], told["house_agrees"]) == (1, 1)


@pytest.mark.parametrize(
    ("name", "content", "arguments", "told"),
    [
        ("a.csv", "words\nяма\n", (), "--map text=COLUMN"),
        ("a.txt", "", (), "neither .csv nor .jsonl"),
        ("a.jsonl", "{", (), "cannot be read"),
        ("a.jsonl", "[]", (), "is no JSON object"),
        ("a.csv", "text\n", (), "no text to read"),
        ("a.csv", "text\nяма\n", ("--map", "colour=text"), "Write FIELD=COLUMN"),
    ],
)
def test_a_wrong_file_or_column_says_what_to_do(tmp_path, name, content, arguments, told):
    path = tmp_path / name
    path.write_text(content)
    done = CliRunner().invoke(command, [str(path), *arguments])
    assert (done.exit_code, told in done.output) == (2, True), done.output

import builtins
import json

import pytest
from click.testing import CliRunner

from dauys.commands.evaluate import language
from dauys.engines.language import identify_many

LINES = {"kk": ["жарық", "көше жоқ"], "ru": ["дорога", "нет воды"], "en": ["street", "no water"]}


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setattr(language, "AT_LEAST_SECONDS", 0.01)
    for length in language.LENGTHS:
        (tmp_path / length).mkdir()
        for code, lines in LINES.items():
            (tmp_path / length / f"{code}.txt").write_text("\n".join(lines), encoding="utf-8")
    return tmp_path


@pytest.fixture
def alone(monkeypatch):
    """Nobody else's reader is installed."""
    real = builtins.__import__

    def without(name, *arguments, **options):
        if name.split(".")[0] in {"lingua", "py3langid"}:
            raise ImportError(name)
        return real(name, *arguments, **options)

    monkeypatch.setattr(builtins, "__import__", without)


def call(*arguments):
    return CliRunner().invoke(language.command, [str(one) for one in arguments])


def test_one_json_object_tells_accuracy_and_speed(folder, alone):
    done = call(folder, "--json")
    assert done.exit_code == 0, done.output
    told = json.loads(done.stdout)
    ours = told["readers"]["dauys"]
    assert ours["average"] == 1.0
    assert ours["accuracy"]["word-pairs"] == {"kk": 1.0, "ru": 1.0, "en": 1.0, "average": 1.0}
    assert ours["texts_a_second"]["all"] > 0
    assert told["texts"]["sentences"] == {"kk": 2, "ru": 2, "en": 2}


def test_absent_readers_are_left_out_with_the_way_to_get_them(folder, alone):
    told = json.loads(call(folder, "--json").stdout)
    assert told["not_installed"] == {"lingua": language.INSTALL, "py3langid": language.INSTALL}
    assert f"to compare with it: {language.INSTALL}" in call(folder).stdout


def test_wrong_answers_are_counted(folder, alone):
    for length in language.LENGTHS:
        (folder / length / "en.txt").write_text("street\nдорога\nstreets\nнет воды\n", encoding="utf-8")
    told = json.loads(call(folder, "--json").stdout)
    assert told["readers"]["dauys"]["accuracy"]["sentences"]["en"] == 0.5


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (lambda path: path.unlink(), "is missing"),
        (lambda path: path.write_text("\n \n"), "is empty"),
        (lambda path: path.write_bytes(b"\xff\xfe\xff"), "is not in UTF-8"),
        (lambda path: (path.unlink(), path.mkdir()), "cannot be read"),
    ],
    ids=["missing", "empty", "another encoding", "a folder"],
)
def test_a_bad_file_is_named_with_the_remedy(folder, spoil, told):
    path = folder / "word-pairs" / "ru.txt"
    spoil(path)
    done = call(folder, "--json")
    assert (done.exit_code, str(path) in done.stderr, told in done.stderr) == (2, True, True), done.output


def test_our_lines_of_other_spellings_hold_no_kazakh_letter_and_are_read(folder, alone):
    told = json.loads(call(folder, "--json").stdout)["dauys_unrestricted"]
    assert told["russian_keyboard"]["lines"] + told["latin"]["lines"] >= 80
    assert told["russian_keyboard"]["kk"] > 0.9
    assert told["latin"]["kk"] > 0.9
    assert identify_many(["көше"])[0].spelling == ""

"""`dauys weights`: said in plain words, as JSON, with honest exit codes."""

import json
import re

import pytest
from click.testing import CliRunner

from dauys.commands import weights as command
from dauys.commands.weights import weights
from dauys.understand import weights as kept


@pytest.fixture(autouse=True)
def own_home(settings, tmp_path):
    settings.HOME = tmp_path


def call(*arguments: str):
    return CliRunner().invoke(weights, arguments)


def test_it_says_which_model_is_in_use():
    told = json.loads(call("show", "--json").stdout)
    assert told["origin"] == "packaged"
    assert told["card"]["teacher_sha256"] == kept.TEACHER_SHA256
    assert "learned_from" in call("show").stdout


def test_it_measures_beside_a_plain_baseline():
    told = json.loads(call("evaluate", "--json").stdout)
    assert told["pairs"] >= 60
    assert told["model"]["kk_ru_at_1"] > told["tfidf"]["kk_ru_at_1"]
    assert told["texts_a_second"] > 0


def test_without_the_exact_encoder_nothing_is_made(monkeypatch):
    monkeypatch.setattr(kept, "TEACHER_PACKAGE", "no_such_package_here")
    done = call("make")
    assert done.exit_code == 1
    assert "semantic" in done.output


def test_a_model_is_made_and_put_into_use(monkeypatch, tmp_path):
    from dauys.engines.meaning import Packed, Teacher
    from dauys.engines.tests.test_meaning_teacher import WHOLE

    some = command.own_lessons()[::12]  # the whole is for an evening
    monkeypatch.setattr(command, "own_lessons", lambda: some)
    monkeypatch.setattr(command, "catalogue_lessons", list)
    monkeypatch.setattr(kept, "teacher", lambda: Teacher(Packed(WHOLE)))
    path = tmp_path / "texts.tsv"
    path.write_text("kk\tсу жоқ\nru\tнет воды\n", encoding="utf-8")
    done = call("make", "--texts", str(path), "--json")
    assert done.exit_code == 0, done.output
    told = json.loads(done.stdout)
    state = kept.state()
    assert (state.origin, state.id) == ("own", told["id"])
    assert any(source.startswith("texts.tsv sha256") for source in state.card["learned_from"])


@pytest.mark.parametrize("line", ["no tab here", "uz\tmatn", "\tтекст"])
def test_a_line_without_a_language_is_named(tmp_path, line, monkeypatch):
    monkeypatch.setattr(kept, "teacher", lambda: None)
    path = tmp_path / "texts.tsv"
    path.write_text(f"kk\tсу жоқ\n{line}\n", encoding="utf-8")
    done = call("make", "--texts", str(path))
    assert done.exit_code == 2
    assert "line 2" in done.output


def test_a_folder_without_annotations_is_named(tmp_path, monkeypatch):
    monkeypatch.setattr(kept, "teacher", lambda: None)
    done = call("make", "--cldr", str(tmp_path))
    assert done.exit_code == 2
    assert "annotations" in done.output


def test_lessons_are_read_from_each_form(tmp_path):
    iob = tmp_path / "iob2.txt"
    iob.write_text("Су B-X\nжоқ O\n. O\n\nЖол O\nжаман O\n", encoding="utf-8")
    assert [lesson.text for lesson in command.kaznerd_lessons(iob)] == ["Су жоқ.", "Жол жаман"]
    for language, name in (("kk", "ит"), ("ru", "собака"), ("en", "dog")):
        (tmp_path / language).mkdir()
        table = {"annotations": {"annotations": {"🐕": {"tts": [name], "default": [name, "🐾"]}}}}
        (tmp_path / language / "annotations.json").write_text(json.dumps(table), encoding="utf-8")
    named = command.cldr_lessons(tmp_path)
    assert {(lesson.language, lesson.text) for lesson in named if lesson.twin == "cldr 🐕"} == {
        ("kk", "ит"), ("ru", "собака"), ("en", "dog"),
    }  # fmt: skip


def test_our_own_lessons_hold_all_three_languages_and_pairs():
    lessons = command.own_lessons()
    assert {lesson.language for lesson in lessons} == {"kk", "ru", "en"}
    paired = {lesson.twin for lesson in lessons if lesson.twin and lesson.language == "kk"}
    assert len(paired & {lesson.twin for lesson in lessons if lesson.language == "ru"}) > 800
    assert not any("{" in lesson.text for lesson in lessons)


@pytest.mark.django_db
def test_an_archive_teaches_with_names_and_numbers_hidden(monkeypatch):
    from dauys.understand import actions

    text = "Меня зовут Иванов Пётр Сергеевич, телефон 8 701 123 45 67, не убирают снег во дворе"
    monkeypatch.setattr(actions, "past_samples", lambda: [(text, "roads.snow")])
    [lesson] = command.archive_lessons()
    assert "снег" in lesson.text
    assert "Иванов" not in lesson.text
    assert "701" not in lesson.text
    assert "[" not in lesson.text


@pytest.fixture(scope="module")
def sets():
    return command.EvaluationSets()


def test_the_twin_in_the_other_language_comes_first(sets):
    encoder = kept.encoder()
    told = sets.measured(lambda texts, code: encoder.vectors(texts, [code] * len(texts)))
    plain = sets.measured(command.letter_runs(sets))
    assert len(sets.ru) >= 60
    assert len(sets.kk_texts) >= 120
    assert min(told["ru_kk_at_1"], told["kk_ru_at_1"]) >= 0.90
    assert min(told["ru_kk_at_10"], told["kk_ru_at_10"]) >= 0.97
    assert told["kk_topics_from_ru_labels"] >= 0.88
    assert all(told[name] > plain[name] + 0.3 for name in told)


def test_every_topic_of_the_pairs_has_a_neighbour_to_be_mistaken_for():
    topics = [pair["topic"] for pair in command._table("understand", "data", "meaning_pairs.toml")["pair"]]
    assert all(topics.count(topic) >= 2 for topic in topics)


def test_nothing_is_measured_on_what_was_learned(sets):
    """No evaluation text shares half of its words with any text of ours that teaches."""

    def words(text):
        return set(re.findall(r"[^\W\d_]+", text.lower()))

    lessons = [words(lesson.text) for lesson in command.own_lessons()]
    for text in (*sets.ru, *sets.kk, *sets.kk_texts):
        asked = words(text)
        assert max(len(asked & known) / len(asked | known) for known in lessons) < 0.5, text


def test_vectors_come_quickly(sets):
    assert command.speed(kept.encoder(), sets) > 5_000  # a busy machine; docs/engines.md has the measured figure

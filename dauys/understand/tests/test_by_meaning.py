"""A reader taught in Russian alone suggests topics of Kazakh appeals by meaning, and never decides them."""

import tomllib
from importlib.resources import files

import pytest

from dauys.engines import meaning
from dauys.understand import actions, by_meaning, in_force, reading
from dauys.understand.models import Target, TopicModel

TOPICS = tomllib.loads((files("dauys.understand") / "data" / "starter.toml").read_text(encoding="utf-8"))["topic"]
RUSSIAN = [(text, topic["code"]) for topic in TOPICS for text in topic["ru"]]
KAZAKH = {
    "Көшеде шұңқыр көп, асфальт толық жарылып кеткен.": "roads.repair",
    "Үш күннен бері ауылда су жоқ, құдық та құрғап қалды.": "water.outage",
}
RUSSIAN_ASKED = "Третий день нет воды в доме"


@pytest.fixture(autouse=True)
def _nothing_held(settings, tmp_path):
    settings.HOME = tmp_path
    in_force._held.clear()
    in_force.forget()
    yield
    in_force._held.clear()
    in_force.forget()


def read(*texts):
    return reading.read_many([reading.Told(text, "", None, None) for text in texts])


def learn(now, samples=RUSSIAN, language="ru"):
    return actions.learn(samples, name="test", now=now, languages=[language] * len(samples))


def topic_of(one):
    return next(found for found in one.conclusions if found.aspect == "topic")


def test_kazakh_is_suggested_by_meaning_and_left_to_a_person(cast, now):
    learn(now)
    for (text, topic), one in zip(KAZAKH.items(), read(*KAZAKH), strict=True):
        assert topic_of(one).value == topic, text
        assert one.topic_id is None
        assert one.needs_person
        assert one.topic_confidence < in_force.sure()
        assert ["doubts", ["unseen_words", {"share": 1.0, "words": []}]] in topic_of(one).reasons


def test_what_the_reader_was_taught_in_reads_as_without(cast, now):
    row = learn(now)
    beside, kazakh = read(RUSSIAN_ASKED), read(*KAZAKH)
    TopicModel.objects.filter(id=row.id).update(meaning=b"")
    in_force._held.clear()
    assert read(RUSSIAN_ASKED) == beside
    assert read(*KAZAKH) != kazakh


@pytest.mark.parametrize("damaged", [b"torn", b'{"kind": "other"}\n'])
def test_a_damaged_reader_of_meaning_leaves_the_reader_of_words(cast, now, damaged):
    row = learn(now)
    TopicModel.objects.filter(id=row.id).update(meaning=damaged)
    in_force._held.clear()
    assert in_force.reader().version == row.version
    assert in_force.reader().by_meaning is None
    assert read(*KAZAKH)


def test_vectors_of_another_encoder_are_not_asked():
    head = meaning.Head.from_bytes(by_meaning.taught(RUSSIAN, ["ru"] * len(RUSSIAN), seed=1))
    assert by_meaning.opened(head.to_bytes()) is not None
    head.card["encoder"] = "another"
    assert by_meaning.opened(head.to_bytes()) is None


@pytest.mark.parametrize(
    ("samples", "languages"),
    [
        (RUSSIAN[: by_meaning.LEAST - 1], ["ru"] * (by_meaning.LEAST - 1)),
        (RUSSIAN[:300], ["ru", "kk", "en"] * 100),
        ([(text, str(i)) for i, (text, _topic) in enumerate(RUSSIAN)], ["ru"] * len(RUSSIAN)),
    ],
)
def test_no_second_reader_where_none_is_needed_or_can_be(samples, languages):
    assert by_meaning.taught(samples, languages, seed=1) == b""


def test_a_text_without_a_known_word_is_not_guessed():
    head = by_meaning.opened(by_meaning.taught(RUSSIAN, ["ru"] * len(RUSSIAN), seed=1))
    assert by_meaning.guesses(head, ["🙂 12", ""], ["kk", "kk"], sure=0.7) == [None, None]


def test_offices_are_read_by_words_alone(cast, now):
    row = actions.learn(RUSSIAN, name="test", now=now, target=Target.OFFICE, languages=["ru"] * len(RUSSIAN))
    assert bytes(row.meaning) == b""

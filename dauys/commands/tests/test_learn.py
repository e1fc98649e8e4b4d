"""`dauys learn` says how well the new reader does before it counts, and refuses what cannot be read."""

import json

import pytest
from click.testing import CliRunner

from dauys.commands import learn as command
from dauys.hear.actions import receive
from dauys.hear.submission import Submission
from dauys.ledger.models import Entry
from dauys.understand import actions, in_force, lessons
from dauys.understand.models import Examination, TopicModel

WORDS = {
    "water.outage": "нет воды, прорвало трубу у дома",
    "roads.repair": "яма на дороге, нужен ремонт асфальта у дома",
}


@pytest.fixture(autouse=True)
def _nothing_held():
    in_force._held.clear()
    in_force._unreadable.clear()


@pytest.fixture
def settled(cast, now, monkeypatch):
    """`settled(count)`: so many appeals, by turns of two topics, that a person settled."""
    monkeypatch.setattr(lessons, "LEAST", 20)
    monkeypatch.setattr(actions, "starter_samples", list)

    def make(count):
        for number in range(count):
            code = list(WORDS)[number % 2]
            text = f"Меня зовут Иванов Пётр Сергеевич. {WORDS[code]} {number}"
            appeal = receive(Submission(channel="web", token=f"{number}", text=text), now=now).appeal_id
            Examination.objects.create(
                appeal_id=appeal, language="ru", needs_person=False, examined_at=now, topic_confidence=1.0,
                topic=cast.water if code == "water.outage" else cast.roads,
            )  # fmt: skip

    return make


def call(*arguments):
    return CliRunner().invoke(command.learn, arguments)


def test_it_learns_from_the_past_and_says_how_it_did_on_the_newest(settled):
    settled(60)
    done = call("--json")
    assert done.exit_code == 0, done.output
    told = json.loads(done.stdout)
    row = TopicModel.objects.get()
    assert (told["in_force"], told["texts"], told["held_back"]) == (row.version, 60, 6)
    assert (told["accuracy"], told["languages"]) == (1.0, {"ru": 60})
    assert (row.is_current, row.card["span"]) == (True, told["span"])
    assert Entry.objects.get(verb="understand.learn").detail == {"version": row.version, "texts": 60}


@pytest.mark.parametrize(("count", "words"), [(0, "Only 0 appeals"), (19, "Only 19 appeals")])
def test_too_little_past_teaches_nothing(settled, count, words):
    settled(count)
    done = call()
    assert done.exit_code == 1
    assert words in done.output
    assert not TopicModel.objects.exists()


def test_a_past_of_one_topic_teaches_nothing(settled, cast):
    settled(40)
    Examination.objects.update(topic=cast.water)
    done = call()
    assert done.exit_code == 1
    assert "fewer than two topics" in done.output


def test_an_earlier_reader_comes_back_and_a_damaged_one_is_refused_with_the_reason(settled, now):
    samples = [(f"{words} {number}", code) for code, words in WORDS.items() for number in range(8)]
    first = actions.learn(samples, name="first", now=now)
    second = actions.learn(samples, name="second", now=now)
    TopicModel.objects.create(version="torn", content=b"torn", samples=1, trained_at=now)
    listed = call("--list")
    assert f"* {second.version}" in listed.output
    assert f"  {first.version}" in listed.output
    assert call("--use", first.version).exit_code == 0
    refused = call("--use", "torn")
    assert (refused.exit_code, "not a topic model" in refused.output) == (1, True)
    unknown = call("--use", "none")
    assert (unknown.exit_code, "dauys learn --list" in unknown.output) == (2, True)
    assert TopicModel.objects.get(is_current=True) == first


@pytest.mark.django_db
def test_without_an_institution_it_says_what_to_do():
    done = call()
    assert done.exit_code == 1
    assert "dauys up" in done.output

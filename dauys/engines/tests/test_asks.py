import time
import tomllib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dauys.engines.asks import KINDS, Lexicon, MalformedWords, asks

TABLE = Path(__file__).parents[2] / "understand" / "data" / "asks.toml"


@pytest.fixture(scope="module")
def table():
    return tomllib.loads(TABLE.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def lexicon(table):
    return Lexicon(table)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("Прошу убрать снег", [("do", "убрать снег")], id="one"),
        pytest.param(
            "Прошу убрать снег, вывезти мусор и наказать виновных",
            [("do", "убрать снег"), ("do", "вывезти мусор"), ("check", "наказать виновных")],
            id="verb after verb",
        ),
        pytest.param("Прошу починить дорогу и тротуар", [("do", "починить дорогу и тротуар")], id="two nouns are one"),
        pytest.param(
            "Почините лифт и ответьте мне", [("do", "Почините лифт"), ("inform", "ответьте мне")], id="orders"
        ),
        pytest.param(
            "Прошу: 1) спилить тополь; 2) дать ответ", [("do", "спилить тополь"), ("inform", "дать ответ")], id="list"
        ),
        pytest.param("Когда откроют бассейн?", [("inform", "Когда откроют бассейн")], id="a question"),
        pytest.param(
            "Прошу сообщить, когда дадут свет", [("inform", "сообщить, когда дадут свет")], id="told question"
        ),
        pytest.param("Прошу починить лифт, так как мама болеет", [("do", "починить лифт")], id="the ground is no ask"),
        pytest.param("Прошу вернуть деньги", [("pay", "вернуть деньги")], id="money"),
        pytest.param("Прошу вернуть автобус", [("do", "вернуть автобус")], id="not money"),
        pytest.param("Прошу выдать справку", [("allow", "выдать справку")], id="a paper"),
        pytest.param("Жолды жөндеуіңізді сұраймын", [("do", "Жолды жөндеуіңізді")], id="Kazakh"),
        pytest.param(
            "Тексеріп, жауап беріңіздер", [("check", "Тексеріп"), ("inform", "жауап беріңіздер")], id="Kazakh pair"
        ),
        pytest.param("Көпір қашан ашылады?", [("inform", "Көпір қашан ашылады")], id="Kazakh question"),
        pytest.param(
            "Please fix the gate and pay the refund", [("do", "fix the gate"), ("pay", "pay the refund")], id="English"
        ),
        pytest.param("Убрать свалку!", [("do", "Убрать свалку")], id="an infinitive"),
    ],
)
def test_what_is_asked(lexicon, text, expected):
    assert [(ask.kind, ask.words) for ask in asks(text, lexicon).items] == expected


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("Прошу прощения за беспокойство", "only_courtesy"),
        ("Рақмет!", "only_courtesy"),
        ("Сколько можно терпеть?", "only_rhetorical"),
        ("Фонарь не горит", "no_request"),
        ("Мне сказали «почините сами»", "no_request"),
        ("Вы не понимаете, что творится", "no_request"),
        ("", "nothing_to_read"),
        ("👍", "nothing_to_read"),
    ],
)
def test_nothing_asked_says_why(lexicon, text, reason):
    found = asks(text, lexicon)
    assert (found.items, found.reason) == ((), reason)


def test_a_broken_table_is_refused_by_name(table):
    with pytest.raises(MalformedWords, match="before"):
        Lexicon({**table, "before": "прошу"})
    with pytest.raises(MalformedWords, match="one word"):
        Lexicon({**table, "verb": [{"kind": "do", "words": ["два слова"]}]})
    with pytest.raises(MalformedWords, match="object 1"):
        Lexicon({**table, "object": [{"kind": "gift", "verbs": ["дать"], "with": ["торт"]}]})


@given(st.text(st.characters(exclude_categories=()), max_size=300))
@settings(max_examples=100, deadline=None)
def test_spans_are_the_citizens_words_in_order(lexicon, text):
    found = asks(text + ". Прошу убрать снег", lexicon)
    assert found.items
    for ask in found.items:
        assert (text + ". Прошу убрать снег")[ask.start : ask.end] == ask.words
        assert ask.kind in KINDS
        assert 0 < ask.confidence <= 1


def test_a_megabyte_is_read_in_time(lexicon):
    began = time.process_time()
    assert len(asks("прошу убрать снег, починить лифт и " * 30_000, lexicon).items) <= 50
    assert time.process_time() - began < 2

import time
import tomllib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dauys.engines.kinds import KINDS, Lexicon, MalformedRules, Rule, kind

TABLE = Path(__file__).parents[2] / "understand" / "data" / "kinds.toml"


@pytest.fixture(scope="module")
def lexicon():
    return Lexicon.from_table(tomllib.loads(TABLE.read_text(encoding="utf-8")))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("Прошу построить остановку", "application", id="help is asked"),
        pytest.param("Аялдама салып беруіңізді сұраймын", "application", id="help is asked, Kazakh"),
        pytest.param("Жалуюсь на работу ЦОНа", "complaint", id="called a complaint"),
        pytest.param("Әкімдіктің үстінен шағым түсіремін", "complaint", id="called a complaint, Kazakh"),
        pytest.param("Отдел опеки отказал мне в справке", "complaint", id="a refusal"),
        pytest.param("Почему не ходит автобус номер два?", "inquiry", id="a question"),
        pytest.param("Please tell me which office is open on Saturday", "inquiry", id="a question, English"),
        pytest.param("Во дворе лежит снег", "message", id="a bare statement"),
        pytest.param("Предлагаю открыть кружок шахмат", "proposal", id="an idea"),
        pytest.param("Бұл шағым емес, ұсыныс", "proposal", id="the other kind is denied, Kazakh"),
        pytest.param("Это не жалоба, а предложение", "proposal", id="the other kind is denied"),
        pytest.param("This is not a complaint but a proposal", "proposal", id="the other kind is denied, English"),
        pytest.param("Спасибо за ремонт дороги", "response", id="thanks"),
        pytest.param("Лампа не горит. Спасибо!", "message", id="mere courtesy is not thanks"),
        pytest.param("Мне ответили «подайте жалобу на соседа». Лифт не работает", "message", id="another's speech"),
    ],
)
def test_a_kind_is_read(lexicon, text, expected):
    assert kind(text, lexicon).kind == expected


def test_the_rule_that_decided_comes_with_its_article_and_the_words(lexicon):
    found = kind("Здравствуйте. Отдел отказал мне в выплате", lexicon)
    reason = found.reasons[0]
    assert (found.rule, reason.rule, reason.article) == ("refusal", "refusal", "APPC art. 4(1)(38)")
    assert not reason.checked
    assert "Здравствуйте. Отдел отказал мне в выплате"[reason.start : reason.end] == reason.words


def test_the_citizens_choice_stands_and_a_differing_reading_is_a_suggestion(lexicon):
    found = kind("Предлагаю открыть кружок шахмат", lexicon, chosen="complaint")
    assert (found.kind, found.rule, found.suggested) == ("complaint", "chosen", "proposal")
    assert kind("Жалуюсь на ЦОН", lexicon, chosen="complaint").suggested is None


@pytest.mark.parametrize(
    ("text", "roles"),
    [
        ("Жалоба на участкового", {"police"}),
        ("Прошу наказать сотрудника полиции", {"official", "police"}),
        ("Әкімдіктің әрекетсіздігіне шағымданамын", {"akimat"}),
        ("The clinic refused to see me", {"hospital"}),
        ("Прошу акимат починить дорогу", set()),
    ],
)
def test_the_body_complained_about_is_named(lexicon, text, roles):
    assert {body.role for body in kind(text, lexicon).against} == roles


@pytest.mark.parametrize("text", ["", "   ", "👍", "?!", "\n\n"])
def test_nothing_to_read_is_no_kind(lexicon, text):
    found = kind(text, lexicon)
    assert (found.kind, found.confidence, found.rule) == (None, 0.0, "nothing_to_read")


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        (Rule("x", "poem", 1.0, ("вода",)), "kind must be"),
        (Rule("x", "message", 0.0, ("вода",)), "weight"),
        (Rule("x", "message", 1.0, ("{nobody} ушёл",)), "not a class"),
        (Rule("x", "message", 1.0, ("^ ?",)), "no word"),
        (Rule("x", "message", 1.0, ("во*да",)), "letters"),
    ],
)
def test_a_bad_rule_is_named_with_its_remedy(rule, said):
    with pytest.raises(MalformedRules, match=said):
        Lexicon([rule])


@given(st.text(st.characters(exclude_categories=()), max_size=300))
@settings(max_examples=100, deadline=None)
def test_any_text_has_a_kind_or_none(lexicon, text):
    found = kind(text, lexicon)
    assert found.kind in {*KINDS, None}
    assert 0 <= found.confidence <= 1
    assert all(text[reason.start : reason.end] == reason.words for reason in found.reasons)
    assert found == kind(text, lexicon)


def test_a_megabyte_is_read_in_time(lexicon):
    began = time.process_time()
    kind("прошу жалоба на акимат " * 45_000, lexicon)
    assert time.process_time() - began < 1

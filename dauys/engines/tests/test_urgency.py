import time
import tomllib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dauys.engines.urgency import Lexicon, MalformedRule, Rule, urgency

LIST = Path(__file__).parents[2] / "understand" / "data" / "urgency.toml"


@pytest.fixture(scope="module")
def lexicon():
    rules = tomllib.loads(LIST.read_text(encoding="utf-8"))["rule"]
    return Lexicon([Rule(r["code"], r["level"], tuple(r["phrases"]), tuple(r.get("unless", ()))) for r in rules])


@pytest.mark.parametrize(
    ("text", "level", "code"),
    [
        pytest.param("В подъезде сильно пахнет газом!", "danger", "gas", id="smell of gas"),
        pytest.param("Подъезде газдың иісі шығып тұр", "danger", "gas", id="smell of gas, Kazakh"),
        pytest.param("Strong smell of gas on the stairs", "danger", "gas", id="smell of gas, English"),
        pytest.param("Горит квартира на третьем этаже", "danger", "fire", id="fire"),
        pytest.param("Көрші үйде өрт шықты", "danger", "fire", id="fire, Kazakh"),
        pytest.param("Оборванный провод лежит на детской площадке", "danger", "live_wire", id="a live wire"),
        pytest.param("Сым үзіліп, жерде жатыр", "danger", "live_wire", id="a live wire, Kazakh"),
        pytest.param("открытый люк, упадёт ребёнок", "danger", "open_pit", id="an open manhole"),
        pytest.param("Бала жоғалды, көмектесіңіздер", "danger", "child", id="a child is missing"),
        pytest.param("Третий день нет воды", "soon", "no_water", id="no water"),
        pytest.param("уш кун су жок", "soon", "no_water", id="no water, on a Russian keyboard"),
        pytest.param("Батареи ледяные, дети болеют", "soon", "no_heating", id="no heating"),
        pytest.param("үйде жылу жоқ", "soon", "no_heating", id="no heating, Kazakh"),
        pytest.param("No electricity since Friday", "soon", "no_power", id="no power"),
    ],
)
def test_what_cannot_wait(lexicon, text, level, code):
    found = urgency(text, lexicon)
    assert found.level == level
    assert code in dict(found.reasons)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("Прошу провести газ в посёлок", id="gas, but no smell of it"),
        pytest.param("На нашей улице не горят фонари у дома", id="lamps that do not burn"),
        pytest.param("Нет горячей воды", id="only the hot water is off"),
        pytest.param("Спасибо за новый парк", id="thanks"),
        pytest.param("Пахнет краской. Газ подорожал", id="the words stand in two sentences"),
    ],
)
def test_what_can_wait(lexicon, text):
    assert urgency(text, lexicon).level == "usual"


def test_the_citizens_own_words_are_the_reason(lexicon):
    assert dict(urgency("Тут сильный запах какого-то газа", lexicon).reasons) == {"gas": "запах газа"}


def test_danger_is_named_before_the_rest(lexicon):
    found = urgency("Нет воды. Пахнет газом.", lexicon)
    assert found.level == "danger"
    assert [code for code, _ in found.reasons] == ["gas", "no_water"]


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        (Rule("x", "often", ("вода",)), "level"),
        (Rule("x", "soon", ()), "phrase"),
        (Rule("x", "soon", ("*",)), "letters"),
        (Rule("x", "soon", (" ",)), "empty"),
    ],
)
def test_a_bad_rule_is_named_with_its_remedy(rule, said):
    with pytest.raises(MalformedRule, match=said):
        Lexicon([rule])


@given(st.text(st.characters(exclude_categories=()), max_size=300))
@settings(max_examples=100, deadline=None)
def test_the_list_only_ever_raises(lexicon, text):
    found = urgency(f"{text}. Пахнет газом.", lexicon)
    assert found.level == "danger"
    assert found == urgency(f"{text}. Пахнет газом.", lexicon)


def test_a_megabyte_is_read_in_time(lexicon):
    began = time.process_time()
    urgency("газ запах нет воды " * 52_000, lexicon)
    assert time.process_time() - began < 2

import time
import tomllib
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dauys.engines.urgency import Lexicon, MalformedRule, Rule, deadline, urgency

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
        pytest.param("Газом не пахнет", id="denied"),
        pytest.param("Запаха газа нет, но плита старая", id="denied at the end"),
        pytest.param("Газ иісі жоқ", id="denied, Kazakh"),
        pytest.param("There is no smell of gas", id="denied, English"),
        pytest.param("В прошлом году случился пожар", id="long past"),
        pytest.param("Былтыр өрт болып жатыр еді", id="long past, Kazakh"),
        pytest.param("Мастер горит желанием работать", id="an idiom"),
        pytest.param("Топит верхний этаж", id="a neighbour's leak"),
        pytest.param("В доме нет пожарной сигнализации", id="fire alarm, no fire"),
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


@pytest.mark.parametrize(
    "text",
    ["Воды нет, пахнет газом", "В прошлом году чинили, а сейчас опять пахнет газом", "света нет пахнет газом"],
)
def test_a_denial_of_something_else_takes_nothing_back(lexicon, text):
    assert "gas" in dict(urgency(text, lexicon).reasons)


def test_rules_join_across_sentences(lexicon):
    assert urgency("Нет отопления.", lexicon).level == "soon"
    found = urgency("Нет отопления. Дома новорождённый.", lexicon)
    assert (found.level, found.reasons[0][0]) == ("danger", "cold")
    with pytest.raises(MalformedRule, match="earlier rule"):
        Lexicon([Rule("x", "danger", ("{later}",)), Rule("later", "sign", ("мороз",))])


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("Моя бабушка живёт одна", {"elderly"}),
        ("Көпбалалы анамын", {"large_family"}),
        ("I am pregnant and use a wheelchair", {"pregnant", "disabled"}),
        ("Дом старый", set()),
    ],
)
def test_people_who_need_care_first_are_flagged_and_raise_nothing(lexicon, text, codes):
    found = urgency(text, lexicon)
    assert ({code for code, _words in found.vulnerable}, found.level) == (codes, "usual")


def test_the_score_orders_a_desk_and_is_made_of_its_parts(lexicon):
    day = date(2027, 3, 1)
    texts = [
        "Спасибо", "Бабушка одна", "Нет воды", "Нет воды, дома инвалид",
        "Нет воды, дома инвалид, прошу включить до завтра", "Пахнет газом", "Пахнет газом, дома инвалид",
    ]  # fmt: skip
    scores = [urgency(text, lexicon, received_on=day).score for text in texts]
    assert scores == sorted(scores)
    assert len(set(scores)) == len(scores)
    assert 0 <= scores[0] < scores[-1] <= 1
    assert dict(urgency(texts[1], lexicon).parts) == {"elderly": scores[1]}


MONDAY = date(2027, 3, 1)


@pytest.mark.parametrize(
    ("text", "due"),
    [
        ("Прошу ответить до 15 марта", date(2027, 3, 15)),
        ("Прошу ответить не позднее 15.04.2027", date(2027, 4, 15)),
        ("Нужно до 5 числа", date(2027, 3, 5)),
        ("15 наурызға дейін жауап беріңіз", date(2027, 3, 15)),
        ("наурыздың 15-іне дейін жауап беріңіз", date(2027, 3, 15)),
        ("Please answer by March 15", date(2027, 3, 15)),
        ("Please answer by the 15th of March 2027", date(2027, 3, 15)),
        ("Прошу сделать к пятнице", date(2027, 3, 5)),
        ("Жұмаға дейін жөндеңіздер", date(2027, 3, 5)),
        ("Please fix it by Friday", date(2027, 3, 5)),
        ("Прошу до понедельника", date(2027, 3, 8)),
        ("Через два дня суд", date(2027, 3, 3)),
        ("Екі күннен кейін сот", date(2027, 3, 3)),
        ("The hearing is in two days", date(2027, 3, 3)),
        ("20 марта операция", date(2027, 3, 20)),
        ("Ертең сот", date(2027, 3, 2)),
        ("Прошу сделать до конца месяца", date(2027, 3, 31)),
        ("Айдың соңына дейін төлеңіздер", date(2027, 3, 31)),
        ("Прошу устранить в течение трёх дней", date(2027, 3, 4)),
        ("Үш күн ішінде тексеріңіздер", date(2027, 3, 4)),
        pytest.param("Обещали сделать до 15 марта", None, id="a promise of others"),
        pytest.param("Двор не убирали до 15 марта", None, id="a day told, not set"),
        pytest.param("Прошу ответить до 15 января", None, id="just past"),
        pytest.param("Прошу ответить до 31 февраля", None, id="no such day"),
        pytest.param("Прошу учесть: с 1 до 15 марта меня не будет", None, id="a span of days"),
        pytest.param("Прошу принять детей до 15 лет", None, id="an age"),
        pytest.param("Прошу починить кран", None, id="none"),
    ],
)
def test_the_day_a_text_sets(text, due):
    found = deadline(text, MONDAY)
    assert (found and found.due_on) == due
    if found:
        assert text[found.start : found.end] == found.words


@given(st.text(st.characters(exclude_categories=()), max_size=200), st.dates(date(1990, 1, 1), date(2200, 1, 1)))
@settings(max_examples=100, deadline=None)
def test_a_set_day_never_lies_before_receipt(text, day):
    found = deadline(f"{text}. Прошу ответить до 29 февраля, к пятнице, через неделю суд", day)
    assert found is not None
    assert found.due_on >= day

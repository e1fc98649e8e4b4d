"""What an answer does and avoids, case by case; and the risk of a dispute as a file that cannot lie."""

import json
import tomllib
from datetime import date
from importlib.resources import files

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dauys.engines import answer_check
from dauys.engines.answer_check import (
    CODES,
    Ask,
    Case,
    Duty,
    Earlier,
    MalformedCues,
    Moment,
    Personal,
    Severity,
    TooFewVerdicts,
    UnreadableModel,
    check,
    risk,
)

CUES = answer_check.packaged()
LAW = Duty(facts=True, cites_law=True, complaint_route=True, article="art. 89(2)", also_lawful=("kk",))
GOOD = (
    "Здравствуйте! Мастер ТОО «Свет» Ахметов И.И. 12 марта 2026 года заменил лампу на улице Лесной. "
    "Основание: статья 12 Закона. Вы вправе подать жалобу в вышестоящий орган."
)


def codes(answer, appeal="", **told):
    return [one.code for one in check(Case(appeal, answer, **told), CUES)]


def quoted(answer, code, appeal="", **told):
    found = next(one for one in check(Case(appeal, answer, **told), CUES) if one.code == code)
    return [answer[start:end] for start, end in found.spans]


def test_a_good_answer_needs_no_advice():
    assert codes(GOOD, "Прошу заменить лампу", asks=(Ask("заменить лампу", "do"),), language="ru", reads_as="ru",
                 duty=LAW) == []  # fmt: skip


@pytest.mark.parametrize("answer", ["", "   ", "ок", "Выполнено", "👍👍👍", "Шешілді."])
def test_a_word_is_no_answer(answer):
    assert codes(answer) == ["empty"]


@pytest.mark.parametrize(
    ("answer", "missing"),
    [
        pytest.param("Замечания по вашему обращению устранены.", True, id="settled, nobody learns how"),
        pytest.param("Проблема по указанному адресу решена, меры приняты.", True, id="measures"),
        pytest.param("Работы по приведению двора в надлежащее состояние выполнены.", True, id="hollow works"),
        pytest.param("Рассмотрев сообщение от 03.02.2026 № 51234, сообщаем: замечания устранены.", True, id="frame"),
        pytest.param("Мәселе толығымен шешілді, шаралар қабылданды.", True, id="Kazakh, settled"),
        pytest.param("The issue has been resolved by our service.", True, id="English, settled"),
        pytest.param("Граффити с фасада удалены, стена закрашена.", False, id="a deed"),
        pytest.param("Замечания устранены: лампа на третьем этаже заменена.", False, id="settled, and how"),
        pytest.param("Проверка показала, что посторонних проводов нет, факты не подтвердились.", False, id="refuted"),
        pytest.param("Оплата пересчитана за 14 дней, начислено 2 300 тенге.", False, id="numbers"),
        pytest.param("Шам ауыстырылды, жарық қосылды.", False, id="Kazakh deed"),
        pytest.param("The lamp was replaced.", False, id="English deed"),
        pytest.param("Лампа не заменена, замечания устранены.", True, id="what was not done is no deed"),
    ],
)
def test_concrete_facts(answer, missing):
    assert ("no_facts" in codes(answer)) is missing


def test_missing_facts_are_serious_where_the_law_asks_for_them():
    answer = "Замечания по вашему обращению устранены."
    by_duty = {
        duty.facts: next(one for one in check(Case("", answer, duty=duty), CUES) if one.code == "no_facts").severity
        for duty in (Duty(), LAW)
    }
    assert by_duty == {False: Severity.ADVICE, True: Severity.SERIOUS}


@pytest.mark.parametrize(
    ("answer", "missing"),
    [
        ("Снег убран 12.01.2026.", False),
        ("Снег убран 12 января.", False),
        ("Яму засыпят до конца мая.", False),
        ("Жол 2026 жылғы 5 мамырда жөнделді.", False),
        ("Works end within 10 days.", False),
        ("Снег убран на участке.", True),
        ("На ваше обращение от 12.01.2026 сообщаем: снег убран.", True),
        ("Снег убран согласно правилам от 18.07.2016 № 897-р.", True),
        ("Снег убран согласно пункту 5.4.17 правил.", True),
        ("Снег убран, как того требует конвенция 14 июля 1967 года.", True),
    ],
)
def test_the_day_of_a_deed_is_not_the_day_of_a_paper(answer, missing):
    assert ("no_date" in codes(answer, today=date(2026, 5, 1))) is missing


@pytest.mark.parametrize(
    ("answer", "missing"),
    [
        ("Лампа заменена, ответственный: мастер участка.", False),
        ("Лампа заменена подрядчиком ТОО «Свет».", False),
        ("Лампу заменил Ахметов И.И. вчера.", False),
        ("Шамды жауапты маман ауыстырды.", False),
        ("The contractor replaced the lamp.", False),
        ("Лампа заменена по адресу: дом 5, литера А. Проход обеспечен.", True),
    ],
)
def test_somebody_is_responsible(answer, missing):
    assert ("no_person" in codes(answer)) is missing


ASKED = (Ask("починить фонарь", "do"), Ask("спилить старый тополь", "do"))


@pytest.mark.parametrize(
    ("answer", "left"),
    [
        pytest.param("Фонарь починен, тополь спилен.", [], id="both"),
        pytest.param("Фонарь починен 5 мая.", ["спилить старый тополь"], id="one of two"),
        pytest.param("Проблема устранена полностью.", ["починить фонарь", "спилить старый тополь"], id="in general"),
        pytest.param("Благодарим за вашу заботу.", ["починить фонарь", "спилить старый тополь"], id="none"),
        pytest.param(
            "По вопросу о фонаре и тополе сообщаем. Фонарь заменён. Тополь удалён.", [], id="restated, then answered"
        ),
    ],
)
def test_each_thing_asked(answer, left):
    found = [one for one in check(Case("", answer, ASKED), CUES) if one.code == "ask_not_answered"]
    assert [one.params["asked"] for one in found] == left


def test_an_answer_in_general_is_told_from_silence():
    how = {
        answer: {one.params["how"] for one in check(Case("", answer, ASKED), CUES) if one.code == "ask_not_answered"}
        for answer in ("Проблема устранена полностью.", "Благодарим за ваше неравнодушие к городу.")
    }
    assert list(how.values()) == [{"general"}, {"missing"}]


@pytest.mark.parametrize(
    ("ask", "answer", "answered"),
    [
        ("когда починят фонарь", "Фонарь починят до 5 мая.", True),
        ("когда починят фонарь", "Фонарь стоит в плане ремонта.", False),
        ("почему нет воды", "Вода отключена в связи с ремонтом насоса.", True),
        ("почему нет воды", "Вода бывает на улице Лесной.", False),
        ("сколько стоит подключение", "Подключение стоит 12 000 тенге.", True),
        ("сколько стоит подключение", "Подключение платное для всех.", False),
        ("қашан жөнделеді", "Жол 5 мамырда жөнделеді.", True),
        ("when will it be fixed", "Our service works well.", False),
    ],
)
def test_a_question_wants_its_own_kind_of_answer(ask, answer, answered):
    assert ("ask_not_answered" not in codes(answer, asks=(Ask(ask, "inform"),))) is answered


@pytest.mark.parametrize(
    ("answer", "passed_on"),
    [
        ("Ваше обращение направлено в отдел благоустройства.", True),
        ("Вам следует обратиться в управляющую организацию.", True),
        ("Вопрос не относится к нашей компетенции.", True),
        ("Өтінішіңіз тиісті бөлімге жолданды.", True),
        ("Your letter was forwarded to the road service.", True),
        ("Заявка направлена в ТОО «Свет», лампа заменена 5 мая.", False),
        ("В суд направлено исковое заявление к собственнику.", False),
        ("Снег убран 5 марта.", False),
    ],
)
def test_forwarding_instead_of_deciding(answer, passed_on):
    assert ("forwarded" in codes(answer)) is passed_on


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ("Лампа будет заменена в плановом порядке.", ["будет заменена"]),
        ("Ремонт планируется при наличии средств.", ["планируется"]),
        ("Шам жақын арада ауыстырылатын болады.", ["ауыстырылатын болады"]),
        ("The lamp will be replaced in due course.", ["will be replaced"]),
    ],
)
def test_a_promise_needs_a_day(answer, words):
    assert quoted(answer, "promise_without_date") == words


@pytest.mark.parametrize(
    "answer",
    [
        "Лампа будет заменена до 5 мая 2026 года.",
        "Лампа будет заменена. Срок: до 5 мая.",
        "Проблема устранена в плановом порядке, лампа заменена.",
        "Работы не планируются.",
        "Шам 5 мамырға дейін ауыстырылатын болады.",
    ],
)
def test_no_promise_or_one_with_a_day(answer):
    assert "promise_without_date" not in codes(answer)


def test_the_law_asks_only_where_it_binds():
    answer = "Лампа заменена 5 мая, исполнитель ТОО «Свет»."
    assert codes(answer) == []
    assert codes(answer, duty=LAW) == ["law_not_cited", "no_complaint_route"]
    assert codes(answer + " Шешімге шағым беруге болады, Заңның 12-бабы.", duty=LAW) == []


@pytest.mark.parametrize(
    ("wanted", "found", "severity"),
    [
        ("ru", "en", Severity.SERIOUS),
        ("kk", "ru", Severity.SERIOUS),
        ("ru", "kk", Severity.ADVICE),  # the state language is always lawful
        ("ru", "ru", None),
        ("ru", "mixed", None),
        ("ru", "", None),
    ],
)
def test_the_language_of_the_appeal(wanted, found, severity):
    told = check(Case("", "Лампа заменена 5 мая.", language=wanted, reads_as=found, duty=LAW), CUES)
    assert [one.severity for one in told if one.code == "wrong_language"] == ([severity] if severity else [])


LONG_ANSWER = (
    "Комиссия обследовала участок и установила, что дорожное полотно относится к третьей категории, износ покрытия "
    "составляет сорок процентов, а замена бордюрного камня включена в перечень работ текущего года."
)


@pytest.mark.parametrize(
    ("appeal", "earlier", "is_copy"),
    [
        pytest.param(
            "Во дворе второй месяц не работает детская площадка, сломаны качели",
            Earlier(LONG_ANSWER, "Разбита дорога возле школы, ямы глубокие, автобус не проходит", key="7"),
            True, id="another question",
        ),
        pytest.param(
            "Разбита дорога у больницы, ямы на всём участке, автобус стоит",
            Earlier(LONG_ANSWER, "Разбита дорога возле школы, ямы глубокие, автобус не проходит"),
            False, id="the same question",
        ),
        pytest.param(
            "Во дворе второй месяц не работает детская площадка, сломаны качели",
            Earlier("Качели починены, площадка открыта.", "Разбита дорога возле школы, ямы глубокие, автобус стоит"),
            False, id="another answer",
        ),
    ],
)  # fmt: skip
def test_a_copy_of_an_answer_to_another_question(appeal, earlier, is_copy):
    told = check(Case(appeal, LONG_ANSWER, earlier=(earlier,)), CUES)
    found = [one for one in told if one.code == "copied"]
    assert bool(found) is is_copy
    if is_copy:
        assert (found[0].params, found[0].spans) == ({"share": 100, "key": "7"}, ((0, len(LONG_ANSWER) - 1),))


PHONES = "Сосед Петров Пётр Петрович болеет астмой. Снег убран вчера. До свидания."


@pytest.mark.parametrize(
    ("words", "kind", "appeal", "severity"),
    [
        ("Петров Пётр Петрович", "name", "", Severity.ADVICE),
        ("астмой", "health", "", Severity.SERIOUS),
        ("Петров Пётр Петрович", "name", "Петров Пётр Петрович шумит", None),
        ("вчера", "address", "", None),
    ],
)
def test_personal_data_of_others(words, kind, appeal, severity):
    start = PHONES.index(words)
    personal = (Personal(start, start + len(words), kind),)
    told = [one for one in check(Case(appeal, PHONES, personal=personal), CUES) if one.code == "personal_data"]
    assert [one.severity for one in told] == ([severity] if severity else [])


def test_whoever_answers_or_is_greeted_is_no_secret():
    answer = "Уважаемая Тестова Айгуль! Начальник отдела Ахметов Иван убрал снег. Снег убран вчера."
    personal = tuple(
        Personal(answer.index(name), answer.index(name) + len(name), "name")
        for name in ("Тестова Айгуль", "Ахметов Иван")
    )
    assert "personal_data" not in codes(answer, personal=personal)


def test_a_long_sentence_is_marked_whole():
    answer = "Коротко. " + "слово " * 50 + "конец."
    found = next(one for one in check(Case("", answer), CUES) if one.code == "long_sentences")
    assert (found.params, answer[slice(*found.spans[0])]) == ({"words": 51, "many": 1}, answer[9:])


ANY = st.text(st.characters(exclude_categories=()), max_size=300)
TALK = (
    "снег убран будет до 5 мая. № 12345 от 03.02.2026 сообщаем, направлено в отдел! ст. 12 закона шешілді жолданды "
    "И.И. Ахметов replaced will be ул. Лесная д. 5 ;"
)
WORDS = st.lists(st.sampled_from([*TALK.split(), "\n\n"])).map(" ".join)


@given(ANY | WORDS, ANY | WORDS, st.lists(ANY | WORDS, max_size=3), st.integers(-5, 400), st.integers(-5, 400))
@settings(max_examples=200, deadline=None)
def test_whatever_the_texts_hold(appeal, answer, others, start, end):
    case = Case(
        appeal, answer, tuple(map(Ask, others)), "ru", "kk", LAW, "t", tuple(Earlier(one, answer) for one in others),
        (Personal(start, end, "name"), Personal(start, end, "iin")), date(2026, 5, 1),
    )  # fmt: skip
    told = check(case, CUES)
    assert told == check(case, CUES)
    for one in told:
        assert one.code in CODES
        assert list(one.spans) == sorted(one.spans)
        assert all(0 <= first < last <= len(answer) for first, last in one.spans)
        json.dumps(one.params)


@pytest.mark.parametrize(
    ("change", "names"),
    [
        (lambda table: table.pop("deed"), "deed"),
        (lambda table: table["deed"].pop("kk"), "deed"),
        (lambda table: table["promise"].update(ru="будет"), "promise.ru"),
        (lambda table: table["law"]["en"].append("(act|code"), "act"),
    ],
)
def test_a_broken_table_is_refused_by_name(change, names):
    table = tomllib.loads((files("dauys.engines.answer_check") / "cues.toml").read_text("utf-8"))
    change(table)
    with pytest.raises(MalformedCues, match=names):
        answer_check.compiled(table)


# The risk


def _moments(count, seed=1):
    """Invented answers: those that promise and pass on are disputed more often than those that tell a deed."""
    random = np.random.default_rng(seed)
    moments, disputed = [], []
    for number in range(count):
        is_bad = bool(random.random() < 0.3)
        disputed.append(bool(random.random() < (0.7 if is_bad else 0.1)))
        answer = "направлено в отдел для рассмотрения" if is_bad else "лампа заменена мастером"
        office = "a" if is_bad else "b"
        moments.append(Moment(f"прошу починить фонарь {number % 7}", answer, {"office": office}, {"days": number % 9}))
    return moments, disputed


@pytest.fixture(scope="module")
def learned():
    moments, disputed = _moments(600)
    return answer_check.train(moments, disputed, about={"source": "invented"})


def test_what_was_disputed_before_is_likelier_disputed_again(learned):
    bad, good = (
        learned.risk(Moment("прошу починить фонарь 3", answer, {"office": office}, {"days": 3}))
        for answer, office in (("направлено в отдел для рассмотрения", "a"), ("лампа заменена мастером", "b"))
    )
    assert bad.probability > 0.5 > 0.2 > good.probability
    assert [value for _, value in bad.added] == sorted((value for _, value in bad.added), reverse=True)


def test_probabilities_are_as_often_right_as_they_say(learned):
    moments, disputed = _moments(600, seed=2)
    chances = [learned.risk(moment).probability for moment in moments]
    assert abs(np.mean(chances) - np.mean(disputed)) < 0.05


def test_learning_is_the_same_twice(learned):
    moments, disputed = _moments(600)
    assert answer_check.write(answer_check.train(moments, disputed, about={"source": "invented"})) == (
        answer_check.write(learned)
    )


def test_too_few_verdicts_are_refused_with_their_number():
    moments, disputed = _moments(60)
    with pytest.raises(TooFewVerdicts, match="at least 50"):
        answer_check.train(moments, disputed)


def test_a_model_comes_back_from_its_file(learned):
    back = answer_check.read(answer_check.write(learned))
    moment = Moment("прошу", "направлено в отдел", {"office": "a"}, {"days": 2.0})
    assert back.risk(moment) == learned.risk(moment)
    assert back.card == learned.card


@given(ANY, ANY, st.dictionaries(ANY, ANY, max_size=3), st.floats())
@settings(max_examples=100, deadline=None)
def test_a_risk_is_a_probability_whatever_the_texts_hold(learned, appeal, answer, fields, number):
    found = learned.risk(Moment(appeal, answer, fields, {"days": number, "unknown": number}))
    assert 0 <= found.probability <= 1


def _headed(data, **changed):
    line, _, body = data.partition(b"\n")
    return json.dumps({**json.loads(line), **changed}).encode() + b"\n" + body


@pytest.mark.parametrize(
    ("damage", "why"),
    [
        pytest.param(lambda data: b"", "first line", id="nothing"),
        pytest.param(lambda data: b"{}\n", "lacks", id="an empty head"),
        pytest.param(lambda data: b"\x80\x04pickle\n" + data, "lacks", id="something else"),
        pytest.param(lambda data: data[:-9], "checksum", id="cut"),
        pytest.param(lambda data: data[:-1] + bytes([data[-1] ^ 1]), "checksum", id="one bit"),
        pytest.param(lambda data: _headed(data, format="dauys-topics-1"), "format", id="another engine's"),
        pytest.param(lambda data: _headed(data, names=["one"]), "sizes", id="names that do not fit"),
        pytest.param(lambda data: _headed(data, names=[1] * 3), "names", id="names that are none"),
        pytest.param(lambda data: _headed(data, bias=float("nan")), "bounds", id="not a number"),
        pytest.param(lambda data: _headed(data, layer_bias=[0.0]), "bounds", id="a layer short"),
    ],
)
def test_a_damaged_or_foreign_model_is_refused_with_the_reason(learned, damage, why):
    with pytest.raises(UnreadableModel, match=why):
        answer_check.read(damage(answer_check.write(learned)))


def test_arrays_out_of_their_bounds_are_refused(learned):
    layer = learned.layers[0]
    for places in (layer.places[::-1].copy(), layer.places + np.int32(risk.PLACES)):
        spoilt = risk.Layer(places, layer.rarity, layer.weights, layer.bias)
        model = risk.Model(
            (spoilt, *learned.layers[1:]), learned.names, learned.centre, learned.scale, learned.weights,
            learned.bias, learned.card,
        )  # fmt: skip
        with pytest.raises(UnreadableModel, match="bounds"):
            answer_check.read(answer_check.write(model))


@given(st.binary(max_size=400))
@settings(max_examples=100, deadline=None)
def test_noise_is_refused(noise):
    with pytest.raises(UnreadableModel):
        answer_check.read(noise)

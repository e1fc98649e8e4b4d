import time
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dauys.engines import personal

ANY_TEXT = st.text(st.characters(exclude_categories=()), max_size=300)


def kinds(text):
    return {(text[span.start : span.end], span.kind) for span in personal.find(text)}


# The numbers are synthetic: the month of the IINs is 99, the card and the IBAN are printed examples.
@pytest.mark.parametrize(
    ("text", "said", "kind"),
    [
        pytest.param("мой ИИН 009900000008, помогите", "009900000008", "iin", id="IIN beside its name"),
        pytest.param("ЖСН: 009900030008", "009900030008", "iin", id="IIN beside its Kazakh name"),
        pytest.param("иин 009900030001", "009900030001", "iin", id="a mistyped IIN is still personal"),
        pytest.param("ИИН 009900 000008", "009900 000008", "iin", id="IIN in two halves"),
        pytest.param("звоните +7 (701) 000-00-01", "+7 (701) 000-00-01", "phone", id="+7 with brackets"),
        pytest.param("звоните 87010000001", "87010000001", "phone", id="8 without spaces"),
        pytest.param("8 701 000 00 01 днём", "8 701 000 00 01", "phone", id="8 with spaces"),
        pytest.param("8.701.000.00.01", "8.701.000.00.01", "phone", id="8 with dots"),
        pytest.param("сот. 701 000 00 01", "701 000 00 01", "phone", id="ten digits beside a cue"),
        pytest.param("пишите 7010000001", "7010000001", "phone", id="ten digits without a cue"),
        pytest.param("хабарласыңыз 747-000-00-01", "747-000-00-01", "phone", id="ten digits, Kazakh cue"),
        pytest.param("8 (7232) 00-00-01", "8 (7232) 00-00-01", "phone", id="a town telephone with its code"),
        pytest.param("(7232) 00-00-01 доб. 12", "(7232) 00-00-01 доб. 12", "phone", id="extension"),
        pytest.param("+7 921 000 00 01", "+7 921 000 00 01", "phone", id="a Russian mobile"),
        pytest.param("88120000001 не отвечает", "88120000001", "phone", id="a Russian town number in one piece"),
        pytest.param("+49 151 0000 0001", "+49 151 0000 0001", "phone", id="a number of another country"),
        pytest.param("тел. 00-00-01", "00-00-01", "phone", id="a short town number beside a cue"),
        pytest.param(
            "восемь семьсот один двести тридцать сорок пять шестьдесят семь",
            "восемь семьсот один двести тридцать сорок пять шестьдесят семь",
            "phone",
            id="a number in words",
        ),
        pytest.param("пишите на some.one@example.kz!", "some.one@example.kz", "email", id="e-mail"),
        pytest.param("sоme@example.kz", "sоme@example.kz", "email", id="e-mail with a Cyrillic letter"),
        pytest.param("some собака mail точка ru", "some собака mail точка ru", "email", id="e-mail in words"),
        pytest.param("телеграм @some_one", "@some_one", "handle", id="handle"),
        pytest.param("инстаграм: some_one", "some_one", "handle", id="handle beside a cue"),
        pytest.param("смотрите vk.com/id1234567", "vk.com/id1234567", "page", id="somebody's page"),
        pytest.param("карта 4111 1111 1111 1111", "4111 1111 1111 1111", "card", id="bank card"),
        pytest.param("счёт KZ86125KZT5004100100", "KZ86125KZT5004100100", "iban", id="IBAN"),
        pytest.param("лицевой счёт 1234567", "1234567", "account", id="account with a utility"),
        pytest.param("удостоверение личности № 000000001", "000000001", "document", id="identity card"),
        pytest.param("жеке куәлігім 000000001", "000000001", "document", id="identity card in Kazakh"),
        pytest.param("паспорт 4000 000001", "4000 000001", "document", id="a Russian passport"),
        pytest.param("паспорт N00000001", "N00000001", "document", id="passport"),
        pytest.param("машина 000 ABC 16 загородила", "000 ABC 16", "plate", id="car plate"),
        pytest.param("номер 000авс16", "000авс16", "plate", id="plate in small Cyrillic letters"),
        pytest.param("машина F 000 ABC", "F 000 ABC", "plate", id="plate of the old form"),
        pytest.param("а000вс77 стоит на газоне", "а000вс77", "plate", id="Russian plate"),
        pytest.param("дата рождения 01.02.1990", "01.02.1990", "birth", id="day of birth"),
        pytest.param("туған күнім 01.02.1990", "01.02.1990", "birth", id="day of birth in Kazakh"),
        pytest.param("1958 г.р.", "1958", "birth", id="year of birth"),
        pytest.param("ул. Цветочная, д. 1, кв. 2 течёт", "ул. Цветочная, д. 1, кв. 2", "address", id="flat"),
        pytest.param("Гүлдер көшесі 1-үй, 2-пәтер", "Гүлдер көшесі 1-үй, 2-пәтер", "address", id="Kazakh flat"),
        pytest.param("в доме 1 кв 2 шумят", "доме 1 кв 2", "address", id="house and flat without a street"),
        pytest.param("сосед из квартиры № 45", "квартиры № 45", "address", id="a flat alone"),
        pytest.param("у 45 квартиры лужа", "45 квартиры", "address", id="the number before the flat"),
        pytest.param("at 12 Flower street, flat 5", "12 Flower street, flat 5", "address", id="English flat"),
        pytest.param("я инвалид 2 группы", "я инвалид 2 группы", "health", id="disability"),
        pytest.param("у моего сына астма", "астма", "health", id="somebody's illness"),
        pytest.param("мен жүктімін", "мен жүктімін", "health", id="pregnancy"),
        pytest.param("прошу за моего мужа", "моего мужа", "family", id="husband"),
        pytest.param("балам мектепке барады", "балам", "family", id="my child in Kazakh"),
        pytest.param("my little daughter fell", "my little daughter", "family", id="daughter"),
    ],
)
def test_personal_data_is_found(text, said, kind):
    assert (said, kind) in kinds(text)


@pytest.mark.parametrize(
    "text",
    [
        "Автобус №12 опоздал на 40 минут 12.03.2026",
        "С 15.04.2026 по 20.04.2026 не было воды",
        "Школа имени Петрова Ивана закрыта",
        "Яма на улице Цветочной у магазина",
        "Обращение 1234567890123 без ответа",
        "Платили 123 456 789 012 тенге",
        "Прошу отремонтировать дорогу в Северном районе",
        "Меня зовут на собрание жители",
        "Номер накладной 123456789011",
        "Штрихкод 4111111111111112",
        "В доме 3 квартиры без света",
        "Площадь 45 кв. м",
        "Пандус для инвалидов сломан",
        "Основной вход закрыт, формулы не работают",
        "Кадастровый номер 05-818-800-577. 13.01.2026 был ответ",
        "ГОСТ 56555-2015 и СП 256.1325800.2016",
    ],
)
def test_what_is_not_personal_stays(text):
    assert personal.find(text) == ()


def test_a_company_number_is_told_from_a_persons():
    (span,) = personal.find("БИН 990940000002")
    assert span.kind == "bin"


def test_one_random_number_in_eleven_passes_the_check_digit_so_it_is_less_sure():
    (bare,) = personal.find("номер заявки 009900030008")
    (named,) = personal.find("ИИН 009900030008")
    assert bare.confidence < 0.7 < named.confidence


@pytest.mark.parametrize("sign", ["\u200b", "\u200d", "\u2060", "\u00ad", "\ufeff", "&#8203;"])
def test_a_sign_nobody_sees_hides_no_number(sign):
    text = f"ИИН 0099{sign}00000008"
    (span,) = personal.find(text)
    assert text[span.start : span.end] == f"0099{sign}00000008"


@pytest.mark.parametrize("space", ["\u00a0", "\u202f", "&nbsp;"])
def test_other_spaces_part_a_telephone_as_well(space):
    text = f"<b>8{space}701{space}000{space}00{space}01</b>"
    (span,) = personal.find(text)
    assert text[span.start : span.end] == text[3:-4]


def test_the_surer_find_wins_and_what_reaches_beyond_it_stays_hidden():
    found = personal.apart([personal.Span(0, 20, "address", 0.7, "house"), personal.Span(5, 10, "phone", 0.9, "cue")])
    assert [(span.start, span.end, span.kind) for span in found] == [
        (0, 5, "address"),
        (5, 10, "phone"),
        (10, 20, "address"),
    ]


@given(ANY_TEXT)
@settings(max_examples=200, deadline=None)
def test_spans_lie_inside_the_text_in_order_and_apart(text):
    spans = personal.find(text)
    assert spans == personal.find(text)
    assert all(0 <= span.start < span.end <= len(text) for span in spans)
    assert all(a.end <= b.start for a, b in pairwise(spans))
    assert all(0 < span.confidence <= 1 and span.kind in personal.KINDS for span in spans)


@given(ANY_TEXT, ANY_TEXT)
@settings(max_examples=60, deadline=None)
def test_a_number_is_found_whatever_surrounds_it(before, after):
    text = f"{before}\nИИН 009900000008\n{after}"
    at = len(before) + 5
    hidden = {place for span in personal.find(text) for place in range(span.start, span.end)}
    assert set(range(at, at + 12)) <= hidden


UNITS = [
    "1",
    "а",
    "A",
    "1 ",
    "8 ",
    "8(",
    "А. ",
    "Аа ",
    "@a.",
    "1-",
    "ул. а ",
    "Иванова ",
    "😀",
    "<b>",
    "&nbsp;",
    "1\u200b",
    "квартира 1,",
    "семь ",
    "12.12.1990 ",
    "+",
]


@pytest.mark.parametrize("unit", UNITS)
def test_the_time_of_reading_grows_with_the_length_and_no_faster(unit):
    def seconds(size):
        text = unit * (size // len(unit))
        began = time.process_time()
        personal.find(text)
        return time.process_time() - began

    seconds(2_000)  # lists are read once
    short, long = seconds(20_000), seconds(160_000)
    assert long < 8 * 3 * max(short, 0.01)


@pytest.mark.parametrize("unit", ["1", "а", "8 "])
def test_a_megabyte_is_read(unit):
    began = time.process_time()
    personal.find(unit * (1_000_000 // len(unit)))
    assert time.process_time() - began < 12

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
        pytest.param("звоните +7 (701) 000-00-01", "+7 (701) 000-00-01", "phone", id="+7 with brackets"),
        pytest.param("звоните 87010000001", "87010000001", "phone", id="8 without spaces"),
        pytest.param("8 701 000 00 01 днём", "8 701 000 00 01", "phone", id="8 with spaces"),
        pytest.param("сот. 701 000 00 01", "701 000 00 01", "phone", id="ten digits beside a cue"),
        pytest.param("хабарласыңыз 747-000-00-01", "747-000-00-01", "phone", id="ten digits, Kazakh cue"),
        pytest.param("8 (7232) 00-00-01", "8 (7232) 00-00-01", "phone", id="a town telephone with its code"),
        pytest.param("тел. 00-00-01", "00-00-01", "phone", id="a short town number beside a cue"),
        pytest.param("пишите на some.one@example.kz!", "some.one@example.kz", "email", id="e-mail"),
        pytest.param("карта 4111 1111 1111 1111", "4111 1111 1111 1111", "card", id="bank card"),
        pytest.param("счёт KZ86125KZT5004100100", "KZ86125KZT5004100100", "iban", id="IBAN"),
        pytest.param("удостоверение личности № 000000001", "000000001", "document", id="identity card"),
        pytest.param("жеке куәлігім 000000001", "000000001", "document", id="identity card in Kazakh"),
        pytest.param("машина 000 ABC 16 загородила", "000 ABC 16", "plate", id="car plate"),
        pytest.param("ул. Цветочная, д. 1, кв. 2 течёт", "ул. Цветочная, д. 1, кв. 2", "address", id="flat"),
        pytest.param("Гүлдер көшесі 1-үй, 2-пәтер", "Гүлдер көшесі 1-үй, 2-пәтер", "address", id="Kazakh flat"),
        pytest.param("в доме 1 кв 2 шумят", "доме 1 кв 2", "address", id="house and flat without a street"),
        pytest.param("at 12 Flower street, flat 5", "12 Flower street, flat 5", "address", id="English flat"),
        pytest.param("Петрова Анна Ивановна просит", "Петрова Анна Ивановна", "name", id="full name"),
        pytest.param("с Петровой Анной Ивановной", "Петровой Анной Ивановной", "name", id="full name, declined"),
        pytest.param("Сериков Асан Болатұлы", "Сериков Асан Болатұлы", "name", id="Kazakh patronymic"),
        pytest.param("Асан Болат ұлы келді", "Асан Болат ұлы", "name", id="Kazakh patronymic written apart"),
        pytest.param("петрова анна ивановна", "петрова анна ивановна", "name", id="a name in small letters"),
        pytest.param("Меня зовут Айгерим.", "Айгерим", "name", id="меня зовут"),
        pytest.param("Менің атым Асан", "Асан", "name", id="менің атым"),
        pytest.param("My name is John Smith", "John Smith", "name", id="my name is"),
        pytest.param("мастер Петров И.С. нагрубил", "Петров И.С.", "name", id="initials after"),
        pytest.param("А. К. Сериков не ответил", "А. К. Сериков", "name", id="initials before"),
        pytest.param("Здравствуйте Петрова Анна пишет", "Петрова Анна", "name", id="a greeting is not a name"),
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


def test_a_mask_hides_even_the_length():
    text = "Меня зовут Айгерим, тел 87010000001."
    assert personal.mask(text, personal.find(text)) == "Меня зовут ███, тел ███."
    assert personal.mask(text, ()) == text


@given(ANY_TEXT)
@settings(max_examples=200, deadline=None)
def test_spans_lie_inside_the_text_in_order_and_apart(text):
    spans = personal.find(text)
    assert spans == personal.find(text)
    assert all(0 <= span.start < span.end <= len(text) for span in spans)
    assert all(a.end <= b.start for a, b in pairwise(spans))
    assert all(0 < span.confidence <= 1 for span in spans)
    assert personal.mask(text, spans).count("███") >= len(spans)


@given(ANY_TEXT, ANY_TEXT)
@settings(max_examples=60, deadline=None)
def test_a_number_is_found_whatever_surrounds_it(before, after):
    text = f"{before}\nИИН 009900000008\n{after}"
    at = len(before) + 5
    spans = personal.find(text)
    assert any(span.start <= at and span.end >= at + 12 for span in spans)


@pytest.mark.parametrize("unit", ["1 ", "А. ", "Аа ", "@a.", "1-", "ул. а ", "Иванова "])
def test_a_megabyte_is_read_in_time(unit):
    text = unit * (1_000_000 // len(unit))
    began = time.process_time()
    personal.find(text)
    assert time.process_time() - began < 2

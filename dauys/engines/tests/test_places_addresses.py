import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dauys.engines.places import Gazetteer, PlaceName, plain_name, same_name, words_of
from dauys.engines.places.letters import NearWords, folded

# An invented region: a district that shares its name with its town, one whose adjective a village bears, a village.
REGION, HILL, LAKE, HILL_TOWN, LAKE_VILLAGE, FIR = (
    "880000000",
    "881000000",
    "882000000",
    "881010000",
    "882030100",
    "882030200",
)
NAMES = [
    PlaceName(HILL, "район Тауген", "ru", 2, (REGION,)),
    PlaceName(HILL, "Тауген ауданы", "kk", 2, (REGION,)),
    PlaceName(HILL_TOWN, "Тауген", "ru", 4, (HILL, REGION), point=(49.0, 82.0)),
    PlaceName(LAKE, "район Ляйсан", "ru", 2, (REGION,)),
    PlaceName(LAKE_VILLAGE, "Ляйсанское", "ru", 4, (LAKE, REGION), point=(50.0, 84.0)),
    PlaceName(FIR, "Шырша-Бұлақ", "kk", 4, (LAKE, REGION)),
    PlaceName(FIR, "Ширшабулак", "ru", 4, (LAKE, REGION)),
    PlaceName(HILL_TOWN, "Лесорубов", "ru", kind="street", point=(49.01, 82.01), own=True),
    PlaceName(HILL_TOWN, "Новолесная", "ru", kind="street", canonical="Лесорубов", own=True),
    PlaceName(HILL_TOWN, "Орманшылар", "kk", kind="street", canonical="Лесорубов", own=True),
    PlaceName(HILL_TOWN, "Озёрная", "ru", kind="street"),
    PlaceName(LAKE_VILLAGE, "Озёрная", "ru", kind="street"),
    PlaceName(HILL_TOWN, "школа № 9", "ru", kind="landmark", point=(49.02, 82.02)),
]
GAZETTEER = Gazetteer(NAMES, common=("победа",), vocabulary=("тайген",))


@pytest.mark.parametrize(
    ("text", "street", "house"),
    [
        pytest.param("на Өтепова 14 темно", "Өтепова", "14", id="no kind word, but «на», the ending and a house"),
        pytest.param("Казахстан 78 көшесі", "Казахстан", "78", id="the house before the Kazakh kind word"),
        pytest.param("ул. Кабанбай батыра, 123/1", "Кабанбай батыра", "123/1", id="fraction"),
        pytest.param("мкр. Жастар 12", "Жастар", "12", id="quarter"),
        pytest.param("15-ші шағынаудан, 8 үй", "15", "8", id="numbered quarter in Kazakh"),
        pytest.param("пр-т Абая", "Абая", "", id="avenue shortened"),
        pytest.param("Сәтбаев даңғылы 5 үй", "Сәтбаев", "5", id="Kazakh house"),
        pytest.param("ул. Мира, д. 12 корп. 2, кв. 7", "Мира", "12к2", id="block, and the flat left out"),
        pytest.param("улица Мира 12 «а»", "Мира", "12А", id="letter in quotes"),
        pytest.param("Мира 12-45, ул. та же, ул. Мира 12-45", "Мира", "12", id="flat after a hyphen"),
        pytest.param("на улице 8 Марта 5", "8 Марта", "5", id="number in the name"),
        pytest.param("ул. К. Сатпаева 44", "К. Сатпаева", "44", id="initial"),
        pytest.param("УЛ. АБАЯ 15, НЕТ СВЕТА", "АБАЯ", "15", id="all in capitals"),
        pytest.param("ул абая 15 нет света", "абая", "15", id="all in small letters"),
        pytest.param("по улице Абая яма, а живу в доме 14", "Абая", "14", id="the house further on"),
        pytest.param("Комсомольский проспект, 10", "Комсомольский", "10", id="kind word behind"),
        pytest.param("kabanbay batyr koshesi 15", "kabanbay batyr", "15", id="Latin letters"),
        pytest.param("ул. Мира, 12 марта нет воды", "Мира", "", id="a date is no house"),
        pytest.param("на ул. Мира 45 автобус не ходит", "Мира", "", id="a bus is no house"),
        pytest.param("ул. Мира 5 домов без света", "Мира", "", id="a count is no house"),
        pytest.param("ул. Мира 87771234567", "Мира", "", id="a telephone is no house"),
        pytest.param("ул. Мира, 14:30", "Мира", "", id="an hour is no house"),
        pytest.param("ул. Мира 12 и 14", "Мира", "", id="two houses are neither"),
        pytest.param("на перекрёстке улиц Мира и Труда", "", "", id="two streets are neither"),
    ],
)
def test_a_street_and_its_house(text, street, house):
    place = GAZETTEER.locate(text)
    assert place is not None
    assert same_name(place.street, street) or (place.street, street) == ("", "")
    assert place.house == house


@pytest.mark.parametrize("text", ["на улице темно", "на нашей улице нет асфальта", "вход с улицы. Надписи на двери",
                                  "көшеде шам жоқ", "вышли на улицу снова"])  # fmt: skip
def test_the_word_street_alone_names_none(text):
    assert GAZETTEER.locate(text) is None


@pytest.mark.parametrize(
    ("text", "kind", "number"),
    [
        ("школа № 12 холодная", "школа № 12", "12"),
        ("№12 мектептің алдында", "№12 мектептің", "12"),
        ("возле магазина «Рассвет»", "магазина «Рассвет»", ""),
        ("у моста яма", "моста", ""),
        ("мектептің жанында", "мектептің", ""),
        ("возле школы № 9", "школа № 9", "9"),
    ],
)
def test_a_landmark_is_told_as_written_or_as_the_gazetteer_has_it(text, kind, number):
    place = GAZETTEER.locate(text)
    assert place is not None
    assert (place.landmark, place.addresses[0].number) == (kind, number)


def test_a_building_spoken_of_is_no_landmark():
    assert GAZETTEER.locate("школа холодная, больница закрыта, верните за садик") is None


@pytest.mark.parametrize("text", ["Новолесная 5", "ул. Лесорубов, 5", "Орманшылар көшесі 5", "ул. Лесаребов 5"])
def test_old_new_kazakh_and_mistyped_names_are_one_street_known_by_the_institution(text):
    place = GAZETTEER.locate(text)
    assert place is not None
    if "Лесаребов" in text:  # two letters wrong: another street
        assert (place.street, place.area_code) == ("Лесаребов", "")
        return
    assert (place.street, place.house, place.area_code) == ("Лесорубов", "5", HILL_TOWN)


def test_one_letter_wrong_in_a_known_street_is_understood_and_said():
    place = GAZETTEER.locate("ул. Лесорубав 5")
    assert place is not None
    assert place.street == "Лесорубов"
    assert place.spans[0].rule == "letter"


def test_a_street_two_places_have_tells_neither():
    place = GAZETTEER.locate("ул. Озёрная 5")
    assert place is not None
    assert place.area_code == ""
    assert set(place.alternatives) == {HILL_TOWN, LAKE_VILLAGE}


@pytest.mark.parametrize(
    ("text", "code"),
    [
        pytest.param("в Ляйсанском районе нет воды", LAKE, id="the adjective and its kind word are the district"),
        pytest.param("в Ляйсанском нет воды", LAKE, id="the adjective may be either: the larger"),
        pytest.param("с. Ляйсанское", LAKE_VILLAGE, id="the kind word says village"),
        pytest.param("в районе Тауген", HILL, id="a district is never its town"),
        pytest.param("Тауген ауданында", HILL, id="nor in Kazakh"),
        pytest.param("в районе Ширшабулака пожар", LAKE, id="«in the region of» a village is not in it"),
        pytest.param("Ширша-Булак ауылы", FIR, id="a hyphen more"),
        pytest.param("в Ширшебулаке нет связи", FIR, id="one letter wrong"),
        pytest.param("Shirshabulak auylynda su joq", FIR, id="Latin letters"),
        pytest.param("дорога между Таугеном и Ширшабулаком", REGION, id="two places are what is around both"),
        pytest.param("район Ляйсан, дорога до Ширшабулака", LAKE, id="on the way there"),
        pytest.param("раён Тауген", HILL, id="the kind word mistyped"),
    ],
)
def test_never_finer_than_the_words(text, code):
    place = GAZETTEER.locate(text)
    assert place is not None
    assert place.area_code == code


@pytest.mark.parametrize("text", ["в Тайгене холодно", "в горах Таугена снег", "за Победу", "Ляйсанское молоко дорого",
                                  "Тауген Ахметов просит ответа", "меня зовут Тауген"])  # fmt: skip
def test_everyday_words_mountains_and_milk_are_no_places(text):
    place = GAZETTEER.locate(text)
    assert place is None or place.confidence < 0.5


def test_the_citizens_point_settles_twins_and_is_the_point():
    twins = [
        PlaceName("1", "Каменка", "ru", 4, ("0",), point=(49.0, 82.0)),
        PlaceName("2", "Каменка", "ru", 4, ("0",), point=(51.0, 85.0)),
    ]
    place = Gazetteer(twins).locate("в Каменке темно", point=(49.02, 82.01))
    assert place is not None
    assert (place.area_code, place.point, place.point_of) == ("1", (49.02, 82.01), "citizen")


def test_a_landmark_and_a_street_give_their_points():
    place = GAZETTEER.locate("школа № 9")
    assert place is not None
    assert (place.point, place.point_of) == ((49.02, 82.02), "landmark")
    assert GAZETTEER.locate("ул. Лесорубов 5").point_of == "street"


ALPHABET = "абвгдеёжзыәғқңөұүһі АБУЛМ.,№-/0123456789\n«»"


@given(st.text(ALPHABET, max_size=60))
@settings(max_examples=200, deadline=None)
def test_spans_lie_in_the_text_and_the_same_words_give_the_same_place(noise):
    text = f"{noise} ул. Лесорубов 5 {noise}"
    place = GAZETTEER.locate(text)
    assert place == GAZETTEER.locate(text)
    assert place is not None
    for span in place.spans:
        assert 0 <= span.start < span.end <= len(text)
        assert 0 < span.confidence <= 1
    assert 0 <= place.confidence <= 1


@given(st.text("абвгдклмноруыэя", min_size=6, max_size=14), st.integers(0, 13), st.sampled_from("бжцшъ"))
def test_one_wrong_letter_is_near_and_two_are_not(word, at, letter):
    at = 1 + at % (len(word) - 2)
    near = NearWords([word])
    wrong = word[:at] + letter + word[at + 1 :]
    assert wrong == word or word in near.near(wrong)
    assert word not in near.near(letter + wrong[1:] + letter + letter)


@pytest.mark.parametrize("text", ["ул. Мира 5 и 7 " * 15_000, "р-н " * 50_000, "№" * 200_000, "«" * 200_000,
                                  "Каменка-" * 25_000, "д. 5 " * 40_000, "школа № " * 25_000])  # fmt: skip
def test_a_megabyte_of_anything_is_read_in_time(text):
    began = time.process_time()
    GAZETTEER.locate(text)
    assert time.process_time() - began < 4


def test_small_things_other_rooms_use():
    assert words_of("с. Глубокое, 5") == ["с", "Глубокое", "5"]
    assert plain_name("Шырша-Бұлақ ауылы") == plain_name("шыршабулак")
    assert folded("Öskemen") == folded("Өскемен") == folded("Oskemen")

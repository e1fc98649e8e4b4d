import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dauys.engines.places import Gazetteer, PlaceName

# An invented region: two districts, a town that shares its district's name, and two villages of one name.
REGION, NORTH, SOUTH = "990000000", "991000000", "992000000"
TOWN, STONE, TWIN_NORTH, TWIN_SOUTH, UST = "991010000", "992010100", "991020300", "992020300", "992030000"
NAMES = [
    PlaceName(REGION, "Синегорская область", "ru", 0),
    PlaceName(REGION, "Көктау облысы", "kk", 0),
    PlaceName(NORTH, "Ледовский район", "ru", 1),
    PlaceName(NORTH, "Мұзтау ауданы", "kk", 1),
    PlaceName(SOUTH, "Полынский район", "ru", 1),
    PlaceName(TOWN, "Ледовск", "ru", 2),
    PlaceName(TOWN, "Мұзтау", "kk", 2),
    PlaceName(STONE, "Каменка", "ru", 3),
    PlaceName(TWIN_NORTH, "Берёзово", "ru", 3),
    PlaceName(TWIN_SOUTH, "Берёзово", "ru", 3),
    PlaceName(UST, "Усть-Полынск", "ru", 2),
    PlaceName("992040000", "Тепловка", "ru", 3),
    PlaceName("991050000", "Жаңа жол", "kk", 3),
    PlaceName("991060000", "Мәдениет", "kk", 3),
]
GAZETTEER = Gazetteer(NAMES, common=("мәдениет",))


@pytest.mark.parametrize(
    ("text", "code"),
    [
        pytest.param("яма в Ледовске", TOWN, id="Russian prepositional"),
        pytest.param("жители Ледовска просят", TOWN, id="Russian genitive"),
        pytest.param("Мұзтауда су жоқ", TOWN, id="Kazakh locative"),
        pytest.param("Мұзтаудың көшелері қараңғы", TOWN, id="Kazakh genitive"),
        pytest.param("біз Музтауда турамыз", TOWN, id="Kazakh name on a Russian keyboard"),
        pytest.param("в Ледовском районе нет дорог", NORTH, id="district, declined"),
        pytest.param("Ледовский р-н, дорога разбита", NORTH, id="район shortened"),
        pytest.param("Мұзтау ауданында жол жаман", NORTH, id="the district, not the town of its name"),
        pytest.param("г. Ледовск, нет света", TOWN, id="город shortened"),
        pytest.param("с. Каменка", STONE, id="село shortened"),
        pytest.param("до Каменки автобус не ходит", STONE, id="village in the genitive"),
        pytest.param("Усть-Полынске холодно", UST, id="hyphen"),
        pytest.param("из Усть Полынска едем", UST, id="hyphen left out"),
        pytest.param("Жаңа жолда мектеп жоқ", "991050000", id="two words in Kazakh"),
        pytest.param("Берёзово Ледовского района", TWIN_NORTH, id="the district tells which twin"),
        pytest.param("Березово, Полынский район", TWIN_SOUTH, id="е for ё"),
        pytest.param("Мәдениет ауылында клуб жоқ", "991060000", id="an everyday word beside a cue"),
    ],
)
def test_the_place_an_appeal_speaks_of(text, code):
    place = GAZETTEER.locate(text)
    assert place is not None
    assert place.area_code == code


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("в Мәдениет идти далеко", id="an everyday word, even with a capital and a preposition"),
        pytest.param("село и люди в нём", id="a kind word alone"),
        pytest.param("автобус 45 не ходит", id="a bus is no house"),
        pytest.param("жду ответа до 12.05, тел. 8 777 123 45 67", id="a date and a telephone"),
        pytest.param("Мәдениет үйі жабық", id="an everyday word alone"),
        pytest.param("нет воды третий день", id="no place at all"),
        pytest.param("", id="nothing"),
    ],
)
def test_no_place_is_better_than_a_wrong_one(text):
    assert GAZETTEER.locate(text) is None


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("улица Каменка, дом", id="named before"),
        pytest.param("Мұзтау көшесінде шам жанбайды", id="named after"),
    ],
)
def test_a_street_of_a_towns_name_is_a_street_and_no_town(text):
    place = GAZETTEER.locate(text)
    assert place is not None
    assert place.area_code == ""
    assert place.street in ("Каменка", "Мұзтау")


def test_of_a_name_two_villages_share_the_area_around_both_is_told():
    place = GAZETTEER.locate("в Берёзово нет связи")
    assert place is not None
    assert place.area_code == REGION
    assert place.alternatives == (TWIN_NORTH, TWIN_SOUTH)


def test_an_institution_hears_its_own_region_first():
    place = GAZETTEER.locate("в Берёзово нет связи", within=SOUTH)
    assert place is not None
    assert (place.area_code, place.alternatives) == (TWIN_SOUTH, ())
    assert GAZETTEER.locate("в Ледовске темно", within=SOUTH) is None


def test_parents_given_by_the_caller_nest_without_kato_codes():
    names = [PlaceName("b", "Каменка", "ru", 3, parents=("a",)), PlaceName("a", "Ледовский район", "ru", 1)]
    place = Gazetteer(names).locate("в Каменке темно", within="a")
    assert place is not None
    assert place.area_code == "b"


def test_a_cue_word_gives_confidence_and_the_words_are_the_reason():
    cued, bare = GAZETTEER.locate("село Каменка"), GAZETTEER.locate("каменка зарастает")
    assert cued is not None
    assert bare is not None
    assert cued.confidence > 0.9 > 0.5 > bare.confidence
    assert cued.reasons == ("Каменка",)


@given(st.text(st.characters(exclude_categories=()), max_size=300))
@settings(max_examples=150, deadline=None)
def test_any_text_can_be_asked(text):
    place = GAZETTEER.locate(text + " Каменка")
    assert place is None or 0 < place.confidence <= 1
    assert place == GAZETTEER.locate(text + " Каменка")


def test_a_megabyte_is_read_in_time():
    began = time.process_time()
    GAZETTEER.locate("Каменка " * 125_000)
    assert time.process_time() - began < 2

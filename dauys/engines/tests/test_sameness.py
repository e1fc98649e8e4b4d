import time
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dauys.engines.sameness import Seen, keys, keys_many, same_matter, shingle_similarity

ANY_TEXT = st.text(st.characters(exclude_categories=()), max_size=200)
APPEAL = "Во дворе третий день из-под земли бьёт вода, похоже прорвало трубу, приезжали и ничего не сделали"


def bands_in_common(a, b):
    return sum(1 for one, two in zip(keys(a), keys(b), strict=True) if one == two)


@pytest.mark.parametrize(
    "again",
    [
        pytest.param(APPEAL.upper(), id="in capitals"),
        pytest.param(APPEAL.replace(",", " !!!"), id="other punctuation"),
        pytest.param(APPEAL.replace("ё", "е"), id="е for ё"),
        pytest.param("Добрый день! " + APPEAL, id="with a greeting"),
        pytest.param(APPEAL.replace("похоже", "похже"), id="with a slip"),
    ],
)
def test_the_same_text_sent_twice_shares_a_key(again):
    assert bands_in_common(APPEAL, again) >= 1
    assert shingle_similarity(APPEAL, again) > 0.7


def test_another_text_shares_none():
    other = "Просим добавить вечерний рейс автобуса до дачного посёлка, расписание не соблюдается"
    assert bands_in_common(APPEAL, other) == 0
    assert shingle_similarity(APPEAL, other) < 0.1


def test_keys_are_stored_in_tables_so_they_may_never_change():
    first_two = (6212720227889403860, 3039912128391055007)
    assert keys("су жоқ")[:2] == keys("СУ ЖОК!")[:2] == first_two


def test_a_text_without_letters_has_no_keys():
    assert keys("…!?") == keys("") == ()
    assert shingle_similarity("", APPEAL) == 0


@given(st.lists(ANY_TEXT, max_size=8))
@settings(max_examples=100, deadline=None)
def test_many_at_once_are_the_same_as_one_by_one(texts):
    many = keys_many(texts)
    assert many == [keys(text) for text in texts]
    assert all(len(found) in {0, 16} for found in many)
    assert all(-(2**63) <= key < 2**63 for found in many for key in found)


@given(ANY_TEXT, ANY_TEXT)
@settings(max_examples=100, deadline=None)
def test_similarity_is_a_share_and_has_no_direction(a, b):
    assert 0 <= shingle_similarity(a, b) <= 1
    assert shingle_similarity(a, b) == shingle_similarity(b, a)
    assert shingle_similarity(a, a) in {0.0, 1.0}


def seen(words="труб прорва вод двор", topic="water.outage", area="a1", lat=50.0, lon=82.0, day=date(2026, 2, 3)):
    return Seen(frozenset(words.split()), topic, area, lat, lon, day)


def test_alike_in_words_place_and_time_is_one_matter():
    found = same_matter(seen(), seen(words="труб прорва вод улиц", lat=50.0005, day=date(2026, 2, 4)))
    reasons = dict(found.reasons)
    assert found.score > 0.7
    assert reasons["days"] == "1"
    assert reasons["metres"] == "56"
    assert reasons["topic"] == "water.outage"
    assert "прорва" in reasons["words"]


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(seen(lat=50.5), id="the same words fifty kilometres away"),
        pytest.param(seen(area="a2", lat=None, lon=None), id="the same words in another area"),
    ],
)
def test_alike_words_in_different_places_are_two_matters(other):
    assert same_matter(seen(), other).score <= 0.45


def test_a_year_apart_is_less_alike_than_a_day():
    assert same_matter(seen(), seen(day=date(2025, 2, 3))).score < same_matter(seen(), seen(day=date(2026, 2, 2))).score


def test_nothing_known_is_nothing_alike():
    empty = Seen(frozenset(), "", "", None, None, date(2026, 1, 1))
    assert same_matter(empty, empty).score <= 0.1


coordinate = st.none() | st.floats(-90, 90)


@given(coordinate, coordinate, coordinate, coordinate, st.dates(), st.dates())
@settings(max_examples=100, deadline=None)
def test_the_score_is_between_nought_and_one_and_has_no_direction(lat_a, lon_a, lat_b, lon_b, day_a, day_b):
    a, b = seen(lat=lat_a, lon=lon_a, day=day_a), seen(lat=lat_b, lon=lon_b, day=day_b)
    assert 0 <= same_matter(a, b).score <= 1
    assert same_matter(a, b).score == same_matter(b, a).score


def test_a_megabyte_is_read_in_time():
    began = time.process_time()
    keys("қара жол " * 125_000)
    assert time.process_time() - began < 2

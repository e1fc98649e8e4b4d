import time
from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dauys.engines.sameness import (
    BY_JUDGEMENT,
    ELSEWHERE,
    FEATURES,
    BadPairModel,
    Described,
    PairModel,
    Seen,
    compare,
    keys,
    keys_many,
    same_matter,
    shingle_similarity,
    train,
)

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


def seen(
    words="труб прорва вод двор", topic="water.outage", area="a1", lat=50.0, lon=82.0, day=date(2026, 2, 3), building=""
):
    return Seen(frozenset(words.split()), topic, area, lat, lon, day, building)


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


@pytest.mark.parametrize(
    ("other", "least", "most"),
    [
        pytest.param(seen(), 0.95, 1, id="all the same"),
        pytest.param(seen("крыш"), 0.7, 0.9, id="no word in common, yet the same house, topic and day"),
        pytest.param(seen("крыш", lat=50.0027), 0, 0.1, id="no word in common, 300 metres away"),
        pytest.param(seen("крыш", topic="roof"), 0, 0.3, id="the same house, another topic, other words"),
        pytest.param(seen(lat=None, lon=None), 0.5, 0.9, id="the same words in the same area"),
        pytest.param(seen(area="", lat=None, lon=None), 0.3, 0.5, id="the same words nobody knows where"),
        pytest.param(seen(lat=50.5, building="b1"), 0, 0.45, id="a building known of one alone"),
    ],
)
def test_the_weights_set_by_judgement_keep_their_points(other, least, most):
    assert least <= same_matter(seen(), other).score <= most


def test_one_building_is_one_place_whatever_the_points_say():
    one, other = seen(building="b1"), seen(building="b1", lat=50.5)
    found = same_matter(one, other)
    assert found.score > 0.9
    assert dict(found.reasons)["building"] == "b1"
    assert "metres" not in dict(found.reasons)


def test_meaning_speaks_where_words_are_in_two_languages():
    one, other = seen("вод нет дом"), seen("су жок үй")
    plain, meant = same_matter(one, other), same_matter(one, other, cosine=0.9)
    assert meant.score > plain.score
    assert dict(meant.reasons)["meaning"] == "0.90"
    assert "meaning" not in dict(plain.reasons)


def test_many_at_once_are_compared_as_one_by_one():
    others = [seen(), seen("крыш", lat=50.001), seen(area="a2", lat=None, lon=None), seen("", topic="")]
    cosines = [0.4, None, 0.9, -0.2]
    together = compare(seen(), others, cosines=cosines)
    assert together == [same_matter(seen(), other, cosine=own) for other, own in zip(others, cosines, strict=True)]
    assert compare(seen(), []) == []


unit = st.floats(0, 1)


@given(
    st.lists(st.tuples(*[unit] * len(FEATURES)), min_size=1, max_size=5), st.sampled_from(range(len(FEATURES))), unit
)
@settings(max_examples=100, deadline=None)
def test_no_sign_of_likeness_ever_speaks_against_it(rows, place, more):
    table = np.array(rows)
    grown = table.copy()
    grown[:, place] = np.maximum(grown[:, place], more)
    assert (BY_JUDGEMENT.probability(grown) >= BY_JUDGEMENT.probability(table)).all()


words_of = st.frozensets(st.sampled_from(["вод", "труб", "двор", "крыш", "снег", "лифт"]))


@given(st.lists(words_of, min_size=2, max_size=8))
@settings(max_examples=100, deadline=None)
def test_words_in_columns_count_as_sets_do(bags):
    described = Described.of(Seen(bag, "", "", None, None, date(2026, 1, 1)) for bag in bags)
    left, right = np.triu_indices(len(bags))
    for one, other, found in zip(left, right, described.words(left, right), strict=True):
        common, smaller = len(bags[one] & bags[other]), min(len(bags[one]), len(bags[other]))
        hand = (common / smaller + common / len(bags[one] | bags[other])) / 2 if smaller else 0
        assert found == pytest.approx(hand)


def test_some_rows_alone_are_weighed_as_among_all():
    all_of = Described.of([seen(), seen("крыш"), seen("вод двор", lat=50.001), seen("")])
    rows = np.array([3, 0, 2])
    some = all_of.take(rows)
    left, right = np.array([0, 1, 2]), np.array([1, 2, 0])
    assert some(left, right).tolist() == all_of(rows[left], rows[right]).tolist()


def confirmed(count=4_000, seed=1):
    """Pairs whose likeness follows a known rule."""
    rng = np.random.default_rng(seed)
    table = rng.random((count, len(FEATURES)))
    table[:, 1] = table[:, 0]
    sums = -4 + 3 * table[:, 0] + 4 * table[:, 2] - 2 * table[:, 5]
    return table, rng.random(count) < 1 / (1 + np.exp(-sums)), sums


def test_a_model_learned_from_confirmed_pairs_says_what_share_is_one_matter():
    table, same, _sums = confirmed()
    model = train(table, same, name="of this institution")
    assert model.card["pairs"] == 4_000
    fresh, truth, _sums = confirmed(20_000, seed=2)
    said = model.probability(fresh)
    for low in (0.0, 0.1, 0.2, 0.3, 0.5):
        of = (said >= low) & (said < low + 0.1)
        if of.sum() > 300:
            assert said[of].mean() == pytest.approx(truth[of].mean(), abs=0.06)
    weights = dict(zip(FEATURES, model.weights, strict=True))
    assert weights["recent"] == 0  # it spoke against likeness: held at nought
    assert weights["at_hand"] > 2
    assert weights["near"] < 0.5


def test_learning_twice_gives_the_same_model():
    table, same, _sums = confirmed(500)
    assert train(table, same, name="x") == train(table, same, name="x")


def test_what_is_told_apart_without_fault_is_learned_without_running_off():
    table = np.zeros((40, len(FEATURES)))
    table[:20] = 1
    model = train(table, np.arange(40) < 20, name="x")
    assert model.probability(table)[0] > 0.9 > 0.2 > model.probability(table)[-1]


@pytest.mark.parametrize("same", [[True, True], [False, False]])
def test_pairs_of_one_kind_teach_nothing(same):
    with pytest.raises(ValueError, match="some pairs"):
        train(np.zeros((2, len(FEATURES))), same, name="x")


def test_a_learned_model_never_takes_far_appeals_for_one_matter():
    sure = PairModel(9.0, (0.0,) * len(FEATURES))
    assert same_matter(seen(), seen(lat=51.0), model=sure).score == ELSEWHERE
    assert same_matter(seen(), seen(), model=sure).score > 0.99


def test_a_model_survives_its_file():
    model = PairModel(-1.5, (1.0, 2.0, 0.0, 0.5, 0.25, 3.0), {"name": "ours", "pairs": 12})
    assert PairModel.from_bytes(model.to_bytes()) == model


GOOD = BY_JUDGEMENT.to_bytes()


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b"\x80\x04\x95", id="a pickle"),
        pytest.param(b"[]\n", id="another JSON"),
        pytest.param(GOOD[:-1], id="cut"),
        pytest.param(GOOD[:-1] + b"\x00", id="changed"),
        pytest.param(GOOD + b"\x00", id="longer"),
        pytest.param(GOOD.replace(b"dauys-pairs-1", b"dauys-pairs-9"), id="a later form"),
        pytest.param(GOOD.replace(b'"words"', b'"wards"'), id="other features"),
    ],
)
def test_a_foreign_or_damaged_model_is_refused(content):
    with pytest.raises(BadPairModel):
        PairModel.from_bytes(content)


@pytest.mark.parametrize("weights", [(1.0,) * 5, (1.0,) * 5 + (-0.1,), (1.0,) * 5 + (float("nan"),)])
def test_weights_that_would_speak_against_likeness_are_refused(weights):
    with pytest.raises(BadPairModel):
        PairModel(0.0, weights)


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

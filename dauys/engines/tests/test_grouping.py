"""Problems grow from appeals in the order they came; how the work is cut changes nothing."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dauys.engines import grouping
from dauys.engines.grouping import NEW, Appeals, BadAppeals, Member, Merge, Rules, group, kind_of_group

METRE = 1 / 111_195  # degrees of latitude


class Table:
    """Likeness looked up in a table of pairs of rows; 0.1 where a pair is not named."""

    def __init__(self, named, rows=None):
        self.named, self.rows = named, rows

    def take(self, rows):
        return Table(self.named, rows if self.rows is None else self.rows[rows])

    def __call__(self, left, right, cosine):
        rows = np.arange(10_000) if self.rows is None else self.rows
        return np.array(
            [
                self.named.get((rows[b], rows[a]), self.named.get((rows[a], rows[b]), 0.1))
                for a, b in zip(left, right, strict=True)
            ]
        )


class Kinds:
    """One matter when the kinds are equal (0.95), perhaps when they are next to each other (0.7)."""

    def __init__(self, kinds):
        self.kinds = np.asarray(kinds)

    def take(self, rows):
        return Kinds(self.kinds[rows])

    def __call__(self, left, right, cosine):
        apart = np.abs(self.kinds[left] - self.kinds[right])
        given = np.where(apart == 0, 0.95, np.where(apart == 1, 0.7, 0.1))
        return np.where(np.isnan(cosine), given, cosine)


def appeals(count, *, day=None, area=None, topic=None, metres=None, bands=None, previous=None, ids=None):
    at = np.asarray([0.0] * count if metres is None else metres, dtype=float)
    return Appeals(
        ids=np.arange(10, 10 + count) if ids is None else np.asarray(ids),
        day=np.asarray(range(count) if day is None else day, dtype=float),
        area=np.asarray([1] * count if area is None else area),
        topic=np.asarray([1] * count if topic is None else topic),
        lat=50 + at * METRE,
        lon=np.where(np.isnan(at), np.nan, 82.0),
        bands=np.zeros((count, 0), np.int64) if bands is None else np.asarray(bands),
        group=np.full(count, NEW) if previous is None else np.asarray(previous),
    )


def groups(given, likeness, **more):
    return group(given, likeness, **more).groups.tolist()


def test_a_problem_bears_the_number_of_its_oldest_appeal():
    assert groups(appeals(4), Table({(0, 2): 0.9, (1, 3): 0.9})) == [10, 11, 10, 11]


@pytest.mark.parametrize(
    ("given", "rules"),
    [
        pytest.param({"day": [0, 31]}, {}, id="more than thirty days between"),
        pytest.param({"metres": [0, 300]}, {}, id="more than 250 metres between"),
        pytest.param({"area": [1, 2]}, {}, id="another area"),
        pytest.param({"topic": [1, 2]}, {}, id="another topic"),
        pytest.param({}, {"size": 1}, id="the problem is full"),
        pytest.param({}, {"join": 0.96}, id="not alike enough"),
        pytest.param({"area": [-1, -1], "metres": [np.nan, np.nan]}, {}, id="nobody knows where"),
    ],
)
def test_two_appeals_stay_apart(given, rules):
    assert groups(appeals(2), Kinds([1, 1])) == [10, 10]
    assert groups(appeals(2, **given), Kinds([1, 1]), rules=Rules(**rules)) == [10, 11]


def test_appeals_without_a_point_meet_within_their_area():
    assert groups(appeals(2, metres=[np.nan, np.nan]), Kinds([1, 1])) == [10, 10]


def test_near_identical_texts_meet_where_nothing_else_brings_them_together():
    apart = {"area": [-1, -1], "metres": [np.nan, np.nan]}
    assert groups(appeals(2, **apart, bands=[[5, 7], [6, 7]]), Kinds([1, 1])) == [10, 10]
    assert groups(appeals(2, **apart, bands=[[5, 7], [7, 5]]), Kinds([1, 1])) == [10, 11]


def test_appeals_near_in_meaning_meet_with_their_cosine():
    apart = appeals(3, area=[-1] * 3, metres=[np.nan] * 3)
    near = (np.array([2, 0]), np.array([0, 1]), np.array([0.8, 0.2]))
    assert groups(apart, Kinds([1, 1, 5]), near=near) == [10, 11, 10]


def test_a_chain_of_neighbours_does_not_swallow_the_street():
    street = appeals(12, day=[0] * 12, metres=[100 * place for place in range(12)])
    found = groups(street, Kinds([1] * 12))
    assert found == [10] * 3 + [13] * 3 + [16] * 3 + [19] * 3


def test_a_chain_of_half_likeness_does_not_grow():
    # Each is like the one before and unlike all others: the third fits one of the two it is compared with, the fourth
    # one of three.
    found = groups(appeals(4), Kinds([1, 2, 3, 4]))
    assert found == [10, 10, 10, 13]


def test_a_problem_does_not_last_for_ever():
    monthly = appeals(5, day=[0, 28, 56, 84, 112])
    assert groups(monthly, Kinds([1] * 5)) == [10, 10, 10, 10, 14]


def test_a_merge_is_told_with_both_numbers():
    likeness = Table({(0, 1): 0.9, (2, 3): 0.9, (0, 4): 0.95, (1, 4): 0.95, (2, 4): 0.92, (3, 4): 0.92})
    found = group(appeals(5), likeness)
    assert found.groups.tolist() == [10] * 5
    assert found.merges == (Merge(kept=10, gone=12, by=14),)


def test_what_fits_two_problems_a_little_merges_nothing():
    likeness = Table({(0, 1): 0.9, (2, 3): 0.9, (0, 4): 0.95, (1, 4): 0.95, (2, 4): 0.8, (3, 4): 0.8})
    found = group(appeals(5), likeness)
    assert found.groups.tolist() == [10, 10, 12, 12, 10]
    assert found.merges == ()


def test_a_merge_reaches_members_that_were_moved_to_another_part():
    likeness = Table({(0, 3): 0.95, (1, 3): 0.95})
    given = appeals(4, topic=[1, 1, 2, 1], previous=[10, 11, 11, NEW])
    found = group(given, likeness)
    assert found.groups.tolist() == [10, 10, 10, 10]
    assert found.merges == (Merge(kept=10, gone=11, by=13),)


@st.composite
def towns(draw):
    count = draw(st.integers(1, 60))
    rng = np.random.default_rng(draw(st.integers(0, 10_000)))
    metres = rng.integers(0, 8, count) * 60.0
    metres[rng.random(count) < 0.2] = np.nan
    town = appeals(
        count,
        day=np.sort(rng.uniform(0, 60, count)),
        area=rng.integers(-1, 2, count),
        topic=rng.integers(0, 2, count),
        metres=metres,
        bands=rng.integers(0, 30, (count, 2)),
        ids=np.cumsum(rng.integers(1, 5, count)),
    )
    pairs = rng.integers(0, count, (2, 20))
    return town, Kinds(rng.integers(0, 4, count)), (pairs[0], pairs[1], rng.uniform(0, 1, 20))


@given(towns(), st.floats(0, 1), st.floats(0, 1))
@settings(max_examples=150, deadline=None)
def test_day_by_day_is_the_same_as_in_one_go_and_an_id_changes_only_by_a_merge(town, one, two):
    given_all, likeness, (left, right, cosine) = town
    whole = group(given_all, likeness, near=(left, right, cosine))
    known, merges = np.full(len(given_all), NEW), []
    for until in sorted({round(one * len(given_all)), round(two * len(given_all)), len(given_all)}):
        rows = np.arange(until)
        sofar = Appeals(**{**vars(given_all), "group": known}).take(rows)
        told = (left < until) & (right < until)
        step = group(sofar, likeness.take(rows), near=(left[told], right[told], cosine[told]))
        gone = {merge.gone: merge.kept for merge in step.merges}
        for before, after in zip(known[:until].tolist(), step.groups.tolist(), strict=True):
            while before in gone:
                before = gone[before]
            assert before in (NEW, after)
        known[:until] = step.groups
        merges += step.merges
    assert known.tolist() == whole.groups.tolist()
    assert sorted(merges, key=repr) == sorted(whole.merges, key=repr)
    assert set(known.tolist()) <= set(given_all.ids.tolist())
    assert (known <= given_all.ids).all()


@given(towns(), st.integers(1, 7))
@settings(max_examples=40, deadline=None)
def test_any_cut_of_the_work_gives_the_same_answer(town, rows):
    given_all, likeness, near = town
    whole = group(given_all, likeness, near=near)
    before = grouping.groups._PARCEL, grouping.blocks._SLAB
    grouping.groups._PARCEL, grouping.blocks._SLAB = rows, rows
    try:
        with ThreadPoolExecutor(3) as pool:
            cut = group(given_all, likeness, near=near, run=pool.map)
    finally:
        grouping.groups._PARCEL, grouping.blocks._SLAB = before
    assert cut.groups.tolist() == whole.groups.tolist()
    assert cut.merges == whole.merges


def test_nothing_to_group_is_nothing_grouped():
    assert groups(appeals(0), Kinds([])) == []


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"ids": [3, 3]}, "ascending"),
        ({"ids": [-4, 3]}, "nought or more"),
        ({"day": [1]}, "as many rows"),
        ({"bands": np.zeros((3, 2), np.int64)}, "one row an appeal"),
    ],
)
def test_columns_that_do_not_fit_are_refused(given, message):
    with pytest.raises(BadAppeals, match=message):
        appeals(2, **given)


ONE = tuple(range(16))


def members(count, *, text="one", sender="many", spread=0.0, area="a1", apart=0.1, point=True):
    """`spread` metres from one to the next, `apart` days."""
    return [
        Member(
            ONE if text == "one" else tuple(range(100 * place, 100 * place + 16)),
            {"many": f"s{place}", "one": "s", "unknown": ""}[sender],
            f"{area}{place}" if area.endswith("-") else area,
            50 + spread * place * METRE if point else None,
            82.0 if point else None,
            apart * place,
        )
        for place in range(count)
    ]


@pytest.mark.parametrize(
    ("group", "kind"),
    [
        pytest.param(members(8, spread=3_000), "campaign", id="one text from all over the town"),
        pytest.param(members(8, spread=3_000, apart=20), "campaign", id="over months, still one text and no one place"),
        pytest.param(members(8, point=False, area="a-"), "campaign", id="one text, an area each"),
        pytest.param(members(8, point=False, area=""), "campaign", id="one text in a burst, places unknown"),
        pytest.param(members(8, point=False, area="", apart=20), "unclear", id="one text, places unknown, no burst"),
        pytest.param(members(8, spread=20), "joint", id="neighbours signed one text"),
        pytest.param(members(8, text="own", spread=20), "problem", id="own words, one place"),
        pytest.param(members(8, text="own", point=False), "problem", id="own words, one area"),
        pytest.param(members(8, text="own", spread=3_000), "unclear", id="own words, many places"),
        pytest.param(members(8, sender="one", spread=20), "repeats", id="one sender, one text"),
        pytest.param(members(8, sender="one", text="own", spread=20), "repeats", id="one sender, new words each time"),
        pytest.param(members(8, sender="unknown", spread=3_000), "campaign", id="senders not known"),
        pytest.param(members(2), "unclear", id="two are not many"),
        pytest.param([], "unclear", id="nobody"),
        pytest.param(members(4, spread=20) + members(4, text="own", spread=20)[1:], "unclear", id="half of each"),
    ],
)
def test_kinds_of_groups(group, kind):
    found = kind_of_group(group)
    assert found.kind == kind
    assert found.kind in grouping.KINDS


def test_a_kind_says_why_with_what_it_is_out_of():
    reasons = dict(kind_of_group(members(7, spread=3_000)).reasons)
    assert reasons == {
        "appeals": "7", "same_text": "7/7", "senders": "7", "same_point": "1/7", "within_three_days": "7/7",
    }  # fmt: skip


def test_letters_without_words_are_not_one_text():
    silent = [Member((), f"s{place}", "a", None, None, 0.0) for place in range(5)]
    assert kind_of_group(silent).kind == "problem"
    assert dict(kind_of_group(silent).reasons)["same_text"] == "0/5"

"""Work is shared so that nobody has more of it than another, and never with whom it is about."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dauys.engines.sharing import Matter, Officer, share


def names(found):
    return [one.officer for one in found]


@pytest.mark.parametrize(
    ("matters", "officers", "told", "expected"),
    [
        pytest.param([Matter(1), Matter(2), Matter(3)], [Officer(7, 0), Officer(8, 0)], {}, [7, 8, 7], id="in turn"),
        pytest.param([Matter(1), Matter(2)], [Officer(7, 3), Officer(8, 0)], {}, [8, 8], id="who has less catches up"),
        pytest.param(
            [Matter(1, weight=2), Matter(2), Matter(3), Matter(4)], [Officer(7, 0), Officer(8, 0)], {}, [7, 8, 8, 7],
            id="a heavy one counts as two",
        ),
        pytest.param([Matter(1, barred={7})], [Officer(7, 0), Officer(8, 9)], {}, [8], id="never to whom it is about"),
        pytest.param([Matter(1, barred={7})], [Officer(7, 0)], {}, [None], id="rather to nobody"),
        pytest.param([Matter(1)], [], {}, [None], id="everybody is away"),
        pytest.param(
            [Matter(1, language="kk")], [Officer(7, 0, languages={"ru"}), Officer(8, 5, languages={"kk", "ru"})],
            {"by_language": True}, [8], id="who writes the language",
        ),
        pytest.param(
            [Matter(1, language="en")], [Officer(7, 1, languages={"ru"}), Officer(8, 0, languages={"kk"})],
            {"by_language": True}, [8], id="nobody writes it: everybody",
        ),
        pytest.param(
            [Matter(1, topic="water.outage")], [Officer(7, 0, topics={"roads"}), Officer(8, 5, topics={"water"})],
            {"by_topic": True}, [8], id="who knows the whole of the topic",
        ),
        pytest.param(
            [Matter(1, topic="water.outage")], [Officer(7, 0, topics={"roads"}), Officer(8, 5, topics={"water"})],
            {}, [7], id="not asked for",
        ),
    ],
)  # fmt: skip
def test_who_gets_it(matters, officers, told, expected):
    assert names(share(matters, officers, **told)) == expected


def test_the_reason_says_what_narrowed_the_choice():
    officers = [Officer(7, 0, languages={"ru"}), Officer(8, 4, languages={"kk"}), Officer(9, 2, languages={"kk"})]
    (found,) = share([Matter(1, language="kk")], officers, by_language=True)
    assert (found.officer, found.load, found.of, found.why) == (9, 2, 2, ("language", "load"))


KEYS = st.integers(1, 6)


@given(officers=st.sets(KEYS, min_size=1), count=st.integers(0, 60))
def test_equal_loads_never_differ_by_more_than_one(officers, count):
    loads = dict.fromkeys(officers, 0)
    for one in share([Matter(number) for number in range(count)], [Officer(key, 0) for key in officers]):
        loads[one.officer] += 1
        assert max(loads.values()) - min(loads.values()) <= 1
    assert sum(loads.values()) == count


@given(
    loads=st.dictionaries(KEYS, st.integers(0, 20), min_size=1),
    weights=st.lists(st.integers(1, 3), max_size=40),
    barred=st.sets(KEYS),
    seed=st.randoms(use_true_random=False),
)
def test_sharing_is_fair_and_the_same_every_time(loads, weights, barred, seed):
    matters = [
        Matter(number, weight, barred=barred if number % 3 == 0 else set()) for number, weight in enumerate(weights)
    ]
    officers = [Officer(key, load) for key, load in loads.items()]
    found = share(matters, officers)
    assert found == share(matters, seed.sample(officers, len(officers)))
    after = dict(loads)
    for matter, one in zip(matters, found, strict=True):
        fit = loads.keys() - matter.barred
        if one.officer is None:
            assert not fit
            continue
        assert one.officer in fit
        assert after[one.officer] == min(after[key] for key in fit)  # nobody who could have taken it had less
        after[one.officer] += matter.weight

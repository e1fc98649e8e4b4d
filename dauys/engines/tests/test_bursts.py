import math
import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dauys.engines.bursts import HISTORY, MIN_DAYS, Told, UnusableCounts, explain, watch
from dauys.engines.bursts.counts import _log_gamma, _tail

WEEK = np.array([1.15, 1.1, 1.05, 1.05, 1.0, 0.75, 0.7])


def unchanging(seed, days=365, topics=43, areas=13, *, steady=True):
    """Counts whose rhythm never changes; with `steady` off the weeks breathe together (autocorrelation 0.5)."""
    rng = np.random.default_rng(seed)
    mean = np.outer(rng.gamma(0.7, 1, topics), rng.gamma(0.8, 1, areas))
    rate = (150 * mean / mean.sum()) * WEEK[np.arange(days) % 7][:, None, None]
    if not steady:
        drift = np.zeros((days, topics, areas))
        for day in range(1, days):
            drift[day] = 0.5 * drift[day - 1] + 0.26 * rng.normal(size=(topics, areas))
        rate = rate * np.exp(drift - drift.var() / 2)
    return rng.poisson(rate)


@pytest.mark.parametrize("steady", [True, False], ids=["independent days", "autocorrelated days"])
def test_an_unchanging_rhythm_is_called_on_no_more_days_than_stated(steady):
    judged = [day for seed in (1, 2) for day in watch(unchanging(seed, steady=steady), rate=0.05, since=0)]
    assert len(judged) == 2 * (365 - MIN_DAYS)
    assert sum(bool(day.bursts) for day in judged) <= 0.05 * len(judged)


def test_a_burst_is_found_where_and_when_it_is():
    counts = unchanging(3)
    counts[300, 5, 2] += 25
    found = watch(counts[:301])[0].bursts[0]
    assert (found.topic, found.area, found.days, found.since) == (5, 2, 1, 300)
    assert found.seen == counts[300, 5, 2]
    assert found.expected < 5
    assert found.chance < 0.001


def test_a_slow_burst_and_one_spread_over_the_region_are_found():
    slow = unchanging(4)
    slow[300:307, 7, 3] += 9
    assert any((b.topic, b.area) == (7, 3) for day in watch(slow[:309], since=300) for b in day.bursts)
    wide = unchanging(4)
    wide[300, 8] += 4
    assert any((b.topic, b.area) == (8, None) for b in watch(wide[:301])[0].bursts)


def test_what_comes_every_monday_is_no_news():
    counts = np.ones((200, 2, 2), dtype=int)
    counts[::7] += 20
    assert not [day for day in watch(counts, since=150) if day.bursts]


@given(st.integers(0, 1000))
@settings(max_examples=5, deadline=None)
def test_later_days_never_change_an_earlier_judgement(seed):
    counts = unchanging(seed, days=160, topics=6, areas=4)
    counts[120, 1, 1] += 15
    whole = watch(counts, since=100)
    assert watch(counts[:131], since=100) == whole[:31]
    assert watch(counts[:121]) == [whole[20]]


def test_an_older_past_than_is_asked_for_changes_nothing():
    counts = unchanging(6, days=HISTORY + 200, topics=6, areas=4)
    counts[-1, 1, 1] += 25
    whole, recent = watch(counts)[0].bursts, watch(counts[-HISTORY:])[0].bursts
    assert [(b.topic, b.area, b.days, b.seen, b.expected) for b in whole] == [
        (b.topic, b.area, b.days, b.seen, b.expected) for b in recent
    ]
    assert [b.chance for b in whole] == pytest.approx([b.chance for b in recent], rel=1e-6)
    assert 1 in {burst.topic for burst in whole}


def test_a_short_past_is_not_judged():
    assert watch(unchanging(1, days=MIN_DAYS)) == []


@pytest.mark.parametrize(
    ("counts", "rate", "said"),
    [
        (np.zeros((90, 3), dtype=int), 0.05, "days × topics × areas"),
        (np.zeros((90, 3, 2)), 0.05, "whole numbers"),
        (np.full((90, 3, 2), -1), 0.05, "below zero"),
        (np.zeros((90, 3, 2), dtype=int), 0.0, "rate"),
    ],
)
def test_unusable_counts_say_why(counts, rate, said):
    with pytest.raises(UnusableCounts, match=said):
        watch(counts, rate=rate)


def test_the_tail_is_that_of_the_negative_binomial():
    values = np.array([0.1, 0.5, 1.0, 3.7, 40.0, 5000.0])
    assert _log_gamma(values) == pytest.approx([math.lgamma(v) for v in values], abs=1e-9)
    mean, spread = 2.0, 0.5
    size = 1 / spread
    share = mean / (mean + size)
    below = sum(
        math.exp(math.lgamma(k + size) - math.lgamma(size) - math.lgamma(k + 1))
        * (1 - share) ** size * share**k for k in range(6)
    )  # fmt: skip
    tail = _tail(np.array([6.0]), np.array([mean]), np.array([spread]))
    assert tail[0] == pytest.approx(1 - below, rel=1e-9)


def test_a_year_is_judged_in_time():
    counts = unchanging(5)
    began = time.process_time()
    watch(counts, since=0)
    assert time.process_time() - began < 1.5


USUAL = {"двор": 300, "снег": 200, "мусор": 250, "улица": 400}


def test_the_telling_words_are_those_that_are_new():
    burst = [Told(str(n), f"улица {'абвгде'[n] * 4}: прорвало трубу, двор в воде") for n in range(6)]
    words = [word for word, _z in explain(burst, USUAL, 1000).words]
    assert {"прорвало", "трубу"} <= set(words)
    assert "улица" not in words


def test_a_campaign_has_its_words_too():
    found = explain([Told(str(n), "Верните маршрут девять") for n in range(9)], USUAL, 1000)
    assert "маршрут" in dict(found.words)


def test_samples_stand_near_the_middle():
    burst = [Told(str(n), f"трубу прорвало дом {'абвгд'[n] * 3}") for n in range(5)] + [Told("far", "спасибо за парк")]
    assert "far" not in explain(burst, USUAL, 1000).samples


@pytest.mark.parametrize(
    ("texts", "voices", "campaign"),
    [
        (["Верните автобус!"] * 8 + ["нет автобуса"], 2, 8),
        (["Верните автобус!", "верните автобус", "Верните, автобус"], 1, 3),
        (["нет воды", "вода грязная", "прорвало трубу"], 3, None),
        ([], 0, None),
    ],
)
def test_one_text_from_many_hands_is_a_campaign(texts, voices, campaign):
    found = explain([Told(str(n), text) for n, text in enumerate(texts)], USUAL, 1000)
    assert found.voices == voices
    assert (found.campaign and found.campaign[1]) == campaign


def test_a_campaign_found_by_others_is_taken_over():
    found = explain([Told(str(n), f"слово {'абвг'[n] * 4}", campaign="k7") for n in range(4)], USUAL, 1000)
    assert (found.voices, found.campaign) == (1, ("k7", 4))

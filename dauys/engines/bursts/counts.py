"""Counts of topics and areas day by day against their usual rhythm."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

LEVEL_DAYS = 56
"""The past that makes the level: eight whole weeks, so that every weekday weighs the same."""

GAP_DAYS = 7
"""The last days before today stay out of the level, lest a slow burst hide itself."""

SPREAD_DAYS = 112
MIN_DAYS = LEVEL_DAYS + GAP_DAYS
"""With a shorter past nothing is judged."""

YEAR = 364
"""Fifty-two weeks, so that a day of last year is the same weekday."""

WINDOWS = (1, 3, 7)
LEAST = 3
"""Fewer appeals than this in a window are never called a burst, however rare the cell."""

_PRIOR_DAYS = 7.0  # the weight, in days of its topic's share, of what is expected of a cell without a past
_PRIOR_APPEALS = 0.5
_SPREAD_CELLS = 2.0  # the weight of all cells' spread against a cell's own, in squared expected appeals
_CLASSES = (0.02, 0.05, 0.1, 0.3, 1.0, 3.0, 10.0)  # expected appeals in a window
_CUT, _LOOSE_CUT = 4.0, 12.0
"""Deviations above the first forecast at which a count is cut before it forms the level; and before it forms the
spread, to which batches belong."""

_FLOOR = 0.02  # appeals expected in a window at least: nobody can know of less


@dataclass(frozen=True, slots=True)
class Burst:
    """`topic` and `area` are rows and columns of the counts; area is None for a topic over all areas together.

    `expected` and `seen` are appeals in the last `days` days, `chance` the probability of so many or more on an
    unchanged rhythm, `since` the first day (index) of the window.
    """

    topic: int
    area: int | None
    days: int
    seen: int
    expected: float
    chance: float
    since: int


@dataclass(frozen=True, slots=True)
class Day:
    """`day` is an index into the counts. `cells` were judged; `rate` is the false-discovery rate that was held."""

    day: int
    bursts: tuple[Burst, ...]
    cells: int
    rate: float


class UnusableCounts(ValueError):
    """The counts cannot be judged; the message says why and what to do."""


def watch(counts: NDArray[np.integer], *, rate: float = 0.05, since: int | None = None) -> list[Day]:
    """Judge days from index `since` (the last one, if not given) to the end.

    Args:
        counts: whole numbers, days × topics × areas, one row for every calendar day in order.
        rate: the share of called bursts that may be false; on a day when nothing is unusual it is the chance that
            anything is called at all.
        since: the first day to judge; days with too short a past are left out.

    The answer for a day is the same whether later days are in the table or not. For a day's work give the last
    `HISTORY` days or what there is; in the first year the level alone carries the season.
    """
    table = np.asarray(counts)
    if table.ndim != 3 or not np.issubdtype(table.dtype, np.integer):
        raise UnusableCounts("Give counts as whole numbers in a table of days × topics × areas.")
    if table.size and int(table.min()) < 0:
        raise UnusableCounts("A count is below zero; count each day again.")
    if not 0 < rate < 1:
        raise UnusableCounts("The rate must lie between 0 and 1.")
    days, topics, areas = table.shape
    first = max(MIN_DAYS, days - 1 if since is None else since)
    if first >= days or not topics or not areas:
        return []
    # The last column of every topic is the topic over all areas: a burst spread thin over the region.
    seen = np.concatenate([table, table.sum(axis=2, keepdims=True)], axis=2) if areas > 1 else table
    wide = seen.shape[2]
    flat = np.ascontiguousarray(seen.reshape(days, topics * wide), dtype=np.float64)
    tails = _chances(flat, topics, wide, first)
    return [_call(tails, flat, day, first, wide, areas, rate) for day in range(first, days)]


HISTORY = 3 * YEAR
"""Days a judgement makes use of at most: with these alone it is the same as with a longer past."""


@dataclass(frozen=True, slots=True)
class _Tails:
    chance: list[Floats]  # for each window: days from `first` × cells
    expected: list[Floats]


def _sums(values: Floats, length: int) -> Floats:
    """Sums over the last `length` days, including the day itself; shorter at the beginning."""
    total = np.cumsum(values, axis=0)
    total[length:] -= total[:-length].copy()
    return total


def _lagged(values: Floats, lag: int) -> Floats:
    """The value `lag` days before; zero before the beginning."""
    late = np.zeros_like(values)
    if lag < len(values):
        late[lag:] = values[: len(values) - lag]
    return late


def _expected(seen: Floats, topics: int, wide: int) -> tuple[Floats, Floats]:
    """What each day is expected to bring, from days that lie at least GAP_DAYS back; and its relative variance."""
    days = len(seen)
    number = np.arange(days)
    past = _lagged(_sums(seen, LEVEL_DAYS), GAP_DAYS + 1)
    length = np.clip(number - GAP_DAYS, 1, LEVEL_DAYS).astype(np.float64)[:, None]
    by_topic = past.reshape(days, topics, wide).mean(axis=2)
    prior = np.repeat(by_topic, wide, axis=1) / length * 0.5
    known = past + _PRIOR_DAYS * prior
    level = known / (length + _PRIOR_DAYS)
    level *= _trend(seen, topics, wide, length)
    expected = np.maximum(level * _weekdays(seen, topics, wide) * _season(seen, topics, wide), 1e-6)
    return expected, 1.0 / (known + _PRIOR_APPEALS)


def _trend(seen: Floats, topics: int, wide: int, length: Floats) -> Floats:
    """How far a topic's later half of the level stands above its whole, damped: a trend seldom keeps its pace."""
    half = LEVEL_DAYS // 2
    recent = _lagged(_sums(seen, half), GAP_DAYS + 1).reshape(len(seen), topics, wide).sum(axis=2)
    whole = _lagged(_sums(seen, LEVEL_DAYS), GAP_DAYS + 1).reshape(len(seen), topics, wide).sum(axis=2)
    due = whole * np.minimum(half / length, 1.0)
    ratio = np.clip((recent + 40.0) / (due + 40.0), 0.67, 1.5)
    return np.repeat(ratio, wide, axis=1)


def _weekdays(seen: Floats, topics: int, wide: int) -> Floats:
    """A topic's share of each weekday over the last sixteen weeks, drawn towards all topics' together."""
    days = len(seen)
    by_topic = seen.reshape(days, topics, wide).sum(axis=2)
    weeks = np.zeros((days, topics))
    for step in range(1, 17):
        weeks += _lagged(by_topic, 7 * step)
    whole = _lagged(_sums(by_topic, 7 * 16), 1) / 7.0
    every = weeks.sum(axis=1, keepdims=True)
    common = (every + 20.0) / (whole.sum(axis=1, keepdims=True) + 20.0)
    factor = (weeks + 60.0 * common) / (whole + 60.0)
    return np.repeat(np.clip(factor, 0.2, 3.0), wide, axis=1)


def _season(seen: Floats, topics: int, wide: int) -> Floats:
    """How a topic's days around this date stood above its eight weeks before, a year ago; 1 without that year."""
    days = len(seen)
    if days <= YEAR + MIN_DAYS:
        return np.ones((days, 1))
    by_topic = seen.reshape(days, topics, wide).sum(axis=2)
    around = _lagged(_sums(by_topic, 15), YEAR - 7) / 15.0
    before = _lagged(_sums(by_topic, LEVEL_DAYS), YEAR + GAP_DAYS + 1) / LEVEL_DAYS
    known = (np.arange(days) >= YEAR + MIN_DAYS)[:, None]
    ratio = np.where(known, (around * 15.0 + 30.0) / (before * 15.0 + 30.0), 1.0)
    return np.repeat(np.clip(ratio, 0.5, 2.0), wide, axis=1)


def _chances(seen: Floats, topics: int, wide: int, first: int) -> _Tails:
    rough, _ = _expected(seen, topics, wide)
    # What stands far above the first forecast is cut, so that a past burst neither lifts the level nor the spread.
    deviation = np.sqrt(rough + 0.15 * rough * rough)
    usual = np.minimum(seen, np.ceil(rough + _CUT * deviation + 2.0))
    loose = np.minimum(seen, np.ceil(rough + _LOOSE_CUT * deviation + 2.0))
    expected, unsure = _expected(usual, topics, wide)
    chance, means = [], []
    for days in WINDOWS:
        mean = _sums(expected, days)
        spread = _spread(_sums(loose, days), mean, days)
        mean, spread = np.maximum(mean[first:], _FLOOR), (spread + unsure)[first:]
        total = np.rint(_sums(seen, days))
        chance.append(np.where((total > _highest(total, days))[first:], _tail(total[first:], mean, spread), 1.0))
        means.append(mean)
    return _Tails(chance, means)


def _highest(total: Floats, days: int) -> Floats:
    """The highest such window of the SPREAD_DAYS before: what a cell has lately seen is not new to it."""
    highest, reach = total.copy(), 1
    while reach < SPREAD_DAYS:
        step = min(reach, SPREAD_DAYS - reach)
        highest = np.maximum(highest, _lagged(highest, step))
        reach += step
    return _lagged(highest, GAP_DAYS + days)


def _spread(seen: Floats, mean: Floats, days: int) -> Floats:
    """The overdispersion α of Var = μ + αμ², from the past errors of this very forecast over this very window.

    So it holds what the forecast does not know: autocorrelation, changing seasons, one person filing ten appeals in
    a row. A cell's own spread is drawn towards that of all cells with about as many appeals: where batches are
    common, a batch is no news.
    """
    square = mean * mean
    square[:MIN_DAYS] = 0.0
    error = (seen - mean) ** 2 - mean
    error[:MIN_DAYS] = 0.0
    above, below = _lagged(_sums(error, SPREAD_DAYS), days), _lagged(_sums(square, SPREAD_DAYS), days)
    like = np.digitize(mean, _CLASSES)
    rows = np.arange(len(mean))[:, None] * (len(_CLASSES) + 1)
    every = _by_class(error, square, like + rows, days)
    # At the beginning little is known, so more is allowed for.
    short = np.clip((MIN_DAYS + SPREAD_DAYS - np.arange(len(mean))) / SPREAD_DAYS, 0.0, 1.0)[:, None]
    pooled = np.maximum(every, 0.05 + 0.15 * short).ravel()[like + rows]
    return np.maximum((above + _SPREAD_CELLS * pooled) / (below + _SPREAD_CELLS), pooled)


def _by_class(error: Floats, square: Floats, place: NDArray[np.intp], days: int) -> Floats:
    """Day by day the spread of all cells of a class together: days × classes."""
    shape = (len(error), len(_CLASSES) + 1)
    error = np.where(square > 0.0, error, 0.0)
    above, below = (
        np.asarray(np.bincount(place.ravel(), each.ravel(), shape[0] * shape[1]), dtype=np.float64).reshape(shape)
        for each in (error, square)
    )
    past, size = _lagged(_sums(above, SPREAD_DAYS), days), _lagged(_sums(below, SPREAD_DAYS), days)
    result: Floats = past / np.maximum(size, 1e-9)
    return result


def _tail(total: Floats, mean: Floats, spread: Floats) -> Floats:
    """P(Y ≥ total) under the negative binomial of this mean and spread; 1 where the count is not above the mean."""
    chance = np.ones_like(total)
    high = (total >= LEAST) & (total > mean)
    if not high.any():
        return chance
    count, mu, size = total[high], mean[high], 1.0 / spread[high]
    share = mu / (mu + size)
    log_term = (
        _log_gamma(count + size) - _log_gamma(size) - _log_gamma(count + 1.0)
        + size * np.log1p(-share) + count * np.log(share)
    )  # fmt: skip
    # Beyond the mean every term is smaller than the last; the sum stops when nothing is left to add.
    term = np.ones_like(count)
    sums = np.ones_like(count)
    at = count.copy()
    for _ in range(5000):
        term = term * share * (at + size) / (at + 1.0)
        sums += term
        at += 1.0
        if not (term > 1e-9 * sums).any():
            break
    chance[high] = np.minimum(np.exp(log_term) * sums, 1.0)
    return chance


_LANCZOS = (
    676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059, 12.507343278686905,
    -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
)  # fmt: skip


def _log_gamma(value: Floats) -> Floats:
    """ln Γ for positive arguments, by Lanczos' approximation (g = 7, nine terms), to about 1e-13."""
    below = value - 1.0
    series = np.full_like(value, 0.99999999999980993)
    for number, coefficient in enumerate(_LANCZOS, start=1):
        series += coefficient / (below + number)
    edge = below + 7.5
    result: Floats = 0.5 * math.log(2 * math.pi) + (below + 0.5) * np.log(edge) - edge + np.log(series)
    return result


def _call(tails: _Tails, seen: Floats, day: int, first: int, wide: int, areas: int, rate: float) -> Day:
    """Benjamini–Hochberg over all cells (1995); a cell's chance is the least over its windows, times their number."""
    at = day - first
    stacked = np.stack([chance[at] for chance in tails.chance])
    best = stacked.argmin(axis=0)
    least = np.minimum(stacked.min(axis=0) * len(WINDOWS), 1.0)
    order = np.argsort(least, kind="stable")
    passed = least[order] <= rate * np.arange(1, len(order) + 1) / len(order)
    called = order[: int(passed.nonzero()[0].max()) + 1] if passed.any() else order[:0]
    bursts = []
    for cell in called.tolist():
        days = WINDOWS[int(best[cell])]
        area = cell % wide
        bursts.append(
            Burst(
                topic=cell // wide, area=area if area < areas else None, days=days,
                seen=int(seen[day - days + 1 : day + 1, cell].sum()),
                expected=round(float(tails.expected[int(best[cell])][at, cell]), 3),
                chance=float(least[cell]), since=day - days + 1,
            )
        )  # fmt: skip
    return Day(day, tuple(bursts), len(order), rate)

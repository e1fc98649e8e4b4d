"""Which earlier appeals is one compared with? A bounded number, however many there are."""

from collections.abc import Iterator

import numpy as np

from dauys.engines.grouping.columns import NEW, Appeals, Ints, Parcel, Real, parts

DEGREE = 111_195.0  # metres in a degree of latitude (mean earth radius)
_SLAB = 8_192  # rows whose pairs are weighed at once: bounds the memory a process takes
_ZONE = 5.0  # degrees of latitude within which cells have one width
_SAME_BAND = 3  # earlier appeals with the same band that one is compared with


def _runs(starts: Ints, counts: Ints) -> Ints:
    """start, start + 1, … for each start, as many as its count, one after another."""
    ends = np.cumsum(counts)
    return np.arange(ends[-1] if len(ends) else 0) + np.repeat(starts - ends + counts, counts)


class _Blocks:
    """Rows by block; finds for a row the last few before it in any block."""

    def __init__(self, block: Ints) -> None:
        self.names, inverse = np.unique(block, return_inverse=True)
        self.order = np.argsort(inverse, kind="stable")
        self.count = len(block)
        self.starts = np.searchsorted(inverse[self.order], np.arange(len(self.names)))
        self.sorted = inverse[self.order] * self.count + self.order

    def before(self, rows: Ints, blocks: Ints, most: int) -> tuple[Ints, Ints]:
        """Pairs (row, earlier row) where the earlier row is one of the last `most` in the block named for the row."""
        if not self.count or not len(rows):
            return np.empty(0, np.int64), np.empty(0, np.int64)
        at = np.minimum(np.searchsorted(self.names, blocks), len(self.names) - 1)
        here = self.names[at] == blocks
        rows, at = rows[here], at[here]
        ends = np.searchsorted(self.sorted, at * self.count + rows)
        begin = np.maximum(self.starts[at], ends - most)
        return np.repeat(rows, ends - begin), self.order[_runs(begin, ends - begin)]


def _cells(appeals: Appeals, side: float) -> tuple[Ints, Ints]:
    """For each appeal the row and the column of its cell on the map; meaningless without a point.

    Cells are at least `side` metres high and wide. Their width is that of the poleward edge of the zone of latitude,
    so that it does not depend on which appeals are there; across the edge of a zone neighbours are not found.
    """
    lat, lon = np.nan_to_num(appeals.lat), np.nan_to_num(appeals.lon)
    edge = np.minimum((np.floor(np.abs(lat) / _ZONE) + 1) * _ZONE, 89.0)
    down = np.floor((lat + 90) * DEGREE / side).astype(np.int64)
    across = np.floor((lon + 180) * DEGREE * np.cos(np.radians(edge)) / side).astype(np.int64)
    return down, across


def _named(part: Ints, down: Ints, across: Ints) -> Ints:
    """One number for a part and a cell. Cells number less than 2^20 either way at a side of 20 metres or more."""
    return (part << 42) | ((down & 0x1FFFFF) << 21) | (across & 0x1FFFFF)


def metres_between(appeals: Appeals, left: Ints, right: Ints) -> Real:
    """Distance on a flat earth between points near by; not a number where one is missing."""
    lat_a, lat_b = appeals.lat[left], appeals.lat[right]
    wide = np.cos(np.radians((lat_a + lat_b) / 2)) * (appeals.lon[right] - appeals.lon[left])
    return np.asarray(np.hypot(lat_b - lat_a, wide) * DEGREE)


def candidates(parcel: Parcel) -> Iterator[tuple[Ints, Ints, Real]]:
    """(later row, earlier row, cosine) a slab of later rows at a time, each pair once, for rows still to be grouped."""
    appeals, rules = parcel.appeals, parcel.rules
    part = parts(appeals)
    has_point = ~np.isnan(appeals.lat + appeals.lon)
    down, across = _cells(appeals, rules.metres)
    mapped = _Blocks(np.where(has_point, _named(part, down, across), -1 - part))
    whole = _Blocks(part)
    bands = [_Blocks(_banded(appeals.bands[:, column], part)) for column in range(appeals.bands.shape[1])]
    near_later, near_earlier = np.maximum(*parcel.near[:2]), np.minimum(*parcel.near[:2])
    new = np.flatnonzero(appeals.group == NEW)
    for start in range(0, len(new), _SLAB):
        rows = new[start : start + _SLAB]
        pointed, elsewhere = rows[has_point[rows]], rows[~has_point[rows] & (appeals.area[rows] >= 0)]
        pairs = [whole.before(elsewhere, part[elsewhere], rules.compared)]
        for step_down in (-1, 0, 1):
            for step_across in (-1, 0, 1):
                cell = _named(part[pointed], down[pointed] + step_down, across[pointed] + step_across)
                pairs.append(mapped.before(pointed, cell, rules.compared))
        for column, blocks in enumerate(bands):
            pairs.append(blocks.before(rows, _banded(appeals.bands[rows, column], part[rows]), _SAME_BAND))
        told = (near_later >= rows[0]) & (near_later <= rows[-1]) & (appeals.group[near_later] == NEW)
        told &= near_later != near_earlier
        pairs.append((near_later[told], near_earlier[told]))
        later, earlier = (np.concatenate(side) for side in zip(*pairs, strict=True))
        keys = np.unique(later * len(appeals) + earlier)
        later, earlier = keys // len(appeals), keys % len(appeals)
        close = part[later] == part[earlier]  # bands of two parts may fall together by chance
        close &= np.abs(appeals.day[later] - appeals.day[earlier]) <= rules.days
        close &= ~(metres_between(appeals, later, earlier) > rules.metres)
        keys, later, earlier = keys[close], later[close], earlier[close]
        cosine = np.full(len(keys), np.nan)
        told_keys = near_later[told] * len(appeals) + near_earlier[told]
        order = np.argsort(told_keys, kind="stable")
        at = np.searchsorted(told_keys[order], keys)
        at[at == len(order)] = 0
        if len(order):
            known = told_keys[order][at] == keys
            cosine[known] = parcel.near[2][told][order][at[known]]
        yield later, earlier, cosine


def _banded(keys: Ints, part: Ints) -> Ints:
    """A key that holds within its part alone. Two that fall together by chance only cost a comparison in vain."""
    mixed = keys.astype(np.uint64) ^ (part.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15))
    return (mixed >> np.uint64(1)).astype(np.int64)

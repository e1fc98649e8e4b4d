"""Appeal by appeal into problems, under guards, with every merge told."""

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from dauys.engines.grouping.blocks import DEGREE, candidates
from dauys.engines.grouping.columns import NEW, Appeals, Ints, Likeness, Parcel, Real, Rules, parts

_PARCEL = 65_536  # rows a process is handed at once


@dataclass(frozen=True, slots=True)
class Merge:
    """Two problems became one because of an appeal: `gone` is from now on found under `kept`, the older."""

    kept: int
    gone: int
    by: int


@dataclass(frozen=True)
class Grouped:
    """The problem of each appeal, named by the number of its oldest appeal, and the merges in the order they came.

    The problem of an appeal that had one changes only by a merge that is listed.
    """

    ids: Ints
    groups: Ints
    merges: tuple[Merge, ...]


_NONE_NEAR = (np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0, np.float64))


def group(
    appeals: Appeals, likeness: Likeness, *, near: tuple[Ints, Ints, Real] = _NONE_NEAR, rules: Rules | None = None,
    run: Callable[[Callable[[Parcel], Grouped], Iterable[Parcel]], Iterable[Grouped]] = map,
) -> Grouped:  # fmt: skip
    """Put the appeals whose group is NEW into problems; those grouped before stay, and are what the new ones meet.

    `likeness` answers for the same rows. `near` names pairs of rows near in meaning, with their cosines; pairs of
    different parts are passed over. `run` applies a function to parcels and keeps their order: `map`, the `map` of a
    pool of processes, or of a cluster. Raises BadAppeals.
    """
    found = list(run(group_parcel, parcels(appeals, likeness, near=near, rules=rules or Rules())))
    groups = appeals.group.copy()
    for part in found:
        groups[np.searchsorted(appeals.ids, part.ids)] = part.groups
    merges = sorted((merge for part in found for merge in part.merges), key=lambda merge: merge.by)
    # A problem may have members in several parts (a person moved one): a merge in one part is a merge everywhere.
    under: dict[int, int] = {}
    for merge in merges:
        under[merge.gone] = merge.kept
    for gone in under:
        kept = gone
        while kept in under:
            kept = under[kept]
        groups[groups == gone] = kept
    return Grouped(appeals.ids, groups, tuple(merges))


def parcels(
    appeals: Appeals, likeness: Likeness, *, near: tuple[Ints, Ints, Real] = _NONE_NEAR, rules: Rules
) -> Iterator[Parcel]:
    """The work cut along areas and topics, which appeals of one problem share; how it is cut changes nothing."""
    if not len(appeals):
        return
    part = parts(appeals)
    sizes = np.bincount(part)
    parcel_of_part = (np.cumsum(sizes) - sizes) // _PARCEL
    parcel = parcel_of_part[part]
    left, right, cosine = near
    inside = part[left] == part[right]
    left, right, cosine = left[inside], right[inside], cosine[inside]
    place = np.empty(len(appeals), np.int64)
    for number in np.unique(parcel):
        rows = np.flatnonzero(parcel == number)
        place[rows] = np.arange(len(rows))
        own = parcel[left] == number
        own_near = (place[left[own]], place[right[own]], cosine[own])
        yield Parcel(appeals.take(rows), likeness.take(rows), own_near, rules)


def group_parcel(parcel: Parcel) -> Grouped:
    """Group what a parcel holds; see `group`. The same parcel gives the same answer anywhere."""
    state = _State(parcel)
    for later, earlier, cosine in candidates(parcel):
        probability = parcel.likeness(later, earlier, cosine)
        hopeful = np.unique(later[probability >= parcel.rules.join])
        keep = np.isin(later, hopeful)
        later, earlier, probability = later[keep], earlier[keep], probability[keep]
        edges = [*np.searchsorted(later, hopeful).tolist(), len(later)]
        others, likes = earlier.tolist(), probability.tolist()
        for row, begin, end in zip(hopeful.tolist(), edges[:-1], edges[1:], strict=True):
            state.settle(row, others[begin:end], likes[begin:end])
    return state.result()


@dataclass
class _Problem:
    """Rows of its members, the oldest first, and the last day of any."""

    rows: list[int]
    until: float


class _State:
    """What stands so far, appeal by appeal. All of it can be told again from the members, so nothing is lost between
    one grouping and the next, when the next is given whole problems.
    """

    def __init__(self, parcel: Parcel) -> None:
        self.rules, self.appeals = parcel.rules, parcel.appeals
        self.day: list[float] = parcel.appeals.day.tolist()
        self.lat: list[float] = parcel.appeals.lat.tolist()
        self.lon: list[float] = parcel.appeals.lon.tolist()
        self.name: list[int] = np.where(
            parcel.appeals.group == NEW, parcel.appeals.ids, parcel.appeals.group
        ).tolist()  # of each row's problem
        self.problems: dict[int, _Problem] = {}
        self.merges: list[Merge] = []
        for row in np.flatnonzero(parcel.appeals.group != NEW).tolist():
            self._enter(self.name[row], row)

    def settle(self, row: int, others: Sequence[int], likes: Sequence[float]) -> None:
        """Put one appeal where it belongs, given how alike it is to earlier ones."""
        join = self.rules.join
        met: dict[int, tuple[float, int, int]] = {}
        for other, like in zip(others, likes, strict=True):
            best, alike, all_met = met.get(self.name[other], (0.0, 0, 0))
            met[self.name[other]] = (max(best, like), alike + (like >= join), all_met + 1)
        # Alone so far, an appeal begins a problem when somebody joins it: those without company cost nothing.
        fits = sorted(
            (-best, name)
            for name, (best, alike, all_met) in met.items()
            if best >= join and 2 * alike >= all_met and self._may(name, row, others)
        )
        if not fits:
            return
        kept = fits[0][1]
        self._enter(kept, row)
        for best, name in fits[1:]:
            if -best < self.rules.merge:
                break
            kept = self._merge(kept, name, row)

    def _members(self, name: int, among: Sequence[int]) -> _Problem:
        found = self.problems.get(name)
        if found is None:
            (row,) = (other for other in among if self.name[other] == name)
            found = self.problems[name] = _Problem([row], self.day[row])
        return found

    def _enter(self, name: int, row: int) -> None:
        problem = self.problems.setdefault(name, _Problem([], self.day[row]))
        problem.rows.append(row)
        problem.until = max(problem.until, self.day[row])
        self.name[row] = name

    def _may(self, name: int, row: int, others: Sequence[int]) -> bool:
        problem = self._members(name, others)
        oldest = problem.rows[0]
        return (
            len(problem.rows) < self.rules.size
            and abs(self.day[row] - self.day[oldest]) <= self.rules.lasting
            and not self._far(oldest, row)
        )

    def _far(self, one: int, other: int) -> bool:
        """Whether two points are known and lie farther apart than a problem reaches."""
        lat_a, lat_b = self.lat[one], self.lat[other]
        wide = math.cos(math.radians((lat_a + lat_b) / 2)) * (self.lon[other] - self.lon[one])
        return math.hypot(lat_b - lat_a, wide) * DEGREE > self.rules.metres

    def _merge(self, one: int, other: int, by: int) -> int:
        """The name under which the two go on, or `one` when the guards keep them apart."""
        kept, gone = min(one, other), max(one, other)
        first, second = self.problems[kept], self.problems[gone]
        rows = sorted(first.rows + second.rows)
        until = max(first.until, second.until)
        if (
            len(rows) > self.rules.size
            or until - self.day[rows[0]] > self.rules.lasting
            or any(self._far(rows[0], row) for row in rows)
        ):
            return one
        self.merges.append(Merge(kept, gone, int(self.appeals.ids[by])))
        self.problems[kept] = _Problem(rows, until)
        del self.problems[gone]
        for row in second.rows:
            self.name[row] = kept
        return kept

    def result(self) -> Grouped:
        return Grouped(self.appeals.ids, np.array(self.name, dtype=np.int64), tuple(self.merges))

"""How likely are two appeals about one matter, by words, meaning, place, topic and day together?

A person joins appeals; this only suggests.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt

from dauys.engines.sameness.model import BY_JUDGEMENT, FEATURES, PairModel

Ints = npt.NDArray[np.int64]
Real = npt.NDArray[np.float64]

ELSEWHERE = 0.45
"""The most that two appeals may score whose points lie more than FAR metres apart, or whose areas differ where a point
is missing: the same words in different places are two matters (or a campaign, see grouping.kind_of_group)."""

FAR = 2_000.0
_FAR_DAYS = 36_500.0


@dataclass(frozen=True)
class Seen:
    """What is known of an appeal when it is compared: stemmed words, topic and area codes, point, day of
    receipt, and the building's own code where it has one.
    """

    stems: frozenset[str]
    topic: str
    area_code: str
    lat: float | None
    lon: float | None
    day: date
    building: str = ""


@dataclass(frozen=True)
class Sameness:
    """How likely two appeals are about one matter, 0 to 1.

    `reasons` are (kind, value) pairs, each only where it speaks for the likeness: words, meaning, topic, building,
    metres, area, days.
    """

    score: float
    reasons: tuple[tuple[str, str], ...]


class Described:
    """Appeals in columns, so that millions of pairs are weighed at once."""

    def __init__(
        self, *, starts: Ints, stems: Ints, topic: Ints, area: Ints, building: Ints, lat: Real, lon: Real, day: Real,
        model: PairModel = BY_JUDGEMENT,
    ) -> None:  # fmt: skip
        """Row r has stems[starts[r]:starts[r + 1]], each once, ascending.

        Codes below nought and points that are not numbers are unknown. `day` is in days, fractions allowed.
        """
        self.starts, self.stems = starts, stems
        self.topic, self.area, self.building = topic, area, building
        self.lat, self.lon, self.day, self.model = lat, lon, day, model
        self._keys: Ints | None = None
        self._width = int(stems.max(initial=0)) + 1

    @classmethod
    def of(cls, appeals: Iterable[Seen], *, model: PairModel = BY_JUDGEMENT) -> "Described":
        """In the order given; codes are numbered as they come, so two of these do not compare with each other."""
        known: dict[str, int] = {}
        codes: tuple[dict[str, int], ...] = ({}, {}, {})
        lengths, flat, rows = [0], [], []
        for one in appeals:
            own = sorted(known.setdefault(stem, len(known)) for stem in one.stems)
            flat += own
            lengths.append(len(own))
            rows.append(
                (
                    *(
                        book.setdefault(code, len(book)) if code else -1
                        for book, code in zip(codes, (one.topic, one.area_code, one.building), strict=True)
                    ),
                    math.nan if one.lat is None or one.lon is None else one.lat,
                    math.nan if one.lat is None or one.lon is None else one.lon,
                    one.day.toordinal(),
                )
            )
        table = np.array(rows, dtype=np.float64).reshape(len(rows), 6)
        stems = np.array(flat, dtype=np.int64)
        topic, area, building = (table[:, place].astype(np.int64) for place in range(3))
        return cls(
            starts=np.cumsum(lengths, dtype=np.int64), stems=stems, topic=topic, area=area,
            building=building, lat=table[:, 3], lon=table[:, 4], day=table[:, 5], model=model,
        )  # fmt: skip

    def __len__(self) -> int:
        return len(self.topic)

    def take(self, rows: Ints) -> "Described":
        """These rows alone, in this order."""
        counts = np.diff(self.starts)[rows]
        places = _runs(self.starts[rows], counts)
        return Described(
            starts=np.concatenate([[0], np.cumsum(counts)]), stems=self.stems[places],
            topic=self.topic[rows], area=self.area[rows], building=self.building[rows], lat=self.lat[rows],
            lon=self.lon[rows], day=self.day[rows], model=self.model,
        )  # fmt: skip

    def metres(self, left: Ints, right: Ints) -> Real:
        """Great-circle distance (haversine, mean earth radius); not a number where a point is missing."""
        lat_a, lat_b = np.radians(self.lat[left]), np.radians(self.lat[right])
        half_lat, half_lon = (lat_b - lat_a) / 2, np.radians(self.lon[right] - self.lon[left]) / 2
        chord = np.sin(half_lat) ** 2 + np.cos(lat_a) * np.cos(lat_b) * np.sin(half_lon) ** 2
        return np.asarray(2 * 6_371_000 * np.arcsin(np.sqrt(np.minimum(1.0, chord))))

    def words(self, left: Ints, right: Ints) -> Real:
        """The feature `words` of each pair."""
        counts = np.diff(self.starts)
        if self._keys is None:
            self._keys = np.repeat(np.arange(len(self)), counts) * self._width + self.stems
        keys = self._keys
        longer = counts[left] > counts[right]
        few, many = np.where(longer, right, left), np.where(longer, left, right)
        places = _runs(self.starts[few], counts[few])
        pair = np.repeat(np.arange(len(left)), counts[few])
        wanted = many[pair] * self._width + self.stems[places]
        found = np.searchsorted(keys, wanted)
        found[found == len(keys)] = 0
        hit = keys[found] == wanted if len(keys) else np.zeros(0, bool)
        common = np.bincount(pair[hit], minlength=len(left)).astype(np.float64)
        least = np.minimum(counts[left], counts[right])
        union = counts[left] + counts[right] - common
        share = np.divide(common, least, out=np.zeros(len(left)), where=least > 0)
        shared = np.divide(common, union, out=np.zeros(len(left)), where=union > 0)
        return (share + shared) / 2

    def features(self, left: Ints, right: Ints, cosine: Real | None = None) -> tuple[Real, npt.NDArray[np.bool_]]:
        """(n, len(FEATURES)) for pairs of rows, and whether each pair lies apart (see ELSEWHERE).

        `cosine` (n,) is not a number where there is none.
        """
        table = np.empty((len(left), len(FEATURES)))
        table[:, 0] = table[:, 1] = self.words(left, right)
        if cosine is not None:
            table[:, 1] = np.where(np.isnan(cosine), table[:, 1], np.clip((cosine - 0.3) / 0.7, 0, 1))
        metres = self.metres(left, right)
        has_points = ~np.isnan(metres)
        both_areas = (self.area[left] >= 0) & (self.area[right] >= 0)
        same_area = both_areas & (self.area[left] == self.area[right])
        same_building = (self.building[left] >= 0) & (self.building[left] == self.building[right])
        table[:, 2] = np.where(same_building, 1, np.where(has_points, np.exp(-metres / 50), 0.25 * same_area))
        table[:, 3] = np.where(same_building, 1, np.where(has_points, np.exp(-metres / 300), 0.6 * same_area))
        table[:, 4] = (self.topic[left] >= 0) & (self.topic[left] == self.topic[right])
        table[:, 5] = np.exp(-np.minimum(np.abs(self.day[left] - self.day[right]), _FAR_DAYS) / 14)
        apart = np.where(has_points, metres > FAR, both_areas & ~same_area) & ~same_building
        return table, apart

    def __call__(self, left: Ints, right: Ints, cosine: Real | None = None) -> Real:
        """The probability that each pair of rows is about one matter."""
        table, apart = self.features(left, right, cosine)
        probability = self.model.probability(table)
        return np.where(apart, np.minimum(probability, ELSEWHERE), probability)


def _runs(starts: Ints, counts: Ints) -> Ints:
    """start, start + 1, … for each start, as many as its count, one after another."""
    ends = np.cumsum(counts)
    return np.arange(ends[-1] if len(ends) else 0) + np.repeat(starts - ends + counts, counts)


def compare(
    mine: Seen, others: Sequence[Seen], *, model: PairModel = BY_JUDGEMENT,
    cosines: Sequence[float | None] | None = None,
) -> list[Sameness]:  # fmt: skip
    """One appeal with many others, in their order. `cosines` are those of the vectors, None where there is none."""
    if not others:
        return []
    described = Described.of([mine, *others], model=model)
    left, right = np.zeros(len(others), dtype=np.int64), np.arange(1, len(others) + 1)
    given = np.full(len(others), math.nan)
    if cosines is not None:
        given[:] = [math.nan if cosine is None else cosine for cosine in cosines]
    scores = described(left, right, given)
    metres = described.metres(left, right)
    return [
        Sameness(round(float(score), 4), _reasons(mine, other, float(apart), float(cosine)))
        for other, score, apart, cosine in zip(others, scores, metres, given, strict=True)
    ]


def same_matter(a: Seen, b: Seen, *, model: PairModel = BY_JUDGEMENT, cosine: float | None = None) -> Sameness:
    """Two appeals: see `compare`, which is quicker for many."""
    return compare(a, [b], model=model, cosines=[cosine])[0]


def _reasons(a: Seen, b: Seen, metres: float, cosine: float) -> tuple[tuple[str, str], ...]:
    reasons: list[tuple[str, str]] = []
    if common := a.stems & b.stems:
        reasons.append(("words", ", ".join(sorted(common, key=lambda word: (-len(word), word))[:5])))
    if cosine >= 0.5:
        reasons.append(("meaning", f"{min(cosine, 1.0):.2f}"))
    if a.topic and a.topic == b.topic:
        reasons.append(("topic", a.topic))
    if a.building and a.building == b.building:
        reasons.append(("building", a.building))
    if metres <= 1_000:
        reasons.append(("metres", str(round(metres))))
    if a.area_code and a.area_code == b.area_code and not metres > FAR:
        reasons.append(("area", a.area_code))
    if (days := abs((a.day - b.day).days)) <= 30:
        reasons.append(("days", str(days)))
    return tuple(reasons)

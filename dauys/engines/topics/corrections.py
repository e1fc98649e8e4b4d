"""People's corrections, in force at once: the nearest corrected text speaks before the model does.

A correction is kept as the places and rarities of its stems, never as words. A text that shares most of the weight of
a corrected text's words takes its topic; one that shares little is not touched at all, to the last digit.
"""

from collections import Counter
from collections.abc import Sequence

import numpy as np

from dauys.engines.topics.features import F32, Ints

MOST = 1000
"""Corrections remembered; the oldest leave first. By then it is time to learn anew."""

FROM, FULL = 0.55, 0.85
"""Likeness (cosine of stems weighed by rarity) from which a correction begins to speak, and from which it decides."""

SAY = 0.97
"""The most a correction may say: the next person may still think otherwise."""

_ALIKE = 0.75
"""Corrections of texts as near as this count when it is asked how many people agree."""

_CLOSE = 0.03  # corrections as near as this to the nearest one vote together


class Memory:
    """`starts` (n + 1,) cut `stems` and `values` into one unit vector a correction; `codes` (n,), oldest first."""

    def __init__(self, starts: Ints, stems: Ints, values: F32, codes: tuple[str, ...]) -> None:
        self.starts, self.stems, self.values, self.codes = starts, stems, values, codes
        known, columns = np.unique(stems, return_inverse=True)
        self._known: Ints = known
        self._table: F32 = np.zeros((len(known), len(codes)), dtype=np.float32)
        self._table[columns, np.repeat(np.arange(len(codes)), np.diff(starts))] = values

    def with_more(self, vectors: Sequence[tuple[Ints, F32]], codes: Sequence[str]) -> "Memory":
        """The memory after `codes` too; one corrected before in the same words gives way to the newer."""
        mine = [
            (self.stems[a:b], self.values[a:b], code)
            for a, b, code in zip(self.starts, self.starts[1:], self.codes, strict=False)
        ]
        latest: dict[bytes, tuple[Ints, F32, str]] = {}
        for stems, values, code in (*mine, *((s, v, c) for (s, v), c in zip(vectors, codes, strict=True))):
            if len(stems):
                key = stems.tobytes()
                latest.pop(key, None)
                latest[key] = (stems, values, code)
        return Memory.of(list(latest.values())[-MOST:])

    @classmethod
    def of(cls, kept: Sequence[tuple[Ints, F32, str]]) -> "Memory":
        starts = np.cumsum([0, *(len(stems) for stems, _, _ in kept)], dtype=np.int64)
        return cls(
            starts,
            np.concatenate([stems for stems, _, _ in kept]) if kept else np.zeros(0, dtype=np.int64),
            np.concatenate([values for _, values, _ in kept]) if kept else np.zeros(0, dtype=np.float32),
            tuple(code for _, _, code in kept),
        )

    def say(self, stems: Ints, values: F32) -> tuple[float, dict[str, float], float]:
        """How far corrections decide this text (0 to SAY), their shares by code, and how sure they can make it.

        `stems` are in order, `values` of length 1.
        """
        known, table = self._known, self._table
        if not len(known):
            return 0.0, {}, 1.0
        at = np.minimum(np.searchsorted(known, stems), len(known) - 1)
        met = known[at] == stems
        if not met.any():
            return 0.0, {}, 1.0
        likeness = values[met] @ table[at[met]]
        nearest = float(likeness.max())
        if nearest <= FROM:
            return 0.0, {}, 1.0
        speakers = np.flatnonzero(likeness >= nearest - _CLOSE)
        votes = Counter(self.codes[int(i)] for i in speakers)
        say = min(1.0, (nearest - FROM) / (FULL - FROM)) * SAY
        # What one person said of a text alike is the first suggestion at once, yet nothing to be sure of: n who agree
        # make it sure to n / (n + 1). On later appeals of a city one voice in full cost 9 points of precision.
        winner = max(votes, key=lambda code: (votes[code], code))
        heard = np.flatnonzero(likeness >= min(nearest - _CLOSE, _ALIKE))
        agreed = sum(self.codes[int(i)] == winner for i in heard)
        return say, {code: count / len(speakers) for code, count in votes.items()}, agreed / (len(heard) + 1)


def unit(stems: Ints, rarity: F32) -> tuple[Ints, F32]:
    """Different stems in order, weighed by rarity, as a vector of length 1."""
    order = np.argsort(stems, kind="stable")
    stems, values = stems[order], rarity[order].astype(np.float32)
    kept = np.ones(len(stems), dtype=bool)
    kept[1:] = stems[1:] != stems[:-1]
    stems, values = stems[kept], values[kept]
    return stems, values / max(1e-9, float(np.sqrt((values**2).sum())))

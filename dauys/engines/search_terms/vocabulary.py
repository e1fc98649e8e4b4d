"""Which word was meant? The nearest words of a vocabulary, by letters wrong, missing, added or swapped.

All words of a vocabulary are compared at once: a word becomes a set of letters in 64 bits, two words that differ by n
slips differ by at most 2n of these bits and n in length, and only the few that pass are measured letter by letter
(Damerau's distance in its restricted form: Oommen and Loke, 1997).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

LONGEST = 24
SHORTEST = 3
LONG = 7
"""From this many letters on two slips are forgiven; below, one."""


@dataclass(frozen=True, slots=True)
class Near:
    """A word near the asked one: its place in the vocabulary, how many slips away."""

    place: int
    slips: int


def slips_allowed(word: str) -> int:
    if len(word) < SHORTEST or len(word) > LONGEST or not word.isalpha():
        return 0
    return 2 if len(word) >= LONG else 1


def _codes(words: Sequence[str]) -> NDArray[np.uint32]:
    """Words as rows of code points, zeros behind the last letter."""
    if not words:
        return np.zeros((0, LONGEST), np.uint32)
    return np.array([word[:LONGEST] for word in words], dtype=f"<U{LONGEST}").view(np.uint32).reshape(-1, LONGEST)


def _bits(codes: NDArray[np.uint32]) -> NDArray[np.uint64]:
    """The set of a word's letters. Cyrillic letters keep a bit each, others share the upper half."""
    place = np.where(codes >= 0x430, (codes - 0x430) % 34, 34 + codes % 30).astype(np.uint64)
    one = np.where(codes > 0, np.left_shift(np.uint64(1), place), np.uint64(0))
    return np.bitwise_or.reduce(one, axis=1)


class Vocabulary:
    """Words with the number of texts that hold each. Grows by `added`, never changes in place."""

    def __init__(self, words: Sequence[str], counts: Sequence[int]) -> None:
        codes = _codes(words)
        self.words = list(words)
        self._set(codes, np.asarray(counts, dtype=np.int64))

    def _set(self, codes: NDArray[np.uint32], counts: NDArray[np.int64]) -> None:
        # Every letter of the house lies below 2^16: half the memory.
        self._codes = np.minimum(codes, 0xFFFF).astype(np.uint16)
        self._counts = counts
        self._lengths = (codes > 0).sum(axis=1).astype(np.int8)
        self._bits = _bits(codes)

    def __len__(self) -> int:
        return len(self.words)

    def near(self, word: str, *, most: int = 5, least_texts: int = 1) -> list[Near]:
        """The nearest other words, fewest slips first, then those in most texts. Empty for short words and numbers."""
        slips = slips_allowed(word)
        if not slips or not self.words:
            return []
        codes = _codes([word])
        difference = np.bitwise_count(self._bits ^ _bits(codes)[0])
        fit = (difference <= 2 * slips) & (np.abs(self._lengths - len(word)) <= slips) & (self._counts >= least_texts)
        if len(word) == SHORTEST:  # three letters are like too many others: the first one must be right
            fit &= self._codes[:, 0] == codes[0, 0]
        places = np.flatnonzero(fit)
        if not len(places):
            return []
        away = _distances(codes[0, : len(word)].astype(np.uint16), self._codes[places], self._lengths[places])
        kept = (away <= slips) & (away > 0)
        places, away = places[kept], away[kept]
        first = (self._codes[places, 0] != codes[0, 0]).astype(np.int8)  # the first letter is rarely the wrong one
        order = np.lexsort((-self._counts[places], away + first))[:most]
        return [Near(int(places[one]), int(away[one])) for one in order]


def _distances(word: NDArray[np.uint16], others: NDArray[np.uint16], lengths: NDArray[np.int8]) -> NDArray[np.int8]:
    """Slips between one word and each of the others, all in step."""
    width = int(lengths.max())
    rows = len(others)
    before = np.zeros((rows, width + 1), np.int8)
    last = np.tile(np.arange(width + 1, dtype=np.int8), (rows, 1))
    for place, letter in enumerate(word):
        row = np.empty_like(last)
        row[:, 0] = place + 1
        unlike = others[:, :width] != letter
        for at in range(width):
            best = np.minimum(last[:, at] + unlike[:, at], np.minimum(last[:, at + 1], row[:, at]) + 1)
            if place and at:
                swapped = (others[:, at] == word[place - 1]) & ~unlike[:, at - 1]
                best = np.where(swapped, np.minimum(best, before[:, at - 1] + 1), best)
            row[:, at + 1] = best
        before, last = last, row
    return last[np.arange(rows), lengths]

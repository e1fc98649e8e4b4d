"""Words whose language runs of letters tell wrongly: by how much each speaks more for Kazakh, or less, than they say.

Kazakh and Russian share letters, loans and the look of many short words; how often each language uses the very word
then decides. Only a hash of a word is kept, so a word never seen is taken for a listed one once in 50,000 times.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dauys.engines.language.letters import CYRILLIC, FOLDED, LONGEST_WORD, Numbers, Words

STEP = 0.25
"""Points a listed number counts for."""
_BASE, _MIX = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xD6E8FEB86659FD93)
_SHIFT = np.uint64(32)


@dataclass(frozen=True)
class Lexicon:
    """`hashes` in rising order (uint32), and for each how many steps its word is more Kazakh (int8)."""

    hashes: NDArray[np.uint32]
    steps: NDArray[np.int8]


NONE = Lexicon(np.zeros(0, np.uint32), np.zeros(0, np.int8))


def hashes(letters: Numbers, start: NDArray[np.int64], end: NDArray[np.int64]) -> NDArray[np.uint32]:
    """A number for each word letters[start:end]; ё counts as е."""
    found = np.full(len(start), _MIX, np.uint64)
    size = end - start
    going = np.arange(len(start))
    for place in range(LONGEST_WORD):
        going = going[size[going] > place]
        if not len(going):
            break
        found[going] = (found[going] + FOLDED[letters[start[going] + place]].astype(np.uint64)) * _BASE
    found ^= found >> _SHIFT
    found *= _MIX
    return (found >> _SHIFT).astype(np.uint32)


def correct(words: Words, points: NDArray[np.float32], lexicon: Lexicon) -> None:
    """Shift the points of listed words, words x columns, from Russian to Kazakh or back."""
    if not len(lexicon.hashes):
        return
    asked = np.flatnonzero(words.kind == CYRILLIC)
    found = hashes(words.letters, words.start[asked], words.end[asked])
    at = np.minimum(np.searchsorted(lexicon.hashes, found), len(lexicon.hashes) - 1)
    listed = lexicon.hashes[at] == found
    shift = lexicon.steps[at[listed]].astype(np.float32) * np.float32(STEP / 2)
    points[asked[listed], 0] += shift
    points[asked[listed], 1] -= shift

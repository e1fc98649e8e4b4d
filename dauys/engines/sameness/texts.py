"""Is this text near-identical to one seen before?

MinHash with banding (Broder 1997; Leskovec, Rajaraman, Ullman, "Mining of Massive Datasets", ch. 3): texts that share
a band key are candidates, so that a table finds them without comparing each with each.
"""

import re
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

BANDS = 16
ROWS = 4  # two texts of similarity s share a band with probability 1 - (1 - s^4)^16: 0.64 at 0.5, 0.99 at 0.72
SHINGLE = 5  # characters
READ_AT_MOST = 200_000  # characters

_APART = re.compile(r"[\W_]+")
_FOLD = str.maketrans("ёәғқңөұүһіi", "еагкноуухии")
_U64 = npt.NDArray[np.uint64]


def _odd_numbers(count: int, seed: int) -> _U64:
    """Fixed well-mixed odd multipliers (the splitmix64 sequence), the same on every machine and in every
    version.
    """
    state, numbers = seed, []
    for _ in range(count):
        state = (state + 0x9E3779B97F4A7C15) & 0xFFFFFFFFFFFFFFFF
        z = state
        z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & 0xFFFFFFFFFFFFFFFF
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & 0xFFFFFFFFFFFFFFFF
        numbers.append((z ^ (z >> 31)) | 1)
    return np.array(numbers, dtype=np.uint64)


_MULTIPLIERS = _odd_numbers(BANDS * ROWS, 2026)
_PLACES = _odd_numbers(SHINGLE, 7)
_ROW_MIX = _odd_numbers(ROWS, 11)
_BAND_MIX = _odd_numbers(BANDS, 13)


def _normal(text: str) -> str:
    return _APART.sub(" ", text[:READ_AT_MOST].lower().translate(_FOLD)).strip()


def _points(normal: str) -> _U64:
    return np.frombuffer(normal.encode("utf-32-le", "surrogatepass"), dtype="<u4").astype(np.uint64)


def _hashes(points: _U64) -> _U64:
    """One 64-bit number per run of five characters; a shorter text is one run."""
    if len(points) < SHINGLE:
        points = np.concatenate([points, np.zeros(SHINGLE - len(points), dtype=np.uint64)])
    count = len(points) - SHINGLE + 1
    mixed = np.zeros(count, dtype=np.uint64)
    for place in range(SHINGLE):
        mixed += points[place : place + count] * _PLACES[place]
    mixed ^= mixed >> np.uint64(29)
    mixed *= np.uint64(0xBF58476D1CE4E5B9)
    mixed ^= mixed >> np.uint64(32)
    return mixed


def keys_many(texts: Sequence[str]) -> list[tuple[int, ...]]:
    """Sixteen band keys (signed 64-bit) for each text; an empty tuple for a text without letters or digits.

    Equal keys in the same or another row of a table mark candidates; keys of different bands never meet by
    design.
    """
    found: list[tuple[int, ...]] = [()] * len(texts)
    batch: list[int] = []
    hashes: list[_U64] = []
    size = 0
    for index, text in enumerate(texts):
        normal = _normal(text)
        if not normal:
            continue
        batch.append(index)
        hashes.append(_hashes(_points(normal)))
        size += len(hashes[-1])
        if size > 6_000:  # keeps the working arrays within the processor's cache
            _close_batch(batch, hashes, found)
            batch, hashes, size = [], [], 0
    _close_batch(batch, hashes, found)
    return found


def _close_batch(batch: list[int], hashes: list[_U64], found: list[tuple[int, ...]]) -> None:
    if not batch:
        return
    joined = np.concatenate(hashes)
    starts = np.cumsum([0, *(len(part) for part in hashes[:-1])])
    least = np.empty((BANDS * ROWS, len(batch)), dtype=np.uint64)
    for row, multiplier in enumerate(_MULTIPLIERS):
        least[row] = np.minimum.reduceat(joined * multiplier, starts)
    least >>= np.uint64(8)
    banded = least.reshape(BANDS, ROWS, len(batch))
    mixed = (banded * _ROW_MIX[None, :, None]).sum(axis=1, dtype=np.uint64)
    mixed ^= mixed >> np.uint64(31)
    mixed = mixed * _BAND_MIX[:, None] + _BAND_MIX[::-1, None]
    mixed ^= mixed >> np.uint64(33)
    signed = mixed.view(np.int64).T.tolist()
    for index, row_of_keys in zip(batch, signed, strict=True):
        found[index] = tuple(row_of_keys)


def keys(text: str) -> tuple[int, ...]:
    """The band keys of one text; see `keys_many`."""
    return keys_many([text])[0]


def shingle_similarity(a: str, b: str) -> float:
    """The share of five-character runs two texts have in common (Jaccard), 0 to 1; letters and digits alone
    count.
    """
    first, second = _normal(a), _normal(b)
    if not first or not second:
        return 0.0
    one, two = np.unique(_hashes(_points(first))), np.unique(_hashes(_points(second)))
    common = len(np.intersect1d(one, two, assume_unique=True))
    return common / (len(one) + len(two) - common)

"""What a text and the fields beside it give to the classifier: numbered places, each with a weight.

A word gives its stem (its first five letters, which serves Russian and Kazakh alike) and the runs of three to five
letters inside it. Neighbouring words, words one apart, the opening, the ending and the whole text give one place each.
A field (object, district, building, …) gives its value, and every two fields give their pair. All are hashed
(Weinberger et al. 2009, "Feature hashing"), so no list of words is kept and a model holds nobody's words.
"""

import functools
import re
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np
import numpy.typing as npt

PLACES = 1 << 21
READ_AT_MOST = 400  # words: the matter of an appeal is plain by then
STEM = 5  # letters
RUNS = 2.0  # what all letter runs of a word weigh beside its stem
PAIR = 0.3  # what a pair of words, an opening, an ending, a whole text weigh beside a word
FIELD = 0.5  # what a field or a pair of fields weighs; the text as a whole weighs 1
OWN_SQUARE = 1.0 + RUNS**2  # a word's part in the squared length, before rarity

_WORD = re.compile(r"[^\W\d_]{2,}")
# Masks of personal data, e-mails and what is left of a mask that crosses words out: none of them may be learned.
_HIDDEN = re.compile(r"\[[^\[\]\n]{1,40}\]|[^\s@]{1,64}@[^\s@]{1,64}|\b[XxХх]{2,}\b")
_FOLD = str.maketrans("ёәғқңөұүһі", "еагкноуухи")  # Kazakh typed on a Russian keyboard is met too

Ints = npt.NDArray[np.int64]
F32 = npt.NDArray[np.float32]
_U64 = npt.NDArray[np.uint64]

_ODD = [np.uint64(odd) for odd in (0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9, 0xD6E8FEB86659FD93)]


def words_of(text: str) -> list[str]:
    """Words as written, in order. Numbers are never words, and masked data are left out.

    20,000 characters hold more than READ_AT_MOST words of any real appeal.
    """
    text = text[:20_000]
    if "[" in text or "@" in text or "XX" in text or "xx" in text or "ХХ" in text or "хх" in text:
        text = _HIDDEN.sub(" ", text)
    return _WORD.findall(text)[:READ_AT_MOST]


def place_of(feature: str) -> int:
    return zlib.crc32(feature.encode("utf-8", "surrogatepass")) & (PLACES - 1)


def plain(word: str) -> str:
    """The spelling a word is known by: lower case, at most 30 letters, Kazakh letters as on a Russian keyboard."""
    return word.lower()[:30].translate(_FOLD)


def word_places(word: str) -> tuple[list[int], list[float]]:
    """Places of one plain word and their weights, the stem first."""
    framed = f"^{word}$"
    runs = [framed[i : i + size] for size in (3, 4, 5) for i in range(len(framed) - size + 1)]
    each = RUNS / max(1.0, len(runs) ** 0.5)
    return [place_of("s:" + word[:STEM]), *(place_of("r:" + run) for run in runs)], [1.0, *([each] * len(runs))]


@functools.lru_cache(maxsize=60_000)
def stem_place(word: str) -> int:
    """Place of the stem of a word as written."""
    return place_of("s:" + plain(word)[:STEM])


@dataclass(frozen=True, eq=False)
class Spoken:
    """What texts give to any classifier, so that several may read them while the words are looked for once.

    `words` of each text in order; `stems` the stem places of them all, text `i` from `starts[i]` to `starts[i + 1]`;
    `places` those that come of words together, and the text each belongs to, `owner`, which never falls.
    """

    words: list[list[str]]
    starts: Ints
    stems: Ints
    places: Ints
    owner: Ints

    @classmethod
    def of(cls, texts: Sequence[str]) -> "Spoken":
        words = [words_of(text) for text in texts]
        starts = np.cumsum([0, *(len(own) for own in words)], dtype=np.int64)
        stems = np.fromiter(map(stem_place, chain.from_iterable(words)), np.int64, int(starts[-1]))
        return cls(words, starts, stems, *together(stems, starts))


def _mixed(value: _U64) -> Ints:
    value = (value ^ (value >> np.uint64(29))) * _ODD[3]
    return ((value ^ (value >> np.uint64(32))) & np.uint64(PLACES - 1)).astype(np.int64)


def together(stems: Ints, starts: Ints) -> tuple[Ints, Ints]:
    """Places that come of words together, for many texts at once: (places, owner text of each), by text.

    `stems` are the stem places of all words in order, `starts` (texts + 1,) where each text begins.
    """
    counts = np.diff(starts)
    owner = np.repeat(np.arange(len(counts)), counts)
    hashed = (stems.astype(np.uint64) + np.uint64(1)) * _ODD[0]
    hashed ^= hashed >> np.uint64(31)
    found, owners = [], []
    for apart, odd in ((1, _ODD[1]), (2, _ODD[2])):
        if len(stems) > apart:
            same = owner[apart:] == owner[:-apart]
            found.append(_mixed((hashed[:-apart] * odd + hashed[apart:])[same]))
            owners.append(owner[apart:][same])
    spoken = np.flatnonzero(counts)
    if len(spoken):
        place_in_text = (np.arange(len(stems)) - np.repeat(starts[:-1], counts)).astype(np.uint64)
        last, size = starts[1:][spoken] - 1, counts[spoken]
        opening, ending = hashed[starts[:-1][spoken]], hashed[last] * _ODD[1] + np.uint64(7)
        for step in (1, 2):
            opening = np.where(
                size > step, opening * _ODD[2] + hashed[np.minimum(starts[:-1][spoken] + step, last)], opening
            )
            ending = np.where(size > step, ending * _ODD[2] + hashed[np.maximum(last - step, 0)], ending)
        whole = np.add.reduceat(hashed * (place_in_text * _ODD[1] + _ODD[2]), starts[:-1][spoken])
        found += [_mixed(opening), _mixed(ending), _mixed(whole)]
        owners += [spoken, spoken, spoken]
    if not found:
        return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)
    places, owned = np.concatenate(found), np.concatenate(owners)
    order = np.argsort(owned, kind="stable")
    return places[order], owned[order]


def kept_apart(stems: Ints, value: str) -> Ints:
    """Stem places that meet their like only where the same value stands beside them; the same without a value."""
    if not value:
        return stems
    salt = np.full(len(stems), place_of("a:" + value[:200]), dtype=np.uint64) * _ODD[1]
    return _mixed((stems.astype(np.uint64) + np.uint64(1)) * _ODD[0] + salt)


def field_places(fields: Sequence[Mapping[str, str]], names: Sequence[str], known: dict[tuple[str, str], int]) -> Ints:
    """(texts, places): of each field by `names` and of each two of them; -1 where a field is empty or absent.

    `known` remembers hashed values and is added to.
    """
    single = np.full((len(fields), len(names)), -1, dtype=np.int64)
    for row, values in enumerate(fields):
        for column, name in enumerate(names):
            value = values.get(name)
            if value:
                key = (name, value)
                place = known.get(key)
                if place is None:
                    if len(known) > 200_000:
                        known.clear()
                    place = known[key] = place_of(f"f:{name}={value[:200]}")
                single[row, column] = place
    left, right = np.triu_indices(len(names), k=1)
    first, second = single[:, left], single[:, right]
    salt = (left * 64 + right).astype(np.uint64) * _ODD[2]
    pairs = _mixed((first.astype(np.uint64) * _ODD[0] + salt) ^ (second.astype(np.uint64) * _ODD[1]))
    return np.hstack([single, np.where((first < 0) | (second < 0), -1, pairs)])


def ground(latitude: float, longitude: float) -> dict[str, str]:
    """A point as two fields: a cell of roughly 500 m and one of roughly 2 km, narrower far from the equator."""
    return {
        "cell": f"{round(latitude * 200)}:{round(longitude * 100)}",
        "quarter": f"{round(latitude * 50)}:{round(longitude * 25)}",
    }

"""Making the quick reader (`Encoder`) from the slow one (`Teacher`).

1. Every piece of the vocabulary gets the teacher's vector of it alone, weighed down if it is common.
2. One linear map fits the sums of pieces to the teacher's vectors of whole lessons.
3. A few rounds of Adagrad move single pieces so that (a) the sum of a lesson's pieces points where the teacher's vector
   points, and (b) lessons that say one thing in two languages find each other among 512 others (InfoNCE, van den
   Oord et al. 2018).
4. Means of the languages are taken on lessons of the kind to be read, and everything is rounded to eight bits.

The same teacher, lessons and seed give the same model on the same numpy; elsewhere sums may round differently.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from dauys.engines.meaning.encoder import LANGUAGES, Encoder, words_of
from dauys.engines.meaning.packed import UnreadableWeights
from dauys.engines.meaning.pieces import SPACE, Splitter
from dauys.engines.meaning.teacher import Teacher

DIMENSIONS = 192
ROUNDS = 3  # more of them know the lessons better and other texts worse
LATIN_PIECES = 9_000  # the commonest ones; Latin letters serve a hundred other languages too
_BATCH = 2048
_PAIRS = 512
_RATE = 0.05
_PULL = 1.0  # of a pair's other half, beside the teacher's own vectors
_SHARPNESS = 0.2
_SHARED = 0.7  # how far a lesson's aim moves to the middle of it and its twins
_COMMON = 1e-3
_CYRILLIC = re.compile(f"^{SPACE}?[а-яёәғқңөұүһі]+$")
_LATIN = re.compile(f"^{SPACE}?[a-z]+$")
_FOLD = str.maketrans("ёәғқңөұүһі", "еагкноуухи")  # Kazakh typed on a Russian keyboard
_F32 = npt.NDArray[np.float32]


class TooFewLessons(ValueError):
    """There is not enough to learn from; the message says what is wanted."""


@dataclass(frozen=True)
class Lesson:
    """A text to learn from.

    `kind` groups texts of one manner (a word, a line of a page, an appeal), which are centred together; `weight` is
    how much one of them counts. Lessons of different languages under one `twin` say the same. `typical` ones are
    like what will be read: the language's mean is taken on them.
    """

    text: str
    language: str
    kind: str
    weight: float = 1.0
    twin: str = ""
    typical: bool = False


def learn(
    teacher: Teacher,
    lessons: Sequence[Lesson],
    *,
    seed: int,
    card: Mapping[str, Any],
    dimensions: int = DIMENSIONS,
    advance: Callable[[int], None] | None = None,
) -> Encoder:
    """Make an encoder. Needs scipy, which reading does not; most of the time is the teacher's. `advance` hears how many
    texts the teacher has read, of `texts_to_read`. Raises TooFewLessons.
    """
    for language in ("kk", "ru"):
        if sum(lesson.language == language and lesson.typical for lesson in lessons) < 50:
            raise TooFewLessons(f"Give at least fifty typical texts in the language “{language}”.")
    dimensions = min(dimensions, teacher.shape.width)
    chosen = _chosen_pieces(teacher)
    prefix = teacher.pieces("query:")
    alone = teacher.vectors_of([[*prefix, int(place)] for place in chosen], advance=advance)
    different = list(dict.fromkeys(lesson.text for lesson in lessons))
    row_of = {text: row for row, text in enumerate(different)}
    said = teacher.vectors(different, advance=advance)[[row_of[lesson.text] for lesson in lessons]]
    return _taught(teacher, chosen, alone, lessons, said, seed=seed, card=card, dimensions=dimensions)


def texts_to_read(teacher: Teacher, lessons: Sequence[Lesson]) -> int:
    """How many texts `learn` gives the teacher to read."""
    return len(_chosen_pieces(teacher)) + len({lesson.text for lesson in lessons})


def _chosen_pieces(teacher: Teacher) -> npt.NDArray[np.intp]:
    words = teacher.vocabulary
    cyrillic = [place for place, piece in enumerate(words.pieces) if _CYRILLIC.match(piece)]
    latin = [place for place, piece in enumerate(words.pieces) if _LATIN.match(piece)]
    latin.sort(key=lambda place: (-float(words.scores[place]), place))
    return np.array(cyrillic + latin[:LATIN_PIECES], dtype=np.intp)


def _taught(
    teacher: Teacher, chosen: npt.NDArray[np.intp], alone: _F32, lessons: Sequence[Lesson], said: _F32,
    *, seed: int, card: Mapping[str, Any], dimensions: int,
) -> Encoder:  # fmt: skip
    pieces = [teacher.vocabulary.pieces[place] for place in chosen]
    scores = teacher.vocabulary.scores[chosen].astype(np.float16)
    folded = [lesson for lesson in lessons if lesson.language == "kk" and lesson.weight > 1]
    wanted, turn = _wanted(lessons, said, dimensions)
    row_of = {id(lesson): row for row, lesson in enumerate(lessons)}
    wanted = np.vstack([wanted, wanted[[row_of[id(lesson)] for lesson in folded]]])
    texts = [lesson.text for lesson in lessons] + [lesson.text.lower().translate(_FOLD) for lesson in folded]
    weight = np.array([lesson.weight for lesson in lessons] + [1.0] * len(folded), dtype=np.float32)
    counts = _Counts(pieces, scores, texts)
    weight[counts.empty] = 0

    vectors = _first_vectors(teacher, chosen, pieces, alone) @ turn
    met = _unit(counts.sums(vectors))
    square = met.T @ (met * weight[:, None]) + 5 * np.eye(met.shape[1], dtype=np.float32)
    vectors = vectors @ np.linalg.solve(square, met.T @ (wanted * weight[:, None])).astype(np.float32)
    vectors = (vectors / np.linalg.norm(vectors, axis=1).mean()).astype(np.float32)
    _moved(vectors, counts, wanted, weight, _pairs(lessons, weight), np.random.default_rng(seed))

    means = np.zeros((len(LANGUAGES), dimensions), dtype=np.float32)
    scales, rows = _rounded(vectors)
    rounded = rows.astype(np.float32) * scales.astype(np.float32)[:, None]
    for place, language in enumerate(LANGUAGES):
        like = [i for i, one in enumerate(lessons) if one.language == language and one.typical]
        if like:
            means[place] = _unit(counts.sums(rounded, np.array(like))).mean(axis=0)
    if not np.isfinite(means).all():
        raise UnreadableWeights("Learning ran away; nothing was made.")
    return Encoder(pieces, scores, rows, scales, means, card)


def _wanted(lessons: Sequence[Lesson], said: _F32, dimensions: int) -> tuple[_F32, _F32]:
    """Where each lesson should point, (n, dimensions), and the turn (width, dimensions) that leads there."""
    groups: dict[tuple[str, str], list[int]] = {}
    for i, lesson in enumerate(lessons):
        groups.setdefault((lesson.language, lesson.kind), []).append(i)
    centred = said.astype(np.float32).copy()
    for members in groups.values():
        centred[members] -= centred[members].mean(axis=0)
    centred = _unit(centred)
    weight = np.array([max(1.0, lesson.weight) for lesson in lessons], dtype=np.float32)
    values, turns = np.linalg.eigh(centred.T @ (centred * weight[:, None]))
    turn = np.ascontiguousarray(turns[:, ::-1][:, :dimensions]).astype(np.float32)
    # Whitened: a few directions that all texts share would otherwise drown what tells matters apart.
    loudness = np.sqrt(np.maximum(values[::-1][:dimensions] / values[-1], 1e-6)).astype(np.float32)
    wanted = _unit(centred @ turn / loudness)
    twins: dict[str, list[int]] = {}
    for i, lesson in enumerate(lessons):
        if lesson.twin:
            twins.setdefault(lesson.twin, []).append(i)
    shared = wanted.copy()
    for members in twins.values():
        if len({lessons[i].language for i in members}) > 1:
            shared[members] = (1 - _SHARED) * wanted[members] + _SHARED * wanted[members].mean(axis=0)
    return _unit(shared), turn


def _first_vectors(teacher: Teacher, chosen: npt.NDArray[np.intp], pieces: Sequence[str], alone: _F32) -> _F32:
    vectors = alone.copy()
    cyrillic = np.array([bool(_CYRILLIC.match(piece)) for piece in pieces])
    for alphabet in (cyrillic, ~cyrillic):
        if alphabet.any():
            vectors[alphabet] -= vectors[alphabet].mean(axis=0)
    share = np.exp(teacher.vocabulary.scores[chosen])
    # Arora et al. 2017: a common piece says little of the matter.
    return _unit(vectors) * (_COMMON / (_COMMON + share)).astype(np.float32)[:, None]


def _pairs(lessons: Sequence[Lesson], weight: _F32) -> npt.NDArray[np.intp]:
    """Rows of lessons that say one thing in two languages, (m, 2)."""
    twins: dict[str, dict[str, int]] = {}
    for i, lesson in enumerate(lessons):
        if lesson.twin and weight[i] > 0:
            twins.setdefault(lesson.twin, {})[lesson.language] = i
    both = [
        (rows[first], rows[second])
        for rows in twins.values()
        for first, second in (("ru", "kk"), ("en", "kk"), ("ru", "en"))
        if first in rows and second in rows
    ]
    return np.array(both, dtype=np.intp).reshape(-1, 2)


def _moved(
    vectors: _F32, counts: "_Counts", wanted: _F32, weight: _F32, pairs: npt.NDArray[np.intp],
    chance: np.random.Generator,
) -> None:  # fmt: skip
    """Adagrad in place, one step size a piece."""
    travelled = np.zeros(len(vectors), dtype=np.float32)
    alive = np.flatnonzero(weight > 0)
    often = weight[pairs].min(axis=1).astype(np.float64) if len(pairs) else None
    often = often / often.sum() if often is not None else None
    for _round in range(ROUNDS):
        order = chance.permutation(alive)
        for start in range(0, len(order), _BATCH):
            rows = order[start : start + _BATCH]
            slope = counts.slopes(rows, _away(counts.sums(vectors, rows), wanted[rows], weight[rows]))
            if len(pairs) >= 2:
                drawn = pairs[chance.choice(len(pairs), min(_PAIRS, len(pairs)), replace=False, p=often)]
                first, second = _apart(counts.sums(vectors, drawn[:, 0]), counts.sums(vectors, drawn[:, 1]))
                slope += counts.slopes(drawn[:, 0], first) + counts.slopes(drawn[:, 1], second)
            touched = np.flatnonzero(np.abs(slope).sum(axis=1) > 0)
            travelled[touched] += (slope[touched] ** 2).mean(axis=1)
            vectors[touched] -= _RATE * slope[touched] / (np.sqrt(travelled[touched])[:, None] + 1e-8)


def _away(sums: _F32, wanted: _F32, weight: _F32) -> _F32:
    """Slope of the weighted sum of (1 - cosine) by `sums`."""
    length = np.linalg.norm(sums, axis=1, keepdims=True) + 1e-9
    unit = sums / length
    near = (unit * wanted).sum(axis=1, keepdims=True)
    return -(wanted - near * unit) / length * weight[:, None]


def _apart(first: _F32, second: _F32) -> tuple[_F32, _F32]:
    """Slopes by both halves of pairs of the surprise that a half's likest one is its own other half."""
    lengths = [np.linalg.norm(sums, axis=1, keepdims=True) + 1e-9 for sums in (first, second)]
    units = [first / lengths[0], second / lengths[1]]
    # Each side is centred, so that language itself cannot tell a pair from another.
    shifted = [unit - unit.mean(axis=0) for unit in units]
    likeness = shifted[0] @ shifted[1].T / _SHARPNESS
    forth = np.exp(likeness - likeness.max(axis=1, keepdims=True))
    back = np.exp(likeness - likeness.max(axis=0, keepdims=True))
    surprise = forth / forth.sum(axis=1, keepdims=True) + back / back.sum(axis=0, keepdims=True)
    surprise = (surprise - 2 * np.eye(len(first), dtype=np.float32)) * np.float32(_PULL / _SHARPNESS)
    slopes = [surprise @ shifted[1], surprise.T @ shifted[0]]
    out = [
        (slope - (slope * unit).sum(axis=1, keepdims=True) * unit) / length
        for slope, unit, length in zip(slopes, units, lengths, strict=True)
    ]
    return out[0].astype(np.float32), out[1].astype(np.float32)


def _rounded(vectors: _F32) -> tuple[npt.NDArray[np.float16], npt.NDArray[np.int8]]:
    scales = np.maximum(np.abs(vectors).max(axis=1) / 127, 1e-6).astype(np.float16)
    rows = np.rint(vectors / scales.astype(np.float32)[:, None]).clip(-127, 127).astype(np.int8)
    return scales, rows


def _unit(vectors: _F32) -> _F32:
    return (vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)).astype(np.float32)


class _Counts:
    """How often each lesson holds each piece, as a sparse matrix."""

    def __init__(self, pieces: Sequence[str], scores: npt.NDArray[np.float16], texts: Sequence[str]) -> None:
        from scipy import sparse

        none = len(pieces)
        splitter = Splitter([*pieces, ""], [*scores.astype(float).tolist(), 0.0], none, frozenset())
        places: list[int] = []
        starts = [0]
        for text in texts:
            for word in words_of(text):
                places += [piece for piece in splitter.split(word) if piece != none]
            starts.append(len(places))
        ones = np.ones(len(places), dtype=np.float32)
        self._matrix = sparse.csr_matrix((ones, places, starts), shape=(len(texts), none))
        self._matrix.sum_duplicates()
        self.empty = np.asarray(self._matrix.sum(axis=1)).ravel() == 0

    def sums(self, vectors: _F32, rows: npt.NDArray[np.intp] | None = None) -> _F32:
        """Sums of the pieces' vectors for these lessons."""
        return (self._matrix if rows is None else self._matrix[rows]) @ vectors

    def slopes(self, rows: npt.NDArray[np.intp], by_sum: _F32) -> _F32:
        """Slopes by the pieces' vectors, from those by the lessons' sums."""
        return self._matrix[rows].T @ by_sum

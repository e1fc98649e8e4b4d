"""The quick reader of meaning: a text is the sum of the vectors of its words' pieces.

The vectors were learned from a slow exact encoder (`teacher`, `student`), so that appeals about one thing lie close
to each other whether they are written in Kazakh, Russian or English. The mean of a text's language is taken away:
without it, language is the loudest thing a vector says (measured in docs/engines.md).
"""

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from threading import Lock
from typing import Any

import numpy as np
import numpy.typing as npt

from dauys.engines.meaning.arrays import packed_arrays, read_arrays
from dauys.engines.meaning.packed import UnreadableWeights
from dauys.engines.meaning.pieces import Splitter

KIND = "dauys-meaning-1"
LANGUAGES = ("kk", "ru", "en")
READ_AT_MOST = 400  # words: what an appeal is about is plain by then
_WORD = re.compile(r"[^\W\d_]+")
_LONGEST_TEXT = 20_000  # characters; they hold more than READ_AT_MOST words of any real appeal
_LONGEST_WORD = 48
_REMEMBERED = 60_000
_F32 = npt.NDArray[np.float32]


def words_of(text: str) -> list[str]:
    """The words a vector is made of: letters only, in small letters."""
    return _WORD.findall(text[:_LONGEST_TEXT].lower())[:READ_AT_MOST]


class Encoder:
    """Sentence vectors. Make one with `Encoder.from_bytes`; it may be shared between threads."""

    def __init__(
        self,
        pieces: Sequence[str],
        scores: npt.NDArray[np.float16],
        rows: npt.NDArray[np.int8],
        scales: npt.NDArray[np.float16],
        means: _F32,
        card: Mapping[str, Any],
    ) -> None:
        """`rows` (n, d) times `scales` (n,) are the pieces' vectors; `scores` (n,) their log-likelihoods; `means`
        (3, d) what is taken away for each of LANGUAGES."""
        self.pieces, self.card = tuple(pieces), dict(card)
        self._scores, self._rows, self._scales, self._means = scores, rows, scales, means
        self.dimensions = int(rows.shape[1])
        self._none = len(self.pieces)
        self._splitter = Splitter([*pieces, ""], [*scores.astype(float).tolist(), 0.0], self._none, frozenset())
        mixed = (means[0] + means[1]) / 2
        self._mean_of = {**dict(zip(LANGUAGES, means, strict=True)), "mixed": mixed}
        self._mean_of_other: _F32 = means.mean(axis=0)
        self._lock = Lock()
        self._known: dict[str, int] = {}
        self._table: _F32 = np.zeros((1024, self.dimensions), dtype=np.float32)
        self.id = hashlib.sha256(self.to_bytes()).hexdigest()[:16]

    def vectors(self, texts: Sequence[str], languages: Sequence[str]) -> _F32:
        """Unit vectors (len(texts), dimensions), each with its language's mean taken away.

        `languages` are codes as `language.identify` gives them; a code that is not known gets the mean of all. A
        text without a single known piece gets zeros, which are like nothing.
        """
        if len(texts) != len(languages):
            raise ValueError("Give one language for each text.")
        out = np.zeros((len(texts), self.dimensions), dtype=np.float32)
        for start in range(0, len(texts), 256):
            part = slice(start, start + 256)
            out[part] = self._centred(self._sums(texts[part]), languages[part])
        return out

    def _centred(self, sums: _F32, languages: Sequence[str]) -> _F32:
        length = np.linalg.norm(sums, axis=1, keepdims=True)
        means = np.stack([self._mean_of.get(code, self._mean_of_other) for code in languages])
        shifted = np.where(length > 1e-6, sums / np.maximum(length, 1e-6) - means, 0)
        unit: _F32 = shifted / np.maximum(np.linalg.norm(shifted, axis=1, keepdims=True), 1e-6)
        return unit.astype(np.float32)

    def _sums(self, texts: Sequence[str]) -> _F32:
        out = np.zeros((len(texts), self.dimensions), dtype=np.float32)
        with self._lock:  # two threads of a server may meet a new word at once
            if len(self._known) > _REMEMBERED:
                self._known.clear()
            places: list[int] = []
            starts, filled = [], []
            for i, text in enumerate(texts):
                words = words_of(text)
                if words:
                    filled.append(i)
                    starts.append(len(places))
                    places += self._places(words)
            if filled:
                out[filled] = np.add.reduceat(self._table[places], starts, axis=0)
        return out

    def _places(self, words: Iterable[str]) -> list[int]:
        known = self._known
        try:
            return [known[word] for word in words]
        except KeyError:
            return [known[word] if word in known else self._learned(word) for word in words]

    def _learned(self, word: str) -> int:
        place = self._known[word] = len(self._known)
        if place >= len(self._table):
            self._table = np.vstack([self._table, np.zeros_like(self._table)])
        pieces = [piece for piece in self._splitter.split(word[:_LONGEST_WORD]) if piece != self._none]
        vectors = self._rows[pieces].astype(np.float32) * self._scales[pieces].astype(np.float32)[:, None]
        self._table[place] = vectors.sum(axis=0)
        return place

    def to_bytes(self) -> bytes:
        """The model file."""
        letters = np.frombuffer("\n".join(self.pieces).encode(), dtype=np.uint8)
        return packed_arrays(KIND, self.card, {
            "letters": letters, "scores": self._scores, "rows": self._rows, "scales": self._scales,
            "means": self._means,
        })  # fmt: skip

    @classmethod
    def from_bytes(cls, data: bytes) -> "Encoder":
        """Raises UnreadableWeights with the reason if the bytes are foreign or damaged."""
        card, arrays = read_arrays(KIND, data)
        try:
            letters, scores, rows = arrays["letters"], arrays["scores"], arrays["rows"]
            scales, means = arrays["scales"], arrays["means"]
        except KeyError as missing:
            raise UnreadableWeights(f"The array {missing} is missing.") from None
        kinds = [(letters, "uint8"), (scores, "float16"), (rows, "int8"), (scales, "float16"), (means, "float32")]
        if any(values.dtype != np.dtype(kind) for values, kind in kinds):
            raise UnreadableWeights("An array is not of the kind this reader knows.")
        try:
            pieces = letters.tobytes().decode().split("\n")
        except UnicodeDecodeError:
            raise UnreadableWeights("The pieces are not UTF-8.") from None
        count = len(pieces)
        agree = (
            letters.ndim == 1
            and rows.ndim == 2
            and rows.shape[0] == count
            and 0 < rows.shape[1] <= 4096
            and scores.shape == scales.shape == (count,)
            and means.shape == (len(LANGUAGES), rows.shape[1])
        )
        if not agree:
            raise UnreadableWeights("The sizes in the file do not agree.")
        if not all(np.isfinite(values).all() for values in (scores, scales, means)):
            raise UnreadableWeights("The file holds what is not a number.")
        return cls(pieces, scores, rows, scales, means, card)

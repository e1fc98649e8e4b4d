"""Topics from meaning: a small reader of sentence vectors.

Two opinions are multiplied: that of a linear reader, and that of the labelled texts themselves, each speaking the
louder the nearer it lies. Either alone is wrong more often, above all about texts unlike those learned from.

It serves where words cannot: on the first day, and for Kazakh appeals when the labels are Russian. Where an
institution has texts enough in a language, the reader of words (`topics`) is better.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from dauys.engines.meaning.arrays import packed_arrays, read_arrays
from dauys.engines.meaning.packed import UnreadableWeights

KIND = "dauys-meaning-head-2"
LOOSENESS = (1.0, 10.0)  # how freely weights may grow; the one that surprises least on held-out folds is taken
NEIGHBOURS_MOST = 6_000  # labelled vectors kept to be asked; the evenest share of each label
_NEARNESS = 12.0  # how fast a labelled text falls silent with distance
_FLOOR = 1e-6  # no opinion forbids a label
_BATCH = 1024
_F32 = npt.NDArray[np.float32]
_Ints = npt.NDArray[np.int32]


class TooFewLabels(ValueError):
    """There is nothing to learn from: fewer than two labels, or a label with fewer than two vectors."""


class Head:
    """Probabilities of labels for sentence vectors. Make one with `train_head` or `Head.from_bytes`."""

    def __init__(
        self, labels: Sequence[str], weights: _F32, bias: _F32, temperature: float, known: npt.NDArray[np.float16],
        known_labels: _Ints, card: Mapping[str, Any],
    ) -> None:  # fmt: skip
        """`weights` (d, labels), `bias` (labels,); `known` (m, d) are labelled vectors, `known_labels` (m,) places in
        `labels`. Scores are multiplied by `temperature` before they become probabilities, which makes these true on
        texts not learned from."""
        self.labels, self.card = tuple(labels), dict(card)
        self._weights, self._bias, self._temperature = weights, bias, temperature
        self._known, self._known_labels = known, known_labels
        self._beside = known.astype(np.float32), np.eye(len(self.labels), dtype=np.float32)[known_labels]

    def probabilities(self, vectors: _F32) -> _F32:
        """(n, labels), every row summing to one, in the order of `labels`."""
        out = np.zeros((len(vectors), len(self.labels)), dtype=np.float32)
        for start in range(0, len(vectors), _BATCH):
            part = vectors[start : start + _BATCH]
            scores = _scores(part @ self._weights + self._bias, part, *self._beside)
            out[start : start + _BATCH] = _softmax(scores * np.float32(self._temperature))
        return out

    def to_bytes(self) -> bytes:
        letters = np.frombuffer("\n".join(self.labels).encode(), dtype=np.uint8)
        temperature = np.array([self._temperature], dtype=np.float32)
        return packed_arrays(KIND, self.card, {
            "labels": letters, "weights": self._weights, "bias": self._bias, "temperature": temperature,
            "known": self._known, "known_labels": self._known_labels,
        })  # fmt: skip

    @classmethod
    def from_bytes(cls, data: bytes) -> "Head":
        """Raises UnreadableWeights with the reason if the bytes are foreign or damaged."""
        card, arrays = read_arrays(KIND, data)
        try:
            letters, weights, bias = arrays["labels"], arrays["weights"], arrays["bias"]
            temperature, known, known_labels = arrays["temperature"], arrays["known"], arrays["known_labels"]
            labels = letters.astype(np.uint8).tobytes().decode().split("\n")
        except (KeyError, UnicodeDecodeError, ValueError):
            raise UnreadableWeights("The file lacks a part, or its labels are not text.") from None
        agree = (
            all(values.dtype == np.float32 for values in (weights, bias, temperature))
            and weights.ndim == 2
            and bias.shape == (len(labels),) == weights.shape[1:]
            and temperature.shape == (1,)
            and known.dtype == np.float16
            and known_labels.dtype == np.int32
            and known.shape == (len(known_labels), len(weights))
            and known_labels.ndim == 1
            and bool(((known_labels >= 0) & (known_labels < len(labels))).all())
            and all(np.isfinite(values).all() for values in (weights, bias, temperature, known))
            and float(temperature[0]) > 0
        )
        if not agree:
            raise UnreadableWeights("The sizes in the file do not agree.")
        return cls(labels, weights, bias, float(temperature[0]), known, known_labels, card)


def train_head(vectors: _F32, labels: Sequence[str], seed: int) -> Head:
    """Learn labels from unit vectors (n, d): multinomial logistic regression and nearness, calibrated by
    cross-validation.

    Needs scikit-learn, which answering does not. Raises TooFewLabels.
    """
    names = sorted(set(labels))
    place = {name: i for i, name in enumerate(names)}
    given = np.array([place[label] for label in labels], dtype=np.int64)
    if len(names) < 2 or int(np.bincount(given).min()) < 2:
        raise TooFewLabels("Give at least two labels with two vectors each.")
    order = np.random.default_rng(seed).permutation(len(given))
    order = order[np.argsort(given[order], kind="stable")]  # every fold sees every label
    folds = 5 if len(given) >= 100 else 2
    trials = []
    each = np.eye(len(names), dtype=np.float32)[given]
    kept = _evenly(given, order)
    for looseness in LOOSENESS:
        held = np.zeros((len(given), len(names)), dtype=np.float32)
        for fold in range(folds):
            hold = order[fold::folds]
            learn = np.setdiff1d(np.arange(len(given)), hold)
            weights, bias = _fitted(vectors[learn], given[learn], len(names), looseness)
            asked = np.intersect1d(learn, kept)
            held[hold] = _scores(vectors[hold] @ weights + bias, vectors[hold], vectors[asked], each[asked])
        surprise, temperature = min((_surprise(held, given, float(t)), float(t)) for t in np.geomspace(0.2, 10, 60))
        found = float((held.argmax(axis=1) == given).mean())
        trials.append((surprise, looseness, temperature, found))
    _least, looseness, temperature, found = min(trials)
    weights, bias = _fitted(vectors, given, len(names), looseness)
    card = {"vectors": len(given), "found_in_folds": round(found, 4)}
    known = vectors[kept].astype(np.float16)
    return Head(names, weights, bias, temperature, known, given[kept].astype(np.int32), card)


def _evenly(given: npt.NDArray[np.int64], order: npt.NDArray[np.intp]) -> npt.NDArray[np.intp]:
    """Rows to be kept: all, or of each label as many as of any other, in the chance order of `order`."""
    if len(given) <= NEIGHBOURS_MOST:
        return np.arange(len(given))
    sorted_labels = given[order]
    firsts = np.searchsorted(sorted_labels, sorted_labels)
    turn = np.arange(len(order)) - firsts  # the how-manyth of its label
    kept: npt.NDArray[np.intp] = np.sort(order[np.argsort(turn, kind="stable")[:NEIGHBOURS_MOST]])
    return kept


def _scores(linear: _F32, vectors: _F32, known: _F32, known_each: _F32) -> _F32:
    """Sum of the logarithms of both opinions, (n, labels). `known_each` (m, labels) marks each known one's label."""
    voices = np.exp(np.float32(_NEARNESS) * (vectors @ known.T - 1)) @ known_each
    near = voices / np.maximum(voices.sum(axis=1, keepdims=True), 1e-30)
    both: _F32 = np.log(np.maximum(_softmax(linear), _FLOOR)) + np.log(np.maximum(near, _FLOOR))
    return both.astype(np.float32)


def _surprise(scores: _F32, given: npt.NDArray[np.int64], temperature: float) -> float:
    chosen = _softmax(scores * np.float32(temperature))[np.arange(len(given)), given]
    return float(-np.log(np.maximum(chosen, 1e-9)).mean())


def _fitted(vectors: _F32, given: npt.NDArray[np.int64], labels: int, looseness: float) -> tuple[_F32, _F32]:
    from sklearn.linear_model import LogisticRegression

    machine = LogisticRegression(C=looseness, max_iter=500, tol=1e-4)
    machine.fit(vectors, given)
    weights = np.zeros((vectors.shape[1], labels), dtype=np.float32)
    bias = np.full(labels, -20.0, dtype=np.float32)  # a label absent from these rows stays far behind
    rows, offsets = machine.coef_, machine.intercept_
    if len(machine.classes_) == 2:  # scikit-learn keeps one row for two classes
        rows, offsets = np.vstack([-rows, rows]) / 2, np.array([-offsets[0], offsets[0]]) / 2
    weights[:, machine.classes_] = rows.T
    bias[machine.classes_] = offsets
    return weights, bias


def _softmax(scores: _F32) -> _F32:
    raised = np.exp(scores - scores.max(axis=1, keepdims=True))
    return (raised / raised.sum(axis=1, keepdims=True)).astype(np.float32)

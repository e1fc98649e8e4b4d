"""Learning how likely an answer is disputed, from answers with a verdict. The only part that needs scikit-learn."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from dauys.engines.answer_check.risk import F64, Layer, Model, Moment, features, names_of, numbers

LEAST = 50  # verdicts of either sort; with fewer the words are chance
PARTS = 5
STRENGTH = (1.0, 1.0, 0.1)  # of each layer, inverse of its regularisation
_OFTEN = 3  # answers a word must stand in

_Found = Sequence[dict[int, float]]


class TooFewVerdicts(Exception):
    """There are not enough answers disputed, or not disputed, to learn from."""

    def __init__(self, disputed: int, accepted: int) -> None:
        super().__init__(f"{disputed} disputed and {accepted} accepted answers; at least {LEAST} of each are needed.")
        self.disputed = disputed
        self.accepted = accepted


def train(moments: Sequence[Moment], disputed: Sequence[bool], *, about: dict[str, Any] | None = None) -> Model:
    """Learn from answers in the order they were sent, with whether the citizen disputed each.

    Scores of the layers that the sum learns from come from parts of the time that the layer did not see. `about` goes
    into the card (days, source). The same moments give the same model. Raises TooFewVerdicts.
    """
    from sklearn.linear_model import LogisticRegression

    truth = np.asarray(disputed, dtype=bool)
    if truth.sum() < LEAST or (~truth).sum() < LEAST:
        raise TooFewVerdicts(int(truth.sum()), int((~truth).sum()))
    by_layer = list(zip(*(features(moment) for moment in moments), strict=True))
    folds = np.array_split(np.arange(len(truth)), PARTS)
    layers: list[Layer] = []
    columns: list[F64] = []
    for found, strength in zip(by_layer, STRENGTH, strict=True):
        held_out = np.zeros(len(truth))
        for fold in folds:
            rest = np.ones(len(truth), dtype=bool)
            rest[fold] = False
            if truth[rest].all() or not truth[rest].any():
                continue
            layer = _layer([found[i] for i in np.flatnonzero(rest)], truth[rest], strength)
            held_out[fold] = _scores(layer, [found[i] for i in fold])
        columns.append(held_out)
        layers.append(_layer(found, truth, strength))
    names = names_of(moments)
    known = [numbers(moment) for moment in moments]
    table = np.column_stack([*columns, *([one.get(name, 0.0) for one in known] for name in names)])
    centre, scale = table.mean(axis=0), table.std(axis=0)
    scale[scale < 1e-9] = 1.0
    fitted = LogisticRegression(C=0.05, max_iter=1000).fit((table - centre) / scale, truth)
    card = {
        **(about or {}),
        "answers": len(truth),
        "disputed": int(truth.sum()),
        "words": [len(layer.places) for layer in layers],
    }
    weights = fitted.coef_[0].astype(np.float64)
    return Model((layers[0], layers[1], layers[2]), names, centre, scale, weights, float(fitted.intercept_[0]), card)


def _layer(found: _Found, truth: npt.NDArray[np.bool_], strength: float) -> Layer:
    from sklearn.linear_model import LogisticRegression

    every = np.concatenate([np.fromiter(one, dtype=np.int32, count=len(one)) for one in found])
    places, often = np.unique(every, return_counts=True)
    kept = often >= _OFTEN
    places, often = places[kept], often[kept]
    if not len(places):
        nothing = np.zeros(0, dtype=np.float32)
        return Layer(places.astype(np.int32), nothing, nothing, 0.0)
    rarity = (np.log((1 + len(found)) / (1 + often)) + 1).astype(np.float32)
    empty = Layer(places.astype(np.int32), rarity, np.zeros(len(places), dtype=np.float32), 0.0)
    fitted = LogisticRegression(C=strength, solver="liblinear", max_iter=200, random_state=1)
    fitted.fit(_matrix(empty, found), truth)
    return Layer(empty.places, rarity, fitted.coef_[0].astype(np.float32), float(fitted.intercept_[0]))


def _scores(layer: Layer, found: _Found) -> F64:
    if not len(layer.places):
        return np.full(len(found), layer.bias)
    return np.asarray(_matrix(layer, found) @ layer.weights.astype(np.float64)) + layer.bias


def _matrix(layer: Layer, found: _Found) -> Any:
    """Rows of length one, as `risk.score` has them."""
    from scipy.sparse import csr_matrix

    sizes = [len(one) for one in found]
    places = np.concatenate([np.fromiter(one, dtype=np.int32, count=len(one)) for one in found])
    counts = np.concatenate([np.fromiter(one.values(), dtype=np.float64, count=len(one)) for one in found])
    rows = np.repeat(np.arange(len(found), dtype=np.int32), sizes)
    columns = np.minimum(np.searchsorted(layer.places, places), len(layer.places) - 1).astype(np.int32)
    known = layer.places[columns] == places
    rows, columns, values = rows[known], columns[known], counts[known] * layer.rarity[columns[known]]
    lengths = np.sqrt(np.bincount(rows, weights=values**2, minlength=len(found)))
    return csr_matrix((values / lengths[rows], (rows, columns)), shape=(len(found), len(layer.places)))

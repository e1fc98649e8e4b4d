"""How much each sign of likeness weighs: set by judgement, or learned from pairs an institution has confirmed."""

import hashlib
import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

Real = npt.NDArray[np.float64]

MODEL_FORMAT = "dauys-pairs-1"

FEATURES = ("words", "meaning", "at_hand", "near", "topic", "recent")
"""Each 0 to 1, and never speaks against likeness when it grows:

words    common stems: the mean of their share of the shorter text and of both texts together (a short text wholly
         inside a long one is alike, yet less than two equal texts)
meaning  cosine of the two vectors, 0.3 and less as nought; where there are no vectors, the same as `words`
at_hand  e^(−metres/50); one for the same building; 0.25 for the same area where a point is missing
near     e^(−metres/300); one for the same building; 0.6 for the same area where a point is missing
topic    the same topic
recent   e^(−days/14)
"""


class BadPairModel(Exception):
    """Not a model of pairs, or a damaged one; the message says which."""


@dataclass(frozen=True)
class PairModel:
    """A logistic over FEATURES: probability = 1 / (1 + e^−(bias + Σ weight × feature)); no weight is below nought.

    `card` says how it came to be. Probabilities learned from pairs hold for pairs met in the same way.
    """

    bias: float
    weights: tuple[float, ...]
    card: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if len(self.weights) != len(FEATURES):
            raise BadPairModel(f"A model of pairs has {len(FEATURES)} weights, not {len(self.weights)}.")
        if not all(math.isfinite(value) for value in (self.bias, *self.weights)) or min(self.weights) < 0:
            raise BadPairModel("A weight of the model is below nought or not a number.")

    def probability(self, features: Real) -> Real:
        """For (n, len(FEATURES)) features, as `Described.features` gives them."""
        sums = features @ np.array(self.weights) + self.bias
        return np.asarray(1.0 / (1.0 + np.exp(-np.clip(sums, -40, 40))))

    def to_bytes(self) -> bytes:
        """A line of JSON (format, features, check sum, card), then the bias and the weights as float64."""
        body = np.array([self.bias, *self.weights], dtype="<f8").tobytes()
        header = {
            "format": MODEL_FORMAT, "features": list(FEATURES),
            "sha256": hashlib.sha256(body).hexdigest(), "card": dict(self.card),
        }  # fmt: skip
        return json.dumps(header, ensure_ascii=False, sort_keys=True).encode() + b"\n" + body

    @classmethod
    def from_bytes(cls, content: bytes) -> "PairModel":
        """Raises BadPairModel."""
        line, _end, body = content.partition(b"\n")
        try:
            header = json.loads(line)
            form, features, digest, card = (header[name] for name in ("format", "features", "sha256", "card"))
        except (ValueError, KeyError, TypeError) as error:
            raise BadPairModel("This is not a model of pairs: its first line cannot be read.") from error
        if form != MODEL_FORMAT or features != list(FEATURES) or not isinstance(card, dict):
            raise BadPairModel(f"The model is of the form “{form}” with {features}; this version reads {MODEL_FORMAT}.")
        if len(body) != 8 * (len(FEATURES) + 1) or hashlib.sha256(body).hexdigest() != digest:
            raise BadPairModel("The model is damaged: its check sum does not agree.")
        bias, *weights = np.frombuffer(body, dtype="<f8").tolist()
        return cls(bias, tuple(weights), card)


BY_JUDGEMENT = PairModel(
    bias=-8.2,
    weights=(2.5, 1.5, 4.0, 1.8, 3.0, 0.7),
    card={
        "name": "by judgement",
        "made": "Round numbers set by hand to meet these points: one building, one topic and one day are likely one "
        "matter (0.8), with a third of the words in common very likely (0.9); one topic on one day 300 metres away "
        "without a common word is not (0.02); the same words in one topic on one day, with no place known, leave it "
        "open (0.4).",
    },
)


def train(features: npt.ArrayLike, same: npt.ArrayLike, *, name: str, strength: float = 1.0) -> PairModel:
    """A model from confirmed pairs: `features` (n, len(FEATURES)), `same` (n,) whether each pair is one matter.

    Logistic regression with a ridge of `strength`, weights held at nought or above, by Newton steps of which each is
    solved coordinate by coordinate; the same input gives the same model. Raises ValueError when all pairs are alike
    or all are not.
    """
    x = np.column_stack([np.ones(len(np.asarray(same))), np.asarray(features, dtype=np.float64)])
    y = np.asarray(same, dtype=np.float64)
    if x.shape[1] != len(FEATURES) + 1 or not np.isfinite(x).all():
        raise ValueError(f"Pairs are described by {len(FEATURES)} finite numbers each.")
    if not 0 < y.sum() < len(y):
        raise ValueError("To learn, some pairs must be one matter and some must not.")
    ridge = np.full(x.shape[1], strength)
    ridge[0] = 1e-6
    w = np.zeros(x.shape[1])
    w[0] = math.log(y.mean() / (1 - y.mean()))
    for _step in range(100):
        p = 1 / (1 + np.exp(-np.clip(x @ w, -40, 40)))
        pull = x.T @ (y - p) - ridge * w
        curve = (x * (p * (1 - p))[:, None]).T @ x + np.diag(ridge + 1e-9)
        new = w.copy()
        for _sweep in range(200):
            before = new.copy()
            for place in range(len(w)):
                rest = pull[place] - curve[place] @ (new - w) + curve[place, place] * (new[place] - w[place])
                new[place] = w[place] + rest / curve[place, place]
                if place:
                    new[place] = max(0.0, new[place])
            if np.abs(new - before).max() < 1e-10:
                break
        new = w + np.clip(new - w, -2, 2)  # a full step may overshoot while probabilities are near nought or one
        moved = np.abs(new - w).max()
        w = new
        if moved < 1e-8:
            break
    return PairModel(float(w[0]), tuple(map(float, w[1:])), {"name": name, "pairs": len(y), "same": int(y.sum())})

"""How likely is it that the citizen disputes this answer? A sum of words and numbers, learned from past verdicts.

Three layers of words (of the answer, of the appeal, of the fields beside them) give a score each; the scores and a few
numbers, each brought to a common scale, add up to the logit. Because it is a sum, what decided can be named exactly.
"""

import itertools
import math
import zlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from dauys.engines.answer_check.findings import CODES, Finding
from dauys.engines.answer_check.sentences import READ_AT_MOST, words_of

LAYERS = ("answer", "appeal", "fields")
PLACES = 1 << 22  # of hashed words; collisions of a hundred thousand features are rare and harmless
_STEM = 6
_BUILT_IN = (
    "answer_words", "appeal_words", "words_ratio", "new_words", "words_shared", "figures", "appeal_figures",
    "exclamations", "questions", "capitals", "findings",
)  # fmt: skip

F32 = npt.NDArray[np.float32]
F64 = npt.NDArray[np.float64]
Places = npt.NDArray[np.int32]


@dataclass(frozen=True)
class Moment:
    """What is known when an answer is sent, and nothing of what comes after.

    `fields` have names and values (office, topic, district); `numbers` are counts or days, none negative (days since
    filing, which answer it is, earlier appeals from the place); `findings` are what the check said.
    """

    appeal: str
    answer: str
    fields: Mapping[str, str] = field(default_factory=dict)
    numbers: Mapping[str, float] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True)
class Risk:
    """The probability of a dispute, and what each layer and number added to its logit, largest push upwards first."""

    probability: float
    added: tuple[tuple[str, float], ...]


@dataclass(frozen=True, eq=False)
class Layer:
    """`places` (n,) ascending; `weights` (n,), the rarity of each word multiplied in twice over as in `vector`."""

    places: Places
    rarity: F32
    weights: F32
    bias: float


@dataclass(frozen=True, eq=False)
class Model:
    """`names` are the numbers, the built-in ones and those of findings among them; `centre` and `scale` bring layers
    and numbers to one scale, in the order LAYERS then names; `weights` and `bias` make the logit of them.
    """

    layers: tuple[Layer, Layer, Layer]
    names: tuple[str, ...]
    centre: F64
    scale: F64
    weights: F64
    bias: float
    card: dict[str, Any]

    def risk(self, moment: Moment) -> Risk:
        added = self.weights * (self.raw(moment) - self.centre) / self.scale
        logit = float(np.clip(self.bias + added.sum(), -30.0, 30.0))
        told = sorted(zip((*LAYERS, *self.names), added.tolist(), strict=True), key=lambda one: (-one[1], one[0]))
        return Risk(1 / (1 + math.exp(-logit)), tuple(told))

    def raw(self, moment: Moment) -> F64:
        """Scores of the layers and the numbers, not yet scaled."""
        scores = [score(layer, found) for layer, found in zip(self.layers, features(moment), strict=True)]
        known = numbers(moment)
        return np.array([*scores, *(known.get(name, 0.0) for name in self.names)], dtype=np.float64)


def score(layer: Layer, found: Mapping[int, float]) -> float:
    """The layer's score of one text; words it never learned are left out."""
    if not found or not len(layer.places):
        return layer.bias
    places = np.fromiter(found, dtype=np.int32, count=len(found))
    counts = np.fromiter(found.values(), dtype=np.float32, count=len(found))
    rows = np.minimum(np.searchsorted(layer.places, places), len(layer.places) - 1)
    known = layer.places[rows] == places
    values = counts[known] * layer.rarity[rows[known]]
    length = float(np.sqrt((values**2).sum()))
    return layer.bias + (float(values @ layer.weights[rows[known]]) / length if length else 0.0)


def features(moment: Moment) -> tuple[dict[int, float], dict[int, float], dict[int, float]]:
    """For each layer, hashed words with 1 + log of how often they stand there."""
    fields = Counter(_place(f"{name}={value}") for name, value in moment.fields.items() if value)
    return _hashed(moment.answer), _hashed(moment.appeal), {place: float(many) for place, many in fields.items()}


def _hashed(text: str) -> dict[int, float]:
    stems = ["0" * len(word) if word.isdigit() else word[:_STEM] for word in words_of(text)]
    found = Counter(stems)
    found.update(f"{one} {other}" for one, other in itertools.pairwise(stems))
    counted: Counter[int] = Counter()
    for feature, many in found.items():
        counted[_place(feature)] += many
    return {place: 1 + math.log(many) for place, many in counted.items()}


def _place(feature: str) -> int:
    return zlib.crc32(feature.encode("utf-8", "replace")) % PLACES


def numbers(moment: Moment) -> dict[str, float]:
    """Everything about a moment that is a number, as the logarithm of one more than it."""
    answer, appeal = words_of(moment.answer), words_of(moment.appeal)
    said, asked = set(answer), set(appeal)
    text = moment.appeal[:READ_AT_MOST]
    found = {
        "answer_words": len(answer),
        "appeal_words": len(appeal),
        "words_ratio": len(answer) / (len(appeal) + 3),
        "new_words": len(said - asked),
        "words_shared": 100 * len(said & asked) / (len(asked) + 3),
        "figures": sum(word.isdigit() for word in answer),
        "appeal_figures": sum(word.isdigit() for word in appeal),
        "exclamations": text.count("!"),
        "questions": text.count("?"),
        "capitals": 100 * sum(sign.isupper() for sign in text) / (len(text) + 1),
        "findings": len(moment.findings),
        **dict.fromkeys((f"finding.{code}" for code in CODES), 0.0),
        **Counter(f"finding.{finding.code}" for finding in moment.findings),
        **{f"known.{name}": value for name, value in moment.numbers.items()},
    }
    return {name: math.log1p(value) for name, value in found.items() if 0 <= value < math.inf}


def names_of(moments: Sequence[Moment]) -> tuple[str, ...]:
    """The numbers a model learns: those built in, one for each code of a finding, and those the caller knows."""
    known = sorted({f"known.{name}" for moment in moments for name in moment.numbers})
    return (*_BUILT_IN, *(f"finding.{code}" for code in CODES), *known)

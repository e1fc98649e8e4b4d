"""What the classifier says, in values."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from dauys.engines.topics.features import F32


class TooFewSamples(ValueError):
    """There is nothing to learn from: fewer than two topics, or a topic with fewer than two texts."""


class UnreadableModel(ValueError):
    """The bytes are not a model of this format, or were damaged."""


@dataclass(frozen=True, slots=True)
class Doubt:
    """Why a guess is not sure: a code, and the data a sentence about it needs.

    few_words {words} · unseen_words {share, words} · two_close {first, second, apart} · rare_topic {topic, texts} ·
    unclear {}: the words are known, yet they speak for many topics.
    """

    code: str
    data: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Guess:
    """The three likeliest topics with probabilities, most likely first.

    `confidence` is the share of such guesses that prove right (calibrated on texts not learned from).
    `unseen` is the share of the text's words no text learned from had.
    `corrected` is how far (0 to 1) people's corrections of the same or nearly the same text decided.
    Only when asked for: `reasons`, the citizen's own words that spoke most for the first topic, with their `weights`
    (how far each lifted it, as a share of the strongest lift met in all words); `fields`, which of the fields beside
    the text did; `doubts`, what is missing for being sure.
    """

    ranked: tuple[tuple[str, float], ...]
    confidence: float
    reasons: tuple[str, ...] = ()
    weights: tuple[float, ...] = ()
    fields: tuple[tuple[str, float], ...] = ()
    doubts: tuple[Doubt, ...] = ()
    unseen: float = 0.0
    corrected: float = 0.0


def softmax(scores: F32) -> F32:
    raised = np.exp(scores - scores.max(axis=1, keepdims=True))
    return raised / raised.sum(axis=1, keepdims=True)

"""What is an appeal about, and who acts on it? A classifier an institution trains on its own texts.

A text is a sum of word vectors, and what is known beside it (object, district, season) adds its own; a linear
classifier is learned on top. Because everything adds up, the words and fields that decided can be named exactly, and a
word met before costs one look-up. A vector of a text's meaning made elsewhere can be added the same way: its scores
join the sum before the probabilities are made.
"""

from dauys.engines.topics.drift import Drift, drift
from dauys.engines.topics.features import READ_AT_MOST, ground
from dauys.engines.topics.guess import Doubt, Guess, TooFewSamples, UnreadableModel
from dauys.engines.topics.model import Model, Texts
from dauys.engines.topics.training import threshold, train

__all__ = [
    "READ_AT_MOST",
    "Doubt",
    "Drift",
    "Guess",
    "Model",
    "Texts",
    "TooFewSamples",
    "UnreadableModel",
    "drift",
    "ground",
    "threshold",
    "train",
]

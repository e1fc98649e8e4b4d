"""Which language is this appeal written in: Kazakh, Russian, English, or two of them by turns?

A linear model weighs every run of one to five letters (see `model`); Kazakh typed on a Russian keyboard or in Latin
letters is known as Kazakh, and another language as unknown. `python -m dauys.engines.language.make` learns the weights.
"""

from dauys.engines.language.letters import READ_AT_MOST
from dauys.engines.language.reading import Language, Sentence, identify, identify_many, sentences

__all__ = ["READ_AT_MOST", "Language", "Sentence", "identify", "identify_many", "sentences"]

"""Which separate things does this appeal ask for?

Russian and English name what is asked after the asking word, Kazakh before it; imperatives and questions ask by
themselves. A list of verbs gives several asks, a list of nouns one. An ask is a span of the citizen's own words.
"""

from dauys.engines.asks.lexicon import KINDS, Lexicon, MalformedWords
from dauys.engines.asks.reading import Ask, Asks, asks

__all__ = ["KINDS", "Ask", "Asks", "Lexicon", "MalformedWords", "asks"]

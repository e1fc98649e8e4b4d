"""The words of an appeal as a full-text index should hold them, and what a question put to that index asks for.

Pure: texts and counts in, terms, spans and scores out. `words` reads texts, `kazakh` takes endings off, `question`
reads what an officer typed, `vocabulary` finds the word that was meant, `marks` shows where a word stands, `rank` says
how well a text fits.
"""

from dauys.engines.search_terms.kazakh import kazakh_stem
from dauys.engines.search_terms.marks import Piece, excerpt
from dauys.engines.search_terms.question import Part, Question, Word, ask, typed_again
from dauys.engines.search_terms.rank import Weighed, rarity, relevance, telling
from dauys.engines.search_terms.vocabulary import Vocabulary
from dauys.engines.search_terms.words import Terms, folded, readings, stems, terms, terms_and_words, tokens

__all__ = [
    "Part",
    "Piece",
    "Question",
    "Terms",
    "Vocabulary",
    "Weighed",
    "Word",
    "ask",
    "excerpt",
    "folded",
    "kazakh_stem",
    "rarity",
    "readings",
    "relevance",
    "stems",
    "telling",
    "terms",
    "terms_and_words",
    "tokens",
    "typed_again",
]

"""Topics of appeals in a language the reader of words was taught hardly anything in: read across languages by meaning.

Words learned from Russian say next to nothing of a Kazakh appeal; vectors of meaning say much. How surely is known for
the languages learned from alone, so what is read here is a suggestion to a person and never decides.
"""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from dauys.engines import meaning, topics
from dauys.understand import vectors, weights

UNTAUGHT = 100
"""Texts learned from in a language; with fewer, its words are strangers to the reader of words."""

LEAST = 200
"""Texts in all; fewer do not carry a second reader."""

MOST = 3_000
"""Newest texts learned from: meaning needs few."""

SHORT_OF_SURE = 0.01

_LABEL = re.compile(r"\[[^\]]*\]")


def taught(samples: Sequence[tuple[str, str]], languages: Sequence[str], *, seed: int) -> bytes:
    """A reader of meaning, from (masked text, topic code) oldest first, one language each; empty where none is needed
    or can be."""
    met = Counter(languages)
    if len(samples) < LEAST or all(met[code] >= UNTAUGHT for code in vectors.SPOKEN):
        return b""
    newest = range(max(0, len(samples) - MOST), len(samples))
    counts = Counter(samples[i][1] for i in newest)
    kept = [i for i in newest if counts[samples[i][1]] > 1]
    try:
        known = vectors.of([_bare(samples[i][0]) for i in kept], [languages[i] for i in kept])
        head = meaning.train_head(known, [samples[i][1] for i in kept], seed)
        head.card["encoder"] = weights.encoder().id
    except (weights.NoEncoder, meaning.TooFewLabels):
        return b""
    return head.to_bytes()


def opened(data: bytes) -> meaning.Head | None:
    """None where there is none, where it is damaged, and where its vectors were another encoder's."""
    if not data:
        return None
    try:
        head = meaning.Head.from_bytes(data)
        return head if head.card.get("encoder") == weights.encoder().id else None
    except (meaning.UnreadableWeights, weights.NoEncoder):
        return None


def is_stranger(card: Mapping[str, Any], language: str) -> bool:
    """Was the reader with this card taught hardly anything in this language, one that meaning is known in?"""
    return language in vectors.SPOKEN and int(card.get("languages", {}).get(language, 0)) < UNTAUGHT


def guesses(
    head: meaning.Head, texts: Sequence[str], languages: Sequence[str], *, sure: float
) -> list[topics.Guess | None]:
    """One guess a masked text, less than `sure`; None where no word of it is known."""
    known = vectors.of([_bare(text) for text in texts], languages)
    found: list[topics.Guess | None] = []
    for vector, shares in zip(known, head.probabilities(known), strict=True):
        if not vector.any():
            found.append(None)
            continue
        most = max(0.0, sure - SHORT_OF_SURE)
        first = (-shares).argsort(kind="stable")[:3]
        ranked = tuple((head.labels[i], round(min(float(shares[i]), most), 4)) for i in first)
        doubt = topics.Doubt("unseen_words", {"share": 1.0, "words": []})
        found.append(topics.Guess(ranked, ranked[0][1], doubts=(doubt,), unseen=1.0))
    return found


def _bare(text: str) -> str:
    """What was hidden leaves no label either: a label would become a word like any other."""
    return _LABEL.sub(" ", text)

"""How well a text fits a question (BM25: Robertson and Zaragoza, 2009), and which terms tell a text apart."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import log

from dauys.engines.search_terms.words import terms

K1 = 1.2
B = 0.6
"""Appeals differ in length mostly by their greetings: a long one is held against it less than among web pages."""

USUAL_LENGTH = 40  # words


@dataclass(frozen=True, slots=True)
class Weighed:
    """A group of terms that stand for one asked word, and how rare it is (natural logarithm)."""

    terms: frozenset[str]
    weight: float


def rarity(texts_with: int, texts: int) -> float:
    """The weight of a word that so many of the texts hold (natural logarithm, never below nought)."""
    return log(1 + (max(0, texts - texts_with) + 0.5) / (texts_with + 0.5))


def relevance(text: str, asked: Sequence[Weighed]) -> float:
    """BM25 of one text; an asked word may be met by any of its terms."""
    read = terms(text)
    counts: dict[str, int] = {}
    for one in read.words:
        counts[one] = counts.get(one, 0) + 1
    for _place, one in read.others:
        counts.setdefault(one, 1)
    drag = K1 * (1 - B + B * len(read.words) / USUAL_LENGTH)
    score = 0.0
    for group in asked:
        times = max((counts.get(one, 0) for one in group.terms), default=0)
        if times:
            score += group.weight * times * (K1 + 1) / (times + drag)
    return score


def telling(counts: Mapping[str, int], *, texts: int, most: int = 8, together: int = 20_000) -> list[str]:
    """The rarest terms of a text by which others like it are found: in two texts at least (a term of its own finds
    nothing), not in every twentieth, and not more than `together` postings in all.
    """
    chosen: list[str] = []
    spent = 0
    for term, texts_with in sorted(counts.items(), key=lambda one: (one[1], one[0])):
        if texts_with < 2 or term.isdigit() or len(term) < 3:
            continue
        if len(chosen) >= most or (chosen and (spent + texts_with > together or texts_with * 20 > texts > 100)):
            break
        chosen.append(term)
        spent += texts_with
    return chosen

"""Which words of both languages are listed, and how strongly: learned from how often each language uses them.

Runs of letters tell what looks Kazakh or Russian. For words of Russian letters alone (three Kazakh words in ten) a
logistic regression on texts held out weighs that look against the use of the very word: how often running Kazakh has
it, how far up it stands in a list of Kazakh words, how often Russian uses it, whether a dictionary knows it. Of the
words for which its verdict differs most from the look, those met most often are listed.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dauys.engines.language.letters import FOLD, cut
from dauys.engines.language.lexicon import STEP, Lexicon, hashes
from dauys.engines.language.model import Model, weigh

Rates = dict[str, float]
"""How often words are met, in a million."""

LISTED = 80_000
STEPS_AT_MOST = 127
IN_DOUBT_RUSSIAN = 0.6
"""Log odds taken from Kazakh for a word that Russian uses at all: a loan standing alone is rather the lender's."""
TYPED_PLAINLY = 10
"""One Kazakh word in so many is taken to be typed on a Russian keyboard, without its own letters."""
SURE_AT_MOST = 6.0  # log odds of a single word never go beyond
_ROUNDS, _TO_ZERO = 30, 1.0
_UNHEARD_KK, _UNHEARD_RU, _UNLISTED = 0.3, 0.005, 0.25
_PLAIN = re.compile("[а-яё]{2,40}")
_TYPED = str.maketrans({letter: typed for letter, typed in FOLD.items() if letter != "ё"})


@dataclass(frozen=True, slots=True)
class Use:
    """How words are used: rates in running Kazakh, in a list of Kazakh words, in Russian; words of dictionaries."""

    heard_kk: Rates
    listed_kk: Rates
    ru: Rates
    dictionary_kk: frozenset[str]
    dictionary_ru: frozenset[str]

    def evidence(self, words: Sequence[str], look: NDArray[np.float64]) -> NDArray[np.float64]:
        """What is known of each word beside its look (log odds of Kazakh), words x features."""
        heard = np.array([self.heard_kk.get(word, 0.0) for word in words])
        listed = np.array([self.listed_kk.get(word, 0.0) for word in words])
        ru = np.array([self.ru.get(word, 0.0) for word in words])
        in_kk = np.array([word in self.dictionary_kk for word in words], float)
        in_ru = np.array([word in self.dictionary_ru for word in words], float)
        is_heard, is_listed, is_ru = heard > 0, listed > 0, ru > 0
        a, b, c = np.log(heard + _UNHEARD_KK), np.log(listed + _UNLISTED), np.log(ru + _UNHEARD_RU)
        known = is_heard | is_listed
        return np.stack([
            np.ones(len(words)), look, a, b, c, np.maximum(a - c, b - c), np.maximum(0, c), is_heard, is_listed, is_ru,
            is_heard & is_ru, is_listed & is_ru, look * is_ru, look * known, look * (known & is_ru), in_kk, in_ru,
            in_ru * known, look * in_ru, np.array([min(len(word), 12) for word in words]),
        ], axis=1).astype(np.float64)  # fmt: skip


def choose(draft: Model, use: Use, kk: Iterable[str], ru: Iterable[str], *, most: int = LISTED) -> Lexicon:
    """The words to list; `kk` and `ru` are words of running texts held out, each word once."""
    kk, ru = sorted(set(kk)), sorted(set(ru))
    kk = sorted({*kk, *(word.translate(_TYPED) for word in kk[::TYPED_PLAINLY])})
    ru = ru[:: max(1, len(ru) // max(1, len(kk)))]  # as many words of either, those with Kazakh letters included
    sample = [word for word in kk if _PLAIN.fullmatch(word)], [word for word in ru if _PLAIN.fullmatch(word)]
    if not all(sample):
        return Lexicon(np.zeros(0, np.uint32), np.zeros(0, np.int8))
    words = [*sample[0], *sample[1]]
    weights = _regress(use.evidence(words, _look(words, draft)[0]), np.repeat([1.0, 0.0], [len(one) for one in sample]))
    words = sorted(word for word in {*use.heard_kk, *use.listed_kk, *use.ru} if _PLAIN.fullmatch(word))
    look, sureness = _look(words, draft)
    verdict = use.evidence(words, look) @ weights - IN_DOUBT_RUSSIAN * np.array([word in use.ru for word in words])
    verdict = np.clip(verdict, -SURE_AT_MOST, SURE_AT_MOST)
    steps = np.clip(np.rint((verdict - look) / sureness / STEP), -STEPS_AT_MOST, STEPS_AT_MOST).astype(np.int8)
    met = np.array([max(use.heard_kk.get(w, 0), use.listed_kk.get(w, 0), use.ru.get(w, 0), 0.01) for w in words])
    p, q = (1 / (1 + np.exp(-np.clip(x, -30, 30))) for x in (verdict, look))
    surprise = p * np.log(p / np.maximum(q, 1e-9)) + (1 - p) * np.log((1 - p) / np.maximum(1 - q, 1e-9))
    best = np.argsort(-surprise * np.sqrt(met), kind="stable")[:most]
    cuts = cut([words[i] for i in best.tolist()])
    found, first = np.unique(hashes(cuts.letters, cuts.start, cuts.end), return_index=True)
    return Lexicon(found, steps[best[cuts.text[first]]])


def _look(words: Sequence[str], draft: Model) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Log odds of Kazakh against Russian by the runs of letters of each word, and what points are multiplied by."""
    cuts = cut(words)
    points = np.zeros((len(words), 2))
    np.add.at(points, cuts.text, weigh(cuts, draft)[:, :2])
    points += draft.bias[0, :2]
    size = np.array([len(word) for word in words])
    sureness = draft.sureness[0] / np.sqrt(1 + draft.sureness[1] * size)
    return (points[:, 0] - points[:, 1]) * sureness, sureness


def _regress(features: NDArray[np.float64], kazakh: NDArray[np.float64]) -> NDArray[np.float64]:
    """Logistic regression by Newton's method; weights of standardised features are drawn towards zero."""
    mean, spread = features.mean(axis=0), features.std(axis=0)
    mean[0], spread[0] = 0.0, 1.0
    spread[spread == 0] = 1.0
    scaled = (features - mean) / spread
    weights = np.zeros(features.shape[1])
    drawn = np.full(features.shape[1], _TO_ZERO)
    drawn[0] = 1e-6
    for _ in range(_ROUNDS):
        chance = 1 / (1 + np.exp(-np.clip(scaled @ weights, -30, 30)))
        slope = scaled.T @ (chance - kazakh) + drawn * weights
        bend = (scaled * (chance * (1 - chance))[:, None]).T @ scaled + np.diag(drawn)
        weights = weights - np.linalg.solve(bend, slope)
    weights = weights / spread
    weights[0] -= float((mean * weights)[1:].sum())
    return weights


def rates(texts: Iterable[str]) -> Rates:
    """How often each word is met in running texts, in a million."""
    counts = Counter(word for text in texts for word in re.findall(r"[^\W\d_]+", text.lower()))
    total = max(1, counts.total()) / 1e6
    return {word: count / total for word, count in counts.items()}


def plainly(kk: Rates) -> Rates:
    """The rates with those of the same words typed on a Russian keyboard."""
    found = dict(kk)
    for word, rate in kk.items():
        if (typed := word.translate(_TYPED)) != word:
            found[typed] = found.get(typed, 0.0) + rate / TYPED_PLAINLY
    return found

"""Does an appeal speak of danger to life, or of something that cannot wait the usual days?

A short hard list, kept by people as data and passed in. It may only raise an appeal, never lower it, and
always says which words did so.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

READ_AT_MOST = 50_000  # characters
LEVELS = ("usual", "soon", "danger")

_TOKEN = re.compile(r"[^\W_]+|[.!?;\n]")
_FOLD = str.maketrans("ёәғқңөұүһіi", "еагкноуухии")


@dataclass(frozen=True)
class Rule:
    """One thing on the list.

    `phrases` are words to be met close together in one sentence and in any order; a word ending in * is met
    by every word that begins so ("запах* газ*"). `unless` are phrases of the same form that take the rule
    back when met in the same sentence ("газ* отлож*").
    """

    code: str
    level: str
    phrases: tuple[str, ...]
    unless: tuple[str, ...] = ()


@dataclass(frozen=True)
class Urgency:
    """`level` is danger, soon or usual; `reasons` are (rule code, the citizen's own words) pairs."""

    level: str
    reasons: tuple[tuple[str, str], ...] = ()


class MalformedRule(ValueError):
    """A rule of the list cannot be read; the message names the rule and the remedy."""


def _fold(text: str) -> str:
    return text.lower().translate(_FOLD)


@dataclass(frozen=True, slots=True)
class _Phrase:
    rule: int
    parts: tuple[int, ...]
    takes_back: bool


class Lexicon:
    """The hard list, made ready for reading. ё folds to е, Kazakh letters to look-alikes."""

    def __init__(self, rules: Sequence[Rule], *, gap: int = 4) -> None:
        """`gap` is how many other words may stand between the words of a phrase."""
        self.rules = tuple(rules)
        self.gap = gap
        self._whole: dict[str, int] = {}
        self._prefix: dict[str, int] = {}
        self._phrases: list[_Phrase] = []
        self._by_part: dict[int, list[_Phrase]] = {}
        self._cache: dict[str, tuple[int, ...]] = {}
        for number, rule in enumerate(self.rules):
            if rule.level not in LEVELS[1:]:
                raise MalformedRule(f"{rule.code}: level must be one of {', '.join(LEVELS[1:])}, not {rule.level!r}.")
            if not rule.phrases:
                raise MalformedRule(f"{rule.code}: give at least one phrase.")
            for phrase in rule.phrases:
                self._add(number, phrase, takes_back=False)
            for phrase in rule.unless:
                self._add(number, phrase, takes_back=True)
        self._sizes = sorted({len(prefix) for prefix in self._prefix})

    def _add(self, number: int, phrase: str, *, takes_back: bool) -> None:
        parts = []
        for word in _fold(phrase).split():
            table, key = (self._prefix, word[:-1]) if word.endswith("*") else (self._whole, word)
            if not key or not key.isalnum():
                raise MalformedRule(
                    f"{self.rules[number].code}: the word {word!r} must be letters, with * at the end at most."
                )
            parts.append(table.setdefault(key, len(self._whole) + len(self._prefix)))
        if not parts:
            raise MalformedRule(f"{self.rules[number].code}: a phrase is empty.")
        made = _Phrase(number, tuple(parts), takes_back)
        self._phrases.append(made)
        self._by_part.setdefault(parts[0], []).append(made)

    def parts_of(self, word: str) -> tuple[int, ...]:
        """The numbers of the list's words that this folded word meets."""
        known = self._cache.get(word)
        if known is None:
            met = [
                self._prefix[word[:size]] for size in self._sizes if size <= len(word) and word[:size] in self._prefix
            ]
            if word in self._whole:
                met.append(self._whole[word])
            known = tuple(met)
            if len(self._cache) > 100_000:
                self._cache.clear()
            self._cache[word] = known
        return known

    def phrases_from(self, part: int) -> Sequence[_Phrase]:
        return self._by_part.get(part, ())


def urgency(text: str, lexicon: Lexicon) -> Urgency:
    """The highest level any rule of the list gives this text, with every rule that gave it."""
    reasons: dict[str, str] = {}
    level = 0
    sentence: list[str] = []
    for match in _TOKEN.finditer(text[:READ_AT_MOST]):
        token = match.group()
        if token[0].isalnum():
            sentence.append(token)
            continue
        level = _read(sentence, lexicon, level, reasons)
        sentence = []
    level = _read(sentence, lexicon, level, reasons)
    if not level:
        return Urgency("usual")
    order = {rule.code: LEVELS.index(rule.level) for rule in lexicon.rules}
    ranked = sorted(reasons.items(), key=lambda item: -order[item[0]])
    return Urgency(LEVELS[level], tuple(ranked))


def _read(sentence: list[str], lexicon: Lexicon, level: int, reasons: dict[str, str]) -> int:
    at: dict[int, list[int]] = {}
    for position, word in enumerate(sentence):
        for part in lexicon.parts_of(_fold(word)):
            at.setdefault(part, []).append(position)
    if not at:
        return level
    met: dict[int, str] = {}
    taken_back: set[int] = set()
    for part in at:
        for phrase in lexicon.phrases_from(part):
            if any(other not in at for other in phrase.parts):
                continue
            places = _close_together(phrase.parts, at, lexicon.gap)
            if places is None:
                continue
            if phrase.takes_back:
                taken_back.add(phrase.rule)
            else:
                met.setdefault(phrase.rule, " ".join(sentence[place] for place in sorted(places)))
    for number, words in met.items():
        if number not in taken_back:
            rule = lexicon.rules[number]
            reasons.setdefault(rule.code, words)
            level = max(level, LEVELS.index(rule.level))
    return level


def _close_together(parts: tuple[int, ...], at: dict[int, list[int]], gap: int) -> set[int] | None:
    reach = (gap + 1) * (len(parts) - 1)
    for start in at[parts[0]][:50]:
        places = {start}
        for part in parts[1:]:
            near = [place for place in at[part] if abs(place - start) <= reach and place not in places]
            if not near:
                break
            places.add(min(near, key=lambda place: abs(place - start)))
        else:
            return places
    return None

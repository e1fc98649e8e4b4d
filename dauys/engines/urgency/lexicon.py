"""The hard list, made ready for reading."""

from collections.abc import Sequence
from dataclasses import dataclass

READ_AT_MOST = 50_000  # characters
LEVELS = ("usual", "soon", "danger")
BESIDE = ("person", "sign")
"""Rules that raise nothing by themselves: a vulnerable person; a sign that counts only together with another rule."""

_FOLD = str.maketrans("ёәғқңөұүһіi", "еагкноуухии")


@dataclass(frozen=True)
class Rule:
    """One thing on the list.

    `level` is danger, soon, person or sign. `phrases` are words to be met close together in one sentence and in
    any order; a word ending in * is met by every word that begins so ("запах* газ*"). A phrase of codes in braces
    is met when all those rules are met anywhere in the text ("{no_heating} {infant}"). `unless` are phrases that
    take the rule back when met in the same sentence ("газ* отлож*").
    """

    code: str
    level: str
    phrases: tuple[str, ...]
    unless: tuple[str, ...] = ()


class MalformedRule(ValueError):
    """A rule of the list cannot be read; the message names the rule and the remedy."""


def fold(text: str) -> str:
    return text.lower().translate(_FOLD)


@dataclass(frozen=True, slots=True)
class Phrase:
    rule: int
    parts: tuple[int, ...]
    takes_back: bool


class Lexicon:
    """The hard list. ё folds to е, Kazakh letters to look-alikes."""

    def __init__(self, rules: Sequence[Rule], *, gap: int = 4) -> None:
        """`gap` is how many other words may stand between the words of a phrase."""
        self.rules = tuple(rules)
        self.gap = gap
        self.together: list[tuple[int, tuple[int, ...]]] = []
        self._whole: dict[str, int] = {}
        self._prefix: dict[str, int] = {}
        self._by_part: dict[int, list[Phrase]] = {}
        self._cache: dict[str, tuple[int, ...]] = {}
        numbers = {rule.code: number for number, rule in enumerate(self.rules)}
        for number, rule in enumerate(self.rules):
            if rule.level not in (*LEVELS[1:], *BESIDE):
                known = ", ".join((*LEVELS[1:], *BESIDE))
                raise MalformedRule(f"{rule.code}: level must be one of {known}, not {rule.level!r}.")
            if not rule.phrases:
                raise MalformedRule(f"{rule.code}: give at least one phrase.")
            for phrase in rule.phrases:
                if "{" in phrase:
                    self._join(number, phrase, numbers)
                else:
                    self._add(number, phrase, takes_back=False)
            for phrase in rule.unless:
                self._add(number, phrase, takes_back=True)
        self._sizes = sorted({len(prefix) for prefix in self._prefix})

    def _join(self, number: int, phrase: str, numbers: dict[str, int]) -> None:
        members = []
        for word in phrase.split():
            member = numbers.get(word.strip("{}"))
            # Only earlier rules, so that one walk down the list settles them all.
            if member is None or member >= number or word != "{" + word.strip("{}") + "}":
                raise MalformedRule(
                    f"{self.rules[number].code}: {word} must be the code of an earlier rule, alone in braces."
                )
            members.append(member)
        self.together.append((number, tuple(members)))

    def _add(self, number: int, phrase: str, *, takes_back: bool) -> None:
        parts = []
        for word in fold(phrase).split():
            table, key = (self._prefix, word[:-1]) if word.endswith("*") else (self._whole, word)
            if not key or not key.isalnum():
                raise MalformedRule(
                    f"{self.rules[number].code}: the word {word!r} must be letters, with * at the end at most."
                )
            parts.append(table.setdefault(key, len(self._whole) + len(self._prefix)))
        if not parts:
            raise MalformedRule(f"{self.rules[number].code}: a phrase is empty.")
        self._by_part.setdefault(parts[0], []).append(Phrase(number, tuple(parts), takes_back))

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

    def phrases_from(self, part: int) -> Sequence[Phrase]:
        return self._by_part.get(part, ())

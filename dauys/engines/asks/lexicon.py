"""The words of asking, made ready for reading: what each word may be, and of which kind its ask."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

KINDS = ("do", "inform", "pay", "check", "allow", "other")
"""Do or mend; inform or answer; pay or return; check or punish; allow or give a document; anything else."""

_FOLD = str.maketrans("ёәғқңөұүһіi", "еагкноуухии")
_RUSSIAN_IMPERATIVE = re.compile(r"[а-я]{2,}(?:ите|йте|ьте)(?:сь)?$")
_RUSSIAN_INFINITIVE = re.compile(r"[а-я]+(?:[аеиоуыэюя]ть|[сзр]ть|[сзй]ти|чь)(?:ся|сь)?$")
_LATIN = re.compile(r"[a-z]")
_ABSTRACT = re.compile(r"(?:ость|есть|асть|сти)$")


class MalformedWords(ValueError):
    """The table of words cannot be read; the message names the place and the remedy."""


def fold(text: str) -> str:
    return text.lower().translate(_FOLD)


def _endings(*ends: str) -> tuple[str, ...]:
    return tuple(fold(end) for end in ends)


_KAZAKH_IMPERATIVE = _endings(
    "ңыз", "ңіз", "ңыздар", "ңіздер", "ңызшы", "ңізші", "ңыздаршы", "ңіздерші", "ңдар", "ңдер", "ңдаршы", "ңдерші"
)  # fmt: skip
_KAZAKH_ASKED = _endings(
    "уыңызды", "уіңізді", "уыңыздарды", "уіңіздерді", "уларыңызды", "улеріңізді", "уларыңыздарды", "улеріңіздерді",
    "юыңызды", "юіңізді", "юыңыздарды", "юіңіздерді", "уды", "уді", "юды", "юді", "уын", "уін", "юын", "юін",
)  # fmt: skip
_KAZAKH_DOING = _endings("у", "ю")
_KAZAKH_HAVING_DONE = _endings("ып", "іп", "ап", "еп", "ай", "ей")
_KAZAKH_IF = _endings("са", "се", "саңыз", "сеңіз", "саңыздар", "сеңіздер")


@dataclass(frozen=True, slots=True)
class Look:
    """What one word may be, whatever stands beside it."""

    infinitive: bool = False
    imperative: bool = False
    kazakh_imperative: bool = False
    kazakh_asked: bool = False
    kazakh_doing: bool = False
    kazakh_having_done: bool = False
    kazakh_if: bool = False
    english_verb: bool = False
    verb_kind: str | None = None
    noun_kind: str | None = None
    tags: frozenset[str] = field(default_factory=frozenset)


class Word(NamedTuple):
    folded: str
    start: int
    end: int
    after_comma: bool
    look: Look


class Phrases:
    """Word sequences found by their first word."""

    def __init__(self, phrases: Sequence[str]) -> None:
        self.by_first: dict[str, list[tuple[str, ...]]] = {}
        for phrase in phrases:
            words = tuple(fold(phrase).split())
            self.by_first.setdefault(words[0], []).append(words)
        for known in self.by_first.values():
            known.sort(key=len, reverse=True)

    def at(self, words: Sequence[Word], place: int) -> int:
        """How many words of the longest phrase stand here; 0 for none."""
        for phrase in self.by_first.get(words[place].folded, ()):
            if len(phrase) <= len(words) - place and all(
                words[place + n].folded.startswith(one[:-1]) if one.endswith("*") else words[place + n].folded == one
                for n, one in enumerate(phrase)
            ):
                return len(phrase)
        return 0


_LISTS = (
    "before", "knowledge", "after", "heads", "need", "not_need", "filler", "courtesy", "rhetorical", "question",
    "opening", "can_you", "subordinate", "and", "not_imperative", "not_infinitive", "not_kazakh_imperative",
)  # fmt: skip


class Lexicon:
    """The words of asking, made ready for reading."""

    def __init__(self, table: Mapping[str, Any]) -> None:
        """From the parsed `asks.toml`. Raises MalformedWords naming the list or row that cannot be read."""
        for name in _LISTS:
            words = table.get(name)
            if not isinstance(words, list) or not all(isinstance(word, str) and word.strip() for word in words):
                raise MalformedWords(f"{name}: give a list of words.")
        self.before, self.after = Phrases(table["before"]), Phrases(table["after"])
        self.knowledge = {tuple(fold(phrase).split()) for phrase in table["knowledge"]}
        self.heads = Phrases(table["heads"])
        self.courtesy, self.rhetorical = Phrases(table["courtesy"]), Phrases(table["rhetorical"])
        self.can_you = Phrases(table["can_you"])
        self._sets = {
            name: frozenset(fold(word) for word in table[name])
            for name in ("need", "not_need", "filler", "question", "opening", "subordinate", "and")
        }
        self._not = {name: frozenset(fold(word) for word in table[name]) for name in _LISTS if name.startswith("not_")}
        self._verbs = self._words(table, "verb")
        self._nouns = self._words(table, "noun")
        self._objects = []
        for number, row in enumerate(table.get("object", ()), start=1):
            if row.get("kind") not in KINDS or not row.get("verbs") or not row.get("with"):
                raise MalformedWords(f"object {number}: give verbs, with, and a kind of {', '.join(KINDS)}.")
            self._objects.append((tuple(map(fold, row["verbs"])), tuple(map(fold, row["with"])), row["kind"]))
        self._looks: dict[str, Look] = {}

    @staticmethod
    def _words(table: Mapping[str, Any], name: str) -> dict[str, str]:
        known: dict[str, str] = {}
        for number, row in enumerate(table.get(name, ()), start=1):
            if row.get("kind") not in KINDS or not row.get("words"):
                raise MalformedWords(f"{name} {number}: give words and a kind of {', '.join(KINDS)}.")
            for word in row["words"]:
                if len(word.split()) != 1 or not word.rstrip("*"):
                    raise MalformedWords(f"{name} {number}: {word!r} must be one word, with * at the end at most.")
                known.setdefault(fold(word), row["kind"])
        return known

    def look(self, folded: str) -> Look:
        known = self._looks.get(folded)
        if known is None:
            known = self._make(folded)
            if len(self._looks) > 100_000:
                self._looks.clear()
            self._looks[folded] = known
        return known

    def _make(self, word: str) -> Look:
        verb = _longest(word, self._verbs)
        latin = _LATIN.search(word) is not None
        long = len(word) >= 5
        imperative = long and _RUSSIAN_IMPERATIVE.match(word) is not None
        infinitive = len(word) >= 4 and _RUSSIAN_INFINITIVE.match(word) is not None
        if infinitive and _ABSTRACT.search(word) and (verb is None or not word.endswith("сти")):
            infinitive = False
        return Look(
            infinitive=infinitive and word not in self._not["not_infinitive"],
            imperative=(imperative and word not in self._not["not_imperative"]) or word in {"дайте", "помогите"},
            kazakh_imperative=long
            and word.endswith(_KAZAKH_IMPERATIVE)
            and word not in self._not["not_kazakh_imperative"],
            kazakh_asked=long and word.endswith(_KAZAKH_ASKED),
            kazakh_doing=len(word) >= 3 and word.endswith(_KAZAKH_DOING) and not latin,
            kazakh_having_done=len(word) >= 4 and word.endswith(_KAZAKH_HAVING_DONE),
            kazakh_if=len(word) >= 4 and word.endswith(_KAZAKH_IF),
            english_verb=latin and verb is not None,
            verb_kind=verb,
            noun_kind=_longest(word, self._nouns),
            tags=frozenset(name for name, words in self._sets.items() if word in words),
        )

    def kind_of(self, words: Sequence[Word], head: int) -> tuple[str, bool]:
        """The kind of an ask whose verb stands at `head`, and whether a rule of the table told it."""
        folded = [word.folded for word in words]
        for verbs, objects, kind in self._objects:
            if _meets(folded[head], verbs) and any(_meets(word, objects) for word in folded):
                return kind, True
        kind_of_head = words[head].look.verb_kind
        if kind_of_head is not None:
            return kind_of_head, True
        for word in words:
            if word.look.verb_kind is not None or word.look.noun_kind is not None:
                return word.look.verb_kind or word.look.noun_kind or "other", False
        return "other", False


def _longest(word: str, table: Mapping[str, str]) -> str | None:
    if word in table:
        return table[word]
    for size in range(len(word), 1, -1):
        kind = table.get(word[:size] + "*")
        if kind is not None:
            return kind
    return None


def _meets(word: str, patterns: Sequence[str]) -> bool:
    return any(word.startswith(one[:-1]) if one.endswith("*") else word == one for one in patterns)

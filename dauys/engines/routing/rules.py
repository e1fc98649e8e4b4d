"""The first rule that applies to an appeal, found without asking each of them.

Every condition of every rule becomes one bit of a whole number: a topic, an area, a kind or a word then stands for all
rules it lets pass, and what is left of them after a handful of ANDs are the rules that apply, the first one lowest.
"""

from collections.abc import Sequence
from typing import NamedTuple

from dauys.engines.routing.values import PLAIN, Reading, Rule, with_wholes

VOCABULARY_MOST = 300_000
"""Words of texts kept with what they mean to the rules; beyond, all are forgotten and learned anew."""

NEAR_MOST = 3


class Near(NamedTuple):
    """A rule that would have decided, had one condition been met: its number from 1 and the condition's name."""

    number: int
    missing: str


class _Word(NamedTuple):
    """What one word of a text means to the rules: those it satisfies alone, and the phrases it begins.

    `touches`: all rules of both.
    """

    touches: int
    alone: int
    begins: tuple[int, ...]


_NOTHING = _Word(0, 0, ())


class Rules:
    """An ordered set of rules, indexed once."""

    def __init__(self, rules: Sequence[Rule], reading: Reading = PLAIN) -> None:
        self.rules = tuple(rules)
        self.reading = reading
        self.all = (1 << len(self.rules)) - 1
        self._topics = self._index("topics")
        self._areas = self._index("areas")
        self._kinds = self._index("kinds")
        self._channels = self._index("channels")
        self._urgency = self._index("urgency")
        self.wordless = sum(1 << place for place, rule in enumerate(self.rules) if not rule.words)
        self.reads_words = self.wordless != self.all
        self._phrases: list[tuple[int, tuple[frozenset[str], ...]]] = []
        self._alone: dict[str, int] = {}
        self._begins: dict[str, list[int]] = {}
        self._typed = [tuple(self.phrase(typed) for typed in rule.words) for rule in self.rules]
        for place, phrases in enumerate(self._typed):
            for phrase in phrases:
                self._learn(1 << place, phrase)
        self._vocabulary: dict[str, _Word] = {}
        self._by_topic: dict[str | None, int] = {}
        self._by_area: dict[tuple[str, ...], int] = {}

    def phrase(self, typed: str) -> tuple[frozenset[str], ...]:
        """The stems of each word of a phrase as it was typed."""
        return tuple(frozenset(self.reading.stems(word)) for word in self.reading.tokens(typed))

    def _index(self, condition: str) -> tuple[int, dict[str, int]]:
        """The rules without this condition, and for each value those that name it."""
        without, named = 0, dict[str, int]()
        for place, rule in enumerate(self.rules):
            values: tuple[str, ...] = getattr(rule, condition)
            if not values:
                without |= 1 << place
            for value in values:
                named[value] = named.get(value, 0) | 1 << place
        return without, named

    def _learn(self, bit: int, phrase: tuple[frozenset[str], ...]) -> None:
        if len(phrase) == 1:
            for stem in phrase[0]:
                self._alone[stem] = self._alone.get(stem, 0) | bit
        elif phrase:
            for stem in phrase[0]:
                self._begins.setdefault(stem, []).append(len(self._phrases))
            self._phrases.append((bit, phrase))

    def _word(self, word: str) -> _Word:
        stems = tuple(self.reading.stems(word))
        alone, begins = 0, set[int]()
        for stem in stems:
            alone |= self._alone.get(stem, 0)
            begins.update(self._begins.get(stem, ()))
        touches = alone
        for number in begins:
            touches |= self._phrases[number][0]
        meant = _Word(touches, alone, tuple(sorted(begins))) if touches else _NOTHING
        if len(self._vocabulary) >= VOCABULARY_MOST:
            self._vocabulary.clear()
        self._vocabulary[word] = meant
        return meant

    def met_by_words(self, words: Sequence[str], among: int | None = None) -> int:
        """The rules (of those `among`) whose condition on words is met by this text, or that have none.

        `words` are as `Reading.tokens` gives them.
        """
        met = self.wordless if among is None else self.wordless & among
        asking = (self.all if among is None else among) & ~self.wordless
        if not asking:
            return met
        known = self._vocabulary
        for place, word in enumerate(words):
            meant = known.get(word) or self._word(word)
            if not meant.touches & asking:
                continue
            met |= meant.alone & asking
            for number in meant.begins:
                bit, phrase = self._phrases[number]
                if bit & asking and not met & bit and self._stands(phrase, words, place):
                    met |= bit
            asking &= ~met
            if not asking:
                break
        return met

    def _stands(self, phrase: tuple[frozenset[str], ...], words: Sequence[str], place: int) -> bool:
        if place + len(phrase) > len(words):
            return False
        return all(
            not stems.isdisjoint(self.reading.stems(word))
            for stems, word in zip(phrase, words[place : place + len(phrase)], strict=True)
        )

    def met_by_topic(self, topic: str | None) -> int:
        met = self._by_topic.get(topic)
        if met is None:
            without, named = self._topics
            met = without
            for one in with_wholes(topic):
                met |= named.get(one or "", 0)
            self._by_topic[topic] = met
        return met

    def met_by_area(self, area_chain: tuple[str, ...]) -> int:
        met = self._by_area.get(area_chain)
        if met is None:
            without, named = self._areas
            met = without
            for one in area_chain:
                met |= named.get(one, 0)
            self._by_area[area_chain] = met
        return met

    def applying(
        self,
        *,
        topic: str | None,
        area_chain: tuple[str, ...],
        kind: str,
        channel: str,
        urgency: str,
        words: Sequence[str],
    ) -> int:
        """The rules that apply, as bits; the lowest one decides."""
        met = self.met_by_topic(topic) & self.met_by_area(area_chain)
        for (without, named), value in (
            (self._kinds, kind),
            (self._channels, channel),
            (self._urgency, urgency),
        ):
            met &= without | named.get(value, 0)
        return self.met_by_words(words, met) if met else 0

    def because(
        self, number: int, *, topic: str | None, area_chain: tuple[str, ...], words: Sequence[str]
    ) -> list[tuple[str, str]]:
        """Which conditions of the rule of this number (from 1) were met by what: (condition, value).

        Words are given as they stand in the text, each phrase where it stands first.
        """
        met = []
        waiting, bit = list(self._typed[number - 1]), 1 << (number - 1)
        for place, word in enumerate(words):
            if not waiting:
                break
            if (self._vocabulary.get(word) or self._word(word)).touches & bit:
                here = [phrase for phrase in waiting if phrase and self._stands(phrase, words, place)]
                met += [("words", " ".join(words[place : place + len(phrase)])) for phrase in here]
                waiting = [phrase for phrase in waiting if phrase not in here]
        rule = self.rules[number - 1]
        met += [("topics", one) for one in rule.topics if one in with_wholes(topic)][:1]
        met += [("areas", one) for one in rule.areas if one in area_chain][:1]
        return met

    def near(
        self,
        before: int | None,
        *,
        topic: str | None,
        area_chain: tuple[str, ...],
        kind: str,
        channel: str,
        urgency: str,
        words: Sequence[str],
    ) -> tuple[Near, ...]:
        """Rules that stand before the one that decided (all, where none did) and missed by one condition alone."""
        met = {
            "topics": self.met_by_topic(topic),
            "areas": self.met_by_area(area_chain),
            "kinds": self._kinds[0] | self._kinds[1].get(kind, 0),
            "channels": self._channels[0] | self._channels[1].get(channel, 0),
            "urgency": self._urgency[0] | self._urgency[1].get(urgency, 0),
            "words": self.met_by_words(words),
        }
        found = []
        for place in range(len(self.rules) if before is None else before - 1):
            missing = [condition for condition, bits in met.items() if not bits >> place & 1]
            if len(missing) == 1:
                found.append(Near(place + 1, missing[0]))
        return tuple(found[:NEAR_MOST])

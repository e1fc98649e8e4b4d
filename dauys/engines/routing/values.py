"""What routing is told and what it answers."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

Role = Literal["acts", "holds_clock"]
Code = Literal[
    "acts",
    "holds_clock",
    "rule_acts",
    "rule_holds_clock",
    "rule_because",
    "rule_closed",
    "clock_with_acting",
    "otherwise",
    "complained_about",
    "passed_up",
    "topic_unknown",
    "topic_unsure",
    "area_unknown",
    "nobody_acts",
    "nobody_holds_clock",
    "only_the_body_complained_about",
]

CONDITIONS = ("topics", "areas", "kinds", "channels", "urgency", "words")
"""The conditions a rule may have, by the names of its fields."""


@dataclass(frozen=True)
class Competence:
    """What an office answers for: an area (None: anywhere) and a topic (None: anything).

    A topic's parts are named after it with a dot: "housing" covers "housing.heating". `acts` does the work,
    `holds_clock` owes the answer by the due date; two offices may share a matter so. `depth` is the office's
    place in the tree, 0 at the root.
    """

    office: str
    area: str | None
    topic: str | None
    acts: bool
    holds_clock: bool
    depth: int


@dataclass(frozen=True)
class Rule:
    """One rule of an ordered set: where all its conditions hold, these offices take the matter.

    Each condition is a list of which one must fit; an empty one always holds. `topics` come with their parts, `areas`
    with those inside them. `words` are words or phrases as a person types them: they are met in any form the words of
    the text may take, those of a phrase side by side and in its order. `acts` and `clock` name offices; one left out
    is decided as if there were no rule.
    """

    topics: tuple[str, ...] = ()
    areas: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    urgency: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    acts: str | None = None
    clock: str | None = None
    name: str = ""


class Reading(NamedTuple):
    """How words are read: a text into its lower-case words, a word into its stems (the forms of one word share one)."""

    tokens: Callable[[str], Sequence[str]]
    stems: Callable[[str], Iterable[str]]


def plain_tokens(text: str) -> list[str]:
    """Words in small letters, for whoever hands in no stems."""
    return text.lower().split()


PLAIN = Reading(plain_tokens, lambda word: (word,))
"""Words are met as they stand: for rules that name none."""


@dataclass(frozen=True)
class Reason:
    """One ground of the decision; the page turns the code and its named values into a sentence."""

    code: Code
    params: Mapping[str, str | float] = field(default_factory=dict, hash=False)


@dataclass(frozen=True)
class Route:
    """The office that acts and the office that holds the clock: both, or neither and a person decides.

    `reasons` say why in either case; `alternatives` are other offices that could act, likeliest first. `rule` is the
    number of the rule that decided, from 1; None where none did.
    """

    acting: str | None
    clock: str | None
    reasons: tuple[Reason, ...]
    alternatives: tuple[str, ...]
    rule: int | None = None


def with_wholes(topic: str | None) -> tuple[str | None, ...]:
    """The topic, those it is part of, and None for any."""
    wholes: list[str | None] = []
    while topic:
        wholes.append(topic)
        topic = topic.rpartition(".")[0]
    return (*wholes, None)

"""A set of rules read before it is put in force: what in it cannot be meant.

Every appeal is a point: a topic or none, an area or none, a kind, a channel, an urgency, and the words it holds. A rule
takes a box of such points, those before it have taken theirs; a rule whose box is covered by earlier boxes can never
apply. Boxes are cut up exactly, with an end to patience: what cannot be settled within it is not called a flaw.
"""

import difflib
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from dauys.engines.routing.rules import Rules
from dauys.engines.routing.values import CONDITIONS, PLAIN, Reading, Rule, with_wholes

Code = Literal[
    "unknown",
    "closed_office",
    "no_office",
    "no_word",
    "contradiction",
    "repeated",
    "shadowed",
    "takes_everything",
    "circular",
]

ERRORS: frozenset[Code] = frozenset(
    {"unknown", "closed_office", "no_office", "no_word", "contradiction", "repeated", "shadowed"}
)
"""A set with one of these is not put in force; the others are advice."""

PATIENCE = 4_000
"""Pieces a rule's box is cut into at most."""

LOOKS_MOST = 1_000_000
"""How often two boxes of one set of rules are laid side by side, some two seconds; what is hidden beyond that stays
unsaid."""

OTHERS_MOST = 5

_Box = tuple[int, ...]
"""For each dimension the values taken, as bits."""


@dataclass(frozen=True)
class Flaw:
    """One thing to mend: at the rule of this number (from 1), with the numbers of others it has to do with.

    `params` name what the sentence needs: field, value and the nearest known value (`meant`), or offices.
    """

    code: Code
    number: int
    others: tuple[int, ...] = ()
    params: Mapping[str, str] = field(default_factory=dict, hash=False)

    @property
    def is_error(self) -> bool:
        return self.code in ERRORS


@dataclass(frozen=True)
class Known:
    """What rules may name. `areas`: each with the one around it, or None. `closed`: offices that were, and are not."""

    topics: Collection[str]
    areas: Mapping[str, str | None]
    kinds: Collection[str]
    channels: Collection[str]
    urgency: Collection[str]
    offices: Collection[str]
    closed: Collection[str] = frozenset()


def flaws(rules: Sequence[Rule], known: Known, reading: Reading = PLAIN) -> tuple[Flaw, ...]:
    """Everything wrong with a set of rules, in the order of the rules."""
    found: list[Flaw] = []
    for number, rule in enumerate(rules, 1):
        found += _of_one(number, rule, known, reading)
    space = _Space(known)
    boxes = [space.box(rule) for rule in rules]
    index = Rules(rules, reading)
    settled = {one.number for one in found if one.code in ("unknown", "no_word")}
    left = _Left(LOOKS_MOST)
    for place, rule in enumerate(rules):
        if place + 1 in settled:
            continue
        flaw = _alike(place, rules, boxes, index) or _covered(place, rule, boxes, index, left)
        if flaw:
            found.append(flaw)
        elif not any(getattr(rule, condition) for condition in CONDITIONS):
            found.append(Flaw("takes_everything", place + 1))
    found += _circles(rules, boxes)
    return tuple(sorted(found, key=lambda one: (one.number, one.code)))


def _of_one(number: int, rule: Rule, known: Known, reading: Reading) -> Iterator[Flaw]:
    for condition in CONDITIONS:
        if condition == "words":
            continue
        names: Collection[str] = getattr(known, condition)
        for value in getattr(rule, condition):
            if value not in names:
                yield Flaw("unknown", number, params=_unknown(condition, value, names))
    for typed in rule.words:
        if not reading.tokens(typed):
            yield Flaw("no_word", number, params={"value": typed})
    if rule.acts is None and rule.clock is None:
        yield Flaw("no_office", number)
    for role, office in (("acts", rule.acts), ("clock", rule.clock)):
        if office is None or office in known.offices:
            continue
        if office in known.closed:
            yield Flaw("closed_office", number, params={"office": office, "role": role})
        else:
            yield Flaw("unknown", number, params=_unknown(role, office, known.offices))


def _unknown(name: str, value: str, names: Collection[str]) -> dict[str, str]:
    near = difflib.get_close_matches(value, sorted(names), n=1)
    return {"field": name, "value": value, "meant": near[0] if near else ""}


class _Space:
    """All points there are, but for their words; the last value of topics and of areas is "not known"."""

    def __init__(self, known: Known) -> None:
        self._topics = _within({one: with_wholes(one) for one in known.topics})
        self._areas = _within({one: _around(one, known.areas) for one in known.areas})
        self._flat = [
            {value: 1 << place for place, value in enumerate(sorted(values))}
            for values in (known.kinds, known.channels, known.urgency)
        ]

    def box(self, rule: Rule) -> _Box:
        tables = (self._topics, self._areas, *self._flat)
        values = (rule.topics, rule.areas, rule.kinds, rule.channels, rule.urgency)
        sizes = (len(self._topics) + 1, len(self._areas) + 1, *(len(one) for one in self._flat))
        return tuple(
            _union(table, named) if named else (1 << size) - 1
            for table, named, size in zip(tables, values, sizes, strict=True)
        )


def _within(wholes: Mapping[str, Sequence[str | None]]) -> dict[str, int]:
    """Each value as the bits of itself and of all its parts."""
    bits = dict.fromkeys(wholes, 0)
    for place, one in enumerate(sorted(wholes)):
        for whole in wholes[one]:
            if whole in bits:
                bits[whole] |= 1 << place
    return bits


def _around(area: str, parents: Mapping[str, str | None]) -> list[str | None]:
    chain: list[str | None] = []
    above: str | None = area
    while above is not None and above not in chain:
        chain.append(above)
        above = parents.get(above)
    return chain


def _union(table: Mapping[str, int], values: Sequence[str]) -> int:
    bits = 0
    for value in values:
        bits |= table.get(value, 0)
    return bits


def _alike(place: int, rules: Sequence[Rule], boxes: Sequence[_Box], index: Rules) -> Flaw | None:
    """An earlier rule of the very same conditions: what differs is only the offices, or not even they."""
    rule = rules[place]
    phrases = {index.phrase(typed) for typed in rule.words}
    for earlier in range(place):
        other = rules[earlier]
        if boxes[earlier] != boxes[place] or {index.phrase(typed) for typed in other.words} != phrases:
            continue
        same = (rule.acts, rule.clock) == (other.acts, other.clock)
        return Flaw("repeated" if same else "contradiction", place + 1, (earlier + 1,))
    return None


@dataclass(slots=True)
class _Left:
    """How many looks are left."""

    looks: int


def _covered(place: int, rule: Rule, boxes: Sequence[_Box], index: Rules, left: _Left) -> Flaw | None:
    """Whether the rules before take every point this one would.

    More words in a text only let more rules apply. So it is enough to ask of a text that holds nothing but one of the
    rule's phrases, for each phrase; of a rule without words, of a text without any.
    """
    used: set[int] = set()
    before: set[int] = set()
    for typed in rule.words or ("",):
        if left.looks <= 0:
            return None
        words = index.reading.tokens(typed) if typed else ()
        bits = index.met_by_words(words) & ((1 << place) - 1)
        if bits in before:  # the same question again: sixty words of one rule often meet the same rules
            continue
        before.add(bits)
        earlier = [other for other in range(place) if bits >> other & 1 and _meets(boxes[other], boxes[place])]
        left.looks -= bits.bit_count() + len(earlier)
        taken = _cover(boxes[place], earlier, boxes, left)
        if taken is None:
            return None
        used |= taken
    return Flaw("shadowed", place + 1, tuple(sorted(one + 1 for one in used))[:OTHERS_MOST])


def _meets(one: _Box, other: _Box) -> bool:
    return all(mine & yours for mine, yours in zip(one, other, strict=True))


def _cover(box: _Box, earlier: Sequence[int], boxes: Sequence[_Box], left: _Left) -> set[int] | None:
    """The earlier rules that together take the whole box; None where something is left, or patience ends."""
    for other in earlier:
        if all(not mine & ~theirs for mine, theirs in zip(box, boxes[other], strict=True)):
            return {other}
    used: set[int] = set()
    pieces = [(box, 0)]
    cut = 0
    while pieces:
        piece, after = pieces.pop()
        for at in range(after, len(earlier)):
            if _meets(piece, boxes[earlier[at]]):
                used.add(earlier[at])
                rest = _without(piece, boxes[earlier[at]])
                cut += len(rest)
                pieces += [(one, at + 1) for one in rest]
                break
        else:
            return None
        left.looks -= at + 1 - after
        if cut > PATIENCE or left.looks <= 0:
            return None
    return used


def _without(box: _Box, other: _Box) -> list[_Box]:
    """What is left of a box, in boxes that do not overlap."""
    rest = []
    shared = list(box)
    for dimension, (mine, theirs) in enumerate(zip(box, other, strict=True)):
        outside = mine & ~theirs
        if outside:
            rest.append((*shared[:dimension], outside, *box[dimension + 1 :]))
        shared[dimension] = mine & theirs
    return rest


def _circles(rules: Sequence[Rule], boxes: Sequence[_Box]) -> Iterator[Flaw]:
    """Two offices that each act while the other holds the clock, in matters that may be the same."""
    seen: dict[tuple[str, str], list[int]] = {}
    for place, rule in enumerate(rules):
        if not rule.acts or not rule.clock or rule.acts == rule.clock:
            continue
        for earlier in seen.get((rule.clock, rule.acts), ()):
            if _meets(boxes[earlier], boxes[place]):
                yield Flaw("circular", place + 1, (earlier + 1,), {"acts": rule.acts, "clock": rule.clock})
                break
        seen.setdefault((rule.acts, rule.clock), []).append(place)

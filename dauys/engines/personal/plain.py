"""The same text as a reader of numbers wants it: no invisible signs, one kind of dash, space and digit."""

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from dauys.engines.personal.spans import Span

# Signs nobody sees, which part digits that belong together: joiners, marks of direction, soft hyphens, selectors.
_UNSEEN = "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufe00-\ufe0f\ufeff"
_DROPPED = re.compile(f"[{_UNSEEN}]+|&(?:shy|zwnj|zwj|#8203|#x200b);", re.IGNORECASE)
_MARKUP_SPACE = re.compile(r"&(?:nbsp|#160|#xa0|ensp|emsp|thinsp);", re.IGNORECASE)
_SAME_LENGTH = str.maketrans(
    {
        **dict.fromkeys("\u00a0\u1680\u202f\u205f\u3000", " "),
        **{chr(space): " " for space in range(0x2000, 0x200B)},
        **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63\uff0d", "-"),
        **{chr(0xFF10 + figure): str(figure) for figure in range(10)},
        **{chr(0x0660 + figure): str(figure) for figure in range(10)},
        **{chr(0x06F0 + figure): str(figure) for figure in range(10)},
        "\uff0b": "+", "\uff20": "@", "\ufe6b": "@", "\uff0e": ".", "\u2024": ".", "\u02bc": "'", "\u2019": "'",
    }
)  # fmt: skip

LOOKALIKES = str.maketrans("АВЕКМНОРСТУХІЅавекмнорстухіѕ", "ABEKMHOPCTYXISabekmhopctyxis")
"""Cyrillic letters that pass for Latin ones; length does not change."""


@dataclass(frozen=True, slots=True)
class Plain:
    """`text` with a way back: sign i of it stood at `steps` later in the original."""

    text: str
    starts: Sequence[int]
    steps: Sequence[int]

    def back(self, span: Span) -> Span:
        if not self.starts:
            return span
        return Span(self._was(span.start), self._was(span.end - 1) + 1, span.kind, span.confidence, span.reason)

    def _was(self, at: int) -> int:
        return at + self.steps[bisect_right(self.starts, at) - 1]


def plain(text: str) -> Plain:
    text = text.translate(_SAME_LENGTH)
    unseen = _DROPPED.search(text) is not None
    if not unseen and "&" not in text:
        return Plain(text, (), ())
    pieces: list[str] = []
    starts, steps = [0], [0]
    at = length = 0
    for match in _EITHER.finditer(text):
        piece = text[at : match.start()]
        if _MARKUP_SPACE.fullmatch(match.group()):
            piece += " "
        pieces.append(piece)
        length += len(piece)
        at = match.end()
        starts.append(length)
        steps.append(at - length)
    pieces.append(text[at:])
    return Plain("".join(pieces), starts, steps)


_EITHER = re.compile(f"{_DROPPED.pattern}|{_MARKUP_SPACE.pattern}", re.IGNORECASE)

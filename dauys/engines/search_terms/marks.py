"""Where the asked words stand in a text, whole words in whatever ending, and a piece of the text around them."""

from collections.abc import Collection
from typing import NamedTuple

from dauys.engines.search_terms.words import READ_AT_MOST, TOKEN, readings


class Piece(NamedTuple):
    """A stretch of text, and whether it is an asked word. The stretches of a text join to the text."""

    text: str
    is_marked: bool


def _spans(text: str, terms: frozenset[str]) -> list[tuple[int, int]]:
    return [
        token.span()
        for token in TOKEN.finditer(text[:READ_AT_MOST])
        if not terms.isdisjoint(readings(token.group().lower()))
    ]


def excerpt(text: str, terms: Collection[str], *, around: int = 0) -> list[Piece]:
    """The text in pieces, the words of these terms marked; where `around` is given only so many letters on either
    side of the densest place are kept, cut between words, with «…» where something is left out.
    """
    spans = _spans(text, frozenset(terms)) if terms else []
    start, stop = 0, len(text)
    if around and len(text) > 2 * around:
        centre = max(spans, key=lambda one: (sum(abs(other[0] - one[0]) <= around for other in spans), -one[0]))[0] \
            if spans else 0  # fmt: skip
        start = max(0, min(centre - around, len(text) - 2 * around))
        stop = min(len(text), start + 2 * around)
        if start:
            start = text.find(" ", start, centre) + 1 or start
        if stop < len(text):
            stop = max(text.rfind(" ", centre + 1, stop), centre + 1) if " " in text[centre + 1 : stop] else stop
    pieces = [Piece("…", False)] if start else []
    at = start
    for begin, end in spans:
        if begin < start or end > stop:
            continue
        if begin > at:
            pieces.append(Piece(text[at:begin], False))
        pieces.append(Piece(text[begin:end], True))
        at = end
    if at < stop:
        pieces.append(Piece(text[at:stop], False))
    if stop < len(text):
        pieces.append(Piece("…", False))
    return pieces

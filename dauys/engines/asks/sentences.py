"""A text cut into sentences and points of lists, each word with its place."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from dauys.engines.asks.lexicon import Lexicon, Word, fold

WORDS_AT_MOST = 300  # in one sentence; the rest is read as the next

_TOKEN = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*|[,:(]")
_ITEM = r"(?:^|(?<=[.;:!?,\n]))\s*(?:\(?\d{1,2}[.)]|[-–—•*])\s+|(?<=\s)\(?\d{1,2}\)\s*"
_BREAK = re.compile(rf"(?P<item>{_ITEM})|(?P<end>[!?…]+|[;\n]+|\.(?=\s|$|[\"»)]))")
_SHORT = re.compile(
    r"(?:^|[\s,(])(?:ул|д|кв|г|им|тел|обл|пр|мкр|п|с|пос|т|е|к|корп|см|гр|руб|тг|ст|пгт|р-н|көш|үй|пәт)$", re.I
)
_QUOTED = re.compile(r"«[^»]{3,400}»|“[^”]{3,400}”|\"[^\"\n]{3,400}\"")


class Segment(NamedTuple):
    words: list[Word]
    asks: bool  # ends with a question mark
    item: bool  # a point of a list
    ends_open: bool  # ends with a colon


def segments(text: str, lexicon: Lexicon) -> Iterator[Segment]:
    begin, item = 0, False
    text = _without_speech(text)
    for match in _BREAK.finditer(text):
        if match["end"] == "." and _SHORT.search(text[max(0, match.start() - 8) : match.start()]):
            continue
        yield from _words_of(text, begin, match.start(), (match["end"] or "").startswith("?"), item, lexicon)
        begin, item = match.end(), match["item"] is not None
    yield from _words_of(text, begin, len(text), False, item, lexicon)


def _without_speech(text: str) -> str:
    """Other people's words in quotation marks become blanks of the same length; a single quoted word stays."""
    hidden = [match.span() for match in _QUOTED.finditer(text) if len(match.group().split()) > 1]
    if sum(end - start for start, end in hidden) > 0.6 * len(text):
        return text
    for start, end in hidden:
        text = text[:start] + " " * (end - start) + text[end:]
    return text


def _words_of(text: str, begin: int, end: int, asks: bool, item: bool, lexicon: Lexicon) -> Iterator[Segment]:
    words: list[Word] = []
    comma = False
    for match in _TOKEN.finditer(text, begin, end):
        token = match.group()
        if not token[0].isalnum():
            comma = True
            continue
        folded = fold(token)
        words.append(Word(folded, match.start(), match.end(), comma, lexicon.look(folded)))
        comma = False
        if len(words) == WORDS_AT_MOST:
            yield Segment(words, False, item, False)
            words = []
    if words:
        yield Segment(words, asks, item, text[begin:end].rstrip().endswith(":"))

"""An answer cut into sentences, each with its place, its words and its times."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from dauys.engines.answer_check.cues import Cues, fold

READ_AT_MOST = 20_000  # characters
STEM = 5  # letters that tell a word from another

_VOWELS = frozenset("аеиоуыэюяй")
WORD = re.compile(r"[^\W_]+")
_END = re.compile(r"[.!?…]+[»\")]*(?=\s|$)|\n[ \t\r]*\n|\n(?=\s*(?:[-–—•*]|\d{1,2}[.)]|[A-ZА-ЯЁӘҒҚҢӨҰҮІ«\"]))|;(?=\s)")
_LAST_WORD = re.compile(r"([^\W\d_][\w.]*)$")
_NUMERIC = re.compile(
    r"(?<![\d.])(?:(?:0?[1-9]|[12]\d|3[01])[./](?:0?[1-9]|1[0-2])[./](?:(?:19|20)\d\d|\d\d)"
    r"|(?:19|20)\d\d-\d\d-\d\d|(?:0?[1-9]|[12]\d|3[01])\.(?:0[1-9]|1[0-2])\.?(?=\s*(?:г\b|$)))(?!\d|-\d\d(?![\d.]))"
)
_POINT = re.compile(r"(?:^|\W)(?:п|пп|пункт\w*|подпункт\w*|раздел\w*|тарм\w*|section|clause)\.?\s*$")
_WITHIN = re.compile(r"(?:^|\s)(?:в|к|до|на|с|in|by|until|on)\s+$")


@dataclass(frozen=True, eq=False)
class Sentence:
    """text[start:end], without the blanks around it. `folded` is the same letters folded, of the same length."""

    text: str
    folded: str
    start: int
    end: int

    @cached_property
    def words(self) -> tuple[str, ...]:
        return tuple(match.group() for match in WORD.finditer(self.folded))

    @cached_property
    def stems(self) -> frozenset[str]:
        return frozenset(stem(word) for word in self.words)


def stem(word: str) -> str:
    """What is left without the ending: «ручка», «ручки» → «ручк», «вода», «воду» → «вод»."""
    if word.isdigit() or len(word) < 4:
        return word
    if len(word) == 4:
        return word[:3] if word[-1] in _VOWELS else word
    return word[: min(STEM, len(word) - 1)]


def words_of(text: str) -> list[str]:
    """The folded words of a text, as far as it is read."""
    return [match.group() for match in WORD.finditer(fold(text[:READ_AT_MOST]))]


def sentences(text: str, cues: Cues) -> list[Sentence]:
    """Sentences in order, of the first READ_AT_MOST characters."""
    text = text[:READ_AT_MOST]
    folded = fold(text)
    begin = 0
    found: list[Sentence] = []
    for match in _END.finditer(text):
        if match.group().startswith(".") and len(match.group()) == 1:
            last = _LAST_WORD.search(folded[max(begin, match.start() - 12) : match.start()])
            short = last is not None and (last.group(1) in cues.abbreviations or len(last.group(1)) == 1)
            # «кв. 5», «И. И. Ахметов»: a stop after a short word ends nothing, unless nothing but the end follows.
            if short and text[match.end() :].strip() and "\n" not in text[match.end() : match.end() + 2]:
                continue
        found += _one(text, folded, begin, match.end())
        begin = match.end()
    return found + list(_one(text, folded, begin, len(text)))


def _one(text: str, folded: str, begin: int, end: int) -> Iterator[Sentence]:
    piece = text[begin:end]
    start = begin + len(piece) - len(piece.lstrip())
    stop = begin + len(piece.rstrip())
    if any(sign.isalnum() for sign in text[start:stop]):
        yield Sentence(text[start:stop], folded[start:stop], start, stop)


def dates(sentence: Sentence, cues: Cues) -> list[tuple[int, int]]:
    """Days and months named in a sentence, as spans inside it; those of documents («от 1.2.2020 № 5») too."""
    spans = [
        match.span() for match in _NUMERIC.finditer(sentence.folded)
        if not _POINT.search(sentence.folded[max(0, match.start() - 14) : match.start()])
    ]  # fmt: skip
    spans += [match.span() for match in cues.found["time"].finditer(sentence.folded)]
    for match in cues.found["months"].finditer(sentence.folded):
        around = sentence.folded[max(0, match.start() - 12) : match.end() + 8]
        before = sentence.folded[max(0, match.start() - 6) : match.start()]
        if any(sign.isdigit() for sign in around) or _WITHIN.search(before):
            spans.append(match.span())
    return sorted(set(spans))

"""An earlier answer as a start for a new one: what differs between the two cases, and what must not be taken over."""

import difflib
import re
import tomllib
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from dauys.engines import personal
from dauys.engines.search_terms import stems

WORDS_MOST = 120
"""Words of each appeal that are compared: what it is about is said early, and the cost grows with their product."""

CLOSE = 0.35
"""From this share of common words on the two texts are shown as one with the differences; below, only facts differ."""


SHORT = 3
"""A cue of an address no longer than this is an abbreviation, and may have a full stop after it."""


@dataclass(frozen=True, slots=True)
class Fact:
    """text[start:end] belongs to its own case alone."""

    start: int
    end: int
    kind: str


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a text to show. `mark`: "" common, "there" or "here" one appeal's alone, "hole" to be filled."""

    text: str
    mark: str = ""


@cache
def _table() -> dict[str, Any]:
    return tomllib.loads((files("dauys.answer") / "data" / "facts.toml").read_text(encoding="utf-8"))


def _any(words: Iterable[str]) -> str:
    return "|".join(sorted(map(re.escape, words), key=len, reverse=True))


@cache
def _dates() -> re.Pattern[str]:
    months = _any(month for language in ("kk", "ru", "en") for month in _table()["months"][language])
    year = r"(?:19|20)\d\d"
    return re.compile(
        rf"\b\d{{1,2}}[./]\d{{1,2}}[./](?:{year}|\d\d)\b(?:\s*г\b\.?)?"
        rf"|\b{year}-\d\d-\d\d\b"
        rf"|\b(?:{year}\s+(?:жылғы|жылы|ж\.)\s+)?\d{{1,2}}\s+(?:{months})\w*(?:,?\s+{year}(?:\s*(?:года|г\.|жыл\w*|ж\.))?)?"
        rf"|\b(?:{_any(_table()['months']['en'])})\s+\d{{1,2}}(?:,?\s+{year})?\b"
        rf"|\b\d{{1,2}}:\d\d\b",
        re.IGNORECASE,
    )


@cache
def _law() -> re.Pattern[str]:
    table = _table()["law"]
    one = r"\d+(?:[-.]\d+)*(?:\s?\(\d+\))*"
    many = rf"{one}(?:\s*(?:,|–|\bи\b|\bжәне\b|\band\b)\s*{one})*"
    return re.compile(
        rf"\b(?:{_any(table['before'])})\b\.?\s*{many}|\b{many}\s*[-–]?\s*(?:{_any(table['after'])})\w*", re.IGNORECASE
    )


@cache
def _addresses() -> re.Pattern[str]:
    table = _table()["address"]
    capital = r"[«\"]?[A-ZА-ЯЁӘҒҚҢӨҰҮҺІ][\w-]*[»\"]?"
    full = _any(word for word in table["before"] if len(word) > SHORT)
    short = _any(word for word in table["before"] if len(word) <= SHORT)
    house = r"(?:,?\s+(?:(?i:д(?:ом)?|үй|house)\b\.?\s*)?\d+\w?(?:[-/]\w+)?)"
    return re.compile(
        rf"\b(?:(?i:{full})\s|(?i:{short})\b\.?)\s*(?:№\s*)?(?:{capital}(?:\s+{capital})?{house}?|\d+\w?(?:[-/]\w+)?)"
        rf"|\b{capital}(?:\s+{capital})?\s+(?i:{_any(table['after'])})\w*{house}?"
    )


_NUMBER = re.compile(r"№?\s?\d[\d\N{NO-BREAK SPACE}]*(?:[ .,/-]\d+)*")


def facts(text: str, *, places: Collection[str] = (), own: Collection[str] = ()) -> tuple[Fact, ...]:
    """Dates, numbers, addresses and personal data of a text, in order, without overlaps; numbers of the law left out.

    `places`: words of the other case's place; they are facts, too, save those that `own`, the text of the case in hand,
    speaks of as well.
    """
    ours = {stem for word in own for stem in stems(word)}
    theirs = {stem for words in places for word in re.findall(r"\w{4,}", words) for stem in stems(word)} - ours
    law = [hit.span() for hit in _law().finditer(text)]
    # "street under art. 89" reads like a street with a house; where the law is cited nobody lives.
    found = [
        Fact(one.start, one.end, _kind(one.kind))
        for one in personal.find(text)
        if one.kind != "address" or not any(first < one.end and one.start < last for first, last in law)
    ]
    for pattern, kind in ((_dates(), "date"), (_addresses(), "address")):
        found += [Fact(*hit.span(), kind) for hit in pattern.finditer(text)]
    for hit in _NUMBER.finditer(text):
        start = hit.end() - len(hit.group().lstrip())
        if not any(first <= start < last for first, last in law):
            found.append(Fact(start, hit.end(), "number"))
    if theirs:
        found += [Fact(*hit.span(), "place") for hit in re.finditer(r"\w{4,}", text) if stems(hit.group()) & theirs]
    tight = (_tight(text, fact) for fact in _apart(found))
    return tuple(fact for fact in tight if fact.start < fact.end)


def _kind(kind: str) -> str:
    return kind if kind in _table()["hole"] else "other"


_RANK = {"date": 0, "address": 1, "name": 1, "phone": 1, "other": 1, "place": 2, "number": 3}


def _apart(found: Iterable[Fact]) -> Iterator[Fact]:
    """In order; of two that overlap the surer keeps its place and the other what stands free before or after it."""
    kept: list[Fact] = []
    for fact in sorted(found, key=lambda one: (_RANK[one.kind], one.start - one.end, one.start)):
        parts = [(fact.start, fact.end)]
        for other in kept:
            parts = [
                piece
                for start, end in parts
                for piece in ((start, min(end, other.start)), (max(start, other.end), end))
                if piece[0] < piece[1]
            ] if any(start < other.end and other.start < end for start, end in parts) else parts  # fmt: skip
        whole = parts == [(fact.start, fact.end)]
        kept += [Fact(start, end, fact.kind) for start, end in parts if whole or end - start > 2]
    yield from sorted(kept, key=lambda one: one.start)


def _tight(text: str, fact: Fact) -> Fact:
    """Without the spaces at its ends."""
    said = text[fact.start : fact.end]
    return Fact(fact.start + len(said) - len(said.lstrip()), fact.end - len(said) + len(said.rstrip()), fact.kind)


def hole(kind: str, language: str) -> str:
    """What a fact of another case leaves in an answer: an answer that still holds it is not sent."""
    words = _table()["hole"][kind]
    return f"[{words.get(language) or words['ru']} …]"


def start(answer: str, language: str, *, places: Collection[str] = (), own: Collection[str] = ()) -> list[Piece]:
    """An earlier answer with the facts of its own case turned into holes; neighbours of one kind leave one hole."""
    pieces: list[Piece] = []
    at = 0
    for fact in facts(answer, places=places, own=own):
        between = answer[at : fact.start]
        left = hole(fact.kind, language)
        if pieces and pieces[-1] == Piece(left, "hole") and not between.strip(" ,\N{NO-BREAK SPACE}"):
            at = fact.end
            continue
        pieces += [Piece(between), Piece(left, "hole")] if between else [Piece(left, "hole")]
        at = fact.end
    return [*pieces, Piece(answer[at:])] if answer[at:] else pieces


def text_of(pieces: Iterable[Piece]) -> str:
    """The words of all pieces, one after another."""
    return "".join(piece.text for piece in pieces)


def difference(there: str, here: str) -> tuple[float, list[Piece]]:
    """(share of common words, the other appeal's words with what differs from this one).

    Alike enough, both stand as one text: what only the other says is "there", what only this one says is "here". Else
    the other's words stand alone, its dates, numbers and addresses marked "there" unless this one has them too.
    """
    theirs, ours = _words(there), _words(here)
    matcher = difflib.SequenceMatcher(None, [key for *_at, key in theirs], [key for *_at, key in ours], autojunk=False)
    share = round(matcher.ratio(), 2)
    if share < CLOSE:
        return share, _facts_marked(there, here)
    pieces: list[Piece] = []
    end = 0
    for what, first, last, our_first, our_last in matcher.get_opcodes():
        if first < last:
            until = theirs[last][0] if last < len(theirs) else theirs[last - 1][1]
            said = there[end:until]
            pieces += _marked(said, "" if what == "equal" else "there")
            end = until
        if what != "equal" and our_first < our_last:
            if pieces and pieces[-1].text[-1:].strip():
                pieces.append(Piece(" "))
            pieces += _marked(here[ours[our_first][0] : ours[our_last - 1][1]] + " ", "here")
    return share, [*pieces, Piece(there[end:])] if there[end:] else pieces


def _marked(said: str, mark: str) -> list[Piece]:
    """The words marked, the space after them not: a line through nothing is noise."""
    words = said.rstrip()
    return [piece for piece in (Piece(words, mark), Piece(said[len(words) :])) if piece.text]


def _facts_marked(there: str, here: str) -> list[Piece]:
    own = here.casefold()
    pieces, at = [], 0
    for fact in facts(there):
        said = there[fact.start : fact.end]
        if said.strip().casefold() not in own:
            pieces += [Piece(there[at : fact.start]), Piece(said, "there")]
            at = fact.end
    return [piece for piece in [*pieces, Piece(there[at:])] if piece.text]


def _words(text: str) -> list[tuple[int, int, str]]:
    """(start, end, what is compared) of the first words."""
    found = []
    for hit in re.finditer(r"\w+", text):
        roots = stems(hit.group())
        found.append((*hit.span(), min(roots) if roots else hit.group().casefold()))
        if len(found) == WORDS_MOST:
            break
    return found

"""What an officer typed into the search line.

Words must all be there, in any ending. «"нет воды"» asks for the words side by side; «-гараж» leaves out; «водо*» is
the beginning of a word. Nothing else is an operator: all other signs part words.
"""

import re
from dataclasses import dataclass

from dauys.engines.search_terms.words import TOKEN, readings, tokens

MOST_WORDS = 12
READ_AT_MOST = 400  # characters

_PARTS = re.compile(r"(?P<minus>(?<!\S)[-−–])?(?:[\"“”„«](?P<phrase>[^\"“”„«»]*)[\"“”»]?|(?P<word>[^\s\"“”„«»]+))")
_EMPTY = frozenset(
    [
        "в",
        "во",
        "на",
        "с",
        "со",
        "по",
        "у",
        "к",
        "ко",
        "о",
        "об",
        "от",
        "до",
        "за",
        "из",
        "для",
        "и",
        "а",
        "но",
        "что",
        "это",
        "как",
        "же",
        "ли",
        "бы",
        "не",
        "және",
        "мен",
        "бен",
        "пен",
        "да",
        "де",
        "та",
        "те",
        "ма",
        "ме",
        "бұл",
        "осы",
        "the",
        "a",
        "an",
        "of",
        "to",
        "in",
        "on",
        "at",
        "is",
        "and",
        "or",
    ]
)
"""Words nearly every text holds; asked for alone they count, beside others they do not. «нет» and «жоқ» are not among
them: they are what an appeal is about."""


@dataclass(frozen=True, slots=True)
class Word:
    """One asked word: as typed, its readings (likelier first), and whether only its beginning was typed."""

    typed: str
    readings: tuple[str, ...]
    is_beginning: bool = False


@dataclass(frozen=True, slots=True)
class Part:
    """A word, or several that must stand side by side."""

    words: tuple[Word, ...]

    @property
    def is_phrase(self) -> bool:
        return len(self.words) > 1


@dataclass(frozen=True, slots=True)
class Question:
    """Parts that must all be met and parts none of which may be."""

    wanted: tuple[Part, ...] = ()
    unwanted: tuple[Part, ...] = ()


def _word(typed: str, is_beginning: bool = False) -> Word:
    return Word(typed, tuple(dict.fromkeys(readings(typed))), is_beginning)


def ask(text: str) -> Question:
    """Read a question; at most MOST_WORDS words of it, each once. Any text gives one, if only an empty one.

    >>> [part.words[0].typed for part in ask('дом -гараж "нет воды"').wanted]
    ['дом', 'нет']
    """
    wanted: dict[Part, bool] = {}
    unwanted: dict[Part, bool] = {}
    left = MOST_WORDS
    for found in _PARTS.finditer(text[:READ_AT_MOST]):
        into = unwanted if found["minus"] else wanted
        if found["phrase"] is not None:
            words = tuple(_word(one) for one in tokens(found["phrase"]))[:left]
            parts = [(Part(words), False)] if words else []
        else:
            typed = tokens(found["word"])
            opened = found["word"].endswith("*")
            parts = [
                (Part((_word(one, opened and place == len(typed) - 1),)), one in _EMPTY)
                for place, one in enumerate(typed)
            ][:left]
        for part, is_empty in parts:
            left -= len(part.words)
            into.setdefault(part, is_empty)
    if not all(wanted.values()):
        wanted = {part: is_empty for part, is_empty in wanted.items() if not is_empty}
    return Question(tuple(wanted), tuple(unwanted))


def typed_again(text: str, better: dict[str, str]) -> str:
    """The question with some of its words replaced, all else as it was typed."""
    return TOKEN.sub(lambda found: better.get(found.group().lower(), found.group()), text[:READ_AT_MOST])

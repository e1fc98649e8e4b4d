"""The words by which an answer shows what it does, read from a table of phrases."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any

LANGUAGES = ("kk", "ru", "en")
PHRASES = (
    "deed", "settled", "hollow", "decided", "forwarded", "promise", "vague_time", "time", "months", "place", "person",
    "law", "route", "cause", "officialese", "reference", "courtesy", "asking", "wants_time", "wants_cause",
    "wants_amount", "telling", "own_step",
)  # fmt: skip

_ALIKE = str.maketrans("ёәғқңөұүһі", "еагкноуухи")
_GAPS = {" .. ": r"\W+(?:\w+\W+){0,4}?", " ... ": r"\W+(?:\w+\W+){0,25}?"}
_GAP = re.compile(r"( \.\.\.? )")
_SIGNS = {"*": r"\w*", " ": r"\W{1,3}", "(": "(?:", ")": ")", "|": "|", "?": "?"}


class MalformedCues(Exception):
    """The table of phrases cannot be read; the message names the key and the remedy."""


@dataclass(frozen=True, eq=False)
class Cues:
    """`found[name]` is the expression of one list of phrases, to be searched in a folded text (see `fold`)."""

    found: Mapping[str, re.Pattern[str]]
    abbreviations: frozenset[str]
    alike: re.Pattern[str]

    def thing(self, stem: str) -> str:
        """One name for words that mean one thing; any other stem is its own."""
        found = self.alike.match(stem)
        return str(found.lastgroup) if found else stem


def fold(text: str) -> str:
    """Small letters, Kazakh ones as on a Russian keyboard; places in the text stay where they were."""
    small = text.lower()
    if len(small) != len(text):  # some capitals of other scripts become two letters
        small = "".join(one if len(one.lower()) != 1 else one.lower() for one in text)
    return small.translate(_ALIKE)


def compiled(table: Mapping[str, Any]) -> Cues:
    """Cues from a table as in cues.toml; raises MalformedCues."""
    groups = "|".join(f"(?P<thing{i}>{_plain(one)})" for i, one in enumerate(_phrases(table, "alike")))
    found = {name: _expression(table, name) for name in PHRASES}
    return Cues(found, frozenset(_phrases(table, "abbreviations")), re.compile(groups))


@lru_cache(maxsize=1)
def packaged() -> Cues:
    """The cues that ship with the engine."""
    return compiled(tomllib.loads(files(__package__).joinpath("cues.toml").read_text(encoding="utf-8")))


def _phrases(table: Mapping[str, Any], name: str) -> list[str]:
    by_language = table.get(name)
    if not isinstance(by_language, Mapping) or set(by_language) != set(LANGUAGES):
        raise MalformedCues(f"{name}: give a list of phrases for each of {', '.join(LANGUAGES)}.")
    phrases: list[str] = []
    for language in LANGUAGES:
        lines = by_language[language]
        if not isinstance(lines, list) or not all(isinstance(line, str) and line.strip() for line in lines):
            raise MalformedCues(f"{name}.{language}: give a list of phrases in quotation marks.")
        phrases += [fold(line) for line in lines]
    return phrases


def _expression(table: Mapping[str, Any], name: str) -> re.Pattern[str]:
    lines = _phrases(table, name)
    for line in lines:
        try:
            re.compile(_plain(line))
        except re.error as error:
            raise MalformedCues(f"{name}: «{line}»: {error}. Close every bracket.") from error
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(_plain, lines))})(?!\w)")


def _plain(phrase: str) -> str:
    """A phrase as a regular expression; the signs are told at the head of cues.toml."""
    return "".join(
        _GAPS.get(part) or "".join(_SIGNS.get(sign) or re.escape(sign) for sign in part) for part in _GAP.split(phrase)
    )

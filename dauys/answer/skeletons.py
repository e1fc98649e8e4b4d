"""Where an answer begins, in the citizen's language, and the places in it that must be filled before it is
sent.
"""

import re
import tomllib
from functools import cache
from importlib.resources import files
from typing import Any

from dauys.engines.personal import KINDS

_HOLE = re.compile(r"\[[^\[\]\n]+\]")
_SIGN = re.compile(r"\[(?:{})[-_ ]?\d+\]".format("|".join(KINDS)), re.IGNORECASE)


@cache
def _table() -> dict[str, Any]:
    return tomllib.loads((files("dauys.answer") / "data" / "skeletons.toml").read_text(encoding="utf-8"))


@cache
def _texts() -> dict[str, str]:
    return {language: text.strip() for language, text in _table()["skeleton"].items()}


@cache
def _holes() -> frozenset[str]:
    return frozenset(hole for text in _texts().values() for hole in _HOLE.findall(text))


def skeleton(language: str) -> str:
    """Where an answer begins that has nothing else to begin with, in the language of the appeal."""
    texts = _texts()
    return texts.get(language) or texts["ru"]


def law(family: str, language: str) -> str:
    """The article that says what an answer must hold, for bodies under this family of rules; empty where none binds."""
    articles = _table()["law"].get(family, {})
    return str(articles.get(language) or articles.get("ru", ""))


def is_hole(bracket: str) -> bool:
    """Whether this text in brackets waits to be replaced.

    A hole of a template or of an earlier answer ends in "…"; a sign that stood for personal data, such as [NAME-7], is
    one as well where it could not be put back.
    """
    made = bracket.endswith("…]") and any(letter.isalnum() for letter in bracket)
    return made or bracket in _holes() or _SIGN.fullmatch(bracket) is not None


def unfilled(text: str) -> str | None:
    """The first hole that still stands in the text; brackets of the officer's own are left alone."""
    return next((hole for hole in _HOLE.findall(text) if is_hole(hole)), None)

"""Where an answer begins, in the citizen's language, and the places in it that must be filled before it is
sent.
"""

import re
import tomllib
from functools import cache
from importlib.resources import files

_HOLE = re.compile(r"\[[^\[\]\n]+\]")


@cache
def _texts() -> dict[str, str]:
    source = (files("dauys.answer") / "data" / "skeletons.toml").read_text(encoding="utf-8")
    return {language: text.strip() for language, text in tomllib.loads(source)["skeleton"].items()}


@cache
def _holes() -> frozenset[str]:
    return frozenset(hole for text in _texts().values() for hole in _HOLE.findall(text))


def skeleton(language: str) -> str:
    texts = _texts()
    return texts.get(language) or texts["ru"]


def unfilled(text: str) -> str | None:
    """The first hole of a skeleton that still stands in the text; brackets of the officer's own are left
    alone.
    """
    return next((hole for hole in _HOLE.findall(text) if hole in _holes()), None)

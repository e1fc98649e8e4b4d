"""Blanks of a template: a closed list of names in braces, filled from the case. Nothing in a text is ever run."""

import re
import tomllib
from collections.abc import Callable, Mapping
from functools import cache
from importlib.resources import files

NAMES = (
    "number", "date", "registered", "due", "institution", "office", "above", "officer", "post", "topic", "place",
    "law", "complaint",
)  # fmt: skip

_BLANK = re.compile(r"\{([^{}]*)\}")
_NEAR = 20


class UnknownBlank(Exception):
    """There is no blank of this `name`."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


class LooseBrace(Exception):
    """A brace stands alone; `near` are the letters about it."""

    def __init__(self, near: str) -> None:
        super().__init__(near)
        self.near = near


@cache
def _words() -> Mapping[str, Mapping[str, str]]:
    table = tomllib.loads((files("dauys.answer") / "data" / "blanks.toml").read_text(encoding="utf-8"))
    return {name: table[name] for name in NAMES}


def hole(name: str, language: str) -> str:
    """What stands in place of a blank the case has no value for: an answer that holds it is not sent."""
    words = _words()[name]
    return f"[{words.get(language) or words['ru']} …]"


def check(text: str) -> tuple[str, ...]:
    """The blanks of a template in their order. Raises UnknownBlank, LooseBrace."""
    used = []
    for found in _BLANK.finditer(text):
        name = found[1].strip()
        if name not in NAMES:
            raise UnknownBlank(name)
        used.append(name)
    rest = _BLANK.sub(lambda found: " " * len(found.group()), text)
    loose = re.search(r"[{}]", rest)
    if loose:
        raise LooseBrace(text[max(0, loose.start() - _NEAR) : loose.start() + _NEAR])
    return tuple(used)


def fill(text: str, values: Mapping[str, str], language: str) -> str:
    """The template with its blanks filled, in one pass: braces inside a value stay what they are.

    A blank without a value becomes a hole in `language`. Raises UnknownBlank, LooseBrace.
    """
    check(text)
    return _BLANK.sub(_filler(values, language), text)


def fill_known(text: str, values: Mapping[str, str], language: str) -> str:
    """The same for words of a machine: what is no blank of ours is left as it stands."""
    filler = _filler(values, language)
    return _BLANK.sub(lambda found: filler(found) if found[1].strip() in NAMES else found.group(), text)


def _filler(values: Mapping[str, str], language: str) -> Callable[[re.Match[str]], str]:
    def one(found: re.Match[str]) -> str:
        name = found[1].strip()
        value = " ".join(values.get(name, "").split())
        # «… 2026 г.» at the end of a sentence brings a full stop of its own.
        is_stopped = value.endswith(".") and found.string[found.end() : found.end() + 1] == "."
        return value.removesuffix(".") if is_stopped else value or hole(name, language)

    return one

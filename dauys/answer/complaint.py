"""How an answer is complained against: to whom, in what time and how, in the words of the law that binds the office."""

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any

from dauys.institution.queries import House


@cache
def _table() -> dict[str, Any]:
    return tomllib.loads((files("dauys.answer") / "data" / "complaint.toml").read_text(encoding="utf-8"))


def _in(words: dict[str, Any], language: str) -> str:
    return str(words.get(language) or words["ru"])


def above(place: House, office_id: int | None, language: str) -> str:
    """The office that stands above this one; where there is none, the law's own general words."""
    higher = place.above(office_id)
    return higher.name.in_language(language) if higher else _in(_table()["above"], language)


def route(place: House, office_id: int | None, language: str) -> str:
    """The way of a complaint against an answer of this office; empty where no law binds it."""
    office = place.offices.get(office_id or 0)
    family = office.policy.partition(".")[0] if office else ""
    words = _table().get(family)
    if not isinstance(words, dict) or "article" not in words:
        return ""
    return _in(words, language).replace("{above}", above(place, office_id, language))


def verdict(language: str) -> str:
    """What the citizen may always do: one press, and the appeal is open again."""
    return _in(_table()["verdict"], language)

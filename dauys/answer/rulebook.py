"""A book of routing rules: as rows of a table, as a text to read and send on, as what the engine decides by.

A row is a rule as it is kept (JSON): the conditions and offices it names, empty ones left out. The text is TOML, one
`[[rule]]` after another, in the order in which they are asked.
"""

import hashlib
import json
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dauys.answer.models import RuleBook
from dauys.engines.routing import CONDITIONS, Flaw, Known, Reading, Rule, Rules, flaws
from dauys.engines.search_terms import readings, tokens
from dauys.hear.models import Channel, Kind
from dauys.institution.queries import House, closed_offices

RULES_MOST = 1_000
VALUES_MOST = 60
"""Values of one condition."""
LETTERS_MOST = 120
"""Letters of one value."""
TEXT_MOST = 400_000
URGENCY = ("usual", "soon", "danger")

READING = Reading(tokens, readings)
_SINGLE = ("name", "acts", "clock")

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Mistake:
    """One thing to mend in a text of rules: its line from 1 (0: not in one line), what is wrong, what to do about it.

    `code` and its values; `words.rules.mistake` makes the sentence.
    """

    line: int
    code: str
    key: str = ""
    value: str = ""


class BadText(Exception):
    """The text is no book of rules; `mistakes` say what to mend, all of it."""

    def __init__(self, mistakes: Sequence[Mistake]) -> None:
        super().__init__("; ".join(f"line {one.line}: {one.code} {one.key} {one.value}".strip() for one in mistakes))
        self.mistakes = tuple(mistakes)


def rule_of(row: Mapping[str, Any]) -> Rule:
    """What the engine decides by."""
    return Rule(
        **{name: tuple(map(str, row.get(name) or ())) for name in CONDITIONS},
        acts=row.get("acts") or None,
        clock=row.get("clock") or None,
        name=str(row.get("name") or ""),
    )


def row_of(told: Mapping[str, Any]) -> Row:
    """The one way to write a rule down: known names in their order, nothing empty, nothing twice."""
    row: Row = {}
    for name in ("name", *CONDITIONS, "acts", "clock"):
        value = told.get(name)
        if name in CONDITIONS:
            value = list(dict.fromkeys(value or ()))
        if value:
            row[name] = value
    return row


def digest(rows: Sequence[Mapping[str, Any]]) -> str:
    """SHA-256 of the rules in one spelling: sorted keys, no spaces, UTF-8."""
    written = json.dumps(list(rows), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(written.encode()).hexdigest()


def newest() -> RuleBook | None:
    """The book in force."""
    return RuleBook.objects.order_by("-id").first()


def newest_id() -> int:
    """The number of the book in force; 0 where nobody has written one."""
    return RuleBook.objects.order_by("-id").values_list("id", flat=True).first() or 0


def compiled(rows: Sequence[Mapping[str, Any]]) -> Rules:
    """Rules as the engine decides by them."""
    return Rules([rule_of(row) for row in rows], READING)


def known(place: House) -> Known:
    """What rules of this house may name."""
    return Known(
        topics=place.topic_by_code.keys(),
        areas={
            area.code: place.areas[area.parent_id].code if area.parent_id in place.areas and area.parent_id else None
            for area in place.areas.values()
        },
        kinds=Kind.values,
        channels=Channel.values,
        urgency=URGENCY,
        offices=place.office_by_code.keys(),
        closed=closed_offices(),
    )


def flaws_of(rows: Sequence[Mapping[str, Any]], place: House) -> tuple[Flaw, ...]:
    """What is wrong with these rules before they are in force, against the house as it stands."""
    return flaws([rule_of(row) for row in rows], known(place), READING)


def text_of(rows: Sequence[Mapping[str, Any]], place: House) -> str:
    """The book as TOML; names of offices stand beside their codes as comments."""
    parts = []
    for row in rows:
        lines = ["[[rule]]"]
        for name in ("name", *CONDITIONS, "acts", "clock"):
            if not row.get(name):
                continue
            office = place.office_by_code.get(row[name]) if name in ("acts", "clock") else None
            # JSON writes texts and lists of texts as TOML reads them.
            written = json.dumps(row[name], ensure_ascii=False).replace("\x7f", "\\u007f")
            lines.append(f"{name} = {written}" + (f"  # {' '.join(str(office.name).split())}" if office else ""))
        parts.append("\n".join(lines))
    return "\n\n".join(parts) + ("\n" if parts else "")


def read(text: str) -> list[Row]:
    """The rules in a TOML text. Codes are not looked up here: `flaws_of` does. Raises BadText with every mistake."""
    if len(text) > TEXT_MOST:
        raise BadText([Mistake(0, "too_long", value=str(TEXT_MOST))])
    if found := _DEEP.search(text):  # the reader's time grows with the square of a key's parts
        raise BadText([Mistake(text.count("\n", 0, found.start()) + 1, "syntax", value="too deep")])
    try:
        table = tomllib.loads(text.replace("\r\n", "\n"))
    except tomllib.TOMLDecodeError as error:
        raise BadText([_syntax(str(error), text)]) from None
    except ValueError:  # a number of thousands of digits
        raise BadText([Mistake(0, "syntax", value="too long a number")]) from None
    except RecursionError:
        raise BadText([Mistake(0, "syntax", value="too deep")]) from None
    where = _Lines(text)
    mistakes = [Mistake(where.of_key(key), "unknown_table", key) for key in table if key != "rule"]
    told = table.get("rule", [])
    if not isinstance(told, list) or not all(isinstance(one, dict) for one in told):
        raise BadText([*mistakes, Mistake(where.of_key("rule"), "no_rules", "rule")])
    if len(told) > RULES_MOST:
        mistakes.append(Mistake(0, "too_many", value=str(RULES_MOST)))
    rows = []
    for number, one in enumerate(told):
        mistakes += _mistakes_of(one, number, where)
        rows.append(row_of({name: one.get(name) for name in one if name in (*_SINGLE, *CONDITIONS)}))
    if mistakes:
        raise BadText(sorted(mistakes, key=lambda one: one.line))
    return rows


def _mistakes_of(rule: Mapping[str, Any], number: int, where: "_Lines") -> list[Mistake]:
    found = []
    for key, value in rule.items():
        line = where.of_rule(number, key)
        if key in _SINGLE:
            if not isinstance(value, str):
                found.append(Mistake(line, "not_text", key))
            elif not _fits(value):
                found.append(Mistake(line, "unfit", key, str(LETTERS_MOST)))
        elif key in CONDITIONS:
            if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
                found.append(Mistake(line, "not_texts", key))
            elif len(value) > VALUES_MOST:
                found.append(Mistake(line, "too_many_values", key, str(VALUES_MOST)))
            elif not all(map(_fits, value)):
                found.append(Mistake(line, "unfit", key, str(LETTERS_MOST)))
        else:
            found.append(Mistake(line, "unknown_key", key))
    return found


def _fits(value: str) -> bool:
    return bool(value.strip()) and len(value) <= LETTERS_MOST and value.isprintable()


_PART = r"(?:[A-Za-z0-9_-]++|\"[^\"\n]*+\"|'[^'\n]*+')[ \t]*+"
_DEEP = re.compile(rf"(?m:^)[ \t\[]*+{_PART}(?:\.[ \t]*+{_PART}){{8}}")
_AT = re.compile(r"\(at line (\d+), column (\d+)\)$")
_AT_END = re.compile(r"\(at end of document\)$")


def _syntax(error: str, text: str) -> Mistake:
    said = _AT.search(error)
    line = int(said[1]) if said else text.count("\n") + 1
    return Mistake(line, "syntax", value=_AT_END.sub("", _AT.sub("", error)).strip())


class _Lines:
    """Where in a well-formed text the keys of each rule stand: TOML readers do not say."""

    def __init__(self, text: str) -> None:
        self._rules: list[dict[str, int]] = []
        self._top: dict[str, int] = {}
        inside = ""
        for number, line in enumerate(text.splitlines(), 1):
            if not inside:
                head, key = _HEAD.match(line), _KEY.match(line)
                if head and head[1] == "rule":
                    self._rules.append({"": number})
                elif head:
                    self._top.setdefault(head[1], number)
                elif key:
                    (self._rules[-1] if self._rules else self._top).setdefault(key[1], number)
            for quotes in _TRIPLE.findall(line):
                inside = "" if inside == quotes else inside or quotes

    def of_rule(self, number: int, key: str) -> int:
        if number >= len(self._rules):  # written in another of TOML's ways
            return self._top.get("rule", 1)
        return self._rules[number].get(key, self._rules[number][""])

    def of_key(self, key: str) -> int:
        return self._top.get(key, 1)


_HEAD = re.compile(r"\s*\[\[?\s*[\"']?([^\]\"'.\s]+)")
_KEY = re.compile(r"\s*[\"']?([A-Za-z0-9_-]+)[\"']?\s*[=.]")
_TRIPLE = re.compile(r"\"\"\"|'''")

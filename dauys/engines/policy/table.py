"""A TOML table read strictly: every key known, typed and in range, every mistake with its place and remedy."""

import re
from collections.abc import Collection, Mapping
from datetime import date
from typing import Any


class MalformedPolicy(Exception):
    """A rule cannot be read. `key` is its place in the file, `line` its line if known, `remedy` what to write there."""

    def __init__(self, key: str, problem: str, remedy: str, line: int | None = None) -> None:
        place = key if line is None else f"{key} (line {line})"
        super().__init__(f"{place}: {problem}. {remedy}.")
        self.key = key
        self.problem = problem
        self.remedy = remedy
        self.line = line


class Table:
    """A TOML table that remembers its place in the file and which keys were asked for."""

    def __init__(self, values: Mapping[str, Any], path: str) -> None:
        self._values = values
        self._path = path
        self._known: set[str] = set()

    def key(self, name: str) -> str:
        return f"{self._path}.{name}" if self._path else name

    def has(self, name: str) -> bool:
        self._known.add(name)
        return name in self._values

    def text(self, name: str) -> str:
        value = self._take(name, str, "a text in quotes")
        if not value.strip():
            raise MalformedPolicy(self.key(name), "is empty", "Write a text")
        return value

    def code(self, name: str) -> str:
        value = self.text(name)
        if not re.fullmatch(r"[a-z][a-z0-9_]{0,31}", value):
            raise MalformedPolicy(
                self.key(name), f"is {value!r}", "Write at most 32 letters a-z, digits and _, a letter first"
            )
        return value

    def amount(self, name: str) -> int:
        value = self._take(name, int, "a whole number")
        if not 1 <= value <= 3660:
            raise MalformedPolicy(self.key(name), f"is {value}", "Write a whole number of at least 1, at most 3660")
        return value

    def flag(self, name: str) -> bool:
        return self._take(name, bool, "true or false")

    def day(self, name: str) -> date:
        return self._take(name, date, "a day such as 2026-01-31, without quotes")

    def choice(self, name: str, allowed: Collection[str]) -> Any:
        value = self.text(name)
        if value not in allowed:
            raise MalformedPolicy(self.key(name), f"is {value!r}", f"Write one of: {', '.join(allowed)}")
        return value

    def texts(self, name: str, allowed: Collection[str] = ()) -> tuple[Any, ...]:
        values = self._take(name, list, "a list in square brackets")
        remedy = f"Write a list of: {', '.join(allowed)}" if allowed else "Write a list of texts"
        if not values:
            raise MalformedPolicy(self.key(name), "is empty", remedy)
        for value in values:
            if not isinstance(value, str) or not value or (allowed and value not in allowed):
                raise MalformedPolicy(self.key(name), f"contains {value!r}", remedy)
        if len(set(values)) != len(values):
            raise MalformedPolicy(self.key(name), "names something twice", "Name each once")
        return tuple(values)

    def table(self, name: str) -> "Table":
        return Table(self._take(name, dict, "a table"), self.key(name))

    def tables(self, name: str) -> list["Table"]:
        rows = self._take(name, list, f"one [[{name}]] or more")
        if not rows or not all(isinstance(row, dict) for row in rows):
            raise MalformedPolicy(self.key(name), "is not a list of tables", f"Write one [[{name}]] or more")
        return [Table(row, f"{self.key(name)}[{place}]") for place, row in enumerate(rows, 1)]

    def close(self) -> None:
        """Refuse what nobody asked for: a misspelt key would be a rule that silently does not hold."""
        for name in self._values:
            if name not in self._known:
                expected = ", ".join(sorted(self._known))
                raise MalformedPolicy(self.key(name), "is not a known key", f"Remove it or write one of: {expected}")

    def _take(self, name: str, kind: type, wanted: str) -> Any:
        self._known.add(name)
        if name not in self._values:
            raise MalformedPolicy(self.key(name), "is missing", f"Write {wanted}")
        value = self._values[name]
        # By exact type: to Python true is a whole number and a moment is a day.
        if type(value) is not kind:
            raise MalformedPolicy(self.key(name), f"is {value!r}", f"Write {wanted}")
        return value


_HEADER = re.compile(r"^\s*(\[\[?)\s*([A-Za-z0-9_.-]+)\s*\]")
_KEY = re.compile(r"^\s*([A-Za-z0-9_-]+)\s*=")


def line_of(text: str, key: str) -> int | None:
    """The line of a TOML text (from 1) on which the value at this place stands, or the table that should hold it.

    `key` counts the tables of a list from 1: `policy[2].extension.unit`. None where not even the table is there.
    """
    lines: dict[str, int] = {}
    counts: dict[str, int] = {}
    table, fence = "", ""
    for number, line in enumerate(text.splitlines(), 1):
        if fence:  # inside a text of several lines nothing is a key
            fence = "" if fence in line else fence
            continue
        if header := _HEADER.match(line):
            *above, last = header[2].split(".")
            path = ""
            for part in above:
                path = f"{path}.{part}".lstrip(".")
                path += f"[{counts[path]}]" if path in counts else ""
            path = f"{path}.{last}".lstrip(".")
            if header[1] == "[[":
                counts[path] = counts.get(path, 0) + 1
                path += f"[{counts[path]}]"
            table = path
            lines.setdefault(path, number)
        elif name := _KEY.match(line):
            lines.setdefault(f"{table}.{name[1]}".lstrip("."), number)
            for mark in ('"""', "'''"):
                if line.count(mark) == 1:
                    fence = mark
    place = key
    while place:
        if place in lines:
            return lines[place]
        place = place.rpartition(".")[0]
    return None

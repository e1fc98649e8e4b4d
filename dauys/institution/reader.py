"""Reading a table somebody wrote by hand: each value checked where it stands, each fault with its remedy."""

import contextlib
import difflib
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from dauys.institution.names import LANGUAGES
from dauys.institution.queries import Names

_EMAIL = re.compile(r"[^@\s<>\"]+@[^@\s<>\"]+\.[^@\s<>\".]+")
_SLUG = re.compile(r"[a-z0-9][a-z0-9_-]{0,59}", re.ASCII)
NAME_MOST = 200
FIRST_YEAR, LAST_YEAR = 1995, 2100
"""Calendars of holidays are sound between these years."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing to mend: where it stands, what is wrong with it (with its value), what to do."""

    key: str
    problem: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.key} {self.problem}. {self.remedy}."


class Reader:
    """One table of a file. What nobody asked for by the end is a fault: a misspelt key is not passed over."""

    def __init__(self, table: dict[str, Any], where: str, faults: list[Fault]) -> None:
        self._table, self.where, self.faults = table, where, faults
        self._asked: set[str] = set()

    def fault(self, key: str, problem: str, remedy: str) -> None:
        self.faults.append(Fault(f"{self.where}: {key}" if self.where else key, problem, remedy))

    def has(self, key: str) -> bool:
        return key in self._table

    def skip(self, key: str) -> None:
        self._asked.add(key)

    def finish(self) -> None:
        """Tell of every key nobody asked for."""
        for key in self._table:
            if key not in self._asked:
                near = difflib.get_close_matches(key, self._asked, n=1)
                known = ", ".join(sorted(self._asked))
                self.fault(key, "is not a known key", f"Write {near[0]}" if near else f"Known here: {known}")

    def text(self, key: str, *, required: bool = True, example: str = "", most: int = 300) -> str:
        value = self._take(key)
        if value is None or value == "":
            if required:
                self.fault(key, "is missing", f'Write {key} = "{example or "…"}"')
            return ""
        if not isinstance(value, str):
            self.fault(key, f"is {value!r}, not text", "Put it in quotation marks")
            return ""
        value = value.strip()
        if len(value) > most:
            self.fault(key, f"has {len(value)} characters", f"Shorten it to {most}")
        if any(ord(letter) < 32 for letter in value):
            self.fault(key, f"{value!r} holds control characters", "Remove them")
        return value

    def texts(self, key: str) -> list[str]:
        value = self._take(key)
        if value is None:
            return []
        if not isinstance(value, list) or not all(isinstance(item, str) and item for item in value):
            self.fault(key, f"is {value!r}", f'Write {key} = ["…", "…"]')
            return []
        return value

    def names(self) -> Names:
        """A name in at least one of the languages."""
        given = [self.text(language, required=False, most=NAME_MOST) for language in LANGUAGES]
        if not any(given):
            self.fault(", ".join(LANGUAGES), "are all missing", "Give the name in at least one language")
        return Names(*given)

    def slug(self, key: str) -> str:
        value = self.text(key)
        if value and not _SLUG.fullmatch(value):
            self.fault(key, f"is {value!r}", "Use small Latin letters, digits, hyphen: at most 60")
        return value

    def email(self, key: str, *, required: bool = True) -> str:
        value = self.text(key, required=required, example="name@example.org", most=254)
        if value and not _EMAIL.fullmatch(value):
            self.fault(key, f"{value!r} is no e-mail address", "Write it as name@example.org")
        return value

    def choice(self, key: str, known: Iterable[str], *, default: str = "") -> str:
        known = list(known)
        value = self.text(key, required=not default, example=known[0]) or default
        if value and value not in known:
            self.fault(key, f"is {value!r}", f"Write one of: {', '.join(known)}")
        return value

    def flag(self, key: str, default: bool | None) -> bool:
        value = self._take(key)
        if value is None and default is not None:
            return default
        if not isinstance(value, bool):
            self.fault(
                key,
                "is missing" if value is None else f"is {value!r}",
                f"Write {key} = true or {key} = false",
            )
            return False
        return value

    def day(self, key: str) -> date:
        value = self._take(key)
        if isinstance(value, datetime) or not isinstance(value, date):
            self.fault(key, f"is {value!r}, not a day", f"Write {key} = 2026-05-08, without quotation marks")
            return date.min
        if not FIRST_YEAR <= value.year <= LAST_YEAR:
            self.fault(key, f"is {value}", f"Write a day between {FIRST_YEAR} and {LAST_YEAR}")
        return value

    def clock(self, key: str, default: time) -> time:
        value = self._take(key)
        if value is None:
            return default
        if isinstance(value, str):
            with contextlib.suppress(ValueError):
                value = datetime.strptime(value, "%H:%M").time()  # noqa: DTZ007  # an hour of the wall clock
        if not isinstance(value, time):
            self.fault(key, f"is {value!r}, not an hour", f'Write {key} = "09:00"')
            return default
        return value

    def zone(self, key: str) -> str:
        value = self.text(key, example="Asia/Almaty", most=64)
        if value:
            try:
                ZoneInfo(value)
            except (ValueError, OSError, LookupError):
                near = difflib.get_close_matches(value, available_timezones(), n=1)
                self.fault(
                    key,
                    f"{value!r} is no time zone",
                    f"Did you mean {near[0]}" if near else "Write an IANA name such as Asia/Almaty",
                )
        return value

    def degrees(self, key: str, most: int) -> float | None:
        value = self._take(key)
        if value is None:
            return None
        try:
            number = float(value)
        except (TypeError, ValueError):
            number = float("nan")
        if not -most <= number <= most:
            self.fault(key, f"is {value!r}", f"Write degrees between -{most} and {most}")
            return None
        return number

    def table(self, key: str, *, required: bool = True) -> dict[str, Any]:
        value = self._take(key)
        if not isinstance(value, dict):
            if required or value is not None:
                self.fault(key, "is missing" if value is None else f"is {value!r}", f"Write a table [{key}]")
            return {}
        return value

    def rows(self, key: str) -> list["Reader"]:
        value = self._take(key)
        if value is None:
            return []
        if not isinstance(value, list) or not all(isinstance(row, dict) for row in value):
            self.fault(key, "is not a list of tables", f"Write [[{key}]] above each of them")
            return []
        return [Reader(row, self._row_name(key, number, row), self.faults) for number, row in enumerate(value, 1)]

    def _row_name(self, key: str, number: int, row: dict[str, Any]) -> str:
        named = next((row[name] for name in ("code", "email", "day") if row.get(name)), f"number {number}")
        return f"{self.where}: {key} {named}" if self.where else f"{key} {named}"

    def _take(self, key: str) -> Any:
        self._asked.add(key)
        return self._table.get(key)


def repeated(kind: str, codes: list[str]) -> list[Fault]:
    """A fault for each code that stands more than once."""
    return [
        Fault(f"{kind} {code}", f"stands {count} times", "Keep one of them")
        for code, count in Counter(codes).items()
        if count > 1
    ]

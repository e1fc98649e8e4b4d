"""The rules that set terms, one TOML file a family. A country or an institution is added by adding a file.

What ships stands beside this module. An institution puts its own files into `policies/` of its home folder: a family
of its own, or one in place of a shipped one. A change there is seen within seconds, without a restart. A file with a
mistake never counts: the copy of its last good text does, kept in `policies/in-force/`, or else the shipped family.
"""

import hashlib
import logging
import os
import tempfile
import threading
import time
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path

from django.conf import settings

from dauys.engines.deadline import Term
from dauys.engines.policy import MalformedPolicy, Policy, line_of, read

log = logging.getLogger(__name__)

RECHECK_SECONDS = 2.0
COPIES = "in-force"
MOST_BYTES = 1_000_000


@dataclass(frozen=True, slots=True)
class Fault:
    """An institution's file that cannot be followed: where, what is wrong, what to do, and what counts instead.

    `instead` is "copy" (its last good text), "shipped" (the family as it ships) or "nothing".
    """

    file: str
    line: int | None
    problem: str
    remedy: str
    instead: str


@dataclass(frozen=True, slots=True)
class Book:
    """The rules in force, with the institution's files that could not be read."""

    policies: tuple[Policy, ...]
    faults: tuple[Fault, ...]
    own: frozenset[str]
    """Families that follow a file of the institution's own."""


def load() -> tuple[Policy, ...]:
    """Every rule in force. Raises MalformedPolicy only for a file that ships."""
    return book().policies


def faults() -> tuple[Fault, ...]:
    """The institution's files that are not followed, and why."""
    return book().faults


_lock = threading.Lock()
_kept: tuple[tuple[tuple[str, int, int], ...], Path, Book] | None = None
_looked = 0.0


def book() -> Book:
    """The rules as they stand; the institution's folder is looked at anew every two seconds."""
    global _kept, _looked
    kept, moment = _kept, time.monotonic()
    folder = own_folder()
    if kept is not None and kept[1] == folder and moment - _looked < RECHECK_SECONDS:
        return kept[2]
    with _lock:
        seen = _seen(folder)
        if _kept is None or (_kept[0], _kept[1]) != (seen, folder):
            made = _with_own(folder)
            for fault in made.faults:
                place = f"{fault.file}, line {fault.line}" if fault.line else fault.file
                log.error("%s: %s. %s. In force instead: %s.", place, fault.problem, fault.remedy, fault.instead)
            _kept = (seen, folder, made)
        _looked = moment
        return _kept[2]


def forget() -> None:
    """Look at the folder anew at the next question."""
    global _looked
    _looked = -RECHECK_SECONDS


def own_folder() -> Path:
    """Where an institution keeps rules of its own, beside or instead of the shipped ones."""
    return Path(settings.HOME) / "policies"


@cache
def shipped() -> tuple[Policy, ...]:
    """Every rule of every file that ships, read once.

    Raises:
        MalformedPolicy: the key begins with the name of the file.
    """
    policies: list[Policy] = []
    for file in sorted(files(__package__).iterdir(), key=lambda file: file.name):
        if file.name.endswith(".toml"):
            policies += _read(file.name, file.read_text(encoding="utf-8"))
    return tuple(policies)


def term_of(policy: Policy) -> Term:
    """What the deadline engine needs to know of a rule."""
    return Term(policy.amount, policy.unit, policy.first_day_counts, policy.roll)


def digest(policies: Iterable[Policy]) -> str:
    """SHA-256 of all that decides a due day in these rules: two books with the same one promise the same days."""
    deciding = sorted(
        (
            one.id, one.kinds, one.matter, one.bodies, one.amount, one.unit, one.count_from, one.first_day_counts,
            one.roll, str(one.valid_from), str(one.valid_to),
        )
        for one in policies
    )  # fmt: skip
    return hashlib.sha256(repr(deciding).encode()).hexdigest()


def _seen(folder: Path) -> tuple[tuple[str, int, int], ...]:
    try:
        with os.scandir(folder) as entries:
            named = sorted((entry for entry in entries if entry.name.endswith(".toml")), key=lambda entry: entry.name)
            stats = [(entry.name, entry.stat()) for entry in named]
    except OSError:
        return ()
    return tuple((name, stat.st_mtime_ns, stat.st_size) for name, stat in stats)


def _with_own(folder: Path) -> Book:
    """The shipped rules, with each family of the institution's folder in the place of the shipped one."""
    families: dict[str, list[Policy]] = {}
    for policy in shipped():
        families.setdefault(policy.family, []).append(policy)
    found: list[Fault] = []
    own = set()
    for name, _changed, _size in _seen(folder):
        family = name.removesuffix(".toml")
        copy = folder / COPIES / name
        try:
            text = _text(folder / name)
            families[family] = list(_read(name, text))
            own.add(family)
            _keep(copy, text)
            continue
        except MalformedPolicy as error:
            problem, remedy, line = f"{error.key.removeprefix(name + ': ')}: {error.problem}", error.remedy, error.line
        try:
            families[family] = list(_read(name, _text(copy)))
            own.add(family)
            instead = "copy"
        except MalformedPolicy:
            instead = "shipped" if family in families else "nothing"
        found.append(Fault(name, line, problem, remedy, instead))
    return Book(tuple(one for family in sorted(families) for one in families[family]), tuple(found), frozenset(own))


def _text(path: Path) -> str:
    try:
        if path.stat().st_size > MOST_BYTES:
            raise MalformedPolicy("the file", "is larger than a megabyte", "Give a file of rules")
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise MalformedPolicy("the file", f"cannot be read: {error.strerror}", "Let the service read it") from error
    except UnicodeDecodeError as error:
        raise MalformedPolicy(
            "the file", "is not UTF-8", "Save it as UTF-8", error.object[: error.start].count(b"\n") + 1
        ) from error


def _keep(copy: Path, text: str) -> None:
    """Keep the last good text; whole or not at all, for several processes do so at once."""
    try:
        if copy.is_file() and copy.read_text(encoding="utf-8") == text:
            return
        copy.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=copy.parent, prefix=copy.name)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(copy)
    except OSError:
        log.exception("No copy of the rules in %s could be kept; a mistake in it later would leave none.", copy.name)


def _read(name: str, text: str) -> tuple[Policy, ...]:
    try:
        policies = read(text)
    except MalformedPolicy as error:
        raise MalformedPolicy(f"{name}: {error.key}", error.problem, error.remedy, error.line) from error
    family = name.removesuffix(".toml")
    if policies[0].family != family:
        # Ids begin with the family, so this also keeps ids apart between files.
        where = line_of(text, "family")
        raise MalformedPolicy(
            f"{name}: family", f"is {policies[0].family!r}", f'Write "{family}", like the file', where
        )
    return policies

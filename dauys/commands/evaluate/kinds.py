"""`dauys evaluate kinds`: the kind of each appeal, its urgency, the day it sets and the things it asks."""

import json
import time
import tomllib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from importlib.resources import files
from pathlib import Path
from typing import Any

import click

from dauys.commands import show
from dauys.engines import asks, kinds, urgency
from dauys.engines.asks import Asks
from dauys.engines.kinds import Kind
from dauys.engines.urgency import Urgency

SPEED_TEXTS = 3000
WITHOUT = "none"


@dataclass(slots=True)
class Labels:
    """How often each label was meant, given, and both."""

    meant: Counter[str] = field(default_factory=Counter)
    given: Counter[str] = field(default_factory=Counter)
    both: Counter[str] = field(default_factory=Counter)

    def add(self, meant: set[str], given: set[str]) -> None:
        self.meant.update(meant)
        self.given.update(given)
        self.both.update(meant & given)

    def told(self) -> dict[str, dict[str, Any]]:
        return {
            label: {
                "meant": self.meant[label], "given": self.given[label],
                "precision": _share(self.both[label], self.given[label]),
                "recall": _share(self.both[label], self.meant[label]),
            }
            for label in sorted(self.meant | self.given)
        }  # fmt: skip


@dataclass(slots=True)
class Tally:
    """One part of the file. A figure with a denominator of 0 is None: the file does not hold that label."""

    texts: int = 0
    kinds: Labels = field(default_factory=Labels)
    kinds_right: int = 0
    kinds_of: int = 0
    levels: Labels = field(default_factory=Labels)
    levels_right: int = 0
    levels_of: int = 0
    flags: Labels = field(default_factory=Labels)
    deadlines_right: int = 0
    deadlines_meant: int = 0
    deadlines_given: int = 0
    asks_meant: int = 0
    asks_given: int = 0
    asks_met: int = 0
    ask_kinds: Labels = field(default_factory=Labels)
    ask_kinds_right: int = 0
    counts_right: int = 0
    counts_of: int = 0

    def told(self) -> dict[str, Any]:
        return {
            "texts": self.texts,
            "kind": {
                "of": self.kinds_of, "accuracy": _share(self.kinds_right, self.kinds_of),
                "labels": self.kinds.told(),
            },
            "urgency": {
                "of": self.levels_of, "accuracy": _share(self.levels_right, self.levels_of),
                "labels": self.levels.told(), "flags": self.flags.told(),
            },
            "deadline": {
                "meant": self.deadlines_meant, "given": self.deadlines_given,
                "precision": _share(self.deadlines_right, self.deadlines_given),
                "recall": _share(self.deadlines_right, self.deadlines_meant),
            },
            "asks": {
                "of": self.counts_of, "count_right": _share(self.counts_right, self.counts_of),
                "meant": self.asks_meant, "given": self.asks_given,
                "precision": _share(self.asks_met, self.asks_given), "recall": _share(self.asks_met, self.asks_meant),
                "kind_right": _share(self.ask_kinds_right, self.asks_met), "labels": self.ask_kinds.told(),
            },
        }  # fmt: skip


def _share(part: int, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None


@dataclass(frozen=True, slots=True)
class Readers:
    kinds: kinds.Lexicon
    urgency: urgency.Lexicon
    asks: asks.Lexicon

    def read(self, text: str, received: date | None) -> tuple[Kind, Urgency, Asks]:
        return (
            kinds.kind(text, self.kinds),
            urgency.urgency(text, self.urgency, received_on=received),
            asks.asks(text, self.asks),
        )


@click.command()
@click.argument("file", required=False, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--mistakes", type=click.IntRange(0), default=0, help="Show so many mistakes, with their texts.")
@click.option("--json", "as_json", is_flag=True, help="Print the outcome as JSON.")
def command(file: Path | None, mistakes: int, as_json: bool) -> None:
    """Read each text of FILE (.jsonl) and compare with its labels.

    A line is an object with `text` and any of: `kind`; `urgency` (usual, soon, danger); `flags` (codes of dangers and
    of vulnerable people); `received` and `deadline` (YYYY-MM-DD; the deadline may be null); `asks` (a number, or a
    list of objects with kind, start and end, places in the text); `lang` and `half`, by which figures are also given.
    Without FILE the texts written for this project are read.
    """
    with show.step("Making the words ready"):
        readers = _readers()
    rows = _rows(file)
    parts: dict[str, Tally] = {"all": Tally()}
    wrong: list[dict[str, Any]] = []
    with show.Ticker("Reading", len(rows)) as ticker:
        for line, row in rows:
            told = [parts["all"]]
            for name in ("half", "lang"):
                if row.get(name):
                    told.append(parts.setdefault(f"{name}: {row[name]}", Tally()))
            mistaken = _compare(row, line, readers, told)
            if mistaken and len(wrong) < mistakes:
                wrong.append({"line": line, "text": row["text"], **mistaken})
            ticker.advance()
    speed = _speed([row["text"] for _line, row in rows], readers)
    value = {
        "file": str(file) if file else "packaged", "parts": {name: part.told() for name, part in parts.items()},
        "texts_per_second": round(speed), "mistakes": wrong,
    }  # fmt: skip
    show.result(value, as_json=as_json, lines=_lines(value))


def _readers() -> Readers:
    def table(name: str) -> dict[str, Any]:
        return tomllib.loads((files("dauys.understand") / "data" / name).read_text(encoding="utf-8"))

    rules = [
        urgency.Rule(row["code"], row["level"], tuple(row["phrases"]), tuple(row.get("unless", ())))
        for row in table("urgency.toml")["rule"]
    ]
    return Readers(
        kinds.Lexicon.from_table(table("kinds.toml")), urgency.Lexicon(rules), asks.Lexicon(table("asks.toml"))
    )


def _rows(file: Path | None) -> list[tuple[int, dict[str, Any]]]:
    source = file or files("dauys.understand") / "data" / "evaluation" / "kinds.jsonl"
    rows: list[tuple[int, dict[str, Any]]] = []
    try:
        lines = source.read_text(encoding="utf-8-sig").splitlines()
    except UnicodeDecodeError:
        show.stop(f"{file} is not text in UTF-8.", remedy="Save it as UTF-8, one JSON object a line.")
    except OSError as error:
        show.stop(f"The texts cannot be read: {error}.", remedy="Name a FILE, one JSON object a line.")
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except json.JSONDecodeError as error:
            show.stop(f"Line {number} is not JSON ({error.msg}).", remedy="Give one JSON object a line.")
        if not isinstance(row, dict) or not isinstance(row.get("text"), str):
            show.stop(f"Line {number} has no text.", remedy='Give the words in the field "text".')
        _check(row, number)
        rows.append((number, row))
    if not rows:
        show.stop("The file holds no texts.", remedy="Give one JSON object a line.")
    return rows


def _check(row: Mapping[str, Any], line: int) -> None:
    if row.get("kind") is not None and row["kind"] not in kinds.KINDS:
        show.stop(f"Line {line}: kind is {row['kind']!r}.", remedy=f"Give one of {', '.join(kinds.KINDS)}.")
    if row.get("urgency") is not None and row["urgency"] not in urgency.LEVELS:
        show.stop(f"Line {line}: urgency is {row['urgency']!r}.", remedy=f"Give one of {', '.join(urgency.LEVELS)}.")
    if not isinstance(row.get("flags", []), list) or not all(isinstance(code, str) for code in row.get("flags", [])):
        show.stop(f"Line {line}: flags is not a list of codes.", remedy='Write it as ["gas", "children"].')
    for name in ("received", "deadline"):
        try:
            if row.get(name) is not None:
                date.fromisoformat(row[name])
        except (TypeError, ValueError):
            show.stop(f"Line {line}: {name} is {row[name]!r}.", remedy="Write the day as YYYY-MM-DD.")
    if row.get("deadline") is not None and row.get("received") is None:
        show.stop(f"Line {line}: there is a deadline but no received.", remedy="Give the day of receipt.")
    asked = row.get("asks", 0)
    if isinstance(asked, list):
        for one in asked:
            if not isinstance(one, dict) or not all(isinstance(one.get(edge), int) for edge in ("start", "end")):
                show.stop(f"Line {line}: an ask has no start or end.", remedy="Give both as places in the text.")
            if one.get("kind") is not None and one["kind"] not in asks.KINDS:
                show.stop(
                    f"Line {line}: an ask's kind is {one['kind']!r}.", remedy=f"Give one of {', '.join(asks.KINDS)}."
                )
    elif not isinstance(asked, int):
        show.stop(f"Line {line}: asks is {asked!r}.", remedy="Give a number or a list of spans.")


def _compare(row: Mapping[str, Any], line: int, readers: Readers, tallies: Sequence[Tally]) -> dict[str, Any]:
    """Count one row; what was read differently comes back, for those who want to see it."""
    received = date.fromisoformat(row["received"]) if row.get("received") else None
    kind, alarm, asked = readers.read(row["text"], received)
    wrong: dict[str, Any] = {}
    for tally in tallies:
        tally.texts += 1
    if row.get("kind"):
        given = kind.kind or WITHOUT
        if given != row["kind"]:
            wrong["kind"] = [row["kind"], given, kind.rule]
        for tally in tallies:
            tally.kinds_of += 1
            tally.kinds_right += given == row["kind"]
            tally.kinds.add({row["kind"]}, {given})
    if row.get("urgency"):
        if alarm.level != row["urgency"]:
            wrong["urgency"] = [row["urgency"], alarm.level, list(alarm.reasons)]
        for tally in tallies:
            tally.levels_of += 1
            tally.levels_right += alarm.level == row["urgency"]
            tally.levels.add({row["urgency"]}, {alarm.level})
    if "flags" in row:
        dangers = {rule.code for rule in readers.urgency.rules if rule.level == "danger"}
        codes = {code for code, _words in alarm.reasons if code in dangers} | {
            code for code, _words in alarm.vulnerable
        }
        if codes != set(row["flags"]):
            wrong["flags"] = [sorted(row["flags"]), sorted(codes)]
        for tally in tallies:
            tally.flags.add(set(row["flags"]), codes)
    if "deadline" in row and received:
        due = alarm.deadline.due_on.isoformat() if alarm.deadline else None
        if due != row["deadline"]:
            wrong["deadline"] = [row["deadline"], due]
        for tally in tallies:
            tally.deadlines_meant += row["deadline"] is not None
            tally.deadlines_given += due is not None
            tally.deadlines_right += due is not None and due == row["deadline"]
    if "asks" in row:
        wrong |= _compare_asks(row["asks"], asked, tallies)
    return wrong


def _compare_asks(meant: int | list[dict[str, Any]], asked: asks.Asks, tallies: Sequence[Tally]) -> dict[str, Any]:
    """A given ask meets a meant one when they share half of the shorter; each meets one at most."""
    count = meant if isinstance(meant, int) else len(meant)
    met: list[tuple[dict[str, Any], asks.Ask]] = []
    free = list(asked.items)
    for one in meant if isinstance(meant, list) else ():
        shared = [(min(one["end"], ask.end) - max(one["start"], ask.start), n) for n, ask in enumerate(free)]
        best, place = max(shared, key=lambda pair: (pair[0], -pair[1]), default=(0, 0))
        if best > 0 and best >= 0.5 * min(one["end"] - one["start"], free[place].end - free[place].start):
            met.append((one, free.pop(place)))
    right = sum(one.get("kind") == ask.kind for one, ask in met)
    for tally in tallies:
        tally.counts_of += 1
        tally.counts_right += count == len(asked.items)
        if isinstance(meant, list):
            tally.asks_meant += count
            tally.asks_given += len(asked.items)
            tally.asks_met += len(met)
            tally.ask_kinds_right += right
            for one, ask in met:
                tally.ask_kinds.add({one.get("kind", "other")}, {ask.kind})
    if count != len(asked.items) or (isinstance(meant, list) and right < count):
        return {"asks": [meant, [[ask.kind, ask.start, ask.end] for ask in asked.items]]}
    return {}


def _speed(texts: Sequence[str], readers: Readers) -> float:
    """Texts a second of processor time, all three readings together."""
    many = [texts[n % len(texts)] for n in range(SPEED_TEXTS)]
    day = date(2027, 3, 1)
    begun = time.process_time()
    for text in many:
        readers.read(text, day)
    return len(many) / max(time.process_time() - begun, 1e-9)


def _lines(value: Mapping[str, Any]) -> list[str]:
    lines = []
    for name, part in value["parts"].items():
        lines.append(
            f"{name}: {part['texts']} texts. Kind {_said(part['kind']['accuracy'])}; urgency"
            f" {_said(part['urgency']['accuracy'])}; deadlines precision {_said(part['deadline']['precision'])}, recall"
            f" {_said(part['deadline']['recall'])} ({part['deadline']['meant']} meant); asks precision"
            f" {_said(part['asks']['precision'])}, recall {_said(part['asks']['recall'])}, kind"
            f" {_said(part['asks']['kind_right'])}, right number {_said(part['asks']['count_right'])}."
        )
    for title, labels in (
        ("Kind", value["parts"]["all"]["kind"]["labels"]),
        ("Urgency", value["parts"]["all"]["urgency"]["labels"]),
        ("Flags", value["parts"]["all"]["urgency"]["flags"]),
        ("Kinds of asks", value["parts"]["all"]["asks"]["labels"]),
    ):
        for label, row in labels.items():
            lines.append(
                f"{title}, {label}: {row['meant']} meant, precision {_said(row['precision'])},"
                f" recall {_said(row['recall'])}"
            )
    lines += [json.dumps(one, ensure_ascii=False) for one in value["mistakes"]]
    lines.append(f"{value['texts_per_second']} texts a second, all three readings together.")
    return lines


def _said(share: float | None) -> str:
    return "–" if share is None else f"{share:.3f}"

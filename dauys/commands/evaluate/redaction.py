"""`dauys evaluate redaction`: what of the personal data in labelled texts is found, and what is hidden without need.

Counts only: no word of the texts is printed unless `--show` asks for it.
"""

import gzip
import json
import re
import tarfile
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import click

from dauys.commands.evaluate.invented import NUMBERS, invented
from dauys.commands.show import Ticker, result, stop
from dauys.engines import personal

COVERED = 0.8
"""A known piece counts as found when this share of its signs is hidden."""

SHOWN = 40


@dataclass(slots=True)
class Labelled:
    """A text and what is known to be personal in it; only the `kinds` named are judged."""

    text: str
    known: list[tuple[int, int, str]]
    kinds: frozenset[str]
    overlap: bool = False
    """Any overlap counts, as is usual for names in running text; otherwise COVERED does."""


@dataclass(slots=True)
class Tally:
    texts: int = 0
    cpu: float = 0.0
    known: Counter[str] = field(default_factory=Counter)
    found: Counter[str] = field(default_factory=Counter)
    exact: Counter[str] = field(default_factory=Counter)
    finds: Counter[str] = field(default_factory=Counter)
    false: Counter[str] = field(default_factory=Counter)
    texts_with_false: int = 0
    masks: Counter[str] = field(default_factory=Counter)
    masks_hidden: Counter[str] = field(default_factory=Counter)
    shown: list[str] = field(default_factory=list)

    def find(self, text: str) -> tuple[personal.Span, ...]:
        begun = time.process_time()
        spans = personal.find(text)
        self.cpu += time.process_time() - begun
        self.texts += 1
        self.finds.update(span.kind for span in spans)
        return spans

    def show(self, sign: str, kind: str, text: str, start: int, end: int) -> None:
        if len(self.shown) < SHOWN:
            around = f"{text[max(0, start - 30) : start]}⟦{text[start:end]}⟧{text[end : end + 20]}"
            self.shown.append(f"{sign} {kind}: {' '.join(around.split())}")

    def judge(self, one: Labelled) -> None:
        spans = self.find(one.text)
        for start, end, kind in one.known:
            self.known[kind] += 1
            hidden = sum(max(0, min(span.end, end) - max(span.start, start)) for span in spans)
            if hidden >= (1 if one.overlap else COVERED * (end - start)):
                self.found[kind] += 1
            else:
                self.show("missed", kind, one.text, start, end)
            self.exact[kind] += any((span.start, span.end) == (start, end) for span in spans)
        clean = True
        for span in spans:
            if span.kind in one.kinds and not any(span.start < end and start < span.end for start, end, _ in one.known):
                self.false[span.kind] += 1
                clean = False
                self.show("false", span.kind, one.text, span.start, span.end)
        self.texts_with_false += not clean


# ------------------------------------------------------------------------------------------- texts with spans


def _lines(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    try:
        with gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8") as file:
            for number, line in enumerate(file, 1):
                if not line.strip():
                    continue
                try:
                    row = json.loads(line)
                except ValueError:
                    row = None
                if not isinstance(row, dict):
                    stop(
                        f"Line {number} of {path.name} is not a JSON object.",
                        remedy="Give one object a line: text and spans, or a thread.",
                    )
                yield number, row
    except (OSError, UnicodeDecodeError, EOFError) as error:
        stop(f"{path.name} cannot be read: {error}.", remedy="Give a UTF-8 text file, or its gzip.")


def _with_spans(path: Path) -> Iterator[Labelled]:
    for number, row in _lines(path):
        text, spans = row.get("text"), row.get("spans")
        if not isinstance(text, str):
            stop(
                f"Line {number} of {path.name}: “text” is missing or no text.",
                remedy='Write {"text": "…", "spans": [[start, end, "phone"], …]}.',
            )
        if not isinstance(spans, list):
            stop(
                f"Line {number} of {path.name}: “spans” is missing or no list.",
                remedy="Write [[start, end, kind], …]; an empty list means: nothing personal.",
            )
        known = []
        for span in spans:
            if not (
                isinstance(span, list)
                and len(span) == 3
                and isinstance(span[0], int)
                and isinstance(span[1], int)
                and 0 <= span[0] < span[1] <= len(text)
            ):
                stop(
                    f"Line {number} of {path.name}: a span must be [start, end, kind] within the text.",
                    remedy="Count signs from 0; end is one past the last.",
                )
            if span[2] not in personal.KINDS:
                stop(
                    f"Line {number} of {path.name}: the kind “{span[2]}” is not known.",
                    remedy=f"Use one of {', '.join(personal.KINDS)}.",
                )
            known.append((span[0], span[1], span[2]))
        yield Labelled(text, known, frozenset(personal.KINDS))


# ------------------------------------------------------------------------------------------------ factRuEval

_PARTS = frozenset({"name", "surname", "patronymic", "nickname"})


def _members(path: Path) -> Iterator[tuple[str, str]]:
    wanted = (".txt", ".spans", ".objects")
    if path.is_dir():
        for file in sorted(path.rglob("*")):
            if file.suffix in wanted:
                try:
                    yield str(file.relative_to(path)), file.read_text(encoding="utf-8")
                except (OSError, UnicodeDecodeError) as error:
                    stop(f"{file.name} cannot be read: {error}.", remedy="Give UTF-8 text files.")
        return
    try:
        with tarfile.open(path) as archive:
            for member in archive:
                if member.isfile() and member.name.endswith(wanted) and (held := archive.extractfile(member)):
                    yield member.name, held.read().decode("utf-8")
    except (tarfile.TarError, OSError, UnicodeDecodeError, EOFError) as error:
        stop(
            f"{path.name} cannot be read: {error}.",
            remedy="Give a tar archive or a folder of .txt, .spans and .objects files.",
        )


def _news(path: Path) -> Iterator[Labelled]:
    documents: dict[str, dict[str, str]] = {}
    for name, held in _members(path):
        stem, _, ending = name.rpartition(".")
        documents.setdefault(stem, {})[ending] = held
    whole = {stem: parts for stem, parts in documents.items() if {"txt", "spans", "objects"} <= set(parts)}
    if not whole:
        stop(
            f"{path.name} holds no document with .txt, .spans and .objects.",
            remedy="Give the folder of factRuEval-2016, or its archive.",
        )
    for stem in sorted(whole):
        parts = whole[stem]
        places: dict[str, tuple[int, int]] = {}
        for line in parts["spans"].splitlines():
            row = line.split("#")[0].split()
            if len(row) >= 4 and row[1] in _PARTS and row[2].isdigit() and row[3].isdigit():
                places[row[0]] = int(row[2]), int(row[2]) + int(row[3])
        known = []
        for line in parts["objects"].splitlines():
            row = line.split("#")[0].split()
            if len(row) > 2 and row[1] == "Person":
                held_places = sorted(places[one] for one in row[2:] if one in places)
                if held_places:
                    known.append((held_places[0][0], held_places[-1][1], "name"))
        yield Labelled(parts["txt"], known, frozenset({"name"}), overlap=True)


# --------------------------------------------------------------------------------------- threads of a portal

# A telephone as a plain eye sees it, kept apart from the finding on purpose.
_TELEPHONE = re.compile(
    r"(?<![\d.,/-])(?:(?:\+ ?7|8|7)[ \-]{0,2}\(?[34789](?:[ \-()]{0,2}\d){9}|\(?(?:9\d\d"
    r"|7[0-7]\d)\)?[ \-]?\d{3}[ \-]?\d\d[ \-]?\d\d|\d{3}-\d\d-\d\d)(?![\d/-]|[.,]\d)"
    r"|(?<=тел )\d{6,7}(?!\d)|(?<=тел\. )\d{6,7}(?!\d)|(?<=телефон )\d{6,7}(?!\d)|(?<=телефону )\d{6,7}(?!\d)"
)
_HIDDEN = 2
_FLAT_BEFORE = re.compile(r"(?<!\w)(?:кв|квартир\w{1,3})[\s.:,№-]{0,4}$", re.IGNORECASE)
_FLAT_AFTER = re.compile(r"^[\s-]{0,3}(?:я\s|й\s|ой\s)?квартир[аеуы]\w?", re.IGNORECASE)
_PHONE_BEFORE = re.compile(r"(?:тел\w*|звон\w*|моб\w*)[\s.:,№-]{0,5}$", re.IGNORECASE)
_EMAIL_BEFORE = re.compile(r"(?:почт\w*|e-?mail|электронный адрес)[\s.:,-]{0,5}$", re.IGNORECASE)
_NAME_BEFORE = re.compile(
    r"(?<!\w)(?:мастер\w{0,3}|инженер\w{0,3}|директор\w{0,3}|председател\w{1,3}|начальник\w{0,3}"
    r"|диспетчер\w{0,3}|техник\w{0,3}|управдом\w{0,3}|дворник\w{0,3}|сосед\w{0,4}|гражданин\w{0,3}"
    r"|г-н\w?|господин\w{0,3}|управляющ\w{2,3}|специалист\w{0,3}|зовут|уважением)[\s,:–-]{1,3}$",
    re.IGNORECASE,
)


def _filled(before: str, hidden: str, after: str) -> tuple[str, str] | None:
    """(neighbourhood, what may have stood there): invented signs of the mask's shape, where the kind can be told."""
    words = hidden.split()
    first = len(words[0]) if words else 0
    figures = "3741256489"
    if len(words) == 1 and _FLAT_BEFORE.search(before) and first <= 4:
        return "flat", figures[:first]
    if len(words) == 1 and _FLAT_AFTER.search(after) and first <= 4:
        return "flat", figures[:first]
    if len(words) == 2 and first == 2 and len(words[1]) <= 4 and re.search(r"[\dА-Яа-я.,]\s*$", before):
        return "flat by shape", f"кв {figures[: len(words[1])]}"
    if len(words) == 2 and first == 8 and len(words[1]) <= 4:
        return "flat by shape", f"квартира {figures[: len(words[1])]}"
    if _PHONE_BEFORE.search(before) and len("".join(words)) in (6, 7, 10, 11):
        return "telephone", {6: "551234", 7: "5512345", 10: "7015512345", 11: "87015512345"}[len("".join(words))]
    if len(words) == 1 and _EMAIL_BEFORE.search(before):
        return "e-mail", "someone@example.kz"
    if _NAME_BEFORE.search(before) and 1 <= len(words) <= 3 and first > 2:
        return "name", " ".join(("Петрова", "Анна", "Ивановна")[: len(words)])
    return None


def _threads(path: Path, tally: Tally) -> None:
    for number, row in _lines(path):
        petitions = row.get("petitions")
        if not isinstance(petitions, list):
            stop(
                f"Line {number} of {path.name}: “petitions” is missing.",
                remedy="Give threads (petitions with segments), or objects with text and spans.",
            )
        for petition in petitions:
            segments = petition.get("segments") if isinstance(petition, dict) else None
            if not isinstance(segments, list) or not all(
                isinstance(one, list) and len(one) == 2 and isinstance(one[1], str) for one in segments
            ):
                stop(
                    f"Line {number} of {path.name}: “segments” must be a list of [flag, text].",
                    remedy="Take the file as the portal exported it.",
                )
            text = "".join(one[1] for one in segments)
            spans = tally.find(text)
            for match in _TELEPHONE.finditer(text):
                tally.known["phone"] += 1
                if any(
                    span.kind != "name" and span.start <= match.start() + 1 and match.end() <= span.end + 1
                    for span in spans
                ):
                    tally.found["phone"] += 1
                else:
                    tally.show("missed", "phone", text, *match.span())
            at = 0
            for flag, piece in segments:
                if flag == _HIDDEN:
                    _mask(tally, text[max(0, at - 200) : at], piece, text[at + len(piece) : at + len(piece) + 100])
                at += len(piece)


def _mask(tally: Tally, before: str, hidden: str, after: str) -> None:
    filled = _filled(before, hidden, after)
    if filled is None:
        tally.masks["cannot be told"] += 1
        return
    kind, said = filled
    tally.masks[kind] += 1
    start = len(before)
    spans = personal.find(before + said + after)
    hidden_signs = sum(max(0, min(span.end, start + len(said)) - max(span.start, start)) for span in spans)
    if hidden_signs >= COVERED * len(said):
        tally.masks_hidden[kind] += 1
    else:
        tally.show("mask missed", kind, before + said + after, start, start + len(said))


# ---------------------------------------------------------------------------------------------- the command


def _shape(path: Path) -> str:
    if path.is_dir() or path.name.endswith((".tar.gz", ".tgz", ".tar")):
        return "news"
    first = next(_lines(path), None)
    if first is None:
        stop(f"{path.name} is empty.", remedy="Give a file with at least one line.")
    return "threads" if "petitions" in first[1] else "spans"


def _share(part: int, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None


def _told(tally: Tally, shape: str) -> dict[str, Any]:
    names = tally.known["name"]
    hits = sum(tally.found.values())
    numbers = sum(tally.known[kind] for kind in NUMBERS)
    told: dict[str, Any] = {
        "shape": shape,
        "texts": tally.texts,
        "texts_per_cpu_second": round(tally.texts / max(tally.cpu, 1e-9)),
        "known": dict(sorted(tally.known.items())),
        "found": {kind: tally.found[kind] for kind in sorted(tally.known)},
        "recall": {kind: _share(tally.found[kind], tally.known[kind]) for kind in sorted(tally.known)},
        "finds": dict(sorted(tally.finds.items())),
    }
    if shape == "threads":
        told["telephone_slips"] = tally.known["phone"] - tally.found["phone"]
        told["masks"] = sum(tally.masks.values())
        told["masks_by_neighbourhood"] = {
            kind: {"masks": count, "hidden": tally.masks_hidden[kind] if kind != "cannot be told" else None}
            for kind, count in tally.masks.most_common()
        }
        return told
    told["false"] = dict(sorted(tally.false.items()))
    told["texts_with_false_per_1000"] = round(1000 * tally.texts_with_false / max(1, tally.texts), 2)
    if shape in ("news", "spans") and names:
        told["names"] = {
            "recall": _share(tally.found["name"], names),
            "precision": _share(tally.finds["name"] - tally.false["name"], tally.finds["name"]),
            "exact": _share(tally.exact["name"], names),
        }
    if numbers:
        told["numbers_recall"] = _share(sum(tally.found[kind] for kind in NUMBERS), numbers)
    told["all_recall"] = _share(hits, sum(tally.known.values()))
    return told


def _said(told: dict[str, Any]) -> list[str]:
    lines = [f"{told['texts']} texts, {told['texts_per_cpu_second']} a CPU second."]
    for kind, recall in told["recall"].items():
        lines.append(f"{kind}: {told['found'][kind]} of {told['known'][kind]} found ({recall:.4f}).")
    if told["shape"] == "threads":
        lines.append(f"Telephones that slipped through: {told['telephone_slips']}.")
        for kind, row in told["masks_by_neighbourhood"].items():
            hidden = "" if row["hidden"] is None else f", {row['hidden']} of them hidden by us too"
            lines.append(f"Moderators' masks, {kind}: {row['masks']}{hidden}.")
        return lines
    lines.append(f"Texts with something hidden without need: {told['texts_with_false_per_1000']} in 1,000.")
    if "names" in told:
        lines.append(
            f"Names: recall {told['names']['recall']}, precision {told['names']['precision']} (overlap), exact "
            f"{told['names']['exact']}."
        )
    if "numbers_recall" in told:
        lines.append(f"Numbers, e-mails and papers: recall {told['numbers_recall']}.")
    return lines


def _judge_all(tally: Tally, labelled: Iterable[Labelled], total: int | None) -> None:
    with Ticker("Texts", total) as ticker:
        for one in labelled:
            tally.judge(one)
            ticker.advance()


@click.command()
@click.argument("file", required=False, type=click.Path(exists=True, path_type=Path))
@click.option(
    "--generated", type=click.IntRange(1, 1_000_000), help="Measure on this many invented texts instead of a file."
)
@click.option("--seed", default=0, show_default=True, help="Seed of the invented texts.")
@click.option("--show", is_flag=True, help="Print pieces of the texts where the finding erred. They are personal data.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object on standard output.")
def command(file: Path | None, generated: int | None, seed: int, show: bool, as_json: bool) -> None:
    """How much of the personal data in FILE is found.

    FILE is threads of a portal with moderators' masks (.jsonl, .jsonl.gz), a factRuEval folder or .tar.gz with persons,
    or lines of {"text": …, "spans": [[start, end, kind], …]}. Only counts are printed.
    """
    tally = Tally()
    if (file is None) == (generated is None):
        stop(
            "Give either FILE or --generated, not both and not neither.",
            remedy="For instance: dauys evaluate redaction --generated 5000.",
        )
    if generated is not None:
        shape = "generated"
        _judge_all(
            tally,
            (
                Labelled(one.text, [(known.start, known.end, known.kind) for known in one.known], NUMBERS)
                for one in invented(generated, seed)
            ),
            generated,
        )
    elif file is not None:
        shape = _shape(file)
        if shape == "news":
            _judge_all(tally, _news(file), None)
        elif shape == "spans":
            _judge_all(tally, _with_spans(file), None)
        else:
            _threads(file, tally)
    if not tally.texts:
        stop("There was no text to measure.", remedy="Give a file with at least one text.")
    told = _told(tally, shape)
    if show:
        told["shown"] = tally.shown
    result(told, as_json=as_json, lines=[*_said(told), *(tally.shown if show else [])])

"""`dauys evaluate places`: do we find the place a text names, and never a finer one?"""

import csv
import gzip
import io
import json
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path
from typing import Any

import click

from dauys.commands import run, show

SURE = 0.5
"""A place less sure than this is shown to nobody, so it is neither a find nor a mistake."""

LEVELS = ("area", "street", "house", "landmark")
RANKS = {"country": 0, "region": 1, "district": 2, "okrug": 3, "settlement": 4}
SPEED_TEXTS = 4000


@dataclass(slots=True)
class Tally:
    """One level: of `named` texts that name it, so many exactly right, coarser, too fine, wrong; of `silent` so many
    given one although the text names none."""

    named: int = 0
    exact: int = 0
    coarser: int = 0
    too_fine: int = 0
    wrong: int = 0
    silent: int = 0
    false: int = 0

    def told(self) -> dict[str, Any]:
        return {
            "named": self.named, "exact": self.exact,
            "exact_share": round(self.exact / self.named, 3) if self.named else None,
            "coarser_or_none": self.coarser, "too_fine": self.too_fine, "wrong": self.wrong,
            "silent": self.silent, "false": self.false,
        }  # fmt: skip


@dataclass(slots=True)
class Outcome:
    levels: dict[str, Tally] = field(default_factory=lambda: {level: Tally() for level in LEVELS})
    texts: int = 0
    without_any: int = 0
    false_places: int = 0
    mistakes: list[dict[str, str]] = field(default_factory=list)


@click.command()
@click.argument("file", required=False, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--areas",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Official list of areas (KATO) to read with, instead of the packaged region.",
)
@click.option("--under", metavar="CODE", default="", help="With --areas: only codes that begin so, such as 63.")
@click.option(
    "--names",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Own names as CSV: kind, name, language, area, lat, lon, alias_of.",
)
@click.option(
    "--map",
    "columns",
    multiple=True,
    metavar="FIELD=COLUMN",
    help="Which column holds text, area, street, house or landmark. May be repeated.",
)
@click.option(
    "--address",
    "address",
    metavar="COLUMN",
    help="A column with the address in full («улица Лесная, дом 5»): only streets and houses are compared.",
)
@click.option("--limit", type=click.IntRange(1), help="Read so many rows at most.")
@click.option("--mistakes", type=click.IntRange(0), default=0, help="Show so many mistakes, with their texts.")
@click.option("--json", "as_json", is_flag=True, help="Print the outcome as JSON.")
def command(
    file: Path | None, areas: Path | None, under: str, names: Path | None, columns: tuple[str, ...],
    address: str | None, limit: int | None, mistakes: int, as_json: bool,
) -> None:  # fmt: skip
    """Find places in the texts of FILE (.csv or .jsonl, also .gz) and compare with what it says.

    FILE has the columns text, area (a code), street, house, landmark; an empty cell says that the text names none.
    Without FILE the packaged texts are read: written for this project, Kazakh not yet checked by a native reader.
    """
    run.setup()
    from dauys.engines import places
    from dauys.understand.gazetteer import common_words, vocabulary

    folder = files("dauys.understand") / "data" / "evaluation"
    with show.step("Building the gazetteer"):
        begun = time.process_time()
        entries = _official(areas, under) if areas else _packaged()
        written = names.read_text(encoding="utf-8-sig") if names else ""
        if names is None and areas is None:
            written = (folder / "places_names.csv").read_text(encoding="utf-8")
        entries += _own(written)
        gazetteer = places.Gazetteer(entries, common=common_words(), vocabulary=vocabulary())
        building = time.process_time() - begun
    mapped = _mapped(columns)
    rows = list(_rows(file, mapped, address, limit))
    if not rows:
        show.stop("There is no text to read.", remedy="Give a file with the columns text, area, street, house.")
    if address:
        value, lines = _against_addresses(gazetteer, rows)
    else:
        value, lines = _against_gold(gazetteer, entries, rows, mistakes)
    value |= _speed(gazetteer, [row["text"] for row in rows])
    value |= {"names": len(entries), "building_seconds": round(building, 2)}
    lines.append(f"{value['texts_per_second']} texts a second of processor time; {len(entries)} names.")
    show.result(value, as_json=as_json, lines=lines)


def _against_gold(
    gazetteer: Any, entries: list[Any], rows: list[dict[str, str]], shown: int
) -> tuple[dict[str, Any], list[str]]:
    halves = sorted({row.get("half", "") for row in rows})
    value: dict[str, Any] = {"texts": len(rows), "sure": SURE}
    chains = {entry.area_code: entry.parents for entry in entries if entry.kind == "area"}
    lines: list[str] = []
    wrong: list[dict[str, str]] = []
    for half in [*halves, *([] if len(halves) == 1 else [None])]:
        done = _measured(gazetteer, chains, [row for row in rows if half is None or row.get("half", "") == half])
        name = "all" if half is None or half == "" else half
        value[name] = {level: tally.told() for level, tally in done.levels.items()} | {
            "texts": done.texts, "without_any": done.without_any, "false_places": done.false_places,
            "too_fine": sum(tally.too_fine + tally.false for tally in done.levels.values()),
        }  # fmt: skip
        lines.append(
            f"{name}: {done.texts} texts, {done.without_any} of them without a place ({done.false_places} given one)"
        )
        for level, tally in done.levels.items():
            lines.append(
                f"  {level}: {tally.exact} of {tally.named} exact, {tally.coarser} coarser or none, "
                f"{tally.wrong} wrong, {tally.too_fine} too fine, {tally.false} invented"
            )
        wrong = done.mistakes
    if shown:
        value["mistakes"] = wrong[:shown]
        lines += [
            f"  {row['level']}: {row['text']!r}: {row['given'] or 'none'} for {row['gold'] or 'none'}"
            for row in wrong[:shown]
        ]
    return value, lines


def _measured(gazetteer: Any, chains: dict[str, tuple[str, ...]], rows: list[dict[str, str]]) -> Outcome:
    from dauys.engines import places

    done = Outcome()
    for row in rows:
        found = gazetteer.locate(row["text"])
        sure_area = found is not None and found.area_code and found.confidence >= SURE
        sure_address = found is not None and found.address_confidence >= SURE
        given = {
            "area": found.area_code if sure_area else "",
            **{level: getattr(found, level) if sure_address else "" for level in ("street", "house", "landmark")},
        }
        done.texts += 1
        if not any(row.get(level) for level in LEVELS):
            done.without_any += 1
            # Several places of one text, told and none chosen, are no invention: only what is filled counts.
            done.false_places += any(given.values())
        for level in LEVELS:
            gold, mine, tally = row.get(level, ""), given[level], done.levels[level]
            if gold:
                tally.named += 1
            else:
                tally.silent += 1
            if gold == mine or (gold and mine and level in ("street", "landmark") and places.same_name(gold, mine)):
                tally.exact += bool(gold)
                continue
            if not gold:
                tally.false += 1
            elif not mine or (level == "area" and mine in chains.get(gold, ())):
                tally.coarser += 1
            elif level == "area" and gold in chains.get(mine, ()):
                tally.too_fine += 1
            else:
                tally.wrong += 1
            done.mistakes.append({"level": level, "text": row["text"], "gold": gold, "given": mine})
    return done


def _against_addresses(gazetteer: Any, rows: list[dict[str, str]]) -> tuple[dict[str, Any], list[str]]:
    """Of texts in which we read a street (and house), how many agree with the address a person gave beside them.

    The column is the address of the case, not of the text: a text may rightly name another house. So this measures
    agreement, from below.
    """
    from dauys.engines import places

    with_address = streets = agree = houses = agree_house = no_street = 0
    for row in rows:
        whole = gazetteer.locate(row["address"]) if row["address"] else None
        if whole is None or not whole.street:
            continue
        with_address += 1
        found = gazetteer.locate(row["text"])
        if found is None or not found.street:
            no_street += 1
            continue
        streets += 1
        same = places.same_name(found.street, whole.street)
        agree += same
        if found.house and whole.house and same:
            houses += 1
            # «дом 12» for «12к1» names the same building less fully.
            agree_house += found.house == whole.house or whole.house.startswith(found.house + "к")
    value = {
        "texts": len(rows), "with_address": with_address, "text_names_street": streets, "street_agrees": agree,
        "street_agrees_share": round(agree / streets, 3) if streets else None,
        "same_street_with_house": houses, "house_agrees": agree_house,
        "house_agrees_share": round(agree_house / houses, 3) if houses else None,
    }  # fmt: skip
    lines = [
        f"{len(rows)} texts, {with_address} with a readable address, {streets} of these name one street themselves.",
        f"  street agrees in {agree} of {streets}; where it does and both give a house, "
        f"the house in {agree_house} of {houses}",
    ]
    return value, lines


def _speed(gazetteer: Any, texts: list[str]) -> dict[str, Any]:
    wanted = (texts * (SPEED_TEXTS // len(texts) + 1))[:SPEED_TEXTS]
    begun = time.process_time()
    for text in wanted:
        gazetteer.locate(text)
    return {"texts_per_second": round(len(wanted) / max(1e-6, time.process_time() - begun))}


# ------------------------------------------------------------------------------------------------------- reading files


def _mapped(columns: tuple[str, ...]) -> dict[str, str]:
    mapped = {name: name for name in ("text", *LEVELS, "half")}
    for pair in columns:
        name, mark, column = pair.partition("=")
        if not mark or name not in mapped or not column:
            show.stop(
                f"--map {pair!r} is not understood.", remedy=f"Write FIELD=COLUMN, FIELD one of {', '.join(mapped)}."
            )
        mapped[name] = column
    return mapped


def _rows(
    file: Path | None, mapped: dict[str, str], address: str | None, limit: int | None
) -> Iterator[dict[str, str]]:
    for line, row in enumerate(_records(file), 2):
        if limit is not None and line - 2 >= limit:
            return
        missing = [column for column in (mapped["text"], address) if column and column not in row]
        if missing:
            show.stop(
                f"Line {line} has no field {missing[0]!r}.",
                remedy="Name it with --map text=COLUMN or --address COLUMN.",
            )
        told = {name: str(row.get(column) or "").strip() for name, column in mapped.items()}
        told["text"] = str(row.get(mapped["text"]) or "")
        if address:
            told["address"] = str(row.get(address) or "")
        yield told


def _records(file: Path | None) -> Iterator[dict[str, Any]]:
    if file is None:
        text = (files("dauys.understand") / "data" / "evaluation" / "places.csv").read_text(encoding="utf-8")
        yield from csv.DictReader(io.StringIO(text))
        return
    kind = file.name.lower().removesuffix(".gz")
    try:
        packed = file.name.lower().endswith(".gz")
        with gzip.open(file, "rt", encoding="utf-8-sig") if packed else file.open(encoding="utf-8-sig") as source:
            if kind.endswith(".csv"):
                yield from csv.DictReader(source)
            elif kind.endswith((".jsonl", ".ndjson")):
                for line, written in enumerate(source, 1):
                    if written.strip():
                        row = json.loads(written)
                        if not isinstance(row, dict):
                            show.stop(f"{file.name}, line {line} is no JSON object.", remedy="Write one object a line.")
                        yield row
            else:
                show.stop(f"{file.name} is neither .csv nor .jsonl.", remedy="Convert it, or give its right ending.")
    except (OSError, EOFError, UnicodeDecodeError, csv.Error, json.JSONDecodeError) as error:
        show.stop(
            f"{file.name} cannot be read ({error}).", remedy="Give CSV or JSON Lines in UTF-8, packed by .gz or not."
        )


def _packaged() -> list[Any]:
    """The packaged region: real codes and names of areas (see demo/data/ATTRIBUTION.md)."""
    text = (files("dauys.demo") / "data" / "areas.csv").read_text(encoding="utf-8")
    rows = list(csv.DictReader(line for line in text.splitlines() if not line.startswith("#")))
    return _named(
        [
            (row["code"], row["parent"], row["level"], {tongue: row[tongue] for tongue in ("ru", "kk", "en")})
            for row in rows
        ]
    )


def _official(path: Path, under: str) -> list[Any]:
    from dauys.institution import kato

    try:
        rows, _problems = kato.read(path)
    except kato.NotAList as error:
        show.stop(str(error))
    return _named(
        [
            (row.code, row.parent, row.level, {tongue: getattr(row.name, tongue) for tongue in ("ru", "kk", "en")})
            for row in rows
            if row.code.startswith(under)
        ]
    )


def _named(rows: list[tuple[str, str, str, dict[str, str]]]) -> list[Any]:
    from dauys.engines import places

    parents = {code: parent for code, parent, _level, _names in rows}
    entries = []
    for code, parent, level, names in rows:
        chain = []
        while parent:
            chain.append(parent)
            parent = parents.get(parent, "")
        if RANKS[level] > RANKS["region"]:
            entries += [
                places.PlaceName(code, name, tongue, RANKS[level], tuple(chain))
                for tongue, name in names.items()
                if name
            ]
    return entries


def _own(text: str) -> list[Any]:
    from dauys.engines import places

    rows = csv.DictReader(io.StringIO(text))
    if text and not {"kind", "name"} <= set(rows.fieldnames or ()):
        show.stop(
            "--names has no column kind or name.", remedy="Its first line: kind,name,language,area,lat,lon,alias_of"
        )
    return [
        places.PlaceName(
            row.get("area") or "", row["name"], row.get("language") or "", kind=row["kind"],
            canonical=row.get("alias_of") or "", own=True,
        )
        for row in rows
        if row["kind"] in ("street", "landmark")
    ]  # fmt: skip

"""`dauys import places FILE`: names of places from a map's extract, or the institution's own table."""

import sys
import time
from dataclasses import asdict
from pathlib import Path

import click

from dauys.commands import show
from dauys.commands.run import setup

SHOWN = 20
"""So many refused rows are told one by one; `--json` tells all."""


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Say what would happen and change nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print the outcome as JSON.")
def places(file: Path, dry_run: bool, as_json: bool) -> None:
    """Take over names of settlements, streets and landmarks: GeoJSON or OSM XML (.gz, .bz2), or your own CSV.

    The CSV's columns are kind (area, street, landmark), name, language, area (code), lat, lon, alias_of (the name in
    force, where this one is an old or a spoken name). A .pbf extract is converted first: osmium cat IN -o OUT.osm.bz2

    Running it again changes nothing. What lies outside the institution's areas is left. Exits with 1 if a row was
    refused.
    """
    setup()
    from django.utils import timezone

    from dauys.institution.queries import NotEstablished, house
    from dauys.understand import gazetteer, gazetteer_files

    begun = time.monotonic()
    try:
        place = house()
        with show.Ticker(f"Read from {file.name}", None) as ticker:
            read = gazetteer_files.read(file, place, progress=ticker.advance)
    except NotEstablished:
        show.stop("There is no institution yet.", remedy="Set one up first: dauys up")
    except gazetteer_files.NotAFile as error:
        show.stop(str(error))
    taken = gazetteer.Taken(0, 0, 0)
    if not dry_run:
        with show.Ticker("Names", len(read.rows)) as ticker:
            taken = gazetteer.take(read.rows, officer=None, now=timezone.now(), progress=ticker.advance)
    seconds = time.monotonic() - begun
    lines = [
        f"{taken.added} names added, {taken.changed} changed, {taken.same} as before; {seconds:.1f} s."
        if not dry_run
        else f"Tried only; {len(read.rows)} names could be taken and nothing is changed.",
        f"{read.without_area} places could not be told an area; {read.outside} lie outside your areas and "
        f"{read.without_name} have no name: left.",
    ]
    if read.refused:
        lines.append(f"{len(read.refused)} refused:")
        lines += [f"  {each.line}, {each.name or 'no name'}: {each.reason}" for each in read.refused[:SHOWN]]
        if len(read.refused) > SHOWN:
            lines.append(f"  … and {len(read.refused) - SHOWN} more; --json tells all.")
    sources = sorted({f"{row.source}, {row.licence}" for row in read.rows})
    show.result(
        {
            "dry_run": dry_run, "names": len(read.rows), **asdict(taken), "without_area": read.without_area,
            "outside": read.outside, "without_name": read.without_name, "sources": sources,
            "seconds": round(seconds, 2), "refused": [asdict(each) for each in read.refused],
        },
        as_json=as_json,
        lines=lines,
    )  # fmt: skip
    sys.exit(1 if read.refused else 0)

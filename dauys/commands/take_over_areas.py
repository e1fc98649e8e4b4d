"""`dauys import areas FILE`: the official list of territorial units, taken over or brought up to date."""

import sys
import time
from dataclasses import asdict
from pathlib import Path

import click

from dauys.commands import show
from dauys.commands.run import setup

SHOWN = 20
"""So many rows with a problem are told one by one; `--json` tells all."""


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--under", metavar="CODE", help="Take only codes that begin so, such as 63.")
@click.option("--dry-run", is_flag=True, help="Say what would happen and change nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print the outcome as JSON.")
def areas(file: Path, under: str | None, dry_run: bool, as_json: bool) -> None:
    """Take over the official list of areas (KATO): CSV, CSV.GZ or XLSX.

    Parent and level are derived from the code. Running it again changes nothing. Exits with 1 if a row was
    refused.
    """
    setup()
    from django.utils import timezone

    from dauys.institution import kato
    from dauys.institution.queries import NotEstablished, house

    if under is not None and not (under.isascii() and under.isdigit() and len(under) <= 9):
        show.stop(f"--under is {under!r}.", remedy="Give the first digits of the codes to take, such as 63.")
    begun = time.monotonic()
    try:
        house()
        with show.step(f"Reading {file.name}"):
            rows, problems = kato.read(file)
        if under and not any(row.code.startswith(under) for row in rows):
            show.stop(
                f"No code in {file.name} begins with {under}.",
                remedy="Correct --under or leave it out.",
                code=1,
            )
        with show.Ticker("Areas", sum(row.code.startswith(under or "") for row in rows)) as ticker:
            taken, more = kato.take(
                rows, under=under, officer=None, now=timezone.now(), dry_run=dry_run, progress=ticker.advance
            )
    except NotEstablished:
        show.stop("There is no institution yet.", remedy="Set one up first: dauys up")
    except kato.NotAList as error:
        show.stop(str(error))
    problems = sorted([*problems, *more], key=lambda problem: problem.line)
    refused = [problem for problem in problems if problem.kind == "refused"]
    mended = [problem for problem in problems if problem.kind == "mended"]
    seconds = time.monotonic() - begun
    lines = [f"{taken.added} areas added, {taken.changed} changed, {taken.same} as before; {seconds:.1f} s."]
    if dry_run:
        lines.insert(0, "Tried only; nothing is changed.")
    for title, found in ((f"{len(refused)} rows refused:", refused), (f"{len(mended)} rows mended:", mended)):
        if found:
            lines += [
                title,
                *(f"  line {each.line}, {each.code or 'no code'}: {each.reason}" for each in found[:SHOWN]),
            ]
            if len(found) > SHOWN:
                lines.append(f"  … and {len(found) - SHOWN} more; --json tells all.")
    show.result(
        {
            "dry_run": dry_run, **asdict(taken), "seconds": round(seconds, 2),
            "refused": [asdict(each) for each in refused], "mended": [asdict(each) for each in mended],
        },
        as_json=as_json,
        lines=lines,
    )  # fmt: skip
    sys.exit(1 if refused else 0)

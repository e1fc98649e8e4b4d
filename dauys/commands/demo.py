"""`dauys demo`: a region to try the product on, with a year of invented appeals."""

import os
import shutil
import sys
from datetime import UTC, datetime
from pathlib import Path

import click

from dauys.commands import run, show

FOLDER = "demo"
DONE = "demonstration.done"
BEGUN = "demonstration.begun"


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option(
    "--appeals", default=5000, show_default=True, type=click.IntRange(1, 200_000), help="About how many in the year."
)
@click.option("--seed", default=1, show_default=True, help="Another seed, another year; the same seed, the same year.")
@click.option("--fresh", is_flag=True, help="Throw the present demonstration away and make it anew.")
@click.option("--only-setup", is_flag=True, help="Make the demonstration and end without starting it.")
def demo(host: str, port: int, appeals: int, seed: int, fresh: bool, only_setup: bool) -> None:
    """Run a demonstration region with a year of invented appeals. Ctrl-C stops it; the next start takes seconds."""
    home = Path(os.environ.get("DAUYS_HOME", FOLDER)).resolve()
    if (
        not fresh
        and home.exists()
        and any(home.iterdir())
        and not any((home / mark).exists() for mark in (DONE, BEGUN))
    ):
        show.stop(
            f"{home} holds something that is no demonstration.", remedy="Name another folder: DAUYS_HOME=… dauys demo"
        )
    if fresh or not (home / DONE).exists():
        _clear(home)
    os.environ["DAUYS_HOME"] = str(home)
    os.environ["DAUYS_DEMO"] = "1"
    os.environ.setdefault("DAUYS_LOG", "WARNING")
    show.console.print("Dauys: a demonstration region. Every person, office and appeal in it is invented.")
    home.mkdir(parents=True, exist_ok=True)
    if not (home / DONE).exists():
        (home / BEGUN).touch()
    run.setup()
    with show.step("Tables, texts and styles"):
        run.migrated()
        run.translations_compiled()
        run.static_collected()
    run.ready()
    if not (home / DONE).exists():
        _fill(appeals, seed)
        (home / DONE).touch()
    _say(host, port)
    if only_setup:
        return
    from django.db import connections

    connections.close_all()
    sys.exit(run.together(host=host, port=port))


def _clear(home: Path) -> None:
    """Remove a demonstration, whole or half made; nothing else is ever removed."""
    if any((home / mark).exists() for mark in (DONE, BEGUN)):
        shutil.rmtree(home)


def _fill(appeals: int, seed: int) -> None:
    from dauys.demo import loader
    from dauys.demo.reading import read_data
    from dauys.prove.actions import count_pending

    now = datetime.now(UTC)
    with show.step("Offices, people, topics; learning to read"):
        data = read_data()
        # Before the first appeal: the ledger's days never run backwards, so a later start would date everything today.
        loader.establish(data, now=now - loader.BEFORE)
    with show.Ticker("Appeals of a year, answered or not", appeals) as ticker:
        player = loader.fill(data, seed=seed, now=now, appeals=appeals, progress=ticker.advance)
    with show.step("Learning to read from the year's own appeals"):
        loader.learn(now=now)
    with show.step("Counting figures"):
        while count_pending(now=now, limit=100_000):
            pass
    for what, count in sorted(player.skipped.items()):
        show.console.print(f"  {count} × {what} (the product refused it, as it should)")


def _say(host: str, port: int) -> None:
    from dauys.demo import loader
    from dauys.demo.reading import read_data

    address = f"http://{'localhost' if host == '127.0.0.1' else host}:{port}"
    click.echo("")
    click.echo(f"  The demonstration is at {address}")
    click.echo(f"  Sign in at {address}/accounts/login/ with the password  {loader.PASSWORD}  as:")
    for person in read_data().people:
        if person.shown:
            click.echo(f"    {person.email:<28} {person.shown}")
    click.echo("  Ctrl-C stops it.")
    click.echo("")

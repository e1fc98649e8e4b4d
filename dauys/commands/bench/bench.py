"""`dauys bench`: figures of this machine, by the product's own means."""

import os
import sys
from pathlib import Path

import click

from dauys.commands import show


@click.group()
def bench() -> None:
    """Measure intake, import and pages on this machine. Ratios are what to trust: machines are noisy."""


json_option = click.option("--json", "as_json", is_flag=True, help="Print the figures as JSON.")


@bench.command()
@click.option("--seconds", default=6.0, show_default=True, help="Of load in each round.")
@click.option("--connections", default=32, show_default=True, type=click.IntRange(1, 256))
@click.option("--rounds", default=3, show_default=True, type=click.IntRange(1, 20))
@json_option
def intake(seconds: float, connections: int, rounds: int, as_json: bool) -> None:
    """Durable intake through the citizen's own form: together, each alone, and the raw bar, in turn."""
    from dauys.commands.bench import intake as measured

    found = measured.measure(seconds=seconds, connections=connections, rounds=rounds)
    lines = [
        f"{connections} connections, {seconds:.0f} s × {rounds} rounds, medians; "
        f"the disk syncs {found['fdatasync_per_second']}/s"
    ]
    lines += [
        f"{name:>9}: {row['per_second']:7.0f}/s  p50 {row['p50_ms']:6.1f} ms  p99 {row['p99_ms']:6.1f} ms  "
        f"{row['cpu_ms_each']:.2f} CPU-ms each  {row['errors']:.0f} errors"
        + (f"  {row['flushes_each']:.2f} disk flushes each" if row["flushes_each"] >= 0 else "")
        + (f"  {row['acknowledged']:.0f} acknowledged, {row['lost']:.0f} lost" if "lost" in row else "")
        for name, row in found["variants"].items()
    ]
    lines += [
        f"together / alone: {found['ratios']['together_to_alone']}   "
        f"together / raw bar: {found['ratios']['together_to_raw_bar']}"
    ]
    show.result(found, as_json=as_json, lines=lines)


@bench.command()
@click.option("--appeals", default=60, show_default=True, type=click.IntRange(10, 500))
@click.option("--reading", default=1.5, show_default=True, help="Seconds a person reads each appeal.")
@json_option
def triage(appeals: int, reading: float, as_json: bool) -> None:
    """How many appeals a practised person settles in a minute, by keys, in a browser. Needs Playwright and Chromium."""
    from dauys.commands.bench import triage as measured

    found = measured.measure(appeals=appeals, reading_seconds=reading)
    show.result(found, as_json=as_json, lines=measured.lines(found))


@bench.command()
@click.option("--questions", default=40, show_default=True, type=click.IntRange(5, 1000), help="Of each kind.")
@json_option
def search(questions: int, as_json: bool) -> None:
    """A page of found appeals in this installation (DAUYS_HOME), by kind of question and by who asks."""
    from dauys.commands.bench import search as measured

    rows = measured.measure(questions=questions)
    lines = [", ".join(f"{name} {value}" for name, value in row.items()) for row in rows]
    show.result({"search": rows}, as_json=as_json, lines=lines or ["There are no appeals to look for."])


@bench.command("vectors")
@click.option("--vectors", default=1_000_000, show_default=True, type=click.IntRange(1000, 20_000_000))
@click.option("--dims", default=384, show_default=True, type=click.IntRange(8, 4096), help="A multiple of eight.")
@json_option
def vectors_(vectors: int, dims: int, as_json: bool) -> None:
    """The nearest in meaning among so many invented vectors: time, share found, room on the disk."""
    from dauys.commands.bench import search_vectors as measured

    found = measured.measure(vectors=vectors, dims=dims)
    show.result(found, as_json=as_json, lines=measured.lines(found))


@bench.command()
@click.option("--rounds", default=15, show_default=True, type=click.IntRange(3, 200))
@click.option(
    "--bar", default=100.0, show_default=True, help="Milliseconds a page may take; slower ones make the exit code 1."
)
@json_option
def pages(rounds: int, bar: float, as_json: bool) -> None:
    """Server time and statements of the pages of this installation (DAUYS_HOME), asked as its own people."""
    from dauys.commands.bench import pages as measured

    rows = measured.measure(rounds=rounds)
    bad = [row for row in rows if row["median_ms"] > bar or row["statements"] > 12 or row["status"] != 200]
    lines = [
        f"{row['median_ms']:7.1f} ms  {row['worst_ms']:7.1f} worst  {row['statements']:3d} statements  "
        f"{row['bytes'] // 1024:4d} KiB  {row['status']}  {row['page']}"
        for row in rows
    ]
    show.result({"pages": rows}, as_json=as_json, lines=lines)
    sys.exit(1 if bad else 0)


@bench.command()
@json_option
def promise(as_json: bool) -> None:
    """From submission to promise, at rest: a real server and worker, one appeal at a time; and their memory."""
    from dauys.commands.bench import promise as measured

    found = measured.measure()
    show.result(
        found, as_json=as_json,
        lines=[
            f"from submission to promise: median {found['median_s']:.2f} s, worst {found['worst_s']:.2f} s "
            f"of {found['appeals']}",
            f"memory: server {found['server_mb']:.0f} MB, worker {found['worker_mb']:.0f} MB",
        ],
    )  # fmt: skip


@bench.command()
@click.option("--appeals", default=1_000_000, show_default=True, type=click.IntRange(1000, 100_000_000))
@click.option("--rules", default=500, show_default=True, type=click.IntRange(1, 100_000))
@json_option
def routing(appeals: int, rules: int, as_json: bool) -> None:
    """Invented appeals by invented rules on one core: how many a second, and what checking the rules costs."""
    from dauys.commands.bench import routing as measured

    found = measured.measure(appeals=appeals, rules=rules)
    show.result(found, as_json=as_json, lines=measured.lines(found))


@bench.command()
@click.option("--promises", default=1_000_000, show_default=True, type=click.IntRange(100, 20_000_000))
@click.option("--country", default="KZ", show_default=True, help="Whose working days, ISO 3166-1.")
@json_option
def deadline(promises: int, country: str, as_json: bool) -> None:
    """Due days counted in bulk and day by day on a country's calendar, and whether they are equal."""
    from dauys.commands.bench import deadline as measured

    found = measured.measure(promises=promises, country=country)
    show.result(found, as_json=as_json, lines=measured.lines(found))
    sys.exit(0 if found["equal"] == found["compared"] else 1)


@bench.command()
@click.option("--promises", default=100_000, show_default=True, type=click.IntRange(10, 5_000_000))
@json_option
def recount(promises: int, as_json: bool) -> None:
    """One day of the calendar is closed while so many promises are open: until each has its new day and its entry."""
    from dauys.commands.bench import recount as measured

    found = measured.measure(promises=promises)
    show.result(found, as_json=as_json, lines=measured.lines(found))


@bench.command(name="import")
@click.argument("file", type=click.Path(exists=True, path_type=Path))
@click.option("--map", "map_file", type=click.Path(exists=True, path_type=Path), required=True)
@json_option
def taking_over(file: Path, map_file: Path, as_json: bool) -> None:
    """Take over FILE into a fresh installation with all reading, then measure its pages and memory."""
    from dauys.commands.bench import taking_over as measured

    found = measured.measure(file, map_file)
    show.result(found, as_json=as_json, lines=measured.lines(found))


@bench.command(name="all")
@click.option(
    "--file", "data", type=click.Path(exists=True, path_type=Path), help="Past appeals to measure the import with."
)
@click.option("--map", "map_file", type=click.Path(exists=True, path_type=Path))
@click.pass_context
def everything(ctx: click.Context, data: Path | None, map_file: Path | None) -> None:
    """Intake and promise; the import and the pages too where a file of past appeals is given."""
    ctx.invoke(intake)
    ctx.invoke(promise)
    data = data or (Path(os.environ["DAUYS_BENCH_FILE"]) if os.environ.get("DAUYS_BENCH_FILE") else None)
    map_file = map_file or (Path(os.environ["DAUYS_BENCH_MAP"]) if os.environ.get("DAUYS_BENCH_MAP") else None)
    if data and map_file:
        ctx.invoke(taking_over, file=data, map_file=map_file)
    else:
        click.echo("No file of past appeals was given (--file, --map): the import was not measured.")

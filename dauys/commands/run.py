"""Running the parts: server, worker, checks, migrations."""

import os
import signal
import subprocess  # our own two processes, started with our own interpreter
import sys
import time
from pathlib import Path

import click

from dauys.commands import show

PROCESSES_SQLITE = 2
THREADS_SQLITE = 32
"""Few processes, many threads: submissions that arrive at once meet in a write lane and share an fsync."""


def setup() -> None:
    """Make Django ready for a command."""
    import django

    django.setup()


def migrated() -> None:
    from django.core.management import call_command

    call_command("migrate", verbosity=0, interactive=False)


def static_collected() -> None:
    from django.core.management import call_command

    call_command("collectstatic", verbosity=0, interactive=False)


def translations_compiled() -> None:
    """Write the .mo beside every .po that is newer: with polib, so that no gettext tools are needed."""
    from pathlib import Path

    import polib
    from django.conf import settings

    for source in Path(settings.PACKAGE, "locale").glob("*/LC_MESSAGES/*.po"):
        target = source.with_suffix(".mo")
        if not target.exists() or target.stat().st_mtime < source.stat().st_mtime:
            polib.pofile(str(source)).save_as_mofile(str(target))


def ready() -> None:
    """Refuse to open the doors of an installation that could lose or leak."""
    from dauys.web.health import BESIDE, findings

    bad = [finding for finding in findings() if not finding.ok and finding.name not in BESIDE]
    for finding in bad:
        click.echo(f"Not fit to accept appeals: {finding.name}: {finding.said}. {finding.remedy}", err=True)
    if bad:
        sys.exit(1)


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
def serve(host: str, port: int) -> None:
    """Run the web server. Put a TLS proxy in front of it for the public (docs/operating.md)."""
    setup()
    ready()
    from django.db import connection
    from granian import Granian
    from granian.constants import Interfaces

    sqlite = connection.vendor == "sqlite"
    connection.close()
    Granian(
        "dauys.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=PROCESSES_SQLITE if sqlite else max(1, (os.cpu_count() or 2)),
        blocking_threads=THREADS_SQLITE if sqlite else 8,
        websockets=False,
        log_enabled=False,
    ).serve()


@click.command()
@click.option("--once", is_flag=True, help="Do what is owed now and end.")
@click.option(
    "--until-idle", is_flag=True, hidden=True, help="End when nothing is owed and the import beside it is done."
)
@click.option("--json", "as_json", is_flag=True, help="With --once: print what was done as JSON.")
def work(once: bool, until_idle: bool, as_json: bool) -> None:
    """Run the worker: it asks the tables what is owed, does it, and rests half a second when nothing is."""
    setup()
    from dauys.web import health, worker

    clock = health.clock()
    if not clock.ok:
        show.stop(f"Nothing can be written: the clock {clock.said}.", remedy=clock.remedy, code=1)
    if once:
        done = worker.run_once()
        show.result(done, as_json=as_json, lines=[f"{name}: {count}" for name, count in done.items()])
        return
    hand = worker.Worker(worker.BESIDE_IMPORT, until=import_mark().exists) if until_idle else worker.Worker()
    if not hand.run() and not until_idle:
        show.stop("Another worker of this installation is running.", remedy="One is enough.", code=1)


def import_mark() -> Path:
    """The file by which an import tells the worker beside it that no more rows come."""
    from django.conf import settings

    return Path(settings.HOME) / "import-done"


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print the findings as JSON.")
def check(as_json: bool) -> None:
    """Check durability settings, tables, keys and folders. Exits with 1 if anything is amiss."""
    setup()
    from dauys.web.health import findings

    found = findings()
    show.result(
        {
            finding.name: {"ok": finding.ok, "said": finding.said, "remedy": "" if finding.ok else finding.remedy}
            for finding in found
        },
        as_json=as_json,
        lines=[
            f"{'ok ' if finding.ok else 'BAD'} {finding.name}: {finding.said}"
            + ("" if finding.ok else f" — {finding.remedy}")
            for finding in found
        ],
    )
    sys.exit(0 if all(finding.ok for finding in found) else 1)


@click.command()
def migrate() -> None:
    """Bring the database to this version's tables. Safe to run again."""
    setup()
    with show.step("Tables"):
        migrated()


def together(*, host: str, port: int) -> int:
    """Run server and worker side by side until Ctrl-C; whichever falls is started again, with patience.

    Returns the exit code: 0 after a stop that was asked for.
    """
    commands = {
        "server": [sys.executable, "-m", "dauys", "serve", "--host", host, "--port", str(port)],
        "worker": [sys.executable, "-m", "dauys", "work"],
    }
    # A session of their own: Ctrl-C reaches this process alone, which then stops both in order.
    running = {name: subprocess.Popen(command, start_new_session=True) for name, command in commands.items()}
    born = {name: time.monotonic() for name in commands}
    asked: list[int] = []
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda received, _frame: asked.append(received))
    code = 0
    while not asked:
        time.sleep(0.2)
        for name, process in list(running.items()):
            if process.poll() is None:
                continue
            lived = time.monotonic() - born[name]
            if lived < 5:
                click.echo(
                    f"The {name} ended {lived:.0f} s after its start (exit code {process.returncode}).", err=True
                )
                code = process.returncode or 1
                asked.append(0)
                break
            click.echo(f"The {name} ended (exit code {process.returncode}); starting it again.", err=True)
            running[name] = subprocess.Popen(commands[name], start_new_session=True)
            born[name] = time.monotonic()
    for process in running.values():
        if process.poll() is None:
            process.terminate()
    for process in running.values():
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
    return code

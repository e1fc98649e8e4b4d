"""A change of the working calendar while so many promises are open, every one of which it moves."""

import json
import os
import secrets
import subprocess  # our own process, started with our own interpreter
import sys
import tempfile
import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import click

from dauys.commands import show
from dauys.commands.bench.intake import SETUP, python

KINDS = ("application", "complaint", "message", "proposal")
CHUNK = 2000


def measure(*, promises: int) -> dict[str, Any]:
    """Fill a scratch installation and change one day of its calendar; processor and wall seconds of what follows."""
    with tempfile.TemporaryDirectory(prefix="dauys-bench-") as folder:
        home = Path(folder)
        with show.step("A fresh installation"):
            python(home, SETUP)
        env = {
            **os.environ,
            "DAUYS_HOME": str(home),
            "DAUYS_KEYS": str(home / "keys"),
            "DAUYS_DATABASE": f"sqlite:///{home}/dauys.sqlite3",
        }
        command = [sys.executable, "-m", "dauys.commands.bench.recount", str(promises)]
        with subprocess.Popen(command, env=env, stdout=subprocess.PIPE, text=True) as child:
            assert child.stdout is not None
            for title in ("Open promises made", "Promises counted anew"):
                with show.Ticker(title, promises) as ticker:
                    while ticker.done < promises and (line := child.stdout.readline()):
                        ticker.advance(int(line))
            told = child.stdout.read()
        if child.returncode:
            raise RuntimeError("The measured process failed; its error stands above.")
        found: dict[str, Any] = json.loads(told)
        return found


def lines(found: dict[str, Any]) -> list[str]:
    return [
        f"{found['promises']} open promises, {found['moved']} moved by one day off: "
        f"{found['cpu_s']:.1f} CPU s, {found['wall_s']:.1f} s in all; "
        f"the longest hold of the pen {found['longest_ms']:.0f} ms",
        f"{found['promises'] / found['cpu_s']:.0f} promises a CPU second, each with its row, day and public entry",
    ]


def _child(promises: int) -> dict[str, Any]:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dauys.settings")
    import django

    django.setup()
    from dauys.answer import actions
    from dauys.answer.actions import recounting
    from dauys.answer.models import Recount
    from dauys.institution import actions as institution
    from dauys.institution.models import Office
    from dauys.institution.plan import DayPlan
    from dauys.institution.queries import Names, forget, house

    now = datetime.now(UTC)
    Office.objects.update(policy="kz.appc")
    forget()
    _fill(promises, now=now)
    actions.recount_pending(now=now, limit=promises + recounting.AT_ONCE)  # what stands, before anything changes
    place = house()
    calendar = place.calendar(now.year)
    day = place.today(now) + timedelta(days=4)
    while not calendar.is_working(day):
        day += timedelta(days=1)
    plan = DayPlan(day, False, Names("", "", ""), "Measured", True)
    institution.set_day(day=plan, officer=None, now=now)

    cpu, wall, longest, counted = time.process_time(), time.perf_counter(), 0.0, 0
    while True:
        begun = time.perf_counter()
        did = actions.recount_pending(now=now, limit=CHUNK)
        longest = max(longest, time.perf_counter() - begun)
        if not did:
            break
        say = min(did, promises - counted)
        counted += say
        if say:
            click.echo(say)
    last = Recount.objects.order_by("-id")[0]
    return {
        "promises": last.looked_at,
        "moved": last.moved,
        "cpu_s": round(time.process_time() - cpu, 2),
        "wall_s": round(time.perf_counter() - wall, 2),
        "longest_ms": round(longest * 1000),
    }


def _fill(promises: int, *, now: datetime) -> None:
    """Invented open appeals with promises of the last days, written straight into the tables."""
    from base64 import b64encode

    from django.db import transaction

    from dauys.answer import promises as owing
    from dauys.answer.models import Handling, Promise, State
    from dauys.hear.models import Appeal
    from dauys.institution.queries import house

    place = house()
    office = next(iter(place.offices.values()))
    counter = owing.Counter(place)
    days: list[date] = []
    day = place.today(now)
    while len(days) < 3:
        if place.calendar(now.year).is_working(day):
            days.append(day)
        day -= timedelta(days=1)
    for start in range(0, promises, CHUNK):
        size = min(CHUNK, promises - start)
        with transaction.atomic():
            appeals = Appeal.objects.bulk_create(
                Appeal(
                    number=f"bench-{start + n}", case=b64encode(secrets.token_bytes(16)).decode(),
                    kind=KINDS[n % len(KINDS)], channel="web", text="Measured", language="ru", received_at=now,
                    registered_on=days[n % len(days)], key=secrets.token_hex(32), code_mac=b"",
                )
                for n in range(size)
            )  # fmt: skip
            owed = [counter.owed(office=office, kind=one.kind, registered_on=one.registered_on) for one in appeals]
            pairs = [(one, due) for one, due in zip(appeals, owed, strict=True) if due]
            Handling.objects.bulk_create(
                Handling(
                    appeal=one, state=State.PROMISED, is_open=True, acting_id=office.id, clock_id=office.id,
                    due_on=due.due_on, begin_by=due.due_on, received_at=now,
                )
                for one, due in pairs
            )  # fmt: skip
            Promise.objects.bulk_create(
                Promise(
                    appeal=one, office_id=office.id, policy=due.policy.id, registered_on=one.registered_on,
                    due_on=due.due_on, made_at=now,
                )
                for one, due in pairs
            )  # fmt: skip
        click.echo(size)


if __name__ == "__main__":
    click.echo(json.dumps(_child(int(sys.argv[1]))))

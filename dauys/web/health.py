"""Is this installation fit to accept appeals? Asked before it opens its doors, and by `dauys check`."""

import os
import stat
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

from dauys.answer import drafting, policies
from dauys.answer.post import sending, server
from dauys.institution.queries import NotEstablished, house
from dauys.ledger.actions import clock_fault

MAIL = "mail"
BESIDE = frozenset({"debug", MAIL, "drafting", "rules"})
"""Worth knowing, and no reason to keep the doors shut: appeals are safe without it."""

SYNCHRONOUS = ("OFF", "NORMAL", "FULL", "EXTRA")


@dataclass(frozen=True, slots=True)
class Finding:
    name: str
    ok: bool
    said: str
    remedy: str = ""


def findings() -> list[Finding]:
    """Every check with what it saw; a failed one says what to do."""
    checks = [_durability(), _migrations(), _keys(), _attachments(), clock(), _rules(), _mail(), _drafting(), _debug()]
    return [finding for finding in checks if finding]


def _durability() -> Finding:
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            journal = cursor.execute("PRAGMA journal_mode").fetchone()[0]
            synchronous = cursor.execute("PRAGMA synchronous").fetchone()[0]
            return Finding(
                "durability",
                journal == "wal" and synchronous == 2,
                f"SQLite journal_mode={journal}, synchronous={SYNCHRONOUS[synchronous]}",
                "The database must run in WAL mode with synchronous=FULL, or a power cut loses acknowledged appeals.",
            )
        cursor.execute("SELECT current_setting('fsync'), current_setting('synchronous_commit')")
        fsync, commit = cursor.fetchone()
        return Finding(
            "durability",
            fsync == "on" and commit in {"on", "remote_apply", "remote_write"},
            f"PostgreSQL fsync={fsync}, synchronous_commit={commit}",
            "Set fsync=on and synchronous_commit=on in postgresql.conf.",
        )


def _migrations() -> Finding:
    executor = MigrationExecutor(connection)
    waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return Finding("tables", not waiting, f"{len(waiting)} migrations waiting", "Run: dauys migrate")


def clock() -> Finding:
    """Whether this machine's clock lies behind what is written already: then no verb will be done."""
    now = datetime.now(UTC)
    try:
        fault = clock_fault(house().today(now))
    except (NotEstablished, DatabaseError):
        return Finding("clock", True, f"{now:%Y-%m-%d %H:%M} UTC; nothing is written yet")
    if fault is None:
        return Finding("clock", True, f"{now:%Y-%m-%d %H:%M} UTC, not behind the last entry")
    return Finding(
        "clock",
        False,
        f"says {fault.says}, and the last entry of the ledger is of {fault.last_on}",
        "Set this machine's clock right (timedatectl). If it is right and was wrong before, "
        f"set DAUYS_CLOCK_ACCEPTED={fault.last_on}.",
    )


def _rules() -> Finding:
    faults = policies.faults()
    if not faults:
        own = ", ".join(sorted(policies.book().own))
        return Finding("rules", True, f"own files in force: {own}" if own else "the rules that ship")
    instead = {"copy": "its last good text", "shipped": "the shipped rules", "nothing": "nothing"}
    told = [
        f"{one.file}{f', line {one.line}' if one.line else ''}: {one.problem}; in force: {instead[one.instead]}"
        for one in faults
    ]
    return Finding("rules", False, "; ".join(told), " ".join(f"{one.remedy}." for one in faults))


def _keys() -> Finding:
    loose = [
        path.name
        for path in Path(settings.KEYS).glob("*.key")
        if os.name == "posix" and path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO)
    ]
    return Finding(
        "keys", not loose, ", ".join(loose) or "readable by this user alone", f"Run: chmod 600 {settings.KEYS}/*.key"
    )


def _attachments() -> Finding:
    folder = Path(settings.ATTACHMENTS)
    folder.mkdir(parents=True, exist_ok=True)
    return Finding("attachments", os.access(folder, os.W_OK), str(folder), "Make this folder writable for the service.")


def _mail() -> Finding:
    try:
        known = server.configured()
    except server.Misconfigured as wrong:
        return Finding(MAIL, False, f"{wrong.setting} is wrong", f"{wrong.remedy}.")
    if known is None:
        return Finding(MAIL, True, "off: nobody is told by e-mail (DAUYS_EMAIL_URL)")
    found = sending.server_state()
    if found.failures:
        return Finding(
            MAIL,
            False,
            f"the server failed {found.failures} times in a row ({found.why})",
            "Letters wait and are sent once it is back. Try it: dauys mail try",
        )
    return Finding(MAIL, True, "on")


def _drafting() -> Finding:
    """Whether a drafting machine is set up; it is not spoken to."""
    try:
        machine = drafting.machine()
    except drafting.Misconfigured as wrong:
        return Finding("drafting", False, "off: its settings cannot be used", f"{wrong.name} must be {wrong.remedy}.")
    return Finding("drafting", True, f"on: {machine.model} at {machine.host}" if machine else "off")


def _debug() -> Finding:
    return Finding("debug", not settings.DEBUG, f"DEBUG={settings.DEBUG}", "Unset DAUYS_DEBUG.")

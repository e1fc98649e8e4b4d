"""Is this installation fit to accept appeals? Asked before it opens its doors, and by `dauys check`."""

import os
import stat
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

SYNCHRONOUS = ("OFF", "NORMAL", "FULL", "EXTRA")


@dataclass(frozen=True, slots=True)
class Finding:
    name: str
    ok: bool
    said: str
    remedy: str = ""


def findings() -> list[Finding]:
    """Every check with what it saw; a failed one says what to do."""
    checks = [_durability(), _migrations(), _keys(), _attachments(), _debug()]
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


def _debug() -> Finding:
    return Finding("debug", not settings.DEBUG, f"DEBUG={settings.DEBUG}", "Unset DAUYS_DEBUG.")

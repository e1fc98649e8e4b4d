"""The bar for intake: a WSGI application that only puts the same rows on the disk, many to a commit.

No Django, no checks. Same server, same requests, same tables, same write lane, same durability; everything a product
adds is left out.
"""

import fcntl
import os
import sqlite3
import threading
from collections.abc import Callable, Iterable, Sequence
from itertools import count
from typing import Any

DATABASE = os.environ.get("DAUYS_BENCH_DATABASE", "")
_numbers = count(1)
_connection: sqlite3.Connection | None = None


def _write(batch: Sequence[bytes]) -> list[str]:
    with open(f"{DATABASE}.line", "w") as line:  # the processes take turns, as those of the product do
        fcntl.flock(line, fcntl.LOCK_EX)
        return _put(batch)


def _put(batch: Sequence[bytes]) -> list[str]:
    global _connection
    if _connection is None:
        _connection = sqlite3.connect(DATABASE, isolation_level=None, check_same_thread=False)
        _connection.executescript("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;")
    run = _connection.execute
    run("BEGIN IMMEDIATE")
    numbers = [f"{os.getpid()}-{next(_numbers)}" for _ in batch]
    _connection.executemany(
        "INSERT INTO appeal "
        "(number, 'case', kind, channel, text, language, place, received_at, registered_on, key, code_mac) "
        "VALUES (?, ?, 'message', 'web', ?, 'ru', '', '2026-03-10 06:00:00', '2026-03-10', ?, ?)",
        [
            (f"raw-{n}", f"case-{n}", body.decode("latin-1"), f"key-{n}", b"\0" * 32)
            for n, body in zip(numbers, batch, strict=True)
        ],
    )
    _connection.executemany(
        "INSERT INTO sealed (appeal_id, wrapped_key, box, has_contact) SELECT id, ?, ?, 1 FROM appeal WHERE number = ?",
        [(b"\0" * 60, b"\0" * 120, f"raw-{n}") for n in numbers],
    )
    _connection.executemany(
        "INSERT INTO entry (verb, 'case', at, leaf) VALUES ('hear.receive', ?, '2026-03-10 06:00:00', ?)",
        [(f"case-{n}", "x" * 130) for n in numbers],
    )
    run("COMMIT")
    return numbers


_guard = threading.Lock()
_lane: Any = None


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    global _lane
    if _lane is None:
        with _guard:
            if _lane is None:
                from dauys.hear.lane import Lane

                _lane = Lane(_write)
    body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
    number = _lane.submit(body)
    start_response("303 See Other", [("Location", f"/?number=raw-{number}"), ("Content-Length", "0")])
    return [b""]

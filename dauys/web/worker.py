"""What is owed is found by asking the tables, again and again. The whole story is the tuple STEPS."""

import fcntl
import logging
import signal
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import close_old_connections

from dauys.answer import actions as answer
from dauys.answer import post
from dauys.hear import pending, safe_copies
from dauys.institution.queries import NotEstablished
from dauys.ledger import actions as ledger
from dauys.prove import actions as prove
from dauys.understand import actions as understand

log = logging.getLogger(__name__)

REST_SECONDS = 0.5


@dataclass(frozen=True, slots=True)
class Step:
    """A search for work. `pending(now=…, limit=…)` does some and says how much; 0 means nothing is owed."""

    name: str
    pending: Callable[..., int]
    limit: int
    every_seconds: float = 0.0


STEPS: tuple[Step, ...] = (
    Step("examine", understand.examine_pending, 500),
    Step("promise", answer.route_and_promise_pending, 2000),
    Step("ask again", answer.ask_again_pending, 200, every_seconds=2.0),
    Step("share", answer.share_pending, 200, every_seconds=5.0),
    Step("leave", answer.leave_pending, 100),
    Step("answer together", answer.together_pending, 100),
    Step("recount", answer.recount_pending, 20_000),  # before “lapse”: no term passes by a day no longer owed
    Step("lapse", answer.lapse_pending, 200, every_seconds=60.0),
    Step("resume", answer.resume_pending, 100, every_seconds=60.0),
    Step("seal", ledger.seal_pending, 4096),
    Step("embed", understand.embed_pending, 2000),
    Step("group", understand.group_pending, 2000),
    Step("index anew", understand.index_pending, 1000),
    Step("safe copies", safe_copies.make_safe_pending, 20),
    Step("sweep", pending.sweep_pending, 500, every_seconds=600.0),
    Step("notice", understand.notice_pending, 400, every_seconds=600.0),
    Step("listen", understand.absorb_pending, 200, every_seconds=10.0),
    Step("drift", understand.measure_pending, 2000, every_seconds=600.0),
    Step("remind", answer.remind_pending, 2000, every_seconds=60.0),
    Step("tell", post.queue_letters_pending, 50_000, every_seconds=2.0),
    Step("letters", post.send_letters_pending, 200, every_seconds=2.0),
    Step("order", answer.order_pending, 1000),
    Step("count", prove.count_pending, 100_000, every_seconds=10.0),
)

BESIDE_IMPORT = tuple(step for step in STEPS if step.name in {"examine", "promise", "seal", "count"})
"""What the worker of an import does: an import is over when its rows are read, whatever else waits for a worker."""


def run_once(*, now: datetime | None = None, steps: tuple[Step, ...] = STEPS) -> dict[str, int]:
    """Do everything that is owed now and return how much of each. Used by commands and tests."""
    done: dict[str, int] = {}
    for step in steps:
        total = 0
        while did := step.pending(now=now or datetime.now(UTC), limit=step.limit):
            total += did
        done[step.name] = total
    return done


class Worker:
    """Runs the steps until told to stop. A step that fails is logged and tried again; the others go on."""

    def __init__(self, steps: tuple[Step, ...] = STEPS, *, until: Callable[[], bool] | None = None) -> None:
        """`until`: end, instead of resting, when this says so and nothing is owed."""
        self.steps = steps
        self.until = until
        self.stopping = threading.Event()
        self._last: dict[str, float] = {}
        self._failed: dict[str, int] = {}

    def stop(self, *_signal: Any) -> None:
        self.stopping.set()

    def run(self) -> bool:
        """Work until told to stop. False at once where another worker of this home is at work."""
        with open(Path(settings.HOME) / "worker.lock", "w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                return False
            self._run()
        return True

    def _run(self) -> None:
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self.stop)
        while not self.stopping.is_set():
            ending = self.until is not None and self.until()  # asked before the look: what came meanwhile is seen
            if self.round():
                continue
            if ending:
                run_once(steps=self.steps)  # also the steps whose turn had not come yet
                break
            self.stopping.wait(REST_SECONDS)

    def round(self) -> int:
        """One look at every step; returns how much was done."""
        close_old_connections()
        did = 0
        for step in self.steps:
            if self.stopping.is_set() or time.monotonic() - self._last.get(step.name, -1e9) < step.every_seconds:
                continue
            try:
                did += step.pending(now=datetime.now(UTC), limit=step.limit)
                self._failed.pop(step.name, None)
            except NotEstablished:
                return 0
            except Exception:
                failures = self._failed[step.name] = self._failed.get(step.name, 0) + 1
                log.exception("Step “%s” failed (%d in a row); it will be tried again.", step.name, failures)
                self._last[step.name] = time.monotonic() + min(60.0, 2.0**failures) - step.every_seconds
                continue
            if step.every_seconds:
                self._last[step.name] = time.monotonic()
        return did

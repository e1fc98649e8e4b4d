"""One write lane with group commit: many submissions share one fsync, each answered only after it.

SQLite admits one writer; when many threads knock, its busy handler sleeps and retries unfairly, and every
commit pays its own fsync. Here one thread writes whatever has gathered while the last commit was on its way
to the disk, with no waiting for company: a lone submission is written at once, a crowd is written together.
"""

import os
import queue
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from typing import Generic, TypeVar

from django.db import close_old_connections, connections

Item = TypeVar("Item")
Result = TypeVar("Result")

BATCH_MOST = 200
WAITING_MOST = 2000
PATIENCE_SECONDS = 30


class Busy(Exception):
    """Too many are waiting already; nothing was taken. Try again in a few seconds."""


class Lane(Generic[Item, Result]):
    """`write` takes a batch and gives one result or exception for each, in one transaction."""

    def __init__(self, write: Callable[[Sequence[Item]], Sequence[Result | Exception]]) -> None:
        self._write = write
        self._start()
        if hasattr(os, "register_at_fork"):  # a forked child has neither the thread nor the owner of the lock
            os.register_at_fork(after_in_child=self._start)

    def _start(self) -> None:
        self._guard = threading.Lock()
        self._waiting: queue.Queue[tuple[Item, Future[Result]] | None] = queue.Queue(WAITING_MOST)
        self._thread: threading.Thread | None = None

    def submit(self, item: Item) -> Result:
        """Returns once the item is on the disk. Raises what `write` said of this item, or Busy."""
        ticket: Future[Result] = Future()
        with self._guard:  # so that nothing can be put behind the mark with which `close` ends the thread
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="write-lane", daemon=True)
                self._thread.start()
            try:
                self._waiting.put_nowait((item, ticket))
            except queue.Full:
                raise Busy from None
        return ticket.result(PATIENCE_SECONDS)

    def close(self) -> None:
        """Write what waits, then end the thread and its connection. A later submission opens it anew."""
        with self._guard:
            thread, self._thread = self._thread, None
            if thread is not None:
                self._waiting.put(None)
                thread.join()

    def _run(self) -> None:
        is_open = True
        while is_open:
            batch = []
            item = self._waiting.get()
            while item is not None:
                batch.append(item)
                if len(batch) == BATCH_MOST:
                    break
                try:
                    item = self._waiting.get_nowait()
                except queue.Empty:
                    break
            is_open = item is not None
            if batch:
                close_old_connections()
                self._settle(batch)
        connections.close_all()

    def _settle(self, batch: Sequence[tuple[Item, "Future[Result]"]]) -> None:
        try:
            results = self._write([item for item, _ticket in batch])
        except Exception as failure:
            if len(batch) == 1:
                batch[0][1].set_exception(failure)
                return
            for one in batch:  # one bad row must not refuse its neighbours
                self._settle([one])
            return
        for (_item, ticket), result in zip(batch, results, strict=True):
            if isinstance(result, Exception):
                ticket.set_exception(result)
            else:
                ticket.set_result(result)

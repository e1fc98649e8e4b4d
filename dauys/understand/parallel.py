"""Reading an archive on all cores: the same `read_many`, a batch at a time, in processes of their own.

A live institution needs none of this. After an import, or when the reading itself was renewed, tens of thousands wait.
"""

import logging
import os
from collections import deque
from collections.abc import Callable, Generator, Iterable, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from functools import partial
from multiprocessing import get_context

from dauys.understand import reading_process
from dauys.understand.reading import Reading, Told, read_many

log = logging.getLogger(__name__)

AHEAD = 6
"""Batches given out before the first is asked for: the readers never wait for the one who writes down."""


def read_batches(batches: Iterable[Sequence[Told]]) -> Generator[Callable[[], list[Reading]], None, None]:
    """For each batch, in order, what gives its readings, or raises what reading it raised.

    A batch whose process ended early is read here.
    """
    cores = os.cpu_count() or 1
    if cores < 2:
        for batch in batches:
            yield partial(read_many, batch)
        return
    # Not forked: a child must not inherit the parent's hold on the database.
    with ProcessPoolExecutor(cores, mp_context=get_context("spawn"), initializer=reading_process.begin) as pool:
        given: deque[Callable[[], list[Reading]]] = deque()
        for batch in batches:
            given.append(_given(pool, batch))
            if len(given) > AHEAD:
                yield given.popleft()
        yield from given


def _given(pool: ProcessPoolExecutor, batch: Sequence[Told]) -> Callable[[], list[Reading]]:
    try:
        return partial(_taken, batch, pool.submit(reading_process.read, batch))
    except BrokenProcessPool:
        return partial(read_many, batch)


def _taken(batch: Sequence[Told], reading: "Future[list[Reading]]") -> list[Reading]:
    try:
        return reading.result()
    except BrokenProcessPool:
        log.warning("A reading process ended early; its batch is read by the worker itself.")
        return read_many(batch)

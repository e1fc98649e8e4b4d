"""How commands speak: progress while they work, one line for each step, JSON when asked for."""

import json
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NoReturn

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

console = Console(stderr=True, highlight=False)
QUIET_SECONDS = 5.0


@contextmanager
def step(title: str) -> Iterator[None]:
    """One step of a longer work: its name at once, its time when done."""
    begun = time.monotonic()
    console.print(f"  {title} …", end="" if console.is_terminal else "\n")
    try:
        yield
    except BaseException:
        console.print(" stopped" if console.is_terminal else f"  {title}: stopped")
        raise
    took = f"{time.monotonic() - begun:.1f} s"
    console.print(f" {took}" if console.is_terminal else f"  {title}: {took}")


class Ticker:
    """Counts towards a total: a bar on a terminal, a line now and then elsewhere."""

    def __init__(self, title: str, total: int | None) -> None:
        self.title, self.total, self.done = title, total, 0
        self._begun = self._spoken = time.monotonic()
        self._bar: Progress | None = None
        if console.is_terminal:
            self._bar = Progress(
                TextColumn("  {task.description}"), BarColumn(), MofNCompleteColumn(),
                TimeElapsedColumn(), TimeRemainingColumn(), console=console,
            )  # fmt: skip
            self._task = self._bar.add_task(title, total=total)

    def __enter__(self) -> "Ticker":
        if self._bar:
            self._bar.start()
        return self

    def __exit__(self, *_exc: object) -> None:
        if self._bar:
            self._bar.stop()
        else:
            self._say()

    def advance(self, count: int = 1) -> None:
        self.done += count
        if self._bar:
            self._bar.update(self._task, completed=self.done)
        elif time.monotonic() - self._spoken >= QUIET_SECONDS:
            self._say()

    def _say(self) -> None:
        self._spoken = time.monotonic()
        of = f" of {self.total}" if self.total else ""
        rate = self.done / max(0.001, self._spoken - self._begun)
        console.print(f"  {self.title}: {self.done}{of} ({rate:.0f}/s)")


def result(value: dict[str, Any], *, as_json: bool, lines: list[str]) -> None:
    """The outcome: for people as lines, for programs as one JSON object, on standard output."""
    if as_json:
        click.echo(json.dumps(value, ensure_ascii=False, default=str, indent=2))
    else:
        for line in lines:
            click.echo(line)


def stop(message: str, *, remedy: str = "", code: int = 2) -> NoReturn:
    """End with a clear sentence and an honest exit code."""
    click.echo(f"{message} {remedy}".strip(), err=True)
    sys.exit(code)

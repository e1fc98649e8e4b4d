"""Log lines that say where and what went wrong, and nothing of what anybody wrote.

An exception's own message may quote its data: an engine the text it stumbled over, PostgreSQL the row that did not
fit. Its type and the lines of code are enough to mend it.
"""

import logging
import re
import traceback
from types import TracebackType

_TOKEN = re.compile(r"(/open/|/letters/stop/)[\w-]+")
"""A link out of a letter opens an appeal: whoever reads the log must not be able to follow it."""


class Discreet(logging.Formatter):
    """A formatter that keeps the way through the code and leaves the messages of exceptions out."""

    def format(self, record: logging.LogRecord) -> str:
        return _TOKEN.sub(r"\1…", super().format(record))

    def formatException(
        self, ei: tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]
    ) -> str:
        told: list[str] = []
        error, seen = ei[1], set[int]()
        while error is not None and id(error) not in seen:
            seen.add(id(error))
            kind = type(error)
            frames = "".join(traceback.format_tb(error.__traceback__)).rstrip("\n")
            told.append(f"{frames}\n{kind.__module__}.{kind.__qualname__}".lstrip("\n"))
            error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
        return "\nAfter:\n".join(told)

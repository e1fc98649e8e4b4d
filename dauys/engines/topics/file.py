"""A model as one file: a line of JSON (format, sizes, sha256, card), then a numpy archive of plain arrays."""

import hashlib
import io
import json
import zipfile
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from dauys.engines.topics import roles
from dauys.engines.topics.corrections import MOST, Memory
from dauys.engines.topics.features import F32, PLACES
from dauys.engines.topics.guess import UnreadableModel

FORMAT = 2  # a reader refuses what it does not know
_MOST_BYTES = 2_000_000_000  # of one array, unpacked


@dataclass(frozen=True, eq=False)
class Parts:
    """What a model is made of.

    `places` (n,) are the hashed places learned; `weights` (n, topics) times `scale` (n,) are their weights, rarity
    already multiplied in; `rarity` (n,) tells how few texts had each. `knots` (2, k) map the raw probability of the
    first guess to the share that proved right. `fields` are the names of the fields beside the text. Where codes are
    roles shared by all places, `place` is the field that tells the place and `names_of` the code of each role there.
    A correction made where the field `apart` has one value says nothing where it has another; empty: it holds anywhere.
    """

    codes: tuple[str, ...]
    fields: tuple[str, ...]
    places: npt.NDArray[np.int32]
    weights: npt.NDArray[np.int8]
    scale: F32
    rarity: npt.NDArray[np.float16]
    bias: F32
    temperature: float
    knots: npt.NDArray[np.float64]
    card: dict[str, Any]
    place: str = ""
    names_of: roles.Names = field(default_factory=dict)
    apart: str = ""


def packed(weights: F32) -> tuple[npt.NDArray[np.int8], F32]:
    """Weights in steps of a 127th of the greatest of their row: a quarter of the size, no measurable loss."""
    scale = np.abs(weights).max(axis=1, initial=0.0) / 127
    safe = np.where(scale > 0, scale, 1.0)
    return np.round(weights / safe[:, None]).astype(np.int8), scale.astype(np.float32)


def write(parts: Parts, memory: Memory) -> bytes:
    archive = io.BytesIO()
    np.savez_compressed(
        archive, places=parts.places, weights=parts.weights, scale=parts.scale, rarity=parts.rarity, bias=parts.bias,
        knots=parts.knots, memory_starts=memory.starts, memory_stems=memory.stems, memory_values=memory.values,
    )  # fmt: skip
    body = archive.getvalue()
    head = {
        "dauys_topics": FORMAT,
        "codes": list(parts.codes),
        "fields": list(parts.fields),
        "temperature": parts.temperature,
        "corrected": list(memory.codes),
        "place": parts.place,
        "apart": parts.apart,
        "names_of": parts.names_of,
        "card": parts.card,
        "size": len(body),
        "sha256": hashlib.sha256(body).hexdigest(),
    }
    return json.dumps(head, ensure_ascii=True, sort_keys=True).encode() + b"\n" + body


def read(data: bytes) -> tuple[Parts, Memory]:
    """Raises UnreadableModel, which says why."""
    line, _, body = data.partition(b"\n")
    try:
        head = json.loads(line)
        version = head["dauys_topics"]
    except (ValueError, KeyError, TypeError) as error:
        raise UnreadableModel("The file is not a topic model.") from error
    if version != FORMAT:
        raise UnreadableModel(f"The model is of format {version}, this version reads {FORMAT}. Train it again.")
    try:
        whole = head["sha256"] == hashlib.sha256(body).hexdigest()
        codes, fields, corrected = (_texts(head[name]) for name in ("codes", "fields", "corrected"))
        temperature, card = float(head["temperature"]), head["card"]
        place, names_of = str(head["place"]), roles.read(head["names_of"], codes)
        apart = str(head.get("apart", ""))
    except (ValueError, KeyError, TypeError) as error:
        raise UnreadableModel("The first line of the model file lacks what it must tell.") from error
    if not whole:
        raise UnreadableModel("The model file is damaged: its checksum differs. Copy it again or train again.")
    arrays = _arrays(body)
    n, topics, told = len(arrays["places"]), len(codes), len(corrected)
    shapes = {
        "places": (np.int32, (n,)),
        "weights": (np.int8, (n, topics)),
        "scale": (np.float32, (n,)),
        "rarity": (np.float16, (n,)),
        "bias": (np.float32, (topics,)),
        "knots": (np.float64, (2, arrays["knots"].shape[-1] if arrays["knots"].ndim else 0)),
        "memory_starts": (np.int64, (told + 1,)),
        "memory_stems": (np.int64, (len(arrays["memory_values"]),)),
        "memory_values": (np.float32, (len(arrays["memory_values"]),)),
    }
    for name, (kind, shape) in shapes.items():
        if arrays[name].dtype != kind or arrays[name].shape != shape:
            raise UnreadableModel(f"The sizes in the model file do not agree: {name}.")
    starts = arrays["memory_starts"]
    sound = (
        topics > 1
        and len(set(codes)) == topics
        and isinstance(card, dict)
        and told <= MOST
        and len(fields) <= 32
        and np.isfinite(temperature)
        and arrays["knots"].shape[1] > 0
        and _within(arrays["places"], PLACES)
        and bool((np.diff(arrays["places"]) > 0).all())
        and _within(arrays["memory_stems"], PLACES)
        and int(starts[0]) == 0
        and int(starts[-1]) == len(arrays["memory_stems"])
        and bool((np.diff(starts) >= 0).all())
        and all(bool(np.isfinite(arrays[name]).all()) for name in ("scale", "rarity", "bias", "knots", "memory_values"))
    )
    if not sound:
        raise UnreadableModel("The values in the model file are outside their bounds.")
    parts = Parts(
        codes, fields, arrays["places"], arrays["weights"], arrays["scale"], arrays["rarity"], arrays["bias"],
        temperature, arrays["knots"], card, place, names_of, apart,
    )  # fmt: skip
    return parts, Memory(starts, arrays["memory_stems"], arrays["memory_values"], corrected)


def _texts(value: object) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise TypeError
    return tuple(value)


def _arrays(body: bytes) -> dict[str, npt.NDArray[Any]]:
    names = (
        "places", "weights", "scale", "rarity", "bias", "knots", "memory_starts", "memory_stems", "memory_values",
    )  # fmt: skip
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            if any(one.file_size > _MOST_BYTES for one in archive.infolist()):
                raise UnreadableModel("An array in the model file is larger than any model of ours.")
        with np.load(io.BytesIO(body), allow_pickle=False) as arrays:
            found = {name: arrays[name] for name in names}
    except UnreadableModel:
        raise
    except (ValueError, KeyError, OSError, EOFError, zipfile.BadZipFile) as error:
        raise UnreadableModel("The model file holds no readable arrays.") from error
    if any(found[name].ndim == 0 for name in names):
        raise UnreadableModel("The sizes in the model file do not agree.")
    return found


def _within(values: npt.NDArray[Any], below: int) -> bool:
    return len(values) == 0 or (int(values.min()) >= 0 and int(values.max()) < below)

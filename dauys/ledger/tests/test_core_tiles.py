"""C2SP tiles: the same trees and proofs out of 256-wide rows."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dauys.ledger.core import tiles, tree
from dauys.ledger.core.tiles import TileId
from dauys.ledger.core.tree import ProofError

LEAVES = [tree.leaf_hash(number.to_bytes(4, "big")) for number in range(70_000)]


class Shelf:
    """Tiles in memory that count how often they are read."""

    def __init__(self, size=0):
        self.tiles, self.size, self.reads = {}, 0, 0
        self.root = tree.EMPTY_ROOT
        self.append(LEAVES[:size])

    def __call__(self, level, index):
        self.reads += 1
        return self.tiles[TileId(level, index)]

    def append(self, leaf_hashes):
        grown = tiles.extend(self, self.size, leaf_hashes)
        self.tiles.update(grown.tiles)
        self.size, self.root = grown.size, grown.root
        return grown


@pytest.fixture(scope="module")
def seventy_thousand():
    return Shelf(70_000)


def test_the_tiles_of_the_specifications_example(seventy_thousand):
    widths = {tile: len(data) // 32 for tile, data in seventy_thousand.tiles.items()}
    by_level = [[width for tile, width in widths.items() if tile.level == level] for level in range(3)]
    assert by_level == [[256] * 273 + [112], [256, 17], [1]]
    assert all(tiles.tile_width(t.level, t.index, 70_000) == width for t, width in widths.items())
    assert tiles.tile_width(0, 274, 70_000) == tiles.tile_width(3, 0, 70_000) == 0
    assert seventy_thousand.root == tree.root(LEAVES)


def test_a_full_tile_starts_the_level_above():
    assert set(Shelf(255).tiles) == {TileId(0, 0)}
    assert set(Shelf(256).tiles) == {TileId(0, 0), TileId(1, 0)}


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(0, 400), max_size=8))
def test_appending_in_pieces_makes_the_plain_tree(pieces):
    shelf = Shelf()
    for piece in pieces:
        shelf.append(LEAVES[shelf.size : shelf.size + piece])
        assert shelf.root == tree.root(LEAVES[: shelf.size]) == tiles.root(shelf, shelf.size)


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_proofs_out_of_tiles_are_the_plain_proofs(data):
    shelf = Shelf(data.draw(st.integers(1, 1200)))
    size = data.draw(st.integers(1, shelf.size), label="an earlier size, read from later tiles")
    index, old = data.draw(st.integers(0, size - 1)), data.draw(st.integers(1, size))
    assert tiles.root(shelf, size) == tree.root(LEAVES[:size])
    assert tiles.inclusion_proof(shelf, index, size) == tree.inclusion_proof(LEAVES, index, size)
    assert tiles.consistency_proof(shelf, old, size) == tree.consistency_proof(LEAVES, old, size)


@pytest.mark.parametrize("size", [1, 255, 256, 300, 599])
def test_an_append_done_again_after_a_crash_gives_the_same(size):
    written = Shelf(600)
    again = tiles.extend(written, size, LEAVES[size:600])
    assert again.root == written.root
    assert all(written.tiles[tile] == data for tile, data in again.tiles.items())


def test_a_large_tree_costs_a_few_reads(seventy_thousand):
    for ask in (
        lambda: tiles.root(seventy_thousand, 70_000),
        lambda: tiles.inclusion_proof(seventy_thousand, 12_345, 70_000),
        lambda: tiles.consistency_proof(seventy_thousand, 33_333, 70_000),
    ):
        seventy_thousand.reads = 0
        ask()
        assert seventy_thousand.reads <= 6


@pytest.mark.parametrize(
    ("added", "changed", "reads"), [(0, 0, 3), (1, 1, 3), (144, 2, 4), (145, 3, 4), (5_000, 21, 4)]
)
def test_an_append_touches_only_the_edge(seventy_thousand, added, changed, reads):
    new = [tree.leaf_hash(b"new") for _ in range(added)]
    seventy_thousand.reads = 0
    grown = tiles.extend(seventy_thousand, 70_000, new)
    assert len(grown.tiles) == changed
    assert seventy_thousand.reads <= reads
    assert grown.root == tree.root(LEAVES + new)


@pytest.mark.parametrize(
    "spoil",
    [
        pytest.param(lambda tile: tile[:-1], id="cut in a hash"),
        pytest.param(lambda tile: tile[:-32], id="a hash short"),
        pytest.param(lambda tile: b"", id="empty"),
        pytest.param(lambda tile: tile + b"\0", id="a byte too long"),
        pytest.param(lambda tile: tile + bytes(8192), id="too wide"),
    ],
)
def test_a_damaged_tile_is_refused(spoil):
    shelf = Shelf(300)
    tile = TileId(0, 1)
    shelf.tiles[tile] = spoil(shelf.tiles[tile])
    for ask in (
        lambda: tiles.root(shelf, 300),
        lambda: tiles.inclusion_proof(shelf, 280, 300),
        lambda: tiles.extend(shelf, 300, [bytes(32)]),
    ):
        with pytest.raises(ProofError):
            ask()


def test_only_hashes_are_appended():
    with pytest.raises(ProofError):
        tiles.extend(Shelf(), 0, [b"not a hash"])
    with pytest.raises(ProofError):
        tiles.extend(Shelf(), -1, [])


@pytest.mark.parametrize(
    ("tile", "width", "path"),
    [
        (TileId(0, 0), 256, "tile/0/000"),
        (TileId(0, 999), 256, "tile/0/999"),
        (TileId(0, 1000), 256, "tile/0/x001/000"),
        (TileId(2, 1234067), 8, "tile/2/x001/x234/067.p/8"),
        (TileId(63, 5), 255, "tile/63/005.p/255"),
        (TileId(None, 273), 112, "tile/entries/273.p/112"),
    ],
)
def test_the_path_of_a_tile(tile, width, path):
    assert tiles.tile_path(tile, width) == path
    assert tiles.parse_tile_path(path) == (tile, width)


@pytest.mark.parametrize(
    "path",
    [
        "",
        "tile/0/0",
        "tile/00/000",
        "tile/64/000",
        "tile/0/1000",
        "tile/0/001/000",
        "tile/0/x000/001",
        "tile/0/000.p/0",
        "tile/0/000.p/256",
        "tile/0/000.p/01",
        "/tile/0/000",
        "tile/0/000\n",
        "tile/0/x001/x234/x067",
        "tile/-1/000",
        "tile/0/../000",
        "tile/0/٠٠٠",
    ],
)
def test_any_other_path_is_refused(path):
    with pytest.raises(ProofError):
        tiles.parse_tile_path(path)


@given(st.integers(0, 2**55), st.integers(0, 63) | st.none(), st.integers(1, 256))
def test_a_path_leads_back_to_its_tile(index, level, width):
    tile = TileId(level, index)
    assert tiles.parse_tile_path(tiles.tile_path(tile, width)) == (tile, width)


@pytest.mark.parametrize("tile", [TileId(-1, 0), TileId(64, 0), TileId(0, -1), TileId(None, -1)])
def test_a_tile_that_cannot_be_has_no_path(tile):
    with pytest.raises(ProofError):
        tiles.tile_path(tile)


@pytest.mark.parametrize("width", [0, 257])
def test_a_width_that_cannot_be_has_no_path(width):
    with pytest.raises(ProofError):
        tiles.tile_path(TileId(0, 0), width)


def test_a_bundle_is_lengths_and_entries():
    assert tiles.encode_bundle([b"ab", b"", b"c" * 258]) == b"\0\2ab\0\0\1\2" + b"c" * 258


@given(st.lists(st.binary(max_size=300), min_size=1, max_size=256))
def test_a_bundle_is_read_back(entries):
    assert tiles.decode_bundle(tiles.encode_bundle(entries)) == entries


@pytest.mark.parametrize("data", [b"", b"\0", b"\0\2a", b"\0\0\0", b"\0\0" * 257])
def test_a_cut_or_overfull_bundle_is_refused(data):
    with pytest.raises(ProofError):
        tiles.decode_bundle(data)


@pytest.mark.parametrize("entries", [[], [b""] * 257, [b"a" * 65_536]])
def test_an_impossible_bundle_is_not_written(entries):
    with pytest.raises(ProofError):
        tiles.encode_bundle(entries)


@given(st.binary(max_size=600))
def test_any_bytes_are_a_bundle_or_refused(data):
    try:
        entries = tiles.decode_bundle(data)
    except ProofError:
        return
    assert tiles.encode_bundle(entries) == data

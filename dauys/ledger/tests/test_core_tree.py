"""RFC 6962 trees: the vectors every implementation shares, and the plain recursive definition."""

from hashlib import sha256

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dauys.ledger.core import tree
from dauys.ledger.core.tree import ProofError

# The entries, roots and proofs that certificate transparency has used since 2013.
ENTRIES = [
    bytes.fromhex(entry)
    for entry in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
LEAVES = [tree.leaf_hash(entry) for entry in ENTRIES]
ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
L1 = "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7"
L4 = "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b"
L6 = "b08693ec2e721597130641e8211e7eedccb4c26413963eee6c1e2ed16ffb1a5f"
L2_3 = "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e"
L4_5 = "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a"
L6_7 = "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0"
L0_3 = ROOTS[4]
L4_7 = "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4"

INCLUSION = [
    (0, 1, []),
    (0, 2, [L1]),
    (0, 8, [L1, L2_3, L4_7]),
    (5, 8, [L4, L6_7, L0_3]),
    (2, 3, [ROOTS[2]]),
    (1, 5, [ROOTS[1], L2_3, L4]),
    (6, 7, [L4_5, L0_3]),
]
CONSISTENCY = [
    (1, 1, []),
    (1, 8, [L1, L2_3, L4_7]),
    (6, 8, [L4_5, L6_7, L0_3]),
    (2, 5, [L2_3, L4]),
    (6, 7, [L4_5, L6, L0_3]),
    (4, 8, [L4_7]),
]


def defined_root(entries):
    """MTH(D) exactly as RFC 6962 §2.1 defines it."""
    if not entries:
        return sha256(b"").digest()
    if len(entries) == 1:
        return sha256(b"\x00" + entries[0]).digest()
    split = 1
    while split * 2 < len(entries):
        split *= 2
    return sha256(b"\x01" + defined_root(entries[:split]) + defined_root(entries[split:])).digest()


def as_hex(hashes):
    return [value.hex() for value in hashes]


@pytest.mark.parametrize("size", range(9))
def test_the_known_roots(size):
    assert tree.root(LEAVES[:size]).hex() == ROOTS[size]


@pytest.mark.parametrize(("index", "size", "path"), INCLUSION)
def test_the_known_inclusion_proofs(index, size, path):
    assert as_hex(tree.inclusion_proof(LEAVES, index, size)) == path
    tree.verify_inclusion(LEAVES[index], index, size, [*map(bytes.fromhex, path)], bytes.fromhex(ROOTS[size]))


@pytest.mark.parametrize(("old", "new", "path"), CONSISTENCY)
def test_the_known_consistency_proofs(old, new, path):
    assert as_hex(tree.consistency_proof(LEAVES, old, new)) == path
    roots = bytes.fromhex(ROOTS[old]), bytes.fromhex(ROOTS[new])
    tree.verify_consistency(old, new, [*map(bytes.fromhex, path)], *roots)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 300), st.binary(max_size=8))
def test_a_root_is_the_recursive_definition(size, seed):
    entries = [seed + number.to_bytes(2, "big") for number in range(size)]
    assert tree.root([tree.leaf_hash(entry) for entry in entries]) == defined_root(entries)


MANY = [tree.leaf_hash(number.to_bytes(2, "big")) for number in range(300)]


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_every_leaf_is_proven_and_only_where_it_stands(data):
    size = data.draw(st.integers(1, 300))
    index, other = data.draw(st.integers(0, size - 1)), data.draw(st.integers(0, size - 1))
    root, proof = tree.root(MANY[:size]), tree.inclusion_proof(MANY, index, size)
    tree.verify_inclusion(MANY[index], index, size, proof, root)
    if other != index:
        with pytest.raises(ProofError):
            tree.verify_inclusion(MANY[index], other, size, proof, root)
        with pytest.raises(ProofError):
            tree.verify_inclusion(MANY[other], index, size, proof, root)


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_growth_is_proven_and_a_changed_past_is_not(data):
    new = data.draw(st.integers(1, 300))
    old = data.draw(st.integers(1, new))
    root1, root2, proof = (
        tree.root(MANY[:old]),
        tree.root(MANY[:new]),
        tree.consistency_proof(MANY, old, new),
    )
    tree.verify_consistency(old, new, proof, root1, root2)
    changed = MANY[:old]
    changed[data.draw(st.integers(0, old - 1))] = tree.leaf_hash(b"another answer")
    with pytest.raises(ProofError):
        tree.verify_consistency(old, new, proof, tree.root(changed), root2)
    with pytest.raises(ProofError):
        tree.verify_consistency(old, new, proof, root1, tree.root(changed + MANY[old:new]))


@pytest.mark.parametrize("size", range(1, 20))
def test_a_proof_with_one_hash_less_more_or_changed_is_refused(size):
    root = tree.root(MANY[:size])
    for index in range(size):
        proof = tree.inclusion_proof(MANY, index, size)
        for wrong in _spoilt(proof):
            with pytest.raises(ProofError):
                tree.verify_inclusion(MANY[index], index, size, wrong, root)
    for old in range(1, size + 1):
        proof = tree.consistency_proof(MANY, old, size)
        for wrong in _spoilt(proof):
            with pytest.raises(ProofError):
                tree.verify_consistency(old, size, wrong, tree.root(MANY[:old]), root)


def _spoilt(proof):
    yield [*proof, bytes(32)]
    yield [bytes(32), *proof]
    for at, value in enumerate(proof):
        yield proof[:at] + proof[at + 1 :]
        yield [*proof[:at], value[:-1] + bytes([value[-1] ^ 1]), *proof[at + 1 :]]
        yield [*proof[:at], value[:-1], *proof[at + 1 :]]
        yield [*proof[:at], value + b"\0", *proof[at + 1 :]]


R8 = bytes.fromhex(ROOTS[8])


@pytest.mark.parametrize(
    "ask",
    [
        pytest.param(lambda: tree.verify_inclusion(LEAVES[0], -1, 8, [], R8), id="negative index"),
        pytest.param(lambda: tree.verify_inclusion(LEAVES[0], 8, 8, [], R8), id="index past the end"),
        pytest.param(lambda: tree.verify_inclusion(LEAVES[0], 0, 0, [], R8), id="a leaf of an empty tree"),
        pytest.param(lambda: tree.verify_inclusion(LEAVES[0], 0, 2**63, [], R8), id="size beyond 63 bits"),
        pytest.param(lambda: tree.verify_inclusion(b"", 0, 1, [], b""), id="an empty leaf hash and root"),
        pytest.param(lambda: tree.verify_inclusion(R8, 0, 1, [], R8[:31]), id="a short root"),
        pytest.param(lambda: tree.verify_consistency(0, 8, [], tree.EMPTY_ROOT, R8), id="from nothing"),
        pytest.param(lambda: tree.verify_consistency(0, 0, [], tree.EMPTY_ROOT, tree.EMPTY_ROOT), id="nothing twice"),
        pytest.param(lambda: tree.verify_consistency(8, 6, [], R8, R8), id="shrinking"),
        pytest.param(lambda: tree.verify_consistency(-1, 6, [], R8, R8), id="negative size"),
        pytest.param(lambda: tree.verify_consistency(8, 8, [], R8, LEAVES[0]), id="two roots, one size"),
        pytest.param(lambda: tree.verify_consistency(8, 8, [R8], R8, R8), id="a proof of itself"),
        pytest.param(lambda: tree.verify_consistency(3, 8, [], R8, R8), id="no proof"),
        pytest.param(
            lambda: tree.verify_consistency(1, 3, LEAVES[1:2], LEAVES[0], tree.root(LEAVES[:2])),
            id="a proof of less growth than claimed",
        ),
        pytest.param(lambda: tree.verify_consistency(1, 1, [], b"", b""), id="empty roots"),
        pytest.param(lambda: tree.inclusion_proof(LEAVES, 0, 9), id="proof in a tree that is not there"),
        pytest.param(lambda: tree.inclusion_proof(LEAVES, 8, 8), id="proof of a leaf that is not there"),
        pytest.param(lambda: tree.consistency_proof(LEAVES, 0, 8), id="growth from nothing"),
        pytest.param(lambda: tree.consistency_proof(LEAVES, 5, 4), id="growth backwards"),
        pytest.param(lambda: tree.root([b"short"]), id="a root of something else than hashes"),
    ],
)
def test_what_cannot_be_is_refused_by_one_name(ask):
    with pytest.raises(ProofError):
        ask()

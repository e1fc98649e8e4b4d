"""The Merkle tree of RFC 6962 §2.1 over SHA-256: roots and proofs.

Proofs are checked by the loops of RFC 9162 §2.1.3.2 and §2.1.4.2 (the arithmetic is the same). Every hash is
32 bytes; every function here raises ProofError, and nothing else, on values that cannot be.
"""

from collections.abc import Callable, Sequence
from hashlib import sha256

from .canonical import LARGEST_SIZE

HASH_LENGTH = 32
EMPTY_ROOT = sha256(b"").digest()

Span = Callable[[int, int], bytes]
"""`span(start, end)` is the tree hash MTH(D[start:end]) of RFC 6962, for start < end."""


class ProofError(Exception):
    """A size, hash, tile or proof that no honest tree produces."""


def leaf_hash(data: bytes) -> bytes:
    """Hash an entry as a leaf."""
    return sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Hash two neighbouring subtrees into their parent."""
    return sha256(b"\x01" + left + right).digest()


def root(leaf_hashes: Sequence[bytes]) -> bytes:
    """The root over leaf hashes; of none, SHA-256 of nothing."""
    for value in leaf_hashes:
        require_hash(value)
    return row_root(b"".join(leaf_hashes))


def row_root(row: bytes) -> bytes:
    """The root over a row of concatenated hashes.

    Pairing neighbours and carrying an odd last one upward gives the same tree as the recursive definition,
    which splits at the largest power of two.
    """
    if not row:
        return EMPTY_ROOT
    while len(row) > HASH_LENGTH:
        paired = len(row) // 64 * 64
        parents = [sha256(b"\x01" + row[at : at + 64]).digest() for at in range(0, paired, 64)]
        row = b"".join(parents) + row[paired:]
    return row


def inclusion_proof(leaf_hashes: Sequence[bytes], index: int, size: int) -> list[bytes]:
    """Prove that leaf `index` stands in the tree of the first `size` leaves; hashes from its sibling up."""
    _require_leaves(leaf_hashes, size)
    return inclusion_path(_span_of(leaf_hashes), index, size)


def consistency_proof(leaf_hashes: Sequence[bytes], size1: int, size2: int) -> list[bytes]:
    """Prove that the tree of the first `size2` leaves only adds to the tree of the first `size1`."""
    _require_leaves(leaf_hashes, size2)
    return consistency_path(_span_of(leaf_hashes), size1, size2)


def inclusion_path(span: Span, index: int, size: int) -> list[bytes]:
    """PATH(index, D[size]) of RFC 6962 §2.1.1, for a tree known by its spans."""
    _require_index(index, size)
    path: list[bytes] = []
    start, end = 0, size
    while end - start > 1:
        middle = start + _split(end - start)
        if index < middle:
            path.append(span(middle, end))
            end = middle
        else:
            path.append(span(start, middle))
            start = middle
    path.reverse()
    return path


def consistency_path(span: Span, size1: int, size2: int) -> list[bytes]:
    """PROOF(size1, D[size2]) of RFC 6962 §2.1.2, for a tree known by its spans."""
    _require_growth(size1, size2)
    path: list[bytes] = []
    start, end = 0, size2
    while end != size1:
        middle = start + _split(end - start)
        if size1 <= middle:
            path.append(span(middle, end))
            end = middle
        else:
            path.append(span(start, middle))
            start = middle
    if start > 0:  # otherwise what is left is the old root itself, which the verifier already holds
        path.append(span(start, end))
    path.reverse()
    return path


def root_from_inclusion(leaf: bytes, index: int, size: int, proof: Sequence[bytes]) -> bytes:
    """The root that a leaf hash and its inclusion proof lead to."""
    _require_index(index, size)
    require_hash(leaf)
    node, position, last = leaf, index, size - 1
    for sibling in proof:
        require_hash(sibling)
        if last == 0:
            raise ProofError("the proof is longer than the tree is high")
        if position & 1 or position == last:
            node = node_hash(sibling, node)
            while not position & 1:  # the last node of a row of odd length rises without a sibling
                position, last = position >> 1, last >> 1
        else:
            node = node_hash(node, sibling)
        position, last = position >> 1, last >> 1
    if last != 0:
        raise ProofError("the proof is shorter than the tree is high")
    return node


def verify_inclusion(leaf: bytes, index: int, size: int, proof: Sequence[bytes], expected: bytes) -> None:
    """Refuse, by ProofError, a leaf hash that does not stand at `index` under the root of `size` leaves."""
    require_hash(expected)
    if root_from_inclusion(leaf, index, size, proof) != expected:
        raise ProofError("the leaf and its proof lead to another root")


def verify_consistency(size1: int, size2: int, proof: Sequence[bytes], root1: bytes, root2: bytes) -> None:
    """Refuse, by ProofError, a tree of `size2` leaves that does not begin with the tree of `size1`.

    An empty first tree is refused: everything begins with nothing, so such a proof would prove nothing.
    """
    _require_growth(size1, size2)
    for value in (root1, root2, *proof):
        require_hash(value)
    if size1 == size2:
        if proof:
            raise ProofError("a tree needs no proof that it equals itself")
        if root1 != root2:
            raise ProofError("two roots for one size")
        return
    steps = list(proof)
    if size1 & (size1 - 1) == 0:  # a full tree is itself the first node, so the proof leaves it out
        steps.insert(0, root1)
    if not steps:
        raise ProofError("the proof is empty")
    position, last = size1 - 1, size2 - 1
    while position & 1:
        position, last = position >> 1, last >> 1
    old = new = steps[0]
    for step in steps[1:]:
        if last == 0:
            raise ProofError("the proof is longer than the tree is high")
        if position & 1 or position == last:
            old, new = node_hash(step, old), node_hash(step, new)
            while position and not position & 1:
                position, last = position >> 1, last >> 1
        else:
            new = node_hash(new, step)
        position, last = position >> 1, last >> 1
    if last != 0:
        raise ProofError("the proof is shorter than the tree is high")
    if old != root1 or new != root2:
        raise ProofError("the proof leads to other roots")


def require_hash(value: bytes) -> None:
    """Refuse, by ProofError, what is not the 32 bytes of a hash."""
    if not isinstance(value, bytes) or len(value) != HASH_LENGTH:
        raise ProofError(f"a hash is {HASH_LENGTH} bytes")


def require_size(size: int) -> None:
    """Refuse, by ProofError, what is not a number of leaves."""
    if not isinstance(size, int) or not 0 <= size <= LARGEST_SIZE:
        raise ProofError("a tree size is between 0 and 2**63 - 1")


def _span_of(leaf_hashes: Sequence[bytes]) -> Span:
    return lambda start, end: root(leaf_hashes[start:end])


def _split(count: int) -> int:
    """The largest power of two below `count`: where RFC 6962 divides a tree."""
    return 1 << (count - 1).bit_length() - 1


def _require_leaves(leaf_hashes: Sequence[bytes], size: int) -> None:
    require_size(size)
    if size > len(leaf_hashes):
        raise ProofError(f"a tree of {size} leaves asked of {len(leaf_hashes)}")


def _require_index(index: int, size: int) -> None:
    require_size(size)
    if not isinstance(index, int) or not 0 <= index < size:
        raise ProofError("an index is at least 0 and below the tree size")


def _require_growth(size1: int, size2: int) -> None:
    require_size(size1)
    require_size(size2)
    if not 0 < size1 <= size2:
        raise ProofError("a tree grows from at least one leaf, and never shrinks")

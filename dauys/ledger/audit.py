"""Does the ledger still say what it said? All is recomputed from the entries; nothing kept is believed.

It reads while the house works: heads first, then the size, the leaves, and the tiles last, so that what is
written meanwhile can only lie behind what is looked at.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db import connection
from django.db.models import Max

from dauys.ledger.core import checkpoint as heads
from dauys.ledger.core import leaf as leaves
from dauys.ledger.core import tiles, tree
from dauys.ledger.core.canonical import encode_base64
from dauys.ledger.core.checkpoint import CheckpointError
from dauys.ledger.core.leaf import Kind, Leaf, LeafError
from dauys.ledger.core.note import VerifierKey
from dauys.ledger.core.tree import EMPTY_ROOT, HASH_LENGTH
from dauys.ledger.models import Checkpoint, Entry, Tile
from dauys.ledger.queries import sealed_size

EVIDENCE_MOST = 5
CHUNK = 5000
BATCH = 500
"""Rows whose commitments are made at once: their cases fit into one statement on every database."""

KIND_LINE, COMMITMENT_LINE = 1, 6
ROW = tiles.WIDTH * HASH_LENGTH


@dataclass(frozen=True, slots=True)
class Expectation:
    """What the rows of another room must show, as SQL that names each row contradicting the entries.

    `count` gives one number, how many rows are held against the entries; `wrong` gives one column of names.
    """

    check: str
    count: str
    wrong: str


@dataclass(frozen=True, slots=True)
class Remade:
    """What a row says now, as a commitment. `at` is its place in the row's table, `name` what people call it.

    `commitment` is None where the case was erased, and with it the salts.
    """

    at: int
    name: str
    case: str
    commitment: bytes | None


@dataclass(frozen=True, slots=True)
class Recount:
    """Rows of another room that entries commit to: `rows(after, limit)` gives the next ones, in order."""

    check: str
    kinds: frozenset[Kind]
    count: Callable[[], int]
    rows: Callable[[int, int], Sequence[Remade]]


@dataclass(slots=True)
class Finding:
    """One check: how much was looked at, how much of it is wrong, and the first names of what is."""

    check: str
    seen: int = 0
    wrong: int = 0
    evidence: list[str] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        return not self.wrong

    def note(self, evidence: str) -> None:
        """Write down one thing that is wrong."""
        self.wrong += 1
        if len(self.evidence) < EVIDENCE_MOST:
            self.evidence.append(evidence)


@dataclass(slots=True)
class GrowingTree:
    """A tree that takes one leaf after another and can say its root at every size.

    Held are the roots of its complete subtrees, the largest first: one for each binary digit of the size.
    """

    size: int = 0
    peaks: list[bytes] = field(default_factory=list)

    def add(self, leaf_hash: bytes) -> None:
        self.size += 1
        node, full = leaf_hash, self.size
        while not full & 1:
            node, full = tree.node_hash(self.peaks.pop(), node), full >> 1
        self.peaks.append(node)

    @property
    def root(self) -> bytes:
        if not self.peaks:
            return EMPTY_ROOT
        joined = self.peaks[-1]
        for peak in reversed(self.peaks[:-1]):
            joined = tree.node_hash(peak, joined)
        return joined


def audit(
    *,
    key: VerifierKey,
    expectations: Sequence[Expectation] = (),
    progress: Callable[[int], None] = lambda _leaves: None,
) -> list[Finding]:
    """Recompute everything; `progress` hears how many more leaves were read.

    Checks, by name: `grammar` (each leaf, and that its case is its row's), `positions` (no gap, the order of
    writing), `days` (never backwards), `heads` (signature, size, root; being roots of one sequence of leaves,
    they are consistent with each other), `tiles` (equal to the leaves), `waiting` (nothing was passed over by
    sealing); then the expectations.
    """
    reading = _Reading(key)
    row = reading.read(progress)
    return [
        reading.grammar,
        reading.positions,
        reading.days,
        reading.heads,
        _check_tiles(row),
        reading.check_waiting(),
        *(_check_expectation(expectation) for expectation in expectations),
    ]


class _Reading:
    """One pass over the sealed leaves, with the heads beside them."""

    def __init__(self, key: VerifierKey) -> None:
        self.grammar, self.positions, self.days = Finding("grammar"), Finding("positions"), Finding("days")
        self.heads, self.waiting = Finding("heads"), Finding("waiting")
        self._key = key
        self._tree = GrowingTree()
        self._next_index = 0
        self._last_id = 0
        self._last_on = date.min

    def read(self, progress: Callable[[int], None]) -> bytes:
        """Returns the hashes of all sealed leaves, joined."""
        newest = Checkpoint.objects.aggregate(top=Max("id"))["top"] or 0
        size = sealed_size()
        signed = Checkpoint.objects.filter(id__lte=newest).order_by("size").values_list("size", "root", "note")
        waiting_heads = signed.iterator(chunk_size=CHUNK)
        awaited = next(waiting_heads, None)
        row = bytearray()
        rows = (
            Entry.objects.filter(leaf_index__isnull=False, leaf_index__lt=size)
            .order_by("leaf_index")
            .values_list("id", "case", "leaf", "leaf_index")
        )
        for entry, case, text, index in rows.iterator(chunk_size=CHUNK):
            hashed = tree.leaf_hash((text or "").encode("utf-8", "surrogatepass"))
            self._look(entry, case, text or "", -1 if index is None else index)
            row += hashed
            self._tree.add(hashed)
            while awaited is not None and awaited[0] <= self._tree.size:
                self._check_head(*awaited)
                awaited = next(waiting_heads, None)
            if self._tree.size % CHUNK == 0:
                progress(CHUNK)
        progress(self._tree.size % CHUNK)
        while awaited is not None:
            self._check_head(*awaited)
            awaited = next(waiting_heads, None)
        return bytes(row)

    def _look(self, entry: int, case: str, text: str, index: int) -> None:
        self.positions.seen += 1
        if index != self._next_index:
            self.positions.note(f"entry {entry} stands at position {index}, where {self._next_index} belongs")
        self._next_index = index + 1
        if entry <= self._last_id:
            self.positions.note(f"entry {entry} stands at position {index}, behind the later entry {self._last_id}")
        self._last_id = entry
        leaf = self._grammar(entry, case, text)
        if leaf is None or isinstance(leaf.when, datetime):  # a tick's moment is in UTC, not a day of the institution
            return
        self.days.seen += 1
        if leaf.when < self._last_on:
            self.days.note(f"entry {entry} is dated {leaf.when}, the one before it {self._last_on}")
        self._last_on = max(self._last_on, leaf.when)

    def _grammar(self, entry: int, case: str, text: str) -> Leaf | None:
        self.grammar.seen += 1
        try:
            leaf = leaves.decode(text.encode("utf-8", "surrogatepass"))
        except LeafError as error:
            self.grammar.note(f"entry {entry}: {error}")
            return None
        if text.split("\n", 3)[2] != case:
            self.grammar.note(f"entry {entry}: its leaf is of another case than its row")
        return leaf

    def _check_head(self, size: int, root: bytes | memoryview, text: str) -> None:
        self.heads.seen += 1
        if size > self._tree.size:
            self.heads.note(f"a head was signed for {size} entries, and there are only {self._tree.size}")
            return
        try:
            head = heads.verify(text.encode(), self._key)
        except CheckpointError as error:
            self.heads.note(f"the head of {size} entries: {error}")
            return
        if head.size != size or head.root != bytes(root):
            self.heads.note(f"the head of {size} entries: its row says other than the signed text")
        elif head.root != self._tree.root:
            self.heads.note(f"the head of {size} entries: those entries have another root now")

    def check_waiting(self) -> Finding:
        """Leaves not yet in the tree: sound, and none older than a sealed one."""
        waiting = Entry.objects.filter(leaf__isnull=False, leaf_index=None).order_by("id")
        for entry, case, text in waiting.values_list("id", "case", "leaf").iterator(chunk_size=CHUNK):
            self.waiting.seen += 1
            if entry < self._last_id:
                self.waiting.note(f"entry {entry} was passed over: later entries are sealed")
            self._grammar(entry, case, text or "")
        return self.waiting


def _check_tiles(row: bytes) -> Finding:
    """Every tile there should be, made anew from the hashes of the leaves, against the tile that is kept."""
    finding = Finding("tiles")
    expected: list[bytes] = []
    size = len(row) // HASH_LENGTH
    while row:
        expected.append(row)
        full = range(0, len(row) // ROW * ROW, ROW)
        row = b"".join(tree.row_root(row[at : at + ROW]) for at in full)
    awaited = {(level, at // ROW) for level, made in enumerate(expected) for at in range(0, len(made), ROW)}
    kept = Tile.objects.order_by("level", "position").values_list("level", "position", "hashes")
    has_grown: bool | None = None
    for level, position, hashes in kept.iterator(chunk_size=500):
        finding.seen += 1
        awaited.discard((level, position))
        due = expected[level][position * ROW : (position + 1) * ROW] if level < len(expected) else b""
        found = bytes(hashes)
        if found == due:
            continue
        has_grown = sealed_size() > size if has_grown is None else has_grown
        if not (has_grown and found.startswith(due)):
            finding.note(f"tile {level}/{position} is not that of the entries")
    for level, position in sorted(awaited):
        finding.note(f"tile {level}/{position} is missing")
    return finding


def _check_expectation(expectation: Expectation) -> Finding:
    finding = Finding(expectation.check)
    with connection.cursor() as cursor:
        cursor.execute(expectation.count)
        (finding.seen,) = cursor.fetchone()
        cursor.execute(expectation.wrong)
        for (name,) in cursor:
            finding.note(str(name))
    return finding


def recount(rows: Recount, *, progress: Callable[[int], None] = lambda _rows: None) -> Finding:
    """Make every row's commitment again and hold it against the leaves of its case.

    An erased case is not counted, but its erasure must itself be an entry: without one, destroying the key would
    hide a change. A row without any entry of its kind is the expectations' business.
    """
    finding = Finding(rows.check)
    after = 0
    while batch := rows.rows(after, BATCH):
        leaves_of = _commitments({row.case for row in batch})
        for row in batch:
            written = leaves_of.get(row.case, ())
            due = {committed for kind, committed in written if kind in rows.kinds}
            if row.commitment is None:
                if not any(kind == Kind.ERASED for kind, _committed in written):
                    finding.note(f"{row.name}: its key is gone, and no entry says that it was erased")
                continue
            finding.seen += 1
            if due and encode_base64(row.commitment) not in due:
                finding.note(f"{row.name}: the row is not what its entry commits to")
        after = batch[-1].at
        progress(len(batch))
    return finding


def _commitments(cases: Collection[str]) -> dict[str, list[tuple[str, str]]]:
    """(kind, commitment) of each leaf of these cases, as they are written."""
    found: dict[str, list[tuple[str, str]]] = {}
    rows = Entry.objects.filter(case__in=cases, leaf__isnull=False).order_by().values_list("case", "leaf")
    for case, text in rows:
        lines = (text or "").split("\n")
        if len(lines) > COMMITMENT_LINE:  # a leaf cut short is the grammar's business
            found.setdefault(case, []).append((lines[KIND_LINE], lines[COMMITMENT_LINE]))
    return found

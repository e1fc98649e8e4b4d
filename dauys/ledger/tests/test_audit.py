"""A hand in the tables is found, and the evidence named."""

import pytest
from django.db import transaction

from dauys.ledger import actions, queries
from dauys.ledger.audit import Expectation, GrowingTree, audit
from dauys.ledger.core import checkpoint, tree
from dauys.ledger.core.checkpoint import Checkpoint as Head
from dauys.ledger.models import Checkpoint, Entry, Tile
from dauys.ledger.tests.written import NOW, TODAY, act, write

pytestmark = pytest.mark.django_db


@pytest.fixture
def sealed():
    """700 entries under four heads, and two waiting."""
    write(700)
    for limit in (100, 200, 300, 300):
        actions.seal_pending(now=NOW, limit=limit)
    write(2, first=900)


def findings(*expectations):
    return {one.check: one for one in audit(key=actions.verifier_key(), expectations=expectations)}


def wrong():
    return {name for name, one in findings().items() if not one.ok}


def change(index, **values):
    Entry.objects.filter(leaf_index=index).update(**values)


def leaf(index):
    return Entry.objects.get(leaf_index=index).leaf


def test_an_honest_ledger_has_nothing_wrong(sealed):
    found = findings()
    assert {name: one.seen for name, one in found.items()} == {
        "grammar": 702, "positions": 700, "days": 700, "heads": 4, "tiles": 4, "waiting": 2,
    }  # fmt: skip
    assert all(one.ok for one in found.values())


def test_an_empty_ledger_has_nothing_wrong():
    assert wrong() == set()


def test_progress_counts_every_leaf(sealed):
    heard = []
    audit(key=actions.verifier_key(), progress=heard.append)
    assert sum(heard) == 700


HARM = [
    pytest.param(lambda: change(50, leaf=leaf(50).replace("web", "desk")), {"heads", "tiles"}, id="a leaf changed"),
    pytest.param(lambda: change(50, leaf="lost"), {"grammar", "heads", "tiles"}, id="a leaf destroyed"),
    pytest.param(
        lambda: change(50, leaf=leaf(50).replace("2026-03-10", "2026-03-01")),
        {"days", "heads", "tiles"},
        id="a day set back",
    ),
    pytest.param(lambda: change(50, case="A" * 22 + "=="), {"grammar"}, id="an entry given to another case"),
    pytest.param(
        lambda: Entry.objects.filter(leaf_index=50).delete(),
        {"positions", "heads", "tiles"},
        id="an entry in the middle deleted",
    ),
    pytest.param(
        lambda: Entry.objects.filter(leaf_index=699).delete(), {"heads", "tiles"}, id="the last entry deleted"
    ),
    pytest.param(
        lambda: change(50, leaf_index=None),
        {"positions", "heads", "tiles", "waiting"},
        id="an entry taken out of the tree",
    ),
    pytest.param(lambda: Tile.objects.filter(level=0, position=1).delete(), {"tiles"}, id="a tile lost"),
    pytest.param(lambda: Tile.objects.filter(level=1).update(hashes=b"x" * 64), {"tiles"}, id="a tile changed"),
    pytest.param(lambda: Tile.objects.create(level=0, position=9, hashes=b"x" * 32), {"tiles"}, id="a tile too many"),
    pytest.param(
        lambda: Checkpoint.objects.filter(size=300).update(root=b"x" * 32),
        {"heads"},
        id="a root changed in its row",
    ),
    pytest.param(
        lambda: Checkpoint.objects.filter(size=300).update(note="no note"),
        {"heads"},
        id="a signed text destroyed",
    ),
]


@pytest.mark.parametrize(("harm", "finds"), HARM)
def test_harm_is_found(sealed, harm, finds):
    harm()
    assert wrong() == finds


def test_a_head_signed_with_the_right_key_over_other_entries_is_found(sealed):
    """Whoever holds the key too can sign anything; the entries then contradict it."""
    forged = checkpoint.sign(Head(queries.head().note.splitlines()[0], 300, b"f" * 32), actions.signer())
    Checkpoint.objects.filter(size=300).update(root=b"f" * 32, note=forged.decode())
    finding = findings()["heads"]
    assert finding.evidence == ["the head of 300 entries: those entries have another root now"]


def test_entries_swapped_are_found(sealed):
    first, second = (Entry.objects.get(leaf_index=index) for index in (10, 11))
    Entry.objects.filter(id=first.id).update(leaf_index=10_000)
    Entry.objects.filter(id=second.id).update(leaf_index=10)
    Entry.objects.filter(id=first.id).update(leaf_index=11)
    assert wrong() == {"positions", "heads", "tiles"}


def test_much_evidence_is_counted_and_little_shown(sealed):
    Entry.objects.filter(leaf_index__isnull=False).update(leaf="lost")
    finding = findings()["grammar"]
    assert (finding.wrong, len(finding.evidence)) == (700, 5)


def test_an_expectation_names_what_contradicts_it(sealed):
    with transaction.atomic():
        actions.append(act(5), on=TODAY)
    twice = Expectation(
        "twice",
        "SELECT count(*) FROM entry",
        """SELECT 'case ' || "case" FROM entry GROUP BY "case" HAVING count(*) > 1""",
    )
    finding = findings(twice)["twice"]
    assert (finding.seen, finding.wrong, finding.evidence) == (703, 1, [f"case {act(5).case}"])


def test_the_cost_does_not_grow_with_the_ledger(sealed, django_assert_max_num_queries):
    with django_assert_max_num_queries(8):
        findings()


@pytest.mark.parametrize("size", [0, 1, 2, 3, 255, 256, 257, 1000])
def test_a_growing_tree_knows_its_root_at_every_size(size):
    hashes = [tree.leaf_hash(bytes([number % 256, number // 256])) for number in range(size)]
    growing = GrowingTree()
    for value in hashes:
        growing.add(value)
    assert growing.root == tree.root(hashes)

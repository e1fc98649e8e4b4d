"""An entry belongs to its action, enters the tree once, and its proof follows."""

from datetime import date, timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from dauys.ledger import actions, queries
from dauys.ledger.core import checkpoint, tree
from dauys.ledger.core.leaf import Kind
from dauys.ledger.core.verify import examine
from dauys.ledger.models import Checkpoint, Entry, Pen, Tile
from dauys.ledger.tests.written import FIELDS, NOW, SALTS, TODAY, act, append, case, write

pytestmark = pytest.mark.django_db


def leaves():
    return list(Entry.objects.filter(leaf__isnull=False).order_by("id").values_list("leaf", flat=True))


def root_of(texts):
    return tree.root([tree.leaf_hash(text.encode()) for text in texts])


@pytest.mark.django_db(transaction=True)
def test_an_entry_outside_a_transaction_is_refused():
    with pytest.raises(transaction.TransactionManagementError):
        actions.append_many([act(1)], on=TODAY)
    assert not Entry.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_an_entry_goes_with_the_action_that_failed():
    def fail():
        with transaction.atomic():
            actions.append(act(1), on=TODAY)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert not Entry.objects.exists()
    assert not Pen.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_nothing_is_sealed_inside_a_transaction_that_may_still_roll_back():
    write(1)
    with pytest.raises(RuntimeError), transaction.atomic():
        actions.seal_pending(now=NOW)
    assert not Checkpoint.objects.exists()


@pytest.mark.steady_clock
@pytest.mark.parametrize(
    ("days", "written"),
    [
        pytest.param([0, 1], [0, 1], id="the next day"),
        pytest.param([0, -1], [0, 0], id="another machine is still before midnight"),
        pytest.param([1, 0, 2], [1, 1, 2], id="a clock a little ahead keeps its day"),
    ],
)
def test_no_entry_is_dated_before_its_predecessor(days, written):
    for number, shift in enumerate(days):
        write(1, on=TODAY + timedelta(days=shift), first=number)
    dates = [date.fromisoformat(text.splitlines()[3]) for text in leaves()]
    assert dates == [TODAY + timedelta(days=shift) for shift in written]


def test_sealing_is_in_the_order_of_writing_whatever_the_portions():
    write(600)
    portions = [actions.seal_pending(now=NOW, limit=limit) for limit in (1, 255, 300, 300, 300)]
    assert portions == [1, 255, 300, 44, 0]
    assert list(Entry.objects.order_by("id").values_list("leaf_index", flat=True)) == list(range(600))
    head = queries.head()
    assert (head.size, head.root) == (600, root_of(leaves()))
    assert list(Checkpoint.objects.order_by("id").values_list("size", flat=True)) == [1, 256, 556, 600]


def test_sealing_twice_changes_nothing():
    write(10)
    assert actions.seal_pending(now=NOW) == 10
    before = (list(Checkpoint.objects.values_list("size", "note")), Tile.objects.count())
    with CaptureQueriesContext(connection) as asked:
        assert actions.seal_pending(now=NOW + timedelta(hours=1)) == 0
    assert (list(Checkpoint.objects.values_list("size", "note")), Tile.objects.count()) == before
    assert not [one["sql"] for one in asked if not one["sql"].startswith("SELECT")]


def test_a_head_missing_after_a_crash_is_signed_at_the_next_look():
    write(3)
    actions.seal_pending(now=NOW)
    note = Checkpoint.objects.get().note
    Checkpoint.objects.all().delete()
    actions.seal_pending(now=NOW)
    assert Checkpoint.objects.get().note == note


def test_entries_without_a_leaf_never_enter_the_tree():
    with transaction.atomic():
        actions.append_many([act(1), act(1, is_public=False), act(2)], on=actions.take_pen(TODAY))
    actions.seal_pending(now=NOW)
    assert list(Entry.objects.order_by("id").values_list("leaf_index", flat=True)) == [0, None, 1]
    assert [entry.verb for entry in queries.public_entries_of(case(1))] == ["test.received"]
    assert len(queries.entries_of(case(1))) == 2


@pytest.mark.parametrize(
    "harm",
    [
        pytest.param(lambda: Entry.objects.filter(leaf_index__gte=2).delete(), id="entries taken away"),
        pytest.param(lambda: Tile.objects.update(hashes=b"x" * 32 * 5), id="hashes changed"),
    ],
)
def test_no_head_is_signed_that_does_not_extend_the_last(harm):
    write(5)
    actions.seal_pending(now=NOW)
    harm()
    write(4, first=90)
    with pytest.raises(actions.WouldFork):
        actions.seal_pending(now=NOW)
    assert Checkpoint.objects.get().size == 5


def test_a_proof_follows_the_sealing():
    entry = write(7)[3]
    with pytest.raises(queries.NotSealed):
        queries.receipt_of(entry, fields=FIELDS, salts=SALTS)
    actions.seal_pending(now=NOW)
    entry.refresh_from_db()
    report = examine(queries.receipt_of(entry, fields=FIELDS, salts=SALTS), actions.verifier_key())
    assert (report.verified.index, report.verified.size, report.verified.fields) == (3, 7, FIELDS)


def test_there_is_no_proof_of_what_was_never_published():
    with transaction.atomic():
        (entry,) = append([act(1, is_public=False)], on=actions.take_pen(TODAY))
    write(1)
    actions.seal_pending(now=NOW)
    with pytest.raises(queries.NotSealed):
        queries.receipt_of(entry, fields={}, salts={})


def test_no_proof_before_the_head_that_covers_it():
    write(1)
    actions.seal_pending(now=NOW)
    (entry,) = write(1, first=2)
    Entry.objects.filter(id=entry.id).update(leaf_index=1)  # sealed, and killed before the head was signed
    entry.refresh_from_db()
    with pytest.raises(queries.NotSealed):
        queries.receipt_of(entry, fields=FIELDS, salts=SALTS)


def test_the_head_is_signed_under_the_ledgers_own_name(settings):
    write(1)
    actions.seal_pending(now=NOW)
    signed = checkpoint.verify(queries.head().note.encode(), actions.verifier_key())
    assert signed.origin == settings.LEDGER_ORIGIN
    assert queries.head().short == signed.root.hex()[:8]


def test_writing_a_batch_costs_the_same_for_one_and_for_fifty():
    write(1)
    with CaptureQueriesContext(connection) as one:
        write(1, first=10)
    with CaptureQueriesContext(connection) as fifty:
        write(50, first=100)
    assert len(one) == len(fifty)


def test_every_kind_of_event_can_be_written():
    kinds = [kind for kind in Kind if kind not in (Kind.POLICY, Kind.TICK)]
    with transaction.atomic():
        actions.append_many([act(1, kind) for kind in kinds], on=actions.take_pen(TODAY))
    assert [text.splitlines()[1] for text in leaves()] == [kind.value for kind in kinds]

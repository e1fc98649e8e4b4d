"""Append in the action's own transaction; seal what was appended into the tree; sign its head."""

import functools
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import chain
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings
from django.db import connection, transaction

from dauys.ledger.core import checkpoint as heads
from dauys.ledger.core import tiles, tree
from dauys.ledger.core.canonical import decode_base64
from dauys.ledger.core.leaf import Kind, Leaf
from dauys.ledger.core.note import Signer, VerifierKey
from dauys.ledger.core.tree import ProofError
from dauys.ledger.models import Checkpoint, Entry, Pen, Tile
from dauys.ledger.queries import head, read_tile, sealed_size

NO_CASE = "-"
SEAL_MOST = 4096
CLOCKS_DIFFER = timedelta(days=1)
"""How far behind the last entry a clock may be: machines disagree by seconds, and around midnight that is a day."""


@dataclass(frozen=True, slots=True)
class Public:
    """The part of an action that the whole world may see."""

    kind: Kind
    due_on: date | None = None
    code: str | None = None
    commitment: bytes | None = None


@dataclass(frozen=True, slots=True)
class Act:
    """One action about to be written down. `case` is base64, or NO_CASE; `detail` holds no personal data."""

    verb: str
    case: str
    at: datetime
    actor_id: int | None = None
    detail: dict[str, Any] | None = None
    public: Public | None = None


class ClockSetBack(Exception):
    """The clock says `says`, yet an entry of the day `last_on` is written already: one of the two days is wrong.

    Nothing is written until somebody has looked: by a wrong clock, promises would be made for days long gone. Set the
    clock right; or, where it is right and the last entries were written by a wrong one, set DAUYS_CLOCK_ACCEPTED to
    their day: entries are then dated as the last one until the clock has caught up.
    """

    def __init__(self, says: date, last_on: date) -> None:
        super().__init__(
            f"The clock says {says}, and the last entry of the ledger is of {last_on}. Set this machine's clock right "
            f"(timedatectl). If it is right and was wrong before, set DAUYS_CLOCK_ACCEPTED={last_on}."
        )
        self.says = says
        self.last_on = last_on


def clock_fault(on: date) -> ClockSetBack | None:
    """What `take_pen` would say of this day, without taking it; None where all is well."""
    last_on = Pen.objects.values_list("last_on", flat=True).first()
    return _fault(on, last_on) if last_on is not None else None


def _fault(on: date, last_on: date) -> ClockSetBack | None:
    if last_on - on <= CLOCKS_DIFFER or last_on.isoformat() == settings.CLOCK_ACCEPTED:
        return None
    return ClockSetBack(on, last_on)


def take_pen(on: date) -> date:
    """Wait for the one pen and learn the day to write: never before the day of an entry already written.

    Held until the transaction ends, so entry order, commit order and date order are one on every database.
    A clock a little behind can therefore not date an entry before its predecessor. Raises ClockSetBack where it is
    more than a day behind.
    """
    kept = _hold_pen(on)
    if fault := _fault(on, kept):
        raise fault
    return kept


def _hold_pen(on: date) -> date:
    greater = "max" if connection.vendor == "sqlite" else "greatest"
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO pen (id, last_on) VALUES (1, %s) ON CONFLICT (id) DO UPDATE "
            f"SET last_on = {greater}(pen.last_on, excluded.last_on) RETURNING last_on",
            [on],
        )
        (kept,) = cursor.fetchone()
    return kept if isinstance(kept, date) else date.fromisoformat(kept)


def append(act: Act, *, on: date) -> None:
    """Write one action down, inside the action's transaction. `on` is the day in the institution's zone."""
    append_many([act], on=take_pen(on))


def append_many(acts: Sequence[Act], *, on: date) -> None:
    """Write several actions down in this order; the caller has taken the pen and passes the day it got."""
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("An entry belongs to its action's transaction.")
    moment = connection.ops.adapt_datetimefield_value
    with connection.cursor() as cursor:
        insert_rows(
            cursor,
            'INSERT INTO entry (verb, "case", actor_id, at, detail, leaf) VALUES',
            [
                (
                    act.verb,
                    act.case,
                    act.actor_id,
                    moment(act.at),
                    json.dumps(act.detail, ensure_ascii=False) if act.detail is not None else None,
                    _leaf(act, act.public, on) if act.public else None,
                )
                for act in acts
            ],
        )


def insert_rows(cursor: Any, statement: str, rows: Sequence[tuple[Any, ...]]) -> None:
    """One statement for many rows. `executemany` would let go of the interpreter at every row, and wait behind all
    other threads of the server to get it back. No rows are no statement.
    """
    if not rows:
        return
    marks = "(" + ", ".join(["%s"] * len(rows[0])) + ")"
    cursor.execute(f"{statement} {', '.join([marks] * len(rows))}", list(chain.from_iterable(rows)))


def _leaf(act: Act, public: Public, on: date) -> str:
    case = None if act.case == NO_CASE else decode_base64(act.case)
    leaf = Leaf(public.kind, case, on, public.due_on, public.code, public.commitment)
    return leaf.encode().decode("ascii")


@functools.cache
def signer() -> Signer:
    """The key that signs heads, from the key directory, under the ledger's own name."""
    return Signer(settings.LEDGER_ORIGIN, Ed25519PrivateKey.from_private_bytes(settings.SECRET("ledger")))


def verifier_key() -> VerifierKey:
    """The half of that key which is published, and with which anybody checks a receipt."""
    return signer().verifier_key


class WouldFork(Exception):
    """The tree no longer contains what was signed before: entries are gone or changed. It gets no signature.

    Happens after an old backup was restored, or a hand in the tables. `dauys ledger check` names the place.
    """


def seal_pending(*, now: datetime, limit: int = SEAL_MOST) -> int:
    """Enter waiting leaves into the tree, in the order they were written, and sign the head that results.

    The tree is a function of committed leaves: killed anywhere and run again, it becomes the same tree.
    A look that finds nothing writes nothing. Raises WouldFork.
    """
    waiting_leaves = Entry.objects.filter(leaf__isnull=False, leaf_index=None).order_by("id")
    waiting: list[tuple[int, str | None]] = []
    if waiting_leaves.exists():
        # durable: a head is signed for these leaves right after; no transaction around may roll them back.
        with transaction.atomic(durable=True):
            _hold_pen(date.min)
            waiting = list(waiting_leaves.values_list("id", "leaf")[:limit])
            _enter(waiting)
    sign_head(now=now)
    return len(waiting)


def _enter(waiting: Sequence[tuple[int, str | None]]) -> None:
    size = sealed_size()
    grown = tiles.extend(read_tile, size, [tree.leaf_hash((leaf or "").encode("ascii")) for _id, leaf in waiting])
    with connection.cursor() as cursor:
        cursor.executemany(
            "UPDATE entry SET leaf_index = %s WHERE id = %s",
            [(size + offset, entry) for offset, (entry, _leaf) in enumerate(waiting)],
        )
    Tile.objects.bulk_create(
        [
            Tile(level=tile.level or 0, position=tile.index, hashes=hashes)  # a bundle of entries is never stored
            for tile, hashes in grown.tiles.items()
        ],
        update_conflicts=True,
        unique_fields=["level", "position"],
        update_fields=["hashes"],
    )


def sign_head(*, now: datetime) -> Checkpoint | None:
    """Sign the head of all sealed leaves, if it has none yet; only one that extends the head signed before.

    Raises WouldFork.
    """
    last = head()  # asked before the size: another worker may seal and sign in between, and the tree only grows
    size = sealed_size()
    if size == (last.size if last else 0):
        return None
    root = tiles.root(read_tile, size)
    if last is not None:
        try:
            proof = tiles.consistency_proof(read_tile, last.size, size)
            tree.verify_consistency(last.size, size, proof, last.root, root)
        except ProofError as error:
            raise WouldFork(
                f"A head was signed for {last.size} entries; the {size} of now do not extend it: {error}."
            ) from None
    signed = heads.sign(heads.Checkpoint(settings.LEDGER_ORIGIN, size, root), signer())
    checkpoint, _is_new = Checkpoint.objects.get_or_create(
        size=size, defaults={"root": root, "note": signed.decode(), "at": now}
    )
    return checkpoint

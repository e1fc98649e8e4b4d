"""What the verbs of this package share: the pen, the locked row, checked words, sealed salts."""

import hashlib
import re
from collections.abc import Mapping
from datetime import date, datetime

from dauys.answer.actions.failures import Empty, NotRouted, TooLong
from dauys.answer.models import Handling, State
from dauys.hear import sealing
from dauys.hear.submission import TEXT_MOST, storable
from dauys.institution import rights
from dauys.institution.models import User
from dauys.institution.queries import house
from dauys.ledger import actions as ledger
from dauys.ledger.core.commitment import commitment

_VISIBLE = re.compile(r"[^\W_]")


def locked(appeal_id: int, *, now: datetime) -> tuple[Handling, date]:
    """The appeal's row, held until the transaction ends, and the day to write into the ledger.

    The pen comes first in every verb: two that take a pen and a row in different order would wait for each
    other. Raises NotRouted where the worker has not reached the appeal yet.
    """
    on = ledger.take_pen(house().today(now))
    row = (
        Handling.objects.select_for_update(of=("self",))
        .select_related("appeal", "appeal__sealed")
        .filter(appeal_id=appeal_id)
        .first()
    )
    if row is None:
        raise NotRouted
    return row, on


def routed(appeal_id: int, *, now: datetime) -> tuple[Handling, date]:
    """The same, for verbs that need an office. Raises NotRouted."""
    row, on = locked(appeal_id, now=now)
    if row.state == State.UNROUTED:
        raise NotRouted
    return row, on


def require_at_hand(officer: User, verb: str, row: Handling) -> None:
    """The right to a verb at the offices that have the appeal; while none has it, to route. PermissionDenied."""
    if row.state == State.UNROUTED:
        rights.require(officer, "answer.route")
    else:
        rights.require(officer, verb, [row.acting_id, row.clock_id])


def words(text: str) -> str:
    """The text as it can be kept. Raises Empty, TooLong."""
    kept = storable(text).strip()
    if not _VISIBLE.search(kept):
        raise Empty
    if len(kept) > TEXT_MOST:
        raise TooLong(len(kept), TEXT_MOST)
    return kept


def message_key(author: str, appeal_id: int, token: str, text: str) -> str:
    """A second sending of the same form is the first; other words, or another form, are another message."""
    return hashlib.sha256("\0".join((author, str(appeal_id), token, text)).encode()).hexdigest()


def commit(row: Handling, prefix: str, fields: Mapping[str, bytes]) -> bytes | None:
    """The commitment to these fields with the case's own salts; None once the case was erased."""
    try:
        key = sealing.unwrap(row.appeal.case, bytes(row.appeal.sealed.wrapped_key or b""))
    except sealing.Erased:
        return None
    return commitment(fields, {name: sealing.salt(key, f"{prefix}.{name}") for name in fields})

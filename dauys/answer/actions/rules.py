"""The book of routing rules: saved as a whole, and what still waits for an office asked once more."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max

from dauys.answer import rulebook
from dauys.answer.actions.following import place_again
from dauys.answer.actions.placer import Placer
from dauys.answer.models import Handling, RuleBook, State
from dauys.engines.routing import Flaw
from dauys.hear import heard as hear
from dauys.institution import rights
from dauys.institution.actions import ground
from dauys.institution.models import User
from dauys.institution.queries import house
from dauys.ledger import actions as ledger
from dauys.understand import queries as understand

AGAIN_AT_ONCE = 200
"""Appeals asked again under one holding of the pen."""


class Flawed(Exception):
    """The rules cannot be put in force as they are: `flaws` say what to mend, numbers of rules from 1."""

    def __init__(self, flaws: Sequence[Flaw]) -> None:
        super().__init__(f"{len(flaws)} flaws")
        self.flaws = tuple(flaws)


class Overtaken(Exception):
    """A colleague, `name`, has put other rules in force since these were opened."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


class NothingNew(Exception):
    """These rules are in force already."""


class NoSuchBook(Exception):
    """There is no book of rules of this number."""


def save_rules(
    *,
    rules: Sequence[Mapping[str, Any]],
    seen: int,
    officer: User,
    now: datetime,
    tried: Mapping[str, Any] | None = None,
) -> RuleBook:
    """Put a whole set of rules in force. `seen`: the book it was made from, 0 for none; `tried`: what a trial said.

    The ledger carries a public leaf that commits to the digest of the rules. What is placed stays where it is; what
    has no office yet is asked again (`ask_again_pending`). Raises Flawed, Overtaken, NothingNew; PermissionDenied.
    """
    rights.require(officer, "answer.manage_rules")
    rows = [rulebook.row_of(row) for row in rules]
    with ground.changing(now=now) as on:
        last = RuleBook.objects.select_related("officer").order_by("-id").first()
        if (last.id if last else 0) != seen:
            raise Overtaken(str(last.officer) if last and last.officer else "")
        mark = rulebook.digest(rows)
        if mark == (last.digest if last else rulebook.digest(())):
            raise NothingNew
        errors = [flaw for flaw in rulebook.flaws_of(rows, house()) if flaw.is_error]
        if errors:
            raise Flawed(errors)
        book = RuleBook.objects.create(
            rules=rows,
            digest=mark,
            officer=officer,
            tried=dict(tried) if tried is not None else None,
            made_at=now,
            queue_to=Handling.objects.aggregate(last=Max("appeal_id"))["last"] or 0,
        )
        ground.write(
            "answer.manage_rules", officer=officer, on=on, now=now,
            detail={"book": book.id, "rules": len(rows), "after": seen or None},
            rule=("routing", {"rules": mark}),
        )  # fmt: skip
    return book


def bring_back_rules(*, book_id: int, seen: int, officer: User, now: datetime) -> RuleBook:
    """Put an earlier book in force again, as a new one of the same rules; number 0 is no rules at all.

    Raises NoSuchBook and what `save_rules` raises.
    """
    earlier = RuleBook.objects.filter(id=book_id).first()
    if earlier is None and book_id:
        raise NoSuchBook
    return save_rules(rules=earlier.rules if earlier else (), seen=seen, officer=officer, now=now)


def ask_again_pending(*, now: datetime, limit: int = AGAIN_AT_ONCE) -> int:
    """Ask the newest rules about the appeals that had no office when they were saved; returns how many were asked.

    The book itself remembers how far this has come: each is asked once, killed anywhere and run again.
    """
    waiting = RuleBook.objects.order_by("-id").values_list("queue_at", "queue_to").first()
    if waiting is None or waiting[0] >= waiting[1]:
        return 0
    with transaction.atomic():
        on = ledger.take_pen(house().today(now))
        book = rulebook.newest()
        if book is None or book.queue_at >= book.queue_to:
            return 0
        rows = list(
            Handling.objects.select_for_update(of=("self",))
            .select_related("appeal")
            .filter(state=State.UNROUTED, appeal_id__gt=book.queue_at, appeal_id__lte=book.queue_to)
            .order_by("appeal_id")[:limit]
        )
        examined = understand.examined(row.appeal_id for row in rows)
        heard = {row.id: row for row in hear.heard_by_ids(examined)}
        placer = Placer(house(), now)
        for row in rows:
            if row.appeal_id not in heard:
                continue
            placed = placer.place(heard[row.appeal_id], examined[row.appeal_id])
            if placed.way.clock is not None:
                place_again(row, placed, now=now, on=on)
        book.queue_at = rows[-1].appeal_id if len(rows) == limit else book.queue_to
        book.save(update_fields=["queue_at"])
    return len(rows)

"""Entries made up for tests, written as actions write them."""

import base64
from datetime import UTC, date, datetime

from django.db import transaction

from dauys.ledger import actions
from dauys.ledger.core.commitment import commitment
from dauys.ledger.core.leaf import Kind
from dauys.ledger.models import Entry

NOW = datetime(2026, 3, 10, 6, 0, tzinfo=UTC)
TODAY = date(2026, 3, 10)
FIELDS = {"text": "Двор не освещён".encode(), "applicant": '{"name": "Айгүл Тестова"}'.encode()}
SALTS = {"text": b"s" * 32, "applicant": b"t" * 32}


def case(number: int) -> str:
    return base64.b64encode(number.to_bytes(16, "big")).decode()


def act(number: int, kind: Kind = Kind.RECEIVED, *, is_public: bool = True) -> actions.Act:
    public = actions.Public(kind, code="web", commitment=commitment(FIELDS, SALTS)) if is_public else None
    return actions.Act(verb=f"test.{kind}", case=case(number), at=NOW, public=public)


def write(count: int, *, on: date = TODAY, first: int = 1) -> list[Entry]:
    with transaction.atomic():
        written_on = actions.take_pen(on)
        return append([act(number) for number in range(first, first + count)], on=written_on)


def append(acts: list[actions.Act], *, on: date) -> list[Entry]:
    """What `append_many` wrote, as rows."""
    last = Entry.objects.order_by("-id").values_list("id", flat=True).first() or 0
    actions.append_many(acts, on=on)
    return list(Entry.objects.filter(id__gt=last).order_by("id"))

"""What the verbs of this package share: the right, the pen, the entry, the published rule."""

import json
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import F

from dauys.institution import rights
from dauys.institution.actions.failures import NoName
from dauys.institution.models import Institution, User
from dauys.institution.queries import Names, forget, house
from dauys.ledger import actions as ledger
from dauys.ledger.core.canonical import encode_base64
from dauys.ledger.core.commitment import commitment, fresh_salts
from dauys.ledger.core.leaf import Kind

MANAGE = "institution.manage"


def allow(officer: User | None, office_id: int | None = None) -> None:
    """Require the right to manage that office; where none is named, the whole house.

    What holds for everybody (areas, topics, days) is changed by an administrator of an office without a
    parent: one of a small branch would otherwise rename the region's topics.
    """
    if officer is not None:
        roots = [office.id for office in house().offices.values() if office.parent_id is None]
        rights.require(officer, MANAGE, roots if office_id is None else [office_id])


@contextmanager
def changing(*, now: datetime) -> Iterator[date]:
    """One transaction that holds the pen; gives the day to write. After it the house is read anew."""
    with transaction.atomic():
        yield ledger.take_pen(house().today(now))
    forget()


def write(
    verb: str,
    *,
    officer: User | None,
    on: date,
    now: datetime,
    detail: dict[str, Any],
    rule: tuple[str, Mapping[str, Any]] | None = None,
) -> None:
    """The entry of a change, and the house's next revision.

    `rule` (a code and its fields) is set where the change moves what is promised to citizens: the ledger then
    carries a public leaf that commits to the fields. Their salts stand beside them in the entry, for these
    fields are no secret: whoever is shown them can check the leaf.
    """
    public = None
    if rule is not None:
        code, fields = rule
        written = {name: json.dumps(value, ensure_ascii=False, default=str) for name, value in fields.items()}
        salts = fresh_salts(written, secrets.token_bytes)
        bound = commitment({name: value.encode() for name, value in written.items()}, salts)
        public = ledger.Public(Kind.POLICY, code=code, commitment=bound)
        detail = {
            **detail,
            "rule": {name: [value, encode_base64(salts[name])] for name, value in written.items()},
        }
    Institution.objects.update(revision=F("revision") + 1)
    actor = officer.id if officer else None
    ledger.append_many([ledger.Act(verb, ledger.NO_CASE, now, actor, detail, public)], on=on)


def columns(name: Names) -> dict[str, str]:
    """A name as the three columns of `Named`. Raises NoName."""
    kept = {f"name_{language}": getattr(name, language).strip() for language in ("kk", "ru", "en")}
    if not any(kept.values()):
        raise NoName
    return kept

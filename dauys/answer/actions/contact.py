"""Opening the sealed contact of an applicant: whoever looks leaves a trace."""

import json
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from dauys.answer.actions.ground import locked
from dauys.answer.models import State
from dauys.hear import sealing
from dauys.institution import rights
from dauys.institution.models import User
from dauys.ledger import actions as ledger


@dataclass(frozen=True, slots=True)
class Contact:
    """How to reach the applicant; empty where nothing was given."""

    name: str = ""
    phone: str = ""
    email: str = ""
    address: str = ""


def open_contact(*, appeal_id: int, officer: User, now: datetime) -> Contact | None:
    """The applicant's contact, for one look; None where none was given or it was erased.

    Every look is an entry of its own, without a leaf: auditors see it, the public does not. PermissionDenied.
    """
    with transaction.atomic():
        row, on = locked(appeal_id, now=now)
        offices = [row.acting_id, row.clock_id]
        rights.require(officer, "hear.read_contact", None if row.state == State.UNROUTED else offices)
        if row.state == State.UNROUTED:
            rights.require(officer, "answer.route")
        sealed = row.appeal.sealed
        if not sealed.has_contact or sealed.box is None:
            return None
        try:
            key = sealing.unwrap(row.appeal.case, sealed.wrapped_key)
        except sealing.Erased:
            return None
        ledger.append_many([ledger.Act("hear.read_contact", row.appeal.case, now, officer.id)], on=on)
        told = json.loads(sealing.open_sealed(key, sealed.box, "contact"))
    return Contact(**{name: str(told.get(name, "")) for name in ("name", "phone", "email", "address")})

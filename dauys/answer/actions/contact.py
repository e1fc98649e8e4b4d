"""Opening the sealed contact of an applicant: whoever looks leaves a trace."""

from datetime import datetime

from django.db import transaction

from dauys.answer.actions.ground import locked
from dauys.answer.models import State
from dauys.hear import queries as hear
from dauys.hear import sealing
from dauys.hear.submission import Contact
from dauys.institution import rights
from dauys.institution.models import User
from dauys.ledger import actions as ledger


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
        try:
            contact = hear.contact_of(row.appeal)
        except sealing.Erased:
            return None
        if not contact:
            return None
        ledger.append_many([ledger.Act("hear.read_contact", row.appeal.case, now, officer.id)], on=on)
    return contact

"""What has been heard. Names of areas and offices come from the house in memory: no joins."""

import functools
import hmac
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from dauys.hear import codes, sealing
from dauys.hear.commitments import received_fields
from dauys.hear.models import Appeal, Attachment, Channel, Kind, Sealed
from dauys.hear.submission import Contact
from dauys.institution.queries import Names, house
from dauys.ledger import queries as ledger


@dataclass(frozen=True, slots=True)
class Recent:
    """One line of a list of appeals."""

    id: int
    number: str
    kind: Any
    channel: Any
    received_at: datetime
    registered_on: date
    area: Names | None
    about_office: Names | None
    beginning: str


def appeal(number: str) -> Appeal | None:
    """By its public registration number."""
    return Appeal.objects.filter(number=number).first()


def appeals_by_ids(ids: Iterable[int]) -> list[Appeal]:
    """In the order of their ids; unknown ids are left out."""
    return list(Appeal.objects.filter(id__in=list(ids)).order_by("id"))


def opened_by(number: str, code: str) -> Appeal | None:
    """The appeal this number and code open together; the same work is done where there is none."""
    found = appeal(number)
    is_right = codes.matches(code, found.code_mac if found else _nobodys_mac())
    return found if found and is_right else None


@functools.cache
def _nobodys_mac() -> bytes:
    return hmac.digest(b"nobody", b"nobody", "sha256")


def recent(limit: int) -> list[Recent]:
    """The newest appeals, one statement whatever their number."""
    known = house()
    rows = Appeal.objects.order_by("-received_at", "-id").values_list(
        "id",
        "number",
        "kind",
        "channel",
        "received_at",
        "registered_on",
        "area_id",
        "about_office_id",
        "text",
    )[:limit]
    lines = []
    for row_id, number, kind, channel, received_at, registered_on, area_id, office_id, text in rows:
        area, office = known.areas.get(area_id), known.offices.get(office_id)
        lines.append(
            Recent(
                row_id, number, Kind(kind).label, Channel(channel).label, received_at, registered_on,
                area.name if area else None, office.name if office else None, text[:200],
            )
        )  # fmt: skip
    return lines


def contact_of(appeal: Appeal) -> Contact:
    """How to reach the applicant; empty for one who gave nothing. Raises sealing.Erased."""
    sealed = Sealed.objects.get(appeal=appeal)
    key = sealing.unwrap(appeal.case, sealed.wrapped_key)
    return Contact.decode(_contact_bytes(sealed, key))


def _contact_bytes(sealed: Sealed, key: bytes) -> bytes:
    return sealing.open_sealed(key, sealed.box, "contact") if sealed.box else Contact().encode()


def attachments_of(appeal: Appeal) -> list[Attachment]:
    """The files of the filing, in the order they were sent; later ones belong to what was said with them."""
    return list(Attachment.objects.filter(appeal=appeal, came_later=False).order_by("id"))


def attachment(attachment_id: int) -> Attachment | None:
    """With its appeal, so that the caller can ask who may open it."""
    return Attachment.objects.select_related("appeal").filter(id=attachment_id).first()


def receipt_bytes(appeal: Appeal) -> bytes:
    """The citizen's own proof file: everything sent, shown, with its salts (trust.md §1.5).

    Raises ledger.queries.NotSealed until the entry stands in the tree, sealing.Erased once the key is gone.
    """
    sealed = Sealed.objects.get(appeal=appeal)
    key = sealing.unwrap(appeal.case, sealed.wrapped_key)
    fields = received_fields(
        text=appeal.text,
        contact=_contact_bytes(sealed, key),
        received_at=appeal.received_at,
        channel=appeal.channel,
        kind=appeal.kind,
        digests=[one.sha256 for one in attachments_of(appeal)],
    )
    salts = {name: sealing.salt(key, f"received.{name}") for name in fields}
    entry = next(one for one in ledger.public_entries_of(appeal.case) if one.verb == "hear.receive")
    return ledger.receipt_of(entry, fields=fields, salts=salts)

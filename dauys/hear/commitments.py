"""Commitments made again from the rows: for proofs, and to see whether a hand has changed a row."""

from datetime import UTC, datetime

from cryptography.exceptions import InvalidTag

from dauys.hear import sealing
from dauys.hear.models import Appeal, Attachment, Sealed
from dauys.hear.submission import Contact
from dauys.ledger.audit import Remade
from dauys.ledger.core.commitment import commitment

NOT_OPENED = b""
"""Stands for the commitment of a row whose key or box does not open: it equals none."""


def salts_of(appeal_id: int, names: dict[str, str]) -> dict[str, bytes]:
    """Field → salt, of field → the salt's name. Raises sealing.Erased."""
    case, wrapped = Sealed.objects.values_list("appeal__case", "wrapped_key").get(appeal_id=appeal_id)
    key = sealing.unwrap(case, wrapped)
    return {field: sealing.salt(key, name) for field, name in names.items()}


def remake(case: str, wrapped: bytes | memoryview | None, prefix: str, fields: dict[str, bytes]) -> bytes | None:
    """The commitment to these fields under the case's own salts, named `<prefix>.<field>`; None once it was erased."""
    try:
        key = sealing.unwrap(case, wrapped)
    except sealing.Erased:
        return None
    except InvalidTag:
        return NOT_OPENED
    return commitment(fields, {name: sealing.salt(key, f"{prefix}.{name}") for name in fields})


def received_count() -> int:
    return Appeal.objects.count()


def received_again(after: int, limit: int) -> list[Remade]:
    """The next appeals after this id, as their rows tell them now."""
    rows = list(
        Appeal.objects.filter(id__gt=after)
        .order_by("id")
        .values_list(
            "id", "number", "case", "text", "received_at", "channel", "kind", "sealed__wrapped_key", "sealed__box"
        )[:limit]
    )
    digests: dict[int, list[str]] = {}
    if rows:
        files = Attachment.objects.filter(appeal_id__gt=after, appeal_id__lte=rows[-1][0], came_later=False)
        for appeal_id, sha256 in files.order_by("id").values_list("appeal_id", "sha256"):
            digests.setdefault(appeal_id, []).append(sha256)
    return [
        Remade(
            row_id,
            f"appeal {number}",
            case,
            _received(case, text, received_at, channel, kind, wrapped, box, digests.get(row_id, [])),
        )
        for row_id, number, case, text, received_at, channel, kind, wrapped, box in rows
    ]


def _received(
    case: str,
    text: str,
    received_at: datetime,
    channel: str,
    kind: str,
    wrapped: bytes | memoryview | None,
    box: bytes | memoryview | None,
    digests: list[str],
) -> bytes | None:
    try:
        key = sealing.unwrap(case, wrapped)
        contact = sealing.open_sealed(key, box, "contact") if box else Contact().encode()
    except sealing.Erased:
        return None
    except InvalidTag:
        return NOT_OPENED
    fields = received_fields(
        text=text, contact=contact, received_at=received_at, channel=channel, kind=kind, digests=digests
    )
    return commitment(fields, {name: sealing.salt(key, f"received.{name}") for name in fields})


def received_fields(
    *, text: str, contact: bytes, received_at: datetime, channel: str, kind: str, digests: list[str]
) -> dict[str, bytes]:
    """As `actions.receipt_fields` made them from the submission; a test holds the two together."""
    fields = {
        "text": text.encode(),
        "applicant": contact,
        "moment": received_at.astimezone(UTC).isoformat(timespec="microseconds").encode(),
        "channel": channel.encode(),
        "kind": kind.encode(),
    }
    if digests:
        fields["attachments"] = "\n".join(digests).encode()
    return fields

"""One letter, several matters: a part is an appeal of its own, made of the citizen's own sentences."""

from datetime import datetime

from dauys.hear import sealing
from dauys.hear.actions import Receipt, receive
from dauys.hear.models import Appeal
from dauys.hear.queries import contact_of
from dauys.hear.submission import Contact, Submission


def split_off(*, appeal_id: int, text: str, kind: str, now: datetime) -> Receipt:
    """Make a part of this appeal an appeal of its own; the caller holds the transaction and has checked the right.

    `text` is quoted from the appeal. The part was received when the whole was, so its clock starts on the same day;
    the whole's access code opens it; its author is sealed anew under its own key. The same part twice is one.
    """
    whole = Appeal.objects.get(id=appeal_id)
    try:
        contact = contact_of(whole)
    except sealing.Erased:
        contact = Contact()
    receipt = receive(
        Submission(
            channel=whole.channel,
            token=f"part of {whole.case}",
            text=text,
            kind=kind,
            language=whole.language,
            place=whole.place,
            area_id=whole.area_id,
            lat=whole.lat,
            lon=whole.lon,
            contact=contact,
            received_at=whole.received_at,
            taken_by_id=whole.taken_by_id,
            taken_at_id=whole.taken_at_id,
        ),
        now=now,
    )
    Appeal.objects.filter(id=receipt.appeal_id).update(part_of=whole, code_mac=bytes(whole.code_mac))
    return receipt

"""What waits for somebody while a procedure runs: defects to be mended, a hearing, a clock that stands still."""

from datetime import datetime

from dauys.answer.models import Handling, Ruling

LASTING = (Ruling.Kind.DEFECTS, Ruling.Kind.HEARING, Ruling.Kind.PAUSED)
"""Kinds of rulings that are open until something ends them."""


def close_lasting(appeal_id: int, now: datetime) -> None:
    """End whatever waits for a day: its appeal is answered, ended or begins anew."""
    Ruling.objects.filter(appeal_id=appeal_id, kind__in=LASTING, ended_at=None).update(ended_at=now)


def begin_anew(row: Handling, now: datetime) -> None:
    """Another body begins a procedure of its own: nothing of the former one waits any longer, and its clock runs."""
    close_lasting(row.appeal_id, now)
    if row.paused_on is not None:
        row.paused_on = None
        row.save(update_fields=["paused_on"])

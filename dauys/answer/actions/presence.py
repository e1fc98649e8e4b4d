"""An officer has an appeal open: kept for a minute, so that two do not write the same answer."""

from datetime import datetime, timedelta

from dauys.answer.models import Presence
from dauys.institution.models import User

KNOCK_SECONDS = 12
"""A page that knocks sooner than this after its last knock writes nothing."""

KEPT_SECONDS = 60


def be_here(*, appeal_id: int, officer: User, now: datetime) -> None:
    """Say that the officer, who may read it, has this appeal open. No entry: nothing has happened to anybody, and no
    history is kept of who looked for how long.
    """
    mine = Presence.objects.filter(appeal_id=appeal_id, officer=officer)
    seen_at = mine.values_list("seen_at", flat=True).first()
    if seen_at is not None and now - seen_at < timedelta(seconds=KNOCK_SECONDS):
        return
    Presence.objects.update_or_create(appeal_id=appeal_id, officer=officer, defaults={"seen_at": now})
    Presence.objects.filter(seen_at__lt=now - timedelta(seconds=KEPT_SECONDS)).delete()

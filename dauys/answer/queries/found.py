"""Appeals found by their words, as far as this person may see them."""

from django.db.models import Q

from dauys.answer.models import Handling
from dauys.answer.queries.desk import Row, Shown, _rows, visible
from dauys.institution.models import User
from dauys.understand import queries as understand

LOOK = 300
"""Hits looked at in one go; a person who may see few of them is asked again further down, at most LOOKS times."""

LOOKS = 4
PAGE = 30


def found(user: User, asked: str, *, before: int | None = None) -> Shown:
    """Newest first; `later` is the key of the next page."""
    seen = visible(user)
    if seen is None or not asked.strip():
        return Shown(())
    rows: list[Row] = []
    last = before
    more = True
    for _ in range(LOOKS):
        hits = understand.search(asked, before=last, limit=LOOK)
        more = len(hits) == LOOK
        rows += _of(hits, seen)[: PAGE + 1 - len(rows)]
        if not more or len(rows) > PAGE:
            break
        last = hits[-1]
    if len(rows) > PAGE:
        return Shown(rows[:PAGE], later=str(rows[PAGE - 1].appeal_id))
    return Shown(rows, later=str(last) if more and last is not None else "")


def _of(ids: list[int], seen: Q) -> list[Row]:
    return _rows(Handling.objects.filter(seen, appeal_id__in=ids).order_by("-appeal_id")[: PAGE + 1])

"""The way of an appeal from office to office, and when it goes round."""

from collections import Counter
from collections.abc import Collection, Sequence
from itertools import pairwise

from dauys.answer.models import Handling, Routing
from dauys.institution import rights
from dauys.institution.models import User

ROUND = 2
"""Hand-overs between the same two offices that are going round; and hand-overs after which one more needs a ground."""


def paths_of(appeal_ids: Collection[int]) -> dict[int, list[int]]:
    """The offices each appeal was at, in order, by appeal; one statement."""
    rows = Routing.objects.filter(appeal_id__in=list(appeal_ids), acting__isnull=False).order_by("id")
    paths: dict[int, list[int]] = {}
    for appeal, office in rows.values_list("appeal_id", "acting_id"):
        path = paths.setdefault(appeal, [])
        if office is not None and (not path or path[-1] != office):
            path.append(office)
    return paths


def goes_round(path: Sequence[int]) -> bool:
    """Whether it was handed over twice or more between the same two offices."""
    between = Counter(frozenset(pair) for pair in pairwise(path))
    return any(times >= ROUND for times in between.values())


def is_above_both(officer: User, row: Handling, office_id: int) -> bool:
    """Whether the officer heads an office that stands above the one it is at and the one it would go to."""
    heads = rights.offices_for(officer, "answer.pass_again")
    return row.acting_id in heads and office_id in heads


def needs_ground(officer: User, row: Handling, office_id: int) -> bool:
    """Whether one more hand-over needs the head above both offices, or a ground of its own in writing."""
    return row.hand_overs >= ROUND and not is_above_both(officer, row, office_id)

"""What the room that writes letters asks about applicants, without learning who they are."""

from collections.abc import Iterable

from dauys.hear.heard import newest
from dauys.hear.models import Appeal, Sealed

__all__ = ["appeals_of", "newest", "reachable", "reachable_between"]


def reachable_between(after: int, through: int) -> list[int]:
    """Appeals of these numbers whose applicants left a contact; past ones taken over from old records are not news."""
    rows = Appeal.objects.filter(id__gt=after, id__lte=through, imported=None, sealed__has_contact=True)
    return list(rows.order_by("id").values_list("id", flat=True))


def reachable(appeals: Iterable[int]) -> set[int]:
    """Of these appeals, those whose applicants left a contact that has not been erased."""
    rows = Sealed.objects.filter(appeal_id__in=list(appeals), has_contact=True, wrapped_key__isnull=False)
    return set(rows.values_list("appeal_id", flat=True))


def appeals_of(cases: Iterable[str]) -> dict[str, int]:
    """The appeals of these cases."""
    return dict(Appeal.objects.filter(case__in=list(set(cases))).values_list("case", "id"))

"""What makes an appeal press, as far as its words and its company tell: for the order of a desk.

Nothing here says who wrote, how, or how to reach them.
"""

from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Count, Max

from dauys.understand.models import Aspect, Belonging, Examination, Finding, Merge


@dataclass(frozen=True, slots=True)
class Pressing:
    """`person` is the code of whoever needs care first; `people` the appeals of the same matter, by the machine's group
    or by what people brought together, whichever is more.

    One person who wrote often counts as often: senders are never compared here.
    """

    urgency: str
    person: str = ""
    people: int = 1


def pressing(appeal_ids: Collection[int]) -> dict[int, Pressing]:
    """By appeal; five statements whatever their number. Those not read yet are left out."""
    wanted = list(appeal_ids)
    rows = list(Examination.objects.filter(appeal_id__in=wanted).values_list("appeal_id", "urgency", "matter_id"))
    findings = Finding.objects.filter(appeal_id__in=wanted, aspect=Aspect.PERSON, is_current=True)
    persons = dict(findings.values_list("appeal_id", "value"))
    groups = _counts(Examination, "matter_id", {matter for _appeal, _urgency, matter in rows if matter is not None})
    problems = dict(Belonging.objects.filter(appeal_id__in=wanted).values_list("appeal_id", "problem_id"))
    together = _counts(Belonging, "problem_id", set(problems.values()))
    return {
        appeal: Pressing(
            urgency,
            persons.get(appeal, ""),
            max(1, groups.get(matter or 0, 1), together.get(problems.get(appeal, 0), 1)),
        )
        for appeal, urgency, matter in rows
    }


def _counts(model: type[Examination] | type[Belonging], column: str, keys: set[int]) -> dict[int, int]:
    if not keys:
        return {}
    rows = model._default_manager.filter(**{f"{column}__in": keys}).order_by()
    return dict(rows.values_list(column).annotate(count=Count("pk")))


def grouped_after(appeal_id: int, *, limit: int) -> list[tuple[int, int]]:
    """(appeal, the group it was put into) for the next appeals after this one; groups are made in their order."""
    rows = Examination.objects.filter(appeal_id__gt=appeal_id, matter__isnull=False).order_by("appeal_id")
    return list(rows.values_list("appeal_id", "matter_id")[:limit])


def merged_after(merge: int, *, limit: int) -> list[tuple[int, int]]:
    """(merge, the group that was kept) for the next merges of groups."""
    return list(Merge.objects.filter(id__gt=merge).order_by("id").values_list("id", "kept_id")[:limit])


def newest_grouped() -> int:
    """The newest appeal that stands in a group, 0 before the first."""
    # From the end backwards: only those that wait for their group are passed by.
    rows = Examination.objects.filter(matter__isnull=False).order_by("-appeal_id")
    return rows.values_list("appeal_id", flat=True).first() or 0


def newest_merge() -> int:
    return Merge.objects.aggregate(newest=Max("id"))["newest"] or 0


def grown(matters: Collection[int]) -> dict[int, int]:
    """How many appeals each of these groups holds; those that stand alone are left out."""
    return {matter: count for matter, count in _counts(Examination, "matter_id", set(matters)).items() if count > 1}


def of_matters(matters: Collection[int]) -> list[tuple[int, int]]:
    """(appeal, group) of all appeals of these groups."""
    rows = Examination.objects.filter(matter_id__in=list(matters)).order_by("appeal_id")
    return list(rows.values_list("appeal_id", "matter_id"))


def brought_with(appeal_ids: Collection[int]) -> set[int]:
    """All appeals that people brought into one problem with any of these."""
    problems = Belonging.objects.filter(appeal_id__in=list(appeal_ids)).values("problem_id")
    return set(Belonging.objects.filter(problem_id__in=problems).values_list("appeal_id", flat=True))

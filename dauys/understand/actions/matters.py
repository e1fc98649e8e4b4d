"""Bring appeals of one matter together, and part them again: a person's act each time."""

from datetime import datetime

from django.db import transaction

from dauys.hear import heard as hear
from dauys.institution import rights
from dauys.institution.models import User
from dauys.institution.queries import house
from dauys.ledger import actions as ledger
from dauys.understand.models import Belonging, Examination, Problem


def join(*, appeal_id: int, other_id: int, officer: User, title: str, now: datetime) -> Problem:
    """Say that two appeals are about one matter. The one that already belongs to a problem brings the other in.

    If each belongs to a problem of its own, the second appeal moves to the first one's. Doing it twice changes nothing.
    """
    rights.require(officer, "understand.decide")
    with transaction.atomic():
        on = ledger.take_pen(house().today(now))
        known = dict(
            Belonging.objects.filter(appeal_id__in=(appeal_id, other_id)).values_list("appeal_id", "problem_id")
        )
        problem_id = known.get(other_id) or known.get(appeal_id)
        if problem_id is None:
            seen = Examination.objects.get(appeal_id=appeal_id)
            problem = Problem.objects.create(
                title=title.strip()[:200] or hear.heard_by_ids([appeal_id])[0].first_words[:200],
                topic_id=seen.topic_id, area_id=seen.area_id, opened_by=officer, opened_at=now,
            )  # fmt: skip
        else:
            problem = Problem.objects.get(id=problem_id)
        for appeal in (appeal_id, other_id):
            if known.get(appeal) != problem.id:
                Belonging.objects.update_or_create(
                    appeal_id=appeal, defaults={"problem": problem, "officer": officer, "made_at": now}
                )
                ledger.append_many(
                    [ledger.Act("understand.join", hear.case_of(appeal), now, officer.id, {"problem": problem.id})],
                    on=on,
                )
    return problem


def part(*, appeal_id: int, officer: User, now: datetime) -> None:
    """Take an appeal out of its problem again."""
    rights.require(officer, "understand.decide")
    with transaction.atomic():
        on = ledger.take_pen(house().today(now))
        gone, _by_table = Belonging.objects.filter(appeal_id=appeal_id).delete()
        if gone:
            ledger.append_many([ledger.Act("understand.part", hear.case_of(appeal_id), now, officer.id)], on=on)

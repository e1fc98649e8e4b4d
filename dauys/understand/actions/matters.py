"""Bring appeals of one matter together, and part them again: a person's act each time."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from dauys.hear import heard as hear
from dauys.institution import rights
from dauys.institution.models import User
from dauys.institution.queries import house
from dauys.ledger import actions as ledger
from dauys.understand import masking
from dauys.understand.models import Belonging, Examination, Problem

TITLE_MOST = 200


def join(*, appeal_id: int, other_ids: Collection[int], officer: User, title: str, now: datetime) -> Problem:
    """Say that these appeals are about one matter. Whoever belongs to a problem already brings the others in.

    Of several problems the appeal's own stands first, then the oldest; members of the others who were named move to
    it. Doing it twice changes nothing.
    """
    rights.require(officer, "understand.decide")
    together = [appeal_id, *sorted(set(other_ids) - {appeal_id})]
    with transaction.atomic():
        on = ledger.take_pen(house().today(now))
        known = dict(Belonging.objects.filter(appeal_id__in=together).values_list("appeal_id", "problem_id"))
        problem_id = known.get(appeal_id) or min(known.values(), default=None)
        if problem_id is None:
            seen = Examination.objects.get(appeal_id=appeal_id)
            first = masking.first_words(hear.heard_by_ids([appeal_id])[0].text, most=TITLE_MOST)
            problem = Problem.objects.create(
                title=title.strip()[:TITLE_MOST] or first,
                topic_id=seen.topic_id, area_id=seen.area_id, opened_by=officer, opened_at=now,
            )  # fmt: skip
        else:
            problem = Problem.objects.get(id=problem_id)
        new = [appeal for appeal in together if known.get(appeal) != problem.id]
        for appeal in new:
            Belonging.objects.update_or_create(
                appeal_id=appeal, defaults={"problem": problem, "officer": officer, "made_at": now}
            )
        cases = hear.cases_of(new)
        ledger.append_many(
            [ledger.Act("understand.join", cases[appeal], now, officer.id, {"problem": problem.id}) for appeal in new],
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

"""One answer to many appeals of one problem: everybody gets a letter of their own and a verdict of their own."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction

from dauys.answer import skeletons
from dauys.answer.actions.failures import Failure, NobodyToAnswer, NoOutcome, Unfinished
from dauys.answer.actions.ground import words
from dauys.answer.actions.procedure.hearing import obstacle
from dauys.answer.actions.sending import send_answer
from dauys.answer.models import Answer, Handling, Joint, Outcome, State
from dauys.institution import rights
from dauys.institution.models import User
from dauys.institution.queries import house
from dauys.ledger import actions as ledger
from dauys.understand import queries as understand

NUMBER = "{number}"
"""Where a letter names the appeal it answers."""


def answer_together(
    *,
    problem_id: int,
    outcome: str,
    texts: Mapping[str, str],
    officer: User,
    now: datetime,
    findings: Mapping[str, Any] | None = None,
    overridden: Mapping[str, Any] | None = None,
) -> Joint:
    """Prepare one answer to all open appeals of a problem; after `settings.UNDO_SECONDS` it leaves, one letter each.

    `texts` by language (kk, ru, en): an appeal in a language without a text is left open. Only appeals this officer may
    answer are. `findings` and `overridden` by language: what the check said, and why it leaves all the same.

    Raises NobodyToAnswer, Empty, TooLong, Unfinished, NoOutcome, HearingFirst, HearingOpen.
    """
    if outcome not in Outcome.values:
        raise NoOutcome
    said = {code: words(text) for code, text in texts.items() if text.strip() and code in dict(settings.LANGUAGES)}
    for text in said.values():
        hole = skeletons.unfilled(text)
        if hole is not None:
            raise Unfinished(hole)
    place = house()
    with transaction.atomic():
        on = ledger.take_pen(place.today(now))
        waiting = [row for row in _open_of(problem_id, officer) if row.appeal.language in said]
        if not waiting:
            raise NobodyToAnswer
        obstacles = [obstacle(row, outcome=outcome, on=on, now=now) for row in waiting]
        unheard = next(filter(None, obstacles), None)
        if unheard is not None and all(obstacles):
            raise unheard  # some may be answered so, the others stay open; of none it is said at once
        joint = Joint.objects.create(
            problem_id=problem_id, outcome=outcome, texts=said, officer=officer, made_at=now,
            findings=findings, overridden=overridden,
        )  # fmt: skip
        ledger.append_many(
            [
                ledger.Act(
                    "answer.together", ledger.NO_CASE, now, officer.id, {"joint": joint.id, "problem": problem_id}
                )
            ],
            on=on,
        )
    return joint


def take_back_together(*, joint_id: int, officer: User, now: datetime) -> bool:
    """Undo, while no letter of it has left. Returns whether there was anything to undo."""
    with transaction.atomic():
        on = ledger.take_pen(house().today(now))
        joint = Joint.objects.filter(id=joint_id, officer=officer, ended_at=None).first()
        if joint is None or Answer.objects.filter(joint=joint).exists():
            return False
        joint.ended_at = now
        joint.save(update_fields=["ended_at"])
        ledger.append_many(
            [ledger.Act("answer.take_back_together", ledger.NO_CASE, now, officer.id, {"joint": joint_id})], on=on
        )
    return True


def send_to_joiners(*, joint_id: int, officer: User, now: datetime) -> Joint:
    """Give the same answer to those who joined the problem after it left; while it still leaves nothing changes.

    Raises NobodyToAnswer, also for an answer that was taken back.
    """
    with transaction.atomic():
        on = ledger.take_pen(house().today(now))
        joint = Joint.objects.get(id=joint_id)
        if joint.ended_at is None:
            return joint  # it leaves by itself; until then it belongs to whoever may still take it back
        if not Answer.objects.filter(joint=joint).exists():
            raise NobodyToAnswer  # it was taken back
        if not any(row.appeal.language in joint.texts for row in _open_of(joint.problem_id, officer)):
            raise NobodyToAnswer
        joint.officer, joint.ended_at, joint.made_at = officer, None, now
        joint.save(update_fields=["officer", "ended_at", "made_at"])
        ledger.append_many([ledger.Act("answer.together", ledger.NO_CASE, now, officer.id, {"joint": joint.id})], on=on)
    return joint


def together_pending(*, now: datetime, limit: int = 100) -> int:
    """Send the letters of prepared joint answers, each in a transaction of its own: killed anywhere and begun again,
    nobody gets two. An appeal that cannot be answered so (answered meanwhile, another officer's right) stays open.
    """
    sent = 0
    leaves = now - timedelta(seconds=settings.UNDO_SECONDS)
    for joint in Joint.objects.filter(ended_at=None, made_at__lte=leaves).order_by("id"):
        for row in _open_of(joint.problem_id, joint.officer):
            text = joint.texts.get(row.appeal.language)
            if text is None or _had(joint, row):
                continue
            if sent >= limit:
                return sent
            try:
                send_answer(
                    appeal_id=row.appeal_id,
                    outcome=joint.outcome,
                    text=text.replace(NUMBER, row.appeal.number),
                    officer=joint.officer,
                    now=now,
                    joint_id=joint.id,
                    findings=(joint.findings or {}).get(row.appeal.language),
                    overridden=(joint.overridden or {}).get(row.appeal.language),
                )
            except (Failure, PermissionDenied):
                continue
            sent += 1
        Joint.objects.filter(id=joint.id).update(ended_at=now)
    return sent


def _had(joint: Joint, row: Handling) -> bool:
    """Whether this appeal got this answer before, and disputed it: the same words once more are no answer."""
    return Answer.objects.filter(joint=joint, appeal_id=row.appeal_id).exists()


def _open_of(problem_id: int, officer: User) -> Iterator[Handling]:
    """Open appeals of a problem that this officer may answer, the oldest first."""
    ids = understand.belonging_to(problem_id)
    rows = Handling.objects.filter(appeal_id__in=ids, is_open=True).exclude(state=State.UNROUTED)
    for row in rows.select_related("appeal").order_by("appeal_id"):
        if rights.may(officer, "answer.send", [row.acting_id, row.clock_id]):
            yield row

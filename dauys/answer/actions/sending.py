"""The answer: what the institution says, once, with its proof."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from django.db import transaction

from dauys.answer import skeletons
from dauys.answer.actions import enclosing
from dauys.answer.actions.failures import AlreadyAnswered, NoOutcome, Unfinished
from dauys.answer.actions.ground import commit, routed, words
from dauys.answer.actions.procedure.hearing import before_answer
from dauys.answer.actions.raising import refuse_whoever_answered
from dauys.answer.models import Answer, Draft, Outcome, State
from dauys.institution import rights
from dauys.institution.models import User
from dauys.institution.queries import house
from dauys.ledger import actions as ledger
from dauys.ledger.core.leaf import Kind as LeafKind


def send_answer(
    *, appeal_id: int, outcome: str, text: str, officer: User, now: datetime, joint_id: int | None = None,
    findings: list[dict[str, Any]] | None = None, overridden: dict[str, Any] | None = None,
) -> Answer:  # fmt: skip
    """Answer an appeal. The answer stays as it was sent; the same sending twice is one answer.

    Its office is the one that owes it, its `due_on` the promise it kept or broke. `findings` are what the check said of
    it, `overridden` why it is sent in spite of the serious ones. Raises Empty, TooLong,
    Unfinished, NoOutcome, NotRouted, AlreadyAnswered, HearingFirst, HearingOpen; PermissionDenied.
    """
    said = words(text)
    hole = skeletons.unfilled(said)
    if hole is not None:
        raise Unfinished(hole)
    if outcome not in Outcome.values:
        raise NoOutcome
    with transaction.atomic():
        row, on = routed(appeal_id, now=now)
        rights.require(officer, "answer.send", [row.acting_id, row.clock_id])
        last = Answer.objects.filter(appeal_id=appeal_id).order_by("-ordinal").first()
        if not row.is_open:
            if last is not None and (last.text, last.outcome, last.officer_id) == (said, outcome, officer.id):
                return last
            raise AlreadyAnswered
        refuse_whoever_answered(row, officer)
        before_answer(row, outcome=outcome, on=on, now=now)
        today = house().today(now)
        answer = Answer.objects.create(
            appeal_id=appeal_id,
            ordinal=last.ordinal + 1 if last else 1,
            office_id=row.clock_id or 0,  # the table refuses a routed appeal without one
            officer=officer,
            joint_id=joint_id,
            findings=findings,
            overridden=overridden,
            by_machine=Draft.objects.filter(appeal_id=appeal_id, by_machine=True).exists(),
            outcome=outcome,
            text=said,
            # Where no rule covers the appeal nothing was promised, and nothing can have been broken.
            due_on=row.due_on or today,
            sent_at=now,
            sent_on=today,
        )
        digests = enclosing.send_with(answer)
        row.state, row.is_open, row.unread = State.ANSWERED, False, False
        row.officer = row.officer or officer
        row.save(update_fields=["state", "is_open", "unread", "officer"])
        Draft.objects.filter(appeal_id=appeal_id).delete()
        ledger.append_many(
            [
                ledger.Act(
                    verb="answer.send",
                    case=row.appeal.case,
                    at=now,
                    actor_id=officer.id,
                    detail={
                        "answer": answer.ordinal,
                        "outcome": outcome,
                        "due_on": answer.due_on.isoformat(),
                    },
                    public=ledger.Public(
                        LeafKind.ANSWERED,
                        code=outcome,
                        commitment=commit(row, f"answer.{answer.ordinal}", answer_fields(answer, digests)),
                    ),
                )
            ],
            on=on,
        )
    return answer


def answer_fields(answer: Answer, digests: Sequence[str] = ()) -> dict[str, bytes]:
    """What the ledger's `answered` leaf commits to, field by field; salts are named
    `answer.<ordinal>.<field>`. `digests`: SHA-256 of the files that went with it, in order.
    """
    office = house().offices.get(answer.office_id)
    fields = {"attachments": "\n".join(digests).encode()} if digests else {}
    return {
        **fields,
        "text": answer.text.encode(),
        "outcome": answer.outcome.encode(),
        "office": (office.code if office else str(answer.office_id)).encode(),
        "official": str(answer.officer_id).encode(),
        "moment": answer.sent_at.astimezone(UTC).isoformat(timespec="microseconds").encode(),
    }

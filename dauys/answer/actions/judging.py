"""The citizen's own word on an answer. "Not solved" reopens the appeal at once, without permission."""

from datetime import UTC, datetime
from typing import Any

from django.db import transaction

from dauys.answer import promises
from dauys.answer.actions import raising
from dauys.answer.actions.failures import AlreadyJudged, NothingToJudge, TooLong
from dauys.answer.actions.ground import commit, routed
from dauys.answer.models import Answer, Handling, Promise, Routing, State, Verdict
from dauys.hear.submission import TEXT_MOST, storable
from dauys.institution.queries import house
from dauys.ledger import actions as ledger
from dauys.ledger.core.leaf import Kind as LeafKind


def give_verdict(
    *,
    appeal_id: int,
    ordinal: int,
    solved: bool,
    rating: int | None,
    words: str,
    now: datetime,
    partly: bool = False,
    rests: bool = False,
) -> Verdict:
    """Judge the answer with this ordinal, the latest one; who may speak for the appeal, the page has checked.

    Not solved, and solved in part (`partly`), open the appeal again with a new promise; only where the citizen leaves a
    part at that (`rests`) it stays closed, and counts as solved nowhere. The second dispute goes to somebody higher
    (`raising.higher`). The same verdict twice is one. Raises NothingToJudge, AlreadyJudged, TooLong.
    """
    said = storable(words).strip()
    if len(said) > TEXT_MOST:
        raise TooLong(len(said), TEXT_MOST)
    if rating is not None and not 1 <= rating <= 5:
        rating = None
    partly = partly and not solved
    rests = rests and partly
    place = house()
    with transaction.atomic():
        row, on = routed(appeal_id, now=now)
        answer = Answer.objects.select_related("verdict").filter(appeal_id=appeal_id).order_by("-ordinal").first()
        if answer is None or answer.ordinal != ordinal:
            raise NothingToJudge
        known: Verdict | None = getattr(answer, "verdict", None)
        if known is not None:
            if (known.solved, known.partly, known.rests) == (solved, partly, rests):
                return known
            raise AlreadyJudged
        verdict = Verdict.objects.create(
            appeal_id=appeal_id,
            answer=answer,
            solved=solved,
            partly=partly,
            rests=rests,
            rating=rating,
            words=said,
            given_at=now,
            given_on=place.today(now),
        )
        commitment = commit(row, f"verdict.{ordinal}", verdict_fields(verdict))
        detail: dict[str, Any] = {"answer": ordinal, "solved": solved, "rating": rating}
        if partly:
            detail |= {"partly": True, "rests": rests}
        if solved:
            row.state = State.CONFIRMED
            public = ledger.Public(LeafKind.AMENDED, code="confirmed", commitment=commitment)
        elif rests:
            # The state says what the office did; the citizen's "in part" stands beside it and is no confirmation.
            public = ledger.Public(LeafKind.AMENDED, code="partly", commitment=commitment)
        else:
            row.disputes += 1
            if row.disputes >= raising.SECOND:
                detail |= _raise(row, now=now)
            made = _promise_anew(row, now=now)
            row.state, row.is_open, row.unread = State.DISPUTED, True, True
            row.due_on = made.due_on if made else None
            public = ledger.Public(
                LeafKind.REOPENED,
                due_on=row.due_on,
                code=promises.leaf_code(promises.rule_by_id(made.policy)) if made else None,
                commitment=commitment,
            )
        row.save(update_fields=["state", "is_open", "unread", "due_on", "disputes", "acting", "clock", "officer"])
        ledger.append_many(
            [ledger.Act("answer.verdict", row.appeal.case, now, detail=detail, public=public)],
            on=on,
        )
    return verdict


def _raise(row: Handling, *, now: datetime) -> dict[str, Any]:
    """Give a locked row to the next higher officer and write down why; what of it belongs into the ledger."""
    place = house()
    was = place.offices.get(row.acting_id or 0)
    found = raising.higher(place, row.acting_id, raising.who_answered(row.appeal_id))
    if found is None or was is None:
        return {}
    if row.clock_id == row.acting_id:
        row.clock_id = found.office.id
    row.acting_id, row.officer_id = found.office.id, found.officer_id
    told = {"from": was.code, "to": found.office.code, "disputes": row.disputes}
    Routing.objects.create(
        appeal_id=row.appeal_id,
        acting_id=row.acting_id,
        clock_id=row.clock_id,
        reasons=[{"code": "raised" if found.officer_id else "raised_to_nobody", **told}],
        made_at=now,
    )
    return {"raised_to": found.office.code}


def _promise_anew(row: Handling, *, now: datetime) -> Promise | None:
    """A disputed answer owes a new one within a whole new term, counted from the day the citizen said so."""
    place = house()
    reopened_on = promises.arrival_day(place, now)
    owed = promises.Counter(place).owed(
        office=place.offices.get(row.clock_id or 0), kind=row.appeal.kind, registered_on=reopened_on
    )
    if owed is None or row.clock_id is None:
        return None
    return Promise.objects.create(
        appeal_id=row.appeal_id,
        office_id=row.clock_id,
        policy=owed.policy.id,
        registered_on=reopened_on,
        due_on=owed.due_on,
        reason="reopened",
        made_at=now,
    )


def verdict_fields(verdict: Verdict) -> dict[str, bytes]:
    """What the leaf of a verdict commits to; salts are named `verdict.<answer's ordinal>.<field>`."""
    return {
        "solved": _word(verdict),
        "rating": str(verdict.rating or "").encode(),
        "words": verdict.words.encode(),
        "moment": verdict.given_at.astimezone(UTC).isoformat(timespec="microseconds").encode(),
    }


def _word(verdict: Verdict) -> bytes:
    if verdict.partly:
        return b"in part, left at that" if verdict.rests else b"in part"
    return b"yes" if verdict.solved else b"no"

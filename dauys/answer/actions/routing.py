"""Find an office for what has been examined, and promise a day. It may be killed anywhere and run again."""

import json
from collections.abc import Iterator, Sequence
from datetime import date, datetime

from django.db import connection, transaction
from django.db.models import Max

from dauys.answer import promises
from dauys.answer.actions.following import reroute_pending
from dauys.answer.actions.placer import Placed, Placer, detail, standing
from dauys.answer.models import Handling, Message, Outcome
from dauys.hear import heard as hear
from dauys.hear.submission import TEXT_MOST, storable
from dauys.institution.queries import house
from dauys.ledger import actions as ledger
from dauys.ledger.core.leaf import Kind as LeafKind
from dauys.understand import queries as understand


def route_and_promise_pending(*, now: datetime, limit: int = 200) -> int:
    """Route and promise the next examined appeals, oldest first; few statements, however many they are.

    Appeals, examinations and handlings are all written in the order of appeals, each under the pen, so what
    is pending is exactly what follows the last handling. An appeal for which no office is found is not lost:
    it stands in the queue of unrouted ones with the day the law's clock ends, and is tried again once a person
    has said more of it (`reroute_pending`).
    """
    placed = _place_next(now=now, limit=limit)
    return placed if placed >= limit else placed + reroute_pending(now=now, limit=limit - placed)


def _place_next(*, now: datetime, limit: int) -> int:
    if not hear.heard_after(_last(), limit=1):
        return 0  # at rest the pen stays where it is
    with transaction.atomic():
        on = ledger.take_pen(house().today(now))
        last = _last()
        waiting = hear.heard_after(last, limit=limit)
        examined = understand.examined(row.id for row in waiting)
        ready = []
        for row in waiting:
            if row.id not in examined:
                break
            ready.append(row)
        if not ready:
            return 0
        placer = Placer(house(), now)
        placed = [placer.place(row, examined[row.id]) for row in ready]
        wrote = set(
            Message.objects.filter(
                appeal_id__gt=last, appeal_id__lte=ready[-1].id, author=Message.Author.CITIZEN
            ).values_list("appeal_id", flat=True)
        )  # fmt: skip
        _write(placed, wrote=wrote, now=now)
        ledger.append_many([act for one in placed for act in _acts(one, now)], on=on)
    return len(placed)


def _last() -> int:
    """The newest appeal that has its place."""
    return Handling.objects.aggregate(last=Max("appeal_id"))["last"] or 0


# Plain statements: a model object a row would cost as much as all the deciding.
_HANDLING = """
INSERT INTO handling (appeal_id, state, is_open, acting_id, clock_id, due_on, begin_by, topic_id, area_id,
    district_id, urgency, received_at, unread)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
"""
_ROUTING = "INSERT INTO routing (appeal_id, acting_id, clock_id, reasons, made_at) VALUES (%s, %s, %s, %s, %s)"
_PROMISE = """
INSERT INTO promise (appeal_id, office_id, policy, registered_on, due_on, reason, made_at)
VALUES (%s, %s, %s, %s, %s, 'registered', %s)
"""
_ANSWER = """
INSERT INTO answer (appeal_id, ordinal, office_id, outcome, text, due_on, sent_at, sent_on)
VALUES (%s, 1, %s, %s, %s, %s, %s, %s)
"""


def _write(placed: Sequence[Placed], *, wrote: set[int], now: datetime) -> None:
    """The rows of newly placed appeals. `wrote`: those whose citizens have written already."""
    moment, day = connection.ops.adapt_datetimefield_value, connection.ops.adapt_datefield_value
    made_at = moment(now)
    handlings, routings, owed, answers = [], [], [], []
    for one in placed:
        row, way = one.heard, one.way
        stands = standing(one)
        handlings.append(
            (
                row.id, stands.state, stands.is_open, stands.acting_id, stands.clock_id, day(stands.due_on),
                day(stands.due_on), stands.topic_id, stands.area_id, stands.district_id, one.examined.urgency,
                moment(row.received_at), row.id in wrote,
            )
        )  # fmt: skip
        routings.append((row.id, way.acting_id, way.clock_id, json.dumps(way.reasons), made_at))
        if one.owed and one.promised_by:
            owed.append(
                (row.id, one.promised_by.id, one.owed.policy.id, day(row.registered_on), day(one.owed.due_on), made_at)
            )
        if one.answered_at and one.promised_by:
            outcome, text, due_on, sent_on = _past(one)
            answers.append(
                (row.id, one.promised_by.id, outcome, text, day(due_on), moment(one.answered_at), day(sent_on))
            )
    with connection.cursor() as cursor:
        for statement, rows in ((_HANDLING, handlings), (_ROUTING, routings), (_PROMISE, owed), (_ANSWER, answers)):
            if rows:
                cursor.executemany(statement, rows)


def _past(one: Placed) -> tuple[str, str, date, date]:
    """Outcome, words, day owed and day sent of an answer somebody gave before this ledger was kept: its words, if
    they came, and nobody's name.
    """
    labels = one.heard.labels or {}
    assert one.answered_at is not None
    sent_on = one.answered_at.astimezone(house().zone).date()
    outcome = str(labels.get("outcome") or "")
    return (
        outcome if outcome in Outcome.values else "",
        storable(str(labels.get("answer") or ""))[:TEXT_MOST],
        one.owed.due_on if one.owed else sent_on,
        sent_on,
    )


def _acts(one: Placed, now: datetime) -> Iterator[ledger.Act]:
    yield ledger.Act(
        verb="answer.promise",
        case=one.heard.case,
        at=now,
        detail=detail(one),
        public=ledger.Public(
            LeafKind.ACCEPTED,
            due_on=one.owed.due_on if one.owed else None,
            code=promises.leaf_code(one.owed.policy) if one.owed else None,
        ),
    )
    if one.answered_at:
        # The ledger did not see this answer being sent: it says where it comes from and commits to no words.
        yield ledger.Act(
            verb="answer.take_over",
            case=one.heard.case,
            at=now,
            detail={"answered_at": one.answered_at.isoformat()},
            public=ledger.Public(LeafKind.ANSWERED, code="past"),
        )

"""Silence: the term has passed without an act, and the rule calls that a refusal."""

from datetime import date, datetime

from django.db import transaction
from django.db.models import F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from dauys.answer import policies
from dauys.answer.actions.procedure.ground import NEXT_DAY, code, rule, stands
from dauys.answer.models import Handling, Promise, Ruling
from dauys.institution.queries import house
from dauys.ledger import actions as ledger
from dauys.ledger.core.leaf import Kind as LeafKind

AT_ONCE = 50
"""Appeals marked under one holding of the pen."""


def lapse_pending(*, now: datetime, limit: int = 200) -> int:
    """Mark every promise that passed in silence under a rule that calls silence a refusal; returns how many.

    An appeal stays open and can still be answered. A new promise (reopened, passed to another body) may lapse again.
    Appeals taken over from old records are left out: what became of them elsewhere is not known here. Killed anywhere
    and run again: the same rows.
    """
    today = house().today(now)
    if not silent(today).exists():
        return 0
    with transaction.atomic():
        on = ledger.take_pen(today)
        rows = list(
            silent(today)
            .select_for_update(of=("self",))
            .select_related("appeal", "appeal__sealed")
            .order_by("due_on", "appeal_id")[: min(limit, AT_ONCE)]
        )
        for row in rows:
            assert row.due_on is not None
            row.lapsed_on = row.due_on + NEXT_DAY
            row.save(update_fields=["lapsed_on"])
            rule(
                stands(row, on=on, now=now), Ruling.Kind.LAPSED, verb="answer.lapse", decided_on=row.lapsed_on,
                public=ledger.Public(LeafKind.REFUSED, code=code("lapsed")), ended=True,
            )  # fmt: skip
    return len(rows)


def silent(today: date) -> QuerySet[Handling]:
    """Open appeals whose promised day has passed in silence, and whose silence has not been written down yet."""
    deemed = [one for one in policies.load() if one.on_expiry == "deemed_refused"]
    last = Promise.objects.filter(appeal_id=OuterRef("appeal_id")).order_by("-id").values("policy")[:1]
    return (
        Handling.objects.filter(is_open=True, due_on__lt=today, paused_on=None)
        # As an expression, or SQLite would begin at its index of all appeals that were never imported.
        .alias(taken_over=Coalesce("appeal__imported_id", 0))
        .filter(taken_over=0)
        .filter(appeal__kind__in={kind for one in deemed for kind in one.kinds})
        # A lapse belongs to the promise it followed: a later day owed has not lapsed yet.
        .filter(Q(lapsed_on=None) | Q(lapsed_on__lte=F("due_on")))
        .alias(stands_under=Subquery(last))
        .filter(stands_under__in=[one.id for one in deemed])
    )


def has_lapsed(row: Handling) -> bool:
    """Whether silence counts as a refusal now: an appeal with a later promise has a new term."""
    return row.is_open and row.lapsed_on is not None and row.due_on is not None and row.lapsed_on > row.due_on

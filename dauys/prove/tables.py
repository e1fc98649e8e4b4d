"""The rows of earlier rooms that this room counts: the one place that reaches for them, and only reads."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.apps import apps
from django.db.models import F, Max, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import TruncDate
from django.utils.functional import Promise

FIRST = 1
"""The ordinal of an appeal's first answer."""


def appeals() -> "QuerySet[Any]":
    """Every appeal with where it stands, its first answer and the citizen's last word as solved, in part or not."""
    answer, verdict = apps.get_model("answer", "Answer"), apps.get_model("answer", "Verdict")
    first = answer.objects.filter(appeal=OuterRef("pk"), ordinal=FIRST)
    last_word = verdict.objects.filter(appeal=OuterRef("pk")).order_by("-answer__ordinal")
    return apps.get_model("hear", "Appeal").objects.order_by().annotate(
        office=F("handling__clock"),
        district=F("handling__district"),
        topic=F("handling__topic"),
        due_on=F("handling__due_on"),
        is_open=F("handling__is_open"),
        state=F("handling__state"),
        answered_on=Subquery(first.values("sent_on")[:1]),
        promised_on=Subquery(first.values("due_on")[:1]),
        solved=Subquery(last_word.values("solved")[:1]),
        partly=Subquery(last_word.values("partly")[:1]),
        rests=Subquery(last_word.values("rests")[:1]),
    )  # fmt: skip


def received_between(first: date, last: date, zone: ZoneInfo) -> Q:
    """Received from the first moment of one day to the last of another, in this zone. Uses the time index."""
    return Q(received_at__gte=_midnight(first, zone), received_at__lt=_midnight(last + timedelta(days=1), zone))


def received_on(zone: ZoneInfo) -> TruncDate:
    return TruncDate("received_at", tzinfo=zone)


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), tzinfo=zone)


def last_entry() -> int:
    """The newest entry of the ledger. The pen lets entries become visible in the order of their ids."""
    return apps.get_model("ledger", "Entry").objects.aggregate(last=Max("id"))["last"] or 0


def days_touched(*, after: int, through: int, zone: ZoneInfo) -> Iterable[date]:
    """Days on which the appeals were received that these ledger entries speak of."""
    cases = apps.get_model("ledger", "Entry").objects.filter(id__gt=after, id__lte=through).values("case")
    found = apps.get_model("hear", "Appeal").objects.filter(case__in=cases).order_by()
    return found.values_list(received_on(zone), flat=True).distinct()


def late(today: date) -> "QuerySet[Any]":
    """Open appeals whose promised day has passed, the longest waiting first."""
    handling = apps.get_model("answer", "Handling")
    return handling.objects.filter(is_open=True, due_on__lt=today).order_by("due_on", "appeal")


def choices(room: str, model: str, field: str) -> "dict[str, str | Promise]":
    """The words of a closed list, by its codes."""
    return dict(apps.get_model(room, model)._meta.get_field(field).flatchoices)

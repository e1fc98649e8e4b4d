"""Appeals as later chapters read them: plain values, never rows to change."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Exists, Max, OuterRef

from dauys.hear.models import Appeal

_FIELDS = (
    "id", "number", "case", "kind", "channel", "text", "language", "place", "area_id", "lat", "lon",
    "about_office_id", "received_at", "registered_on", "labels",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Heard:
    """One appeal, without anything that says who spoke."""

    id: int
    number: str
    case: str
    kind: str
    channel: str
    text: str
    language: str
    place: str
    area_id: int | None
    lat: float | None
    lon: float | None
    about_office_id: int | None
    received_at: datetime
    registered_on: date
    labels: dict[str, Any] | None

    @property
    def first_words(self) -> str:
        """The beginning, on one line, for lists."""
        line = " ".join(self.text[:400].split())
        return line if len(line) <= 160 else line[:159].rsplit(" ", 1)[0] + "…"


def heard_after(last: int, *, limit: int) -> list[Heard]:
    """The next appeals after this id, in the order they were written."""
    return [Heard(*row) for row in Appeal.objects.filter(id__gt=last).order_by("id").values_list(*_FIELDS)[:limit]]


def newest() -> int:
    """The highest id of an appeal, 0 before the first."""
    last: int | None = Appeal.objects.aggregate(last=Max("id"))["last"]
    return last or 0


def heard_by_ids(ids: Iterable[int]) -> list[Heard]:
    wanted = list(ids)
    if not wanted:
        return []
    return [Heard(*row) for row in Appeal.objects.filter(id__in=wanted).order_by("id").values_list(*_FIELDS)]


def heard_by_number(number: str) -> Heard | None:
    row = Appeal.objects.filter(number=number).values_list(*_FIELDS).first()
    return Heard(*row) if row else None


def case_of(appeal_id: int) -> str:
    return Appeal.objects.values_list("case", flat=True).get(id=appeal_id)


def cases_of(appeal_ids: Iterable[int]) -> dict[int, str]:
    return dict(Appeal.objects.filter(id__in=list(appeal_ids)).values_list("id", "case"))


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a letter, answered apart."""

    id: int
    number: str
    text: str


def has_parts(appeal: str) -> Exists:
    """Whether a letter was split, as a part of another room's query; `appeal` names its column of appeals."""
    return Exists(Appeal.objects.filter(part_of=OuterRef(appeal)))


def parts_of(appeal_id: int) -> list[Part]:
    """The parts a letter was split into, in order."""
    rows = Appeal.objects.filter(part_of=appeal_id).order_by("id").values_list("id", "number", "text")
    return [Part(*row) for row in rows]

"""What was concluded about appeals, and which appeals wait for a person."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Max

from dauys.engines import sameness
from dauys.engines.search_terms import stems
from dauys.hear import heard as hear
from dauys.institution.queries import house
from dauys.understand.index import find as search
from dauys.understand.models import Aspect, Belonging, Examination, Finding
from dauys.understand.reading import SURE

__all__ = [
    "SURE",
    "alike_to",
    "awaiting",
    "examinations",
    "examined",
    "findings_of",
    "members",
    "newest_finding",
    "said_after",
    "said_at",
    "search",
    "topic_choices",
]

NEAR_DAYS = 21
NEAR_MOST = 200
SAME = 0.5


@dataclass(frozen=True, slots=True)
class Alike:
    """Another appeal that may be about the same matter, and why."""

    appeal: "hear.Heard"
    score: float
    reasons: tuple[tuple[str, str], ...]
    joined: bool


def findings_of(appeal_id: int) -> list[Finding]:
    """Current findings, in the order of the reader's questions."""
    rank = {
        aspect: place for place, aspect in enumerate(("topic", "place", "urgency", "language", "personal", "sameness"))
    }
    rows = list(Finding.objects.filter(appeal_id=appeal_id, is_current=True).select_related("officer"))
    return sorted(rows, key=lambda row: rank.get(row.aspect, 9))


def examinations(appeal_ids: Iterable[int]) -> dict[int, Examination]:
    return {row.appeal_id: row for row in Examination.objects.filter(appeal_id__in=list(appeal_ids))}


@dataclass(frozen=True, slots=True)
class Examined:
    """Where the reading of one appeal stands, as later rooms need it. Below SURE a topic is only a guess."""

    appeal_id: int
    topic_id: int | None
    topic_confidence: float
    area_id: int | None
    urgency: str

    @property
    def sure_topic_id(self) -> int | None:
        return self.topic_id if self.topic_confidence >= SURE else None


def examined(appeal_ids: Iterable[int]) -> dict[int, Examined]:
    """By appeal; those not read yet are left out."""
    rows = Examination.objects.filter(appeal_id__in=list(appeal_ids))
    fields = ("appeal_id", "topic_id", "topic_confidence", "area_id", "urgency")
    return {row[0]: Examined(*row) for row in rows.values_list(*fields)}


_DECIDED = (Aspect.TOPIC, Aspect.PLACE)


def said_after(finding: int, *, limit: int) -> list[tuple[int, int]]:
    """(finding, appeal) for what people said of topics and places after this finding, in the order they said it.

    People speak under the ledger's pen (`actions.decide`): whoever holds it sees all that was said, and nothing
    said later gets a lower number.
    """
    said = Finding.objects.filter(id__gt=finding, officer__isnull=False, aspect__in=_DECIDED)
    return list(said.order_by("id").values_list("id", "appeal_id")[:limit])


def newest_finding() -> int:
    """The number of the newest finding, whoever made it; 0 before the first."""
    return Finding.objects.aggregate(newest=Max("id"))["newest"] or 0


def said_at(appeal_id: int) -> datetime | None:
    """When a person last said what an appeal is about, or where; None where nobody has."""
    said = Finding.objects.filter(appeal_id=appeal_id, officer__isnull=False, aspect__in=_DECIDED)
    last: datetime | None = said.aggregate(last=Max("made_at"))["last"]
    return last


def awaiting(*, after: int = 0, limit: int = 25) -> list[Examination]:
    """Appeals that a person must look at, oldest first."""
    return list(Examination.objects.filter(needs_person=True, appeal_id__gt=after).order_by("appeal_id")[:limit])


def awaiting_count(most: int = 100) -> int:
    """How many wait, counted up to `most`: a badge, not a statistic."""
    return len(Examination.objects.filter(needs_person=True).values_list("appeal_id", flat=True)[:most])


def members(appeal_id: int) -> list[int]:
    """Ids of the appeals that belong to the same problem as this one, without it."""
    problem = Belonging.objects.filter(appeal_id=appeal_id).values_list("problem_id", flat=True).first()
    if problem is None:
        return []
    return list(
        Belonging.objects.filter(problem_id=problem).exclude(appeal_id=appeal_id).values_list("appeal_id", flat=True)
    )


def alike_to(appeal_id: int, *, limit: int = 5) -> list[Alike]:
    """Appeals of the last weeks on what may be the same matter: near-identical text, or words, place, topic, days."""
    own = Examination.objects.filter(appeal_id=appeal_id).first()
    if own is None:
        return []
    this = hear.heard_by_ids([appeal_id])[0]
    joined = set(members(appeal_id))
    near = set(joined)
    if own.alike_id:
        near.add(own.alike_id)
    if own.topic_id:
        window = Examination.objects.filter(topic_id=own.topic_id, appeal_id__lt=appeal_id + NEAR_MOST)
        near |= set(window.order_by("-appeal_id").values_list("appeal_id", flat=True)[:NEAR_MOST])
    near.discard(appeal_id)
    others = examinations(near)
    codes = {area.id: area.code for area in house().areas.values()}

    def seen(row: "hear.Heard", examined: Examination) -> sameness.Seen:
        topic = house().topics.get(examined.topic_id or 0)
        return sameness.Seen(
            stems(row.text), topic.code if topic else "", codes.get(examined.area_id or 0, ""),
            row.lat, row.lon, row.received_at.date(),
        )  # fmt: skip

    mine = seen(this, own)
    found = []
    for row in hear.heard_by_ids(near):
        if row.id not in others:
            continue
        told = row.id in joined or row.id == own.alike_id
        if not told and abs(row.received_at - this.received_at) > timedelta(days=NEAR_DAYS):
            continue
        likeness = sameness.same_matter(mine, seen(row, others[row.id]))
        if told or likeness.score >= SAME:
            found.append(Alike(row, likeness.score, likeness.reasons, row.id in joined))
    return sorted(found, key=lambda one: (-one.joined, -one.score, -one.appeal.id))[: max(limit, len(joined))]


def topic_choices() -> list[tuple[str, list[tuple[str, str]]]]:
    """Open topics for a menu: (group name, [(code, name), …])."""
    topics = [topic for topic in house().topics.values() if topic.is_open]
    groups = [topic for topic in topics if topic.parent_id is None]
    return [
        (
            str(group.name),
            [(part.code, str(part.name)) for part in topics if part.parent_id == group.id]
            or [(group.code, str(group.name))],
        )
        for group in groups
    ]

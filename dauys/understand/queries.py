"""What was concluded about appeals, and which appeals wait for a person."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.db.models import Max, OuterRef, Subquery

from dauys.engines import grouping, sameness
from dauys.engines.search_terms import stems
from dauys.hear import heard as hear
from dauys.institution.models import User
from dauys.institution.queries import Names, house
from dauys.understand import vectors
from dauys.understand.comparing import seen
from dauys.understand.in_force import alone, sure
from dauys.understand.models import Aspect, Belonging, Examination, Finding, Problem

__all__ = [
    "alike_to",
    "alone",
    "awaiting",
    "belonging_to",
    "examinations",
    "examined",
    "findings_of",
    "likely",
    "likely_confidences",
    "matter_of",
    "members",
    "newest_finding",
    "problem",
    "problem_expression",
    "problem_of",
    "said_after",
    "said_at",
    "said_in",
    "said_of",
    "sure",
    "topic_choices",
]

NEAR_DAYS = 21
NEAR_MOST = 200
SAME = 0.3
"""From this likelihood on an appeal is offered to a clerk as perhaps the same matter."""

READ_AT_MOST = 4000
NEAR_COSINE = 0.55
"""Two texts nearer than this in meaning are offered also where nothing is known of their places."""


@dataclass(frozen=True, slots=True)
class Alike:
    """Another appeal that may be about the same matter, and why."""

    appeal: "hear.Heard"
    score: float
    reasons: tuple[tuple[str, str], ...]
    joined: bool


_ORDER = (
    "topic", "office", "place", "urgency", "person", "deadline", "asks", "kind", "language", "personal", "sameness",
)  # fmt: skip


def findings_of(appeal_id: int) -> list[Finding]:
    """Current findings, in the order of the reader's questions."""
    rank = {aspect: place for place, aspect in enumerate(_ORDER)}
    rows = list(Finding.objects.filter(appeal_id=appeal_id, is_current=True).select_related("officer"))
    return sorted(rows, key=lambda row: rank.get(row.aspect, 9))


def examinations(appeal_ids: Iterable[int]) -> dict[int, Examination]:
    return {row.appeal_id: row for row in Examination.objects.filter(appeal_id__in=list(appeal_ids))}


@dataclass(frozen=True, slots=True)
class Examined:
    """Where the reading of one appeal stands, as later rooms need it. Below `sure_from` a topic is only a guess.

    `office_id` is the office that usually answers such appeals: advice, and None where the reader was not sure.
    """

    appeal_id: int
    topic_id: int | None
    topic_confidence: float
    area_id: int | None
    urgency: str
    sure_from: float
    office_id: int | None = None
    office_confidence: float = 0.0

    @property
    def sure_topic_id(self) -> int | None:
        return self.topic_id if self.topic_confidence >= self.sure_from else None


def examined(appeal_ids: Iterable[int]) -> dict[int, Examined]:
    """By appeal; those not read yet are left out."""
    rows = Examination.objects.filter(appeal_id__in=list(appeal_ids))
    fields = ("appeal_id", "topic_id", "topic_confidence", "area_id", "urgency", "office_id", "office_confidence")
    sure_from = sure(anew=True)  # once for a batch, whatever its size
    found = rows.values_list(*fields)
    return {
        appeal: Examined(appeal, topic, sureness, area, urgency, sure_from, office, office_sureness)
        for appeal, topic, sureness, area, urgency, office, office_sureness in found
    }


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


def likely_confidences(*, at_least: float, limit: int) -> dict[int, float]:
    """The oldest appeals that wait for a person and of whose topic the machine is at least so sure."""
    rows = Examination.objects.filter(needs_person=True, topic_confidence__gte=at_least)
    return dict(rows.order_by("appeal_id").values_list("appeal_id", "topic_confidence")[:limit])


def likely(*, at_least: float, limit: int) -> dict[int, str]:
    """The topic the machine would give to each of those: {appeal id: topic code}."""
    surest = likely_confidences(at_least=at_least, limit=limit)
    rows = Finding.objects.filter(appeal_id__in=list(surest), aspect=Aspect.TOPIC, is_current=True, officer=None)
    return dict(rows.values_list("appeal_id", "value"))


def said_in(moment: datetime, officer: User) -> int:
    """Of how many appeals this officer said the topic at this very moment, by one act, and it still stands."""
    return Finding.objects.filter(made_at=moment, officer=officer, aspect=Aspect.TOPIC, is_current=True).count()


def said_of(number: str, officer: User) -> Names | None:
    """The topic this officer gave to an appeal, where their word still stands."""
    code = (
        Finding.objects.filter(appeal__number=number, officer=officer, aspect=Aspect.TOPIC, is_current=True)
        .values_list("value", flat=True)
        .first()
    )
    topic = house().topic_by_code.get(code or "")
    return topic.name if topic else None


def awaiting_count(most: int = 100) -> int:
    """How many wait, counted up to `most`: a badge, not a statistic."""
    return len(Examination.objects.filter(needs_person=True).values_list("appeal_id", flat=True)[:most])


def problem_of(appeal_id: int) -> int | None:
    """The problem people brought this appeal into."""
    return Belonging.objects.filter(appeal_id=appeal_id).values_list("problem_id", flat=True).first()


def problem_expression(appeal: str) -> Subquery:
    """The same as a part of another room's query; `appeal` names its column of appeals."""
    return Subquery(Belonging.objects.filter(appeal_id=OuterRef(appeal)).values("problem_id")[:1])


def problem(problem_id: int) -> Problem | None:
    return Problem.objects.filter(id=problem_id).first()


def belonging_to(problem_id: int) -> list[int]:
    """Ids of all appeals of a problem."""
    rows = Belonging.objects.filter(problem_id=problem_id).order_by("appeal_id")
    return list(rows.values_list("appeal_id", flat=True))


def members(appeal_id: int) -> list[int]:
    """Ids of the appeals that belong to the same problem as this one, without it."""
    problem = Belonging.objects.filter(appeal_id=appeal_id).values_list("problem_id", flat=True).first()
    if problem is None:
        return []
    return list(
        Belonging.objects.filter(problem_id=problem).exclude(appeal_id=appeal_id).values_list("appeal_id", flat=True)
    )


def alike_to(appeal_id: int, *, limit: int = 5) -> list[Alike]:
    """Appeals of the last weeks on what may be the same matter: by text, meaning, words, place, topic and days.

    What the machine put into one group, and what a person joined, is shown whatever its likeness.
    """
    own = Examination.objects.filter(appeal_id=appeal_id).first()
    if own is None:
        return []
    this = hear.heard_by_ids([appeal_id])[0]
    joined = set(members(appeal_id))
    told = joined | ({own.alike_id} if own.alike_id else set()) | set(_grouped_with(own))
    cosines = {one.appeal_id: one.cosine for one in vectors.near(appeal_id, NEAR_MOST)}
    near = told | set(cosines)
    if own.topic_id:
        window = Examination.objects.filter(topic_id=own.topic_id, appeal_id__lt=appeal_id + NEAR_MOST)
        near |= set(window.order_by("-appeal_id").values_list("appeal_id", flat=True)[:NEAR_MOST])
    near.discard(appeal_id)
    others = examinations(near)
    days = timedelta(days=NEAR_DAYS)
    rows = [
        row
        for row in hear.heard_by_ids(near)
        if row.id in others and (row.id in told or abs(row.received_at - this.received_at) <= days)
    ]
    likenesses = sameness.compare(
        seen(own, this),
        [seen(others[row.id], row) for row in rows],
        cosines=[cosines.get(row.id) for row in rows],
    )
    found = []
    for row, likeness in zip(rows, likenesses, strict=True):
        score = max(likeness.score, _by_meaning(cosines.get(row.id, 0.0), this, row))
        if row.id in told or score >= SAME:
            found.append(Alike(row, score, likeness.reasons, row.id in joined))
    best = sorted(found, key=lambda one: (-one.joined, -one.score, -one.appeal.id))[: max(limit, len(joined))]
    return [replace(one, reasons=_in_words(one)) for one in best]


def _in_words(one: Alike) -> tuple[tuple[str, str], ...]:
    return tuple((kind, _spoken(value, one.appeal.text) if kind == "words" else value) for kind, value in one.reasons)


def _spoken(common: str, text: str) -> str:
    """Stems as words: the first word of the text that has each."""
    words: dict[str, str] = {}
    for word in re.findall(r"\w+", text[:READ_AT_MOST]):
        for stem in stems(word):
            words.setdefault(stem, word.lower())
    return ", ".join(words.get(stem, stem) for stem in common.split(", "))


def _by_meaning(cosine: float, one: "hear.Heard", other: "hear.Heard") -> float:
    """What the meaning alone is worth where a place is missing: the comparison was weighed on appeals with points,
    and would pass by the same matter told in the other language.
    """
    is_placed = None not in (one.lat, one.lon, other.lat, other.lon)
    return 0.0 if is_placed or cosine < NEAR_COSINE else round(cosine - 0.2, 4)


def _grouped_with(own: Examination) -> list[int]:
    """The newest others of the machine's group."""
    if own.matter_id is None:
        return []
    rows = Examination.objects.filter(matter_id=own.matter_id).exclude(appeal_id=own.appeal_id)
    return list(rows.order_by("-appeal_id").values_list("appeal_id", flat=True)[:NEAR_MOST])


@dataclass(frozen=True, slots=True)
class Matter:
    """What the machine takes for one problem: how many appeals, of what sort, and why. An offer, not a decision."""

    oldest: int
    count: int
    kind: str
    reasons: tuple[tuple[str, str], ...]
    ids: tuple[int, ...]


def matter_of(appeal_id: int) -> Matter | None:
    """The machine's group of an appeal; None where it stands alone. Of a larger group the newest are looked at."""
    oldest = Examination.objects.filter(appeal_id=appeal_id).values_list("matter_id", flat=True).first()
    if oldest is None:
        return None
    group = Examination.objects.filter(matter_id=oldest)
    count = group.count()
    if count < 2:
        return None
    rows = {row.appeal_id: row for row in group.order_by("-appeal_id")[:NEAR_MOST]}
    told = hear.heard_by_ids(rows)
    members = [
        grouping.Member(
            bands=keys, sender="", area=str(rows[one.id].area_id or ""), lat=one.lat, lon=one.lon,
            day=one.received_at.timestamp() / 86_400,
        )
        for one, keys in zip(told, sameness.keys_many([one.text for one in told]), strict=True)
    ]  # fmt: skip
    kind = grouping.kind_of_group(members)
    return Matter(oldest, count, kind.kind, kind.reasons, tuple(one.id for one in told))


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

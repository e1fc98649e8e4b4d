"""How well the readers read: their first word against what a person said or came of it, and which readers there are."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django.db import connection

from dauys.institution.queries import house
from dauys.understand import reach
from dauys.understand.models import Aspect, Examination, Finding, Target, TopicModel

MONTHS = 12
"""The present month and those before it."""

ACTED_MOST = 10_000
"""Answered appeals, the newest, in whose offices the machine's first word is looked for."""

READERS_MOST = 20
STEPS = 10
"""Of confidence, each a tenth wide."""


@dataclass(frozen=True, slots=True)
class Share:
    """Of `judged` first words of the machine about `key`, `right` were what the person said."""

    key: str
    judged: int
    right: int

    @property
    def share(self) -> float:
        return self.right / self.judged if self.judged else 0.0


@dataclass(frozen=True, slots=True)
class Accuracy:
    """Appeals of a period, both days included, that the machine read and a person judged; by several keys.

    Keys: month "2026-03", language code, code of the topic or office as it proved in the end, version of the reader,
    and the lower bound of what the machine said of its sureness in tenths ("0" to "9").
    """

    first: date
    last: date
    whole: Share
    by_month: tuple[Share, ...]
    by_language: tuple[Share, ...]
    by_code: tuple[Share, ...]
    by_reader: dict[str, Share]
    by_said: tuple[Share, ...]


def accuracy(*, now: datetime) -> Accuracy:
    """The machine's first topic against the word of a person that stands, of the last twelve months, by one query.

    What the institution's own past records say is no reading, and an appeal the machine said nothing of is not in it.
    """
    zone = house().zone
    today = now.astimezone(zone).date()
    months = _months(today)
    bounds = [datetime.combine(month, time.min, zone) for month in months]
    moment = connection.ops.adapt_datetimefield_value
    month_cases = " ".join("WHEN guess.made_at >= %s THEN %s" for _month in months)
    month_told = [told for month, bound in _newest_first(months, bounds) for told in (moment(bound), f"{month:%Y-%m}")]
    said_cases = " ".join(f"WHEN guess.confidence >= 0.{step} THEN '{step}'" for step in range(STEPS - 1, 0, -1))
    keys = ("'whole'", "month", "language", "topic", "engine", "said")
    with connection.cursor() as cursor:
        cursor.execute(
            "WITH judged AS (SELECT "
            f"CASE {month_cases} END AS month, seen.language AS language, word.value AS topic, guess.engine AS engine, "
            f"CASE {said_cases} ELSE '0' END AS said, CASE WHEN guess.value = word.value THEN 1 ELSE 0 END AS hit "
            "FROM finding word "
            "JOIN finding guess ON guess.id = (SELECT MIN(one.id) FROM finding one "
            "WHERE one.appeal_id = word.appeal_id AND one.aspect = %s AND one.officer_id IS NULL "
            "AND one.engine NOT IN ('', 'import')) "
            "JOIN examination seen ON seen.appeal_id = word.appeal_id "
            "WHERE word.officer_id IS NOT NULL AND word.made_at >= %s AND word.aspect = %s AND word.is_current "
            "AND word.value <> '' AND guess.made_at >= %s) "
            + " UNION ALL ".join(
                f"SELECT {place}, {key}, COUNT(*), SUM(hit) FROM judged GROUP BY {key}" if place else
                "SELECT 0, '', COUNT(*), COALESCE(SUM(hit), 0) FROM judged"
                for place, key in enumerate(keys)
            ),
            [*month_told, Aspect.TOPIC, moment(bounds[0]), Aspect.TOPIC, moment(bounds[0])],
        )  # fmt: skip
        rows = cursor.fetchall()
    by: list[list[Share]] = [[] for _key in keys]
    for place, key, judged, right in rows:
        by[place].append(Share(str(key), int(judged), int(right)))
    whole, by_month, by_language, by_code, by_reader, by_said = by
    return Accuracy(
        first=months[0],
        last=today,
        whole=whole[0],
        by_month=tuple(sorted(by_month, key=lambda one: one.key)),
        by_language=tuple(_most_first(by_language)),
        by_code=tuple(_most_first(by_code)),
        by_reader={one.key: one for one in by_reader},
        by_said=tuple(sorted(by_said, key=lambda one: one.key)),
    )


def accuracy_of_offices(*, now: datetime) -> Accuracy:
    """The machine's first word of the office against the office that answered, of the last twelve months.

    Of the newest 10,000 answered appeals. What old records say is no reading, and an appeal it said nothing of is not
    in it.
    """
    zone = house().zone
    today = now.astimezone(zone).date()
    first = _months(today)[0]
    offices = {office.id: office.code for office in house().offices.values()}
    acted = {appeal: offices[office] for appeal, office in reach.acted(ACTED_MOST).items() if office in offices}
    said = (
        Finding.objects.filter(appeal_id__in=list(acted), aspect=Aspect.OFFICE, is_current=True, officer=None)
        .filter(made_at__gte=datetime.combine(first, time.min, zone))
        .values_list("appeal_id", "value", "confidence", "engine", "made_at")
    )
    spoken = dict(Examination.objects.filter(appeal_id__in=list(acted)).values_list("appeal_id", "language"))
    rows = [
        (
            acted[appeal] == value,
            {
                "month": f"{made_at.astimezone(zone):%Y-%m}", "language": spoken.get(appeal, "unknown"),
                "code": acted[appeal], "reader": engine, "said": str(min(STEPS - 1, int(sureness * STEPS))),
            },
        )
        for appeal, value, sureness, engine, made_at in said
    ]  # fmt: skip
    by = {
        key: _shares((keys[key], hit) for hit, keys in rows) for key in ("month", "language", "code", "reader", "said")
    }
    return Accuracy(
        first=first,
        last=today,
        whole=Share("", len(rows), sum(hit for hit, _keys in rows)),
        by_month=tuple(sorted(by["month"], key=lambda one: one.key)),
        by_language=tuple(_most_first(by["language"])),
        by_code=tuple(_most_first(by["code"])),
        by_reader={one.key: one for one in by["reader"]},
        by_said=tuple(sorted(by["said"], key=lambda one: one.key)),
    )


def _shares(judged: Iterable[tuple[str, bool]]) -> list[Share]:
    all_of, right = Counter[str](), Counter[str]()
    for key, hit in judged:
        all_of[key] += 1
        right[key] += hit
    return [Share(key, count, right[key]) for key, count in all_of.items()]


def _months(today: date) -> list[date]:
    """The first days of the last twelve months, oldest first."""
    count = today.year * 12 + today.month - 1
    return [date(one // 12, one % 12 + 1, 1) for one in range(count - MONTHS + 1, count + 1)]


def _newest_first(months: Sequence[date], bounds: Sequence[datetime]) -> list[tuple[date, datetime]]:
    return list(zip(months, bounds, strict=True))[::-1]


def _most_first(shares: Sequence[Share]) -> list[Share]:
    return sorted(shares, key=lambda one: (-one.judged, one.key))


@dataclass(frozen=True, slots=True)
class Reader:
    """One trained reader, without its weights."""

    version: str
    samples: int
    trained_at: datetime
    is_current: bool
    card: dict[str, Any]
    target: str


def readers(target: Target | None = None) -> list[Reader]:
    """The newest readers, of one target or of all, those in force first."""
    rows = TopicModel.objects.order_by("-is_current", "-id")
    if target is not None:
        rows = rows.filter(target=target)
    fields = ("version", "samples", "trained_at", "is_current", "card", "target")
    return [Reader(*row) for row in rows.values_list(*fields)[:READERS_MOST]]

"""How well the reader of topics reads: its first word against a person's, and which readers there are."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django.db import connection

from dauys.institution.queries import house
from dauys.understand.models import Aspect, TopicModel

MONTHS = 12
"""The present month and those before it."""

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

    Keys: month "2026-03", language code, topic code as the person said it, version of the reader, and the lower bound
    of what the machine said of its sureness in tenths ("0" to "9").
    """

    first: date
    last: date
    whole: Share
    by_month: tuple[Share, ...]
    by_language: tuple[Share, ...]
    by_topic: tuple[Share, ...]
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
    whole, by_month, by_language, by_topic, by_reader, by_said = by
    return Accuracy(
        first=months[0],
        last=today,
        whole=whole[0],
        by_month=tuple(sorted(by_month, key=lambda one: one.key)),
        by_language=tuple(_most_first(by_language)),
        by_topic=tuple(_most_first(by_topic)),
        by_reader={one.key: one for one in by_reader},
        by_said=tuple(sorted(by_said, key=lambda one: one.key)),
    )


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
    """One trained reader of topics, without its weights."""

    version: str
    samples: int
    trained_at: datetime
    is_current: bool
    card: dict[str, Any]


def readers() -> list[Reader]:
    """The newest readers, the one in force first."""
    rows = TopicModel.objects.order_by("-is_current", "-id")
    return [
        Reader(*row)
        for row in rows.values_list("version", "samples", "trained_at", "is_current", "card")[:READERS_MOST]
    ]

"""Judge each finished day: where did more appeals come than the usual rhythm explains, and what explains them?"""

import re
from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime, timedelta

import numpy as np
from django.db import transaction
from django.db.models import QuerySet

from dauys.engines import bursts, personal
from dauys.engines.search_terms import stems
from dauys.hear import heard as hear
from dauys.institution.queries import house
from dauys.understand import news
from dauys.understand.models import Aspect, Burst, Examination, Finding, Watch

RATE = 0.05
"""The false-alarm rate that is held: on a day when nothing is unusual, anything is called with that chance."""

LOOK_BACK_DAYS = 730
"""After an import the last two years are judged; what is older is history, not news."""

AGAIN_DAYS = 2
"""Finished days that are judged again when appeals of them were read or settled since."""

QUIET = timedelta(minutes=10)
"""An import is taken to be over when no appeal of it was read for so long: half of its rows would be no past."""

LOOK = 500
USUAL_DAYS = 56
USUAL_MOST = 600
USUAL_LEAST = 200
"""A topic that was hardly heard of lately is compared with what else was written."""

TOLD_MOST = 5000
"""Appeals of one burst that are read to explain it, the newest."""

LETTERS = 4000
WORDS = 8

_NOT_A_NAME = frozenset({"address", "health", "family"})
"""Personal data whose words, met elsewhere, point at nobody: a street, a sickness, a mother."""

_WORD = re.compile(r"[^\W\d_]+")
_SAID = (Aspect.TOPIC, Aspect.PLACE)

Usual = tuple[Counter[str], int]


def notice_pending(*, now: datetime, limit: int = 400) -> int:
    """Judge finished days that nobody has judged yet, at most `limit` of them, the newest stretch first.

    A day ends where the institution is. It is written down at once with its bursts, so that an end in the middle
    loses nothing; judged again, the same counts give the same rows. Gives the number of days judged.
    """
    last = house().today(now) - timedelta(days=1)
    begun = news.first_day()
    if begun is None or _is_reading(last, now):
        return 0
    days = _owed(max(begun + timedelta(days=bursts.MIN_DAYS), last - timedelta(days=LOOK_BACK_DAYS - 1)), last)[-limit:]
    if not days:
        return 0
    first = max(begun, days[0] - timedelta(days=bursts.HISTORY - 1))
    counts = _Counts(first, days[-1])
    usual: dict[tuple[int, date], Usual] = {}
    judged = bursts.watch(counts.table, rate=RATE, since=(days[0] - first).days)
    for day in judged:
        rows = [row for burst in day.bursts if (row := counts.row(burst, day.day)) is not None]
        for row in rows:
            _explain(row, usual)
        with transaction.atomic():
            on = first + timedelta(days=day.day)
            Burst.objects.filter(day=on).delete()
            Burst.objects.bulk_create(rows)
            Watch.objects.update_or_create(day=on, defaults={"cells": day.cells, "rate": day.rate, "watched_at": now})
    return len(judged)


def _is_reading(last: date, now: datetime) -> bool:
    """Whether finished days are not whole yet: appeals of them wait to be read, or an import is going on."""
    newest = list(
        Examination.objects.order_by("-appeal_id").values_list("appeal_id", "appeal__imported_id", "examined_at")[:LOOK]
    )
    if any(imported is not None and at > now - QUIET for _id, imported, at in newest):
        return True
    unread = hear.heard_after(newest[0][0] if newest else 0, limit=LOOK)
    return any(house().today(row.received_at) <= last for row in unread)


def _owed(first: date, last: date) -> list[date]:
    """The newest stretch of days, without a gap, that are to be judged."""
    known = dict(Watch.objects.filter(day__range=(first, last)).values_list("day", "watched_at"))
    stretch: list[date] = []
    day = last
    while day >= first:
        is_owed = day not in known or ((last - day).days < AGAIN_DAYS and _is_stale(day, known[day]))
        if is_owed:
            stretch.append(day)
        elif stretch:
            break
        day -= timedelta(days=1)
    return stretch[::-1]


def _is_stale(day: date, watched_at: datetime) -> bool:
    begin, end = news.moments(day, day)
    of_day = {"appeal__received_at__gte": begin, "appeal__received_at__lt": end}
    return (
        Examination.objects.filter(examined_at__gt=watched_at, **of_day).exists()
        or Finding.objects.filter(officer__isnull=False, aspect__in=_SAID, made_at__gt=watched_at, **of_day).exists()
    )


class _Counts:
    """Appeals by day, topic and district as the engine wants them; the last column is for those without a district."""

    def __init__(self, first: date, last: date) -> None:
        place = house()
        self.first = first
        self.topics = sorted(place.topics)
        self.districts = [area.id for area in place.districts]
        row_of = {topic: row for row, topic in enumerate(self.topics)}
        column_of = {district: column for column, district in enumerate(self.districts)}
        nowhere = len(self.districts)
        self.table = np.zeros(((last - first).days + 1, len(self.topics), nowhere + 1), dtype=np.int64)
        for day, topic, area, count in news.counted(first, last):
            district = place.areas[area].district_id if area is not None else None
            self.table[(day - first).days, row_of[topic], column_of.get(district or 0, nowhere)] += count

    def row(self, burst: bursts.Burst, day: int) -> Burst | None:
        """None for the appeals without a district: nobody could say where that burst is."""
        area = None
        if burst.area is not None and self.districts:
            if burst.area == len(self.districts):
                return None
            area = self.districts[burst.area]
        return Burst(
            day=self.first + timedelta(days=day), topic_id=self.topics[burst.topic], area_id=area, days=burst.days,
            seen=burst.seen, expected=burst.expected, chance=burst.chance, voices=burst.seen,
        )  # fmt: skip


def _explain(row: Burst, usual: dict[tuple[int, date], Usual]) -> None:
    """Give a burst its words, its samples, and tell one text of many hands from many voices."""
    since = row.day - timedelta(days=row.days - 1)
    told = _told(row, since)
    if not told:  # settled as something else a moment ago; the day will be judged again
        return
    key = (row.topic_id, since)
    if key not in usual:
        usual[key] = _usual(row.topic_id, since)
    words, appeals = usual[key]
    texts, names = zip(*(_without_personal(text) for _id, _number, _alike, text in told), strict=True)
    campaigns = _campaigns([(appeal, alike) for appeal, _number, alike, _text in told])
    found = bursts.explain(
        [
            bursts.Told(number, text, campaigns.get(appeal))
            for (appeal, number, _alike, _text), text in zip(told, texts, strict=True)
        ],
        words, appeals, words=4 * WORDS,
    )  # fmt: skip
    row.words = _telling([word for word, _z in found.words], set().union(*names))
    row.samples = list(found.samples)
    row.voices = found.voices
    row.campaign = found.campaign[1] if found.campaign else 0


def _telling(words: Sequence[str], names: set[str]) -> list[str]:
    """The first words, each in one ending; a name told as one in one text may pass unnoticed, in another case, in the
    next.
    """
    known, kept = set(stems(" ".join(names))), []
    for word in words:
        own = stems(word)
        if not own & known:
            kept.append(word)
        known |= own
    return kept[:WORDS]


def _within(topic: int | None, since: date, until: date) -> "QuerySet[Examination]":
    begin, end = news.moments(since, until)
    rows = Examination.objects.filter(appeal__received_at__gte=begin, appeal__received_at__lt=end)
    return (rows if topic is None else rows.filter(topic=topic)).order_by("-appeal_id")


def _told(row: Burst, since: date) -> list[tuple[int, str, int | None, str]]:
    rows = _within(row.topic_id, since, row.day)
    if row.area_id is not None:
        rows = rows.filter(area__in=[area.id for area in house().areas.values() if area.district_id == row.area_id])
    return list(rows.values_list("appeal_id", "appeal__number", "alike_id", "appeal__text")[:TOLD_MOST])


def _usual(topic: int, since: date) -> Usual:
    """In how many usual appeals of the weeks before each word stood: of the topic, and of others where it has few."""
    begin, end = since - timedelta(days=USUAL_DAYS), since - timedelta(days=1)
    texts = list(_within(topic, begin, end).values_list("appeal__text", flat=True)[:USUAL_MOST])
    if len(texts) < USUAL_LEAST:
        others = _within(None, begin, end).exclude(topic=topic).values_list("appeal__text", flat=True)
        texts += others[: USUAL_LEAST - len(texts)]
    return Counter(word for text in texts for word in bursts.words_of(text)), len(texts)


def _without_personal(text: str) -> tuple[str, set[str]]:
    """The words of a text that touch no personal data, in order; and of those that do the ones that name somebody."""
    text = text[:LETTERS]
    spans = personal.find(text)
    kept, names, at = [], set(), 0
    for word in _WORD.finditer(text):
        while at < len(spans) and spans[at].end <= word.start():
            at += 1
        if at < len(spans) and spans[at].start < word.end():
            if spans[at].kind not in _NOT_A_NAME:
                names.add(word.group().lower())
        else:
            kept.append(word.group())
    return " ".join(kept), names


def _campaigns(links: list[tuple[int, int | None]]) -> dict[int, str]:
    """A name for each text that several appeals share, by appeal; each points to an earlier one almost the same."""
    earlier = {appeal: alike for appeal, alike in links if alike is not None}

    def origin(appeal: int) -> int:
        while appeal in earlier:
            appeal = earlier[appeal]
        return appeal

    sizes = Counter(origin(appeal) for appeal, _alike in links)
    return {appeal: str(origin(appeal)) for appeal, _alike in links if sizes[origin(appeal)] > 1}

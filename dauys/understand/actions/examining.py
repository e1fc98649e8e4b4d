"""Read what was heard, and write down what was concluded."""

import json
import logging
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import Max

from dauys.engines import sameness
from dauys.hear import heard as hear
from dauys.understand import index, parallel
from dauys.understand.models import Aspect, Band, Examination
from dauys.understand.reading import ENGINE, Conclusion, Reading, Told, read_many

log = logging.getLogger(__name__)

ALIKE = 0.6
"""From this likeness on (shingles of the texts) two appeals are shown as one matter; never merged unasked."""


MANY = 4000
"""From so many waiting on, reading is worth a process for each core."""

TURN = 2000
"""Appeals after which other steps of the worker have their turn; the reading processes go on meanwhile."""


def examine_pending(*, now: datetime, limit: int = 500) -> int:
    """Read the appeals not read yet, oldest first, and write down what was concluded.

    Appeals are numbered in commit order (ledger.take_pen), so all above the highest examined one are still unread.
    """
    global _archive
    last = Examination.objects.aggregate(last=Max("appeal_id"))["last"] or 0
    if _archive is not None and _archive.written != last:  # somebody else wrote: what was read ahead is not next
        _archive.close()
        _archive = None
    if _archive is None and hear.newest() - last >= MANY:
        _archive = _Archive(last, limit)
    if _archive is not None:
        if done := _archive.turn(now):
            return done
        _archive = None
    heard = hear.heard_after(last, limit=limit)
    if heard:
        told = _told(heard)
        _write_down(heard, _settled(told, lambda: read_many(told)), now=now)
    return len(heard)


class _Archive:
    """A long backlog being read on all cores, batch after batch, each written down in its own transaction.

    It is kept between two turns of the worker, so that the readers need not begin again; lost with the process, it
    loses nothing: `written` is what the tables say.
    """

    def __init__(self, last: int, limit: int) -> None:
        self.written, self._limit = last, limit
        self._given: deque[Sequence[hear.Heard]] = deque()
        self._readings = parallel.read_batches(self._batches())

    def _batches(self) -> Iterator[list[Told]]:
        place = self.written
        while heard := hear.heard_after(place, limit=self._limit):
            place = heard[-1].id
            self._given.append(heard)
            yield _told(heard)

    def turn(self, now: datetime) -> int:
        """Write down up to TURN appeals. Gives how many; 0 when the backlog is done."""
        done = 0
        while done < TURN and (reading := next(self._readings, None)) is not None:
            heard = self._given.popleft()
            _write_down(heard, _settled(_told(heard), reading), now=now)
            self.written = heard[-1].id
            done += len(heard)
        return done

    def close(self) -> None:
        self._readings.close()


_archive: _Archive | None = None


def _told(heard: Sequence["hear.Heard"]) -> list[Told]:
    return [
        Told(row.text, row.place, row.area_id, row.labels, row.kind, row.registered_on, row.lat, row.lon)
        for row in heard
    ]


def _settled(told: Sequence[Told], read: Callable[[], list[Reading]]) -> list[Reading]:
    try:
        return read()
    except Exception:
        # One text no engine survives must not keep its neighbours waiting: it goes to a person, with the reason.
        log.exception("Reading a batch failed; reading one by one.")
        return [_read_or_hand_over(one) for one in told]


_EXAMINATION = """
INSERT INTO examination (appeal_id, language, topic_id, topic_confidence, office_id, office_confidence, area_id,
    urgency, press, personal, alike_id, needs_person, examined_at)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
"""
_FINDING = """
INSERT INTO finding (appeal_id, aspect, value, confidence, reasons, engine, made_at, is_current)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s)
"""


def _write_down(heard: Sequence["hear.Heard"], readings: Sequence[Reading], *, now: datetime) -> None:
    """Plain statements: as model objects, five rows an appeal would cost as much as the reading."""
    keys = sameness.keys_many([row.text for row in heard])
    at = connection.ops.adapt_datetimefield_value(now)
    with transaction.atomic():
        alike = _meet(heard, keys)
        examinations: list[tuple[Any, ...]] = []
        findings: list[tuple[Any, ...]] = []
        for row, told in zip(heard, readings, strict=True):
            same = alike.get(row.id)
            examinations.append(
                (
                    row.id, told.language, told.topic_id, told.topic_confidence, told.office_id,
                    told.office_confidence, told.area_id, told.urgency, told.press, told.personal,
                    same.appeal_id if same else None, told.needs_person, at,
                )
            )  # fmt: skip
            findings += [
                (
                    row.id, one.aspect, one.value, min(1.0, max(0.0, one.confidence)),
                    json.dumps(one.reasons, ensure_ascii=False), one.engine, at, True,
                )
                for one in (*told.conclusions, *([same.conclusion] if same else []))
            ]  # fmt: skip
        with connection.cursor() as cursor:
            cursor.executemany(_EXAMINATION, examinations)
            cursor.executemany(_FINDING, findings)
        index.add([(row.id, f"{row.text}\n{row.place}") for row in heard])


def _read_or_hand_over(told: Told) -> Reading:
    try:
        return read_many([told])[0]
    except Exception:
        log.exception("An appeal could not be read by machine; a person will.")
        return Reading("unknown", None, 0.0, None, 0.0, told.area_id, "usual", 0.0, 0, True, ())


class _Alike:
    __slots__ = ("appeal_id", "conclusion")

    def __init__(self, appeal_id: int, number: str, likeness: float) -> None:
        self.appeal_id = appeal_id
        self.conclusion = Conclusion(Aspect.SAMENESS, number, likeness, [["text", round(likeness, 3)]], ENGINE)


def _meet(heard: Sequence["hear.Heard"], keys: Sequence[tuple[int, ...]]) -> dict[int, _Alike]:
    """For each appeal the newest earlier one that shares a key and whose text is truly alike; keys move on to it."""
    wanted = {key for own in keys for key in own}
    newest: dict[int, int] = dict(Band.objects.filter(key__in=wanted).values_list("key", "appeal_id"))
    texts = {row.id: (row.text, row.number) for row in heard}
    earlier = {appeal for appeal in newest.values() if appeal not in texts}
    texts.update({row.id: (row.text, row.number) for row in hear.heard_by_ids(earlier)})
    alike: dict[int, _Alike] = {}
    for row, own in zip(heard, keys, strict=True):
        met: dict[int, int] = {}
        for key in own:
            if key in newest and newest[key] != row.id:
                met[newest[key]] = met.get(newest[key], 0) + 1
            newest[key] = row.id
        for candidate, _shared in sorted(met.items(), key=lambda item: (-item[1], -item[0]))[:3]:
            text, number = texts[candidate]
            likeness = 1.0 if text == row.text else sameness.shingle_similarity(text, row.text)
            if likeness >= ALIKE and (row.id not in alike or likeness > alike[row.id].conclusion.confidence):
                alike[row.id] = _Alike(candidate, number, likeness)
    with (
        connection.cursor() as cursor
    ):  # sixteen keys an appeal: as model objects they would cost more than the reading
        cursor.executemany(
            "INSERT INTO band (key, appeal_id) VALUES (%s, %s) "
            "ON CONFLICT (key) DO UPDATE SET appeal_id = excluded.appeal_id",
            [(key, newest[key]) for key in wanted],
        )
    return alike

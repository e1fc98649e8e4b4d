"""Examine what was heard; let a person's word win; bring appeals of one matter together."""

import logging
import tomllib
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib.resources import files

from django.db import connection, transaction
from django.db.models import Max

from dauys.engines import sameness, topics
from dauys.hear import heard as hear
from dauys.institution import rights
from dauys.institution.models import User
from dauys.institution.queries import house
from dauys.ledger import actions as ledger
from dauys.understand import index
from dauys.understand.models import Aspect, Band, Belonging, Examination, Finding, Problem, TopicModel
from dauys.understand.reading import ENGINE, Conclusion, Reading, Told, read_many

log = logging.getLogger(__name__)

ALIKE = 0.6
"""From this likeness on (shingles of the texts) two appeals are shown as one matter; never merged unasked."""


class UnknownTopic(Exception):
    """The institution has no such topic."""


def examine_pending(*, now: datetime, limit: int = 500) -> int:
    """Read the appeals not read yet, oldest first, and write down what was concluded.

    Appeals are numbered in commit order (ledger.take_pen), so all above the highest examined one are still unread.
    """
    last = Examination.objects.aggregate(last=Max("appeal_id"))["last"] or 0
    heard = hear.heard_after(last, limit=limit)
    if not heard:
        return 0
    told = [Told(row.text, row.place, row.area_id, row.labels) for row in heard]
    try:
        readings = read_many(told)
    except Exception:
        # One text no engine survives must not keep its neighbours waiting: it goes to a person, with the reason.
        log.exception("Reading a batch failed; reading one by one.")
        readings = [_read_or_hand_over(one) for one in told]
    keys = sameness.keys_many([row.text for row in heard])
    with transaction.atomic():
        alike = _meet(heard, keys)
        Examination.objects.bulk_create(
            [
                Examination(
                    appeal_id=row.id,
                    language=reading.language,
                    topic_id=reading.topic_id,
                    topic_confidence=reading.topic_confidence,
                    area_id=reading.area_id,
                    urgency=reading.urgency,
                    personal=reading.personal,
                    alike_id=alike[row.id].appeal_id if row.id in alike else None,
                    needs_person=reading.needs_person,
                    examined_at=now,
                )
                for row, reading in zip(heard, readings, strict=True)
            ]
        )
        Finding.objects.bulk_create(
            [
                _finding(row.id, conclusion, now)
                for row, reading in zip(heard, readings, strict=True)
                for conclusion in (*reading.conclusions, *([alike[row.id].conclusion] if row.id in alike else []))
            ]
        )
        index.add([(row.id, f"{row.text}\n{row.place}") for row in heard])
    return len(heard)


def _read_or_hand_over(told: Told) -> Reading:
    try:
        return read_many([told])[0]
    except Exception:
        log.exception("An appeal could not be read by machine; a person will.")
        return Reading("unknown", None, 0.0, told.area_id, "usual", 0, True, ())


def _finding(appeal_id: int, conclusion: Conclusion, now: datetime) -> Finding:
    return Finding(
        appeal_id=appeal_id,
        aspect=conclusion.aspect,
        value=conclusion.value,
        confidence=min(1.0, max(0.0, conclusion.confidence)),
        reasons=conclusion.reasons,
        engine=conclusion.engine,
        made_at=now,
    )


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


def decide(*, appeal_id: int, officer: User, topic_code: str, area_code: str, now: datetime) -> Examination:
    """A person says what an appeal is about and where; their word stands above any engine's.

    Raises UnknownTopic. An empty `area_code` leaves the place as it is.
    """
    rights.require(officer, "understand.decide")
    place = house()
    topic = place.topic_by_code.get(topic_code)
    area = place.area_by_code.get(area_code) if area_code else None
    if topic is None or (area_code and area is None):
        raise UnknownTopic(topic_code)
    with transaction.atomic():
        on = ledger.take_pen(place.today(now))
        examination = Examination.objects.select_for_update().get(appeal_id=appeal_id)
        said = [(Aspect.TOPIC, topic.code)]
        if area is not None and area.id != examination.area_id:
            said.append((Aspect.PLACE, area.code))
        for aspect, value in said:
            Finding.objects.filter(appeal_id=appeal_id, aspect=aspect, is_current=True).update(is_current=False)
            Finding.objects.create(
                appeal_id=appeal_id, aspect=aspect, value=value, confidence=1.0,
                reasons=[["person"]], engine="", officer=officer, made_at=now,
            )  # fmt: skip
        before = place.topics[examination.topic_id].code if examination.topic_id else ""
        examination.topic_id = topic.id
        examination.topic_confidence = 1.0
        if area is not None:
            examination.area_id = area.id
        examination.needs_person = False
        examination.checked_by = officer
        examination.save()
        case = hear.case_of(appeal_id)
        ledger.append_many(
            [ledger.Act("understand.decide", case, now, officer.id, {"topic": topic.code, "before": before})], on=on
        )
    return examination


def join(*, appeal_id: int, other_id: int, officer: User, title: str, now: datetime) -> Problem:
    """Say that two appeals are about one matter. The one that already belongs to a problem brings the other in.

    If each belongs to a problem of its own, the second appeal moves to the first one's. Doing it twice changes nothing.
    """
    rights.require(officer, "understand.decide")
    with transaction.atomic():
        on = ledger.take_pen(house().today(now))
        known = dict(
            Belonging.objects.filter(appeal_id__in=(appeal_id, other_id)).values_list("appeal_id", "problem_id")
        )
        problem_id = known.get(other_id) or known.get(appeal_id)
        if problem_id is None:
            seen = Examination.objects.get(appeal_id=appeal_id)
            problem = Problem.objects.create(
                title=title.strip()[:200] or hear.heard_by_ids([appeal_id])[0].first_words[:200],
                topic_id=seen.topic_id, area_id=seen.area_id, opened_by=officer, opened_at=now,
            )  # fmt: skip
        else:
            problem = Problem.objects.get(id=problem_id)
        for appeal in (appeal_id, other_id):
            if known.get(appeal) != problem.id:
                Belonging.objects.update_or_create(
                    appeal_id=appeal, defaults={"problem": problem, "officer": officer, "made_at": now}
                )
                ledger.append_many(
                    [ledger.Act("understand.join", hear.case_of(appeal), now, officer.id, {"problem": problem.id})],
                    on=on,
                )
    return problem


def part(*, appeal_id: int, officer: User, now: datetime) -> None:
    """Take an appeal out of its problem again."""
    rights.require(officer, "understand.decide")
    with transaction.atomic():
        on = ledger.take_pen(house().today(now))
        gone, _by_table = Belonging.objects.filter(appeal_id=appeal_id).delete()
        if gone:
            ledger.append_many([ledger.Act("understand.part", hear.case_of(appeal_id), now, officer.id)], on=on)


def starter_samples() -> list[tuple[str, str]]:
    """(text, topic code) of our own writing, so that the first day is not empty."""
    table = tomllib.loads((files("dauys.understand") / "data" / "starter.toml").read_text(encoding="utf-8"))
    return [
        (text, row["code"]) for row in table["topic"] for tongue in ("ru", "kk", "en") for text in row.get(tongue, ())
    ]


def learn(samples: Sequence[tuple[str, str]], *, name: str, now: datetime, seed: int = 1) -> TopicModel:
    """Train a reader of topics and put it in force; the one before stays and can be brought back with `use_model`."""
    model = topics.train(samples, seed=seed)
    content = model.to_bytes()
    with transaction.atomic():
        TopicModel.objects.filter(is_current=True).update(is_current=False)
        return TopicModel.objects.create(
            version=f"{name}-{now.astimezone(UTC):%Y%m%dT%H%M%S}",
            content=content, samples=len(samples), trained_at=now, is_current=True,
        )  # fmt: skip


def ensure_model(*, now: datetime) -> bool:
    """Learn the starter set if nothing was ever learned. Returns whether it did."""
    if TopicModel.objects.exists():
        return False
    known = house().topic_by_code
    samples = [(text, code) for text, code in starter_samples() if code in known]
    if len({code for _text, code in samples}) < 2:
        return False
    learn(samples, name="starter", now=now)
    return True


def past_samples(*, most: int = 200_000) -> list[tuple[str, str]]:
    """(text, topic code) of appeals whose topic a person or the institution's own past labels gave, oldest first."""
    codes = {topic.id: topic.code for topic in house().topics.values()}
    told = dict(
        Examination.objects.filter(topic__isnull=False, topic_confidence=1.0)
        .order_by("-appeal_id")
        .values_list("appeal_id", "topic_id")[:most]
    )
    ids = sorted(told)
    samples = []
    for start in range(0, len(ids), 5000):
        samples += [(row.text, codes[told[row.id]]) for row in hear.heard_by_ids(ids[start : start + 5000])]
    return samples


def use_model(*, version: str) -> TopicModel:
    """Put an earlier model back in force. Raises TopicModel.DoesNotExist."""
    with transaction.atomic():
        chosen = TopicModel.objects.get(version=version)
        TopicModel.objects.filter(is_current=True).exclude(id=chosen.id).update(is_current=False)
        TopicModel.objects.filter(id=chosen.id).update(is_current=True)
    return chosen

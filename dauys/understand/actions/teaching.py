"""Teach the reader of topics, keep it learning from what people say, and choose which reader is in force."""

import tomllib
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, timedelta
from importlib.resources import files
from typing import Any

from django.db import transaction
from django.db.models import F, Max, QuerySet

from dauys.engines import language, topics
from dauys.hear import heard as hear
from dauys.institution import rights
from dauys.institution.models import User
from dauys.institution.queries import house
from dauys.ledger import actions as ledger
from dauys.understand import reading
from dauys.understand.models import Aspect, Examination, Finding, TopicModel

MANAGE = "understand.manage_model"
STARTER = "starter"

REMEMBERED = 1000
"""Newest words of people that a reader keeps beside what it learned; `engines.topics` holds no more."""

DRIFT_EVERY = timedelta(days=1)
DRIFT_LEAST = 300
"""Appeals; with fewer, chance alone would look like a change."""

_AT_ONCE = 2000


class UnknownReader(Exception):
    """There is no reader of this version."""


class BadThreshold(ValueError):
    """The threshold is not between SURE_LEAST and SURE_MOST."""


@dataclass(frozen=True, slots=True)
class Past:
    """Appeals whose topic a person or the institution's own past labels gave, oldest first.

    `samples` are (masked text, topic code), `fields` what was told beside each (`reading.beside`), `languages` one
    code a sample, `span` the first and last day,
    `heard_until` the newest word of a person that may be among them.
    """

    samples: list[tuple[str, str]]
    fields: list[dict[str, str]]
    languages: list[str]
    span: tuple[str, str] | None
    heard_until: int


def starter_samples() -> list[tuple[str, str]]:
    """(text, topic code) of our own writing, so that the first day is not empty."""
    table = tomllib.loads((files("dauys.understand") / "data" / "starter.toml").read_text(encoding="utf-8"))
    return [
        (text, row["code"]) for row in table["topic"] for tongue in ("ru", "kk", "en") for text in row.get(tongue, ())
    ]


def past_count(*, most: int = 200_000) -> int:
    """Appeals that `past` would give."""
    return min(most, _settled().count())


def past(*, most: int = 200_000, progress: Callable[[int], None] = lambda _count: None) -> Past:
    """The newest `most` settled appeals, oldest first, masked. `progress` hears how many more are ready."""
    heard_until = _newest_said()  # asked first: a word said while this reads is heard once more, never missed
    codes = {topic.id: topic.code for topic in house().topics.values()}
    rows = _settled().order_by("-appeal_id").values_list("appeal_id", "topic_id", "language")[:most]
    told = {appeal: (codes[topic], tongue) for appeal, topic, tongue in rows if topic in codes}
    ids = sorted(told)
    samples: list[tuple[str, str]] = []
    fields: list[dict[str, str]] = []
    tongues: list[str] = []
    days: list[date] = []
    for start in range(0, len(ids), _AT_ONCE):
        heard = hear.heard_by_ids(ids[start : start + _AT_ONCE])
        samples += [(reading.masked(row.text), told[row.id][0]) for row in heard]
        fields += [reading.beside(row.area_id, row.lat, row.lon) for row in heard]
        tongues += [told[row.id][1] for row in heard]
        days += [row.registered_on for row in heard]
        progress(len(heard))
    return Past(samples, fields, tongues, (min(days).isoformat(), max(days).isoformat()) if days else None, heard_until)


def past_samples(*, most: int = 200_000) -> list[tuple[str, str]]:
    """(masked text, topic code) of `past`."""
    return past(most=most).samples


def _settled() -> "QuerySet[Examination]":
    # The machine is never wholly sure: 1 is a person's word or the institution's own label.
    return Examination.objects.filter(topic__isnull=False, topic_confidence=1.0)


def teachable(samples: Sequence[tuple[str, str]]) -> tuple[list[int], dict[str, int]]:
    """Places of the samples that can be learned from, and the topics left out, with the texts they have.

    A topic met once cannot be both learned and held back.
    """
    counts = Counter(code for _text, code in samples)
    return (
        [i for i, (_text, code) in enumerate(samples) if counts[code] > 1],
        {code: count for code, count in sorted(counts.items()) if count < 2},
    )


def learn(
    samples: Sequence[tuple[str, str]],
    *,
    name: str,
    now: datetime,
    seed: int = 1,
    fields: Sequence[dict[str, str]] | None = None,
    languages: Sequence[str] | None = None,
    span: tuple[str, str] | None = None,
    heard_until: int | None = None,
    officer: User | None = None,
) -> TopicModel:
    """Train a reader of topics and put it in force; the one before stays and can be brought back with `use_model`.

    The same samples in the same order give the same reader. `languages` are found where they are not given. What people
    say after `heard_until` (by default, after now) it hears beside what it learned (`absorb_pending`). A threshold the
    institution set itself goes on holding. Raises topics.TooFewSamples.
    """
    if officer is not None:
        _allow(officer)
    if heard_until is None:
        heard_until = 0 if name == STARTER else _newest_said()
    kept, left_out = teachable(samples)
    tongues = (
        [languages[i] for i in kept]
        if languages is not None
        else [found.code for found in language.identify_many([samples[i][0] for i in kept])]
    )
    told = [fields[i] for i in kept] if fields is not None and any(fields) else None
    model = topics.train([samples[i] for i in kept], seed=seed, fields=told, languages=tongues, span=span)
    card = {
        **model.card,
        "left_out": left_out,
        "learned_until": heard_until,
        **({"starter": True} if name == STARTER else {}),
    }
    content = model.to_bytes()
    with transaction.atomic():
        on = ledger.take_pen(house().today(now))
        card |= _own_threshold()
        TopicModel.objects.filter(is_current=True).update(is_current=False)
        row = TopicModel.objects.create(
            version=f"{name}-{now.astimezone(UTC):%Y%m%dT%H%M%S}",
            content=content, samples=len(kept), trained_at=now, is_current=True, card=card, heard_until=heard_until,
        )  # fmt: skip
        _write_down("understand.learn", {"version": row.version, "texts": row.samples}, officer, now, on)
    reading.forget_sure()
    return row


def ensure_model(*, now: datetime) -> bool:
    """Learn the starter set if there is no reader that can be used. Returns whether it did."""
    if reading.in_force() is not None:
        return False
    known = house().topic_by_code
    samples = [(text, code) for text, code in starter_samples() if code in known]
    if len({code for _text, code in samples}) < 2:
        return False
    learn(samples, name=STARTER, now=now)
    return True


def use_model(*, version: str, now: datetime, officer: User | None = None) -> TopicModel:
    """Put an earlier reader back in force, with the threshold the institution set itself.

    `officer` is None for whoever has the machine itself. It is read first: raises UnknownReader, and
    topics.UnreadableModel where its file is damaged or foreign; the one in force then stays.
    """
    if officer is not None:
        _allow(officer)
    row = TopicModel.objects.filter(version=version).first()
    if row is None:
        raise UnknownReader(version)
    topics.Model.from_bytes(bytes(row.content))
    with transaction.atomic():
        on = ledger.take_pen(house().today(now))
        before = TopicModel.objects.filter(is_current=True).values_list("version", flat=True).first() or ""
        card = {key: value for key, value in row.card.items() if key != "sure"} | _own_threshold()
        TopicModel.objects.filter(is_current=True).exclude(id=row.id).update(is_current=False)
        TopicModel.objects.filter(id=row.id).update(is_current=True, card=card)
        if before != version:
            _write_down("understand.use_model", {"version": version, "before": before}, officer, now, on)
    reading.forget_sure()
    row.refresh_from_db(fields=["is_current", "card"])
    return row


def set_sure(*, threshold: float | None, officer: User, now: datetime) -> float:
    """From which confidence on the machine decides alone; None: as the reader's own past shows. Gives what holds now.

    What was read before stays as it was read. Raises BadThreshold, UnknownReader where there is no reader yet.
    """
    _allow(officer)
    if threshold is not None and not reading.SURE_LEAST <= threshold <= reading.SURE_MOST:
        raise BadThreshold(threshold)
    with transaction.atomic():
        on = ledger.take_pen(house().today(now))
        row = TopicModel.objects.filter(is_current=True).values_list("id", "card").first()
        if row is None:
            raise UnknownReader("")
        before = reading.threshold(row[1])
        card = {key: value for key, value in row[1].items() if key != "sure"}
        if threshold is not None:
            card["sure"] = threshold
        after = reading.threshold(card)
        TopicModel.objects.filter(id=row[0]).update(card=card)
        _write_down("understand.set_sure", {"sure": after, "before": before}, officer, now, on)
    reading.forget_sure()
    return after


def absorb_pending(*, now: datetime, limit: int = 200) -> int:
    """Let the reader in force hear what people said since it last listened: at once, without learning anew.

    Beside what it learned it keeps the newest 1,000 words that people have said since and that stand. When one is taken
    back, the memory is made anew from those that stand; what was learned before goes at the next learning. Gives how
    many words were heard.
    """
    reader, newest = reading.in_force(), _newest_said()
    if reader is None or newest <= reader.heard_until:
        return 0
    # `+ 0` keeps the databases to the small index of what people said; by number they would walk all findings.
    said = (
        Finding.objects.filter(officer__isnull=False, aspect=Aspect.TOPIC)
        .annotate(number=F("id") + 0)
        .values_list("id", "appeal_id", "value", "is_current")
    )
    fresh = list(said.filter(number__gt=reader.heard_until).order_by("number"))
    model, until = reader.model, newest
    if any(not value for _id, _appeal, value, _stands in fresh):
        learned = TopicModel.objects.values_list("card", flat=True).get(id=reader.id).get("learned_until", 0)
        standing = said.filter(number__gt=learned, is_current=True)
        fresh = list(standing.order_by("-number")[:REMEMBERED])[::-1]
        model = topics.Model(reader.model.parts)
    else:
        fresh = fresh[-REMEMBERED:]
        if len(fresh) > limit:
            fresh, until = fresh[:limit], fresh[limit - 1][0]
    known = house().topic_by_code
    words = [(appeal, value) for _id, appeal, value, stands in fresh if stands and value in known]
    texts = {row.id: row.text for row in hear.heard_by_ids({appeal for appeal, _value in words})}
    model = model.corrected([(reading.masked(texts[appeal]), value) for appeal, value in words])
    heard = reading.InForce(reader.id, reader.version, until, model)
    content = model.to_bytes()
    # Whoever heard the same in the meantime has done this work.
    if not TopicModel.objects.filter(id=reader.id, heard_until=reader.heard_until).update(
        content=content, heard_until=until
    ):
        return 0
    reading.keep(heard)
    return max(1, len(fresh))


def measure_pending(*, now: datetime, limit: int = 2000) -> int:
    """Once a day: do today's appeals still look like those the reader in force learned from? Kept on its card."""
    row = TopicModel.objects.filter(is_current=True).values_list("id", "version", "card").first()
    if row is None:
        return 0
    last = (row[2].get("drift") or {}).get("measured_at")
    if last is not None and now - datetime.fromisoformat(last) < DRIFT_EVERY:
        return 0
    reader = reading.in_force()
    found: dict[str, Any] = {"measured_at": now.isoformat(), "texts": 0}
    if reader is None or reader.id != row[0]:
        found["unreadable"] = reading.unreadable(row[1])
    else:
        newest = Examination.objects.order_by("-appeal_id").values_list("appeal_id", flat=True)[:limit]
        heard = hear.heard_by_ids(newest)
        found["texts"] = len(heard)
        if len(heard) >= DRIFT_LEAST:
            days = [one.registered_on for one in heard]
            guesses = reader.model.classify(
                [reading.masked(one.text) for one in heard],
                fields=[reading.beside(one.area_id, one.lat, one.lon) for one in heard],
            )
            found |= {**asdict(topics.drift(reader.model.card, guesses)), "span": [str(min(days)), str(max(days))]}
    with transaction.atomic():
        current = TopicModel.objects.select_for_update().only("card").get(id=row[0])
        TopicModel.objects.filter(id=row[0]).update(card={**current.card, "drift": found})
    return 1


def _newest_said() -> int:
    said = Finding.objects.filter(officer__isnull=False).annotate(number=F("id") + 0)
    return said.aggregate(newest=Max("number"))["newest"] or 0


def _allow(officer: User) -> None:
    """One reader reads for all offices: whoever manages it must hold the right at an office that stands under none."""
    rights.require(officer, MANAGE, [office.id for office in house().offices.values() if office.parent_id is None])


def _own_threshold() -> dict[str, float]:
    card = TopicModel.objects.filter(is_current=True).values_list("card", flat=True).first() or {}
    return {"sure": card["sure"]} if card.get("sure") else {}


def _write_down(verb: str, detail: dict[str, Any], officer: User | None, now: datetime, on: date) -> None:
    actor = officer.id if officer else None
    ledger.append_many([ledger.Act(verb, ledger.NO_CASE, now, actor, detail)], on=on)

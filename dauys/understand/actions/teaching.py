"""Teach readers of topics and offices, keep them learning from what people say, and watch whether they still fit."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F

from dauys.engines import language, topics
from dauys.institution.models import User
from dauys.institution.queries import house
from dauys.ledger import actions as ledger
from dauys.understand import by_meaning, in_force, lessons, reach
from dauys.understand.actions.choosing import allow, own_settings, write_down
from dauys.understand.models import Aspect, Examination, Finding, Target, TopicModel

STARTER = "starter"

REMEMBERED = 1000
"""Newest words of people that a reader keeps beside what it learned; `engines.topics` holds no more."""

DRIFT_EVERY = timedelta(days=1)
DRIFT_LEAST = 300
"""Appeals; with fewer, chance alone would look like a change."""


def teachable(samples: Sequence[tuple[str, str]]) -> tuple[list[int], dict[str, int]]:
    """Places of the samples that can be learned from, and the topics (or offices) left out, with the texts they have.

    One met once cannot be both learned and held back.
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
    target: Target = Target.TOPIC,
    seed: int = 1,
    fields: Sequence[dict[str, str]] | None = None,
    languages: Sequence[str] | None = None,
    span: tuple[str, str] | None = None,
    heard_until: int | None = None,
    officer: User | None = None,
) -> TopicModel:
    """Train a reader of topics, or of offices, and put it in force.

    The one before stays and can be brought back with `use_model`. The same samples in the same order give the same
    reader. `languages` are found where they are not given. What people say after `heard_until` (by default, after now)
    it hears beside what it learned (`absorb_pending`). What the institution set itself goes on holding.
    Raises topics.TooFewSamples.
    """
    if officer is not None:
        allow(officer)
    if heard_until is None:
        heard_until = 0 if name == STARTER else lessons.newest_said(target)
    kept, left_out = teachable(samples)
    tongues = (
        [languages[i] for i in kept]
        if languages is not None
        else [found.code for found in language.identify_many([samples[i][0] for i in kept])]
    )
    told = [fields[i] for i in kept] if fields is not None and any(fields) else None
    model = train([samples[i] for i in kept], target=target, seed=seed, fields=told, languages=tongues, span=span)
    card = {
        **model.card,
        "left_out": left_out,
        "learned_until": heard_until,
        **({"starter": True} if name == STARTER else {}),
    }
    content = model.to_bytes()
    second = by_meaning.taught([samples[i] for i in kept], tongues, seed=seed) if target == Target.TOPIC else b""
    with transaction.atomic():
        on = ledger.take_pen(house().today(now))
        card |= own_settings(target)
        TopicModel.objects.filter(target=target, is_current=True).update(is_current=False)
        of = "" if target == Target.TOPIC else f"{target}-"
        row = TopicModel.objects.create(
            target=target, version=f"{name}-{of}{now.astimezone(UTC):%Y%m%dT%H%M%S}",
            content=content, meaning=second,
            samples=len(kept), trained_at=now, is_current=True, card=card, heard_until=heard_until,
        )  # fmt: skip
        write_down("understand.learn", {"version": row.version, "texts": row.samples}, officer, now, on)
    in_force.forget()
    return row


def train(
    samples: Sequence[tuple[str, str]], *, target: Target, fields: Sequence[Mapping[str, str]] | None = None,
    seed: int = 1, languages: Sequence[str] | None = None, span: tuple[str, str] | None = None,
) -> topics.Model:  # fmt: skip
    """A reader as `learn` trains it, kept nowhere. Raises topics.TooFewSamples."""
    apart = "district" if target == Target.OFFICE else ""  # the same words belong to another office elsewhere
    return topics.train(samples, seed=seed, fields=fields, languages=languages, span=span, apart=apart)


def ensure_model(*, now: datetime) -> bool:
    """Learn the starter set if there is no reader of topics that can be used. Returns whether it did.

    Which office answers nobody can know beforehand: that reader begins with the institution's own past.
    """
    if in_force.reader() is not None:
        return False
    known = house().topic_by_code
    samples = [(text, code) for text, code in lessons.starter_samples() if code in known]
    if len({code for _text, code in samples}) < 2:
        return False
    learn(samples, name=STARTER, now=now)
    return True


def absorb_pending(*, now: datetime, limit: int = 200) -> int:
    """Let the readers in force hear what people said since they last listened: at once, without learning anew.

    Beside what it learned a reader keeps the newest 1,000 words that people have said since and that stand. When one
    is taken back, the memory is made anew from those that stand; what was learned before goes at the next learning.
    Whoever gives an appeal to an office says so of the office. Gives how many words were heard.
    """
    return _absorb_topics(limit) + _absorb_offices(limit)


def _absorb_topics(limit: int) -> int:
    reader, newest = in_force.reader(), lessons.newest_said(Target.TOPIC)
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
    return _heard(Target.TOPIC, reader, model, words, until=until, count=len(fresh))


def _absorb_offices(limit: int) -> int:
    """A hand-over cannot be taken back: another follows it, and of two about one text the newer counts."""
    reader = in_force.reader(Target.OFFICE)
    if reader is None:
        return 0
    fresh = reach.given(reader.heard_until, REMEMBERED)[:limit]
    if not fresh:
        return 0
    offices = house().offices
    words = [(appeal, offices[office].code) for _number, appeal, office in fresh if office in offices]
    return _heard(Target.OFFICE, reader, reader.model, words, until=fresh[-1][0], count=len(fresh))


def _heard(
    target: Target, reader: in_force.InForce, model: topics.Model, words: Sequence[tuple[int, str]], *, until: int,
    count: int,
) -> int:  # fmt: skip
    """Keep a reader that knows these words, (appeal, code) oldest first. Gives how many were heard, at least one."""
    seen = lessons.seen({appeal for appeal, _value in words}, target)
    known = [(seen[appeal], value) for appeal, value in words if appeal in seen]
    model = model.corrected(
        [(one.text, value) for one, value in known], fields=[one.fields for one, _value in known]
    )  # fmt: skip
    # Whoever heard the same in the meantime has done this work.
    if not TopicModel.objects.filter(id=reader.id, heard_until=reader.heard_until).update(
        content=model.to_bytes(), heard_until=until
    ):
        return 0
    in_force.keep(in_force.InForce(reader.id, reader.version, until, model, reader.by_meaning), target)
    return max(1, count)


def measure_pending(*, now: datetime, limit: int = 2000) -> int:
    """Once a day: do today's appeals still look like those the readers in force learned from? Kept on their cards."""
    return sum(_measured(target, now, limit) for target in Target)


def _measured(target: Target, now: datetime, limit: int) -> int:
    row = TopicModel.objects.filter(target=target, is_current=True).values_list("id", "version", "card").first()
    if row is None:
        return 0
    last = (row[2].get("drift") or {}).get("measured_at")
    if last is not None and now - datetime.fromisoformat(last) < DRIFT_EVERY:
        return 0
    reader = in_force.reader(target)
    found: dict[str, Any] = {"measured_at": now.isoformat(), "texts": 0}
    if reader is None or reader.id != row[0]:
        found["unreadable"] = in_force.unreadable(row[1])
    else:
        newest = Examination.objects.order_by("-appeal_id").values_list("appeal_id", flat=True)[:limit]
        seen = list(lessons.seen(newest, target).values())
        found["texts"] = len(seen)
        if len(seen) >= DRIFT_LEAST:
            days = [one.registered_on for one in seen]
            guesses = reader.model.classify([one.text for one in seen], fields=[one.fields for one in seen])
            found |= {**asdict(topics.drift(reader.model.card, guesses)), "span": [str(min(days)), str(max(days))]}
    with transaction.atomic():
        current = TopicModel.objects.select_for_update().only("card").get(id=row[0])
        TopicModel.objects.filter(id=row[0]).update(card={**current.card, "drift": found})
    return 1

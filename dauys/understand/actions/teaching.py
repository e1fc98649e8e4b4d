"""Teach the reader of topics, and choose which reader is in force."""

import tomllib
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib.resources import files

from django.db import transaction

from dauys.engines import topics
from dauys.hear import heard as hear
from dauys.institution.queries import house
from dauys.understand.models import Examination, TopicModel


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

from datetime import datetime

from django.db.models import Max

from dauys.institution.actions.failures import AlreadyThere, NoSuch, WrongParent
from dauys.institution.actions.ground import allow, changing, columns, write
from dauys.institution.models import Topic, User
from dauys.institution.plan import TopicPlan
from dauys.institution.queries import Names


def add_topic(*, topic: TopicPlan, officer: User | None, now: datetime) -> Topic:
    """A new topic, last in its list. Raises AlreadyThere, NoSuch, WrongParent, NoName."""
    allow(officer)
    with changing(now=now) as on:
        if Topic.objects.filter(code=topic.code).exists():
            raise AlreadyThere(topic.code)
        parent = _topic(topic.parent) if topic.parent else None
        if parent is not None and parent.parent_id is not None:
            raise WrongParent
        last = Topic.objects.aggregate(last=Max("position"))["last"] or 0
        row = Topic.objects.create(code=topic.code, parent=parent, position=last + 1, **columns(topic.name))
        write("institution.add_topic", officer=officer, on=on, now=now, detail={"topic": topic.code})
    return row


def rename_topic(*, code: str, name: Names, officer: User | None, now: datetime) -> Topic:
    """Other words for a topic in all three languages. Raises NoSuch, NoName."""
    allow(officer)
    wanted = columns(name)
    with changing(now=now) as on:
        row = _topic(code)
        if any(getattr(row, column) != words for column, words in wanted.items()):
            before = {column: getattr(row, column) for column in wanted}
            Topic.objects.filter(pk=row.pk).update(**wanted)
            detail = {"topic": code, "before": before, "after": wanted}
            write("institution.rename_topic", officer=officer, on=on, now=now, detail=detail)
            row.refresh_from_db()
    return row


def open_topic(*, code: str, officer: User | None, now: datetime) -> None:
    """Offer a topic for new appeals again. Raises NoSuch."""
    _offer(code, True, officer=officer, now=now)


def close_topic(*, code: str, officer: User | None, now: datetime) -> None:
    """Offer a topic no more; appeals that have it keep it. Raises NoSuch."""
    _offer(code, False, officer=officer, now=now)


def _offer(code: str, is_open: bool, *, officer: User | None, now: datetime) -> None:
    allow(officer)
    with changing(now=now) as on:
        row = _topic(code)
        if row.is_open != is_open:
            Topic.objects.filter(pk=row.pk).update(is_open=is_open)
            verb = "institution.open_topic" if is_open else "institution.close_topic"
            write(verb, officer=officer, on=on, now=now, detail={"topic": code})


def _topic(code: str) -> Topic:
    row = Topic.objects.filter(code=code).first()
    if row is None:
        raise NoSuch("topic", code)
    return row

"""Single appeals as anyone may see them: number, kind, topic, district, days, status; no word said."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.db.models import Sum
from django.utils.functional import Promise as Words

from dauys.institution.queries import Place, Subject, house
from dauys.ledger import queries as ledger
from dauys.prove import tables
from dauys.prove.figures import FEWEST
from dauys.prove.models import Day
from dauys.prove.queries import places_shown, topics_of

PAGE = 2000
"""Rows read at a time: a slow reader of a file of millions holds neither memory nor a long transaction."""


@dataclass(frozen=True, slots=True)
class Record:
    """One appeal in public. `district` None: not known, or too few share this district and topic."""

    number: str
    case: str
    kind: str
    channel: str
    state: str
    is_open: bool
    topic: Subject | None
    district: Place | None
    received_on: date
    registered_on: date
    due_on: date | None
    first_due_on: date | None
    answered_on: date | None
    solved: bool | None
    partly: bool
    rests: bool

    @property
    def verdict(self) -> str:
        """The citizen's last word: solved, partly, not_solved; empty while there is none."""
        if self.solved is None:
            return ""
        return "solved" if self.solved else "partly" if self.partly else "not_solved"

    @property
    def in_time(self) -> bool | None:
        """None while there is no answer."""
        return None if self.answered_on is None or self.first_due_on is None else self.answered_on <= self.first_due_on


_FIELDS = (
    "pk", "number", "case", "kind", "channel", "state", "is_open", "topic", "district", "received_at",
    "registered_on", "due_on", "promised_on", "answered_on", "solved", "partly", "rests",
)  # fmt: skip


def _record(row: tuple, shown: frozenset[tuple[int | None, int | None]]) -> Record:  # type: ignore[type-arg]
    (_pk, number, case, kind, channel, state, is_open, topic, district, received_at,
     registered_on, due_on, promised_on, answered_on, solved, partly, rests) = row  # fmt: skip
    place = house()
    return Record(
        number=number,
        case=case,
        kind=kind,
        channel=channel,
        state=state or "received",
        is_open=is_open is not False,
        topic=place.topics[topic] if topic else None,
        district=place.areas[district] if district and (district, topic) in shown else None,
        received_on=received_at.astimezone(place.zone).date(),
        registered_on=registered_on,
        due_on=due_on,
        first_due_on=promised_on or due_on,
        answered_on=answered_on,
        solved=solved,
        partly=bool(partly),
        rests=bool(rests),
    )


def records() -> Iterator[Record]:
    """Every appeal, in the order of registration, a page at a time."""
    shown, last = places_shown(), 0
    while rows := list(tables.appeals().filter(pk__gt=last).order_by("pk").values_list(*_FIELDS)[:PAGE]):
        for row in rows:
            yield _record(row, shown)
        last = rows[-1][0]


def record_of(number: str) -> Record | None:
    """One appeal by its registration number."""
    row = tables.appeals().filter(number=number).values_list(*_FIELDS).first()
    if row is None:
        return None
    topic, district = row[_FIELDS.index("topic")], row[_FIELDS.index("district")]
    alike = Day.objects.filter(topic=topic, district=district).aggregate(heard=Sum("heard"))["heard"] or 0
    return _record(row, frozenset({(district, topic)} if alike >= FEWEST else ()))


@dataclass(frozen=True, slots=True)
class Step:
    """One entry of the public ledger: its place in the tree (None while unsealed), its meaning, its seven lines."""

    index: int | None
    happened: str
    on: date
    lines: list[str]


def leaves_of(record: Record) -> list[Step]:
    """What the public ledger says of this appeal."""
    return [
        Step(entry.leaf_index, str(ledger.KINDS[lines[1]]), date.fromisoformat(lines[3]), lines)
        for entry in ledger.public_entries_of(record.case)
        if entry.leaf and (lines := entry.leaf.splitlines())
    ]


@dataclass(frozen=True, slots=True)
class Late:
    """One broken promise, without anything about who waits."""

    number: str
    topic: Subject | None
    district: Place | None
    due_on: date
    days: int


def late(today: date, *, district: int | None = None, topic: int | None = None, limit: int) -> tuple[list[Late], int]:
    """The appeals that wait longest past their day, and how many wait in all. Four statements at most.

    For one district only those topics are listed that `places_shown` allows.
    """
    place, shown, waiting = house(), places_shown(), tables.late(today)
    if topic is not None:
        waiting = waiting.filter(topic__in=topics_of(topic))
    if district is not None:
        told = [about for where, about in shown if where == district]
        waiting = waiting.filter(district=district, topic__in=told)
    rows = waiting.values_list("appeal__number", "topic", "district", "due_on")[:limit]
    listed = [
        Late(
            number,
            place.topics.get(about),
            place.areas.get(where) if (where, about) in shown else None,
            due_on,
            (today - due_on).days,
        )
        for number, about, where, due_on in rows
    ]
    return listed, waiting.count()


def kind_words(kind: str) -> "str | Words":
    """A kind of appeal as people say it."""
    return tables.choices("hear", "Appeal", "kind").get(kind, kind)


def channel_words(channel: str) -> "str | Words":
    return tables.choices("hear", "Appeal", "channel").get(channel, channel)


def office_kinds() -> "dict[str, str | Words]":
    """Kinds of office in the institution's order, with their words."""
    return tables.choices("institution", "Office", "kind")

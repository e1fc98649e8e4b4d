"""The house's small tables, kept in memory: no page joins them, and a change is seen within seconds."""

import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from zoneinfo import ZoneInfo

from dauys.engines.deadline import WorkingCalendar
from dauys.institution.calendar import Override, calendar_for
from dauys.institution.models import Appointment, Area, CalendarDay, Competence, Institution, Office, Topic
from dauys.institution.names import readers_language

RECHECK_SECONDS = 2.0


class NotEstablished(Exception):
    """This installation has no institution yet: run `dauys up`."""


@dataclass(frozen=True, slots=True)
class Names:
    kk: str
    ru: str
    en: str

    def __str__(self) -> str:
        return self.in_language(readers_language())

    def in_language(self, language: str) -> str:
        return getattr(self, language, "") or self.ru or self.kk or self.en

    @property
    def in_order(self) -> str:
        """To sort by: as the Kazakh alphabet has it, which keeps the order of the Russian one within it."""
        return str(self).casefold().translate(_AFTER_THEIR_LIKE)


_AFTER_THEIR_LIKE = str.maketrans(
    {"ә": "а\uffff", "ғ": "г\uffff", "ё": "е\uffff", "қ": "к\uffff", "ң": "н\uffff", "ө": "о\uffff",
     "ұ": "у\uffff", "ү": "у\uffff\uffff", "һ": "х\uffff", "і": "ы\uffff"}
)  # fmt: skip
"""The letters whose numbers lie far from their place in the alphabet, each after the letter it follows there."""


@dataclass(frozen=True, slots=True)
class Place:
    """An area as pages and engines need it."""

    id: int
    code: str
    parent_id: int | None
    level: str
    district_id: int | None
    name: Names
    lat: float | None
    lon: float | None


@dataclass(frozen=True, slots=True)
class Subject:
    """A topic."""

    id: int
    code: str
    parent_id: int | None
    name: Names
    is_open: bool


@dataclass(frozen=True, slots=True)
class Bureau:
    """An office."""

    id: int
    code: str
    parent_id: int | None
    kind: str
    area_id: int | None
    policy: str
    name: Names
    rules: dict[str, object] = field(hash=False)
    hours: dict[str, str] = field(hash=False)
    email: str
    depth: int


@dataclass(frozen=True)
class House:
    """A consistent picture of the institution at one revision."""

    revision: int
    institution: Institution
    zone: ZoneInfo
    areas: dict[int, Place]
    topics: dict[int, Subject]
    offices: dict[int, Bureau]
    competences: tuple[tuple[int, int | None, int | None, bool, bool], ...]
    overrides: tuple[Override, ...]

    @cached_property
    def name(self) -> Names:
        row = self.institution
        return Names(row.name_kk, row.name_ru, row.name_en)

    @cached_property
    def area_by_code(self) -> dict[str, Place]:
        return {area.code: area for area in self.areas.values()}

    @cached_property
    def topic_by_code(self) -> dict[str, Subject]:
        return {topic.code: topic for topic in self.topics.values()}

    @cached_property
    def office_by_code(self) -> dict[str, Bureau]:
        return {office.code: office for office in self.offices.values()}

    @cached_property
    def districts(self) -> tuple[Place, ...]:
        return tuple(area for area in self.areas.values() if area.level == Area.Level.DISTRICT)

    @cached_property
    def below(self) -> dict[int, frozenset[int]]:
        """Each office with all offices under it."""
        under: dict[int, set[int]] = {office: {office} for office in self.offices}
        for office in sorted(self.offices.values(), key=lambda row: -row.depth):
            if office.parent_id is not None:
                under[office.parent_id] |= under[office.id]
        return {office: frozenset(members) for office, members in under.items()}

    def area_chain(self, area_id: int | None) -> Iterator[Place]:
        """The area, its parent, and so on up; finest first."""
        while area_id is not None:
            area = self.areas[area_id]
            yield area
            area_id = area.parent_id

    def office_chain(self, office_id: int | None) -> Iterator[Bureau]:
        """The office, the one above it, and so on up; nearest first. Nothing where it is no longer in service."""
        office = self.offices.get(office_id or 0)
        while office is not None:
            yield office
            office = self.offices.get(office.parent_id or 0)

    def above(self, office_id: int | None) -> Bureau | None:
        """The office right above this one; None at the top."""
        office = self.offices.get(office_id or 0)
        return self.offices.get(office.parent_id or 0) if office else None

    @cached_property
    def topic_groups(self) -> tuple[tuple[Subject, tuple[Subject, ...]], ...]:
        """Topics of their own, each with its parts, in the institution's order; closed ones among them."""
        topics = self.topics.values()
        return tuple(
            (group, tuple(one for one in topics if one.parent_id == group.id))
            for group in topics
            if group.parent_id is None
        )

    def with_parts(self, topic: Subject) -> list[int]:
        """Ids of a topic and of its parts."""
        return [one.id for one in self.topics.values() if topic.id in (one.id, one.parent_id)]

    def today(self, now: datetime) -> date:
        return now.astimezone(self.zone).date()

    def calendar(self, year: int) -> WorkingCalendar:
        """Working days around that year: a term begun in it may end in the next."""
        with _lock:
            known = _calendars.get((self.revision, year))
        if known is None:
            known = calendar_for(self.institution.country, range(year - 1, year + 3), self.overrides)
            with _lock:
                _calendars[self.revision, year] = known
        return known


_lock = threading.Lock()
_calendars: dict[tuple[int, int], WorkingCalendar] = {}
_house: House | None = None
_checked = 0.0


def house() -> House:
    """The institution as it stands. Raises NotEstablished where nobody has set it up."""
    global _house, _checked
    kept, moment = _house, time.monotonic()
    if kept is not None and moment - _checked < RECHECK_SECONDS:
        return kept
    revision = Institution.objects.values_list("revision", flat=True).first()
    if revision is None:
        raise NotEstablished
    if kept is None or kept.revision != revision:
        kept = _read()
    _house, _checked = kept, moment
    return kept


def is_current(place: House) -> bool:
    """Whether nothing has changed since this picture was taken; for whoever holds the pen and must be sure."""
    return Institution.objects.filter(revision=place.revision).exists()


def forget() -> None:
    """Read the tables anew at the next question; called by whoever changes them."""
    global _house, _checked
    _house, _checked = None, 0.0
    with _lock:
        _calendars.clear()


def _names(row: Area | Topic | Office) -> Names:
    return Names(row.name_kk, row.name_ru, row.name_en)


def _read() -> House:
    institution = Institution.objects.get()
    parents = dict(Office.objects.values_list("id", "parent_id"))

    def depth(office: int | None) -> int:
        steps = 0
        while office is not None and (office := parents.get(office)) is not None:
            steps += 1
        return steps

    return House(
        revision=institution.revision,
        institution=institution,
        zone=ZoneInfo(institution.zone),
        areas={
            row.id: Place(row.id, row.code, row.parent_id, row.level, row.district_id, _names(row), row.lat, row.lon)
            for row in Area.objects.order_by("code")
        },
        topics={
            row.id: Subject(row.id, row.code, row.parent_id, _names(row), row.is_open)
            for row in Topic.objects.order_by("position", "code")
        },
        offices={
            row.id: Bureau(
                row.id, row.code, row.parent_id, row.kind, row.area_id, row.policy, _names(row),
                row.rules, row.hours, row.email, depth(row.id),
            )
            for row in Office.objects.filter(is_open=True).order_by("code")
        },
        competences=tuple(
            Competence.objects.filter(office__is_open=True)
            .order_by("id")
            .values_list("office_id", "area_id", "topic_id", "acts", "holds_clock")
        ),
        overrides=tuple(
            Override(row.day, row.works, row.name_en, row.source, row.checked)
            for row in CalendarDay.objects.order_by("day")
        ),
    )  # fmt: skip


def closed_offices() -> frozenset[str]:
    """Codes of the offices that were in service once."""
    return frozenset(Office.objects.filter(is_open=False).values_list("code", flat=True))


def officers_of(offices: frozenset[int]) -> list[tuple[int, str, int, str]]:
    """People now appointed at these offices: (user id, name, office id, role)."""
    return list(
        Appointment.objects.filter(office__in=offices, until_on=None, user__is_active=True)
        .order_by("user__name")
        .values_list("user_id", "user__name", "office_id", "role")
    )

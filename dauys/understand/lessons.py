"""What readers learn from: appeals a person settled or an office answered, and a starter set of our own writing."""

import tomllib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from importlib.resources import files

from django.db.models import F, Max, QuerySet

from dauys.hear import heard as hear
from dauys.institution.queries import house
from dauys.understand import reach, reading
from dauys.understand.models import Examination, Finding, Target

MOST = 200_000

LEAST = 200
"""Fewer appeals of which it is known teach less than a starter set knows, and of offices nearly nothing."""

_AT_ONCE = 2000


@dataclass(frozen=True, slots=True)
class Past:
    """Appeals of which it is known what the reader is to tell, oldest first.

    `samples` are (masked text, code of the topic or office), `fields` what was told beside each (`reading.beside`),
    `languages` one code a sample, `span` the first and last day, `heard_until` the newest word of a person that may
    be among them.
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


def past_count(*, most: int = MOST) -> int:
    """Appeals that `pasts` reads."""
    return len({appeal for target in Target for appeal in _codes(target, most)})


def known_count(target: Target, *, most: int = LEAST) -> int:
    """Of how many appeals it is known what a reader of this target is to tell, counted up to `most`."""
    return len(_codes(target, most))


def past(
    *, target: Target = Target.TOPIC, most: int = MOST, progress: Callable[[int], None] = lambda _count: None
) -> Past:
    """The newest `most` appeals of which the topic, or the office, is known. `progress` hears how many more are ready.

    A topic is known where a person or the institution's own records gave it; an office where it answered in the end,
    a person gave it the appeal, or the records name it.
    """
    return _gathered((target,), most, progress)[target]


def pasts(*, most: int = MOST, progress: Callable[[int], None] = lambda _count: None) -> dict[Target, Past]:
    """`past` of both, each appeal read once."""
    return _gathered(tuple(Target), most, progress)


def past_samples(*, most: int = MOST) -> list[tuple[str, str]]:
    """(masked text, topic code) of `past`."""
    return past(most=most).samples


def newest_said(target: str) -> int:
    """The number of the newest word of a person that a reader of this target listens to; 0 before the first."""
    if target == Target.OFFICE:
        return reach.newest_given()
    # `+ 0` keeps the databases to the small index of what people said; by number they would walk all findings.
    said = Finding.objects.filter(officer__isnull=False).annotate(number=F("id") + 0)
    return said.aggregate(newest=Max("number"))["newest"] or 0


@dataclass(frozen=True, slots=True)
class Seen:
    """An appeal as a reader sees it: masked, with the fields beside it."""

    id: int
    text: str
    fields: dict[str, str]
    registered_on: date


def seen(appeal_ids: Iterable[int], target: Target) -> dict[int, Seen]:
    """By appeal, oldest first; those not read yet, and those that teach a reader of this target nothing, left out."""
    return {
        one.id: Seen(one.id, one.text, one.fields_of[target], one.registered_on)
        for one in _seen(list(appeal_ids))
        if _teaches(one, target)
    }


@dataclass(frozen=True, slots=True)
class _Read:
    id: int
    text: str
    fields_of: dict[Target, dict[str, str]]
    language: str
    registered_on: date
    about_office_id: int | None


def _seen(ids: Sequence[int]) -> Iterator[_Read]:
    rows = Examination.objects.filter(appeal_id__in=ids).values_list("appeal_id", "language", "area_id")
    examined = {appeal: (tongue, area) for appeal, tongue, area in rows}
    for row in hear.heard_by_ids(ids):
        if row.id in examined:
            tongue, area = examined[row.id]
            fields = {
                target: reading.beside(target, chosen=row.area_id, found=area, lat=row.lat, lon=row.lon)
                for target in Target
            }
            yield _Read(row.id, reading.masked(row.text), fields, tongue, row.registered_on, row.about_office_id)


def _teaches(one: _Read, target: Target) -> bool:
    # Who answers for a body's own conduct is laid down by law and says nothing of the matter.
    return target != Target.OFFICE or one.about_office_id is None


@dataclass(slots=True)
class _Gathering:
    codes: dict[int, str]
    heard_until: int
    samples: list[tuple[str, str]] = field(default_factory=list)
    fields: list[dict[str, str]] = field(default_factory=list)
    languages: list[str] = field(default_factory=list)
    days: list[date] = field(default_factory=list)


def _gathered(targets: Sequence[Target], most: int, progress: Callable[[int], None]) -> dict[Target, Past]:
    # Asked first: a word said while this reads is heard once more, never missed.
    found = {target: _Gathering(heard_until=newest_said(target), codes=_codes(target, most)) for target in targets}
    ids = sorted({appeal for one in found.values() for appeal in one.codes})
    for start in range(0, len(ids), _AT_ONCE):
        part = ids[start : start + _AT_ONCE]
        for one in _seen(part):
            for target, own in found.items():
                if one.id in own.codes and _teaches(one, target):
                    own.samples.append((one.text, own.codes[one.id]))
                    own.fields.append(one.fields_of[target])
                    own.languages.append(one.language)
                    own.days.append(one.registered_on)
        progress(len(part))
    return {target: _past(one) for target, one in found.items()}


def _past(one: _Gathering) -> Past:
    span = (min(one.days).isoformat(), max(one.days).isoformat()) if one.days else None
    return Past(one.samples, one.fields, one.languages, span, one.heard_until)


def _codes(target: Target, most: int) -> dict[int, str]:
    """By appeal, of the newest `most`: the code of its topic, or of the office that answers for it."""
    place = house()
    known: dict[int, int]
    if target == Target.TOPIC:
        codes = {topic.id: topic.code for topic in place.topics.values()}
        known = _newest(_settled("topic").values_list("appeal_id", "topic_id"), most)
    else:
        # What came of an appeal in the end stands above what a person said on the way, and that above old records.
        codes = {office.id: office.code for office in place.offices.values()}
        known = _newest(_settled("office").values_list("appeal_id", "office_id"), most)
        known |= {appeal: office for _number, appeal, office in reach.given(0, most)}
        known |= reach.acted(most)
    return {appeal: codes[known[appeal]] for appeal in sorted(known)[-most:] if known[appeal] in codes}


def _settled(target: str) -> "QuerySet[Examination]":
    # The machine is never wholly sure: 1 is a person's word or the institution's own label.
    return Examination.objects.filter(**{f"{target}__isnull": False, f"{target}_confidence": 1.0})


def _newest(rows: "QuerySet[Examination, tuple[int, int]]", most: int) -> dict[int, int]:
    return dict(rows.order_by("-appeal_id")[:most])

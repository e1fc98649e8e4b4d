"""One TOML file describes an institution. Read strictly: every fault is told at once, each with its remedy.

The format is shown, with an example that a test reads, in docs/recipes/set-up-an-institution.md.
"""

import csv
import json
import tomllib
from collections.abc import Set
from dataclasses import dataclass, field
from datetime import date, time
from importlib.resources import files
from pathlib import Path
from typing import Any

from dauys.institution.calendar import UnknownCountry, calendar_for, holiday_name, shipped_overrides
from dauys.institution.models import Area, Office, Role
from dauys.institution.names import LANGUAGES
from dauys.institution.plan_codes import broken_codes
from dauys.institution.queries import Names
from dauys.institution.reader import Fault, Reader

STARTER = "starter"
DOES = {"acts": (True, False), "clock": (False, True), "both": (True, True)}
"""What an office does about a matter → (does the work, owes the answer)."""

_AREA_COLUMNS = ("code", "parent", "level", "ru", "kk", "en", "lat", "lon")


class BadPlan(Exception):
    """The plan cannot be carried out as it is; `faults` says what to mend, all of it."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        super().__init__("\n".join(str(fault) for fault in faults))
        self.faults = faults


@dataclass(frozen=True, slots=True)
class AreaPlan:
    """A territorial unit. `parent` is a code or empty; a name left empty is not known, not erased."""

    code: str
    parent: str
    level: str
    name: Names
    lat: float | None = None
    lon: float | None = None


@dataclass(frozen=True, slots=True)
class TopicPlan:
    code: str
    parent: str
    name: Names


@dataclass(frozen=True, slots=True)
class CompetencePlan:
    """An area (all below it with it; None: everywhere) and a topic (its parts with it; None: any)."""

    area: str | None
    topic: str | None
    acts: bool
    holds_clock: bool


@dataclass(frozen=True, slots=True)
class OfficePlan:
    code: str
    parent: str
    kind: str
    name: Names
    policy: str
    area: str = ""
    email: str = ""
    hours: dict[str, str] = field(default_factory=dict, hash=False)
    rules: dict[str, Any] = field(default_factory=dict, hash=False)
    competences: tuple[CompetencePlan, ...] = ()


@dataclass(frozen=True, slots=True)
class PersonPlan:
    """`roles`: (office code, role). A password is never part of a plan."""

    name: str
    email: str
    language: str
    roles: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class DayPlan:
    """A day that departs from the country's calendar. `name.en` is a holiday's code (holiday_name)."""

    day: date
    works: bool
    name: Names
    source: str
    checked: bool


@dataclass(frozen=True)
class Plan:
    """A whole institution, ready to be established. Every code it mentions is in it."""

    name: Names
    country: str
    zone: str
    opens: time
    closes: time
    areas: tuple[AreaPlan, ...]
    topics: tuple[TopicPlan, ...]
    offices: tuple[OfficePlan, ...]
    people: tuple[PersonPlan, ...]
    days: tuple[DayPlan, ...]
    outlines: dict[str, Any] = field(default_factory=dict, hash=False)
    is_invented: bool = False


def read(path: Path, *, families: Set[str] | None = None) -> Plan:
    """The plan in a TOML file; files it names lie beside it. `families`: the known deadline rules, if known.

    Raises:
        BadPlan: with every fault found.
    """
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise BadPlan((Fault(str(path), error.strerror or "cannot be read", "Name a readable file"),)) from error
    except UnicodeDecodeError as error:
        raise BadPlan((Fault(str(path), "is not UTF-8 text", "Save it as UTF-8"),)) from error
    except tomllib.TOMLDecodeError as error:
        raise BadPlan((Fault(str(path), str(error), "Correct the TOML at that line"),)) from error
    return parse(table, beside=path.parent, families=families)


def parse(table: dict[str, Any], *, beside: Path | None = None, families: Set[str] | None = None) -> Plan:
    """The plan in a table that TOML gave. Raises BadPlan."""
    faults: list[Fault] = []
    top = Reader(table, "", faults)
    head = Reader(top.table("institution"), "institution", faults)
    country, zone = head.text("country", example="KZ").upper(), head.zone("zone")
    check_country(head, "country", country)
    opens, closes = head.clock("opens", time(9)), head.clock("closes", time(18, 30))
    if closes <= opens:
        head.fault("closes", f"{closes:%H:%M} is not after opens, {opens:%H:%M}", "Write the hour the day ends")
    areas = _areas(top, head, beside)
    topics = _topics(top, head)
    offices = tuple(_office(row, families) for row in top.rows("office"))
    people = tuple(_person(row) for row in top.rows("person"))
    plan = Plan(
        name=head.names(),
        country=country,
        zone=zone,
        opens=opens,
        closes=closes,
        areas=areas,
        topics=topics,
        offices=offices,
        people=people,
        days=_days(top, head, country),
        outlines=_outlines(head, beside),
        is_invented=head.flag("invented", False),
    )
    head.finish()
    top.finish()
    if not faults:  # codes are compared only once each of them could be read
        faults += broken_codes(plan)
    if faults:
        raise BadPlan(tuple(faults))
    return plan


def starter_topics() -> tuple[TopicPlan, ...]:
    """The topics shipped in data/topics.toml."""
    text = (files("dauys.institution") / "data" / "topics.toml").read_text(encoding="utf-8")
    return _topic_rows(Reader({"topic": tomllib.loads(text)["topic"]}, "", []))


def shipped_days(country: str) -> tuple[DayPlan, ...]:
    """The moved days shipped for a country, with their names."""
    return tuple(
        DayPlan(row.day, row.works, day_name(country, row.name), row.source, row.checked)
        for row in shipped_overrides(country)
    )


def check_country(reader: Reader, key: str, country: str) -> None:
    """Tell of a country whose holidays nobody knows."""
    if country:
        try:
            calendar_for(country, range(2026, 2027))
        except UnknownCountry:
            remedy = "Write the two letters of ISO 3166-1, such as KZ"
            reader.fault(key, f"{country!r} is not known", remedy)


def _areas(top: Reader, head: Reader, beside: Path | None) -> tuple[AreaPlan, ...]:
    rows = [_area(row) for row in top.rows("area")]
    named = head.text("areas_file", required=False)
    if named:
        path = (beside or Path()) / named
        try:
            text = path.read_text(encoding="utf-8-sig")
        except (OSError, UnicodeDecodeError):
            head.fault("areas_file", f"{named!r} cannot be read", "Put a UTF-8 CSV file of that name beside the plan")
            return tuple(rows)
        lines = [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
        table = csv.DictReader(lines)
        if missing := {"code", "level"} - set(table.fieldnames or ()):
            head.fault(
                "areas_file",
                f"{named} has no column {', '.join(sorted(missing))}",
                f"Begin it with the line {','.join(_AREA_COLUMNS)}",
            )
            return tuple(rows)
        for number, row in enumerate(table, 1):
            known = {key: value for key, value in row.items() if key in _AREA_COLUMNS and value}
            rows.append(_area(Reader(known, f"{named} row {number}", head.faults)))
    return tuple(rows)


def _area(row: Reader) -> AreaPlan:
    lat, lon = row.degrees("lat", 90), row.degrees("lon", 180)
    if (lat is None) != (lon is None):
        row.fault("lat" if lat is None else "lon", "is missing", "Give both lat and lon, or neither")
    area = AreaPlan(
        row.text("code", most=20),
        row.text("parent", required=False),
        row.choice("level", Area.Level.values),
        row.names(),
        lat,
        lon,
    )
    row.finish()
    return area


def _topics(top: Reader, head: Reader) -> tuple[TopicPlan, ...]:
    own = _topic_rows(top)
    asked = head.text("topics", required=False)
    if asked and asked != STARTER:
        head.fault("topics", f"is {asked!r}", f'Write "{STARTER}", or leave it out and list [[topic]] tables')
    if not asked and not own:
        head.fault(
            "topics",
            "is missing and there is no [[topic]]",
            f'Write topics = "{STARTER}" for the shipped list',
        )
    if asked != STARTER:
        return own
    mine = {topic.code for topic in own}
    return (*(topic for topic in starter_topics() if topic.code not in mine), *own)


def _topic_rows(top: Reader) -> tuple[TopicPlan, ...]:
    found: list[TopicPlan] = []
    for row in top.rows("topic"):
        code = row.text("code", most=60)
        found.append(TopicPlan(code, row.text("parent", required=False), row.names()))
        for part in row.rows("part"):
            found.append(TopicPlan(part.text("code", most=60), code, part.names()))
            part.finish()
        row.finish()
    return tuple(found)


def _office(row: Reader, families: Set[str] | None) -> OfficePlan:
    policy = row.text("policy", example="kz.appc", most=40)
    if policy and families is not None and policy.partition(".")[0] not in families:
        row.fault(
            "policy",
            f"{policy!r} is no known family of deadline rules",
            f"Begin it with one of: {', '.join(sorted(families))}",
        )
    hours = {language: row.text(f"hours_{language}", required=False) for language in LANGUAGES}
    office = OfficePlan(
        code=row.slug("code"),
        parent=row.text("parent", required=False),
        kind=row.choice("kind", Office.Kind.values),
        name=row.names(),
        policy=policy,
        area=row.text("area", required=False),
        email=row.email("email", required=False),
        hours={language: words for language, words in hours.items() if words},
        rules=row.table("rules", required=False),
        competences=_competences(row),
    )
    row.finish()
    return office


def _competences(office: Reader) -> tuple[CompetencePlan, ...]:
    """Each area × each topic; the same pair said twice (once to act, once for the clock) becomes one."""
    does: dict[tuple[str | None, str | None], tuple[bool, bool]] = {}
    for row in office.rows("competence"):
        acts, clock = DOES.get(row.choice("role", DOES, default="both"), (True, True))
        areas: list[str | None] = [*row.texts("areas")] or [None]
        topics: list[str | None] = [*row.texts("topics")] or [None]
        row.finish()
        for area in areas:
            for topic in topics:
                before = does.get((area, topic), (False, False))
                does[area, topic] = (before[0] or acts, before[1] or clock)
    return tuple(CompetencePlan(area, topic, *done) for (area, topic), done in does.items())


def _person(row: Reader) -> PersonPlan:
    if row.has("password"):
        row.fault("password", "is in the file", "Remove it: passwords are made by `dauys up` and shown once")
        row.skip("password")
    roles = []
    for role in row.rows("roles"):
        roles.append((role.text("office"), role.choice("role", Role.values)))
        role.finish()
    person = PersonPlan(
        row.text("name", most=160),
        row.email("email").lower(),
        row.choice("language", LANGUAGES, default="ru"),
        tuple(roles),
    )
    row.finish()
    return person


def _days(top: Reader, head: Reader, country: str) -> tuple[DayPlan, ...]:
    rows = {} if not head.flag("shipped_calendar", True) else {row.day: row for row in shipped_days(country)}
    for row in top.rows("day"):
        day, name = row.day("day"), row.text("name", required=False)
        given = DayPlan(
            day,
            row.flag("works", None),
            day_name(country, name),
            row.text("source", example="Government order No. 100 of 1 February 2026"),
            row.flag("checked", False),
        )
        row.finish()
        rows[day] = given
    return tuple(rows[day] for day in sorted(rows))


def day_name(country: str, code: str) -> Names:
    """A holiday's name in the three languages; the English column holds its code."""
    if not code:
        return Names("", "", "")
    return Names(holiday_name(country, code, "kk"), holiday_name(country, code, "ru"), code)


def _outlines(head: Reader, beside: Path | None) -> dict[str, Any]:
    named = head.text("outlines", required=False)
    if not named:
        return {}
    try:
        drawn = json.loads(((beside or Path()) / named).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        head.fault("outlines", f"{named!r} cannot be read", "Put a GeoJSON file of that name beside the plan")
        return {}
    features = drawn.get("features") if isinstance(drawn, dict) else None
    if not isinstance(features, list) or not all((row.get("properties") or {}).get("code") for row in features):
        head.fault(
            "outlines",
            f"{named} is no FeatureCollection whose features have a code",
            "Give each feature properties.code, the code of its area",
        )
        return {}
    return dict(drawn)

"""Reads the demonstration region's files and refuses, by file and field, what does not fit together."""

from __future__ import annotations

import csv
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from dauys.demo.events import KINDS, Kind

HERE = Path(__file__).parent / "data"
TOPICS = Path(__file__).parent.parent / "institution" / "data" / "topics.toml"
LEVELS = ("region", "district", "settlement")
OFFICE_KINDS = ("branch", "primary", "akimat", "department", "council")
POLICIES = ("kz.appc", "internal")
ROLES = ("operator", "officer", "head", "administrator", "auditor")
WHERES = ("any", "city", "flats", "village")
URGENCIES = ("low", "normal", "high", "critical")


class DemoDataError(Exception):
    """A file of the demonstration region is wrong; the text names the file, the entry and what to do."""


@dataclass(frozen=True, slots=True)
class Area:
    code: str
    parent: str
    level: str
    ru: str
    kk: str
    en: str
    lat: float
    lon: float
    population_share: float


@dataclass(frozen=True, slots=True)
class Competence:
    """What an office does ("acts") or answers for in law ("clock"). Empty `topics` means every topic."""

    role: str
    areas: tuple[str, ...]
    topics: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DemoOffice:
    code: str
    parent: str
    kind: str
    kk: str
    ru: str
    en: str
    policy: str
    email: str
    area: str
    hours: Mapping[str, str]
    competences: tuple[Competence, ...]


@dataclass(frozen=True, slots=True)
class DemoPerson:
    """An invented officer. `roles` are (office code, role); `shown`: why the sign-in is printed, or ""."""

    name: str
    email: str
    language: str
    diligence: float
    roles: tuple[tuple[str, str], ...]
    shown: str


@dataclass(frozen=True, slots=True)
class Matter:
    code: str
    topic: str
    share: float
    kinds: tuple[tuple[Kind, float], ...]
    months: str
    where: str
    urgency: str
    picture: str
    phrases: Mapping[str, tuple[str, ...]]
    about: Mapping[str, str]
    done: Mapping[str, str]
    why: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Campaign:
    matter: str
    areas: tuple[str, ...]
    month: int
    size: int
    language: str
    text: str


@dataclass(frozen=True, slots=True)
class DemoData:
    areas: Mapping[str, Area]
    offices: Mapping[str, DemoOffice]
    people: tuple[DemoPerson, ...]
    matters: Mapping[str, Matter]
    campaigns: tuple[Campaign, ...]
    topics: tuple[str, ...]
    topic_names_en: Mapping[str, str]
    voice: Mapping[str, Any]
    steps: Mapping[str, Any]
    customs: Mapping[str, Any]

    def settlements(self) -> tuple[Area, ...]:
        return tuple(area for area in self.areas.values() if area.level == "settlement")

    def unit_of(self, code: str) -> str:
        """The district or city above a settlement; a unit is its own."""
        area = self.areas[code]
        return area.parent if area.level == "settlement" else code


def read_data(folder: Path = HERE, topics_file: Path = TOPICS) -> DemoData:
    """All files of `folder`, checked against each other and the starter topics. Raises DemoDataError."""
    topic_names_en = _topics(topics_file)
    topics = tuple(topic_names_en)
    areas = _areas(folder / "areas.csv")
    offices = _offices(folder / "offices.toml", areas, topics)
    people = _people(folder / "people.toml", offices)
    voice = _toml(folder / "voice.toml")
    matters: dict[str, Matter] = {}
    for file in sorted((folder / "matters").glob("*.toml")):
        for matter in _matters(file, topics, voice["seasons"]):
            if matter.code in matters:
                raise DemoDataError(f"{file.name}: matter {matter.code} is described twice; keep one")
            matters[matter.code] = matter
    campaigns = tuple(_campaign(entry, areas, matters) for entry in voice.get("campaign", []))
    for code in voice["bursts"]["matters"]:
        if code not in matters:
            raise DemoDataError(f"voice.toml [bursts]: no matter is called {code}")
    for code in (*voice["region"]["towns"], *voice["region"]["flats"], *voice["region"]["kk_share"]):
        if code not in areas:
            raise DemoDataError(f"voice.toml [region]: {code} is not in areas.csv")
    steps, customs = _toml(folder / "steps.toml"), _toml(folder / "customs.toml")
    if steps["empty"]["matter"] not in matters:
        raise DemoDataError(f"steps.toml [empty]: no matter is called {steps['empty']['matter']}")
    _check_customs(customs, offices, people)
    return DemoData(areas, offices, people, matters, campaigns, topics, topic_names_en, voice, steps, customs)


def _check_customs(
    customs: Mapping[str, Any],
    offices: Mapping[str, DemoOffice],
    people: tuple[DemoPerson, ...],
) -> None:
    known = {person.email for person in people}
    entries = [customs["rules"], *customs["sharing"], *customs["template"]]
    for email in (entry["by"] for entry in entries if entry["by"] not in known):
        raise DemoDataError(f"customs.toml: nobody in people.toml is {email}")
    for code in (rule["acts"] for rule in customs["rules"]["rule"] if rule["acts"] not in offices):
        raise DemoDataError(f"customs.toml [rules]: {code} is not in offices.toml")
    for office in (entry["office"] for entry in entries if entry.get("office", "") not in ("", *offices)):
        raise DemoDataError(f"customs.toml: {office} is not in offices.toml")


def _toml(file: Path) -> dict[str, Any]:
    try:
        found = tomllib.loads(file.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise DemoDataError(f"{file.name}: not valid TOML ({error})") from error
    if found.get("invented") is not True or found.get("kk_reviewed") is not False:
        raise DemoDataError(f"{file.name}: the header must say invented = true and kk_reviewed = false")
    return found


def _field(entry: Mapping[str, Any], name: str, file: str, who: str) -> Any:
    if name not in entry:
        raise DemoDataError(f"{file}: {who} has no “{name}”; add it")
    return entry[name]


def _one_of(value: str, allowed: tuple[str, ...], file: str, who: str, name: str) -> str:
    if value not in allowed:
        raise DemoDataError(f"{file}: {who} says {name} = “{value}”; use one of {', '.join(allowed)}")
    return value


def _topics(file: Path) -> dict[str, str]:
    """Groups and their parts: code to English name."""
    found = tomllib.loads(file.read_text(encoding="utf-8"))
    return {one["code"]: one["en"] for group in found["topic"] for one in (group, *group["part"])}


def _areas(file: Path) -> dict[str, Area]:
    lines = [line for line in file.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    areas: dict[str, Area] = {}
    for number, row in enumerate(csv.DictReader(lines), start=1):
        try:
            area = Area(
                row["code"], row["parent"], row["level"], row["ru"], row["kk"], row["en"],
                float(row["lat"]), float(row["lon"]), float(row["population_share"]),
            )  # fmt: skip
        except (KeyError, TypeError, ValueError) as error:
            raise DemoDataError(f"areas.csv: row {number} cannot be read ({error})") from error
        _one_of(area.level, LEVELS, "areas.csv", area.code, "level")
        if len(area.code) != 9 or not area.code.isdigit() or area.code in areas:
            raise DemoDataError(f"areas.csv: row {number}: “{area.code}” is not a new KATO code of nine digits")
        if area.parent and area.parent not in areas:
            raise DemoDataError(f"areas.csv: {area.code} lies in {area.parent}, which is not above it in the file")
        areas[area.code] = area
    return areas


def _offices(file: Path, areas: Mapping[str, Area], topics: tuple[str, ...]) -> dict[str, DemoOffice]:
    offices: dict[str, DemoOffice] = {}
    for entry in _toml(file)["office"]:
        code = _field(entry, "code", file.name, "an office")
        names = {name: _field(entry, name, file.name, code) for name in ("kk", "ru", "en", "policy", "email", "area")}
        _one_of(entry.get("kind", ""), OFFICE_KINDS, file.name, code, "kind")
        _one_of(names["policy"], POLICIES, file.name, code, "policy")
        if entry["parent"] and entry["parent"] not in offices:
            raise DemoDataError(f"{file.name}: {code} belongs to {entry['parent']}, which is not above it in the file")
        competences = tuple(
            Competence(one["role"], tuple(one.get("areas", ())), tuple(one.get("topics", ())))
            for one in entry.get("competence", [])
        )
        for competence in competences:
            _one_of(competence.role, ("acts", "clock"), file.name, code, "competence.role")
            for missing in (
                *(area for area in competence.areas if area not in areas),
                *(topic for topic in competence.topics if topic not in topics),
            ):
                raise DemoDataError(f"{file.name}: {code} names {missing}, which does not exist")
        if names["area"] not in areas:
            raise DemoDataError(f"{file.name}: {code} lies in {names['area']}, which is not in areas.csv")
        offices[code] = DemoOffice(
            code=code,
            parent=entry["parent"],
            kind=entry["kind"],
            hours={language: entry[f"hours_{language}"] for language in ("kk", "ru", "en")},
            competences=competences,
            **names,
        )
    return offices


def _people(file: Path, offices: Mapping[str, DemoOffice]) -> tuple[DemoPerson, ...]:
    people: list[DemoPerson] = []
    for entry in _toml(file)["person"]:
        name = _field(entry, "name", file.name, "a person")
        email = _field(entry, "email", file.name, name)
        if not email.endswith("@example.org") or any(email == other.email for other in people):
            raise DemoDataError(f"{file.name}: {name}: “{email}” must be a new address at example.org")
        roles = tuple((one["office"], one["role"]) for one in _field(entry, "roles", file.name, name))
        for office, role in roles:
            _one_of(role, ROLES, file.name, name, "role")
            if office not in offices:
                raise DemoDataError(f"{file.name}: {name} works in {office}, which is not in offices.toml")
        people.append(
            DemoPerson(name, email, entry["language"], float(entry["diligence"]), roles, entry.get("shown", ""))
        )
    return tuple(people)


def _matters(file: Path, topics: tuple[str, ...], seasons: Mapping[str, Any]) -> list[Matter]:
    matters = []
    for entry in _toml(file)["matter"]:
        code = _field(entry, "code", file.name, "a matter")
        topic = _one_of(_field(entry, "topic", file.name, code), topics, file.name, code, "topic")
        for kind in _field(entry, "kinds", file.name, code):
            _one_of(kind, KINDS, file.name, code, "kinds")
        _one_of(entry["months"], tuple(seasons), file.name, code, "months")
        _one_of(entry["where"], WHERES, file.name, code, "where")
        _one_of(entry["urgency"], URGENCIES, file.name, code, "urgency")
        for language in ("ru", "kk"):
            if not 4 <= len(entry.get(language, ())) <= 7:
                raise DemoDataError(f"{file.name}: {code} needs four to seven phrasings in “{language}”")
        matters.append(
            Matter(
                code=code,
                topic=topic,
                share=float(entry["share"]),
                kinds=tuple((cast(Kind, kind), float(weight)) for kind, weight in entry["kinds"].items()),
                months=entry["months"],
                where=entry["where"],
                urgency=entry["urgency"],
                picture=entry["picture"],
                phrases={language: tuple(entry.get(language, ())) for language in ("ru", "kk", "en")},
                about={language: _field(entry, f"about_{language}", file.name, code) for language in ("ru", "kk")},
                done={language: _field(entry, f"done_{language}", file.name, code) for language in ("ru", "kk")},
                why={language: entry[f"why_{language}"] for language in ("ru", "kk") if f"why_{language}" in entry},
            )
        )
    return matters


def _campaign(entry: Mapping[str, Any], areas: Mapping[str, Area], matters: Mapping[str, Matter]) -> Campaign:
    for missing in (code for code in entry["areas"] if code not in areas):
        raise DemoDataError(f"voice.toml: the campaign about {entry['matter']} names {missing}, not in areas.csv")
    if entry["matter"] not in matters:
        raise DemoDataError(f"voice.toml: no matter is called {entry['matter']}")
    return Campaign(
        entry["matter"],
        tuple(entry["areas"]),
        entry["month"],
        entry["size"],
        entry["language"],
        entry["text"],
    )

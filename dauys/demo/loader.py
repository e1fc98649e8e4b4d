"""Plays the invented year through the product's own actions: nothing is written that a page could not have written."""

import json
import tomllib
from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta
from itertools import groupby
from zoneinfo import ZoneInfo

from dauys.answer import actions as answer
from dauys.demo import customs, events
from dauys.demo.generator import life
from dauys.demo.player import Player
from dauys.demo.reading import HERE, DemoData, DemoOffice
from dauys.institution import actions as institution
from dauys.institution.models import User
from dauys.institution.plan import (
    AreaPlan,
    CompetencePlan,
    OfficePlan,
    PersonPlan,
    Plan,
    shipped_days,
    starter_topics,
)
from dauys.institution.queries import Names
from dauys.understand import actions as understand

REGION = tomllib.loads((HERE / "region.toml").read_text(encoding="utf-8"))
ZONE = ZoneInfo(REGION["zone"])
PASSWORD = "listening-state"  # noqa: S105  (printed on the screen of a demonstration that holds nothing real)

BEFORE = timedelta(days=366)
"""The institution is older than the year that is told of it."""


def plan_of(data: DemoData) -> Plan:
    """The demonstration region as an institution's plan."""
    outlines = json.loads((HERE / "outlines.geojson").read_text(encoding="utf-8"))
    region = next(area for area in data.areas.values() if area.level == "region")
    return Plan(
        name=Names(*(f"{getattr(region, tongue)} ({REGION[tongue]})" for tongue in ("kk", "ru", "en"))),
        country=REGION["country"],
        zone=REGION["zone"],
        opens=time.fromisoformat(REGION["opens"]),
        closes=time.fromisoformat(REGION["closes"]),
        areas=tuple(
            AreaPlan(area.code, area.parent, area.level, Names(area.kk, area.ru, area.en), area.lat, area.lon)
            for area in data.areas.values()
        ),
        topics=starter_topics(),
        offices=tuple(_office(office) for office in data.offices.values()),
        people=tuple(PersonPlan(person.name, person.email, person.language, person.roles) for person in data.people),
        days=shipped_days(REGION["country"]),
        outlines=outlines,
        is_invented=True,
    )


def _office(office: DemoOffice) -> OfficePlan:
    does: dict[tuple[str | None, str | None], set[str]] = {}
    for competence in office.competences:
        for area in competence.areas or (None,):
            for topic in competence.topics or (None,):
                does.setdefault((area, topic), set()).add(competence.role)
    return OfficePlan(
        code=office.code,
        parent=office.parent,
        kind=office.kind,
        name=Names(office.kk, office.ru, office.en),
        policy=office.policy,
        area=office.area,
        email=office.email,
        hours=dict(office.hours),
        competences=tuple(
            CompetencePlan(area, topic, "acts" in roles, "clock" in roles) for (area, topic), roles in does.items()
        ),
    )


def days(happened: Iterator[events.Event]) -> Iterator[tuple[date, list[events.Event]]]:
    for day, group in groupby(happened, key=lambda event: event.moment.date()):
        yield day, list(group)


def establish(data: DemoData, *, now: datetime) -> None:
    """Offices, people and topics of the region, before anybody has spoken."""
    institution.establish(plan=plan_of(data), now=now)
    for person in data.people:
        if person.shown:
            user = User.objects.get(email=person.email)
            user.set_password(PASSWORD)
            user.save(update_fields=["password"])
    understand.ensure_model(now=now)


def fill(
    data: DemoData,
    *,
    seed: int,
    now: datetime,
    appeals: int,
    progress: Callable[[int], None] = lambda _count: None,
) -> Player:
    """Play a year that ends now. Every action runs at the moment it is said to have happened."""
    people = {user.email: user for user in User.objects.all()}
    operator = next(people[person.email] for person in data.people if person.shown == "operator")
    player = Player(operator, people, REGION["passed_on_ru"], REGION["passed_again_ru"])
    today = now.astimezone(ZONE).date()
    for day, happened in days(life(seed=seed, until=now.astimezone(ZONE).date(), appeals=appeals, data=data)):
        past = [event for event in happened if event.moment <= now]
        if past:
            customs.begin(data, player, days_ago=(today - day).days, now=past[0].moment)
            # What came yesterday and today still waits at the triage desk, as on any morning.
            player.play_day(past, max(event.moment for event in past), triage=(today - day).days > 1)
            progress(sum(isinstance(event, events.Filed) for event in past))
    while answer.order_pending(now=now):
        pass
    return player


def learn(*, now: datetime) -> None:
    """The readers learn from what people settled and answered during the year, as `dauys learn` would."""
    starter, pasts = understand.starter_samples(), understand.pasts()
    past, answered = pasts[understand.Target.TOPIC], pasts[understand.Target.OFFICE]
    understand.learn(
        [*starter, *past.samples], fields=[*({} for _one in starter), *past.fields], name="learned", now=now,
        span=past.span, heard_until=past.heard_until,
    )  # fmt: skip
    if len(answered.samples) >= understand.LEAST:
        understand.learn(
            answered.samples, fields=answered.fields, name="learned", now=now, span=answered.span,
            heard_until=answered.heard_until, target=understand.Target.OFFICE,
        )  # fmt: skip

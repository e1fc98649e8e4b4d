"""Plays the invented year through the product's own actions: nothing is written that a page could not have written."""

import functools
import json
import logging
import tomllib
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import groupby
from zoneinfo import ZoneInfo

from django.core.exceptions import PermissionDenied
from django.db import transaction

from dauys.answer import actions as answer
from dauys.demo import events, pictures
from dauys.demo.generator import life
from dauys.demo.reading import HERE, DemoData, DemoOffice
from dauys.hear import actions as hear
from dauys.hear.submission import Contact, Submission, Upload
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
from dauys.institution.queries import Names, house
from dauys.ledger import actions as ledger
from dauys.understand import actions as understand
from dauys.understand import queries as understand_queries

log = logging.getLogger(__name__)

REGION = tomllib.loads((HERE / "region.toml").read_text(encoding="utf-8"))
ZONE = ZoneInfo(REGION["zone"])
PASSWORD = "listening-state"  # noqa: S105  (printed on the screen of a demonstration that holds nothing real)


VIEWS = 6
BEFORE = timedelta(days=366)
"""The institution is older than the year that is told of it."""
OVERLOOKED = 6
"""Of appeals read wrongly without a doubt, one in so many keeps its wrong topic, as happens in any office."""
"""So many different views of one kind of thing are drawn; drawing each anew would take half of the loading."""


@functools.cache
def _drawn(kind: str, view: int) -> bytes:
    return pictures.draw(kind, view)


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


@dataclass
class Player:
    """Turns events into actions. An event the product refuses is counted, never forced."""

    operator: User
    people: dict[str, User]
    appeals: dict[str, int] = field(default_factory=dict)
    skipped: dict[str, int] = field(default_factory=dict)
    answers: dict[str, int] = field(default_factory=dict)
    truth: dict[int, str] = field(default_factory=dict)

    def play_day(self, happened: list[events.Event], now: datetime, *, triage: bool) -> None:
        """One day in one transaction: first what arrived, then what was done about appeals."""
        arrived = [event for event in happened if isinstance(event, events.Filed)]
        with transaction.atomic():
            if arrived:
                receipts = hear.write([self._prepared(filed) for filed in arrived])
                for filed, receipt in zip(arrived, receipts, strict=True):
                    self.appeals[filed.key] = receipt.appeal_id
                    self.truth[receipt.appeal_id] = filed.topic_truth
            self._settle(now)
            if triage:
                self._triage([self.appeals[filed.key] for filed in arrived], now)
            for event in happened:
                if not isinstance(event, events.Filed):
                    self._play(event)
            self._settle(now)
        while ledger.seal_pending(now=now):
            pass

    def _triage(self, arrived: list[int], now: datetime) -> None:
        """The operator settles at the triage desk what the machine was not sure of, and most of what it was
        sure of and wrong: whoever opens such an appeal sees that it is about something else.
        """
        unsure = [row.appeal_id for row in understand_queries.awaiting(limit=1000)]
        code = {topic.id: topic.code for topic in house().topics.values()}
        wrong = [
            appeal
            for appeal, row in understand_queries.examinations(arrived).items()
            if code.get(row.topic_id or 0) != self.truth[appeal] and appeal % OVERLOOKED
        ]
        for appeal in dict.fromkeys([*unsure, *wrong]):
            if appeal in self.truth:
                understand.decide(
                    appeal_id=appeal, officer=self.operator, topic_code=self.truth[appeal], area_code="", now=now
                )
        while answer.reroute_pending(now=now):
            pass

    def _settle(self, now: datetime) -> None:
        while understand.examine_pending(now=now):
            pass
        while answer.route_and_promise_pending(now=now):
            pass

    def _prepared(self, event: events.Filed) -> hear.Prepared:
        place = house()
        contact = event.applicant
        office = place.office_by_code.get(event.office_code)
        taken_by = self.people.get(event.officer_email)
        return hear.prepare(
            Submission(
                channel=event.channel,
                token=f"demonstration {event.key}",
                text=event.text,
                kind=event.kind,
                language=event.language,
                place=event.place_words,
                area_id=place.area_by_code[event.area_code].id if event.area_code else None,
                lat=event.lat,
                lon=event.lon,
                contact=Contact(contact.name, contact.phone, contact.email) if contact else Contact(),
                uploads=tuple(
                    Upload(f"{picture.kind}.jpg", "image/jpeg", _drawn(picture.kind, picture.seed % VIEWS))
                    for picture in event.attachments
                ),
                received_at=event.moment,
                taken_by_id=taken_by.id if taken_by else None,
                taken_at_id=office.id if office else None,
            ),
            now=event.moment,
        )

    def _play(self, event: events.Event) -> None:
        appeal = self.appeals.get(event.key)
        if appeal is None:
            return
        try:
            # A savepoint: what one refused action began must not stay while the day goes on.
            with transaction.atomic():
                self._act(event, appeal)
        except (answer.Failure, PermissionDenied, understand.UnknownTopic) as refusal:
            name = f"{type(event).__name__}: {type(refusal).__name__}"
            self.skipped[name] = self.skipped.get(name, 0) + 1

    def _act(self, event: events.Event, appeal: int) -> None:
        moment = event.moment
        match event:
            case events.TopicCorrected():
                understand.decide(
                    appeal_id=appeal, officer=self.people[event.officer_email], topic_code=event.topic,
                    area_code="", now=moment,
                )  # fmt: skip
                answer.reroute_pending(now=moment)
            case events.Assigned():
                office = house().office_by_code[event.office_code]
                with suppress(answer.SameOffice, answer.AboutThisOffice):
                    answer.redirect(
                        appeal_id=appeal, office_id=office.id, officer=self.operator, now=moment,
                        reason=REGION["passed_on_ru"],
                    )  # fmt: skip
                if event.officer_email:
                    answer.assign(
                        appeal_id=appeal,
                        to=self.people[event.officer_email],
                        officer=self.operator,
                        now=moment,
                    )
            case events.Remarked():
                self._say(event, appeal, note=True)
            case events.OfficerWrote():
                self._say(event, appeal, note=False)
            case events.CitizenWrote():
                answer.citizen_writes(appeal_id=appeal, text=event.text, token=str(moment), now=moment)
            case events.Answered():
                sent = answer.send_answer(
                    appeal_id=appeal, outcome=event.outcome, text=event.text,
                    officer=self.people[event.officer_email], now=moment,
                )  # fmt: skip
                self.answers[event.key] = sent.ordinal
            case events.Verdict():
                if event.key in self.answers:
                    answer.give_verdict(
                        appeal_id=appeal, ordinal=self.answers[event.key], solved=event.solved,
                        rating=event.rating, words=event.words, now=moment,
                    )  # fmt: skip

    def _say(self, event: events.Remarked | events.OfficerWrote, appeal: int, *, note: bool) -> None:
        answer.write(
            appeal_id=appeal, text=event.text, note=note, token=str(event.moment),
            officer=self.people[event.officer_email], now=event.moment,
        )  # fmt: skip


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
    player = Player(operator, people)
    today = now.astimezone(ZONE).date()
    for day, happened in days(life(seed=seed, until=now.astimezone(ZONE).date(), appeals=appeals, data=data)):
        past = [event for event in happened if event.moment <= now]
        if past:
            # What came yesterday and today still waits at the triage desk, as on any morning.
            player.play_day(past, max(event.moment for event in past), triage=(today - day).days > 1)
            progress(sum(isinstance(event, events.Filed) for event in past))
    return player


def learn(*, now: datetime) -> None:
    """The reader of topics learns from what people settled during the year, as `dauys learn` would."""
    starter, past = understand.starter_samples(), understand.past()
    understand.learn(
        [*starter, *past.samples], fields=[*({} for _one in starter), *past.fields], name="learned", now=now,
        span=past.span, heard_until=past.heard_until,
    )  # fmt: skip

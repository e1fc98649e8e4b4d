"""Turns what happens in the invented region into the product's own actions."""

import functools
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction

from dauys.answer import actions as answer
from dauys.demo import events, pictures
from dauys.hear import actions as hear
from dauys.hear.submission import Contact, Submission, Upload
from dauys.institution.models import User
from dauys.institution.queries import house
from dauys.ledger import actions as ledger
from dauys.understand import actions as understand
from dauys.understand import queries as understand_queries

VIEWS = 6
"""So many different views of one kind of thing are drawn; drawing each anew would take half of the loading."""
OVERLOOKED = 6
"""Of appeals read wrongly without a doubt, one in so many keeps its wrong topic, as happens in any office."""
FOLLOWS = {"mended": "mend", "return": "mend", "resume": "pause", "object": "hear", "heard": "hear"}
"""What only happens where something else did."""
MORNING, LOOKS = time(0, 5), time(9, 5)
"""When the clocks of the day are looked at, and when officers are reminded."""


@functools.cache
def _drawn(kind: str, view: int) -> bytes:
    return pictures.draw(kind, view)


@dataclass
class Player:
    """Turns events into actions. An event the product refuses is counted, never forced."""

    operator: User
    people: dict[str, User]
    passed_on: str
    passed_again: str
    """What an operator writes when passing an appeal on, and why once more when it goes round."""
    appeals: dict[str, int] = field(default_factory=dict)
    skipped: dict[str, int] = field(default_factory=dict)
    answers: dict[str, int] = field(default_factory=dict)
    truth: dict[int, str] = field(default_factory=dict)
    letters: dict[str, str] = field(default_factory=dict)
    """Texts of letters with two matters."""
    problems: dict[str, int] = field(default_factory=dict)
    begun: dict[tuple[str, str], bool] = field(default_factory=dict)
    """Whether a step of a procedure was one the appeal's rule knows; what follows from it happens only then."""
    sharing: set[str] = field(default_factory=set)
    """Offices whose work the machine gives out."""
    stands_in: dict[tuple[str, str], User] = field(default_factory=dict)
    """Who got an appeal there instead of the officer the event names."""
    played: dict[str, int] = field(default_factory=dict)

    def play_day(self, happened: list[events.Event], now: datetime, *, triage: bool) -> None:
        """One day in one transaction: first the clocks, then what arrived, then what was done about appeals."""
        arrived = [event for event in happened if isinstance(event, events.Filed)]
        with transaction.atomic():
            self._clocks(now)
            if arrived:
                receipts = hear.write([self._prepared(filed) for filed in arrived])
                for filed, receipt in zip(arrived, receipts, strict=True):
                    self.appeals[filed.key] = receipt.appeal_id
                    self.truth[receipt.appeal_id] = filed.topic_truth
                    if filed.second:
                        self.letters[filed.key] = filed.text
            self._settle(now)
            if triage:
                self._triage([self.appeals[filed.key] for filed in arrived], now)
            for event in happened:
                if not isinstance(event, events.Filed):
                    self._play(event)
            self._settle(now)
        while ledger.seal_pending(now=now):
            pass

    def _clocks(self, now: datetime) -> None:
        """What the machine does by itself on a new day; nothing before its hour."""
        for hour, steps in (
            (MORNING, (answer.resume_pending, answer.lapse_pending)),
            (LOOKS, (answer.remind_pending,)),
        ):
            moment = datetime.combine(now.date(), hour, now.tzinfo)
            if moment <= now:
                for pending in steps:
                    while pending(now=moment):
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
        while self.sharing and answer.share_pending(now=now):
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
            what = event.step if isinstance(event, events.Stepped) else type(event).__name__
            name = f"{what}: {type(refusal).__name__}"
            self.skipped[name] = self.skipped.get(name, 0) + 1
        else:
            what = event.step if isinstance(event, events.Stepped) else type(event).__name__
            self.played[what] = self.played.get(what, 0) + 1

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
                told: dict[str, Any] = {"appeal_id": appeal, "office_id": office.id, "officer": self.operator}
                with suppress(answer.SameOffice, answer.AboutThisOffice):
                    try:
                        answer.redirect(reason=self.passed_on, now=moment, **told)
                    except answer.PassedRound:
                        answer.redirect(reason=self.passed_on, again=self.passed_again, now=moment, **told)
                if event.office_code in self.sharing:
                    self._shared(event, appeal)
                elif event.officer_email:
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
            case events.Stepped():
                self._step(event, appeal)
            case events.SplitOff():
                self._split(event, appeal)
            case events.Joined():
                problem = understand.join(
                    appeal_id=appeal, other_ids=[self.appeals[key] for key in event.others], title=event.title,
                    officer=self.people[event.officer_email], now=moment,
                )  # fmt: skip
                self.problems[event.key] = problem.id
            case events.AnsweredTogether():
                self._answer_together(event)
            case events.Answered():
                sent = answer.send_answer(
                    appeal_id=appeal, outcome=event.outcome, text=event.text, officer=self._officer(event), now=moment
                )
                self.answers[event.key] = sent.ordinal
            case events.Verdict():
                if event.key in self.answers:
                    answer.give_verdict(
                        appeal_id=appeal, ordinal=self.answers[event.key], solved=event.solved,
                        rating=event.rating, words=event.words, partly=event.partly, rests=event.rests, now=moment,
                    )  # fmt: skip

    def _officer(self, event: events.Answered | events.Remarked | events.OfficerWrote | events.Stepped) -> User:
        return self.stands_in.get((event.key, event.officer_email)) or self.people[event.officer_email]

    def _shared(self, event: events.Assigned, appeal: int) -> None:
        """The machine gives it out here: whoever got it does what the event's officer would have done."""
        while answer.share_pending(now=event.moment):
            pass
        wanted = self.people[event.officer_email]
        try:
            answer.take(appeal_id=appeal, officer=wanted, now=event.moment)
        except answer.AlreadyTaken as taken:
            holder = next(user for user in self.people.values() if str(user) == taken.name)
            self.stands_in[event.key, event.officer_email] = holder

    def _step(self, event: events.Stepped, appeal: int) -> None:
        told: dict[str, Any] = {"appeal_id": appeal, "now": event.moment}
        by: dict[str, Any] = {"officer": self._officer(event)} if event.officer_email else {}
        token = str(event.moment)
        needs = {"mended": "mend", "return": "mend", "resume": "pause", "object": "hear", "heard": "hear"}.get(
            event.step
        )
        if needs and not self.begun.get((event.key, needs)):
            return
        try:
            match event.step:
                case "extend":
                    assert event.until
                    answer.extend(until_on=event.until, words=event.text, **told, **by)
                case "mend":
                    assert event.until
                    answer.ask_to_mend(until_on=event.until, words=event.text, **told, **by)
                case "mended" if by:
                    answer.accept_mended(**told, **by)
                case "mended":
                    answer.mend(text=event.text, token=token, **told)
                case "return":
                    answer.return_appeal(ground="defects", words=event.text, **told, **by)
                case "pause":
                    answer.pause(words=event.text, **told, **by)
                case "resume":
                    answer.resume(**told, **by)
                case "terminate":
                    answer.terminate(ground="no_substance", words=event.text, **told, **by)
                case "withdraw":
                    answer.withdraw(words=event.text, **told)
                case "hear":
                    answer.offer_hearing(words=event.text, **told, **by)
                case "object":
                    answer.object_to(text=event.text, token=token, aloud=event.aloud, **told)
                case "heard":
                    answer.hold_hearing(words=event.text, **told, **by)
        except answer.NotByRule:
            if event.step in ("terminate", "return"):
                raise
            self.begun[event.key, event.step] = False  # this rule knows no such step: the officer need not take it
        else:
            self.begun[event.key, event.step] = True

    def _split(self, event: events.SplitOff, appeal: int) -> None:
        text = self.letters[event.key]
        start = text.rindex(event.words)
        chosen = [
            number
            for number, (first, last) in enumerate(answer.passages(text))
            if last - len(text[first:last].lstrip()) >= start
        ]
        receipt = answer.split(
            appeal_id=appeal, chosen=chosen, kind=event.kind, officer=self.people[event.officer_email],
            now=event.moment,
        )  # fmt: skip
        self.appeals[event.part] = receipt.appeal_id
        self.truth[receipt.appeal_id] = event.topic_truth
        self._settle(event.moment)
        understand.decide(
            appeal_id=receipt.appeal_id, officer=self.operator, topic_code=event.topic_truth, area_code="",
            now=event.moment,
        )  # fmt: skip
        answer.reroute_pending(now=event.moment)

    def _answer_together(self, event: events.AnsweredTogether) -> None:
        answer.answer_together(
            problem_id=self.problems[event.key], outcome=event.outcome, texts=event.texts,
            officer=self.people[event.officer_email], now=event.moment,
        )  # fmt: skip
        leaves = event.moment + timedelta(seconds=settings.UNDO_SECONDS + 1)
        while answer.together_pending(now=leaves):
            pass
        for key in event.members:
            self.answers.setdefault(key, 1)

    def _say(self, event: events.Remarked | events.OfficerWrote, appeal: int, *, note: bool) -> None:
        answer.write(
            appeal_id=appeal, text=event.text, note=note, token=str(event.moment), officer=self._officer(event),
            answer_by=getattr(event, "answer_by", None), now=event.moment,
        )  # fmt: skip

"""Thousands of lives of an appeal, driven through the product's own verbs, beside a plain model of the law.

The model knows nothing of the product: days are counted by walking the calendar below one day after another, and the
rules are written out as a jurist would say them. Every verb is tried whether it is allowed or not: the model says what
must come of it, and afterwards the tables must agree with the model, with nothing more and nothing less.

A run of the tests drives a few lives. For a long run: `DAUYS_LIVES=2000 pytest dauys/answer/tests/test_lives.py`.
"""

import os
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from dauys.answer import actions
from dauys.answer.models import Answer, Handling, Message, Promise, Ruling, Verdict
from dauys.hear import actions as hear
from dauys.hear.models import Appeal
from dauys.hear.submission import Submission
from dauys.institution.models import Appointment, Role, User
from dauys.ledger.models import Entry
from dauys.understand.models import Examination

LIVES = int(os.environ.get("DAUYS_LIVES", "0"))
"""Lives of a long run; 0: the short run of every day."""

CLOSED = {
    date(2026, *day)
    for day in [(1, 1), (1, 2), (1, 7), (3, 9), (3, 23), (3, 24), (3, 25), (5, 1), (5, 7), (5, 11), (5, 27), (7, 6),
                (10, 26), (12, 16)]
} | {
    date(2027, *day)
    for day in [(1, 1), (1, 4), (1, 7), (3, 8), (3, 15), (3, 22), (3, 23), (3, 24), (5, 3), (5, 7), (5, 10), (7, 6),
                (10, 25), (12, 16)]
}  # fmt: skip
DAY = timedelta(days=1)
OVER = 3
"""So many verbs are tried on an appeal that is closed; then another one begins its life."""
SELDOM = st.integers(0, 9).map(lambda number: number == 7)
"""A life should not end before it was lived."""


def works(day):
    return day.weekday() < 5 and day not in CLOSED


def working_days_later(day, count):
    while count:
        day += DAY
        if works(day):
            count -= 1
    return day


def two_months_later(day):
    month, year = (day.month + 2, day.year) if day.month <= 10 else (day.month - 10, day.year + 1)
    for number in (day.day, 30, 29, 28):
        try:
            return date(year, month, number)
        except ValueError:
            continue
    raise AssertionError


HEARD = ("application", "complaint")
GROUNDS_OF_RETURN = {
    "law": {"application": {"defects", "identical", "obscene"}, "complaint": {"defects", "identical", "obscene"}},
    "own": {},
}
GROUNDS_OF_END = {
    "application": {"decided", "court", "returned", "withdrawn", "other_law"},
    "complaint": {"decided", "court", "returned", "withdrawn", "other_law"},
}


@dataclass
class Life:
    """One appeal as the law sees it."""

    kind: str
    body: str  # law: an akimat under the Code; own: a branch under its own rule
    today: date
    registered: date = date.min
    due: date | None = None
    state: str = "promised"
    open: bool = True
    paused: date | None = None
    lapsed: date | None = None
    extended: int = 0
    defects: date | None = None
    hearing: dict | None = None
    aloud: bool = False
    disputes: int = 0
    answered_by: list = field(default_factory=list)
    promises: int = 0
    rulings: int = 0
    entries: int = 0
    messages: int = 0

    def begin(self, day):
        """A new procedure, registered that day."""
        while not works(day):
            day += DAY
        self.registered = day
        term = 10 if self.body == "own" else 20 if self.kind == "complaint" else 15
        self.due = working_days_later(day, term)
        self.promises += 1
        self.extended, self.defects, self.hearing, self.aloud, self.paused = 0, None, None, False, None

    def shut(self):
        return "AlreadyEnded" if self.state == "ended" else None if self.open else "AlreadyAnswered"

    def end(self):
        self.state, self.open, self.paused, self.defects, self.aloud = "ended", False, None, None, False
        if self.hearing:
            self.hearing["open"] = False

    def is_heard_by_law(self):
        return self.body == "law" and self.kind in HEARD

    def refusal_waits(self):
        """What a refusal must wait for, if anything."""
        if not self.is_heard_by_law():
            return None
        if self.hearing is None:
            return "HearingFirst"
        if self.hearing["waived"]:
            return None
        if self.aloud:
            return "HearingOpen"
        free = working_days_later(self.hearing["told"], 3)
        if self.hearing["open"]:
            free = max(free, self.hearing["until"] + DAY)
        return "HearingOpen" if self.today < free else None

    def go_on(self, stopped, day):
        """The due day after a pause: as many working days after it as were left."""
        left = sum(works(stopped + DAY * step) for step in range(1, (self.before - stopped).days + 1))
        day_due = working_days_later(day, left)
        while not works(day_due):
            day_due += DAY
        return day_due


def lives(cast, *, long):  # one machine, one rule after another
    branch_head = User.objects.create_user("branch_head@example.org", "correct horse battery", name="Branch head")
    Appointment.objects.create(user=branch_head, office=cast.branch, role=Role.HEAD, since_on=date(2026, 1, 1))
    offices = {"utilities": cast.utilities, "roads": cast.road_department, "akimat": cast.akimat, "branch": cast.branch}
    codes = {office.id: code for code, office in offices.items()}

    going_on = precondition(lambda self: self.over < OVER)

    class Lives(RuleBasedStateMachine):
        def __init__(self):
            super().__init__()
            self.undone = transaction.atomic()
            self.undone.__enter__()
            self.count = self.seconds = 0
            tally["lives"] += 1

        def teardown(self):
            transaction.set_rollback(True)
            self.undone.__exit__(None, None, None)

        # Helpers

        @property
        def now(self):
            """Each thing a second after the one before it, in the morning of the institution."""
            self.seconds += 1
            day = self.life.today
            return datetime(day.year, day.month, day.day, 6, tzinfo=UTC) + timedelta(seconds=self.seconds)

        @property
        def decider(self):
            return branch_head if self.life.body == "own" else cast.head

        def text(self):
            """Words nobody has said yet: the same words pressed twice are another matter."""
            self.count += 1
            return f"Слова {self.count}"

        def tried(self, expected, verb, **told):
            """Do it: what the model expects comes of it, and a refusal leaves no trace."""
            tally["steps"] += 1
            before, found, came = Entry.objects.count(), None, None
            try:
                with transaction.atomic():
                    found = verb(appeal_id=self.id, now=self.now, **told)
            except (actions.Failure, PermissionDenied) as failure:
                came = type(failure).__name__
            assert came == expected, (verb.__name__, told, self.life)
            self.over = self.over + 1 if not self.life.open else 0
            if came is not None:
                assert Entry.objects.count() == before
                tally["refused"] += 1
                return None
            tally[verb.__name__] = tally.get(verb.__name__, 0) + 1
            return found

        def wrote(self, *, entries=1, rulings=0):
            self.life.entries += entries
            self.life.rulings += rulings

        # A life

        @initialize(
            kind=st.sampled_from(["application", "complaint", "message", "inquiry"]),
            start=st.integers(0, 200),
            evening=st.booleans(),
            own=st.sampled_from([False, False, True]),
        )
        def born(self, kind, start, evening, own):
            self.begin_life(kind, date(2026, 1, 12) + DAY * start, evening, own)

        @precondition(lambda self: self.over >= OVER)
        @rule(
            kind=st.sampled_from(["application", "complaint", "message", "inquiry"]),
            evening=st.booleans(),
            own=st.sampled_from([False, False, True]),
        )
        def another_is_born(self, kind, evening, own):
            tally["lives"] += 1
            tomorrow = self.life.today + DAY
            self.begin_life(kind, tomorrow if tomorrow < date(2027, 2, 1) else date(2026, 1, 12), evening, own)

        def begin_life(self, kind, day, evening, own):
            self.over = 0
            life = self.life = Life(kind, "law", day)
            at = datetime(day.year, day.month, day.day, 15 if evening else 6, tzinfo=UTC)  # 20 h or 11 h where it is
            told = Submission(channel="web", token=f"life {tally['lives']}", text="На Лесной нет воды", kind=kind)
            self.id = hear.receive(told, now=at).appeal_id
            Examination.objects.create(
                appeal_id=self.id, language="ru", topic=cast.water, topic_confidence=0.9, examined_at=at,
                needs_person=False,
            )  # fmt: skip
            actions.route_and_promise_pending(now=at)
            life.begin(day + DAY if evening and works(day) else day)
            life.entries = 2
            if evening:
                life.today += DAY  # everything else happens in the morning, and nothing before this
            self.at = "utilities"
            if own:
                self.redirect(to="branch")

        @going_on
        @rule(days=st.sampled_from([1, 1, 2, 2, 3, 3, 4, 6, 9, 14, 20, 33]))
        def days_pass(self, days):
            """The worker looks once, after them all: it may have been down."""
            life = self.life
            life.today += DAY * days
            actions.resume_pending(now=self.now)
            if life.paused and self.until < life.today:
                life.due = life.go_on(life.paused, self.until + DAY)
                life.paused = None
                life.promises += 1
                life.entries += 1
            actions.lapse_pending(now=self.now)
            silent = life.open and life.due is not None and life.due < life.today
            refusal = life.body == "law" and life.kind in HEARD
            if silent and refusal and (life.lapsed is None or life.lapsed <= life.due):
                life.lapsed = life.due + DAY
                self.wrote(rulings=1)
            assert actions.lapse_pending(now=self.now) == actions.resume_pending(now=self.now) == 0

        @going_on
        @rule(to=st.sampled_from(sorted(offices)))
        def redirect(self, to):
            life = self.life
            expected = "AlreadyAnswered" if not life.open else "SameOffice" if to == self.at else None
            self.tried(
                expected,
                actions.redirect,
                office_id=offices[to].id,
                reason=self.text(),
                again=self.text(),
                officer=self.decider,
            )
            if expected is None:
                self.wrote()
                body = "own" if to == "branch" else "law"
                if body != life.body:
                    life.body = body
                    life.begin(life.today)
                self.at = to

        @going_on
        @rule(step=st.integers(-3, 3), before=st.sampled_from([0, 0, 400]), from_last=st.booleans())
        def extend(self, step, before, from_last):
            """Days about the first and the last one that the law allows, and far before both."""
            life = self.life
            latest = None
            if life.due is not None:
                latest = two_months_later(life.today) if life.body == "law" else working_days_later(life.due, 10)
            until = ((latest if from_last else life.due) or life.today) + DAY * (step - before)
            expected = life.shut()
            if expected is None and life.body == "law" and life.kind == "complaint":
                expected = "NotByRule"
            if expected is None and life.paused:
                expected = "Paused"
            if expected is None and life.due < life.today:
                expected = "TermOver"
            if expected is None and life.extended:
                expected = "AlreadyExtended"
            if expected is None and not life.due < until <= latest:
                expected = "NotThatDay"
            if expected is None and not works(until):
                expected = "ClosedDay"
            self.tried(expected, actions.extend, until_on=until, words=self.text(), officer=self.decider)
            if expected is None:
                life.due, life.extended = until, 1
                life.promises += 1
                self.wrote(rulings=1)

        @going_on
        @rule(step=st.integers(-1, 6), from_last=st.booleans())
        def ask_to_mend(self, step, from_last):
            life = self.life
            until = (life.due or life.today) + DAY * (step - 3) if from_last else life.today + DAY * step
            expected = life.shut()
            if expected is None and life.body == "own":
                expected = "NotByRule"
            if expected is None and (life.due is None or life.due <= life.today):
                expected = "TermOver"
            if expected is None and not life.today < until <= life.due:
                expected = "NotThatDay"
            self.tried(expected, actions.ask_to_mend, until_on=until, words=self.text(), officer=self.decider)
            if expected is None:
                life.defects = until
                self.wrote(rulings=1)

        @going_on
        @rule(by_officer=st.booleans())
        def mend(self, by_officer):
            life = self.life
            expected = life.shut() or (None if life.defects else "NothingAsked")
            if by_officer:
                self.tried(expected, actions.accept_mended, officer=self.decider)
            else:
                self.tried(expected, actions.mend, text=self.text(), token="form")
            if expected is None:
                life.defects = None
                life.messages += not by_officer
                self.wrote(entries=1 if by_officer else 2)

        @going_on
        @rule(ground=st.sampled_from(["defects", "identical", "obscene", "mood"]), seldom=SELDOM)
        def give_back(self, ground, seldom):
            life = self.life
            known = {"obscene"} if life.body == "own" else {"defects", "obscene"}
            if life.body == "law" and life.kind in HEARD:
                known |= {"identical"}
            expected = life.shut()
            if expected is None and ground not in known and (len(known) > 1 or ground):
                expected = "NoGround"
            if expected is None and ground == "defects":
                if life.defects is None or life.defects >= life.today:
                    expected = "NotMendedYet"
                elif life.today > working_days_later(life.defects, 3):
                    expected = "TooLate"
            elif expected is None and life.today > working_days_later(life.registered, 3):
                expected = "TooLate"
            if expected is None and not seldom:
                return
            self.tried(expected, actions.return_appeal, ground=ground, words=self.text(), officer=self.decider)
            if expected is None:
                life.end()
                self.wrote(rulings=1)

        @going_on
        @rule(step=st.one_of(st.none(), st.integers(0, 30)))
        def offer_hearing(self, step):
            life = self.life
            shortest = working_days_later(life.today, 2)
            until = None if step is None else life.today + DAY * step
            expected = life.shut()
            if expected is None and not life.is_heard_by_law():
                expected = "NotByRule"
            if expected is None and life.hearing and life.hearing["open"]:
                expected = "AlreadyOffered"
            if expected is None and not shortest <= (until or shortest) <= max(shortest, life.due or shortest):
                expected = "NotThatDay"
            self.tried(expected, actions.offer_hearing, until_on=until, words=self.text(), officer=self.decider)
            if expected is None:
                life.hearing = {"told": life.today, "until": until or shortest, "open": True, "waived": False}
                self.wrote(rulings=1)

        @going_on
        @rule(aloud=st.booleans())
        def object_to(self, aloud):
            life = self.life
            expected = life.shut()
            if expected is None and not (life.hearing and life.hearing["open"]):
                expected = "NothingAsked"
            self.tried(expected, actions.object_to, text=self.text(), token="form", aloud=aloud)
            if expected is None:
                self.wrote(entries=2, rulings=1 if aloud and not life.aloud else 0)
                life.aloud = life.aloud or aloud
                life.messages += 1

        @going_on
        @rule()
        def hold_hearing(self):
            life = self.life
            expected = life.shut()
            if expected is None and not (life.hearing and life.hearing["open"]):
                expected = "NothingAsked"
            self.tried(expected, actions.hold_hearing, words=self.text(), officer=self.decider)
            if expected is None:
                life.hearing["open"], life.aloud = False, False
                self.wrote(rulings=1)

        @going_on
        @rule(ground=st.sampled_from(["on_request", "urgent", "mood"]))
        def waive_hearing(self, ground):
            life = self.life
            expected = life.shut()
            if expected is None and not life.is_heard_by_law():
                expected = "NotByRule"
            if expected is None and ground == "mood":
                expected = "NoGround"
            self.tried(expected, actions.waive_hearing, ground=ground, words=self.text(), officer=self.decider)
            if expected is None:
                life.hearing = {"told": life.today, "until": None, "open": False, "waived": True}
                life.aloud = False
                self.wrote(rulings=1)

        @going_on
        @rule()
        def pause(self):
            life = self.life
            expected = life.shut()
            if expected is None and life.body == "law":
                expected = "NotByRule"
            if expected is None and life.paused:
                expected = "Paused"
            if expected is None and life.due < life.today:
                expected = "TermOver"
            self.tried(expected, actions.pause, words=self.text(), officer=self.decider)
            if expected is None:
                life.paused, life.before, life.due = life.today, life.due, None
                self.until = working_days_later(life.today, 20)
                self.wrote(rulings=1)

        @going_on
        @rule()
        def resume(self):
            life = self.life
            expected = life.shut() or (None if life.paused else "NotPaused")
            self.tried(expected, actions.resume, officer=self.decider)
            if expected is None:
                life.due = life.go_on(life.paused, life.today)
                life.paused = None
                life.promises += 1
                self.wrote()

        @going_on
        @rule(body=st.sampled_from(["", "Орган выше"]), elsewhere=st.booleans())
        def pass_up(self, body, elsewhere):
            life = self.life
            about = ("roads" if self.at != "roads" else "utilities") if elsewhere else self.at
            expected = life.shut()
            if expected is None and (life.body == "own" or life.kind != "complaint"):
                expected = "NotByRule"
            # An akimat holds what its departments do; a department does not hold what the akimat does.
            if expected is None and elsewhere:
                expected = "NotItsOffice"
            if expected is None and self.at == "akimat" and not body:
                expected = "NoBody"
            self.tried(
                expected, actions.pass_up, about_office_id=offices[about].id, body=body, words=self.text(),
                officer=self.decider,
            )  # fmt: skip
            if expected is None and self.at == "akimat":
                life.end()
                self.wrote(rulings=1)
            elif expected is None:
                self.at = "akimat"
                self.wrote(entries=2, rulings=1)

        @going_on
        @rule(ground=st.sampled_from(["anonymous", "court", "returned", "withdrawn"]), seldom=SELDOM)
        def terminate(self, ground, seldom):
            life = self.life
            known = {"withdrawn"} if life.body == "own" else GROUNDS_OF_END.get(life.kind, {"anonymous", "withdrawn"})
            expected = life.shut()
            if expected is None and ground not in known:
                expected = "NoGround"
            if expected is None and ground == "returned" and (life.defects is None or life.defects >= life.today):
                expected = "NotMendedYet"
            if expected is None and not seldom:
                return
            self.tried(expected, actions.terminate, ground=ground, words=self.text(), officer=self.decider)
            if expected is None:
                life.end()
                self.wrote(rulings=1)

        @going_on
        @rule(seldom=SELDOM)
        def withdraw(self, seldom):
            life = self.life
            expected = life.shut()
            if expected is None and not seldom:
                return
            self.tried(expected, actions.withdraw, words="")
            if expected is None:
                life.end()
                self.wrote(rulings=1)

        @going_on
        @precondition(lambda self: self.life.open and self.life.hearing)
        @rule()
        def refuse(self):
            self.answer(outcome="refused")

        @going_on
        @rule(outcome=st.sampled_from(["satisfied", "partly", "explained", "refused", "redirected"]))
        def answer(self, outcome):
            life = self.life
            holder = Handling.objects.get(appeal_id=self.id).officer_id
            expected = None if life.open else "AlreadyAnswered"
            if expected is None and life.disputes >= 2 and holder not in (None, self.decider.id):
                expected = "AnsweredBefore" if self.decider.id in life.answered_by else None
            if expected is None and outcome == "refused":
                expected = life.refusal_waits()
            due = life.due
            sent = self.tried(expected, actions.send_answer, outcome=outcome, text=self.text(), officer=self.decider)
            if expected is None:
                assert sent.due_on == (due or life.today)
                life.state, life.open, life.paused, life.defects, life.aloud = "answered", False, None, None, False
                life.hearing = None
                life.answered_by.append(self.decider.id)
                self.wrote()

        @precondition(lambda self: self.life.state == "answered")
        @rule(solved=st.booleans())
        def verdict(self, solved):
            life = self.life
            self.tried(None, actions.give_verdict, ordinal=len(life.answered_by), solved=solved, rating=None, words="")
            self.wrote()
            if solved:
                life.state = "confirmed"
            else:
                life.state, life.open = "disputed", True
                life.disputes += 1
                self.over = 0
                life.begin(life.today)
                if life.disputes >= 2:  # it goes to somebody higher, of the same body
                    self.at = codes[Handling.objects.get(appeal_id=self.id).acting_id]

        # Longer passages, which chance alone would seldom find; each step is held against the model as everywhere.

        def passage(self, *steps):
            for step in steps:
                step()
                self.the_tables_agree()

        @precondition(lambda self: self.life.open and self.life.is_heard_by_law())
        @rule(
            step=st.sampled_from([None, 3, 6, 9, 13]),
            aloud=st.booleans(),
            days=st.sampled_from([1, 2, 3, 5, 6, 8]),
            held=st.booleans(),
        )
        def a_hearing_runs_its_course(self, step, aloud, days, held):
            self.passage(lambda: self.offer_hearing(step=step))
            if aloud:
                self.passage(lambda: self.object_to(aloud=True))
            self.passage(lambda: self.days_pass(days=days), self.refuse)
            if held and self.life.open:
                self.passage(self.hold_hearing, self.refuse)

        @precondition(lambda self: self.life.open and self.life.body == "own")
        @rule(days=st.sampled_from([1, 3, 8, 15, 27, 30, 34, 45]))
        def a_clock_stands_still(self, days):
            self.passage(self.pause, lambda: self.days_pass(days=days), self.resume)

        @precondition(lambda self: self.life.open and self.life.due and self.life.due >= self.life.today)
        @rule(more=st.integers(0, 2), answered=st.booleans())
        def the_day_comes_and_nobody_answers(self, more, answered):
            days = (self.life.due - self.life.today).days + more
            self.passage(lambda: self.days_pass(days=days))
            if answered:
                self.passage(lambda: self.answer(outcome="explained"))
                if self.life.state == "answered":
                    self.verdict(solved=False)

        @precondition(lambda self: self.life.open and self.life.due and self.life.due >= self.life.today)
        @rule(step=st.integers(1, 3))
        def extended_and_extended_again(self, step):
            for _twice in range(2):
                self.passage(lambda: self.extend(step=step, before=0, from_last=False))

        @going_on
        @rule(who=st.sampled_from(["stranger", "auditor", "administrator"]))
        def a_stranger_tries(self, who):
            life = self.life
            stranger = getattr(cast, who)
            expected = life.shut() or "PermissionDenied"
            told = {"words": "Слово", "officer": stranger}
            self.tried(expected, actions.extend, until_on=life.today + DAY, **told)
            self.tried(expected, actions.return_appeal, ground="obscene", **told)
            self.tried(expected, actions.terminate, ground="withdrawn", **told)
            self.tried(expected, actions.pause, **told)

        @invariant()
        def the_tables_agree(self):
            life = self.life
            row = Handling.objects.get(appeal_id=self.id)
            assert (row.state, row.is_open, row.paused_on) == (life.state, life.open, life.paused)
            if life.open:
                assert row.due_on == life.due
                assert (codes[row.acting_id], row.lapsed_on) == (self.at, life.lapsed)
                assert actions.has_lapsed(row) == bool(life.lapsed and life.due and life.lapsed > life.due)
            case = Appeal.objects.values_list("case", flat=True).get(id=self.id)
            assert Entry.objects.filter(case=case).count() == life.entries
            assert Promise.objects.filter(appeal_id=self.id).count() == life.promises
            assert Ruling.objects.filter(appeal_id=self.id).count() == life.rulings
            assert Answer.objects.filter(appeal_id=self.id).count() == len(life.answered_by)
            assert Message.objects.filter(appeal_id=self.id).count() == life.messages
            assert Verdict.objects.filter(appeal_id=self.id).count() <= len(life.answered_by)
            last = Promise.objects.filter(appeal_id=self.id).last()
            assert not life.open or life.paused or last.due_on == life.due
            waiting = Ruling.objects.filter(appeal_id=self.id, ended_at=None)
            assert sorted(waiting.values_list("kind", flat=True)) == sorted(
                ["defects"] * bool(life.defects)
                + ["paused"] * bool(life.paused)
                + ["hearing"] * (bool(life.hearing and life.hearing["open"]) + life.aloud)
            )

    tally = {"lives": 0, "steps": 0, "refused": 0}
    run_state_machine_as_test(
        Lives,
        settings=settings(
            max_examples=LIVES or 25,
            stateful_step_count=60 if long else 20,
            deadline=None,
            derandomize=not long,
            report_multiple_bugs=False,
            phases=[Phase.generate] if long else list(Phase),
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
    return tally


@pytest.mark.django_db
def test_lives_of_an_appeal_agree_with_the_law(cast, capsys):
    tally = lives(cast, long=bool(LIVES))
    assert tally["steps"] > 100
    if LIVES:
        with capsys.disabled():
            print("", *(f"{name:20} {count}" for name, count in sorted(tally.items())), sep="\n")  # noqa: T201  # asked for


@pytest.mark.parametrize(
    ("day", "count", "lands_on"),
    [
        (date(2026, 3, 10), 15, date(2026, 4, 3)),
        (date(2026, 4, 27), 20, date(2026, 5, 29)),
        (date(2026, 11, 20), 20, date(2026, 12, 21)),
        (date(2027, 3, 1), 15, date(2027, 3, 29)),
    ],
)
def test_the_model_counts_as_the_law_does(day, count, lands_on):
    assert working_days_later(day, count) == lands_on

"""What a procedure adds before an answer: extensions, defects, a clock that stands still, endings, hearings."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from dauys.demo import words
from dauys.demo.events import CitizenWrote, Event, Filed, Stepped
from dauys.demo.reading import DemoData

HEARD_WITHIN = timedelta(days=8)
"""After so long an unfavourable decision that was announced can be made, whatever feasts come between."""
FRESH = 3.0
"""So many times as often things happen to what came lately: the present day shall show each of them."""


@dataclass(frozen=True, slots=True)
class Case:
    """One appeal on its way to an answer: who has it and who decides above them."""

    filed: Filed
    officer: str
    head: str
    is_under_law: bool
    """Its office is bound by a law; else by its own rule, which knows other steps."""
    is_fresh: bool
    is_recent: bool
    """It came under the law of today, which returns what was not mended; an older one did not."""
    is_late: bool
    is_pressing: bool
    reachable: bool
    assigned: datetime
    answered: datetime


class Speech:
    """The texts of the steps in one language, with their days and houses filled in."""

    def __init__(self, data: DemoData, chance: Random, language: str, house: int) -> None:
        self.data, self.chance, self.language, self.house = data, chance, language, house

    def say(self, step: str, on: datetime, until: date | None = None, **more: str) -> str:
        told = self.data.steps
        for name in step.split("."):
            told = told[name]
        pool: Any = told[self.language] if self.language in told else told[f"why_{self.language}"]
        slots = words.day_slots(self.data.voice, self.language, on.date(), until or on.date())
        return words.fill(self.chance.choice(pool), self.language, {"house": str(self.house), **slots, **more},
                          self.chance)  # fmt: skip

    def asks_to_wait(self) -> str:
        return str(self.chance.choice(self.data.steps["pause"][f"asks_{self.language}"]))


def workday(day: date, closed: frozenset[date]) -> date:
    """This day, or the next on which offices work."""
    while day.weekday() >= 5 or day in closed:
        day += timedelta(days=1)
    return day


def before(case: Case, speech: Speech, closed: frozenset[date], at_work: Any) -> tuple[list[Event], datetime | None]:
    """The steps before the answer, and the moment it is given then; None: the procedure ends without one."""
    own, filed, share = speech.chance, case.filed, speech.data.steps["share"]
    key = filed.key
    more = FRESH if case.is_fresh else 1.0

    def happens(what: str) -> bool:
        return own.random() * 100 < float(share[what]) * more

    def during(low: float, high: float) -> datetime:
        """A working moment so many days after it was assigned, before it would be answered."""
        moment: datetime = at_work(own, case.assigned + timedelta(days=own.uniform(low, high)), closed)
        return moment

    if filed.empty:
        read = during(0.2, 3.0)
        return [Stepped(read, key, "terminate", speech.say("empty", read), case.head)], None
    gap = (case.answered - case.assigned).total_seconds() / 86_400
    if case.reachable and gap > 2 and happens("withdrawn"):
        moment = case.assigned + timedelta(days=gap * own.uniform(0.2, 0.9))
        return [Stepped(moment, key, "withdraw", speech.say("withdrawn", moment))], None
    may_mend = case.is_under_law and case.is_recent and case.reachable and not case.is_pressing
    if may_mend and gap > 4 and filed.kind in ("application", "complaint") and happens("mend"):
        return _mending(case, speech, closed, at_work, during(0.1, 1.5))
    if case.is_late and filed.kind != "complaint":
        extends = own.random() * 100 < share["extended_when_late"] * (2 if case.is_fresh else 1)
    else:
        extends = gap > 7 and filed.kind != "complaint" and happens("extended")
    if extends:
        return _extension(case, speech, closed, at_work)
    if not case.is_under_law and case.reachable and gap > 3 and happens("paused"):
        asked = case.assigned + timedelta(days=own.uniform(0.3, 2.0))
        stopped = at_work(own, asked + timedelta(hours=own.uniform(1, 20)), closed)
        goes_on = at_work(own, stopped + timedelta(days=own.uniform(6, 16)), closed)
        answered = at_work(own, max(case.answered, goes_on + timedelta(days=own.uniform(1, 4))), closed)
        return [
            CitizenWrote(asked, key, speech.asks_to_wait()),
            Stepped(stopped, key, "pause", speech.say("pause", stopped), case.head),
            Stepped(goes_on, key, "resume", "", case.head),
        ], answered
    return [], case.answered


def _mending(
    case: Case, speech: Speech, closed: frozenset[date], at_work: Any, asked: datetime
) -> tuple[list[Event], datetime | None]:
    own, key = speech.chance, case.filed.key
    until = workday(asked.date() + timedelta(days=own.randint(4, 7)), closed)
    told: list[Event] = [Stepped(asked, key, "mend", speech.say("mend", asked, until), case.officer, until)]
    way = own.random()
    if way < 0.74:
        # What a citizen cannot type comes to the desk: then an officer says that it is there.
        by = case.officer if way > 0.6 else ""
        moment = asked + timedelta(days=own.uniform(0.4, 3.5))
        moment = at_work(own, moment, closed) if by else moment
        told.append(Stepped(moment, key, "mended", "" if by else speech.say("mended", moment), by))
        return told, at_work(own, max(case.answered, moment + timedelta(hours=20)), closed)
    if way < 0.9:
        after = at_work(own, datetime.combine(until + timedelta(days=1), asked.timetz()), closed)
        return [*told, Stepped(after, key, "return", speech.say("returned", after, until), case.officer)], None
    return told, case.answered  # it was clear enough after all


def _extension(
    case: Case, speech: Speech, closed: frozenset[date], at_work: Any
) -> tuple[list[Event], datetime | None]:
    """Decided before the first term ends; kept mostly, as a day one has chosen oneself should be."""
    own = speech.chance
    filed = case.filed.moment
    decided = at_work(own, max(filed + timedelta(days=own.uniform(6, 11)), case.assigned + timedelta(hours=2)), closed)
    later = (32, 52) if case.is_under_law else (19, 24)
    until = workday(filed.date() + timedelta(days=own.randint(*later)), closed)
    left = (until - decided.date()).days
    kept = own.random() < 0.88
    days = own.uniform(0.45, 0.9) * left if kept else left + own.uniform(2, 12)
    answered = at_work(own, decided + timedelta(days=days), closed)
    text = speech.say("extend", decided, until)
    return [Stepped(decided, case.filed.key, "extend", text, case.head, until)], answered


def hearing(
    case: Case, speech: Speech, closed: frozenset[date], at_work: Any, *, draft: str, since: datetime, by: str
) -> Iterator[Stepped]:
    """What is said before a refusal: announced, perhaps objected to, perhaps heard aloud."""
    own, key, share = speech.chance, case.filed.key, speech.data.steps["share"]
    yield Stepped(since, key, "hear", speech.say("planned", since, draft=draft), by)
    if not case.reachable or own.random() * 100 > share["objects"]:
        return
    objected = since + timedelta(days=own.uniform(0.2, 1.4))
    aloud = own.random() * 100 < share["aloud"]
    yield Stepped(objected, key, "object", speech.say("objects", objected), aloud=aloud)
    if aloud:
        heard = at_work(own, objected + timedelta(days=1), closed)
        if heard < since + HEARD_WITHIN:
            yield Stepped(heard, key, "heard", speech.say("heard", heard), by)

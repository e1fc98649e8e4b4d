"""Many letters about one thing: an operator brings them together, and mostly one answer goes to all of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from dauys.demo import words
from dauys.demo.events import LANGUAGES, AnsweredTogether, Contact, Event, Joined, Language, Outcome
from dauys.demo.reading import DemoData, DemoOffice, DemoPerson, Matter
from dauys.demo.words import Place, Writer, pick

AFTERNOON = 15
"""Joint answers leave in the afternoon: what was given out in the morning is in its place by then."""
PRESENT_DAYS = 3.0
"""What happened lately is answered so soon: of the two the present day shows one waits, the other was answered."""
OUTCOMES: tuple[tuple[Outcome, float], ...] = (("satisfied", 66), ("partly", 24), ("explained", 10))


@dataclass(frozen=True, slots=True)
class Joint:
    """What becomes of a group of appeals: who has them, and when they are answered together, if ever."""

    moment: datetime
    office: DemoOffice
    officer: DemoPerson
    outcome: Outcome


def joint_of(
    chance: Random, data: DemoData, *, matter: Matter, last: datetime, offices: Sequence[DemoOffice], staff: Any,
    at_work: Any, is_present: bool,
) -> Joint | None:  # fmt: skip
    """The joint answer of one group; None where each gets an answer of its own."""
    if not is_present and chance.random() * 100 > data.steps["share"]["answered_together"]:
        return None
    office = offices[0]
    officer = chance.choice(staff.officers[office.code])
    days = {"critical": 1.2, "high": 2.5}.get(matter.urgency, 5.0) * chance.uniform(0.7, 1.8)
    days = PRESENT_DAYS if is_present else days
    moment = at_work(chance, last + timedelta(days=max(days, 1.0)), staff.closed)
    moment = moment.replace(hour=AFTERNOON, minute=chance.randint(1, 58))
    return Joint(moment, office, officer, pick(chance, OUTCOMES))


def events_of(
    data: DemoData,
    chance: Random,
    *,
    members: Sequence[tuple[datetime, str]],
    matter: Matter,
    place: Place,
    joint: Joint | None,
    operator: str,
    at_work: Any,
    closed: Any,
) -> list[Event]:
    """Brought together after a day, once more when the last has come; `members` are (filed, key) in their order."""
    first = members[0][0]
    early = at_work(chance, first + timedelta(hours=chance.uniform(20, 30)), closed)
    late = at_work(chance, max(members[-1][0], early) + timedelta(hours=chance.uniform(1, 5)), closed)
    named = data.steps["together"]["title"].format(about=matter.about["ru"], village=data.areas[place.area].ru)
    title = words.capitalised(named)
    told: list[Event] = []
    joined = 1
    for moment in (early, late):
        here = [key for filed, key in members if filed < moment - timedelta(minutes=30)]
        if len(here) > joined:
            told.append(Joined(moment, members[0][1], tuple(here[joined:]), operator, title))
            joined = len(here)
    if joint is not None:
        days = (joint.moment.date(), joint.moment.date() + timedelta(days=chance.randint(10, 40)))
        texts: dict[str, str] = {
            language: _text(data, chance, language, matter, place, joint, first, days) for language in LANGUAGES
        }
        keys = tuple(key for _filed, key in members)
        told.append(AnsweredTogether(joint.moment, members[0][1], keys, joint.officer.email, joint.outcome, texts))
    return told


def _text(
    data: DemoData,
    chance: Random,
    language: Language,
    matter: Matter,
    place: Place,
    joint: Joint,
    first: datetime,
    days: tuple[date, date],
) -> str:
    nobody = Writer(Contact("", "", ""), "", language, "", "", "")
    text = words.answer_text(
        data, chance, matter=matter, writer=nobody, place=place, officer=joint.officer, office=joint.office,
        passed_to=joint.office, outcome=joint.outcome, formal=False, filed_on=first.date(),
        answered_on=joint.moment.date(), days=days,
    )  # fmt: skip
    return f"{text}\n\n{data.steps['together'][language]}"

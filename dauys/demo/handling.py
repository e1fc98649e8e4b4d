"""What happens to one appeal after it is filed: triage, assignment, thread, answer, the citizen's verdict."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator
from datetime import date, datetime, timedelta
from functools import cache
from random import Random

from dauys.demo import steps, words
from dauys.demo.events import (
    Answered,
    Assigned,
    CitizenWrote,
    Event,
    Filed,
    OfficerWrote,
    Outcome,
    Remarked,
    TopicCorrected,
    Verdict,
)
from dauys.demo.reading import DemoData, DemoOffice, DemoPerson, Matter
from dauys.demo.together import Joint
from dauys.demo.words import Place, Writer, pick

OPENS, CLOSES = 9, 18
# Calendar days till an answer: the median, by urgency.
# Fifteen working days are at least twenty-one of these.
USUAL_DAYS = {"critical": 1.2, "high": 4.5, "normal": 8.5, "low": 11.0}
LAST_DAY_IN_TIME = 19
LATE_DAYS = (23, 58)
FORGOTTEN_DAYS = (60, 160)
OUTCOMES: tuple[tuple[Outcome, float], ...] = (
    ("satisfied", 62), ("partly", 14), ("explained", 15), ("refused", 4), ("redirected", 5),
)  # fmt: skip
SOLVED = {"satisfied": 0.8, "partly": 0.45, "explained": 0.42, "refused": 0.16, "redirected": 0.24}
SOLVED_BY_FORMAL = 0.1
PARTLY = {"satisfied": 0.35, "partly": 0.6, "explained": 0.15, "refused": 0.05, "redirected": 0.1}
"""Of those who do not say "solved", how many say "in part", by what the office says of it."""
LEFT_AT_THAT = 0.35
VERDICT_SHARE, FORGOTTEN = 0.3, 0.012
_RATINGS = {
    "solved": [(5, 50), (4, 34), (3, 16)],
    "partly": [(4, 14), (3, 56), (2, 30)],
    "unsolved": [(1, 52), (2, 32), (3, 16)],
}
FRESH = timedelta(days=24)
ANSWERS_A_QUESTION = 0.8
ANSWERS = 4
"""After so many answers people no longer say "not solved": they write anew, or give up."""


class Staff:
    """Who acts for a place and a topic, by competence: the nearest area, then the narrowest topic."""

    def __init__(self, data: DemoData, closed: frozenset[date], cut: datetime) -> None:
        """`closed`: holidays. `cut`: the present moment; what was filed shortly before it is fresh."""
        self.data, self.closed, self.fresh_from, self.today = data, closed, cut - FRESH, cut.date()
        self.officers: dict[str, list[DemoPerson]] = defaultdict(list)
        self.operators: dict[str, list[DemoPerson]] = defaultdict(list)
        self.heads: dict[str, list[DemoPerson]] = defaultdict(list)
        for person in data.people:
            for office, role in person.roles:
                if role == "officer":
                    self.officers[office].append(person)
                elif role == "operator":
                    self.operators[office].append(person)
                elif role == "head":
                    self.heads[office].append(person)
        self.branch_of = {
            office.area: office.code for office in data.offices.values() if office.kind == "branch" and office.parent
        }
        self.top = next(office.code for office in data.offices.values() if office.kind == "branch")
        self.intake = cache(self._intake)
        self.acting = cache(self._acting)

    def higher(self, office: str, answered: Collection[str]) -> tuple[DemoOffice, DemoPerson] | None:
        """Whom a twice disputed appeal goes to: the nearest head, this office or above, who has not answered it."""
        while office in self.data.offices:
            for head in self.heads[office]:
                if head.email not in answered:
                    return self.data.offices[office], head
            office = self.data.offices[office].parent
        return None

    def head_of(self, office: str) -> str:
        """E-mail of the nearest head, at this office or above."""
        found = self.higher(office, ())
        return found[1].email if found else ""

    def _acting(self, unit: str, topic: str) -> tuple[DemoOffice, ...]:
        """Offices that act, best first; only those with an officer of their own."""
        region = self.data.areas[unit].parent
        ranked: list[tuple[tuple[int, int, int], DemoOffice]] = []
        for order, office in enumerate(self.data.offices.values()):
            if not self.officers[office.code]:
                continue
            for competence in office.competences:
                near = 2 if unit in competence.areas else 1 if region in competence.areas else 0
                fits = [part for part in competence.topics or ("",) if topic == part or topic.startswith(part + ".")]
                if competence.role == "acts" and near and fits:
                    ranked.append(((-near, -max(len(part) for part in fits), -order), office))
        ranked.sort(key=lambda pair: pair[0])
        return tuple({office.code: office for _, office in ranked}.values())

    def _intake(self, unit: str) -> tuple[str, str]:
        """The branch that writes a visitor or a call down, and its person."""
        code = self.branch_of.get(unit, self.top)
        people = self.operators[code] or self.officers[code]
        return (code, people[0].email) if people else (self.top, self.operators[self.top][0].email)


def at_work(chance: Random, moment: datetime, closed: frozenset[date]) -> datetime:
    """The same moment if an office is open then, else somewhere in the next open hours."""
    while (rests := moment.weekday() >= 5 or moment.date() in closed) or not OPENS <= moment.hour < CLOSES:
        if not rests and moment.hour < OPENS:
            moment = moment.replace(hour=OPENS, minute=0, second=0)
        else:
            moment = (moment + timedelta(days=1)).replace(hour=OPENS, minute=0, second=0)
        moment += timedelta(minutes=chance.randint(2, 170), seconds=chance.randrange(60))
    return moment


def handle(
    data: DemoData,
    chance: Random,
    filed: Filed,
    matter: Matter,
    place: Place,
    writer: Writer,
    staff: Staff,
    joint: Joint | None = None,
) -> Iterator[Event]:
    """Everything after Filed, in order. The caller cuts what lies in the future, and tells the `joint` answer."""
    unit, key, language = data.unit_of(place.area), filed.key, writer.language
    said, reply = data.voice["officer"][language], data.voice["reply"][language]
    slots = {"house": str(place.house)}
    on_street = words.is_on_street(data, matter.topic)
    remarks = said["remark"] + (said["remark_street"] if on_street else [])

    def line(pool: list[str], on: datetime) -> str:
        days = words.day_slots(data.voice, language, on.date(), on.date() + timedelta(days=chance.randint(2, 9)))
        return words.fill(chance.choice(pool), language, slots | days, chance)

    closed = staff.closed
    triaged = at_work(chance, filed.moment + timedelta(minutes=chance.randint(4, 260)), closed)
    if chance.random() < 0.13:
        yield TopicCorrected(triaged, key, staff.operators[staff.top][0].email, matter.topic)

    offices = staff.acting(unit, matter.topic)
    office = offices[0] if offices else data.offices[staff.top]
    elsewhere = offices[1] if len(offices) > 1 else office
    if (
        not filed.empty
        and matter.topic != "government.conduct"
        and chance.random() < 0.11
        and staff.officers[staff.branch_of[unit]]
    ):
        office = data.offices[staff.branch_of[unit]]  # the branch takes it up itself
    officer = _officer(chance, staff, office)
    assigned = triaged + timedelta(minutes=chance.randint(1, 90))
    if joint:
        office, officer = joint.office, joint.officer
    elif elsewhere.code != office.code and chance.random() < 0.06:
        wrong = _officer(chance, staff, elsewhere)
        yield Assigned(assigned, key, elsewhere.code, wrong.email)
        noted = at_work(chance, assigned + timedelta(hours=chance.randint(2, 40)), closed)
        yield Remarked(noted, key, wrong.email, chance.choice(said["assign_remark"]))
        assigned = noted + timedelta(minutes=chance.randint(1, 5))
    yield Assigned(assigned, key, office.code, officer.email)

    thanks = matter.topic == "government.thanks"
    late = chance.random() < 0.135 * (1.28 - officer.diligence) and not thanks
    forgotten = not late and chance.random() < FORGOTTEN and not thanks
    days = USUAL_DAYS[matter.urgency] * chance.lognormvariate(0, 0.55) * (1.35 - 0.45 * officer.diligence)
    if late or forgotten:
        days = chance.uniform(*(LATE_DAYS if late else FORGOTTEN_DAYS))
    else:
        days = min(max(days, 0.15), LAST_DAY_IN_TIME - chance.random() * 4)
    answered = at_work(chance, max(filed.moment + timedelta(days=days), assigned + timedelta(minutes=25)), closed)
    reachable = filed.applicant is not None or filed.channel in ("web", "telegram")
    speech = steps.Speech(data, Random(f"{key}:steps:{chance.random()}"), language, place.house)
    case = steps.Case(
        filed=filed, officer=officer.email, head=staff.head_of(office.code), is_under_law=office.policy != "internal",
        is_fresh=filed.moment >= staff.fresh_from, is_late=late, reachable=reachable, assigned=assigned,
        is_recent=(staff.today - filed.moment.date()).days < data.steps["empty"]["within"],
        is_pressing=matter.urgency in ("high", "critical"), answered=answered,
    )  # fmt: skip
    if joint:
        answered = joint.moment
    else:
        taken, ends = steps.before(case, speech, closed, at_work)
        yield from taken
        if ends is None:
            return
        answered = ends
    gap = max((answered - assigned).total_seconds(), 1)
    beside = [
        assigned + timedelta(seconds=gap * share) for share in sorted(chance.uniform(0.05, 0.95) for _ in range(4))
    ]
    if chance.random() < 0.13:
        yield Remarked(
            at_most(at_work(chance, beside[0], closed), answered, 4),
            key,
            officer.email,
            chance.choice(remarks),
        )
    if gap > 100_000 and chance.random() < 0.17:
        asked = at_most(at_work(chance, beside[1], closed), answered, 3)
        text = line(said["progress_street" if on_street else "progress"], asked)
        answer_by = steps.workday(asked.date() + timedelta(days=chance.randint(2, 6)), closed) if "?" in text else None
        yield OfficerWrote(asked, key, officer.email, text, answer_by)
        if reachable and answer_by and chance.random() < ANSWERS_A_QUESTION:
            told = at_most(asked + timedelta(hours=chance.uniform(0.3, 20)), answered, 2)
            yield CitizenWrote(told, key, line(reply["answer_question" if on_street else "answer_papers"], told))
    if reachable and days > 9 and chance.random() < (0.5 if late or forgotten else 0.16):
        wrote = at_most(beside[3], answered, 1)
        yield CitizenWrote(wrote, key, line(reply["reminder"], wrote))

    yield from _answers(
        data, chance, case, speech, matter, place, writer, staff, officer, office, elsewhere, answered, joint
    )


def at_most(moment: datetime, answered: datetime, minutes: int) -> datetime:
    """Keeps the thread before its answer."""
    return min(moment, answered - timedelta(minutes=minutes))


def _answers(
    data: DemoData,
    chance: Random,
    case: steps.Case,
    speech: steps.Speech,
    matter: Matter,
    place: Place,
    writer: Writer,
    staff: Staff,
    officer: DemoPerson,
    office: DemoOffice,
    elsewhere: DemoOffice,
    answered: datetime,
    joint: Joint | None,
) -> Iterator[Event]:
    """The answer, the verdict and, where it says "not solved" or "in part", further answers, from the second dispute on
    by somebody higher. The first may be one that many get together.
    """
    filed, reachable, since = case.filed, case.reachable, case.assigned
    reply = data.voice["reply"][writer.language]
    spoken_by: set[str] = set()
    thanks = matter.topic == "government.thanks"
    for attempt in range(ANSWERS):
        outcome: Outcome = "satisfied" if thanks else pick(chance, OUTCOMES)
        is_pressing = matter.urgency in ("high", "critical")
        may_refuse = matter.why or (matter.topic.split(".")[0] in data.voice["refusable"]["groups"] and not is_pressing)
        if outcome == "refused" and not may_refuse:
            outcome = "explained"
        if outcome == "explained" and is_pressing and not matter.why:  # nobody is told that a torn wire must wait
            outcome = "partly"
        if outcome == "redirected" and (elsewhere.code == office.code or attempt):
            outcome = "explained"
        careless = (1.0 - officer.diligence) * (0.75, 0.35, 0.0, 0.0)[attempt]
        formal = not thanks and chance.random() < careless
        given = attempt == 0 and joint is not None
        if given and joint:
            outcome, formal = joint.outcome, False
        must_hear = outcome == "refused" and not formal and case.is_under_law
        must_hear = must_hear and filed.kind in ("application", "complaint")
        if must_hear:
            # Nobody drafts a refusal on the day a letter comes.
            earliest = max(since + timedelta(hours=2), filed.moment + timedelta(days=1))
            announced = at_work(chance, max(earliest, answered - timedelta(days=11)), staff.closed)
            answered = at_work(chance, max(answered, announced + steps.HEARD_WITHIN), staff.closed)
        text = words.answer_text(
            data,
            chance,
            matter=matter,
            writer=writer if filed.applicant else Writer(writer.contact, "", writer.language, "", "", ""),
            place=place,
            officer=officer,
            office=office,
            passed_to=elsewhere,
            outcome=outcome,
            formal=formal,
            filed_on=filed.moment.date(),
            answered_on=answered.date(),
        )
        if must_hear:
            yield from steps.hearing(case, speech, staff.closed, at_work, draft=text, since=announced, by=officer.email)
        if not given:
            yield Answered(answered, filed.key, officer.email, text, "explained" if formal else outcome, formal)
        spoken_by.add(officer.email)
        if not reachable or chance.random() > VERDICT_SHARE + (0.12 if filed.applicant else 0):
            return
        solved = chance.random() < (SOLVED_BY_FORMAL if formal else SOLVED[outcome] + 0.04 * attempt)
        if attempt + 1 == ANSWERS and not solved:
            return
        partly = not solved and not formal and chance.random() < PARTLY[outcome]
        rests = partly and chance.random() < LEFT_AT_THAT
        judged = answered + timedelta(hours=chance.expovariate(1 / 40) + 0.4)
        rating = None
        if chance.random() < 0.62:
            rating = pick(chance, _RATINGS["solved" if solved else "partly" if partly else "unsolved"])
        done = not formal and outcome in ("satisfied", "partly")
        spoken = (
            reply["partly"] if partly else _verdict_words(data, writer.language, matter.topic, solved=solved, done=done)
        )
        said = chance.choice(spoken) if chance.random() < 0.72 else ""
        yield Verdict(judged, filed.key, solved, rating, said, partly, rests)
        if solved:
            if done and chance.random() < 0.14:
                yield CitizenWrote(judged + timedelta(minutes=3), filed.key, chance.choice(reply["thanks"]))
            return
        if rests:
            return
        if attempt:
            above = staff.higher(office.code, spoken_by)
            if above is None:
                return
            office, officer = above
        since = judged
        answered = at_work(chance, judged + timedelta(days=chance.uniform(1, 13)), staff.closed)


def _verdict_words(data: DemoData, language: str, topic: str, *, solved: bool, done: bool) -> list[str]:
    """What people say with a verdict, with the words that fit this topic alone said more often.

    Where nothing was `done` and the citizen is content all the same, an explanation was enough.
    """
    said, reply = data.voice["verdict"], data.voice["reply"][language]
    if solved and not done:
        return list(reply["understood"])
    name = "solved" if solved else "unsolved"
    own = said[name].get(language, {}).get(topic)
    street = reply["unsolved_street"] if not solved and words.is_on_street(data, topic) else []
    return [*reply[name], *street, *([own] * 3 if own else [])]


def _officer(chance: Random, staff: Staff, office: DemoOffice) -> DemoPerson:
    return chance.choice(staff.officers[office.code] or staff.officers[staff.top])

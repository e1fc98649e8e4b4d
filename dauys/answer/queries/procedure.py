"""What procedure has done to an appeal and may still do: for the officer's card, the citizen's page, the desk."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from django.db.models import Q

from dauys.answer import complaint, promises, words
from dauys.answer.actions import failures
from dauys.answer.actions.procedure import defects, extending, hearing, passing_up, returning
from dauys.answer.actions.procedure.ground import Case, may_decide, stands
from dauys.answer.actions.procedure.handing_over import held
from dauys.answer.actions.procedure.lapsing import has_lapsed
from dauys.answer.actions.waiting import LASTING
from dauys.answer.models import Handling, Promise, Ruling, State
from dauys.answer.words import rulings as said
from dauys.engines.policy import Verb
from dauys.institution import rights
from dauys.institution.models import User
from dauys.institution.queries import House, house

APPEALABLE = (Ruling.Kind.RETURNED, Ruling.Kind.TERMINATED, Ruling.Kind.ATTACHED, Ruling.Kind.LAPSED)


@dataclass(frozen=True, slots=True)
class RulingLine:
    """One ruling in words. `waits` while it is open; `told_by` only where the notice has not stood in time."""

    kind: str
    said: str
    words: str
    ground: str
    article: str
    by: str
    on: date
    until_on: date | None
    waits: bool
    notice_by: date | None
    told_at: datetime | None


@dataclass(frozen=True, slots=True)
class Step:
    """One step of procedure as the card offers it. `why_not`: what stands in its way; empty where it may be taken."""

    name: str
    title: object
    hint: object
    button: object
    why_not: str = ""
    grounds: Sequence[tuple[str, str]] = ()
    first_on: date | None = None
    last_on: date | None = None
    offices: Sequence[tuple[int, str]] = ()
    dangerous: bool = False
    repeats: bool = False


@dataclass(frozen=True, slots=True)
class Procedure:
    """The card. `possible` may be taken now; `barred` are known to the rule, and something stands in their way;
    `unknown` the rule does not know.
    """

    rulings: Sequence[RulingLine]
    possible: Sequence[Step]
    barred: Sequence[Step]
    unknown: Sequence[Step]
    registered_on: date
    received_at: datetime
    after_hours: bool
    pass_up_by: date | None
    hearing: str
    """What stands between this appeal and a refusal; empty where nothing does, or nobody need be heard."""
    lapsed_on: date | None
    paused_on: date | None

    def step(self, name: str) -> Step | None:
        return next((one for one in (*self.possible, *self.barred, *self.unknown) if one.name == name), None)


def procedure_of(user: User, row: Handling, *, now: datetime, has_rulings: bool = True) -> Procedure:
    """The card of one appeal (its row with `appeal`); at most three statements, whatever happened to it.

    `has_rulings`: what the caller knows already, so that it need not be asked.
    """
    place = house()
    today = place.today(now)
    case = stands(row, on=today, now=now)
    if not has_rulings:
        case.__dict__["rulings"] = []
    steps = [] if row.state == State.UNROUTED or not row.is_open else _steps(user, case)
    received_on = row.appeal.received_at.astimezone(place.zone).date()
    obstacle = hearing.blocked(case) if steps else None
    return Procedure(
        rulings=_lines(case.rulings, case.made, for_citizen=False),
        possible=[one for one in steps if not one.why_not],
        barred=[one for one in steps if one.why_not and one.why_not != _unknown()],
        unknown=[one for one in steps if one.why_not == _unknown()],
        registered_on=row.appeal.registered_on,
        received_at=row.appeal.received_at,
        after_hours=row.appeal.registered_on > received_on,
        pass_up_by=passing_up.pass_up_by(case) if steps and _own_complaint(case) else None,
        hearing=said.failure(obstacle) if obstacle else "",
        lapsed_on=row.lapsed_on if has_lapsed(row) else None,
        paused_on=row.paused_on,
    )


def _unknown() -> str:
    return said.failure(failures.NotByRule(""))


def _own_complaint(case: Case) -> bool:
    """A complaint that has not gone up yet, as far as can be told: it names no office, or one of those it lies with."""
    about = case.row.appeal.about_office_id
    return about is None or any(one in case.place.below.get(about, ()) for one in case.offices)


def _steps(user: User, case: Case) -> list[Step]:
    offered = {
        "extend": _extend, "pause": _pause, "resume": _resume, "mend": _mend, "mended": _mended, "return": _return,
        "attach": _attach, "hear": _hear, "hold": _hold, "waive": _waive, "pass_up": _pass_up, "terminate": _terminate,
    }  # fmt: skip
    found = []
    for name, told in said.STEPS.items():
        right = "answer." + _RIGHT.get(name, name)
        if not rights.may(user, right, case.offices):
            continue
        one = offered[name](Step(name, told.title, told.hint, told.button), user, case)
        if one is not None:
            found.append(one)
    return found


_RIGHT = {"mended": "mend", "attach": "return", "hold": "hear", "waive": "hear", "resume": "pause"}


def _grounds(case: Case, verb: Verb) -> list[tuple[str, str]]:
    grounds = case.policy.grounds_for(verb, case.kind) if case.policy else ()
    return [(one.code, one.name_in(words.language())) for one in grounds]


def _not_this_role(user: User, case: Case, roles: tuple[str, ...]) -> str:
    if may_decide(user, roles, case.offices):
        return ""
    named = said.roles(roles or ("officer", "head"))
    return said.decided_by(named)


def _extend(base: Step, user: User, case: Case) -> Step:
    extension = case.policy.extension if case.policy else None
    if extension is None or case.policy is None:
        return replace(base, why_not=_unknown())
    due = case.row.due_on
    latest = extending.latest_day(case.place, case.policy, decided_on=case.on, due_on=due or case.on)
    why = _not_this_role(user, case, extension.by_roles)
    if not why and case.row.paused_on is not None:
        why = said.failure(failures.Paused())
    elif not why and (due is None or due < case.on):
        why = said.failure(failures.TermOver(due))
    elif not why and extending.extensions(case) >= extension.max_times:
        why = said.failure(failures.AlreadyExtended(extension.max_times))
    elif not why and latest is not None and due is not None and latest <= due:
        why = said.failure(failures.NotThatDay(due + timedelta(days=1), latest))
    return replace(
        base,
        why_not=why,
        grounds=_grounds(case, "extend"),
        first_on=due + timedelta(days=1) if due else None,
        last_on=latest,
    )


def _pause(base: Step, user: User, case: Case) -> Step | None:
    if case.row.paused_on is not None:
        return None
    suspension = case.policy.suspension if case.policy else None
    if suspension is None:
        return replace(base, why_not=_unknown())
    due = case.row.due_on
    why = _not_this_role(user, case, suspension.by_roles)
    if not why and (due is None or due < case.on):
        why = said.failure(failures.TermOver(due))
    return replace(base, why_not=why, grounds=_grounds(case, "suspend"))


def _resume(base: Step, _user: User, case: Case) -> Step | None:
    return base if case.row.paused_on is not None else None


def _mend(base: Step, _user: User, case: Case) -> Step:
    if defects.returnable_for_defects(case) is None:
        return replace(base, why_not=_unknown())
    due = case.row.due_on
    why = said.failure(failures.TermOver(due)) if due is None or due <= case.on else ""
    return replace(base, why_not=why, first_on=case.on + timedelta(days=1), last_on=due)


def _mended(base: Step, _user: User, case: Case) -> Step | None:
    return base if defects.asked(case) is not None else None


def _return(base: Step, user: User, case: Case) -> Step:
    grounds = case.policy.grounds_for("return", case.kind) if case.policy and case.policy.returning else ()
    if not grounds:
        return replace(base, why_not=_unknown())
    why = _not_this_role(user, case, ())
    ready, last = [], None
    for one in grounds:
        until = returning.return_by(case, one)
        if until is not None and until >= case.on:
            ready.append((one.code, one.name_in(words.language())))
            last = max(until, last or until)
        elif not why and until is not None:
            why_late = said.failure(failures.TooLate(until))
        elif not why:
            why_late = said.failure(failures.NotMendedYet())
    if not why and not ready:
        why = why_late
    return replace(base, why_not=why, grounds=ready, last_on=last, dangerous=_danger(case), repeats=True)


def _attach(base: Step, user: User, case: Case) -> Step:
    if not _grounds(case, "attach"):
        return replace(base, why_not=_unknown())
    return replace(base, why_not=_not_this_role(user, case, ()), dangerous=_danger(case), repeats=True)


def _hear(base: Step, _user: User, case: Case) -> Step:
    rule = hearing.demanded(case.policy, case.kind)
    if rule is None:
        return replace(base, why_not=_unknown())
    last = hearing.latest(case)
    why = said.failure(failures.AlreadyOffered()) if last is not None and last.ended_at is None else ""
    first = hearing.objections_until(case, rule, case.on)
    return replace(base, why_not=why, first_on=first, last_on=max(first, case.row.due_on or first))


def _hold(base: Step, _user: User, case: Case) -> Step | None:
    if hearing.demanded(case.policy, case.kind) is None:
        return None
    last = hearing.latest(case)
    return base if last is not None and last.ended_at is None else None


def _waive(base: Step, _user: User, case: Case) -> Step | None:
    if hearing.demanded(case.policy, case.kind) is None:
        return None
    grounds = _grounds(case, "unheard")
    return replace(base, grounds=grounds) if grounds else None


def _pass_up(base: Step, _user: User, case: Case) -> Step | None:
    if case.kind != "complaint":
        return None
    if case.policy is None or case.policy.passing_up is None:
        return replace(base, why_not=_unknown())
    offices = [
        (office.id, str(office.name))
        for office in case.place.offices.values()
        if any(one in case.place.below[office.id] for one in case.offices)
    ]
    return replace(base, offices=offices, last_on=passing_up.pass_up_by(case))


def _terminate(base: Step, user: User, case: Case) -> Step:
    terminating = case.policy.terminating if case.policy else None
    grounds = case.policy.grounds_for("terminate", case.kind) if case.policy and terminating else ()
    if not grounds or terminating is None:
        return replace(base, why_not=_unknown())
    mine = [one for one in grounds if may_decide(user, one.by_roles or terminating.by_roles, case.offices)]
    ready = [one for one in mine if not one.after_defects or returning.return_by(case, one) is not None]
    why = "" if ready else _not_this_role(user, case, grounds[0].by_roles or terminating.by_roles)
    named = [(one.code, one.name_in(words.language())) for one in ready]
    return replace(base, why_not=why, grounds=named, dangerous=_danger(case), repeats=True)


def _danger(case: Case) -> bool:
    return case.row.urgency == "danger"


def _lines(rulings: Iterable[Ruling], promised: Iterable[Promise], *, for_citizen: bool) -> list[RulingLine]:
    made = [(one.made_at, one.policy) for one in promised]
    lines = []
    for one in rulings:
        # The rule that held when it was decided: the appeal may have gone to another body since.
        then = [policy for at, policy in made if at <= one.made_at] or [policy for _at, policy in made[:1]]
        policy = promises.rule_by_id(then[-1]) if then else None
        lines.append(
            RulingLine(
                one.kind, said.said(one, for_citizen=for_citizen), one.words, said.ground(policy, one),
                said.article(policy, one), _by(one), one.decided_on, one.until_on,
                one.ended_at is None,
                one.notice_by, one.told_at,
            )
        )  # fmt: skip
    return lines


def _by(ruling: Ruling) -> str:
    own = ruling.kind == Ruling.Kind.HEARING and ruling.ground == Ruling.ALOUD
    return str(ruling.officer) if ruling.officer and not own else ""


@dataclass(frozen=True, slots=True)
class CitizenRulings:
    """What the citizen is told and may do. `complain`: the way of a complaint; `about`: the office it is about."""

    rulings: Sequence[RulingLine] = ()
    may_mend: bool = False
    may_object: bool = False
    may_withdraw: bool = False
    lapsed_on: date | None = None
    paused_on: date | None = None
    complain: str = ""
    about: str = ""


def rulings_for_citizen(row: Handling | None) -> CitizenRulings:
    """Two statements; the caller has checked that this reader may see the appeal."""
    if row is None:
        return CitizenRulings()
    place = house()
    lines = _lines(
        Ruling.objects.filter(appeal_id=row.appeal_id).select_related("officer").order_by("id"),
        Promise.objects.filter(appeal_id=row.appeal_id).order_by("id"),
        for_citizen=True,
    )
    open_kinds = {one.kind for one in lines if one.waits and one.until_on is not None} if row.is_open else set()
    lapsed = has_lapsed(row)
    appealable = lapsed or any(one.kind in APPEALABLE for one in lines)
    office = place.offices.get(row.clock_id or 0)
    return CitizenRulings(
        # What the notice above the list says in full is not said twice.
        rulings=[one for one in lines if not (lapsed and one.kind == Ruling.Kind.LAPSED)],
        may_mend=Ruling.Kind.DEFECTS in open_kinds,
        may_object=Ruling.Kind.HEARING in open_kinds,
        may_withdraw=row.is_open and (row.clock_id is not None or row.due_on is not None),
        lapsed_on=row.lapsed_on if lapsed else None,
        paused_on=row.paused_on,
        complain=_complain(place, row) if appealable else "",
        about=office.code if office else "",
    )


def _complain(place: House, row: Handling) -> str:
    office = place.offices.get(row.clock_id or 0)
    policy = promises.rule(office, row.appeal.kind, row.appeal.registered_on)
    return said.complain_to(complaint.above(place, row.clock_id, words.language()), policy)


@dataclass(frozen=True, slots=True)
class WaitingLine:
    """One thing that waits for a day: of which appeal, until when, in words."""

    number: str
    office: str
    kind: str
    said: str
    until_on: date | None


WAITING_MOST = 200


def waiting(user: User) -> list[WaitingLine]:
    """What waits at the offices this person reads, the nearest day first: defects to be mended, hearings, clocks that
    stand still. Of many, the first 200.
    """
    offices = rights.offices_for(user, "hear.read")
    place = house()
    rows = (
        Ruling.objects.filter(ended_at=None, until_on__isnull=False, kind__in=LASTING)
        .filter(Q(appeal__handling__acting__in=offices) | Q(appeal__handling__clock__in=offices))
        .filter(appeal__handling__is_open=True)
        .select_related("appeal__handling", "officer")
        .order_by("until_on", "id")
    )
    lines = []
    for one in rows[:WAITING_MOST]:
        office = place.offices.get(one.appeal.handling.acting_id or 0)
        lines.append(
            WaitingLine(
                one.appeal.number, str(office.name) if office else "", one.kind, said.said(one, for_citizen=False),
                one.until_on,
            )
        )  # fmt: skip
    return lines


def held_at(person_id: int, offices: Collection[int]) -> int:
    """How many open appeals on this person's name these offices have."""
    return held(person_id).filter(Q(acting__in=offices) | Q(clock__in=offices)).count()

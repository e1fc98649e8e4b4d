"""What the verbs of procedure share: the case under its rule, who decides by that rule, the ruling and its entry."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from typing import Any

from django.core.exceptions import PermissionDenied

from dauys.answer import promises
from dauys.answer.actions.failures import (
    AlreadyAnswered,
    AlreadyEnded,
    DangerFirst,
    Empty,
    NoGround,
    NotByRule,
    NotThatFile,
    TooLong,
)
from dauys.answer.actions.ground import commit, message_key, routed, words
from dauys.answer.actions.waiting import LASTING, close_lasting
from dauys.answer.models import Draft, Handling, Message, Promise, Ruling, State
from dauys.engines.deadline import Term, deadline
from dauys.engines.policy import Citation, Ground, Policy, Unit, Verb
from dauys.institution import rights
from dauys.institution.models import Role, User
from dauys.institution.queries import House, house
from dauys.ledger import actions as ledger

WORDS_MOST = 4000
"""Letters of a reason: a page of paper and a half."""

BEGINS = ("registered", "routed", "redirected", "reopened")
"""Reasons of promises with which a procedure begins; the others change a term that runs already."""

_STANDS_FOR = {"deputy_head": Role.HEAD, "chief_of_staff": Role.HEAD}
"""Posts the law names and this house does not tell apart from its heads."""


@dataclass(frozen=True)
class Case:
    """One locked appeal, the promise it stands under and the promise its procedure began with; both None where no
    rule covers it.
    """

    row: Handling
    on: date
    now: datetime
    place: House
    promise: Promise | None
    begun: Promise | None
    policy: Policy | None
    made: Sequence[Promise]
    """All its promises, in order."""

    @cached_property
    def rulings(self) -> list[Ruling]:
        """All its rulings so far, in order, looked up once."""
        return list(Ruling.objects.filter(appeal_id=self.row.appeal_id).select_related("officer").order_by("id"))

    def look_again(self) -> None:
        """A ruling was written or ended: what was looked up before is stale."""
        self.__dict__.pop("rulings", None)

    @property
    def offices(self) -> list[int | None]:
        return [self.row.acting_id, self.row.clock_id]

    @property
    def kind(self) -> str:
        return str(self.row.appeal.kind)

    def after(self, day: date, amount: int, unit: Unit) -> date:
        """The last day of a sub-term that runs from this day, which does not count."""
        return after(self.place, day, amount, unit)


def after(place: House, day: date, amount: int, unit: Unit) -> date:
    """The day so much later by this house's calendar; it may be a closed one."""
    return deadline(registered_on=day, term=Term(amount, unit, roll="none"), calendar=place.calendar(day.year)).due_on


def case_of(appeal_id: int, *, now: datetime) -> Case:
    """The appeal, locked, as the verbs of procedure need it. Raises NotRouted, AlreadyAnswered, AlreadyEnded."""
    row, on = routed(appeal_id, now=now)
    require_open(row)
    return stands(row, on=on, now=now)


def require_open(row: Handling) -> None:
    """Raise AlreadyEnded, AlreadyAnswered: nothing is decided about what is over."""
    if row.state == State.ENDED:
        raise AlreadyEnded
    if not row.is_open:
        raise AlreadyAnswered


def stands(row: Handling, *, on: date, now: datetime) -> Case:
    """A locked row as a case."""
    made = list(Promise.objects.filter(appeal_id=row.appeal_id).order_by("id"))
    begun = next((one for one in reversed(made) if one.reason in BEGINS), None)
    last = made[-1] if made else None
    policy = promises.rule_by_id(last.policy) if last else None
    return Case(row, on, now, house(), last, begun, policy, made)


def part(found: Any, step: str) -> Any:
    """A part of the rule, or NotByRule where it knows no such step."""
    if found is None:
        raise NotByRule(step)
    return found


def ground_of(case: Case, verb: Verb, code: str) -> Ground:
    """The ground the officer names, as the rule has it; a rule with a single one needs no naming. Raises NoGround."""
    grounds = case.policy.grounds_for(verb, case.kind) if case.policy else ()
    if not code and len(grounds) == 1:
        return grounds[0]
    for ground in grounds:
        if ground.code == code:
            return ground
    raise NoGround(code)


def may_decide(officer: User, roles: tuple[str, ...], offices: list[int | None]) -> bool:
    """Whether one of these roles of a rule is the officer's, at the appeal's offices or above them.

    Where the rule names nobody, whoever decides the case decides this.
    """
    if not roles:
        return rights.may(officer, "answer.send", offices)
    wanted = {str(_STANDS_FOR.get(role, role)) for role in roles}
    below = house().below
    return any(
        role in wanted and any(one in below.get(office, ()) for one in offices)
        for office, role in rights.appointments(officer)
    )


def require_decider(case: Case, officer: User, verb: str, roles: tuple[str, ...] = ()) -> None:
    """The right, and the rule's own word on who decides. Raises PermissionDenied."""
    rights.require(officer, verb, case.offices)
    if not may_decide(officer, roles, case.offices):
        raise PermissionDenied(verb)


def sent_before(appeal_id: int, text: str, token: str) -> Message | None:
    """What the citizen sent with this very form already. Raises Empty, TooLong."""
    key = message_key(Message.Author.CITIZEN, appeal_id, token, words(text))
    return Message.objects.filter(key=key).first()


def reason(text: str) -> str:
    """Why, as the citizen will read it. Raises Empty, TooLong."""
    said = words(text)
    if len(said) > WORDS_MOST:
        raise TooLong(len(said), WORDS_MOST)
    return said


def reason_or_none(text: str) -> str:
    """The same where nothing need be said."""
    try:
        return reason(text)
    except Empty:
        return ""


def refuse_danger(case: Case, ground: Ground, *, no_danger: bool) -> None:
    """Reports of crimes and threats are passed on at once, never given back. `no_danger`: a person has read it and
    says that it is no such report, against the machine. Raises DangerFirst.
    """
    if ground.not_for_danger and case.row.urgency == "danger" and not no_danger:
        raise DangerFirst


def older_file(case: Case, officer: User, number: str) -> Handling | None:
    """The earlier appeal that this one repeats: known to the officer, received before it, and closed; None for no
    number. Raises NotThatFile.
    """
    if not number.strip():
        return None
    older = Handling.objects.select_related("appeal").filter(appeal__number=number.strip()).first()
    if (
        older is None
        or older.appeal_id >= case.row.appeal_id
        or older.is_open
        or not rights.may(officer, "hear.read", [older.acting_id, older.clock_id])
    ):
        raise NotThatFile(number.strip())
    return older


def again(case: Case, kind: str, officer: User, **same: Any) -> Ruling | None:
    """The ruling that an officer has just made in the same words: a form pressed twice."""
    last = Ruling.objects.filter(appeal_id=case.row.appeal_id, kind=kind).order_by("-id").first()
    if last is None or last.officer_id != officer.id or last.decided_on != case.on:
        return None
    if kind in LASTING and last.ended_at is not None:
        return None
    return last if all(getattr(last, name) == value for name, value in same.items()) else None


def rule(
    case: Case,
    kind: str,
    *,
    verb: str,
    words: str = "",
    ground: Ground | None = None,
    cited: Citation | None = None,
    until_on: date | None = None,
    notice: tuple[int | None, Unit | None] = (None, None),
    officer: User | None = None,
    decided_on: date | None = None,
    public: ledger.Public,
    detail: Mapping[str, Any] | None = None,
    ended: bool = False,
) -> Ruling:
    """Write a ruling and its entry. It stands on the citizen's page with the transaction: that is when they are told.

    The leaf commits to who decided what, why and until when.
    """
    decided = decided_on or case.on
    amount, unit = notice
    article = ""
    if case.policy is not None:
        article = case.policy.cite(ground.cited if ground else cited or Citation(), "en")
    ruling = Ruling.objects.create(
        appeal_id=case.row.appeal_id,
        kind=kind,
        ground=ground.code if ground else "",
        words=words,
        article=article[:120],
        decided_on=decided,
        until_on=until_on,
        notice_by=case.after(decided, amount, unit) if amount is not None and unit is not None else None,
        told_at=case.now,
        officer=officer,
        made_at=case.now,
        ended_at=case.now if ended or kind not in LASTING else None,
    )
    bound = commit(case.row, f"ruling.{ruling.id}", ruling_fields(ruling))
    told = {
        "ruling": ruling.id,
        **({"ground": ruling.ground} if ruling.ground else {}),
        **({"until_on": until_on.isoformat()} if until_on else {}),
        **(detail or {}),
    }
    ledger.append_many(
        [
            ledger.Act(
                verb, case.row.appeal.case, case.now, officer.id if officer else None, told,
                ledger.Public(public.kind, public.due_on, public.code, bound),
            )
        ],
        on=case.on,
    )  # fmt: skip
    case.look_again()
    return ruling


def note(
    case: Case, verb: str, *, officer: User | None = None, public: ledger.Public | None = None, **told: Any
) -> None:
    """An entry about a ruling that stands already."""
    actor = officer.id if officer else None
    ledger.append_many([ledger.Act(verb, case.row.appeal.case, case.now, actor, told, public)], on=case.on)


def ruling_fields(ruling: Ruling) -> dict[str, bytes]:
    """What the leaf of a ruling commits to; salts are named `ruling.<id>.<field>`. Not what may change later."""
    return {
        "kind": str(ruling.kind).encode(),
        "ground": ruling.ground.encode(),
        "words": ruling.words.encode(),
        "day": ruling.decided_on.isoformat().encode(),
        "until": (ruling.until_on.isoformat() if ruling.until_on else "").encode(),
        "official": str(ruling.officer_id or "").encode(),
        "moment": ruling.made_at.astimezone(UTC).isoformat(timespec="microseconds").encode(),
    }


def end(case: Case) -> None:
    """The procedure is over without an answer: nothing waits any more."""
    close_lasting(case.row.appeal_id, case.now)
    case.look_again()
    row = case.row
    row.state, row.is_open, row.unread, row.paused_on = State.ENDED, False, False, None
    if row.clock_id is None and case.promise is not None:
        row.clock_id = case.promise.office_id  # nobody had it yet; the body that owed the answer is known
    row.save(update_fields=["state", "is_open", "unread", "paused_on", "clock"])
    Draft.objects.filter(appeal_id=row.appeal_id).delete()


def code(*parts: str) -> str:
    """A code for the public ledger: at most 32 of a-z, 0-9, dot, underscore and hyphen."""
    return ".".join(part for part in parts if part)[:32].rstrip(".")


NEXT_DAY = timedelta(days=1)

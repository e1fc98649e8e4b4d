"""A promise explained day by day: counted anew from its rule and today's calendar, or as a decision set it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from dauys.answer import promises, words
from dauys.answer.models import Promise
from dauys.engines.deadline import Deadline, Step, Term, deadline, working_days_between
from dauys.engines.policy import Policy
from dauys.institution.queries import House, house


@dataclass(frozen=True, slots=True)
class Day:
    """One square of the calendar: `look` is pad, work, off or due; `number` the count so far, 0 where nothing
    counts.
    """

    on: date | None
    look: str
    number: int
    words: str


@dataclass(frozen=True, slots=True)
class Explained:
    """How a date was reached. `stands` is False where the calendar has changed since the promise was made."""

    policy: Policy
    term: str
    starts_on: date
    due_on: date
    counted_to: date
    stands: bool
    is_provisional: bool
    reason: str
    from_receipt: bool
    days: Sequence[Day]
    recounted: bool = False
    """The day is another one than was first told: the calendar or a rule has changed since."""

    @property
    def article(self) -> str:
        """Where the term is laid down, as the reader's language cites it."""
        language = words.language()
        part = {"extended": self.policy.extension, "resumed": self.policy.suspension}.get(self.reason)
        return self.policy.cite(part.cited, language) if part else self.policy.article_in(language)

    @property
    def calculator(self) -> str:
        """What the public calculator is asked to count the same; empty where a decision set the day."""
        if self.reason in Promise.BY_RULING:
            return ""
        return urlencode({"rule": self.policy.id, "registered": self.starts_on.isoformat()})


def promise_explained(
    *,
    policy_id: str,
    registered_on: date,
    due_on: date,
    reason: str,
    received_on: date | None = None,
    recounted: bool = False,
) -> Explained | None:
    """Every day from the start of the term to its end; None where the rule's file is no longer there.

    `reason` of a recounted promise is that of the promise it counts anew.
    """
    policy = promises.rule_by_id(policy_id)
    if policy is None:
        return None
    place = house()
    starts_on = promises.start(policy, registered_on, received_on)
    counted = (
        _as_decided(place, policy, registered_on, due_on, reason)
        if reason in Promise.BY_RULING
        else promises.count(place, policy, starts_on)
    )
    from_receipt = policy.count_from == "receipt" and received_on is not None and reason not in Promise.BY_RULING
    counted_to = max(counted.due_on, registered_on)
    return Explained(
        policy=policy,
        term=words.term(policy),
        starts_on=starts_on,
        due_on=due_on,
        counted_to=counted_to,
        stands=counted_to == due_on,
        is_provisional=counted.is_provisional,
        reason=reason,
        from_receipt=from_receipt,
        days=squares(counted.steps, country=place.institution.country, from_receipt=from_receipt, reason=reason),
        recounted=recounted,
    )


def _as_decided(place: House, policy: Policy, decided_on: date, due_on: date, reason: str) -> Deadline:
    """The days to one that a decision set: nothing is counted but, after a pause, the working days that were left."""
    calendar = place.calendar(decided_on.year)
    left = working_days_between(decided_on, due_on, calendar)
    if reason == "resumed" and policy.unit == "wd" and left > 0:
        return deadline(registered_on=decided_on, term=Term(left, "wd", roll=policy.roll), calendar=calendar)
    span = max((due_on - decided_on).days, 1)
    return deadline(registered_on=decided_on, term=Term(span, "cd", roll=policy.roll), calendar=calendar)


def squares(steps: Sequence[Step], *, country: str, from_receipt: bool = False, reason: str = "") -> list[Day]:
    """The days of a count as they stand on a wall calendar, Monday first."""
    days = [Day(None, "pad", 0, "") for _ in range(steps[0].date.weekday())]
    for step in steps:
        look = "work" if step.counts or step.why == "registration" else "off"
        if step is steps[-1]:
            look = "due"
        said = words.step(step, country=country, from_receipt=from_receipt, reason=reason)
        days.append(Day(step.date, look, step.number if step.counts and reason != "extended" else 0, said))
    return days

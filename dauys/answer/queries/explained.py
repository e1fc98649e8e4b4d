"""A promise explained day by day, counted anew from its rule and today's calendar."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import get_language

from dauys.answer import promises, words
from dauys.engines.policy import Policy
from dauys.institution.queries import house


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

    @property
    def article(self) -> str:
        """Where the term is laid down, as the reader's language cites it."""
        return self.policy.article_in((get_language() or "")[:2])


def promise_explained(
    *, policy_id: str, registered_on: date, due_on: date, reason: str, received_on: date | None = None
) -> Explained | None:
    """Every day from the start of the term to its end; None where the rule's file is no longer there."""
    policy = promises.rule_by_id(policy_id)
    if policy is None:
        return None
    place = house()
    starts_on = promises.start(policy, registered_on, received_on)
    counted = promises.count(place, policy, starts_on)
    country = place.institution.country
    from_receipt = policy.count_from == "receipt" and received_on is not None
    squares = [Day(None, "pad", 0, "") for _ in range(starts_on.weekday())]
    for step in counted.steps:
        look = "due" if step.date == counted.due_on else "work" if step.counts or step.why == "registration" else "off"
        said = words.step(step, country=country, from_receipt=from_receipt)
        squares.append(Day(step.date, look, step.number if step.counts else 0, said))
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
        days=squares,
    )

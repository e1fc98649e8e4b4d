"""What is owed and by when: the office's rule, the calendar, and the day it leads to. No table is touched."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from dauys.answer import policies
from dauys.engines.deadline import Deadline, deadline, registration_day
from dauys.engines.policy import NoPolicy, Policy, pick
from dauys.institution.queries import Bureau, House

OWN_RULE = "internal"
"""The family that speaks where no law's rule covers a kind or a day: the institution's own word."""

LOCAL = "local"
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Owed:
    """A rule and the day it leads to. `starts_on` is the day after which the term runs."""

    policy: Policy
    starts_on: date
    due_on: date


class Counter:
    """Counts due days for one house; equal questions of a batch are counted once."""

    def __init__(self, place: House) -> None:
        self._place = place
        self._due: dict[tuple[str, date], date] = {}

    def owed(
        self, *, office: Bureau | None, kind: str, registered_on: date, received_on: date | None = None
    ) -> Owed | None:
        """What the office owes for an appeal of this kind; None where no rule of any day covers it.

        `received_on` matters to rules that run from receipt; without it receipt and registration are one day.
        """
        policy = rule(office, kind, registered_on)
        if policy is None:
            return None
        starts_on = start(policy, registered_on, received_on)
        key = (policy.id, starts_on)
        if key not in self._due:
            self._due[key] = count(self._place, policy, starts_on).due_on
        # A term counted from receipt cannot end before the registration it leads to.
        return Owed(policy, starts_on, max(self._due[key], registered_on))


def rule(office: Bureau | None, kind: str, registered_on: date, *, matter: str = "") -> Policy | None:
    """The rule of the office's family (`kz.appc`: the family `kz`), or the institution's own, or none.

    An office is a local body unless its settings say `"body": "central"`. `matter` asks for a special rule, such as
    that of a petition; where the family has none, there is none.
    """
    body = str(office.rules.get("body", LOCAL)) if office else LOCAL
    for family in ((office.policy.partition(".")[0],) if office else ()) + (OWN_RULE,):
        try:
            return pick(
                policies.load(), family=family, kind=kind, registered_on=registered_on, matter=matter, body=body
            )
        except NoPolicy:
            continue
    return None


def rule_by_id(policy_id: str) -> Policy | None:
    """The rule a promise was made by; None where its file is gone."""
    return next((policy for policy in policies.load() if policy.id == policy_id), None)


def start(policy: Policy, registered_on: date, received_on: date | None) -> date:
    """The day a term runs from: registration, or receipt where the rule counts from that."""
    if policy.count_from == "receipt" and received_on is not None:
        return min(received_on, registered_on)
    return registered_on


def count(place: House, policy: Policy, starts_on: date) -> Deadline:
    """The due day with its steps, by the working calendar of this house."""
    return deadline(registered_on=starts_on, term=policies.term_of(policy), calendar=place.calendar(starts_on.year))


def worked_from(place: House, day: date) -> date:
    """This day if it is worked, or else the next that is (APPC art. 76(5))."""
    calendar = place.calendar(day.year)
    while not calendar.is_working(day):
        day += ONE_DAY
    return day


def arrival_day(place: House, now: datetime) -> date:
    """The day something that happens now is registered: a redirected appeal's arrival, a reopening."""
    local = now.astimezone(place.zone)
    return registration_day(
        local,
        opens=place.institution.opens,
        closes=place.institution.closes,
        calendar=place.calendar(local.year),
    ).on


def body_of(place: House, office_id: int | None) -> int | None:
    """The root of an office's tree: the body the law speaks to, whose departments share its clock."""
    chain = list(place.office_chain(office_id))
    return chain[-1].id if chain else office_id


def default_body(place: House) -> Bureau | None:
    """Whose rule counts while no office is found: the body with the most offices under it."""
    roots = [office for office in place.offices.values() if body_of(place, office.id) == office.id]
    return min(roots, key=lambda office: (-len(place.below[office.id]), office.code), default=None)


def leaf_code(policy: Policy | None) -> str | None:
    """The rule's id as the public ledger may hold it: at most 32 of a-z, 0-9, dot, underscore, hyphen."""
    if policy is None:
        return None
    code = "".join(
        letter if letter.isascii() and (letter.isalnum() or letter in "._-") else "-" for letter in policy.id.lower()
    )
    return code[:32] or None

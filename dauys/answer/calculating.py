"""A due day for anyone who asks: by which rule, on which calendar, every day of the count. No table is touched."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.functional import Promise as Lazy
from django.utils.translation import gettext_lazy as _

from dauys.answer import policies, promises
from dauys.engines.deadline import CalendarTooShort, Deadline, Registration, WorkingCalendar, deadline, registration_day
from dauys.engines.policy import KINDS, NoPolicy, Policy, pick
from dauys.institution.calendar import calendar_for, shipped_overrides, unchecked_years
from dauys.institution.queries import House
from dauys.institution.reader import FIRST_YEAR, LAST_YEAR

OPENS, CLOSES = time(9), time(18, 30)
"""The working day where no institution has set its own."""

BODIES = ("local", "central")


class Unclear(Exception):
    """A question that cannot be counted. `field` names the part of it, `remedy` what to write there instead."""

    def __init__(self, field: str, problem: "str | Lazy", remedy: "str | Lazy") -> None:
        super().__init__(field)
        self.field = field
        self.problem = problem
        self.remedy = remedy


@dataclass(frozen=True)
class Ground:
    """What a count stands on: a country's working days, the hours of a day, and whose they are.

    `is_own`: an institution's own calendar; otherwise what ships for the country.
    """

    country: str
    opens: time
    closes: time
    zone: ZoneInfo | None
    family: str
    is_own: bool
    house: House | None = None

    def calendar(self, year: int) -> WorkingCalendar:
        if self.house is not None:
            return self.house.calendar(year)
        return calendar_for(self.country, range(year - 1, year + 3), shipped_overrides(self.country))


def of_house(place: House) -> Ground:
    """The institution's own ground; its family of rules is that of its largest body."""
    row, body = place.institution, promises.default_body(place)
    family = body.policy.partition(".")[0] if body else promises.OWN_RULE
    return Ground(row.country, row.opens, row.closes, place.zone, family, True, place)


def of_country(country: str) -> Ground:
    """The shipped ground of a country. Raises UnknownCountry when its calendar is asked for."""
    code = country.upper()
    family = code.lower() if any(one.family == code.lower() for one in policies.load()) else promises.OWN_RULE
    return Ground(code, OPENS, CLOSES, None, family, False)


@dataclass(frozen=True)
class Asked:
    """A question as it was typed. `registered` is a day, or a moment whose day of registration is found first."""

    registered: str
    kind: str = ""
    family: str = ""
    matter: str = ""
    body: str = "local"
    rule: str = ""
    received: str = ""


@dataclass(frozen=True)
class Counted:
    """The rule, the day of registration with its reason (None where a day was given), and the days of the count."""

    policy: Policy
    kind: str
    received_at: datetime | None
    registration: Registration | None
    registered_on: date
    starts_on: date
    deadline: Deadline
    ground: Ground

    @property
    def due_on(self) -> date:
        return max(self.deadline.due_on, self.registered_on)

    @property
    def from_receipt(self) -> bool:
        return self.policy.count_from == "receipt" and self.starts_on != self.registered_on

    @property
    def unchecked_years(self) -> tuple[int, ...]:
        """Years of the count whose moved days nobody has compared with the order yet."""
        years = range(self.starts_on.year, self.due_on.year + 1)
        return unchecked_years(self.ground.country, years)


def count(asked: Asked, ground: Ground) -> Counted:
    """Answer a question.

    Raises:
        Unclear: names the field and the remedy.
    """
    moment = _moment(asked.registered, "registered")
    if isinstance(moment, datetime) and moment.tzinfo is not None and ground.zone is not None:
        moment = moment.astimezone(ground.zone)
    year = moment.year
    calendar = ground.calendar(year)
    registration = None
    registered_on = moment if not isinstance(moment, datetime) else moment.date()
    if isinstance(moment, datetime):
        # The clock of the institution: where no zone is known, the hour is read as it was written.
        local = moment if moment.tzinfo else moment.replace(tzinfo=ground.zone or ZoneInfo("UTC"))
        registration = registration_day(local, opens=ground.opens, closes=ground.closes, calendar=calendar)
        registered_on = registration.on
    received_on = moment.date() if isinstance(moment, datetime) else None
    if asked.received:
        received = _moment(asked.received, "received")
        received_on = received.date() if isinstance(received, datetime) else received
        if received_on > registered_on:
            raise Unclear("received", _("The appeal was received after it was registered."), _("Check both days."))
    policy = _policy(asked, ground, registered_on)
    starts_on = promises.start(policy, registered_on, received_on)
    try:
        counted = deadline(
            registered_on=starts_on, term=policies.term_of(policy), calendar=ground.calendar(starts_on.year)
        )
    except CalendarTooShort as short:
        raise Unclear(
            "registered", _("The working calendar does not reach that far."), _("Give another day.")
        ) from short
    received_at = moment if isinstance(moment, datetime) else None
    return Counted(policy, asked.kind, received_at, registration, registered_on, starts_on, counted, ground)


def kinds_of(family: str) -> tuple[str, ...]:
    """The kinds of appeal a family's general rules cover."""
    covered = {kind for one in policies.load() if one.family == family and not one.matter for kind in one.kinds}
    return tuple(kind for kind in KINDS if kind in covered)


def families() -> tuple[str, ...]:
    """All families of rules there are, in the order of their files."""
    return tuple(dict.fromkeys(policy.family for policy in policies.load()))


def _policy(asked: Asked, ground: Ground, registered_on: date) -> Policy:
    if asked.rule:
        found = promises.rule_by_id(asked.rule)
        if found is None:
            raise Unclear("rule", _("There is no such rule."), _("Choose one of the list."))
        if not found.valid_from <= registered_on <= (found.valid_to or date.max):
            raise Unclear(
                "registered", _("This rule was not in force on that day."), _("Choose the kind of appeal instead.")
            )
        return found
    family = asked.family or ground.family
    if family not in families():
        raise Unclear("family", _("There is no such family of rules."), _("Choose one of the list."))
    if asked.kind not in KINDS:
        raise Unclear("kind", _("There is no such kind of appeal."), _("Choose one of the list."))
    if asked.body not in BODIES:
        raise Unclear("body", _("There is no such kind of body."), _("Choose a local or a central body."))
    try:
        return pick(
            policies.load(), family=family, kind=asked.kind, registered_on=registered_on,
            matter=asked.matter, body=asked.body,
        )  # fmt: skip
    except NoPolicy as none:
        known = any(asked.kind in one.kinds and one.matter == asked.matter for one in _of_family(family))
        if known:
            raise Unclear(
                "registered", _("No rule of this family was in force on that day."), _("Give a later day.")
            ) from none
        raise Unclear(
            "kind", _("This family of rules sets no term for that kind of appeal."), _("Choose another kind or family.")
        ) from none


def _of_family(family: str) -> list[Policy]:
    return [one for one in policies.load() if one.family == family]


def _moment(told: str, field: str) -> date | datetime:
    """A day, or a day and a clock, as ISO 8601 writes them."""
    text = told.strip()
    try:
        found: date | datetime = date.fromisoformat(text) if len(text) == 10 else datetime.fromisoformat(text)
    except ValueError as error:
        raise Unclear(
            field,
            _("This is no day.") if text else _("The day is missing."),
            _("Write it as 2026-03-10, or with the clock as 2026-03-10T17:50."),
        ) from error
    if not FIRST_YEAR < found.year < LAST_YEAR:
        raise Unclear(
            field, _("No calendar is known for that year."),
            _("Give a day between %(first)d and %(last)d.") % {"first": FIRST_YEAR + 1, "last": LAST_YEAR - 1},
        )  # fmt: skip
    return found


def as_data(counted: Counted, said: Mapping[date, str]) -> dict[str, Any]:
    """The whole count as one JSON object; `said` are the words of each day in the reader's language."""
    policy = counted.policy
    return {
        "kind": counted.kind or None,
        "registered_on": counted.registered_on,
        "registered_why": counted.registration.reason if counted.registration else None,
        "received_at": counted.received_at.isoformat() if counted.received_at else None,
        "counts_from": counted.starts_on,
        "due_on": counted.due_on,
        "provisional": counted.deadline.is_provisional,
        "term": {"amount": policy.amount, "unit": policy.unit, "roll": policy.roll},
        "rule": {
            "id": policy.id, "family": policy.family, "article": policy.article, "articles": dict(policy.articles),
            "source": policy.source, "checked": policy.checked, "note": policy.note,
            "valid_from": policy.valid_from, "valid_to": policy.valid_to, "on_expiry": policy.on_expiry,
        },
        "calendar": {
            "country": counted.ground.country,
            "of": "institution" if counted.ground.is_own else "shipped",
            "unchecked_years": list(counted.unchecked_years),
        },
        "days": [
            {
                "date": step.date, "weekday": step.date.isoweekday(), "day": step.day, "counts": step.counts,
                "number": step.number, "why": step.why, "name": step.name or None, "confirmed": step.confirmed,
                "said": said[step.date],
            }
            for step in counted.deadline.steps
        ],
    }  # fmt: skip

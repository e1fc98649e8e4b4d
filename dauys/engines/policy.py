"""Which rule sets the term: the law as data, read strictly and picked by the day of registration."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

Unit = Literal["wd", "cd", "week", "month"]
CountFrom = Literal["receipt", "registration", "arrival_after_redirect"]
Roll = Literal["next_working_day", "none"]
ExtensionFrom = Literal["due", "decision"]
OnExpiry = Literal["deemed_refused", "overdue"]

KINDS = ("application", "complaint", "inquiry", "message", "proposal", "response")

_UNITS = ("wd", "cd", "week", "month")
_COUNT_FROM = ("receipt", "registration", "arrival_after_redirect")
_ROLL = ("next_working_day", "none")
_EXTENSION_FROM = ("due", "decision")
_ON_EXPIRY = ("deemed_refused", "overdue")
_LANGUAGES = ("kk", "ru", "en")


class MalformedPolicy(Exception):
    """A rule cannot be read. `key` is its place in the file, `remedy` what to write there."""

    def __init__(self, key: str, problem: str, remedy: str) -> None:
        super().__init__(f"{key}: {problem}. {remedy}.")
        self.key = key
        self.problem = problem
        self.remedy = remedy


class NoPolicy(Exception):
    """No rule of this family covers this kind on this day; nothing may be promised until one is added."""

    def __init__(self, family: str, kind: str, registered_on: date) -> None:
        super().__init__(
            f"No rule of the family {family!r} covers the kind {kind!r} registered on {registered_on}. "
            f"Add a [[policy]] with this kind and day to {family}.toml, or give the office another family."
        )
        self.family = family
        self.kind = kind
        self.registered_on = registered_on


@dataclass(frozen=True)
class Register:
    """When an appeal must be registered: on the day it comes, or within an amount of time."""

    same_day: bool
    amount: int
    unit: Unit


@dataclass(frozen=True)
class Redirect:
    """Within what time an appeal is passed to the competent body, and whether the applicant is told."""

    amount: int
    unit: Unit
    notify: bool


@dataclass(frozen=True)
class Extension:
    """How far, from when, by whom and how often a term may be prolonged, and how soon the notice is due.

    Without `notify_amount` the source demands a notice but gives it no time.
    """

    max_amount: int
    unit: Unit
    starts_from: ExtensionFrom
    by_roles: tuple[str, ...]
    reason_required: bool
    notify_amount: int | None
    notify_unit: Unit | None
    max_times: int


@dataclass(frozen=True)
class Hearing:
    """The applicant is heard at least so long before an unfavourable decision on these kinds."""

    before_amount: int
    unit: Unit
    kinds: tuple[str, ...]


@dataclass(frozen=True)
class Policy:
    """One term for some kinds of appeal, from `valid_from` to `valid_to` inclusive (None: still in force).

    `checked` is True only where the words of the source itself were read; `note` says what was not seen.
    A missing `register`, `redirect`, `extension` or `hearing` means the source gives no such rule, or none
    that was seen: no extension is then possible.
    """

    id: str
    family: str
    kinds: tuple[str, ...]
    amount: int
    unit: Unit
    count_from: CountFrom
    first_day_counts: bool
    roll: Roll
    on_expiry: OnExpiry
    article: str
    source: str
    valid_from: date
    valid_to: date | None
    checked: bool
    note: str
    register: Register | None
    redirect: Redirect | None
    extension: Extension | None
    hearing: Hearing | None
    articles: Mapping[str, str] = field(default_factory=dict, hash=False)
    """`article` as a reader of another language cites it."""

    def article_in(self, language: str) -> str:
        return self.articles.get(language, self.article)


def parse(table: Mapping[str, Any]) -> tuple[Policy, ...]:
    """Read one file of rules: `family` and a list of `policy` tables, as `tomllib` gives them.

    Every key is known, typed and in range, or the whole file is refused; two rules never cover one kind on
    one day.

    Raises:
        MalformedPolicy: names the key and the remedy.
    """
    file = _Table(table, "")
    family = file.text("family")
    rows = file.tables("policy")
    file.close()
    policies = tuple(_policy(row, family) for row in rows)
    _refuse_overlaps(policies)
    return policies


def pick(policies: Iterable[Policy], *, family: str, kind: str, registered_on: date) -> Policy:
    """The rule of a family for a kind of appeal on the day it was registered.

    Raises:
        NoPolicy: the family has no rule for this kind on this day.
    """
    for policy in policies:
        if (
            policy.family == family
            and kind in policy.kinds
            and policy.valid_from <= registered_on <= (policy.valid_to or date.max)
        ):
            return policy
    raise NoPolicy(family, kind, registered_on)


class _Table:
    """A TOML table that remembers its place in the file and which keys were asked for."""

    def __init__(self, values: Mapping[str, Any], path: str) -> None:
        self._values = values
        self._path = path
        self._known: set[str] = set()

    def key(self, name: str) -> str:
        return f"{self._path}.{name}" if self._path else name

    def has(self, name: str) -> bool:
        self._known.add(name)
        return name in self._values

    def text(self, name: str) -> str:
        value = self._take(name, str, "a text in quotes")
        if not value.strip():
            raise MalformedPolicy(self.key(name), "is empty", "Write a text")
        return value

    def amount(self, name: str) -> int:
        value = self._take(name, int, "a whole number")
        if value < 1:
            raise MalformedPolicy(self.key(name), f"is {value}", "Write a whole number of at least 1")
        return value

    def flag(self, name: str) -> bool:
        return self._take(name, bool, "true or false")

    def day(self, name: str) -> date:
        return self._take(name, date, "a day such as 2026-01-31, without quotes")

    def choice(self, name: str, allowed: Collection[str]) -> Any:
        value = self.text(name)
        if value not in allowed:
            raise MalformedPolicy(self.key(name), f"is {value!r}", f"Write one of: {', '.join(allowed)}")
        return value

    def texts(self, name: str, allowed: Collection[str] = ()) -> tuple[str, ...]:
        values = self._take(name, list, "a list in square brackets")
        remedy = f"Write a list of: {', '.join(allowed)}" if allowed else "Write a list of texts"
        if not values:
            raise MalformedPolicy(self.key(name), "is empty", remedy)
        for value in values:
            if not isinstance(value, str) or not value or (allowed and value not in allowed):
                raise MalformedPolicy(self.key(name), f"contains {value!r}", remedy)
        if len(set(values)) != len(values):
            raise MalformedPolicy(self.key(name), "names something twice", "Name each once")
        return tuple(values)

    def table(self, name: str) -> "_Table":
        return _Table(self._take(name, dict, "a table"), self.key(name))

    def tables(self, name: str) -> list["_Table"]:
        rows = self._take(name, list, f"one [[{name}]] or more")
        if not rows or not all(isinstance(row, dict) for row in rows):
            raise MalformedPolicy(self.key(name), "is not a list of tables", f"Write one [[{name}]] or more")
        return [_Table(row, f"{self.key(name)}[{place}]") for place, row in enumerate(rows, 1)]

    def close(self) -> None:
        """Refuse what nobody asked for: a misspelt key would be a rule that silently does not hold."""
        for name in self._values:
            if name not in self._known:
                expected = ", ".join(sorted(self._known))
                raise MalformedPolicy(self.key(name), "is not a known key", f"Remove it or write one of: {expected}")

    def _take(self, name: str, kind: type, wanted: str) -> Any:
        self._known.add(name)
        if name not in self._values:
            raise MalformedPolicy(self.key(name), "is missing", f"Write {wanted}")
        value = self._values[name]
        # By exact type: to Python true is a whole number and a moment is a day.
        if type(value) is not kind:
            raise MalformedPolicy(self.key(name), f"is {value!r}", f"Write {wanted}")
        return value


def _articles(row: _Table) -> dict[str, str]:
    articles = {language: row.text(language) for language in _LANGUAGES if row.has(language)}
    row.close()
    return articles


def _policy(row: _Table, family: str) -> Policy:
    policy = Policy(
        id=row.text("id"),
        family=family,
        kinds=row.texts("kinds", KINDS),
        amount=row.amount("amount"),
        unit=row.choice("unit", _UNITS),
        count_from=row.choice("count_from", _COUNT_FROM),
        first_day_counts=row.flag("first_day_counts"),
        roll=row.choice("roll", _ROLL),
        on_expiry=row.choice("on_expiry", _ON_EXPIRY),
        article=row.text("article"),
        articles=_articles(row.table("articles")) if row.has("articles") else {},
        source=row.text("source"),
        valid_from=row.day("valid_from"),
        valid_to=row.day("valid_to") if row.has("valid_to") else None,
        checked=row.flag("checked"),
        note=row.text("note") if row.has("note") else "",
        register=_register(row.table("register")) if row.has("register") else None,
        redirect=_redirect(row.table("redirect")) if row.has("redirect") else None,
        extension=_extension(row.table("extension")) if row.has("extension") else None,
        hearing=_hearing(row.table("hearing")) if row.has("hearing") else None,
    )
    row.close()
    if not policy.id.startswith(f"{family}."):
        raise MalformedPolicy(row.key("id"), f"is {policy.id!r}", f'Begin it with "{family}."')
    if policy.valid_to and policy.valid_to < policy.valid_from:
        raise MalformedPolicy(row.key("valid_to"), f"is {policy.valid_to}", f"Write a day from {policy.valid_from} on")
    if policy.hearing and not set(policy.hearing.kinds) <= set(policy.kinds):
        raise MalformedPolicy(
            row.key("hearing.kinds"), "names a kind the rule does not cover", "Choose among its kinds"
        )
    return policy


def _register(table: _Table) -> Register:
    same_day = table.flag("same_day") if table.has("same_day") else False
    if same_day:
        register = Register(same_day=True, amount=0, unit="cd")
    else:
        register = Register(same_day=False, amount=table.amount("amount"), unit=table.choice("unit", _UNITS))
    table.close()
    return register


def _redirect(table: _Table) -> Redirect:
    redirect = Redirect(amount=table.amount("amount"), unit=table.choice("unit", _UNITS), notify=table.flag("notify"))
    table.close()
    return redirect


def _extension(table: _Table) -> Extension:
    timed_notice = table.has("notify_amount") or table.has("notify_unit")
    extension = Extension(
        max_amount=table.amount("max_amount"),
        unit=table.choice("unit", _UNITS),
        starts_from=table.choice("from", _EXTENSION_FROM),
        by_roles=table.texts("by_roles"),
        reason_required=table.flag("reason_required"),
        notify_amount=table.amount("notify_amount") if timed_notice else None,
        notify_unit=table.choice("notify_unit", _UNITS) if timed_notice else None,
        max_times=table.amount("max_times"),
    )
    table.close()
    return extension


def _hearing(table: _Table) -> Hearing:
    hearing = Hearing(
        before_amount=table.amount("before_amount"),
        unit=table.choice("unit", _UNITS),
        kinds=table.texts("kinds", KINDS),
    )
    table.close()
    return hearing


def _refuse_overlaps(policies: tuple[Policy, ...]) -> None:
    for place, policy in enumerate(policies, 1):
        for earlier in policies[: place - 1]:
            if policy.id == earlier.id:
                raise MalformedPolicy(f"policy[{place}].id", f"repeats {policy.id!r}", "Give each rule its own id")
            shared = sorted(set(policy.kinds) & set(earlier.kinds))
            apart = policy.valid_from > (earlier.valid_to or date.max) or earlier.valid_from > (
                policy.valid_to or date.max
            )
            if shared and not apart:
                raise MalformedPolicy(
                    f"policy[{place}].valid_from",
                    f"{policy.id!r} and {earlier.id!r} both cover {', '.join(shared)} on the same days",
                    "End one before the other begins (valid_to), or divide the kinds",
                )

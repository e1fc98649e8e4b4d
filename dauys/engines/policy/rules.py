"""A rule of law as values: the term it sets, and what it says of every step on the way to an answer."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

Unit = Literal["wd", "cd", "week", "month"]
CountFrom = Literal["receipt", "registration", "arrival_after_redirect"]
Roll = Literal["next_working_day", "none"]
ExtensionFrom = Literal["due", "decision"]
OnExpiry = Literal["deemed_refused", "overdue"]
Verb = Literal["extend", "return", "terminate", "suspend", "attach", "unheard"]
Body = Literal["local", "central"]

KINDS = ("application", "complaint", "inquiry", "message", "proposal", "response")


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
class Citation:
    """Where a part of a rule is written. Empty where the part names no place of its own: cite the rule then."""

    article: str = ""
    articles: Mapping[str, str] = field(default_factory=dict, hash=False)

    def in_language(self, language: str) -> str:
        return self.articles.get(language, self.article)


@dataclass(frozen=True)
class Register:
    """When an appeal must be registered: on the day it comes, or within an amount of time."""

    same_day: bool
    amount: int
    unit: Unit
    cited: Citation = Citation()


@dataclass(frozen=True)
class Redirect:
    """Within what time an appeal is passed to the competent body, and whether the applicant is told."""

    amount: int
    unit: Unit
    notify: bool
    cited: Citation = Citation()


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
    cited: Citation = Citation()


@dataclass(frozen=True)
class Hearing:
    """The applicant is heard at least so long before an unfavourable decision on these kinds.

    An objection, or a wish to be heard aloud, comes within `objection_amount` of the draft decision's arrival
    (None: the source gives no time). The cases in which nobody need be heard are grounds for "unheard".
    """

    before_amount: int
    unit: Unit
    kinds: tuple[str, ...]
    objection_amount: int | None = None
    objection_unit: Unit | None = None
    cited: Citation = Citation()


@dataclass(frozen=True)
class Return:
    """Within what time an appeal is given back unconsidered: after registration, or after the time for mending it."""

    amount: int
    unit: Unit
    cited: Citation = Citation()


@dataclass(frozen=True)
class Terminate:
    """How soon the applicant is told that the procedure has ended without an answer, and who decides it.

    Empty `by_roles`: the source names nobody, whoever decides the case ends it. A ground may name others.
    """

    notify_amount: int
    notify_unit: Unit
    by_roles: tuple[str, ...]
    cited: Citation = Citation()


@dataclass(frozen=True)
class PassUp:
    """Within what time the body complained of sends a complaint up, `with_case` together with its file.

    `may_satisfy`: unless within the same time it does everything the complaint asks.
    """

    amount: int
    unit: Unit
    with_case: bool
    may_satisfy: bool
    cited: Citation = Citation()


@dataclass(frozen=True)
class Suspension:
    """The term may stand still: at most so long, by whose decision, and how soon the notice is due.

    A rule without it knows no suspension: the clock never stops.
    """

    max_amount: int
    unit: Unit
    by_roles: tuple[str, ...]
    notify_amount: int | None
    notify_unit: Unit | None
    cited: Citation = Citation()


@dataclass(frozen=True)
class Complain:
    """How long the applicant may complain of an answer or of silence; `untold_amount` where they were not told how."""

    amount: int
    unit: Unit
    untold_amount: int | None
    cited: Citation = Citation()


@dataclass(frozen=True)
class Ground:
    """One lawful reason for a step on the way: `verb` says which step, `code` which reason.

    `kinds` narrows it to some kinds of the rule; `by_roles` names who decides, where that differs from the step's
    own rule. `after_defects`: only once the time given for mending the appeal has run out. `not_for_danger`: not for
    reports of crimes or of threats to safety, which are passed on at once.
    `checked` is True only where the words of the source itself were read; `note` says what was not seen.
    """

    code: str
    verb: Verb
    cited: Citation
    checked: bool
    kinds: tuple[str, ...]
    names: Mapping[str, str] = field(hash=False)
    by_roles: tuple[str, ...] = ()
    after_defects: bool = False
    not_for_danger: bool = False
    note: str = ""

    def name_in(self, language: str) -> str:
        """The reason in words, in the reader's language or else in one the file has."""
        return _in(self.names, language)


@dataclass(frozen=True)
class Within:
    """A term of the same procedure that no step here keeps by itself, for people to read: what, and how long."""

    code: str
    amount: int
    unit: Unit
    names: Mapping[str, str] = field(hash=False)
    cited: Citation
    checked: bool
    note: str = ""

    def name_in(self, language: str) -> str:
        return _in(self.names, language)


@dataclass(frozen=True)
class Policy:
    """One term for some kinds of appeal, from `valid_from` to `valid_to` inclusive (None: still in force).

    `matter` is empty for the general rule; a special one (a petition, access to information) is picked only when asked
    for. `bodies` narrows a rule to local or central bodies; empty: both. `checked` is True only where the words of
    the source itself were read; `note` says what was not seen.

    A missing `register`, `redirect`, `extension`, `hearing`, `returning`, `terminating`, `passing_up`, `suspension` or
    `complaining` means the source gives no such rule, or none that was seen: the step is then not possible.
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
    family_names: Mapping[str, str] = field(default_factory=dict, hash=False)
    """The family as people call it: a country, or the institution itself."""
    matter: str = ""
    bodies: tuple[Body, ...] = ()
    returning: Return | None = None
    terminating: Terminate | None = None
    passing_up: PassUp | None = None
    suspension: Suspension | None = None
    complaining: Complain | None = None
    grounds: tuple[Ground, ...] = ()
    within: tuple[Within, ...] = ()

    def article_in(self, language: str) -> str:
        return self.articles.get(language, self.article)

    def family_in(self, language: str) -> str:
        return _in(self.family_names, language) if self.family_names else self.family

    def cite(self, part: Citation, language: str) -> str:
        """Where a part of this rule is written, or where the rule is, if the part does not say."""
        return part.in_language(language) or self.article_in(language)

    def grounds_for(self, verb: Verb, kind: str) -> tuple[Ground, ...]:
        """The lawful reasons for a step with an appeal of this kind, in the order of the file."""
        return tuple(ground for ground in self.grounds if ground.verb == verb and kind in ground.kinds)

    def ground(self, verb: Verb, code: str, kind: str) -> Ground | None:
        return next((ground for ground in self.grounds_for(verb, kind) if ground.code == code), None)


def pick(
    policies: Iterable[Policy], *, family: str, kind: str, registered_on: date, matter: str = "", body: str = ""
) -> Policy:
    """The rule of a family for a kind of appeal on the day it was registered.

    `matter` asks for a special rule; `body` ("local", "central") is needed only where rules differ by it.

    Raises:
        NoPolicy: the family has no rule for this kind on this day.
    """
    for policy in policies:
        if (
            policy.family == family
            and policy.matter == matter
            and kind in policy.kinds
            and (not policy.bodies or body in policy.bodies)
            and policy.valid_from <= registered_on <= (policy.valid_to or date.max)
        ):
            return policy
    raise NoPolicy(family, kind, registered_on)


def _in(names: Mapping[str, str], language: str) -> str:
    return names.get(language) or names.get("en") or next(iter(names.values()))

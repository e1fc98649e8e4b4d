"""What happens in the demonstration region, one frozen value per happening.

`generator.life` yields these in order of `moment` (aware, in the region's own zone). Whoever loads them turns
each into one ordinary action of the product. An appeal is known by its `key`; officers by e-mail, offices and
areas by code.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

Channel = Literal["web", "desk", "phone", "paper", "email", "telegram", "open311"]
Language = Literal["kk", "ru", "en"]
Kind = Literal["application", "complaint", "inquiry", "message", "proposal", "response"]
Outcome = Literal["satisfied", "partly", "explained", "refused", "redirected"]

CHANNELS: tuple[Channel, ...] = ("web", "desk", "phone", "paper", "email", "telegram", "open311")
LANGUAGES: tuple[Language, ...] = ("kk", "ru", "en")
KINDS: tuple[Kind, ...] = ("application", "complaint", "inquiry", "message", "proposal", "response")
OUTCOMES: tuple[Outcome, ...] = ("satisfied", "partly", "explained", "refused", "redirected")


@dataclass(frozen=True, slots=True)
class Contact:
    """An invented applicant. Phones lie in +7 700 000 xx xx, e-mails at example.org; either may be empty."""

    name: str
    phone: str
    email: str


@dataclass(frozen=True, slots=True)
class Picture:
    """An attachment to draw: `pictures.draw(kind, seed)` gives its bytes."""

    kind: str
    seed: int


@dataclass(frozen=True, slots=True)
class Filed:
    """An appeal arrives. `applicant` None means anonymous. `area_code` is what the form says (the unit or
    settlement chosen, or "" when nothing was), `lat`/`lon` only when a point was put on the map.

    Truth that no citizen sends, for measuring alone: `matter`, `burst` (one event behind several appeals),
    `campaign` (near-identical text of many people, or None), `topic_truth`, `true_area` (settlement or unit).
    `office_code` and `officer_email` are set when an officer wrote the appeal down (desk, phone, paper).
    """

    moment: datetime
    key: str
    channel: Channel
    language: Language
    kind: Kind
    text: str
    area_code: str
    place_words: str
    lat: float | None
    lon: float | None
    applicant: Contact | None
    attachments: tuple[Picture, ...]
    matter: str
    burst: str | None
    campaign: str | None
    topic_truth: str
    true_area: str
    mixed: bool
    office_code: str
    officer_email: str
    second: str = ""
    """Words at the end of the text that are about another matter, `second_matter`."""
    second_matter: str = ""
    empty: bool = False
    """Nobody can tell what it is about."""


@dataclass(frozen=True, slots=True)
class TopicCorrected:
    """At the triage desk a person sets the right topic."""

    moment: datetime
    key: str
    officer_email: str
    topic: str


@dataclass(frozen=True, slots=True)
class Assigned:
    """The appeal is given to an office and there to one officer. Happens again when it is passed on."""

    moment: datetime
    key: str
    office_code: str
    officer_email: str


@dataclass(frozen=True, slots=True)
class Remarked:
    """An internal note between officers; the citizen never sees it."""

    moment: datetime
    key: str
    officer_email: str
    text: str


@dataclass(frozen=True, slots=True)
class CitizenWrote:
    """The applicant writes in the thread (a question, a reminder, thanks)."""

    moment: datetime
    key: str
    text: str


@dataclass(frozen=True, slots=True)
class OfficerWrote:
    """An officer writes in the thread without answering yet (a question, a word on progress).

    `answer_by`: the day by which an answer to a question is hoped for.
    """

    moment: datetime
    key: str
    officer_email: str
    text: str
    answer_by: date | None = None


@dataclass(frozen=True, slots=True)
class Answered:
    """The answer on the merits. After a dispute there is a second one."""

    moment: datetime
    key: str
    officer_email: str
    text: str
    outcome: Outcome
    formal: bool  # truth for measuring: an отписка that says nothing


@dataclass(frozen=True, slots=True)
class Verdict:
    """The citizen says whether it is solved; `solved=False` reopens the appeal, unless it `rests` solved in part.
    `rating` 1..5 or None.
    """

    moment: datetime
    key: str
    solved: bool
    rating: int | None
    words: str
    partly: bool = False
    rests: bool = False


Step = Literal[
    "extend", "mend", "mended", "return", "pause", "resume", "terminate", "withdraw", "hear", "object", "heard"
]


@dataclass(frozen=True, slots=True)
class Stepped:
    """A step of the procedure. `officer_email` is "" where the citizen takes it; `until` is the day an officer sets.

    Where the rule an appeal stands under knows no such step, nothing happens. `aloud`: the citizen who objects asks to
    be heard in person.
    """

    moment: datetime
    key: str
    step: Step
    text: str
    officer_email: str = ""
    until: date | None = None
    aloud: bool = False


@dataclass(frozen=True, slots=True)
class SplitOff:
    """The words about a second matter become an appeal of their own, known by `part`."""

    moment: datetime
    key: str
    part: str
    officer_email: str
    words: str
    kind: Kind
    topic_truth: str


@dataclass(frozen=True, slots=True)
class Joined:
    """An operator brings appeals together into a problem; the one called `key` brings the `others` in."""

    moment: datetime
    key: str
    others: tuple[str, ...]
    officer_email: str
    title: str


@dataclass(frozen=True, slots=True)
class AnsweredTogether:
    """One answer to all `members` of the problem `key` belongs to; `texts` by language, {number} in each."""

    moment: datetime
    key: str
    members: tuple[str, ...]
    officer_email: str
    outcome: Outcome
    texts: Mapping[str, str]


Event = (
    Filed
    | TopicCorrected
    | Assigned
    | Remarked
    | CitizenWrote
    | OfficerWrote
    | Stepped
    | SplitOff
    | Joined
    | AnsweredTogether
    | Answered
    | Verdict
)

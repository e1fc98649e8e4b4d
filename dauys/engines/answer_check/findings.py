"""What goes into the check of an answer, and what comes out of it."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

Span = tuple[int, int]


class Severity(StrEnum):
    SERIOUS = "serious"  # the law asks for it, or somebody may be hurt: sending in spite of it needs a named reason
    ADVICE = "advice"  # the answer would be better
    NOTE = "note"  # worth a look


CODES = (
    "empty", "ask_not_answered", "no_facts", "no_date", "no_person", "law_not_cited", "no_complaint_route",
    "wrong_language", "copied", "forwarded", "promise_without_date", "personal_data", "long_sentences", "officialese",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Ask:
    """One thing the citizen asks: their words, and what kind of thing it is (do, inform, pay, check, allow, other)."""

    words: str
    kind: str = "other"


@dataclass(frozen=True, slots=True)
class Duty:
    """What the law asks of this answer: concrete facts, a reference to legislation, how to complain; by which article.

    `also_lawful` are languages an answer may always be in, whatever the citizen wrote in.
    """

    facts: bool = False
    cites_law: bool = False
    complaint_route: bool = False
    article: str = ""
    also_lawful: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Earlier:
    """An answer sent before, the appeal it answered, and what that was about (empty where nobody knows)."""

    answer: str
    appeal: str
    topic: str = ""
    key: str = ""


@dataclass(frozen=True, slots=True)
class Personal:
    """answer[start:end] is personal data of this kind (see the engine that finds it)."""

    start: int
    end: int
    kind: str


@dataclass(frozen=True, slots=True)
class Case:
    """An answer about to be sent, and what is known beside it.

    `language` is the one the citizen chose or wrote in, `reads_as` the one the answer is in ("" for nobody knows).
    """

    appeal: str
    answer: str
    asks: tuple[Ask, ...] = ()
    language: str = ""
    reads_as: str = ""
    duty: Duty = Duty()
    topic: str = ""
    earlier: tuple[Earlier, ...] = ()
    personal: tuple[Personal, ...] = ()
    today: date | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """One piece of advice. `spans` are places in the answer, in order, apart; empty where something is missing.

    `params` are what a sentence about it needs: `asked` the citizen's words, `article`, `wanted` and `found`
    languages, `share` in per cent and `key` of an earlier answer, `kind` of personal data, `words` of the longest
    sentence, `many`.
    """

    code: str
    severity: Severity
    params: dict[str, str | int]
    spans: tuple[Span, ...] = ()

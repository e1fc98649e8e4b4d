"""The check of an answer before it is sent: what the engine is asked, and what an officer sends in spite of it."""

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib.resources import files
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from dauys.answer import check_words, skeletons, words
from dauys.answer.models import Answer, Handling, Outcome, State
from dauys.answer.queries.desk import visible
from dauys.answer.queries.page import AppealPage
from dauys.engines import answer_check, language, personal
from dauys.engines.answer_check import Ask, Case, Duty, Earlier, Finding, Personal, Severity
from dauys.hear.submission import storable
from dauys.institution.models import User
from dauys.institution.queries import house
from dauys.understand import queries as understand

EARLIER = 30
"""How many of the office's newest answers a copy is looked for in."""

SURE = 0.7
"""How surely a thing is asked, or words are personal, before an officer is told."""

SURE_OF_LANGUAGE = 0.8
QUOTED = 3
WORDS_MOST = 300

_ENDED = (State.ANSWERED, State.CONFIRMED)
_RANK = {Severity.SERIOUS: 0, Severity.ADVICE: 1, Severity.NOTE: 2}


class Why(models.TextChoices):
    """Why an answer is sent in spite of a serious finding."""

    OTHERWISE = "otherwise", _("It is said in other words, or in an enclosure")
    TOLD = "told", _("The citizen was told in person")
    CANNOT = "cannot", _("It cannot be said yet, and the citizen should not wait")
    WRONG = "wrong", _("The advice is wrong here")
    OWN = "own", _("Another reason, in words")


@dataclass(frozen=True, slots=True)
class Line:
    """One piece of advice as the officer reads it, with the words of the answer it is about."""

    code: str
    severity: str
    severity_words: str
    said: str
    quotes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Checked:
    """All advice on one text, the serious first."""

    findings: tuple[Finding, ...]
    lines: tuple[Line, ...]

    @property
    def serious(self) -> list[str]:
        """The codes that are sent only in spite of them, each once."""
        return list(dict.fromkeys(one.code for one in self.findings if one.severity is Severity.SERIOUS))

    def kept(self) -> list[dict[str, Any]]:
        """The findings as they are kept beside the answer: what JSON gives back as it was."""
        return [
            {
                "code": one.code,
                "severity": one.severity.value,
                "params": one.params,
                "spans": list(map(list, one.spans)),
            }
            for one in self.findings
        ]


def checked(user: User, page: AppealPage, text: str, *, outcome: str, now: datetime) -> Checked:
    """Advice on this text as an answer to this appeal; a fixed number of statements, however long the past."""
    found = answer_check.check(_case(user, page, text, now), answer_check.packaged())
    if outcome == Outcome.REDIRECTED:  # then passing on is the decision
        found = tuple(one for one in found if one.code != "forwarded")
    if any(one.code == "promise_without_date" for one in found):  # that no day is named is said already
        found = tuple(one for one in found if one.code != "no_date")
    ordered = sorted(found, key=lambda one: _RANK[one.severity])  # stable: inside, the order of the engine
    return Checked(tuple(ordered), tuple(_line(one, text) for one in ordered))


def overridden(found: Checked, *, why: str, said: str) -> dict[str, Any] | None:
    """What is kept of sending in spite of serious findings; None where the reason is missing, or none is needed.

    `why` is one of Why, `said` the officer's own words; the last choice needs them.
    """
    said = " ".join(storable(said).split())[:WORDS_MOST]
    if not found.serious or why not in Why.values or (why == Why.OWN and not said):
        return None
    return {"codes": found.serious, "why": why, "words": said}


def _case(user: User, page: AppealPage, text: str, now: datetime) -> Case:
    appeal, handling = page.appeal, page.handling
    read = language.identify(text)
    asked, topic = understand.findings_of(appeal.id), page.topic
    return Case(
        appeal="\n".join([appeal.text, appeal.place, *(one.text for one in page.messages if one.author == "citizen")]),
        answer=text,
        asks=tuple(_asks(asked, appeal.text)),
        language=appeal.language,
        reads_as=read.code if read.confidence >= SURE_OF_LANGUAGE else "",
        duty=duty(page.promise.policy.family if page.promise else "", words.language()),
        topic=topic.in_language(appeal.language) if topic else "",
        earlier=tuple(_earlier(user, handling, appeal.language)),
        personal=tuple(
            Personal(span.start, span.end, span.kind) for span in personal.find(text) if span.confidence >= SURE
        ),
        today=house().today(now),
    )


def _asks(rows: Iterable[Any], text: str) -> Iterable[Ask]:
    """The things asked, as the reader of appeals found them in the citizen's words."""
    for row in rows:
        if row.aspect != "asks" or row.confidence < SURE:
            continue
        for reason in row.reasons:
            if isinstance(reason, list) and len(reason) >= 3:
                kind, start, end = reason[:3]
                yield Ask(text[start:end], kind)


def _earlier(user: User, handling: Handling, code: str) -> Iterable[Earlier]:
    """The newest answers of the office that this officer may read."""
    seen = visible(user)
    if seen is None or handling.acting_id is None:
        return
    ended = Handling.objects.filter(seen, acting_id=handling.acting_id, state__in=_ENDED)
    newest = ended.exclude(appeal_id=handling.appeal_id).order_by("-appeal_id")
    topics, place = dict(newest.values_list("appeal_id", "topic_id")[:EARLIER]), house()
    for row in Answer.objects.filter(appeal_id__in=topics).select_related("appeal").order_by("-id")[:EARLIER]:
        topic = place.topics.get(topics[row.appeal_id] or 0)
        name = topic.name.in_language(code) if topic else ""
        yield Earlier(row.text, row.appeal.text, name, row.appeal.number)


@cache
def _duties() -> dict[str, Any]:
    return tomllib.loads((files("dauys.answer") / "data" / "duties.toml").read_text(encoding="utf-8"))


def duty(family: str, code: str) -> Duty:
    """What the law of this family of rules asks of an answer, its article named in this language."""
    told = _duties().get(family)
    if told is None:
        return Duty()
    return Duty(
        told["facts"], told["cites_law"], told["complaint_route"],
        skeletons.law(family, code) or told["article"], tuple(told["also_lawful"]),
    )  # fmt: skip


def _line(one: Finding, text: str) -> Line:
    quotes = tuple(" ".join(text[start:end].split()) for start, end in one.spans[:QUOTED])
    return Line(one.code, one.severity.value, check_words.severity(one.severity), check_words.said(one), quotes)

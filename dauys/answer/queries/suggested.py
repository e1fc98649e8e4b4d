"""Earlier answers that may serve as a start, in a fixed number of statements."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np

from dauys.answer import suggesting, words
from dauys.answer.models import Answer, Handling, State
from dauys.answer.queries.desk import visible
from dauys.answer.queries.page import AppealPage
from dauys.institution import rights
from dauys.institution.models import User
from dauys.institution.queries import House, house
from dauys.understand import masking, vectors

NEAREST = 150
"""Appeals nearest in meaning that are looked at, whatever their age."""

NEWEST = 300
"""Answered appeals of the same office that are looked at for the same topic."""

CONSIDERED = 12
SHOWN = 3
APPEAL_LETTERS = 1200
ANSWER_LETTERS = 6000

NEAR = 0.5
"""From this nearness in meaning on two appeals ask much the same, whatever their topics."""

FAR = 0.25
"""Below this two appeals of one topic speak of different things all the same."""

_ENDED_WELL = (State.CONFIRMED, State.ANSWERED)


@dataclass(frozen=True, slots=True)
class Suggestion:
    """An earlier answer with its appeal. Personal data of both is hidden; facts of that case are holes."""

    answer_id: int
    number: str
    sent_on: date
    language: str
    outcome: str
    office: str
    is_confirmed: bool
    why: tuple[str, ...]
    likeness: float
    appeal: tuple[suggesting.Piece, ...]
    answer: tuple[suggesting.Piece, ...]
    start: str
    """What the draft begins with, if it is taken."""


@dataclass(frozen=True, slots=True)
class _Candidate:
    appeal_id: int
    state: str
    cosine: float
    same_topic: bool
    same_area: bool
    same_language: bool

    @property
    def likeness(self) -> float:
        return min(
            1.0, max(self.cosine, 0.3 if self.same_topic else 0.0) + 0.1 * self.same_topic + 0.1 * self.same_area
        )

    @property
    def rank(self) -> tuple[bool, bool, bool, float, int]:
        # A confirmed answer to a question hardly alike helps less than an undisputed one to nearly the same question.
        return self.same_language, self.cosine >= NEAR, self.state == State.CONFIRMED, self.likeness, self.appeal_id


def suggested(user: User, page: AppealPage) -> list[Suggestion]:
    """Answers to alike appeals that this person may read: first those a citizen confirmed, then, of the same offices,
    those nobody disputed. At most three, in the language of the appeal where there are such.
    """
    candidates = _candidates(user, page)
    best = sorted(candidates, key=lambda one: one.rank, reverse=True)[:CONSIDERED]
    answers = _answers(page, [one.appeal_id for one in best])
    found = [(one, answers[one.appeal_id]) for one in best if one.appeal_id in answers]
    return [_suggestion(page, one, answer) for one, answer in found[:SHOWN]]


def suggestion(user: User, page: AppealPage, answer_id: int) -> Suggestion | None:
    """One of them again, by its answer; None where it may not be read, was disputed, or is gone."""
    appeal_id = Answer.objects.filter(id=answer_id).values_list("appeal_id", flat=True).first()
    seen = visible(user)
    if appeal_id is None or seen is None or appeal_id == page.appeal.id:
        return None
    rows = Handling.objects.filter(seen, appeal_id=appeal_id, state__in=_ENDED_WELL)
    row = rows.values("appeal_id", "state", "topic_id", "area_id", "appeal__language").first()
    answer = _answers(page, [appeal_id]).get(appeal_id) if row else None
    if row is None or answer is None or answer.id != answer_id:
        return None
    return _suggestion(page, _candidate(page, row, 0.0), answer)


def _candidates(user: User, page: AppealPage) -> list[_Candidate]:
    seen = visible(user)
    if seen is None:
        return []
    handling = page.handling
    cosines = {one.appeal_id: one.cosine for one in vectors.near(handling.appeal_id, NEAREST)}
    ended = Handling.objects.filter(state__in=_ENDED_WELL)
    fields = ("appeal_id", "state", "topic_id", "area_id", "appeal__language")
    rows: dict[int, Mapping[str, Any]] = {}
    if handling.topic_id is not None and rights.may(user, "hear.read", [handling.acting_id]):
        # The newest of the office by its index; which of them are of the topic is decided here, for a rare topic would
        # make the database walk all the years of the office.
        newest = ended.filter(acting_id=handling.acting_id).order_by("-appeal_id")
        rows |= {
            row["appeal_id"]: row for row in newest.values(*fields)[:NEWEST] if row["topic_id"] == handling.topic_id
        }
    if cosines:
        rows |= {row["appeal_id"]: row for row in ended.filter(seen, appeal_id__in=list(cosines)).values(*fields)}
    rows.pop(handling.appeal_id, None)
    cosines |= _cosines(handling.appeal_id, [one for one in rows if one not in cosines])
    found = [_candidate(page, row, cosines.get(appeal_id, 0.0)) for appeal_id, row in rows.items()]
    return [one for one in found if one.cosine >= (FAR if one.same_topic else NEAR)]


def _cosines(appeal_id: int, others: list[int]) -> dict[int, float]:
    """How near in meaning the others are; what has no vector yet counts as just near enough."""
    known = vectors.known([appeal_id, *others])
    own = known.get(appeal_id)
    if own is None:
        return dict.fromkeys(others, FAR)
    length = float(np.linalg.norm(own))
    return {
        one: float(known[one] @ own) / (length * float(np.linalg.norm(known[one]))) if one in known else FAR
        for one in others
    }


def _candidate(page: AppealPage, row: Mapping[str, Any], cosine: float) -> _Candidate:
    handling = page.handling
    return _Candidate(
        row["appeal_id"], row["state"], cosine,
        handling.topic_id is not None and row["topic_id"] == handling.topic_id,
        handling.area_id is not None and row["area_id"] == handling.area_id,
        row["appeal__language"] == page.appeal.language,
    )  # fmt: skip


def _answers(page: AppealPage, appeal_ids: list[int]) -> dict[int, Answer]:
    """The last answer of each appeal, if the citizen confirmed it, or if it is of an office of this appeal and nobody
    disputed it.
    """
    ours = [page.handling.acting_id, page.handling.clock_id]
    rows = Answer.objects.filter(appeal_id__in=appeal_ids).select_related("appeal", "verdict").order_by("ordinal")
    last = {row.appeal_id: row for row in rows}
    return {appeal_id: row for appeal_id, row in last.items() if row.text and _is_approved(row, ours)}


def _is_approved(answer: Answer, ours: list[int | None]) -> bool:
    verdict = getattr(answer, "verdict", None)
    return verdict.solved if verdict is not None else answer.office_id in ours


def _suggestion(page: AppealPage, one: _Candidate, answer: Answer) -> Suggestion:
    place, there, here = house(), answer.appeal, page.appeal
    office = place.offices.get(answer.office_id)
    said = masking.for_colleagues(there.text, there.language, most=APPEAL_LETTERS)
    share, pieces = suggesting.difference(said, masking.for_colleagues(here.text, there.language, most=APPEAL_LETTERS))
    own = {here.text, here.place, *_names(place, page.handling.area_id)}
    answered = suggesting.start(
        answer.text[:ANSWER_LETTERS],
        answer.appeal.language,
        places=[there.place, *_names(place, there.area_id)],
        own=[word for text in own for word in re.findall(r"\w+", text)],
    )
    is_confirmed = hasattr(answer, "verdict")
    return Suggestion(
        answer.id, there.number, answer.sent_on, there.language, answer.outcome, str(office.name) if office else "",
        is_confirmed,
        words.why_suggested(
            is_confirmed=is_confirmed, same_topic=one.same_topic, same_area=one.same_area, likeness=one.cosine
        ),
        max(one.likeness, share), tuple(pieces), tuple(answered), suggesting.text_of(answered),
    )  # fmt: skip


def _names(place: House, area_id: int | None) -> list[str]:
    """The names of an area that is one place, in every language; a district or a region is no fact of one case."""
    area = place.areas.get(area_id or 0)
    if area is None or area.level in ("country", "region", "district"):
        return []
    return [area.name.kk, area.name.ru, area.name.en]

"""What citizens said of answers: for those who gave them, and for whoever asks once more.

What the office decided (`Outcome`) and what the citizen confirmed (`Verdict`) stand beside each other and are never
added up. Answers are listed, people are not: there is no first and no last officer here.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Avg, Count, Exists, F, OuterRef, Q, QuerySet, Subquery

from dauys.answer.models import Answer, Handling, State, Verdict
from dauys.institution import rights
from dauys.institution.models import User
from dauys.institution.queries import house
from dauys.understand import masking

ASK_AGAIN_DAYS = 28
"""Four weeks: by then most people know whether it was solved."""

ASK_AGAIN_UNTIL = 35
"""A question that could not be asked for a week is not asked any more."""

WORDS_SHOWN = 50
JUDGED_WITHIN = 180
WORDS_MOST = 400
PERIODS = (30, 90, 365)


@dataclass(frozen=True, slots=True)
class Unjudged:
    """An answer that waits for the citizen's word: who wrote is not in it."""

    answer_id: int
    appeal_id: int
    number: str
    ordinal: int
    language: str
    sent_on: date


def is_asked_again(sent_on: date, today: date) -> bool:
    """Whether the citizen's page asks once more."""
    return (today - sent_on).days >= ASK_AGAIN_DAYS


def to_ask_again(*, today: date, after: int = 0, limit: int = 200) -> list[Unjudged]:
    """Answers given four weeks ago, or up to a week more, on which no word was said and which still stand.

    In the order of answers, after the one with this id. Past answers taken over are not asked about.
    """
    newest = Answer.objects.filter(appeal_id=OuterRef("appeal_id")).order_by("-ordinal").values("ordinal")[:1]
    rows = (
        Answer.objects.filter(
            sent_on__lte=today - timedelta(days=ASK_AGAIN_DAYS),
            sent_on__gt=today - timedelta(days=ASK_AGAIN_UNTIL),
            id__gt=after,
            officer__isnull=False,
            verdict=None,
        )
        # Asked of each answer of that week: by their state half of all appeals ever answered would be walked.
        .filter(Exists(Handling.objects.filter(appeal_id=OuterRef("appeal_id"), state=State.ANSWERED)))
        .filter(ordinal=Subquery(newest))
        .order_by("id")
    )
    told = rows.values_list("id", "appeal_id", "appeal__number", "ordinal", "appeal__language", "sent_on")
    return [Unjudged(*row) for row in told[:limit]]


@dataclass(frozen=True, slots=True)
class Tally:
    """Answers sent in a period, and what citizens said of them. `judged` is the denominator of the last three.

    `rating` is the mean of `rated` ratings, None below five of them: fewer point at a person.
    """

    answers: int
    judged: int
    solved: int
    partly: int
    unsolved: int
    rated: int
    rating: float | None


@dataclass(frozen=True, slots=True)
class Said:
    """One citizen's word on one answer; the words masked."""

    number: str
    outcome: str
    solved: bool
    partly: bool
    rests: bool
    rating: int | None
    words: str
    language: str
    sent_on: date
    given_at: datetime


@dataclass(frozen=True, slots=True)
class Mine:
    since: date
    until: date
    tally: Tally
    said: Sequence[Said]


RATED_LEAST = 5


def said_of_answers(user: User, *, of_office: bool, today: date, days: int) -> Mine:
    """Answers this officer sent in the last `days`, today included, what citizens said of them, and the newest words of
    these days. With `of_office`, of all answers of the offices they are head of, as answers. Three statements.
    """
    since = today - timedelta(days=days - 1)
    answers = Answer.objects.filter(sent_on__gte=since, sent_on__lte=today)
    words = Verdict.objects.filter(given_on__gte=since, given_on__lte=today)
    if not of_office:
        answers = answers.filter(officer=user)
        # Hardly anybody judges an answer half a year later; without an end every answer ever sent would be looked at.
        words = words.filter(answer__officer=user, answer__sent_on__gte=since - timedelta(days=JUDGED_WITHIN))
    elif not (offices := rights.offices_for(user, "answer.see_verdicts")) >= house().offices.keys():
        answers = answers.filter(office__in=offices)
        # As a sum no index serves it: the days of words are walked, not all that a large office ever sent.
        words = words.alias(of=F("answer__office") + 0).filter(of__in=offices)
    verdicts = Verdict.objects.filter(answer__in=answers)
    counts = verdicts.aggregate(
        judged=Count("id"),
        solved=Count("id", filter=Q(solved=True)),
        partly=Count("id", filter=Q(partly=True)),
        rated=Count("rating"),
        mean=Avg("rating"),
    )
    mean = counts.pop("mean")
    tally = Tally(
        answers=answers.count(),
        **counts,
        unsolved=counts["judged"] - counts["solved"] - counts["partly"],
        rating=mean if counts["rated"] >= RATED_LEAST else None,
    )
    return Mine(since, today, tally, _said(words))


def _said(verdicts: QuerySet[Verdict]) -> list[Said]:
    rows = verdicts.order_by("-given_on", "-id").values_list(
        "appeal__number", "answer__outcome", "solved", "partly", "rests", "rating", "words", "appeal__language",
        "answer__sent_on", "given_at",
    )  # fmt: skip
    return [
        Said(number, outcome, solved, partly, rests, rating, _masked(words), language, sent_on, given_at)
        for number, outcome, solved, partly, rests, rating, words, language, sent_on, given_at in rows[:WORDS_SHOWN]
    ]


def _masked(words: str) -> str:
    return masking.for_colleagues(words, most=WORDS_MOST)

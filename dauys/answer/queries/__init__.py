"""What the pages of this room, and later rooms, ask about answers."""

from dauys.answer.queries.citizen import CitizenPage, citizen_page
from dauys.answer.queries.desk import (
    PAGE,
    Asked,
    Row,
    Shown,
    badges,
    desk,
    first_ids,
    may_see,
    next_of,
    readable,
    views_for,
    visible,
)
from dauys.answer.queries.enclosures import file_for_citizen
from dauys.answer.queries.explained import Explained, promise_explained
from dauys.answer.queries.page import AppealPage, alike_visible, appeal_page, matter_visible
from dauys.answer.queries.problems import ProblemPage, parts_of, problem_page
from dauys.answer.queries.procedure import held_at, procedure_of, rulings_for_citizen, waiting
from dauys.answer.queries.proof import answer_of, answer_proof
from dauys.answer.queries.suggested import Suggestion, suggested, suggestion
from dauys.answer.queries.verdicts import Mine, Unjudged, is_asked_again, said_of_answers, to_ask_again

__all__ = [
    "PAGE",
    "AppealPage",
    "Asked",
    "CitizenPage",
    "Explained",
    "Mine",
    "ProblemPage",
    "Row",
    "Shown",
    "Suggestion",
    "Unjudged",
    "alike_visible",
    "answer_of",
    "answer_proof",
    "appeal_page",
    "badges",
    "citizen_page",
    "desk",
    "file_for_citizen",
    "first_ids",
    "held_at",
    "is_asked_again",
    "matter_visible",
    "may_see",
    "next_of",
    "parts_of",
    "problem_page",
    "procedure_of",
    "promise_explained",
    "readable",
    "rulings_for_citizen",
    "said_of_answers",
    "suggested",
    "suggestion",
    "to_ask_again",
    "views_for",
    "visible",
    "waiting",
]

"""What the pages of this room, and later rooms, ask about answers."""

from dauys.answer.queries.citizen import CitizenPage, citizen_page
from dauys.answer.queries.desk import Asked, Row, Shown, badges, desk, may_see, readable, views_for, visible
from dauys.answer.queries.explained import Explained, promise_explained
from dauys.answer.queries.page import AppealPage, alike_visible, appeal_page, matter_visible
from dauys.answer.queries.proof import answer_proof

__all__ = [
    "AppealPage",
    "Asked",
    "CitizenPage",
    "Explained",
    "Row",
    "Shown",
    "alike_visible",
    "answer_proof",
    "appeal_page",
    "badges",
    "citizen_page",
    "desk",
    "matter_visible",
    "may_see",
    "promise_explained",
    "readable",
    "views_for",
    "visible",
]

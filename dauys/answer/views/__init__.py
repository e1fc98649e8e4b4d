"""The officer's desk and the page of one appeal."""

from dauys.answer.views.appeal import alike, appeal, assign, attachment, contact, pass_on, pass_on_corrected, take
from dauys.answer.views.desk import desk
from dauys.answer.views.shared import sentence
from dauys.answer.views.writing import draft, send, write

__all__ = [
    "alike",
    "appeal",
    "assign",
    "attachment",
    "contact",
    "desk",
    "draft",
    "pass_on",
    "pass_on_corrected",
    "send",
    "sentence",
    "take",
    "write",
]

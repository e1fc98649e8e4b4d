"""The officer's desk and the page of one appeal."""

from dauys.answer.views.appeal import alike, appeal, assign, attachment, contact, pass_on, pass_on_corrected, take
from dauys.answer.views.calculator import calculator, calculator_json
from dauys.answer.views.checking import check
from dauys.answer.views.desk import desk
from dauys.answer.views.enclosures import enclose, take_out
from dauys.answer.views.leaving import fresh, give_back, here, leaving, take_many, undo
from dauys.answer.views.letters import decide_letter, letters, reminders
from dauys.answer.views.letters_pdf import letter, ticket
from dauys.answer.views.procedure import hand_over, procedure, waiting
from dauys.answer.views.shared import sentence
from dauys.answer.views.suggestions import begin, earlier
from dauys.answer.views.templates import templates
from dauys.answer.views.terms import moved, terms
from dauys.answer.views.together import answer_together, problem, split
from dauys.answer.views.verdicts import mine
from dauys.answer.views.writing import draft, send, write

__all__ = [
    "alike",
    "answer_together",
    "appeal",
    "assign",
    "attachment",
    "begin",
    "calculator",
    "calculator_json",
    "check",
    "contact",
    "decide_letter",
    "desk",
    "draft",
    "earlier",
    "enclose",
    "fresh",
    "give_back",
    "hand_over",
    "here",
    "leaving",
    "letter",
    "letters",
    "mine",
    "moved",
    "pass_on",
    "pass_on_corrected",
    "problem",
    "procedure",
    "reminders",
    "send",
    "sentence",
    "split",
    "take",
    "take_many",
    "take_out",
    "templates",
    "terms",
    "ticket",
    "undo",
    "waiting",
    "write",
]

"""Letters on paper: the answer as an official letter, and the ticket an applicant takes home."""

from dauys.answer.letters.answer import answer_letter
from dauys.answer.letters.ticket import ticket
from dauys.answer.letters.typesetting import typeset

__all__ = ["answer_letter", "ticket", "typeset"]

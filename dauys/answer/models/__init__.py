"""Who answers, by when, what was said, and what the citizen says of it."""

from dauys.answer.models.answering import Answer, Deferred, Draft, Joint, Outcome, Template, Verdict
from dauys.answer.models.handling import Followed, Handling, Routing, State
from dauys.answer.models.post import Letter, Reminder
from dauys.answer.models.promise import Promise, Recount, RuleBook, Ruling
from dauys.answer.models.thread import Enclosure, Message

__all__ = [
    "Answer",
    "Deferred",
    "Draft",
    "Enclosure",
    "Followed",
    "Handling",
    "Joint",
    "Letter",
    "Message",
    "Outcome",
    "Promise",
    "Recount",
    "Reminder",
    "Routing",
    "RuleBook",
    "Ruling",
    "State",
    "Template",
    "Verdict",
]

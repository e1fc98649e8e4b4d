"""Who answers, by when, what was said, and what the citizen says of it."""

from dauys.answer.models.answering import Answer, Deferred, Draft, Joint, Outcome, Template, Verdict
from dauys.answer.models.handling import Followed, Handling, Routing, State
from dauys.answer.models.order import Ordered, Presence, Turn
from dauys.answer.models.post import Letter, Looked, Quiet, Reminder
from dauys.answer.models.promise import Promise, Recount, RuleBook, Ruling
from dauys.answer.models.sharing import Colleague, Sharing
from dauys.answer.models.thread import Enclosure, Message

__all__ = [
    "Answer",
    "Colleague",
    "Deferred",
    "Draft",
    "Enclosure",
    "Followed",
    "Handling",
    "Joint",
    "Letter",
    "Looked",
    "Message",
    "Ordered",
    "Outcome",
    "Presence",
    "Promise",
    "Quiet",
    "Recount",
    "Reminder",
    "Routing",
    "RuleBook",
    "Ruling",
    "Sharing",
    "State",
    "Template",
    "Turn",
    "Verdict",
]

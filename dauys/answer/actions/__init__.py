"""The verbs of this room: each is one right checked, one transaction, one entry of the ledger."""

from dauys.answer.actions.contact import open_contact
from dauys.answer.actions.dialogue import citizen_writes, mark_read, save_draft, write
from dauys.answer.actions.failures import (
    AboutThisOffice,
    AlreadyAnswered,
    AlreadyJudged,
    AlreadyTaken,
    Empty,
    Failure,
    NoOutcome,
    NothingToJudge,
    NotRouted,
    NotThere,
    SameOffice,
    SomebodyElsesDraft,
    TooLong,
    TooMany,
    Unfinished,
)
from dauys.answer.actions.following import pass_on_corrected, reroute_pending
from dauys.answer.actions.judging import give_verdict, verdict_fields
from dauys.answer.actions.placing import assign, redirect, take
from dauys.answer.actions.routing import route_and_promise_pending
from dauys.answer.actions.sending import answer_fields, send_answer

__all__ = [
    "AboutThisOffice",
    "AlreadyAnswered",
    "AlreadyJudged",
    "AlreadyTaken",
    "Empty",
    "Failure",
    "NoOutcome",
    "NotRouted",
    "NotThere",
    "NothingToJudge",
    "SameOffice",
    "SomebodyElsesDraft",
    "TooLong",
    "TooMany",
    "Unfinished",
    "answer_fields",
    "assign",
    "citizen_writes",
    "give_verdict",
    "mark_read",
    "open_contact",
    "pass_on_corrected",
    "redirect",
    "reroute_pending",
    "route_and_promise_pending",
    "save_draft",
    "send_answer",
    "take",
    "verdict_fields",
    "write",
]

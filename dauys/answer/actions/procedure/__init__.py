"""What may happen between the promise and the answer, as far as the rule of the case knows it: data, not code."""

from dauys.answer.actions.procedure.defects import accept_mended, ask_to_mend, mend
from dauys.answer.actions.procedure.ending import terminate, withdraw
from dauys.answer.actions.procedure.extending import extend, pause, resume, resume_pending
from dauys.answer.actions.procedure.handing_over import hand_over_all, held_outside
from dauys.answer.actions.procedure.hearing import before_answer, hold_hearing, object_to, offer_hearing, waive_hearing
from dauys.answer.actions.procedure.lapsing import has_lapsed, lapse_pending
from dauys.answer.actions.procedure.passing_up import pass_up
from dauys.answer.actions.procedure.returning import attach, return_appeal

__all__ = [
    "accept_mended",
    "ask_to_mend",
    "attach",
    "before_answer",
    "extend",
    "hand_over_all",
    "has_lapsed",
    "held_outside",
    "hold_hearing",
    "lapse_pending",
    "mend",
    "object_to",
    "offer_hearing",
    "pass_up",
    "pause",
    "resume",
    "resume_pending",
    "return_appeal",
    "terminate",
    "waive_hearing",
    "withdraw",
]

"""What an entry of the ledger says happened."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from dauys.answer.words.names import office_name, topic_name
from dauys.institution.queries import house


def deed(verb: str, detail: Mapping[str, Any] | None, *, for_citizen: bool) -> str:
    """What an entry of the ledger says happened; empty where this reader need not be told."""
    place, told = house(), detail or {}
    named = {
        "to": office_name(place, told.get("to")) if isinstance(told.get("to"), str) else "",
        "from": office_name(place, told.get("from")),
        "office": office_name(place, told.get("clock")),
        "topic": topic_name(place, told.get("topic")),
        "part": told.get("part", ""),
        "before": _day(told.get("before")),
        "due_on": _day(told.get("due_on")),
    }
    if verb == "answer.promise":
        return (
            _("Given to %(office)s; an answer is promised") % named
            if told.get("clock")
            else _("An office is being looked for")
        )
    if verb == "answer.route":
        return _("Given to %(office)s") % {"office": named["to"] or named["office"]}
    if verb == "answer.verdict":
        return _verdict(told, for_citizen) % {"office": office_name(place, told.get("raised_to"))}
    yours = {
        "answer.citizen_writes": _("You wrote"),
        "answer.write": _("The officer wrote to you"),
        "answer.read": _("The officer has read your message"),
        "answer.ask_to_mend": _("You were asked to mend the appeal"),
        "answer.object": _("You objected to what was planned"),
        "answer.withdraw": _("You took the appeal back"),
    }
    if for_citizen and verb in yours:
        return yours[verb]
    both = {
        "hear.receive": _("Received and registered"),
        "answer.redirect": _("Passed on from %(from)s to %(to)s"),
        "answer.recount": _("The calendar or a rule changed: the promised day moved from %(before)s to %(due_on)s"),
        "answer.follow": _("A person corrected the topic or the place"),
        "answer.take": _("An officer has taken it up"),
        "answer.remind": _reminded(told) % {"office": named["to"]},
        "answer.split": _("A part of the letter became appeal %(part)s"),
        "answer.together": _("One answer to all appeals of a problem was prepared"),
        "answer.take_back_together": _("The answer to all appeals of a problem was taken back before it left"),
        "answer.write": _("The officer wrote to the citizen"),
        "answer.citizen_writes": _("The citizen wrote"),
        "answer.read": _("An officer has read the citizen's message"),
        "answer.send": _("Answered"),
        "answer.extend": _("The term was extended from %(before)s to %(due_on)s"),
        "answer.pause": _("The clock was stopped"),
        "answer.resume": _("The clock goes on; the answer is now due on %(due_on)s"),
        "answer.ask_to_mend": _("The citizen was asked to mend the appeal"),
        "answer.mend": _("What was missing in the appeal is there"),
        "answer.return": _("Returned without being considered"),
        "answer.attach": _("Added to the file of the same appeal, returned before"),
        "answer.offer_hearing": _("A hearing was offered before an unfavourable decision"),
        "answer.object": _("The citizen objected to what was planned"),
        "answer.hold_hearing": _("The hearing was held and written down"),
        "answer.waive_hearing": _("It is decided without a hearing, on a ground of the rule"),
        "answer.lapse": _("The term passed in silence: a refusal in law"),
        "answer.pass_up": _("The complaint was passed up"),
        "answer.terminate": _("The procedure was ended without an answer"),
        "answer.withdraw": _("The appeal was taken back by the citizen"),
        "answer.take_over": _("Answered before; taken over from the old records"),
    }
    if verb in both:
        return both[verb] % named
    if for_citizen:
        return ""
    return {
        "answer.ask_machine": _("The drafting machine was asked for a draft"),
        "answer.save_template": _("A template of the office was saved"),
        "answer.close_template": _("A template of the office was closed"),
        "answer.assign": _("Given to a colleague"),
        "answer.share": _("Given to the officer with the least open work"),
        "answer.set_sharing": _("How the office shares its work was changed"),
        "answer.manage_rules": _("The routing rules were changed"),
        "answer.pass_again": _("Passed on once more by the head of both offices"),
        "answer.give_back": _("Given back to the office"),
        "answer.hand_over": _("Handed over to a colleague with everything else"),
        "answer.note": _("Internal note"),
        "answer.letter_again": _("A letter that may not have arrived is sent again"),
        "answer.letter_left": _("A letter that may not have arrived is left as it is"),
        "hear.read_contact": _("Contact data opened"),
        "understand.decide": _("Topic set by a person: %(topic)s"),
        "understand.join": _("Joined to a problem"),
        "understand.part": _("Taken out of its problem"),
    }.get(verb, verb) % named


def _day(told: object) -> str:
    """«04.04.2026», which stands in any sentence of the three languages."""
    return ".".join(reversed(told.split("-"))) if isinstance(told, str) else ""


def _reminded(told: Mapping[str, Any]) -> str:
    """Who was reminded of the promised day, and whether it was near, had come or had passed."""
    days = int(told.get("days_left") or 0)
    if told.get("rung") == 1:
        return _("%(office)s was reminded that the promised day is near")
    if told.get("rung") == 3:
        return _("The promised day has passed: the office above, %(office)s, was told")
    if days < 0:
        return _("The promised day has passed: the head was reminded. %(office)s")
    return _("The promised day has come: the head was reminded. %(office)s")


def _verdict(told: Mapping[str, Any], for_citizen: bool) -> str:
    if told.get("solved"):
        return _("You said: solved") if for_citizen else _("The citizen says: solved")
    if told.get("rests"):
        return (
            _("You said: solved in part, and left it at that")
            if for_citizen
            else _("The citizen says: solved in part, and leaves it at that")
        )
    if told.get("raised_to"):
        return (
            _("You disputed the answer again. Open again, now higher up: %(office)s")
            if for_citizen
            else _("The citizen disputes the answer again. Open again, now higher up: %(office)s")
        )
    if told.get("partly"):
        return (
            _("You said: solved in part. Open again for the rest")
            if for_citizen
            else _("The citizen says: solved in part. Open again for the rest")
        )
    return _("You said: not solved. Open again") if for_citizen else _("The citizen says: not solved. Open again")

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
    }
    if verb == "answer.promise":
        return (
            _("Given to %(office)s; an answer is promised") % named
            if told.get("clock")
            else _("An office is being looked for")
        )
    if verb == "answer.route":
        return _("Given to %(office)s") % {"office": named["to"] or named["office"]}
    if verb == "answer.verdict" and for_citizen:
        return _("You said: solved") if told.get("solved") else _("You said: not solved. Open again")
    if verb == "answer.verdict":
        return _("The citizen says: solved") if told.get("solved") else _("The citizen says: not solved. Open again")
    if for_citizen and verb in ("answer.citizen_writes", "answer.write", "answer.read"):
        return {
            "answer.citizen_writes": _("You wrote"),
            "answer.write": _("The officer wrote to you"),
            "answer.read": _("The officer has read your message"),
        }[verb]
    both = {
        "hear.receive": _("Received and registered"),
        "answer.redirect": _("Passed on from %(from)s to %(to)s"),
        "answer.follow": _("A person corrected the topic or the place"),
        "answer.take": _("An officer has taken it up"),
        "answer.write": _("The officer wrote to the citizen"),
        "answer.citizen_writes": _("The citizen wrote"),
        "answer.read": _("An officer has read the citizen's message"),
        "answer.send": _("Answered"),
        "answer.take_over": _("Answered before; taken over from the old records"),
    }
    if verb in both:
        return both[verb] % named
    if for_citizen:
        return ""
    return {
        "answer.assign": _("Given to a colleague"),
        "answer.note": _("Internal note"),
        "hear.read_contact": _("Contact data opened"),
        "understand.decide": _("Topic set by a person: %(topic)s"),
        "understand.join": _("Joined to a problem"),
        "understand.part": _("Taken out of its problem"),
    }.get(verb, verb) % named

"""Reasons, days and deeds as whole sentences in the reader's language. Data comes in, words go out."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from dauys.engines.deadline import Step
from dauys.engines.policy import Policy
from dauys.institution.calendar import holiday_name
from dauys.institution.queries import House, house


def language() -> str:
    return (get_language() or "ru")[:2]


# Routing


def routing(reasons: Sequence[Mapping[str, Any]]) -> list[str]:
    """Why an appeal is where it is, a sentence a reason; one office in both roles is explained once."""
    place = house()
    seen: set[tuple[Any, ...]] = set()
    sentences = []
    for reason in reasons:
        same = (reason.get("office"), reason.get("topic"), reason.get("area"))
        if reason["code"] in ("acts", "holds_clock"):
            if same in seen:
                continue
            seen.add(same)
        said = _reason(reason, place)
        if said:
            sentences.append(said)
    return sentences


def _reason(reason: Mapping[str, Any], place: House) -> str:
    code = reason["code"]
    named = {
        "office": office_name(place, reason.get("office")),
        "about": office_name(place, reason.get("about")),
        "topic": topic_name(place, reason.get("topic")),
        "area": area_name(place, reason.get("area")),
        "words": reason.get("words", ""),
        "from": office_name(place, reason.get("from")),
        "to": office_name(place, reason.get("to")),
        "percent": round(100 * float(reason.get("confidence") or 0)),
    }
    if code in ("acts", "holds_clock"):
        return _match(code, reason, named)
    sentence = {
        "complained_about": _(
            "%(office)s would come first, but the appeal is about %(about)s, and nobody judges themselves."
        ),
        "passed_up": _("A complaint goes to the body above: %(office)s."),
        "topic_unknown": _("What the appeal is about could not be told, so no office was guessed."),
        "topic_unsure": _(
            "The topic is probably “%(topic)s” (%(percent)s %%), which is not sure enough to choose an office by."
        ),
        "area_unknown": _("The place is not known."),
        "nobody_acts": _("No office does work of this kind there: the administrator should add a competence."),
        "nobody_holds_clock": _(
            "No office owes answers of this kind there: the administrator should add a competence."
        ),
        "only_the_body_complained_about": _("Only %(office)s could take this, and the appeal is about it."),
        "label": _("The old records say that %(office)s handled it."),
        "redirected": _("Passed on from %(from)s to %(to)s: %(words)s"),
        "corrected": _("A person corrected the topic or the place, and so it was passed on from %(from)s to %(to)s."),
        "routed_by_hand": _("Given to %(to)s by a person: %(words)s"),
    }.get(code, "")
    return sentence % named if sentence else ""


def _match(code: str, reason: Mapping[str, Any], named: Mapping[str, Any]) -> str:
    topic, area = bool(reason.get("topic")), bool(reason.get("area"))
    acts = {
        (True, True): _("%(office)s works on this: it answers for “%(topic)s” in %(area)s."),
        (True, False): _("%(office)s works on this: it answers for “%(topic)s” everywhere."),
        (False, True): _("%(office)s works on this: it answers for all matters in %(area)s."),
        (False, False): _("%(office)s works on this: it takes what no other office answers for."),
    }
    owes = {
        (True, True): _("%(office)s owes the answer: it holds the clock for “%(topic)s” in %(area)s."),
        (True, False): _("%(office)s owes the answer: it holds the clock for “%(topic)s” everywhere."),
        (False, True): _("%(office)s owes the answer: it holds the clock for all matters in %(area)s."),
        (False, False): _("%(office)s owes the answer: it holds the clock where no other office does."),
    }
    return (acts if code == "acts" else owes)[topic, area] % named


def office_name(place: House, code: Any) -> str:
    office = place.office_by_code.get(str(code or ""))
    return str(office.name) if office else str(code or "")


def topic_name(place: House, code: Any) -> str:
    topic = place.topic_by_code.get(str(code or ""))
    return str(topic.name) if topic else str(code or "")


def area_name(place: House, code: Any) -> str:
    area = place.area_by_code.get(str(code or ""))
    return str(area.name) if area else str(code or "")


# The promise


def term(policy: Policy) -> str:
    """«15 working days»."""
    sentence = {
        "wd": ngettext("%(n)d working day", "%(n)d working days", policy.amount),
        "cd": ngettext("%(n)d calendar day", "%(n)d calendar days", policy.amount),
        "week": ngettext("%(n)d week", "%(n)d weeks", policy.amount),
        "month": ngettext("%(n)d month", "%(n)d months", policy.amount),
    }[policy.unit]
    return sentence % {"n": policy.amount}


def step(one: Step, *, country: str, from_receipt: bool = False) -> str:
    """What one day of the count does, in words. `from_receipt`: the term runs from receipt, not registration."""
    name = holiday_name(country, one.name, language()) if one.name else ""
    if one.why == "registration" and from_receipt:
        return _("Received; the count begins on the next day")
    if one.why == "registration":
        return _("Registered; the count begins on the next day")
    if one.why == "due":
        return _("Day %(n)s: the answer is due") % {"n": one.number}
    if one.why == "rolled":
        return _("The answer is due: the term ended on a closed day, so the next working day counts")
    if one.counts and one.day == "worked_weekend":
        return _("Day %(n)s: a weekend day that is worked") % {"n": one.number}
    if one.counts:
        return _("Day %(n)s") % {"n": one.number}
    if one.day == "holiday":
        return _("Holiday: %(name)s") % {"name": name} if name else _("Holiday")
    if one.day == "moved_day_off":
        return _("Moved day off: %(name)s") % {"name": name} if name else _("Moved day off")
    if one.day == "weekend":
        return _("Weekend")
    return _("Not counted")


def time_left(due_on: date, today: date) -> str:
    """How long the citizen still waits, in words."""
    days = (due_on - today).days
    if days > 1:
        return ngettext(
            "%(days)d day is left until the promised answer.",
            "%(days)d days are left until the promised answer.",
            days,
        ) % {"days": days}
    if days == 1:
        return _("The answer is promised for tomorrow.")
    if days == 0:
        return _("The answer is promised for today.")
    return ngettext(
        "The answer is %(days)d day late. You may complain about it.",
        "The answer is %(days)d days late. You may complain about it.",
        -days,
    ) % {"days": -days}


# Deeds


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


# Findings


KINDS: Mapping[str, Any] = {
    "application": gettext_lazy("Application"),
    "complaint": gettext_lazy("Complaint"),
    "inquiry": gettext_lazy("Inquiry"),
    "message": gettext_lazy("Report"),
    "proposal": gettext_lazy("Proposal"),
    "response": gettext_lazy("Feedback"),
}
VULNERABLE: Mapping[str, Any] = {
    "infant": gettext_lazy("A small child is concerned"),
    "children": gettext_lazy("Children are concerned"),
    "disabled": gettext_lazy("A person with a disability is concerned"),
    "elderly": gettext_lazy("An elderly person is concerned"),
    "pregnant": gettext_lazy("A pregnant woman is concerned"),
    "large_family": gettext_lazy("A large family is concerned"),
}
ASKED: Mapping[str, Any] = {
    "do": gettext_lazy("To do or mend"),
    "inform": gettext_lazy("To answer or explain"),
    "pay": gettext_lazy("To pay or return"),
    "check": gettext_lazy("To check or call to account"),
    "allow": gettext_lazy("To allow or issue"),
    "other": gettext_lazy("Something else"),
}
ASKED_MOST = 120
"""Codes of `understand/data/urgency.toml` (level "person") and `engines.asks.KINDS`."""


def finding(aspect: str, value: str, reasons: Sequence[Any], text: str) -> tuple[str, str]:
    """What was concluded and why, both in words; `text` is the appeal's own, in which reasons point at places."""
    place = house()
    told: Mapping[str, Callable[[], Any]] = {
        "topic": lambda: topic_name(place, value),
        "place": lambda: area_name(place, value),
        "language": lambda: {
            "kk": _("Kazakh"),
            "ru": _("Russian"),
            "en": _("English"),
            "mixed": _("Mixed speech"),
        }.get(value, value),
        "urgency": lambda: {"soon": _("Urgent"), "danger": _("Danger to life")}.get(value, value),
        "kind": lambda: KINDS.get(value, value),
        "asks": lambda: (
            ngettext("%(n)d thing is asked", "%(n)d things are asked", int(value or 0)) % {"n": int(value or 0)}
        ),
        "person": lambda: VULNERABLE.get(value, value),
        "personal": lambda: (
            ngettext("%(n)d piece found", "%(n)d pieces found", int(value or 0)) % {"n": int(value or 0)}
        ),
    }
    said = told.get(aspect, lambda: value)()
    if aspect == "asks":
        return str(said), _asked(reasons, text)
    return str(said), " ".join(filter(None, (_why(aspect, reason) for reason in reasons)))


def _asked(reasons: Sequence[Any], text: str) -> str:
    """Each thing that is asked, in the citizen's own words, by its sort."""
    sentences = []
    for reason in reasons:
        if isinstance(reason, list) and len(reason) >= 3:
            kind, start, end = reason[:3]
            words = " ".join(text[start:end].split())
            sentences.append(
                f"{ASKED.get(kind, kind)}: «{words if len(words) <= ASKED_MOST else words[:ASKED_MOST] + '…'}»."
            )
    return " ".join(sentences)


def _why(aspect: str, reason: Any) -> str:
    if not isinstance(reason, list) or not reason:
        return ""
    code, *rest = reason
    if code == "person":
        return _("Said by a person.")
    if code == "label":
        return _("Taken over from the old records.")
    if code == "chosen":
        return _("Chosen by the citizen.")
    if code == "words" and rest:
        return _("Because of the words: %(words)s.") % {"words": ", ".join(map(str, rest))}
    if code == "address" and len(rest) >= 3:
        return _("Address in the words: %(address)s.") % {"address": ", ".join(filter(None, map(str, rest[:3])))}
    if code == "rule" and len(rest) >= 3:
        return _("Because of the words: %(words)s (%(article)s).") % {"words": rest[1], "article": rest[2]}
    if code == "against" and len(rest) >= 2:
        return _("A body is complained about: %(words)s.") % {"words": rest[1]}
    if code == "text" and rest:
        return _("%(percent)s %% of the text is the same.") % {"percent": round(100 * float(rest[0]))}
    if aspect in {"urgency", "person"} and rest:
        return _("Because of the words: %(words)s.") % {"words": str(rest[-1])}
    return ""


# The same matter


def alike(kind: str, value: str) -> str:
    """One reason why two appeals may be about the same matter."""
    place = house()
    match kind:
        case "words":
            return _("Words in common: %(words)s.") % {"words": value}
        case "meaning":
            return _("Alike in meaning: %(percent)s %%.") % {"percent": round(100 * float(value))}
        case "topic":
            return _("The same topic: %(topic)s.") % {"topic": topic_name(place, value)}
        case "area":
            return _("The same place: %(place)s.") % {"place": area_name(place, value)}
        case "building":
            return _("The same building.")
        case "metres":
            return ngettext("%(n)s metre apart.", "%(n)s metres apart.", int(value)) % {"n": value}
        case "days":
            if value == "0":
                return _("On the same day.")
            return ngettext("%(n)s day apart.", "%(n)s days apart.", int(value)) % {"n": value}
    return ""


def matter(kind: str, count: int, reasons: Sequence[tuple[str, str]]) -> tuple[str, tuple[str, ...]]:
    """What the machine takes for one problem: a sentence, and the counts it rests on."""
    said = {
        "campaign": ngettext(
            "A campaign: one text sent by many hands, %(n)s appeal.",
            "A campaign: one text sent by many hands, %(n)s appeals.",
            count,
        ),
        "joint": ngettext(
            "Neighbours wrote one text together: %(n)s appeal from one place.",
            "Neighbours wrote one text together: %(n)s appeals from one place.",
            count,
        ),
        "problem": ngettext(
            "One problem told by many in their own words: %(n)s appeal from one place.",
            "One problem told by many in their own words: %(n)s appeals from one place.",
            count,
        ),
        "repeats": ngettext("One person wrote again: %(n)s appeal.", "One person wrote again: %(n)s appeals.", count),
    }.get(kind) or ngettext("%(n)s appeal may be one matter.", "%(n)s appeals may be one matter.", count)
    shares = dict(reasons)
    why = []
    if "same_text" in shares:
        why.append(_("Nearly the same text: %(share)s.") % {"share": _out_of(shares["same_text"])})
    for code in ("same_point", "same_area"):
        if code in shares:
            why.append(_("In one place: %(share)s.") % {"share": _out_of(shares[code])})
    if "within_three_days" in shares:
        why.append(_("Within three days: %(share)s.") % {"share": _out_of(shares["within_three_days"])})
    return said % {"n": count}, tuple(why)


def _out_of(share: str) -> str:
    part, _slash, whole = share.partition("/")
    return _("%(part)s of %(whole)s") % {"part": part, "whole": whole}

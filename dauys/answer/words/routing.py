"""Why an appeal is where it is."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from dauys.answer.words import rules
from dauys.answer.words.findings import KINDS
from dauys.answer.words.names import area_name, office_name, topic_name
from dauys.hear.models import Channel
from dauys.institution.queries import House, house


def routing(reasons: Sequence[Mapping[str, Any]]) -> list[str]:
    """Why an appeal is where it is, a sentence a reason; one office in both roles is explained once."""
    place = house()
    seen: set[tuple[Any, ...]] = set()
    sentences = []
    for reason in reasons:
        same = (reason.get("office"), reason.get("topic"), reason.get("area"), reason.get("number"))
        if reason["code"] in ("acts", "holds_clock", "rule_acts", "rule_holds_clock"):
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
        "number": reason.get("number", ""),
        "percent": round(100 * float(reason.get("confidence") or 0)),
    }
    if code in ("acts", "holds_clock"):
        return _match(code, reason, named)
    if code in ("rule_acts", "rule_holds_clock", "rule_because", "otherwise"):
        return _by_rule(code, reason, place)
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
        "usual_office": _("Such appeals are usually answered by %(office)s (%(percent)s %% sure): a person decides."),
        "usually_acts": _(
            "%(office)s works on this: no rule or competence names an office, and such appeals are usually answered "
            "there (%(percent)s %% sure)."
        ),
        "clock_stays": _("%(office)s goes on owing the answer."),
        "clock_goes": _("The answer is now owed by %(office)s."),
        "passed_again": _("Passed on once more although it has been passed on before: %(words)s"),
        "clock_with_acting": _("%(office)s owes the answer, too: nobody else is named for it."),
        "rule_closed": _("Rule %(number)s names %(office)s, which is closed, and was passed over."),
        "redirected": _("Passed on from %(from)s to %(to)s: %(words)s"),
        "corrected": _("A person corrected the topic or the place, and so it was passed on from %(from)s to %(to)s."),
        "raised": _(
            "The citizen disputed the answer again, so it went from %(from)s to the head of %(to)s, who has not "
            "answered it before."
        ),
        "raised_to_nobody": _(
            "The citizen disputed the answer again. Every head from %(from)s upwards has answered it or is missing; it "
            "waits at %(to)s for somebody new."
        ),
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


def _by_rule(code: str, reason: Mapping[str, Any], place: House) -> str:
    """A rule of the institution that decided: which, by what, and what would be without it."""
    if code == "rule_because":
        by, value = str(reason.get("by")), str(reason.get("value"))
        said = {
            "topics": topic_name(place, value),
            "areas": area_name(place, value),
            "kinds": str(KINDS.get(value, value)),
            "channels": str(Channel(value).label) if value in Channel.values else value,
            "urgency": rules.urgency(value),
        }.get(by, _("“%(words)s”") % {"words": value})
        return _("The rule applies because %(condition)s.") % {"condition": rules.condition(by, said)}
    if code == "otherwise":
        acting, clock = office_name(place, reason.get("acting")), office_name(place, reason.get("clock"))
        if not acting:
            return _("Without the rule a person would have had to choose the office.")
        if reason.get("acting") == reason.get("clock"):
            return _("Without the rule it would have gone to %(office)s.") % {"office": acting}
        return _("Without the rule %(acting)s would have acted and %(clock)s owed the answer.") % {
            "acting": acting,
            "clock": clock,
        }
    named = {
        "number": reason.get("number", ""),
        "name": reason.get("name") or "",
        "office": office_name(place, reason.get("office")),
    }
    if code == "rule_acts" and named["name"]:
        return _("%(office)s works on this by rule %(number)s of the institution, “%(name)s”.") % named
    if code == "rule_acts":
        return _("%(office)s works on this by rule %(number)s of the institution.") % named
    if named["name"]:
        return _("%(office)s owes the answer by rule %(number)s of the institution, “%(name)s”.") % named
    return _("%(office)s owes the answer by rule %(number)s of the institution.") % named

"""Why an appeal is where it is."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from dauys.answer.words.names import area_name, office_name, topic_name
from dauys.institution.queries import House, house


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

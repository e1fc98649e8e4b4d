"""What was found in an appeal, and which are alike, with the reasons."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from dauys.answer.words.names import area_name, office_name, topic_name
from dauys.institution.queries import house

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
LIKELY = 0.1
"""Another office less likely than that is not named."""

ASKED_MOST = 120
"""Codes of `understand/data/urgency.toml` (level "person") and `engines.asks.KINDS`."""


def finding(aspect: str, value: str, reasons: Sequence[Any], text: str) -> tuple[str, str]:
    """What was concluded and why, both in words; `text` is the appeal's own, in which reasons point at places."""
    place = house()
    told: Mapping[str, Callable[[], Any]] = {
        "topic": lambda: topic_name(place, value),
        "office": lambda: office_name(place, value),
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
    if aspect == "office" and code in ("others", "doubts") and rest:
        return _office(code, rest)
    if code == "place":
        return _("Because of the place.")
    if code == "words" and rest:
        return _("Because of the words: %(words)s.") % {"words": ", ".join(map(str, rest))}
    if code == "address" and aspect == "place" and len(rest) >= 3:
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


def _office(code: str, rest: Sequence[Any]) -> str:
    """What else it may be, and what the reader of offices lacked for being sure."""
    place = house()
    if code == "others":
        likely = [(office_name(place, office), round(100 * float(share))) for office, share in rest if share >= LIKELY]
        told = ", ".join(_("%(name)s (%(percent)s %%)") % {"name": name, "percent": share} for name, share in likely)
        return _("Or by: %(offices)s.") % {"offices": told} if told else ""
    missing = {
        "few_words": _("There are too few words to tell by."),
        "unseen_words": _("It never met most of these words."),
        "two_close": _("Two offices are nearly as likely."),
        "rare_topic": _("This office has answered few such appeals yet."),
        "unclear": _("The words are known, yet they speak for many offices."),
    }
    return " ".join(missing[doubt] for doubt, _data in rest if doubt in missing)


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

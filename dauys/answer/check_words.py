"""The advice of the answer check as sentences for the officer who writes."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from dauys.engines.answer_check import Finding, Severity


def severity(one: Severity) -> str:
    """How grave a piece of advice is, in a word: never in colour alone."""
    return {
        Severity.SERIOUS: _("Serious"),
        Severity.ADVICE: _("Advice"),
        Severity.NOTE: _("Worth a look"),
    }[one]


def said(one: Finding) -> str:
    """What is amiss, and what to do about it."""
    return _SENTENCES[one.code](one.params)


def _asked(told: dict[str, Any]) -> str:
    if told["how"] == "general":
        return _("The citizen asked: “%(asked)s”. The answer says only that all is settled; say what was done.") % told
    return _("The citizen asked: “%(asked)s”. No sentence of the answer comes back to it.") % told


def _law(told: dict[str, Any]) -> str:
    if not told["article"]:
        return _("No law is named. Name the article the decision rests on.")
    return _("No law is named, and %(article)s asks for it. Name the article the decision rests on.") % told


def _route(told: dict[str, Any]) -> str:
    if not told["article"]:
        return _("The right to complain is not explained. Say to whom, in what time and how.")
    return (
        _("The right to complain is not explained, and %(article)s asks for it. Say to whom and in what time.") % told
    )


def _language(told: dict[str, Any]) -> str:
    names = dict(settings.LANGUAGES)
    return _("The citizen asked for the answer in this language: %(wanted)s. This text reads as: %(found)s.") % {
        "wanted": _(names.get(told["wanted"], told["wanted"])),
        "found": _(names.get(told["found"], told["found"])),
    }


def _copied(told: dict[str, Any]) -> str:
    return (
        _(
            "%(share)d %% of these words stand in the answer to %(key)s, which asked something else. "
            "Read whether they fit here."
        )
        % told
    )


def _promise(told: dict[str, Any]) -> str:
    return (
        ngettext(
            "Something is promised, and no day is named. Name the day.",
            "%(many)d things are promised, and no day is named. Name the days.",
            told["many"],
        )
        % told
    )


def _personal(told: dict[str, Any]) -> str:
    return {
        "name": _("This may be the name of somebody else. The citizen need not know it unless they answer for this."),
        "phone": _("This may be somebody's own telephone. Give the office's."),
        "email": _("This may be somebody's own e-mail. Give the office's."),
        "plate": _("This is the plate of a car. Leave it out if it is not the citizen's."),
        "health": _("This tells of somebody's health. Leave it out if it is not the citizen's own."),
        "family": _("This tells of somebody's family. Leave it out if it is not the citizen's own."),
    }.get(told["kind"], _("These look like personal numbers of somebody else. Leave them out."))


_SENTENCES: dict[str, Callable[[dict[str, Any]], str]] = {
    "empty": lambda told: _("There is hardly a word in the answer. Say what was done and what was found."),
    "ask_not_answered": _asked,
    "no_facts": lambda told: _("There is no concrete fact: no deed, number or day. Say who did or found what."),
    "no_date": lambda told: _("There is no day in the answer. Say when it was or will be done."),
    "no_person": lambda told: _("Nobody is named who answers for it: a person, a post, a contractor or a telephone."),
    "law_not_cited": _law,
    "no_complaint_route": _route,
    "wrong_language": _language,
    "copied": _copied,
    "forwarded": lambda told: _(
        "The answer only passes the matter on. Decide it, or pass the appeal on itself: then the clock goes with it."
    ),
    "promise_without_date": _promise,
    "personal_data": _personal,
    "long_sentences": lambda told: _("A sentence of %(words)d words is hard to follow. Make two or more of it.") % told,
    "officialese": lambda told: _("Many turns of office speech make the letter hard to read. Say it plainly."),
}

"""Why the machine reads as it does, and what it lacked for being sure, in sentences."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from dauys.institution.queries import house
from dauys.understand import masking
from dauys.understand.models import Aspect, Finding


def spoken(finding: Finding | None, seen: str) -> list[str]:
    """The words that decided, as far as they stand in the text that is shown, `seen`."""
    return [
        word
        for reason in (finding.reasons if finding else [])
        if reason and reason[0] == "words"
        for word in masking.standing(reason[1:], seen)
    ]


def missing(finding: Finding | None, seen: str) -> list[str]:
    """What the machine lacked for being sure, in sentences."""
    place = house()
    is_office = finding is not None and finding.aspect == Aspect.OFFICE

    def name(code: object) -> str:
        known = (place.office_by_code if is_office else place.topic_by_code).get(str(code))
        return str(known.name) if known else str(code)

    sentences = []
    for code, told in [
        doubt for reason in (finding.reasons if finding else []) if reason[0] == "doubts" for doubt in reason[1:]
    ]:
        match code:
            case "few_words":
                sentences.append(_("There are too few words to tell by."))
            case "unseen_words" if shown := masking.standing(told["words"], seen):
                sentences.append(_("It never met these words: %(words)s.") % {"words": ", ".join(shown)})
            case "unseen_words":
                sentences.append(_("It never met most of these words."))
            case "two_close" if is_office:
                sentences.append(
                    _("Two offices are close: %(first)s and %(second)s.")
                    % {"first": name(told["first"]), "second": name(told["second"])}
                )
            case "rare_topic" if is_office:
                sentences.append(
                    ngettext(
                        "It knows this office from %(count)s text only.",
                        "It knows this office from %(count)s texts only.",
                        told["texts"],
                    )
                    % {"count": told["texts"]}
                )
            case "unclear" if is_office:
                sentences.append(_("The words are known, yet they speak for many offices."))
            case "two_close":
                sentences.append(
                    _("Two topics are close: %(first)s and %(second)s.")
                    % {"first": name(told["first"]), "second": name(told["second"])}
                )
            case "rare_topic":
                sentences.append(
                    ngettext(
                        "It knows this topic from %(count)s text only.",
                        "It knows this topic from %(count)s texts only.",
                        told["texts"],
                    )
                    % {"count": told["texts"]}
                )
            case "unclear":
                sentences.append(_("The words are known, yet they speak for many topics."))
    return sentences

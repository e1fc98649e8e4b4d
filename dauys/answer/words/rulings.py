"""Rulings and steps of procedure as sentences: what was decided, what it leads to, and what stands in the way."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from dauys.answer.actions import failures
from dauys.answer.days import day as written
from dauys.answer.models import Ruling
from dauys.answer.words.names import language
from dauys.answer.words.promise import amount
from dauys.engines.policy import Policy


def in_full(day: date | None) -> str:
    """A day as a letter writes it; empty where there is none."""
    return written(day, language()) if day else ""


def said(ruling: Ruling, *, for_citizen: bool) -> str:
    """What a ruling comes to, in one sentence."""
    named = {
        "day": in_full(ruling.decided_on),
        "until": in_full(ruling.until_on),
        "officer": str(ruling.officer) if ruling.officer else "",
    }
    if ruling.kind == Ruling.Kind.HEARING:
        return _hearing(ruling, for_citizen=for_citizen) % named
    if ruling.kind in (Ruling.Kind.DEFECTS, Ruling.Kind.PAUSED):
        return _lasting(ruling, for_citizen=for_citizen) % named
    if for_citizen:
        sentence = {
            Ruling.Kind.EXTENDED: _("The answer will come later: the term was extended to %(until)s."),
            Ruling.Kind.RETURNED: _("Your appeal was returned to you without being considered."),
            Ruling.Kind.LAPSED: _(
                "The promised day passed without an answer. Since %(day)s the law counts this silence as a refusal, "
                "and you may complain about it. The office must still answer you."
            ),
            Ruling.Kind.PASSED_UP: _("Your complaint was passed up, with its whole file."),
            Ruling.Kind.TERMINATED: _("The procedure was ended without an answer."),
            Ruling.Kind.WITHDRAWN: _("You took your appeal back."),
            Ruling.Kind.ATTACHED: _("It was added to the file of the same appeal, which was returned to you before."),
        }[Ruling.Kind(ruling.kind)]
        return sentence % named
    sentence = {
        Ruling.Kind.EXTENDED: _("The term was extended to %(until)s."),
        Ruling.Kind.RETURNED: _("Returned without being considered."),
        Ruling.Kind.LAPSED: _("The term passed in silence: since %(day)s a refusal in law. It can still be answered."),
        Ruling.Kind.PASSED_UP: _("Passed up, with its whole file."),
        Ruling.Kind.TERMINATED: _("The procedure was ended without an answer."),
        Ruling.Kind.WITHDRAWN: _("The citizen took the appeal back."),
        Ruling.Kind.ATTACHED: _("Added to the file of the same appeal, returned before."),
    }[Ruling.Kind(ruling.kind)]
    return sentence % named


def _hearing(ruling: Ruling, *, for_citizen: bool) -> str:
    if ruling.ground == Ruling.ALOUD:
        return _("You asked to be heard in person.") if for_citizen else _("The citizen asks to be heard in person.")
    if ruling.ground:
        return _("The decision is made without a hearing.")
    if ruling.until_on is None:
        return _("How you were heard:") if for_citizen else _("How the citizen was heard:")
    if for_citizen and ruling.ended_at is None:
        return _("A decision against you is planned. Until %(until)s you may object, or ask to be heard in person.")
    if ruling.ended_at is None:
        return _("A decision against the citizen is planned; they may object until %(until)s.")
    return _("A decision against the citizen was planned; objections were taken until %(until)s.")


def _lasting(ruling: Ruling, *, for_citizen: bool) -> str:
    is_open = ruling.ended_at is None
    if ruling.kind == Ruling.Kind.PAUSED:
        if is_open:
            return _("The clock stands still since %(day)s, until %(until)s at the latest.")
        return _("The clock stood still from %(day)s; it runs again.")
    if for_citizen and is_open:
        return _("Something is missing in your appeal. Please mend it by %(until)s; the term of the answer runs on.")
    if is_open:
        return _("The citizen was asked to mend the appeal by %(until)s.")
    return _("It was asked that the appeal be mended by %(until)s; that is settled.")


def ground(policy: Policy | None, ruling: Ruling) -> str:
    """The ground of a ruling in the reader's language, from the rule itself; empty where it has none."""
    if policy is None or not ruling.ground:
        return ""
    return next((one.name_in(language()) for one in policy.grounds if one.code == ruling.ground), "")


def article(policy: Policy | None, ruling: Ruling) -> str:
    """Where the step is laid down, as the reader's language cites it."""
    if policy is None:
        return ruling.article
    parts = (
        policy.extension,
        policy.hearing,
        policy.returning,
        policy.terminating,
        policy.passing_up,
        policy.suspension,
    )
    cited = [part.cited for part in parts if part is not None] + [one.cited for one in policy.grounds]
    found = next((one for one in cited if one.article and one.article == ruling.article), None)
    if found is not None:
        return found.in_language(language())
    return policy.article_in(language()) if policy.article[:120] == ruling.article else ruling.article


@dataclass(frozen=True, slots=True)
class StepWords:
    """How a step of procedure is called, what it does, and what its button says."""

    title: object
    hint: object
    button: object


STEPS: dict[str, StepWords] = {
    "extend": StepWords(
        gettext_lazy("Extend the term"),
        gettext_lazy(
            "Once, because facts have to be established. The citizen sees who extended it, why and to which day."
        ),
        gettext_lazy("Extend"),
    ),
    "mend": StepWords(
        gettext_lazy("Ask the citizen to mend the appeal"),
        gettext_lazy("Say what is missing and give a reasonable time. The clock runs on."),
        gettext_lazy("Ask"),
    ),
    "mended": StepWords(
        gettext_lazy("What was missing is here now"),
        gettext_lazy("For what came on paper, by telephone or at the desk."),
        gettext_lazy("It is mended"),
    ),
    "return": StepWords(
        gettext_lazy("Return it without considering it"),
        gettext_lazy("Only on a ground of the rule. A report of a crime or a danger is passed on at once instead."),
        gettext_lazy("Return"),
    ),
    "attach": StepWords(
        gettext_lazy("Add it to the earlier file"),
        gettext_lazy(
            "The same appeal, filed again after it was returned. With new arguments it is a new matter: answer it."
        ),
        gettext_lazy("Add to that file"),
    ),
    "hear": StepWords(
        gettext_lazy("Offer a hearing before refusing"),
        gettext_lazy("Write what is planned and why. The citizen may object or ask to be heard in person."),
        gettext_lazy("Tell the citizen"),
    ),
    "hold": StepWords(
        gettext_lazy("Write down how the citizen was heard"),
        gettext_lazy("What was said, or that the citizen did not come. With this the hearing is over."),
        gettext_lazy("Keep the record"),
    ),
    "waive": StepWords(
        gettext_lazy("Decide without a hearing"),
        gettext_lazy("Only on a ground of the rule, and with the reason in words."),
        gettext_lazy("Decide without a hearing"),
    ),
    "pause": StepWords(
        gettext_lazy("Let the clock stand still"),
        gettext_lazy("The citizen sees since when, why and until when at the latest."),
        gettext_lazy("Stop the clock"),
    ),
    "resume": StepWords(
        gettext_lazy("Let the clock go on"),
        gettext_lazy("What was left of the term when it stopped is left of it now."),
        gettext_lazy("Go on"),
    ),
    "pass_up": StepWords(
        gettext_lazy("Pass the complaint up"),
        gettext_lazy(
            "Nobody judges themselves: with its whole file it goes to the body above the one complained about."
        ),
        gettext_lazy("Pass it up"),
    ),
    "terminate": StepWords(
        gettext_lazy("End the procedure without an answer"),
        gettext_lazy("Only on a ground of the rule. The citizen sees it at once, and may complain."),
        gettext_lazy("End it"),
    ),
}
"""Every step an officer may take, in the order of the card."""


def roles(names: tuple[str, ...]) -> str:
    """Who decides, as the rule names them."""
    known = {
        "head": _("the head"),
        "deputy_head": _("a deputy head"),
        "chief_of_staff": _("the chief of staff"),
        "operator": _("the operator"),
        "officer": _("the officer"),
    }
    return ", ".join(known.get(name, name) for name in names)


def decided_by(named: str) -> str:
    """Who may take a step that is not this reader's to take."""
    return _("This is decided by: %(who)s.") % {"who": named}


def complain_to(above: str, policy: Policy | None) -> str:
    """To whom, within what time and by which article; without the last two where the rule has no such term."""
    told = policy.complaining if policy else None
    if policy is None or told is None:
        return _("You may complain about this to: %(above)s.") % {"above": above}
    return (
        _("You may complain about this within %(term)s, counted from the day you learned of it, to: %(above)s.")
        % {
            "term": amount(told.amount, told.unit),
            "above": above,
        }
        + f" ({policy.cite(told.cited, language())})"
    )


def failure(told: Exception) -> str:
    """What stands in the way of a step, with what to do instead; empty for a failure this module does not know."""
    for kind, sentence in _OBSTACLES.items():
        if type(told) is kind:
            return str(sentence(told))
    return ""


def _plain(sentence: object, _told: object) -> object:
    return sentence


def _term_over(told: failures.TermOver) -> str:
    if told.due_on is None:
        return _("Nothing is promised here, so there is no term to change.")
    return _(
        "The term ran out on %(day)s and can no longer be changed. Answer the appeal; late is better than never."
    ) % {"day": in_full(told.due_on)}


def _not_that_day(told: failures.NotThatDay) -> str:
    if told.last < told.first:
        return _("No day is left for this: the rule allows none after %(last)s.") % {"last": in_full(told.last)}
    return _("The day must lie from %(first)s to %(last)s.") % {
        "first": in_full(told.first),
        "last": in_full(told.last),
    }


def _hearing_open(told: failures.HearingOpen) -> str:
    if told.free_on is None:
        return _(
            "The citizen asked to be heard in person. Hear them and write down how it was, on the card “Procedure”; "
            "then refuse."
        )
    return _("The citizen may still be heard: this refusal can be sent from %(day)s on.") % {
        "day": in_full(told.free_on)
    }


_OBSTACLES: dict[type[Exception], Callable[[Any], object]] = {
    failures.AlreadyEnded: partial(_plain, gettext_lazy("The procedure is over. What is new comes as a new appeal.")),
    failures.NotByRule: partial(_plain, gettext_lazy("The rule of this appeal knows no such step.")),
    failures.NoGround: partial(_plain, gettext_lazy("Choose a ground; only those of the rule are allowed.")),
    failures.DangerFirst: partial(
        _plain,
        gettext_lazy(
            "It reads like a report of a crime or a danger: pass it on to the competent body at once. If you have read "
            "it and it is none, say so below."
        ),
    ),
    failures.NotThatFile: partial(
        _plain,
        gettext_lazy(
            "There is no such earlier file: give the number of an appeal that came before this one, is closed, and "
            "that you may read. To add this one to it, it must have been returned."
        ),
    ),
    failures.AlreadyExtended: lambda told: (
        ngettext(
            "The term was extended %(times)d time already; the rule allows no more.",
            "The term was extended %(times)d times already; the rule allows no more.",
            told.times,
        )
        % {"times": told.times}
    ),
    failures.TermOver: _term_over,
    failures.NotThatDay: _not_that_day,
    failures.ClosedDay: lambda told: _("On %(day)s nobody works. Choose a working day.") % {"day": in_full(told.day)},
    failures.Paused: partial(_plain, gettext_lazy("The clock stands still. Let it go on first.")),
    failures.NotPaused: partial(_plain, gettext_lazy("The clock runs already.")),
    failures.NotMendedYet: partial(
        _plain,
        gettext_lazy("First ask the citizen to mend it; it can be returned once the time for that has run out."),
    ),
    failures.TooLate: lambda told: (
        _("The last day for this was %(day)s: now the appeal must be considered.") % {"day": in_full(told.last)}
    ),
    failures.AlreadyOffered: partial(_plain, gettext_lazy("A hearing is open already.")),
    failures.HearingFirst: partial(
        _plain,
        gettext_lazy(
            "Before a refusal on an appeal of this kind the citizen must be heard. Offer a hearing: it stands "
            "under “Procedure”. Your draft stays as it is."
        ),
    ),
    failures.HearingOpen: _hearing_open,
    failures.NothingAsked: partial(_plain, gettext_lazy("Nothing waits for this any more.")),
    failures.NoBody: partial(_plain, gettext_lazy("No office here stands above that one. Name the body outside.")),
    failures.NotItsOffice: partial(_plain, gettext_lazy("Choose the office of the appeal, or one above it.")),
}

"""What a rule says of the whole way to an answer, a sentence a step, for people who count for themselves."""

from collections.abc import Callable
from datetime import date
from typing import NamedTuple

from django.utils.translation import gettext as _

from dauys.answer.calculating import Counted
from dauys.answer.words.names import language
from dauys.answer.words.promise import amount, step
from dauys.engines.deadline import CalendarTooShort, Reason, Term, deadline
from dauys.engines.policy import Citation, Policy, Unit


class Said(NamedTuple):
    """A sentence and where it is written."""

    words: str
    article: str
    checked: bool = True


def registered(reason: Reason) -> str:
    """Why that day is the day of registration."""
    return {
        "working_hours": _("Registered on the day it came."),
        "before_opening": _("It came before opening and is registered the same day."),
        "after_hours": _("It came after the end of the working day: registered on the next working day."),
        "day_off": _("It came on a day off: registered on the next working day."),
    }[reason]


def matter(code: str) -> str:
    """A special rule by its code; an unknown code stands as it is."""
    return {
        "petition": _("Petition that has found its support"),
        "access_to_information": _("Request under the law on access to information"),
        "study": _("Where study or further documents are needed"),
        "adviser": _("Where a complaint adviser takes part"),
    }.get(code, code)


def body(code: str) -> str:
    """Whose rule it is: a local or a central body's."""
    return {"local": _("a local body"), "central": _("a central body")}[code]


def special(policy: Policy) -> str:
    """«Petition that has found its support: a local body»."""
    named = matter(policy.matter)
    return f"{named}: {', '.join(body(one) for one in policy.bodies)}" if policy.bodies else named


def steps(counted: Counted) -> dict[date, str]:
    """The words of each day of a count."""
    return {
        one.date: step(one, country=counted.ground.country, from_receipt=counted.from_receipt)
        for one in counted.deadline.steps
    }


def on_the_way(counted: Counted, say_day: Callable[[date], str]) -> list[Said]:
    """What else the rule says between registration and answer, with its days where they can be counted.

    `say_day` writes a day in the reader's language.
    """
    policy, said = counted.policy, []

    def add(words: str, cited: Citation, checked: bool | None = None) -> None:
        said.append(Said(words, policy.cite(cited, language()), policy.checked if checked is None else checked))

    def until(number: int, unit: Unit) -> str:
        term = Term(number, unit, roll="none")
        try:
            end = deadline(
                registered_on=counted.starts_on, term=term, calendar=counted.ground.calendar(counted.starts_on.year)
            ).due_on
        except CalendarTooShort:
            return amount(number, unit)
        return say_day(end)

    if one := policy.redirect:
        add(
            _("By %(day)s: passed on, if another body is competent; a new term begins there.")
            % {"day": until(one.amount, one.unit)},
            one.cited,
        )
    if back := policy.returning:
        add(
            _("By %(day)s: returned, if there is a lawful ground for it.") % {"day": until(back.amount, back.unit)},
            back.cited,
        )
    if up := policy.passing_up:
        add(
            _("By %(day)s: the body complained of passes the complaint up with the case, or satisfies it fully.")
            % {"day": until(up.amount, up.unit)}
            if up.may_satisfy
            else _("By %(day)s: the body complained of passes the complaint up.") % {"day": until(up.amount, up.unit)},
            up.cited,
        )
    if heard := policy.hearing:
        add(
            _("Before an unfavourable decision the applicant is told at least %(term)s ahead and may object.")
            % {"term": amount(heard.before_amount, heard.unit)},
            heard.cited,
        )
    if longer := policy.extension:
        most = amount(longer.max_amount, longer.unit)
        add(
            _("May be extended once by a reasoned decision of the head, by at most %(term)s from that decision.")
            % {"term": most}
            if longer.starts_from == "decision"
            else _("May be extended by a decision of the head, by at most %(term)s.") % {"term": most},
            longer.cited,
        )
    elif policy.checked:  # where the words were not read, silence here says nothing
        add(_("The term is not extended."), Citation())
    if policy.suspension is None and policy.checked:
        add(_("The clock does not stop, whatever the applicant is asked."), Citation())
    if policy.on_expiry == "deemed_refused":
        add(
            _("If nothing is decided by then, the law counts it as a refusal, and it can be complained of."), Citation()
        )
    if complain := policy.complaining:
        add(
            _("A complaint can be filed within %(term)s.") % {"term": amount(complain.amount, complain.unit)},
            complain.cited,
        )
    for own in policy.within:
        add(f"{own.name_in(language())} — {amount(own.amount, own.unit)}.", own.cited, own.checked)
    return said

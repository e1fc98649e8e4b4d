"""A term and its days."""

from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from dauys.answer.words.names import language
from dauys.engines.deadline import Step
from dauys.engines.policy import Policy
from dauys.institution.calendar import holiday_name


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

"""A term and its days."""

from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from dauys.answer.words.names import language
from dauys.engines.deadline import Step
from dauys.engines.policy import Policy, Unit
from dauys.institution.calendar import holiday_name


def term(policy: Policy) -> str:
    """«15 working days»."""
    return amount(policy.amount, policy.unit)


def amount(number: int, unit: Unit) -> str:
    """«3 working days»."""
    sentence = {
        "wd": ngettext("%(n)d working day", "%(n)d working days", number),
        "cd": ngettext("%(n)d calendar day", "%(n)d calendar days", number),
        "week": ngettext("%(n)d week", "%(n)d weeks", number),
        "month": ngettext("%(n)d month", "%(n)d months", number),
    }[unit]
    return sentence % {"n": number}


def step(one: Step, *, country: str, from_receipt: bool = False, reason: str = "") -> str:
    """What one day of the count does, in words. `from_receipt`: the term runs from receipt, not registration;
    `reason`: why the promise was made.
    """
    name = holiday_name(country, one.name, language()) if one.name else ""
    if one.why == "registration" and reason == "extended":
        return _("The decision to extend the term")
    if one.why == "registration" and reason == "resumed":
        return _("The clock goes on; the count goes on the next day")
    if one.why == "due" and reason == "extended":
        return _("The answer is due: the day the decision set")
    if one.counts and reason == "extended" and one.why != "rolled" and one.day in ("working", "worked_weekend"):
        return ""
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

"""Figures in the reader's words: never a number without its period and what it is out of."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from dauys.prove.figures import Figure, Period, Slice
from dauys.prove.queries import Figures

NO_BREAK = "\N{NO-BREAK SPACE}"

PERIODS: dict[str, Promise] = {
    "30": gettext_lazy("last 30 days"),
    "90": gettext_lazy("last 90 days"),
    "365": gettext_lazy("last 365 days"),
    "all": gettext_lazy("all time"),
}


@dataclass(frozen=True, slots=True)
class Headline:
    """One big number, ready for `{% figure %}`."""

    code: str
    label: str
    value: str
    unit: str
    of: str
    period: str
    tone: str


def headlines(found: Figures) -> tuple[Headline, ...]:
    """What the institution answers for, first of all what citizens themselves confirm."""
    total, period = found.total, _period(found.period)
    confirmed, partly, in_time, judged, answered = (
        total.confirmed, total.partly, total.in_time, total.judged, total.answered
    )  # fmt: skip
    median, ninetieth, late = total.median, total.ninetieth, total.late_open
    heard = total.tally.heard
    return (
        Headline(
            "confirmed", _("Confirmed by citizens"), percent(confirmed), "",
            _(
                "%(part)s of the %(whole)s on which the citizen gave a word, %(partly)s more said: in part; "
                "a word was given on %(judged)s of %(answered)s answered"
            )
            % {
                **_of(confirmed),
                "partly": number(partly.numerator or 0),
                "judged": percent(judged),
                "answered": number(judged.denominator or 0),
            },
            period, "ochre",
        ),
        Headline(
            "in_time", _("Answered in time"), percent(in_time), "",
            ngettext(
                "%(part)s of %(whole)s appeal answered or overdue",
                "%(part)s of %(whole)s appeals answered or overdue",
                in_time.denominator or 0,
            ) % _of(in_time),
            period, "",
        ),
        Headline(
            "heard", _("Appeals heard"), number(heard), "",
            _("%(part)s of %(whole)s answered by now") % _of(answered),
            period, "",
        ),
        Headline(
            "median", _("Half of the answers came within"), _wait(median), _unit(median),
            ""
            if ninetieth.value is None
            else ngettext(
                "nine in ten within %(days)s day; %(whole)s answers in all",
                "nine in ten within %(days)s days; %(whole)s answers in all",
                int(ninetieth.value),
            ) % {"days": number(int(ninetieth.value)), "whole": number(ninetieth.denominator or 0)},
            period, "",
        ),
        Headline(
            "late", _("Late and still open"), number(late.numerator or 0), "",
            _("of %(whole)s open now") % _of(late),
            period, "",
        ),
    )  # fmt: skip


def number(value: int) -> str:
    """«12 345» in Kazakh and Russian, «12,345» in English."""
    written = f"{value:,}"
    return written if _is_english() else written.replace(",", NO_BREAK)


def _is_english() -> bool:
    return (get_language() or "").startswith("en")


def percent(figure: Figure) -> str:
    """«68 %», or that there are too few to say. A share is rounded down: nearly all is not all."""
    return (
        _("too few to say")
        if figure.value is None
        else f"{int(100 * figure.value)}{'' if _is_english() else NO_BREAK}%"
    )


def share_of(figure: Figure) -> str:
    """The same with what it is out of, for tables: «68 % (34 of 50)»."""
    if figure.value is None:
        return _("too few to say")
    said = _("%(share)s (%(part)s of %(whole)s)") % {"share": percent(figure), **_of(figure)}
    return said.replace(" ", NO_BREAK).replace(f"{NO_BREAK}(", " (")  # in a narrow cell, one break at most


def wait(row: Slice) -> str:
    median = row.median
    return _wait(median) if median.value is None else f"{_wait(median)} {_unit(median)}"


def _wait(figure: Figure) -> str:
    return _("too few to say") if figure.value is None else number(int(figure.value))


def _unit(figure: Figure) -> str:
    return "" if figure.value is None else ngettext("day", "days", int(figure.value))


def _of(figure: Figure) -> dict[str, str]:
    return {"part": number(figure.numerator or 0), "whole": number(figure.denominator or 0)}


def _period(period: Period) -> str:
    return _("received: %(period)s") % {"period": PERIODS[period.name]}

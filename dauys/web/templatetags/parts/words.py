"""A word with its drawing: states, badges, days of a promise, found words, a square to scan."""

import re
from collections.abc import Iterable, Mapping
from datetime import date
from functools import cache

import segno
from django.templatetags.static import static
from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext, gettext_noop, ngettext

from dauys.web import days
from dauys.web.templatetags.parts.register import register

SOON_DAYS = 2
"""A promise this near is said to be soon."""

STATES: Mapping[str, tuple[str, str, str]] = {
    "received": ("info", "inbox", gettext_noop("Received")),
    "unrouted": ("info", "route", gettext_noop("Looking for the right office")),
    "promised": ("brand", "clock", gettext_noop("Being worked on")),
    "answered": ("brand", "speech", gettext_noop("Answered")),
    "confirmed": ("good", "solved", gettext_noop("Confirmed as solved")),
    "disputed": ("late", "reopen", gettext_noop("Reopened by the citizen")),
    "ended": ("", "cross", gettext_noop("Ended without an answer")),
    "paused": ("info", "clock", gettext_noop("The clock stands still")),
    "lapsed": ("late", "late", gettext_noop("A refusal by silence")),
    "in_part": ("soon", "reopen", gettext_noop("Solved in part, says the citizen; reopened")),
    "rests": ("", "solved", gettext_noop("Solved in part, says the citizen; left at that")),
    "unread": ("soon", "mail", gettext_noop("New message")),
    "draft": ("", "pen", gettext_noop("Draft")),
    "late": ("late", "late", gettext_noop("Late")),
    "today": ("soon", "warning", gettext_noop("Due today")),
    "soon": ("soon", "soon", gettext_noop("Urgent")),
    "ok": ("", "calendar", gettext_noop("In time")),
    "urgent": ("soon", "soon", gettext_noop("Urgent")),
    "danger": ("late", "warning", gettext_noop("Danger to life")),
    "needs_person": ("soon", "hand", gettext_noop("A person must look")),
    "suggested": ("", "lamp", gettext_noop("Suggested by the machine")),
    "checked": ("good", "person", gettext_noop("Checked by a person")),
    "personal": ("soon", "hidden", gettext_noop("Personal data inside")),
    "same": ("brand", "same", gettext_noop("Same matter")),
    "sealed": ("good", "seal", gettext_noop("Sealed in the ledger")),
    "unsealed": ("info", "soon", gettext_noop("Waiting to be sealed")),
    "waiting": ("info", "soon", gettext_noop("Being made safe")),
    "safe": ("good", "shield", gettext_noop("Safe copy ready")),
    "refused": ("late", "cross", gettext_noop("Refused")),
    "satisfied": ("good", "check", gettext_noop("Done")),
    "partly": ("soon", "check", gettext_noop("Partly done")),
    "explained": ("info", "speech", gettext_noop("Explained")),
    "redirected": ("info", "route", gettext_noop("Passed to the competent body")),
    "invented": ("soon", "info", gettext_noop("Invented")),
    "imported": ("", "table", gettext_noop("Taken over from old records")),
}
"""State code → tone, shape, words. A tone has several shapes: they tell states apart without colour."""


@cache
def _sprite() -> str:
    return static("web/icons.svg")


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """A line drawing from web/icons.svg; silent to screen readers unless it has a label."""
    if label:
        return format_html(
            '<svg class="icon" role="img" aria-label="{}"><use href="{}#{}"/></svg>', label, _sprite(), name
        )
    return format_html('<svg class="icon" aria-hidden="true"><use href="{}#{}"/></svg>', _sprite(), name)


@register.simple_tag
def state(value: str, words: str = "") -> SafeString:
    """A badge for a state code of STATES; an unknown code shows its own words beside a plain dot."""
    tone, shape, said = STATES.get(str(value), ("", "dot", ""))
    return badge(words or (gettext(said) if said else str(value)), tone, shape)


@register.simple_tag
def badge(words: str, tone: str = "", shape: str = "dot") -> SafeString:
    """tone: info, brand, good, soon, late or empty."""
    return format_html('<span class="badge" data-tone="{}">{}{}</span>', tone, icon(shape), words)


@register.simple_tag
def confidence(value: float) -> SafeString:
    """How sure a finding is: a word, three steps and the percentage."""
    level = 3 if value >= 0.8 else 2 if value >= 0.5 else 1
    word = (gettext("unsure"), gettext("fairly sure"), gettext("sure"))[level - 1]
    steps = format_html_join(
        "",
        '<rect class="{}" x="{}" y="{}" width="8" height="{}" rx="1"/>',
        (("on" if place < level else "off", place * 10, 8 - place * 4, 8 + place * 4) for place in range(3)),
    )
    return format_html(
        '<span class="sure"><svg viewBox="0 0 28 16" aria-hidden="true">{}</svg>{} ({})</span>',
        steps,
        word,
        days.percent(value),
    )


@register.simple_tag
def qr(text: str, label: str = "") -> SafeString:
    """A square to scan, as SVG without styles."""
    drawn = segno.make(text, error="m", micro=False).svg_inline(omitsize=True, border=1, svgclass=None, lineclass=None)
    name = format_html('<svg role="img" aria-label="{}"', label or gettext("Code to scan with a phone"))
    return mark_safe(drawn.replace("<svg", name, 1))  # noqa: S308  # drawn by segno, label escaped above


@register.simple_tag
def highlight(text: str, terms: Iterable[str], around: int = 0) -> SafeString:
    """The text with each term marked, everything escaped. `around` letters about the first hit are kept."""
    wanted = [re.escape(term) for term in sorted(set(terms), key=len, reverse=True) if term]
    found = re.compile("|".join(wanted), re.IGNORECASE) if wanted else None
    if around and len(text) > 2 * around:
        first = found.search(text) if found else None
        centre = first.start() if first else 0
        start, stop = max(0, centre - around), min(len(text), max(centre, around) + around)
        text = ("…" if start else "") + text[start:stop].strip() + ("…" if stop < len(text) else "")
    if not found:
        return escape(text)
    out, last = [], 0
    for hit in found.finditer(text):
        out += [escape(text[last : hit.start()]), format_html("<mark>{}</mark>", hit.group())]
        last = hit.end()
    return mark_safe("".join([*out, escape(text[last:])]))  # noqa: S308  # every piece is escaped


@register.simple_tag
def due(due_on: date | None, today: date, answered_on: date | None = None, short: bool = False) -> SafeString:
    """The promised day and how it stands: late, today, soon, ok; kept or broken once answered."""
    if due_on is None:
        return format_html('<span class="due quiet">{}</span>', gettext("No promise yet"))
    written = days.day(due_on)
    if answered_on is not None:
        over = (answered_on - due_on).days
        if over <= 0:
            code, shape = "kept", "check"
            words = gettext("Answered in time, on %(date)s") % {"date": days.day(answered_on)}
        else:
            code, shape = "broken", "late"
            words = ngettext(
                "Answered %(days)s day late, on %(date)s", "Answered %(days)s days late, on %(date)s", over
            ) % {"days": over, "date": days.day(answered_on)}
        return _due(code, shape, due_on, words)
    left = (due_on - today).days
    if left < 0:
        code, shape, over = "late", "late", -left
        words = (
            ngettext("%(days)s day late", "%(days)s days late", over)
            if short
            else ngettext(
                "%(days)s day late: an answer was promised by %(date)s",
                "%(days)s days late: an answer was promised by %(date)s",
                over,
            )
        ) % {"days": over, "date": written}
    elif left == 0:
        code, shape = "today", "warning"
        words = (
            gettext("Due today") if short else gettext("Today: an answer is promised by %(date)s") % {"date": written}
        )
    else:
        code, shape = ("soon", "soon") if left <= SOON_DAYS else ("ok", "calendar")
        words = (
            ngettext("%(days)s day left", "%(days)s days left", left)
            if short
            else ngettext(
                "%(days)s day left: an answer is promised by %(date)s",
                "%(days)s days left: an answer is promised by %(date)s",
                left,
            )
        ) % {"days": left, "date": written}
    return _due(code, shape, due_on, words)


def _due(code: str, shape: str, due_on: date, words: str) -> SafeString:
    return format_html(
        '<time class="due" data-state="{}" datetime="{}">{}{}</time>',
        code,
        due_on.isoformat(),
        icon(shape),
        words,
    )

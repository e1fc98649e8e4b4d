"""Many days of the calendar at once: what a file would change is shown before it is set."""

from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods

from dauys.institution import actions, day_files, reach
from dauys.institution.calendar import MOVED_DAY_OFF, WORKED_DAY_OFF, holiday_name
from dauys.institution.models import User
from dauys.institution.names import readers_language
from dauys.institution.plan import DayPlan
from dauys.institution.queries import House, house
from dauys.institution.views import for_administrators

SHOWN = 20
"""Mistakes told at once."""


class DaysForm(forms.Form):
    """A file of days, or its text pasted."""

    file = forms.FileField(label=gettext_lazy("A file, TOML or CSV"), required=False)
    text = forms.CharField(
        label=gettext_lazy("Or the table itself"),
        required=False,
        strip=False,
        max_length=day_files.MOST_BYTES,
        widget=forms.Textarea(attrs={"rows": 8, "spellcheck": "false"}),
        help_text=gettext_lazy(
            "First line: day, works, name, source, checked. Then one day a line, such as: "
            "2026-05-08, no, , Order No. 1 of 12 January 2026, yes"
        ),
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        given = cleaned.get("file")
        if given is not None:
            if given.size > day_files.MOST_BYTES:
                self.add_error("file", _("The file is too large for a table of days."))
                return cleaned
            try:
                cleaned["text"] = given.read().decode("utf-8-sig")
            except UnicodeDecodeError:
                self.add_error("file", _("The file is not in UTF-8. Save it as UTF-8 and choose it again."))
        if not self.errors and not str(cleaned.get("text", "")).strip():
            self.add_error("text", _("Choose a file or paste its text."))
        return cleaned


@for_administrators
@require_http_methods(["GET", "HEAD", "POST"])
def days_file(request: HttpRequest) -> HttpResponse:
    """Read a table of days, show what it changes and how many promises may move, then set all of it or nothing."""
    place = house()
    form = DaysForm(request.POST or None, request.FILES or None)
    told: dict[str, Any] = {"view": "days", "form": form}
    status = 200
    if request.method == "POST" and form.is_valid():
        text = form.cleaned_data["text"]
        plans, mistakes = day_files.read(text, country=place.institution.country)
        if mistakes:
            for mistake in mistakes[:SHOWN]:
                form.add_error("text", sentence(mistake))
        elif "set" in request.POST:
            changes = actions.set_days(days=plans, officer=_officer(request), now=timezone.now())
            messages.success(
                request,
                ngettext(
                    "%(count)d day is set, and the change is entered in the public ledger.",
                    "%(count)d days are set, and the change is entered in the public ledger.",
                    len(changes),
                )
                % {"count": len(changes)},
            )
            return redirect("institution:days")
        else:
            told |= _effect(place, plans) | {"text": text}
    if form.errors:
        status = 422
    return render(request, "institution/days_file.html", told, status=status)


def _officer(request: HttpRequest) -> User:
    return request.user  # type: ignore[return-value]  # every view here is for_administrators


def _effect(place: House, plans: tuple[DayPlan, ...]) -> dict[str, Any]:
    language, country = readers_language(), place.institution.country
    moving = [plan.day for plan in plans if _works(place, plan.day) != plan.works]
    return {
        "plans": [
            (
                plan,
                holiday_name(country, plan.name.en or (WORKED_DAY_OFF if plan.works else MOVED_DAY_OFF), language),
                plan.day in moving,
            )
            for plan in plans
        ],
        "promises": reach.promises_from(min(moving)) if moving else 0,
    }


def _works(place: House, day: date) -> bool:
    return place.calendar(day.year).is_working(day)


def sentence(mistake: day_files.Mistake) -> str:
    """A mistake of the file as the administrator reads it: where, what, and what to write."""
    said = {
        "unreadable": _("The table cannot be read here. Compare the line with the example above."),
        "columns": _("The columns are not those of a table of days. Write: %(value)s."),
        "missing": _("“%(column)s” is missing. Write who moved the day: number and date of the order."),
        "no_day": _("“%(value)s” is no day. Write it as 2026-05-08."),
        "far_day": _("%(value)s lies outside the calendar. Check the year."),
        "no_flag": _("“%(value)s” in “%(column)s” is neither yes nor no. Write yes or no."),
        "twice": _("%(value)s stands twice. Keep one of the lines."),
        "unknown": _("“%(value)s” is not known here. Remove it."),
        "too_many": _("There are more than %(value)s days. Divide the table."),
        "too_long": _("This is longer than %(value)s. Shorten it."),
        "empty": _("There is no day in the table."),
    }[mistake.code] % {"value": mistake.value[:60], "column": mistake.column}
    return _("Line %(line)d: %(said)s") % {"line": mistake.line, "said": said} if mistake.line else said

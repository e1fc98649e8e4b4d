"""What an administrator may write on the page of the institution."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from dauys.institution.calendar import holiday_name
from dauys.institution.models import Role
from dauys.institution.names import readers_language
from dauys.institution.plan import DayPlan, TopicPlan, day_name
from dauys.institution.queries import House, Names
from dauys.institution.reader import NAME_MOST

FARTHEST_YEARS = 2
"""An order moves days of this year or the next; a day farther away is a slip of the hand."""

ROLE_HINTS = {
    Role.OPERATOR: _("Writes down what visitors say, checks what the machine found, passes appeals on."),
    Role.OFFICER: _("Answers the appeals of the office."),
    Role.HEAD: _("Answers, gives appeals to officers, sees the office's figures."),
    Role.ADMINISTRATOR: _("Manages people, areas, topics and the calendar."),
    Role.AUDITOR: _("Reads everything and changes nothing."),
}


class AppointForm(forms.Form):
    """An existing person takes a role."""

    email = forms.EmailField(label=_("E-mail of the person"), max_length=254)
    role = forms.ChoiceField(label=_("Role"), choices=Role.choices, widget=forms.RadioSelect)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].choice_hints = ROLE_HINTS  # type: ignore[attr-defined]  # read by {% field %}


class PersonForm(AppointForm):
    """A new person, appointed at once."""

    name = forms.CharField(label=_("Name"), max_length=160)
    email = forms.EmailField(label=_("E-mail, with which they sign in"), max_length=254)
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)
    field_order = ("name", "email", "language", "role")


class _NamesForm(forms.Form):
    kk = forms.CharField(label=_("Name in Kazakh"), max_length=NAME_MOST, required=False)
    ru = forms.CharField(label=_("Name in Russian"), max_length=NAME_MOST, required=False)
    en = forms.CharField(label=_("Name in English"), max_length=NAME_MOST, required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.errors and not any(cleaned.get(language) for language in ("kk", "ru", "en")):
            raise ValidationError(_("Give the name in at least one language."))
        return cleaned

    def names(self) -> Names:
        return Names(*(self.cleaned_data[language] for language in ("kk", "ru", "en")))


class TopicForm(_NamesForm):
    """A topic's words."""


class NewTopicForm(_NamesForm):
    """A topic of the institution's own."""

    parent = forms.ChoiceField(label=_("Part of"), required=False)
    code = forms.RegexField(
        r"^[a-z0-9][a-z0-9._-]{0,59}$",
        label=_("Code"),
        max_length=60,
        help_text=_("Small Latin letters, digits, dot and hyphen. It stays when the name changes."),
    )
    field_order = ("kk", "ru", "en", "parent", "code")

    def __init__(self, *args: Any, place: House, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        tops = [(topic.code, str(topic.name)) for topic, _parts in place.topic_groups]
        choices = [("", _("A topic of its own")), *tops]
        self.fields["parent"].choices = choices  # type: ignore[attr-defined]  # a ChoiceField

    def topic(self) -> TopicPlan:
        return TopicPlan(self.cleaned_data["code"], self.cleaned_data["parent"], self.names())


def awaited_days(place: House, today: date) -> list[tuple[date, str]]:
    """Days of this year and the next whose date is an estimate, with their names in the reader's language."""
    language, country = readers_language(), place.institution.country
    calendar = place.calendar(today.year)
    return [
        (day, holiday_name(country, calendar.name_of(day), language))
        for day in sorted(calendar.unconfirmed)
        if today.year <= day.year <= today.year + 1 and day in calendar.holidays
    ]


class DayForm(forms.Form):
    """A day that departs from the country's calendar."""

    day = forms.DateField(label=_("Day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    works = forms.ChoiceField(
        label=_("What it is"),
        choices=[("off", _("A day off")), ("works", _("A working day"))],
        widget=forms.RadioSelect,
    )
    name = forms.ChoiceField(label=_("Why it is a day off"), required=False)
    instead = forms.ChoiceField(
        label=_("Announced for this day instead of"),
        required=False,
        help_text=_("The day on which the feast was expected becomes an ordinary day again."),
    )
    source = forms.CharField(
        label=_("By which order"),
        max_length=300,
        help_text=_("Who moved it, number and date of the order. It is shown wherever a date rests on this day."),
    )
    checked = forms.BooleanField(
        label=_("I have compared it with the order"),
        required=False,
        help_text=_("Until somebody has, every date that rests on this day is called provisional."),
    )

    def __init__(self, *args: Any, place: House, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._today, self._country, self._place = today, place.institution.country, place
        language = readers_language()
        known = {code for label in place.calendar(today.year).holidays.values() for code in label.split("; ")}
        named = sorted((holiday_name(self._country, code, language), code) for code in known)
        choices = [("", _("Moved day off")), *((code, words) for words, code in named)]
        self.fields["name"].choices = choices  # type: ignore[attr-defined]  # a ChoiceField

        awaited = [
            ("", _("no other day")),
            *((day.isoformat(), f"{day:%d.%m.%Y}, {name}") for day, name in awaited_days(place, today)),
        ]
        self.fields["instead"].choices = awaited  # type: ignore[attr-defined]  # a ChoiceField

    def clean_day(self) -> date:
        day: date = self.cleaned_data["day"]
        if abs(day - self._today) > timedelta(days=366 * FARTHEST_YEARS):
            raise ValidationError(_("This day is more than two years away. Check the year."))
        return day

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("instead") and cleaned["instead"] == str(cleaned.get("day", "")):
            cleaned["instead"] = ""  # confirmed where it was expected
        if cleaned.get("instead") and cleaned.get("works") == "works":
            self.add_error("instead", _("Only a day off can be announced instead of another."))
        return cleaned

    def plan(self) -> DayPlan:
        data = self.cleaned_data
        works = data["works"] == "works"
        name = day_name(self._country, "" if works else data["name"])
        return DayPlan(data["day"], works, name, data["source"], data["checked"])

    def plans(self) -> list[DayPlan]:
        """The day, and the one on which its feast was expected, as the ordinary day it then is."""
        day = self.plan()
        if not self.cleaned_data["instead"]:
            return [day]
        before = date.fromisoformat(self.cleaned_data["instead"])
        weekend = self._place.calendar(before.year).weekend
        nameless = day_name(self._country, "")
        return [day, DayPlan(before, before.weekday() not in weekend, nameless, day.source, day.checked)]

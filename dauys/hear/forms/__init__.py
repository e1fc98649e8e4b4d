"""The citizen's form and the desk's: each field is checked by itself; what was typed always comes back."""

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.utils import ErrorDict
from django.http import QueryDict
from django.utils.translation import gettext, gettext_lazy

from dauys.hear.forms.fields import Choice, Line
from dauys.hear.forms.frame import emergency, new_token, sentence, token_of
from dauys.hear.forms.told import KINDS, OWN_LANGUAGE_NAMES, Told
from dauys.hear.models import Channel, Kind
from dauys.hear.submission import Contact, Submission
from dauys.institution.queries import house

__all__ = [
    "KINDS", "OWN_LANGUAGE_NAMES", "Filing", "Told", "Tracking", "WriteDown",
    "emergency", "new_token", "sentence", "token_of",
]  # fmt: skip

OLDEST = timedelta(days=366)
"""How far back a letter written down at the desk may have been received."""


def _amiss(field: str | None, error: object) -> None:
    raise ValidationError(str(field))


class Filing(Told):
    """The citizen's form."""

    CONTACT, CODE = "contact", "code"
    is_light = False

    reach = Choice(
        label=gettext_lazy("How do you get the answer?"),
        choices=[
            (CONTACT, gettext_lazy("Write to me or call me")),
            (CODE, gettext_lazy("No contact: I will keep the code")),
        ],
        initial=CONTACT,
        widget=forms.RadioSelect,
        error_messages={
            "required": gettext_lazy("Choose how you get the answer."),
            "invalid_choice": gettext_lazy("Choose one of the two."),
        },
    )

    def __init__(self, *told: Any, **named: Any) -> None:
        super().__init__(*told, **named)
        fields: dict[str, Any] = self.fields
        fields["name"].is_expected = self["reach"].value() != self.CODE
        fields["reach"].choice_hints = {
            self.CONTACT: gettext("Your name and a telephone or e-mail. They are kept sealed and never published."),
            self.CODE: gettext(
                "Your appeal is read and worked on as a signal, but without a name the law does not "
                "oblige anybody to answer you. Only the code opens it again; a lost one is not replaced."
            ),
        }

    @classmethod
    def sound(cls, told: QueryDict) -> "Filing | None":
        """The form as a form that is valid, or None where anything at all is amiss.

        The same fields and checks, without what only a shown form needs (copies of fields, hints, bound fields):
        at the last step, where nearly every form is sound, that is a third of an intake's processor time.
        """
        form = cls.__new__(cls)
        form.data, form.is_light = told, True
        form.is_bound, form.fields, form.cleaned_data = True, cls.base_fields, {}
        form._errors = ErrorDict()  # type: ignore[attr-defined]  # nothing is amiss: Django asks no further
        form.add_error = _amiss  # type: ignore[method-assign]  # of this one form, until it is found sound
        try:
            for name, field in cls.base_fields.items():
                if name == "attached":
                    continue  # files were held under the token when they were chosen
                form.cleaned_data[name] = field.clean(field.widget.value_from_datadict(told, {}, name))
                check = getattr(form, f"clean_{name}", None)
                if check is not None:
                    form.cleaned_data[name] = check()
            form.clean()
        except ValidationError:
            return None
        del form.add_error
        return form

    def whole(self) -> "Filing":
        return Filing(self.data) if self.is_light else self

    def clean(self) -> dict[str, Any]:
        told = super().clean() or self.cleaned_data
        if told.get("reach") == self.CONTACT and "name" in told and not told["name"]:
            self.add_error("name", gettext("Write your name, or choose “No contact: I will keep the code”."))
        if told.get("reach") == self.CODE:
            for name in ("name", "phone", "email", "address"):
                self.errors.pop(name, None)  # what was begun there is not sent, so it need not be mended
        if told.get("reach") == self.CONTACT:
            reachable = ("phone", "email", "address")
            if all(name in told for name in reachable) and not any(told[name] for name in reachable):
                self.add_error(
                    "phone",
                    gettext("Give a telephone, an e-mail or a postal address: one of them is enough."),
                )
        return told

    def contact(self) -> Contact:
        return super().contact() if self.cleaned_data["reach"] == self.CONTACT else Contact()


class WriteDown(Told):
    """The desk's form: what a visitor or a caller said, or what a letter says."""

    told_by = Choice(
        label=gettext_lazy("How it came"),
        choices=[
            (Channel.DESK, gettext_lazy("Visitor")),
            (Channel.PHONE, gettext_lazy("Call")),
            (Channel.PAPER, gettext_lazy("Paper letter")),
        ],
        initial=Channel.DESK,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose: visitor, call or letter.")},
    )
    taken_at = forms.TypedChoiceField(
        label=gettext_lazy("Taken at"),
        coerce=int,
        error_messages={"invalid_choice": gettext_lazy("Choose an office where you may write appeals down.")},
    )
    received_on = forms.DateField(
        label=gettext_lazy("Day it came"),
        required=False,
        input_formats=["%Y-%m-%d", "%d.%m.%Y"],
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        error_messages={"invalid": gettext_lazy("Write the day as 31.12.2026.")},
        help_text=gettext_lazy("Empty means now."),
    )
    received_time = forms.TimeField(
        label=gettext_lazy("Time"),
        required=False,
        input_formats=["%H:%M", "%H:%M:%S"],
        widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"}),
        error_messages={"invalid": gettext_lazy("Write the time as 14:30.")},
    )

    def __init__(self, *told: Any, offices: frozenset[int], now: datetime, **named: Any) -> None:
        super().__init__(*told, **named)
        known = house()
        self.now = now
        mine = sorted((known.offices[office] for office in offices), key=lambda one: (one.depth, str(one.name)))
        fields: dict[str, Any] = self.fields
        fields["taken_at"].choices = [(office.id, str(office.name)) for office in mine]
        if len(mine) == 1:
            fields["taken_at"].widget = forms.HiddenInput()
            fields["taken_at"].initial = mine[0].id
        fields["text"].label = gettext("The words of the applicant")
        fields["text"].widget.attrs["autofocus"] = True
        fields["text"].help_text = gettext("As they were said or written; your own remarks come later.")
        fields["kind"].choices = [(value, words if value else gettext("Decide later")) for value, words in Kind.choices]
        fields["kind"].initial = Kind.MESSAGE
        fields["kind"].choice_hints = {}
        fields["name"].label = gettext("Applicant’s name")

    def clean(self) -> dict[str, Any]:
        told = super().clean() or self.cleaned_data
        day, clock = told.get("received_on"), told.get("received_time")
        if clock and not day:
            self.add_error("received_on", gettext("Give the day too, or leave the time empty."))
        if day:
            zone = house().zone
            opened = house().institution.opens
            moment = datetime.combine(day, clock or min(opened, _clock_of(self.now, day, zone) or opened), zone)
            if moment > self.now:
                self.add_error("received_on", gettext("This is in the future. Check the day and the time."))
            elif moment < self.now - OLDEST:
                self.add_error("received_on", gettext("This is more than a year ago. Check the year."))
            else:
                told["received_at"] = moment
        return told

    def submission(self, token: str, **more: Any) -> Submission:
        self.channel = self.cleaned_data["told_by"]
        return super().submission(
            token,
            taken_at_id=self.cleaned_data["taken_at"],
            received_at=self.cleaned_data.get("received_at"),
            **more,
        )


def _clock_of(now: datetime, day: Any, zone: Any) -> Any:
    """The time of day when `day` is today, so that a letter of this morning is not put into the future."""
    local = now.astimezone(zone)
    return local.time().replace(second=0, microsecond=0) if local.date() == day else None


class Tracking(forms.Form):
    """Number and code."""

    use_required_attribute = False

    number = Line(
        label=gettext_lazy("Registration number"),
        error_messages={"required": gettext_lazy("Write the registration number from your receipt.")},
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "text", "spellcheck": "false"}),
        help_text=gettext_lazy("It stands on your receipt, for example 2026-000123."),
    )
    code = Line(
        label=gettext_lazy("Access code"),
        error_messages={"required": gettext_lazy("Write the access code from your receipt.")},
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
        help_text=gettext_lazy("Seven groups of four letters and digits; spaces and small letters do not matter."),
    )

    def clean_number(self) -> str:
        """`2026 / 123` is understood as 2026-000123."""
        parts = "".join(letter if letter.isdecimal() else " " for letter in self.cleaned_data["number"]).split()
        if len(parts) == 1 and len(parts[0]) == 10:
            parts = [parts[0][:4], parts[0][4:]]
        if len(parts) != 2 or len(parts[0]) != 4 or len(parts[1]) > 12:
            raise ValidationError(
                gettext("Write the number as it stands on the receipt: the year, a hyphen and the digits.")
            )
        return f"{int(parts[0])}-{int(parts[1]):06d}"

"""What both forms ask: the citizen's and the desk's."""

import hashlib
from functools import partial
from typing import Any, Self

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import get_language, gettext, gettext_lazy, ngettext

from dauys.hear.files import ACCEPTED
from dauys.hear.forms.fields import (
    Choice,
    Coordinate,
    Line,
    Reference,
    SeveralFiles,
    Words,
    area_groups,
    office_choices,
)
from dauys.hear.forms.frame import sentence
from dauys.hear.models import Channel, Kind
from dauys.hear.submission import FILES_MOST, Contact, Refused, Submission, check
from dauys.institution.queries import house

OWN_LANGUAGE_NAMES = (("kk", "Қазақша"), ("ru", "Русский"), ("en", "English"))

KINDS: tuple[tuple[str, Any, Any], ...] = (
    ("", gettext_lazy("I don’t know: you decide"), gettext_lazy("We read it and choose what fits.")),
    (
        Kind.MESSAGE,
        gettext_lazy("Something is wrong: I report it"),
        gettext_lazy("A fault, a breach of order, bad work of a service."),
    ),
    (
        Kind.APPLICATION,
        gettext_lazy("I ask for help, a right or a service"),
        gettext_lazy("For yourself or for others."),
    ),
    (
        Kind.COMPLAINT,
        gettext_lazy("I contest a decision, a refusal or inaction"),
        gettext_lazy("Say which body decided or failed to act. Never sent to that body to judge."),
    ),
    (
        Kind.INQUIRY,
        gettext_lazy("I ask for information"),
        gettext_lazy("Of your own or of public interest."),
    ),
    (
        Kind.PROPOSAL,
        gettext_lazy("I propose how to do better"),
        gettext_lazy("For a law, a service, a street or a whole region."),
    ),
    (Kind.RESPONSE, gettext_lazy("I say what I think"), gettext_lazy("Of a policy or an event; thanks too.")),
)


class Told(forms.Form):
    """What both forms ask."""

    text = Words(
        label=gettext_lazy("What happened, or what do you ask for?"),
        error_messages={
            "required": gettext_lazy("Write in your own words what happened or what you ask for."),
        },
        widget=forms.Textarea(attrs={"rows": 8, "dir": "auto"}),
        help_text=gettext_lazy("In any language, in your own words. Nobody will edit them."),
    )
    kind = Choice(
        label=gettext_lazy("What is it?"),
        required=False,
        choices=[(value, words) for value, words, _hint in KINDS],
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": gettext_lazy("Choose one of these, or let us decide.")},
    )
    place = Line(
        label=gettext_lazy("Where is it?"),
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "street-address", "dir": "auto"}),
        help_text=gettext_lazy("Street, house, yard, bus stop: as you would tell a neighbour."),
    )
    area = Reference(lambda known: known.areas, label=gettext_lazy("Town, district or village"))
    lat = Coordinate(90)
    lon = Coordinate(180)
    about_office = Reference(lambda known: known.offices, label=gettext_lazy("Which body is it about?"))
    attached = forms.FileField(
        label=gettext_lazy("Photos or PDF"),
        required=False,
        widget=SeveralFiles(attrs={"accept": ",".join(ACCEPTED)}),
    )
    name = Line(
        label=gettext_lazy("Your name"),
        required=False,
        max_length=160,
        widget=forms.TextInput(attrs={"autocomplete": "name", "dir": "auto"}),
    )
    phone = Line(
        label=gettext_lazy("Telephone"),
        required=False,
        help_text=gettext_lazy("A telephone or an e-mail: one is enough."),
        widget=forms.TextInput(attrs={"autocomplete": "tel", "inputmode": "tel"}),
    )
    email = Line(
        label=gettext_lazy("E-mail"),
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "email", "inputmode": "email", "autocapitalize": "none"}),
    )
    address = Line(
        label=gettext_lazy("Postal address"),
        required=False,
        max_length=300,
        widget=forms.TextInput(attrs={"autocomplete": "street-address", "dir": "auto"}),
        help_text=gettext_lazy("If you want the answer on paper."),
    )
    language = Choice(
        label=gettext_lazy("Language of the answer"),
        choices=OWN_LANGUAGE_NAMES,
        widget=forms.RadioSelect,
        error_messages={
            "required": gettext_lazy("Choose the language in which you want the answer."),
            "invalid_choice": gettext_lazy("Choose one of the three languages."),
        },
    )

    channel: str = Channel.WEB
    use_required_attribute = False  # our own words, in the reader's language, instead of the browser's

    def __init__(self, *told: Any, **named: Any) -> None:
        super().__init__(*told, **named)
        known = house()
        fields: dict[str, Any] = self.fields
        fields["area"].choices = partial(area_groups, known)  # asked only where the form is shown
        fields["about_office"].choices = partial(office_choices, known)
        fields["kind"].choice_hints = {value: hint for value, _words, hint in KINDS}
        fields["language"].initial = (get_language() or "ru")[:2]
        fields["attached"].help_text = ngettext(
            "Up to %(most)s file.", "Up to %(most)s files, 20 MB each.", FILES_MOST
        ) % {"most": FILES_MOST}

    def whole(self) -> Self:
        """This form as one that can be shown and found fault with."""
        return self

    def clean_text(self) -> str:
        return self._checked("text")

    def clean_place(self) -> str:
        return self._checked("place", text="…a")

    def _checked(self, name: str, **others: str) -> str:
        """The field as `submission.check` judges it, in words for people."""
        value: str = self.cleaned_data[name]
        told: dict[str, Any] = {"channel": self.channel, "token": "-", "text": "", **others, name: value}
        try:
            check(Submission(**told))
        except Refused as refused:
            raise ValidationError(sentence(refused), code=refused.code) from None
        return value

    def clean_phone(self) -> str:
        value: str = self.cleaned_data["phone"]
        if value and (len(value) > 60 or not 5 <= sum(letter.isdigit() for letter in value) <= 20):
            raise ValidationError(gettext("Write the whole telephone number with its code, in digits."))
        return value

    def clean_email(self) -> str:
        value: str = self.cleaned_data["email"]
        if value:
            try:
                validate_email(value)
            except ValidationError:
                raise ValidationError(
                    gettext("This e-mail address is not complete. It looks like name@example.org.")
                ) from None
        return value

    def contact(self) -> Contact:
        told = self.cleaned_data
        return Contact(told["name"], told["phone"], told["email"], told["address"])

    def submission(self, token: str, **more: Any) -> Submission:
        """What will be filed. Fields outside the key are bound into the token: a change is a new sending."""
        told = self.cleaned_data
        lat, lon = (told["lat"], told["lon"]) if None not in (told["lat"], told["lon"]) else (None, None)
        others = (
            told["language"],
            told["area"],
            lat,
            lon,
            told["about_office"],
            *sorted(more.items(), key=str),
        )
        return Submission(
            channel=self.channel,
            token=f"{token}.{hashlib.sha256(repr(others).encode()).hexdigest()}",
            text=told["text"],
            kind=told["kind"] or Kind.MESSAGE,
            language=told["language"],
            place=told["place"],
            area_id=told["area"],
            lat=lat,
            lon=lon,
            about_office_id=told["about_office"],
            contact=self.contact(),
            **more,
        )

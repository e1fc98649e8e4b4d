"""The citizen's form and the desk's: each field is checked by itself; what was typed always comes back."""

import hashlib
import math
import secrets
import tomllib
from datetime import datetime, timedelta
from functools import cache
from importlib.resources import files as resources
from typing import Any, NamedTuple

from django import forms
from django.core import signing
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.functional import lazy
from django.utils.translation import get_language, gettext, gettext_lazy, ngettext

from dauys.hear.files import ACCEPTED
from dauys.hear.models import Channel, Kind
from dauys.hear.submission import (
    FILES_MOST,
    Contact,
    Refused,
    Submission,
    check,
    storable,
)
from dauys.institution.queries import House, Place, house

AREAS_LISTED_MOST = 600
"""Above this a list of settlements is no help on a telephone: districts are offered, words do the rest."""

OWN_LANGUAGE_NAMES = (("kk", "Қазақша"), ("ru", "Русский"), ("en", "English"))
OLDEST = timedelta(days=366)
"""How far back a letter written down at the desk may have been received."""

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

_SERVICES = {
    "fire": gettext_lazy("fire"),
    "police": gettext_lazy("police"),
    "ambulance": gettext_lazy("ambulance"),
    "gas": gettext_lazy("gas leak"),
}


class Emergency(NamedTuple):
    """One number for everything, and (number, service) pairs; empty for a country we hold no numbers of."""

    number: str
    services: tuple[tuple[str, Any], ...]


@cache
def _emergency_numbers() -> dict[str, dict[str, Any]]:
    return tomllib.loads((resources("dauys.hear") / "data" / "emergency.toml").read_text(encoding="utf-8"))


def emergency(country: str) -> Emergency:
    """Whom to call instead of writing when life is in danger."""
    known = _emergency_numbers().get(country, {})
    return Emergency(
        known.get("all", ""),
        tuple((known[code], words) for code, words in _SERVICES.items() if code in known),
    )


def new_token() -> str:
    """The name of one form, given out by us: a form sent twice is recognised by it."""
    return signing.Signer(salt="hear.form").sign(secrets.token_urlsafe(16))


def token_of(told: str) -> str | None:
    """The form's name if we gave it out, or None."""
    try:
        return signing.Signer(salt="hear.form").unsign(told)
    except signing.BadSignature:
        return None


def sentence(refused: Refused) -> str:
    """What is wrong and what to do about it, in the reader's language."""
    fill = refused.params
    match (refused.field, refused.code):
        case ("text", "empty"):
            return gettext("Write in your own words what happened or what you ask for.")
        case ("text", "too_long"):
            return gettext(
                "The text has %(length)s characters and at most %(most)s can be taken. Shorten it, "
                "or send the long part as a PDF or a photo of the pages."
            ) % {"length": fill["length"], "most": fill["most"]}
        case ("place", "too_long"):
            return gettext(
                "The place has %(length)s characters and at most %(most)s can be taken. "
                "Leave the street or landmark here and tell the rest in the text."
            ) % {"length": fill["length"], "most": fill["most"]}
        case ("files", "too_many"):
            return ngettext(
                "At most %(most)s file can be taken. Remove the others, or put several pages into one PDF.",
                "At most %(most)s files can be taken. Remove some, or put several pages into one PDF.",
                int(str(fill["most"])),
            ) % {"most": fill["most"]}
        case ("files", "too_large"):
            return gettext(
                "“%(name)s” is larger than %(most)s MB. Send a smaller photo or fewer pages in one file."
            ) % {"name": fill["name"], "most": fill["most"]}
        case ("files", "too_much"):
            return gettext(
                "All files together are larger than %(most)s MB. Leave some out, or send smaller photos."
            ) % {"most": fill["most"]}
        case ("files", "wrong_type"):
            return gettext(
                "“%(name)s” is not a photo or a PDF. JPEG, PNG, WebP, GIF and PDF can be taken; "
                "a document can be saved as PDF or photographed."
            ) % {"name": fill["name"]}
        case ("files", "empty_file"):
            return gettext("“%(name)s” is empty. Choose it again or leave it out.") % {"name": fill["name"]}
        case ("files", "no_room"):
            return gettext(
                "There is no room for files just now, so “%(name)s” was not taken. "
                "File the appeal without it and add it later."
            ) % {"name": fill["name"]}
    return gettext("This cannot be taken as it is. Please correct it and send again.")


class Words(forms.CharField):
    """Words kept as they were written: nothing trimmed, only what cannot be stored left out."""

    def __init__(self, **told: Any) -> None:
        super().__init__(strip=False, **told)

    def to_python(self, value: Any) -> str:
        return storable(super().to_python(value) or "")

    def bound_data(self, data: Any, initial: Any) -> str:
        return storable(str(data or ""))


class Line(Words):
    """One line: as `Words`, without the spaces around it and without line ends."""

    def to_python(self, value: Any) -> str:
        return " ".join(super().to_python(value).split())


class Coordinate(forms.FloatField):
    """Filled by the map. A reader cannot mend a hidden field, so a wrong one is no point at all."""

    widget = forms.HiddenInput

    def __init__(self, most: float) -> None:
        super().__init__(required=False)
        self.most = most

    def clean(self, value: Any) -> float | None:
        try:
            number = super().clean(value)
        except ValidationError:
            return None
        return number if number is not None and math.isfinite(number) and abs(number) <= self.most else None


class _SeveralFiles(forms.ClearableFileInput):
    allow_multiple_selected = True


def area_groups(known: House) -> list[tuple[str, Any]]:
    """Choices for a select: districts, each with its settlements where the list stays usable."""
    inside: dict[int, list[Place]] = {}
    if len(known.areas) <= AREAS_LISTED_MOST:
        for area in known.areas.values():
            if area.level == "settlement" and area.district_id is not None:
                inside.setdefault(area.district_id, []).append(area)
    groups: list[tuple[str, Any]] = [("", gettext("I don’t know, or it is elsewhere"))]
    for district in sorted(known.districts, key=lambda place: str(place.name)):
        places = sorted(inside.get(district.id, ()), key=lambda place: str(place.name))
        whole = (str(district.id), str(district.name))
        if places:
            groups.append(
                (str(district.name), [whole, *((str(place.id), str(place.name)) for place in places)])
            )
        else:
            groups.append(whole)
    return groups


def office_choices(known: House) -> list[tuple[str, str]]:
    offices = sorted(known.offices.values(), key=lambda office: str(office.name))
    return [("", gettext("No particular body")), *((str(office.id), str(office.name)) for office in offices)]


class _Reference(forms.ChoiceField):
    """An id from one of the house's small tables; any row of it, listed or not."""

    def __init__(self, **told: Any) -> None:
        super().__init__(required=False, **told)
        self.known: frozenset[int] = frozenset()

    def clean(self, value: Any) -> int | None:
        told = str(value or "").strip()
        if not told:
            return None
        if not (told.isascii() and told.isdigit() and len(told) < 19 and int(told) in self.known):
            raise ValidationError(gettext("Choose from the list, or leave it as it is."))
        return int(told)


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
    kind = forms.ChoiceField(
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
    area = _Reference(label=gettext_lazy("Town, district or village"))
    lat = Coordinate(90)
    lon = Coordinate(180)
    about_office = _Reference(label=gettext_lazy("Which body is it about?"))
    attached = forms.FileField(
        label=gettext_lazy("Photos or PDF"),
        required=False,
        widget=_SeveralFiles(attrs={"accept": ",".join(ACCEPTED)}),
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
        widget=forms.TextInput(
            attrs={"autocomplete": "email", "inputmode": "email", "autocapitalize": "none"}
        ),
    )
    address = Line(
        label=gettext_lazy("Postal address"),
        required=False,
        max_length=300,
        widget=forms.TextInput(attrs={"autocomplete": "street-address", "dir": "auto"}),
        help_text=gettext_lazy("If you want the answer on paper."),
    )
    language = forms.ChoiceField(
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
        fields["area"].choices = lazy(lambda: area_groups(known), list)()
        fields["area"].known = frozenset(known.areas)
        fields["about_office"].choices = lazy(lambda: office_choices(known), list)()
        fields["about_office"].known = frozenset(known.offices)
        fields["kind"].choice_hints = {value: hint for value, _words, hint in KINDS}
        fields["language"].initial = (get_language() or "ru")[:2]
        fields["attached"].help_text = ngettext(
            "Up to %(most)s file.", "Up to %(most)s files, 20 MB each.", FILES_MOST
        ) % {"most": FILES_MOST}

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


class Filing(Told):
    """The citizen's form."""

    CONTACT, CODE = "contact", "code"

    reach = forms.ChoiceField(
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
        fields["name"].required = self["reach"].value() != self.CODE
        fields["name"].error_messages["required"] = gettext(
            "Write your name, or choose “No contact: I will keep the code”."
        )
        fields["reach"].choice_hints = {
            self.CONTACT: gettext(
                "Your name and a telephone or e-mail. They are kept sealed and never published."
            ),
            self.CODE: gettext(
                "Your appeal is read and worked on as a signal, but without a name the law does not "
                "oblige anybody to answer you. Only the code opens it again; a lost one is not replaced."
            ),
        }

    def clean(self) -> dict[str, Any]:
        told = super().clean() or self.cleaned_data
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

    told_by = forms.ChoiceField(
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
        mine = sorted(
            (known.offices[office] for office in offices), key=lambda one: (one.depth, str(one.name))
        )
        fields: dict[str, Any] = self.fields
        fields["taken_at"].choices = [(office.id, str(office.name)) for office in mine]
        if len(mine) == 1:
            fields["taken_at"].widget = forms.HiddenInput()
            fields["taken_at"].initial = mine[0].id
        fields["text"].label = gettext("The words of the applicant")
        fields["text"].widget.attrs["autofocus"] = True
        fields["text"].help_text = gettext("As they were said or written; your own remarks come later.")
        fields["kind"].choices = [
            (value, words if value else gettext("Decide later")) for value, words in Kind.choices
        ]
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
            moment = datetime.combine(
                day, clock or min(opened, _clock_of(self.now, day, zone) or opened), zone
            )
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
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}
        ),
        help_text=gettext_lazy(
            "Seven groups of four letters and digits; spaces and small letters do not matter."
        ),
    )

    def clean_number(self) -> str:
        """`2026 / 123` is understood as 2026-000123."""
        parts = "".join(
            letter if letter.isdecimal() else " " for letter in self.cleaned_data["number"]
        ).split()
        if len(parts) == 1 and len(parts[0]) == 10:
            parts = [parts[0][:4], parts[0][4:]]
        if len(parts) != 2 or len(parts[0]) != 4 or len(parts[1]) > 12:
            raise ValidationError(
                gettext("Write the number as it stands on the receipt: the year, a hyphen and the digits.")
            )
        return f"{int(parts[0])}-{int(parts[1]):06d}"

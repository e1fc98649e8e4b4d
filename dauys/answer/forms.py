"""What officers type: checked here for the page, and again by the actions."""

import secrets
from collections.abc import Collection, Iterable

from django import forms
from django.conf import settings
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from dauys.answer.models import Outcome
from dauys.hear.files import ACCEPTED
from dauys.hear.forms.fields import SeveralFiles
from dauys.hear.submission import TEXT_MOST

REASON_MOST = 1000


def token() -> str:
    """The name of one form on one page: sent twice, it counts once."""
    return secrets.token_hex(16)


class AnswerForm(forms.Form):
    """The answer being written. A draft may still lack its outcome, or its words."""

    use_required_attribute = False

    outcome = forms.ChoiceField(label=_("What the answer comes to"), choices=Outcome.choices, widget=forms.RadioSelect)
    text = forms.CharField(
        label=_("The answer"),
        max_length=TEXT_MOST,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 14, "maxlength": TEXT_MOST, "data-key": "a"}),
    )
    seen = forms.CharField(required=False, widget=forms.HiddenInput(attrs={"id": "seen"}))

    def __init__(self, *args: object, is_draft: bool = False, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # passed through as Django wants them
        for name in ("outcome", "text"):
            self.fields[name].required = not is_draft


class TogetherForm(forms.Form):
    """One answer to many appeals: what it comes to, and its words in each language that waits for it."""

    use_required_attribute = False

    outcome = forms.ChoiceField(label=_("What the answer comes to"), choices=Outcome.choices, widget=forms.RadioSelect)

    def __init__(self, *args: object, languages: Collection[str], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # passed through as Django wants them
        self.languages = [code for code, _name in settings.LANGUAGES if code in languages]
        names = dict(settings.LANGUAGES)
        for code in self.languages:
            self.fields[f"text_{code}"] = forms.CharField(
                label=format_lazy(_("The answer in this language: {name}"), name=names[code]),
                max_length=TEXT_MOST,
                required=False,
                widget=forms.Textarea(attrs={"rows": 10, "maxlength": TEXT_MOST, "lang": code}),
            )

    def texts(self) -> dict[str, str]:
        return {code: self.cleaned_data.get(f"text_{code}", "") for code in self.languages}

    def text_fields(self) -> list[forms.BoundField]:
        return [self[f"text_{code}"] for code in self.languages]


def attached() -> forms.FileField:
    """Several files of the closed list. What was chosen is read by the view, one file after another."""
    return forms.FileField(
        label=_("Photos or PDF"),
        help_text=_("Up to 10 files, 20 MB each."),
        required=False,
        widget=SeveralFiles(attrs={"accept": ",".join(ACCEPTED)}),
    )


class EncloseForm(forms.Form):
    """Files to go with the answer."""

    attached = attached()


class WriteForm(forms.Form):
    """A message to the citizen, or a note for colleagues."""

    text = forms.CharField(
        label=_("Message"),
        max_length=TEXT_MOST,
        widget=forms.Textarea(attrs={"rows": 4, "maxlength": TEXT_MOST}),
    )
    answer_by = forms.DateField(
        label=_("A question? An answer is hoped for by"),
        help_text=_("It stops no clock: the promised day stays as it is, and both pages say so."),
        required=False,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        error_messages={"invalid": _("Write the day as 2026-04-30.")},
    )
    attached = attached()
    token = forms.CharField(max_length=64, widget=forms.HiddenInput)


class NoteForm(WriteForm):
    """Words for colleagues alone."""

    answer_by = attached = None  # type: ignore[assignment]  # Django's way to leave fields of the parent out

    text = forms.CharField(
        label=_("Note"),
        help_text=_("The citizen never sees notes."),
        max_length=TEXT_MOST,
        widget=forms.Textarea(attrs={"rows": 3, "maxlength": TEXT_MOST}),
    )


class RedirectForm(forms.Form):
    """Another office and why; who owes the answer afterwards; from the third passing on, why one more is needed."""

    office = forms.TypedChoiceField(label=_("Office"), coerce=int)
    clock = forms.ChoiceField(label=_("Who owes the answer"), required=False, widget=forms.RadioSelect)
    reason = forms.CharField(
        label=_("Reason"),
        help_text=_("The citizen reads it."),
        max_length=REASON_MOST,
        widget=forms.Textarea(attrs={"rows": 3, "maxlength": REASON_MOST}),
    )

    again = forms.CharField(
        label=_("Why it must be passed on once more"),
        help_text=_("It has been passed on twice. Leave it empty only if you head both offices."),
        max_length=REASON_MOST,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2, "maxlength": REASON_MOST}),
    )

    def __init__(
        self,
        *args: object,
        offices: Iterable[tuple[int, str]],
        clocks: Collection[tuple[str, object]] = (),
        again: bool = False,
        **kwargs: object,
    ) -> None:
        """`clocks`: who may owe the answer afterwards, none where that is no question."""
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # passed through as Django wants them
        self.fields["office"].choices = [("", _("Choose an office")), *offices]  # type: ignore[attr-defined]  # a ChoiceField
        self.fields["clock"].choices = [*clocks]  # type: ignore[attr-defined]  # a ChoiceField
        for name, is_asked in (("clock", bool(clocks)), ("again", again)):
            if not is_asked:
                del self.fields[name]

    def keep_clock(self) -> bool | None:
        return {"stays": True, "goes": False}.get(self.cleaned_data.get("clock") or "")


class AssignForm(forms.Form):
    """A colleague."""

    to = forms.TypedChoiceField(label=_("Officer"), coerce=int)

    def __init__(self, *args: object, officers: Iterable[tuple[int, str]], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # passed through as Django wants them
        self.fields["to"].choices = [("", _("Choose an officer")), *officers]  # type: ignore[attr-defined]  # a ChoiceField

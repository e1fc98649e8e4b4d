"""What officers type: checked here for the page, and again by the actions."""

import secrets
from collections.abc import Iterable

from django import forms
from django.utils.translation import gettext_lazy as _

from dauys.answer.models import Outcome
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


class WriteForm(forms.Form):
    """A message to the citizen, or a note for colleagues."""

    text = forms.CharField(
        label=_("Message"),
        max_length=TEXT_MOST,
        widget=forms.Textarea(attrs={"rows": 4, "maxlength": TEXT_MOST}),
    )
    token = forms.CharField(widget=forms.HiddenInput)


class NoteForm(WriteForm):
    """Words for colleagues alone."""

    text = forms.CharField(
        label=_("Note"),
        help_text=_("The citizen never sees notes."),
        max_length=TEXT_MOST,
        widget=forms.Textarea(attrs={"rows": 3, "maxlength": TEXT_MOST}),
    )


class RedirectForm(forms.Form):
    """Another office and why."""

    office = forms.TypedChoiceField(label=_("Office"), coerce=int)
    reason = forms.CharField(
        label=_("Reason"),
        help_text=_("The citizen reads it."),
        max_length=REASON_MOST,
        widget=forms.Textarea(attrs={"rows": 3, "maxlength": REASON_MOST}),
    )

    def __init__(self, *args: object, offices: Iterable[tuple[int, str]], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # passed through as Django wants them
        self.fields["office"].choices = [("", _("Choose an office")), *offices]  # type: ignore[attr-defined]  # a ChoiceField


class AssignForm(forms.Form):
    """A colleague."""

    to = forms.TypedChoiceField(label=_("Officer"), coerce=int)

    def __init__(self, *args: object, officers: Iterable[tuple[int, str]], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # passed through as Django wants them
        self.fields["to"].choices = [("", _("Choose an officer")), *officers]  # type: ignore[attr-defined]  # a ChoiceField

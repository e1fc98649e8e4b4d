"""What an administrator writes on the pages of the routing rules."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dauys.answer import rulebook
from dauys.answer.words import rules as said
from dauys.hear.models import Channel, Kind
from dauys.institution.queries import House

WORDS_ROWS = 5


class RuleForm(forms.Form):
    """One rule: its conditions, each of which may stay empty, and the offices it names."""

    use_required_attribute = False

    name = forms.CharField(
        label=gettext_lazy("Name of the rule"),
        help_text=gettext_lazy("Citizens read it as the reason: “Gas leaks go to the gas service”."),
        max_length=rulebook.LETTERS_MOST,
        required=False,
    )
    words = forms.CharField(
        label=gettext_lazy("The text says"),
        help_text=gettext_lazy(
            "One word or phrase in a line, in any of the languages; one of them is enough. Every form of a word "
            "counts; the words of a phrase stand side by side."
        ),
        required=False,
        widget=forms.Textarea(attrs={"rows": WORDS_ROWS}),
    )
    topics = forms.MultipleChoiceField(
        label=gettext_lazy("Topic"),
        help_text=gettext_lazy("With its parts. Several: hold Ctrl."),
        required=False,
        widget=forms.SelectMultiple(attrs={"size": 8}),
    )
    areas = forms.MultipleChoiceField(
        label=gettext_lazy("Place"),
        help_text=gettext_lazy("With all places inside it. Several: hold Ctrl."),
        required=False,
        widget=forms.SelectMultiple(attrs={"size": 8}),
    )
    kinds = forms.MultipleChoiceField(
        label=gettext_lazy("Kind"), choices=Kind.choices, required=False, widget=forms.CheckboxSelectMultiple
    )
    channels = forms.MultipleChoiceField(
        label=gettext_lazy("Channel"), choices=Channel.choices, required=False, widget=forms.CheckboxSelectMultiple
    )
    urgency = forms.MultipleChoiceField(
        label=gettext_lazy("Urgency"), required=False, widget=forms.CheckboxSelectMultiple
    )
    acts = forms.ChoiceField(label=gettext_lazy("Who acts"), required=False)
    clock = forms.ChoiceField(label=gettext_lazy("Who owes the answer"), required=False)

    def __init__(self, *args: Any, place: House, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offices = sorted(((one.code, str(one.name)) for one in place.offices.values()), key=lambda one: one[1])
        choices: dict[str, Any] = {
            "topics": _topics(place),
            "areas": _areas(place),
            "urgency": [(one, said.urgency(one)) for one in rulebook.URGENCY],
            "acts": [("", _("As without the rule")), *offices],
            "clock": [("", _("As without the rule")), *offices],
        }
        for name, known in choices.items():
            self.fields[name].choices = known  # type: ignore[attr-defined]  # fields of choices, all of them

    def clean_words(self) -> list[str]:
        lines = [" ".join(line.split()) for line in self.cleaned_data["words"].splitlines()]
        kept = [line for line in lines if line]
        for line in kept:
            if not rulebook.READING.tokens(line):
                raise forms.ValidationError(_("“%(line)s” holds no word. Write a word or a phrase.") % {"line": line})
            if len(line) > rulebook.LETTERS_MOST or not line.isprintable():
                raise forms.ValidationError(
                    _("“%(line)s…” is too long. Write at most %(most)s letters in a line.")
                    % {"line": line[:30], "most": rulebook.LETTERS_MOST}
                )
        if len(kept) > rulebook.VALUES_MOST:
            raise forms.ValidationError(
                _("There are %(lines)s lines; a rule takes %(most)s. Make two rules of it.")
                % {"lines": len(kept), "most": rulebook.VALUES_MOST}
            )
        return kept

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if not self.errors and not cleaned.get("acts") and not cleaned.get("clock"):
            raise forms.ValidationError(_("Name who acts, who owes the answer, or both."))
        return cleaned


class TextForm(forms.Form):
    """All rules as one text."""

    text = forms.CharField(
        label=gettext_lazy("Rules"),
        max_length=rulebook.TEXT_MOST,
        strip=False,
        required=False,
        widget=forms.Textarea(attrs={"rows": 24, "spellcheck": "false", "autocapitalize": "none"}),
    )


def _topics(place: House) -> list[tuple[str, Any]]:
    return [
        (str(group.name), [(one.code, str(one.name)) for one in (group, *parts)]) for group, parts in place.topic_groups
    ]


def _areas(place: House) -> list[tuple[str, Any]]:
    inside: dict[int, list[tuple[str, str]]] = {}
    for area in place.areas.values():
        if area.district_id and area.district_id != area.id:
            inside.setdefault(area.district_id, []).append((area.code, str(area.name)))
    whole = [(area.code, str(area.name)) for area in place.areas.values() if not area.district_id]
    return [
        (_("The whole"), whole),
        *(
            (str(one.name), [(one.code, str(one.name)), *sorted(inside.get(one.id, []), key=lambda two: two[1])])
            for one in place.districts
        ),
    ]

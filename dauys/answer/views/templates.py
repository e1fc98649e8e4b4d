"""Templates of the offices a person manages: seen, written, tried on a case, closed."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override
from django.views.decorators.http import require_http_methods

from dauys.answer import actions, blanks, queries, skeletons, words
from dauys.answer.actions.wording import NAME_MOST, RIGHT
from dauys.answer.models import Outcome
from dauys.answer.queries import templates as wordings
from dauys.answer.views.shared import officer_of, sentence
from dauys.answer.written import whole_number
from dauys.hear.submission import TEXT_MOST
from dauys.institution import rights
from dauys.institution.models import User
from dauys.institution.names import LANGUAGES
from dauys.institution.queries import house
from dauys.understand.queries import topic_choices

LANGUAGE_LABELS = {
    "kk": gettext_lazy("Words in Kazakh"),
    "ru": gettext_lazy("Words in Russian"),
    "en": gettext_lazy("Words in English"),
}


class TemplateForm(forms.Form):
    """One template with its words in each language. `was`: ids of the rows it replaces."""

    use_required_attribute = False

    office = forms.TypedChoiceField(
        label=gettext_lazy("Office"),
        help_text=gettext_lazy("It is offered there and at every office below."),
        coerce=int,
    )
    name = forms.CharField(
        label=gettext_lazy("Name of the template"),
        help_text=gettext_lazy("Officers choose it by this name, in every language."),
        max_length=NAME_MOST,
    )
    outcome = forms.ChoiceField(
        label=gettext_lazy("What the answer comes to"),
        choices=[("", gettext_lazy("The officer chooses")), *Outcome.choices],
        required=False,
    )
    topic = forms.ChoiceField(label=gettext_lazy("Only for this topic"), required=False)
    was = forms.CharField(required=False, widget=forms.HiddenInput)
    number = forms.CharField(
        label=gettext_lazy("Try it on this appeal"),
        help_text=gettext_lazy("A registration number; without one each blank shows what it is for."),
        max_length=20,
        required=False,
    )

    def __init__(self, *args: Any, offices: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Of many offices none is preset: the first of the alphabet would get the template unawares.
        choose = [("", _("Choose an office"))] if len(offices) > 1 else []
        self.fields["office"].choices = [*choose, *offices]  # type: ignore[attr-defined]  # a ChoiceField
        self.fields["topic"].choices = [("", _("Any topic")), *topic_choices()]  # type: ignore[attr-defined]  # the same
        for code in LANGUAGES:
            self.fields[f"text_{code}"] = forms.CharField(
                label=LANGUAGE_LABELS[code],
                max_length=TEXT_MOST,
                required=False,
                widget=forms.Textarea(attrs={"rows": 10, "maxlength": TEXT_MOST, "lang": code}),
            )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for code in LANGUAGES:
            try:
                blanks.check(cleaned.get(f"text_{code}") or "")
            except (blanks.UnknownBlank, blanks.LooseBrace) as wrong:
                self.add_error(f"text_{code}", words.wrong_blank(wrong))
        if not self.errors and not any(self.texts(cleaned).values()):
            raise ValidationError(_("Write the words in at least one language."))
        return cleaned

    def clean_was(self) -> list[int]:
        ids = [whole_number(part) for part in self.cleaned_data["was"].split(",") if part]
        if None in ids or len(ids) > 2 * len(LANGUAGES):
            raise ValidationError(_("Open the template again."))
        return [one for one in ids if one is not None]

    def texts(self, cleaned: dict[str, Any]) -> dict[str, str]:
        return {code: (cleaned.get(f"text_{code}") or "").strip() for code in LANGUAGES}

    def text_fields(self) -> list[forms.BoundField]:
        return [self[f"text_{code}"] for code in LANGUAGES]


@dataclass(frozen=True, slots=True)
class Line:
    """One template in the list."""

    wording: wordings.Wording
    name: str
    outcome: str
    topic: str
    languages: list[str]
    is_mine: bool


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def templates(request: HttpRequest) -> HttpResponse:
    """The list and one form: for a new template, or for the one whose key stands in the address."""
    user = officer_of(request)
    rights.require(user, RIGHT)
    mine = rights.offices_for(user, RIGHT)
    place = house()
    offices = sorted(((one, str(place.offices[one].name)) for one in mine if one in place.offices), key=lambda o: o[1])
    listed = wordings.templates_of(_and_above(mine))
    if request.method == "POST":
        return _posted(request, user, TemplateForm(request.POST, offices=offices), listed)
    asked = request.GET.get("template", "")
    chosen = next((one for one in [*listed, *wordings.shipped()] if one.key == asked), None)
    return _page(request, TemplateForm(initial=_initial(chosen, mine), offices=offices), listed, chosen=chosen)


def _posted(request: HttpRequest, user: User, form: TemplateForm, listed: list[wordings.Wording]) -> HttpResponse:
    if not form.is_valid():
        return _page(request, form, listed, status=422)
    told, now = form.cleaned_data, timezone.now()
    if request.POST.get("go") == "try":
        return _tried(request, user, form, listed)
    try:
        if request.POST.get("go") == "close":
            actions.close_template(office_id=told["office"], was=told["was"], officer=user, now=now)
            messages.success(request, _("The template is offered no more."))
        else:
            topic = house().topic_by_code.get(told["topic"])
            actions.save_template(
                office_id=told["office"],
                name=told["name"],
                topic_id=topic.id if topic else None,
                outcome=told["outcome"],
                texts=form.texts(told),
                was=told["was"],
                officer=user,
                now=now,
            )
            messages.success(request, _("The template is saved."))
    except actions.Failure as failure:
        form.add_error(None, sentence(failure))
        return _page(request, form, listed, status=409)
    return redirect("answer:templates")


def _tried(request: HttpRequest, user: User, form: TemplateForm, listed: list[wordings.Wording]) -> HttpResponse:
    """The words with their blanks filled, and nothing kept."""
    number = form.cleaned_data["number"].strip()
    page = queries.appeal_page(user, number) if number else None
    if number and page is None:
        form.add_error("number", _("There is no appeal with this number that you may read."))
        return _page(request, form, listed, status=422)
    tried = []
    for code, text in form.texts(form.cleaned_data).items():
        if not text:
            continue
        if page is None:
            values = wordings.sample(code)
        else:
            page.appeal.language = code  # read only: how it would be for a citizen of that language
            with override(code):
                values = wordings.values(page, user, timezone.now())
        filled = blanks.fill(text, values, code)
        tried.append((code, LANGUAGE_LABELS[code], filled, skeletons.unfilled(filled)))
    return _page(request, form, listed, tried=tried)


def _page(
    request: HttpRequest, form: TemplateForm, listed: list[wordings.Wording], *, status: int = 200, **told: Any
) -> HttpResponse:
    mine = rights.offices_for(officer_of(request), RIGHT)
    context = {
        "form": form,
        "lines": [_line(one, mine) for one in listed],
        "shipped": [_line(one, mine) for one in wordings.shipped()],
        "blanks": [(f"{{{name}}}", blanks.hole(name, words.language())[1:-3]) for name in blanks.NAMES],
        "is_old": bool(form["was"].value()),
    }
    return render(request, "answer/templates.html", {**context, **told}, status=status)


def _line(one: wordings.Wording, mine: frozenset[int]) -> Line:
    topic = house().topics.get(one.topic_id or 0)
    return Line(
        one, one.name_in(words.language()), str(Outcome(one.outcome).label) if one.outcome else "",
        str(topic.name) if topic else "", [code for code in LANGUAGES if one.text_in(code)], one.office_id in mine,
    )  # fmt: skip


def _initial(chosen: wordings.Wording | None, mine: frozenset[int]) -> dict[str, Any]:
    """The chosen template to change; one of another office, or a shipped one, as a beginning for one's own."""
    if chosen is None:
        return {}
    topic = house().topics.get(chosen.topic_id or 0)
    is_mine = chosen.office_id in mine
    return {
        "office": chosen.office_id if is_mine else None,
        "name": chosen.name_in(words.language()),
        "outcome": chosen.outcome,
        "topic": topic.code if topic else "",
        "was": ",".join(map(str, chosen.ids)) if is_mine else "",
        **{f"text_{code}": chosen.text_in(code) for code in LANGUAGES},
    }


def _and_above(offices: frozenset[int]) -> set[int]:
    """These offices and all above them: what is inherited is shown, too."""
    place = house()
    return {office.id for one in offices for office in place.office_chain(one)}

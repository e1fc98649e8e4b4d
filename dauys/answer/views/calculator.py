"""The public calculator: by when an answer is owed, day by day, for anybody who wants to count it themselves."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from dauys.answer import calculating, policies
from dauys.answer.days import day
from dauys.answer.queries.explained import squares
from dauys.answer.words import deadlines as words
from dauys.answer.words.promise import term
from dauys.hear.models import Kind
from dauys.institution.names import readers_language
from dauys.institution.queries import house

MOST = 40
"""Characters of any value in the address: a day, a code, the id of a rule."""


LISTED = dict.fromkeys(("required", "invalid_choice"), _("Choose one of the list."))


class AskForm(forms.Form):
    """What a person asks the calculator."""

    kind = forms.ChoiceField(label=_("Kind of appeal"), choices=Kind.choices, error_messages=LISTED)
    rule = forms.ChoiceField(
        label=_("Special rule"),
        required=False,
        help_text=_("Only where a rule of its own applies to the matter."),
        error_messages=LISTED,
    )
    registered = forms.DateField(
        label=_("Day it was filed"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        input_formats=["%Y-%m-%d", "%d.%m.%Y"],
        error_messages=dict.fromkeys(("required", "invalid"), _("Write the day as 31.12.2026.")),
    )
    clock = forms.TimeField(
        label=_("Time it was filed"),
        required=False,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        error_messages={"invalid": _("Write the time as 14:30.")},
        help_text=_("Left empty, the day counts as the day of registration."),
    )
    family = forms.ChoiceField(label=_("Whose rules"), error_messages=LISTED)

    def __init__(self, *args: Any, family: str, language: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        book = policies.load()
        named = {one.family: one.family_in(language) for one in book}
        self.fields["family"].choices = sorted(named.items(), key=lambda one: one[1])  # type: ignore[attr-defined]
        self.fields["rule"].choices = [  # type: ignore[attr-defined]  # both are ChoiceFields
            ("", _("None: the general rule")),
            *((one.id, words.special(one)) for one in book if one.matter and one.family == family),
            # A rule that a promise was made by, reached by its link.
            *((one.id, one.article_in(language)) for one in book if not one.matter and one.id == self.data.get("rule")),
        ]


@require_safe
def calculator(request: HttpRequest) -> HttpResponse:
    """The form and, once a day is given, the count. It asks no table but the institution's own."""
    place = house()
    ground = calculating.of_house(place)
    language = readers_language()
    given = {name: str(value)[:MOST] for name, value in request.GET.items()}
    if "T" in given.get("registered", ""):
        given["registered"], _t, given["clock"] = given["registered"].partition("T")
    linked = next((one.family for one in policies.load() if one.id == given.get("rule")), "")
    family = linked or given.get("family") or ground.family
    first = {"kind": Kind.APPLICATION, "family": family, "registered": place.today(timezone.now())}
    is_asked = "registered" in given
    form = AskForm({**first, **given} if is_asked else None, initial=first, family=family, language=language)
    told: dict[str, Any] = {"form": form}
    if is_asked and form.is_valid():
        try:
            told |= _counted(calculating.count(_asked(form.cleaned_data), ground), language)
        except calculating.Unclear as unclear:
            field = unclear.field if unclear.field in form.fields else "registered"
            form.add_error(field, f"{unclear.problem} {unclear.remedy}")
    return render(request, "answer/calculator.html", told, status=422 if form.errors else 200)


def _asked(given: dict[str, Any]) -> calculating.Asked:
    told = given["registered"].isoformat()
    if given["clock"]:
        told += f"T{given['clock']:%H:%M}"
    return calculating.Asked(told, kind=given["kind"], family=given["family"], rule=given["rule"])


def _counted(counted: calculating.Counted, language: str) -> dict[str, Any]:
    policy = counted.policy
    first = policy.source.split(maxsplit=1)[0].rstrip(",;")
    return {
        "counted": counted,
        "policy": policy,
        "article": policy.article_in(language),
        "source": first if first.startswith("https://") else "",
        "term": term(policy),
        "registered_why": words.registered(counted.registration.reason) if counted.registration else "",
        "days": squares(counted.deadline.steps, country=counted.ground.country, from_receipt=counted.from_receipt),
        "way": words.on_the_way(counted, lambda value: day(value, language)),
    }


@require_safe
def calculator_json(request: HttpRequest) -> JsonResponse:
    """The same count as data, for other programs; a question that cannot be counted gets 422 with the field."""
    given = {name: str(value)[:MOST] for name, value in request.GET.items()}
    asked = calculating.Asked(
        registered=given.get("registered", ""),
        kind=given.get("kind", ""),
        family=given.get("family", ""),
        matter=given.get("matter", ""),
        body=given.get("body", calculating.BODIES[0]),
        rule=given.get("rule", ""),
        received=given.get("received", ""),
    )
    try:
        counted = calculating.count(asked, calculating.of_house(house()))
    except calculating.Unclear as unclear:
        told = {"field": unclear.field, "problem": str(unclear.problem), "remedy": str(unclear.remedy)}
        return JsonResponse({"error": told}, status=422, json_dumps_params={"ensure_ascii": False})
    answer = JsonResponse(
        calculating.as_data(counted, words.steps(counted)), json_dumps_params={"ensure_ascii": False, "indent": 1}
    )
    answer.headers["Access-Control-Allow-Origin"] = "*"
    return answer

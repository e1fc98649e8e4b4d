"""Whether and how the work of an office is shared: its head says so here."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from dauys.answer.actions import sharing as actions
from dauys.answer.queries import sharing as queries
from dauys.answer.views.shared import officer_of
from dauys.institution import rights
from dauys.institution.queries import Bureau, House, house

RIGHT = "answer.share"


class SharingForm(forms.Form):
    """On or off, and what weighs beside the open work."""

    is_on = forms.BooleanField(
        label=gettext_lazy("Give out what nobody has taken"),
        help_text=gettext_lazy("To the officer with the least open work. You can give each to another at any time."),
        required=False,
    )
    by_language = forms.BooleanField(label=gettext_lazy("First to those who write its language"), required=False)
    by_topic = forms.BooleanField(label=gettext_lazy("First to those who know its topic"), required=False)


class PersonForm(forms.Form):
    """What sharing should know of one officer."""

    away_from = forms.DateField(
        label=gettext_lazy("Away from"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    away_until = forms.DateField(
        label=gettext_lazy("Last day away"), required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )  # fmt: skip
    languages = forms.MultipleChoiceField(
        label=gettext_lazy("Writes"), choices=settings.LANGUAGES, required=False, widget=forms.CheckboxSelectMultiple
    )
    topics = forms.MultipleChoiceField(
        label=gettext_lazy("Knows"),
        help_text=gettext_lazy("None chosen: every topic. Several: hold Ctrl."),
        required=False,
        widget=forms.SelectMultiple(attrs={"size": 5}),
    )

    def __init__(self, *args: Any, place: House, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        groups = [(one.code, str(one.name)) for one, _parts in place.topic_groups]
        self.fields["topics"].choices = groups  # type: ignore[attr-defined]  # a field of choices

    def person(self) -> actions.Person:
        return actions.Person(**self.cleaned_data)


@dataclass(frozen=True, slots=True)
class Line:
    """One officer with the form about them."""

    name: str
    load: int
    is_away: bool
    form: PersonForm


@login_required
@require_safe
def show(request: HttpRequest) -> HttpResponse:
    """The offices whose sharing this head decides."""
    offices = rights.offices_for(request.user, RIGHT)
    if not offices:
        raise PermissionDenied(RIGHT)
    return render(request, "answer/sharing.html", {"offices": queries.offices(offices)})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def office(request: HttpRequest, code: str) -> HttpResponse:
    """One office: on or off, and its officers."""
    place = house()
    bureau = place.office_by_code.get(code)
    if bureau is None and rights.may(request.user, RIGHT):
        raise Http404
    rights.require(request.user, RIGHT, [bureau.id if bureau else None])
    assert bureau is not None
    if request.method != "POST":
        return _page(request, bureau)
    form = SharingForm(request.POST)
    lines = _lines(bureau, request.POST)
    if not all([form.is_valid(), *(line.form.is_valid() for _user, line in lines)]):
        return _page(request, bureau, form=form, lines=lines, status=422)
    try:
        actions.set_sharing(
            office=code,
            **form.cleaned_data,
            people={user: line.form.person() for user, line in lines},
            officer=officer_of(request),
            now=timezone.now(),
        )
    except actions.AwayBackwards as failure:
        form.add_error(
            None, _("%(name)s: the absence ends before it begins. Correct one of the days.") % {"name": failure.name}
        )
        return _page(request, bureau, form=form, lines=lines, status=422)
    messages.success(request, _("Saved. It holds for what comes next; what has an officer stays where it is."))
    return redirect("answer:sharing_office", code)


def _lines(bureau: Bureau, data: Any = None) -> list[tuple[int, Line]]:
    place, today = house(), house().today(timezone.now())
    return [
        (
            one.user,
            Line(
                one.name, one.load, one.person.is_away(today),
                PersonForm(
                    data, place=place, prefix=f"p{one.user}",
                    initial={
                        "away_from": one.person.away_from, "away_until": one.person.away_until,
                        "languages": one.person.languages, "topics": one.person.topics,
                    },
                ),
            ),
        )
        for one in queries.people(bureau.id)
    ]  # fmt: skip


def _page(
    request: HttpRequest,
    bureau: Bureau,
    *,
    form: SharingForm | None = None,
    lines: list[tuple[int, Line]] | None = None,
    status: int = 200,
) -> HttpResponse:
    kept = queries.setting(bureau.id)
    initial = {"is_on": kept is not None} | (
        {"by_language": kept.by_language, "by_topic": kept.by_topic} if kept else {}
    )
    told = {
        "office": bureau,
        "form": form or SharingForm(initial=initial),
        "lines": [line for _user, line in lines or _lines(bureau)],
    }
    return render(request, "answer/sharing_office.html", told, status=status)

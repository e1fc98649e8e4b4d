"""The card “Procedure”: every step the rule of the appeal knows, as a form of its own; and handing everything over."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_safe

from dauys.answer import actions, queries
from dauys.answer.actions.procedure.ground import WORDS_MOST
from dauys.answer.queries.procedure import Procedure, Step, procedure_of
from dauys.answer.views.shared import back, officer_of, sentence, show, verb
from dauys.institution import rights
from dauys.institution.models import User
from dauys.institution.queries import house, officers_of

CARD = "#procedure"

_WORDS = {
    "mend": gettext_lazy("What is missing"),
    "hear": gettext_lazy("What is planned, and why"),
    "hold": gettext_lazy("How it was"),
}
_SAYS_NOTHING = {"mended", "resume"}
_MAY_SAY_NOTHING = {"attach"}


class StepForm(forms.Form):
    """The fields one step needs: why, on what ground, until when, what it repeats, to whom it goes up."""

    use_required_attribute = False

    def __init__(self, step: Step, data: Any = None) -> None:
        super().__init__(data, auto_id=f"{step.name}_%s")
        fields = self.fields
        if len(step.grounds) > 1:
            fields["ground"] = forms.ChoiceField(label=_("Ground"), choices=step.grounds, widget=forms.RadioSelect)
        if step.offices:
            fields["about_office_id"] = forms.TypedChoiceField(
                label=_("The office complained about"), coerce=int, choices=step.offices
            )
            fields["body"] = forms.CharField(
                label=_("The body above it"),
                help_text=_("Only where no office of this house stands above it."),
                max_length=200,
                required=False,
            )
        if step.first_on and step.last_on:
            fields["until_on"] = forms.DateField(
                label=_("Until"),
                initial=step.first_on if step.name == "hear" else None,
                widget=forms.DateInput(
                    attrs={"type": "date", "min": step.first_on.isoformat(), "max": step.last_on.isoformat()},
                    format="%Y-%m-%d",
                ),
            )
        if step.repeats:
            fields["older"] = forms.CharField(
                label=_("Number of the earlier appeal"),
                help_text="" if step.name == "attach" else _("If it repeats one."),
                max_length=20,
                required=step.name == "attach",
            )
        if step.dangerous and step.name in ("return", "terminate", "attach"):
            fields["no_danger"] = forms.BooleanField(
                label=_("I have read it: it reports no crime and no danger"), required=False
            )
        if step.name not in _SAYS_NOTHING:
            fields["words"] = forms.CharField(
                label=_WORDS.get(step.name, _("Reason")),
                help_text=_("The citizen reads it."),
                max_length=WORDS_MOST,
                required=step.name not in _MAY_SAY_NOTHING,
                widget=forms.Textarea(attrs={"rows": 4, "maxlength": WORDS_MOST}),
            )


_DO: dict[str, Callable[..., Any]] = {
    "extend": actions.extend,
    "mend": actions.ask_to_mend,
    "mended": actions.accept_mended,
    "return": actions.return_appeal,
    "attach": actions.attach,
    "hear": actions.offer_hearing,
    "hold": actions.hold_hearing,
    "waive": actions.waive_hearing,
    "pause": actions.pause,
    "resume": actions.resume,
    "pass_up": actions.pass_up,
    "terminate": actions.terminate,
}

_NEEDS_A_GROUND = {"return", "terminate", "waive"}


def card(procedure: Procedure, bound: StepForm | None = None, name: str = "") -> list[tuple[Step, StepForm]]:
    """The steps that may be taken now, each with its form; `bound` is the one that was just sent."""
    return [(step, bound if bound and step.name == name else StepForm(step)) for step in procedure.possible]


@verb
def procedure(request: HttpRequest, page: queries.AppealPage) -> HttpResponse:
    """Take one step. Whatever stands in its way is told beside its form, and the words stay there."""
    officer, now = officer_of(request), timezone.now()
    name = request.POST.get("step", "")
    found = procedure_of(officer, page.handling, now=now)
    step = found.step(name)
    if step is None:
        if name and name not in _DO:
            raise Http404
        if not rights.may(officer, "answer.write", [page.handling.acting_id, page.handling.clock_id]):
            raise PermissionDenied("answer.procedure")
        if not page.handling.is_open:
            raise actions.AlreadyEnded if page.handling.state == "ended" else actions.AlreadyAnswered
        raise actions.NothingAsked
    if step.why_not:
        messages.error(request, step.why_not)
        return back(page, CARD)
    form = StepForm(step, request.POST)
    if not form.is_valid():
        return show(request, page, procedure=found, steps=card(found, form, name), open_step=name, status=422)
    told = dict(form.cleaned_data)
    if name in _NEEDS_A_GROUND and "ground" not in told:
        told["ground"] = step.grounds[0][0] if step.grounds else ""
    try:
        _DO[name](appeal_id=page.appeal.id, officer=officer, now=now, **told)
    except actions.Failure as failure:
        form.add_error(None, sentence(failure))
        return show(request, page, procedure=found, steps=card(found, form, name), open_step=name, status=409)
    messages.success(request, _("Done. The citizen sees it on the page of the appeal."))
    if queries.appeal_page(officer, page.appeal.number) is None:
        return redirect("answer:desk")  # passed up to an office this officer does not read
    return back(page, CARD)


@login_required
@require_safe
def waiting(request: HttpRequest) -> HttpResponse:
    """What waits for a day at the offices of this reader: defects to be mended, hearings, clocks that stand still."""
    officer = officer_of(request)
    rights.require(officer, "hear.read")
    return render(
        request, "answer/waiting.html", {"lines": queries.waiting(officer), "today": house().today(timezone.now())}
    )


class HandOverForm(forms.Form):
    """To whom."""

    to = forms.TypedChoiceField(label=gettext_lazy("Officer"), coerce=int)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def hand_over(request: HttpRequest, person_id: int) -> HttpResponse:
    """Everything one officer holds, to a colleague, by one press of whoever heads the office."""
    officer = officer_of(request)
    rights.require(officer, "answer.hand_over")
    mine = rights.offices_for(officer, "answer.hand_over")
    known = {user: name for user, name, _office, _role in officers_of(mine)}
    if person_id not in known:
        raise Http404
    fit = rights.RIGHTS["answer.send"]
    # Names of a whole region: without the office beside it nobody is found.
    place = house()
    people = {
        user: f"{name}, {place.offices[office].name}"
        for user, name, office, role in officers_of(mine)
        if role in fit and user != person_id
    }
    form = HandOverForm(request.POST if request.method == "POST" else None)
    form.fields["to"].choices = [  # type: ignore[attr-defined]  # a ChoiceField
        ("", _("Choose an officer")),
        *sorted(people.items(), key=lambda one: one[1]),
    ]
    if request.method == "POST" and form.is_valid():
        to = User.objects.get(id=form.cleaned_data["to"])
        try:
            count = actions.hand_over_all(from_id=person_id, to=to, officer=officer, now=timezone.now())
        except actions.NotThere:
            form.add_error("to", _("This person may not answer at the office of every one of these appeals."))
        else:
            done = ngettext("%(count)d appeal is now with %(name)s.", "%(count)d appeals are now with %(name)s.", count)
            messages.success(request, done % {"count": count, "name": to})
            return redirect("answer:hand_over", person_id)
    told = {"person": known[person_id], "held": queries.held_at(person_id, mine), "form": form}
    return render(request, "answer/hand_over.html", told, status=422 if form.errors else 200)

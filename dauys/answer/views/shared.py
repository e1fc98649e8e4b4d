"""What every page about one appeal shares: finding it, showing it, a verb that leads back to it, failures in words."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_POST

from dauys.answer import actions, forms, queries
from dauys.answer.models import Outcome
from dauys.engines import language
from dauys.hear.models import Channel, Kind
from dauys.institution import rights
from dauys.institution.models import User
from dauys.institution.queries import house, officers_of

View = Callable[..., HttpResponse]


ANSWER = "#answer"


def sentence(failure: actions.Failure) -> str:
    """A failure as the officer reads it, with what to do next."""
    if isinstance(failure, actions.TooLong):
        return _("The text has %(length)d characters; at most %(most)d can be kept. Shorten it.") % {
            "length": failure.length,
            "most": failure.most,
        }
    if isinstance(failure, actions.Unfinished):
        return _("The answer still holds “%(hole)s”. Replace it with what applies here, or delete it.") % {
            "hole": failure.hole
        }
    if isinstance(failure, actions.AlreadyTaken):
        return _("%(name)s has just taken this appeal.") % {"name": failure.name}
    if isinstance(failure, actions.SomebodyElsesDraft):
        return _(
            "%(name)s has changed the draft meanwhile. Your words stand here and are not saved yet; "
            "saving them now replaces the colleague's."
        ) % {"name": failure.name}
    return {
        actions.Empty: _("There is no word in the text yet."),
        actions.NoOutcome: _("Choose what the answer comes to."),
        actions.NotRouted: _("The appeal has no office yet. Give it to one first."),
        actions.AlreadyAnswered: _("A colleague has just answered this appeal."),
        actions.SameOffice: _("The appeal is at this office already."),
        actions.AboutThisOffice: _("The appeal complains about this office; another one must look at it."),
        actions.NotThere: _("This officer does not answer for the office of the appeal."),
    }[type(failure)]


SURE_OF_LANGUAGE = 0.8


def _foreign(text: str, wanted: str) -> dict[str, Any] | None:
    """The language an answer is written in and the one the citizen asked for, where they surely differ."""
    found = language.identify(text)
    names: dict[str, Any] = dict(settings.LANGUAGES)
    if found.code == wanted or found.code not in names or found.confidence < SURE_OF_LANGUAGE:
        return None
    return {"found": names[found.code], "wanted": names.get(wanted, wanted)}


def officer_of(request: HttpRequest) -> User:
    return request.user  # type: ignore[return-value]  # every view here stands behind login_required


def page_or_404(request: HttpRequest, number: str) -> queries.AppealPage:
    page = queries.appeal_page(request.user, number)
    if page is None:
        raise Http404
    return page


def show(request: HttpRequest, page: queries.AppealPage, *, status: int = 200, **told: Any) -> HttpResponse:
    place, handling = house(), page.handling
    with override(page.appeal.language):
        outcome_words = {value: str(label) for value, label in Outcome.choices}
    draft = page.draft
    context: dict[str, Any] = {
        "today": place.today(timezone.now()),
        "page": page,
        "appeal": page.appeal,
        "handling": handling,
        "may": page.may,
        "kind": Kind(page.appeal.kind).label,
        "channel": Channel(page.appeal.channel).label,
        "answer_form": forms.AnswerForm(
            initial={
                "text": draft.text if draft else page.skeleton,
                "outcome": draft.outcome if draft else "",
                "seen": draft.saved_at.isoformat() if draft else "",
            },
        ),
        "message_form": forms.WriteForm(initial={"token": forms.token()}, auto_id="message_%s"),
        "note_form": forms.NoteForm(initial={"token": forms.token()}, auto_id="note_%s"),
        "redirect_form": redirect_form(page),
        "assign_form": assign_form(page) if page.may.get("assign") else None,
        "foreign": _foreign(draft.text, page.appeal.language) if draft is not None else None,
        "is_preview": bool(request.GET.get("preview")) and draft is not None and page.may.get("send", False),
        "outcome_words": outcome_words,
        "outlines": place.institution.outlines,
    }
    return render(request, "answer/appeal.html", {**context, **told}, status=status)


def redirect_form(page: queries.AppealPage, data: Any = None) -> forms.RedirectForm:
    place = house()
    barred = place.below.get(page.appeal.about_office_id or 0, frozenset())
    offices = sorted(
        (
            (office.id, str(office.name))
            for office in place.offices.values()
            if office.id != page.handling.acting_id and office.id not in barred
        ),
        key=lambda one: one[1],
    )
    return forms.RedirectForm(data, offices=offices, auto_id="redirect_%s")


def assign_form(page: queries.AppealPage, data: Any = None) -> forms.AssignForm:
    """Colleagues who may answer at the appeal's offices, or at an office above one of them."""
    place = house()
    at = {page.handling.acting_id, page.handling.clock_id} - {None}
    above = frozenset(office for office, below in place.below.items() if below & at)
    fit = rights.RIGHTS["answer.send"]
    people = {user: name for user, name, _office, role in officers_of(above) if role in fit}
    return forms.AssignForm(data, officers=sorted(people.items(), key=lambda one: one[1]), auto_id="assign_%s")


def verb(view: View) -> View:
    """A POST on an appeal this officer may read; whatever stands in its way is told on the page, with nothing
    lost.
    """

    @login_required
    @require_POST
    @wraps(view)
    def guarded(request: HttpRequest, number: str) -> HttpResponse:
        page = page_or_404(request, number)
        try:
            return view(request, page)
        except actions.Failure as failure:
            messages.error(request, sentence(failure))
            return back(page)

    return guarded


def back(page: queries.AppealPage, anchor: str = "") -> HttpResponse:
    return redirect(reverse("answer:appeal", args=[page.appeal.number]) + anchor)

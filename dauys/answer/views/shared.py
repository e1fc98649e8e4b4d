"""What every page about one appeal shares: finding it, showing it, a verb that leads back to it, failures in words."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override
from django.views.decorators.http import require_POST

from dauys.answer import actions, checking, drafting, forms, queries, skeletons
from dauys.answer.actions.procedure.hearing import obstacle
from dauys.answer.models import Outcome
from dauys.answer.post import desk as letters
from dauys.answer.queries import templates as wordings
from dauys.answer.queries.page import DraftNow
from dauys.answer.queries.procedure import procedure_of
from dauys.answer.views.company import around
from dauys.answer.views.in_the_way import in_the_way
from dauys.answer.words import rulings as words_of_steps
from dauys.hear.models import Channel, Kind
from dauys.institution import rights
from dauys.institution.models import User
from dauys.institution.queries import house, officers_of

View = Callable[..., HttpResponse]


ANSWER = "#answer"


def sentence(failure: actions.Failure) -> str:
    """A failure as the officer reads it, with what to do next."""
    if obstacle := words_of_steps.failure(failure):
        return obstacle
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
    if isinstance(failure, actions.PassedRound):
        return _(
            "It has gone from office to office already: %(path)s. One more hand-over is for the head above both; or "
            "write why it is needed in the field for it."
        ) % {"path": " → ".join(failure.path)}
    if isinstance(failure, actions.OnItsWay):
        return _("%(name)s has just pressed the button on this appeal; what was pressed leaves within seconds.") % {
            "name": failure.name
        }
    if isinstance(failure, actions.SomebodyElsesDraft):
        return _(
            "%(name)s has changed the draft meanwhile. Your words stand here and are not saved yet; "
            "saving them now replaces the colleague's."
        ) % {"name": failure.name}
    if (told := in_the_way(failure)) is not None:
        return told
    if isinstance(failure, actions.TooManyFiles):
        return ngettext(
            "No more than %(most)d file can go here. Leave some out.",
            "No more than %(most)d files can go here. Leave some out.",
            failure.most,
        ) % {"most": failure.most}
    if isinstance(failure, actions.BadDay):
        return _("Choose a day from today on, within %(most)d days.") % {"most": failure.most}
    return {
        actions.FilesErased: _("The data of this appeal was erased: no file can be added to it."),
        actions.NoSuchEnclosure: _("This file no longer waits in the draft: it was taken out, or has been sent."),
        actions.Empty: _("There is no word in the text yet."),
        actions.NoOutcome: _("Choose what the answer comes to."),
        actions.NotRouted: _("The appeal has no office yet. Give it to one first."),
        actions.AlreadyAnswered: _("A colleague has just answered this appeal."),
        actions.AnsweredBefore: _(
            "The citizen has disputed two answers, and one of them was this officer's: somebody else answers now."
        ),
        actions.AlreadyLeft: _("It has left already and can no longer be taken back."),
        actions.StaysWithAPerson: _(
            "The citizen has disputed two answers: the appeal stays with somebody by name. Give it to a colleague who "
            "has not answered it."
        ),
        actions.SameOffice: _("The appeal is at this office already."),
        actions.AboutThisOffice: _("The appeal complains about this office; another one must look at it."),
        actions.NoPassage: _("Choose the sentences that go together."),
        actions.WholeLetter: _("Every sentence is chosen. Leave what is answered here, or pass the whole appeal on."),
        actions.PartOfAnother: _("This appeal is a part of another one. Split the letter it came from instead."),
        actions.TooManyParts: _("The letter is in as many parts as it can be. Answer the rest here."),
        actions.NobodyToAnswer: _(
            "No open appeal of this problem would get this answer: write it in the language of one of them."
        ),
        actions.NotThere: _("This officer does not answer for the office of the appeal."),
    }[type(failure)]


def officer_of(request: HttpRequest) -> User:
    """Who asks: an officer, never a stranger."""
    return request.user  # type: ignore[return-value]  # every view here stands behind login_required


def page_or_404(request: HttpRequest, number: str) -> queries.AppealPage:
    """One appeal as this officer may read it. Raises Http404, the same for what is not there and what is not theirs."""
    page = queries.appeal_page(request.user, number)
    if page is None:
        raise Http404
    return page


def show(request: HttpRequest, page: queries.AppealPage, *, status: int = 200, **told: Any) -> HttpResponse:
    """The page of one appeal; `told` holds forms that came back with somebody's words."""
    place, handling = house(), page.handling
    with override(page.appeal.language):
        outcome_words = {value: str(label) for value, label in Outcome.choices}
    draft = page.draft
    is_preview = bool(request.GET.get("preview")) and draft is not None and page.may.get("send", False)
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
        "letters": letters.of_appeal(page.appeal.id) if letters.is_on() else [],
        "mail_is_on": letters.is_on(),
        "enclose_form": forms.EncloseForm(auto_id="enclose_%s"),
        "note_form": forms.NoteForm(initial={"token": forms.token()}, auto_id="note_%s"),
        "redirect_form": redirect_form(page),
        "assign_form": assign_form(page) if page.may.get("assign") else None,
        "is_preview": is_preview,
        "checked": checking.checked(officer_of(request), page, draft.text, outcome=draft.outcome, now=timezone.now())
        if is_preview and draft is not None
        else None,
        "unready": [sentence(one) for one in _unready(page, draft)] if is_preview and draft is not None else [],
        "whys": checking.Why.choices,
        "outcome_words": outcome_words,
        "wordings": [(one.key, one.name_in(page.appeal.language), one.office) for one in wordings.offered(page)]
        if page.may.get("send") and not request.GET.get("preview")
        else [],
        "drafting": drafting.is_on(),
        "outlines": place.institution.outlines,
        **_procedure(request, page, told),
        **around(request, page),
    }
    return render(request, "answer/appeal.html", {**context, **told}, status=status)


def _unready(page: queries.AppealPage, draft: DraftNow) -> list[actions.Failure]:
    """What the sending would refuse, told while the answer is only looked at: nobody picks a reason in vain."""
    now = timezone.now()
    hole = skeletons.unfilled(draft.text)
    found = [
        None if draft.text.strip() else actions.Empty(),
        None if hole is None else actions.Unfinished(hole),
        None if draft.outcome else actions.NoOutcome(),
        obstacle(page.handling, outcome=draft.outcome, on=house().today(now), now=now),
    ]
    return [one for one in found if one is not None]


def _procedure(request: HttpRequest, page: queries.AppealPage, told: dict[str, Any]) -> dict[str, Any]:
    if "procedure" in told:
        return {}
    from dauys.answer.views.procedure import card  # it stands upon this module

    known = bool(page.handling.has_rulings)  # type: ignore[attr-defined]  # annotated
    found = procedure_of(officer_of(request), page.handling, now=timezone.now(), has_rulings=known)
    return {"procedure": found, "steps": card(found)}


def redirect_form(page: queries.AppealPage, data: Any = None) -> forms.RedirectForm:
    """Where else the appeal may go: likely offices first, never the body complained about."""
    place = house()
    barred = place.below.get(page.appeal.about_office_id or 0, frozenset())
    # For an appeal that has no office yet those that could act come first, likeliest first.
    why = (page.handling.why or []) if page.handling.acting_id is None else []  # type: ignore[attr-defined]  # annotated
    named = [office for reason in why if reason["code"] == "alternatives" for office in reason["offices"]]
    likely = {office: place_in_list for place_in_list, office in enumerate(named)}
    offices = sorted(
        (
            (office.id, str(office.name))
            for office in place.offices.values()
            if office.id != page.handling.acting_id and office.id not in barred
        ),
        key=lambda one: (likely.get(place.offices[one[0]].code, len(likely)), one[1]),
    )
    return forms.RedirectForm(
        data,
        offices=offices,
        clocks=_clocks(page),
        again=page.handling.hand_overs >= actions.ROUND,
        auto_id="redirect_%s",
        initial={"clock": "goes" if page.handling.clock_id == page.handling.acting_id else "stays"},
    )


def _clocks(page: queries.AppealPage) -> list[tuple[str, str]]:
    """Who may owe the answer once the work is passed on; no question for an appeal that has no office yet."""
    if page.clock is None:
        return []
    stays = ("stays", _("It stays with %(office)s") % {"office": page.clock})
    return [stays, ("goes", _("It goes with the work"))] if page.may.get("move_clock") else [stays]


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
    def guarded(request: HttpRequest, number: str, **named: Any) -> HttpResponse:
        page = page_or_404(request, number)
        try:
            return view(request, page, **named)
        except actions.Failure as failure:
            messages.error(request, sentence(failure))
            return back(page)

    return guarded


def back(page: queries.AppealPage, anchor: str = "") -> HttpResponse:
    """To the page of the appeal, at the part that was worked on."""
    return redirect(reverse("answer:appeal", args=[page.appeal.number]) + anchor)

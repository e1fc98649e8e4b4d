"""The officer's desk and the page of one appeal. Every verb is a POST of its own and leads back to it."""

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from dauys.answer import actions, forms, queries, tabs
from dauys.answer.models import Outcome
from dauys.engines import language
from dauys.hear import queries as hear
from dauys.hear import safe_copies
from dauys.hear.models import Channel, Kind
from dauys.institution import rights
from dauys.institution.models import User
from dauys.institution.queries import house, officers_of
from dauys.understand import actions as understand

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


@login_required
@require_safe
def desk(request: HttpRequest) -> HttpResponse:
    """The lists of what is owed. Filters stand in the address, so a list can be kept and shared."""
    user = _officer(request)
    if not rights.may(user, "hear.read"):
        raise PermissionDenied("hear.read")
    now = timezone.now()
    place = house()
    today = place.today(now)
    counts = queries.badges(user, today=today)
    asked = tabs.asked(request.GET, queries.views_for(user), counts)
    shown = queries.desk(user, asked, today=today)
    if asked.number and len(shown.rows) == 1 and shown.rows[0].number == asked.number:
        return redirect("answer:appeal", asked.number)
    readable = rights.offices_for(user, "hear.read")
    told = {
        "today": today,
        "asked": asked,
        "shown": shown,
        "tabs": tabs.tabs(user, asked, counts),
        "empty": tabs.empty(asked),
        "topics": tabs.topics(),
        "districts": place.districts,
        "offices": sorted((place.offices[one] for one in readable), key=lambda one: str(one.name)),
        "officers": sorted(
            {(user_id, name) for user_id, name, *_rest in officers_of(readable)}, key=lambda one: one[1]
        ),
        "may_take": rights.may(user, "answer.take"),
    }
    return render(request, "answer/desk.html", told)


@login_required
@require_safe
def appeal(request: HttpRequest, number: str) -> HttpResponse:
    """One appeal: its words first, then all that helps to answer it."""
    page = _page_or_404(request, number)
    user = _officer(request)
    is_ours = page.handling.officer_id in (None, user.id)
    if page.handling.unread and is_ours and page.may.get("write"):
        # Whoever reads the page is the officer the citizen waits for; a head who looks in changes nothing.
        actions.mark_read(appeal_id=page.appeal.id, officer=user, now=timezone.now())
    return _show(request, page)


def _page_or_404(request: HttpRequest, number: str) -> queries.AppealPage:
    page = queries.appeal_page(request.user, number)
    if page is None:
        raise Http404
    return page


def _show(request: HttpRequest, page: queries.AppealPage, *, status: int = 200, **told: Any) -> HttpResponse:
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
        "redirect_form": _redirect_form(page),
        "assign_form": _assign_form(page) if page.may.get("assign") else None,
        "foreign": _foreign(draft.text, page.appeal.language) if draft is not None else None,
        "is_preview": bool(request.GET.get("preview")) and draft is not None and page.may.get("send", False),
        "outcome_words": outcome_words,
        "outlines": place.institution.outlines,
    }
    return render(request, "answer/appeal.html", {**context, **told}, status=status)


def _redirect_form(page: queries.AppealPage, data: Any = None) -> forms.RedirectForm:
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


def _assign_form(page: queries.AppealPage, data: Any = None) -> forms.AssignForm:
    """Colleagues who may answer at the appeal's offices, or at an office above one of them."""
    place = house()
    at = {page.handling.acting_id, page.handling.clock_id} - {None}
    above = frozenset(office for office, below in place.below.items() if below & at)
    fit = rights.RIGHTS["answer.send"]
    people = {user: name for user, name, _office, role in officers_of(above) if role in fit}
    return forms.AssignForm(data, officers=sorted(people.items(), key=lambda one: one[1]), auto_id="assign_%s")


def _verb(view: View) -> View:
    """A POST on an appeal this officer may read; whatever stands in its way is told on the page, with nothing
    lost.
    """

    @login_required
    @require_POST
    @wraps(view)
    def guarded(request: HttpRequest, number: str) -> HttpResponse:
        page = _page_or_404(request, number)
        try:
            return view(request, page)
        except actions.Failure as failure:
            messages.error(request, sentence(failure))
            return _back(page)

    return guarded


def _back(page: queries.AppealPage, anchor: str = "") -> HttpResponse:
    return redirect(reverse("answer:appeal", args=[page.appeal.number]) + anchor)


@_verb
def take(request: HttpRequest, page: queries.AppealPage) -> HttpResponse:
    actions.take(appeal_id=page.appeal.id, officer=_officer(request), now=timezone.now())
    messages.success(request, _("The appeal is yours now."))
    return _back(page)


def _officer(request: HttpRequest) -> User:
    return request.user  # type: ignore[return-value]  # every view here stands behind login_required


@_verb
def assign(request: HttpRequest, page: queries.AppealPage) -> HttpResponse:
    form = _assign_form(page, request.POST)
    if not form.is_valid():
        return _show(request, page, assign_form=form, status=422)
    to = User.objects.get(id=form.cleaned_data["to"])
    actions.assign(appeal_id=page.appeal.id, to=to, officer=_officer(request), now=timezone.now())
    messages.success(request, _("Given to %(name)s.") % {"name": to})
    return _back(page)


@_verb
def pass_on(request: HttpRequest, page: queries.AppealPage) -> HttpResponse:
    """Redirect to another office. Afterwards the officer may no longer see the appeal, so the way leads to
    the desk.
    """
    form = _redirect_form(page, request.POST)
    if not form.is_valid():
        return _show(request, page, redirect_form=form, status=422)
    office_id = form.cleaned_data["office"]
    actions.redirect(
        appeal_id=page.appeal.id,
        office_id=office_id,
        reason=form.cleaned_data["reason"],
        officer=_officer(request),
        now=timezone.now(),
    )
    return _passed_on(request, page, office_id)


@_verb
def pass_on_corrected(request: HttpRequest, page: queries.AppealPage) -> HttpResponse:
    """One press: to the office that a person's correction of the topic or the place leads to."""
    row = actions.pass_on_corrected(appeal_id=page.appeal.id, officer=_officer(request), now=timezone.now())
    return _passed_on(request, page, row.acting_id or 0)


def _passed_on(request: HttpRequest, page: queries.AppealPage, office_id: int) -> HttpResponse:
    messages.success(
        request,
        _("Appeal %(number)s was passed to %(office)s. The citizen sees it.")
        % {"number": page.appeal.number, "office": house().offices[office_id].name},
    )
    return redirect("answer:desk")


@_verb
def write(request: HttpRequest, page: queries.AppealPage) -> HttpResponse:
    note = request.POST.get("to") == "colleagues"
    form = (
        forms.NoteForm(request.POST, auto_id="note_%s") if note else forms.WriteForm(request.POST, auto_id="message_%s")
    )
    if not form.is_valid():
        return _show(request, page, status=422, **{"note_form" if note else "message_form": form})
    actions.write(
        appeal_id=page.appeal.id,
        text=form.cleaned_data["text"],
        note=note,
        token=form.cleaned_data["token"],
        officer=_officer(request),
        now=timezone.now(),
    )
    messages.success(request, _("The note is kept.") if note else _("Sent to the citizen."))
    return _back(page, "#notes" if note else "#thread")


@_verb
def draft(request: HttpRequest, page: queries.AppealPage) -> HttpResponse:
    """Keep the draft: by itself while the officer types (htmx), or by a button; `preview` then shows it."""
    form = forms.AnswerForm(request.POST, is_draft=True)
    is_htmx = bool(getattr(request, "htmx", False))
    if not form.is_valid():
        return _saved(request, form, None) if is_htmx else _show(request, page, answer_form=form, status=422)
    try:
        kept = actions.save_draft(
            appeal_id=page.appeal.id,
            text=form.cleaned_data["text"],
            outcome=form.cleaned_data["outcome"],
            seen_at=_moment(form.cleaned_data["seen"]),
            officer=_officer(request),
            now=timezone.now(),
        )
    except actions.Failure as failure:
        form.add_error(None, sentence(failure))
        if is_htmx:
            return _saved(request, form, None)
        if isinstance(failure, actions.SomebodyElsesDraft) and page.draft:
            # Seen on this very page, the colleague's words may be replaced by whoever presses the button
            # again.
            form.data = {**request.POST.dict(), "seen": page.draft.saved_at.isoformat()}
            return _show(request, page, answer_form=form, others_draft=page.draft, status=409)
        return _show(request, page, answer_form=form, status=409)
    if is_htmx:
        return _saved(request, form, kept.saved_at)
    if request.POST.get("go") == "preview":
        return redirect(reverse("answer:appeal", args=[page.appeal.number]) + "?preview=1" + ANSWER)
    messages.success(request, _("The draft is saved."))
    return _back(page, ANSWER)


def _saved(request: HttpRequest, form: forms.AnswerForm, saved_at: datetime | None) -> HttpResponse:
    return render(request, "answer/_saved.html", {"form": form, "saved_at": saved_at})


def _moment(written: str) -> datetime | None:
    try:
        return datetime.fromisoformat(written)
    except ValueError:
        return None


@_verb
def send(request: HttpRequest, page: queries.AppealPage) -> HttpResponse:
    """Send the draft as it was previewed; if it has changed since, it is shown again instead."""
    kept = page.draft
    if kept is None or kept.saved_at != _moment(request.POST.get("seen", "")):
        if not page.handling.is_open:
            raise actions.AlreadyAnswered
        messages.warning(request, _("The draft has changed since you looked at it. Read it once more, then send."))
        return redirect(reverse("answer:appeal", args=[page.appeal.number]) + "?preview=1" + ANSWER)
    actions.send_answer(
        appeal_id=page.appeal.id,
        outcome=kept.outcome,
        text=kept.text,
        officer=_officer(request),
        now=timezone.now(),
    )
    messages.success(request, _("The answer is sent. Now the citizen says whether the matter is solved."))
    return _back(page)


@_verb
def contact(request: HttpRequest, page: queries.AppealPage) -> HttpResponse:
    """The applicant's contact, shown in this one response and kept nowhere else."""
    found = actions.open_contact(appeal_id=page.appeal.id, officer=_officer(request), now=timezone.now())
    return _show(request, page, contact=found, contact_asked=True)


JOIN_MOST = 200
"""Appeals brought together by one press at most."""


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def alike(request: HttpRequest, number: str) -> HttpResponse:
    """Appeals that may be about the same matter: a page of its own, and a fragment for htmx.

    Posting says that some of them are (`join`: registration numbers) or that this one is not (`part`).
    """
    page = _page_or_404(request, number)
    officer = _officer(request)
    is_htmx = bool(getattr(request, "htmx", False))
    if request.method == "POST":
        others = [_page_or_404(request, one).appeal.id for one in request.POST.getlist("join")[:JOIN_MOST]]
        if others:
            understand.join(appeal_id=page.appeal.id, other_ids=others, officer=officer, title="", now=timezone.now())
        for one in request.POST.getlist("part")[:1]:
            parted = _page_or_404(request, one).appeal.id
            understand.part(appeal_id=parted, officer=officer, now=timezone.now())
        if not is_htmx:
            return redirect("answer:alike", number)
    told = {
        "page": page,
        "may": {"decide": rights.may(officer, "understand.decide")},
        "alike": queries.alike_visible(officer, page.appeal.id),
        "matter": queries.matter_visible(officer, page.appeal.id),
    }
    return render(request, "answer/_alike.html" if is_htmx else "answer/alike.html", told)


@login_required
@require_safe
def attachment(request: HttpRequest, number: str, attachment_id: int) -> HttpResponse:
    """A file of the appeal, as its safe copy alone: the original is opened by nobody on this machine."""
    page = _page_or_404(request, number)
    found = hear.attachment(attachment_id)
    if found is None or found.appeal_id != page.appeal.id or found.state != found.State.SAFE:
        raise Http404
    return safe_copies.serve(found, original=False)

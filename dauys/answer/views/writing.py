"""What an officer writes: to the citizen, to colleagues, and the answer from draft to sending."""

from datetime import datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from dauys.answer import actions, forms, queries
from dauys.answer.views.shared import ANSWER, back, officer_of, sentence, show, verb


@verb
def write(request: HttpRequest, page: queries.AppealPage) -> HttpResponse:
    note = request.POST.get("to") == "colleagues"
    form = (
        forms.NoteForm(request.POST, auto_id="note_%s") if note else forms.WriteForm(request.POST, auto_id="message_%s")
    )
    if not form.is_valid():
        return show(request, page, status=422, **{"note_form" if note else "message_form": form})
    actions.write(
        appeal_id=page.appeal.id,
        text=form.cleaned_data["text"],
        note=note,
        token=form.cleaned_data["token"],
        officer=officer_of(request),
        now=timezone.now(),
    )
    messages.success(request, _("The note is kept.") if note else _("Sent to the citizen."))
    return back(page, "#notes" if note else "#thread")


@verb
def draft(request: HttpRequest, page: queries.AppealPage) -> HttpResponse:
    """Keep the draft: by itself while the officer types (htmx), or by a button; `preview` then shows it."""
    form = forms.AnswerForm(request.POST, is_draft=True)
    is_htmx = bool(getattr(request, "htmx", False))
    if not form.is_valid():
        return _saved(request, form, None) if is_htmx else show(request, page, answer_form=form, status=422)
    try:
        kept = actions.save_draft(
            appeal_id=page.appeal.id,
            text=form.cleaned_data["text"],
            outcome=form.cleaned_data["outcome"],
            seen_at=_moment(form.cleaned_data["seen"]),
            officer=officer_of(request),
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
            return show(request, page, answer_form=form, others_draft=page.draft, status=409)
        return show(request, page, answer_form=form, status=409)
    if is_htmx:
        return _saved(request, form, kept.saved_at)
    if request.POST.get("go") == "preview":
        return redirect(reverse("answer:appeal", args=[page.appeal.number]) + "?preview=1" + ANSWER)
    messages.success(request, _("The draft is saved."))
    return back(page, ANSWER)


def _saved(request: HttpRequest, form: forms.AnswerForm, saved_at: datetime | None) -> HttpResponse:
    return render(request, "answer/_saved.html", {"form": form, "saved_at": saved_at})


def _moment(written: str) -> datetime | None:
    try:
        return datetime.fromisoformat(written)
    except ValueError:
        return None


@verb
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
        officer=officer_of(request),
        now=timezone.now(),
    )
    messages.success(request, _("The answer is sent. Now the citizen says whether the matter is solved."))
    return back(page)

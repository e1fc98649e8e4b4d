"""What an officer writes: to the citizen, to colleagues, and the answer from draft to sending."""

from datetime import datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from dauys.answer import actions, forms, queries
from dauys.answer.views.checking import weighed
from dauys.answer.views.company import has_news
from dauys.answer.views.leaving import press
from dauys.answer.views.shared import ANSWER, back, officer_of, sentence, show, verb
from dauys.answer.written import moment
from dauys.hear import pending
from dauys.hear.forms import sentence as told


@verb
def write(request: HttpRequest, page: queries.AppealPage) -> HttpResponse:
    """A message to the citizen, with files; or a note for colleagues."""
    if request.POST.get("to") == "colleagues":
        return _note(request, page)
    form = forms.WriteForm(request.POST, auto_id="message_%s")
    token = form.data.get("token", "")[:64]
    held, refused = pending.gather(
        token,
        chosen=request.FILES.getlist("attached"),
        marks=request.POST.getlist("held"),
        dropped=request.POST.getlist("drop"),
    )
    if request.POST.get("to") == "files":
        form = forms.WriteForm(initial=request.POST.dict(), auto_id="message_%s")
        for words in dict.fromkeys(told(one) for one in refused):
            messages.error(request, words)
        return show(request, page, message_form=form, held=held, status=422 if refused else 200)
    for words in dict.fromkeys(told(one) for one in refused):
        form.add_error("attached", words)
    if not form.is_valid():
        return show(request, page, message_form=form, held=held, status=422)
    try:
        actions.write(
            appeal_id=page.appeal.id,
            text=form.cleaned_data["text"],
            note=False,
            token=form.cleaned_data["token"],
            officer=officer_of(request),
            now=timezone.now(),
            answer_by=form.cleaned_data["answer_by"],
            uploads=[pending.release(token, one) for one in held],
        )
    except pending.Gone:
        form.add_error("attached", _("Files are kept for one day, and it has passed. Choose them again."))
        return show(request, page, message_form=form, status=422)
    except actions.BadDay as failure:
        form.add_error("answer_by", sentence(failure))
        return show(request, page, message_form=form, held=held, status=422)
    if held:
        pending.drop(token)
    messages.success(request, _("Sent to the citizen."))
    return back(page, "#thread")


def _note(request: HttpRequest, page: queries.AppealPage) -> HttpResponse:
    form = forms.NoteForm(request.POST, auto_id="note_%s")
    if not form.is_valid():
        return show(request, page, status=422, note_form=form)
    actions.write(
        appeal_id=page.appeal.id,
        text=form.cleaned_data["text"],
        note=True,
        token=form.cleaned_data["token"],
        officer=officer_of(request),
        now=timezone.now(),
    )
    messages.success(request, _("The note is kept."))
    return back(page, "#notes")


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
            seen_at=moment(form.cleaned_data["seen"]),
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


@verb
def send(request: HttpRequest, page: queries.AppealPage) -> HttpResponse:
    """Send the draft as it was previewed; if it has changed since, it is shown again instead."""
    kept = page.draft
    if kept is None or kept.saved_at != moment(request.POST.get("seen", "")):
        if not page.handling.is_open:
            raise actions.AlreadyAnswered
        messages.warning(request, _("The draft has changed since you looked at it. Read it once more, then send."))
        return redirect(reverse("answer:appeal", args=[page.appeal.number]) + "?preview=1" + ANSWER)
    checked = weighed(request, page, kept.text, kept.outcome)
    if checked is None:
        return redirect(reverse("answer:appeal", args=[page.appeal.number]) + "?preview=1" + ANSWER)
    if has_news(request, page):
        return redirect(reverse("answer:appeal", args=[page.appeal.number]) + "?preview=1" + ANSWER)
    return press(request, page, "send_answer", outcome=kept.outcome, text=kept.text, **checked)

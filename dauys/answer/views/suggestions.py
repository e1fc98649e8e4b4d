"""Ways to begin an answer: a template, an earlier answer, the drafting machine. Each only fills the draft."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from dauys.answer import actions, blanks, forms, queries, words
from dauys.answer.queries import templates
from dauys.answer.views.shared import ANSWER, back, officer_of, page_or_404, sentence, show, verb
from dauys.answer.written import moment, whole_number


@login_required
@require_safe
def earlier(request: HttpRequest, number: str) -> HttpResponse:
    """Earlier answers to alike appeals: a page of its own, and a fragment for htmx."""
    page = page_or_404(request, number)
    if not page.may.get("send"):
        raise PermissionDenied("answer.send")
    told = {"page": page, "appeal": page.appeal, "suggested": queries.suggested(officer_of(request), page)}
    is_htmx = bool(getattr(request, "htmx", False))
    return render(request, "answer/_earlier.html" if is_htmx else "answer/earlier.html", told)


@verb
def begin(request: HttpRequest, page: queries.AppealPage) -> HttpResponse:
    """Put the chosen words into the draft. What was being typed comes along and is kept first."""
    officer, now = officer_of(request), timezone.now()
    seen = moment(request.POST.get("seen", ""))
    if "text" in request.POST:
        form = forms.AnswerForm(request.POST, is_draft=True)
        if not form.is_valid():
            return show(request, page, answer_form=form, status=422)
        try:
            seen = actions.save_draft(
                appeal_id=page.appeal.id,
                text=form.cleaned_data["text"],
                outcome=form.cleaned_data["outcome"],
                seen_at=seen,
                officer=officer,
                now=now,
            ).saved_at
        except actions.Failure as failure:
            form.add_error(None, sentence(failure))
            others = page.draft if isinstance(failure, actions.SomebodyElsesDraft) else None
            if others:
                form.data = {**request.POST.dict(), "seen": others.saved_at.isoformat()}
            return show(request, page, answer_form=form, others_draft=others, status=409)
    chosen = _chosen(request, page, now)
    if chosen is None:
        messages.warning(request, _("Choose what to begin with. What you chose may have been closed meanwhile."))
        return back(page, ANSWER)
    if chosen.pop("ask", False):
        actions.draft_by_machine(appeal_id=page.appeal.id, seen_at=seen, officer=officer, now=now, **chosen)
        messages.success(request, _("The machine's draft is below. Read every word of it: it may be wrong."))
    else:
        actions.begin(appeal_id=page.appeal.id, seen_at=seen, officer=officer, now=now, **chosen)
        messages.success(request, _("It is in the draft. Fill the places in brackets: until then it is not sent."))
    return back(page, ANSWER)


def _chosen(request: HttpRequest, page: queries.AppealPage, now: datetime) -> dict[str, Any] | None:
    """The words of the pressed button, as the action takes them; None where they are offered no more."""
    kind, _dash, which = request.POST.get("start", "").partition("-")
    officer, language = officer_of(request), page.appeal.language
    key = request.POST.get("template", "")
    wording = next((one for one in templates.offered(page) if one.key == key), None)
    if kind == "earlier" and (answer := whole_number(which)) is not None:
        found = queries.suggestion(officer, page, answer)
        return {"text": found.start, "outcome": found.outcome} if found else None
    if kind == "machine":
        text = wording.text_in(language) if wording else ""
        return {"ask": True, "template": text, "values": templates.values(page, officer, now)}
    if kind == "template" and wording is not None:
        try:
            text = blanks.fill(wording.text_in(language), templates.values(page, officer, now), language)
        except (blanks.UnknownBlank, blanks.LooseBrace) as wrong:
            messages.error(request, words.wrong_blank(wrong))
            return None
        return {"text": text, "outcome": wording.outcome}
    return None

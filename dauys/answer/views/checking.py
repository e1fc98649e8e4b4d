"""The advice on an answer while it is written, and the named reason without which a serious finding holds it back."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from dauys.answer import checking, forms, queries, skeletons
from dauys.answer.views.shared import officer_of, verb


@verb
def check(request: HttpRequest, page: queries.AppealPage) -> HttpResponse:
    """The advice on what stands in the editor now; nothing is kept."""
    form = forms.AnswerForm(request.POST, is_draft=True)
    text = form.cleaned_data.get("text", "") if form.is_valid() else ""
    if not text.strip() or not page.may.get("send"):
        return HttpResponse("")
    found = checking.checked(
        officer_of(request), page, text, outcome=form.cleaned_data.get("outcome", ""), now=timezone.now()
    )
    return render(request, "answer/_check.html", {"checked": found, "appeal": page.appeal})


def weighed(request: HttpRequest, page: queries.AppealPage, text: str, outcome: str) -> dict[str, Any] | None:
    """What is kept beside the answer: its findings, and why it is sent in spite of the serious ones.

    None where that reason is missing; the officer has been told then.
    """
    if skeletons.unfilled(text) is not None:  # refused by the sending itself, in words of its own
        return {}
    found = checking.checked(officer_of(request), page, text, outcome=outcome, now=timezone.now())
    why, said = request.POST.get("why", ""), request.POST.get("why_said", "")
    reason = checking.overridden(found, why=why, said=said)
    if found.serious and reason is None:
        messages.error(request, _("The check found something serious. Mend it, or choose why the answer is sent so."))
        return None
    return {"findings": found.kept(), "overridden": reason}

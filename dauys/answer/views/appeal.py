"""The page of one appeal, and who works on it. Every verb is a POST of its own and leads back to it."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from dauys.answer import actions, queries
from dauys.answer.views.company import has_news
from dauys.answer.views.leaving import press
from dauys.answer.views.shared import assign_form, back, officer_of, page_or_404, redirect_form, show, verb
from dauys.hear import queries as hear
from dauys.hear import safe_copies
from dauys.institution import rights
from dauys.institution.models import User
from dauys.institution.queries import house
from dauys.understand import actions as understand


@login_required
@require_safe
def appeal(request: HttpRequest, number: str) -> HttpResponse:
    """One appeal: its words first, then all that helps to answer it."""
    page = page_or_404(request, number)
    user = officer_of(request)
    is_ours = page.handling.officer_id in (None, user.id)
    if page.handling.unread and is_ours and page.may.get("write"):
        # Whoever reads the page is the officer the citizen waits for; a head who looks in changes nothing.
        actions.mark_read(appeal_id=page.appeal.id, officer=user, now=timezone.now())
    return show(request, page)


@verb
def take(request: HttpRequest, page: queries.AppealPage) -> HttpResponse:
    """One press: the appeal is mine."""
    actions.take(appeal_id=page.appeal.id, officer=officer_of(request), now=timezone.now())
    messages.success(request, _("The appeal is yours now."))
    return back(page)


@verb
def assign(request: HttpRequest, page: queries.AppealPage) -> HttpResponse:
    """Give the appeal to a colleague of its office."""
    form = assign_form(page, request.POST)
    if not form.is_valid():
        return show(request, page, assign_form=form, status=422)
    to = User.objects.get(id=form.cleaned_data["to"])
    actions.assign(appeal_id=page.appeal.id, to=to, officer=officer_of(request), now=timezone.now())
    messages.success(request, _("Given to %(name)s.") % {"name": to})
    return back(page)


@verb
def pass_on(request: HttpRequest, page: queries.AppealPage) -> HttpResponse:
    """Redirect to another office. Afterwards the officer may no longer see the appeal, so the way leads to
    the desk.
    """
    form = redirect_form(page, request.POST)
    if not form.is_valid():
        return show(request, page, redirect_form=form, status=422)
    if has_news(request, page):
        return show(request, page, redirect_form=form, status=409)
    return press(
        request,
        page,
        "redirect",
        office_id=form.cleaned_data["office"],
        reason=form.cleaned_data["reason"],
        keep_clock=form.keep_clock(),
        again=form.cleaned_data.get("again", ""),
    )


@verb
def pass_on_corrected(request: HttpRequest, page: queries.AppealPage) -> HttpResponse:
    """One press: to the office that a person's correction of the topic or the place leads to."""
    row = actions.pass_on_corrected(appeal_id=page.appeal.id, officer=officer_of(request), now=timezone.now())
    return _passed_on(request, page, row.acting_id or 0)


def _passed_on(request: HttpRequest, page: queries.AppealPage, office_id: int) -> HttpResponse:
    messages.success(
        request,
        _("Appeal %(number)s was passed to %(office)s. The citizen sees it.")
        % {"number": page.appeal.number, "office": house().offices[office_id].name},
    )
    return redirect("answer:desk")


@verb
def contact(request: HttpRequest, page: queries.AppealPage) -> HttpResponse:
    """The applicant's contact, shown in this one response and kept nowhere else."""
    found = actions.open_contact(appeal_id=page.appeal.id, officer=officer_of(request), now=timezone.now())
    return show(request, page, contact=found, contact_asked=True)


JOIN_MOST = 200
"""Appeals brought together by one press at most."""


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def alike(request: HttpRequest, number: str) -> HttpResponse:
    """Appeals that may be about the same matter: a page of its own, and a fragment for htmx.

    Posting says that some of them are (`join`: registration numbers) or that this one is not (`part`).
    """
    page = page_or_404(request, number)
    officer = officer_of(request)
    is_htmx = bool(getattr(request, "htmx", False))
    if request.method == "POST":
        others = [page_or_404(request, one).appeal.id for one in request.POST.getlist("join")[:JOIN_MOST]]
        if others:
            understand.join(appeal_id=page.appeal.id, other_ids=others, officer=officer, title="", now=timezone.now())
        for one in request.POST.getlist("part")[:1]:
            parted = page_or_404(request, one).appeal.id
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
    page = page_or_404(request, number)
    found = hear.attachment(attachment_id)
    if found is None or found.appeal_id != page.appeal.id or found.state != found.State.SAFE:
        raise Http404
    return safe_copies.serve(found, original=False)

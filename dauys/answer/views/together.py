"""A letter of several matters is split; one answer goes to many appeals of one problem."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from dauys.answer import actions, checking, forms, queries
from dauys.answer.views.shared import officer_of, page_or_404, sentence
from dauys.answer.written import whole_number
from dauys.hear.models import Kind
from dauys.institution import rights
from dauys.institution.queries import house


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def split(request: HttpRequest, number: str) -> HttpResponse:
    """Choose the sentences that make an appeal of their own; what is left is answered here."""
    page = page_or_404(request, number)
    officer, failed = officer_of(request), ""
    chosen = {one for one in map(whole_number, request.POST.getlist("passage")[:1000]) if one is not None}
    kind = request.POST.get("kind", page.appeal.kind)
    if request.method == "POST":
        try:
            receipt = actions.split(
                appeal_id=page.appeal.id, chosen=chosen, kind=kind, officer=officer, now=timezone.now()
            )
        except actions.Failure as failure:
            failed = sentence(failure)
        else:
            messages.success(
                request,
                _("Appeal %(number)s was made of these sentences. Its own office and day come within seconds.")
                % {"number": receipt.number},
            )
            return redirect("answer:appeal", number)
    elif not page.may.get("split"):
        raise Http404
    text = page.appeal.text
    told: dict[str, Any] = {
        "page": page,
        "appeal": page.appeal,
        "failed": failed,
        "passages": [
            (place, text[start:end].strip(), place in chosen)
            for place, (start, end) in enumerate(actions.passages(text))
        ],
        "kinds": Kind.choices,
        "kind": kind,
        "parts": queries.parts_of(page.appeal.id),
    }
    return render(request, "answer/split.html", told, status=422 if failed else 200)


@login_required
@require_safe
def problem(request: HttpRequest, problem_id: int) -> HttpResponse:
    """The one matter behind many appeals, and the answers all of them got."""
    return _show(request, _problem_or_404(request, problem_id))


def _problem_or_404(request: HttpRequest, problem_id: int) -> queries.ProblemPage:
    page = queries.problem_page(officer_of(request), problem_id)
    if page is None:
        raise Http404
    return page


def _checks(request: HttpRequest, page: queries.ProblemPage, form: forms.TogetherForm) -> dict[str, checking.Checked]:
    """The advice on each text, as an answer to the first appeal of its language that would get it."""
    officer, found = officer_of(request), {}
    for code, text in form.texts().items():
        first = next((one.number for one in page.members if one.answerable and one.language == code), None)
        one = queries.appeal_page(officer, first) if first and text.strip() else None
        if one is not None:
            outcome = form.cleaned_data["outcome"]
            found[code] = checking.checked(officer, one, text, outcome=outcome, now=timezone.now())
    return found


def _show(
    request: HttpRequest,
    page: queries.ProblemPage,
    *,
    form: forms.TogetherForm | None = None,
    checks: Mapping[str, checking.Checked] | None = None,
    status: int = 200,
) -> HttpResponse:
    counts = page.answerable
    told = {
        "problem": page,
        "today": house().today(timezone.now()),
        "form": form or (_form(page) if counts else None),
        "waiting": [(name, counts[code]) for code, name in settings.LANGUAGES if code in counts],
        "undo_seconds": int(settings.UNDO_SECONDS),
        "checks": [(dict(settings.LANGUAGES)[code], code, check) for code, check in (checks or {}).items()],
        "whys": checking.Why.choices,
    }
    return render(request, "answer/problem.html", told, status=status)


def _form(page: queries.ProblemPage, data: Any = None) -> forms.TogetherForm:
    return forms.TogetherForm(data, languages=page.answerable, auto_id="together_%s")


@login_required
@require_http_methods(["POST"])
def answer_together(request: HttpRequest, problem_id: int) -> HttpResponse:
    """Prepare one answer to all, take it back, or send it to those who joined since."""
    officer = officer_of(request)
    rights.require(officer, "answer.send")
    page = _problem_or_404(request, problem_id)
    now = timezone.now()
    theirs = {one.joint.id for one in page.given}
    for verb in ("take_back", "again"):
        asked = whole_number(request.POST.get(verb, ""))
        if asked in theirs:
            return _later(request, page, verb, asked)
    form = _form(page, request.POST)
    if not form.is_valid():
        return _show(request, page, form=form, status=422)
    checks = _checks(request, page, form)
    serious = {code: check for code, check in checks.items() if check.serious}
    in_spite = {
        code: checking.overridden(check, why=request.POST.get("why", ""), said=request.POST.get("why_said", ""))
        for code, check in serious.items()
    }
    if not all(in_spite.values()):
        return _show(request, page, form=form, checks=checks, status=422)
    try:
        actions.answer_together(
            problem_id=problem_id,
            outcome=form.cleaned_data["outcome"],
            texts=form.texts(),
            officer=officer,
            now=now,
            findings={code: check.kept() for code, check in checks.items()},
            overridden=in_spite,
        )
    except actions.Failure as failure:
        form.add_error(None, sentence(failure))
        return _show(request, page, form=form, status=422)
    messages.success(request, _("The answer leaves in ten seconds, to each appeal as a letter of its own."))
    return redirect(reverse("answer:problem", args=[problem_id]) + "#given")


def _later(request: HttpRequest, page: queries.ProblemPage, verb: str, joint_id: int) -> HttpResponse:
    officer, now = officer_of(request), timezone.now()
    try:
        if verb == "again":
            actions.send_to_joiners(joint_id=joint_id, officer=officer, now=now)
            messages.success(request, _("The answer leaves in ten seconds to those who have not got it."))
        elif actions.take_back_together(joint_id=joint_id, officer=officer, now=now):
            messages.success(request, _("Taken back. Nobody has got it."))
        else:
            messages.warning(request, _("It is too late: the first letters have left."))
    except actions.Failure as failure:
        messages.error(request, sentence(failure))
    return redirect(reverse("answer:problem", args=[page.id]) + "#given")

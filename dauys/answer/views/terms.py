"""The rules that set terms as they stand, files that cannot be followed, and what the last changes moved."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from dauys.answer import policies
from dauys.answer.queries import recounts as found
from dauys.answer.words import deadlines as words
from dauys.answer.words.promise import term
from dauys.answer.written import whole_number
from dauys.hear.models import Kind
from dauys.institution import rights
from dauys.institution.names import readers_language
from dauys.institution.queries import house


@login_required
@require_safe
def terms(request: HttpRequest) -> HttpResponse:
    """What counts now, for everybody who works here."""
    rights.require(request.user, found.VERB)
    book, language = policies.book(), readers_language()
    used = {office.policy.partition(".")[0] for office in house().offices.values()} | {"internal"}
    rules = [
        {
            "rule": one,
            "term": term(one),
            "article": one.article_in(language),
            "family": one.family_in(language),
            "kinds": [Kind(kind).label for kind in one.kinds],
            "special": words.special(one) if one.matter else "",
            "is_own": one.family in book.own,
        }
        for one in book.policies
        if one.family in used
    ]
    return render(request, "answer/terms.html", {"faults": book.faults, "rules": rules, "recounts": found.recounts()})


@login_required
@require_safe
def moved(request: HttpRequest, recount_id: int) -> HttpResponse:
    """Every promise one recount moved, fifty at a time."""
    rights.require(request.user, found.VERB)
    page = found.moved(request.user, recount_id, after=whole_number(request.GET.get("after", "")) or 0)
    if page is None:
        raise Http404
    return render(request, "answer/moved.html", {"page": page})

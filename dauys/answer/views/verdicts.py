"""What citizens said of answers: an officer's own, and for a head those of the office, as answers and not as people."""

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from dauys.answer import queries
from dauys.answer.queries.verdicts import PERIODS
from dauys.answer.views.shared import officer_of
from dauys.institution import rights
from dauys.institution.queries import house


@login_required
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """Counts of a period with what they are out of, then each word with its answer; `?of=office` for a head."""
    user = officer_of(request)
    if not rights.may(user, "hear.read"):
        raise PermissionDenied("hear.read")
    is_head = rights.may(user, "answer.see_verdicts")
    asked = request.GET.get("days", "")
    days = int(asked) if asked in map(str, PERIODS) else PERIODS[1]
    of_office = is_head and request.GET.get("of") == "office"
    found = queries.said_of_answers(user, of_office=of_office, today=house().today(timezone.now()), days=days)
    told = {"found": found, "days": days, "periods": PERIODS, "of_office": of_office, "is_head": is_head}
    return render(request, "answer/mine.html", told)

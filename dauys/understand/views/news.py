"""What is new: topics and areas with more appeals than their usual rhythm explains."""

from datetime import date

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from dauys.engines.bursts import MIN_DAYS
from dauys.institution import rights
from dauys.institution.models import User
from dauys.understand import news as queries


@login_required
@require_safe
def news(request: HttpRequest, readable: queries.Readable) -> HttpResponse:
    """One page, newest day first; topic, area and place in the list stand in the address."""
    rights.require(request.user, "understand.news")
    user: User = request.user  # type: ignore[assignment]  # stands behind login_required
    asked = _asked(request.GET)
    told = {
        "asked": asked,
        "page": queries.page(user, asked, readable, now=timezone.now()),
        "least_days": MIN_DAYS,
        "may_read": rights.may(user, "hear.read"),
    }
    return render(request, "understand/news.html", told)


def _asked(given: QueryDict) -> queries.Asked:
    """What is no day is taken as not asked."""

    def code(name: str) -> str:
        return given.get(name, "").replace("\x00", "")[:60]

    try:
        before = date.fromisoformat(given.get("before", ""))
    except ValueError:
        before = None
    is_sound = before is not None and 1900 <= before.year <= 2200
    return queries.Asked(code("topic"), code("area"), before if is_sound else None)

"""The officer's lists. Filters stand in the address, so a list can be kept and shared."""

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from dauys.answer import queries, tabs
from dauys.answer.queries import company
from dauys.answer.views import leaving
from dauys.answer.views.company import remember
from dauys.answer.views.shared import officer_of
from dauys.institution import rights
from dauys.institution.queries import house, officers_of


@login_required
@require_safe
def desk(request: HttpRequest) -> HttpResponse:
    """The lists of what is owed. Filters stand in the address, so a list can be kept and shared."""
    user = officer_of(request)
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
    remember(request, asked)
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
        "may_share": rights.may(user, "answer.share"),
        "may_rule": rights.may(user, "answer.manage_rules"),
        **leaving.bars(company.held(user, now=now)),
        # What has come to the first page is looked for while it is open; a page further on stands still.
        "fresh": ""
        if asked.after or asked.before or asked.number
        else f"{leaving.address(asked)}&ids={'.'.join(str(row.appeal_id) for row in shown.rows)}",
        "list_address": leaving.address(asked),
    }
    return render(request, "answer/desk.html", told)

"""What stands around an appeal's page: the list it was opened from, what is on its way out, who else is here."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _

from dauys.answer import queries, tabs
from dauys.answer.queries import company
from dauys.answer.written import whole_number
from dauys.institution.models import User
from dauys.institution.queries import house

LIST = "desk"
HELD_VERBS = frozenset({"take", "assign", "redirect", "send", "split"})
"""What nobody can do while something is on its way out."""

NEWS_MOST = 3


def remember(request: HttpRequest, asked: queries.Asked) -> None:
    """Keep which list the officer walks, so that the next appeal is the next of this one."""
    told = {
        name: str(value)
        for name in ("view", "topic", "district", "office", "officer")
        if (value := getattr(asked, name))
    }
    if request.session.get(LIST) != told and not asked.number:
        request.session[LIST] = told


def walked(request: HttpRequest, user: User) -> queries.Asked:
    """The list the officer came from; their own, or their office's, if they came from none."""
    given = QueryDict(mutable=True)
    given.update(request.session.get(LIST) or {})
    return tabs.asked(given, queries.views_for(user), {})


def around(request: HttpRequest, page: queries.AppealPage) -> dict[str, Any]:
    """For every page about one appeal; two statements, three at the end of a list."""
    from dauys.answer.views.leaving import bars  # it stands upon this module

    user: User = request.user  # type: ignore[assignment]  # pages of officers stand behind login_required
    now = timezone.now()
    held = company.held(user, now=now, appeal_id=page.appeal.id) if page.handling.has_held else []  # type: ignore[attr-defined]  # annotated
    here = next((one for one in held if one.appeal_id == page.appeal.id), None)
    told: dict[str, Any] = {
        **bars(held),
        "held_here": here,
        "as_of": len(page.history),
        "next_number": queries.next_of(
            user, walked(request, user), page.handling, today=house().today(now), but=[one.appeal_id for one in held]
        ),
        "is_mine": page.handling.is_open and page.handling.officer_id == user.id and page.handling.disputes < 2,
    }
    # A form that comes back with somebody's words keeps its field: the verb itself refuses what may not be done.
    if here is not None and not here.failed and request.method != "POST":
        told["may"] = {verb: may and verb not in HELD_VERBS for verb, may in page.may.items()}
    return told


def has_news(request: HttpRequest, page: queries.AppealPage) -> bool:
    """Whether others have done something since the officer's page was made; if so it is told, and the verb waits."""
    seen = whole_number(request.POST.get("as_of", ""))
    if seen is None:
        return False
    user: User = request.user  # type: ignore[assignment]  # as above
    told = company.news(page.history, seen, user)
    if told:
        messages.warning(
            request,
            _("Meanwhile: %(news)s. Look at it, then press again.") % {"news": "; ".join(told[-NEWS_MOST:])},
        )
    return bool(told)

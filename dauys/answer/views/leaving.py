"""Pressing, taking back, going on to the next appeal; taking several, giving back; who is here and what is new."""

import hashlib
import re
from collections.abc import Iterable
from dataclasses import asdict
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from dauys.answer import actions, queries, tabs
from dauys.answer.models import Deferred
from dauys.answer.queries import company
from dauys.answer.views.company import around, walked
from dauys.answer.views.shared import back, officer_of, page_or_404, sentence, verb
from dauys.answer.written import whole_number
from dauys.institution import rights
from dauys.institution.queries import house

TAKE_MOST = queries.PAGE
WAS_MOST = 9
_NUMBER = re.compile(r"[0-9-]{1,20}", re.ASCII)
IDS_MOST = 2000


def press(request: HttpRequest, page: queries.AppealPage, what: str, **told: Any) -> HttpResponse:
    """Do a verb of `actions.VERBS` after the seconds in which it can be taken back, and go on to the next appeal."""
    officer, now = officer_of(request), timezone.now()
    next_number = around(request, page)["next_number"]
    if settings.UNDO_SECONDS > 0:
        actions.hold(verb=what, appeal_id=page.appeal.id, officer=officer, now=now, **told)
    else:
        actions.VERBS[what](appeal_id=page.appeal.id, officer=officer, now=now, **told)
        messages.success(request, _("Done: %(number)s.") % {"number": page.appeal.number})
    return redirect("answer:appeal", next_number) if next_number else redirect("answer:desk")


@login_required
@require_safe
def leaving(request: HttpRequest) -> HttpResponse:
    """What the officer has pressed and can still take back: a fragment for htmx, and a page of its own."""
    user = officer_of(request)
    if not rights.may(user, "hear.read"):
        raise PermissionDenied("hear.read")
    is_htmx = bool(getattr(request, "htmx", False))
    held = company.held(user, now=timezone.now())
    told = bars(held) if is_htmx else bars(held, most=len(held))
    waiting = {one.number for one in held}
    was = request.GET.getlist("was")[:WAS_MOST]
    told["left"] = [one for one in was if _NUMBER.fullmatch(one) and one not in waiting]
    return render(request, "answer/_leaving.html" if is_htmx else "answer/leaving.html", told)


def bars(held: Iterable[company.Held], *, most: int = 1) -> dict[str, Any]:
    """What `_leaving.html` shows: all that could not leave and, of what is on its way, the last `most`.

    `wait` is after how many seconds it asks again; None: nothing is on its way.
    """
    failed = [one for one in held if one.is_mine and one.failed]
    going = [one for one in held if one.is_mine and not one.failed]
    return {
        "leaving": [
            {**asdict(one), "why": obstacle(one.failed) if one.failed else ""} for one in failed + going[:most]
        ],
        "more": len(going[most:]),
        "held_numbers": [one.number for one in going],
        "wait": min(one.seconds for one in going) + 1 if going else None,
    }


def obstacle(name: str) -> str:
    """Why something could not leave, from the name it was written down by."""
    known = getattr(actions, name, None)
    if name == "SomebodyElsesDraft":
        return _("A colleague has gone on writing the draft.")
    if name == "PermissionDenied":
        return _("You no longer answer for this appeal.")
    try:
        return sentence(known()) if isinstance(known, type) and issubclass(known, actions.Failure) else ""
    except (TypeError, KeyError):  # a failure that says more than its name
        return ""


@login_required
@require_POST
def undo(request: HttpRequest, number: str) -> HttpResponse:
    """Take back what was pressed on this appeal, or put away the word that it could not leave."""
    officer = officer_of(request)
    held = Deferred.objects.filter(appeal__number=number, officer=officer).first()
    page = queries.appeal_page(officer, number)
    if held is None and page is None:
        raise Http404
    try:
        if held is None:
            raise actions.AlreadyLeft
        actions.take_back(appeal_id=held.appeal_id, officer=officer, now=timezone.now())
    except actions.AlreadyLeft as failure:
        messages.warning(request, sentence(failure))
    else:
        if not held.failed:
            messages.success(request, _("Taken back: nothing was sent, and your words stand as they were."))
    return back(page) if page is not None else redirect("answer:desk")


@verb
def give_back(request: HttpRequest, page: queries.AppealPage) -> HttpResponse:
    """One press: the appeal is the office's again."""
    actions.give_back(appeal_id=page.appeal.id, officer=officer_of(request), now=timezone.now())
    messages.success(request, _("Given back to the office."))
    return back(page)


@login_required
@require_POST
def take_many(request: HttpRequest) -> HttpResponse:
    """Take the chosen appeals of a list; each that a colleague was quicker with is passed over and named."""
    officer = officer_of(request)
    if not rights.may(officer, "answer.take"):
        raise PermissionDenied("answer.take")
    taken, missed = 0, []
    for number in request.POST.getlist("number")[:TAKE_MOST]:
        page = page_or_404(request, number)
        try:
            actions.take(appeal_id=page.appeal.id, officer=officer, now=timezone.now())
            taken += 1
        except actions.Failure as failure:
            missed.append(f"{number}: {sentence(failure)}")
    if taken:
        messages.success(
            request, ngettext("%(n)d appeal is yours now.", "%(n)d appeals are yours now.", taken) % {"n": taken}
        )
    for one in missed:
        messages.warning(request, one)
    if not taken and not missed:
        messages.info(request, _("Choose the appeals you want to take."))
    return redirect(reverse("answer:desk") + "?view=" + walked(request, officer).view)


@login_required
@require_POST
def here(request: HttpRequest, number: str) -> HttpResponse:
    """A page knocks: its officer is here. Answers who else is, and what has happened since the page was made."""
    page = page_or_404(request, number)
    officer, now = officer_of(request), timezone.now()
    actions.be_here(appeal_id=page.appeal.id, officer=officer, now=now)
    seen = whole_number(request.POST.get("as_of", ""))
    told = {
        "appeal": page.appeal,
        "company": company.company(page.appeal.id, officer, now=now),
        "news": company.news(page.history, seen, officer) if seen is not None else [],
    }
    return render(request, "answer/_here.html", told)


def address(asked: queries.Asked) -> str:
    """The list's own address, from its beginning."""
    told = {name: getattr(asked, name) for name in ("view", "topic", "district", "office", "officer", "number")}
    return urlencode({name: value for name, value in told.items() if value})


@login_required
@require_safe
def fresh(request: HttpRequest) -> HttpResponse:
    """How many appeals have come to the first page of a list since it was shown (`ids`); 304 while that is the same."""
    user = officer_of(request)
    if not rights.may(user, "hear.read"):
        raise PermissionDenied("hear.read")
    asked = tabs.asked(request.GET, queries.views_for(user), {})
    ids = map(whole_number, request.GET.get("ids", "")[:IDS_MOST].split("."))
    shown = {one for one in ids if one is not None}
    now_there = queries.first_ids(user, asked, today=house().today(timezone.now()))
    come = sum(one not in shown for one in now_there)
    gone = len(now_there) < len(shown) and bool(shown - set(now_there))
    tag = hashlib.sha256(repr((user.id, get_language(), asked, come, gone)).encode()).hexdigest()[:20]
    if request.headers.get("If-None-Match") == f'"{tag}"':
        response: HttpResponse = HttpResponseNotModified()
    else:
        response = render(request, "answer/_fresh.html", {"come": come, "gone": gone, "list_address": address(asked)})
    response.headers["ETag"] = f'"{tag}"'
    return response

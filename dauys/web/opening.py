"""Links out of letters: one opens an appeal, one stops letters of a kind; and a new one can be asked for.

The signed token stands in the address for one step only: landing gives the browser its grant and leads on to the clean
address. Nothing here says whether an appeal or an address exists.
"""

import hmac
import time
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from dauys.answer.post import desk, links
from dauys.hear import grants, sealing
from dauys.hear import queries as hear
from dauys.hear.forms import Tracking
from dauys.hear.slowing import Bucket

SECONDS_EACH = 0.3
"""Every question takes this long, so that its time tells nothing of what was found."""

asked = Bucket(most=30, seconds_each=20)
"""Thirty questions at once from one network, then three a minute, whatever was asked."""


class NewLink(Tracking):
    """The number and the e-mail that was left with the appeal."""

    code = None  # type: ignore[assignment]  # Django's way to leave a field of the parent out
    email = forms.EmailField(
        label=gettext_lazy("E-mail you left with the appeal"),
        max_length=254,
        error_messages={
            "required": gettext_lazy("Write the e-mail you left with the appeal."),
            "invalid": gettext_lazy("Write the address as name@example.org."),
        },
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )


@require_safe
def open_link(request: HttpRequest, token: str) -> HttpResponse:
    """The letter's link: a grant for this browser, and on to the appeal's own address."""
    try:
        appeal_id = links.read(links.OPEN, token).subject
    except links.BadLink:
        messages.warning(
            request, _("This link is incomplete. Copy the whole of it from the letter, or ask for a new one.")
        )
        return _discreet(redirect("web:new_link"))
    except links.Lapsed as lapsed:
        messages.info(request, _("This link was good for two weeks and has ended. Ask for a new one."))
        known = hear.appeals_by_ids([lapsed.subject])
        number = f"?{urlencode({'number': known[0].number})}" if known else ""
        return _discreet(redirect(reverse("web:new_link") + number))
    found = hear.appeals_by_ids([appeal_id])
    if not found:
        raise Http404
    response = redirect("web:my", found[0].number)
    response.status_code = 303
    grants.grant(request, response, appeal_id)
    return _discreet(response)


def _discreet(response: HttpResponse) -> HttpResponse:
    """Its address is a key: no machine may list it. (No other site is told it: the house's Referrer-Policy.)"""
    response.headers["X-Robots-Tag"] = "noindex"
    return response


@require_http_methods(["GET", "HEAD", "POST"])
def new_link(request: HttpRequest) -> HttpResponse:
    """Number and e-mail: whatever they are, the answer is the same sentence."""
    is_on = desk.is_on()
    if request.method != "POST" or not is_on:
        form = NewLink(initial={"number": request.GET.get("number", "")[:40]})
        return render(request, "web/new_link.html", {"form": form, "is_on": is_on})
    form = NewLink(request.POST)
    if not form.is_valid():
        return render(request, "web/new_link.html", {"form": form, "is_on": is_on}, status=422)
    if seconds := asked.wait(request):
        form.add_error(None, _("Many have asked from your network just now. Try again in a minute."))
        page = render(request, "web/new_link.html", {"form": form, "is_on": is_on}, status=429)
        page.headers["Retry-After"] = str(seconds)
        return page
    asked.failed(request)
    began = time.monotonic()
    _ask(form.cleaned_data["number"], form.cleaned_data["email"])
    time.sleep(max(0.0, began + SECONDS_EACH - time.monotonic()))
    return render(request, "web/new_link.html", {"is_asked": True, "is_on": is_on, "most": desk.LINKS_A_DAY})


def _ask(number: str, email: str) -> None:
    appeal = hear.appeal(number)
    try:
        known = hear.contact_of(appeal).email if appeal is not None else ""
    except sealing.Erased:
        known = ""
    is_theirs = hmac.compare_digest(_same(known), _same(email)) and bool(known)
    if appeal is not None and is_theirs:
        desk.ask_for_link(appeal_id=appeal.id, now=timezone.now())


def _same(address: str) -> bytes:
    return address.strip().casefold().encode()


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def quiet(request: HttpRequest, token: str) -> HttpResponse:
    """No more letters of this kind. Mail programs post here by themselves (RFC 8058): the token is the permission, so a
    form's own token is not asked for, and looking (a scanner's GET) changes nothing.
    """
    told: dict[str, Any] = {"is_done": False, "is_known": True}
    try:
        link = links.read(links.QUIET, token)
    except (links.BadLink, links.Lapsed):
        told["is_known"] = False
        return _discreet(render(request, "web/quiet.html", told, status=404))
    if request.method == "POST":
        told["is_done"] = desk.stop(subject=link.subject, about=link.about, now=timezone.now())
    return _discreet(render(request, "web/quiet.html", told))

"""The roof's own pages: home, the patterns, the theme, and what went wrong."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.template import loader
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_safe

from dauys.hear.submission import TEXT_MOST
from dauys.institution.queries import NotEstablished, house
from dauys.prove.figures import period_of
from dauys.prove.queries import figures
from dauys.prove.words import Headline, headlines
from dauys.web import patterns as showcase
from dauys.web.context import THEME_COOKIE, THEMES
from dauys.web.middleware import YEAR


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """What this is, the two ways in, and how the institution does: only once there is something to count."""
    return render(request, "web/home.html", {"figures": _headlines()})


def _headlines() -> tuple[Headline, ...]:
    try:
        found = figures(period_of("", today=house().today(timezone.now())))
    except NotEstablished:
        return ()
    return headlines(found)[:3] if found.total.tally.heard else ()


@require_safe
def patterns(request: HttpRequest) -> HttpResponse:
    """Every part in every state; the samples are made up on the spot and touch no table."""
    return render(request, "web/patterns.html", showcase.samples())


@require_safe
def theme(request: HttpRequest) -> HttpResponse:
    """Remember light, dark or (anything else) the device's own choice, and go back to the page."""
    wanted, back = request.GET.get("to", ""), request.GET.get("next", "")
    if not url_has_allowed_host_and_scheme(back, allowed_hosts=None):
        back = "/"
    response = HttpResponseRedirect(back)
    if wanted in THEMES:
        response.set_cookie(THEME_COOKIE, wanted, max_age=YEAR, samesite="Lax", secure=settings.SECURE, httponly=True)
    else:
        response.delete_cookie(THEME_COOKIE, samesite="Lax")
    return response


def stale_form(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form's token has expired or cookies are refused; what was typed is still in the browser."""
    return render(request, "web/stale_form.html", {"words": request.POST.get("text", "")[:TEXT_MOST]}, status=403)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    # The frame asks for the host, and a foreign one is what may be wrong: this page, too, comes without the request.
    return HttpResponse(loader.render_to_string("web/error.html", {"status": 400}), status=400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "web/error.html", {"status": 403}, status=403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "web/error.html", {"status": 404}, status=404)


def broken(request: HttpRequest) -> HttpResponse:
    # Without the request no context processor runs: whatever broke cannot break this page too.
    return HttpResponse(loader.render_to_string("web/error.html", {"status": 500}), status=500)

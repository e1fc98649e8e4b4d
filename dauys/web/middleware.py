"""Small layers around every page: safe headers, the reader's language, the officers' second factor."""

import gzip
import logging
from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template import loader
from django.utils import translation
from django.utils.cache import patch_vary_headers

from dauys.hear import grants

GetResponse = Callable[[HttpRequest], HttpResponse]

POLICY = (
    "accelerometer=(), camera=(), display-capture=(), geolocation=(self), gyroscope=(), "
    "microphone=(), payment=(), usb=()"
)
log = logging.getLogger(__name__)

OFFICERS = ("/desk/", "/search/")
YEAR = 365 * 24 * 3600
LEVEL, WORTH_ZIPPING = 5, 2000
LANGUAGES = frozenset(code for code, _name in settings.LANGUAGES)


def headers(get_response: GetResponse) -> GetResponse:
    """Headers Django does not send by itself. Pages are private unless a view says otherwise."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.headers.setdefault("Content-Security-Policy", settings.CONTENT_SECURITY_POLICY)
        response.headers.setdefault("Permissions-Policy", POLICY)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        response.headers.setdefault("X-Frame-Options", settings.X_FRAME_OPTIONS)
        response.headers.setdefault("Cache-Control", "no-store")
        return response

    return middleware


def zipped(get_response: GetResponse) -> GetResponse:
    """Pages for strangers travel compressed: on a village's line that is seconds.

    A page of somebody signed in, or of a citizen with a grant, may hold a secret beside words an attacker chose, and
    its length would tell them apart (BREACH); so only pages asked for without a session are compressed. The form's
    own token is masked anew each time.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if (
            request.method == "GET"
            and response.status_code == 200
            and not response.streaming
            and response.headers.get("Content-Type", "").startswith("text/html")
            and not response.has_header("Content-Encoding")
            and settings.SESSION_COOKIE_NAME not in request.COOKIES
            and grants.COOKIE not in request.COOKIES
            and settings.SESSION_COOKIE_NAME not in response.cookies
            and len(response.content) > WORTH_ZIPPING
        ):
            patch_vary_headers(response, ("Accept-Encoding",))
            if "gzip" in request.headers.get("Accept-Encoding", ""):
                response.content = gzip.compress(response.content, LEVEL, mtime=0)
                response.headers["Content-Encoding"] = "gzip"
                response.headers["Content-Length"] = str(len(response.content))
                if (tag := response.headers.get("ETag", "")).startswith('"'):
                    response.headers["ETag"] = f"W/{tag}"
        return response

    return middleware


def language(get_response: GetResponse) -> GetResponse:
    """`?lang=kk` switches and remembers; then the cookie; then what the browser asks for."""

    def middleware(request: HttpRequest) -> HttpResponse:
        asked = request.GET.get("lang", "")
        chosen = asked if asked in LANGUAGES else request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        if chosen not in LANGUAGES:
            chosen = translation.get_language_from_request(request)
        with translation.override(chosen):
            request.LANGUAGE_CODE = chosen
            response = get_response(request)
            response.headers.setdefault("Content-Language", chosen)
            if not response.has_header("Access-Control-Allow-Origin"):  # files of the ledger are the same for all
                patch_vary_headers(response, ("Accept-Language", "Cookie"))
            if asked == chosen:
                response.set_cookie(
                    settings.LANGUAGE_COOKIE_NAME,
                    chosen,
                    max_age=YEAR,
                    samesite="Lax",
                    secure=settings.SECURE,
                    httponly=True,
                )
            return response

    return middleware


def plain_address(get_response: GetResponse) -> GetResponse:
    """No page has a NUL in its address, and none is asked for: PostgreSQL breaks on a question that holds one.

    Stands before whatever reads the address.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        if "\0" in request.path_info:
            raise BadRequest("NUL in the address")
        asked = request.META.get("QUERY_STRING", "").replace("\0", "")
        while "%00" in asked:  # again and again: what stands around one ("%%0000") may close up to another
            asked = asked.replace("%00", "")
        request.META["QUERY_STRING"] = asked
        return get_response(request)

    return middleware


def steady_clock(get_response: GetResponse) -> GetResponse:
    """A clock set back is no broken page: nothing was written, and the page says so and what to do (503)."""
    from dauys.ledger.actions import ClockSetBack

    def middleware(request: HttpRequest) -> HttpResponse:
        return get_response(request)

    def process_exception(request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, ClockSetBack):
            return None
        log.error("Nothing is written: %s", exception)
        told = {"status": 503, "fault": exception}
        return HttpResponse(loader.render_to_string("web/clock.html", told), status=503, headers={"Retry-After": "600"})

    middleware.process_exception = process_exception  # type: ignore[attr-defined]  # where Django looks for it
    return middleware


def second_factor(get_response: GetResponse) -> GetResponse:
    """An officer without a passkey or authenticator is led to set one up before seeing anybody's appeal."""
    from allauth.mfa.utils import is_mfa_enabled

    def middleware(request: HttpRequest) -> HttpResponse:
        if (
            settings.SECOND_FACTOR_REQUIRED
            and request.path_info.startswith(OFFICERS)
            and request.user.is_authenticated
            and not is_mfa_enabled(request.user)
        ):
            return redirect("mfa_index")
        return get_response(request)

    return middleware

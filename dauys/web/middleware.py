"""Small layers around every page: safe headers, the reader's language, the officers' second factor."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import translation
from django.utils.cache import patch_vary_headers

GetResponse = Callable[[HttpRequest], HttpResponse]

POLICY = (
    "accelerometer=(), camera=(), display-capture=(), geolocation=(self), gyroscope=(), "
    "microphone=(), payment=(), usb=()"
)
OFFICERS = ("/desk/", "/search/")
YEAR = 365 * 24 * 3600
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

"""What the frame around every page shows."""

from datetime import date
from urllib.parse import urlencode

from django.conf import settings
from django.db import DatabaseError
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext_lazy as _

from dauys.institution import queries, rights

THEMES = ("light", "dark")
THEME_COOKIE = "theme"
OWN_NAMES = {"kk": ("Қаз", "Қазақша"), "ru": ("Рус", "Русский"), "en": ("Eng", "English")}
PUBLIC = (
    ("hear:file", _("File an appeal"), "pen", ""),
    ("hear:track", _("Track an appeal"), "search", ""),
    ("prove:public", _("Public figures"), "chart", ""),
)
STAFF = (
    ("answer:desk", _("Desk"), "inbox", "hear.read"),
    ("understand:triage", _("Triage"), "lamp", "understand.triage"),
    ("understand:news", _("What is new"), "star", "understand.news"),
    ("hear:write_down", _("Write down"), "pen", "hear.write_down"),
    ("prove:public", _("Public figures"), "chart", ""),
    ("answer:templates", _("Templates"), "paper", "answer.save_template"),
    ("understand:reader", _("Reader"), "eye", "understand.manage_model"),
    ("answer:rules", _("Routing"), "route", "answer.manage_rules"),
    ("institution:manage", _("Institution"), "person", "institution.manage"),
)


def house(request: HttpRequest) -> dict[str, object]:
    """The institution, the day, the reader's theme and languages, and the ways open to this reader."""
    theme = request.COOKIES.get(THEME_COOKIE, "")
    return {
        "house": SimpleLazyObject(_house),
        "today": today,
        "is_officer": SimpleLazyObject(lambda: bool(request.user.is_authenticated)),
        "may_search": SimpleLazyObject(lambda: bool(_house() and rights.may(request.user, "hear.read"))),
        "theme": theme if theme in THEMES else "",
        "themes": _themes(request),
        "languages": _languages(request),
        "navigation": SimpleLazyObject(lambda: _navigation(request)),
        "is_demo": settings.DEMO,
    }


def _house() -> queries.House | None:
    # The frame is also drawn around the error page, which must come even when the tables cannot be read.
    try:
        return queries.house()
    except (queries.NotEstablished, DatabaseError):
        return None


def today() -> date:
    """The day where the institution is. A template calls what is callable, so its tags get a date and not a
    stand-in for one, which a date cannot be subtracted from; a page that shows no day never asks.
    """
    known, now = _house(), timezone.now()
    return known.today(now) if known else now.date()


def _languages(request: HttpRequest) -> list[tuple[str, str, str, str]]:
    """(code, short name, name, address of this page in that language)."""
    rows = []
    for code, _name in settings.LANGUAGES:
        asked = request.GET.copy()
        asked["lang"] = code
        rows.append((code, *OWN_NAMES[code], f"?{asked.urlencode()}"))
    return rows


def _themes(request: HttpRequest) -> list[tuple[str, str, object, str]]:
    """(theme, shape, words, address that sets it and comes back)."""
    choices = (("light", "sun", _("Light")), ("dark", "moon", _("Dark")), ("", "", _("As my device")))
    address, here = reverse("web:theme"), request.get_full_path()
    return [
        (name, shape, words, f"{address}?{urlencode({'to': name or 'device', 'next': here})}")
        for name, shape, words in choices
    ]


def _navigation(request: HttpRequest) -> list[dict[str, object]]:
    """Ways that exist and that this reader may walk."""
    ways = STAFF if request.user.is_authenticated else PUBLIC
    rows: list[dict[str, object]] = []
    for name, words, icon, verb in ways:
        try:
            address = reverse(name)
        except NoReverseMatch:
            continue
        if verb and not (_house() and rights.may(request.user, verb)):
            continue
        rows.append({"href": address, "words": words, "icon": icon, "is_here": False})
    # The desk's address begins the addresses of its neighbours: only the longest that fits is here.
    here = [row for row in rows if request.path.startswith(str(row["href"]))]
    if here:
        max(here, key=lambda row: len(str(row["href"])))["is_here"] = True
    return rows

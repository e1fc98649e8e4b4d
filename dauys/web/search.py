"""Search over the words of appeals, for officers: in any ending, with or without Kazakh letters, slips forgiven."""

import re
from dataclasses import replace
from datetime import date
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from dauys.answer import tabs
from dauys.answer.models import State
from dauys.answer.queries.found import DIGITS, Found, Sought, alike, by_number, found
from dauys.hear.models import Channel, Kind
from dauys.institution import rights
from dauys.institution.models import User
from dauys.institution.queries import house
from dauys.understand import masking
from dauys.web.context import OWN_NAMES

NUMBER = re.compile(r"\s*(\d{4})\s*[-–/ ]\s*(\d{1,9})\s*")
ASKED_MOST = 200
AROUND = 110
"""Letters shown on either side of the words found."""

BEGINNING = 80
"""Letters shown of an appeal found by its number."""

URGENCIES = {"usual": _("Usual"), "soon": _("Urgent"), "danger": _("Danger to life")}


@login_required
@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """A registration number leads straight to its appeal; all else is looked for. The whole question stands in the
    address, so that it can be kept and shared.
    """
    rights.require(request.user, "hear.read")
    officer: User = request.user  # type: ignore[assignment]  # stands behind login_required
    sought = sought_in(request.GET)
    number = NUMBER.fullmatch(sought.words)
    # «2026-0001» is the beginning of a number, «2026-1» and «2026-000001» are the number itself.
    is_whole = number is not None and (not number[2].startswith("0") or len(number[2]) >= DIGITS)
    if number and is_whole and (known := f"{number[1]}-{int(number[2]):06d}") and by_number(officer, known):
        return redirect("answer:appeal", known)
    like = by_number(officer, sought.like) if sought.like else None
    if like is not None:
        shown = alike(officer, like[0], like[1], sought)
    elif sought.like:
        shown = Found(count=0)
    else:
        shown = found(officer, sought)
    told = {
        "sought": sought,
        "shown": shown,
        "rows": [
            (
                replace(row, place=masking.for_colleagues(row.place)) if row.place else row,
                masking.excerpt(shown.texts.get(row.appeal_id, ""), shown.terms, around=AROUND),
            )
            for row in shown.rows
        ],
        "numbers": [(row.number, row.language, _beginning(row.first_words)) for row in shown.numbers],
        "like_is_lost": bool(sought.like) and like is None,
        **_choices(officer, sought),
    }
    return render(request, "web/search.html", told)


def _beginning(words: str) -> str:
    return masking.first_words(words, most=BEGINNING)


def sought_in(given: QueryDict) -> Sought:
    """The question of an address. What is not a date, a number or a code is taken as not asked, or finds nothing."""

    def code(name: str) -> str:
        return given.get(name, "").replace("\x00", "")[:60]

    return Sought(
        words=given.get("q", "").replace("\x00", " ")[:ASKED_MOST].strip(),
        like=code("like"),
        topic=code("topic"),
        area=code("area"),
        office=code("office"),
        state=code("state"),
        channel=code("channel"),
        kind=code("kind"),
        language=code("language"),
        urgency=code("urgency"),
        since=_day(given.get("from", "")),
        until=_day(given.get("to", "")),
        with_files=given.get("files") == "1",
        mine=given.get("mine") == "1",
        best=given.get("order") == "best",
        after=code("after"),
    )


def _day(written: str) -> date | None:
    """A day as the browser's own field writes it; years a calendar cannot place are not taken."""
    try:
        day = date.fromisoformat(written)
    except ValueError:
        return None
    return day if 1900 <= day.year <= 2200 else None


def _choices(officer: User, sought: Sought) -> dict[str, Any]:
    place = house()
    areas = list(place.districts)
    chosen = place.area_by_code.get(sought.area)
    if chosen is not None and chosen not in areas:
        areas.append(chosen)
    offices = (place.offices[one] for one in rights.offices_for(officer, "hear.read"))
    return {
        "topics": tabs.topics(),
        "areas": sorted(areas, key=lambda one: str(one.name)),
        "offices": sorted(offices, key=lambda one: str(one.name)),
        "menus": [
            ("state", _("State"), _("Any state"), sought.state,
             [("open", _("Open")), ("closed", _("Closed")), *State.choices]),
            ("channel", _("Channel"), _("Any channel"), sought.channel, Channel.choices),
            ("kind", _("Kind"), _("Any kind"), sought.kind, Kind.choices),
            ("language", _("Language of the answer"), _("Any language"), sought.language,
             [(one, names[1]) for one, names in OWN_NAMES.items()]),
            ("urgency", _("Urgency"), _("Any urgency"), sought.urgency, list(URGENCIES.items())),
        ],
        "may_have_own": rights.may(officer, "answer.take"),
    }  # fmt: skip

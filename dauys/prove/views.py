"""Pages anyone may open, keep and pass on: they say the same to everybody, and nothing about anybody."""

from collections.abc import Callable, Iterator
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _
from django.views.decorators.http import conditional_page, require_safe

from dauys.institution.queries import house
from dauys.ledger.queries import head
from dauys.prove import open_data as files
from dauys.prove import queries, records, words
from dauys.prove.figures import FEWEST, Slice, enough, period_of
from dauys.prove.forms import Asked
from dauys.prove.queries import Figures

KEPT_SECONDS = 60
LATE_SHOWN = 12
PIECE = 24
View = Callable[..., HttpResponseBase]


def everyones(view: View) -> View:
    """Let browsers and proxies keep the page for a minute, unless it was made for one reader's session."""

    @wraps(view)
    def made(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = view(request, *args, **kwargs)
        # ?lang= answers with a cookie, and an officer's page has the officer's name in its frame.
        if "lang" not in request.GET and settings.SESSION_COOKIE_NAME not in request.COOKIES:
            patch_cache_control(response, public=True, max_age=KEPT_SECONDS)
        return response

    return require_safe(conditional_page(made))


@everyones
def public(request: HttpRequest) -> HttpResponse:
    """The page of the institution's figures; period, area, topic and office by the address."""
    form = Asked(request.GET)
    asked, place = form.known(), house()
    today = place.today(timezone.now())
    area, topic = (
        place.area_by_code.get(asked.get("area", "")),
        place.topic_by_code.get(asked.get("topic", "")),
    )
    office = place.office_by_code.get(asked.get("office", ""))
    found = queries.figures(
        period_of(asked["period"], today=today),
        office=office.id if office else None,
        district=area.id if area else None,
        topic=topic.id if topic else None,
    )
    chosen = [one.name for one in (area, topic, office) if one]
    is_cross = len(chosen) > 1
    waiting, waiting_count = records.late(
        today, district=area.id if area else None, topic=topic.id if topic else None, limit=LATE_SHOWN
    )
    form = Asked(initial=asked)

    def address(**changed: str) -> str:
        return "?" + urlencode({**asked, **changed})

    topics, districts = enough(found.topics), enough(found.districts)
    return render(
        request,
        "prove/public.html",
        {
            "form": form,
            "asked": asked,
            "chosen": chosen,
            "area": area,
            "office": office,
            "found": found,
            "periods": [(name, said, address(period=name)) for name, said in words.PERIODS.items()],
            "period_words": words.PERIODS[found.period.name],
            "is_too_few": is_cross and found.total.tally.heard < FEWEST,
            "headlines": words.headlines(found),
            "weeks": _weeks(found) if not chosen or _is_busy(found) else None,
            "topics": [
                (str(row.name), row.tally.heard, address(topic=row.code) if row.code else "") for row in topics.rows
            ],
            "topics_few": len(topics.few),
            "topics_total": found.total.tally.heard,
            "map": [
                (row.code, str(row.name), row.tally.heard, address(area=row.code)) for row in districts.rows if row.code
            ],
            "districts": _table(districts.rows, districts.few),
            "channels": _channels(found),
            "kinds": _by_kind(found),
            "late": waiting,
            "late_count": waiting_count,
            "head": head(),
            "fewest": FEWEST,
        },
    )


def _is_busy(found: Figures) -> bool:
    """Whether a week has FEWEST appeals on average: a sparser line would tell single appeals apart."""
    return found.total.tally.heard >= FEWEST * len(found.weeks)


def _weeks(found: Figures) -> dict[str, Any]:
    tallies = [tally for _monday, tally in found.weeks]
    return {
        "labels": [monday for monday, _tally in found.weeks],
        "series": [
            (_("Heard"), [tally.heard for tally in tallies]),
            (_("Of those, answered by now"), [tally.answered for tally in tallies]),
            (_("Of those, confirmed as solved"), [tally.confirmed for tally in tallies]),
        ],
    }


def _table(rows: tuple[Slice, ...], few: tuple[Slice, ...] = ()) -> list[dict[str, str]]:
    """Rows by name, the unknown last; those kept back are named, and their count is only said to be small."""
    table = []
    for row in sorted((*rows, *few), key=lambda one: (not one.code, str(one.name).casefold())):
        if row in few:
            count = f"<{FEWEST}" if row.tally.heard < FEWEST else _("not shown")
            kept_back = dict.fromkeys(("in_time", "confirmed", "partly", "median"), "–")
            table.append({"name": str(row.name), "heard": count, **kept_back})
        else:
            table.append(
                {
                    "name": str(row.name),
                    "heard": words.number(row.tally.heard),
                    "in_time": words.share_of(row.in_time),
                    "confirmed": words.share_of(row.confirmed),
                    "partly": words.share_of(row.partly),
                    "median": words.wait(row),
                }
            )
    return table


def _channels(found: Figures) -> list[tuple[str, int]]:
    shown = enough(found.channels)
    return sorted(
        ((str(records.channel_words(row.code)), row.tally.heard) for row in shown.rows),
        key=lambda row: -row[1],
    )


def _by_kind(found: Figures) -> list[tuple[str, list[dict[str, str]]]]:
    """Offices beside offices of their own kind."""
    place, shown = house(), enough(found.offices)
    tables = []
    for kind, said in records.office_kinds().items():
        rows, few = (
            tuple(row for row in part if row.code and place.office_by_code[row.code].kind == kind)
            for part in (shown.rows, shown.few)
        )
        if rows or few:
            tables.append((str(said), _table(rows, few)))
    unrouted = tuple(row for row in shown.rows if not row.code)
    if unrouted:
        tables.append((_("No office yet"), _table(unrouted)))
    return tables


def _pieces(line: str) -> list[str]:
    """A long line of code in pieces, so that a narrow screen may break it; copied, it is one line again."""
    return [line[start : start + PIECE] for start in range(0, len(line), PIECE)]


@everyones
def case(request: HttpRequest, number: str) -> HttpResponse:
    """One appeal as anyone may see it, and what the ledger says of it."""
    record = records.record_of(number)
    if record is None:
        raise Http404
    return render(
        request,
        "prove/case.html",
        {
            "record": record,
            "today": house().today(timezone.now()),
            "kind": records.kind_words(record.kind),
            "channel": records.channel_words(record.channel),
            "steps": [(step, [_pieces(line) for line in step.lines]) for step in records.leaves_of(record)],
            "head": head(),
            "fewest": FEWEST,
        },
    )


@everyones
def open_data(request: HttpRequest) -> HttpResponse:
    """What the files hold, and on which terms."""
    return render(
        request,
        "prove/open_data.html",
        {
            "appeals": [(name, meaning) for name, (meaning, _read) in files.APPEALS.items()],
            "days": files.DAYS.items(),
            "licence": files.LICENCE,
            "licence_address": files.LICENCE_ADDRESS,
            "fewest": FEWEST,
        },
    )


def _file(lines: Iterator[str], name: str, media_type: str) -> StreamingHttpResponse:
    response = StreamingHttpResponse((line.encode() for line in lines), content_type=f"{media_type}; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Access-Control-Allow-Origin"] = "*"
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    patch_cache_control(response, public=True, max_age=KEPT_SECONDS)
    return response


@require_safe
def appeals_csv(request: HttpRequest) -> StreamingHttpResponse:
    return _file(files.appeals_csv(), "appeals.csv", "text/csv")


@require_safe
def appeals_json(request: HttpRequest) -> StreamingHttpResponse:
    return _file(files.appeals_json(), "appeals.json", "application/json")


@require_safe
def days_csv(request: HttpRequest) -> StreamingHttpResponse:
    return _file(files.days_csv(), "days.csv", "text/csv")

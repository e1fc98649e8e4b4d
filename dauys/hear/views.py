"""The citizen's pages: the form, its confirmation, the receipt, and the way back with number and code."""

import functools
import re

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from dauys.hear import actions, codes, forms, grants, intake, pending, posted, queries, safe_copies
from dauys.hear.models import Appeal, Kind
from dauys.hear.slowing import Bucket
from dauys.hear.submission import Refused
from dauys.institution.queries import house

guesses = Bucket(most=20, seconds_each=6)
"""Twenty wrong codes at once from one network, then ten a minute; right ones are free."""


@require_http_methods(["GET", "HEAD", "POST"])
@posted.tolerant
def file(request: HttpRequest) -> HttpResponse:
    """The form, its confirmation and the filing itself, at one address: Back always leads to the words."""
    if request.method != "POST":
        area = house().area_by_code.get(request.GET.get("area", ""))
        return _form(
            request, forms.Filing(initial={"area": area and area.id, **_complaint(request)}), forms.new_token()
        )
    try:
        asked = intake.take(request, _filing)
    except posted.Unreadable as wrong:
        return intake.unreadable(request, wrong.code)
    if not asked.form.is_valid():
        return _form(request, asked.form, asked.token, asked.held, is_stale=asked.is_stale, status=422)
    if asked.step == "edit" or (asked.is_stale and asked.step != "file"):
        status = 422 if asked.is_stale else 200
        return _form(request, asked.form, asked.token, asked.held, is_stale=asked.is_stale, status=status)
    if asked.step != "file" or asked.is_stale:
        return _confirm(request, asked, is_stale=asked.is_stale, status=422 if asked.is_stale else 200)
    return _send(request, asked)


NUMBER = re.compile(r"[0-9]{4}-[0-9]{1,12}", re.ASCII)


def _complaint(request: HttpRequest) -> dict[str, object]:
    """What a link “complain about this” fills in: the kind, the office it is about, the appeal it follows."""
    if request.GET.get("kind") != Kind.COMPLAINT:
        return {}
    office = house().office_by_code.get(request.GET.get("about", ""))
    number = request.GET.get("re", "")
    text = gettext("I complain about how my appeal %(number)s was handled.") % {"number": number} + "\n\n"
    return {
        "kind": Kind.COMPLAINT,
        **({"about_office": office.id} if office else {}),
        **({"text": text} if NUMBER.fullmatch(number) else {}),
    }


class SeeOther(HttpResponseRedirect):
    """After a form: look here, and do not send it again."""

    status_code = 303


def _filing(told: QueryDict) -> forms.Filing:
    return (forms.Filing.sound(told) if told.get("step") == "file" else None) or forms.Filing(told)


@functools.cache
def _receipt_address() -> str:
    return reverse("hear:receipt")


def _send(request: HttpRequest, asked: intake.Intake[forms.Filing]) -> HttpResponse:
    try:
        receipt = intake.send(
            asked.form.submission(asked.token), asked, lambda told: actions.receive(told, now=timezone.now())
        )
    except intake.TooBusy:
        page = _confirm(request, asked, is_busy=True, status=503)
        page.headers["Retry-After"] = str(intake.RETRY_SECONDS)
        return page
    except pending.Gone:
        asked.form = asked.form.whole()
        asked.form.add_error("attached", gettext("Files are kept for one day, and it has passed. Choose them again."))
        return _form(request, asked.form, asked.token, status=422)
    except Refused as refused:
        asked.form = asked.form.whole()
        asked.form.add_error(None, forms.sentence(refused))
        return _form(request, asked.form, asked.token, asked.held, status=422)
    response = SeeOther(f"{_receipt_address()}?number={receipt.number}")
    grants.grant(request, response, receipt.appeal_id, filed=True)
    return response


def _form(
    request: HttpRequest,
    form: forms.Filing,
    token: str,
    held: list[pending.Held] | None = None,
    *,
    is_stale: bool = False,
    status: int = 200,
) -> HttpResponse:
    outlines = house().institution.outlines
    form = form.whole()
    told = {
        "form": form,
        "token": token,
        "held": held or [],
        "is_stale": is_stale,
        "emergency": forms.emergency(house().institution.country),
        "is_kind_open": bool(form["kind"].value() or form["kind"].errors or form["about_office"].value()),
        "outlines": outlines,
        "has_map": bool(outlines.get("features")),
    }
    return _kept_by_the_browser(render(request, "hear/file.html", told, status=status))


def _confirm(
    request: HttpRequest,
    asked: intake.Intake[forms.Filing],
    *,
    is_stale: bool = False,
    is_busy: bool = False,
    status: int = 200,
) -> HttpResponse:
    asked.form = asked.form.whole()
    asked.form.is_valid()
    told, known = asked.form.cleaned_data, house()
    area, office = known.areas.get(told["area"] or 0), known.offices.get(told["about_office"] or 0)
    page = {
        "told": told,
        "kind": {value: words for value, words, _hint in forms.KINDS}[told["kind"]],
        "area": area and area.name,
        "office": office and office.name,
        "contact": asked.form.contact(),
        "language": dict(forms.OWN_LANGUAGE_NAMES)[told["language"]],
        "token": asked.token,
        "held": asked.held,
        "is_stale": is_stale,
        "is_busy": is_busy,
        "fields": [
            (name, asked.form[name].value() or "" if told.get(name) is None else told[name])
            for name in (
                "text", "kind", "place", "area", "lat", "lon", "about_office",
                "name", "phone", "email", "address", "language", "reach",
            )
        ],
    }  # fmt: skip
    return _kept_by_the_browser(render(request, "hear/confirm.html", page, status=status))


def _kept_by_the_browser(page: HttpResponse) -> HttpResponse:
    """Until the appeal is filed, Back must bring the words back, with scripts or without.

    A page marked `no-store` comes back empty, and so does one whose own address was posted to: hence `?sent`
    in the forms. After filing nothing is stored, and `forget` clears what was.
    """
    page.headers["Cache-Control"] = "private, max-age=600"
    return page


@require_safe
def receipt(request: HttpRequest) -> HttpResponse:
    """The receipt of an appeal this browser may open; the newest where no number is asked for."""
    appeal = _granted_appeal(request)
    if appeal is None:
        return render(request, "hear/no_receipt.html", status=404)
    code = codes.code_for(appeal.key) if appeal.id in grants.just_filed(request) else ""
    return render(request, "hear/receipt.html", ticket_of(request, appeal, code))


def _granted_appeal(request: HttpRequest) -> Appeal | None:
    mine = grants.granted(request)
    number = request.GET.get("number", "")
    rows = {row.id: row for row in queries.appeals_by_ids(mine)}
    return next((rows[one] for one in reversed(mine) if one in rows and number in ("", rows[one].number)), None)


def ticket_of(request: HttpRequest, appeal: Appeal, code: str) -> dict[str, object]:
    """What a printed ticket says. The code stands only behind `#`, which no browser sends to a server."""
    address = request.build_absolute_uri(f"{reverse('hear:track')}?number={appeal.number}")
    zone = house().zone
    return {
        "appeal": appeal,
        "code": code,
        "code_groups": code.split("-"),
        "scan": f"{address}#{code}" if code else address,
        "address": address.partition("?")[0],
        "came_later": appeal.registered_on != appeal.received_at.astimezone(zone).date(),
    }


@require_POST
def forget(request: HttpRequest) -> HttpResponse:
    """Close all appeals opened in this browser: for a borrowed telephone or a library."""
    response = redirect("hear:track")
    grants.forget(response)
    messages.success(request, gettext("Closed: this browser opens no appeal any more."))
    response.headers["Clear-Site-Data"] = '"cache"'
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@posted.tolerant
def track(request: HttpRequest) -> HttpResponse:
    """Number and code open an appeal. An unknown number and a wrong code are one answer, in one time."""
    if request.method != "POST":
        return _track(request, forms.Tracking(initial={"number": request.GET.get("number", "")[:40]}))
    try:
        told = posted.read(request)
    except posted.Unreadable as wrong:
        return intake.unreadable(request, wrong.code)
    form = forms.Tracking(told.fields)
    if told.is_stale or not form.is_valid():
        return _track(request, form, is_stale=told.is_stale, status=422)
    try:
        code = codes.read(form.cleaned_data["code"])
    except codes.Mistyped:
        form.add_error(
            "code",
            gettext("The code has a slip in it: it checks itself. Compare it with your receipt, group by group."),
        )
        return _track(request, form, status=422)
    appeal = queries.opened_by(form.cleaned_data["number"], code)
    # A right code is never made to wait: behind one mobile address a stranger's guesses would shut out everybody,
    # and nobody comes upon 130 random bits by guessing.
    if appeal is None and (seconds := guesses.wait(request)):
        form.add_error(
            None,
            ngettext(
                "Too many wrong codes came from your network. Try again in %(seconds)s second.",
                "Too many wrong codes came from your network. Try again in %(seconds)s seconds.",
                seconds,
            )
            % {"seconds": seconds},
        )
        page = _track(request, form, status=429)
        page.headers["Retry-After"] = str(seconds)
        return page
    if appeal is None:
        guesses.failed(request)
        form.add_error(
            None,
            gettext("No appeal has this number together with this code. Compare both with your receipt."),
        )
        return _track(request, form, status=422)
    try:
        response = redirect("web:my", appeal.number)
    except NoReverseMatch:
        response = redirect(f"{reverse('hear:receipt')}?number={appeal.number}")
    response.status_code = 303
    grants.grant(request, response, appeal.id)
    return response


def _track(request: HttpRequest, form: forms.Tracking, *, is_stale: bool = False, status: int = 200) -> HttpResponse:
    has_grants = bool(grants.granted(request))
    page = {"form": form, "is_stale": is_stale, "has_grants": has_grants}
    return render(request, "hear/track.html", page, status=status)


@require_safe
def attachment(request: HttpRequest, attachment_id: int) -> HttpResponse:
    """A citizen's own file, as the safe copy, or as it was sent while none is ready."""
    found = queries.attachment(attachment_id)
    # What the institution encloses may still wait in a draft: it is given out where that is known (web:my_file).
    if found is None or found.by_office or found.appeal_id not in grants.granted(request):
        raise Http404
    return safe_copies.serve(found, original=found.state != found.State.SAFE)

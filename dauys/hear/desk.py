"""The desk's page: an officer writes down a visitor, a call or a letter, and hands over a ticket."""

from functools import partial

from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe

from dauys.hear import actions, codes, forms, intake, pending, posted, queries
from dauys.hear.models import Appeal
from dauys.hear.submission import Refused, storable
from dauys.hear.views import ticket_of
from dauys.institution import rights
from dauys.institution.models import Role, User
from dauys.institution.queries import house

CODE_SHOWN_SECONDS = 3600
_RECENT = "hear.written_down"
_RECENT_MOST = 20


@require_http_methods(["GET", "HEAD", "POST"])
@posted.tolerant
def write_down(request: HttpRequest) -> HttpResponse:
    """One form, filled by the keyboard; after it the same form again, with the number just given above it."""
    if not request.user.is_authenticated:
        return _signed_out(request) if request.method == "POST" else redirect_to_login(request.get_full_path())
    officer = request.user
    offices = rights.offices_for(officer, "hear.write_down") & house().offices.keys()
    if not offices:
        raise PermissionDenied("hear.write_down")
    now = timezone.now()
    make_form = partial(forms.WriteDown, offices=frozenset(offices), now=now)
    if request.method != "POST":
        own = next((office for office, _role in rights.appointments(request.user) if office in offices), None)
        return _form(request, make_form(initial={"taken_at": own}), forms.new_token())
    try:
        asked = intake.take(request, make_form)
    except posted.Unreadable as wrong:
        return intake.unreadable(request, wrong.code)
    if not asked.is_sound:
        return _form(request, asked.form, asked.token, asked.held, is_stale=asked.is_stale, status=422)
    submission = asked.form.submission(asked.token, taken_by_id=request.user.pk)
    try:
        receipt = intake.send(submission, asked, lambda told: actions.write_down(told, officer=officer, now=now))
    except intake.TooBusy:
        asked.form.add_error(None, gettext("Too many are writing at this moment and nothing was taken. Send it again."))
        page = _form(request, asked.form, asked.token, asked.held, status=503)
        page.headers["Retry-After"] = str(intake.RETRY_SECONDS)
        return page
    except pending.Gone:
        asked.form.add_error("attached", gettext("Files are kept for one day, and it has passed. Choose them again."))
        return _form(request, asked.form, asked.token, status=422)
    except Refused as refused:
        asked.form.add_error(None, forms.sentence(refused))
        return _form(request, asked.form, asked.token, asked.held, status=422)
    taken = dict(list(request.session.get(_RECENT, {}).items())[1 - _RECENT_MOST :])
    request.session[_RECENT] = {**taken, receipt.number: int(now.timestamp())}
    response = redirect(f"{reverse('hear:write_down')}?taken={receipt.number}")
    response.status_code = 303
    return response


def _form(
    request: HttpRequest,
    form: forms.WriteDown,
    token: str,
    held: list[pending.Held] | None = None,
    *,
    is_stale: bool = False,
    status: int = 200,
) -> HttpResponse:
    taken = request.GET.get("taken", "")
    page = {
        "form": form,
        "token": token,
        "held": held or [],
        "is_stale": is_stale,
        "taken": taken if taken in request.session.get(_RECENT, {}) else "",
    }
    return render(request, "hear/write_down.html", page, status=status)


def _signed_out(request: HttpRequest) -> HttpResponse:
    """The session ended while somebody was writing: the words wait on the page until the writer is back."""
    try:
        told = posted.read(request)
    except posted.Unreadable as wrong:
        return intake.unreadable(request, wrong.code)
    names = [name for name in forms.WriteDown.base_fields if name != "attached"]
    fields = [(name, storable(told.fields.get(name) or "")) for name in [*names, "token"] if name in told.fields]
    return render(request, "hear/signed_out.html", {"fields": fields}, status=403)


@login_required
@require_safe
def ticket(request: HttpRequest, number: str) -> HttpResponse:
    """The visitor's paper: number, day, hour, and who took it (name and post)."""
    appeal = taken_here(request, number)
    if appeal is None:
        raise Http404
    code = fresh_code(request, appeal)
    return render(request, "hear/ticket.html", {**ticket_of(request, appeal, code), **_taker(appeal)})


def taken_here(request: HttpRequest, number: str) -> Appeal | None:
    """The appeal of this number, if it was written down at an office where this person may write down."""
    appeal = queries.appeal(number)
    offices = rights.offices_for(request.user, "hear.write_down")
    return appeal if appeal is not None and appeal.taken_at_id in offices else None


def fresh_code(request: HttpRequest, appeal: Appeal) -> str:
    """The access code, for an hour after this very session wrote the appeal down; then empty."""
    written = request.session.get(_RECENT, {}).get(appeal.number)
    is_fresh = written is not None and timezone.now().timestamp() - written < CODE_SHOWN_SECONDS
    return codes.code_for(appeal.key) if is_fresh else ""


def _taker(appeal: Appeal) -> dict[str, object]:
    office = house().offices.get(appeal.taken_at_id or 0)
    taker: User | None = appeal.taken_by
    posts = dict(rights.appointments(taker)) if taker else {}
    role = posts.get(appeal.taken_at_id or 0) or next(iter(posts.values()), None)
    return {"office": office and office.name, "taker": taker, "post": role and Role(role).label}

"""What is told by letter: what an officer wants to hear, and, for administrators, what did not arrive. Reminders."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from dauys.answer.models import Letter
from dauys.answer.post import desk, sending, server
from dauys.answer.post.kinds import BY_NAME, KINDS
from dauys.answer.queries.reminders import reminders_for
from dauys.answer.views.shared import officer_of
from dauys.institution import rights
from dauys.institution.queries import house


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def letters(request: HttpRequest) -> HttpResponse:
    """Everybody who works here chooses what is written to them; administrators see how the letters fare."""
    officer = officer_of(request)
    manages = rights.may(officer, "institution.manage")
    if not rights.appointments(officer):
        raise PermissionDenied
    if request.method == "POST":
        if "try" in request.POST:
            rights.require(officer, "institution.manage")
            sending.try_server_now()
            messages.success(request, _("The mail server is asked again within seconds."))
        else:
            desk.wish(officer=officer, wanted=frozenset(request.POST.getlist("kind")), now=timezone.now())
            messages.success(request, _("Kept: so you are told by letter from now on."))
        return redirect("answer:letters")
    told: dict[str, object] = {
        "is_on": desk.is_on(),
        "wishes": [(name, BY_NAME[name].said, wanted) for name, wanted in desk.wishes(officer).items()],
        "always": [kind.said for kind in KINDS if not kind.for_citizen and not kind.may_stop],
        "manages": manages,
    }
    if manages:
        told |= _for_administrators()
    return render(request, "answer/letters.html", told)


def _for_administrators() -> dict[str, object]:
    found = sending.server_state()
    try:
        server.configured()
        wrong = None
    except server.Misconfigured as mistake:
        wrong = mistake
    counts = desk.counts()
    return {
        "counts": [(state.value, state.label, counts.get(state.value, 0)) for state in Letter.State],
        "troubled": desk.troubled(),
        "shown_most": desk.SHOWN_MOST,
        "server": found,
        "wrong": wrong,
        "told_to_citizens": [kind.said for kind in KINDS if kind.for_citizen],
    }


@login_required
@require_POST
def decide_letter(request: HttpRequest, letter_id: int) -> HttpResponse:
    """One press: send it again, or leave it."""
    try:
        desk.decide(letter_id=letter_id, again="again" in request.POST, officer=officer_of(request), now=timezone.now())
    except desk.Settled:
        messages.warning(request, _("Somebody has decided about this letter meanwhile."))
    else:
        messages.success(request, _("It is sent again.") if "again" in request.POST else _("It is left as it is."))
    return redirect("answer:letters")


@login_required
@require_safe
def reminders(request: HttpRequest) -> HttpResponse:
    """What this person was reminded of lately and what is still owed."""
    officer = officer_of(request)
    if not rights.may(officer, "hear.read"):
        raise PermissionDenied
    today = house().today(timezone.now())
    lines = reminders_for(officer, today=today)
    return render(request, "answer/reminders.html", {"lines": lines, "today": today})

"""The triage desk: what the machine was not sure of, a person settles in one keystroke."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from dauys.hear import heard as hear
from dauys.institution import rights
from dauys.institution.queries import Names, house
from dauys.understand import actions, queries
from dauys.understand.models import Aspect, Examination, Finding

PAGE = 15
LOOK = 100
"""Waiting appeals looked at in one go; whoever may read few of them is asked further down, at most LOOKS times."""

LOOKS = 4

Readable = Callable[[Any, Collection[int]], set[int]]
"""(person, ids of appeals) → those the person may read. A later room knows it, so the URL map hands it in."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A topic the machine proposes, on a numbered key."""

    key: int
    code: str
    name: Names
    group: Names | None
    share: float


@dataclass(frozen=True, slots=True)
class Waiting:
    """One appeal on the triage desk."""

    appeal: hear.Heard
    examined: Examination
    suggestions: list[Suggestion]
    words: list[str]
    area: Names | None


def _suggestions(finding: Finding | None) -> list[Suggestion]:
    if finding is None:
        return []
    place = house()
    ranked = [(finding.value, finding.confidence)]
    for reason in finding.reasons:
        if reason and reason[0] == "others":
            ranked += [(code, share) for code, share in reason[1:]]
    found: list[Suggestion] = []
    for code, share in ranked[:3]:
        topic = place.topic_by_code.get(code)
        if topic is not None:
            parent = place.topics.get(topic.parent_id or 0)
            found.append(Suggestion(len(found) + 1, code, topic.name, parent.name if parent else None, share))
    return found


def _words(finding: Finding | None) -> list[str]:
    return [
        word
        for reason in (finding.reasons if finding else [])
        if reason and reason[0] == "words"
        for word in reason[1:]
    ]


@login_required
@require_safe
def triage(request: HttpRequest, readable: Readable) -> HttpResponse:
    """Appeals that wait for a person and that this one may read, oldest first, with what the machine would say."""
    rights.require(request.user, "understand.triage")
    after = request.GET.get("after", "")
    shown, older = _waiting(request.user, readable, int(after) if after.isdecimal() and len(after) < 18 else 0)
    appeals = {row.id: row for row in hear.heard_by_ids(row.appeal_id for row in shown)}
    findings = {
        row.appeal_id: row
        for row in Finding.objects.filter(appeal_id__in=list(appeals), aspect=Aspect.TOPIC, is_current=True)
    }
    place = house()
    rows = [
        Waiting(
            appeals[row.appeal_id],
            row,
            _suggestions(findings.get(row.appeal_id)),
            _words(findings.get(row.appeal_id)),
            place.areas[row.area_id].name if row.area_id else None,
        )
        for row in shown
    ]
    return render(
        request,
        "understand/triage.html",
        {
            "rows": rows,
            "older": f"?after={older}" if older else "",
            "topics": queries.topic_choices(),
            "areas": [(area.code, area.name) for area in place.districts],
        },
    )


def _waiting(user: Any, readable: Readable, after: int) -> tuple[list[Examination], int]:
    """One page of what waits for this person; the id to go on from, 0 at the end."""
    rows: list[Examination] = []
    for _look in range(LOOKS):
        examined = queries.awaiting(after=after, limit=LOOK)
        allowed = readable(user, [row.appeal_id for row in examined])
        rows += [row for row in examined if row.appeal_id in allowed]
        if len(rows) > PAGE:
            return rows[:PAGE], rows[PAGE - 1].appeal_id
        if len(examined) < LOOK:
            return rows, 0
        after = examined[-1].appeal_id
    return rows, after


@login_required
@require_POST
def decide(request: HttpRequest, number: str, readable: Readable) -> HttpResponse:
    """A person's word on one appeal, from the triage desk. An appeal of others is as unknown as none at all."""
    rights.require(request.user, "understand.triage")
    back = request.POST.get("next", "")
    if not back.startswith("/") or not url_has_allowed_host_and_scheme(back, {request.get_host()}):
        back = "/desk/triage/"
    appeal = hear.heard_by_number(number)
    if appeal is None or not readable(request.user, [appeal.id]):
        raise Http404
    topic = request.POST.get("topic") or request.POST.get("other", "")
    try:
        actions.decide(
            appeal_id=appeal.id,
            officer=request.user,  # type: ignore[arg-type]  # stands behind login_required
            topic_code=topic,
            area_code=request.POST.get("area", ""),
            now=timezone.now(),
        )
    except Examination.DoesNotExist:
        raise Http404 from None
    except actions.UnknownTopic:
        messages.error(request, _("Choose a topic from the list for appeal %(number)s.") % {"number": number})
    else:
        name = house().topic_by_code[topic].name
        messages.success(request, _("Appeal %(number)s is about: %(topic)s.") % {"number": number, "topic": name})
    return redirect(back)

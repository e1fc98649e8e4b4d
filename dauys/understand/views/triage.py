"""The triage desk: what the machine was not sure of, a person settles in one keystroke, one by one or many at once.

With scripts a settled appeal leaves the list at once and the next has the keys; without, each press loads the page
again. Either way the last act can be taken back.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from dauys.hear import heard as hear
from dauys.institution import rights
from dauys.institution.queries import Names, house
from dauys.understand import actions, masking, queries
from dauys.understand.models import Aspect, Examination, Finding
from dauys.understand.views.doubts import missing, spoken

PAGE = 15
LOOK = 100
"""Waiting appeals looked at in one go; whoever may read few of them is asked further down, at most LOOKS times."""

LOOKS = 4
SURENESSES = (90, 80, 70, 65, 60, 50, 40)
"""Per cent. What the officer may choose from when accepting many; where the machine decides alone nothing waits."""

MANY = 500
"""Appeals settled by one press at most."""

READ_MOST = 4000
"""Letters of an appeal that a card holds at most: what it is about is said early."""

AROUND = 600
"""Letters on either side of the first word that decided which stand in sight; the rest is one press away."""

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
class Usual:
    """The office that usually answers such an appeal; `is_sure` is False where that is only likely."""

    name: Names
    share: float
    is_sure: bool
    words: list[str]
    by_place: bool
    missing: list[str]


@dataclass(frozen=True, slots=True)
class Waiting:
    """One appeal on the triage desk."""

    appeal: hear.Heard
    examined: Examination
    text: str
    """Masked: whoever sorts appeals is not yet the one who answers them."""
    suggestions: list[Suggestion]
    words: list[str]
    area: Names | None
    missing: list[str]
    """Why the machine is not sure, in sentences."""
    usual: Usual | None
    is_long: bool


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


@login_required
@require_safe
def triage(request: HttpRequest, readable: Readable) -> HttpResponse:
    """Appeals that wait for a person and that this one may read, oldest first, with what the machine would say.

    `part=1` gives the next cards alone, for the list that grows while it is worked off. `number` puts one appeal
    first, waiting or not: that is the way to a correction.
    """
    rights.require(request.user, "understand.triage")
    after = request.GET.get("after", "")
    shown, older = _waiting(request.user, readable, int(after) if after.isdecimal() and len(after) < 18 else 0)
    number = request.GET.get("number", "").replace("\x00", "")
    if number:
        asked = _own(request, number, readable).id
        shown = [*queries.examinations([asked]).values(), *(row for row in shown if row.appeal_id != asked)]
    is_part = bool(request.GET.get("part"))
    told: dict[str, Any] = {
        **_menus(), "rows": _cards(shown), "older": older, "after": after, "is_here": not is_part,
    }  # fmt: skip
    if is_part:
        return render(request, "understand/triage_cards.html", told)
    told["many"] = _countable(request.user, readable) if shown else []
    told["undo"] = _undo_of(request)
    return render(request, "understand/triage.html", told)


@login_required
@require_POST
def decide(request: HttpRequest, number: str, readable: Readable) -> HttpResponse:
    """A person's word on one appeal, from the triage desk. An appeal of others is as unknown as none at all."""
    appeal = _own(request, number, readable)
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
        words = _("Choose a topic from the list for appeal %(number)s.") % {"number": number}
        if request.headers.get("HX-Request"):
            card = _cards(queries.examinations([appeal.id]).values())
            told = {**_menus(), "rows": card, "is_here": True, "wrong": words}
            return render(request, "understand/triage_cards.html", told)
        messages.error(request, words)
        return redirect(_here(request))
    return _settled(request, number)


@login_required
@require_POST
def accept_many(request: HttpRequest, readable: Readable) -> HttpResponse:
    """Accept the first suggestion of every waiting appeal of which the machine is at least so sure."""
    rights.require(request.user, "understand.triage")
    sure = next((one for one in SURENESSES if str(one) == request.POST.get("sure")), None)
    if sure is None:
        messages.error(request, _("Choose from the list how sure the machine must be."))
        return redirect("understand:triage")
    likely = queries.likely(at_least=sure / 100, limit=MANY)
    allowed = readable(request.user, list(likely))
    now = timezone.now()
    settled = actions.accept_many(
        topics={appeal: topic for appeal, topic in likely.items() if appeal in allowed},
        officer=request.user,  # type: ignore[arg-type]  # stands behind login_required
        now=now,
    )
    if not settled:
        messages.info(request, _("Nothing waited that the machine is so sure of."))
        return redirect("understand:triage")
    return _settled(request, now.isoformat())


@login_required
@require_POST
def undo(request: HttpRequest, readable: Readable) -> HttpResponse:
    """Take back one's own last word on an appeal, or all that was accepted by one press."""
    rights.require(request.user, "understand.triage")
    what = request.POST.get("what", "")
    officer: Any = request.user
    moment = _moment(what)
    if moment is not None:
        ids = actions.take_back_many(said_at=moment, officer=officer, now=timezone.now())
    else:
        appeal = _own(request, what, readable)
        ids = [appeal.id] if actions.take_back(appeal_id=appeal.id, officer=officer, now=timezone.now()) else []
    waiting = [row for row in queries.examinations(ids).values() if row.needs_person]
    if not ids:
        words = _("There was nothing to take back: somebody has decided since.")
    elif not waiting:
        words = _("It is taken back: what was said before stands again.")
    else:
        count = len(waiting)
        words = ngettext("%(count)s appeal waits again.", "%(count)s appeals wait again.", count) % {"count": count}
    if request.headers.get("HX-Request"):
        told = {**_menus(), "rows": _cards(waiting[:PAGE]), "is_here": True, "words": words}
        return render(request, "understand/triage_undone.html", told)
    messages.info(request, words)
    return redirect(_here(request))


def _own(request: HttpRequest, number: str, readable: Readable) -> hear.Heard:
    rights.require(request.user, "understand.triage")
    appeal = hear.heard_by_number(number)
    if appeal is None or not readable(request.user, [appeal.id]):
        raise Http404
    return appeal


def _settled(request: HttpRequest, what: str) -> HttpResponse:
    if request.headers.get("HX-Request"):
        return render(request, "understand/triage_undo.html", {"undo": _undoable(request.user, what), "aside": True})
    return redirect(_here(request, done=what))


def _here(request: HttpRequest, **more: str) -> str:
    """Back to where the officer stood in the list."""
    after = request.POST.get("after", "")
    query = {**({"after": after} if after.isdecimal() and len(after) < 18 else {}), **more}
    return reverse("understand:triage") + (f"?{urlencode(query)}" if query else "")


@dataclass(frozen=True, slots=True)
class Undo:
    """What the officer did last and may take back."""

    what: str
    words: str


def _undo_of(request: HttpRequest) -> Undo | None:
    what = request.GET.get("done", "")
    return _undoable(request.user, what) if what else None


def _undoable(officer: Any, what: str) -> Undo | None:
    """The act in words; None where this officer did no such thing or it was changed since."""
    moment = _moment(what)
    if moment is not None:
        count = queries.said_in(moment, officer)
        words = ngettext("%(count)s appeal was settled.", "%(count)s appeals were settled.", count)
        return Undo(what, words % {"count": count}) if count else None
    topic = queries.said_of(what, officer)
    if topic is None:
        return None
    return Undo(what, _("Appeal %(number)s is about: %(topic)s.") % {"number": what, "topic": topic})


def _moment(what: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(what)
    except ValueError:
        return None
    return moment if moment.tzinfo else None


def _menus() -> dict[str, Any]:
    return {
        "topics": queries.topic_choices(),
        "areas": [(area.code, area.name) for area in house().districts],
        "around": AROUND,
    }


def _cards(examinations: Collection[Examination]) -> list[Waiting]:
    appeals = {row.id: row for row in hear.heard_by_ids(row.appeal_id for row in examinations)}
    said = Finding.objects.filter(
        appeal_id__in=list(appeals), aspect__in=(Aspect.TOPIC, Aspect.OFFICE), is_current=True
    )
    findings = {(row.appeal_id, row.aspect): row for row in said}
    return [
        _card(
            row, appeals[row.appeal_id], findings.get((row.appeal_id, Aspect.TOPIC)),
            findings.get((row.appeal_id, Aspect.OFFICE)),
        )
        for row in examinations
    ]  # fmt: skip


def _card(examined: Examination, appeal: hear.Heard, finding: Finding | None, office: Finding | None) -> Waiting:
    text = masking.for_colleagues(appeal.text, most=READ_MOST)
    return Waiting(
        appeal,
        examined,
        text,
        _suggestions(finding),
        spoken(finding, text),
        house().areas[examined.area_id].name if examined.area_id else None,
        missing(finding, text),
        _usual(examined, office, text),
        is_long=len(text) > 2 * AROUND,
    )


def _usual(examined: Examination, finding: Finding | None, seen: str) -> Usual | None:
    office = house().office_by_code.get(finding.value) if finding else None
    if finding is None or office is None:
        return None
    is_sure = examined.office_id == office.id
    return Usual(
        office.name,
        finding.confidence,
        is_sure,
        spoken(finding, seen),
        ["place"] in finding.reasons,
        [] if is_sure else missing(finding, seen),
    )


def _countable(user: Any, readable: Readable) -> list[tuple[int, int]]:
    """How many this officer could settle by one press, for each sureness to choose from."""
    surest = queries.likely_confidences(at_least=min(SURENESSES) / 100, limit=MANY)
    allowed = readable(user, list(surest))
    counts: list[tuple[int, int]] = []
    for sure in SURENESSES:
        count = sum(surest[appeal] >= sure / 100 for appeal in allowed)
        if count > (counts[-1][1] if counts else 0):
            counts.append((sure, count))
    return counts


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

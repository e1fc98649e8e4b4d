"""The readers of topics and offices: what each learned from, how well it reads, and which one is in force."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from dauys.engines import topics
from dauys.engines.topics.drift import CHANGED, MUCH
from dauys.institution import rights
from dauys.institution.queries import house
from dauys.understand import actions, in_force, lessons, reader
from dauys.understand.models import Target, TopicModel

FEW = 20
"""A share of fewer appeals is not given: a single one would move it by five points."""


CODES_AT_ONCE = 8


class ThresholdForm(forms.Form):
    """From which confidence on the machine decides alone, in per cent."""

    sure = forms.IntegerField(
        label=gettext_lazy("The machine decides alone from, in per cent"),
        help_text=gettext_lazy(
            "From 50 to 99. The higher it is, the more appeals wait for a person and the fewer go wrong. "
            "It holds for appeals read from now on."
        ),
        min_value=round(in_force.SURE_LEAST * 100),
        max_value=round(in_force.SURE_MOST * 100),
    )


class OfficeThresholdForm(ThresholdForm):
    """From which confidence on an office is named, in per cent."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["sure"].label = _("It names an office from, in per cent")
        self.fields["sure"].help_text = _(
            "From 50 to 99. The higher it is, the less often it names one and the less often it is wrong. It holds for "
            "appeals read from now on."
        )


_FORMS: Mapping[Target, type[ThresholdForm]] = {Target.TOPIC: ThresholdForm, Target.OFFICE: OfficeThresholdForm}


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a list of shares; `mark` (0 to 1) is what the machine itself promised."""

    name: str
    judged: int
    right: int
    share: float | None
    mark: float | None = None

    @property
    def width(self) -> str:
        return f"{100 * self.right / self.judged:.1f}%" if self.judged else "0%"

    @property
    def mark_at(self) -> str:
        return f"{100 * (self.mark or 0):.1f}%"


@dataclass(frozen=True, slots=True)
class Learned:
    """What the card of a reader tells, in names."""

    reader: reader.Reader
    held: Mapping[str, Any]
    by_time: bool
    languages: list[tuple[str, int, float | None]]
    codes: list[tuple[str, int, float | None]]
    little: list[str]
    span: tuple[date, date] | None
    threshold: float
    is_own: bool
    fitted: float | None
    covered: Mapping[str, float] | None
    """At the promise of nine in ten: the `share` of texts held back it would have decided, and how many `right`."""
    alone: bool
    alone_from: float | None
    seen: Row | None


@login_required
@require_safe
def show(request: HttpRequest, **_handed: object) -> HttpResponse:
    """Readers, what they learned from, and how their first word fared. `of=office` shows those of offices."""
    return _page(request, _target(request.GET.get("of")), None)


@login_required
@require_POST
def use(request: HttpRequest, **_handed: object) -> HttpResponse:
    """Bring an earlier reader back."""
    version = request.POST.get("version", "")
    officer: Any = request.user
    try:
        actions.use_model(version=version, officer=officer, now=timezone.now())
    except actions.UnknownReader:
        messages.error(request, _("There is no such reader. Choose one from the list."))
    except topics.UnreadableModel as error:
        messages.error(
            request,
            _("The reader %(version)s cannot be used, and the one in force stays. %(why)s")
            % {"version": version, "why": error},
        )
    else:
        messages.success(request, _("The reader %(version)s reads from now on.") % {"version": version})
    return _back(_target(TopicModel.objects.filter(version=version).values_list("target", flat=True).first()))


@login_required
@require_POST
def set_sure(request: HttpRequest, **_handed: object) -> HttpResponse:
    """Set the institution's own threshold, or let it follow the past again."""
    officer: Any = request.user
    target = _target(request.POST.get("of"))
    form = _FORMS[target](request.POST)
    if "follow" in request.POST:
        chosen: float | None = None
    elif form.is_valid():
        chosen = form.cleaned_data["sure"] / 100
    else:
        if not _may_manage(request):
            raise PermissionDenied("understand.manage_model")
        return _page(request, target, form)
    try:
        holds = actions.set_sure(threshold=chosen, officer=officer, now=timezone.now(), target=target)
    except actions.UnknownReader:
        messages.error(request, _no_reader(target))
    else:
        told = (
            _("An office is named from %(percent)s per cent on.")
            if target == Target.OFFICE
            else _("The machine decides alone from %(percent)s per cent on.")
        )
        messages.success(request, told % {"percent": round(holds * 100)})
    return _back(target)


@login_required
@require_POST
def set_alone(request: HttpRequest, **_handed: object) -> HttpResponse:
    """Let the reader of offices give an appeal that no rule places its office, or leave that to people again."""
    officer: Any = request.user
    alone = request.POST.get("alone") == "1"
    try:
        actions.set_alone(alone=alone, officer=officer, now=timezone.now())
    except actions.UnknownReader:
        messages.error(request, _no_reader(Target.OFFICE))
    except actions.NotShown:
        messages.error(
            request,
            _("The past has not shown from which confidence on nine of ten are right, so a person goes on deciding."),
        )
    else:
        messages.success(
            request,
            _("What no rule places now goes to the office that usually answers it, where the machine is sure.")
            if alone
            else _("What no rule places now waits for a person."),
        )
    return _back(Target.OFFICE)


def _target(told: str | None) -> Target:
    return Target.OFFICE if told == Target.OFFICE else Target.TOPIC


def _back(target: Target) -> HttpResponse:
    return redirect(reverse("understand:reader") + ("?of=office" if target == Target.OFFICE else ""))


def _no_reader(target: Target) -> str:
    if target == Target.OFFICE:
        return _("There is no reader of offices yet; it is learned from answered appeals: dauys learn")
    return _("There is no reader of topics yet; the first one is learned at the next start.")


def _may_manage(request: HttpRequest) -> bool:
    roots = [office.id for office in house().offices.values() if office.parent_id is None]
    return rights.may(request.user, "understand.manage_model", roots)


def _page(request: HttpRequest, target: Target, wrong: ThresholdForm | None) -> HttpResponse:
    rights.require(request.user, "understand.manage_model")
    is_office, now = target == Target.OFFICE, timezone.now()
    found = reader.accuracy_of_offices(now=now) if is_office else reader.accuracy(now=now)
    names = _names(target)
    learned = [_learned(one, names, found.by_reader.get(one.version)) for one in reader.readers(target)]
    current = next((one for one in learned if one.reader.is_current), None)
    form = wrong or _FORMS[target](initial={"sure": round(current.threshold * 100)} if current else None)
    by_code = [_row(names.get(one.key, one.key), one) for one in found.by_code]
    told = {
        "target": target.value,
        "is_office": is_office,
        "known": 0 if current or not is_office else lessons.known_count(target),
        "least": lessons.LEAST,
        "acted_most": reader.ACTED_MOST,
        "current": current,
        "learned": learned,
        "found": found,
        "few": FEW,
        "whole_of": _("%(right)s of %(judged)s") % {"right": found.whole.right, "judged": found.whole.judged},
        "whole": _row(_("All"), found.whole),
        "months": [_row(date.fromisoformat(f"{one.key}-01"), one) for one in found.by_month],
        "tongues": [_row(_language(one.key), one) for one in found.by_language],
        "codes_first": by_code[:CODES_AT_ONCE],
        "codes_rest": by_code[CODES_AT_ONCE:],
        "said": [_row(_tenth(int(one.key)), one, mark=int(one.key) / 10 + 0.05) for one in found.by_said],
        "drift": _drift(current, names) if current else None,
        "form": form,
        "may_manage": _may_manage(request),
    }
    return render(request, "understand/reader.html", told, status=422 if wrong else 200)


def _row(name: Any, one: reader.Share, mark: float | None = None) -> Row:
    return Row(name, one.judged, one.right, one.share if one.judged >= FEW else None, mark)


def _tenth(step: int) -> str:
    return _("%(from)s–%(to)s per cent") % {"from": step * 10, "to": step * 10 + 10}


def _language(code: str) -> str:
    return {
        "kk": _("Kazakh"),
        "ru": _("Russian"),
        "en": _("English"),
        "mixed": _("Several languages at once"),
        "unknown": _("Language not known"),
    }.get(code, code)


def _names(target: Target) -> dict[str, str]:
    """What a reader of this target tells, by code, in the reader's language."""
    place = house()
    if target == Target.OFFICE:
        return {office.code: str(office.name) for office in place.offices.values()}
    return {topic.code: str(topic.name) for topic in place.topics.values()}


def _learned(one: reader.Reader, names: Mapping[str, str], seen: reader.Share | None) -> Learned:
    """An older reader may have no card: then only its name, its day and its number of texts are known."""
    card = one.card
    held = card.get("held_back") or {}
    by_language = held.get("by_language") or {}
    spoken = _most_first((card.get("languages") or {}).items())
    span = card.get("span")
    recall = held.get("recall") or {}
    return Learned(
        reader=one,
        held=held,
        by_time=held.get("by") == "time",
        languages=[
            (_language(code), texts, (by_language.get(code) or {}).get("accuracy") if texts >= FEW else None)
            for code, texts in spoken
        ],
        codes=[
            (names.get(code, code), texts, recall.get(code) if texts >= FEW else None)
            for code, texts in _most_first((card.get("topics") or {}).items())
        ],
        little=sorted(names.get(code, code) for code in {*card.get("knows_too_little", ()), *card.get("left_out", ())}),
        span=(date.fromisoformat(span[0]), date.fromisoformat(span[1])) if span else None,
        threshold=in_force.threshold(card),
        is_own=bool(card.get("sure")),
        fitted=in_force.fitted(card),
        covered=None if card.get("starter") else (held.get("covered") or {}).get(in_force.SURE_PRECISION),
        alone=bool(card.get("alone")),
        alone_from=in_force.alone_from({**card, "alone": True}),
        seen=_row("", seen) if seen else None,
    )


def _most_first(counts: Iterable[tuple[str, int]]) -> list[tuple[str, int]]:
    return sorted(counts, key=lambda item: (-item[1], item[0]))


@dataclass(frozen=True, slots=True)
class Drifted:
    """Do the newest appeals still look like those the reader learned from?"""

    measured_at: datetime
    texts: int
    least: int
    span: tuple[date, date] | None
    state: str
    """few, same, changed, much or unreadable."""
    unseen_now: float
    unseen_then: float
    sureness: float
    index: float
    moved: list[tuple[str, float, float]]
    why: str


def _drift(current: Learned, names: Mapping[str, str]) -> Drifted | None:
    told = current.reader.card.get("drift")
    if not told:
        return None
    index = float(told.get("topics", 0.0))
    if "unreadable" in told:
        state = "unreadable"
    elif "topics" not in told:
        state = "few"
    else:
        state = "much" if index >= MUCH else "changed" if index >= CHANGED else "same"
    then = float(current.held.get("unseen", 0.0))
    span = told.get("span")
    return Drifted(
        measured_at=datetime.fromisoformat(told["measured_at"]),
        texts=told["texts"],
        least=actions.DRIFT_LEAST,
        span=(date.fromisoformat(span[0]), date.fromisoformat(span[1])) if span else None,
        state=state,
        unseen_now=then + float(told.get("unseen", 0.0)),
        unseen_then=then,
        sureness=float(told.get("sureness", 0.0)),
        index=index,
        moved=[(names.get(code, code), was, now) for code, was, now in told.get("moved", ())],
        why=str(told.get("unreadable", "")),
    )

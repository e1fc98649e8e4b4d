"""The administrator's pages: offices and their people, the calendar, the topics. Nobody else sees them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import wraps

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from dauys.institution import actions, forms, reach, rights
from dauys.institution.actions.ground import MANAGE
from dauys.institution.calendar import MOVED_DAY_OFF, WORKED_DAY_OFF, holiday_name, unchecked_years
from dauys.institution.models import Office, Role, User
from dauys.institution.names import readers_language
from dauys.institution.queries import Bureau, House, house, officers_of
from dauys.institution.staff import Held, held_at

View = Callable[..., HttpResponse]


def for_administrators(view: View) -> View:
    """Led to sign in, or refused, before the view looks at anything."""

    @login_required
    @wraps(view)
    def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        rights.require(request.user, MANAGE)
        return view(request, *args, **kwargs)

    return guarded


def sentence(failure: actions.Failure) -> str:
    """A failure as the administrator reads it, with what to do next."""
    if isinstance(failure, actions.AlreadyThere):
        return _("“%(code)s” is here already. Appoint this person, or choose another code.") % {"code": failure.code}
    if isinstance(failure, actions.NoSuch) and failure.kind == "person":
        return _("Nobody here has the address %(email)s. Add them as a new person.") % {"email": failure.code}
    if isinstance(failure, actions.NoSuch):
        return _("“%(code)s” is no longer here. Look at the page again.") % {"code": failure.code}
    if isinstance(failure, actions.StillOwes):
        return ngettext(
            "This person holds %(count)d open appeal. Hand it over to a colleague first, then end the role.",
            "This person holds %(count)d open appeals. Hand them over to a colleague first, then end the role.",
            failure.count,
        ) % {"count": failure.count}
    if isinstance(failure, actions.InUse):
        return _("%(by)s still depends on it.") % {"by": failure.by}
    return {
        actions.NoName: _("Give the name in at least one language."),
        actions.WrongParent: _("A part cannot have parts of its own."),
        actions.LastAdministrator: _("Nobody else could manage the institution. Appoint another administrator first."),
    }[type(failure)]


@dataclass(frozen=True, slots=True)
class Line:
    """One office of the tree with its people; `mine` says whether this administrator may change it."""

    office: Bureau
    kind: str
    people: list[tuple[str, str]]
    answers_for: int
    mine: bool


@for_administrators
@require_safe
def manage(request: HttpRequest) -> HttpResponse:
    """Every office in its place, with who works there."""
    place = house()
    mine = rights.offices_for(request.user, MANAGE)
    people: dict[int, list[tuple[str, str]]] = {}
    appointed = officers_of(frozenset(place.offices))
    for _user, name, office, role in appointed:
        people.setdefault(office, []).append((name, str(Role(role).label)))
    answers_for: dict[int, int] = {}
    for office, *_rest in place.competences:
        answers_for[office] = answers_for.get(office, 0) + 1
    told = {
        "view": "offices",
        "lines": [
            Line(bureau, str(Office.Kind(bureau.kind).label), people.get(bureau.id, []),
                 answers_for.get(bureau.id, 0), bureau.id in mine)
            for bureau in in_order(place)
        ],
        "working": len({user for user, *_rest in appointed}),
        "areas": len(place.areas),
        "districts": len(place.districts),
        "topics": sum(topic.is_open for topic in place.topics.values()),
    }  # fmt: skip
    return render(request, "institution/manage.html", told)


def in_order(place: House) -> list[Bureau]:
    """Offices as a tree is read: each followed by those under it."""
    below: dict[int | None, list[Bureau]] = {}
    for bureau in place.offices.values():
        parent = bureau.parent_id if bureau.parent_id in place.offices else None
        below.setdefault(parent, []).append(bureau)

    def walk(parent: int | None) -> list[Bureau]:
        return [each for bureau in below.get(parent, []) for each in (bureau, *walk(bureau.id))]

    return walk(None)


@for_administrators
@require_safe
def office(request: HttpRequest, code: str) -> HttpResponse:
    """One office: its people, matters, hours and calendar of deadlines."""
    return _office(request, code)


@for_administrators
@require_POST
def appoint(request: HttpRequest, code: str) -> HttpResponse:
    """Give a role to somebody who is here already."""
    form = forms.AppointForm(request.POST, prefix="old")
    if form.is_valid():
        try:
            actions.appoint(**form.cleaned_data, office=code, officer=_officer(request), now=timezone.now())
        except actions.Failure as failure:
            form.add_error(None, sentence(failure))
        else:
            messages.success(request, _("%(email)s is appointed.") % {"email": form.cleaned_data["email"]})
            return redirect("institution:office", code)
    return _office(request, code, appoint_form=form, status=422)


@for_administrators
@require_POST
def add_person(request: HttpRequest, code: str) -> HttpResponse:
    """A new person at this office. The answer to this POST is the one page that ever shows their password."""
    form = forms.PersonForm(request.POST, prefix="new")
    if form.is_valid():
        data, officer, now = form.cleaned_data, _officer(request), timezone.now()
        rights.require(officer, MANAGE, [_bureau(code).id])
        try:
            with transaction.atomic():  # a person without an appointment would be hard to find again
                person = actions.add_person(
                    name=data["name"],
                    email=data["email"],
                    language=data["language"],
                    officer=officer,
                    now=now,
                )
                actions.appoint(email=person.email, office=code, role=data["role"], officer=officer, now=now)
                made = actions.new_password(person=person, officer=officer, now=now)
        except actions.Failure as failure:
            form.add_error("email", sentence(failure))
        else:
            return _show_password(request, person, made, code)
    return _office(request, code, person_form=form, status=422)


@for_administrators
@require_POST
def password(request: HttpRequest, person_id: int) -> HttpResponse:
    """A new password for somebody who lost theirs, shown once."""
    person = get_object_or_404(User, pk=person_id)
    made = actions.new_password(person=person, officer=_officer(request), now=timezone.now())
    return _show_password(request, person, made, request.POST.get("office", ""))


@for_administrators
@require_POST
def end(request: HttpRequest, appointment_id: int) -> HttpResponse:
    """End a role; refused while its holder owes answers nobody else was given."""
    try:
        ended = actions.end_appointment(appointment_id=appointment_id, officer=_officer(request), now=timezone.now())
    except actions.NoSuch as failure:
        raise Http404 from failure
    except (actions.LastAdministrator, actions.StillOwes) as failure:
        messages.error(request, sentence(failure))
        return redirect("institution:manage")
    messages.success(request, _("The appointment has ended."))
    return redirect("institution:office", ended.office.code)


@for_administrators
@require_http_methods(["GET", "HEAD", "POST"])
def days(request: HttpRequest) -> HttpResponse:
    """The days that depart from the usual calendar. A new one is shown with its effect before it is set."""
    place = house()
    today = place.today(timezone.now())
    effect = None
    form = forms.DayForm(place=place, today=today, initial=_day_asked(request, place))
    if request.method == "POST":
        form = forms.DayForm(request.POST, place=place, today=today)
        if form.is_valid():
            plans = form.plans()
            plan = plans[0]
            if "set" in request.POST:
                actions.set_days(days=plans, officer=_officer(request), now=timezone.now())
                messages.success(request, _("The calendar is changed, and the change is entered in the public ledger."))
                return redirect("institution:days")
            effect = {
                "day": plan.day,
                "works": plan.works,
                "changes": any(place.calendar(one.day.year).is_working(one.day) != one.works for one in plans),
                "instead": plans[1].day if len(plans) > 1 else None,
                "promises": reach.promises_from(min(one.day for one in plans)),
            }
    country, language = place.institution.country, readers_language()
    rows = [
        (
            each,
            holiday_name(country, each.name or (WORKED_DAY_OFF if each.works else MOVED_DAY_OFF), language),
        )
        for each in sorted(place.overrides, key=lambda each: each.day, reverse=True)
    ]
    told = {
        "view": "days",
        "form": form,
        "effect": effect,
        "rows": rows,
        "unconfirmed": forms.awaited_days(place, today),
        "unchecked": unchecked_years(country, range(today.year, today.year + 2)),
    }
    return render(request, "institution/days.html", told, status=422 if form.errors else 200)


@for_administrators
@require_POST
def remove_day(request: HttpRequest, day: str) -> HttpResponse:
    """Let a day be again what the usual calendar says."""
    try:
        actions.remove_day(day=date.fromisoformat(day), officer=_officer(request), now=timezone.now())
    except (ValueError, actions.NoSuch) as failure:
        raise Http404 from failure
    messages.success(request, _("The day is again what the usual calendar says."))
    return redirect("institution:days")


@for_administrators
@require_http_methods(["GET", "HEAD", "POST"])
def topics(request: HttpRequest) -> HttpResponse:
    """Every topic with its parts, and a form for one more."""
    place = house()
    form = forms.NewTopicForm(request.POST or None, place=place)
    if request.method == "POST" and form.is_valid():
        try:
            actions.add_topic(topic=form.topic(), officer=_officer(request), now=timezone.now())
        except actions.Failure as failure:
            form.add_error("code" if isinstance(failure, actions.AlreadyThere) else None, sentence(failure))
        else:
            messages.success(request, _("The topic is added."))
            return redirect("institution:topics")
    told = {
        "view": "topics",
        "form": form,
        "groups": place.topic_groups,
        "open": sum(topic.is_open for topic in place.topics.values()),
    }
    return render(request, "institution/topics.html", told, status=422 if form.errors else 200)


@for_administrators
@require_http_methods(["GET", "HEAD", "POST"])
def topic(request: HttpRequest, code: str) -> HttpResponse:
    """One topic's words in the three languages."""
    found = house().topic_by_code.get(code)
    if found is None:
        raise Http404
    names = {language: getattr(found.name, language) for language in ("kk", "ru", "en")}
    form = forms.TopicForm(request.POST or None, initial=names)
    if request.method == "POST" and form.is_valid():
        actions.rename_topic(code=code, name=form.names(), officer=_officer(request), now=timezone.now())
        messages.success(request, _("The topic is renamed, on every page and at once."))
        return redirect("institution:topics")
    told = {"view": "topics", "topic": found, "form": form}
    return render(request, "institution/topic.html", told, status=422 if form.errors else 200)


@for_administrators
@require_POST
def offer(request: HttpRequest, code: str) -> HttpResponse:
    """Open a topic for new appeals, or close it."""
    change = actions.open_topic if "open" in request.POST else actions.close_topic
    try:
        change(code=code, officer=_officer(request), now=timezone.now())
    except actions.NoSuch as failure:
        raise Http404 from failure
    return redirect("institution:topics")


def _office(
    request: HttpRequest,
    code: str,
    *,
    appoint_form: forms.AppointForm | None = None,
    person_form: forms.PersonForm | None = None,
    status: int = 200,
) -> HttpResponse:
    bureau, place, officer = _bureau(code), house(), _officer(request)
    matters = [
        (place.areas[area].name if area else None, place.topics[topic].name if topic else None, acts, clock)
        for at, area, topic, acts, clock in place.competences
        if at == bureau.id
    ]
    held: list[Held] = held_at(bureau.id)
    told = {
        "view": "offices",
        "office": bureau,
        "kind": str(Office.Kind(bureau.kind).label),
        "above": place.above(bureau.id),
        "area": place.areas[bureau.area_id].name if bureau.area_id else None,
        "hours": bureau.hours.get(readers_language(), ""),
        "matters": matters,
        "held": held,
        "mine": rights.may(officer, MANAGE, [bureau.id]),
        "appoint_form": appoint_form or forms.AppointForm(prefix="old"),
        "person_form": person_form or forms.PersonForm(prefix="new", initial={"language": get_language()}),
    }
    return render(request, "institution/office.html", told, status=status)


def _bureau(code: str) -> Bureau:
    found = house().office_by_code.get(code)
    if found is None:
        raise Http404
    return found


def _known(code: str) -> str:
    return code if code in house().office_by_code else ""


def _day_asked(request: HttpRequest, place: House) -> dict[str, object]:
    """The form filled with a day that stands already, or is only estimated, to confirm or correct it."""
    for each in place.overrides:
        if each.day.isoformat() == request.GET.get("day"):
            name = "" if each.name == MOVED_DAY_OFF else each.name
            return {
                "day": each.day, "works": "works" if each.works else "off", "name": name,
                "source": each.source, "checked": each.checked,
            }  # fmt: skip
    for day, _name in forms.awaited_days(place, place.today(timezone.now())):
        if day.isoformat() == request.GET.get("day"):
            return {"day": day, "works": "off", "name": place.calendar(day.year).name_of(day)}
    return {"works": "off"}


def _show_password(request: HttpRequest, person: User, made: str, office: str) -> HttpResponse:
    told = {"view": "offices", "person": person, "password": made, "office": _known(office)}
    return render(request, "institution/password.html", told)


def _officer(request: HttpRequest) -> User:
    assert isinstance(request.user, User)  # for_administrators has seen to it
    return request.user

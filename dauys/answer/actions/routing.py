"""Find an office for what has been examined, and promise a day. It may be killed anywhere and run again."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Exists, Max, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce

from dauys.answer import promises
from dauys.answer.models import Answer, Handling, Message, Outcome, Promise, Routing, State
from dauys.engines.routing import Competence, Route, Router
from dauys.hear import heard as hear
from dauys.hear.submission import TEXT_MOST, storable
from dauys.institution.queries import Bureau, House, house
from dauys.ledger import actions as ledger
from dauys.ledger.core.leaf import Kind as LeafKind
from dauys.understand import queries as understand
from dauys.understand.models import Examination
from dauys.understand.reading import SURE


@dataclass(frozen=True, slots=True)
class _Placed:
    """What was decided for one appeal, before it becomes rows."""

    heard: hear.Heard
    examined: Examination
    acting: Bureau | None
    clock: Bureau | None
    reasons: list[dict[str, Any]]
    owed: promises.Owed | None
    promised_by: Bureau | None
    answered_at: datetime | None
    """When a past appeal, taken over from old records, was answered; None while an answer is owed."""


def route_and_promise_pending(*, now: datetime, limit: int = 200) -> int:
    """Route and promise the next examined appeals, oldest first; few statements, however many they are.

    Appeals, examinations and handlings are all written in the order of appeals, each under the pen, so what
    is pending is exactly what follows the last handling. An appeal for which no office is found is not lost:
    it stands in the queue of unrouted ones with the day the law's clock ends, and is tried again once more is
    known of it.
    """
    placed = _place_next(now=now, limit=limit)
    return placed if placed >= limit else placed + reroute_pending(now=now, limit=limit - placed)


def _place_next(*, now: datetime, limit: int) -> int:
    with transaction.atomic():
        on = ledger.take_pen(house().today(now))
        last = Handling.objects.aggregate(last=Max("appeal_id"))["last"] or 0
        waiting = hear.heard_after(last, limit=limit)
        examined = understand.examinations(row.id for row in waiting)
        ready = []
        for row in waiting:
            if row.id not in examined:
                break
            ready.append(row)
        if not ready:
            return 0
        placer = _Placer(house(), now)
        placed = [placer.place(row, examined[row.id]) for row in ready]
        wrote = set(
            Message.objects.filter(
                appeal_id__gt=last, appeal_id__lte=ready[-1].id, author=Message.Author.CITIZEN
            ).values_list("appeal_id", flat=True)
        )  # fmt: skip
        Handling.objects.bulk_create(_handling(one, unread=one.heard.id in wrote) for one in placed)
        Routing.objects.bulk_create(_routing(one, now) for one in placed)
        Promise.objects.bulk_create(
            Promise(
                appeal_id=one.heard.id,
                office_id=one.promised_by.id,
                policy=one.owed.policy.id,
                registered_on=one.heard.registered_on,
                due_on=one.owed.due_on,
                made_at=now,
            )
            for one in placed
            if one.owed and one.promised_by
        )
        past = [_past_answer(one) for one in placed if one.answered_at]
        if past:
            Answer.objects.bulk_create(past)
        ledger.append_many([act for one in placed for act in _acts(one, now)], on=on)
    return len(placed)


def _past_answer(one: "_Placed") -> Answer:
    """An answer somebody gave before this ledger was kept: its words, if they came, and nobody's name."""
    labels = one.heard.labels or {}
    assert one.answered_at is not None
    assert one.promised_by is not None
    sent_on = one.answered_at.astimezone(house().zone).date()
    outcome = str(labels.get("outcome") or "")
    return Answer(
        appeal_id=one.heard.id,
        ordinal=1,
        office_id=one.promised_by.id,
        outcome=outcome if outcome in Outcome.values else "",
        text=storable(str(labels.get("answer") or ""))[:TEXT_MOST],
        due_on=one.owed.due_on if one.owed else sent_on,
        sent_at=one.answered_at,
        sent_on=sent_on,
    )


def _acts(one: "_Placed", now: datetime) -> Iterator[ledger.Act]:
    yield ledger.Act(
        verb="answer.promise",
        case=one.heard.case,
        at=now,
        detail=_detail(one),
        public=ledger.Public(
            LeafKind.ACCEPTED,
            due_on=one.owed.due_on if one.owed else None,
            code=promises.leaf_code(one.owed.policy) if one.owed else None,
        ),
    )
    if one.answered_at:
        # The ledger did not see this answer being sent: it says where it comes from and commits to no words.
        yield ledger.Act(
            verb="answer.take_over",
            case=one.heard.case,
            at=now,
            detail={"answered_at": one.answered_at.isoformat()},
            public=ledger.Public(LeafKind.ANSWERED, code="past"),
        )


def reroute_pending(*, now: datetime, limit: int = 200) -> int:
    """Try again for appeals without an office of which a person, or a better reader, has since said more."""
    with transaction.atomic():
        on = ledger.take_pen(house().today(now))
        rows = list(
            Handling.objects.select_for_update(of=("self",))
            .filter(Exists(_said_more()), state=State.UNROUTED)
            .order_by("appeal_id")[:limit]
        )
        if not rows:
            return 0
        examined = understand.examinations(row.appeal_id for row in rows)
        heard = {row.id: row for row in hear.heard_by_ids(examined)}
        placer = _Placer(house(), now)
        for row in rows:
            _place_again(row, placer.place(heard[row.appeal_id], examined[row.appeal_id]), now=now, on=on)
    return len(rows)


def _said_more() -> QuerySet[Examination]:
    """Sure examinations that say something else than the routing which failed went by."""
    return (
        Examination.objects.filter(appeal_id=OuterRef("appeal_id"), topic_confidence__gte=SURE)
        .annotate(known_area=Coalesce("area_id", 0))
        .filter(~Q(topic_id=Coalesce(OuterRef("topic_id"), 0)) | ~Q(known_area=Coalesce(OuterRef("area_id"), 0)))
    )


def _place_again(row: Handling, one: "_Placed", *, now: datetime, on: date) -> None:
    Routing.objects.bulk_create([_routing(one, now)])
    placed = _handling(one, unread=row.unread)
    due_before = row.due_on
    for name in ("state", "acting_id", "clock_id", "due_on", "topic_id", "area_id", "district_id"):
        setattr(row, name, getattr(placed, name))
    row.save()
    public = None
    if one.clock is not None and row.due_on != due_before and one.owed:
        Promise.objects.create(
            appeal_id=row.appeal_id,
            office_id=one.clock.id,
            policy=one.owed.policy.id,
            registered_on=one.heard.registered_on,
            due_on=one.owed.due_on,
            reason="routed",
            made_at=now,
        )
        public = ledger.Public(LeafKind.AMENDED, due_on=one.owed.due_on, code=promises.leaf_code(one.owed.policy))
    ledger.append_many([ledger.Act("answer.route", one.heard.case, now, detail=_detail(one), public=public)], on=on)


class _Placer:
    """Decides for one appeal after another; the competences are indexed and the days counted once."""

    def __init__(self, place: House, now: datetime) -> None:
        self._place = place
        self._now = now
        self._router = router_of(place)
        self._counter = promises.Counter(place)
        self._default = promises.default_body(place)

    def place(self, row: hear.Heard, examined: Examination) -> "_Placed":
        place = self._place
        topic = place.topics.get(examined.topic_id or 0)
        about = place.offices.get(row.about_office_id or 0)
        route = self._router.route(
            topic=topic.code if topic else None,
            topic_confidence=examined.topic_confidence,
            area_chain=tuple(area.code for area in place.area_chain(examined.area_id)),
            kind=row.kind,
            about_office=about.code if about else None,
            threshold=SURE,
        )
        labels = row.labels or {}
        known = place.office_by_code.get(str(labels.get("office") or ""))
        acting = known or place.office_by_code.get(route.acting or "")
        clock = known or place.office_by_code.get(route.clock or "")
        promised_by = clock or self._default
        reasons = [{"code": "label", "office": known.code}] if known else reasons_as_data(route)
        return _Placed(
            heard=row,
            examined=examined,
            acting=acting,
            clock=clock,
            reasons=reasons,
            owed=self._counter.owed(
                office=promised_by,
                kind=row.kind,
                registered_on=row.registered_on,
                received_on=row.received_at.astimezone(place.zone).date(),
            ),
            promised_by=promised_by,
            answered_at=_answered_at(labels, self._now) if promised_by else None,
        )


def _answered_at(labels: Mapping[str, Any], now: datetime) -> datetime | None:
    try:
        moment = datetime.fromisoformat(str(labels.get("answered_at") or ""))
    except ValueError:
        return None
    return moment if moment.tzinfo and moment <= now else None


_router: tuple[House, Router] | None = None


def router_of(place: House) -> Router:
    """The router of this picture of the house, indexed once."""
    global _router
    if _router is None or _router[0] is not place:
        offices, areas, topics = place.offices, place.areas, place.topics
        competences = [
            Competence(
                offices[office].code,
                areas[area].code if area else None,
                topics[topic].code if topic else None,
                acts,
                holds_clock,
                offices[office].depth,
            )
            for office, area, topic, acts, holds_clock in place.competences
        ]
        parents = {
            office.code: offices[office.parent_id].code
            for office in offices.values()
            if office.parent_id in offices and office.parent_id is not None
        }
        _router = (place, Router(competences, parents))
    return _router[1]


def reasons_as_data(route: Route) -> list[dict[str, Any]]:
    """Reasons as they are kept; `words.reason` turns one into a sentence."""
    kept: list[dict[str, Any]] = [{"code": reason.code, **reason.params} for reason in route.reasons]
    if route.alternatives:
        kept.append({"code": "alternatives", "offices": list(route.alternatives)})
    return kept


def _handling(one: "_Placed", *, unread: bool) -> Handling:
    row, examined = one.heard, one.examined
    # Whoever answered a past appeal is not always known; the body that owed it is.
    clock = one.clock or (one.promised_by if one.answered_at else None)
    area = house().areas.get(examined.area_id or 0)
    return Handling(
        appeal_id=row.id,
        state=State.ANSWERED if one.answered_at else State.PROMISED if clock else State.UNROUTED,
        is_open=one.answered_at is None,
        acting_id=one.acting.id if one.acting else None,
        clock_id=clock.id if clock else None,
        due_on=one.owed.due_on if one.owed else None,
        # A guess is no topic: an unsure one is shown as a finding, and counted nowhere.
        topic_id=examined.topic_id if examined.topic_confidence >= SURE else None,
        area_id=area.id if area else None,
        district_id=area.district_id if area else None,
        urgency=examined.urgency,
        received_at=row.received_at,
        unread=unread,
    )


def _routing(one: "_Placed", now: datetime) -> Routing:
    return Routing(
        appeal_id=one.heard.id,
        acting_id=one.acting.id if one.acting else None,
        clock_id=one.clock.id if one.clock else None,
        reasons=one.reasons,
        made_at=now,
    )


def _detail(one: "_Placed") -> dict[str, Any]:
    return {
        "acting": one.acting.code if one.acting else None,
        "clock": one.clock.code if one.clock else None,
        "due_on": one.owed.due_on.isoformat() if one.owed else None,
        "policy": one.owed.policy.id if one.owed else None,
        "why": [reason["code"] for reason in one.reasons],
    }

"""Which office, and by when: decided for one appeal after another, before anything is written."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from dauys.answer import promises
from dauys.answer.models import State
from dauys.engines.routing import Competence, Route, Router
from dauys.hear import heard as hear
from dauys.institution.queries import Bureau, House, house
from dauys.understand import queries as understand


@dataclass(frozen=True, slots=True)
class Way:
    """Where the rules lead: the office that acts, the one that holds the clock (both or neither), and why."""

    acting: Bureau | None
    clock: Bureau | None
    reasons: list[dict[str, Any]]

    @property
    def acting_id(self) -> int | None:
        return self.acting.id if self.acting else None

    @property
    def clock_id(self) -> int | None:
        return self.clock.id if self.clock else None


@dataclass(frozen=True, slots=True)
class Placed:
    """What was decided for one appeal, before it becomes rows."""

    heard: hear.Heard
    examined: understand.Examined
    way: Way
    owed: promises.Owed | None
    promised_by: Bureau | None
    answered_at: datetime | None
    """When a past appeal, taken over from old records, was answered; None while an answer is owed."""


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a placed appeal stands, by the names of `Handling`."""

    state: State
    is_open: bool
    acting_id: int | None
    clock_id: int | None
    due_on: date | None
    topic_id: int | None
    area_id: int | None
    district_id: int | None


def standing(one: Placed) -> Standing:
    # Whoever answered a past appeal is not always known; the body that owed it is.
    clock = one.way.clock or (one.promised_by if one.answered_at else None)
    return Standing(
        state=State.ANSWERED if one.answered_at else State.PROMISED if clock else State.UNROUTED,
        is_open=one.answered_at is None,
        acting_id=one.way.acting_id,
        clock_id=clock.id if clock else None,
        due_on=one.owed.due_on if one.owed else None,
        **subject(one.examined),
    )


def subject(examined: understand.Examined) -> dict[str, int | None]:
    """What an appeal counts as being about. A guess is no topic: an unsure one is shown as a finding, and counted
    nowhere.
    """
    area = house().areas.get(examined.area_id or 0)
    return {
        "topic_id": examined.sure_topic_id,
        "area_id": area.id if area else None,
        "district_id": area.district_id if area else None,
    }


def detail(one: Placed) -> dict[str, Any]:
    """What the ledger keeps of the decision, unpublished."""
    return {
        "acting": one.way.acting.code if one.way.acting else None,
        "clock": one.way.clock.code if one.way.clock else None,
        "due_on": one.owed.due_on.isoformat() if one.owed else None,
        "policy": one.owed.policy.id if one.owed else None,
        "why": [reason["code"] for reason in one.way.reasons],
    }


def way_of(
    place: House,
    *,
    topic_id: int | None,
    topic_confidence: float,
    area_id: int | None,
    kind: str,
    about_office_id: int | None,
    labels: Mapping[str, Any] | None,
) -> Way:
    """Where an appeal about this belongs. What the old records say of a past one stands above the rules."""
    known = place.office_by_code.get(str((labels or {}).get("office") or ""))
    if known is not None:
        return Way(known, known, [{"code": "label", "office": known.code}])
    topic = place.topics.get(topic_id or 0)
    about = place.offices.get(about_office_id or 0)
    route = _router_of(place).route(
        topic=topic.code if topic else None,
        topic_confidence=topic_confidence,
        area_chain=tuple(area.code for area in place.area_chain(area_id)),
        kind=kind,
        about_office=about.code if about else None,
        threshold=understand.sure(),
    )
    return Way(
        place.office_by_code.get(route.acting or ""),
        place.office_by_code.get(route.clock or ""),
        _reasons_as_data(route),
    )


class Placer:
    """Decides for one appeal after another; the days of a batch are counted once."""

    def __init__(self, place: House, now: datetime) -> None:
        self._place = place
        self._now = now
        self._counter = promises.Counter(place)
        self._default = promises.default_body(place)

    def place(self, row: hear.Heard, examined: understand.Examined) -> Placed:
        way = way_of(
            self._place,
            topic_id=examined.topic_id,
            topic_confidence=examined.topic_confidence,
            area_id=examined.area_id,
            kind=row.kind,
            about_office_id=row.about_office_id,
            labels=row.labels,
        )
        promised_by = way.clock or self._default
        return Placed(
            heard=row,
            examined=examined,
            way=way,
            owed=self._counter.owed(
                office=promised_by,
                kind=row.kind,
                registered_on=row.registered_on,
                received_on=row.received_at.astimezone(self._place.zone).date(),
            ),
            promised_by=promised_by,
            answered_at=_answered_at(row.labels, self._now) if promised_by else None,
        )


def _answered_at(labels: Mapping[str, Any] | None, now: datetime) -> datetime | None:
    told = (labels or {}).get("answered_at")
    if not told:
        return None
    try:
        moment = datetime.fromisoformat(str(told))
    except ValueError:
        return None
    return moment if moment.tzinfo and moment <= now else None


_router: tuple[House, Router] | None = None


def _router_of(place: House) -> Router:
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


def _reasons_as_data(route: Route) -> list[dict[str, Any]]:
    """Reasons as they are kept; `words.routing` turns them into sentences."""
    kept: list[dict[str, Any]] = [{"code": reason.code, **reason.params} for reason in route.reasons]
    if route.alternatives:
        kept.append({"code": "alternatives", "offices": list(route.alternatives)})
    return kept

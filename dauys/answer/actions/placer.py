"""Which office, and by when: decided for one appeal after another, before anything is written."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from dauys.answer import promises
from dauys.engines.routing import Competence, Route, Router
from dauys.hear import heard as hear
from dauys.institution.queries import Bureau, House
from dauys.understand import queries as understand


@dataclass(frozen=True, slots=True)
class Way:
    """Where the rules lead: the office that acts, the one that holds the clock (both or neither), and why."""

    acting: Bureau | None
    clock: Bureau | None
    reasons: list[dict[str, Any]]


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
        threshold=understand.SURE,
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

"""Which office, and by when: decided for one appeal after another, before anything is written."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from dauys.answer import promises, rulebook
from dauys.answer.actions import usual
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
    """Where an appeal stands once its way is found."""
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


@dataclass(frozen=True, slots=True)
class Matter:
    """What the rules ask of an appeal. `urgency` is a code of the reading; words are cut only where a rule asks."""

    topic_id: int | None
    topic_confidence: float
    area_id: int | None
    kind: str
    about_office_id: int | None
    labels: Mapping[str, Any] | None = None
    channel: str = ""
    urgency: str = ""
    text: str = ""
    office_id: int | None = None
    """The office that usually answers such appeals, where the reader is sure; asked only where no rule names one."""
    office_confidence: float = 0.0


def matter_of(row: hear.Heard, examined: understand.Examined) -> Matter:
    """One examined appeal as the engine of routing asks about it."""
    return Matter(
        topic_id=examined.topic_id,
        topic_confidence=examined.topic_confidence,
        area_id=examined.area_id,
        kind=row.kind,
        about_office_id=row.about_office_id,
        labels=row.labels,
        channel=row.channel,
        urgency=examined.urgency,
        text=row.text,
        office_id=examined.office_id,
        office_confidence=examined.office_confidence,
    )


class Guide:
    """A house with a book of rules, asked for one appeal after another."""

    def __init__(self, place: House, rows: Sequence[Mapping[str, Any]], *, book: int | None = None) -> None:
        """`book`: the number under which these rules are in force; None for rules that are only tried."""
        self.place, self.book = place, book
        self.router = _router(place, rows)

    def asked(self, matter: Matter) -> dict[str, Any]:
        """The matter in the router's words, all but how sure the topic is."""
        place = self.place
        topic = place.topics.get(matter.topic_id or 0)
        return {
            "topic": topic.code if topic else None,
            "area_chain": tuple(area.code for area in place.area_chain(matter.area_id)),
            "kind": matter.kind,
            "channel": matter.channel,
            "urgency": matter.urgency,
            "words": rulebook.READING.tokens(matter.text) if self.router.reads_words else (),
        }

    def route(self, matter: Matter) -> Route:
        about = self.place.offices.get(matter.about_office_id or 0)
        return self.router.route(
            **self.asked(matter),
            topic_confidence=matter.topic_confidence,
            about_office=about.code if about else None,
            threshold=understand.sure(),
        )

    def way(self, matter: Matter) -> Way:
        """Where the matter belongs. What the old records say of a past one stands above the rules; what is usual stands
        below them.
        """
        known = labelled(self.place, matter.labels)
        if known is not None:
            return Way(known, known, [{"code": "label", "office": known.code}])
        route = self.route(matter)
        reasons, about = _reasons_as_data(route, self.book), matter.about_office_id
        office = usual.usual(self.place, route, office_id=matter.office_id, about_office_id=about)
        if office is not None:
            if usual.gives_alone(matter.office_confidence, about_office_id=about):
                return Way(office, office, usual.given(office, matter.office_confidence, route))
            return Way(None, None, usual.offered(office, matter.office_confidence, reasons))
        return Way(
            self.place.office_by_code.get(route.acting or ""),
            self.place.office_by_code.get(route.clock or ""),
            reasons,
        )


def labelled(place: House, labels: Mapping[str, Any] | None) -> Bureau | None:
    """The office the old records name for a past appeal."""
    return place.office_by_code.get(str((labels or {}).get("office") or ""))


_guide: Guide | None = None


def guide_of(place: House) -> Guide:
    """The rules in force, indexed once for this picture of the house; a new book is noticed at the next question."""
    global _guide
    kept, book = _guide, rulebook.newest_id()
    if kept is None or kept.place is not place or kept.book != book:
        rows = rulebook.newest() if book else None
        _guide = kept = Guide(place, rows.rules if rows else (), book=rows.id if rows else 0)
    return kept


def way_of(place: House, matter: Matter) -> Way:
    """Where an appeal about this belongs, by the rules in force."""
    return guide_of(place).way(matter)


class Placer:
    """Decides for one appeal after another; the days of a batch are counted once."""

    def __init__(self, place: House, now: datetime) -> None:
        self._place = place
        self._now = now
        self._counter = promises.Counter(place)
        self._default = promises.default_body(place)
        self._guide = guide_of(place)

    def place(self, row: hear.Heard, examined: understand.Examined) -> Placed:
        way = self._guide.way(matter_of(row, examined))
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


def _router(place: House, rows: Sequence[Mapping[str, Any]]) -> Router:
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
    return Router(competences, parents, rules=rulebook.compiled(rows), offices=place.office_by_code.keys())


def _reasons_as_data(route: Route, book: int | None) -> list[dict[str, Any]]:
    """Reasons as they are kept; `words.routing` turns them into sentences."""
    kept: list[dict[str, Any]] = [{"code": reason.code, **reason.params} for reason in route.reasons]
    if route.rule is not None:
        kept = [{**one, "book": book} if one["code"] in ("rule_acts", "rule_holds_clock") else one for one in kept]
    if route.alternatives:
        kept.append({"code": "alternatives", "offices": list(route.alternatives)})
    return kept

"""The officer's lists: what is open, by when it is to be begun, page after page by key, and how many there are."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any, cast

from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Substr

from dauys.answer import words
from dauys.answer.actions.passings import ROUND, goes_round, paths_of
from dauys.answer.models import Handling, State, Turn
from dauys.hear.models import Channel
from dauys.institution import rights
from dauys.institution.models import User
from dauys.institution.queries import Names, house

VIEWS = ("mine", "office", "today", "late", "disputed", "unread", "round", "unrouted", "answered")
PAGE = 50
BADGE_MOST = 100
"""Badges count up to here and then say "99+": a head with a million rows pays for a hundred."""

FIRST_WORDS = 180


@dataclass(frozen=True, slots=True)
class Asked:
    """Which list, narrowed how, from where. Codes of the house, as they stand in the address."""

    view: str = "mine"
    topic: str = ""
    district: str = ""
    office: str = ""
    officer: int | None = None
    number: str = ""
    after: str = ""
    before: str = ""

    @property
    def is_narrowed(self) -> bool:
        return bool(self.topic or self.district or self.office or self.officer or self.number)


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a list."""

    appeal_id: int
    number: str
    first_words: str
    language: str
    kind: str
    channel: str
    place: str
    topic: Names | None
    area: Names | None
    acting: Names | None
    officer_id: int | None
    officer: str
    state: str
    due_on: date | None
    urgency: str
    unread: bool
    received_at: datetime
    is_open: bool
    begin_by: date | None = None
    why_first: tuple[str, ...] = ()
    """Why it stands before what is due on the same day, in sentences; empty where the day of the law alone decides."""
    hand_overs: int = 0
    goes_round: bool = False

    @property
    def channel_words(self) -> str:
        return str(Channel(self.channel).label)


@dataclass(frozen=True, slots=True)
class Shown:
    """A page of a list; `earlier` and `later` are keys of the pages beside it, empty at the ends."""

    rows: Sequence[Row]
    earlier: str = ""
    later: str = ""
    counts: Mapping[str, int] = field(default_factory=dict)


def visible(user: User | AnonymousUser) -> Q | None:
    """Which appeals a person may read; None for a stranger. Q() means all of them."""
    place = house()
    offices = rights.offices_for(user, "hear.read")
    routes = rights.may(user, "answer.route")
    if not offices:
        return None
    if offices >= place.offices.keys():
        # Nothing is left out: the lists may walk the index by due day without asking each row.
        return Q() if routes else ~Q(state=State.UNROUTED)
    seen = Q(acting__in=offices) | Q(clock__in=offices)
    return seen | Q(state=State.UNROUTED) if routes else seen


def may_see(user: User | AnonymousUser, handling: Handling) -> bool:
    """The same rule for one row in hand."""
    if handling.state == State.UNROUTED:
        return rights.may(user, "answer.route") and rights.may(user, "hear.read")
    return rights.may(user, "hear.read", [handling.acting_id, handling.clock_id])


def readable(user: User | AnonymousUser, appeal_ids: Collection[int]) -> set[int]:
    """Those of these appeals that the person may read. One the worker has not reached yet is without an office."""
    seen = visible(user)
    if seen is None:
        return set()
    rows = Handling.objects.filter(appeal_id__in=appeal_ids)
    known = set(rows.filter(seen).values_list("appeal_id", flat=True))
    if rights.may(user, "answer.route"):
        known |= set(appeal_ids) - set(rows.values_list("appeal_id", flat=True))
    return known


def views_for(user: User | AnonymousUser) -> tuple[str, ...]:
    """The lists this person has: one who works on nothing has no list of their own."""
    hidden = set()
    if not rights.may(user, "answer.take"):
        hidden.add("mine")
    if not rights.may(user, "answer.route"):
        hidden.add("unrouted")
    if not rights.may(user, "answer.pass_again"):
        hidden.add("round")
    return tuple(view for view in VIEWS if view not in hidden)


def desk(user: User, asked: Asked, *, today: date, limit: int = PAGE) -> Shown:
    """One page of a list: what is to be begun first, those without a day last; answered ones newest first. At most
    three statements.
    """
    seen = visible(user)
    if seen is None:
        return Shown(())
    rows = _narrowed(_of_view(user, asked.view if not asked.number else "any", seen, today=today), asked)
    if asked.view == "answered" or asked.number:
        return _by_id(rows, asked, limit)
    return _by_begin(rows, asked, limit)


def first_ids(user: User, asked: Asked, *, today: date, limit: int = PAGE) -> list[int]:
    """The appeals on the first page of a list, without anything about them; one statement, two at the end of a list."""
    seen = visible(user)
    if seen is None:
        return []
    rows = _narrowed(_of_view(user, asked.view, seen, today=today), asked)
    if asked.view == "answered":
        return list(rows.order_by("-appeal_id").values_list("appeal_id", flat=True)[:limit])
    dated = rows.filter(begin_by__isnull=False).order_by("begin_by", "appeal_id")
    found = list(dated.values_list("appeal_id", flat=True)[:limit])
    if len(found) < limit:
        undated = rows.filter(begin_by=None).order_by("appeal_id")
        found += undated.values_list("appeal_id", flat=True)[: limit - len(found)]
    return found


def next_of(user: User, asked: Asked, handling: Handling, *, today: date, but: Collection[int] = ()) -> str:
    """The number of the appeal that follows this one in a list, or of the list's first; empty where there is no other.

    `but`: appeals that are on their way out of it. One statement.
    """
    seen = visible(user)
    if seen is None or asked.view == "answered":
        return ""
    rows = _narrowed(_of_view(user, asked.view, seen, today=today), asked)
    rows = rows.exclude(appeal_id__in=[handling.appeal_id, *but])
    later = rows.filter(begin_by=None, appeal_id__gt=handling.appeal_id)
    if handling.begin_by is not None:
        later = _after(rows.filter(begin_by__isnull=False), handling.begin_by, handling.appeal_id)
    firsts = (later, rows.filter(begin_by__isnull=False), rows.filter(begin_by=None))
    found = _each_of(part.order_by("begin_by", "appeal_id").values("appeal__number")[:1] for part in firsts)
    return next((str(number) for number in found if number), "")


def badges(user: User, *, today: date) -> dict[str, int]:
    """How many stand in each list, counted up to BADGE_MOST, in one statement."""
    seen = visible(user)
    if seen is None:
        return {}
    views = [view for view in views_for(user) if view != "answered"]
    lists = (_of_view(user, view, seen, today=today).order_by().values("appeal_id")[:BADGE_MOST] for view in views)
    return dict(zip(views, _each_of(lists, "(SELECT count(*) FROM ({}) counted)"), strict=True))


def _each_of(asked: Iterable[QuerySet[Handling, Any]], shape: str = "({})") -> Sequence[Any]:
    """One value for each of these queries, in one statement."""
    parts, params = [], []
    for rows in asked:
        try:
            sql, given = rows.query.get_compiler(connection=connection).as_sql()
        except EmptyResultSet:
            sql, given = "SELECT NULL WHERE 1 = 0", ()
        parts.append(shape.format(sql))
        params += given
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(parts)}", params)  # composed by the ORM; every value is a parameter
        return cast(Sequence[Any], cursor.fetchone())


def _of_view(user: User, view: str, seen: Q, *, today: date) -> QuerySet[Handling]:
    rows = Handling.objects.filter(seen)
    if view == "any":
        return rows
    if view == "answered":
        return rows.filter(is_open=False)
    rows = rows.filter(is_open=True)
    if view == "mine":
        return rows.filter(officer=user)
    if view == "today":
        return rows.filter(due_on=today)
    if view == "late":
        return rows.filter(due_on__lt=today)
    if view == "disputed":
        return rows.filter(state=State.DISPUTED)
    if view == "unread":
        return rows.filter(unread=True)
    if view == "round":
        return rows.filter(hand_overs__gte=ROUND)
    if view == "unrouted":
        return rows.filter(state=State.UNROUTED)
    return rows


def _narrowed(rows: QuerySet[Handling], asked: Asked) -> QuerySet[Handling]:
    """Unknown codes find nothing: a mistyped address must not look like an unfiltered list."""
    place = house()
    if asked.topic:
        topic = place.topic_by_code.get(asked.topic)
        rows = rows.filter(topic__in=place.with_parts(topic) if topic else [])
    if asked.district:
        area = place.area_by_code.get(asked.district)
        if area is None:
            return rows.none()
        rows = rows.filter(district=area.id) if area.district_id == area.id else rows.filter(area=area.id)
    if asked.office:
        office = place.office_by_code.get(asked.office)
        rows = rows.filter(acting=office.id) if office else rows.none()
    if asked.officer:
        rows = rows.filter(officer=asked.officer)
    if asked.number:
        # A range, not LIKE: the unique index of numbers serves it on every database.
        rows = rows.filter(appeal__number__gte=asked.number, appeal__number__lt=asked.number + "\uffff")
    return rows


def _after(rows: QuerySet[Handling], begin_by: date, last: int) -> QuerySet[Handling]:
    # The second condition says nothing new, but lets the index begin at the day.
    return rows.filter(Q(begin_by__gt=begin_by) | Q(begin_by=begin_by, appeal_id__gt=last), begin_by__gte=begin_by)


def _by_begin(rows: QuerySet[Handling], asked: Asked, limit: int) -> Shown:
    """Forward from `after` or backward from `before`; a key is `begin.id`, `-` standing for no day."""
    backward = not asked.after and _key(asked.before) is not None
    key = _key(asked.before if backward else asked.after)
    dated = rows.filter(begin_by__isnull=False)
    undated = rows.filter(begin_by=None)
    found: list[Row] = []
    if backward and key is not None:
        begin_by, last = key
        if begin_by is None:
            found = _rows(undated.filter(appeal_id__lt=last).order_by("-appeal_id")[: limit + 1])
        else:
            dated = dated.filter(
                Q(begin_by__lt=begin_by) | Q(begin_by=begin_by, appeal_id__lt=last), begin_by__lte=begin_by
            )
        if len(found) <= limit:
            found += _rows(dated.order_by("-begin_by", "-appeal_id")[: limit + 1 - len(found)])
        more, found = len(found) > limit, found[:limit][::-1]
        return Shown(found, earlier=_at(found[0]) if more else "", later=_at(found[-1]) if found else "")
    if key is not None:
        begin_by, last = key
        if begin_by is None:
            dated, undated = dated.none(), undated.filter(appeal_id__gt=last)
        else:
            dated = _after(dated, begin_by, last)
    found = _rows(dated.order_by("begin_by", "appeal_id")[: limit + 1])
    if len(found) <= limit:
        found += _rows(undated.order_by("appeal_id")[: limit + 1 - len(found)])
    more, found = len(found) > limit, found[:limit]
    return Shown(found, earlier=_at(found[0]) if key and found else "", later=_at(found[-1]) if more else "")


def _by_id(rows: QuerySet[Handling], asked: Asked, limit: int) -> Shown:
    """Newest first, by the appeal's own number in the tables."""
    backward = not asked.after and _key(asked.before) is not None
    key = _key(asked.before if backward else asked.after)
    if key is not None:
        rows = rows.filter(appeal_id__gt=key[1]) if backward else rows.filter(appeal_id__lt=key[1])
    found = _rows(rows.order_by("appeal_id" if backward else "-appeal_id")[: limit + 1])
    more, found = len(found) > limit, found[:limit]
    if backward:
        found.reverse()
        return Shown(found, earlier=_at(found[0]) if more else "", later=_at(found[-1]) if found else "")
    return Shown(found, earlier=_at(found[0]) if key and found else "", later=_at(found[-1]) if more else "")


def _key(written: str) -> tuple[date | None, int] | None:
    day, dot, last = written.rpartition(".")
    try:
        key = (None if day == "-" else date.fromisoformat(day), int(last)) if dot else None
    except ValueError:
        return None
    return key if key and 0 <= key[1] < 2**63 else None


def _at(row: Row) -> str:
    return f"{row.begin_by.isoformat() if row.begin_by else '-'}.{row.appeal_id}"


_FIELDS = (
    "appeal_id", "appeal__number", "start", "appeal__language", "appeal__kind", "appeal__channel",
    "appeal__place",
    "topic_id", "area_id", "acting_id", "officer_id", "officer__name", "state", "due_on", "urgency", "unread",
    "received_at", "is_open", "begin_by", "why_first", "hand_overs",
)  # fmt: skip


def _rows(rows: QuerySet[Handling]) -> list[Row]:
    place = house()
    shown = []
    turn = Turn.objects.filter(appeal_id=OuterRef("appeal_id")).values("reasons")[:1]
    told = rows.annotate(start=Substr("appeal__text", 1, FIRST_WORDS * 2), why_first=Subquery(turn))
    for values in told.values_list(*_FIELDS):
        (appeal_id, number, start, language, kind, channel, spoken, topic, area, acting, officer_id, officer,
         state, due_on, urgency, unread, received_at, is_open, begin_by, why_first, hand_overs) = values  # fmt: skip
        known_topic, known_area, office = (
            place.topics.get(topic),
            place.areas.get(area),
            place.offices.get(acting),
        )
        shown.append(
            Row(
                appeal_id, number, _first_words(start), language, kind, channel, spoken,
                known_topic.name if known_topic else None,
                known_area.name if known_area else None,
                office.name if office else None,
                officer_id, officer or "", state, due_on, urgency, unread, received_at, is_open,
                begin_by, words.first(why_first or ()) if is_open else (), hand_overs,
            )
        )  # fmt: skip
    passed = [row.appeal_id for row in shown if row.hand_overs >= ROUND]
    paths = paths_of(passed) if passed else {}
    return [replace(row, goes_round=True) if goes_round(paths.get(row.appeal_id, ())) else row for row in shown]


def _first_words(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= FIRST_WORDS else line[: FIRST_WORDS - 1].rsplit(" ", 1)[0] + "…"

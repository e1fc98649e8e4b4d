"""The books of rules, and a trial of a new one on past appeals before it is saved."""

import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import OuterRef, Subquery

from dauys.answer import rulebook
from dauys.answer.actions.placer import Guide, Matter, guide_of, labelled, matter_of
from dauys.answer.models import Handling, Routing, RuleBook
from dauys.answer.queries.desk import readable
from dauys.engines.routing import Route
from dauys.hear import heard as hear
from dauys.institution.models import User
from dauys.institution.queries import House, Names, house
from dauys.understand import masking
from dauys.understand import queries as understand

TRY_MOST = 5_000
"""Past appeals a trial looks at, newest first."""
TRY_SECONDS = 4.0
TRY_AT_ONCE = 500
MOVES_MOST = 12
SAMPLES_MOST = 12
SAMPLE_LETTERS = 110
BOOKS_MOST = 20


@dataclass(frozen=True, slots=True)
class Move:
    """So many past appeals would go from these offices to those; no office: they would wait for a person."""

    acting_from: Names | None
    clock_from: Names | None
    acting_to: Names | None
    clock_to: Names | None
    count: int


@dataclass(frozen=True, slots=True)
class Sample:
    """One appeal that would move: its first words with all personal data hidden; its number for who may read it."""

    number: str
    language: str
    first_words: str
    acting_from: Names | None
    acting_to: Names | None
    rule: int | None


@dataclass(frozen=True, slots=True)
class Trial:
    """What a book of rules would have done with past appeals, beside the rules in force.

    `tried` is the denominator: the newest appeals up to a number and a time, those of old records with an office of
    their own left out. `by_hand` of them a person gave to their office; `agree_now` and `agree_then` of these the rules
    in force and the new ones would have sent there too. `decides` counts by number of the rule.
    """

    tried: int
    moved: int
    found: int
    """Without an office now, with one then."""
    lost: int
    first_on: date | None
    last_on: date | None
    by_hand: int
    agree_now: int
    agree_then: int
    is_cut_short: bool
    moves: Sequence[Move] = ()
    moved_otherwise: int = 0
    """Those of the moved whose way is too rare to be listed."""
    samples: Sequence[Sample] = ()
    decides: Mapping[int, int] = field(default_factory=dict)

    def as_data(self) -> dict[str, Any]:
        """The figures as the book keeps them; no word of an appeal."""
        return {
            "tried": self.tried,
            "moved": self.moved,
            "found": self.found,
            "lost": self.lost,
            "first_on": self.first_on.isoformat() if self.first_on else None,
            "last_on": self.last_on.isoformat() if self.last_on else None,
            "by_hand": self.by_hand,
            "agree_now": self.agree_now,
            "agree_then": self.agree_then,
        }


@dataclass(frozen=True, slots=True)
class Book:
    """A saved book; the newest is in force."""

    id: int
    rules: int
    officer: str
    made_at: Any
    tried: Mapping[str, Any] | None


def books(limit: int = BOOKS_MOST) -> list[Book]:
    """Saved books, newest first; one statement."""
    rows = RuleBook.objects.select_related("officer").order_by("-id")[:limit]
    return [Book(row.id, len(row.rules), str(row.officer or ""), row.made_at, row.tried) for row in rows]


def try_rules(
    rows: Sequence[Mapping[str, Any]], user: User, *, most: int = TRY_MOST, seconds: float = TRY_SECONDS
) -> Trial:
    """Ask these rules and those in force about the newest past appeals; a few statements for every five hundred."""
    place = house()
    now_guide, then_guide = guide_of(place), Guide(place, rows)
    tally = _Tally(place)
    before, until = None, time.monotonic() + seconds
    is_cut_short = False
    while tally.tried < most:
        handlings = _placed(before, min(TRY_AT_ONCE, most - tally.tried))
        if not handlings:
            break
        before = handlings[-1][0]
        examined = understand.examined(appeal for appeal, *_rest in handlings)
        heard = {row.id: row for row in hear.heard_by_ids(examined)}
        for appeal, acting, chosen_by in handlings:
            row = heard.get(appeal)
            if row is None or labelled(place, row.labels):
                continue
            matter = matter_of(row, examined[appeal])
            tally.add(row, now_guide.route(matter), then_guide.route(matter), acting if chosen_by else None)
        if time.monotonic() > until:
            is_cut_short = tally.tried < most and bool(_placed(before, 1))
            break
    return tally.trial(user, is_cut_short=is_cut_short)


def _placed(before: int | None, limit: int) -> list[tuple[int, int | None, int | None]]:
    """(appeal, acting office, who chose it by hand), newest first."""
    chosen_by = Routing.objects.filter(appeal_id=OuterRef("appeal_id")).order_by("-id").values("officer_id")[:1]
    rows = Handling.objects.annotate(chosen_by=Subquery(chosen_by)).order_by("-appeal_id")
    if before is not None:
        rows = rows.filter(appeal_id__lt=before)
    return list(rows.values_list("appeal_id", "acting_id", "chosen_by")[:limit])


class _Tally:
    """Counts as a trial goes along; of the texts only those of the samples are kept."""

    def __init__(self, place: House) -> None:
        self._place = place
        self.tried = 0
        self._found = self._lost = self._by_hand = self._agree_now = self._agree_then = 0
        self._moves: Counter[tuple[str | None, str | None, str | None, str | None]] = Counter()
        self._decides: Counter[int] = Counter()
        self._samples: list[tuple[hear.Heard, Route, Route]] = []
        self._of_move: Counter[tuple[str | None, str | None]] = Counter()
        self._days: list[date] = []

    def add(self, row: hear.Heard, now: Route, then: Route, chosen: int | None) -> None:
        self.tried += 1
        self._days = [min([*self._days, row.registered_on]), max([*self._days, row.registered_on])]
        if then.rule is not None:
            self._decides[then.rule] += 1
        if chosen is not None:
            office = self._place.offices.get(chosen)
            self._by_hand += 1
            self._agree_now += office is not None and now.acting == office.code
            self._agree_then += office is not None and then.acting == office.code
        if (now.acting, now.clock) == (then.acting, then.clock):
            return
        self._found += now.acting is None
        self._lost += then.acting is None
        self._moves[now.acting, now.clock, then.acting, then.clock] += 1
        way = (now.acting, then.acting)
        # Of each way a few: a sample of the commonest alone would hide the surprising ones.
        if self._of_move[way] < 2 and len(self._samples) < SAMPLES_MOST:
            self._of_move[way] += 1
            self._samples.append((row, now, then))

    def trial(self, user: User, *, is_cut_short: bool) -> Trial:
        ways = sorted(self._moves.items(), key=lambda one: (-one[1], str(one[0])))
        open_to = readable(user, [row.id for row, *_rest in self._samples])
        return Trial(
            tried=self.tried,
            moved=sum(self._moves.values()),
            found=self._found,
            lost=self._lost,
            first_on=self._days[0] if self._days else None,
            last_on=self._days[-1] if self._days else None,
            by_hand=self._by_hand,
            agree_now=self._agree_now,
            agree_then=self._agree_then,
            is_cut_short=is_cut_short,
            moves=[
                Move(self._name(way[0]), self._name(way[1]), self._name(way[2]), self._name(way[3]), count)
                for way, count in ways[:MOVES_MOST]
            ],
            moved_otherwise=sum(count for _way, count in ways[MOVES_MOST:]),
            samples=[
                Sample(
                    row.number if row.id in open_to else "",
                    row.language,
                    " ".join(masking.for_public(row.text, most=SAMPLE_LETTERS).split()),
                    self._name(now.acting),
                    self._name(then.acting),
                    then.rule,
                )
                for row, now, then in self._samples
            ],
            decides=dict(self._decides),
        )

    def _name(self, code: str | None) -> Names | None:
        office = self._place.office_by_code.get(code or "")
        return office.name if office else None


@dataclass(frozen=True, slots=True)
class Waiting:
    """An appeal without an office, as a new rule may begin from it: what is known of it, its words masked."""

    number: str
    language: str
    words: str
    row: Mapping[str, Any]


def rule_from(user: User, number: str) -> Waiting | None:
    """The beginning of a rule that would have decided an appeal; None where there is none, or not for this reader."""
    heard = hear.heard_by_number(number)
    if heard is None or heard.id not in readable(user, [heard.id]):
        return None
    place = house()
    examined = understand.examined([heard.id]).get(heard.id)
    topic = place.topics.get((examined.sure_topic_id if examined else 0) or 0)
    area = place.areas.get((examined.area_id if examined else 0) or 0)
    district = place.areas.get((area.district_id if area else 0) or 0) or area
    row = rulebook.row_of(
        {"topics": [topic.code] if topic else [], "areas": [district.code] if district else [], "kinds": [heard.kind]}
    )
    return Waiting(heard.number, heard.language, masking.for_colleagues(heard.text, most=600), row)


@dataclass(frozen=True, slots=True)
class Asked:
    """One appeal asked of rules that are not saved yet: where it would go, why, and what would have changed it."""

    number: str
    reasons: Sequence[Mapping[str, Any]]
    acting: Names | None
    near: Sequence[tuple[int, str]]


def ask_one(rows: Sequence[Mapping[str, Any]], user: User, number: str) -> Asked | None:
    """One appeal this reader may read, by these rules; None for any other number."""
    heard = hear.heard_by_number(number)
    if heard is None or heard.id not in readable(user, [heard.id]):
        return None
    place = house()
    guide = Guide(place, rows)
    examined = understand.examined([heard.id]).get(heard.id)
    matter = (
        matter_of(heard, examined)
        if examined
        else Matter(None, 0.0, heard.area_id, heard.kind, heard.about_office_id, channel=heard.channel, text=heard.text)
    )
    way = guide.way(matter)
    told = guide.asked(matter)
    if examined is None or examined.sure_topic_id is None:
        told["topic"] = None
    near = guide.router.near(guide.route(matter), **told)
    return Asked(
        heard.number, way.reasons, way.acting.name if way.acting else None, [(one.number, one.missing) for one in near]
    )

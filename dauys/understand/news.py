"""What the page of news asks: which topics and areas stood out, since when, and which appeals show it."""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from itertools import groupby
from typing import Any

from django.db.models import Count
from django.db.models.functions import TruncDate
from django.utils.translation import gettext

from dauys.engines.bursts import MIN_DAYS
from dauys.hear import heard as hear
from dauys.institution.models import User
from dauys.institution.queries import House, Names, Place, Subject, house
from dauys.understand import masking
from dauys.understand.models import Burst, Examination, Watch

PAGE = 12
"""Bursts on a page; a day is never torn apart, so there may be more."""

LOOK = 600
"""Rows looked at for one page: a burst that lasts has one for each of its days."""

RUN_GAP = 3
"""Days that may lie between two rows of one lasting burst: a weekend brings few appeals."""

DRAWN_DAYS = 28
STRAYS = 10
"""The past begins with the tenth appeal: a few with a wrong year do not make one."""

RAREST = 1_000_000
"""Days; nobody can know that something is rarer."""

Readable = Callable[[Any, Collection[int]], set[int]]
"""(person, ids of appeals) → those the person may read. A later room knows it, so the URL map hands it in."""


SAMPLE_MOST = 160
"""Letters of a sample's beginning."""


@dataclass(frozen=True, slots=True)
class Sample:
    """An appeal that stands for a burst; its beginning with personal data hidden."""

    number: str
    language: str
    words: str


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks for. Codes of the house; an unknown one finds nothing. `before` leaves out later days."""

    topic: str = ""
    area: str = ""
    before: date | None = None


@dataclass(frozen=True, slots=True)
class Noticed:
    """One burst as it stands on its newest day, with what shows and explains it.

    `area` is None for a topic over all areas together; `everywhere` is the same topic's burst over all areas where
    this one is most of it. `daily` are appeals a day up to the newest. `closed` counts the samples this person may
    not read.
    """

    burst: Burst
    topic: Subject
    group: Names | None
    area: Place | None
    first_on: date
    everywhere: Burst | None = None
    daily: tuple[tuple[date, int], ...] = ()
    samples: tuple["Sample", ...] = ()
    closed: int = 0

    @property
    def since(self) -> date:
        """The first day of the window."""
        return self.burst.day - timedelta(days=self.burst.days - 1)

    @property
    def excess(self) -> float:
        return self.burst.seen - self.burst.expected

    @property
    def is_new(self) -> bool:
        return self.first_on == self.burst.day

    @property
    def once_in(self) -> int:
        """Days, to one figure: more would be a claim nobody can make."""
        days = 1 / max(self.burst.chance, 1 / RAREST)
        step: int = 10 ** (len(str(int(days))) - 1)
        return int(days / step + 0.5) * step

    @property
    def is_rarest(self) -> bool:
        return self.burst.chance <= 1 / RAREST

    @property
    def is_repeated(self) -> bool:
        """Whether most appeals repeat a text, though no single one makes half of them."""
        return 2 * self.burst.voices < self.burst.seen

    @property
    def days_drawn(self) -> list[date]:
        return [day for day, _count in self.daily]

    @property
    def series(self) -> list[tuple[str, list[int]]]:
        """For the chart: one line with its name."""
        return [(gettext("Appeals"), [count for _day, count in self.daily])]


@dataclass(frozen=True, slots=True)
class Page:
    """`judged` is None before the first day was judged; then `begun` and `can_begin` say since when there are appeals
    and when the first judgement is possible. `is_behind`: a finished day that could be judged is not judged yet.
    `quiet`: the newest judged day brought nothing of what is asked for. `older` is the day to go on before.
    """

    days: tuple[tuple[date, tuple[Noticed, ...]], ...] = ()
    judged: Watch | None = None
    quiet: bool = False
    older: date | None = None
    begun: date | None = None
    can_begin: date | None = None
    is_behind: bool = False
    topics: tuple[tuple[str, list[tuple[str, str]]], ...] = field(default=())
    areas: tuple[tuple[str, str], ...] = ()

    @property
    def one_in(self) -> int:
        """On one day in so many something is shown although nothing is unusual."""
        return round(1 / self.judged.rate) if self.judged else 0


def first_day() -> date | None:
    """The day on which the past begins; None where there are hardly any appeals."""
    moments = Examination.objects.order_by("appeal__received_at").values_list("appeal__received_at", flat=True)
    known = list(moments[STRAYS - 1 : STRAYS])
    return house().today(known[0]) if known else None


def moments(since: date, until: date) -> tuple[datetime, datetime]:
    """From the first moment of `since` to the first after `until`, where the institution is."""
    zone = house().zone
    return datetime.combine(since, time(), zone), datetime.combine(until + timedelta(days=1), time(), zone)


def counted(
    since: date, until: date, *, topics: Collection[int] | None = None
) -> list[tuple[date, int, int | None, int]]:
    """(day, topic id, area id, appeals) of examined appeals with a topic, by the day they came; one statement.

    Not by the day of registration: all that comes on days off is registered on the next working day together, which
    after every long holiday would look like news. An imported appeal counts on its own day.
    """
    begin, end = moments(since, until)
    rows = Examination.objects.filter(appeal__received_at__gte=begin, appeal__received_at__lt=end)
    rows = rows.filter(topic__isnull=False) if topics is None else rows.filter(topic__in=topics)
    day = TruncDate("appeal__received_at", tzinfo=house().zone)
    return list(rows.order_by().values_list(day, "topic_id", "area_id").annotate(Count("appeal_id")))


def page(user: User, asked: Asked, readable: Readable, *, now: datetime) -> Page:
    """One page of news, newest day first; the number of statements does not depend on what is shown."""
    place = house()
    menus: dict[str, Any] = {
        "topics": _topics(place),
        "areas": tuple((row.code, str(row.name)) for row in place.districts),
    }
    judged = Watch.objects.order_by("-day").first()
    if judged is None:
        begun = first_day()
        can_begin = begun + timedelta(days=MIN_DAYS + 1) if begun else None
        is_behind = can_begin is not None and can_begin <= place.today(now)
        return Page(begun=begun, can_begin=can_begin, is_behind=is_behind, **menus)
    cards = _folded(_lasting(_rows(asked, place), place))
    if asked.before:
        cards = [card for card in cards if card.burst.day < asked.before]
    shown: list[tuple[date, list[Noticed]]] = []
    older = None
    for day, of_day in groupby(cards, key=lambda card: card.burst.day):
        if sum(len(known) for _day, known in shown) >= PAGE:
            older = shown[-1][0]
            break
        shown.append((day, sorted(of_day, key=lambda card: (-card.first_on.toordinal(), card.burst.chance))))
    full = _with_samples(_drawn([card for _day, known in shown for card in known], place), user, readable)
    return Page(
        days=tuple((day, tuple(known)) for day, known in groupby(full, key=lambda card: card.burst.day)),
        judged=judged,
        quiet=asked.before is None and not any(day == judged.day for day, _known in shown),
        older=older,
        is_behind=judged.day < place.today(now) - timedelta(days=1),
        **menus,
    )


def _topics(place: House) -> tuple[tuple[str, list[tuple[str, str]]], ...]:
    """For a menu: (group, [(code, name), …]), the group itself first."""
    rows = place.topics.values()
    return tuple(
        (
            str(group.name),
            [(group.code, str(group.name)), *((row.code, str(row.name)) for row in rows if row.parent_id == group.id)],
        )
        for group in rows
        if group.parent_id is None
    )


def _rows(asked: Asked, place: House) -> list[Burst]:
    rows = Burst.objects.order_by("-day", "chance", "id")
    if asked.topic:
        topic = place.topic_by_code.get(asked.topic)
        known = [row.id for row in place.topics.values() if topic and topic.id in (row.id, row.parent_id)]
        rows = rows.filter(topic__in=known)
    if asked.area:
        area = place.area_by_code.get(asked.area)
        rows = rows.filter(area=area.id) if area else rows.none()
    if asked.before:
        # A few days more: what lasted until then was shown on the page before.
        rows = rows.filter(day__lt=asked.before + timedelta(days=RUN_GAP))
    return list(rows[:LOOK])


def _lasting(rows: Sequence[Burst], place: House) -> list[Noticed]:
    """Rows of one topic and area on days that follow each other are one burst, shown on its newest day."""
    cells: dict[tuple[int, int | None], list[Noticed]] = defaultdict(list)
    for row in rows:
        topic = place.topics.get(row.topic_id)
        if topic is None:
            continue
        known = cells[row.topic_id, row.area_id]
        if known and (known[-1].first_on - row.day).days <= RUN_GAP:
            known[-1] = replace(known[-1], first_on=row.day)
            continue
        parent = place.topics.get(topic.parent_id or 0)
        area = place.areas.get(row.area_id) if row.area_id is not None else None
        known.append(Noticed(row, topic, parent.name if parent else None, area, first_on=row.day))
    every = [card for known in cells.values() for card in known]
    return sorted(every, key=lambda card: (-card.burst.day.toordinal(), card.burst.chance, card.burst.id))


def _folded(cards: Sequence[Noticed]) -> list[Noticed]:
    """A topic over all areas that is mostly the bursts of single districts is told on the greatest of their cards."""
    parts: dict[int, list[int]] = defaultdict(list)
    for place, card in enumerate(cards):
        if card.area is not None:
            parts[card.topic.id].append(place)
    kept: list[Noticed | None] = list(cards)
    for place, card in enumerate(cards):
        if card.area is not None:
            continue
        met = [part for part in parts[card.topic.id] if _at_once(cards[part], card)]
        if 2 * sum(cards[part].excess for part in met) < card.excess or not met:
            continue
        kept[place] = None
        same_day = [part for part in met if cards[part].burst.day == card.burst.day]
        if same_day:
            greatest = max(same_day, key=lambda part: cards[part].excess)
            kept[greatest] = replace(cards[greatest], everywhere=card.burst)
    return [card for card in kept if card is not None]


def _at_once(one: Noticed, other: Noticed) -> bool:
    return one.first_on <= other.burst.day and other.first_on <= one.burst.day


def _drawn(cards: Sequence[Noticed], place: House) -> list[Noticed]:
    if not cards:
        return []
    newest, oldest = cards[0].burst.day, cards[-1].burst.day - timedelta(days=DRAWN_DAYS - 1)
    counts: Counter[tuple[int, int | None, date]] = Counter()
    for day, topic, area, count in counted(oldest, newest, topics={card.topic.id for card in cards}):
        district = place.areas[area].district_id if area is not None else None
        counts[topic, None, day] += count
        if district is not None:
            counts[topic, district, day] += count
    drawn = []
    for card in cards:
        days = [card.burst.day - timedelta(days=back) for back in reversed(range(DRAWN_DAYS))]
        daily = tuple((day, counts[card.topic.id, card.burst.area_id, day]) for day in days)
        drawn.append(replace(card, daily=daily))
    return drawn


def _with_samples(cards: Sequence[Noticed], user: User, readable: Readable) -> list[Noticed]:
    numbers = {number for card in cards for number in card.burst.samples}
    if not numbers:
        return list(cards)
    ids = list(Examination.objects.filter(appeal__number__in=numbers).values_list("appeal_id", flat=True))
    appeals = {
        row.number: Sample(row.number, row.language, masking.first_words(row.text, most=SAMPLE_MOST))
        for row in hear.heard_by_ids(readable(user, ids))
    }
    told = []
    for card in cards:
        samples = tuple(appeals[number] for number in card.burst.samples if number in appeals)
        told.append(replace(card, samples=samples, closed=len(card.burst.samples) - len(samples)))
    return told

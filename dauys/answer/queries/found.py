"""Appeals found by their words, number, likeness or filters, as far as this person may see them.

Rights and filters stand in the same statement as the words. Hits are looked at from the newest down, a bounded number a
page: where more remain, the page says so and goes on from there.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta

from django.db.models import Count, Exists, Max, Min, OuterRef, Q, QuerySet
from django.db.models.expressions import RawSQL

from dauys.answer.models import Handling, State
from dauys.answer.queries.desk import Row, _rows, visible
from dauys.answer.written import whole_number
from dauys.engines import search_terms
from dauys.institution.models import User
from dauys.institution.queries import house
from dauys.understand import index

PAGE = 30
COUNT_MOST = 1_000
"""Hits are counted up to here; beyond it is said "more than"."""

BEST_OF = 600
"""How many of the newest hits are weighed against each other when the most fitting are asked for."""

ALIKE = 0.25
"""An appeal like another shares at least this much of the weight of its words."""

PERIOD_MOST = 30_000
"""A period of no more appeals than this is first turned into a stretch of ids."""

NUMBERS_MOST = 5
NUMBERS_LOOKED = 2_000
DIGITS = 6
"""Of a running number, with its leading noughts."""

YEARS = 15
"""Back to which year a number without its year is looked for."""

_LARGEST = 2**62


@dataclass(frozen=True, slots=True)
class Sought:
    """What is looked for. Codes of the house, as they stand in the address; an unknown code finds nothing.

    `like` is an appeal's number; `after` is the key of the page before.
    """

    words: str = ""
    like: str = ""
    topic: str = ""
    area: str = ""
    office: str = ""
    state: str = ""
    channel: str = ""
    kind: str = ""
    language: str = ""
    urgency: str = ""
    since: date | None = None
    until: date | None = None
    with_files: bool = False
    mine: bool = False
    best: bool = False
    after: str = ""

    @property
    def is_narrowed(self) -> bool:
        codes = self.topic or self.area or self.office or self.state or self.channel or self.kind
        return bool(codes or self.language or self.urgency or self.since or self.until or self.with_files or self.mine)

    @property
    def is_empty(self) -> bool:
        return not (self.words.strip() or self.like or self.is_narrowed)


@dataclass(frozen=True, slots=True)
class Found:
    """A page of what was found.

    `count` is all there are, or with `is_more` the least there are; None on later pages. `later` is the key of the
    next page, and `goes_on` says that it holds appeals not looked at yet rather than more hits. `instead` is the
    question that was answered in place of one that finds nothing, `meant` one that is offered. `best_of` says among how
    many of the newest hits the most fitting were chosen, 0 where among all. `unknown` are words that no appeal holds.
    """

    rows: Sequence[Row] = ()
    numbers: Sequence[Row] = ()
    texts: Mapping[int, str] = field(default_factory=dict)
    terms: frozenset[str] = frozenset()
    count: int | None = None
    is_more: bool = False
    later: str = ""
    goes_on: bool = False
    looked_back_to: datetime | None = None
    best_of: int = 0
    instead: str = ""
    meant: str = ""
    unknown: Sequence[str] = ()
    only_without: bool = False


Within = Callable[[int, int], RawSQL]


def found(user: User, sought: Sought) -> Found:
    """One page: at most nine statements, however many there are."""
    seen = visible(user)
    if seen is None or sought.is_empty:
        return Found()
    rows = _narrowed(user, Handling.objects.filter(seen), sought)
    if rows is None:
        return Found(count=0)
    if not sought.words.strip():
        return _browse(rows, sought)
    asked = search_terms.ask(sought.words)
    planned = index.plan(asked)
    if asked.unwanted and not asked.wanted:
        return Found(only_without=True)
    shown = _by_plan(rows, sought, planned) if planned.can_find else Found(count=0)
    if sought.after:
        return shown
    better = index.meant(planned, asked) if not shown.rows or (shown.count or 0) < PAGE else {}
    again = search_terms.typed_again(sought.words, better) if better else ""
    unknown = [word.typed for word in planned.unknown]
    numbers = _numbers(seen, sought.words)
    if shown.rows or not again:
        return replace(shown, meant=again, unknown=unknown, numbers=numbers)
    # Nobody used these words: what was probably meant is shown at once, and said so.
    second = index.plan(search_terms.ask(again))
    instead = _by_plan(rows, sought, second) if second.can_find else Found(count=0)
    told = again if instead.rows else ""
    return replace(instead, instead=told, unknown=unknown, numbers=numbers)


def alike(user: User, appeal_id: int, text: str, sought: Sought) -> Found:
    """Appeals like this one, by the rarest words they share, most alike first; the caller has asked whether the person
    may read this one.
    """
    seen = visible(user)
    if seen is None:
        return Found()
    rows = _narrowed(user, Handling.objects.filter(seen).exclude(appeal_id=appeal_id), sought)
    planned = index.plan_like(text)
    if rows is None or not planned.can_find:
        return Found(count=0)
    return _best(rows, sought, planned, least=ALIKE * search_terms.relevance(text, planned.weighed))


def by_number(user: User, number: str) -> tuple[int, str] | None:
    """(id, text) of the appeal of this number if the person may read it."""
    seen = visible(user)
    rows = Handling.objects.filter(seen, appeal__number=number) if seen is not None else Handling.objects.none()
    return rows.values_list("appeal_id", "appeal__text").first()


def _by_plan(rows: QuerySet[Handling], sought: Sought, planned: index.Plan) -> Found:
    if sought.best:
        return _best(rows, sought, planned)
    return _newest(rows, sought, planned.span, planned.cost, planned.within, planned.terms)


def _browse(rows: QuerySet[Handling], sought: Sought) -> Found:
    """Filters alone: the tables themselves are walked, newest first."""
    ends = Handling.objects.aggregate(oldest=Min("appeal_id"), newest=Max("appeal_id"))
    span = index.Span(ends["oldest"] or 0, ends["newest"] or 0)
    return _newest(rows, sought, span, span.texts, None, frozenset())


def _newest(
    rows: QuerySet[Handling], sought: Sought, span: index.Span, cost: int, within: Within | None, terms: frozenset[str]
) -> Found:
    before = whole_number(sought.after)
    first, last = _stretch(sought)
    first = max(first, span.oldest)
    below = min(last + 1, span.newest + 1 if before is None else before)
    ids: list[int] = []
    looked = below
    for lower, upper in index.windows(below, span, cost=cost):
        lower = max(lower, first - 1)
        some = _between(rows, within, lower, upper).order_by("-appeal_id").values_list("appeal_id", flat=True)
        # The first page counts; the others only show.
        ids += some[: (PAGE if before is not None else COUNT_MOST) + 1 - len(ids)]
        looked = lower + 1
        if len(ids) > PAGE or looked <= first:
            break
    rest = looked > first  # something older was not looked at
    page = ids[:PAGE]
    later = str(page[-1]) if len(ids) > PAGE else str(looked) if rest else ""
    return Found(
        rows=_in_order(page),
        texts=_texts(page),
        terms=terms,
        count=None if before is not None else min(len(ids), COUNT_MOST),
        is_more=rest or len(ids) > COUNT_MOST,
        later=later,
        goes_on=rest and len(ids) <= PAGE,
        looked_back_to=_received(looked) if rest and len(ids) <= PAGE else None,
    )


def _between(rows: QuerySet[Handling], within: Within | None, lower: int, upper: int) -> QuerySet[Handling]:
    if within is None:
        return rows.filter(appeal_id__gt=lower, appeal_id__lt=upper)
    return rows.filter(appeal_id__in=within(lower, upper))


def _best(rows: QuerySet[Handling], sought: Sought, planned: index.Plan, least: float = 0.0) -> Found:
    """The most fitting of the newest BEST_OF hits. A later page is `newest-offset`: what comes in between does not
    shift it.
    """
    newest, _dash, offset = sought.after.partition("-")
    known, begin = whole_number(newest), whole_number(offset, digits=4) or 0
    upto = planned.span.newest if known is None else known
    first, last = _stretch(sought)
    first = max(first, planned.span.oldest)
    texts: list[tuple[int, str]] = []
    looked = upto + 1
    for lower, upper in planned.windows(min(upto, last) + 1):
        lower = max(lower, first - 1)
        some = _between(rows, planned.within, lower, upper).order_by("-appeal_id")
        texts += some.values_list("appeal_id", "appeal__text")[: BEST_OF + 1 - len(texts)]
        looked = lower + 1
        if len(texts) > BEST_OF or looked <= first:
            break
    is_all = len(texts) <= BEST_OF and looked <= first
    weighed = sorted(
        (
            (search_terms.relevance(text[: index.READ_AT_MOST], planned.weighed), appeal, text)
            for appeal, text in texts[:BEST_OF]
        ),
        key=lambda one: (-one[0], -one[1]),
    )
    fitting = [(appeal, text) for score, appeal, text in weighed if score >= least]
    page = fitting[begin : begin + PAGE]
    more = len(fitting) > begin + PAGE
    return Found(
        rows=_in_order([appeal for appeal, _text in page]),
        texts=dict(page),
        terms=planned.terms,
        count=None if begin else len(fitting),
        is_more=not is_all,
        later=f"{upto}-{begin + PAGE}" if more else "",
        best_of=0 if is_all else min(len(texts), BEST_OF),
    )


def _narrowed(user: User, rows: QuerySet[Handling], sought: Sought) -> QuerySet[Handling] | None:
    """The rows that pass the filters; None where a code is not of this house."""
    place = house()
    if sought.topic:
        topic = place.topic_by_code.get(sought.topic)
        if topic is None:
            return None
        rows = rows.filter(topic__in=place.with_parts(topic))
    if sought.area:
        area = place.area_by_code.get(sought.area)
        if area is None:
            return None
        if area.district_id == area.id:
            rows = rows.filter(district=area.id)
        else:
            rows = rows.filter(area__in=[one for one in place.areas if area in place.area_chain(one)])
    if sought.office:
        office = place.office_by_code.get(sought.office)
        if office is None:
            return None
        rows = rows.filter(acting=office.id)
    if sought.state in ("open", "closed"):
        rows = rows.filter(is_open=sought.state == "open")
    elif sought.state:
        if sought.state not in State.values:
            return None
        rows = rows.filter(state=sought.state)
    exact = {"appeal__channel": sought.channel, "appeal__kind": sought.kind, "appeal__language": sought.language,
             "urgency": sought.urgency}  # fmt: skip
    rows = rows.filter(**{name: value for name, value in exact.items() if value})
    if sought.mine:
        rows = rows.filter(officer=user)
    if sought.with_files:
        files = Handling.objects.filter(appeal_id=OuterRef("appeal_id"), appeal__attachments__isnull=False)
        rows = rows.filter(Exists(files))
    begin, end = _moments(sought)
    if begin:
        rows = rows.filter(received_at__gte=begin)
    if end:
        rows = rows.filter(received_at__lt=end)
    return rows


def _moments(sought: Sought) -> tuple[datetime | None, datetime | None]:
    """The period from the first moment of its first day to the first moment after its last."""
    zone = house().zone
    begin = datetime.combine(sought.since, time(), zone) if sought.since else None
    end = datetime.combine(sought.until + timedelta(days=1), time(), zone) if sought.until else None
    return begin, end


def _stretch(sought: Sought) -> tuple[int, int]:
    """The first and last id of a short period: a common word of last spring is not looked for from today down. Ids need
    not follow time (an archive is taken over late), so a long period is not narrowed.
    """
    begin, end = _moments(sought)
    if begin is None and end is None:
        return 1, _LARGEST
    rows = Handling.objects.order_by("-appeal__received_at")
    rows = rows.filter(appeal__received_at__gte=begin) if begin else rows
    rows = rows.filter(appeal__received_at__lt=end) if end else rows
    some = rows.values("appeal_id")[: PERIOD_MOST + 1]
    told = some.aggregate(first=Min("appeal_id"), last=Max("appeal_id"), many=Count("appeal_id"))
    if told["many"] > PERIOD_MOST:
        return 1, _LARGEST
    return told["first"] or 1, told["last"] or 0


_PART_OF_NUMBER = re.compile(r"\s*(?:(\d{4})\s*[-–/]\s*)?(\d{0,9})\s*")


def _numbers(seen: Q, words: str) -> list[Row]:
    """Appeals whose number is meant by what looks like a part of one: «2026-0001», «000123», «123». Newest first."""
    part = _PART_OF_NUMBER.fullmatch(words)
    if part is None or not (part[1] or part[2]):
        return []
    newest = Handling.objects.order_by("-appeal_id").values_list("appeal__number", flat=True).first()
    if newest is None:
        return []
    last = int(newest[:4])
    years = [int(part[1])] if part[1] else list(range(last, last - YEARS, -1))
    if part[2] and (len(part[2]) >= DIGITS or not part[2].startswith("0")):
        meant = Q(appeal__number__in=[f"{year}-{int(part[2]):0{DIGITS}d}" for year in years])
    else:
        begins = f"{years[0]}-{part[2]}"
        meant = Q(appeal__number__gte=begins, appeal__number__lt=begins + "\uffff")
    some = Handling.objects.filter(meant).order_by("-appeal__number").values("appeal_id")[:NUMBERS_LOOKED]
    return _rows(Handling.objects.filter(seen, appeal_id__in=some).order_by("-appeal_id")[:NUMBERS_MOST])


def _in_order(ids: Sequence[int]) -> list[Row]:
    if not ids:
        return []
    place = {appeal: at for at, appeal in enumerate(ids)}
    return sorted(_rows(Handling.objects.filter(appeal_id__in=ids)), key=lambda row: place[row.appeal_id])


def _texts(ids: Sequence[int]) -> dict[int, str]:
    return dict(Handling.objects.filter(appeal_id__in=ids).values_list("appeal_id", "appeal__text")) if ids else {}


def _received(appeal_id: int) -> datetime | None:
    rows = Handling.objects.filter(appeal_id__gte=appeal_id).order_by("appeal_id")
    return rows.values_list("received_at", flat=True).first()

"""The day counts are what a slow reader with a pencil would come to."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dauys.answer.models import Answer, Handling, Verdict
from dauys.hear.models import Appeal
from dauys.institution.queries import house
from dauys.ledger import actions as ledger
from dauys.prove.actions import COUNTS, count_pending
from dauys.prove.models import Counted, Day, Stale

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 10, 6, tzinfo=UTC)
TODAY = date(2026, 3, 10)


def count_all(now: datetime = NOW, **how: int) -> None:
    while count_pending(now=now, **how):
        pass


def counted() -> Counter:
    sums: Counter = Counter()
    for row in Day.objects.all():
        key = (row.day, row.office_id, row.district_id, row.topic_id, row.channel, row.wait)
        assert not any((key, name) in sums for name in COUNTS), "one row for one key"
        sums.update({(key, name): getattr(row, name) for name in COUNTS if getattr(row, name)})
    return sums


def by_pencil(today: date) -> Counter:
    sums: Counter = Counter()
    for appeal in Appeal.objects.all():
        handling = Handling.objects.filter(appeal=appeal).first()
        answers = list(Answer.objects.filter(appeal=appeal).order_by("ordinal"))
        verdicts = list(Verdict.objects.filter(appeal=appeal).order_by("answer__ordinal"))
        received_on = appeal.received_at.astimezone(house().zone).date()
        late = handling is not None and handling.is_open and handling.due_on < today
        key = (
            received_on,
            handling and handling.clock_id,
            handling and handling.district_id,
            handling and handling.topic_id,
            appeal.channel,
            (answers[0].sent_on - received_on).days if answers else None,
        )
        told = {
            "heard": True,
            "answered": bool(answers),
            "owed": bool(answers) or late,
            "in_time": bool(answers) and answers[0].sent_on <= answers[0].due_on,
            "open": handling is None or handling.is_open,
            "late_open": late,
            "judged": bool(verdicts),
            "confirmed": bool(verdicts) and verdicts[-1].solved,
            "partly": bool(verdicts) and verdicts[-1].partly,
        }
        sums.update({(key, name): 1 for name, holds in told.items() if holds})
    return sums


class UndoExample(Exception):
    pass


HAPPENINGS = st.lists(
    st.one_of(
        st.tuples(st.just("receive"), st.integers(0, 24 * 12), st.sampled_from(["web", "phone"])),
        st.tuples(st.just("promise"), st.integers(0, 7), st.integers(0, 3)),
        st.tuples(st.just("answer"), st.integers(0, 7), st.integers(0, 25)),
        st.tuples(st.just("judge"), st.integers(0, 7), st.sampled_from(["solved", "partly", "rests", "not"])),
        st.tuples(st.just("count"), st.integers(0, 12), st.integers(1, 9)),
    ),
    min_size=3,
    max_size=30,
)


@given(happenings=HAPPENINGS)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_counts_agree_with_a_plain_recount_after_any_life(life, happenings):
    """Whatever happens, in whatever order, counted as often as one likes and in pieces of any size."""
    cast = life.cast
    life.appeals = []
    offices, areas, topics = (
        [cast.utilities, cast.road_department],
        [cast.city, None],
        [cast.water, cast.roads],
    )
    today = TODAY
    with pytest.raises(UndoExample), transaction.atomic():  # noqa: PT012  # the example is the block
        for what, one, other in happenings:
            if what == "receive":
                life.receive(NOW - timedelta(hours=one), channel=other)
            elif what == "count":
                today = TODAY + timedelta(days=one)
                count_pending(now=NOW + timedelta(days=one), limit=other)
            elif life.appeals:
                appeal = life.appeals[one % len(life.appeals)]
                standing = Handling.objects.filter(appeal=appeal).first()
                said = Answer.objects.filter(appeal=appeal).order_by("-ordinal").first()
                if what == "promise" and (standing is None or standing.is_open):
                    life.promise(
                        appeal, appeal.registered_on + timedelta(days=5 * other),
                        office=offices[other % 2], district=areas[other // 2], topic=topics[one % 2],
                    )  # fmt: skip
                elif what == "answer" and standing is not None and standing.is_open:
                    life.answer(appeal, appeal.registered_on + timedelta(days=other))
                elif what == "judge" and said is not None and not Verdict.objects.filter(answer=said).exists():
                    life.judge(
                        said, said.sent_on,
                        solved=other == "solved", partly=other in ("partly", "rests"), rests=other == "rests",
                    )  # fmt: skip
        now = NOW + (today - TODAY)
        count_all(now)
        assert counted() == by_pencil(today)
        assert not Stale.objects.exists()
        raise UndoExample


def test_counting_again_changes_nothing(life):
    life.promise(life.receive(NOW), TODAY + timedelta(days=5), office=life.cast.utilities)
    count_all()
    before = list(Day.objects.values())
    assert count_pending(now=NOW) == 0
    assert list(Day.objects.values()) == before


@pytest.mark.parametrize(
    ("received_at", "day"),
    [
        pytest.param(datetime(2026, 3, 9, 18, 59, 59, tzinfo=UTC), date(2026, 3, 9), id="a second before midnight"),
        pytest.param(datetime(2026, 3, 9, 19, 0, tzinfo=UTC), date(2026, 3, 10), id="midnight begins the next day"),
        pytest.param(datetime(2026, 3, 10, 6, 0, tzinfo=UTC), date(2026, 3, 10), id="eleven in the morning"),
    ],
)
def test_an_appeal_counts_on_the_day_it_came_where_the_institution_is(life, received_at, day):
    life.receive(received_at)
    count_all()
    assert list(Day.objects.values_list("day", "heard")) == [(day, 1)]


@pytest.mark.parametrize(
    ("today", "late"),
    [
        pytest.param(date(2026, 3, 15), 0, id="the promised day itself is in time"),
        pytest.param(date(2026, 3, 16), 1, id="the day after is late"),
    ],
)
def test_a_new_date_makes_open_appeals_late(life, today, late):
    life.promise(life.receive(NOW), date(2026, 3, 15), office=life.cast.utilities)
    count_all(NOW)
    assert Day.objects.get().late_open == 0
    count_all(NOW + (today - TODAY))
    row = Day.objects.get()
    assert (row.late_open, row.owed, row.open) == (late, late, 1)


def test_the_first_answer_decides_whether_it_was_in_time_and_the_last_word_whether_it_is_solved(life):
    appeal = life.receive(NOW)
    life.promise(appeal, TODAY + timedelta(days=15), office=life.cast.utilities)
    first = life.answer(appeal, TODAY + timedelta(days=14))
    life.judge(first, TODAY + timedelta(days=14), solved=False, due_on=TODAY + timedelta(days=20))
    second = life.answer(appeal, TODAY + timedelta(days=30))
    count_all(NOW + timedelta(days=30))
    row = Day.objects.get()
    assert (row.in_time, row.wait, row.judged, row.confirmed) == (1, 14, 1, 0)
    life.judge(second, TODAY + timedelta(days=31), solved=True)
    count_all(NOW + timedelta(days=31))
    row = Day.objects.get()
    assert (row.in_time, row.wait, row.judged, row.confirmed, row.open) == (1, 14, 1, 1, 0)


class Killed(BaseException):
    pass


@pytest.mark.parametrize("dies_in", ["Stale.objects.bulk_create", "_count", "Day.objects.bulk_create"])
def test_a_worker_killed_anywhere_leaves_work_that_the_next_one_finishes(life, monkeypatch, dies_in):
    for hours in range(0, 200, 10):
        life.promise(life.receive(NOW - timedelta(hours=hours)), TODAY, office=life.cast.utilities)
    count_all()
    life.answer(life.appeals[0], TODAY)
    life.receive(NOW)

    def die(*args, **kwargs):
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(f"dauys.prove.actions.{dies_in}", die)
        with pytest.raises(Killed):
            count_pending(now=NOW)
    count_all()
    assert counted() == by_pencil(TODAY)


@pytest.mark.parametrize("overtaken_by", ["a mark", "a whole count"])
def test_a_day_that_changed_while_it_was_counted_keeps_the_newer_count(life, monkeypatch, overtaken_by):
    """Another worker between our reading and our writing: the older picture is thrown away."""
    from dauys.prove import actions

    life.receive(NOW)
    honest = actions._count

    def count_and_be_overtaken(days, *, today):
        rows = honest(days, today=today)
        monkeypatch.setattr(actions, "_count", honest)
        life.receive(NOW)
        if overtaken_by == "a mark":
            actions._mark(NOW)
        else:
            count_pending(now=NOW)
        return rows

    monkeypatch.setattr(actions, "_count", count_and_be_overtaken)
    count_all()
    assert Day.objects.get().heard == 2


def test_the_ledger_is_read_in_pieces(life, monkeypatch):
    monkeypatch.setattr("dauys.prove.actions.READ_MOST", 2)
    for hours in range(0, 240, 24):
        life.receive(NOW - timedelta(hours=hours))
    count_all(limit=1)
    assert counted() == by_pencil(TODAY)
    assert Counted.objects.get().through > 0


def test_an_entry_without_a_case_makes_no_day_untrue(life):
    count_all()
    with transaction.atomic():
        ledger.append(ledger.Act(verb="test.note", case=ledger.NO_CASE, at=NOW), on=TODAY)
    assert count_pending(now=NOW) == 0

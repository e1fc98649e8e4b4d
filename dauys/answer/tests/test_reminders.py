"""Reminders by working days: who, when, once; and what a day's round costs."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.test import Client

from dauys.answer import actions, words
from dauys.answer.actions.reminding import days_left, remind_pending, rung_at
from dauys.answer.models import Handling, Looked, Promise, Reminder
from dauys.institution.models import Appointment, Office, Role, User
from dauys.institution.queries import forget, house
from dauys.ledger.models import Entry

TUESDAY = date(2026, 4, 7)
"""No holiday of the country lies near it."""


def at(day: date, hour: int = 6) -> datetime:
    """In the morning, eleven o'clock where the test institution is."""
    return datetime(day.year, day.month, day.day, hour, tzinfo=UTC)


@pytest.fixture
def owed(promised, cast):
    """An appeal whose answer is owed on that Tuesday."""
    appeal = promised()
    Handling.objects.filter(appeal_id=appeal.id).update(due_on=TUESDAY, officer=cast.officer)
    return appeal


def walk(first: date, last: date) -> list[tuple[date, int, int]]:
    """The round of each day, weekends too; what was made: day, rung, working days left."""
    day = first
    while day <= last:
        while remind_pending(now=at(day)):
            pass
        assert remind_pending(now=at(day)) == 0
        day += timedelta(days=1)
    return list(Reminder.objects.order_by("id").values_list("made_on", "rung", "days_left"))


def test_the_ladder_is_climbed_by_working_days(owed):
    assert walk(date(2026, 3, 20), date(2026, 5, 5)) == [
        (date(2026, 4, 2), 1, 3),  # Thursday: Friday, Monday, Tuesday are left
        (date(2026, 4, 6), 1, 1),
        (date(2026, 4, 7), 2, 0),
        (date(2026, 4, 9), 3, -2),
        (date(2026, 4, 13), 3, -4),
        (date(2026, 4, 15), 3, -6),
        (date(2026, 4, 17), 3, -8),
        (date(2026, 4, 21), 3, -10),
    ]


@pytest.mark.parametrize(
    ("left", "before", "taken"),
    [
        (5, (3, 1), None),
        (3, (3, 1), (1, 3, 3)),
        (2, (3, 1), (1, 2, 3)),
        (1, (3, 1), (1, 1, 1)),
        (0, (3, 1), (2, -1, 0)),
        (-1, (3, 1), (2, -1, 0)),
        (-2, (3, 1), (3, -3, -2)),
        (-3, (3, 1), (3, -3, -2)),
        (-10, (3, 1), (3, -11, -10)),
        (-12, (3, 1), None),
        (10, (10, 5), (1, 10, 10)),
        (4, (10, 5), (1, 4, 5)),
        (4, (), None),
    ],
)
def test_each_step_stands_for_a_span_of_days(left, before, taken):
    rung = rung_at(left, before)
    assert (None if rung is None else (rung.rung, rung.first, rung.last)) == taken


def test_a_day_without_a_worker_is_made_up_for(owed):
    assert walk(date(2026, 4, 3), date(2026, 4, 3)) == [(date(2026, 4, 3), 1, 2)]
    Looked.objects.all().delete()
    Reminder.objects.all().delete()
    assert walk(date(2026, 4, 8), date(2026, 4, 8)) == [(date(2026, 4, 8), 2, -1)]


def test_an_office_sets_its_own_days_and_nonsense_counts_as_not_set(owed, cast):
    for rules, first in (({"remind_before": [5]}, 5), ({"remind_before": "soon"}, 3), ({"remind_before": [0, 999]}, 3)):
        Office.objects.filter(id=cast.utilities.id).update(rules=rules)
        Looked.objects.all().delete()
        Reminder.objects.all().delete()
        forget()
        assert walk(date(2026, 3, 26), date(2026, 4, 2))[0][2] == first


def test_before_the_doors_open_and_on_a_day_off_nobody_is_reminded(owed):
    assert remind_pending(now=at(date(2026, 4, 7), hour=2)) == 0  # seven in the morning
    assert remind_pending(now=at(date(2026, 4, 5))) == 0  # Sunday
    assert not Reminder.objects.exists()


def test_an_answered_a_paused_and_a_moved_promise(owed, promised, cast, now):
    answered, paused, moved = promised(), promised(), promised()
    Handling.objects.filter(appeal_id__in=[answered.id, paused.id, moved.id]).update(due_on=TUESDAY)
    actions.send_answer(appeal_id=answered.id, outcome="satisfied", text="Сделано", officer=cast.officer, now=now)
    Handling.objects.filter(appeal_id=paused.id).update(paused_on=date(2026, 4, 1))
    walk(date(2026, 4, 2), date(2026, 4, 2))
    assert set(Reminder.objects.values_list("appeal_id", flat=True)) == {owed.id, moved.id}
    # A new promise begins a new ladder.
    Promise.objects.create(
        appeal_id=moved.id, office=cast.utilities, policy="kz.message", registered_on=date(2026, 3, 10),
        due_on=date(2026, 4, 14), reason="extended", made_at=now,
    )  # fmt: skip
    Handling.objects.filter(appeal_id=moved.id).update(due_on=date(2026, 4, 14))
    walk(date(2026, 4, 3), date(2026, 4, 9))
    assert list(Reminder.objects.filter(appeal_id=moved.id).values_list("made_on", "days_left")) == [
        (date(2026, 4, 2), 3), (date(2026, 4, 9), 3),
    ]  # fmt: skip


def test_where_no_office_stands_above_the_head_is_reminded_again(owed, cast):
    Handling.objects.update(clock=cast.akimat, acting=cast.akimat)
    walk(date(2026, 4, 7), date(2026, 4, 13))
    assert list(Reminder.objects.order_by("id").values_list("rung", "office", "days_left")) == [
        (2, cast.akimat.id, 0), (2, cast.akimat.id, -2), (2, cast.akimat.id, -4),
    ]  # fmt: skip


def test_an_appeal_without_an_office_is_not_forgotten(promised, cast):
    lost = promised(topic=None)
    assert Handling.objects.get(appeal_id=lost.id).state == "unrouted"
    Handling.objects.filter(appeal_id=lost.id).update(due_on=TUESDAY)
    walk(TUESDAY, TUESDAY)
    assert Reminder.objects.get().office_id == Promise.objects.get(appeal_id=lost.id).office_id


def test_killed_in_the_middle_it_goes_on_and_reminds_nobody_twice(promised, monkeypatch):
    for _one in range(7):
        promised()
    Handling.objects.update(due_on=TUESDAY)
    monkeypatch.setattr("dauys.answer.actions.reminding.BATCH", 2)
    assert remind_pending(now=at(TUESDAY), limit=4) == 4
    Looked.objects.all().delete()  # as after a restored backup: the mark is gone, the reminders are not
    while remind_pending(now=at(TUESDAY), limit=4):
        pass
    assert Reminder.objects.count() == 7
    assert Entry.objects.filter(verb="answer.remind").count() == 7
    assert not Entry.objects.filter(verb="answer.remind", leaf__isnull=False).exists()


@pytest.mark.parametrize(("rung", "left"), [(1, 3), (2, 0), (2, -1), (3, -2)])
@pytest.mark.parametrize("for_citizen", [True, False])
def test_the_citizen_reads_who_was_reminded(cast, rung, left, for_citizen):
    said = words.deed("answer.remind", {"rung": rung, "to": "utilities", "days_left": left}, for_citizen=for_citizen)
    assert "Utilities" in said
    assert "reminded" in said or "told" in said


def test_the_list_of_an_officer_and_of_a_head(owed, cast):
    walk(date(2026, 4, 6), date(2026, 4, 9))
    boss = User.objects.create_user("boss@example.org", "correct horse battery", name="Boss")
    Appointment.objects.create(user=boss, office=cast.utilities, role=Role.HEAD, since_on=date(2026, 1, 1))
    from dauys.answer.queries.reminders import reminders_for

    today = date(2026, 4, 9)
    assert [line.number for line in reminders_for(cast.officer, today=today)] == [owed.number]
    assert [line.number for line in reminders_for(boss, today=today)] == [owed.number]
    assert [str(line.office) for line in reminders_for(cast.head, today=today)] == ["Akimat"]
    assert not reminders_for(cast.road_officer, today=today)
    assert not reminders_for(cast.stranger, today=today)


def test_the_page_costs_the_same_for_many(owed, promised, cast, django_assert_max_num_queries):
    others = [promised() for _one in range(6)]
    Handling.objects.filter(appeal_id__in=[one.id for one in others]).update(due_on=None)
    counts = []
    for day in (date(2026, 4, 6), date(2026, 4, 7)):
        walk(day, day)
        with time_machine.travel(at(day), tick=False):
            client = Client()
            client.force_login(cast.officer)
            client.get("/desk/reminders/")
            with django_assert_max_num_queries(12) as asked:
                page = client.get("/desk/reminders/")
        counts.append((len(asked), page.content.count(b'class="number"')))
        Handling.objects.update(due_on=date(2026, 4, 8), officer=cast.officer)
    assert counts[0][0] == counts[1][0]
    assert (counts[0][1], counts[1][1]) == (1, 7)


def test_days_are_counted_as_people_count_them(cast):
    calendar = house().calendar(2026)
    assert days_left(date(2026, 4, 6), date(2026, 4, 3), calendar) == 1  # Friday to Monday
    assert days_left(date(2026, 4, 3), date(2026, 4, 6), calendar) == -1
    assert days_left(date(2026, 4, 4), date(2026, 4, 3), calendar) == 0  # due on a Saturday: no working day is left
    assert days_left(date(2026, 3, 24), date(2026, 3, 19), calendar) == 1  # Nauryz lies between

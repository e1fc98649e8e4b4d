"""A change of the calendar or of a rule moves open promises, each with its entry, and nothing else."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dauys.answer import actions, policies
from dauys.answer.actions import recounting
from dauys.answer.models import Handling, Promise, Recount, State
from dauys.answer.promises import Counter
from dauys.answer.queries import citizen_page
from dauys.institution import actions as institution
from dauys.institution.models import CalendarDay
from dauys.institution.plan import DayPlan
from dauys.institution.queries import Names, forget, house
from dauys.ledger.core.leaf import Kind, decode
from dauys.ledger.models import Entry

# Registered on Tuesday 10 March 2026, fifteen working days: 3 April (Nauryz lies between).
BEFORE, AFTER = date(2026, 4, 3), date(2026, 4, 6)
MOVED = date(2026, 3, 30)


@pytest.fixture
def closed(cast, now):
    """Make a day of the calendar a day off, or a working day."""

    def make(day=MOVED, works=False):
        plan = DayPlan(day, works, Names("", "", ""), "Order No. 1", True)
        institution.set_day(day=plan, officer=cast.administrator, now=now)

    return make


def recount(now):
    while actions.recount_pending(now=now):
        pass


def owed(appeal):
    return Handling.objects.get(appeal=appeal).due_on


def rows(appeal):
    return list(
        Promise.objects.filter(appeal=appeal).order_by("id").values_list("reason", "origin", "due_on", "registered_on")
    )


def test_a_closed_day_moves_the_promise_and_says_so_everywhere(promised, closed, now):
    appeal = promised()
    assert owed(appeal) == BEFORE
    recount(now)
    assert len(rows(appeal)) == 1, "nothing has changed yet"
    closed()
    recount(now)
    handling = Handling.objects.get(appeal=appeal)
    assert (handling.due_on, handling.begin_by) == (AFTER, AFTER)
    assert rows(appeal)[1:] == [("recounted", "registered", AFTER, date(2026, 3, 10))]
    entry = Entry.objects.filter(verb="answer.recount").get()
    assert (entry.case, entry.detail["before"], entry.detail["due_on"]) == (appeal.case, "2026-04-03", "2026-04-06")
    leaf = decode(entry.leaf.encode())
    assert (leaf.kind, leaf.due_on, leaf.code) == (Kind.AMENDED, AFTER, "kz.appc.simplified")
    done = Recount.objects.order_by("-id").first()
    assert (done.looked_at, done.moved, done.ended_at) == (1, 1, now)
    page = citizen_page(appeal_id=appeal.id, case=appeal.case, received_on=date(2026, 3, 10))
    assert (page.promise.due_on, page.promise.stands, page.promise.recounted) == (AFTER, True, True)
    assert any("03.04.2026" in one.words and "06.04.2026" in one.words for one in page.history)


def test_a_calendar_changed_and_changed_back_moves_it_twice(promised, closed, cast, now):
    appeal = promised()
    recount(now)
    closed()
    recount(now)
    institution.remove_day(day=MOVED, officer=cast.administrator, now=now)
    recount(now)
    assert owed(appeal) == BEFORE
    assert [row[0] for row in rows(appeal)] == ["registered", "recounted", "recounted"]
    assert {row[1] for row in rows(appeal)[1:]} == {"registered"}, "always of the promise it began with"
    count = Recount.objects.count()
    recount(now)
    assert Recount.objects.count() == count


def test_confirming_an_estimate_or_a_name_moves_nothing(promised, closed, cast, now):
    promised()
    closed()
    recount(now)
    before = Recount.objects.count()
    plan = DayPlan(MOVED, False, Names("", "", "Nauryz"), "Order No. 2", False)
    institution.set_day(day=plan, officer=cast.administrator, now=now)
    assert actions.recount_pending(now=now) == 0
    assert Recount.objects.count() == before


def test_what_is_closed_lapsed_or_standing_still_keeps_its_day(promised, closed, cast, now):
    answered, lapsed, paused, open_one = (promised(f"Нет воды {n}") for n in range(4))
    recount(now)
    Handling.objects.filter(appeal=answered).update(state=State.ANSWERED, is_open=False)
    Handling.objects.filter(appeal=lapsed).update(lapsed_on=BEFORE + timedelta(days=1))
    Handling.objects.filter(appeal=paused).update(paused_on=date(2026, 3, 12), due_on=None)
    closed()
    recount(now)
    assert [owed(one) for one in (answered, lapsed, paused, open_one)] == [BEFORE, BEFORE, None, AFTER]


def test_an_extended_term_keeps_the_day_of_the_decision_unless_it_is_closed(promised, closed, cast, now):
    appeal = promised()
    friday = date(2026, 5, 15)
    Promise.objects.create(
        appeal=appeal, office=cast.utilities, policy="kz.appc.simplified", registered_on=date(2026, 3, 20),
        due_on=friday, reason="extended", made_at=now,
    )  # fmt: skip
    Handling.objects.filter(appeal=appeal).update(due_on=friday)
    closed(MOVED)
    recount(now)
    assert owed(appeal) == friday, "a day off inside the term changes nothing"
    closed(friday)
    recount(now)
    assert (owed(appeal), rows(appeal)[-1][1]) == (date(2026, 5, 18), "extended")
    closed(friday, works=True)
    recount(now)
    assert owed(appeal) == friday, "the day of the decision is not forgotten"


def test_a_changed_rule_moves_the_promise_too(promised, cast, now, monkeypatch):
    appeal = promised()
    recount(now)
    book = policies.book()
    shorter = tuple(
        type(one)(**{**{name: getattr(one, name) for name in one.__dataclass_fields__}, "amount": 10})
        if one.id == "kz.appc.simplified"
        else one
        for one in book.policies
    )
    monkeypatch.setattr(policies, "book", lambda: policies.Book(shorter, (), frozenset()))
    recount(now)
    assert owed(appeal) == date(2026, 3, 27)


def test_killed_anywhere_and_run_again_it_comes_to_the_same(promised, closed, now, monkeypatch):
    appeals = [promised(f"Нет воды {n}") for n in range(7)]
    recount(now)
    closed()
    monkeypatch.setattr(recounting, "AT_ONCE", 2)
    real, calls = recounting.ledger.append_many, []

    def dies(acts, *, on):
        calls.append(len(acts))
        if len(calls) in (1, 3):
            raise DatabaseError("the machine went down")
        real(acts, on=on)

    monkeypatch.setattr(recounting.ledger, "append_many", dies)
    for _attempt in range(20):
        try:
            if not actions.recount_pending(now=now, limit=2):
                break
        except DatabaseError:
            continue
    assert [owed(one) for one in appeals] == [AFTER] * 7
    assert [len(rows(one)) for one in appeals] == [2] * 7
    assert Entry.objects.filter(verb="answer.recount").count() == 7
    last = Recount.objects.order_by("-id").first()
    assert (last.looked_at, last.moved) == (7, 7)


def test_a_change_in_the_middle_starts_over_and_ends_right(promised, closed, now, monkeypatch):
    appeals = [promised(f"Нет воды {n}") for n in range(4)]
    recount(now)
    closed()
    monkeypatch.setattr(recounting, "AT_ONCE", 2)
    actions.recount_pending(now=now, limit=2)
    closed(date(2026, 3, 31))
    recount(now)
    assert [owed(one) for one in appeals] == [date(2026, 4, 7)] * 4
    assert Recount.objects.filter(ended_at=None).count() == 0


def test_rest_costs_one_small_look(promised, now, django_assert_num_queries):
    promised()
    recount(now)
    with django_assert_num_queries(1):
        assert actions.recount_pending(now=now) == 0


def test_the_cost_of_a_batch_does_not_grow_with_it(promised, closed, now, django_assert_max_num_queries):
    for n in range(12):
        promised(f"Нет воды {n}")
    recount(now)
    closed()
    with django_assert_max_num_queries(24):
        actions.recount_pending(now=now, limit=12)


def test_the_officer_sees_it_on_the_appeal(promised, closed, cast, client, now):
    appeal = promised()
    closed()
    recount(now)
    client.force_login(cast.officer)
    page = client.get(reverse("answer:appeal", args=[appeal.number]), {"lang": "en"}).content.decode()
    assert "the promised day moved from 03.04.2026 to 06.04.2026" in page
    assert "the day was counted anew" in page


@pytest.fixture
def head(cast, client):
    client.force_login(cast.head)
    return client


def list_of(client, **asked):
    newest = Recount.objects.order_by("-id").first()
    return client.get(reverse("answer:moved", args=[newest.id]), asked)


def test_the_head_sees_what_moved_with_both_days_and_the_office(promised, closed, head, now):
    appeal = promised()
    closed()
    recount(now)
    (row,) = list_of(head).context["page"].rows
    assert (row.number, row.before, row.due_on, row.office.ru) == (
        appeal.number, BEFORE, AFTER, Promise.objects.filter(appeal=appeal)[0].office.name_ru,
    )  # fmt: skip
    assert head.get(reverse("answer:terms")).context["recounts"][0].moved == 1


def test_of_another_body_nothing_is_listed(promised, closed, cast, head, now):
    appeal = promised()
    Promise.objects.filter(appeal=appeal).update(office=cast.branch)
    closed()
    recount(now)
    assert Promise.objects.filter(reason="recounted").count() == 1
    assert list_of(head).context["page"].rows == []


def test_the_list_is_closed_to_a_stranger(promised, closed, cast, client, now):
    promised()
    closed()
    recount(now)
    client.force_login(cast.stranger)
    assert list_of(client).status_code == 403
    assert client.get(reverse("answer:terms")).status_code == 403


def test_the_list_costs_the_same_for_sixty_and_goes_on(promised, closed, head, now, monkeypatch):
    for n in range(3):
        promised(f"Нет воды {n}")
    closed()
    recount(now)
    list_of(head)

    def cost():
        with CaptureQueriesContext(connection) as seen:
            page = list_of(head)
        return len(seen), page.context["page"]

    whole, _page = cost()
    monkeypatch.setattr("dauys.answer.queries.recounts.PAGE", 2)
    less, page = cost()
    assert less == whole <= 12
    assert (len(page.rows), len(list_of(head, after=page.later).context["page"].rows)) == (2, 1)
    assert list_of(head, after="x" * 50).status_code == 200


def test_a_broken_file_of_rules_is_shown_with_its_line(head, settings, tmp_path, monkeypatch):
    settings.HOME = tmp_path
    monkeypatch.setattr(policies, "RECHECK_SECONDS", 0.0)
    (tmp_path / "policies").mkdir()
    (tmp_path / "policies" / "internal.toml").write_text('family = "internal"\nnames = 7\n')
    page = head.get(reverse("answer:terms"), {"lang": "en"}).content.decode()
    assert "internal.toml, line 2: this file of rules is not followed." in page
    assert "The rules that ship stay in force." in page


CHANGES = st.lists(
    st.tuples(
        st.dates(date(2026, 3, 11), date(2026, 4, 10)),
        st.sampled_from(["off", "works", "as usual"]),
        st.integers(0, 3),  # batches the worker gets done before the next change comes
    ),
    min_size=1,
    max_size=5,
)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(changes=CHANGES)
def test_whatever_happens_to_the_calendar_the_end_is_a_plain_count(promised, cast, now, monkeypatch, changes):
    monkeypatch.setattr(recounting, "AT_ONCE", 1)
    with transaction.atomic():
        kinds = ("application", "complaint", "message")
        appeals = [promised(f"Нет воды {n}", kind=kind) for n, kind in enumerate(kinds)]
        for day, change, batches in changes:
            plan = DayPlan(day, change == "works", Names("", "", ""), "Order", True)
            if change != "as usual":
                institution.set_day(day=plan, officer=None, now=now)
            elif CalendarDay.objects.filter(day=day).exists():
                institution.remove_day(day=day, officer=None, now=now)
            for _batch in range(batches):
                actions.recount_pending(now=now, limit=1)
        recount(now)
        counter = Counter(house())
        for appeal in appeals:
            office = house().offices[Promise.objects.filter(appeal=appeal)[0].office_id]
            plain = counter.owed(office=office, kind=appeal.kind, registered_on=appeal.registered_on)
            assert owed(appeal) == plain.due_on
            assert rows(appeal)[-1][2] == plain.due_on
            assert all(earlier[2] != later[2] for earlier, later in pairwise(rows(appeal))), "each row moved it"
        transaction.set_rollback(True)
    forget()

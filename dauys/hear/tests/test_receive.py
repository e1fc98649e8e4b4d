"""The one door: what is acknowledged is on the disk, once, with its ledger entry."""

import threading
from datetime import UTC, date, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from dauys.hear import actions, codes, sealing
from dauys.hear.models import Appeal, Attachment, Sealed
from dauys.hear.submission import Contact, Refused, Submission, Upload
from dauys.ledger.actions import ClockSetBack
from dauys.ledger.models import Entry

WATER = "На улице Лесной третий день нет воды"


def test_an_appeal_gets_a_number_a_code_and_an_entry(cast, now):
    receipt = actions.receive(Submission(channel="web", token="a", text=WATER), now=now)
    appeal = Appeal.objects.get()
    assert receipt.number == appeal.number == "2026-000001"
    assert codes.matches(receipt.code, appeal.code_mac)
    assert appeal.registered_on == date(2026, 3, 10)
    entry = Entry.objects.get()
    assert entry.case == appeal.case
    assert entry.leaf.splitlines()[1] == "received"
    assert WATER not in entry.leaf


def test_the_same_sending_twice_is_one_appeal_and_one_receipt(cast, now):
    submission = Submission(channel="web", token="a", text=WATER)
    first, second = (actions.receive(submission, now=now) for _ in range(2))
    assert (first.number, first.code) == (second.number, second.code)
    assert (first.is_new, second.is_new) == (True, False)
    assert Appeal.objects.count() == Entry.objects.count() == 1


def test_words_changed_after_the_back_button_are_a_second_appeal(cast, now):
    actions.receive(Submission(channel="web", token="a", text=WATER), now=now)
    actions.receive(Submission(channel="web", token="a", text=WATER + ", помогите"), now=now)
    assert list(Appeal.objects.order_by("id").values_list("number", flat=True)) == ["2026-000001", "2026-000002"]


def test_contact_data_is_sealed_and_opens_with_the_cases_own_key(cast, now):
    contact = Contact(name="Айгүл Тестова", phone="+7 700 000 00 01")
    actions.receive(Submission(channel="web", token="a", text=WATER, contact=contact), now=now)
    sealed, appeal = Sealed.objects.get(), Appeal.objects.get()
    assert "Тестова".encode() not in bytes(sealed.box)
    key = sealing.unwrap(appeal.case, sealed.wrapped_key)
    assert sealing.open_sealed(key, sealed.box, "contact") == contact.encode()


def test_an_attachment_is_sealed_on_the_disk_before_the_receipt(cast, now):
    picture = b"\x89PNG\r\n\x1a\n" + b"invented picture"
    actions.receive(
        Submission(channel="web", token="a", text=WATER, uploads=(Upload("hole.png", "image/png", picture),)), now=now
    )
    kept, appeal = Attachment.objects.get(), Appeal.objects.get()
    key = sealing.unwrap(appeal.case, appeal.sealed.wrapped_key)
    from dauys.hear import files

    assert files.open_original(kept.path, case_key=key, case=appeal.case) == picture


@pytest.mark.parametrize(
    ("change", "field", "code"),
    [
        pytest.param({"text": "  \n\u200b"}, "text", "empty", id="no visible word"),
        pytest.param({"text": "\x00\x01"}, "text", "empty", id="only control characters"),
        pytest.param({"text": "а" * 20_001}, "text", "too_long", id="too long"),
        pytest.param({"kind": "poem"}, "kind", "unknown", id="unknown kind"),
        pytest.param({"lat": 49.0}, "point", "half", id="half a point"),
        pytest.param({"lat": 149.0, "lon": 10.0}, "point", "off_the_map", id="off the map"),
        pytest.param({"place": "у" * 301}, "place", "too_long", id="place too long"),
    ],
)
def test_bad_input_is_refused_by_field(cast, now, change, field, code):
    with pytest.raises(Refused) as refused:
        actions.receive(Submission(**{"channel": "web", "token": "a", "text": WATER, **change}), now=now)
    assert (refused.value.field, refused.value.code) == (field, code)
    assert not Appeal.objects.exists()


def test_nul_and_control_characters_are_left_out_and_everything_else_stays(cast, now):
    told = "Су\x00 жоқ \u202eабв\u202c \u200dәіңғүұқөһ\r\nекінші жол"
    actions.receive(Submission(channel="web", token="a", text=told), now=now)
    assert Appeal.objects.get().text == "Су жоқ \u202eабв\u202c \u200dәіңғүұқөһ\nекінші жол"


@pytest.mark.steady_clock
def test_a_clock_a_little_behind_never_dates_an_entry_before_its_predecessor(cast, now):
    actions.receive(Submission(channel="web", token="a", text=WATER), now=now)
    actions.receive(Submission(channel="web", token="b", text=WATER), now=datetime(2026, 3, 9, 6, tzinfo=UTC))
    days = [entry.leaf.splitlines()[3] for entry in Entry.objects.order_by("id")]
    assert days == ["2026-03-10", "2026-03-10"]


@pytest.mark.steady_clock
def test_by_a_clock_set_back_a_year_nothing_is_received(cast, now):
    actions.receive(Submission(channel="web", token="a", text=WATER), now=now)
    with pytest.raises(ClockSetBack):
        actions.receive(Submission(channel="web", token="b", text=WATER), now=datetime(2025, 3, 10, 6, tzinfo=UTC))
    assert Appeal.objects.count() == 1


def test_after_hours_the_clock_starts_on_the_next_working_day(cast):
    friday_evening = datetime(2026, 3, 13, 15, 0, tzinfo=UTC)  # 20:00 where the institution is
    receipt = actions.receive(Submission(channel="web", token="a", text=WATER), now=friday_evening)
    assert receipt.registered_on == date(2026, 3, 16)


def test_an_intake_costs_at_most_twelve_statements(cast, now):
    actions.receive(Submission(channel="web", token="warm", text=WATER), now=now)
    with CaptureQueriesContext(
        connection,
    ) as asked:
        actions.receive(Submission(channel="web", token="a", text=WATER, contact=Contact(name="А")), now=now)
    assert len(asked) <= 12


@pytest.mark.django_db(transaction=True)
def test_a_crowd_at_the_door_is_written_together_and_nobody_is_lost(request, now):
    request.getfixturevalue("cast")
    receipts = []

    def knock(token: str) -> None:
        receipts.append(actions.receive(Submission(channel="web", token=token, text=WATER), now=now))
        connection.close()

    threads = [threading.Thread(target=knock, args=(str(number),)) for number in range(24)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({receipt.number for receipt in receipts}) == 24 == Appeal.objects.count() == Entry.objects.count()


def test_an_officer_without_the_right_cannot_write_down(cast, now):
    from django.core.exceptions import PermissionDenied

    spoken = Submission(channel="desk", token="a", text=WATER, taken_at_id=cast.utilities.id)
    with pytest.raises(PermissionDenied):
        actions.write_down(spoken, officer=cast.stranger, now=now)
    assert actions.write_down(spoken, officer=cast.operator, now=now).number == "2026-000001"

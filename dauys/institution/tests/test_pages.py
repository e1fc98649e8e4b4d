"""The administrator's pages: a stranger sees nothing of them, and they cost the same for fifty offices."""

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.translation import override

from dauys.institution import reach
from dauys.institution.models import Appointment, CalendarDay, Office, Topic, User
from dauys.institution.queries import forget, house
from dauys.ledger.models import Entry

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _no_second_factor(settings):
    settings.SECOND_FACTOR_REQUIRED = False


@pytest.fixture
def administrator(client, cast):
    client.force_login(cast.administrator)
    return client


def pages(cast):
    return {
        "manage": reverse("institution:manage"),
        "office": reverse("institution:office", args=["roads"]),
        "days": reverse("institution:days"),
        "topics": reverse("institution:topics"),
        "topic": reverse("institution:topic", args=["water"]),
    }


def verbs(cast):
    held = Appointment.objects.get(user=cast.operator)
    return {
        "appoint": reverse("institution:appoint", args=["roads"]),
        "add_person": reverse("institution:add_person", args=["roads"]),
        "end": reverse("institution:end", args=[held.pk]),
        "password": reverse("institution:password", args=[cast.officer.pk]),
        "remove_day": reverse("institution:remove_day", args=["2026-05-08"]),
        "offer": reverse("institution:offer", args=["water"]),
    }


@pytest.mark.parametrize("page", ["manage", "office", "days", "topics", "topic"])
def test_a_page_is_the_administrators_alone(client, cast, page):
    address = pages(cast)[page]
    assert client.get(address).status_code == 302
    for who in (cast.stranger, cast.officer, cast.head, cast.auditor):
        client.force_login(who)
        assert client.get(address).status_code == 403
    client.force_login(cast.administrator)
    assert client.get(address).status_code == 200


@pytest.mark.parametrize("verb", ["appoint", "add_person", "end", "password", "remove_day", "offer"])
def test_a_verb_is_the_administrators_alone(client, cast, verb):
    address = verbs(cast)[verb]
    assert client.post(address).status_code == 302
    client.force_login(cast.officer)
    assert client.post(address).status_code == 403
    client.force_login(cast.administrator)
    assert client.get(address).status_code == 405


@pytest.mark.parametrize("page", ["manage", "office", "days", "topics"])
def test_a_page_costs_the_same_for_fifty_more(administrator, cast, page):
    def cost() -> int:
        forget()
        house()
        with CaptureQueriesContext(connection) as seen:
            assert administrator.get(pages(cast)[page]).status_code == 200
        return len(seen)

    before = cost()
    for number in range(50):
        office = Office.objects.create(
            code=f"o{number}", parent=cast.akimat, name_ru=f"Отдел {number}", policy="kz.appc"
        )
        user = User.objects.create(email=f"u{number}@example.org", name=f"U{number}")
        Appointment.objects.create(user=user, office=office, role="officer", since_on=date(2026, 1, 1))
        Appointment.objects.create(user=user, office=cast.road_department, role="officer", since_on=date(2026, 1, 1))
        CalendarDay.objects.create(
            day=date(2026, 1, 10 + number % 20) if number < 20 else date(2027, 1, number - 19),
            works=True,
            source="x",
        )
        Topic.objects.create(code=f"t{number}", name_ru=f"Тема {number}")
    assert cost() == before <= 12


def test_a_new_person_gets_a_password_shown_once(administrator, cast):
    address = reverse("institution:add_person", args=["roads"])
    data = {"new-name": "Новая", "new-email": "New@example.org", "new-language": "kk", "new-role": "officer"}
    page = administrator.post(address, data)
    person = User.objects.get(email="new@example.org")
    shown = page.context["password"]
    assert shown in page.content.decode()
    assert person.check_password(shown)
    assert page["Cache-Control"] == "no-store"
    assert shown not in administrator.get(reverse("institution:office", args=["roads"])).content.decode()
    again = administrator.post(address, data)
    assert again.status_code == 422
    assert User.objects.get(email="new@example.org").check_password(shown), "sent twice, the first password stays"


def test_somebody_unknown_cannot_be_appointed(administrator, cast):
    address = reverse("institution:appoint", args=["roads"])
    page = administrator.post(address, {"old-email": "nobody@example.org", "old-role": "head"})
    assert page.status_code == 422
    assert "nobody@example.org" in page.content.decode()
    page = administrator.post(address, {"old-email": "stranger@example.org", "old-role": "head"})
    assert page.status_code == 302
    assert Appointment.objects.filter(user=cast.stranger, role="head", until_on=None).exists()


def test_an_appointment_ends_and_the_last_administrator_stays(administrator, cast):
    held = Appointment.objects.get(user=cast.operator)
    administrator.post(reverse("institution:end", args=[held.pk]))
    held.refresh_from_db()
    assert held.until_on is not None
    own = Appointment.objects.get(user=cast.administrator)
    administrator.post(reverse("institution:end", args=[own.pk]))
    own.refresh_from_db()
    assert own.until_on is None


def test_a_day_shows_its_effect_before_it_is_set(administrator, cast, monkeypatch, time_machine):
    time_machine.move_to("2026-03-10T06:00:00Z", tick=False)
    monkeypatch.setattr(reach, "open_promises_from", lambda day: 37)
    data = {"day": "2026-05-08", "works": "off", "source": "Order No. 1", "checked": "on"}
    page = administrator.post(reverse("institution:days"), data)
    assert page.context["effect"]["promises"] == 37
    assert not CalendarDay.objects.exists()
    page = administrator.post(reverse("institution:days"), {**data, "set": "1"})
    assert page.status_code == 302
    assert CalendarDay.objects.get().checked
    assert not house().calendar(2026).is_working(date(2026, 5, 8))
    administrator.post(reverse("institution:remove_day", args=["2026-05-08"]))
    assert not CalendarDay.objects.exists()


@pytest.mark.parametrize("day", ["2126-05-08", "yesterday", "", "0001-01-01"])
def test_a_slip_of_the_hand_is_no_day(administrator, cast, day, time_machine):
    time_machine.move_to("2026-03-10T06:00:00Z", tick=False)
    data = {"day": day, "works": "off", "source": "Order", "set": "1"}
    assert administrator.post(reverse("institution:days"), data).status_code == 422
    assert not CalendarDay.objects.exists()


def test_a_feast_announced_late_keeps_its_name_when_confirmed(administrator, cast, time_machine):
    time_machine.move_to("2026-03-10T06:00:00Z", tick=False)
    CalendarDay.objects.create(day=date(2026, 5, 27), works=False, name_en="Eid al-Adha", source="estimate")
    forget()
    form = administrator.get(reverse("institution:days"), {"day": "2026-05-27"}).context["form"]
    data = {name: form[name].value() for name in ("works", "name", "source")}
    administrator.post(reverse("institution:days"), {**data, "day": "2026-05-27", "checked": "on", "set": "1"})
    row = CalendarDay.objects.get()
    assert (row.name_en, row.name_ru, row.checked) == ("Eid al-Adha", "Курбан-айт", True)


def test_a_topic_is_renamed_closed_and_added(administrator, cast):
    address = reverse("institution:topic", args=["water"])
    assert administrator.post(address, {"kk": "", "ru": "", "en": ""}).status_code == 422
    administrator.post(address, {"kk": "Су", "ru": "Вода", "en": "Water"})
    assert house().topic_by_code["water"].name.ru == "Вода"
    administrator.post(reverse("institution:offer", args=["water"]), {"close": "1"})
    assert not house().topic_by_code["water"].is_open
    administrator.post(reverse("institution:offer", args=["water"]), {"open": "1"})
    assert house().topic_by_code["water"].is_open
    new = {"ru": "Колодцы", "parent": "water", "code": "water.wells"}
    assert administrator.post(reverse("institution:topics"), new).status_code == 302
    assert administrator.post(reverse("institution:topics"), new).status_code == 422
    assert house().topic_by_code["water.wells"].parent_id == house().topic_by_code["water"].id


def test_an_administrator_of_one_office_reads_all_and_changes_their_own(client, cast):
    user = User.objects.create_user("small@example.org", "x", name="Small")
    Appointment.objects.create(user=user, office=cast.utilities, role="administrator", since_on=date(2026, 1, 1))
    client.force_login(user)
    assert not client.get(reverse("institution:office", args=["roads"])).context["mine"]
    assert client.get(reverse("institution:office", args=["utilities"])).context["mine"]
    data = {"new-name": "Н", "new-email": "n@example.org", "new-language": "ru", "new-role": "officer"}
    assert client.post(reverse("institution:add_person", args=["roads"]), data).status_code == 403
    assert not User.objects.filter(email="n@example.org").exists()
    topic = {"kk": "", "ru": "Вода", "en": ""}
    assert client.post(reverse("institution:topic", args=["water"]), topic).status_code == 403


@pytest.mark.parametrize("address", ["offices/none/", "topics/none/"])
def test_what_is_not_there_is_not_found(administrator, cast, address):
    assert administrator.get(f"/desk/institution/{address}").status_code == 404


TABLE = """day;works;name;source;checked
08.05.2026;no;;Order No. 1 of 12 January 2026;yes
2026-05-09;yes;;Order No. 1 of 12 January 2026;yes
"""
TOML = """
[[year]]
year = 2026
checked = true

[[day]]
day = 2026-05-08
works = false
source = "Order No. 1"
checked = true
"""


def test_many_days_show_their_effect_and_are_set_together(administrator, cast, monkeypatch):
    monkeypatch.setattr(reach, "open_promises_from", lambda day: 37 if day == date(2026, 5, 8) else 0)
    address = reverse("institution:days_file")
    shown = administrator.post(address, {"text": TABLE})
    assert [(plan.day.isoformat(), plan.works, moves) for plan, _name, moves in shown.context["plans"]] == [
        ("2026-05-08", False, True),
        ("2026-05-09", True, True),
    ]
    assert shown.context["promises"] == 37
    assert not CalendarDay.objects.exists()
    assert administrator.post(address, {"text": shown.context["text"], "set": "1"}).status_code == 302
    assert not house().calendar(2026).is_working(date(2026, 5, 8))
    assert house().calendar(2026).is_working(date(2026, 5, 9))
    assert Entry.objects.filter(verb="institution.set_day", leaf__isnull=False).count() == 2


def test_a_shipped_calendar_file_can_be_chosen_as_it_is(administrator, cast):
    for name, text in (("days.toml", TOML), ("days.csv", TABLE)):
        chosen = SimpleUploadedFile(name, text.encode("utf-8-sig"))
        shown = administrator.post(reverse("institution:days_file"), {"file": chosen})
        assert shown.context["plans"][0][0].day == date(2026, 5, 8)


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        pytest.param("", None, "Choose a file or paste", id="nothing"),
        pytest.param("day,works,source\n", None, "no day in the table", id="a head alone"),
        pytest.param("a day off\n2026-05-08", 1, "columns", id="no head"),
        pytest.param("day,works,source\n2026-02-30,no,Order", 2, "Write it as 2026-05-08", id="no such day"),
        pytest.param("day,works,source\n2126-05-08,no,Order", 2, "Check the year", id="another century"),
        pytest.param("day,works,source\n\n2026-05-08,maybe,Order", 3, "Write yes or no", id="neither yes nor no"),
        pytest.param("day,works,source\n2026-05-08,no,", 2, "number and date of the order", id="no order"),
        pytest.param("day,works,source\n2026-05-08,no,O\n2026-05-08,yes,O", 3, "stands twice", id="twice"),
        pytest.param("day,works,source\n2026-05-08,no,O,more,more", 2, "columns", id="too many cells"),
        pytest.param(TOML.replace("works = false", "works = maybe"), 8, "cannot be read", id="not TOML"),
        pytest.param(TOML + "wroks = true\n", 6, "not known", id="a misspelt key"),
        pytest.param(TOML.replace("2026-05-08", '"soon"'), 6, "Write it as 2026-05-08", id="a word for a day"),
    ],
)
def test_a_mistake_in_a_table_of_days_has_its_line_and_changes_nothing(administrator, cast, text, line, said):
    address = reverse("institution:days_file")
    with override("en"):
        page = administrator.post(f"{address}?lang=en", {"text": text, "set": "1"})
    assert page.status_code == 422
    told = " ".join(page.context["form"].errors["text"])
    assert said in told
    assert line is None or f"Line {line}:" in told
    assert not CalendarDay.objects.exists()


def test_bytes_that_are_no_text_are_refused(administrator, cast):
    chosen = SimpleUploadedFile("days.csv", b"day\xff")
    page = administrator.post(reverse("institution:days_file"), {"file": chosen})
    assert page.status_code == 422
    assert "file" in page.context["form"].errors


def test_a_feast_announced_for_another_day_moves(administrator, cast, time_machine):
    time_machine.move_to("2026-03-10T06:00:00Z", tick=False)
    expected, announced = date(2026, 5, 27), date(2026, 5, 28)
    page = administrator.get(reverse("institution:days"))
    assert expected in [day for day, _name in page.context["unconfirmed"]]
    data = {
        "day": announced.isoformat(), "works": "off", "name": "Eid al-Adha", "instead": expected.isoformat(),
        "source": "Announcement of 20 May 2026", "checked": "on",
    }  # fmt: skip
    shown = administrator.post(reverse("institution:days"), data)
    assert shown.context["effect"]["instead"] == expected
    administrator.post(reverse("institution:days"), {**data, "set": "1"})
    calendar = house().calendar(2026)
    assert (calendar.is_working(expected), calendar.is_working(announced)) == (True, False)
    assert not {expected, announced} & calendar.unconfirmed
    assert calendar.name_of(announced) == "Eid al-Adha"

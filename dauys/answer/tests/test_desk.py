"""The desk: the right appeals in the right order, page after page, and nothing for strangers."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from dauys.answer import actions, queries
from dauys.answer.models import Handling
from dauys.answer.queries import Asked
from dauys.institution.models import CalendarDay
from dauys.institution.queries import forget

TODAY = date(2026, 3, 10)


@pytest.fixture
def row(cast, heard):
    """A handling made by hand: the lists are asked for many states that take many days to live through."""

    def make(**told):
        appeal = heard(told.pop("text", "Слова"))
        values = {
            "state": "promised", "is_open": True, "begin_by": told.get("due_on", TODAY + timedelta(days=5)),
            "acting_id": cast.utilities.id, "clock_id": cast.utilities.id,
            "due_on": TODAY + timedelta(days=5), "received_at": appeal.received_at, **told,
        }  # fmt: skip
        return Handling.objects.create(appeal_id=appeal.id, **values).appeal_id

    return make


def test_each_list_holds_what_it_says(cast, row):
    mine = row(officer=cast.officer)
    today = row(due_on=TODAY)
    late = row(due_on=TODAY - timedelta(days=1))
    disputed = row(state="disputed")
    unread = row(unread=True)
    unrouted = row(state="unrouted", acting_id=None, clock_id=None)
    answered = row(state="answered", is_open=False, due_on=TODAY)
    others = row(acting_id=cast.road_department.id, clock_id=cast.road_department.id)

    def listed(user, view):
        return {one.appeal_id for one in queries.desk(user, Asked(view=view), today=TODAY).rows}

    assert listed(cast.officer, "mine") == {mine}
    assert listed(cast.officer, "office") == {mine, today, late, disputed, unread}
    assert listed(cast.officer, "today") == {today}
    assert listed(cast.officer, "late") == {late}
    assert listed(cast.officer, "disputed") == {disputed}
    assert listed(cast.officer, "unread") == {unread}
    assert listed(cast.officer, "unrouted") == set()
    assert listed(cast.officer, "answered") == {answered}
    assert listed(cast.head, "office") == {mine, today, late, disputed, unread, unrouted, others}
    assert listed(cast.head, "unrouted") == listed(cast.operator, "unrouted") == {unrouted}
    assert listed(cast.auditor, "office") == {mine, today, late, disputed, unread, others}
    assert listed(cast.stranger, "office") == set()
    assert queries.badges(cast.officer, today=TODAY) == {
        "mine": 1, "office": 5, "today": 1, "late": 1, "disputed": 1, "unread": 1,
    }  # fmt: skip
    assert queries.badges(cast.stranger, today=TODAY) == {}


def test_the_desk_opens_where_the_work_is(cast, row, client_of):
    row()
    assert client_of("officer").get(reverse("answer:desk")).context["asked"].view == "office"
    row(officer=cast.officer)
    assert client_of("officer").get(reverse("answer:desk")).context["asked"].view == "mine"
    assert client_of("head").get(reverse("answer:desk")).context["asked"].view == "office"
    assert client_of("head").get(reverse("answer:desk") + "?view=mine").context["asked"].view == "mine"


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        pytest.param({"topic": "water"}, {"a"}, id="a topic holds its parts"),
        pytest.param({"topic": "water.outage"}, {"a"}, id="one part"),
        pytest.param({"topic": "no such"}, set(), id="an unknown topic finds nothing"),
        pytest.param({"district": "102000000"}, {"a"}, id="a district holds its villages"),
        pytest.param({"district": "102030100"}, {"a"}, id="one village"),
        pytest.param({"district": "999"}, set(), id="an unknown place finds nothing"),
        pytest.param({"office": "roads"}, {"b"}, id="an office"),
        pytest.param({"number": "2026-000002"}, {"b"}, id="a number"),
        pytest.param({"number": "2026-0000"}, {"a", "b", "closed"}, id="the beginning of a number, closed ones too"),
        pytest.param({"number": "'; drop table"}, set(), id="no number at all"),
    ],
)
def test_filters(cast, row, asked, found):
    known = {
        row(topic_id=cast.water.id, area_id=cast.village.id, district_id=cast.district.id): "a",
        row(topic_id=cast.roads.id, acting_id=cast.road_department.id): "b",
        row(state="answered", is_open=False): "closed",
    }
    shown = queries.desk(cast.head, Asked(view="office", **asked), today=TODAY)
    assert {known[one.appeal_id] for one in shown.rows} == found


def test_pages_meet_without_gap_or_repetition_in_both_directions(cast, row):
    days = [TODAY + timedelta(days=step % 3) for step in range(9)]
    for due_on in [*days, None, None]:
        row(due_on=due_on)
    whole = [one.appeal_id for one in queries.desk(cast.officer, Asked(view="office"), today=TODAY, limit=50).rows]
    assert len(whole) == 11
    assert [Handling.objects.get(appeal_id=one).due_on for one in whole[-2:]] == [None, None]

    walked, pages, key = [], [], ""
    while True:
        shown = queries.desk(cast.officer, Asked(view="office", after=key), today=TODAY, limit=2)
        walked += [one.appeal_id for one in shown.rows]
        pages.append([one.appeal_id for one in shown.rows])
        key = shown.later
        if not key:
            break
    assert walked == whole
    back, key = [pages[-1]], shown.earlier
    while key:
        shown = queries.desk(cast.officer, Asked(view="office", before=key), today=TODAY, limit=2)
        back.append([one.appeal_id for one in shown.rows])
        key = shown.earlier
    # Walking back, only the last page found may be cut differently: nothing is lost or doubled.
    assert [one for page in reversed(back) for one in page] == whole


@pytest.mark.parametrize("key", ["x", "2026-13-45.1", "2026-03-10.", ".", "2026-03-10.99999999999999999999999", "-.x"])
def test_a_broken_key_shows_the_first_page(client_of, row, key):
    row()
    response = client_of("officer").get("/desk/", {"view": "office", "after": key})
    assert response.status_code == 200


# Pages


def test_the_desk_costs_the_same_for_fifty_appeals(client_of, row):
    costs = []
    client = client_of("head")
    client.get("/desk/?view=office")
    for count in (5, 45):
        for _ in range(count):
            row()
        with CaptureQueriesContext(connection) as asked:
            response = client.get("/desk/?view=office")
        costs.append(len(asked))
        assert response.status_code == 200
    assert response.content.count(b"data-row>") == 50
    assert costs[0] == costs[1] <= 12, [one["sql"][:90] for one in asked]


def test_an_appeal_costs_the_same_however_long_its_story(client_of, cast, promised, now):
    appeal = promised("Нет воды " * 50)
    client = client_of("officer")
    address = reverse("answer:appeal", args=[appeal.number])
    client.get(address)
    costs = []
    for count in (2, 40):
        for number in range(count):
            for note in (True, False):
                actions.write(
                    appeal_id=appeal.id,
                    text=f"Слово {number}",
                    note=note,
                    token=f"{count}",
                    officer=cast.officer,
                    now=now,
                )
        with CaptureQueriesContext(connection) as asked:
            assert client.get(address).status_code == 200
        costs.append(len(asked))
    assert costs[0] == costs[1] <= 12, [one["sql"][:90] for one in asked]


PAGES = ["", "take/", "assign/", "redirect/", "write/", "draft/", "send/", "contact/", "alike/", "file/1/"]


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("who", ["nobody", "stranger", "administrator", "road_officer"])
def test_a_stranger_sees_nothing(client_of, promised, contact, page, who):
    secret = "Тайная улица, дом 7"
    appeal = promised(secret, contact=contact)
    client = Client() if who == "nobody" else client_of(who)
    address = f"/desk/appeal/{appeal.number}/{page}"
    method = client.get if page in ("", "alike/", "file/1/") else client.post
    response = method(address, {"text": "x", "token": "y", "go": "preview"})
    assert response.status_code == (302 if who == "nobody" else 404)
    for hidden in (secret, "Тестова", "Water"):
        assert hidden not in response.content.decode()
    # An appeal that does not exist looks just the same.
    assert method(f"/desk/appeal/2026-999999/{page}").status_code == response.status_code


@pytest.mark.parametrize(("who", "status"), [("nobody", 302), ("stranger", 403), ("administrator", 403)])
def test_the_desk_is_closed_to_strangers(client_of, promised, who, status):
    promised("Тайная улица")
    client = Client() if who == "nobody" else client_of(who)
    response = client.get("/desk/")
    assert response.status_code == status
    assert "Тайная" not in response.content.decode()


def test_an_auditor_reads_and_touches_nothing(client_of, promised, contact):
    appeal = promised(contact=contact)
    client = client_of("auditor")
    page = client.get(f"/desk/appeal/{appeal.number}/").content.decode()
    assert appeal.text in page
    assert "<form" in page  # signing out
    for verb in ("take", "assign", "redirect", "write", "draft", "send", "contact"):
        assert f"/{verb}/" not in page
        assert client.post(f"/desk/appeal/{appeal.number}/{verb}/", {"text": "x", "token": "y"}).status_code in (
            403,
            302,
            422,
        )
    assert set(Handling.objects.values_list("state", "officer")) == {("promised", None)}


def test_the_contact_is_hidden_until_asked_for(client_of, promised, contact):
    appeal = promised(contact=contact)
    client = client_of("officer")
    assert "Тестова" not in client.get(f"/desk/appeal/{appeal.number}/").content.decode()
    assert "Тестова" in client.post(f"/desk/appeal/{appeal.number}/contact/").content.decode()
    assert "Тестова" not in client.get(f"/desk/appeal/{appeal.number}/").content.decode()


def test_hostile_words_stay_words(client_of, cast, promised, now):
    hostile = "<script>alert(1)</script> \u202eбез воды <img src=x onerror=alert(2)> {{ 7|add:7 }}"
    appeal = promised(hostile, place="\u202e<b>дом</b>")
    actions.citizen_writes(appeal_id=appeal.id, text=hostile, token="t", now=now)
    client = client_of("officer")
    for address in ("/desk/?view=office", f"/desk/appeal/{appeal.number}/"):
        page = client.get(address).content.decode()
        assert "<script>alert" not in page
        assert "<img src=x" not in page
        assert "&lt;script&gt;alert(1)" in page
        assert "{{ 7|add:7 }}" in page
    # Right-to-left tricks end where the citizen's words end.
    assert '<p class="words" dir="auto"' in page
    assert "<bdi>\u202e&lt;b&gt;дом" in page


def test_an_officer_answers_on_the_page(client_of, cast, promised, settings):
    settings.UNDO_SECONDS = 0
    appeal = promised()
    client, at = client_of("officer"), f"/desk/appeal/{appeal.number}/"
    assert client.post(at + "take/", follow=True).status_code == 200
    untouched = client.get(at).context["answer_form"].initial["text"]
    response = client.post(at + "draft/", {"text": untouched, "outcome": "explained", "go": "preview"}, follow=True)
    seen = response.context["page"].draft.saved_at.isoformat()
    response = client.post(at + "send/", {"seen": seen}, follow=True)
    assert "[суть обращения одним предложением]" in "".join(map(str, response.context["messages"]))
    response = client.post(
        at + "draft/",
        {"text": "Насос заменён.", "outcome": "satisfied", "seen": seen, "go": "preview"},
        follow=True,
    )
    stale = client.post(at + "send/", {"seen": seen}, follow=True)
    assert stale.context["handling"].is_open  # the draft has changed since that look
    seen = response.context["page"].draft.saved_at.isoformat()
    client.post(at + "send/", {"seen": seen, "why": "told"})
    response = client.get(at)
    assert (response.context["handling"].state, response.context["page"].answers[0].text) == (
        "answered",
        "Насос заменён.",
    )


def test_a_draft_saves_itself(client_of, promised):
    appeal = promised()
    client = client_of("officer")
    response = client.post(
        f"/desk/appeal/{appeal.number}/draft/",
        {"text": "Начало", "outcome": ""},
        headers={"HX-Request": "true"},
    )
    assert response.status_code == 200
    assert 'id="seen"' in response.content.decode()
    assert "Начало" in client.get(f"/desk/appeal/{appeal.number}/").content.decode()


def test_two_officers_drafts_meet_in_sight(client_of, cast, promised):
    appeal = promised()
    at = f"/desk/appeal/{appeal.number}/draft/"
    client_of("officer").post(at, {"text": "Слова офицера", "outcome": ""})
    head = client_of("head")
    response = head.post(at, {"text": "Слова начальника", "outcome": ""})
    page = response.content.decode()
    assert response.status_code == 409
    assert "Слова офицера" in page
    assert "Слова начальника" in page
    seen = response.context["answer_form"]["seen"].value()
    assert head.post(at, {"text": "Слова начальника", "outcome": "", "seen": seen}).status_code == 302


def test_reading_tells_the_citizen_and_clears_the_mark(client_of, promised, now):
    appeal = promised()
    actions.citizen_writes(appeal_id=appeal.id, text="Когда?", token="t", now=now)
    client_of("auditor").get(f"/desk/appeal/{appeal.number}/")
    assert Handling.objects.get().unread
    client_of("officer").get(f"/desk/appeal/{appeal.number}/")
    assert not Handling.objects.get().unread


def test_the_promise_is_explained_day_by_day(client_of, cast, promised):
    appeal = promised()
    page = queries.appeal_page(cast.officer, appeal.number)
    days = [day for day in page.promise.days if day.on]
    assert [day.number for day in days if day.number][-1] == 15
    assert (page.promise.due_on, page.promise.stands, days[-1].look) == (date(2026, 4, 3), True, "due")
    assert {day.on: day.look for day in days}[date(2026, 3, 23)] == "off"  # Nauryz, moved from Saturday
    html = client_of("officer").get(f"/desk/appeal/{appeal.number}/").content.decode()
    assert "APPC art." in html


def test_a_number_typed_whole_opens_the_appeal(client_of, promised):
    appeal = promised()
    response = client_of("officer").get("/desk/", {"number": appeal.number})
    assert response.headers["Location"] == f"/desk/appeal/{appeal.number}/"


def test_empty_lists_say_what_to_do(client_of, cast):
    for view in queries.views_for(cast.head):
        page = client_of("head").get("/desk/", {"view": view})
        assert 'class="empty"' in page.content.decode()


def test_an_old_promise_keeps_its_day_when_the_calendar_changes(promised, cast):
    appeal = promised()
    CalendarDay.objects.create(day=date(2026, 3, 30), works=False, source="order No. 1", checked=True)
    forget()
    page = queries.appeal_page(cast.officer, appeal.number)
    assert (page.promise.due_on, page.promise.counted_to, page.promise.stands) == (
        date(2026, 4, 3), date(2026, 4, 6), False,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("text", "is_warned"),
    [
        ("Насос заменён, вода подана вчера вечером во все дома улицы.", False),
        ("Сорғы ауыстырылды, кеше кешке көшедегі барлық үйге су берілді.", True),
        ("ОК, 12:30", False),
    ],
)
def test_an_answer_in_another_language_than_asked_for_is_noticed_before_it_is_sent(
    client_of, promised, text, is_warned
):
    appeal = promised()  # asks for its answer in Russian
    client, at = client_of("officer"), f"/desk/appeal/{appeal.number}/"
    page = client.post(at + "draft/", {"text": text, "outcome": "satisfied", "go": "preview"}, follow=True)
    assert ("This text reads as" in page.content.decode()) is is_warned


def test_what_has_no_office_yet_is_read_at_the_top_of_a_house_and_not_in_every_branch(cast, client, now):
    from dauys.hear.actions import receive
    from dauys.hear.submission import Submission
    from dauys.institution.models import Appointment
    from dauys.understand.actions import examine_pending

    receive(Submission(channel="web", token="lost", text="Непонятно о чём"), now=now)
    examine_pending(now=now)
    actions.route_and_promise_pending(now=now)
    Appointment.objects.filter(user=cast.officer).update(role="head")  # head of one department
    for person, sees in ((cast.head, True), (cast.officer, False)):
        client.force_login(person)
        assert ("2026-000001" in client.get("/desk/?view=unrouted").content.decode()) is sees
        assert (client.get("/desk/appeal/2026-000001/").status_code == 200) is sees


def _three_of_one_matter(now):
    from dauys.hear.actions import receive
    from dauys.hear.submission import Submission
    from dauys.understand.actions import examine_pending
    from dauys.understand.models import Examination

    numbers = [
        receive(
            Submission(channel="web", token=str(one), text=f"Прорвало трубу на улице Заречной, двор залит, {one}",
                       lat=49.95, lon=82.61),
            now=now,
        ).number
        for one in range(3)
    ]  # fmt: skip
    examine_pending(now=now)
    actions.route_and_promise_pending(now=now)
    first = Examination.objects.order_by("appeal_id").first()
    Examination.objects.update(matter_id=first.appeal_id)
    return numbers


@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}])
def test_what_the_machine_offers_as_one_matter_a_person_brings_together_and_parts(cast, client, now, headers):
    from dauys.understand.models import Belonging

    one, two, three = _three_of_one_matter(now)
    client.force_login(cast.operator)
    address = reverse("answer:alike", args=[one])
    offered = client.get(address, headers={"accept-language": "en", **headers}).content.decode()
    assert "3 appeals" in offered
    assert "Words in common" in offered
    assert offered.count(f'name="join" value="{two}"') == 2
    client.post(address, {"join": [two, three]}, headers=headers)
    assert Belonging.objects.values("problem").distinct().count() == 1
    assert Belonging.objects.count() == 3
    client.post(address, {"part": two}, headers=headers)
    assert Belonging.objects.count() == 2


def test_nobody_joins_what_they_may_not_read(cast, client, now):
    from dauys.understand.models import Belonging

    one, two, _three = _three_of_one_matter(now)
    client.force_login(cast.stranger)
    assert client.post(reverse("answer:alike", args=[one]), {"join": two}).status_code in (403, 404)
    client.force_login(cast.operator)
    assert client.post(reverse("answer:alike", args=[one]), {"join": "2026-999999"}).status_code == 404
    assert not Belonging.objects.exists()

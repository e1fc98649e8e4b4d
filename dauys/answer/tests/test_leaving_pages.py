"""Ten seconds on the pages: the bar with the way back, news of others, lists that keep themselves."""

import sys
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from dauys.answer import actions
from dauys.answer.models import Answer, Deferred, Handling, Presence

SAID = "Насос заменён 12 марта, вода подаётся. Основание: договор № 5."
TEN = timedelta(seconds=10)
SPITE = {"why": "own", "why_said": "Проверка пробная"}
"""The check of answers asks why one leaves all the same; what it finds is tested elsewhere."""


@pytest.fixture
def client_of(client_of):
    return partial(client_of, language="en")


@pytest.fixture
def moment(monkeypatch, now):
    """The pages' clock, to be moved: `moment(seconds)`."""
    from dauys.answer import views

    def at(seconds):
        for page in ("leaving", "company", "shared", "writing", "appeal", "desk"):
            monkeypatch.setattr(
                sys.modules[f"{views.__name__}.{page}"].timezone, "now", lambda: now + timedelta(seconds=seconds)
            )

    at(0)
    return at


def previewed(client, appeal, text=SAID):
    """Write and preview by the page; what its button would post."""
    at = f"/desk/appeal/{appeal.number}/"
    page = client.post(at + "draft/", {"text": text, "outcome": "satisfied", "go": "preview"}, follow=True)
    return {"seen": page.context["page"].draft.saved_at.isoformat(), "as_of": page.context["as_of"]}


def sent(client, appeal, told):
    return client.post(f"/desk/appeal/{appeal.number}/send/", {**told, **SPITE}, follow=True)


def test_sending_goes_on_to_the_next_and_offers_the_way_back(promised, client_of, moment, now):
    one, two, three = (promised(f"Слова {number}") for number in range(3))
    client = client_of("officer")
    client.get("/desk/?view=office")
    page = sent(client, two, previewed(client, two))
    assert page.redirect_chain[-1][0] == f"/desk/appeal/{three.number}/"
    html = page.content.decode()
    assert f"The answer to {two.number} leaves in" in html
    assert "<span data-seconds>10</span>" in html
    page = sent(client, three, previewed(client, three))
    assert page.redirect_chain[-1][0] == f"/desk/appeal/{one.number}/", "past the end of the list comes its beginning"
    back = client.post(f"/desk/appeal/{two.number}/undo/", follow=True)
    assert back.redirect_chain[-1][0] == f"/desk/appeal/{two.number}/"
    assert "Taken back" in back.content.decode()
    assert SAID in back.content.decode()
    actions.leave_pending(now=now + TEN)
    assert [answer.appeal_id for answer in Answer.objects.all()] == [three.id]


def test_while_it_leaves_nobody_else_presses_anything(promised, client_of, moment):
    appeal = promised()
    client = client_of("officer")
    sent(client, appeal, previewed(client, appeal))
    page = client_of("head").get(f"/desk/appeal/{appeal.number}/").content.decode()
    assert "has just pressed the button on this appeal" in page
    for closed in ("/send/", "/redirect/", "/assign/", 'id="id_text"'):
        assert closed not in page
    answer = client_of("head").post(f"/desk/appeal/{appeal.number}/take/", follow=True)
    assert answer.status_code == 200


def test_a_colleagues_words_come_back_to_them_while_it_leaves(promised, client_of, moment):
    appeal = promised()
    client = client_of("officer")
    told = previewed(client, appeal)
    sent(client, appeal, told)
    late = client_of("head").post(
        f"/desk/appeal/{appeal.number}/draft/", {"text": "Слова начальника", "outcome": "refused", "go": "preview"}
    )
    assert late.status_code == 409
    assert "Слова начальника" in late.content.decode()


def test_undone_too_late_is_told_and_changes_nothing(promised, client_of, moment, now):
    appeal = promised()
    client = client_of("officer")
    sent(client, appeal, previewed(client, appeal))
    actions.leave_pending(now=now + TEN)
    page = client.post(f"/desk/appeal/{appeal.number}/undo/", follow=True).content.decode()
    assert "It has left already" in page
    assert Answer.objects.count() == 1


def test_what_could_not_leave_stands_on_the_desk_until_it_is_seen(promised, cast, client_of, moment, now):
    appeal = promised()
    client = client_of("officer")
    sent(client, appeal, previewed(client, appeal))
    actions.send_answer(appeal_id=appeal.id, outcome="refused", text="Нет.", officer=cast.head, now=now)
    actions.leave_pending(now=now + TEN)
    page = client.get("/desk/").content.decode()
    assert f"The answer to {appeal.number} was not sent." in page
    assert "A colleague has just answered this appeal." in page
    assert "was not sent" not in client_of("head").get("/desk/").content.decode()
    client.post(f"/desk/appeal/{appeal.number}/undo/")
    assert "was not sent" not in client.get("/desk/").content.decode()


def test_the_bar_asks_again_when_the_moment_has_come(promised, client_of, moment, now):
    appeal = promised()
    client = client_of("officer")
    sent(client, appeal, previewed(client, appeal))
    moment(4)
    bar = client.get("/desk/leaving/", headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in bar
    assert "<span data-seconds>6</span>" in bar
    assert f"was={appeal.number}" in bar
    actions.leave_pending(now=now + TEN)
    moment(11)
    bar = client.get(f"/desk/leaving/?was={appeal.number}&was=<b>", headers={"HX-Request": "true"}).content.decode()
    assert f"{appeal.number}: done." in bar
    assert "<b>" not in bar
    assert "hx-get" not in bar


def test_without_a_wait_it_is_done_at_once(promised, client_of, moment, settings):
    settings.UNDO_SECONDS = 0
    appeal = promised()
    client = client_of("officer")
    sent(client, appeal, previewed(client, appeal))
    assert Answer.objects.count() == 1
    assert not Deferred.objects.exists()


@pytest.mark.parametrize(
    ("happens", "is_news"),
    [
        pytest.param("citizen writes", True, id="the citizen has written"),
        pytest.param("colleague notes", True, id="a colleague left a note"),
        pytest.param("own note", False, id="the officer's own doing"),
        pytest.param("somebody reads", False, id="a look at the contact"),
    ],
)
def test_a_page_that_has_grown_old_sends_nothing_before_its_news_is_seen(
    promised, cast, client_of, moment, now, contact, happens, is_news
):
    appeal = promised(contact=contact)
    client = client_of("officer")
    told = previewed(client, appeal)
    {
        "citizen writes": lambda: actions.citizen_writes(appeal_id=appeal.id, text="Уже дали", token="t", now=now),
        "colleague notes": lambda: actions.write(
            appeal_id=appeal.id, text="Подожди", note=True, token="t", officer=cast.head, now=now
        ),
        "own note": lambda: actions.write(
            appeal_id=appeal.id, text="Себе", note=True, token="t", officer=cast.officer, now=now
        ),
        "somebody reads": lambda: actions.open_contact(appeal_id=appeal.id, officer=cast.head, now=now),
    }[happens]()
    page = sent(client, appeal, told)
    assert Deferred.objects.exists() is not is_news
    assert ("Meanwhile: " in page.content.decode()) is is_news
    sent(client, appeal, {**told, "as_of": page.context["as_of"]} if is_news else told)
    assert Deferred.objects.exists()


def test_passing_on_from_an_old_page_keeps_the_words(promised, cast, client_of, moment, now):
    appeal = promised()
    client = client_of("officer")
    as_of = client.get(f"/desk/appeal/{appeal.number}/").context["as_of"]
    actions.citizen_writes(appeal_id=appeal.id, text="Это дорога, не вода", token="t", now=now)
    told = {"office": cast.road_department.id, "reason": "Сфера отдела дорог", "clock": "goes", "as_of": as_of}
    page = client.post(f"/desk/appeal/{appeal.number}/redirect/", told)
    assert page.status_code == 409
    assert "Сфера отдела дорог" in page.content.decode()
    assert not Deferred.objects.exists()


def test_colleagues_at_one_appeal_see_each_other(promised, cast, client_of, moment):
    appeal = promised()
    at = f"/desk/appeal/{appeal.number}/here/"
    officer, head = client_of("officer"), client_of("head")
    assert officer.post(at, {"as_of": "2"}).content.decode().strip() == ""
    assert "Officer has this appeal open" in head.post(at, {"as_of": "2"}).content.decode()
    moment(20)
    officer.post(f"/desk/appeal/{appeal.number}/draft/", {"text": "Начал", "outcome": ""})
    assert "Officer is writing here" in head.post(at, {"as_of": "2"}).content.decode()
    moment(120)
    assert "Officer" not in head.post(at, {"as_of": "2"}).content.decode()
    assert Presence.objects.count() == 1, "who was here a minute ago is forgotten"


def test_a_knock_that_comes_soon_after_another_writes_nothing(promised, cast, now):
    appeal = promised()
    actions.be_here(appeal_id=appeal.id, officer=cast.officer, now=now)
    with CaptureQueriesContext(connection) as asked:
        actions.be_here(appeal_id=appeal.id, officer=cast.officer, now=now + timedelta(seconds=3))
    assert len(asked) == 1


def test_a_page_hears_what_has_happened_since_it_was_made(promised, client_of, moment, now):
    appeal = promised()
    client = client_of("officer")
    as_of = client.get(f"/desk/appeal/{appeal.number}/").context["as_of"]
    at = f"/desk/appeal/{appeal.number}/here/"
    assert "Since you opened" not in client.post(at, {"as_of": as_of}).content.decode()
    actions.citizen_writes(appeal_id=appeal.id, text="Тайное слово", token="t", now=now)
    told = client.post(at, {"as_of": as_of}).content.decode()
    assert "The citizen wrote" in told
    assert "Тайное" not in told


# The list that keeps itself


def test_the_list_says_how_many_are_new_and_then_only_that_nothing_has_changed(promised, client_of, moment):
    shown = [promised(f"Слова {number}") for number in range(2)]
    client = client_of("officer")
    page = client.get("/desk/?view=office")
    address = "/desk/fresh/?" + page.context["fresh"]
    first = client.get(address)
    assert (first.status_code, first.content.decode().strip()) == (200, "")
    same = client.get(address, headers={"If-None-Match": first.headers["ETag"]})
    assert (same.status_code, same.content) == (304, b"")
    promised("Новое")
    other = client.get(address, headers={"If-None-Match": first.headers["ETag"]})
    assert other.status_code == 200
    assert "1 new: show" in other.content.decode()
    Handling.objects.filter(appeal_id=shown[0].id).update(is_open=False, state="answered")
    Handling.objects.filter(appeal__text="Новое").update(is_open=False, state="answered")
    assert "The list has changed." in client.get(address).content.decode()


def test_asking_whether_a_list_has_changed_costs_the_same_for_many(promised, client_of, moment):
    client, costs = client_of("officer"), []
    for many in (2, 40):
        for number in range(many):
            promised(f"Слова {many} {number}")
        address = "/desk/fresh/?" + client.get("/desk/?view=office").context["fresh"]
        with CaptureQueriesContext(connection) as asked:
            client.get(address)
        costs.append(len(asked))
    assert costs[0] == costs[1] <= 6, [one["sql"][:90] for one in asked]


@pytest.mark.parametrize("ids", ["", "1.2.x", "9" * 3000, "...", "-1.²"])
def test_a_list_that_was_never_shown_is_asked_about_without_harm(promised, client_of, ids):
    promised()
    assert client_of("officer").get("/desk/fresh/", {"view": "office", "ids": ids}).status_code == 200


def test_strangers_learn_nothing_from_it(promised, client_of):
    appeal = promised("Тайная улица")
    for who in ("stranger", "administrator"):
        client = client_of(who)
        assert client.get("/desk/fresh/?view=office").status_code == 403
        assert client.get("/desk/leaving/").status_code == 403
        for verb in ("undo", "give-back", "here"):
            assert client.post(f"/desk/appeal/{appeal.number}/{verb}/").status_code == 404
            assert client.post(f"/desk/appeal/2026-999999/{verb}/").status_code == 404
    assert not Presence.objects.exists()


# Several at once


def test_several_are_taken_with_one_press(promised, cast, client_of):
    one, two, three = (promised(f"Слова {number}") for number in range(3))
    actions.take(appeal_id=two.id, officer=cast.head, now=datetime(2026, 3, 10, 7, tzinfo=UTC))
    client = client_of("officer")
    client.get("/desk/?view=office&topic=water.outage")
    page = client.post("/desk/take/", {"number": [one.number, two.number]}, follow=True)
    assert page.redirect_chain[-1][0] == "/desk/?view=office"
    html = page.content.decode()
    assert "1 appeal is yours now" in html
    assert f"{two.number}: Head has just taken this appeal." in html
    assert dict(Handling.objects.values_list("appeal_id", "officer_id")) == {
        one.id: cast.officer.id, two.id: cast.head.id, three.id: None,
    }  # fmt: skip
    assert client.post("/desk/take/", {"number": ["2026-999999"]}).status_code == 404
    assert client_of("auditor").post("/desk/take/", {"number": [three.number]}).status_code == 403

import pytest
from django.urls import reverse

from dauys.answer.actions import route_and_promise_pending
from dauys.hear.actions import receive
from dauys.hear.submission import Submission
from dauys.understand.actions import decide, examine_pending


@pytest.fixture
def heard(cast, now):
    def add(count, text="На улице Лесной нет воды", topic="water.outage"):
        made = [
            receive(Submission(channel="web", token=f"{text}{count}{n}", text=f"{text}, дом {n}"), now=now)
            for n in range(count)
        ]
        examine_pending(now=now)
        for one in made:
            decide(appeal_id=one.appeal_id, officer=cast.operator, topic_code=topic, area_code="", now=now)
        route_and_promise_pending(now=now)
        return made

    return add


def test_a_stranger_finds_nothing(cast, heard, client):
    heard(1)
    assert client.get(reverse("web:search"), {"q": "вода"}).status_code == 302
    client.force_login(cast.stranger)
    assert client.get(reverse("web:search"), {"q": "вода"}).status_code == 403


def test_each_finds_what_their_office_may_see(cast, heard, client):
    heard(1)
    heard(1, text="Дорога в ямах у воды", topic="roads.repair")
    for person, expected in ((cast.officer, {"2026-000001"}), (cast.road_officer, {"2026-000002"}),
                             (cast.operator, {"2026-000001", "2026-000002"})):  # fmt: skip
        client.force_login(person)
        shown = client.get(reverse("web:search"), {"q": "вода"}).content.decode()
        assert {number for number in ("2026-000001", "2026-000002") if number in shown} == expected


def test_a_number_leads_straight_to_its_appeal(cast, heard, client):
    client.force_login(cast.operator)
    assert client.get(reverse("web:search"), {"q": " 2026/1 "}).url == reverse("answer:appeal", args=["2026-000001"])


def test_search_costs_the_same_for_forty_hits(cast, heard, client, django_assert_num_queries):
    heard(2)
    client.force_login(cast.operator)
    client.get(reverse("web:search"), {"q": "вода"})
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as few:
        client.get(reverse("web:search"), {"q": "вода"})
    heard(40, text="Лесная улица, воды нет")
    with django_assert_num_queries(len(few)):
        page = client.get(reverse("web:search"), {"q": "вода"}).content.decode()
    assert "before=" in page


@pytest.mark.parametrize("asked", ["", "%%%", '" OR NEAR(', "\x00", "а" * 5000, "2026-", "' --", "😀"])
def test_odd_questions_get_a_calm_page(cast, client, asked):
    client.force_login(cast.operator)
    assert client.get(reverse("web:search"), {"q": asked}).status_code == 200


def test_a_hit_deep_in_a_long_text_is_shown_where_it_stands(cast, heard, client):
    heard(1, text="Уважаемые сотрудники! " * 30 + "На Лесной прорвало трубу")
    client.force_login(cast.operator)
    shown = client.get(reverse("web:search"), {"q": "трубы"}).content.decode()
    assert "прорвало <mark>труб" in shown

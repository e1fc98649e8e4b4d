import pytest
from django.urls import reverse

from dauys.hear.actions import receive
from dauys.hear.models import Appeal
from dauys.hear.submission import Submission
from dauys.understand import actions
from dauys.understand.models import Examination


@pytest.fixture
def waiting(cast, now):
    def add(count):
        for number in range(count):
            receive(
                Submission(channel="web", token=f"{number}-{count}", text=f"Непонятное дело номер {number}"), now=now
            )
        actions.examine_pending(now=now)

    return add


def test_a_stranger_sees_no_triage(cast, waiting, client):
    waiting(1)
    assert client.get(reverse("understand:triage")).status_code == 302
    for person in (cast.stranger, cast.auditor, cast.road_officer):
        client.force_login(person)
        shown = client.get(reverse("understand:triage"))
        assert shown.status_code == 403
        assert "Непонятное" not in shown.content.decode()


def test_the_triage_desk_costs_the_same_for_fifteen_appeals(cast, waiting, client, django_assert_max_num_queries):
    waiting(2)
    client.force_login(cast.operator)
    client.get(reverse("understand:triage"))
    waiting(15)
    with django_assert_max_num_queries(12) as few:
        assert b"2026-000002" in client.get(reverse("understand:triage")).content
    assert len(few) <= 8


def test_one_press_settles_an_appeal(cast, waiting, client):
    waiting(1)
    client.force_login(cast.operator)
    number = Appeal.objects.get().number
    client.post(reverse("understand:decide", args=[number]), {"topic": "water.outage"})
    assert Examination.objects.get().topic.code == "water.outage"
    assert "Непонятное" not in client.get(reverse("understand:triage")).content.decode()


def test_an_unknown_topic_is_said_and_nothing_changes(cast, waiting, client):
    waiting(1)
    client.force_login(cast.operator)
    number = Appeal.objects.get().number
    shown = client.post(reverse("understand:decide", args=[number]), {"topic": "nonsense"}, follow=True)
    assert number in shown.content.decode()
    assert Examination.objects.get().needs_person


def test_a_person_is_never_sent_elsewhere_after_deciding(cast, waiting, client):
    waiting(1)
    client.force_login(cast.operator)
    number = Appeal.objects.get().number
    address = reverse("understand:decide", args=[number])
    answered = client.post(address, {"topic": "water.outage", "next": "https://evil.example/"})
    assert answered.url == "/desk/triage/"


def test_an_appeal_the_machine_has_not_read_yet_is_not_settled(cast, client, now):
    receipt = receive(Submission(channel="web", token="new", text="Новое"), now=now)
    client.force_login(cast.operator)
    address = reverse("understand:decide", args=[receipt.number])
    assert client.post(address, {"topic": "water.outage"}).status_code == 404


@pytest.mark.parametrize("next_page", ["abc", "", "//evil.example", "/\\evil.example", "answer:desk"])
def test_whatever_next_page_is_asked_for_the_way_back_is_ours(cast, waiting, client, next_page):
    waiting(1)
    client.force_login(cast.operator)
    address = reverse("understand:decide", args=[Appeal.objects.get().number])
    answered = client.post(address, {"topic": "water.outage", "next": next_page})
    assert (answered.status_code, answered.url) == (302, "/desk/triage/")

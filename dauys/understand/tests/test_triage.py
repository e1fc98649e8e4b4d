import re
from datetime import timedelta

import pytest
from django.contrib.messages.storage.cookie import CookieStorage
from django.test import RequestFactory
from django.urls import reverse

from dauys.hear.actions import receive
from dauys.hear.models import Appeal
from dauys.hear.submission import Submission
from dauys.institution.queries import house
from dauys.understand import actions, queries
from dauys.understand.models import Aspect, Examination, Finding
from dauys.understand.views import triage


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
    assert len(few) <= 10


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
    assert answered.url == f"/desk/triage/?done={number}"


def test_an_appeal_the_machine_has_not_read_yet_is_not_settled(cast, client, now):
    receipt = receive(Submission(channel="web", token="new", text="Новое"), now=now)
    client.force_login(cast.operator)
    address = reverse("understand:decide", args=[receipt.number])
    assert client.post(address, {"topic": "water.outage"}).status_code == 404


@pytest.mark.parametrize(
    ("after", "kept"), [("17", "after=17&"), ("", ""), ("//evil.example", ""), ("abc", ""), ("9" * 30, "")]
)
def test_the_way_back_is_the_place_in_the_list(cast, waiting, client, after, kept):
    waiting(1)
    client.force_login(cast.operator)
    number = Appeal.objects.get().number
    answered = client.post(reverse("understand:decide", args=[number]), {"topic": "water.outage", "after": after})
    assert (answered.status_code, answered.url) == (302, f"/desk/triage/?{kept}done={number}")


def test_a_settled_appeal_can_be_taken_back(cast, waiting, client, now):
    waiting(1)
    client.force_login(cast.operator)
    before = Examination.objects.values().get()
    number = Appeal.objects.get().number
    shown = client.post(reverse("understand:decide", args=[number]), {"topic": "water.outage"}, follow=True)
    assert f'name="what" value="{number}"' in shown.content.decode()
    client.post(reverse("understand:undo"), {"what": number})
    assert Examination.objects.values().get() == before
    said = queries.said_after(0, limit=10)
    assert len(said) == 2, "whoever follows what people say hears of the taking back, too"


def test_only_ones_own_word_can_be_taken_back(cast, waiting, now):
    waiting(1)
    appeal = Appeal.objects.get().id
    actions.decide(appeal_id=appeal, officer=cast.operator, topic_code="water.outage", area_code="", now=now)
    assert not actions.take_back(appeal_id=appeal, officer=cast.head, now=now)
    assert Examination.objects.get().topic.code == "water.outage"


def test_a_place_said_with_the_topic_is_taken_back_with_it(cast, waiting, now):
    waiting(1)
    appeal = Appeal.objects.get().id
    area = house().districts[0]
    actions.decide(appeal_id=appeal, officer=cast.operator, topic_code="water.outage", area_code=area.code, now=now)
    assert Examination.objects.get().area_id == area.id
    actions.take_back(appeal_id=appeal, officer=cast.operator, now=now)
    assert Examination.objects.get().area_id is None


def test_the_word_before_stands_again(cast, waiting, now):
    waiting(1)
    appeal = Appeal.objects.get().id
    for minute, topic in enumerate(("water.outage", "roads.repair")):
        later = now + timedelta(minutes=minute)
        actions.decide(appeal_id=appeal, officer=cast.operator, topic_code=topic, area_code="", now=later)
    actions.take_back(appeal_id=appeal, officer=cast.operator, now=now + timedelta(minutes=2))
    told = Examination.objects.get()
    assert (told.topic.code, told.needs_person) == ("water.outage", False)


def _machine_is(sureness):
    Finding.objects.filter(aspect=Aspect.TOPIC).delete()
    for number, row in enumerate(Examination.objects.order_by("appeal_id")):
        share = sureness[number % len(sureness)]
        Finding.objects.create(
            appeal_id=row.appeal_id, aspect=Aspect.TOPIC, value="water.outage", confidence=share,
            reasons=[["words", "вода"]], engine="x", made_at=row.examined_at,
        )  # fmt: skip
        Examination.objects.filter(appeal_id=row.appeal_id).update(topic_confidence=share, needs_person=True)


def test_many_are_accepted_by_one_press_and_taken_back_by_one(cast, waiting, client):
    waiting(6)
    _machine_is([0.62, 0.45, 0.3])
    client.force_login(cast.operator)
    assert (
        "60 %: 2 appeals"
        in client.get(reverse("understand:triage"), headers={"accept-language": "en"}).content.decode()
    )
    shown = client.post(reverse("understand:accept_many"), {"sure": "60"}, follow=True)
    assert Examination.objects.filter(needs_person=False, topic__code="water.outage").count() == 2
    what = re.search(r'name="what" value="([^"]+)"', shown.content.decode())[1]
    client.post(reverse("understand:undo"), {"what": what})
    assert not Examination.objects.filter(needs_person=False).exists()
    assert Finding.objects.filter(aspect=Aspect.TOPIC, is_current=True, officer=None).count() == 6


@pytest.mark.parametrize("sure", ["", "5", "0.6", "nan", "60.0", "99"])
def test_a_sureness_from_elsewhere_settles_nothing(cast, waiting, client, sure):
    waiting(1)
    _machine_is([0.69])
    client.force_login(cast.operator)
    client.post(reverse("understand:accept_many"), {"sure": sure})
    assert Examination.objects.get().needs_person


def test_one_press_settles_only_what_one_may_read(cast, waiting, client):
    waiting(2)
    _machine_is([0.62])
    first = Examination.objects.order_by("appeal_id").first().appeal_id
    request = RequestFactory().post("/", {"sure": "60"})
    request.user = cast.operator
    request._messages = CookieStorage(request)
    triage.accept_many(request, readable=lambda _user, _ids: {first})
    assert list(Examination.objects.filter(needs_person=False).values_list("appeal_id", flat=True)) == [first]


def test_a_script_gets_the_way_back_instead_of_a_page(cast, waiting, client):
    waiting(2)
    client.force_login(cast.operator)
    number = Appeal.objects.first().number
    asked = {"HX-Request": "true"}
    shown = client.post(reverse("understand:decide", args=[number]), {"topic": "water.outage"}, headers=asked)
    assert shown.status_code == 200
    assert b"<html" not in shown.content
    assert b'hx-swap-oob="true"' in shown.content
    back = client.post(reverse("understand:undo"), {"what": number}, headers=asked).content.decode()
    assert f'id="n{number}"' in back
    wrong = client.post(reverse("understand:decide", args=[number]), {"topic": "nonsense"}, headers=asked)
    assert f'id="n{number}"' in wrong.content.decode()


def test_the_machine_says_what_it_lacks(cast, waiting, client):
    waiting(1)
    client.force_login(cast.operator)
    Finding.objects.filter(aspect=Aspect.TOPIC).delete()
    row = Examination.objects.get()
    doubts = [
        ["few_words", {"words": 1}], ["unseen_words", {"share": 0.9, "words": ["непонятное"]}], ["unclear", {}],
        ["two_close", {"first": "water.outage", "second": "roads.repair", "apart": 0.01}],
        ["rare_topic", {"topic": "water.outage", "texts": 3}],
    ]  # fmt: skip
    Finding.objects.create(
        appeal_id=row.appeal_id, aspect=Aspect.TOPIC, value="water.outage", confidence=0.4, engine="x",
        reasons=[["doubts", *doubts]], made_at=row.examined_at,
    )  # fmt: skip
    shown = client.get(reverse("understand:triage"), headers={"accept-language": "en"}).content.decode()
    for words in (
        "too few words",
        "never met these words: непонятное",
        "Two topics are close",
        "from 3 texts only",
        "many topics",
    ):
        assert words in shown


PHONE = "+7 701 234 56 78"


def _told(text, reasons, now, confidence=0.4):
    receive(Submission(channel="web", token=text[:40], text=text, language="ru"), now=now)
    actions.examine_pending(now=now)
    row = Examination.objects.order_by("-appeal_id").first()
    Finding.objects.filter(aspect=Aspect.TOPIC, appeal_id=row.appeal_id).delete()
    Finding.objects.create(
        appeal_id=row.appeal_id, aspect=Aspect.TOPIC, value="water.outage", confidence=confidence, engine="x",
        reasons=reasons, made_at=row.examined_at,
    )  # fmt: skip
    Examination.objects.filter(appeal_id=row.appeal_id).update(needs_person=True, topic_confidence=confidence)
    return Appeal.objects.get(id=row.appeal_id)


def test_numbers_are_hidden_and_the_words_that_decided_still_marked(cast, client, now):
    reasons = [["words", "вода", "234"], ["doubts", ["unseen_words", {"share": 0.5, "words": ["701", "абырвалг"]}]]]
    appeal = _told(f"Звоните {PHONE}: у нас вода, абырвалг", reasons, now)
    client.force_login(cast.operator)
    shown = client.get(reverse("understand:triage"), headers={"accept-language": "ru"}).content.decode()
    assert "Звоните [телефон]: у нас <mark>вода</mark>" in shown
    assert "абырвалг" in shown
    assert not any(part in shown for part in (PHONE, "701", "234"))
    appeal.refresh_from_db()
    assert PHONE in appeal.text


def test_a_long_appeal_is_read_from_its_beginning_and_no_further(cast, client, now):
    _told("Нет воды. " + "слово " * 1500 + "последнее", [["words", "воды"]], now)
    client.force_login(cast.operator)
    shown = client.get(reverse("understand:triage")).content.decode()
    assert "<mark>воды</mark>" in shown
    assert "последнее" not in shown
    assert shown.count("слово") < 1500


def test_one_appeal_is_put_first_for_a_correction(cast, waiting, client):
    waiting(3)
    client.force_login(cast.operator)
    last = Appeal.objects.order_by("-id").first()
    client.post(reverse("understand:decide", args=[last.number]), {"topic": "water.outage"})
    shown = client.get(reverse("understand:triage"), {"number": last.number}).content.decode()
    assert re.findall(r'id="n(\d{4}-\d{6})"', shown)[0] == last.number
    assert shown.count("data-here") == 1
    assert client.get(reverse("understand:triage"), {"number": "2020-000001"}).status_code == 404


def test_the_next_part_takes_the_keys_from_nobody(cast, waiting, client):
    waiting(2)
    client.force_login(cast.operator)
    part = client.get(reverse("understand:triage"), {"part": "1"}).content.decode()
    assert part.count("<article") == 2
    assert "data-here" not in part
    assert "<html" not in part


def test_what_does_not_wait_again_comes_back_with_no_card(cast, waiting, client):
    waiting(1)
    client.force_login(cast.operator)
    number = Appeal.objects.get().number
    for topic in ("water.outage", "roads.repair"):
        client.post(reverse("understand:decide", args=[number]), {"topic": topic})
    asked = {"HX-Request": "true", "accept-language": "en"}
    back = client.post(reverse("understand:undo"), {"what": number}, headers=asked).content.decode()
    assert "<article" not in back
    assert "what was said before stands again" in back


def test_only_surenesses_that_differ_are_offered(cast, waiting, client):
    waiting(4)
    _machine_is([0.66, 0.66, 0.45, 0.1])
    client.force_login(cast.operator)
    shown = client.get(reverse("understand:triage"), headers={"accept-language": "en"}).content.decode()
    assert re.findall(r"(\d+ %: \d+ appeals?)<", shown) == ["65 %: 2 appeals", "40 %: 3 appeals"]


def test_what_is_said_and_taken_back_twice_waits_again(cast, waiting, now):
    waiting(1)
    appeal = Appeal.objects.get().id
    before = Examination.objects.values().get()
    for minute in range(0, 4, 2):
        told = {"appeal_id": appeal, "officer": cast.operator}
        actions.decide(topic_code="water.outage", area_code="", now=now + timedelta(minutes=minute), **told)
        assert actions.take_back(now=now + timedelta(minutes=minute + 1), **told)
    assert Examination.objects.values().get() == before

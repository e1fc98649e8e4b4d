"""The page of the reader: who sees it, what it counts, what it can do."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse

from dauys.hear.actions import receive
from dauys.hear.models import Appeal
from dauys.hear.submission import Submission
from dauys.ledger.models import Entry
from dauys.understand import actions, in_force, reader
from dauys.understand.models import Aspect, Examination, Finding, TopicModel

SAMPLES = [
    *[(f"нет воды в доме {n} кран сухой прорвало трубу", "water.outage") for n in range(12)],
    *[(f"дорога в ямах ремонт асфальта улица {n}", "roads.repair") for n in range(12)],
]


@pytest.fixture(autouse=True)
def _nothing_held():
    in_force._held.clear()
    in_force._unreadable.clear()
    in_force.forget()


@pytest.fixture
def model(cast, now):
    return actions.learn(SAMPLES, name="test", now=now)


@pytest.fixture
def judged(cast, now):
    """`judged(guess, word, sure, at)`: an appeal the machine read so, and a person judged an hour later."""

    def make(guess, word, *, sure=0.6, at=None, language="ru", engine="test"):
        at = at or now
        count = Appeal.objects.count()
        appeal = receive(Submission(channel="web", token=f"{count}", text=f"Дело {count}"), now=now).appeal_id
        Examination.objects.create(appeal_id=appeal, language=language, needs_person=True, examined_at=at)
        Finding.objects.create(
            appeal_id=appeal, aspect=Aspect.TOPIC, value=guess, confidence=sure, engine=engine, made_at=at,
            is_current=not word,
        )  # fmt: skip
        if word:
            Finding.objects.create(
                appeal_id=appeal, aspect=Aspect.TOPIC, value=word, confidence=1.0, engine="", officer=cast.operator,
                made_at=at + timedelta(hours=1),
            )  # fmt: skip
        return appeal

    return make


def test_a_stranger_sees_no_reader(cast, model, client):
    assert client.get(reverse("understand:reader")).status_code == 302
    for person in (cast.stranger, cast.officer, cast.operator, cast.auditor):
        client.force_login(person)
        shown = client.get(reverse("understand:reader"))
        assert shown.status_code == 403
        assert model.version not in shown.content.decode()


def test_the_page_costs_the_same_however_much_was_judged(
    cast, model, judged, client, now, django_assert_max_num_queries
):
    client.force_login(cast.head)
    where = reverse("understand:reader")
    judged("water.outage", "water.outage")
    client.get(where)
    with django_assert_max_num_queries(12) as few:
        client.get(where)
    for number in range(30):
        judged("water.outage", "roads.repair" if number % 3 else "water.outage", language="kk" if number % 2 else "ru")
    for number in range(5):
        actions.learn(SAMPLES, name=f"more{number}", now=now)
    with django_assert_max_num_queries(len(few) + 1):
        assert client.get(where).status_code == 200


def test_the_first_word_is_judged_by_the_word_that_stands(cast, judged, now):
    judged("water.outage", "water.outage", sure=0.65)
    judged("water.outage", "roads.repair", sure=0.65, language="kk")
    judged("roads.repair", "roads.repair", sure=0.31, at=now - timedelta(days=40))
    judged("roads.repair", "", sure=0.9)  # nobody has judged it
    judged("roads.repair", "roads.repair", engine="import")  # the institution's own record is no reading
    judged("roads.repair", "water.outage", at=now - timedelta(days=500))  # before the period
    later = judged("roads.repair", "water.outage", sure=0.1)
    Finding.objects.create(
        appeal_id=later, aspect=Aspect.TOPIC, value="water.outage", confidence=0.9, engine="test", is_current=False,
        made_at=now + timedelta(minutes=1),
    )  # fmt: skip
    found = reader.accuracy(now=now)
    tell = lambda shares: {one.key: (one.right, one.judged) for one in shares}  # noqa: E731
    assert (found.whole.right, found.whole.judged) == (2, 4)
    assert tell(found.by_month) == {"2026-01": (1, 1), "2026-03": (1, 3)}
    assert tell(found.by_language) == {"ru": (2, 3), "kk": (0, 1)}
    assert tell(found.by_code) == {"water.outage": (1, 2), "roads.repair": (1, 2)}
    assert tell(found.by_said) == {"1": (0, 1), "3": (1, 1), "6": (1, 2)}
    assert tell(found.by_reader.values()) == {"test": (2, 4)}
    assert (found.first.isoformat(), found.last.isoformat()) == ("2025-04-01", "2026-03-10")


def test_nothing_judged_is_a_period_with_no_denominator(cast, now):
    found = reader.accuracy(now=now)
    assert (found.whole.judged, found.by_month, found.by_said) == (0, (), ())


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_each_state_of_the_page_can_be_read(cast, client, judged, now, language):
    client.force_login(cast.administrator)
    where = reverse("understand:reader") + f"?lang={language}"
    assert client.get(where).status_code == 200  # no reader, nothing judged
    TopicModel.objects.create(version="old", content=b"", samples=4, trained_at=now)
    actions.learn(SAMPLES, name="test", now=now, span=("2025-01-01", "2026-01-01"))
    for number in range(25):
        judged("water.outage", "water.outage" if number % 4 else "roads.repair", at=now)
    row = TopicModel.objects.get(is_current=True)
    for drift in (
        {"texts": 5},
        {"texts": 0, "unreadable": "torn"},
        *({"texts": 900, "topics": index, "unseen": 0.02, "sureness": -0.1, "span": ["2026-01-01", "2026-03-01"],
           "moved": [["water.outage", 0.1, 0.3], ["gone", 0.1, 0.0]]} for index in (0.01, 0.2, 0.5)),
    ):  # fmt: skip
        TopicModel.objects.filter(id=row.id).update(
            card={**row.card, "drift": {"measured_at": now.isoformat(), **drift}}
        )
        shown = client.get(where)
        assert shown.status_code == 200
        assert "test-2026" in shown.content.decode()


def test_a_share_of_few_is_not_given(cast, model, judged, client):
    client.force_login(cast.head)
    for _each in range(3):
        judged("water.outage", "water.outage")
    page = client.get(reverse("understand:reader") + "?lang=en").content.decode()
    shares = page[page.index('id="by-month"') : page.index('id="drift"')]
    assert "right 3 of 3" in shares
    assert "100%" not in re.sub(r'"100%"', "", shares)


def test_one_press_brings_an_earlier_reader_back(cast, model, client, now):
    actions.learn(SAMPLES, name="newer", now=now)
    client.force_login(cast.administrator)
    shown = client.post(reverse("understand:use_reader"), {"version": model.version}, follow=True)
    assert model.version in shown.content.decode()
    assert TopicModel.objects.get(is_current=True) == model
    assert Entry.objects.get(verb="understand.use_model").actor_id == cast.administrator.id


def test_a_damaged_reader_is_not_brought_back_and_the_page_says_why(cast, model, client, now):
    TopicModel.objects.create(version="damaged", content=b"torn", samples=1, trained_at=now)
    client.force_login(cast.head)
    shown = client.post(reverse("understand:use_reader"), {"version": "damaged"}, follow=True).content.decode()
    assert "not a topic model" in shown
    assert TopicModel.objects.get(is_current=True) == model


def test_a_threshold_is_set_and_left_to_the_past_again(cast, model, client):
    client.force_login(cast.head)
    where = reverse("understand:set_sure")
    assert client.post(where, {"sure": "85"}).status_code == 302
    assert in_force.threshold(TopicModel.objects.get().card) == 0.85
    for wrong in ("", "49", "100", "часто"):
        assert client.post(where, {"sure": wrong}).status_code == 422
    assert in_force.threshold(TopicModel.objects.get().card) == 0.85
    client.post(where, {"sure": "", "follow": "1"})
    assert in_force.threshold(TopicModel.objects.get().card) == 0.7


def test_a_head_of_a_department_sees_the_page_and_has_nothing_to_press(cast, model, client, now):
    from dauys.institution.models import Appointment, Role

    Appointment.objects.create(user=cast.stranger, office=cast.utilities, role=Role.HEAD, since_on=now.date())
    client.force_login(cast.stranger)
    page = client.get(reverse("understand:reader"))
    assert page.status_code == 200
    assert reverse("understand:set_sure") not in page.content.decode()
    for where, told in (("use_reader", {"version": model.version}), ("set_sure", {"sure": "60"}), ("set_sure", {})):
        assert client.post(reverse(f"understand:{where}"), told).status_code == 403

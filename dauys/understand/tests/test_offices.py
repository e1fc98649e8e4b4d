"""The reader of offices: learned from who answered, corrected by who passes on, sure or silent, only ever advice."""

import re
from datetime import date

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from dauys.hear.actions import receive
from dauys.hear.models import Appeal
from dauys.hear.submission import Submission
from dauys.ledger.models import Entry
from dauys.understand import actions, in_force, lessons, queries, reach, reader, reading
from dauys.understand.models import Examination, Finding, Target, TopicModel

WATER = "нет воды в доме {n} кран сухой прорвало трубу"
ROADS = "дорога в ямах ремонт асфальта улица {n}"
ODD = "Лужа у колодца размыла асфальт и тротуар возле рынка"
TOPICS = [
    *[(WATER.format(n=n), "water.outage") for n in range(8)],
    *[(ROADS.format(n=n), "roads.repair") for n in range(8)],
]
REWORDED = "Возле рынка лужа у колодца совсем размыла асфальт и тротуар"


@pytest.fixture(autouse=True)
def _nothing_held():
    in_force._held.clear()
    in_force._unreadable.clear()
    in_force.forget()
    yield
    in_force._held.clear()
    in_force._unreadable.clear()
    in_force.forget()


@pytest.fixture
def told(monkeypatch):
    """What the room that answers would tell: `acted` by appeal, `given` by hand as (number, appeal, office)."""
    acted, given = {}, []
    monkeypatch.setattr(reach, "acted_from", lambda most: sorted(acted.items(), reverse=True)[:most])
    monkeypatch.setattr(
        reach, "given_from", lambda after, most: [one for one in given if one[0] > after][-most:]
    )  # fmt: skip

    class Told:
        pass

    both = Told()
    both.acted, both.given = acted, given
    return both


@pytest.fixture
def samples():
    return [
        *[(WATER.format(n=n), "utilities") for n in range(20)],
        *[(ROADS.format(n=n), "roads") for n in range(20)],
    ]


@pytest.fixture
def model(cast, now, samples):
    return actions.learn(samples, name="test", now=now, target=Target.OFFICE)


def hear(text, now, **more):
    receive(Submission(channel="web", token=f"{text}{Appeal.objects.count()}", text=text, **more), now=now)
    actions.examine_pending(now=now)
    return Appeal.objects.latest("id").id


def guess(text, **fields):
    return in_force.reader(Target.OFFICE).model.classify([text], fields=[fields])[0]


def read(text, **more):
    told = {"text": text, "place": "", "area_id": None, "labels": None, **more}
    return reading.read_many([reading.Told(**told)])[0]


def finding(read_so):
    return next((one for one in read_so.conclusions if one.aspect == "office"), None)


def test_each_target_has_its_own_reader_in_force(cast, model, now):
    topics = actions.learn(TOPICS, name="test", now=now)
    assert {one.version for one in TopicModel.objects.filter(is_current=True)} == {model.version, topics.version}
    newer = actions.learn([(WATER.format(n=n), "utilities") for n in range(9)] + [("яма", "roads"), ("ямы", "roads")],
                          name="newer", now=now, target=Target.OFFICE)  # fmt: skip
    actions.use_model(version=model.version, now=now, officer=cast.head)
    standing = dict(TopicModel.objects.filter(is_current=True).values_list("target", "version"))
    assert standing == {"topic": topics.version, "office": model.version}
    assert Entry.objects.get(verb="understand.use_model").detail == {"version": model.version, "before": newer.version}


def test_an_office_is_named_with_the_words_that_decided_and_its_sureness(cast, model):
    sure = read(WATER.format(n="у школы"))
    assert (sure.office_id, sure.office_confidence >= in_force.sure(Target.OFFICE)) == (cast.utilities.id, True)
    found = finding(sure)
    assert (found.value, found.engine, found.confidence) == ("utilities", model.version, sure.office_confidence)
    words = next(reason[1:] for reason in found.reasons if reason[0] == "words")
    assert set(words) & {"воды", "кран", "трубу", "сухой", "прорвало", "нет"}


def test_below_the_threshold_it_abstains_and_says_what_is_missing(cast, model):
    unsure = read("Собаки лают ночью под окнами")
    assert unsure.office_id is None
    doubts = next(reason[1:] for reason in finding(unsure).reasons if reason[0] == "doubts")
    assert "unseen_words" in {code for code, _told in doubts}


def test_without_a_reader_of_offices_nothing_is_said_of_them(cast, now):
    assert finding(read(WATER)) is None
    appeal = hear(WATER, now)
    found = queries.examined([appeal])[appeal]
    assert (found.office_id, found.office_confidence) == (None, 0.0)


def test_an_office_that_has_closed_is_not_named(cast, model):
    cast.utilities.is_open = False
    cast.utilities.save()
    from dauys.institution.queries import forget

    forget()
    closed = read(WATER.format(n=1))
    assert (closed.office_id, finding(closed)) == (None, None)


def test_old_records_name_the_office_themselves(cast, model):
    known = read(ROADS.format(n=1), labels={"office": "utilities"})
    assert (known.office_id, known.office_confidence, finding(known)) == (cast.utilities.id, 1.0, None)


def test_who_wrote_changes_nothing(cast, model, now):
    """Kind, channel, day and contact stand beside the same words; the reader is not even handed them."""
    words = WATER.format(n="у школы")
    plain = read(words)
    for more in ({"kind": "complaint"}, {"registered_on": date(2020, 1, 1)}):
        assert finding(read(words, **more)) == finding(plain)
    named = read(f"Меня зовут Иванов Пётр Сергеевич, тел. 8 701 123 45 67. {words}")
    other = read(f"Меня зовут Ахметова Айгүл Сериковна, тел. 8 777 765 43 21. {words}")
    assert finding(named).value == finding(other).value
    assert named.office_confidence == other.office_confidence


def test_both_readers_write_down_what_they_found(cast, model, now):
    actions.learn(TOPICS, name="test", now=now)
    appeal = hear(WATER.format(n=7), now)
    assert {one.aspect for one in queries.findings_of(appeal)} >= {"topic", "office"}
    row = Examination.objects.get(appeal_id=appeal)
    assert (row.office_id, row.topic_id) == (cast.utilities.id, cast.water.id)
    found = queries.examined([appeal])[appeal]
    assert (found.office_id, found.office_confidence) == (row.office_id, row.office_confidence)


def test_the_past_is_who_answered_then_who_was_given_it_then_old_records(cast, told, now):
    answered, given, recorded, neither, about = (
        hear(ODD, now), hear(WATER, now), hear(ROADS, now), hear("Иное", now),
        hear("Жалоба", now, about_office_id=cast.utilities.id, kind="complaint"),
    )  # fmt: skip
    Examination.objects.filter(appeal_id__in=[recorded, answered]).update(office=cast.branch, office_confidence=1.0)
    Examination.objects.filter(appeal_id=neither).update(office=cast.branch, office_confidence=0.99)
    told.acted |= {answered: cast.utilities.id, about: cast.akimat.id}
    told.given += [(1, answered, cast.branch.id), (2, given, cast.road_department.id)]
    past = lessons.past(target=Target.OFFICE)
    assert [code for _text, code in past.samples] == ["utilities", "roads", "branch"]
    assert past.heard_until == 2
    both = lessons.pasts()
    assert (both[Target.OFFICE].samples, both[Target.TOPIC].samples) == (past.samples, [])
    assert (lessons.past_count(), lessons.known_count(Target.OFFICE)) == (4, 4)


def test_the_district_found_in_the_words_stands_beside_them(cast, told, now):
    appeal = hear("В Берёзовке нет воды", now)
    Examination.objects.filter(appeal_id=appeal).update(area=cast.village)
    told.acted[appeal] = cast.utilities.id
    [fields] = lessons.past(target=Target.OFFICE).fields
    assert fields == {"area": cast.village.code, "district": cast.district.code}


def test_passing_on_is_heard_in_one_round_and_for_that_district_alone(cast, told, now, samples):
    fields = [{"area": area.code, "district": area.code} for area in (cast.city, cast.district) for _n in range(20)]
    learned = actions.learn(samples, fields=fields, name="test", now=now, target=Target.OFFICE)
    appeal = hear(ODD, now, area_id=cast.city.id)
    here, there = {"district": cast.city.code}, {"district": cast.district.code}
    before = guess(REWORDED, **there)
    told.given.append((5, appeal, cast.branch.id))
    assert actions.absorb_pending(now=now) == 1
    assert actions.absorb_pending(now=now) == 0
    assert guess(REWORDED, **here).ranked[0][0] == "branch"
    assert guess(REWORDED, **there) == before
    in_force._held.clear()  # what another process has in memory: nothing of this one's
    assert guess(REWORDED, **here).ranked[0][0] == "branch"
    assert TopicModel.objects.get(id=learned.id).heard_until == 5


def test_what_was_learned_from_is_not_heard_again_and_an_earlier_reader_catches_up(cast, told, now, samples, model):
    appeal = hear(ODD, now)
    told.given.append((7, appeal, cast.branch.id))
    later = actions.learn(samples, name="later", now=now, target=Target.OFFICE)
    assert later.heard_until == 7
    assert actions.absorb_pending(now=now) == 0
    actions.use_model(version=model.version, now=now)
    assert actions.absorb_pending(now=now) == 1


def test_the_machine_is_let_to_decide_only_where_the_past_has_shown_it(cast, model, now):
    card = {**TopicModel.objects.get(id=model.id).card, "sure_from": {"0.90": None}}
    TopicModel.objects.filter(id=model.id).update(card=card)
    with pytest.raises(actions.NotShown):
        actions.set_alone(alone=True, officer=cast.head, now=now)
    TopicModel.objects.filter(id=model.id).update(card={**card, "sure_from": {"0.90": 0.8}})
    in_force.forget()
    assert queries.alone() is None, "off until somebody turns it on"
    for _again in range(2):
        actions.set_alone(alone=True, officer=cast.head, now=now)
    assert queries.alone() == 0.8
    actions.set_sure(threshold=0.6, officer=cast.head, now=now, target=Target.OFFICE)
    assert (in_force.sure(Target.OFFICE), queries.alone()) == (0.6, 0.8), "never below what nine of ten asks for"
    actions.set_sure(threshold=0.95, officer=cast.head, now=now, target=Target.OFFICE)
    assert queries.alone() == 0.95
    assert actions.learn([("вода", "utilities"), ("воды", "utilities"), ("яма", "roads"), ("ямы", "roads")], name="x",
                         now=now, target=Target.OFFICE).card["alone"] is True  # fmt: skip
    assert queries.alone() is None, "the new reader has shown nothing yet"
    assert [one.detail for one in Entry.objects.filter(verb="understand.set_alone")] == [{"alone": True}]


@pytest.mark.parametrize("who", ["stranger", "officer", "operator", "auditor"])
def test_who_may_not_manage_readers_lets_nothing_decide(cast, model, now, who):
    with pytest.raises(PermissionDenied):
        actions.set_alone(alone=True, officer=getattr(cast, who), now=now)


def test_the_threshold_of_topics_is_not_that_of_offices(cast, model, now):
    actions.set_sure(threshold=0.9, officer=cast.head, now=now, target=Target.OFFICE)
    assert (in_force.sure(), in_force.sure(Target.OFFICE)) == (in_force.SURE, 0.9)


def test_drift_is_measured_for_each(cast, model, now, monkeypatch):
    monkeypatch.setattr(actions.teaching, "DRIFT_LEAST", 1)
    hear("Собаки лают ночью под окнами", now)
    assert actions.measure_pending(now=now) == 1
    assert TopicModel.objects.get().card["drift"]["texts"] == 1


@pytest.fixture
def judged(cast, model, told, now):
    """`judged(text, office)`: an appeal read, and answered by that office in the end."""

    def make(text, office):
        told.acted[hear(text, now)] = office.id

    return make


def test_its_first_word_is_judged_by_the_office_that_answered(cast, judged, now):
    judged(WATER.format(n=1), cast.utilities)
    judged(WATER.format(n=2), cast.branch)
    judged(ROADS.format(n=1), cast.road_department)
    hear(ROADS.format(n=2), now)  # nobody has answered it
    found = reader.accuracy_of_offices(now=now)
    assert (found.whole.right, found.whole.judged) == (2, 3)
    assert {one.key: (one.right, one.judged) for one in found.by_code} == {
        "utilities": (1, 1), "branch": (0, 1), "roads": (1, 1)
    }  # fmt: skip
    assert [(one.key, one.judged) for one in found.by_month] == [("2026-03", 3)]
    assert [one.judged for one in found.by_reader.values()] == [3]


def test_a_stranger_sees_no_reader_of_offices(cast, model, client):
    where = reverse("understand:reader") + "?of=office"
    assert client.get(where).status_code == 302
    for person in (cast.stranger, cast.officer, cast.operator, cast.auditor):
        client.force_login(person)
        shown = client.get(where)
        assert shown.status_code == 403
        assert model.version not in shown.content.decode()
        assert client.post(reverse("understand:set_alone"), {"alone": "1"}).status_code == 403


def test_the_page_costs_the_same_however_many_were_answered(cast, judged, client, django_assert_max_num_queries):
    client.force_login(cast.head)
    where = reverse("understand:reader") + "?of=office"
    judged(WATER.format(n=0), cast.utilities)
    client.get(where)
    with django_assert_max_num_queries(12) as few:
        client.get(where)
    for number in range(12):
        judged(WATER.format(n=number), cast.utilities if number % 3 else cast.branch)
    with django_assert_max_num_queries(len(few)):
        assert client.get(where).status_code == 200


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_each_state_of_the_page_can_be_read(cast, told, client, now, samples, language):
    client.force_login(cast.administrator)
    where = reverse("understand:reader") + f"?of=office&lang={language}"
    empty = client.get(where).content.decode()
    assert "200" in empty, "how many answered appeals are needed"
    model = actions.learn(samples, name="test", now=now, target=Target.OFFICE)
    card = TopicModel.objects.get(id=model.id).card
    for more in (
        {"sure_from": {"0.90": None}},
        {"sure_from": {"0.90": 0.8}},
        {"sure_from": {"0.90": 0.8}, "alone": True},
        {"drift": {"measured_at": now.isoformat(), "texts": 900, "topics": 0.5, "unseen": 0.1, "sureness": 0.0,
                   "span": ["2026-01-01", "2026-03-01"], "moved": [["roads", 0.1, 0.3]]}},
    ):  # fmt: skip
        TopicModel.objects.filter(id=model.id).update(card={**card, **more})
        shown = client.get(where)
        assert shown.status_code == 200
        assert model.version in shown.content.decode()


def test_one_press_lets_it_decide_and_one_leaves_it_to_people(cast, model, client):
    card = {**TopicModel.objects.get(id=model.id).card, "sure_from": {"0.90": 0.8}}
    TopicModel.objects.filter(id=model.id).update(card=card)
    client.force_login(cast.head)
    for press, holds in (("1", 0.8), ("0", None)):
        answered = client.post(reverse("understand:set_alone"), {"alone": press})
        assert answered.url == reverse("understand:reader") + "?of=office"
        in_force.forget()
        assert queries.alone() == holds


def test_the_triage_desk_says_who_usually_answers_and_what_is_missing(cast, model, client, now):
    client.force_login(cast.operator)
    hear(WATER.format(n="у школы"), now)
    card = client.get(reverse("understand:triage") + "?lang=en").content.decode()
    assert re.search(r"Usually answered by</h3>\s*<p>Utilities <small>", card)
    Finding.objects.all().delete()
    Examination.objects.all().delete()
    hear("Собаки лают ночью под окнами", now)
    card = client.get(reverse("understand:triage") + "?lang=en").content.decode()
    assert "Not sure enough to say; likeliest" in card
    assert "It never met" in card

"""Appeals are read once, with reasons; a person's word wins; the words themselves are never touched."""

from concurrent.futures.process import BrokenProcessPool

import pytest
from django.core.exceptions import PermissionDenied

from dauys.hear.actions import receive
from dauys.hear.models import Appeal
from dauys.hear.submission import Submission
from dauys.ledger.models import Entry
from dauys.understand import actions, index, parallel, queries
from dauys.understand.actions import examining
from dauys.understand.models import Belonging, Examination, Finding, TopicModel
from dauys.understand.reading import Told, read_many

WATER = "На улице Лесной третий день нет воды, прорвало трубу"
ROADS = "Дорога вся в ямах, нужен ремонт асфальта"


@pytest.fixture
def model(cast, now):
    samples = [
        *[(f"нет воды в доме {n} кран сухой прорвало трубу", "water.outage") for n in range(12)],
        *[(f"дорога в ямах ремонт асфальта улица {n}", "roads.repair") for n in range(12)],
    ]
    return actions.learn(samples, name="test", now=now)


def hear(text, now, token=None, **more):
    return receive(Submission(channel="web", token=token or text, text=text, **more), now=now)


def test_an_appeal_is_examined_once_with_reasons(cast, model, now):
    hear(WATER, now)
    assert actions.examine_pending(now=now) == 1
    assert actions.examine_pending(now=now) == 0
    seen = Examination.objects.get()
    assert (seen.language, seen.topic.code, seen.needs_person) == ("ru", "water.outage", False)
    topic = Finding.objects.get(aspect="topic")
    assert topic.confidence >= 0.55
    assert topic.engine == model.version
    assert "воды" in topic.reasons[0]


def test_without_a_model_everything_waits_for_a_person(cast, now):
    hear(WATER, now)
    actions.examine_pending(now=now)
    assert [row.appeal_id for row in queries.awaiting()] == [Appeal.objects.get().id]


def test_the_words_are_never_touched(cast, model, now):
    hear(WATER, now)
    before = Appeal.objects.values().get()
    actions.examine_pending(now=now)
    assert Appeal.objects.values().get() == before


def test_a_place_in_the_words_is_found_and_a_chosen_one_is_never_contradicted(cast, model, now):
    hear("В селе Берёзовка нет воды", now)
    hear("В селе Берёзовка нет воды совсем", now, area_id=cast.city.id)
    actions.examine_pending(now=now)
    found, chosen = Examination.objects.order_by("appeal_id")
    assert found.area_id == cast.village.id
    assert chosen.area_id == cast.city.id


def test_personal_data_is_pointed_at_and_not_copied(cast, model, now):
    hear(WATER + ", мой телефон +7 701 000 00 11", now)
    actions.examine_pending(now=now)
    finding = Finding.objects.get(aspect="personal")
    assert Examination.objects.get().personal == 1
    assert finding.reasons[0][0] == "phone"
    assert "701" not in str(finding.reasons)


def test_a_near_identical_text_is_shown_as_the_same_matter(cast, model, now):
    hear(WATER + " возле школы, помогите пожалуйста, дети без воды", now)
    hear(WATER + " возле школы, помогите пожалуйста! Дети без воды", now)
    actions.examine_pending(now=now)
    first, second = Examination.objects.order_by("appeal_id")
    assert (first.alike_id, second.alike_id) == (None, first.appeal_id)


def test_a_persons_word_stands_and_the_machines_stays_on_record(cast, model, now):
    hear(WATER, now)
    actions.examine_pending(now=now)
    appeal = Appeal.objects.get()
    actions.decide(
        appeal_id=appeal.id, officer=cast.operator, topic_code="roads.repair", area_code="102030100", now=now
    )
    seen = Examination.objects.get()
    assert (seen.topic.code, seen.area.code, seen.checked_by) == ("roads.repair", "102030100", cast.operator)
    machine, person = Finding.objects.filter(aspect="topic").order_by("id")
    assert (machine.value, machine.is_current, person.value, person.officer) == (
        "water.outage", False, "roads.repair", cast.operator,
    )  # fmt: skip
    entry = Entry.objects.get(verb="understand.decide")
    assert (entry.leaf, entry.detail) == (None, {"topic": "roads.repair", "before": "water.outage"})


def test_a_stranger_decides_nothing(cast, model, now):
    hear(WATER, now)
    actions.examine_pending(now=now)
    with pytest.raises(PermissionDenied):
        actions.decide(
            appeal_id=Appeal.objects.get().id, officer=cast.stranger, topic_code="roads.repair", area_code="", now=now
        )


def test_joining_brings_appeals_to_one_problem_and_parting_undoes_it(cast, model, now):
    for text in (WATER, WATER + " опять", ROADS):
        hear(text, now)
    actions.examine_pending(now=now)
    one, two, three = Appeal.objects.order_by("id").values_list("id", flat=True)
    problem = actions.join(appeal_id=one, other_ids=[two], officer=cast.officer, title="", now=now)
    assert actions.join(appeal_id=three, other_ids=[one], officer=cast.officer, title="", now=now) == problem
    assert (
        actions.join(appeal_id=three, other_ids=[one], officer=cast.officer, title="", now=now) == problem
    )  # a second press
    assert Belonging.objects.filter(problem=problem).count() == 3
    assert queries.members(one) == [two, three]
    actions.part(appeal_id=three, officer=cast.officer, now=now)
    assert queries.members(one) == [two]


def test_words_are_found_in_other_cases_and_without_kazakh_letters(cast, model, now):
    hear(WATER, now)
    hear("Ауылда су жоқ, құбыр жарылды", now)
    actions.examine_pending(now=now)
    water, kazakh = Appeal.objects.order_by("id").values_list("id", flat=True)
    assert index.find("трубы лесная") == [water]
    assert index.find("кубыр") == [kazakh]
    assert index.find('" OR * NEAR(') == []
    assert index.find("") == []


def test_a_text_no_engine_survives_goes_to_a_person_and_its_neighbours_go_on(cast, model, now, monkeypatch):
    from dauys.engines import personal

    whole = personal.find

    def breaks(text):
        if "бомба" in text:
            raise ValueError("cannot read")
        return whole(text)

    monkeypatch.setattr(personal, "find", breaks)
    hear("бомба для машины", now)
    hear(WATER, now)
    assert actions.examine_pending(now=now) == 2
    broken, fine = Examination.objects.order_by("appeal_id")
    assert (broken.needs_person, broken.language) == (True, "unknown")
    assert fine.topic.code == "water.outage"


def test_a_newer_model_takes_over_and_the_older_one_stays(cast, model, now):
    actions.learn([("вода", "water.outage")] * 6 + [("яма", "roads.repair")] * 6, name="second", now=now)
    assert list(TopicModel.objects.order_by("id").values_list("is_current", flat=True)) == [False, True]


def test_an_archive_is_read_as_one_appeal_after_another_would_be(cast, model, now, monkeypatch):
    texts = [WATER, ROADS, "Спасибо за работу", WATER + "!", "Непонятное дело", ROADS + " срочно", "Нет воды"]
    for number, text in enumerate(texts):
        hear(text, now, token=str(number))
    with monkeypatch.context() as few:
        few.setattr(examining, "MANY", 3)
        few.setattr(examining, "TURN", 4)
        few.setattr(parallel.os, "cpu_count", lambda: 1)  # the same way, without processes
        assert [actions.examine_pending(now=now, limit=2) for _turn in range(3)] == [4, 3, 0]
    fields = ("aspect", "value", "confidence", "reasons", "engine")
    newest = Appeal.objects.last().id
    archive = list(Finding.objects.order_by("appeal_id", "aspect").values_list(*fields))
    for number, text in enumerate(texts):
        hear(text, now, token=f"live {number}")
    actions.examine_pending(now=now)
    live = Finding.objects.filter(appeal_id__gt=newest).exclude(aspect="sameness").order_by("appeal_id", "aspect")
    assert list(live.values_list(*fields)) == [row for row in archive if row[0] != "sameness"]


class _Broken:
    def result(self):
        raise BrokenProcessPool


def test_a_batch_whose_process_ended_is_read_by_the_worker(cast, caplog):
    told = [Told("Нет воды", "", None, None)]
    with caplog.at_level("WARNING", logger=parallel.log.name):
        assert parallel._taken(told, _Broken()) == read_many(told)
    assert "ended early" in caplog.text


def test_what_was_read_ahead_is_dropped_when_somebody_else_wrote(cast, model, now, monkeypatch):
    for number in range(6):
        hear(f"{WATER} {number}", now, token=str(number))
    monkeypatch.setattr(examining, "MANY", 3)
    monkeypatch.setattr(examining, "TURN", 2)
    monkeypatch.setattr(parallel.os, "cpu_count", lambda: 1)
    assert actions.examine_pending(now=now, limit=2) == 2
    kept, examining._archive = examining._archive, None
    monkeypatch.setattr(examining, "MANY", 10**6)
    assert actions.examine_pending(now=now, limit=1) == 1
    examining._archive = kept
    assert actions.examine_pending(now=now, limit=10) == 3
    assert examining._archive is None
    assert Examination.objects.count() == 6

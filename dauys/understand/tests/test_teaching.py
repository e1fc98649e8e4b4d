"""The reader of topics learns from people at once, forgets what was taken back, and refuses what is no reader."""

import logging
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied

from dauys.engines import topics
from dauys.hear.actions import receive
from dauys.hear.models import Appeal
from dauys.hear.submission import Submission
from dauys.ledger.models import Entry
from dauys.understand import actions, in_force, reading
from dauys.understand.actions import teaching
from dauys.understand.models import Examination, Finding, TopicModel

SAMPLES = [
    *[(f"нет воды в доме {n} кран сухой прорвало трубу", "water.outage") for n in range(12)],
    *[(f"дорога в ямах ремонт асфальта улица {n}", "roads.repair") for n in range(12)],
]
ODD = "Лужа у колодца размыла асфальт и тротуар возле рынка"
REWORDED = "Возле рынка лужа у колодца совсем размыла асфальт и тротуар"
UNRELATED = "Кран сухой, воды в доме нет"


@pytest.fixture(autouse=True)
def _nothing_held():
    in_force._held.clear()
    in_force._unreadable.clear()
    yield
    in_force._held.clear()
    in_force._unreadable.clear()


@pytest.fixture
def model(cast, now):
    return actions.learn(SAMPLES, name="test", now=now)


def hear(text, now):
    receive(Submission(channel="web", token=f"{text}{Appeal.objects.count()}", text=text), now=now)
    actions.examine_pending(now=now)
    return Appeal.objects.latest("id").id


def guess(text):
    return in_force.reader().model.classify([text])[0]


def say(appeal, topic, officer, now):
    return actions.decide(appeal_id=appeal, officer=officer, topic_code=topic, area_code="", now=now)


def test_a_correction_is_heard_in_one_round_and_unrelated_texts_read_as_before(cast, model, now):
    appeal = hear(ODD, now)
    assert guess(REWORDED).ranked[0][0] == "roads.repair"
    before = guess(UNRELATED)
    say(appeal, "water.outage", cast.operator, now)
    assert actions.absorb_pending(now=now) > 0
    assert actions.absorb_pending(now=now) == 0
    assert guess(REWORDED).ranked[0][0] == "water.outage"
    assert guess(UNRELATED) == before
    hear(REWORDED, now)
    assert Finding.objects.filter(aspect="topic").latest("id").value == "water.outage"


def test_another_process_sees_the_correction(cast, model, now):
    say(hear(ODD, now), "water.outage", cast.operator, now)
    in_force.reader()
    actions.absorb_pending(now=now)
    in_force._held.clear()  # what another process has in memory: nothing of this one's
    assert guess(REWORDED).ranked[0][0] == "water.outage"
    assert TopicModel.objects.get().heard_until == Finding.objects.latest("id").id


def test_a_persons_word_stands_whatever_the_reader_learns(cast, model, now):
    appeal = hear(ODD, now)
    say(appeal, "water.outage", cast.operator, now)
    actions.absorb_pending(now=now)
    other = hear(REWORDED, now)
    say(other, "roads.repair", cast.head, now)
    actions.absorb_pending(now=now)
    standing = dict(Examination.objects.values_list("appeal_id", "topic__code"))
    assert standing == {appeal: "water.outage", other: "roads.repair"}


def test_a_word_taken_back_leaves_the_memory_and_the_others_stay(cast, model, now):
    kept, undone = hear(ODD, now), hear("Рынок затопило, вода стоит у прилавков", now)
    for appeal in (kept, undone):
        say(appeal, "water.outage", cast.operator, now)
    actions.absorb_pending(now=now)
    assert guess("Рынок затопило, вода стоит у прилавков").corrected > 0
    assert actions.take_back(appeal_id=undone, officer=cast.operator, now=now + timedelta(minutes=1))
    assert actions.absorb_pending(now=now) > 0
    assert guess("Рынок затопило, вода стоит у прилавков").corrected == 0
    assert guess(REWORDED).ranked[0][0] == "water.outage"
    assert actions.absorb_pending(now=now) == 0


def test_killed_before_the_words_are_kept_they_are_heard_again(cast, model, now, monkeypatch):
    say(hear(ODD, now), "water.outage", cast.operator, now)

    def dies(*_told):
        raise SystemExit

    def dies_before_keeping(_model):
        raise SystemExit

    with monkeypatch.context() as broken:
        broken.setattr(topics.Model, "to_bytes", dies_before_keeping)
        with pytest.raises(SystemExit):
            actions.absorb_pending(now=now)
    assert TopicModel.objects.get().heard_until == 0
    with monkeypatch.context() as broken:
        broken.setattr(in_force, "keep", dies)
        with pytest.raises(SystemExit):
            actions.absorb_pending(now=now)
    assert actions.absorb_pending(now=now) == 0
    assert guess(REWORDED).ranked[0][0] == "water.outage"


def test_many_words_are_heard_in_portions_and_once(cast, model, now):
    for word in ("арка", "берег", "ворота", "гараж", "дачи", "ельник", "жильё"):
        say(hear(f"{ODD} {word}", now), "water.outage", cast.operator, now)
    rounds = 0
    while actions.absorb_pending(now=now, limit=3):
        rounds += 1
    assert rounds == 3
    assert len(in_force.reader().model.memory.codes) == 7


def test_what_a_reader_has_learned_is_not_remembered_beside_it(cast, model, now):
    say(hear(ODD, now), "water.outage", cast.operator, now)
    found = actions.past()
    say(hear("Рынок затопило", now), "water.outage", cast.operator, now)
    actions.learn([*SAMPLES, *found.samples], name="later", now=now, heard_until=found.heard_until)
    assert actions.absorb_pending(now=now) == 1
    assert len(in_force.reader().model.memory.codes) == 1
    actions.learn(SAMPLES, name="last", now=now)
    assert actions.absorb_pending(now=now) == 0


def test_names_and_numbers_are_hidden_before_learning_and_their_labels_are_no_words(cast, now):
    text = "Меня зовут Иванов Пётр Сергеевич, телефон 8 701 123 45 67. Больница закрыта, не убирают снег"
    shown = reading.masked(text)
    for hidden in ("Иванов", "Пётр", "701"):
        assert hidden not in shown
    assert "Больница" in shown
    assert "имя" not in topics.features.words_of(shown)


def test_the_past_is_what_people_settled_masked_with_languages_and_days(cast, model, now):
    appeal = hear("Иванов Пётр Сергеевич: лужа размыла асфальт", now)
    hear("Непонятное", now)
    say(appeal, "water.outage", cast.operator, now)
    found = actions.past()
    assert actions.past_count() == 1
    [(text, code)] = found.samples
    assert ("Иванов" in text, code) == (False, "water.outage")
    assert found.languages == [Examination.objects.get(appeal_id=appeal).language]
    day = Appeal.objects.get(id=appeal).registered_on.isoformat()
    assert found.span == (day, day)


def test_learning_twice_gives_the_same_reader_and_a_topic_met_once_is_left_out(cast, now):
    lonely = [*SAMPLES, ("собаки во дворе", "animals.stray")]
    one = actions.learn(lonely, name="one", now=now, span=("2025-01-01", "2026-01-01"))
    two = actions.learn(lonely, name="two", now=now, span=("2025-01-01", "2026-01-01"))
    assert bytes(one.content) == bytes(two.content)
    assert one.card["left_out"] == {"animals.stray": 1}
    assert one.card["languages"] == {"ru": 24}
    assert one.card["span"] == ["2025-01-01", "2026-01-01"]


def test_a_damaged_or_foreign_reader_is_refused_and_the_one_in_force_stays(cast, model, now):
    old = TopicModel.objects.create(version="old", content=b"GIF89a", samples=1, trained_at=now)
    damaged = TopicModel.objects.create(
        version="damaged", content=bytes(model.content)[:-9] + b"123456789", samples=1, trained_at=now
    )
    for row in (old, damaged):
        with pytest.raises(topics.UnreadableModel):
            actions.use_model(version=row.version, now=now)
    with pytest.raises(actions.UnknownReader):
        actions.use_model(version="none", now=now)
    assert TopicModel.objects.get(is_current=True) == model
    assert not Entry.objects.filter(verb="understand.use_model").exists()


def test_where_the_reader_in_force_is_damaged_the_newest_sound_one_reads(cast, model, now, caplog):
    newer = actions.learn(SAMPLES, name="newer", now=now)
    TopicModel.objects.filter(id=newer.id).update(content=b"torn")
    with caplog.at_level(logging.ERROR):
        assert in_force.reader().version == model.version
        assert in_force.reader().version == model.version
        appeal = hear(ODD, now)
        say(appeal, "water.outage", cast.operator, now)
        actions.absorb_pending(now=now)
    assert Finding.objects.get(aspect="topic", officer=None).engine == model.version
    assert len([record for record in caplog.records if newer.version in record.getMessage()]) == 1
    assert actions.measure_pending(now=now) == 1
    assert TopicModel.objects.get(id=newer.id).card["drift"]["unreadable"]


def test_a_first_start_has_a_reader_and_damage_alone_makes_another(cast, now):
    for code in ("housing.heating", "roads.potholes"):
        cast.water.__class__.objects.create(code=code, name_ru=code, name_kk=code, name_en=code)
    from dauys.institution.queries import forget

    forget()
    known = {code for _text, code in actions.starter_samples()}
    assert actions.ensure_model(now=now) == (len(known & {"housing.heating", "roads.potholes", "water.outage"}) > 1)
    if TopicModel.objects.exists():
        assert not actions.ensure_model(now=now)
        assert TopicModel.objects.get().card["starter"] is True
        assert in_force.sure() == in_force.SURE


THRESHOLDS = [
    ({}, 0.7),
    ({"sure_from": {"0.90": None}}, 0.7),
    ({"sure_from": {"0.90": 0.83}}, 0.83),
    ({"sure_from": {"0.90": 0.31}}, 0.5),
    ({"sure_from": {"0.90": 0.83}, "starter": True}, 0.7),
    ({"sure_from": {"0.90": 0.83}, "sure": 0.6}, 0.6),
]


@pytest.mark.parametrize(("card", "threshold"), THRESHOLDS)
def test_the_threshold_is_the_institutions_own_or_what_the_past_shows(card, threshold):
    assert in_force.threshold(card) == threshold


def test_a_threshold_of_ones_own_holds_for_the_next_reading_and_for_later_readers(cast, model, now):
    assert in_force.sure() == 0.7
    first = hear(ODD, now)
    sureness = Examination.objects.get(appeal_id=first).topic_confidence
    assert 0.5 <= sureness < 0.99
    actions.set_sure(threshold=0.99, officer=cast.head, now=now)
    second = hear(ODD + " опять", now)
    actions.set_sure(threshold=0.5, officer=cast.administrator, now=now)
    third = hear(ODD + " снова", now)
    needs = dict(Examination.objects.values_list("appeal_id", "needs_person"))
    assert (needs[second], needs[third]) == (True, False)
    assert actions.learn(SAMPLES, name="later", now=now).card["sure"] == 0.5
    assert actions.use_model(version=model.version, now=now).card["sure"] == 0.5
    assert actions.set_sure(threshold=None, officer=cast.head, now=now) == 0.7
    told = Entry.objects.filter(verb="understand.set_sure").order_by("id").values_list("detail", flat=True)
    assert [one["sure"] for one in told] == [0.99, 0.5, 0.7]


@pytest.mark.parametrize("threshold", [0.49, 1.0, -1, float("nan")])
def test_a_threshold_out_of_bounds_is_refused(cast, model, now, threshold):
    with pytest.raises(actions.BadThreshold):
        actions.set_sure(threshold=threshold, officer=cast.head, now=now)


@pytest.mark.parametrize("who", ["stranger", "officer", "operator", "auditor"])
def test_who_may_not_manage_the_reader_changes_nothing(cast, model, now, who):
    officer = getattr(cast, who)
    for act in (
        lambda: actions.use_model(version=model.version, officer=officer, now=now),
        lambda: actions.set_sure(threshold=0.6, officer=officer, now=now),
        lambda: actions.learn(SAMPLES, name="no", officer=officer, now=now),
    ):
        with pytest.raises(PermissionDenied):
            act()
    assert TopicModel.objects.count() == 1


def test_the_head_of_a_department_does_not_choose_for_the_whole_house(cast, model, now):
    from dauys.institution.models import Appointment, Role

    Appointment.objects.create(user=cast.stranger, office=cast.utilities, role=Role.HEAD, since_on=now.date())
    with pytest.raises(PermissionDenied):
        actions.use_model(version=model.version, officer=cast.stranger, now=now)


def test_going_back_is_written_down_once(cast, model, now):
    newer = actions.learn(SAMPLES, name="newer", now=now)
    for _again in range(2):
        actions.use_model(version=model.version, officer=cast.head, now=now)
    entry = Entry.objects.get(verb="understand.use_model")
    assert (entry.detail, entry.actor_id) == ({"version": model.version, "before": newer.version}, cast.head.id)
    assert list(TopicModel.objects.filter(is_current=True)) == [model]


def test_drift_is_measured_once_a_day_and_remembered(cast, model, now, monkeypatch):
    monkeypatch.setattr(teaching, "DRIFT_LEAST", 3)
    for number in range(3):
        hear(f"Собаки лают ночью под окнами {number}", now)
    assert actions.measure_pending(now=now) == 1
    assert actions.measure_pending(now=now + timedelta(hours=23)) == 0
    told = TopicModel.objects.get().card["drift"]
    assert told["texts"] == 3
    assert told["unseen"] > 0.3
    assert actions.measure_pending(now=now + timedelta(hours=25)) == 1

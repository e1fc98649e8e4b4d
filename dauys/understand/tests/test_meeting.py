from datetime import timedelta

import numpy as np
import pytest

from dauys.hear.actions import receive
from dauys.hear.models import Appeal
from dauys.hear.submission import Submission
from dauys.institution.queries import house
from dauys.understand import actions, queries, vectors
from dauys.understand.models import Examination, Merge
from dauys.understand.signature_store import SignatureStore

PIPE = (
    "На улице Заречной прорвало трубу, вода течёт по двору третий день",
    "Прорвало трубу на улице Заречной, двор залит водой, никто не едет",
    "Вода из прорванной трубы залила двор на Заречной улице, приезжайте",
)


@pytest.fixture
def heard(cast, now, settings, tmp_path):
    settings.HOME = tmp_path

    def hear(*texts, at=now, lat=49.95, lon=82.61, topic="water.outage"):
        for number, text in enumerate(texts):
            receive(
                Submission(channel="web", token=f"{text}{number}{at}", text=text, lat=lat, lon=lon),
                now=at,
            )
        actions.examine_pending(now=at)
        # The reader of topics is not what is tried here.
        Examination.objects.filter(appeal__text__in=texts).update(topic=house().topic_by_code[topic].id, area=None)

    return hear


def _group(now, limit=2000):
    while actions.embed_pending(now=now, limit=limit):
        pass
    while actions.group_pending(now=now, limit=limit):
        pass


def test_every_appeal_gets_one_vector_and_a_second_look_finds_nothing_owed(heard, now):
    heard(*PIPE, "12345", "中文")
    assert actions.embed_pending(now=now) == Appeal.objects.count()
    assert actions.embed_pending(now=now) == 0
    assert queries.vectors.near(Appeal.objects.first().id, 10)


def test_people_of_one_problem_are_offered_as_one_group(heard, now):
    heard(*PIPE)
    heard("Просим открыть новый автобусный маршрут до дачного массива", topic="roads.repair")
    _group(now)
    first, *rest = Examination.objects.order_by("appeal_id").values_list("matter_id", flat=True)
    assert rest == [first, first, Appeal.objects.last().id]
    matter = queries.matter_of(Appeal.objects.first().id)
    assert (matter.oldest, matter.count, matter.kind) == (first, 3, "problem")
    assert queries.matter_of(Appeal.objects.last().id) is None


def test_one_text_of_many_hands_is_a_campaign(heard, now):
    for number in range(5):
        heard(f"Требуем отменить вырубку деревьев в парке, подпись {number}", lat=49 + number, lon=80 + number)
    _group(now)
    Examination.objects.update(matter=Appeal.objects.first())
    assert queries.matter_of(Appeal.objects.first().id).kind == "campaign"


def test_grouping_bit_by_bit_gives_what_grouping_at_once_gives(heard, now):
    for day in range(4):
        heard(*(f"{text} {day}" for text in PIPE), at=now + timedelta(days=day))
    _group(now, limit=1)
    bit_by_bit = list(Examination.objects.order_by("appeal_id").values_list("matter_id", flat=True))
    Examination.objects.update(matter=None)
    Merge.objects.all().delete()
    _group(now)
    assert list(Examination.objects.order_by("appeal_id").values_list("matter_id", flat=True)) == bit_by_bit


def test_a_group_keeps_its_name_when_more_come(heard, now):
    heard(*PIPE)
    _group(now)
    before = dict(Examination.objects.values_list("appeal_id", "matter_id"))
    heard(*(f"{text} опять" for text in PIPE), at=now + timedelta(days=1))
    _group(now)
    after = dict(Examination.objects.values_list("appeal_id", "matter_id"))
    merged = dict(Merge.objects.values_list("gone_id", "kept_id"))
    assert all(after[appeal] == merged.get(group, group) for appeal, group in before.items())


def test_nothing_is_grouped_before_it_has_a_vector(heard, now):
    heard(*PIPE)
    assert actions.group_pending(now=now) == 0


def test_a_database_restored_from_a_backup_does_not_meet_vectors_of_lost_appeals(heard, now):
    heard(*PIPE)
    _group(now)
    with vectors.writing(10**9) as store:
        store.append([10**6], np.ones((1, store.dims), dtype=np.float32) / np.sqrt(store.dims))
    assert actions.embed_pending(now=now) == 3
    assert 10**6 not in SignatureStore(vectors.folder(), encoder=store.encoder).ids()


def test_vectors_of_another_encoder_are_made_anew(heard, now):
    heard(*PIPE)
    vectors.folder().mkdir()
    SignatureStore.writing(vectors.folder(), encoder="another", dims=64).close()
    assert vectors.near(Appeal.objects.first().id, 3) == []
    assert actions.embed_pending(now=now) == 3


@pytest.mark.parametrize("point", [(49.95, 82.61), (None, None)])
def test_the_same_matter_in_the_other_language_is_offered(heard, now, point):
    told = ("Көшеде үш күннен бері су жоқ, құбыр жарылған", "На улице третий день нет воды, прорвало трубу")
    heard(*told, lat=point[0], lon=point[1])
    heard("Автобус маршруты жоқ, балалар мектепке жаяу барады", topic="roads.repair")
    _group(now)
    offered = queries.alike_to(Appeal.objects.get(text__startswith="Көшеде").id)
    assert offered[0].appeal.text.startswith("На улице")
    assert "meaning" in dict(offered[0].reasons)


def test_the_same_words_far_away_are_not_offered(heard, now):
    heard(PIPE[0])
    heard(PIPE[1], lat=48.0, lon=80.0)
    _group(now)
    assert queries.alike_to(Appeal.objects.first().id) == []

from itertools import pairwise

import pytest
from django.db import connection, transaction

from dauys.engines import search_terms
from dauys.hear.actions import receive
from dauys.hear.submission import Submission
from dauys.understand import index

TEXTS = {
    1: "Нет воды во дворе",
    2: "Вода есть, нет света",
    3: "Ауылда су жоқ, мектептерде де",
    4: "No water at the school",
    5: "Дорога у школы в ямах",
    6: "Во дворе нет горячей воды",
}


@pytest.fixture
def filled(db):
    index.forget()
    index.add(list(TEXTS.items()))
    yield
    index.forget()


def vocabulary():
    with connection.cursor() as cursor:
        cursor.execute("SELECT word, appeals FROM search_word")
        return dict(cursor.fetchall())


@pytest.mark.parametrize(
    ("asked", "ids"),
    [
        ("вода", [6, 2, 1]),
        ("водой", [6, 2, 1]),
        ("нет вода", [6, 2, 1]),
        ('"нет воды"', [1]),
        ('"воды нет"', []),
        ('"во дворе"', [6, 1]),
        ("двор -горячая", [1]),
        ('вода -"нет воды"', [6, 2]),
        ("вода -горячая -свет", [1]),
        ("школа", [5]),
        ("school", [4]),
        ("су жок", [3]),
        ("ауыл", [3]),
        ("мектептің", [3]),
        ("дв*", [6, 1]),
        ("гор", [6]),
        ("бетон", []),
        ("-вода", []),
        ("", []),
    ],
)
def test_what_a_question_finds_newest_first(filled, asked, ids):
    assert index.find(asked) == ids


def test_a_list_goes_on_below_an_id(filled):
    assert index.find("вода", limit=2) == [6, 2]
    assert index.find("вода", before=2) == [1]


def test_a_row_added_twice_stays_one_row_and_is_counted_once(filled):
    before = vocabulary()
    index.add([(1, TEXTS[1]), (6, TEXTS[6])])
    assert index.find("вода") == [6, 2, 1]
    assert vocabulary() == before
    assert before["вод"] == 3


def test_an_unfinished_batch_leaves_nothing_behind(filled):
    before = vocabulary()
    point = transaction.savepoint()
    index.add([(7, "Бетономешалка")])
    transaction.savepoint_rollback(point)
    assert vocabulary() == before
    assert index.find("бетономешалка") == []


def test_rare_words_are_looked_up_whole_and_common_ones_in_stretches():
    million = index.Span(1, 1_000_000)
    assert list(index.windows(None, million, cost=300)) == [(0, 1_000_001)]
    stretches = list(index.windows(None, million, cost=400_000))
    assert stretches[0] == (990_000, 1_000_001)
    assert all(upper == lower + 1 for (lower, _), (_, upper) in pairwise(stretches))
    assert 0 < stretches[-1][0] < 1_000_000 - sum(index.LOOKS)
    assert list(index.windows(5, million, cost=400_000)) == [(0, 5)]
    assert list(index.windows(1, index.Span(1, 10), cost=3)) == []


def test_a_common_and_a_rare_word_together_are_rare(filled, monkeypatch):
    monkeypatch.setattr(index, "SPARSE", 2)
    assert index.plan(search_terms.ask("вода")).is_sparse is False
    assert index.plan(search_terms.ask("вода горячая")).is_sparse is True


@pytest.mark.parametrize("sparse", [0, 20_000])
@pytest.mark.parametrize("asked", ["вода", '"нет воды"', "двор -горячая", "дв*"])
def test_both_ways_of_looking_find_the_same(filled, monkeypatch, sparse, asked):
    expected = index.find(asked)
    monkeypatch.setattr(index, "SPARSE", sparse)
    assert index.find(asked) == expected


@pytest.mark.parametrize(
    ("asked", "better"),
    [
        ("горячый", {}),
        ("гарячий", {"гарячий": "горячей"}),
        ("мектеб", {}),
        ("дарога", {"дарога": "дорога"}),
        ("шкала дарога", {"шкала": "школы", "дарога": "дорога"}),
        ("вода", {}),
        ("бетономешалка", {}),
    ],
)
def test_what_was_meant(filled, asked, better):
    question = search_terms.ask(asked)
    assert index.meant(index.plan(question), question) == better


def test_appeals_like_a_text_share_its_rarest_words(filled):
    planned = index.plan_like("Во дворе снова нет горячей воды")
    assert planned.can_find
    ids = planned.within(0, 100)
    with connection.cursor() as cursor:
        cursor.execute(ids.sql, ids.params)
        assert {row[0] for row in cursor.fetchall()} >= {1, 6}


def test_what_an_older_index_held_is_brought_in_step_by_step(cast, now):
    for n in range(5):
        last = receive(Submission(channel="web", token=f"t{n}", text=f"Прорвало трубу, дом {n}"), now=now)
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO search_owed (upto) VALUES (%s)", [last.appeal_id])
    assert index.catch_up(limit=3) == 3
    assert len(index.find("труба")) == 3
    while index.catch_up(limit=3):
        pass
    assert len(index.find("труба")) == 5


@pytest.mark.parametrize(
    "text", ["", "😀", "'; DROP TABLE appeal_words; --", "а" * 100_000, "\\ ' \" :* & | !", "x\ty"]
)
def test_any_text_can_be_indexed(db, text):
    index.add([(1, text), (2, "вода")])
    assert index.find("вода") == [2]
    index.find(text)

"""Earlier answers as a start: whose, in which order, what differs, and what of the other case must not come along."""

import re
import time

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from dauys.answer import actions, queries, skeletons, suggesting
from dauys.answer.models import Answer, Draft, Handling
from dauys.answer.queries import appeal_page

FACTS = [
    # (answer, what of it becomes holes)
    ("Комиссия 15.03.2026 проверила дом 12 по ул. Абая, 14.", ["15.03.2026", "дом 12", "ул. Абая, 14"]),
    ("Работы до 20 марта 2026 года, ст. 89, 92 АППК, п. 2 ст. 15 закона.", ["20 марта 2026 года"]),
    ("Вопросы примет Иванов И.И., тел. 8 701 234 56 78.", ["Иванов И.И.", "8 701 234 56 78"]),
    ("Выделено 350 000 тенге на 2 подъезда.", ["350 000", "2"]),
    ("Обращение 2026-000012 рассмотрено.", ["2026-000012"]),
    ("2026 жылғы 15 наурызда Абай көшесі, 12-үйде тексерілді.", ["2026 жылғы 15 наурызда", "Абай көшесі, 12-үйде"]),
    ("ӘРПК 89-баптың 2-тармағы бойынша 5 күн ішінде.", ["5"]),
    ("On 15 March 2026 we checked Lake street under art. 89(2).", ["15 March 2026", "Lake street"]),
    ("Воду подали, давление в норме.", []),
    ("", []),
]


@pytest.mark.parametrize(("answer", "facts"), FACTS)
def test_facts_of_another_case_are_found_and_the_law_is_left(answer, facts):
    assert [answer[one.start : one.end] for one in suggesting.facts(answer)] == facts


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_a_start_holds_none_of_them_and_is_not_sent(language):
    text = " ".join(answer for answer, _facts in FACTS)
    begun = suggesting.text_of(suggesting.start(text, language))
    for _answer, facts in FACTS:
        for fact in facts:
            if len(fact) > 2:
                assert fact not in begun
    assert "ст. 89, 92 АППК, п. 2 ст. 15" in begun
    hole = skeletons.unfilled(begun)
    assert hole is not None
    assert hole.endswith(" …]")


def test_the_other_place_is_a_fact_unless_it_is_this_one_s_too():
    answer = "В Берёзовке воду подали, на Лесной тоже."
    begun = suggesting.text_of(suggesting.start(answer, "ru", places=["Берёзовка, Лесная"], own=["Лесная"]))
    assert begun in ("В [место …] воду подали, на Лесной тоже.", "В [имя …] воду подали, на Лесной тоже.")


@given(st.text(max_size=300))
def test_a_start_loses_no_word_but_facts(text):
    pieces = suggesting.start(text, "ru")
    at = 0
    for piece in pieces:
        if piece.mark != "hole":
            found = text.find(piece.text, at)
            assert found >= at
            at = found + len(piece.text)
    assert all(one.start < one.end for one in suggesting.facts(text))


HERE = "На улице Абая третий день нет воды с 7 марта. Помогите!"


def test_alike_texts_stand_as_one_with_the_differences():
    share, pieces = suggesting.difference("На улице Лесной третий день нет воды с 5 марта. Помогите.", HERE)
    assert share > 0.7
    assert [one.text for one in pieces if one.mark == "there"] == ["Лесной", "5"]
    assert [one.text.strip() for one in pieces if one.mark == "here"] == ["Абая", "7"]


def test_unlike_texts_stand_apart_with_their_facts():
    there = "Яма у школы 12, дом 3, с 7 марта"
    share, pieces = suggesting.difference(there, HERE)
    assert share < suggesting.CLOSE
    assert suggesting.text_of(pieces) == there
    assert [one.text for one in pieces if one.mark == "there"] == ["школы 12"] or [
        one.text for one in pieces if one.mark
    ] == ["12", "дом 3"]


@given(st.text(max_size=200), st.text(max_size=200))
def test_the_other_s_words_are_all_there(there, here):
    _share, pieces = suggesting.difference(there, here)
    kept = "".join(one.text for one in pieces if one.mark != "here")
    assert re.sub(r"\s", "", kept) == re.sub(r"\s", "", there)


# In the house


@pytest.fixture
def answered(promised, cast, now):
    """An answered appeal: `answered("words", "answer", solved=True)`; solved None leaves it unjudged."""

    def make(text, answer, *, solved=None, by=None, outcome="satisfied", **told):
        appeal = promised(text, **told)
        actions.send_answer(appeal_id=appeal.id, outcome=outcome, text=answer, officer=by or cast.officer, now=now)
        if solved is not None:
            actions.give_verdict(appeal_id=appeal.id, ordinal=1, solved=solved, rating=None, words="", now=now)
        return appeal

    return make


@pytest.fixture
def offered(cast):
    def ask(appeal, who=None):
        who = who or cast.officer
        page = appeal_page(who, appeal.number)
        return queries.suggested(who, page)

    return ask


def test_the_confirmed_come_first_then_the_undisputed_and_never_the_disputed(answered, promised, offered):
    quiet = answered("Нет воды на Абая", "Воду подали: раз.")
    solved = answered("Нет воды на Лесной", "Воду подали: два.", solved=True)
    answered("Нет воды нигде", "Отписка.", solved=False)
    found = offered(promised("Снова нет воды, дом 5"))
    assert [(one.number, one.is_confirmed) for one in found] == [(solved.number, True), (quiet.number, False)]


def test_another_topic_or_office_is_not_offered(answered, promised, offered, cast):
    answered("Яма на дороге", "Засыпали.", topic="roads.repair", by=cast.road_officer, solved=True)
    assert offered(promised("Нет воды")) == []


def test_only_what_this_officer_may_read(answered, promised, offered, cast):
    other = answered("Нет воды", "Подали.", solved=True)
    mine = promised("Нет воды опять")
    assert [one.number for one in offered(mine)] == [other.number]
    Handling.objects.filter(appeal_id=other.id).update(acting=cast.branch, clock=cast.branch)
    assert offered(mine) == []
    page = appeal_page(cast.officer, mine.number)
    assert queries.suggestion(cast.officer, page, Answer.objects.get().id) is None


def test_the_language_of_the_citizen_goes_before_a_better_fit(answered, promised, offered):
    answered("Нет воды", "Воду подали.", solved=True, language="ru")
    kazakh = answered("Су жоқ", "Су берілді.", language="kk")
    assert offered(promised("Тағы су жоқ", language="kk"))[0].number == kazakh.number


def test_personal_data_of_the_other_case_never_shows(answered, promised, cast):
    answered(
        "Нет воды, звоните 8 701 234 56 78, мой ИИН 850101300028",
        "Уважаемая Гульнара Сериковна Ахметова, вам звонили на 8 701 234 56 78: воду подали 5 марта.",
        solved=True,
    )
    client = Client()
    client.force_login(cast.officer)
    for headers in ({}, {"HX-Request": "true"}):
        page = client.get(f"/desk/appeal/{promised('Нет воды').number}/earlier/", headers=headers).content.decode()
        assert "воду подали" in page
        for secret in ("234 56 78", "850101300028", "Гульнара", "Ахметова", "5 марта"):
            assert secret not in page


def test_used_as_a_start_it_fills_the_draft_and_cannot_leave_as_it_is(answered, promised, cast, now):
    answered("Нет воды", "Воду подали 5 марта на ул. Абая, 14.", solved=True)
    appeal = promised("Нет воды на Лесной")
    client = Client()
    client.force_login(cast.officer)
    sent = {"start": f"earlier-{Answer.objects.get().id}", "seen": ""}
    assert client.post(f"/desk/appeal/{appeal.number}/begin/", sent).status_code == 302
    draft = Draft.objects.get()
    assert (draft.text, draft.outcome) == ("Воду подали [дата …] на [адрес …].", "satisfied")
    with pytest.raises(actions.Unfinished) as failure:
        actions.send_answer(appeal_id=appeal.id, outcome="satisfied", text=draft.text, officer=cast.officer, now=now)
    assert failure.value.hole == "[дата …]"


def test_a_draft_of_a_colleague_is_not_run_over(answered, promised, cast, now):
    answered("Нет воды", "Воду подали.", solved=True)
    appeal = promised("Нет воды на Лесной")
    kept = actions.save_draft(
        appeal_id=appeal.id, text="Слова коллеги", outcome="", seen_at=None, officer=cast.head, now=now
    )
    client = Client()
    client.force_login(cast.officer)
    where, start = f"/desk/appeal/{appeal.number}/begin/", f"earlier-{Answer.objects.get().id}"
    shown = client.post(where, {"start": start, "text": "Мои слова", "outcome": "", "seen": ""})
    assert shown.status_code == 409
    page = shown.content.decode()
    assert "Слова коллеги" in page
    assert "Мои слова" in page
    kept.refresh_from_db()
    assert kept.text == "Слова коллеги"


def test_differences_are_said_to_a_screen_reader_too(answered, promised, cast):
    answered("На улице Лесной третий день нет воды", "Воду подали.", solved=True)
    client = Client()
    client.force_login(cast.officer)
    number = promised("На улице Абая третий день нет воды").number
    page = client.get(f"/desk/appeal/{number}/earlier/?lang=en").content.decode()
    assert '<del><span class="unseen">only there: </span>Лесной</del>' in page
    assert re.search(r'<ins><span class="unseen">only here: </span>Абая\s*</ins>', page)


def test_it_costs_the_same_for_many_and_little_time(answered, promised, cast):
    client = Client()
    client.force_login(cast.officer)
    number = promised("Нет воды").number
    where, costs = f"/desk/appeal/{number}/earlier/", []
    for count in (3, 30):
        for one in range(count):
            answered(f"Нет воды в доме {one} уже {count} дней", f"Воду подали {one} марта. " * 20, solved=True)
        client.get(where)
        begun = time.process_time()
        with CaptureQueriesContext(connection) as asked:
            assert client.get(where).status_code == 200
        assert time.process_time() - begun < 1.0
        costs.append(len(asked))
    assert costs[0] == costs[1]

"""One answer to a problem: a letter for everybody, in their language, once, and a verdict for everybody."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from dauys.answer import actions
from dauys.answer.models import Answer, Handling, Joint
from dauys.understand import actions as understand
from dauys.understand import queries

RU = "По обращению {number}: насос заменён 12 марта, вода подаётся."
KK = "{number} жолданым бойынша: сорғы 12 наурызда ауыстырылды, су берілуде."


@pytest.fixture
def problem(promised, cast, now):
    """Three of one matter, one of them in Kazakh."""
    appeals = [promised(f"Нет воды на Лесной, дом {number}") for number in (1, 2)]
    appeals.append(promised("Лесная көшесінде су жоқ", language="kk"))
    understand.join(
        appeal_id=appeals[0].id, other_ids=[one.id for one in appeals], officer=cast.officer, title="", now=now
    )
    return queries.problem_of(appeals[0].id), appeals


def prepare(problem_id, officer, now, **texts):
    return actions.answer_together(
        problem_id=problem_id, outcome="satisfied", texts=texts or {"ru": RU, "kk": KK}, officer=officer, now=now
    )


LATER = timedelta(seconds=11)


def test_everybody_gets_a_letter_of_their_own_in_their_language(problem, cast, now):
    problem_id, appeals = problem
    prepare(problem_id, cast.officer, now)
    assert actions.together_pending(now=now) == 0  # ten seconds to undo
    assert actions.together_pending(now=now + LATER) == 3
    for appeal in appeals:
        answer = Answer.objects.get(appeal=appeal)
        assert appeal.number in answer.text
        assert "{" not in answer.text
        assert ("жолданым" in answer.text) == (appeal.language == "kk")
    assert Joint.objects.get().ended_at is not None
    assert actions.together_pending(now=now + 2 * LATER) == 0


def test_each_disputes_alone_and_is_not_sent_the_same_words_again(problem, cast, now):
    problem_id, appeals = problem
    joint = prepare(problem_id, cast.officer, now)
    actions.together_pending(now=now + LATER)
    actions.give_verdict(appeal_id=appeals[1].id, ordinal=1, solved=False, rating=None, words="", now=now + 2 * LATER)
    assert list(Handling.objects.filter(is_open=True).values_list("appeal_id", flat=True)) == [appeals[1].id]
    actions.send_to_joiners(joint_id=joint.id, officer=cast.officer, now=now + 3 * LATER)
    actions.together_pending(now=now + 5 * LATER)
    assert Answer.objects.filter(appeal=appeals[1]).count() == 1


def test_a_language_without_words_stays_open_until_somebody_writes_them(problem, cast, now):
    problem_id, appeals = problem
    prepare(problem_id, cast.officer, now, ru=RU, kk="  ")
    assert actions.together_pending(now=now + LATER) == 2
    assert Handling.objects.get(is_open=True).appeal_id == appeals[2].id


def test_stopped_in_the_middle_nobody_gets_two(problem, cast, now, monkeypatch):
    problem_id, _appeals = problem
    prepare(problem_id, cast.officer, now)
    assert actions.together_pending(now=now + LATER, limit=1) == 1
    assert Joint.objects.get().ended_at is None
    assert actions.together_pending(now=now + 2 * LATER) == 2
    assert Answer.objects.count() == 3


def test_undone_before_the_first_letter_leaves_and_not_after(problem, cast, now):
    problem_id, _appeals = problem
    joint = prepare(problem_id, cast.officer, now)
    assert actions.take_back_together(joint_id=joint.id, officer=cast.officer, now=now)
    assert actions.together_pending(now=now + LATER) == 0
    second = prepare(problem_id, cast.officer, now)
    actions.together_pending(now=now + LATER)
    assert not actions.take_back_together(joint_id=second.id, officer=cast.officer, now=now + 2 * LATER)
    assert Answer.objects.count() == 3


def test_whoever_joins_later_gets_it_by_one_press(problem, promised, cast, now):
    problem_id, appeals = problem
    joint = prepare(problem_id, cast.officer, now)
    actions.together_pending(now=now + LATER)
    with pytest.raises(actions.NobodyToAnswer):
        actions.send_to_joiners(joint_id=joint.id, officer=cast.officer, now=now + LATER)
    late = promised("И у нас на Лесной нет воды")
    understand.join(appeal_id=appeals[0].id, other_ids=[late.id], officer=cast.officer, title="", now=now)
    actions.send_to_joiners(joint_id=joint.id, officer=cast.officer, now=now + LATER)
    assert actions.together_pending(now=now + 3 * LATER) == 1
    assert Answer.objects.get(appeal=late).joint_id == joint.id


@pytest.mark.parametrize(
    ("texts", "outcome", "failure"),
    [
        ({"en": "Done."}, "satisfied", actions.NobodyToAnswer),
        ({"ru": "   "}, "satisfied", actions.NobodyToAnswer),
        ({"ru": "…"}, "satisfied", actions.Empty),
        ({"ru": RU}, "splendid", actions.NoOutcome),
        ({"ru": "х" * 20_001}, "satisfied", actions.TooLong),
    ],
)
def test_what_cannot_be_sent_to_all(problem, cast, now, texts, outcome, failure):
    with pytest.raises(failure):
        actions.answer_together(problem_id=problem[0], outcome=outcome, texts=texts, officer=cast.officer, now=now)
    assert not Joint.objects.exists()


def test_an_officer_of_another_office_answers_nobody(problem, cast, now):
    with pytest.raises(actions.NobodyToAnswer):
        prepare(problem[0], cast.road_officer, now)


def test_the_page_shows_the_problem_and_takes_the_answer(problem, cast, client):
    problem_id, appeals = problem
    client.force_login(cast.officer)
    where = reverse("answer:problem", args=[problem_id])
    page = client.get(where).content.decode()
    assert all(one.number in page for one in appeals)
    assert 'name="text_ru"' in page
    assert 'name="text_kk"' in page
    assert 'name="text_en"' not in page
    send = reverse("answer:answer_together", args=[problem_id])
    assert client.post(send, {"outcome": "satisfied"}).status_code == 422
    said = {"outcome": "satisfied", "text_ru": RU}
    checked = client.post(send, said)
    assert checked.status_code == 422
    assert 'name="why"' in checked.content.decode()
    assert not Joint.objects.exists()
    assert client.post(send, {**said, "why": "told"}).status_code == 302
    joint = Joint.objects.get()
    assert joint.overridden["ru"]["why"] == "told"
    assert f'value="{joint.id}"' in client.get(where).content.decode()
    client.post(send, {"take_back": joint.id})
    joint.refresh_from_db()
    assert joint.ended_at is not None
    assert not Answer.objects.exists()


def test_the_page_costs_the_same_for_three_and_for_nine(problem, promised, cast, client, now):
    problem_id, appeals = problem
    client.force_login(cast.officer)
    where = reverse("answer:problem", args=[problem_id])

    def count():
        client.get(where)
        with CaptureQueriesContext(connection) as seen:
            client.get(where)
        return len(seen)

    few = count()
    more = [promised(f"Нет воды в доме {number}").id for number in range(6)]
    understand.join(appeal_id=appeals[0].id, other_ids=more, officer=cast.officer, title="", now=now)
    assert count() == few

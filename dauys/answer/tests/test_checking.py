"""The advice on an answer: shown, never a block, and serious ones sent only with a named reason."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from dauys.answer import actions, check_words, checking, queries
from dauys.answer.models import Answer, Handling
from dauys.engines.answer_check import CODES, Duty, Finding, Severity
from dauys.understand.models import Finding as Read

POOR = "Ваше обращение направлено в другой отдел для рассмотрения."
GOOD = (
    "Здравствуйте! Мастер участка Ахметов И.И. 12 марта заменил насос на улице Лесной, вода подана. "
    "Основание: статья 12 Закона. Вы вправе подать жалобу в вышестоящий орган."
)


@pytest.fixture
def at(promised):
    return f"/desk/appeal/{promised().number}/"


def preview(client, at, text, outcome="explained"):
    response = client.post(at + "draft/", {"text": text, "outcome": outcome, "go": "preview"}, follow=True)
    return response.context["page"].draft.saved_at.isoformat(), response.content.decode()


def advised(page):
    return [one for one in CODES if f'data-code="{one}"' in page]


def test_the_preview_shows_advice_with_the_words_in_question(client_of, at):
    _seen, page = preview(client_of("officer"), at, POOR)
    assert {"forwarded", "no_facts", "law_not_cited", "no_complaint_route"} <= set(advised(page))
    assert "обращение направлено</q>" in page
    assert 'name="why"' in page


def test_a_good_answer_asks_for_no_reason(client_of, at):
    _seen, page = preview(client_of("officer"), at, GOOD, "satisfied")
    assert advised(page) == []
    assert 'name="why"' not in page


def test_passing_on_is_the_answer_where_it_is_the_outcome(client_of, at):
    _seen, page = preview(client_of("officer"), at, POOR, "redirected")
    assert "forwarded" not in advised(page)


@pytest.mark.parametrize(
    ("why", "said", "is_sent"),
    [
        ("", "", False),
        ("because", "", False),
        ("own", "  ", False),
        ("own", "Заявитель просил только номер отдела", True),
        ("told", "", True),
    ],
)
def test_a_serious_finding_needs_a_named_reason(client_of, at, why, said, is_sent):
    client = client_of("officer")
    seen, _page = preview(client, at, POOR)
    response = client.post(at + "send/", {"seen": seen, "why": why, "why_said": said}, follow=True)
    actions.leave_pending(now=timezone.now() + timedelta(minutes=1))
    assert Answer.objects.exists() is is_sent
    if not is_sent:
        assert 'name="why"' in response.content.decode()  # back on the preview, the draft as it was
        return
    answer = Answer.objects.get()
    assert (answer.overridden["why"], answer.overridden["words"]) == (why, said)
    assert "forwarded" in answer.overridden["codes"]
    assert {one["code"] for one in answer.findings} >= set(answer.overridden["codes"])


def test_what_the_check_said_is_kept_beside_a_good_answer_too(client_of, at):
    client = client_of("officer")
    seen, _page = preview(client, at, GOOD, "satisfied")
    client.post(at + "send/", {"seen": seen}, follow=True)
    actions.leave_pending(now=timezone.now() + timedelta(minutes=1))
    answer = Answer.objects.get()
    assert (answer.findings, answer.overridden) == ([], None)


def test_other_ways_of_sending_need_no_check(cast, promised, now):
    appeal = promised()
    answer = actions.send_answer(appeal_id=appeal.id, outcome="explained", text=POOR, officer=cast.officer, now=now)
    assert (answer.findings, answer.overridden) == (None, None)


def test_advice_comes_while_the_officer_writes(client_of, at):
    client = client_of("officer")
    page = client.post(at + "check/", {"text": POOR, "outcome": ""}).content.decode()
    assert "forwarded" in advised(page)
    assert "<html" not in page
    assert client.post(at + "check/", {"text": "  "}).content == b""
    assert not Answer.objects.exists()
    assert f'hx-post="{at}check/"' in client.get(at).content.decode()


def test_a_stranger_learns_nothing(client_of, at):
    assert client_of("stranger").post(at + "check/", {"text": POOR}).status_code == 404


def test_things_asked_come_from_the_reader_of_appeals(cast, client_of, promised, now):
    appeal = promised("Прошу починить фонарь и спилить старый тополь")
    start = appeal.text.index("спилить")
    Read.objects.create(
        appeal_id=appeal.id, aspect="asks", value="2", confidence=0.9, made_at=now,
        reasons=[["do", 7, 22, "list"], ["do", start, start + 21, "list"]],
    )  # fmt: skip
    page = queries.appeal_page(cast.officer, appeal.number)
    found = checking.checked(cast.officer, page, "Фонарь починен 5 мая мастером.", outcome="satisfied", now=now)
    asked = [one.params["asked"] for one in found.findings if one.code == "ask_not_answered"]
    assert asked == ["спилить старый тополь"]


def test_a_copy_is_found_among_the_answers_of_the_office(cast, promised, now):
    long = "Комиссия обследовала водопровод, износ труб составляет сорок процентов, замена включена в перечень года."
    first = promised("Третий день нет воды, колонка сломана, давление слабое, соседи жалуются")
    actions.send_answer(appeal_id=first.id, outcome="explained", text=long, officer=cast.officer, now=now)
    Handling.objects.update(topic=cast.roads)  # as a person would have put it right
    second = promised("Собаки бегают возле школы, кусают детей, просим отловить стаю")
    for user, keys in ((cast.officer, [first.number]), (cast.stranger, [])):
        page = queries.appeal_page(cast.officer, second.number)
        found = checking.checked(user, page, long, outcome="explained", now=now)
        assert [one.params["key"] for one in found.findings if one.code == "copied"] == keys


def test_the_check_costs_the_same_however_long_the_past(cast, client_of, promised, now):
    client, costs = client_of("officer"), []
    appeal = promised()
    address = f"/desk/appeal/{appeal.number}/"
    preview(client, address, POOR)
    for count in (1, 12):
        for number in range(count):
            other = promised(f"Нет воды в доме {number}", at=now + timedelta(minutes=count))
            actions.send_answer(
                appeal_id=other.id, outcome="explained", text=f"Ответ {number}", officer=cast.officer,
                now=now + timedelta(minutes=count),
            )  # fmt: skip
        with CaptureQueriesContext(connection) as asked:
            assert client.post(address + "check/", {"text": POOR}).status_code == 200
        costs.append(len(asked))
    assert costs[0] == costs[1], [one["sql"][:90] for one in asked]


def test_duties_are_data_and_bind_their_own_family_alone():
    assert checking.duty("", "ru") == Duty()
    assert checking.duty("nowhere", "ru") == Duty()
    bound = checking.duty("kz", "ru")
    assert (bound.cites_law, bound.complaint_route, bound.also_lawful) == (True, True, ("kk",))
    assert "89" in bound.article


PARAMS = {
    "asked": "когда?", "how": "missing", "article": "art. 1", "wanted": "kk", "found": "ru", "share": 80, "key": "7",
    "kind": "name", "many": 3, "words": 60,
}  # fmt: skip


@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize("changed", [{}, {"how": "general", "article": "", "kind": "iin", "many": 1}])
def test_every_finding_has_its_sentence(code, changed):
    said = check_words.said(Finding(code, Severity.NOTE, {**PARAMS, **changed}))
    assert said.endswith(".")
    assert "%(" not in said

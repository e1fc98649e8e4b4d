"""From the promise to the citizen's last word, and who may do what on the way."""

import threading
import time
from datetime import UTC, date, datetime

import pytest
from django.core.exceptions import PermissionDenied
from django.db import OperationalError, connection
from django.test.utils import CaptureQueriesContext

from dauys.answer import actions, skeletons
from dauys.answer.models import Answer, Draft, Handling, Message, Promise, Verdict
from dauys.hear import sealing
from dauys.ledger.core.canonical import encode_base64
from dauys.ledger.core.commitment import commitment
from dauys.ledger.models import Entry

SAID = "Мы проверили: насос заменён 12 марта, вода подаётся. Основание: договор № 5."


def send(appeal, officer, now, text=SAID, outcome="satisfied"):
    return actions.send_answer(appeal_id=appeal.id, outcome=outcome, text=text, officer=officer, now=now)


def judge(appeal, solved, now, ordinal=1, rating=None, words=""):
    return actions.give_verdict(
        appeal_id=appeal.id, ordinal=ordinal, solved=solved, rating=rating, words=words, now=now
    )


def test_filed_promised_answered_disputed_answered_solved(promised, cast, now):
    appeal = promised()
    days = [datetime(2026, 3, day, 6, tzinfo=UTC) for day in (12, 16, 18, 19)]
    send(appeal, cast.officer, days[0])
    assert (Handling.objects.get().state, Handling.objects.get().is_open) == ("answered", False)

    judge(appeal, False, days[1], rating=1, words="Воды так и нет")
    row = Handling.objects.get()
    assert (row.state, row.is_open, row.unread, row.due_on) == ("disputed", True, True, date(2026, 4, 9))
    assert Promise.objects.order_by("id").last().reason == "reopened"

    second = send(appeal, cast.officer, days[2], text=SAID + " Заменён и второй насос.")
    assert (second.ordinal, second.due_on) == (2, date(2026, 4, 9))
    judge(appeal, True, days[3], ordinal=2, rating=5)
    row = Handling.objects.get()
    assert (row.state, row.is_open) == ("confirmed", False)

    entries = list(Entry.objects.filter(case=appeal.case).order_by("id"))
    assert [entry.verb for entry in entries] == [
        "hear.receive", "answer.promise", "answer.send", "answer.verdict", "answer.send", "answer.verdict",
    ]  # fmt: skip
    leaves = [entry.leaf.splitlines() for entry in entries]
    assert [(leaf[1], leaf[3], leaf[4], leaf[5]) for leaf in leaves] == [
        ("received", "2026-03-10", "-", "web"),
        ("accepted", "2026-03-10", "2026-04-03", "kz.appc.simplified"),
        ("answered", "2026-03-12", "-", "satisfied"),
        ("reopened", "2026-03-16", "2026-04-09", "kz.appc.simplified"),
        ("answered", "2026-03-18", "-", "satisfied"),
        ("amended", "2026-03-19", "-", "confirmed"),
    ]
    assert not any(word in entry.leaf + str(entry.detail) for entry in entries for word in ("насос", "Воды"))


def test_the_ledger_commits_to_the_answer(promised, cast, now):
    appeal = promised()
    answer = send(appeal, cast.officer, now)
    fields = actions.answer_fields(answer)
    key = sealing.unwrap(appeal.case, bytes(appeal.sealed.wrapped_key))
    salts = {name: sealing.salt(key, f"answer.1.{name}") for name in fields}
    leaf = Entry.objects.get(verb="answer.send").leaf.splitlines()
    assert leaf[6] == encode_base64(commitment(fields, salts))
    changed = {**fields, "text": "Другое".encode()}
    assert leaf[6] != encode_base64(commitment(changed, salts))


@pytest.mark.parametrize(
    ("text", "outcome", "failure"),
    [
        pytest.param("", "satisfied", actions.Empty, id="nothing"),
        pytest.param(" \n\u200b…!", "satisfied", actions.Empty, id="no word"),
        pytest.param("а" * 20_001, "satisfied", actions.TooLong, id="too long"),
        pytest.param(SAID, "", actions.NoOutcome, id="no outcome"),
        pytest.param(SAID, "wonderful", actions.NoOutcome, id="an unknown outcome"),
        pytest.param(skeletons.skeleton("kk"), "explained", actions.Unfinished, id="the skeleton, untouched"),
        pytest.param(
            skeletons.skeleton("ru").replace("[статья закона]", "ст. 5"), "explained", actions.Unfinished,
            id="the skeleton, half filled",
        ),
    ],
)  # fmt: skip
def test_what_is_not_an_answer_is_not_sent(promised, cast, now, text, outcome, failure):
    appeal = promised()
    with pytest.raises(failure):
        send(appeal, cast.officer, now, text=text, outcome=outcome)
    assert not Answer.objects.exists()
    assert not Entry.objects.filter(verb="answer.send").exists()


def test_brackets_of_the_officers_own_are_no_hole(promised, cast, now):
    appeal = promised()
    assert send(appeal, cast.officer, now, text=SAID + " [приложение 1]").ordinal == 1


def test_pressed_twice_it_is_one_answer(promised, cast, now):
    appeal = promised()
    assert send(appeal, cast.officer, now) == send(appeal, cast.officer, now)
    with pytest.raises(actions.AlreadyAnswered):
        send(appeal, cast.head, now, text=SAID + " И от меня.")
    assert Answer.objects.count() == Entry.objects.filter(verb="answer.send").count() == 1


def test_an_appeal_without_an_office_is_not_answered(promised, cast, now):
    with pytest.raises(actions.NotRouted):
        send(promised(topic=None, sure=0), cast.head, now)


@pytest.mark.django_db(transaction=True)
def test_two_officers_at_once_give_one_answer(request, now):
    cast = request.getfixturevalue("cast")
    appeal = request.getfixturevalue("promised")()
    outcomes = []

    def answer(officer, text):
        while True:
            try:
                outcomes.append(send(appeal, officer, now, text=text).ordinal)
            except actions.AlreadyAnswered:
                outcomes.append("already answered")
            except OperationalError:  # SQLite in memory refuses where a file would wait
                time.sleep(0.002)
                continue
            connection.close()
            return

    threads = [
        threading.Thread(target=answer, args=(officer, f"{SAID} {number}"))
        for number, officer in enumerate([cast.officer, cast.head] * 3)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(map(str, outcomes)) == ["1"] + ["already answered"] * 5
    assert Answer.objects.count() == Entry.objects.filter(verb="answer.send").count() == 1


def test_a_verdict_is_given_once_and_on_the_latest_answer(promised, cast, now):
    appeal = promised()
    with pytest.raises(actions.NothingToJudge):
        judge(appeal, True, now)
    send(appeal, cast.officer, now)
    with pytest.raises(actions.NothingToJudge):
        judge(appeal, True, now, ordinal=2)
    assert judge(appeal, False, now) == judge(appeal, False, now)
    assert Promise.objects.filter(reason="reopened").count() == 1
    with pytest.raises(actions.AlreadyJudged):
        judge(appeal, True, now)
    send(appeal, cast.officer, now, text=SAID + " Ещё раз.")
    with pytest.raises(actions.NothingToJudge):
        judge(appeal, True, now, ordinal=1)
    assert Verdict.objects.count() == 1


def test_messages_are_kept_once_and_notes_stay_inside(promised, cast, now):
    appeal = promised()
    for _ in range(2):
        actions.citizen_writes(appeal_id=appeal.id, text="Когда?", token="form", now=now)
    assert Handling.objects.get().unread
    for _ in range(2):
        actions.write(appeal_id=appeal.id, text="Завтра", note=False, token="x", officer=cast.officer, now=now)
        actions.write(appeal_id=appeal.id, text="Позвонить", note=True, token="x", officer=cast.officer, now=now)
    assert not Handling.objects.get().unread
    assert list(Message.objects.order_by("id").values_list("author", flat=True)) == [
        "citizen",
        "officer",
        "note",
    ]
    assert Entry.objects.filter(verb__in=("answer.write", "answer.note", "answer.citizen_writes")).count() == 3
    assert not Entry.objects.filter(verb="answer.note", leaf__isnull=False).exists()


def test_a_colleagues_draft_is_not_overwritten_unseen(promised, cast, now):
    appeal = promised()

    def save(officer, text, seen):
        return actions.save_draft(
            appeal_id=appeal.id, text=text, outcome="", seen_at=seen, officer=officer, now=datetime.now(UTC)
        )

    first = save(cast.officer, "Начал", None)
    with pytest.raises(actions.SomebodyElsesDraft):
        save(cast.head, "Моё", None)
    save(cast.head, "Начал и продолжил", first.saved_at)
    assert Draft.objects.get().text == "Начал и продолжил"
    send(appeal, cast.officer, now)
    assert not Draft.objects.exists()


def test_looking_at_the_contact_leaves_a_trace_and_no_leaf(promised, cast, now, contact):
    appeal = promised(contact=contact)
    assert actions.open_contact(appeal_id=appeal.id, officer=cast.officer, now=now).name == "Айгүл Тестова"
    entry = Entry.objects.get(verb="hear.read_contact")
    assert (entry.actor, entry.leaf, entry.detail) == (cast.officer, None, None)
    nameless = promised("Без имени")
    assert actions.open_contact(appeal_id=nameless.id, officer=cast.officer, now=now) is None
    assert Entry.objects.filter(verb="hear.read_contact").count() == 1


VERBS = {
    "take": lambda appeal, who, now, cast: actions.take(appeal_id=appeal.id, officer=who, now=now),
    "assign": lambda appeal, who, now, cast: actions.assign(appeal_id=appeal.id, to=cast.officer, officer=who, now=now),
    "redirect": lambda appeal, who, now, cast: actions.redirect(
        appeal_id=appeal.id, office_id=cast.branch.id, reason="Туда", officer=who, now=now
    ),
    "write": lambda appeal, who, now, cast: actions.write(
        appeal_id=appeal.id, text="Слово", note=False, token="t", officer=who, now=now
    ),
    "draft": lambda appeal, who, now, cast: actions.save_draft(
        appeal_id=appeal.id, text="Слово", outcome="", seen_at=None, officer=who, now=now
    ),
    "send": lambda appeal, who, now, cast: send(appeal, who, now),
    "contact": lambda appeal, who, now, cast: actions.open_contact(appeal_id=appeal.id, officer=who, now=now),
}


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize(
    ("who", "may"),
    [
        ("officer", {"take", "redirect", "write", "draft", "send", "contact"}),
        ("head", {"take", "assign", "redirect", "write", "draft", "send", "contact"}),
        ("operator", {"take", "assign", "redirect", "write", "contact"}),
        ("road_officer", set()),
        ("administrator", set()),
        ("auditor", set()),
        ("stranger", set()),
    ],
)
def test_who_may_do_what(promised, cast, now, contact, verb, who, may):
    appeal = promised(contact=contact)
    entries = Entry.objects.count()
    if verb in may:
        VERBS[verb](appeal, getattr(cast, who), now, cast)
        return
    with pytest.raises(PermissionDenied):
        VERBS[verb](appeal, getattr(cast, who), now, cast)
    assert Entry.objects.count() == entries


@pytest.mark.parametrize("verb", ["send", "verdict", "redirect", "take", "citizen_writes"])
def test_a_verb_costs_few_statements(promised, cast, now, verb):
    appeal = promised()
    if verb == "verdict":
        send(appeal, cast.officer, now)
    cast.officer._appointments = None  # as a fresh request would ask
    del cast.officer._appointments
    with CaptureQueriesContext(connection) as asked:
        {
            **VERBS,
            "verdict": lambda *_: judge(appeal, False, now),
            "citizen_writes": lambda *_: actions.citizen_writes(appeal_id=appeal.id, text="Да", token="t", now=now),
        }[verb](appeal, cast.officer, now, cast)
    assert len(asked) <= 14, [one["sql"][:80] for one in asked]

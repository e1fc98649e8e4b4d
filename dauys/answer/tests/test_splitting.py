"""A letter of several matters becomes several appeals, in the citizen's own words and on the letter's own day."""

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from dauys.answer import actions
from dauys.answer.models import Handling, Promise
from dauys.hear import codes
from dauys.hear import queries as hear
from dauys.hear.commitments import received_again
from dauys.hear.models import Appeal
from dauys.ledger.core.canonical import encode_base64
from dauys.ledger.models import Entry
from dauys.understand import actions as understand

LETTER = "На улице Лесной третий день нет воды. Дорога у школы разбита, там яма. Прошу помочь."


def split(appeal, officer, now, chosen=(1,), kind="message"):
    return actions.split(appeal_id=appeal.id, chosen=chosen, kind=kind, officer=officer, now=now)


def test_a_part_is_an_appeal_of_its_own_in_the_same_words_of_the_same_day(promised, cast, now, contact):
    letter = promised(LETTER, contact=contact)
    receipt = split(letter, cast.officer, now.replace(day=12))
    part = Appeal.objects.get(number=receipt.number)
    assert part.text == "Дорога у школы разбита, там яма."
    assert (part.part_of_id, part.received_at, part.registered_on) == (
        letter.id, letter.received_at, letter.registered_on,
    )  # fmt: skip
    assert hear.contact_of(part) == contact
    assert bytes(part.sealed.wrapped_key) != bytes(letter.sealed.wrapped_key)
    letter.refresh_from_db()
    assert letter.text == LETTER
    assert [entry.verb for entry in Entry.objects.filter(case=part.case)] == ["hear.receive"]
    assert Entry.objects.filter(case=letter.case).last().verb == "answer.split"


def test_its_term_runs_from_the_letters_day(promised, cast, now):
    letter = promised(LETTER)
    receipt = split(letter, cast.officer, now.replace(day=12))
    understand.examine_pending(now=now)
    actions.route_and_promise_pending(now=now.replace(day=12))
    of_part = Promise.objects.get(appeal_id=receipt.appeal_id)
    assert of_part.due_on == Promise.objects.get(appeal=letter).due_on


def test_the_letters_code_opens_its_parts(promised, cast, now):
    letter = promised(LETTER)
    code = codes.code_for(letter.key)
    receipt = split(letter, cast.officer, now)
    assert hear.opened_by(receipt.number, code).id == receipt.appeal_id


def test_the_same_choice_twice_is_one_part(promised, cast, now):
    letter = promised(LETTER)
    first, second = split(letter, cast.officer, now), split(letter, cast.officer, now)
    assert first.appeal_id == second.appeal_id
    assert not second.is_new
    assert Entry.objects.filter(verb="answer.split").count() == 1


@pytest.mark.parametrize(
    ("chosen", "failure"),
    [((), actions.NoPassage), ((17, -2), actions.NoPassage), ((0, 1, 2), actions.WholeLetter)],
)
def test_what_cannot_be_split_off(promised, cast, now, chosen, failure):
    letter = promised(LETTER)
    with pytest.raises(failure):
        split(letter, cast.officer, now, chosen=chosen)
    assert Appeal.objects.count() == 1


def test_a_part_is_not_split_again_and_an_answered_letter_not_at_all(promised, cast, now):
    letter = promised(LETTER)
    receipt = split(letter, cast.officer, now, chosen=(1, 2))
    Handling.objects.create(
        appeal_id=receipt.appeal_id, state="promised", is_open=True, acting=cast.utilities, clock=cast.utilities,
        received_at=now,
    )  # fmt: skip
    with pytest.raises(actions.PartOfAnother):
        actions.split(appeal_id=receipt.appeal_id, chosen=[0], kind="message", officer=cast.officer, now=now)
    actions.send_answer(
        appeal_id=letter.id, outcome="satisfied", text="Воду подали 12 марта.", officer=cast.officer, now=now
    )
    with pytest.raises(actions.AlreadyAnswered):
        split(letter, cast.officer, now, chosen=(0,))


def test_a_letter_has_only_so_many_parts(promised, cast, now):
    letter = promised(" ".join(f"Сломан фонарь номер {number} на столбе." for number in range(14)))
    for place in range(10):
        split(letter, cast.officer, now, chosen=(place,))
    with pytest.raises(actions.TooManyParts):
        split(letter, cast.officer, now, chosen=(11,))


def test_another_office_may_not(promised, cast, now):
    letter = promised(LETTER)
    with pytest.raises(PermissionDenied):
        split(letter, cast.road_officer, now)


def test_the_page_keeps_what_was_chosen_and_says_what_is_missing(promised, cast, client):
    letter = promised(LETTER)
    client.force_login(cast.officer)
    where = reverse("answer:split", args=[letter.number])
    page = client.get(where)
    assert page.content.decode().count('name="passage"') == 3
    for nonsense in ("9" * 5000, "-1", "one"):
        assert client.post(where, {"passage": [nonsense], "kind": "message"}).status_code == 422
    refused = client.post(where, {"passage": ["0", "1", "2"], "kind": "message"})
    assert refused.status_code == 422
    assert refused.content.decode().count("checked") == 3
    assert client.post(where, {"passage": ["1"], "kind": "message"}).status_code == 302
    assert (
        Appeal.objects.get(part_of=letter).number
        in client.get(reverse("answer:appeal", args=[letter.number])).content.decode()
    )


def test_the_page_costs_the_same_however_many_parts(promised, cast, client, now):
    letter = promised(" ".join(f"Сломан фонарь номер {number} на столбе." for number in range(9)))
    client.force_login(cast.officer)
    where = reverse("answer:split", args=[letter.number])
    client.get(where)

    def count():
        with CaptureQueriesContext(connection) as seen:
            client.get(where)
        return len(seen)

    split(letter, cast.officer, now, chosen=(0,))
    one = count()
    for place in range(1, 5):
        split(letter, cast.officer, now, chosen=(place,))
    assert count() == one


def test_the_citizen_sees_the_parts_and_comes_back_to_the_letter(promised, cast, now, client):
    letter = promised(LETTER)
    receipt = split(letter, cast.officer, now)
    client.post(reverse("hear:track"), {"number": letter.number, "code": codes.code_for(letter.key)})
    page = client.get(reverse("web:my", args=[letter.number])).content.decode()
    assert reverse("web:my", args=[receipt.number]) in page
    part = client.get(reverse("web:my", args=[receipt.number]))
    assert part.status_code == 200
    assert reverse("web:my", args=[letter.number]) in part.content.decode()


def test_a_part_is_no_key_to_the_letter_of_a_stranger(promised, cast, now, client):
    letter = promised(LETTER)
    receipt = split(letter, cast.officer, now)
    assert client.get(reverse("web:my", args=[receipt.number])).status_code == 302


def test_the_ledger_check_reads_a_part_like_any_appeal(promised, cast, now):
    letter = promised(LETTER)
    receipt = split(letter, cast.officer, now)
    remade = {one.case: one.commitment for one in received_again(0, 10)}
    leaf = Entry.objects.get(verb="hear.receive", case=receipt.case).leaf
    assert leaf.splitlines()[6] == encode_base64(remade[receipt.case])

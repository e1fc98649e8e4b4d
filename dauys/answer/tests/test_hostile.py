"""What somebody who means harm, or a broken program, puts into forms, files and addresses: refused, never a crash."""

import importlib
from datetime import timedelta

import pytest
from django.test import Client

from dauys.answer import actions, checking, rulebook
from dauys.answer.letters import typesetting
from dauys.answer.models import Answer, Enclosure, Joint, Letter
from dauys.answer.post import send_letters_pending, sending
from dauys.answer.queries import appeal_page
from dauys.answer.queries.enclosures import file_for_citizen
from dauys.answer.tests import post_office
from dauys.engines.routing import Known, Rule
from dauys.hear import files
from dauys.understand import actions as understand
from dauys.understand import queries

flaws = importlib.import_module("dauys.engines.routing.flaws")  # the package has a function of this name
HUGE = "9" * 5000
"""Longer than Python reads as a number."""


@pytest.fixture
def desk(cast):
    client = Client()
    client.force_login(cast.officer)
    return client


@pytest.fixture
def problem(promised, cast, now):
    appeals = [promised(f"Нет воды на Лесной, дом {number}") for number in (1, 2)]
    others = [one.id for one in appeals]
    understand.join(appeal_id=appeals[0].id, other_ids=others, officer=cast.officer, title="", now=now)
    return queries.problem_of(appeals[0].id)


@pytest.mark.parametrize("number", ["\0", "2026\0", "x" * 5000])
def test_a_number_no_appeal_can_have_is_no_appeal_and_no_question_to_the_database(
    number, cast, django_assert_max_num_queries
):
    appeal_page(cast.officer, "none")  # the officer's appointments are known from here on
    with django_assert_max_num_queries(0 if "\0" in number else 2):
        assert appeal_page(cast.officer, number) is None


def test_numbers_beyond_every_measure_are_refused_and_not_stumbled_over(desk, promised, problem):
    number = promised().number
    assert desk.post(f"/desk/appeal/{number}/split/", {"passage": HUGE}).status_code == 422
    for verb in ("take_back", "again"):
        assert desk.post(f"/desk/problem/{problem}/answer/", {verb: HUGE}).status_code == 422
    assert desk.get("/desk/fresh/", {"ids": HUGE}).status_code == 200


@pytest.mark.parametrize("attachment_id", [2**63, 2**64])
def test_a_file_of_a_number_no_database_holds_is_no_file(attachment_id, cast, promised, now):
    appeal = promised()
    assert file_for_citizen(appeal.id, attachment_id) is None
    with pytest.raises(actions.NoSuchEnclosure):
        actions.take_out(appeal_id=appeal.id, attachment_id=attachment_id, officer=cast.officer, now=now)


@pytest.mark.parametrize(
    "text",
    [
        f"x = {HUGE}",
        "a" + ".a" * 100_000 + " = 1",
        "[" + "a . " * 90_000 + "a]",
        '"a"' + '."a"' * 90_000 + " = 1",
        "x = " + "[" * 100_000,
    ],
)
def test_rules_made_to_choke_their_reader_are_a_mistake_to_mend(text):
    with pytest.raises(rulebook.BadText):
        rulebook.read(text)


def test_a_search_for_hidden_rules_that_would_never_end_is_given_up(monkeypatch):
    known = Known(topics=["t"], areas={}, kinds=["k"], channels=["c"], urgency=["u"], offices=["o", "p"])
    rules = [Rule(topics=("t",), acts="o"), Rule(topics=("t",), words=("вода",), acts="p")]
    assert [one.code for one in flaws.flaws(rules, known, rulebook.READING)] == ["shadowed"]
    monkeypatch.setattr(flaws, "LOOKS_MOST", 0)
    assert flaws.flaws(rules, known, rulebook.READING) == ()


def test_marks_heaped_upon_one_letter_do_not_hold_up_a_letter():
    assert typesetting.paragraphs("й" + "\u0301" * 20_000 + "о́\u0323") == [["й" + "\u0301" * 8 + "о́\u0323"]]


def test_a_reason_to_send_in_spite_of_the_check_holds_nothing_a_database_cannot():
    serious = checking.Finding("no_date", checking.Severity.SERIOUS, (), {})
    kept = checking.overridden(checking.Checked((serious,), ()), why="own", said="ска\0зано\0 устно")
    assert kept is not None
    assert kept["words"] == "сказано устно"
    assert checking.overridden(checking.Checked((serious,), ()), why="own", said="\0") is None


# While it leaves


def test_a_pressed_answer_takes_the_files_it_was_pressed_with(cast, promised, now, settings, tmp_path):
    settings.ATTACHMENTS = tmp_path
    appeal, told = promised(), {"officer": cast.officer, "now": now}
    (kept,) = actions.enclose(appeal_id=appeal.id, uploads=[files.upload("a.jpg", b"\xff\xd8\xffa")], **told)
    actions.hold(verb="send_answer", appeal_id=appeal.id, outcome="satisfied", text="Подали воду.", **told)
    with pytest.raises(actions.OnItsWay):
        actions.enclose(appeal_id=appeal.id, uploads=[files.upload("b.jpg", b"\xff\xd8\xffb")], **told)
    with pytest.raises(actions.OnItsWay):
        actions.take_out(appeal_id=appeal.id, attachment_id=kept.pk, **told)
    actions.leave_pending(now=now + timedelta(minutes=1))
    assert list(Enclosure.objects.filter(answer__appeal=appeal)) == [kept]
    assert len(list(tmp_path.rglob("*.sealed"))) == 1


def test_an_answer_to_many_is_not_sent_again_while_it_leaves_nor_once_taken_back(problem, cast, now):
    told = {"problem_id": problem, "outcome": "satisfied", "texts": {"ru": "Насос заменён 12 марта."}}
    joint = actions.answer_together(officer=cast.officer, now=now, **told)
    actions.send_to_joiners(joint_id=joint.id, officer=cast.head, now=now)
    assert Joint.objects.get().officer == cast.officer, "whoever pressed it can still take it back"
    assert actions.take_back_together(joint_id=joint.id, officer=cast.officer, now=now)
    with pytest.raises(actions.NobodyToAnswer):
        actions.send_to_joiners(joint_id=joint.id, officer=cast.head, now=now)
    actions.together_pending(now=now + timedelta(minutes=1))
    assert not Answer.objects.exists()


# Letters


@pytest.mark.parametrize("address", ["a@evil.example,b@example.org", "a>@example.org", 'q:]";@example.org', "a b@c.d"])
def test_an_address_with_signs_of_its_own_is_no_address(address, promised):
    from dauys.hear.submission import Contact

    letter = Letter(appeal=promised(contact=Contact(name="А", email=address)))
    assert sending._address(letter) == ""


def test_one_letter_that_cannot_be_built_does_not_hold_up_the_others(
    settings, tmp_path, promised, now, monkeypatch, cast
):
    from dauys.answer.post import queue_letters_pending
    from dauys.hear.submission import Contact

    settings.HOME = tmp_path
    office = post_office.Office(post_office.free_port())
    settings.MAIL_URL, settings.MAIL_FROM = f"smtp://127.0.0.1:{office.port}?tls=none", "letters@example.org"
    settings.SITE = "https://dauys.example.org"
    queue_letters_pending(now=now)
    for name in ("first", "second"):
        promised(contact=Contact(name="А", email=f"{name}@example.org"))
    queue_letters_pending(now=now)
    built = sending.build

    def build(text, *, to, **told):
        if to.startswith("first"):
            raise AttributeError("a header of the library's own making")
        return built(text, to=to, **told)

    monkeypatch.setattr(sending, "build", build)
    with post_office.opened(office):
        send_letters_pending(now=now)
    assert sorted(Letter.objects.values_list("state", flat=True)) == ["failed", "sent"]

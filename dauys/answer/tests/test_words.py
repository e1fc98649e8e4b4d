"""No code of an engine and no verb of the ledger may reach a reader without its sentence."""

import re
from datetime import UTC, date, datetime
from html import unescape
from pathlib import Path
from typing import get_args

import pytest
from django.utils.translation import override

from dauys.answer import skeletons, words
from dauys.engines.deadline import Term, deadline
from dauys.engines.routing import Code
from dauys.institution.models import Office, User
from dauys.institution.queries import forget, house

ROOM = Path(words.__file__).parent.parent


@pytest.mark.parametrize("code", get_args(Code))
@pytest.mark.parametrize("named", [{}, {"topic": "water.outage", "area": "102000000"}, {"topic": "water"}])
def test_every_reason_of_routing_has_a_sentence(cast, code, named):
    reason = {"code": code, "office": "utilities", "about": "roads", "confidence": 0.31, **named}
    with override("en"):
        (sentence,) = words.routing([reason])
    assert re.search(r"[.!]$", sentence)
    assert "%" not in sentence.replace("31 %", "")


def test_one_office_in_both_roles_is_explained_once(cast):
    named = {"office": "utilities", "topic": "water", "area": ""}
    with override("en"):
        said = words.routing([{"code": "acts", **named}, {"code": "holds_clock", **named}])
    assert said == ["Utilities works on this: it answers for “Water” everywhere."]


def test_every_verb_written_by_this_room_has_words(cast):
    verbs = {
        verb
        for file in (ROOM / "actions").glob("*.py")
        for verb in re.findall(r'"((?:answer|hear)\.[a-z_]+)"', file.read_text(encoding="utf-8"))
    }
    rights = {"answer.send", "answer.write"}  # names of rights that are no verbs of the ledger count too
    assert {"answer.promise", "answer.verdict", "answer.take_over"} | rights <= verbs
    for verb in verbs:
        with override("en"):
            assert words.deed(verb, {"clock": "roads", "to": "roads"}, for_citizen=False) not in ("", verb), verb


@pytest.mark.parametrize("verb", ["answer.note", "answer.assign", "hear.read_contact", "understand.decide"])
def test_what_is_between_officers_is_not_told(cast, verb):
    assert words.deed(verb, {}, for_citizen=True) == ""


def test_every_day_of_a_count_has_words(cast):
    counted = deadline(registered_on=date(2026, 3, 10), term=Term(15, "wd"), calendar=house().calendar(2026))
    with override("en"):
        said = {step.date: words.step(step, country="KZ") for step in counted.steps}
    assert said[date(2026, 3, 10)] == "Registered; the count begins on the next day"
    assert said[date(2026, 3, 14)] == "Weekend"
    assert "Nauryz" in said[date(2026, 3, 23)]
    assert said[date(2026, 4, 3)] == "Day 15: the answer is due"
    assert all(said.values())


@pytest.mark.parametrize(
    ("day", "sentence"),
    [
        (date(2026, 3, 10), "24 days are left until the promised answer."),
        (date(2026, 4, 1), "2 days are left until the promised answer."),
        (date(2026, 4, 2), "The answer is promised for tomorrow."),
        (date(2026, 4, 3), "The answer is promised for today."),
        (date(2026, 4, 4), "The answer is 1 day late. You may complain about it."),
        (date(2026, 4, 9), "The answer is 6 days late. You may complain about it."),
    ],
)
def test_how_long_the_citizen_still_waits(day, sentence):
    with override("en"):
        assert words.time_left(date(2026, 4, 3), day) == sentence


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_every_skeleton_is_unfinished_until_its_holes_are_filled(language):
    text = skeletons.skeleton(language)
    filled = 0
    while hole := skeletons.unfilled(text):
        text = text.replace(hole, "так", 1)
        filled += 1
    assert filled >= 5
    assert "[" not in text


def test_an_unknown_finding_is_shown_as_it_is(cast):
    assert words.finding("language", "xx", [["strange", 1], "odd", None], "") == ("xx", "")


RULES = {
    "kz.appc": {
        "ru": ("15 рабочих дней со дня регистрации, 10 марта 2026 г. (АППК, ст. 64(3)", "ч. 2 ст. 89 АППК"),
        "kk": ("бастап 15 жұмыс күні. Негізі: ӘРПК 64(3)", "ӘРПК 89-баптың 2-тармағы"),
        "en": ("15 working days from registration on 10 March 2026 (APPC art. 64(3)", "APPC art. 89(2)"),
    },
    "internal": {
        "ru": ("10 рабочих дней со дня регистрации, 10 марта 2026 г. (собственное правило учреждения).", ""),
        "kk": ("бастап 10 жұмыс күні. Негізі: мекеменің өз ережесі.", ""),
        "en": ("10 working days from registration on 10 March 2026 (The institution's own rule).", ""),
    },
}


@pytest.mark.parametrize("language", ["ru", "kk", "en"])
@pytest.mark.parametrize("policy", RULES)
def test_the_rule_is_cited_in_the_readers_language(promised, cast, client, policy, language):
    Office.objects.update(policy=policy)
    User.objects.update(language=language)
    forget()
    appeal = promised()
    client.force_login(cast.officer)
    page = client.get(f"/desk/appeal/{appeal.number}/?lang={language}", follow=True).content.decode()
    page = unescape(page).replace("\xa0", " ")
    cited, law = RULES[policy][language]
    assert cited in page
    if law:
        assert law in page
    else:  # no law speaks to a body that has only its own word
        assert not any(word in page for word in ("АППК", "ӘРПК", "APPC"))


def test_a_term_that_runs_from_receipt_says_so(promised, cast, client, now):
    received = datetime(2025, 3, 15, 6, tzinfo=UTC)  # a Saturday: registered on Monday
    appeal = promised(at=received, promised_at=now)
    client.force_login(cast.officer)
    page = client.get(f"/desk/appeal/{appeal.number}/").content.decode().replace("\xa0", " ")
    assert "15 working days from receipt on 15 March 2025" in page
    assert "15 March 2025: Received; the count begins on the next day" in page


def test_what_is_asked_is_told_in_the_citizens_own_words(cast):
    text = "Здравствуйте! Прошу починить\nфонарь. Когда ответите?"
    reasons = [["do", 14, 35, "verb"], ["inform", 37, 52, "question"]]
    with override("en"):
        said, why = words.finding("asks", "2", reasons, text)
    assert said == "2 things are asked"
    assert why == "To do or mend: «Прошу починить фонарь». To answer or explain: «Когда ответите?»."


@pytest.mark.parametrize(
    ("aspect", "value", "reasons", "said", "why"),
    [
        ("person", "infant", [["infant", "грудной ребёнок"]], "A small child is concerned", "грудной ребёнок"),
        ("kind", "complaint", [["rule", "refusal", "отказали", "APPC art. 4(1)(38)", False]], "Complaint", "4(1)(38)"),
        ("kind", "message", [["against", "police", "участковый"]], "Report", "A body is complained about: участковый"),
        ("place", "000", [["address", "Өтепов", "14", "", 0.9]], "000", "Өтепов, 14"),
    ],
)
def test_findings_are_said_in_sentences(cast, aspect, value, reasons, said, why):
    with override("en"):
        told, because = words.finding(aspect, value, reasons, "")
    assert told == said
    assert why in because

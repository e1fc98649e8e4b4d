"""The public calculator, and its JSON: the same day as the promise, and every day explained."""

import re

import pytest
from django.urls import reverse

from dauys.institution.models import CalendarDay
from dauys.institution.queries import forget

ASKED = {"kind": "complaint", "registered": "2026-03-10", "clock": "17:50", "family": "kz"}


def page(client, language="en", **asked):
    return client.get(reverse("answer:calculator"), {**asked, "lang": language})


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("registered", "clock", "registered_on", "due_on"),
    [
        pytest.param("2026-03-10", "17:50", "2026-03-10", "2026-04-10", id="within hours"),
        pytest.param("2026-03-10", "18:31", "2026-03-11", "2026-04-13", id="after hours, the next working day"),
        pytest.param("2026-03-08", "10:00", "2026-03-10", "2026-04-10", id="on a day off"),
        pytest.param("2026-03-10", "", "2026-03-10", "2026-04-10", id="a day is the day of registration"),
    ],
)
def test_a_complaint_is_counted_from_its_registration(client, cast, registered, clock, registered_on, due_on):
    answer = page(client, **{**ASKED, "registered": registered, "clock": clock})
    counted = answer.context["counted"]
    assert (counted.registered_on.isoformat(), counted.due_on.isoformat()) == (registered_on, due_on)
    told = client.get(
        reverse("answer:calculator_json"),
        {"kind": "complaint", "family": "kz", "registered": f"{registered}T{clock}" if clock else registered},
    ).json()
    assert (told["registered_on"], told["due_on"]) == (registered_on, due_on)
    assert [day["number"] for day in told["days"] if day["counts"]] == list(range(1, 21))


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_every_day_is_explained_in_three_languages(client, cast, language):
    text = page(client, language, **ASKED).content.decode()
    assert {"kk": "ӘРПК", "ru": "АППК, ст. 64(3)", "en": "APPC art. 64(3)"}[language] in text
    assert 'href="https://adilet.zan.kz/rus/docs/K2000000350"' in text
    assert len(re.findall(r"<li data-day=\"(?:work|off|due)\"", text)) == 32


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("asked", "field"),
    [
        pytest.param({"registered": "tomorrow"}, "registered", id="no day"),
        pytest.param({"registered": ""}, "registered", id="a day forgotten"),
        pytest.param({"registered": "1890-01-01"}, "registered", id="a year without a calendar"),
        pytest.param({"registered": "2020-01-01"}, "registered", id="before the law"),
        pytest.param({"registered": "2026-03-10", "clock": "25:00"}, "clock", id="no clock"),
        pytest.param({"registered": "2026-03-10", "kind": "love"}, "kind", id="no kind"),
        pytest.param({"registered": "2026-03-10", "kind": "complaint", "family": "uk"}, "kind", id="not covered"),
        pytest.param({"registered": "2026-03-10", "family": "mars"}, "family", id="no family"),
        pytest.param({"registered": "2026-03-10", "rule": "<script>"}, "rule", id="no rule"),
        pytest.param({"registered": "2026-03-10\0", "rule": "x" * 5000}, "rule", id="a flood"),
    ],
)
def test_what_cannot_be_counted_is_said_at_its_field(client, cast, asked, field):
    answer = page(client, **asked)
    assert answer.status_code == 422
    assert field in answer.context["form"].errors
    assert "counted" not in answer.context
    assert "<script>alert" not in answer.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({}, "registered"),
        ({"registered": "2026-02-30"}, "registered"),
        ({"registered": "2026-03-10"}, "kind"),
        ({"registered": "2026-03-10", "kind": "complaint", "body": "royal"}, "body"),
        ({"registered": "2026-03-10", "rule": "kz.nothing"}, "rule"),
        ({"registered": "2026-03-10", "kind": "complaint", "received": "2026-03-11"}, "received"),
        ({"registered": "2025-03-10", "rule": "kz.appc.complaint"}, "registered"),
    ],
)
def test_the_json_names_the_field_and_the_remedy(client, cast, asked, field):
    answer = client.get(reverse("answer:calculator_json"), {**asked, "lang": "en"})
    assert answer.status_code == 422
    told = answer.json()["error"]
    assert told["field"] == field
    assert told["remedy"].endswith(".")


@pytest.mark.django_db
def test_special_rules_are_counted_when_asked_for(client, cast):
    told = client.get(
        reverse("answer:calculator_json"),
        {"kind": "message", "registered": "2026-09-01", "matter": "petition", "body": "central"},
    ).json()
    assert (told["rule"]["id"], told["rule"]["checked"], told["term"]["amount"]) == (
        "kz.appc.petition.central", False, 40,
    )  # fmt: skip
    answer = page(client, registered="2026-09-01", rule="kz.access_to_information")
    assert answer.context["counted"].due_on.isoformat() == "2026-09-16"


@pytest.mark.django_db
def test_the_institutions_own_calendar_counts(client, cast):
    CalendarDay.objects.create(day="2026-03-30", works=False, source="Order", checked=True)
    forget()
    assert page(client, **ASKED).context["counted"].due_on.isoformat() == "2026-04-13"


@pytest.mark.django_db
def test_it_costs_a_stranger_the_same_few_questions_however_long_the_term(client, cast, django_assert_num_queries):
    page(client, **ASKED)
    for registered, rule in (("2026-03-10", "kz.appc.complaint"), ("2026-09-01", "kz.appc.petition.central")):
        with django_assert_num_queries(0):
            client.get(reverse("answer:calculator"), {"registered": registered, "rule": rule})


@pytest.mark.django_db
def test_the_promise_of_an_appeal_leads_to_the_same_count(promised, cast, client):
    appeal = promised()
    client.force_login(cast.officer)
    shown = client.get(reverse("answer:appeal", args=[appeal.number])).content.decode()
    address = re.search(r'href="(/deadline/\?[^"]+)"', shown)[1].replace("&amp;", "&")
    from dauys.answer.models import Handling

    assert client.get(address).context["counted"].due_on == Handling.objects.get(appeal=appeal).due_on


@pytest.mark.django_db
def test_the_page_is_linked_from_every_foot(client, cast):
    assert reverse("answer:calculator") in client.get(reverse("web:home")).content.decode()

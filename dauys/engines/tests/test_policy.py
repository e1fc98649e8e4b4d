"""Rules are read strictly: a misspelt law is refused with the place and the remedy, never half understood."""

from copy import deepcopy
from datetime import date, datetime
from typing import Any

import pytest

from dauys.engines.policy import (
    Extension,
    Hearing,
    MalformedPolicy,
    NoPolicy,
    Redirect,
    Register,
    parse,
    pick,
)

ROW: dict[str, Any] = {
    "id": "land.answer",
    "kinds": ["application", "complaint"],
    "amount": 15,
    "unit": "wd",
    "count_from": "registration",
    "first_day_counts": False,
    "roll": "next_working_day",
    "on_expiry": "overdue",
    "article": "art. 1",
    "source": "the law",
    "valid_from": date(2026, 1, 1),
    "checked": True,
}
EXTENSION: dict[str, Any] = {
    "max_amount": 2,
    "unit": "month",
    "from": "decision",
    "by_roles": ["head"],
    "reason_required": True,
    "notify_amount": 3,
    "notify_unit": "wd",
    "max_times": 1,
}


def file(*rows: dict[str, Any]) -> dict[str, Any]:
    return {"family": "land", "policy": list(rows)}


def row(**changes: Any) -> dict[str, Any]:
    return {**deepcopy(ROW), **changes}


def test_a_rule_is_read_whole():
    (policy,) = parse(
        file(
            row(
                valid_to=date(2026, 12, 31),
                note="a note",
                register={"same_day": True},
                redirect={"amount": 3, "unit": "wd", "notify": True},
                extension=EXTENSION,
                hearing={"before_amount": 3, "unit": "wd", "kinds": ["application"]},
            )
        )
    )
    assert (policy.family, policy.kinds, policy.amount, policy.unit) == (
        "land",
        ("application", "complaint"),
        15,
        "wd",
    )
    assert (policy.valid_from, policy.valid_to, policy.note) == (
        date(2026, 1, 1),
        date(2026, 12, 31),
        "a note",
    )
    assert policy.register == Register(same_day=True, amount=0, unit="cd")
    assert policy.redirect == Redirect(3, "wd", notify=True)
    assert policy.extension == Extension(2, "month", "decision", ("head",), True, 3, "wd", 1)
    assert policy.hearing == Hearing(3, "wd", ("application",))


def test_what_a_rule_does_not_say_is_none():
    (policy,) = parse(file(ROW))
    assert (policy.valid_to, policy.register, policy.redirect, policy.extension, policy.hearing) == (None,) * 5


def test_a_notice_without_a_time():
    untimed = {key: value for key, value in EXTENSION.items() if not key.startswith("notify")}
    (policy,) = parse(file(row(extension=untimed)))
    assert policy.extension is not None
    assert (policy.extension.notify_amount, policy.extension.notify_unit) == (None, None)


@pytest.mark.parametrize(
    ("broken", "key", "remedy"),
    [
        pytest.param({"policy": [ROW]}, "family", "Write a text in quotes", id="no family"),
        pytest.param({"family": "land"}, "policy", "[[policy]]", id="no rules"),
        pytest.param({"family": "land", "policy": []}, "policy", "[[policy]]", id="an empty list of rules"),
        pytest.param({**file(ROW), "polity": 1}, "polity", "family, policy", id="a key nobody knows"),
        pytest.param(file(row(days=15)), "policy[1].days", "hearing", id="an unknown key; optional ones are offered"),
        pytest.param(file(row(unit="days")), "policy[1].unit", "wd, cd, week, month", id="an unknown unit"),
        pytest.param(file(row(amount=0)), "policy[1].amount", "at least 1", id="no days at all"),
        pytest.param(file(row(amount="15")), "policy[1].amount", "a whole number", id="a number in quotes"),
        pytest.param(file(row(amount=True)), "policy[1].amount", "a whole number", id="true is not a number"),
        pytest.param(file(row(checked="yes")), "policy[1].checked", "true or false", id="a flag in quotes"),
        pytest.param(file(row(source="  ")), "policy[1].source", "Write a text", id="a blank source"),
        pytest.param(file(row(kinds=[])), "policy[1].kinds", "application, complaint", id="no kinds"),
        pytest.param(file(row(kinds=["petition"])), "policy[1].kinds", "inquiry", id="an unknown kind"),
        pytest.param(file(row(kinds=["message"] * 2)), "policy[1].kinds", "once", id="a kind twice"),
        pytest.param(file(row(id="sea.answer")), "policy[1].id", '"land."', id="an id of another family"),
        pytest.param(
            file(row(valid_from="2026-01-01")), "policy[1].valid_from", "without quotes", id="a day in quotes"
        ),
        pytest.param(
            file(row(valid_from=datetime(2026, 1, 1))),  # noqa: DTZ001
            "policy[1].valid_from",
            "a day such as",
            id="a moment is not a day",
        ),
        pytest.param(
            file(row(valid_to=date(2025, 1, 1))),
            "policy[1].valid_to",
            "from 2026-01-01 on",
            id="ends before it begins",
        ),
        pytest.param(
            file(row(extension={**EXTENSION, "from": "today"})),
            "policy[1].extension.from",
            "due, decision",
            id="an extension from nowhere",
        ),
        pytest.param(
            file(row(extension={**EXTENSION, "notify_unit": "hour"})),
            "policy[1].extension.notify_unit",
            "wd, cd",
            id="a notice in hours",
        ),
        pytest.param(
            file(row(register={"same_day": True, "amount": 3})),
            "policy[1].register.amount",
            "Remove it",
            id="the same day and in three days",
        ),
        pytest.param(
            file(row(register={"unit": "wd"})), "policy[1].register.amount", "a whole number", id="or neither"
        ),
        pytest.param(file(row(redirect=3)), "policy[1].redirect", "a table", id="a number for a table"),
        pytest.param(
            file(row(hearing={"before_amount": 3, "unit": "wd", "kinds": ["response"]})),
            "policy[1].hearing.kinds",
            "Choose among its kinds",
            id="a hearing on a kind not covered",
        ),
        pytest.param(file(ROW, row(kinds=["response"])), "policy[2].id", "its own id", id="two rules of one name"),
        pytest.param(
            file(ROW, row(id="land.other", kinds=["complaint"], valid_from=date(2027, 1, 1))),
            "policy[2].valid_from",
            "valid_to",
            id="two rules for one kind on one day",
        ),
    ],
)
def test_a_malformed_file_is_refused_with_its_remedy(broken, key, remedy):
    with pytest.raises(MalformedPolicy) as refused:
        parse(broken)
    assert refused.value.key == key
    assert remedy in refused.value.remedy
    assert str(refused.value).startswith(f"{key}: ")


@pytest.mark.parametrize("missing", sorted(ROW))
def test_every_required_key_is_missed_by_name(missing):
    incomplete = {key: value for key, value in ROW.items() if key != missing}
    with pytest.raises(MalformedPolicy, match="is missing") as refused:
        parse(file(incomplete))
    assert refused.value.key == f"policy[1].{missing}"


YEARS = parse(
    file(
        row(id="land.old", amount=30, valid_from=date(2020, 1, 1), valid_to=date(2025, 12, 31)),
        row(id="land.new"),
        row(id="land.talk", kinds=["response"], valid_to=date(2026, 6, 30)),
    )
)


@pytest.mark.parametrize(
    ("kind", "registered_on", "rule"),
    [
        pytest.param("complaint", date(2020, 1, 1), "land.old", id="its first day"),
        pytest.param("complaint", date(2025, 12, 31), "land.old", id="its last day"),
        pytest.param("complaint", date(2026, 1, 1), "land.new", id="the day the law changed"),
        pytest.param("application", date(2099, 1, 1), "land.new", id="still in force"),
        pytest.param("response", date(2026, 6, 30), "land.talk", id="another kind"),
    ],
)
def test_the_day_of_registration_picks_the_rule(kind, registered_on, rule):
    assert pick(YEARS, family="land", kind=kind, registered_on=registered_on).id == rule


@pytest.mark.parametrize(
    ("family", "kind", "registered_on"),
    [
        pytest.param("sea", "complaint", date(2026, 3, 1), id="another family"),
        pytest.param("land", "inquiry", date(2026, 3, 1), id="a kind without a rule"),
        pytest.param("land", "complaint", date(2019, 12, 31), id="before the first rule"),
        pytest.param("land", "response", date(2026, 7, 1), id="after the last"),
    ],
)
def test_no_rule_is_said_by_name_and_nothing_is_guessed(family, kind, registered_on):
    with pytest.raises(NoPolicy, match=f"{family}.toml") as missing:
        pick(YEARS, family=family, kind=kind, registered_on=registered_on)
    assert (missing.value.family, missing.value.kind, missing.value.registered_on) == (
        family,
        kind,
        registered_on,
    )


def test_an_article_is_cited_as_the_reader_does():
    (policy,) = parse(file(row(articles={"ru": "ст. 1"})))
    assert [policy.article_in(language) for language in ("ru", "kk", "")] == ["ст. 1", "art. 1", "art. 1"]
    with pytest.raises(MalformedPolicy, match=r"articles\.xx"):
        parse(file(row(articles={"xx": "art. 1"})))

"""Rules are read strictly: a misspelt law is refused with the place and the remedy, never half understood."""

from copy import deepcopy
from datetime import date, datetime
from typing import Any

import pytest

from dauys.engines.policy import (
    Citation,
    Complain,
    Extension,
    Hearing,
    MalformedPolicy,
    NoPolicy,
    PassUp,
    Redirect,
    Register,
    Return,
    Suspension,
    Terminate,
    parse,
    pick,
    read,
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
        pytest.param({**file(ROW), "polity": 1}, "polity", "family, names, policy", id="a key nobody knows"),
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


GROUND: dict[str, Any] = {
    "for": "return",
    "code": "obscene",
    "article": "art. 2",
    "checked": True,
    "names": {"en": "Obscene words", "ru": "Брань"},
}
STEPS: dict[str, Any] = {
    "return": {"amount": 3, "unit": "wd", "article": "art. 2"},
    "terminate": {"notify_amount": 3, "notify_unit": "wd", "by_roles": ["head"]},
    "pass_up": {"amount": 3, "unit": "wd", "with_case": True, "may_satisfy": True},
    "suspension": {"max_amount": 10, "unit": "wd", "by_roles": ["head"]},
    "complain": {"amount": 3, "unit": "month", "untold_amount": 6},
}


def test_the_steps_on_the_way_are_read_with_their_own_article():
    (policy,) = parse(
        file(
            row(
                **STEPS,
                matter="petition",
                bodies=["local"],
                ground=[GROUND, {**GROUND, "for": "attach", "kinds": ["complaint"]}],
                within=[
                    {"code": "case_file", "amount": 3, "unit": "wd", "article": "art. 3", "checked": True,
                     "names": {"kk": "Іс"}},
                ],
            )
        )
    )  # fmt: skip
    assert (policy.matter, policy.bodies) == ("petition", ("local",))
    assert policy.returning == Return(3, "wd", Citation("art. 2"))
    assert policy.terminating == Terminate(3, "wd", ("head",))
    assert policy.passing_up == PassUp(3, "wd", with_case=True, may_satisfy=True)
    assert policy.suspension == Suspension(10, "wd", ("head",), None, None)
    assert policy.complaining == Complain(3, "month", 6)
    assert [ground.code for ground in policy.grounds_for("attach", "application")] == []
    ground = policy.ground("return", "obscene", "application")
    assert ground is not None
    assert [ground.name_in(language) for language in ("ru", "kk")] == ["Брань", "Obscene words"]
    assert policy.within[0].name_in("en") == "Іс"
    assert policy.returning is not None
    assert policy.terminating is not None
    cited = [policy.cite(part.cited, "en") for part in (policy.returning, policy.terminating)]
    assert cited == ["art. 2", "art. 1"], "a part without an article is cited as its rule"


@pytest.mark.parametrize(
    ("changes", "key", "remedy"),
    [
        pytest.param({"ground": [GROUND]}, "ground[1].for", "[policy.return]", id="a ground of no step"),
        pytest.param({**STEPS, "ground": [GROUND] * 2}, "ground[2].code", "its own code", id="a ground twice"),
        pytest.param(
            {**STEPS, "ground": [{**GROUND, "code": "Not A Code"}]}, "ground[1].code", "letters a-z", id="no code"
        ),
        pytest.param({**STEPS, "ground": [{**GROUND, "names": {}}]}, "ground[1].names.en", "kk, ru", id="nameless"),
        pytest.param(
            {**STEPS, "ground": [{**GROUND, "kinds": ["response"]}]}, "ground[1].kinds", "application", id="other kinds"
        ),
        pytest.param({**STEPS, "ground": [{**GROUND, "for": "eat"}]}, "ground[1].for", "terminate", id="no such step"),
        pytest.param({"bodies": ["global"]}, "bodies", "local, central", id="an unknown body"),
        pytest.param({"return": {"amount": 3}}, "return.unit", "Write", id="a return without a unit"),
        pytest.param({"pass_up": {**STEPS["pass_up"], "at": 1}}, "pass_up.at", "Remove it", id="an unknown key"),
        pytest.param({"amount": 100_000}, "amount", "at most 3660", id="a term beyond all calendars"),
    ],
)  # fmt: skip
def test_a_mistake_in_a_step_is_named(changes, key, remedy):
    with pytest.raises(MalformedPolicy) as refused:
        parse(file(row(**changes)))
    assert refused.value.key == f"policy[1].{key}"
    assert remedy in refused.value.remedy


def test_matter_and_body_part_the_rules():
    local, central = (row(id=f"land.{body}", bodies=[body], matter="petition") for body in ("local", "central"))
    rules = parse(file(ROW, local, central))
    day = date(2026, 5, 5)
    for body in ("local", "central"):
        found = pick(rules, family="land", kind="complaint", registered_on=day, matter="petition", body=body)
        assert found.id == f"land.{body}"
    assert pick(rules, family="land", kind="complaint", registered_on=day, body="local").id == "land.answer"
    with pytest.raises(NoPolicy):
        pick(rules, family="land", kind="complaint", registered_on=day, matter="petition")
    with pytest.raises(MalformedPolicy, match="matters or the bodies"):
        parse(file(local, row(id="land.both", matter="petition")))


TEXT = '''family = "land"

[[policy]]
id = "land.one"
kinds = ["application"]
amount = 15
unit = "wd"
count_from = "registration"
first_day_counts = false
roll = "none"
on_expiry = "overdue"
article = "art. 1"
source = """
unit = a line of text, no key
"""
valid_from = 2026-01-01
checked = true
redirect = { amount = 3, unit = "wd", notify = true }
[policy.return]
amount = 3
unit = "wd"
[[policy.ground]]
for = "return"
code = "obscene"
article = "art. 2"
checked = true
names = { en = "Obscene" }
'''


@pytest.mark.parametrize(
    ("right", "wrong", "line"),
    [
        pytest.param("amount = 15", 'amount = "15"', 6, id="a key of a rule"),
        pytest.param("amount = 15\n", "", 3, id="a missing key: its table"),
        pytest.param('{ amount = 3, unit = "wd"', '{ amount = 3, unit = "days"', 18, id="in an inline table"),
        pytest.param('amount = 3\nunit = "wd"', 'amount = 3\nunit = "day"', 21, id="in a part"),
        pytest.param('code = "obscene"', 'code = "Obscene!"', 24, id="in a ground"),
        pytest.param('family = "land"', "familie = 1", None, id="a missing key of the file itself"),
        pytest.param("amount = 15", "amount = ", 6, id="not TOML"),
        pytest.param('names = { en = "Obscene" }', 'names = { en = "Obscene', 27, id="an end that is missing"),
    ],
)
def test_a_mistake_has_its_line(right, wrong, line):
    assert len(read(TEXT)) == 1
    with pytest.raises(MalformedPolicy) as refused:
        read(TEXT.replace(right, wrong))
    assert refused.value.line == line
    assert refused.value.remedy


def test_a_family_has_a_name_for_people():
    (policy,) = parse({**file(ROW), "names": {"ru": "Страна"}})
    assert [policy.family_in("kk"), parse(file(ROW))[0].family_in("kk")] == ["Страна", "land"]

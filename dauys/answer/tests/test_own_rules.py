"""An institution's own files of rules: followed within seconds, and a broken one never counts."""

import logging

import pytest

from dauys.answer import policies
from dauys.answer.policies import load

RULE = """
family = "party"

[[policy]]
id = "party.all"
kinds = ["application", "complaint", "inquiry", "message", "proposal", "response"]
amount = {amount}
unit = "wd"
count_from = "registration"
first_day_counts = false
roll = "next_working_day"
on_expiry = "overdue"
article = "Own rule, item 4"
source = "Order No. 7"
valid_from = 2020-01-01
checked = true
"""


@pytest.fixture
def folder(tmp_path, settings, monkeypatch):
    settings.HOME = tmp_path
    monkeypatch.setattr(policies, "RECHECK_SECONDS", 0.0)
    (tmp_path / "policies").mkdir()
    return tmp_path / "policies"


def amounts(family="party"):
    return [policy.amount for policy in load() if policy.family == family]


def test_a_file_is_followed_changed_and_taken_away_while_the_house_runs(folder):
    assert amounts() == []
    file = folder / "party.toml"
    file.write_text(RULE.format(amount=7))
    assert (amounts(), policies.book().own) == ([7], {"party"})
    file.write_text(RULE.format(amount=12))
    assert amounts() == [12]
    file.unlink()
    assert amounts() == []


@pytest.mark.parametrize(
    ("broken", "line", "problem", "remedy"),
    [
        pytest.param(RULE.format(amount='"7"'), 7, "amount: is '7'", "Write a whole number", id="a number in quotes"),
        pytest.param(RULE.format(amount=0), 7, "amount: is 0", "at least 1", id="no days"),
        pytest.param(RULE.format(amount="7 days"), 7, "not TOML", "Correct that line", id="not TOML"),
        pytest.param(RULE.format(amount=7) + "polity = 1\n", 17, "polity", "Remove it", id="an unknown key"),
        pytest.param(RULE.format(amount=7).replace('unit = "wd"\n', ""), 4, "unit: is missing", "Write", id="missing"),
        pytest.param(RULE.format(amount=7).replace("party", "parti"), 2, "family", '"party"', id="another family"),
    ],
)
def test_a_mistake_made_while_running_is_named_and_the_old_rule_stays(folder, caplog, broken, line, problem, remedy):
    file = folder / "party.toml"
    file.write_text(RULE.format(amount=7))
    assert amounts() == [7]
    file.write_text(broken)
    with caplog.at_level(logging.ERROR):
        assert amounts() == [7]
        assert amounts() == [7]
    (fault,) = policies.faults()
    assert (fault.file, fault.line, fault.instead) == ("party.toml", line, "copy")
    assert problem in fault.problem
    assert remedy in fault.remedy
    assert len(caplog.records) == 1, "said once, not at every look"
    file.write_text(RULE.format(amount=9))
    assert (amounts(), policies.faults()) == ([9], ())


def test_the_old_rule_stays_over_a_restart_too(folder, monkeypatch):
    file = folder / "party.toml"
    file.write_text(RULE.format(amount=7))
    assert amounts() == [7]
    file.write_text("family = ")
    monkeypatch.setattr(policies, "_kept", None)
    assert amounts() == [7]
    assert policies.faults()[0].instead == "copy"


@pytest.mark.parametrize(
    ("name", "instead", "count"),
    [
        pytest.param("internal.toml", "shipped", 1, id="in place of a shipped family, that one stays"),
        pytest.param("party.toml", "nothing", 0, id="a new family never seen right promises nothing"),
    ],
)
def test_a_file_that_was_never_right(folder, name, instead, count):
    (folder / name).write_text("family = ")
    assert len(amounts(name.removesuffix(".toml"))) == count
    assert policies.faults()[0].instead == instead


def test_a_file_takes_the_place_of_a_shipped_family(folder):
    text = RULE.format(amount=5).replace("party", "internal")
    (folder / "internal.toml").write_text(text)
    assert amounts("internal") == [5]
    assert amounts("kz"), "the other families stay"


def test_bytes_that_are_no_text_are_a_mistake_like_any_other(folder):
    (folder / "party.toml").write_bytes(b"family = 1\n\xff")
    (fault,) = policies.faults()
    assert (fault.line, fault.instead) == (2, "nothing")


def test_two_books_that_promise_the_same_days_have_one_digest(folder):
    before = policies.digest(load())
    file = folder / "party.toml"
    file.write_text(RULE.format(amount=7))
    seven = policies.digest(load())
    file.write_text(RULE.format(amount=7).replace("Order No. 7", "Order No. 8"))
    assert policies.digest(load()) == seven != before
    file.write_text(RULE.format(amount=8))
    assert policies.digest(load()) != seven

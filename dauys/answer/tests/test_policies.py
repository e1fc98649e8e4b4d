"""Every rule that ships can be promised by, and the law of Kazakhstan reads as its articles do."""

from dataclasses import fields
from datetime import date

import pytest

from dauys.answer import policies
from dauys.answer.policies import load, term_of
from dauys.engines.deadline import WorkingCalendar, deadline
from dauys.engines.policy import KINDS, MalformedPolicy, NoPolicy, pick

# Weekends alone are closed here, so that a row is tried for itself and not for a country's holidays.
CALENDAR = WorkingCalendar(date(1999, 1, 1), date(2030, 12, 31))
TODAY = date(2026, 9, 1)  # a Tuesday


@pytest.mark.parametrize("policy", load(), ids=lambda policy: policy.id)
def test_every_rule_sets_a_date(policy):
    last_day = policy.valid_to or TODAY
    for registered_on in (policy.valid_from, last_day):
        for kind in policy.kinds:
            picked = pick(
                load(), family=policy.family, kind=kind, registered_on=registered_on,
                matter=policy.matter, body=policy.bodies[0] if policy.bodies else "",
            )  # fmt: skip
            assert picked == policy
        promise = deadline(registered_on=registered_on, term=term_of(policy), calendar=CALENDAR)
        assert promise.due_on > registered_on
        assert policy.roll == "none" or CALENDAR.is_working(promise.due_on)
    for told in (policy, *policy.grounds, *policy.within):
        assert told.checked or told.note, "what was not checked says why"


@pytest.mark.parametrize(
    ("family", "kind", "due_on"),
    [
        pytest.param("kz", "application", date(2026, 9, 22), id="Kazakhstan, 15 working days"),
        pytest.param("kz", "message", date(2026, 9, 22), id="Kazakhstan, the simplified procedure"),
        pytest.param("kz", "complaint", date(2026, 9, 29), id="Kazakhstan, 20 working days"),
        pytest.param("internal", "response", date(2026, 9, 15), id="a branch's own 10 working days"),
        pytest.param("ru", "application", date(2026, 10, 1), id="Russia, 30 calendar days"),
        pytest.param("uz", "proposal", date(2026, 9, 16), id="Uzbekistan, 15 calendar days"),
        pytest.param("kg", "complaint", date(2026, 9, 21), id="Kyrgyzstan, 14 working days"),
        pytest.param("uk", "inquiry", date(2026, 9, 29), id="United Kingdom, 20 working days"),
        pytest.param("nl", "complaint", date(2026, 10, 13), id="the Netherlands, 6 weeks"),
    ],
)
def test_an_appeal_of_the_first_of_september_is_due(family, kind, due_on):
    policy = pick(load(), family=family, kind=kind, registered_on=TODAY)
    assert deadline(registered_on=TODAY, term=term_of(policy), calendar=CALENDAR).due_on == due_on


@pytest.mark.parametrize("family", ["kz", "internal"])
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("registered_on", [date(2022, 5, 5), TODAY])
def test_every_kind_has_a_term_at_home(family, kind, registered_on):
    assert pick(load(), family=family, kind=kind, registered_on=registered_on).amount


def test_the_law_changed_on_new_years_day():
    before = pick(load(), family="kz", kind="application", registered_on=date(2025, 12, 31))
    after = pick(load(), family="kz", kind="application", registered_on=date(2026, 1, 1))
    assert (before.count_from, before.checked) == ("receipt", False)
    assert (after.count_from, after.checked) == ("registration", True)


def test_a_complaint_is_not_extended_and_silence_on_it_is_a_refusal():
    complaint = pick(load(), family="kz", kind="complaint", registered_on=TODAY)
    assert (complaint.extension, complaint.on_expiry) == (None, "deemed_refused")


def test_an_application_is_extended_once_by_a_head_for_two_months_from_the_decision():
    extension = pick(load(), family="kz", kind="application", registered_on=TODAY).extension
    assert extension is not None
    assert (extension.max_amount, extension.unit, extension.starts_from) == (2, "month", "decision")
    assert (extension.notify_amount, extension.notify_unit, extension.max_times) == (3, "wd", 1)
    assert extension.reason_required


def test_only_the_ordinary_procedure_hears_before_it_refuses():
    heard = {kind for kind in KINDS if pick(load(), family="kz", kind=kind, registered_on=TODAY).hearing}
    assert heard == {"application", "complaint"}


def test_only_our_own_rule_and_the_law_that_was_read_are_marked_checked():
    assert {policy.family for policy in load() if policy.checked} == {"internal", "kz"}


def test_a_country_without_a_rule_for_a_kind_promises_nothing():
    with pytest.raises(NoPolicy):
        pick(load(), family="uk", kind="complaint", registered_on=TODAY)


@pytest.mark.parametrize(
    ("text", "key"),
    [
        pytest.param("family = ", "land.toml: the file", id="not TOML"),
        pytest.param('family = "land"', "land.toml: policy", id="no rules"),
    ],
)
def test_a_broken_file_is_named(tmp_path, monkeypatch, text, key):
    (tmp_path / "land.toml").write_text(text, encoding="utf-8")
    monkeypatch.setattr(policies, "files", lambda _package: tmp_path)
    with pytest.raises(MalformedPolicy) as refused:
        policies.shipped.__wrapped__()
    assert refused.value.key == key


def test_a_file_is_named_as_its_family(tmp_path, monkeypatch):
    text = (policies.files(policies.__package__) / "internal.toml").read_text(encoding="utf-8")
    (tmp_path / "land.toml").write_text(text, encoding="utf-8")
    monkeypatch.setattr(policies, "files", lambda _package: tmp_path)
    with pytest.raises(MalformedPolicy, match='Write "land"'):
        policies.shipped.__wrapped__()


@pytest.mark.parametrize("policy", [one for one in load() if one.family in ("kz", "internal")], ids=lambda one: one.id)
def test_a_citizen_of_kazakhstan_reads_no_english_in_a_promise(policy):
    parts = [getattr(policy, part.name) for part in fields(policy)]
    cited = [one.cited for one in (*parts, *policy.grounds, *policy.within) if hasattr(one, "cited")]
    for articles in (policy.articles, *(one.articles for one in cited if one.article)):
        assert set(articles) == {"ru", "kk"}
        assert "art." not in "".join(articles.values())
    for named in (*policy.grounds, *policy.within):
        assert set(named.names) == {"kk", "ru", "en"}


def picked(kind, *, matter="", body="local", family="kz"):
    return pick(load(), family=family, kind=kind, registered_on=TODAY, matter=matter, body=body)


@pytest.mark.parametrize(
    ("body", "amount", "due_on"),
    [
        pytest.param("local", 20, date(2026, 9, 29), id="maslikhat or akimat"),
        pytest.param("central", 40, date(2026, 10, 27), id="a central body"),
    ],
)
def test_a_petition_has_its_own_term_at_each_body(body, amount, due_on):
    rule = picked("proposal", matter="petition", body=body)
    assert (rule.amount, rule.unit, rule.checked) == (amount, "wd", False)
    assert deadline(registered_on=TODAY, term=term_of(rule), calendar=CALENDAR).due_on == due_on
    assert picked("proposal", body=body).id == "kz.appc.simplified", "only when asked for"


def test_access_to_information_is_counted_in_calendar_days():
    rule = picked("inquiry", matter="access_to_information")
    assert (rule.amount, rule.unit, rule.checked) == (15, "cd", False)


@pytest.mark.parametrize(
    ("kind", "step", "amount", "unit", "article"),
    [
        ("application", "redirect", 3, "wd", "APPC art. 65(1)-(3)"),
        ("message", "redirect", 3, "wd", "APPC art. 65(1)-(3)"),
        ("application", "returning", 3, "wd", "APPC art. 64(7)"),
        ("complaint", "passing_up", 3, "wd", "APPC art. 91(4)"),
        ("application", "complaining", 3, "month", "APPC art. 92(1), (1-1)"),
    ],
)
def test_the_terms_on_the_way_read_as_their_articles(kind, step, amount, unit, article):
    part = getattr(picked(kind), step)
    assert (part.amount, part.unit, part.cited.article) == (amount, unit, article)


def test_the_end_of_a_procedure_is_told_within_three_working_days():
    for kind in KINDS:
        end = picked(kind).terminating
        assert (end.notify_amount, end.notify_unit) == (3, "wd")


def test_a_hearing_comes_three_working_days_before_and_an_objection_within_two():
    hearing = picked("application").hearing
    assert (hearing.before_amount, hearing.unit, hearing.objection_amount, hearing.objection_unit) == (3, "wd", 2, "wd")


@pytest.mark.parametrize(
    ("verb", "kind", "codes"),
    [
        ("extend", "application", ["facts"]),
        ("extend", "complaint", []),
        ("return", "application", ["defects", "identical", "obscene"]),
        ("terminate", "application", ["decided", "court", "returned", "withdrawn", "other_law"]),
        ("terminate", "message", ["repeated", "anonymous", "no_substance", "withdrawn"]),
        ("attach", "complaint", ["identical"]),
        ("suspend", "application", []),
        ("unheard", "application", ["favourable", "short_term", "urgent", "on_request"]),
    ],
)
def test_the_lawful_grounds(verb, kind, codes):
    assert [ground.code for ground in picked(kind).grounds_for(verb, kind)] == codes


def test_what_must_be_passed_on_at_once_is_neither_returned_nor_ended_as_anonymous():
    for kind in KINDS:
        rule = picked(kind)
        assert all(ground.not_for_danger for ground in rule.grounds_for("return", kind))
    assert picked("message").ground("terminate", "anonymous", "message").not_for_danger

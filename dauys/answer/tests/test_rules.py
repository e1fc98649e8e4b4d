"""The book of rules: written as a text, tried on the past, saved as a whole, and at work from the next appeal on."""

from pathlib import Path

import pytest
from django.core.exceptions import PermissionDenied
from django.utils.translation import override

from dauys.answer import actions, rulebook, words
from dauys.answer.actions import rules
from dauys.answer.models import Handling, Promise, Routing, RuleBook
from dauys.answer.queries import rules as queries
from dauys.answer.words import rules as said
from dauys.institution.models import Competence, Office
from dauys.institution.queries import forget, house
from dauys.ledger.models import Entry
from dauys.understand import actions as understand

GAS = {"name": "Gas", "words": ["запах газа"], "acts": "roads"}
WATER = {"topics": ["water"], "acts": "roads", "clock": "akimat"}


@pytest.fixture
def saved(cast, now):
    """Put rules in force: `saved(GAS, …)`."""

    def save(*rows, at=now, **told):
        told = {"seen": rulebook.newest_id(), "officer": cast.administrator, **told}
        return actions.save_rules(rules=rows, now=at, **told)

    return save


# The text


def test_a_text_is_read_as_it_was_written(cast):
    rows = [GAS, {**WATER, "areas": ["102000000"], "kinds": ["complaint"], "urgency": ["danger"]},
            {"channels": ["phone"], "name": 'Said "loud" \\ once', "clock": "branch"}]  # fmt: skip
    with override("en"):
        text = rulebook.text_of(rows, house())
    assert 'acts = "roads"  # Roads' in text
    assert rulebook.read(text) == rows
    assert rulebook.read("") == []


@pytest.mark.parametrize(
    ("text", "line", "code"),
    [
        pytest.param('[[rule]]\nwords = ["газ\nacts = "roads"', 2, "syntax", id="a quotation mark is missing"),
        pytest.param('[[rule]]\nwords = ["газ"]\nact = "roads"', 3, "unknown_key", id="a misspelt key"),
        pytest.param('[[rule]]\nacts = "a"\n\n[[rule]]\n# why\nwords = "газ"', 6, "not_texts", id="of the second rule"),
        pytest.param("[[rule]]\nacts = 7", 2, "not_text", id="not a text"),
        pytest.param('[[rule]]\nwords = [\n  "газ",\n  "",\n]', 2, "unfit", id="an empty word"),
        pytest.param('[[rule]]\nname = "a\\u0007b"', 2, "unfit", id="a sign that cannot be seen"),
        pytest.param('[[rules]]\nacts = "a"', 1, "unknown_table", id="another table"),
        pytest.param('rule = "газ"', 1, "no_rules", id="no list"),
        pytest.param('[[rule]]\nname = """\n[[rule]]\nacts = 1\n"""\nx = 1', 6, "unknown_key", id="many lines"),
    ],
)
def test_a_mistake_is_told_with_its_line(text, line, code):
    with pytest.raises(rulebook.BadText) as bad:
        rulebook.read(text)
    assert (bad.value.mistakes[-1].line, bad.value.mistakes[-1].code) == (line, code)
    with override("en"):
        assert said.mistake(bad.value.mistakes[-1]).startswith(f"Line {line}: ")


def test_every_mistake_of_a_text_is_told_at_once():
    with pytest.raises(rulebook.BadText) as bad:
        rulebook.read('[[rule]]\nact = "a"\n[[rule]]\nwords = "b"\nclock = 3')
    assert [(one.line, one.key) for one in bad.value.mistakes] == [(2, "act"), (4, "words"), (5, "clock")]


@pytest.mark.parametrize("text", ["[[rule]]\n" * 1001, "x" * 400_001, "[" * 5000, "\x00", "[[rule]]\nrule.rule = 1"])
def test_a_hostile_text_is_a_mistake_and_nothing_worse(text):
    with pytest.raises(rulebook.BadText):
        rulebook.read(text)


# In words


def test_a_rule_is_a_sentence(cast):
    with override("en"):
        spoken = said.rule({**WATER, "words": ["запах газа", "газ"], "kinds": ["complaint"], "areas": ["102000000"]})
    assert spoken.conditions == (
        "the topic is Water", "the place is in Steppe district", "the kind is Complaint",
        "the text says “запах газа” or “газ”",
    )  # fmt: skip
    assert spoken.result == "Roads acts; Akimat owes the answer."


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        ([{**GAS, "acts": "raods"}], "Rule 1, Who acts: “raods” is not known. Was “roads” meant?"),
        ([WATER, {**WATER, "acts": "branch"}], "Rules 1 and 2 contradict each other: the same conditions, other"),
        ([WATER, {**WATER, "topics": ["water.outage"]}], "Rule 2 can never apply: rule 1 takes all it would."),
        ([{"words": ["газ"]}], "Rule 1 names no office."),
    ],
)
def test_a_flaw_is_a_sentence_with_its_remedy(cast, rows, sentence):
    with override("en"):
        (flaw,) = [said.flaw(one) for one in rulebook.flaws_of(rows, house()) if one.is_error]
    assert flaw.startswith(sentence)


def test_a_closed_office_is_named(cast, now):
    Office.objects.filter(id=cast.branch.id).update(is_open=False)
    forget()
    with override("en"):
        (flaw,) = [said.flaw(one) for one in rulebook.flaws_of([{**GAS, "acts": "branch"}], house())]
    assert flaw.startswith("Rule 1 sends to branch, which is closed.")


# Saved


def test_saving_is_one_entry_with_a_public_commitment(saved, cast):
    book = saved(GAS, WATER)
    entry = Entry.objects.get(verb="answer.manage_rules")
    lines = entry.leaf.splitlines()
    assert (lines[1], lines[2], lines[5]) == ("policy", "-", "routing")
    assert (entry.actor, entry.detail["rules"]) == (cast.administrator, 2)
    assert book.digest == rulebook.digest([GAS, WATER])
    assert book.digest in entry.detail["rule"]["rules"][0]


@pytest.mark.parametrize("who", ["operator", "officer", "auditor", "stranger", "road_officer"])
def test_only_administrator_and_head_write_rules(saved, cast, who):
    with pytest.raises(PermissionDenied):
        saved(GAS, officer=getattr(cast, who))
    assert not RuleBook.objects.exists()


def test_a_flawed_set_is_refused_and_the_old_one_stays(saved):
    first = saved(GAS)
    with pytest.raises(rules.Flawed) as refused:
        saved(WATER, {**WATER, "acts": "branch"})
    assert [one.code for one in refused.value.flaws] == ["contradiction"]
    assert rulebook.newest_id() == first.id


def test_two_who_change_rules_at_once_do_not_overwrite_each_other(saved, cast):
    saved(GAS)
    with pytest.raises(rules.Overtaken) as overtaken:
        saved(WATER, seen=0)
    assert overtaken.value.name == "Administrator"
    with pytest.raises(rules.NothingNew):
        saved(GAS)


def test_an_earlier_book_comes_back_by_one_verb(saved, cast, now):
    first, second = saved(GAS), saved(WATER)
    third = actions.bring_back_rules(book_id=first.id, seen=second.id, officer=cast.head, now=now)
    assert (third.rules, third.id > second.id) == ([GAS], True)
    none = actions.bring_back_rules(book_id=0, seen=third.id, officer=cast.head, now=now)
    assert none.rules == []
    with pytest.raises(rules.NoSuchBook):
        actions.bring_back_rules(book_id=10**6, seen=none.id, officer=cast.head, now=now)


# At work


def test_a_rule_decides_from_the_next_appeal_on_and_says_so(saved, promised):
    promised()
    assert Handling.objects.get().acting.code == "utilities"
    saved(GAS)
    appeal = promised("В подъезде сильный запах газа, помогите")
    row = Handling.objects.get(appeal=appeal)
    assert (row.acting.code, row.clock.code) == ("roads", "utilities")
    with override("en"):
        why = words.routing(Routing.objects.get(appeal=appeal).reasons)
    assert why[0] == "Roads works on this by rule 1 of the institution, “Gas”."
    assert "The rule applies because the text says “запах газа”." in why
    assert "Without the rule it would have gone to Utilities." in why


def test_who_acts_and_who_owes_the_answer_are_two(saved, promised, cast):
    saved(WATER)
    promised()
    row = Handling.objects.get()
    assert (row.acting.code, row.clock.code) == ("roads", "akimat")
    assert Promise.objects.get().office_id == cast.akimat.id


def test_without_a_topic_a_rule_on_words_decides_and_nothing_else_does(saved, promised):
    saved(GAS, WATER)
    promised("Запах газа", topic=None, sure=0.0)
    assert Handling.objects.get().acting.code == "roads"
    promised("Нет воды", topic=None, sure=0.0)
    assert Handling.objects.order_by("-appeal").first().state == "unrouted"


def test_an_office_closed_since_is_passed_over(saved, promised, cast):
    saved({**GAS, "acts": "branch"})
    Office.objects.filter(id=cast.branch.id).update(is_open=False)
    forget()
    appeal = promised("Запах газа в доме")
    assert Handling.objects.get().acting.code == "utilities"
    with override("en"):
        why = words.routing(Routing.objects.get(appeal=appeal).reasons)
    assert any("which is closed, and was passed over" in one for one in why)


def test_a_rule_never_sends_to_the_body_complained_about(saved, promised, cast):
    saved({"topics": ["water"], "acts": "utilities", "clock": "utilities"})
    promised(kind="message", about_office_id=cast.utilities.id)
    row = Handling.objects.get()
    assert cast.utilities.id not in (row.acting_id, row.clock_id)


def test_a_complaint_filed_through_the_body_complained_about_goes_up_with_its_case(saved, promised, cast):
    # APPC art. 91(4): it may be handed to the very body it is about, which passes it on with the case.
    Competence.objects.create(office=cast.akimat)
    saved({"topics": ["water"], "acts": "utilities", "clock": "utilities"})
    appeal = promised(
        "Отдел отказал в подключении воды", kind="complaint", channel="desk", about_office_id=cast.utilities.id,
        taken_by_id=cast.officer.id, taken_at_id=cast.utilities.id,
    )  # fmt: skip
    row = Handling.objects.get()
    assert (row.acting_id, row.clock_id) == (cast.akimat.id, cast.akimat.id)
    with override("en"):
        assert "A complaint goes to the body above: Akimat." in words.routing(Routing.objects.get().reasons)
    public = Entry.objects.filter(case=appeal.case, leaf__isnull=False).order_by("id")
    leaves = [one.leaf.splitlines() for one in public]
    assert [leaf[1] for leaf in leaves] == ["received", "accepted"]  # one case from the first hand to the last
    assert {leaf[2] for leaf in leaves} == {appeal.case}


# What waits is asked again


def test_what_has_no_office_is_asked_again_and_nothing_else(saved, promised, cast, now):
    lost = [promised("Запах газа", topic=None, sure=0.0) for _ in range(3)]
    hopeless = promised("Непонятно", topic=None, sure=0.0)
    by_hand = promised("Запах газа опять", topic=None, sure=0.0)
    actions.redirect(
        appeal_id=by_hand.id, office_id=cast.utilities.id, reason="Так", officer=cast.operator, now=now
    )  # fmt: skip
    placed = promised("Запах газа, нет воды")
    assert actions.ask_again_pending(now=now) == 0
    saved(GAS)
    assert actions.ask_again_pending(now=now, limit=2) == 2
    assert actions.ask_again_pending(now=now, limit=2) == 2
    assert actions.ask_again_pending(now=now, limit=2) == 0
    assert {Handling.objects.get(appeal=one).acting.code for one in lost} == {"roads"}
    assert Handling.objects.get(appeal=hopeless).state == "unrouted"
    assert {Handling.objects.get(appeal=one).acting.code for one in (by_hand, placed)} == {"utilities"}
    assert Entry.objects.filter(verb="answer.route", actor=None).count() == 3
    assert Routing.objects.filter(appeal=hopeless).count() == 1


# Tried before it is saved


def test_a_trial_says_what_would_move_and_changes_nothing(saved, promised, cast, now):
    for _ in range(3):
        promised()
    gas = promised("Запах газа у Тестовой Айгуль, звоните +7 701 234 56 78")
    promised("Запах газа", topic=None, sure=0.0)
    promised(labels={"office": "roads"}, text="Запах газа, старое дело")
    before = (Handling.objects.count(), Routing.objects.count(), Entry.objects.count())
    actions.redirect(appeal_id=gas.id, office_id=cast.road_department.id, reason="Так", officer=cast.head, now=now)
    trial = queries.try_rules([GAS], cast.administrator)
    assert (trial.tried, trial.moved, trial.found, trial.lost) == (5, 2, 1, 0)
    assert dict(trial.decides) == {1: 2}
    assert (trial.by_hand, trial.agree_now, trial.agree_then) == (1, 0, 1)
    assert not trial.is_cut_short
    with override("en"):
        moves = {(str(one.acting_from), str(one.acting_to), one.count) for one in trial.moves}
    assert moves == {("Utilities", "Roads", 1), ("None", "Roads", 1)}
    shown = " ".join(one.first_words for one in trial.samples)
    assert "701" not in shown
    assert "Тестов" not in shown
    assert {one.number for one in trial.samples} == {""}  # the administrator reads no appeals
    assert {one.number for one in queries.try_rules([GAS], cast.head).samples} == {
        gas.number, Handling.objects.order_by("-appeal")[1].appeal.number,
    }  # fmt: skip
    assert (Handling.objects.count(), Routing.objects.count(), Entry.objects.count()) == (
        before[0], before[1] + 1, before[2] + 1,
    )  # fmt: skip


def test_a_trial_ends_in_its_time_and_says_so(promised, cast, monkeypatch):
    for _ in range(3):
        promised()
    assert queries.try_rules([GAS], cast.head, most=2).tried == 2
    monkeypatch.setattr(queries, "TRY_AT_ONCE", 1)
    short = queries.try_rules([GAS], cast.head, seconds=0)
    assert (short.tried, short.is_cut_short) == (1, True)
    whole = queries.try_rules([GAS], cast.head)
    assert (whole.tried, whole.is_cut_short) == (3, False)


def test_one_appeal_is_asked_with_what_would_have_changed_it(promised, cast):
    appeal = promised()
    asked = queries.ask_one([{**GAS, "kinds": []}, {**WATER, "kinds": ["complaint"]}], cast.head, appeal.number)
    assert str(asked.acting) == str(house().offices[cast.utilities.id].name)
    assert asked.near == [(1, "words"), (2, "kinds")]
    assert queries.ask_one([GAS], cast.administrator, appeal.number) is None
    assert queries.ask_one([GAS], cast.head, "2026-999999") is None


def test_a_rule_begins_from_an_appeal_that_waits(promised, cast):
    appeal = promised("Запах газа, мой номер +7 701 234 56 78", topic=None, sure=0.0, area=cast.village)
    begun = queries.rule_from(cast.head, appeal.number)
    assert begun.row == {"areas": ["102000000"], "kinds": [appeal.kind]}
    assert "701" not in begun.words
    assert queries.rule_from(cast.administrator, appeal.number) is None


def test_a_book_saved_by_another_process_is_noticed_at_the_next_batch(promised, cast, now):
    promised()
    RuleBook.objects.create(rules=[WATER], digest=rulebook.digest([WATER]), officer=cast.head, made_at=now)
    promised()
    assert Handling.objects.order_by("-appeal").first().acting.code == "roads"


def test_a_correction_follows_the_rules_too(saved, promised, cast, now):
    saved(WATER)
    appeal = promised(topic="roads.repair")
    understand.decide(appeal_id=appeal.id, officer=cast.operator, topic_code="water.outage", area_code="", now=now)
    actions.reroute_pending(now=now)
    row = Handling.objects.get()
    assert (row.acting.code, row.clock.code) == ("roads", "akimat")


def test_the_example_of_the_recipe_is_sound(cast):
    page = (Path(__file__).parents[3] / "docs" / "recipes" / "write-routing-rules.md").read_text(encoding="utf-8")
    rows = rulebook.read(page.split("```toml\n")[1].split("```")[0])
    assert len(rows) == 2
    assert rulebook.flaws_of(rows, house()) == ()

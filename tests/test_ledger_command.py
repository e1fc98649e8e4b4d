"""`dauys ledger`: the tables of appeals and answers are held against the entries."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from click.testing import CliRunner

from dauys.answer.actions import answer_fields, verdict_fields
from dauys.answer.models import Answer, Verdict
from dauys.commands.ledger import expectations, ledger, recounts
from dauys.hear import actions as hear
from dauys.hear import commitments
from dauys.hear.models import Appeal, Attachment, Register, Sealed
from dauys.hear.submission import Contact, Submission, Upload
from dauys.ledger import actions, queries
from dauys.ledger.audit import recount
from dauys.ledger.core.leaf import Kind
from dauys.ledger.core.note import parse_verifier_key
from dauys.ledger.models import Entry

pytestmark = pytest.mark.django_db
RULES = ("received", "answered", "known", "numbers")


@pytest.fixture
def told(cast, now):
    """Six appeals of two years; the second was answered."""
    for number, days in enumerate((0, 0, 0, 0, 300, 300)):
        at = now + timedelta(days=days)
        hear.receive(Submission(channel="web", token=str(number), text=f"Нет воды {number}"), now=at)
    appeal = Appeal.objects.get(number="2026-000002")
    sent = answer(appeal, cast, now, officer=cast.officer)
    append(appeal.case, Kind.ANSWERED, now, committed(appeal, "answer.1", answer_fields(sent)))
    actions.seal_pending(now=now)
    return cast


def answer(appeal, cast, now, *, officer=None):
    return Answer.objects.create(
        appeal=appeal, ordinal=1, office=cast.akimat, officer=officer, outcome="explained", text="Починили",
        due_on=now.date(), sent_at=now, sent_on=now.date(),
    )  # fmt: skip


def committed(appeal, prefix, fields):
    return commitments.remake(appeal.case, appeal.sealed.wrapped_key, prefix, fields)


def append(case, kind, now, commitment=None):
    public = actions.Public(kind, code="web", commitment=commitment)
    actions.append(actions.Act(f"test.{kind}", case, now, public=public), on=now.date())


def run(*arguments):
    return CliRunner().invoke(ledger, arguments)


def found():
    ran = run("check", "--json")
    report = json.loads(ran.stdout)
    assert ran.exit_code == (0 if all(one["ok"] for one in report.values()) else 1)
    return report


def wrong():
    return {name: one["evidence"] for name, one in found().items() if not one["ok"]}


def test_an_honest_house_has_nothing_wrong(told):
    assert wrong() == {}
    assert [found()[name]["seen"] for name in RULES] == [6, 1, 6, 6]


def test_the_table_of_checks_is_for_people(told):
    said = run("check")
    assert said.exit_code == 0
    assert "ok   Each appeal has exactly one “received” entry" in said.stdout


def test_an_empty_house_has_nothing_wrong(cast):
    assert wrong() == {}


def test_an_appeal_put_in_by_hand_is_found(told, now):
    Appeal.objects.filter(number="2026-000003").update(case="AAAAAAAAAAAAAAAAAAAAAA==")
    evidence = wrong()
    assert evidence["received"] == ["appeal 2026-000003: 0 entries"]
    assert len(evidence["known"]) == 1


def test_an_appeal_received_twice_is_found(told, now):
    append(Appeal.objects.get(number="2026-000001").case, Kind.RECEIVED, now)
    assert wrong() == {"received": ["appeal 2026-000001: 2 entries"]}


def test_an_appeal_taken_away_is_found(told):
    lost = Appeal.objects.get(number="2026-000003")
    lost.sealed.delete()
    lost.delete()
    evidence = wrong()
    assert evidence["known"] == [f"case {lost.case} has entries and no appeal"]
    assert evidence["numbers"] == ["year 2026: the register counts 4, there are 3 appeals numbered 1 to 4"]


def test_a_number_jumped_over_is_found(told):
    Register.objects.filter(year=2026).update(last=9)
    assert wrong() == {"numbers": ["year 2026: the register counts 9, there are 4 appeals numbered 1 to 4"]}
    Register.objects.filter(year=2026).delete()
    assert wrong() == {"numbers": ["year 2026: the register counts 0, there are 4 appeals numbered 1 to 4"]}


def test_an_answer_without_its_entry_is_found(told, now):
    answer(Appeal.objects.get(number="2026-000001"), told, now, officer=told.officer)
    assert wrong() == {"answered": ["appeal 2026-000001: 1 answers, 0 entries"]}


def test_an_answer_taken_away_is_found(told):
    Answer.objects.all().delete()
    assert wrong() == {"answered": ["appeal 2026-000002: 0 answers, 1 entries"]}


def test_a_past_answer_taken_over_needs_no_entry_and_may_have_one(told, now):
    past = Appeal.objects.get(number="2026-000001")
    answer(past, told, now)
    assert wrong() == {}
    append(past.case, Kind.ANSWERED, now)
    assert wrong() == {}


def test_the_rules_cost_two_questions_each(told, django_assert_num_queries):
    from dauys.ledger.audit import audit

    actions.verifier_key()
    with django_assert_num_queries(6 + 2 * len(RULES)):
        audit(key=actions.verifier_key(), expectations=expectations())


# Words


@pytest.fixture
def judged(told, now):
    """The answer was judged, too; the first appeal came with a contact and a file."""
    hear.receive(
        Submission(
            channel="web", token="seventh", text="Нет света", contact=Contact(name="Айгүл Тестова"),
            uploads=(Upload("a.pdf", "application/pdf", b"%PDF-1.4"),),
        ),
        now=now + timedelta(days=300),
    )  # fmt: skip
    appeal = Appeal.objects.get(number="2026-000002")
    verdict = Verdict.objects.create(
        appeal=appeal, answer=Answer.objects.get(), solved=False, words="Не починили", given_at=now, given_on=now.date()
    )
    append(appeal.case, Kind.REOPENED, now, committed(appeal, "verdict.1", verdict_fields(verdict)))
    return told


LAST, SECOND = "appeal 2027-000003", "appeal 2026-000002"


@pytest.mark.parametrize(
    ("check", "name", "rows", "change"),
    [
        pytest.param("appeals", SECOND, Appeal, {"text": "Вода есть"}, id="other words"),
        pytest.param("appeals", SECOND, Appeal, {"text": "Нет воды 1 "}, id="a space more"),
        pytest.param("appeals", SECOND, Appeal, {"kind": "proposal"}, id="another kind"),
        pytest.param("appeals", SECOND, Appeal, {"channel": "phone"}, id="another channel"),
        pytest.param("appeals", SECOND, Appeal, {"received_at": datetime(2026, 3, 11, tzinfo=UTC)}, id="a day later"),
        pytest.param("appeals", LAST, Attachment, {"sha256": "0" * 64}, id="another file"),
        pytest.param("appeals", LAST, Sealed, {"box": None}, id="the contact taken away"),
        pytest.param("appeals", LAST, Sealed, {"box": b"x" * 40}, id="a contact of another key"),
        pytest.param("answers", "answer 1 to 2026-000002", Answer, {"text": "Отказано"}, id="another answer"),
        pytest.param("answers", "answer 1 to 2026-000002", Answer, {"outcome": "satisfied"}, id="another outcome"),
        pytest.param("verdicts", "verdict on answer 1 to 2026-000002", Verdict, {"solved": True}, id="a kinder word"),
    ],
)
def test_a_row_altered_in_the_tables_is_named(judged, check, name, rows, change):
    assert wrong() == {}
    assert [found()[rule]["seen"] for rule in ("appeals", "answers", "verdicts")] == [7, 1, 1]
    by = {SECOND: "number", LAST: "appeal__number"}
    if rows is Appeal:
        rows = Appeal.objects.filter(number=name.split()[-1])
    elif name in by:
        rows = rows.objects.filter(appeal__number=name.split()[-1])
    else:
        rows = rows.objects.all()
    assert rows.update(**change) == 1
    assert wrong() == {check: [f"{name}: the row is not what its entry commits to"]}


def test_keys_changed_about_are_found(judged):
    first, second = Sealed.objects.order_by("appeal_id")[:2]
    Sealed.objects.filter(pk=first.pk).update(wrapped_key=second.wrapped_key)
    assert wrong() == {"appeals": ["appeal 2026-000001: the row is not what its entry commits to"]}


def test_an_erased_case_is_passed_over_and_a_silent_erasure_is_not(judged, now):
    Sealed.objects.filter(appeal__number="2026-000002").update(wrapped_key=None, box=None)
    gone = "its key is gone, and no entry says that it was erased"
    assert wrong() == {
        "appeals": [f"appeal 2026-000002: {gone}"],
        "answers": [f"answer 1 to 2026-000002: {gone}"],
        "verdicts": [f"verdict on answer 1 to 2026-000002: {gone}"],
    }
    append(Appeal.objects.get(number="2026-000002").case, Kind.ERASED, now)
    assert wrong() == {}
    assert found()["appeals"]["seen"] == 6


def test_words_are_looked_at_in_batches(judged, django_assert_num_queries, monkeypatch):
    monkeypatch.setattr("dauys.ledger.audit.BATCH", 2)
    appeals, answers, *_others = recounts()
    seen = []
    with django_assert_num_queries(
        4 * 3 + 1
    ):  # rows, files and leaves of four batches, and the look that finds no more
        assert recount(appeals, progress=seen.append).ok
    assert seen == [2, 2, 2, 1]
    with django_assert_num_queries(4):  # files go with answers, too
        assert recount(answers).ok


def test_the_key_is_printed_and_kept_where_verify_looks(cast, settings, tmp_path):
    settings.HOME = tmp_path / "home"
    said = run("key")
    assert said.exit_code == 0
    assert parse_verifier_key(said.stdout.strip()) == actions.verifier_key()
    assert [path.name for path in settings.HOME.iterdir()] == ["ledger-key.txt"]
    assert (settings.HOME / "ledger-key.txt").read_text() == said.stdout


def test_the_head_is_printed_to_the_byte(told):
    assert run("head").stdout == queries.head().note


def test_without_a_head_it_says_so(cast):
    said = run("head")
    assert (said.exit_code, said.stdout) == (1, "")


@pytest.mark.parametrize("by", ["number", "case"])
def test_a_case_is_shown_with_all_its_entries(told, by):
    appeal = Appeal.objects.get(number="2026-000002")
    said = run("show", getattr(appeal, by))
    assert said.exit_code == 0
    assert said.stdout.count("dauys/entry@v1") == Entry.objects.filter(case=appeal.case).count() == 2
    told_json = json.loads(run("show", getattr(appeal, by), "--json").stdout)
    assert [entry["verb"] for entry in told_json["entries"]] == ["hear.receive", "test.answered"]


def test_an_unknown_case_says_what_to_give(told):
    said = run("show", "2026-999999")
    assert said.exit_code == 1
    assert "Give a registration number" in said.stderr

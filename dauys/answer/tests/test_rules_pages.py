"""The pages of the rules: a working copy that decides nothing, tried, put in force, taken back."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from dauys.answer import rulebook
from dauys.answer.models import Handling, RuleBook
from dauys.institution.models import Office
from dauys.institution.queries import forget

WHERE = "/desk/routing/"
RULE = {"words": "запах газа\nутечка", "kinds": ["message"], "acts": "roads", "name": "Gas"}


@pytest.fixture
def admin(client, cast):
    client.force_login(cast.administrator)
    return client


def text_of(response):
    return response.content.decode()


def test_from_the_first_rule_to_its_coming_in_force(admin, promised):
    promised("Запах газа в доме", kind="message")
    assert "No rule yet" in text_of(admin.get(WHERE + "?lang=en"))
    assert admin.post(WHERE + "rule/", RULE).status_code == 302
    page = text_of(admin.get(WHERE))
    assert "Working copy, not in force yet" in page
    assert "the text says “запах газа” or “утечка”" in page
    assert not RuleBook.objects.exists()  # nothing is in force by looking at it

    tried = text_of(admin.post(WHERE + "save/"))
    assert "Look first at what these rules would change" in tried
    assert "Would have moved 1 of 1." in tried
    assert not RuleBook.objects.exists()

    assert admin.post(WHERE + "save/").status_code == 302
    book = RuleBook.objects.get()
    assert book.rules == [{"name": "Gas", "kinds": ["message"], "words": ["запах газа", "утечка"], "acts": "roads"}]
    assert (book.tried["moved"], book.tried["tried"]) == (1, 1)
    page = text_of(admin.get(WHERE))
    assert "Rules in force" in page
    assert "would have moved 1 of 1" in page
    assert Handling.objects.get().acting.code == "utilities"  # what is placed stays


def test_rules_are_moved_changed_and_taken_out(admin):
    for name in ("first", "second", "third"):
        admin.post(WHERE + "rule/", {**RULE, "name": name, "words": name})
    admin.post(WHERE + "change/", {"do": "up", "at": "3"})
    admin.post(WHERE + "change/", {"do": "down", "at": "1"})
    admin.post(WHERE + "rule/?at=3", {**RULE, "name": "changed", "words": "изменено"})
    admin.post(WHERE + "rule/", {**RULE, "name": "new", "words": "новое", "where": "first"})
    rows = admin.session["routing rules"]["rows"]
    assert [row["name"] for row in rows] == ["new", "third", "first", "changed"]
    admin.post(WHERE + "change/", {"do": "remove", "at": "2"})
    for nonsense in ("0", "99", "-1", "x", "", "９"):
        assert admin.post(WHERE + "change/", {"do": "remove", "at": nonsense}).status_code == 302
    assert [row["name"] for row in admin.session["routing rules"]["rows"]] == ["new", "first", "changed"]
    admin.post(WHERE + "change/", {"do": "drop"})
    assert "routing rules" not in admin.session


@pytest.mark.parametrize(
    ("told", "words"),
    [
        ({"acts": ""}, "Name who acts, who owes the answer, or both."),
        ({"words": "— !"}, "“— !” holds no word."),
        ({"words": "я" * 200}, "Write at most 120 letters in a line."),
        ({"words": "\n".join(f"слово{n}" for n in range(61))}, "a rule takes 60"),
        ({"acts": "nowhere"}, "Select a valid choice"),
    ],
)
def test_a_rule_that_cannot_be_is_told_where_it_is_written(admin, told, words):
    shown = admin.post(WHERE + "rule/?lang=en", {**RULE, **told})
    assert shown.status_code == 422
    assert words in text_of(shown)
    assert "routing rules" not in admin.session


def test_a_contradiction_is_shown_and_cannot_be_saved(admin):
    admin.post(WHERE + "rule/", RULE)
    admin.post(WHERE + "rule/", {**RULE, "acts": "branch"})
    page = text_of(admin.post(WHERE + "try/?lang=en"))
    assert "These rules cannot be put in force as they are." in page
    assert "Rules 1 and 2 contradict each other" in page
    assert 'action="/desk/routing/save/"' not in page
    refused = text_of(admin.post(WHERE + "save/", follow=True))
    assert "Nothing was saved; the rules in force stay." in refused
    assert not RuleBook.objects.exists()


def test_a_text_with_a_mistake_changes_nothing_and_names_the_line(admin):
    admin.post(WHERE + "rule/", RULE)
    bad = admin.post(WHERE + "text/?lang=en", {"text": '[[rule]]\nact = "roads"'})
    assert bad.status_code == 422
    assert "Line 2: “act” is not known." in text_of(bad)
    assert "act = &quot;roads&quot;" in text_of(bad)  # what was typed stands there
    assert len(admin.session["routing rules"]["rows"]) == 1
    good = admin.post(WHERE + "text/", {"text": '[[rule]]\nwords = ["газ"]\nclock = "branch"\n'})
    assert good.status_code == 302
    assert admin.session["routing rules"]["rows"] == [{"words": ["газ"], "clock": "branch"}]
    assert "words = [&quot;газ&quot;]" in text_of(admin.get(WHERE + "text/"))


def test_the_rules_in_force_leave_as_a_file_that_comes_in_again(admin):
    admin.post(WHERE + "rule/", RULE)
    for _ in range(2):
        admin.post(WHERE + "save/")
    sent = admin.get(WHERE + "rules.toml")
    assert sent["Content-Disposition"] == f'attachment; filename="routing-{RuleBook.objects.get().id}.toml"'
    assert rulebook.read(sent.content.decode()) == RuleBook.objects.get().rules


def test_an_earlier_version_comes_back_by_one_press(admin):
    for words in ("газ", "дым"):
        admin.post(WHERE + "text/", {"text": f'[[rule]]\nwords = ["{words}"]\nacts = "roads"'})
        for _ in range(2):
            admin.post(WHERE + "save/")
    first, second = RuleBook.objects.order_by("id")
    admin.post(WHERE + "back/", {"book": first.id, "seen": second.id})
    assert rulebook.newest().rules == first.rules
    shown = text_of(admin.post(WHERE + "back/?lang=en", {"book": "x", "seen": ""}, follow=True))
    assert "There is no such version." in shown
    stale = text_of(admin.post(WHERE + "back/", {"book": second.id, "seen": second.id}, follow=True))
    assert "has put other rules in force meanwhile" in stale


def test_a_version_that_names_a_closed_office_does_not_come_back(admin, cast):
    admin.post(WHERE + "text/", {"text": '[[rule]]\nwords = ["газ"]\nacts = "branch"'})
    for _ in range(2):
        admin.post(WHERE + "save/")
    admin.post(WHERE + "back/", {"book": 0, "seen": rulebook.newest_id()})
    Office.objects.filter(id=cast.branch.id).update(is_open=False)
    forget()
    first = RuleBook.objects.order_by("id").first()
    told = {"book": first.id, "seen": rulebook.newest_id()}
    assert "which is closed" in text_of(admin.post(WHERE + "back/?lang=en", told, follow=True))
    assert rulebook.newest().rules == []


def test_two_administrators_do_not_overwrite_each_other(admin, cast):
    admin.post(WHERE + "rule/", RULE)
    admin.post(WHERE + "try/")
    other = Client()
    other.force_login(cast.head)
    other.post(WHERE + "rule/", {**RULE, "words": "дым"})
    for _ in range(2):
        other.post(WHERE + "save/")
    assert "Other rules were put in force after this working copy was begun." in text_of(admin.get(WHERE + "?lang=en"))
    refused = text_of(admin.post(WHERE + "save/", follow=True))
    assert "Head has put other rules in force meanwhile" in refused
    assert RuleBook.objects.count() == 1
    assert len(admin.session["routing rules"]["rows"]) == 1  # their own words are not lost


def test_from_the_queue_one_press_begins_a_rule(client, promised, cast):
    appeal = promised("Запах газа", topic=None, sure=0.0, area=cast.village)
    client.force_login(cast.head)
    for where in (f"/desk/appeal/{appeal.number}/?lang=en", "/desk/?view=unrouted"):
        assert f"/desk/routing/rule/?from={appeal.number}" in text_of(client.get(where))
    form = text_of(client.get(f"/desk/routing/rule/?from={appeal.number}"))
    assert "Запах газа" in form
    assert '<option value="102000000" selected>' in form
    client.force_login(cast.operator)
    assert "/desk/routing/" not in text_of(client.get(f"/desk/appeal/{appeal.number}/"))


def test_one_appeal_is_asked_on_the_page(client, promised, cast):
    appeal = promised()
    client.force_login(cast.head)
    client.post(WHERE + "rule/", {**RULE, "words": "", "kinds": ["complaint"]})
    page = text_of(client.get(f"{WHERE}?lang=en&ask={appeal.number}"))
    assert "Rule 1 would have come first, had this been met: Kind" in page
    assert "There is no such appeal" in text_of(client.get(WHERE + "?ask=2026-999999"))


@pytest.mark.parametrize("who", ["operator", "officer", "auditor", "stranger"])
def test_others_see_nothing_of_it(client, cast, who):
    client.force_login(getattr(cast, who))
    for page in ("", "rule/", "text/", "rules.toml"):
        assert client.get(WHERE + page).status_code == 403
    for verb in ("change/", "rule/", "text/", "try/", "save/", "back/"):
        assert client.post(WHERE + verb, {"do": "drop"}).status_code == 403


def test_the_page_costs_the_same_for_many_rules_and_versions(admin):
    costs = []
    for count in (1, 30):
        rules = "\n".join(f'[[rule]]\nwords = ["слово{n}"]\nacts = "roads"' for n in range(count))
        admin.post(WHERE + "text/", {"text": rules})
        for _ in range(2):
            admin.post(WHERE + "save/")
        admin.get(WHERE)
        with CaptureQueriesContext(connection) as asked:
            assert admin.get(WHERE).status_code == 200
        costs.append(len(asked))
    assert costs[0] == costs[1] <= 9

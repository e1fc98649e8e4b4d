"""The card “Procedure”, the citizen's side of it, and handing everything over: what is offered to whom, in words."""

import re
from datetime import UTC, date, datetime
from functools import partial

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from dauys.answer import actions, words
from dauys.answer.actions import failures
from dauys.answer.models import Handling, Ruling
from dauys.answer.words import rulings as said
from dauys.hear import grants
from dauys.institution import actions as institution
from dauys.institution.models import Appointment
from dauys.ledger.models import Entry

WHY = "Нужно получить сведения от подрядчика."


@pytest.fixture
def client_of(client_of):
    return partial(client_of, language="en")


@pytest.fixture
def citizen():
    def with_grant(appeal):
        client, response = Client(headers={"accept-language": "en"}), HttpResponse()
        grants.grant(HttpRequest(), response, appeal.id)
        client.cookies[grants.COOKIE] = response.cookies[grants.COOKIE].value
        return client

    return with_grant


@pytest.fixture
def today(monkeypatch):
    """Pages ask the clock; here it stands at a morning of March."""

    def stands_at(moment):
        monkeypatch.setattr(timezone, "now", lambda: moment)

    stands_at(datetime(2026, 3, 10, 7, tzinfo=UTC))
    return stands_at


def address(appeal, name="appeal"):
    return reverse(f"answer:{name}", args=[appeal.number])


def post(client, appeal, step, **told):
    return client.post(address(appeal, "procedure"), {"step": step, **told})


def offered(page):
    return re.findall(r'<input type="hidden" name="step" value="(\w+)"', page)


def read(client, where):
    """The page as it is read: a space that keeps words together is a space."""
    return client.get(where).content.decode().replace("\N{NO-BREAK SPACE}", " ")


@pytest.mark.parametrize(
    ("kind", "who", "steps"),
    [
        ("application", "head", ["extend", "mend", "return", "attach", "hear", "waive", "terminate"]),
        ("application", "officer", ["mend", "return", "attach", "hear", "waive", "terminate"]),
        ("application", "operator", ["mend"]),
        ("message", "head", ["extend", "mend", "return", "terminate"]),
        ("message", "officer", ["mend", "return"]),
        ("message", "operator", ["mend", "terminate"]),
        ("complaint", "head", ["mend", "return", "attach", "hear", "waive", "pass_up", "terminate"]),
        ("complaint", "auditor", []),
    ],
)
def test_the_card_offers_what_the_rule_the_kind_and_the_role_allow(promised, client_of, today, kind, who, steps):
    appeal = promised(kind=kind)
    assert offered(client_of(who).get(address(appeal)).content.decode()) == steps


def test_what_is_not_offered_is_explained(promised, client_of, today):
    complaint = promised(kind="complaint")
    page = client_of("head").get(address(complaint)).content.decode()
    assert "Extend the term.</b> The rule of this appeal knows no such step." in page
    message = promised("Другое", kind="message")
    page = client_of("officer").get(address(message)).content.decode()
    assert "Extend the term.</b> This is decided by: the head, a deputy head, the chief of staff." in page


def test_a_head_extends_on_the_page_and_the_citizen_reads_who_why_and_until_when(
    promised, cast, client_of, citizen, today
):
    appeal = promised(kind="application")
    head = client_of("head")
    bad = post(head, appeal, "extend", until_on="2026-05-09", words=WHY)
    assert bad.status_code == 409
    assert WHY in bad.content.decode()  # nothing typed is lost
    assert "nobody works" in bad.content.decode()
    assert post(head, appeal, "extend", until_on="", words="").status_code == 422
    assert post(head, appeal, "extend", until_on="2026-05-05", words=WHY).status_code == 302
    page = read(citizen(appeal), reverse("web:my", args=[appeal.number]))
    for part in ("5 May 2026", WHY, "Head", "Facts that matter for the decision have to be established"):
        assert part in page
    assert "extend" not in offered(read(head, address(appeal)))


def test_a_refusal_unheard_is_stopped_with_the_way_out_and_the_draft_stays(
    promised, cast, client_of, today, monkeypatch
):
    # What the words are worth is weighed elsewhere.
    monkeypatch.setattr("dauys.answer.views.writing.weighed", lambda *_args: {"findings": [], "overridden": None})
    appeal = promised(kind="application")
    officer = client_of("officer")
    officer.post(address(appeal, "draft"), {"text": "Отказать: нет договора.", "outcome": "refused", "go": "save"})
    preview = officer.get(address(appeal) + "?preview=1").content.decode()
    assert preview.count("Before a refusal on an appeal of this kind the citizen must be heard.") == 2
    assert address(appeal, "send") not in preview  # nobody presses a button that would refuse
    seen = re.search(r'name="seen"[^>]*value="([^"]+)"|value="([^"]+)"[^>]*name="seen"',
                     officer.get(address(appeal)).content.decode())  # fmt: skip
    sent = officer.post(address(appeal, "send"), {"seen": seen[1] or seen[2]}, follow=True)
    # Once as what stands in the way of this press, once on the card.
    assert sent.content.decode().count("Before a refusal on an appeal of this kind the citizen must be heard.") == 2
    assert "Отказать: нет договора." in sent.content.decode()
    assert Handling.objects.get().is_open


def test_the_citizen_mends_objects_and_takes_back_on_their_page(promised, cast, citizen, today):
    appeal = promised(kind="application")
    client, where = citizen(appeal), reverse("web:my", args=[appeal.number])
    step = reverse("web:my_step", args=[appeal.number])
    assert offered(client.get(where).content.decode()) == ["withdraw"]
    told = {"appeal_id": appeal.id, "officer": cast.officer, "now": timezone.now()}
    actions.ask_to_mend(words="Укажите адрес.", until_on=date(2026, 3, 16), **told)
    actions.offer_hearing(words="Намерены отказать.", **told)
    page = read(client, where)
    assert offered(page) == ["mend", "object", "withdraw"]
    assert "Укажите адрес." in page
    assert "16 March 2026" in page
    assert client.post(step, {"step": "mend", "text": "", "token": "a"}).status_code == 422
    assert client.post(step, {"step": "mend", "text": "…", "token": "a"}).status_code == 422
    for _twice in range(2):
        assert client.post(step, {"step": "mend", "text": "Лесная, 5", "token": "a"}).status_code == 303
    assert client.post(step, {"step": "object", "text": "Не согласна", "token": "b", "aloud": "on"}).status_code == 303
    page = read(client, where)
    assert offered(page) == ["object", "withdraw"]
    assert "You asked to be heard in person." in page
    assert client.post(step, {"step": "withdraw", "words": ""}).status_code == 422  # a second thought first
    assert client.post(step, {"step": "withdraw", "words": "", "sure": "on"}).status_code == 303
    page = read(client, where)
    assert offered(page) == []
    assert "ended without an answer" in page
    assert client.post(step, {"step": "withdraw", "words": "", "sure": "on"}).status_code == 303  # told, not done again
    assert Entry.objects.filter(verb="answer.withdraw").count() == 1
    assert client.post(step, {"step": "pay"}).status_code == 404


def test_silence_says_since_when_and_where_to_complain_and_opens_the_form(promised, cast, citizen, today):
    appeal = promised(kind="application")
    today(datetime(2026, 4, 6, 6, tzinfo=UTC))
    actions.lapse_pending(now=timezone.now())
    client = citizen(appeal)
    page = read(client, reverse("web:my", args=[appeal.number]))
    assert "Since 4 April 2026 the law counts this silence as a refusal" in page
    assert "Akimat" in page  # the office above the one that was silent
    link = re.search(r'href="(/appeal/\?kind=complaint[^"]+)"', page)[1].replace("&amp;", "&")
    form = client.get(link).content.decode()
    assert appeal.number in form
    assert re.search(r'value="complaint"[^>]*checked', form)
    assert re.search(rf'<option value="{cast.utilities.id}" selected', form)
    strange = client.get("/appeal/?kind=complaint&about=nowhere&re=<script>").content.decode()
    assert "<script>" not in strange.replace("<script src", "").replace("<script defer", "").replace("<script type", "")


def test_nothing_is_told_to_a_stranger(promised, cast, citizen, client_of, today):
    appeal, other = promised(kind="application"), promised("Другое")
    step = reverse("web:my_step", args=[appeal.number])
    entries = Entry.objects.count()
    assert citizen(other).post(step, {"step": "withdraw", "sure": "on"}).status_code == 302
    assert post(client_of("stranger"), appeal, "extend").status_code == 404
    assert post(client_of("road_officer"), appeal, "extend").status_code == 404
    assert post(client_of("auditor"), appeal, "extend").status_code == 403
    assert post(client_of("officer"), appeal, "magic").status_code == 404
    assert Entry.objects.count() == entries


def test_the_card_costs_the_same_for_many_rulings(promised, cast, client_of, citizen, today):
    appeal = promised(kind="application")
    officer, client = client_of("officer"), citizen(appeal)
    pages = [(officer, address(appeal)), (client, reverse("web:my", args=[appeal.number]))]

    def cost():
        counts = []
        for who, where in pages:
            who.get(where)
            with CaptureQueriesContext(connection) as asked:
                assert who.get(where).status_code == 200
            counts.append(len(asked))
        return counts

    told = {"appeal_id": appeal.id, "officer": cast.officer, "now": timezone.now()}
    actions.ask_to_mend(words="Укажите адрес.", until_on=date(2026, 3, 16), **told)
    actions.offer_hearing(words="Намерены отказать.", **told)
    few = cost()
    for number in range(40):
        actions.ask_to_mend(words=f"Укажите дом {number}.", until_on=date(2026, 3, 16), **told)
    assert cost() == few


@pytest.mark.parametrize("kind", Ruling.Kind.values)
@pytest.mark.parametrize("for_citizen", [True, False])
def test_every_ruling_is_a_sentence(cast, kind, for_citizen):
    for until_on, ended_at, ground in ((date(2026, 4, 1), None, ""), (None, datetime(2026, 4, 1, tzinfo=UTC), "oral")):
        ruling = Ruling(
            kind=kind, decided_on=date(2026, 3, 10), until_on=until_on, ended_at=ended_at, ground=ground,
            officer=cast.head,
        )  # fmt: skip
        sentence = said.said(ruling, for_citizen=for_citizen)
        assert re.search(r"[.:]$", sentence)
        assert "%" not in sentence


def test_every_obstacle_has_a_sentence_with_the_way_out():
    told = {
        "NotByRule": ("x",), "NoGround": ("x",), "NotThatFile": ("2026-000001",), "AlreadyExtended": (1,),
        "TermOver": (date(2026, 4, 3),), "NotThatDay": (date(2026, 4, 3), date(2026, 5, 3)),
        "ClosedDay": (date(2026, 5, 9),), "TooLate": (date(2026, 4, 3),), "HearingOpen": (date(2026, 4, 3),),
    }  # fmt: skip
    ours = [
        "AlreadyEnded", "DangerFirst", "Paused", "NotPaused", "NotMendedYet", "AlreadyOffered", "HearingFirst",
        "NothingAsked", "NoBody", "NotItsOffice", *told,
    ]  # fmt: skip
    for name in ours:
        sentence = said.failure(getattr(failures, name)(*told.get(name, ())))
        assert len(sentence) > 20, name
        assert "%" not in sentence
    assert "no term to change" in said.failure(failures.TermOver(None))
    assert "none after" in said.failure(failures.NotThatDay(date(2026, 5, 3), date(2026, 4, 3)))
    assert "heard in person" in said.failure(failures.HearingOpen(None))
    assert said.failure(failures.Empty()) == ""


VERBS = [
    "extend", "pause", "resume", "ask_to_mend", "mend", "return", "attach", "offer_hearing", "object", "hold_hearing",
    "waive_hearing", "lapse", "pass_up", "terminate", "withdraw", "hand_over",
]  # fmt: skip


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_of_procedure_has_words(cast, verb):
    sentence = words.deed(f"answer.{verb}", {"before": "2026-04-03", "due_on": "2026-05-05"}, for_citizen=False)
    assert sentence not in ("", f"answer.{verb}")


# Handing over


def test_nobody_leaves_open_appeals_behind(promised, cast, client_of, today):
    first, second = promised("Одно"), promised("Другое")
    for one in (first, second):
        actions.take(appeal_id=one.id, officer=cast.officer, now=timezone.now())
    post_of = Appointment.objects.get(user=cast.officer)
    told = {"appointment_id": post_of.pk, "officer": cast.administrator, "now": timezone.now()}
    with pytest.raises(institution.StillOwes) as refused:
        institution.end_appointment(**told)
    assert refused.value.count == 2
    page = client_of("administrator").post(reverse("institution:end", args=[post_of.pk]), follow=True)
    assert "holds 2 open appeals" in page.content.decode()
    where = reverse("answer:hand_over", args=[cast.officer.id])
    head = client_of("head")
    assert "Officer holds 2 open appeals." in head.get(where).content.decode()
    assert head.post(where, {"to": ""}).status_code == 422
    assert head.post(where, {"to": cast.road_officer.id}).status_code == 422  # may not answer there
    assert Handling.objects.filter(officer=cast.officer).count() == 2
    assert head.post(where, {"to": cast.head.id}).status_code == 302
    assert head.post(where, {"to": cast.head.id}).status_code == 302  # pressed twice
    assert Handling.objects.filter(officer=cast.head).count() == 2
    assert Entry.objects.filter(verb="answer.hand_over").count() == 2
    institution.end_appointment(**told)


def test_another_post_at_the_same_office_keeps_the_appeals(promised, cast, today):
    appeal = promised()
    actions.take(appeal_id=appeal.id, officer=cast.officer, now=timezone.now())
    institution.appoint(
        email=cast.officer.email, office="utilities", role="head", officer=cast.administrator, now=timezone.now()
    )
    old = Appointment.objects.get(user=cast.officer, role="officer")
    institution.end_appointment(appointment_id=old.pk, officer=cast.administrator, now=timezone.now())
    new = Appointment.objects.get(user=cast.officer, role="head")
    with pytest.raises(institution.StillOwes):
        institution.end_appointment(appointment_id=new.pk, officer=cast.administrator, now=timezone.now())


def test_only_a_head_or_an_administrator_hands_over(promised, cast, today):
    for who in (cast.officer, cast.operator, cast.auditor, cast.stranger):
        with pytest.raises(PermissionDenied):
            actions.hand_over_all(from_id=cast.officer.id, to=cast.head, officer=who, now=timezone.now())


def test_what_waits_is_listed_for_whoever_reads_it_at_one_cost(promised, cast, client_of, today):
    def cost(who="officer"):
        with CaptureQueriesContext(connection) as asked:
            page = client_of(who).get(reverse("answer:waiting"))
        return len(asked), page.content.decode() if page.status_code == 200 else page.status_code

    assert "Nothing waits" in cost()[1]
    first = promised("Первое", kind="application")
    told = {"officer": cast.officer, "now": timezone.now()}
    actions.ask_to_mend(appeal_id=first.id, words="Адрес?", until_on=date(2026, 3, 16), **told)
    few, page = cost()
    assert first.number in page
    for number in range(20):
        other = promised(f"Ещё {number}", kind="complaint")
        actions.offer_hearing(appeal_id=other.id, words="Отказ.", **told)
    many, page = cost()
    assert many == few
    assert page.count("<tr>") == 22
    assert first.number not in cost("road_officer")[1]
    assert cost("stranger")[1] == cost("administrator")[1] == 403

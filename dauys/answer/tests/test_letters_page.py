"""The page of letters: an administrator decides about those that did not arrive; everybody about their own."""

import pytest
from django.test import Client

from dauys.answer.models import Letter, Looked
from dauys.answer.post import desk
from dauys.ledger.models import Entry


@pytest.fixture
def troubled(promised, now):
    appeal = promised()
    return [
        Letter.objects.create(
            key=f"k{n}", kind="answered", appeal_id=appeal.id, state=state, why="550 5.1.1", made_at=now, next_at=now
        )
        for n, state in enumerate(["bounced", "failed", "unsure", "sent", "queued"])
    ]


def of(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_an_administrator_sees_counts_and_failures_and_no_address(troubled, cast):
    page = of(cast.administrator).get("/desk/letters/").content.decode()
    assert page.count("550 5.1.1") == 3
    assert page.count("Send again") == 3
    assert "Mail is off here" in page
    assert "The answer has come" in page, "what would be told"
    assert "@" not in page.split("<main")[1].split("</main")[0]


def test_others_see_their_own_wishes_alone(troubled, cast):
    page = of(cast.officer).get("/desk/letters/").content.decode()
    assert "550" not in page
    assert "An appeal was given to you" in page
    assert of(cast.stranger).get("/desk/letters/").status_code == 403


def test_wishes_are_kept(cast):
    client = of(cast.officer)
    client.post("/desk/letters/", {"kind": ["citizen_wrote", "answered", "nonsense"]})
    assert desk.wishes(cast.officer) == {"given": False, "citizen_wrote": True}
    client.post("/desk/letters/", {"kind": ["citizen_wrote", "given"]})
    assert desk.wishes(cast.officer) == {"given": True, "citizen_wrote": True}


def test_one_press_sends_again_or_leaves_it_and_is_written_down(troubled, cast):
    client = of(cast.administrator)
    bounced, failed, unsure, sent, _queued = troubled
    client.post(f"/desk/letters/{bounced.id}/", {"again": ""})
    client.post(f"/desk/letters/{failed.id}/", {"leave": ""})
    client.post(f"/desk/letters/{sent.id}/", {"again": ""})
    states = dict(Letter.objects.values_list("id", "state"))
    assert [states[one.id] for one in (bounced, failed, unsure, sent)] == ["queued", "dropped", "unsure", "sent"]
    assert sorted(Entry.objects.filter(verb__startswith="answer.letter").values_list("verb", flat=True)) == [
        "answer.letter_again", "answer.letter_left",
    ]  # fmt: skip


def test_nobody_else_decides(troubled, cast):
    for person in (cast.officer, cast.head, cast.operator, cast.auditor, cast.stranger):
        assert of(person).post(f"/desk/letters/{troubled[0].id}/", {"again": ""}).status_code == 403
        assert of(person).post("/desk/letters/", {"try": ""}).status_code == 403
    assert Letter.objects.get(id=troubled[0].id).state == "bounced"


def test_a_server_that_is_down_is_told_and_can_be_tried(cast, now):
    Looked.objects.create(
        name="mail server", kept={"failures": 4, "why": "ConnectionRefusedError", "next_at": now.isoformat()}
    )
    client = of(cast.administrator)
    assert "ConnectionRefusedError" in client.get("/desk/letters/").content.decode()
    client.post("/desk/letters/", {"try": ""})
    assert not Looked.objects.exists()


def test_the_officer_sees_what_the_citizen_was_told(troubled, cast, settings):
    where = f"/desk/appeal/{troubled[0].appeal.number}/"
    assert "What would be told" in of(cast.officer).get(where).content.decode()
    settings.MAIL_URL, settings.MAIL_FROM = "smtp://mail.example.org", "letters@dauys.example.org"
    settings.SITE = "https://dauys.example.org"
    page = of(cast.officer).get(where).content.decode()
    assert "Told by e-mail" in page
    assert "550 5.1.1" in page


def test_the_page_costs_the_same_with_many(troubled, cast, now, django_assert_max_num_queries):
    client = of(cast.administrator)
    client.get("/desk/letters/")
    with django_assert_max_num_queries(15) as few:
        client.get("/desk/letters/")
    for n in range(30):
        Letter.objects.create(
            key=f"m{n}", kind="answered", appeal_id=troubled[0].appeal_id, state="failed", made_at=now, next_at=now
        )
    with django_assert_max_num_queries(15) as many:
        client.get("/desk/letters/")
    assert len(few) == len(many)

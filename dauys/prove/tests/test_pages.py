"""What anyone may see: everything that was promised, nothing that was said."""

import csv
import io
import json
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine

from dauys.hear import actions as hear
from dauys.hear.models import Channel, Kind
from dauys.hear.submission import Contact, Submission
from dauys.ledger.actions import seal_pending
from dauys.prove.actions import count_pending
from dauys.prove.open_data import APPEALS, DAYS, harmless
from dauys.prove.tests.life import MARKED

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 10, 6, tzinfo=UTC)
TODAY = date(2026, 3, 10)
FILES = ["/open-data/appeals.csv", "/open-data/appeals.json", "/open-data/days.csv"]
PAGES = ["/figures/", "/figures/?period=all&area=101000000", "/open-data/", *FILES]


@pytest.fixture(autouse=True)
def _clock():
    with time_machine.travel(NOW, tick=False):
        yield


def body(response) -> bytes:
    return b"".join(response.streaming_content) if response.streaming else response.content


def settle() -> None:
    while count_pending(now=NOW):
        pass
    while seal_pending(now=NOW):
        pass


@pytest.fixture
def town(life):
    """Six appeals about water in the city, one about roads in the steppe; answers and verdicts."""
    cast = life.cast
    for place in range(7):
        appeal = life.receive(NOW - timedelta(days=30 + place))
        is_last = place == 6
        life.promise(
            appeal, TODAY - timedelta(days=15),
            office=cast.road_department if is_last else cast.utilities,
            district=cast.district if is_last else cast.city,
            topic=cast.roads if is_last else cast.water,
        )  # fmt: skip
        if place < 5:
            life.judge(life.answer(appeal, TODAY - timedelta(days=20)), TODAY, solved=place < 3)
    settle()
    return life


SECRETS = {
    "text": "MARKED-TEXT of a broken pipe",
    "place": "MARKED-PLACE, Lenin street 5",
    "name": "MARKED-NAME",
    "phone": "+77000000042",
    "email": "marked@example.org",
}


def test_no_public_byte_tells_what_was_said_or_by_whom(town, client):
    receipt = hear.receive(
        Submission(
            token="0" * 32, text=SECRETS["text"], place=SECRETS["place"], language="ru",
            kind=Kind.COMPLAINT, channel=Channel.WEB,
            contact=Contact(name=SECRETS["name"], phone=SECRETS["phone"], email=SECRETS["email"]),
        ),
        now=NOW,
    )  # fmt: skip
    settle()
    cases = [f"/case/{one.number}/" for one in town.appeals] + [f"/case/{receipt.number}/"]
    for address in [*PAGES, *cases]:
        response = client.get(address)
        assert response.status_code == 200, address
        seen = body(response).decode()
        for secret in (*SECRETS.values(), *MARKED.values(), "MARKED", "example.org", "Officer", receipt.code):
            assert secret not in seen, (address, secret)


def test_the_page_says_what_each_number_is_out_of(town, client):
    seen = client.get("/figures/").content.decode()
    assert "Confirmed by citizens" in seen
    assert "60%" in seen
    assert "3 of the 5 on which the citizen gave a word" in seen
    assert "received: last 365 days" in seen
    assert "How each number is made" in seen


def test_a_stranger_changes_nothing(town, client):
    for address in PAGES:
        assert client.post(address).status_code == 405


def test_a_small_count_is_said_to_be_small(town, client):
    seen = client.get("/figures/").content.decode()
    assert "&lt;5" in seen


def test_area_and_topic_of_one_appeal_are_not_told_together(town, client):
    response = client.get("/figures/?period=all&area=102000000&topic=roads.repair")
    assert "Too few to show" in response.content.decode()
    assert "Confirmed by citizens</dt>" not in response.content.decode().split('id="how"')[0]


def test_late_appeals_are_listed_without_anybody_and_without_a_rare_place(town, client):
    lone, common = town.appeals[6], town.appeals[5]
    seen = client.get("/figures/").content.decode().split('id="late"')[1]
    assert lone.number in seen
    assert common.number in seen
    assert "Lesnoy" in seen
    assert "Steppe district" not in seen.split("</table>")[0]
    inside = client.get("/figures/?area=102000000").content.decode().split('id="late"')[1]
    assert lone.number not in inside, "listed for its area alone, the appeal would have told its place"


def test_a_case_shows_its_days_and_its_leaves(town, client):
    seen = client.get(f"/case/{town.appeals[0].number}/").content.decode()
    assert "dauys/entry@v1" in seen
    assert "An appeal was received" in seen
    assert town.appeals[0].case in seen
    assert "Lesnoy" in seen
    lone = client.get(f"/case/{town.appeals[6].number}/").content.decode()
    assert "Steppe district" not in lone


@pytest.mark.parametrize("number", ["2026-999999", "x", "%3Cscript%3E", "2026-000001' OR 1=1"])
def test_an_unknown_number_is_not_found(town, client, number):
    assert client.get(f"/case/{number}/").status_code == 404


@pytest.mark.parametrize(
    "query",
    [
        "period=forever",
        "area=999",
        "topic=%00",
        "office=%3Cscript%3E",
        "area=101000000&area=1",
        "period=" + "9" * 999,
    ],
)
def test_a_strange_address_opens_the_page_all_the_same(town, client, query):
    response = client.get(f"/figures/?{query}")
    assert response.status_code == 200
    assert b"<script>" not in response.content


def test_an_institution_without_appeals_has_its_page(cast, client):
    for address in ["/figures/", "/figures/?period=all", "/open-data/", *FILES]:
        assert client.get(address).status_code == 200
        body(client.get(address))
    assert client.get("/ledger/checkpoint").status_code == 404


def test_the_files_hold_every_appeal_and_keep_back_rare_places(town, client):
    text = body(client.get("/open-data/appeals.csv")).decode("utf-8-sig")
    table = list(csv.DictReader(io.StringIO(text)))
    assert list(table[0]) == list(APPEALS)
    assert [row["number"] for row in table] == [one.number for one in town.appeals]
    assert {row["district"] for row in table} == {"101000000", ""}
    assert table[6]["topic"] == "roads.repair"
    assert table[6]["district"] == ""
    assert (table[0]["in_time"], table[0]["verdict"], table[0]["open"]) == ("yes", "solved", "no")
    assert (table[5]["in_time"], table[5]["verdict"], table[5]["open_due_on"]) == ("", "", "2026-02-23")

    loaded = json.loads(body(client.get("/open-data/appeals.json")))
    assert loaded["licence"] == "CC BY 4.0"
    assert [row["number"] for row in loaded["appeals"]] == [one.number for one in town.appeals]
    assert loaded["appeals"][0]["in_time"] is True

    days = list(csv.DictReader(io.StringIO(body(client.get("/open-data/days.csv")).decode("utf-8-sig"))))
    assert list(days[0]) == list(DAYS)
    assert sum(int(row["heard"]) for row in days) == 7


@pytest.mark.parametrize(
    ("cell", "written"),
    [
        ("=1+1", "'=1+1"), ("+7", "'+7"), ("-1", "'-1"), ("@sum", "'@sum"), ("\tx", "'\tx"), ("\rx", "'\rx"),
        ("water.outage", "water.outage"), ("2026-03-10", "2026-03-10"), (None, None), (True, True), (-1, -1),
    ],
)  # fmt: skip
def test_no_cell_is_a_formula(cell, written):
    assert harmless(cell) == written


def test_a_topic_named_like_a_formula_stays_text(town, client):
    town.cast.water.code = '=HYPERLINK("http://evil.example")'
    town.cast.water.save()
    from dauys.institution.queries import forget

    forget()
    text = body(client.get("/open-data/appeals.csv")).decode("utf-8-sig")
    assert all(not row[5].startswith("=") for row in csv.reader(io.StringIO(text)))


def test_everybody_gets_the_same_page_and_may_keep_it(town, client):
    first = client.get("/figures/")
    assert "public" in first.headers["Cache-Control"]
    assert "max-age=60" in first.headers["Cache-Control"]
    assert client.get("/figures/").headers["ETag"] == first.headers["ETag"]
    again = client.get("/figures/", headers={"if-none-match": first.headers["ETag"]})
    assert again.status_code == 304
    assert "public" in again.headers["Cache-Control"]
    assert not first.cookies
    other = client.get("/figures/", headers={"accept-language": "kk"})
    assert other.headers["ETag"] != first.headers["ETag"]


def test_a_page_made_for_a_session_is_kept_by_nobody_else(town, client):
    client.force_login(town.cast.officer)
    assert "public" not in client.get("/figures/").headers["Cache-Control"]
    assert client.get("/figures/?lang=kk").headers.get("Cache-Control") == "no-store"


@pytest.mark.parametrize("more", [0, 60])
@pytest.mark.parametrize(
    ("address", "most"),
    [("/figures/?period=all", 12), ("/figures/?period=all&area=101000000", 12), ("/open-data/", 2)],
)
def test_a_page_costs_the_same_for_any_number_of_appeals(
    town, client, address, most, more, django_assert_max_num_queries, django_assert_num_queries
):
    cast = town.cast
    for place in range(more):
        appeal = town.receive(NOW - timedelta(days=40 + place))
        town.promise(appeal, TODAY - timedelta(days=3), office=cast.utilities, district=cast.city, topic=cast.water)
    settle()
    with django_assert_max_num_queries(most) as cold:
        client.get(address)
    assert len(cold) <= most
    with django_assert_num_queries({"/open-data/": 0}.get(address, 5)):
        client.get(address)


def test_a_case_costs_the_same_for_any_history(town, client, django_assert_num_queries):
    for number in (town.appeals[0].number, town.appeals[6].number):
        client.get(f"/case/{number}/")
        with django_assert_num_queries(4):
            client.get(f"/case/{number}/")

from datetime import timedelta
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from dauys.answer.actions import route_and_promise_pending
from dauys.answer.queries import found as finding
from dauys.hear.actions import receive
from dauys.hear.submission import Submission
from dauys.understand import index
from dauys.understand.actions import decide, examine_pending


@pytest.fixture(autouse=True)
def _fresh_words():
    index.forget()
    yield
    index.forget()


@pytest.fixture
def heard(cast, now):
    def add(count=1, text="На улице Лесной нет воды", topic="water.outage", at=now, area="", **more):
        made = [
            receive(
                Submission(
                    channel=more.get("channel", "web"), token=f"{text}{at}{n}", text=f"{text}, дом {n}",
                    **({"kind": more["kind"]} if "kind" in more else {}),
                ),
                now=at,
            )
            for n in range(count)
        ]  # fmt: skip
        examine_pending(now=at)
        for one in made:
            decide(appeal_id=one.appeal_id, officer=cast.operator, topic_code=topic, area_code=area, now=at)
        route_and_promise_pending(now=at)
        return [one.number for one in made]

    return add


@pytest.fixture
def ask(client, cast):
    def asked(officer=None, **question):
        client.force_login(officer or cast.operator)
        answer = client.get(reverse("web:search"), question)
        assert answer.status_code == 200
        return unescape(answer.content.decode())

    return asked


def numbers(page):
    """Registration numbers of the table, in its order."""
    table = page.partition("<tbody>")[2].partition("</tbody>")[0]
    return [piece.split("<")[0] for piece in table.split("data-open>")[1:]]


def test_a_stranger_finds_nothing(cast, heard, client):
    heard()
    assert client.get(reverse("web:search"), {"q": "вода"}).status_code == 302
    client.force_login(cast.stranger)
    assert client.get(reverse("web:search"), {"q": "вода"}).status_code == 403


def test_each_finds_what_their_office_may_see(cast, heard, ask):
    (water,) = heard()
    (road,) = heard(text="Дорога в ямах у воды", topic="roads.repair")
    assert numbers(ask(cast.officer, q="вода")) == [water]
    assert numbers(ask(cast.road_officer, q="вода")) == [road]
    assert numbers(ask(cast.operator, q="вода")) == [road, water]
    for question in ({"q": "вада"}, {"q": "вода", "order": "best"}, {"topic": "water"}, {"like": water}, {"q": "1"}):
        assert "Лесной" not in ask(cast.road_officer, **question).replace(cast.city.name_en, ""), question


def test_what_others_write_is_not_offered_as_a_better_word(cast, heard, ask):
    heard(text="Гражданин Гребенщиков просит воды")
    assert "гребенщиков" in ask(cast.officer, q="гребенщыков").lower().replace("гребенщыков", "")
    assert "гребенщиков" not in ask(cast.road_officer, q="гребенщыков").lower()


def test_a_number_leads_straight_to_its_appeal(cast, heard, client):
    (number,) = heard()
    client.force_login(cast.operator)
    for asked in (number, " 2026/1 ", "2026 1"):
        assert client.get(reverse("web:search"), {"q": asked}).url == reverse("answer:appeal", args=[number])
    client.force_login(cast.road_officer)
    assert client.get(reverse("web:search"), {"q": number}).status_code == 200


def test_a_number_typed_in_part_is_offered(heard, ask):
    made = heard(12)
    assert made[11] in ask(q="2026-00001").partition("<table")[0]
    assert made[11] in ask(q="12").partition("<table")[0]
    assert made[0] not in ask(q="2026-00001").partition("<table")[0]


@pytest.mark.parametrize(
    ("asked", "is_found"),
    [
        ("воды", True), ("ВОДОЮ", True), ("нет лесная", True), ('"нет воды"', True), ('"воды нет"', False),
        ('"улица лесная"', True), ("вода -дом", False), ("вода -гараж", True), ('вода -"нет воды"', False),
        ("лес*", True),
        ("лесн", True), ("газ", False), ("вода газ", False), ("на", True), ("-вода", False),
    ],
)  # fmt: skip
def test_the_language_of_questions(heard, ask, asked, is_found):
    heard()
    assert bool(numbers(ask(q=asked))) == is_found


def test_a_slip_is_forgiven_and_said(heard, ask):
    (number,) = heard(text="Нет отопления в подъезде")
    page = ask(q="атопленее")
    assert numbers(page) == [number]
    assert "“атопленее”" in page
    assert "<mark>отопления</mark>" in page


def test_both_spellings_of_kazakh_meet(heard, ask):
    (number,) = heard(text="Балабақшада су жоқ, мектебімізде де")
    for asked in ("балабакша", "балабақшада", "су жок", "мектеп", "balabaqsha", "мектебинде"):
        assert numbers(ask(q=asked)) == [number], asked


def test_words_are_marked_and_nothing_else_is_let_through(heard, ask, client, cast):
    heard(text="Нет <b>воды</b> & света")
    client.force_login(cast.operator)
    page = client.get(reverse("web:search"), {"q": '"><script>вода'}).content.decode()
    page += client.get(reverse("web:search"), {"q": "вода"}).content.decode()
    assert "&lt;b&gt;<mark>воды</mark>&lt;/b&gt; &amp; света" in page
    assert "<script>вода" not in page


def test_a_hit_deep_in_a_long_text_is_shown_where_it_stands(heard, ask):
    heard(text="Уважаемые сотрудники! " * 30 + "На Лесной прорвало трубу")
    assert "прорвало <mark>трубу</mark>" in ask(q="трубы")


def test_filters_combine_with_words_and_stand_in_the_address(cast, heard, ask, now):
    (old,) = heard(at=now - timedelta(days=40), channel="phone")
    (new,) = heard(kind="proposal", area=cast.village.code)
    (road,) = heard(text="Ямы и вода", topic="roads.repair")
    table = [
        ({"topic": "water"}, [new, old]), ({"topic": "water.outage"}, [new, old]), ({"topic": "roads.repair"}, [road]),
        ({"area": cast.village.code}, [new]), ({"area": cast.district.code}, [new]), ({"area": cast.city.code}, []),
        ({"office": "roads"}, [road]), ({"channel": "phone"}, [old]), ({"kind": "proposal"}, [new]),
        ({"state": "open"}, [road, new, old]), ({"state": "answered"}, []), ({"urgency": "danger"}, []),
        ({"from": now.date().isoformat()}, [road, new]), ({"to": (now.date() - timedelta(days=1)).isoformat()}, [old]),
        ({"files": "1"}, []), ({"mine": "1"}, []), ({"topic": "no.such"}, []), ({"state": "no"}, []),
        ({"area": "x"}, []),
    ]  # fmt: skip
    for filters, expected in table:
        assert numbers(ask(q="вода", **filters)) == expected, filters
        assert numbers(ask(**filters)) == expected, filters


def test_the_most_fitting_stands_first_when_asked(heard, ask):
    (fits,) = heard(text="Вода, вода, вода")
    (mentions,) = heard(text="О дороге, о дворе, о школе и ещё о многом другом пишу я, и немного про воду")
    assert numbers(ask(q="вода")) == [mentions, fits]
    assert numbers(ask(q="вода", order="best")) == [fits, mentions]


def test_appeals_like_one_are_those_that_share_its_rare_words(cast, heard, ask):
    (one,) = heard(text="Прорвало трубу у котельной на улице Лесной")
    (same,) = heard(text="У котельной опять труба, прорвало с вечера")
    heard(4, text="Мусор во дворе на улице")
    assert numbers(ask(like=one)) == [same]
    assert "no appeal with this number" in ask(cast.road_officer, like=one)
    assert "no appeal with this number" in ask(like="2026-999999")


def all_pages(ask, **question):
    shown, after = [], None
    for _ in range(12):
        page = ask(**question, **({"after": after} if after else {}))
        shown += numbers(page)
        if 'rel="next"' not in page:
            return shown
        after = page.partition('rel="next"')[2].partition("after=")[2].partition('"')[0].partition("&")[0]
        question = {key: value for key, value in question.items() if key != "after"}
    raise AssertionError("the pages do not end")


@pytest.mark.parametrize("order", [{}, {"order": "best"}])
def test_pages_show_each_hit_once(heard, ask, order):
    made = heard(70)
    assert sorted(all_pages(ask, q="вода", **order)) == made
    assert "70 appeals" in ask(q="вода", **order)


def test_a_common_word_is_looked_at_in_stretches_and_the_page_says_so(heard, ask, monkeypatch):
    """As with a million appeals: a common word, and a filter that only the oldest pass."""
    old = heard(3, text="Яма и вода", topic="roads.repair")
    heard(60)
    monkeypatch.setattr(index, "SPARSE", 5)
    monkeypatch.setattr(index, "LOOKS", (4, 8, 16))
    page = ask(q="вода", topic="roads.repair")
    assert numbers(page) == []
    assert "Look at older ones" in page
    assert "not looked at yet" in page
    assert sorted(all_pages(ask, q="вода", topic="roads.repair")) == old
    assert len(all_pages(ask, q="вода")) == 63
    assert "More than" in ask(q="вода")
    assert len(set(all_pages(ask, topic="water"))) == 60


def test_more_than_can_be_counted_is_said_to_be_more(heard, ask, monkeypatch):
    monkeypatch.setattr(finding, "COUNT_MOST", 40)
    monkeypatch.setattr(finding, "BEST_OF", 20)
    heard(45)
    assert "More than 40 appeals" in ask(q="вода")
    best = ask(q="вода", order="best")
    assert "among the newest 20" in best


def test_search_costs_the_same_for_forty_hits(cast, heard, client):
    questions = [
        {"q": "вода"}, {"q": "вода", "order": "best"}, {"q": "вада"}, {"q": "1"}, {"like": "2026-000001"},
        {"q": "вода", "topic": "water", "from": "2026-01-01", "files": "1"}, {"topic": "water"},
    ]  # fmt: skip
    heard(2)
    client.force_login(cast.operator)

    def costs():
        told = []
        for question in questions:
            client.get(reverse("web:search"), question)
            with CaptureQueriesContext(connection) as spent:
                client.get(reverse("web:search"), question)
            # Now and then the house looks whether its small tables have changed; that is not the page's doing.
            told.append(sum('FROM "institution"' not in one["sql"] for one in spent))
        return told

    heard(2, text="Воды нет вовсе, лесная")
    few = costs()
    heard(40, text="Лесная улица, воды нет")
    assert costs() == few
    assert max(few) <= 12


@pytest.mark.parametrize(
    "asked", ["", "%%%", '" OR NEAR(', "\x00", "а" * 5000, "2026-", "' --", "😀", '"', "-", "*", "() & | !", "words:a"]
)
def test_odd_questions_get_a_calm_page(heard, client, cast, asked):
    heard()
    client.force_login(cast.operator)
    for name in ("q", "topic", "area", "state", "from", "after", "like", "order", "language", "mine"):
        assert client.get(reverse("web:search"), {"q": "вода", name: asked}).status_code == 200, name


def test_each_empty_page_says_what_to_do(heard, ask):
    heard()
    assert "Write words as people say them" in ask()
    assert "No appeal holds: бетономешалка" in ask(q="бетономешалка вода")
    assert "Take a filter away" in ask(q="вода", topic="roads.repair")
    assert "A word to look for is missing" in ask(q="-вода")

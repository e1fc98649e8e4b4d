"""The way back: number and code, grants in a cookie, and slow guessing."""

import pytest
from django.core import signing
from django.http import HttpResponse
from django.test import Client

from dauys.hear import actions, codes, grants, slowing, views
from dauys.hear.submission import Submission

PAGE = "/track/"
WATER = "На улице Лесной третий день нет воды"
OTHER_CODE = codes.code_for("somebody else's appeal")


@pytest.fixture
def receipt(cast, now):
    return actions.receive(Submission(channel="web", token="a", text=WATER), now=now)


@pytest.fixture(autouse=True)
def _fresh_bucket(monkeypatch):
    monkeypatch.setattr(views, "guesses", slowing.Bucket(most=20, seconds_each=6))


def ask(client: Client, number: str, code: str):
    return client.post(f"{PAGE}?lang=en", {"number": number, "code": code})


def complaints(page) -> str:
    return " ".join(words for field in page.context["form"].errors.values() for words in field)


@pytest.mark.parametrize(
    ("number", "code"),
    [
        pytest.param("{number}", "{code}", id="as printed"),
        pytest.param(" 2026 - 1 ", "{lower}", id="short number, small letters"),
        pytest.param("2026/000001", "{spaces}", id="slash and spaces"),
        pytest.param("2026000001", "{code}", id="no hyphen"),
        pytest.param("№ 2026–000001", "{code}", id="long dash"),
    ],
)
def test_number_and_code_open_the_appeal(client, receipt, number, code):
    fill = {
        "number": receipt.number, "code": receipt.code, "lower": receipt.code.lower(),
        "spaces": receipt.code.replace("-", "  "),
    }  # fmt: skip
    opened = ask(client, number.format(**fill), code.format(**fill))
    assert opened.status_code == 303
    assert receipt.number in opened.url
    assert receipt.code not in opened.url
    page = client.get(f"/appeal/receipt/?number={receipt.number}")
    assert page.status_code == 200
    assert receipt.code not in page.content.decode()  # typed once is not shown again


def test_an_unknown_number_and_a_wrong_code_are_one_answer(client, receipt):
    wrong, unknown = ask(client, receipt.number, OTHER_CODE), ask(client, "2026-000099", receipt.code)
    assert (wrong.status_code, unknown.status_code) == (422, 422)
    assert complaints(wrong) == complaints(unknown)
    assert grants.COOKIE not in client.cookies


@pytest.mark.parametrize("slip", [lambda code: code[:-1], lambda code: ("1" if code[0] != "1" else "2") + code[1:]])
def test_a_slip_of_the_pen_is_said_to_be_one_and_is_no_guess(client, receipt, slip):
    for _ in range(30):
        page = ask(client, receipt.number, slip(receipt.code))
    assert (page.status_code, "slip" in complaints(page)) == (422, True)
    assert page.context["form"]["number"].value() == receipt.number


@pytest.mark.parametrize(
    ("number", "code"),
    [
        ("", ""),
        ("abc", "x"),
        ("2026-" + "9" * 50, "x"),
        ("\x00", "\x00"),
        ("²⁰²⁶-1", "‮"),
        ("2026", "x" * 100_000),
    ],
)
def test_bad_input_gets_a_clear_message(client, receipt, number, code):
    page = ask(client, number, code)
    assert page.status_code == 422
    assert complaints(page)


def test_after_twenty_wrong_codes_a_network_waits_and_others_do_not(client, receipt):
    for _ in range(20):
        assert ask(client, receipt.number, OTHER_CODE).status_code == 422
    slowed = ask(client, receipt.number, OTHER_CODE)
    assert slowed.status_code == 429
    assert 1 <= int(slowed.headers["Retry-After"]) <= 6
    assert slowed.context["form"]["number"].value() == receipt.number
    elsewhere = Client(REMOTE_ADDR="192.0.2.7")
    assert ask(elsewhere, receipt.number, OTHER_CODE).status_code == 422


def test_a_stranger_s_guesses_do_not_shut_out_a_neighbour_with_the_right_code(client, receipt):
    for _ in range(21):
        ask(client, receipt.number, OTHER_CODE)
    assert ask(client, receipt.number, receipt.code).status_code == 303


def test_a_stale_form_is_given_back(receipt):
    page = Client(enforce_csrf_checks=True).post(PAGE, {"number": receipt.number, "code": receipt.code})
    assert page.status_code == 422
    assert page.context["form"]["code"].value() == receipt.code
    assert grants.COOKIE not in page.cookies


def test_a_scanned_number_stands_in_the_form(cast, client):
    assert client.get(f"{PAGE}?number=2026-000001").context["form"]["number"].value() == "2026-000001"


def test_a_try_asks_the_tables_once_right_or_wrong(client, receipt, django_assert_num_queries):
    for number, code in (
        (receipt.number, OTHER_CODE),
        ("2026-000099", receipt.code),
        (receipt.number, receipt.code),
    ):
        with django_assert_num_queries(1):
            ask(client, number, code)


# Grants


def with_cookie(rf, value: str):
    request = rf.get("/")
    request.COOKIES[grants.COOKIE] = value
    return request


def given(rf, *appeals: int, filed: bool = False):
    request = rf.get("/")
    for appeal in appeals:
        response = HttpResponse()
        grants.grant(request, response, appeal, filed=filed)
        request.COOKIES[grants.COOKIE] = response.cookies[grants.COOKIE].value
    return request, response.cookies[grants.COOKIE]


def test_a_grant_is_kept_from_scripts_and_other_sites(rf):
    _request, cookie = given(rf, 7)
    assert (cookie["httponly"], cookie["samesite"], cookie["max-age"]) == (True, "Lax", grants.LASTS_SECONDS)


def test_the_newest_twenty_are_kept_and_none_twice(rf):
    request, _cookie = given(rf, *range(1, 25), 10)
    assert grants.granted(request) == [*range(5, 10), *range(11, 25), 10]


@pytest.mark.parametrize(
    "forge",
    [
        pytest.param(lambda value: "", id="empty"),
        pytest.param(lambda value: value[:-1], id="cut"),
        pytest.param(lambda value: "x" + value, id="changed"),
        pytest.param(lambda value: signing.dumps([[9, 9_999_999_999, 1]], salt="other"), id="signed for another use"),
        pytest.param(lambda value: signing.dumps([[9, 9_999_999_999, 1]], key="k", salt="hear.grants"), id="other key"),
        pytest.param(lambda value: signing.dumps({"a": 1}, salt="hear.grants"), id="another shape"),
        pytest.param(lambda value: signing.dumps([[1]], salt="hear.grants"), id="too short a row"),
        pytest.param(lambda value: signing.dumps([["x", None, 1]], salt="hear.grants"), id="not numbers"),
    ],
)
def test_a_forged_cookie_opens_nothing(rf, forge):
    _request, cookie = given(rf, 7, filed=True)
    request = with_cookie(rf, forge(cookie.value))
    assert grants.granted(request) == grants.just_filed(request) == []


def test_each_grant_dies_a_day_after_it_was_given(rf, time_machine):
    time_machine.move_to("2026-03-10 06:00:00+00:00", tick=False)
    first, _cookie = given(rf, 1)
    time_machine.move_to("2026-03-10 18:00:00+00:00", tick=False)
    response = HttpResponse()
    grants.grant(first, response, 2)
    both = with_cookie(rf, response.cookies[grants.COOKIE].value)
    assert grants.granted(both) == [1, 2]
    time_machine.move_to("2026-03-11 06:00:01+00:00", tick=False)
    assert grants.granted(both) == [2]


def test_only_filing_shows_the_code(rf):
    assert grants.just_filed(given(rf, 7, filed=True)[0]) == [7]
    assert grants.just_filed(given(rf, 7)[0]) == []


# Slowing


def from_address(rf, address: str, **headers):
    return rf.get("/", REMOTE_ADDR=address, **headers)


@pytest.mark.parametrize(
    ("one", "other", "are_one"),
    [
        ("192.0.2.1", "192.0.2.250", True),
        ("192.0.2.1", "192.0.3.1", False),
        ("2001:db8:1:1ff::1", "2001:db8:1:100::9", True),
        ("2001:db8:1:1ff::1", "2001:db8:1:200::1", False),
        ("::ffff:192.0.2.1", "192.0.2.9", True),
        ("", "unix:", True),
    ],
)
def test_a_network_is_what_one_subscriber_holds(rf, one, other, are_one):
    assert (slowing.network(from_address(rf, one)) == slowing.network(from_address(rf, other))) is are_one


def test_a_sender_cannot_name_another_network(rf, settings):
    settings.SECURE = False
    assert slowing.network(from_address(rf, "192.0.2.1", HTTP_X_FORWARDED_FOR="203.0.113.1")) == "192.0.2.0/24"
    settings.SECURE = True
    behind = from_address(rf, "127.0.0.1", HTTP_X_FORWARDED_FOR="203.0.113.1, 198.51.100.5")
    assert slowing.network(behind) == "198.51.100.0/24"


def test_failures_are_forgiven_one_by_one(rf):
    bucket, request = slowing.Bucket(most=3, seconds_each=10), from_address(rf, "192.0.2.1")
    waits = []
    for moment in (0, 0, 0):
        waits.append(bucket.wait(request, at=moment))
        bucket.failed(request, at=moment)
    assert waits == [0, 0, 0]
    assert [bucket.wait(request, at=moment) for moment in (0, 4, 9.5, 10)] == [10, 6, 1, 0]


def test_memory_is_bounded_and_forgets_the_oldest_network(rf, monkeypatch):
    monkeypatch.setattr(slowing, "NETWORKS_MOST", 5)
    bucket = slowing.Bucket(most=1, seconds_each=100)
    for number in range(9):
        bucket.failed(from_address(rf, f"192.0.{number}.1"), at=0)
    assert bucket.wait(from_address(rf, "192.0.0.1"), at=0) == 0
    assert bucket.wait(from_address(rf, "192.0.8.1"), at=0) == 100


def test_no_address_is_kept(rf):
    bucket = slowing.Bucket(most=1, seconds_each=100)
    bucket.failed(from_address(rf, "192.0.2.1"), at=0)
    assert "192" not in repr(vars(bucket)["_failures"])
    bucket.wait(from_address(rf, "192.0.2.1"), at=90_000)  # the next day has another key
    assert not vars(bucket)["_failures"]

"""Who may walk where: every address of the house, every kind of reader, and what they get.

A route that is not in the table fails the first test, so that a new page cannot open without somebody saying to whom.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

import pytest
from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

from dauys.answer import actions
from dauys.answer.models import Handling, Recount
from dauys.answer.post import links
from dauys.hear import actions as hear
from dauys.hear import files, grants, safe_copies
from dauys.hear.models import Appeal, Attachment
from dauys.hear.submission import Submission
from dauys.institution.models import Appointment, CalendarDay
from dauys.institution.queries import forget
from dauys.ledger import actions as ledger
from dauys.ledger.models import Entry
from dauys.understand import actions as understand
from dauys.understand.models import Belonging, Examination, Problem
from dauys.web import health, sheet

READERS = ["nobody", "stranger", "other", "officer", "operator", "head", "admin", "auditor", "citizen", "neighbour"]
"""The appeal of the table is at an office of the akimat, and its citizen holds a grant.

nobody: without an account. stranger: an account without an appointment. other: an officer of another office of the same
body. officer: of the appeal's own office. operator, head, admin, auditor: of the akimat above it. neighbour: a citizen
whose grant opens another appeal.
"""

ACCOUNTS = "accounts/"
"""Sign-in and second factors are allauth's own; what of it is closed here has a test below."""

TABLE = """
                                        nobody stranger other officer operator head admin auditor citizen neighbour

GET  web:home                           200    200      200   200     200      200  200   200     200     200
GET  web:patterns                       200    200      200   200     200      200  200   200     200     200
GET  web:alive                          200    200      200   200     200      200  200   200     200     200
GET  web:ready                          200    200      200   200     200      200  200   200     200     200
GET  web:sheet                          200    200      200   200     200      200  200   200     200     200
GET  web:theme                          302    302      302   302     302      302  302   302     302     302
GET  web:search                         login  403      200   200     200      200  403   200     login   login

GET  hear:file                          200    200      200   200     200      200  200   200     200     200
POST hear:file                          422    422      422   422     422      422  422   422     422     422
GET  hear:receipt                       404    404      404   404     404      404  404   404     200     200
POST hear:forget                        door   door     door  door    door     door door  door    door    door
GET  hear:attachment                    404    404      404   404     404      404  404   404     200     404
GET  hear:track                         200    200      200   200     200      200  200   200     200     200
POST hear:track                         422    422      422   422     422      422  422   422     422     422
GET  web:my                             door   door     door  door    door     door door  door    200     door
POST web:my_write                       door   door     door  door    door     door door  door    422     door
GET  web:open                           303    303    303    303    303    303    303    303    303    303
GET  web:new_link                       200    200    200    200    200    200    200    200    200    200
POST web:new_link                       200    200    200    200    200    200    200    200    200    200
GET  web:quiet                          200    200    200    200    200    200    200    200    200    200
POST web:quiet                          200    200    200    200    200    200    200    200    200    200
GET  web:my_file                        door    door    door    door    door    door    door    door    404    door
POST web:my_verdict                     door   door     door  door    door     door door  door    422     door
POST web:my_step                        door   door     door  door    door     door door  door    404     door
GET  web:proof                          door   door     door  door    door     door door  door    200     door
GET  web:my_letter                      door   door     door  door    door     door door  door    200     door
GET  web:my_ticket                      door   door     door  door    door     door door  door    200     door
GET  web:answer_proof                   door   door     door  door    door     door door  door    200     door

GET  hear:write_down                    login  403      200   200     200      200  403   403     login   login
POST hear:write_down                    403    403      422   422     422      422  403   403     403     403
GET  hear:ticket                        login  404      404   200     200      200  404   404     login   login
GET  understand:triage                  login  403      403   403     200      200  403   403     login   login
GET  understand:news                    login  403      403   403     200      200  200   403     login   login
POST understand:decide                  login  403      403   403     302      302  403   403     login   login
POST understand:accept_many             login  403      403   403     302      302  403   403     login   login
POST understand:undo                    login  403      403   403     404      404  403   403     login   login
GET  understand:reader                  login  403      403   403     403      200  200   403     login   login
POST understand:use_reader              login  403      403   403     403      302  302   403     login   login
POST understand:set_sure                login  403      403   403     403      422  422   403     login   login
POST understand:set_alone               login  403      403   403     403      302  302   403     login   login
GET  answer:calculator                  200    200      200   200     200      200  200   200     200     200
GET  answer:calculator_json             422    422      422   422     422      422  422   422     422     422
GET  answer:rules                       login  403      403   403     403      200  200   403     login   login
POST answer:rules_change                login  403      403   403     403      302  302   403     login   login
GET  answer:rule                        login  403      403   403     403      200  200   403     login   login
POST answer:rule                        login  403      403   403     403      422  422   403     login   login
GET  answer:rules_text                  login  403      403   403     403      200  200   403     login   login
POST answer:rules_text                  login  403      403   403     403      422  422   403     login   login
GET  answer:rules_file                  login  403      403   403     403      200  200   403     login   login
POST answer:rules_try                   login  403      403   403     403      200  200   403     login   login
POST answer:rules_save                  login  403      403   403     403      200  200   403     login   login
POST answer:rules_back                  login  403      403   403     403      302  302   403     login   login
GET  answer:sharing                     login  403      403   403     403      200  403   403     login   login
GET  answer:sharing_office              login  403      403   403     403      200  403   403     login   login
POST answer:sharing_office              login  403      403   403     403      302  403   403     login   login
GET  answer:terms                       login  403      200   200     200      200  200   200     login   login
GET  answer:moved                       login  403      200   200     200      200  200   200     login   login
GET  answer:desk                        login  403      200   200     200      200  403   200     login   login
GET  answer:waiting                     login  403      200   200     200      200  403   200     login   login
GET  answer:hand_over                   login  403      403   403     403      200  200   403     login   login
POST answer:hand_over                   login  403      403   403     403      422  422   403     login   login
GET  answer:mine                        login  403      200   200     200      200  403   200     login   login
GET  answer:fresh                       login  403      200   200     200      200  403   200     login   login
GET  answer:leaving                     login  403      200   200     200      200  403   200     login   login
POST answer:take_many                   login  403      302   302     302      302  403   403     login   login
POST answer:undo                        login  404      404   302     302      302  404   302     login   login
POST answer:give_back                   login  404      404   302     302      302  404   403     login   login
POST answer:here                        login  404      404   200     200      200  404   200     login   login
GET  answer:appeal                      login  404      404   200     200      200  404   200     login   login
GET  answer:split                       login  404      404   200     200      200  404   404     login   login
POST answer:split                       login  404      404   422     422      422  404   403     login   login
GET  answer:problem                     login  404      404   200     200      200  404   200     login   login
POST answer:answer_together             login  403      404   422     403      422  403   403     login   login
GET  answer:alike                       login  404      404   200     200      200  404   200     login   login
POST answer:alike                       login  404      404   302     302      302  404   302     login   login
GET  answer:letter                      login  404      404   200     200      200  404   200     login   login
GET  answer:ticket                      login  404      404   200     200      200  404   404     login   login
GET  answer:letters                     login    403    200    200    200    200    200    200    login    login
POST answer:letters                     login    403    302    302    302    302    302    302    login    login
POST answer:decide_letter               login    403    403    403    403    403    302    403    login    login
GET  answer:reminders                   login    403    200    200    200    200    403    200    login    login
POST answer:enclose                     login    404    404    302    403    302    404    403    login    login
POST answer:take_out                    login    404    404    302    403    302    404    403    login    login
GET  answer:attachment                  login  404      404   200     200      200  404   200     login   login
POST answer:take                        login  404      404   302     302      302  404   403     login   login
POST answer:assign                      login  404      404   422     422      422  404   422     login   login
POST answer:redirect                    login  404      404   422     422      422  404   422     login   login
POST answer:pass_on_corrected           login  404      404   302     302      302  404   403     login   login
POST answer:write                       login  404      404   422     422      422  404   422     login   login
POST answer:procedure                   login  404      404   302     302      302  404   403     login   login
POST answer:draft                       login  404      404   302     403      302  404   403     login   login
POST answer:begin                       login  404      404   302     302      302  404   302     login   login
GET  answer:earlier                     login  404      404   200     403      200  404   403     login   login
GET  answer:templates                   login  403      403   403     403      200  200   403     login   login
POST answer:templates                   login  403      403   403     403      422  422   403     login   login
POST answer:check                       login  404      404   200     200      200  404   200     login   login
POST answer:send                        login  404      404   302     302      302  404   302     login   login
POST answer:contact                     login  404      404   200     200      200  404   403     login   login

GET  institution:manage                 login  403      403   403     403      403  200   403     login   login
GET  institution:office                 login  403      403   403     403      403  200   403     login   login
POST institution:appoint                login  403      403   403     403      403  422   403     login   login
POST institution:add_person             login  403      403   403     403      403  422   403     login   login
POST institution:end                    login  403      403   403     403      403  302   403     login   login
POST institution:password               login  403      403   403     403      403  200   403     login   login
GET  institution:days                   login  403      403   403     403      403  200   403     login   login
POST institution:days                   login  403      403   403     403      403  422   403     login   login
GET  institution:days_file              login  403      403   403     403      403  200   403     login   login
POST institution:days_file              login  403      403   403     403      403  422   403     login   login
POST institution:remove_day             login  403      403   403     403      403  302   403     login   login
GET  institution:topics                 login  403      403   403     403      403  200   403     login   login
POST institution:topics                 login  403      403   403     403      403  422   403     login   login
GET  institution:topic                  login  403      403   403     403      403  200   403     login   login
POST institution:topic                  login  403      403   403     403      403  422   403     login   login
POST institution:offer                  login  403      403   403     403      403  302   403     login   login

GET  prove:public                       200    200      200   200     200      200  200   200     200     200
GET  prove:case                         200    200      200   200     200      200  200   200     200     200
GET  prove:open_data                    200    200      200   200     200      200  200   200     200     200
GET  prove:appeals_csv                  200    200      200   200     200      200  200   200     200     200
GET  prove:appeals_json                 200    200      200   200     200      200  200   200     200     200
GET  prove:days_csv                     200    200      200   200     200      200  200   200     200     200
GET  ledger:home                        200    200      200   200     200      200  200   200     200     200
POST ledger:home                        200    200      200   200     200      200  200   200     200     200
GET  ledger:checkpoint                  200    200      200   200     200      200  200   200     200     200
GET  ledger:key                         200    200      200   200     200      200  200   200     200     200
GET  ledger:tile                        200    200      200   200     200      200  200   200     200     200
"""

ROWS = [line.split() for line in TABLE.splitlines() if line.startswith(("GET", "POST"))]
READ = {name for method, name, *_cells in ROWS if method == "GET"}
WRITE = {name for method, name, *_cells in ROWS if method == "POST"}
TOLERANT = {"hear:file": 422, "hear:track": 422, "hear:write_down": 422, "web:my_write": 422}
"""Forms that show the words again when their token is stale, and take nothing (house rule: nothing typed is lost)."""

ASKS_NOBODY = {"ledger:home", "web:quiet"}
"""Checks a receipt in memory and changes nothing; stops letters by the signed address alone, as mail programs do."""

KEPT = {"hear:file": "private", "web:sheet": "public", "prove:": "public", "ledger:": "open"}
"""What a browser or a proxy may keep: the form being filled (Back brings the words back) and what is public anyway."""


def routes(patterns: list[Any], prefix: str = "", space: str = "") -> Iterator[tuple[str, str]]:
    for one in patterns:
        where = prefix + str(one.pattern)
        if isinstance(one, URLResolver):
            yield from routes(one.url_patterns, where, f"{one.namespace}:" if one.namespace else space)
        elif isinstance(one, URLPattern):
            yield where, f"{space}{one.name or ''}"


ROUTES = list(routes(get_resolver().url_patterns))


def test_every_route_is_in_the_table():
    ours = {name for where, name in ROUTES if not where.lstrip("^").startswith(ACCOUNTS)}
    assert ours - READ - WRITE == set(), "say in the table who may walk there"
    assert (READ | WRITE) - ours == set(), "the table speaks of routes that are gone"
    assert all(len(cells) == len(READERS) for _method, _name, *cells in ROWS)
    assert TABLE.split("\n\n", 1)[0].split() == READERS


@pytest.fixture
def stage(cast, now, settings, tmp_path, monkeypatch):
    """An appeal of each body, answered, with a photo; written down at the desk; everything sealed."""
    settings.ATTACHMENTS = tmp_path
    monkeypatch.setattr(safe_copies, "_in_child", lambda _what, original: original)  # a process a test costs a minute
    monkeypatch.setattr(health, "findings", list)  # a test's database lies in memory
    upload = files.upload("hole.jpg", b"\xff\xd8\xff")
    said = {"channel": "desk", "taken_by_id": cast.operator.id}
    told = [
        Submission(token="own", text="Нет воды", uploads=(upload,), taken_at_id=cast.utilities.id, **said),
        Submission(token="foreign", text="Нет врача", uploads=(upload,), taken_at_id=cast.branch.id, **said),
    ]
    own, foreign = (hear.receive(one, now=now) for one in told)
    understand.examine_pending(now=now)
    Examination.objects.update(topic=cast.water, topic_confidence=1.0, needs_person=True)
    actions.route_and_promise_pending(now=now)
    Handling.objects.filter(appeal_id=foreign.appeal_id).update(acting=cast.branch, clock=cast.branch)
    answered = actions.send_answer
    answered(appeal_id=own.appeal_id, outcome="satisfied", text="Подали воду.", officer=cast.officer, now=now)
    actions.give_verdict(appeal_id=own.appeal_id, ordinal=1, solved=False, rating=None, words="", now=now)
    safe_copies.make_safe_pending(now=now)
    actions.recount_pending(now=now)
    ledger.seal_pending(now=now)
    opened = Problem.objects.create(title="Нет воды", opened_at=now)
    Belonging.objects.create(problem=opened, appeal_id=own.appeal_id, made_at=now)
    others = Problem.objects.create(title="Нет врача", opened_at=now)
    Belonging.objects.create(problem=others, appeal_id=foreign.appeal_id, made_at=now)
    CalendarDay.objects.create(day=date(2026, 3, 20), works=False, source="test", checked=True)
    forget()
    return {
        "cast": cast,
        "own": own.appeal_id,
        "foreign": foreign.appeal_id,
        "problem": opened.id,
        "foreign_problem": others.id,
    }


def reader(stage: dict[str, Any], who: str, **told: Any) -> Client:
    client = Client(**told)
    people = {"other": "road_officer", "admin": "administrator"}
    if who in ("citizen", "neighbour"):
        response = HttpResponse()
        grants.grant(HttpRequest(), response, stage["own" if who == "citizen" else "foreign"])
        client.cookies[grants.COOKIE] = response.cookies[grants.COOKIE].value
    elif who != "nobody":
        client.force_login(getattr(stage["cast"], people.get(who, who)))
    return client


def address(stage: dict[str, Any], name: str, appeal: str = "own") -> str:
    """The route's address about the appeal of the table; about another body's with `appeal="foreign"`."""
    where = next(where for where, known in ROUTES if known == name)
    appeal_id = stage[appeal]
    office = stage["cast"].utilities
    held = {
        "number": Appeal.objects.get(id=appeal_id).number,
        "attachment_id": Attachment.objects.get(appeal_id=appeal_id).id,
        "ordinal": 1,
        "appointment_id": Appointment.objects.get(user=stage["cast"].officer).id,
        "person_id": stage["cast"].officer.id,
        "recount_id": Recount.objects.latest("id").id,
        "problem_id": stage["problem" if appeal == "own" else "foreign_problem"],
        "day": "2026-03-20",
        "below": "entries/000.p/1",
        "code": office.code if "offices/" in where or "sharing/" in where else "water.outage",
        "name": sheet.sheet().name,
        "letter_id": 1,
        "token": links.link(
            links.QUIET if "stop" in where else links.OPEN, appeal_id, now=timezone.now(), about="again.appeal"
        ),
    }
    wanted = re.findall(r"<(?:\w+:)?(\w+)>", where)
    return reverse(name, kwargs={one: held[one] for one in wanted})


def outcome(response: Any) -> str:
    if response.status_code == 302 and response.url.startswith("/accounts/login/"):
        return "login"
    if response.status_code == 302 and response.url.startswith("/track/"):
        return "door"
    return str(response.status_code)


@contextmanager
def undone() -> Iterator[None]:
    """What one reader does is undone before the next one comes."""
    mark = transaction.savepoint()
    try:
        yield
    finally:
        transaction.savepoint_rollback(mark)
        forget()


def asked(client: Client, method: str, where: str) -> Any:
    return client.get(where) if method == "GET" else client.post(where, {"nothing": "of use"})


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row[0]} {row[1]}")
def test_everybody_gets_what_the_table_says(stage, row):
    method, name, *expected = row
    where = address(stage, name)
    got = []
    for who in READERS:
        with undone():
            got.append(outcome(asked(reader(stage, who), method, where)))
    assert dict(zip(READERS, got, strict=True)) == dict(zip(READERS, expected, strict=True))


def about_an_appeal() -> list[list[str]]:
    public = {"prove:case"}
    where = {name: where for where, name in ROUTES}
    return [row for row in ROWS if re.search("<str:number>|attachment_id", where[row[1]]) and row[1] not in public]


@pytest.mark.parametrize("row", about_an_appeal(), ids=lambda row: f"{row[0]} {row[1]}")
def test_an_appeal_of_another_body_is_closed_to_all_of_this_one(stage, row):
    method, name, *_cells = row
    where = address(stage, name, "foreign")
    before = Entry.objects.count()
    for who in READERS[:-1]:
        assert outcome(asked(reader(stage, who), method, where)) in ("login", "door", "403", "404"), who
    assert Entry.objects.count() == before


def test_triage_shows_and_settles_only_what_one_may_read(stage):
    own, foreign = (Appeal.objects.get(id=stage[which]).number for which in ("own", "foreign"))
    page = reader(stage, "operator").get("/desk/triage/").content.decode()
    assert own in page
    assert foreign not in page
    Handling.objects.filter(appeal_id=stage["foreign"]).delete()  # the worker has not found its office yet
    assert foreign in reader(stage, "operator").get("/desk/triage/").content.decode()


NUMBERS = ("+7 701 234 56 78", "850101300028")


def test_a_citizen_s_numbers_stand_on_the_appeal_s_own_page_and_in_no_list(cast, now):
    words = f"Нет воды в доме, звоните {NUMBERS[0]}, мой ИИН {NUMBERS[1]}, ждём всем подъездом."
    told = [Submission(channel="web", token=str(one), text=words, language="ru") for one in range(2)]
    numbers = [hear.receive(one, now=now).number for one in told]
    understand.examine_pending(now=now)
    Examination.objects.update(topic=cast.water, topic_confidence=1.0, needs_person=True)
    actions.route_and_promise_pending(now=now)
    officer, operator = Client(headers={"accept-language": "ru"}), Client(headers={"accept-language": "ru"})
    officer.force_login(cast.officer)
    operator.force_login(cast.operator)
    for client, where in (
        (operator, "/desk/triage/"), (operator, "/desk/triage/?part=1"),
        (operator, f"/desk/triage/?number={numbers[0]}"),
        (officer, "/search/?q=подъездом"), (officer, "/search/?q=подъездом&order=best"),
        (officer, f"/search/?like={numbers[0]}"), (officer, f"/search/?q={numbers[0][:-2]}"), (officer, "/search/?q=1"),
    ):  # fmt: skip
        page = client.get(where).content.decode()
        assert "[телефон]" in page, where
        assert not any(number in page for number in NUMBERS), where
    alike = officer.get(f"/desk/appeal/{numbers[1]}/alike/", HTTP_HX_REQUEST="true").content.decode()
    assert numbers[0] in alike
    assert "[телефон]" in alike
    assert not any(number in alike for number in NUMBERS), alike
    own = officer.get(f"/desk/appeal/{numbers[0]}/").content.decode()
    assert all(number in own for number in NUMBERS)
    assert Appeal.objects.get(number=numbers[0]).text == words


@pytest.mark.parametrize("name", sorted(READ - WRITE))
def test_a_page_that_only_shows_refuses_to_be_posted_to(stage, name):
    where = address(stage, name)
    got = {who: outcome(reader(stage, who).post(where)) for who in READERS}
    assert set(got.values()) <= {"405", "login", "403"}
    assert "405" in got.values()


@pytest.mark.parametrize("name", sorted(WRITE - READ))
def test_an_act_cannot_be_done_by_following_a_link(stage, name):
    where, before = address(stage, name), Entry.objects.count()
    got = {who: outcome(reader(stage, who).get(where)) for who in READERS}
    assert set(got.values()) <= {"405", "login", "403"}
    assert "405" in got.values()
    assert Entry.objects.count() == before


@pytest.mark.parametrize("name", sorted(WRITE))
@pytest.mark.parametrize("who", ["head", "admin", "citizen"])
def test_nothing_is_taken_from_a_form_without_its_token(stage, name, who):
    before = (Entry.objects.count(), Appeal.objects.count())
    client = reader(stage, who, enforce_csrf_checks=True)
    told = {"text": "Чужими руками", "language": "ru", "reach": "code", "step": "file", "topic": "water.outage"}
    response = client.post(address(stage, name), told)
    if name not in TOLERANT or outcome(response) != "door":  # a tolerant form first leads strangers away
        assert response.status_code in ({200} if name in ASKS_NOBODY else {403, TOLERANT.get(name, 403)})
    assert (Entry.objects.count(), Appeal.objects.count()) == before
    assert grants.COOKIE not in client.cookies or who == "citizen"


# What every response carries

HEADERS = {
    "Content-Security-Policy": r"default-src 'none'.*(frame-ancestors 'none'|sandbox)|sandbox.*default-src 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": r"camera=\(\).*microphone=\(\)",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin|cross-origin",
}


def is_guarded(response: Any) -> None:
    for header, sound in HEADERS.items():
        assert re.search(sound, response.headers.get(header, "")), (header, response.headers)


@pytest.mark.parametrize("name", sorted(READ))
def test_every_page_carries_the_headers_and_says_who_may_keep_it(stage, name):
    for who in ("nobody", "head", "admin", "citizen"):
        response = reader(stage, who).get(address(stage, name))
        is_guarded(response)
        kept = response.headers["Cache-Control"]
        allowed = next((how for what, how in KEPT.items() if name.startswith(what)), "")
        if not allowed or response.status_code != 200:
            assert kept == "no-store", (who, kept)
        elif allowed == "private":
            assert kept == "private, max-age=600"
        elif who in ("head", "admin") and response.headers["Content-Type"].startswith("text/html"):
            assert kept == "no-store", "an officer's page has the officer's name in its frame"


@pytest.mark.parametrize(
    ("where", "host", "status"),
    [
        ("/nowhere/", "localhost", 404),
        ("/", "evil.example", 400),
        ("/", "", 400),
        ("/accounts/login/", "localhost", 200),
        ("/my/%00/", "localhost", 400),
        ("/case/%00/", "localhost", 400),
        ("/desk/?number=%00", "localhost", 302),
        ("/search/?q=%00", "localhost", 302),
    ],
)
def test_what_goes_wrong_is_guarded_too(stage, where, host, status):
    response = Client(HTTP_HOST=host).get(where)
    assert response.status_code == status
    is_guarded(response)


def test_a_page_with_a_secret_is_never_compressed(stage):
    for who, where in (("citizen", "web:my"), ("citizen", "hear:receipt"), ("head", "answer:appeal")):
        shown = reader(stage, who).get(address(stage, where), HTTP_ACCEPT_ENCODING="gzip")
        assert (shown.status_code, shown.headers.get("Content-Encoding")) == (200, None), who


def test_a_nul_in_a_question_is_left_out(stage):
    head = reader(stage, "head")
    for where in ("/desk/?number=%00", "/desk/?view=answered&after=1.%00", "/search/?q=%00", "/track/?number=2026%00"):
        assert head.get(where).status_code == 200, where


def test_no_cookie_can_be_read_by_a_script_or_sent_from_another_site(stage):
    client = Client()
    told = {"text": "Нет света", "language": "ru", "reach": "code", "step": "file", "kind": ""}
    told["token"] = re.search(r'name="token" value="([^"]+)"', client.get("/appeal/?lang=en").content.decode())[1]  # type: ignore[index]
    assert client.post("/appeal/?sent", told).status_code == 303
    client.get("/theme/?to=dark")
    client.post("/accounts/login/", {"login": "head@example.org", "password": "correct horse battery"})
    assert {settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME, "language", "theme", grants.COOKIE} <= set(
        client.cookies
    )
    for name, cookie in client.cookies.items():
        assert cookie["httponly"], name
        assert cookie["samesite"] == "Lax", name


# Accounts

GONE = ["signup", "email", "confirm-email", "confirm-email/abc", "password/reset", "password/reset/done",
        "password/reset/key/1-abc", "password/set", "login/code/confirm"]  # fmt: skip


@pytest.mark.parametrize("page", GONE)
@pytest.mark.parametrize("who", ["nobody", "head"])
def test_nobody_makes_an_account_or_gets_a_password_by_letter(stage, page, who, mailoutbox, capfd):
    client = reader(stage, who)
    where = f"/accounts/{page}/"
    assert [client.get(where).status_code, client.post(where, {"email": "head@example.org"}).status_code] == [404, 404]
    assert not mailoutbox
    assert "example.org" not in "".join(capfd.readouterr())


def test_every_other_account_page_leads_a_stranger_to_the_door(stage):
    client = Client()
    for where, name in ROUTES:
        if where.startswith(ACCOUNTS) and "<" not in where and "^" not in where:
            shown = client.get(f"/{where}")
            is_open = name in ("account_login", "account_inactive")
            assert shown.status_code in ((200,) if is_open else (302, 404, 405)), where
            assert "no-store" in shown.headers["Cache-Control"], where


def test_signing_in_gives_a_new_session_and_signing_out_ends_it(stage):
    client = Client()
    client.get("/accounts/login/")
    session = client.session
    session["planted"] = "by somebody else"
    session.save()
    planted = session.session_key
    client.cookies[settings.SESSION_COOKIE_NAME] = planted
    client.post("/accounts/login/", {"login": "head@example.org", "password": "correct horse battery"})
    own = client.cookies[settings.SESSION_COOKIE_NAME].value
    assert own != planted
    stolen = Client()
    stolen.cookies[settings.SESSION_COOKIE_NAME] = planted
    assert outcome(stolen.get("/desk/")) == "login"
    assert client.get("/desk/").status_code == 200
    client.post("/accounts/logout/")
    assert outcome(client.get("/desk/")) == "login"
    stolen.cookies[settings.SESSION_COOKIE_NAME] = own
    assert outcome(stolen.get("/desk/")) == "login"


@pytest.mark.parametrize("page", ["//evil.example", "https://evil.example", "/\\evil.example", "javascript:alert(1)"])
def test_no_way_leads_out_of_the_house(stage, page):
    client = Client()
    signed = client.post(
        "/accounts/login/", {"login": "head@example.org", "password": "correct horse battery", "next": page}
    )
    assert (signed.status_code, signed.url) == (302, "/desk/")
    assert client.get("/theme/", {"next": page}).url == "/"


OFFICERS = [row[:2] for row in ROWS if row[2] == "login" or row[1] == "hear:write_down"]


@pytest.mark.parametrize(("method", "name"), OFFICERS, ids=lambda told: str(told))
def test_without_a_second_factor_no_officer_sees_or_does_anything(stage, settings, method, name):
    settings.SECOND_FACTOR_REQUIRED = True
    where, before = address(stage, name), Entry.objects.count()
    for who in ("officer", "operator", "head", "admin", "auditor"):
        shown = asked(reader(stage, who), method, where)
        assert (shown.status_code, shown.url) == (302, reverse("mfa_index"))
    assert Entry.objects.count() == before


def test_behind_a_proxy_a_stranger_s_wrong_passwords_shut_out_the_stranger_alone(stage, settings):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1  # as DAUYS_HTTPS=1 sets it
    settings.ACCOUNT_RATE_LIMITS = {"login_failed": "10/m/ip"}
    right = {"login": "head@example.org", "password": "correct horse battery"}
    for number in range(12):
        Client().post(
            "/accounts/login/",
            {"login": f"n{number}@example.org", "password": "wrong"},
            HTTP_X_FORWARDED_FOR="203.0.113.7",
        )
    assert Client().post("/accounts/login/", right, HTTP_X_FORWARDED_FOR="203.0.113.7").status_code == 200
    assert Client().post("/accounts/login/", right, HTTP_X_FORWARDED_FOR="203.0.113.9").status_code == 302

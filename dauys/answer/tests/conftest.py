"""Appeals that have been heard and examined, ready for an office."""

from datetime import UTC, datetime

import pytest
from django.test import Client

from dauys.answer import actions
from dauys.hear import actions as hear
from dauys.hear.models import Appeal
from dauys.hear.submission import Contact, Submission
from dauys.understand.models import Examination

WATER = "На улице Лесной третий день нет воды"
LONG_AGO = datetime(2026, 1, 12, 6, 0, tzinfo=UTC)


@pytest.fixture
def heard(cast, now):
    """Make one examined appeal: `heard(topic="water.outage", sure=0.9, …)` gives the Appeal."""

    def make(text=WATER, *, topic="water.outage", sure=0.9, area=None, at=None, **told):
        count = Appeal.objects.count()
        submission = Submission(
            channel=told.pop("channel", "web"), token=f"form {count}", text=text, received_at=at, **told
        )
        receipt = hear.receive(submission, now=at or now)
        topics = {"water.outage": cast.water, "roads.repair": cast.roads, None: None}
        Examination.objects.create(
            appeal_id=receipt.appeal_id,
            language="ru",
            topic=topics[topic],
            topic_confidence=sure,
            area=area,
            needs_person=topic is None,
            examined_at=at or now,
        )
        return Appeal.objects.get(id=receipt.appeal_id)

    return make


@pytest.fixture
def promised(heard, now):
    """The same, already with its office and its promise."""

    def make(*args, **told):
        at = told.pop("promised_at", None) or told.get("at") or now
        appeal = heard(*args, **told)
        actions.route_and_promise_pending(now=at)
        return appeal

    return make


@pytest.fixture
def client_of(cast):
    """A browser somebody of the cast has signed in with: `client_of("officer", language="en")`."""

    def login(name, language=""):
        client = Client(headers={"accept-language": language} if language else None)
        client.force_login(getattr(cast, name))
        return client

    return login


@pytest.fixture
def contact():
    return Contact(name="Айгүл Тестова", phone="+7 700 000 00 01")


@pytest.fixture(autouse=True)
def _still_house(monkeypatch):
    """On a slow machine the house would be looked at anew in the middle of a count of statements."""
    monkeypatch.setattr("dauys.institution.queries.RECHECK_SECONDS", 3600)

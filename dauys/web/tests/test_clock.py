"""A clock set back: nothing is written by it, and everybody is told in plain words."""

from datetime import date, datetime, timedelta

import pytest
from click.testing import CliRunner
from django.urls import reverse

from dauys.commands import run
from dauys.hear.models import Appeal
from dauys.hear.tests.browser import fields_of
from dauys.ledger import actions as ledger
from dauys.ledger.models import Entry
from dauys.web import health

pytestmark = pytest.mark.steady_clock

TEXT = "На улице Лесной третий день нет воды, прошу разобраться"


@pytest.fixture
def written(cast, now):
    """The ledger's last entry is of this day."""

    def make(on: date) -> None:
        from django.db import transaction

        with transaction.atomic():
            ledger.append(ledger.Act("test.write", ledger.NO_CASE, now), on=on)

    return make


def file_appeal(client, language):
    empty = fields_of(client.get(reverse("hear:file")))
    told = {**empty, "reach": "code", "text": TEXT, "step": "file"}
    return client.post(f"{reverse('hear:file')}?lang={language}", told)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_a_year_back_a_citizen_is_told_and_nothing_is_kept(client, written, time_machine, language):
    time_machine.move_to("2026-03-10T06:00:00Z", tick=False)
    written(date(2027, 3, 10))
    page = file_appeal(client, language)
    assert page.status_code == 503
    assert page["Retry-After"] == "600"
    assert "2027" in page.content.decode()
    assert not Appeal.objects.exists()


@pytest.mark.django_db
def test_an_officer_is_told_too(client, cast, written, time_machine):
    time_machine.move_to("2026-03-10T06:00:00Z", tick=False)
    written(date(2027, 3, 10))
    client.force_login(cast.administrator)
    data = {"day": "2026-05-08", "works": "off", "source": "Order No. 1", "set": "1"}
    assert client.post(reverse("institution:days"), data).status_code == 503
    assert Entry.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("behind", "fits"),
    [
        pytest.param(-400, True, id="a clock ahead of the last entry"),
        pytest.param(0, True, id="the same day"),
        pytest.param(1, True, id="around midnight machines disagree by a day"),
        pytest.param(2, False, id="two days behind"),
        pytest.param(366, False, id="a year behind"),
    ],
)
def test_only_what_is_more_than_a_day_behind_is_refused(written, now, behind, fits, time_machine):
    time_machine.move_to(now, tick=False)
    last_on = date(2026, 3, 10) + timedelta(days=behind)
    written(last_on)
    found = health.clock()
    assert found.ok is fits
    if fits:
        written(date(2026, 3, 10))
        assert Entry.objects.count() == 2
    else:
        with pytest.raises(ledger.ClockSetBack, match=str(last_on)):
            written(date(2026, 3, 10))
        assert "timedatectl" in found.remedy


@pytest.mark.django_db
def test_a_clock_that_was_wrong_before_can_be_accepted_by_name(written, settings):
    written(date(2027, 3, 10))
    settings.CLOCK_ACCEPTED = "2027-03-09"
    with pytest.raises(ledger.ClockSetBack):
        written(date(2026, 3, 10))
    settings.CLOCK_ACCEPTED = "2027-03-10"
    written(date(2026, 3, 10))
    assert ledger.Pen.objects.get().last_on == date(2027, 3, 10), "dated as the last one"


@pytest.mark.django_db
def test_sealing_waits_for_no_clock(written, now):
    written(date(2099, 1, 1))
    assert ledger.seal_pending(now=datetime(2020, 1, 1, tzinfo=now.tzinfo)) == 0


@pytest.mark.django_db
@pytest.mark.parametrize("command", [run.check, run.work, run.serve])
def test_check_serve_and_work_refuse_and_say_what_to_do(cast, written, monkeypatch, command):
    written(date(2099, 1, 1))
    monkeypatch.setattr(run, "setup", lambda: None)
    ended = CliRunner().invoke(command, ["--once"] if command is run.work else [])
    assert ended.exit_code == 1
    assert "2099-01-01" in ended.output
    assert "timedatectl" in ended.output

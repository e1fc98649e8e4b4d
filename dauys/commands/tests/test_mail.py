"""`dauys mail`: what came back, how letters fare, whether the server answers; never an address."""

import json

import pytest
from click.testing import CliRunner

from dauys.answer.models import Letter
from dauys.answer.post.sending import mark_of
from dauys.answer.tests.post_office import Office, free_port, opened
from dauys.answer.tests.test_bounces import notice
from dauys.commands.mail import mail
from dauys.web import health


@pytest.fixture
def letter(cast, now):
    return Letter.objects.create(key="given:1", kind="given", to=cast.officer, state="sent", made_at=now, next_at=now)


def ran(*words: str):
    return CliRunner().invoke(mail, list(words))


def test_a_notice_is_noted_without_an_address(letter, tmp_path):
    file = tmp_path / "notice"
    file.write_bytes(notice(f"<{mark_of(letter)}@dauys.example.org>"))
    found = ran("bounces", str(file), "--json")
    assert found.exit_code == 0, found.output
    assert json.loads(found.output) == {"came": "bounced", "letter": letter.id, "status": "5.1.1"}
    assert "@" not in found.output


def test_anything_else_ends_with_one_and_changes_nothing(letter):
    found = CliRunner().invoke(mail, ["bounces", "-"], input=b"Subject: hello\r\n\r\nhello")
    assert found.exit_code == 1
    assert Letter.objects.get().state == "sent"


def test_the_state_counts_letters(letter):
    assert json.loads(ran("state", "--json").output)["counts"] == {"sent": 1}
    assert "Mail is off" in ran("state").output


def test_the_server_is_tried_and_nothing_is_sent(letter, settings):
    assert ran("try").exit_code == 1
    office = Office(free_port())
    settings.MAIL_URL = f"smtp://127.0.0.1:{office.port}?tls=none"
    assert "DAUYS_EMAIL_FROM" in ran("try").output
    settings.MAIL_FROM, settings.SITE = "letters@dauys.example.org", "https://dauys.example.org"
    assert "cannot be used" in ran("try").output
    with opened(office):
        assert ran("try").exit_code == 0
    assert office.taken == []


def test_the_check_of_the_house_tells_of_mail_and_opens_the_doors_all_the_same(db, settings):
    def found() -> health.Finding:
        return next(one for one in health.findings() if one.name == "mail")

    assert found().ok
    assert "off" in found().said
    settings.MAIL_URL = "smtp://mail.example.org"
    assert not found().ok
    assert "DAUYS_EMAIL_FROM" in found().said
    assert "mail" in health.BESIDE

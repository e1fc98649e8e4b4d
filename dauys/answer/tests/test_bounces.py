"""What comes back names its letter; whatever else arrives changes nothing."""

from email.message import EmailMessage

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as limits
from hypothesis import strategies as st

from dauys.answer.models import Letter
from dauys.answer.post import note_bounce
from dauys.answer.post.bounces import Came
from dauys.answer.post.sending import mark_of


@pytest.fixture
def letter(promised, now):
    row = Letter.objects.create(
        key="registered:1", kind="registered", appeal_id=promised().id, state="sent", made_at=now, next_at=now
    )
    row.message_id = f"<{mark_of(row)}@dauys.example.org>"
    row.save()
    return row


def notice(
    message_id: str,
    *,
    to: str = "letters@dauys.example.org",
    status: str = "5.1.1",
    action: str = "failed",
    of: str = "whole",
) -> bytes:
    """As Postfix and Exim write it (RFC 3464, RFC 6522)."""
    returned = f"Message-ID: {message_id}\r\nSubject: x\r\nTo: gone@example.org\r\n"
    part = (
        f"Content-Type: message/rfc822\r\n\r\n{returned}\r\nbody\r\n"
        if of == "whole"
        else f"Content-Type: text/rfc822-headers\r\n\r\n{returned}\r\n"
    )
    return (
        f"From: MAILER-DAEMON@mail.example.org\r\nTo: {to}\r\nSubject: Undelivered\r\nAuto-Submitted: auto-replied\r\n"
        'MIME-Version: 1.0\r\nContent-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n'
        "--b\r\nContent-Type: text/plain\r\n\r\nI am sorry, gone@example.org is unknown.\r\n"
        "--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mail.example.org\r\n\r\n"
        f"Final-Recipient: rfc822; gone@example.org\r\nAction: {action}\r\nStatus: {status}\r\n"
        "Diagnostic-Code: smtp; 550 gone@example.org is unknown\r\n\r\n"
        f"--b\r\n{part}--b--\r\n"
    ).encode()


@pytest.mark.parametrize("of", ["whole", "headers"])
def test_a_notice_with_the_returned_letter_names_it(letter, of):
    found = note_bounce(notice(letter.message_id, of=of))
    assert (found.came, found.letter_id, found.status) == (Came.BOUNCED, letter.id, "5.1.1")
    letter.refresh_from_db()
    assert (letter.state, letter.why) == ("bounced", "5.1.1")


def test_a_notice_without_it_is_known_by_the_address_it_came_to(letter):
    to = f"bounces+{mark_of(letter)}@dauys.example.org"
    assert note_bounce(notice("<other@example.org>", to=to)).came == Came.BOUNCED
    letter.refresh_from_db()
    assert letter.state == "bounced"


def test_a_delay_is_no_return(letter):
    assert note_bounce(notice(letter.message_id, status="4.4.1", action="delayed")).came == Came.DELAYED
    letter.refresh_from_db()
    assert letter.state == "sent"


def test_nobody_can_make_a_letter_come_back_by_guessing_its_number(letter):
    forged = f"<{letter.id}.{'0' * 16}@dauys.example.org>"
    assert note_bounce(notice(forged)).came == Came.NOT_OURS
    letter.refresh_from_db()
    assert letter.state == "sent"


def test_an_answer_of_a_person_or_a_machine_on_holiday_is_no_notice(letter):
    reply = EmailMessage()
    reply["From"], reply["To"], reply["In-Reply-To"] = "a@example.org", "b@example.org", letter.message_id
    reply.set_content("Out of office until Monday. Status: 5.1.1")
    assert note_bounce(reply.as_bytes()).came == Came.NO_NOTICE
    letter.refresh_from_db()
    assert letter.state == "sent"


def test_a_letter_that_was_left_by_a_person_stays_left(letter):
    Letter.objects.update(state="dropped")
    note_bounce(notice(letter.message_id))
    letter.refresh_from_db()
    assert letter.state == "dropped"


@limits(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(place=st.integers(0, 1200), put=st.binary(max_size=30), cut=st.integers(0, 60))
def test_a_damaged_notice_never_breaks_and_blames_no_other_letter(letter, place, put, cut):
    whole = notice(letter.message_id)
    found = note_bounce(whole[:place] + put + whole[place + cut :])
    assert found.letter_id in (None, letter.id)


@given(raw=st.binary(max_size=2000))
def test_anything_at_all_may_arrive(raw):
    assert note_bounce(raw).came == Came.NO_NOTICE

"""Reading what was heard: contact, files, lists, and the citizen's own proof."""

from datetime import UTC, datetime, timedelta

import pytest

from dauys.hear import actions, pending, queries, sealing
from dauys.hear.models import Appeal, Sealed
from dauys.hear.submission import Contact, Submission, Upload
from dauys.ledger import actions as ledger
from dauys.ledger.core import receipt as receipts
from dauys.ledger.queries import NotSealed

WATER = "На улице Лесной третий день нет воды\x00\r\n"
CONTACT = Contact("Айгүл Тестова", "+7 700 000 00 01", "a@example.org", "Лесная, 12")
PHOTOS = (
    Upload("b.png", "image/png", b"second letter first"),
    Upload("a.png", "image/png", b"first letter second"),
)


def heard(now, **told) -> Appeal:
    told = {"channel": "web", "token": "a", "text": WATER, **told}
    return Appeal.objects.get(id=actions.receive(Submission(**told), now=now).appeal_id)


@pytest.mark.parametrize("contact", [CONTACT, Contact(), Contact(name="Ә")])
def test_contact_opens_as_it_was_given(cast, now, contact):
    assert queries.contact_of(heard(now, contact=contact)) == contact


def test_an_erased_contact_is_gone(cast, now):
    appeal = heard(now, contact=CONTACT)
    Sealed.objects.update(wrapped_key=None)
    with pytest.raises(sealing.Erased):
        queries.contact_of(appeal)


@pytest.mark.parametrize(
    "told",
    [
        pytest.param({}, id="words alone"),
        pytest.param({"contact": CONTACT}, id="with contact"),
        pytest.param({"uploads": PHOTOS, "kind": "complaint"}, id="with files in their order"),
    ],
)
def test_the_proof_shows_every_field_and_convinces_who_holds_the_public_key(cast, now, told):
    appeal = heard(now, **told)
    with pytest.raises(NotSealed):
        queries.receipt_bytes(appeal)
    ledger.seal_pending(now=now)
    proof = queries.receipt_bytes(appeal)
    verified = receipts.verify(proof, ledger.signer().verifier_key)
    assert verified.fields["text"].decode() == appeal.text
    assert verified.fields["applicant"] == told.get("contact", Contact()).encode()
    assert ("attachments" in verified.fields) == ("uploads" in told)
    assert not verified.hidden


def test_recent_names_places_in_one_statement(cast, now, django_assert_num_queries):
    for number in range(6):
        heard(
            now + timedelta(minutes=number),
            token=str(number),
            area_id=cast.village.id,
            about_office_id=cast.akimat.id,
        )
    queries.recent(1)
    with django_assert_num_queries(1):
        lines = queries.recent(5)
    assert [line.number for line in lines] == [f"2026-00000{number}" for number in (6, 5, 4, 3, 2)]
    assert lines[0].area.in_language("en") == "Birch village"
    assert lines[0].about_office.in_language("en") == "Akimat"


def test_recent_of_nothing_is_nothing(cast):
    assert queries.recent(10) == []


def test_appeals_are_found_by_number_and_by_id(cast, now):
    appeal = heard(now)
    assert queries.appeal(appeal.number) == appeal
    assert queries.appeal("2026-999999") is None
    assert queries.appeals_by_ids([appeal.id, 10**9]) == [appeal]


def test_what_forms_left_behind_is_swept_after_a_day_and_not_before(cast, now, settings):
    held = pending.hold("form", PHOTOS[0])
    written = (settings.ATTACHMENTS / "pending").stat().st_mtime
    at = datetime.fromtimestamp(written, UTC)
    assert pending.sweep_pending(now=at + timedelta(hours=23)) == 0
    assert pending.release("form", held) == PHOTOS[0]
    assert pending.sweep_pending(now=at + timedelta(hours=25)) == 1
    with pytest.raises(pending.Gone):
        pending.release("form", held)


def test_a_waiting_file_opens_with_its_own_form_only(cast):
    held = pending.hold("form", PHOTOS[0])
    assert pending.named("form", [held.mark]) == [held]
    assert pending.named("another form", [held.mark]) == []
    with pytest.raises(pending.Gone):
        pending.release("another form", held)

"""Letters: each thing is told once, to whoever it concerns, without anybody's words; by a real exchange of SMTP."""

import ipaddress
import re
import ssl
from datetime import UTC, date, datetime, timedelta

import pytest
from django.conf import settings as configured
from django.db import connection
from django.test.utils import CaptureQueriesContext

from dauys.answer import actions
from dauys.answer.models import Letter, Looked, Promise, Quiet, Ruling
from dauys.answer.post import desk, links, queue_letters_pending, send_letters_pending, sending, server
from dauys.answer.post.kinds import KINDS
from dauys.answer.tests import post_office
from dauys.answer.tests.post_office import html, opened, plain
from dauys.hear.submission import Contact

CITIZEN = "aigul.canary@example.org"
CONTACT = Contact(name="Айгүл Канарейка", email=CITIZEN)
SAID = "Насос Канарейки заменён 12 марта, вода подаётся."
SIGNS = ("канарейк", "canary", "айгүл", "лесной", "насос")


@pytest.fixture
def office(settings, tmp_path):
    settings.HOME = tmp_path
    one = post_office.Office(post_office.free_port())
    settings.MAIL_URL = f"smtp://127.0.0.1:{one.port}?tls=none"
    settings.MAIL_FROM = "letters@dauys.example.org"
    settings.MAIL_BOUNCES = "bounces+@dauys.example.org"
    settings.SITE = "https://dauys.example.org"
    return one


@pytest.fixture
def on(office, cast, now):
    """Mail is switched on: the first look only marks where things stand."""
    assert queue_letters_pending(now=now) == 0
    return office


@pytest.fixture
def appeal(on, promised):
    return promised(contact=CONTACT)


def told() -> list[str]:
    return sorted(Letter.objects.values_list("kind", flat=True))


def send(now, office) -> int:
    with opened(office):
        return send_letters_pending(now=now)


# What is told


def test_a_filing_is_told_once(appeal, now):
    assert queue_letters_pending(now=now) > 0
    assert told() == ["registered"]
    Looked.objects.filter(name__startswith="told").update(kept={"last": 0})  # killed before the look was kept
    queue_letters_pending(now=now)
    assert Letter.objects.filter(kind="registered").count() == 1


def test_what_happened_before_mail_was_on_is_not_told(office, promised, cast, now):
    old = promised(contact=CONTACT)
    actions.send_answer(appeal_id=old.id, outcome="satisfied", text=SAID, officer=cast.officer, now=now)
    for _turn in range(3):
        queue_letters_pending(now=now)
    assert told() == []
    promised(contact=CONTACT)
    queue_letters_pending(now=now)
    assert told() == ["registered"]


def test_mail_switched_off_for_a_while_tells_nothing_of_that_while(appeal, settings, promised, now):
    queue_letters_pending(now=now)
    url, settings.MAIL_URL = settings.MAIL_URL, ""
    promised(contact=CONTACT)
    assert queue_letters_pending(now=now) == 0
    assert send_letters_pending(now=now) == 0
    settings.MAIL_URL = url
    queue_letters_pending(now=now)
    queue_letters_pending(now=now)
    assert told() == ["registered"]


def test_nobody_without_a_contact_and_no_past_appeal_is_written_to(on, promised, heard, now):
    promised()
    queue_letters_pending(now=now)
    assert told() == []


@pytest.mark.parametrize(
    ("kind", "do"),
    [
        (
            "wrote",
            lambda a, c, now: actions.write(
                appeal_id=a.id, text="Мастер будет", note=False, token="t", officer=c.officer, now=now
            ),
        ),
        (
            "asks",
            lambda a, c, now: actions.write(
                appeal_id=a.id, text="Какой дом?", note=False, token="t", officer=c.officer, now=now,
                answer_by=date(2026, 3, 20),
            ),
        ),
        (
            "answered",
            lambda a, c, now: actions.send_answer(
                appeal_id=a.id, outcome="satisfied", text=SAID, officer=c.officer, now=now
            ),
        ),
        (
            "passed_on",
            lambda a, c, now: actions.redirect(
                appeal_id=a.id, office_id=c.road_department.id, reason="Это дорога", officer=c.officer, now=now
            ),
        ),
        (
            "ruling",
            lambda a, c, now: Ruling.objects.create(
                appeal_id=a.id, kind="extended", decided_on=date(2026, 3, 10), until_on=date(2026, 5, 5),
                words="Канарейка", officer=c.officer, made_at=now,
            ),
        ),
        (
            "ended",
            lambda a, c, now: Ruling.objects.create(
                appeal_id=a.id, kind="withdrawn", decided_on=date(2026, 3, 10), made_at=now
            ),
        ),
        (
            "changed",
            lambda a, c, now: Promise.objects.create(
                appeal_id=a.id, office=c.utilities, policy="kz.message", registered_on=date(2026, 3, 10),
                due_on=date(2026, 4, 7), reason="recounted", made_at=now,
            ),
        ),
    ],
)  # fmt: skip
def test_each_event_is_told_to_the_citizen_once_and_arrives(appeal, cast, office, now, kind, do):
    queue_letters_pending(now=now)
    do(appeal, cast, now)
    queue_letters_pending(now=now)
    queue_letters_pending(now=now)
    assert told() == sorted(["registered", kind])
    send(now, office)
    assert set(Letter.objects.values_list("state", flat=True)) == {"sent"}
    assert len(office.letters) == 2
    letter = office.letters[-1]
    assert letter["To"] == CITIZEN
    assert appeal.number in letter["Subject"]
    ruling = Ruling.objects.first()
    assert ruling is None or ruling.told_at == now


def test_a_note_between_officers_is_told_to_nobody(appeal, cast, now):
    queue_letters_pending(now=now)
    actions.write(appeal_id=appeal.id, text="Между нами", note=True, token="t", officer=cast.officer, now=now)
    queue_letters_pending(now=now)
    assert told() == ["registered"]


def test_not_solved_is_told_with_the_new_day(appeal, cast, office, now):
    queue_letters_pending(now=now)
    actions.send_answer(appeal_id=appeal.id, outcome="satisfied", text=SAID, officer=cast.officer, now=now)
    actions.give_verdict(appeal_id=appeal.id, ordinal=1, solved=False, rating=None, words="Нет", now=now)
    queue_letters_pending(now=now)
    assert told() == ["answered", "registered", "reopened"]


def test_the_question_is_asked_again_after_four_weeks_unless_it_was_answered(on, promised, cast, office, now):
    silent, content = promised(contact=CONTACT), promised(contact=CONTACT)
    for one in (silent, content):
        actions.send_answer(appeal_id=one.id, outcome="satisfied", text=SAID, officer=cast.officer, now=now)
    actions.give_verdict(appeal_id=content.id, ordinal=1, solved=True, rating=None, words="", now=now)
    queue_letters_pending(now=now + timedelta(days=27))
    assert "again" not in told()
    queue_letters_pending(now=now + timedelta(days=28))
    queue_letters_pending(now=now + timedelta(days=29))
    assert list(Letter.objects.filter(kind="again").values_list("appeal_id", flat=True)) == [silent.id]
    # Between the queue and the leaving the citizen has spoken: it is not asked any more.
    actions.give_verdict(appeal_id=silent.id, ordinal=1, solved=True, rating=None, words="", now=now)
    send(now + timedelta(days=29), office)
    assert Letter.objects.get(kind="again").state == "dropped"


def test_an_officer_is_told_of_what_was_given_and_what_the_citizen_wrote(appeal, cast, office, now):
    queue_letters_pending(now=now)
    actions.assign(appeal_id=appeal.id, to=cast.officer, officer=cast.head, now=now)
    actions.citizen_writes(appeal_id=appeal.id, text="Канарейка ждёт", token="c", now=now)
    queue_letters_pending(now=now)
    assert told() == ["citizen_wrote", "given", "registered"]
    send(now, office)
    to_officer = [one for one in office.letters if one["To"] == "officer@example.org"]
    assert len(to_officer) == 2
    assert all(f"https://dauys.example.org/desk/appeal/{appeal.number}/" in plain(one) for one in to_officer)
    assert all("/open/" not in plain(one) for one in to_officer), "an officer signs in, a link opens nothing"


def test_an_officer_who_takes_an_appeal_knows_it_and_one_who_wants_no_letters_gets_none(appeal, cast, now):
    desk.wish(officer=cast.officer, wanted=frozenset({"given"}), now=now)
    actions.take(appeal_id=appeal.id, officer=cast.officer, now=now)
    actions.citizen_writes(appeal_id=appeal.id, text="Жду", token="c", now=now)
    queue_letters_pending(now=now)
    assert told() == ["registered"]
    assert desk.wishes(cast.officer) == {"given": True, "citizen_wrote": False}
    desk.wish(officer=cast.officer, wanted=frozenset({"given", "citizen_wrote"}), now=now)
    assert not Quiet.objects.exists()


def test_at_rest_a_look_costs_the_same_however_much_there_is(appeal, promised, now):
    while queue_letters_pending(now=now):
        pass
    with CaptureQueriesContext(
        connection,
    ) as few:
        queue_letters_pending(now=now)
    for _more in range(5):
        promised(contact=CONTACT)
    while queue_letters_pending(now=now):
        pass
    with CaptureQueriesContext(connection) as many:
        queue_letters_pending(now=now)
    assert len(few) == len(many) <= 14


# What a letter holds


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_a_letter_is_in_the_readers_language_and_holds_nobodys_words(on, promised, cast, office, now, language):
    one = promised("Канарейка: на улице Лесной нет воды", contact=CONTACT, language=language)
    actions.send_answer(appeal_id=one.id, outcome="satisfied", text=SAID, officer=cast.officer, now=now)
    queue_letters_pending(now=now)
    send(now, office)
    assert len(office.letters) == 2
    for letter in office.letters:
        assert letter["Auto-Submitted"] == "auto-generated"
        assert letter["Content-Language"] == language
        assert letter["From"].addresses[0].display_name == {"kk": "Сынақ өңірі", "ru": "Пробный регион"}.get(
            language, "Trial region"
        )
        said = f"{letter['Subject']}\n{plain(letter)}\n{html(letter)}".lower()
        assert not [sign for sign in SIGNS if sign in said]
        assert f'lang="{language}"' in html(letter)
        assert not re.search(r"<(img|script|style|link|iframe|object)|style=|src=", html(letter))
        addresses = set(re.findall(r"https?://[^\s\"<>]+", plain(letter) + html(letter)))
        assert addresses, "it leads somewhere"
        assert all(where.startswith("https://dauys.example.org/") for where in addresses)
        assert letter["List-Unsubscribe"] is None, "the law owes these"


def test_kazakh_letters_arrive_as_they_were_written(on, promised, cast, office, now):
    promised(contact=CONTACT, language="kk")
    queue_letters_pending(now=now)
    send(now, office)
    (letter,) = office.letters
    assert "Сынақ өңірі" in plain(letter)
    assert "Сынақ өңірі" in html(letter)
    assert all(byte < 128 for byte in office.taken[0][2]), "no server on the way needs to be a modern one"


def test_the_access_code_is_in_no_letter(appeal, office, now):
    from dauys.hear.codes import code_for

    queue_letters_pending(now=now)
    send(now, office)
    code = code_for(appeal.key)
    assert code not in plain(office.letters[0])
    assert code.replace("-", "") not in plain(office.letters[0]).replace("-", "")


def test_the_message_id_stays_and_names_the_letter(appeal, office, now):
    queue_letters_pending(now=now)
    office.says["DATA"] = "451 4.7.1 later"
    send(now, office)
    first = Letter.objects.get().message_id
    office.says.clear()
    send(now + timedelta(minutes=2), office)
    assert Letter.objects.get().message_id == first == office.letters[0]["Message-ID"]
    mark = sending.mark_of(Letter.objects.get())
    assert office.taken[0][0] == f"bounces+{mark}@dauys.example.org"


# The exchange


def test_a_server_down_for_an_hour_then_everything_is_sent_once(appeal, promised, office, now):
    for _more in range(4):
        promised(contact=CONTACT)
    queue_letters_pending(now=now)
    minute, tried = timedelta(minutes=1), 0
    for turn in range(60):  # nobody listens at the port
        before = sending.server_state().failures
        assert send_letters_pending(now=now + turn * minute) == 0
        tried += sending.server_state().failures > before
    assert set(Letter.objects.values_list("state", "tries")) == {("queued", 0)}
    assert 4 <= tried <= 8, "twice as long after each failure"
    with opened(office):
        for turn in range(60, 130):
            send_letters_pending(now=now + turn * minute)
    assert len(office.taken) == 5
    assert office.connections == 1
    assert len({letter["Message-ID"] for letter in office.letters}) == 5
    assert set(Letter.objects.values_list("state", flat=True)) == {"sent"}
    assert sending.server_state().failures == 0


@pytest.mark.parametrize(
    ("step", "said", "state", "why"),
    [
        ("RCPT", "550 5.1.1 aigul.canary@example.org unknown", "bounced", "550 5.1.1"),
        ("RCPT", "450 4.2.1 greylisted", "queued", "450 4.2.1"),
        ("DATA", "554 5.7.1 not from you, aigul.canary@example.org", "failed", "554 5.7.1"),
        ("DATA", "452 4.3.1 disk full", "queued", "452 4.3.1"),
    ],
)
def test_what_the_server_says_decides_and_its_code_alone_is_kept(appeal, office, now, step, said, state, why):
    queue_letters_pending(now=now)
    office.says[step] = said
    send(now, office)
    letter = Letter.objects.get()
    assert (letter.state, letter.why, office.taken) == (state, why, [])
    office.says.clear()
    send(now + timedelta(days=1), office)
    assert len(office.taken) == (1 if state == "queued" else 0)


def test_one_refused_address_holds_up_nobody_else(appeal, promised, office, now):
    promised(contact=Contact(name="Б", email="other@example.org"))
    queue_letters_pending(now=now)
    office.says[CITIZEN] = "550 5.1.1 no such user"
    send(now, office)
    assert sorted(Letter.objects.values_list("state", flat=True)) == ["bounced", "sent"]
    assert [to for _sender, to, _content in office.taken] == [["other@example.org"]]


def test_a_refused_sender_is_our_mistake_and_blames_no_letter(appeal, office, now):
    queue_letters_pending(now=now)
    office.says["MAIL"] = "550 5.7.1 who are you"
    send(now, office)
    assert Letter.objects.get().state == "queued"
    assert sending.server_state().why == "550 5.7.1"


def test_a_letter_not_taken_for_days_is_given_up(appeal, office, now):
    queue_letters_pending(now=now)
    office.says["DATA"] = "451 4.7.1 later"
    Letter.objects.update(tries=sending.TRIES_MOST - 1)
    send(now, office)
    assert Letter.objects.get().state == "failed"


def test_waits_grow_to_an_hour():
    waits = [sending.wait(times, timedelta(minutes=1)) for times in range(1, 60)]
    assert waits == sorted(waits)
    assert (waits[0], waits[3], waits[-1]) == (timedelta(minutes=1), timedelta(minutes=8), timedelta(hours=1))


def test_a_server_that_falls_silent_after_the_last_byte_leaves_the_letter_to_a_person(appeal, cast, office, now):
    queue_letters_pending(now=now)
    office.says["after"] = "hang up"
    send(now, office)
    letter = Letter.objects.get()
    assert letter.state == "unsure"
    assert len(office.taken) == 1
    office.says.clear()
    send(now + timedelta(hours=2), office)
    assert len(office.taken) == 1, "never by itself"
    desk.decide(letter_id=letter.id, again=True, officer=cast.administrator, now=now)
    send(now + timedelta(hours=2), office)
    assert len(office.taken) == 2
    with pytest.raises(desk.Settled):
        desk.decide(letter_id=letter.id, again=True, officer=cast.administrator, now=now)


def test_what_a_dead_sender_left_is_unsure(appeal, office, now):
    queue_letters_pending(now=now)
    Letter.objects.update(state="sending")
    send(now, office)
    assert Letter.objects.get().state == "unsure"
    assert office.taken == []


def test_a_telephone_is_no_address_and_is_asked_for_once(on, promised, cast, contact, office, now):
    one = promised(contact=contact)
    queue_letters_pending(now=now)
    send(now, office)
    assert list(Letter.objects.values_list("state", "why")) == [("dropped", "no address")]
    actions.write(appeal_id=one.id, text="Ответ", note=False, token="t", officer=cast.officer, now=now)
    queue_letters_pending(now=now)
    assert Letter.objects.count() == 1


@pytest.mark.parametrize(
    "address", ["a@b.c\r\nBcc: all@example.org", "no at", "ә@example.org", "two words@example.org"]
)
def test_what_is_no_address_is_never_given_to_a_server(on, promised, office, now, address):
    promised(contact=Contact(name="А", email=address))
    queue_letters_pending(now=now)
    send(now, office)
    assert Letter.objects.get().state == "dropped"
    assert office.taken == []


def test_two_senders_of_one_home_do_not_meet(appeal, office, now):
    queue_letters_pending(now=now)
    with opened(office), sending._alone() as first:
        assert first
        assert send_letters_pending(now=now) == 0
    assert Letter.objects.get().state == "queued"


def test_tls_is_checked_and_an_own_authority_can_be_named(appeal, office, settings, tmp_path, now):
    settings.MAIL_URL = f"smtp://user@127.0.0.1:{office.port}"
    settings.MAIL_URL = settings.MAIL_URL.replace("user@", "")
    certificate, key = own_certificate(tmp_path)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    queue_letters_pending(now=now)
    with opened(office, tls_context=context, require_starttls=True):
        assert send_letters_pending(now=now) == 0
        assert sending.server_state().why == "SSLCertVerificationError"
        assert office.taken == []
        settings.MAIL_CA = str(certificate)
        sending.try_server_now()
        assert send_letters_pending(now=now) == 1
    assert len(office.taken) == 1


def own_certificate(folder):
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import NameOID

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    made = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(datetime(2020, 1, 1, tzinfo=UTC)).not_valid_after(datetime(2099, 1, 1, tzinfo=UTC))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), True)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    certificate, secret = folder / "server.pem", folder / "server.key"
    certificate.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    secret.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return certificate, secret


@pytest.mark.parametrize(
    ("name", "value", "setting"),
    [
        ("MAIL_URL", "http://mail.example.org", "DAUYS_EMAIL_URL"),
        ("MAIL_URL", "smtp://user:secret@mail.example.org", "DAUYS_EMAIL_URL"),
        ("MAIL_URL", "smtp://mail.example.org?tls=none", "DAUYS_EMAIL_URL"),
        ("MAIL_URL", "smtp://mail.example.org:many", "DAUYS_EMAIL_URL"),
        ("MAIL_FROM", "", "DAUYS_EMAIL_FROM"),
        ("MAIL_BOUNCES", "nobody", "DAUYS_EMAIL_BOUNCES"),
        ("MAIL_PASSWORD_FILE", "/nowhere/password", "DAUYS_EMAIL_PASSWORD_FILE"),
        ("SITE", "", "DAUYS_SITE"),
    ],
)
def test_a_wrong_setting_is_named_with_its_remedy_and_sends_nothing(
    appeal, office, settings, now, name, value, setting
):
    setattr(settings, name, value)
    with pytest.raises(server.Misconfigured) as wrong:
        server.configured()
    assert wrong.value.setting == setting
    assert wrong.value.remedy
    assert send_letters_pending(now=now) == 0
    queue_letters_pending(now=now)
    assert told() == ["registered"], "what happens meanwhile waits"


# Nothing personal stays


def test_no_table_of_letters_and_no_log_holds_anything_personal(appeal, cast, office, now, caplog):
    actions.citizen_writes(appeal_id=appeal.id, text="Канарейка ждёт", token="c", now=now)
    actions.send_answer(appeal_id=appeal.id, outcome="satisfied", text=SAID, officer=cast.officer, now=now)
    queue_letters_pending(now=now)
    office.says["RCPT"] = f"550 5.1.1 <{CITIZEN}> is unknown"
    with caplog.at_level("DEBUG"):
        send(now, office)
        send(now + timedelta(hours=1), office)
    with connection.cursor() as cursor:
        rows = []
        for table in ("letter", "looked", "quiet", "reminder"):
            cursor.execute(f"SELECT * FROM {table}")
            rows += cursor.fetchall()
    ours = "\n".join(record.getMessage() for record in caplog.records if record.name.startswith("dauys"))
    kept = (repr(rows) + ours).lower()
    assert "registered" in kept
    assert not [sign for sign in SIGNS if sign in kept]


# Links


def test_a_link_opens_one_thing_for_one_purpose_for_two_weeks(now):
    token = links.link(links.OPEN, 7, now=now)
    at = now.timestamp()
    assert links.read(links.OPEN, token, at=at).subject == 7
    with pytest.raises(links.BadLink):
        links.read(links.QUIET, token, at=at)
    with pytest.raises(links.Lapsed) as lapsed:
        links.read(links.OPEN, token, at=at + 15 * 86400)
    assert lapsed.value.subject == 7
    for place in range(len(token)):
        other = token[:place] + ("A" if token[place] != "A" else "B") + token[place + 1 :]
        with pytest.raises((links.BadLink, links.Lapsed)):
            assert links.read(links.OPEN, other, at=at).subject == -1
    for broken in ("", "ә", "AAAA", token[:-3], token * 3, "%" * 20):
        with pytest.raises(links.BadLink):
            links.read(links.OPEN, broken, at=at)


def test_a_new_key_ends_every_link(now):
    token = links.link(links.OPEN, 7, now=now)
    path = configured.KEYS / "link.key"
    old = path.read_bytes()
    try:
        path.write_bytes(b"n" * 32)
        links._key.cache_clear()
        with pytest.raises(links.BadLink):
            links.read(links.OPEN, token, at=now.timestamp())
    finally:
        path.write_bytes(old)
        links._key.cache_clear()


def test_every_kind_has_words_and_every_message_a_kind(db):
    from dauys.answer.post.words import _SAID

    assert {kind.name for kind in KINDS} == set(_SAID)

"""Signing in: where it leads, what it refuses, and the second proof officers need."""

import base64
import hmac
import struct
import time

import pytest
from django.test import override_settings
from django.urls import reverse

PASSWORD = "correct horse battery"


def sign_in(client, person, password=PASSWORD):
    return client.post(reverse("account_login"), {"login": person.email, "password": password})


def one_time_code(secret: str) -> str:
    """RFC 6238, written out: what an authenticator app shows now."""
    key = base64.b32decode(secret + "=" * (-len(secret) % 8))
    digest = hmac.digest(key, struct.pack(">Q", int(time.time()) // 30), "sha1")
    at = digest[-1] & 15
    return f"{(int.from_bytes(digest[at : at + 4]) & 0x7FFFFFFF) % 1_000_000:06d}"


def add_authenticator(client) -> None:
    """Confirm the password, read the secret, show its code: what an officer does on the first day."""
    asked = client.get(reverse("mfa_activate_totp"))
    confirmed = client.post(asked.url, {"password": PASSWORD})
    assert client.get(confirmed.url).status_code == 200
    code = one_time_code(client.session["mfa.totp.secret"])
    assert client.post(reverse("mfa_activate_totp"), {"code": code}).status_code == 302


def test_everybody_lands_where_their_work_is(cast, client):
    assert sign_in(client, cast.officer).url == reverse("answer:desk")
    client.logout()
    assert sign_in(client, cast.administrator).url == reverse("institution:manage")
    client.logout()
    assert sign_in(client, cast.stranger).url == reverse("web:home")


@pytest.mark.parametrize(("language", "says"), [("ru", "парол"), ("kk", "ұпиясөз"), ("en", "password is not right")])
def test_a_wrong_password_is_said_in_the_readers_language(cast, client, language, says):
    client.cookies["language"] = language
    assert says in sign_in(client, cast.officer, "wrong").content.decode()


def test_a_person_who_left_cannot_sign_in(cast, client):
    cast.officer.is_active = False
    cast.officer.save()
    sign_in(client, cast.officer)
    assert client.get(reverse("answer:desk")).status_code == 302


@override_settings(SECOND_FACTOR_REQUIRED=True)
def test_an_officer_sets_up_an_authenticator_before_seeing_anybodys_appeal(cast, client):
    sign_in(client, cast.officer)
    for address in ("/desk/", "/search/?q=вода"):
        assert client.get(address).url == reverse("mfa_index")
    add_authenticator(client)
    assert client.get("/desk/").status_code == 200


@override_settings(SECOND_FACTOR_REQUIRED=True)
def test_a_second_sign_in_asks_for_the_code_and_refuses_a_wrong_one(cast, client):
    sign_in(client, cast.officer)
    add_authenticator(client)
    client.logout()
    assert sign_in(client, cast.officer).url.startswith(reverse("mfa_authenticate"))
    assert client.post(reverse("mfa_authenticate"), {"code": "000000"}).status_code == 200
    assert client.get("/desk/").status_code == 302

"""Accounts are given by an administrator; nobody signs up. After signing in everybody lands where their work is."""

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from dauys.institution import rights

FIRST = (("hear.read", "answer:desk"), ("institution.manage", "institution:manage"))
"""The first of these that a person may do is where they begin."""


CLOSED = r"^accounts/(?:signup|email|confirm-email|password/reset|password/set|login/code)/"
"""What allauth brings and nobody here may use: accounts, their addresses and forgotten passwords are the
administrator's, and a letter with a link that signs in would be a second, weaker door."""


def closed(request: HttpRequest) -> HttpResponse:
    raise Http404


class ClosedAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth carries no types
    # allauth has no Kazakh: what officers may meet is said in our own words, in all three languages.
    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "account_inactive": _("This account is closed. Ask your administrator."),
        "email_password_mismatch": _("The e-mail or the password is not right."),
        "enter_current_password": _("Type your present password."),
        "incorrect_code": _("This code is not right. Codes change every half minute: take the newest."),
        "incorrect_password": _("The password is not right."),
        "too_many_login_attempts": _("Too many wrong attempts. Wait a few minutes and try again."),
        "rate_limited": _("Too many requests. Wait a moment and try again."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        for verb, page in FIRST:
            if rights.may(request.user, verb):
                return reverse(page)
        return reverse("web:home")


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # allauth carries no types
    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": _("This code is not right. Codes change every half minute: take the newest."),
        "cannot_delete_authenticator": _("An officer's account needs a second proof: this one cannot be removed."),
        "cannot_generate_recovery_codes": _("Recovery codes come after a passkey or an authenticator app."),
    }

"""Accounts are given by an administrator; nobody signs up. After signing in everybody lands where their work is."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

from dauys.institution import rights

FIRST = (("hear.read", "answer:desk"), ("institution.manage", "institution:manage"))
"""The first of these that a person may do is where they begin."""


CLOSED = r"^accounts/(?:signup|email|confirm-email|password/reset|password/set|login/code)/"
"""What allauth brings and nobody here may use: an account, its address and a forgotten password are the administrator's,
and a letter with a link that signs in would be a second, weaker door."""


def closed(request: HttpRequest) -> HttpResponse:
    raise Http404


class ClosedAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth carries no types
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        for verb, page in FIRST:
            if rights.may(request.user, verb):
                return reverse(page)
        return reverse("web:home")

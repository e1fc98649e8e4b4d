"""Who → URL → room; docs/map.md is the same list in words."""

from django.urls import include, path, re_path

from dauys.answer.queries import readable
from dauys.web import accounts

urlpatterns = [
    path("", include("dauys.web.urls")),
    path("", include("dauys.institution.urls")),
    path("", include("dauys.hear.urls")),
    path("", include("dauys.understand.urls"), {"readable": readable}),
    path("", include("dauys.answer.urls")),
    path("", include("dauys.prove.urls")),
    path("ledger/", include("dauys.ledger.urls")),
    re_path(accounts.CLOSED, accounts.closed),
    path("accounts/", include("allauth.urls")),
]

handler400 = "dauys.web.views.bad_request"
handler403 = "dauys.web.views.forbidden"
handler404 = "dauys.web.views.not_found"
handler500 = "dauys.web.views.broken"

"""What an address may carry to a page."""

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from dauys.web.middleware import plain_address


@pytest.mark.parametrize("asked", ["q=%00", "q=%%0000", "q=%%%000000", "q=a%00b&n=%%0000"])
def test_no_spelling_brings_a_nul_through_an_address(asked):
    seen: list[HttpRequest] = []

    def page(request: HttpRequest) -> HttpResponse:
        seen.append(request)
        return HttpResponse()

    plain_address(page)(RequestFactory().get(f"/search/?{asked}"))
    assert not any("\0" in value for value in seen[0].GET.values())

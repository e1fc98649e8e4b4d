"""What every page is given, as its tags meet it."""

import pytest
from django.template import RequestContext, Template

from dauys.institution.queries import house

PAGE = Template("{% due day today %}|{{ today|date:'Y-m-d' }}")


def drawn(rf, day):
    return PAGE.render(RequestContext(rf.get("/"), {"day": day}))


def test_a_page_that_gives_no_day_of_its_own_draws_a_promise(cast, rf, now, monkeypatch):
    monkeypatch.setattr("dauys.web.context.timezone.now", lambda: now)
    today = house().today(now)
    assert drawn(rf, today).endswith(f"|{today:%Y-%m-%d}")
    assert 'data-state="today"' in drawn(rf, today)
    assert 'data-state="late"' in drawn(rf, today.replace(day=1))


@pytest.mark.django_db
def test_even_before_there_is_an_institution(rf, now, monkeypatch):
    monkeypatch.setattr("dauys.web.context.timezone.now", lambda: now)
    assert 'data-state="today"' in drawn(rf, now.date())

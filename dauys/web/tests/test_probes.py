import pytest

from dauys.web import health
from dauys.web.health import Finding


def test_alive_asks_no_table(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert client.get("/healthz").json() == {"alive": True}


@pytest.mark.django_db
def test_ready_says_which_check_failed_and_nothing_of_the_machine(client, monkeypatch):
    monkeypatch.setattr(health, "findings", lambda: [Finding("keys", False, "/secret/place", "chmod"), Finding("tables", True, "")])
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()) == (503, {"ready": False, "failed": ["keys"]})


@pytest.mark.django_db
def test_an_installation_in_order_is_ready(client):
    assert [finding.name for finding in health.findings() if not finding.ok] == []
    assert client.get("/readyz").status_code == 200

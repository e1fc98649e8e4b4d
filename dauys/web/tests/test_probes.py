import pytest

from dauys.web import health
from dauys.web.health import Finding


@pytest.mark.django_db
def test_alive_asks_no_table(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert client.get("/healthz").json() == {"alive": True}


@pytest.mark.django_db
def test_ready_says_which_check_failed_and_nothing_of_the_machine(client, monkeypatch):
    monkeypatch.setattr(
        health, "findings", lambda: [Finding("keys", False, "/secret/place", "chmod"), Finding("tables", True, "")]
    )
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()) == (503, {"ready": False, "failed": ["keys"]})


@pytest.mark.django_db
def test_an_installation_in_order_is_ready(client):
    # Tests keep SQLite in memory, which has no journal: durability is proven on real files by the crash tests.
    wrong = {finding.name for finding in health.findings() if not finding.ok}
    assert wrong <= {"durability"}


@pytest.mark.parametrize(
    ("journal", "synchronous", "is_fit"),
    [("wal", 2, True), ("wal", 1, False), ("delete", 2, False), ("memory", 2, False)],
)
def test_a_database_that_could_lose_an_acknowledged_appeal_is_not_fit(monkeypatch, journal, synchronous, is_fit):
    class Cursor:
        def __enter__(self):
            return self

        def __exit__(self, *_exc):
            return None

        def execute(self, asked):
            self.answer = (journal,) if "journal" in asked else (synchronous,)
            return self

        def fetchone(self):
            return self.answer

    class Connection:
        vendor = "sqlite"
        cursor = Cursor

    monkeypatch.setattr(health, "connection", Connection())
    assert health._durability().ok is is_fit

"""The worker: every step is found by a query, may be repeated, and a failing one does not stop the others."""

import pytest

from dauys.answer.models import Handling, Promise
from dauys.hear.actions import receive
from dauys.hear.submission import Submission
from dauys.ledger.models import Checkpoint, Entry
from dauys.web import worker
from dauys.web.worker import Step, Worker, run_once


def test_one_look_brings_an_appeal_from_submission_to_a_sealed_promise(cast, now):
    receive(Submission(channel="web", token="a", text="Нет воды на улице Лесной"), now=now)
    done = run_once(now=now)
    assert done["examine"] == done["promise"] == 1
    assert Handling.objects.count() == 1
    assert Checkpoint.objects.get().size == Entry.objects.filter(leaf__isnull=False).count()


def test_looking_again_changes_nothing(cast, now):
    receive(Submission(channel="web", token="a", text="Нет воды на улице Лесной"), now=now)
    run_once(now=now)
    before = (Promise.objects.count(), Entry.objects.count(), Checkpoint.objects.count())
    assert set(run_once(now=now).values()) == {0}
    assert (Promise.objects.count(), Entry.objects.count(), Checkpoint.objects.count()) == before


def test_a_step_that_fails_rests_and_the_others_go_on(cast, caplog):
    tried, did = [], []

    def failing(*, now, limit):
        tried.append(now)
        raise OSError("disk")

    def working(*, now, limit):
        did.append(now)
        return 0

    steady = Worker((Step("bad", failing, 1), Step("good", working, 1)))
    steady.round()
    steady.round()
    assert (len(tried), len(did)) == (1, 2)
    assert "Step “bad” failed" in caplog.text


@pytest.mark.django_db
def test_a_step_with_its_own_rhythm_is_not_asked_every_time():
    asked = []
    steady = Worker((Step("slow", lambda *, now, limit: asked.append(1) or 0, 1, every_seconds=60),))
    steady.round()
    steady.round()
    assert len(asked) == 1


def test_only_one_worker_of_a_home_runs(monkeypatch):
    first = Worker((), until=lambda: True)
    monkeypatch.setattr(worker, "run_once", dict)
    ran_inside = []
    monkeypatch.setattr(first, "_run", lambda: ran_inside.append(Worker(()).run()))
    assert first.run() is True
    assert ran_inside == [False]


def test_the_worker_of_an_import_does_not_stay_for_other_peoples_pictures():
    names = [step.name for step in worker.BESIDE_IMPORT]
    assert {"examine", "promise", "seal", "count"} <= set(names)
    assert "safe copies" not in names


@pytest.mark.django_db
def test_the_last_look_asks_only_the_workers_own_steps(monkeypatch):
    asked = []
    slow = Step("slow", lambda *, now, limit: asked.append("slow") or 0, 1, every_seconds=60)
    other = Step("other", lambda *, now, limit: asked.append("other") or 0, 1)
    monkeypatch.setattr(worker, "STEPS", (slow, other))
    monkeypatch.setattr(worker.signal, "signal", lambda *_: None)
    Worker((slow,), until=lambda: True).run()
    assert asked == ["slow", "slow"]

"""A process to be killed. It works in DAUYS_HOME and says on standard output what it has been told is safe.

usage: python tests/crash/child.py settle | fill COUNT | intake THREADS EACH | take FILE | seal LIMIT | send COUNT
    | tell COUNT | letters
"""

import os
import sys
import threading
from datetime import UTC, datetime
from pathlib import Path

import django

NOW = datetime(2026, 3, 10, 6, 0, tzinfo=UTC)


def say(*words: object) -> None:
    """One write, so that a kill leaves a whole line or none."""
    os.write(1, (" ".join(map(str, words)) + "\n").encode())


def settle() -> None:
    """Tables and an institution, and nothing else."""
    from django.core.management import call_command

    from dauys.institution.models import Institution

    call_command("migrate", verbosity=0)
    Institution.objects.create(
        id=1,
        name_kk="Сынақ",
        name_ru="Проба",
        name_en="Trial",
        country="KZ",
        zone="Asia/Almaty",
        created_at=NOW,
    )


def fill(count: str) -> None:
    """Entries that wait to be sealed."""
    import base64

    from django.db import transaction

    from dauys.ledger import actions
    from dauys.ledger.core.leaf import Kind

    acts = [
        actions.Act(
            verb="test.policy",
            case=base64.b64encode(number.to_bytes(16, "big")).decode(),
            at=NOW,
            public=actions.Public(Kind.ACCEPTED, code="web", commitment=number.to_bytes(32, "big")),
        )
        for number in range(int(count))
    ]
    with transaction.atomic():
        actions.append_many(acts, on=actions.take_pen(NOW.date()))


def intake(threads: str, each: str) -> None:
    """Many people at the door at once; every receipt is said aloud."""
    from dauys.hear import actions
    from dauys.hear.submission import Submission

    def knock(person: int) -> None:
        for turn in range(int(each)):
            token = f"{person}.{turn}"
            submission = Submission(channel="web", token=token, text=f"Нет воды, {token}")
            receipt = actions.receive(submission, now=NOW)
            say(receipt.number, token, receipt.code)

    people = [threading.Thread(target=knock, args=(person,)) for person in range(int(threads))]
    for thread in people:
        thread.start()
    for thread in people:
        thread.join()
    say("done")


def take(name: str) -> None:
    """Take over a file in small portions; says how many rows are behind after each."""
    from dauys.hear.channels import batch

    batch.BATCH = 40
    path = Path(name)
    header, _lines = batch.rows(path)
    nobody = batch.Resolve(topic=lambda _path: None, area=lambda _name: None, office=lambda _name: None)
    run = batch.take(
        path,
        batch.read_map(None, header, "Asia/Almaty"),
        nobody,
        now=NOW,
        progress=lambda rows: say("rows", rows),
    )
    say("done", run.rows_done, run.taken, run.refused)


def seal(limit: str) -> None:
    from dauys.ledger import actions

    while did := actions.seal_pending(now=NOW, limit=int(limit)):
        say("sealed", did)
    say("done")


def send(count: str) -> None:
    """An officer answers one appeal after another; each answer that was acknowledged is said aloud."""
    from dauys.answer import actions as answer
    from dauys.hear import actions as hear
    from dauys.hear.submission import Submission
    from dauys.institution.models import Appointment, Competence, Office, Topic, User
    from dauys.institution.queries import forget
    from dauys.understand import actions as understand

    if not Office.objects.exists():
        office = Office.objects.create(code="office", kind="other", policy="internal", name_en="Office")
        Competence.objects.create(office=office)
        Topic.objects.create(code="water", name_en="Water")
        officer = User.objects.create_user("officer@example.org", None, name="Officer")
        Appointment.objects.create(user=officer, office=office, role="officer", since_on=NOW.date())
        forget()
    officer = User.objects.get()
    appeals = [
        hear.receive(
            Submission(channel="web", token=str(number), text=f"Нет воды, {number}", labels={"topic": "water"}), now=NOW
        ).appeal_id
        for number in range(int(count))
    ]
    while understand.examine_pending(now=NOW) or answer.route_and_promise_pending(now=NOW):
        pass
    say("ready")
    for appeal in appeals:
        try:
            sent = answer.send_answer(
                appeal_id=appeal, outcome="satisfied", text=f"Вода подана, {appeal}", officer=officer, now=NOW
            )
        except answer.AlreadyAnswered:
            continue
        say("sent", appeal, sent.ordinal)
    say("done")


def tell(count: str) -> None:
    """Appeals whose citizens left an e-mail; a letter about each waits in the queue."""
    from dauys.answer import post
    from dauys.hear import actions as hear
    from dauys.hear.submission import Contact, Submission

    post.queue_letters_pending(now=NOW)
    for number in range(int(count)):
        contact = Contact(name=f"N {number}", email=f"n{number}@example.org")
        hear.receive(Submission(channel="web", token=str(number), text="Нет воды", contact=contact), now=NOW)
    post.queue_letters_pending(now=NOW)


def letters() -> None:
    """Send what waits, a few at a time; says how many were settled."""
    from dauys.answer import post

    say("ready")
    while did := post.send_letters_pending(now=NOW, limit=20):
        say("settled", did)
    say("done")


if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "dauys.settings"
    django.setup()
    {"settle": settle, "fill": fill, "intake": intake, "take": take, "seal": seal, "send": send,
     "tell": tell, "letters": letters}[sys.argv[1]](*sys.argv[2:])  # fmt: skip

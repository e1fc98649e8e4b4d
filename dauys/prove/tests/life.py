"""Appeals made up for tests: each step writes its rows and its ledger entry, as the product's actions do."""

import base64
import itertools
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction

from dauys.answer.models import Answer, Handling, State, Verdict
from dauys.hear.models import Appeal
from dauys.institution.queries import house
from dauys.ledger import actions as ledger
from dauys.ledger.core.leaf import Kind as LeafKind

MARKED = {"text": "MARKED-TEXT", "place": "MARKED-PLACE", "answer": "MARKED-ANSWER", "words": "MARKED-WORDS"}
"""What citizens and officers said; no public byte may repeat it."""

_serial = itertools.count(1)


@dataclass
class Life:
    """A small institution in which things happen. `cast` is the fixture of the same name."""

    cast: Any
    appeals: list[Appeal] = field(default_factory=list)

    @transaction.atomic
    def receive(self, at: datetime, *, channel: str = "web", kind: str = "complaint") -> Appeal:
        serial = next(_serial)
        on = at.astimezone(house().zone).date()
        appeal = Appeal.objects.create(
            number=f"{on.year}-9{serial:05d}", case=base64.b64encode(serial.to_bytes(16, "big")).decode(),
            kind=kind, channel=channel, text=MARKED["text"], language="ru", place=MARKED["place"],
            received_at=at, registered_on=on, key=f"key {serial}", code_mac=bytes(32),
        )  # fmt: skip
        self.appeals.append(appeal)
        self._write(appeal, LeafKind.RECEIVED, on, code=channel)
        return appeal

    @transaction.atomic
    def promise(self, appeal: Appeal, due_on: date, *, office: Any, district: Any = None, topic: Any = None) -> None:
        """Route the appeal, or route it anew, and promise a day."""
        Handling.objects.update_or_create(
            appeal=appeal,
            defaults={
                "state": State.PROMISED, "is_open": True, "acting": office, "clock": office, "due_on": due_on,
                "district": district, "area": district, "topic": topic, "received_at": appeal.received_at,
            },
        )  # fmt: skip
        self._write(appeal, LeafKind.ACCEPTED, appeal.registered_on, due_on=due_on)

    @transaction.atomic
    def answer(self, appeal: Appeal, on: date) -> Answer:
        standing = Handling.objects.get(appeal=appeal)
        said = Answer.objects.create(
            appeal=appeal, ordinal=Answer.objects.filter(appeal=appeal).count() + 1, office=standing.clock,
            officer=self.cast.officer, outcome="explained", text=MARKED["answer"], due_on=standing.due_on,
            sent_at=appeal.received_at, sent_on=on,
        )  # fmt: skip
        Handling.objects.filter(appeal=appeal).update(state=State.ANSWERED, is_open=False)
        self._write(appeal, LeafKind.ANSWERED, on)
        return said

    @transaction.atomic
    def judge(
        self, said: Answer, on: date, *, solved: bool, partly: bool = False, rests: bool = False,
        due_on: date | None = None,
    ) -> None:  # fmt: skip
        Verdict.objects.create(
            appeal=said.appeal, answer=said, solved=solved, partly=partly, rests=rests, words=MARKED["words"],
            given_at=said.sent_at, given_on=on,
        )  # fmt: skip
        if rests:
            pass  # it stays answered: the office's word, and not the citizen's
        elif solved:
            Handling.objects.filter(appeal=said.appeal).update(state=State.CONFIRMED)
        else:
            Handling.objects.filter(appeal=said.appeal).update(
                state=State.DISPUTED, is_open=True, due_on=due_on or on + timedelta(days=15)
            )
        self._write(said.appeal, LeafKind.ACCEPTED if solved else LeafKind.REOPENED, on)

    def _write(
        self, appeal: Appeal, kind: LeafKind, on: date, *, due_on: date | None = None, code: str | None = None
    ) -> None:
        ledger.append(
            ledger.Act(
                verb=f"test.{kind}", case=appeal.case, at=appeal.received_at,
                public=ledger.Public(kind, due_on=due_on, code=code, commitment=bytes(32)),
            ),
            on=on,
        )  # fmt: skip

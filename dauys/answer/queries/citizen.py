"""What the citizen is told about their own appeal: everything but the notes between officers."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from dauys.answer import words
from dauys.answer.models import Answer, Handling, Message, Promise, Routing
from dauys.answer.queries.enclosures import enclosed, with_files
from dauys.answer.queries.explained import Explained, promise_explained
from dauys.answer.queries.page import Past
from dauys.answer.queries.problems import PartLine, parts_of
from dauys.institution.queries import Names, house
from dauys.ledger import queries as ledger


@dataclass(frozen=True, slots=True)
class CitizenPage:
    """`handling` is None for the first seconds, until the worker has looked."""

    handling: Handling | None
    topic: Names | None
    area: Names | None
    office: Names | None
    why_here: list[str]
    promise: Explained | None
    first_due_on: date | None
    messages: Sequence[Message]
    answers: Sequence[Answer]
    history: Sequence[Past]
    parts: Sequence[PartLine] = ()
    """Matters of this letter that were split off, each an appeal of its own."""

    @property
    def thread(self) -> list[Message | Answer]:
        """What was said so far, without the answer that stands above, waiting for the citizen's word."""
        waiting = self.to_judge
        said: list[Message | Answer] = [*self.messages, *(one for one in self.answers if one is not waiting)]
        return sorted(said, key=lambda one: one.sent_at)

    @property
    def state(self) -> str:
        return self.handling.state if self.handling else "received"

    @property
    def to_judge(self) -> Answer | None:
        """The answer that waits for the citizen's word."""
        last = self.answers[-1] if self.answers else None
        return last if last is not None and not hasattr(last, "verdict") else None

    @property
    def judged(self) -> Any:
        """The verdict on the latest answer, if there is one."""
        last = self.answers[-1] if self.answers else None
        return getattr(last, "verdict", None)


def citizen_page(*, appeal_id: int, case: str, received_on: date) -> CitizenPage:
    """Six statements, however long the conversation. The caller has checked that this reader may see the
    appeal.
    """
    place = house()
    handling = Handling.objects.filter(appeal_id=appeal_id).first()
    made = list(Promise.objects.filter(appeal_id=appeal_id).order_by("id"))
    routing = Routing.objects.filter(appeal_id=appeal_id).order_by("-id").first()
    promise = made[-1] if made else None
    topic = place.topics.get(handling.topic_id or 0) if handling else None
    area = place.areas.get(handling.area_id or 0) if handling else None
    office = place.offices.get(handling.acting_id or 0) if handling else None
    history = []
    for entry in ledger.entries_of(case):
        said = words.deed(entry.verb, entry.detail, for_citizen=True)
        if said:
            history.append(Past(entry.at, said, "", entry.leaf is not None, entry.leaf_index))
    page = CitizenPage(
        handling=handling,
        topic=topic.name if topic else None,
        area=area.name if area else None,
        office=office.name if office else None,
        why_here=words.routing(routing.reasons) if routing else [],
        promise=promise_explained(
            policy_id=promise.policy,
            registered_on=promise.registered_on,
            due_on=promise.due_on,
            reason=promise.origin or promise.reason,
            received_on=received_on if (promise.origin or promise.reason) in ("registered", "routed") else None,
            recounted=bool(promise.origin),
        )
        if promise
        else None,
        first_due_on=made[0].due_on if made else None,
        messages=list(
            Message.objects.filter(appeal_id=appeal_id)
            .exclude(author=Message.Author.NOTE)
            .select_related("officer")
            .order_by("sent_at", "id")
        ),
        answers=list(
            Answer.objects.filter(appeal_id=appeal_id).select_related("officer", "verdict").order_by("ordinal")
        ),
        history=history,
        parts=parts_of(appeal_id),
    )
    with_files(page.messages, page.answers, enclosed(appeal_id))
    return page

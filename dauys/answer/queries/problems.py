"""A problem: its appeals as far as a reader may see them, and the answers given to many at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count

from dauys.answer.models import Answer, Handling, Joint, State
from dauys.answer.queries.desk import visible
from dauys.hear import heard as hear
from dauys.institution import rights
from dauys.institution.models import User
from dauys.institution.queries import Names, house
from dauys.understand import masking
from dauys.understand import queries as understand

SHOWN_MOST = 200
FIRST_LETTERS = 160


@dataclass(frozen=True, slots=True)
class Member:
    """One appeal of a problem, its first words with personal data hidden."""

    number: str
    received_at: datetime
    language: str
    first_words: str
    state: str
    due_on: date | None
    is_open: bool
    acting: Names | None
    answerable: bool
    """Open, and this officer may answer it."""


@dataclass(frozen=True, slots=True)
class Given:
    """One answer to many: when, how many letters, what citizens said of it, and whether it can still be undone."""

    joint: Joint
    officer: str
    sent: int
    solved: int
    not_solved: int
    is_leaving: bool
    is_own: bool
    was_taken_back: bool


@dataclass(frozen=True, slots=True)
class ProblemPage:
    id: int
    title: str
    topic: Names | None
    area: Names | None
    members: Sequence[Member]
    unseen: int
    """Appeals of it at offices this reader has no part in."""
    given: Sequence[Given]

    @property
    def answerable(self) -> dict[str, int]:
        """How many open appeals this officer may answer, by language."""
        counts: dict[str, int] = {}
        for one in self.members:
            if one.answerable:
                counts[one.language] = counts.get(one.language, 0) + 1
        return counts


def problem_page(user: User, problem_id: int) -> ProblemPage | None:
    """Seven statements, however many belong to it; None where there is none, or nothing of it for this reader."""
    seen, found = visible(user), understand.problem(problem_id)
    if seen is None or found is None:
        return None
    ids = understand.belonging_to(problem_id)
    rows = list(
        Handling.objects.filter(seen, appeal_id__in=ids)
        .select_related("appeal")
        .order_by("-is_open", "due_on", "appeal_id")
    )
    if not rows:
        return None
    place = house()
    topic, area = place.topics.get(found.topic_id or 0), place.areas.get(found.area_id or 0)
    return ProblemPage(
        id=found.id,
        title=found.title,
        topic=topic.name if topic else None,
        area=area.name if area else None,
        members=[_member(user, row) for row in rows[:SHOWN_MOST]],
        unseen=len(ids) - len(rows),
        given=_given(user, problem_id),
    )


def _member(user: User, row: Handling) -> Member:
    acting = house().offices.get(row.acting_id or 0)
    return Member(
        number=row.appeal.number,
        received_at=row.appeal.received_at,
        language=row.appeal.language,
        first_words=masking.first_words(row.appeal.text, most=FIRST_LETTERS),
        state=row.state,
        due_on=row.due_on,
        is_open=row.is_open,
        acting=acting.name if acting else None,
        answerable=row.is_open
        and row.state != State.UNROUTED
        and rights.may(user, "answer.send", [row.acting_id, row.clock_id]),
    )


def _given(user: User, problem_id: int) -> list[Given]:
    joints = list(Joint.objects.filter(problem_id=problem_id).select_related("officer").order_by("-id"))
    counts: dict[tuple[int, Any], int] = {
        (joint, solved): count
        for joint, solved, count in Answer.objects.filter(joint__in=joints)
        .values_list("joint_id", "verdict__solved")
        .annotate(count=Count("id"))
    }
    given = []
    for joint in joints:
        solved, not_solved = counts.get((joint.id, True), 0), counts.get((joint.id, False), 0)
        sent = solved + not_solved + counts.get((joint.id, None), 0)
        given.append(
            Given(
                joint, str(joint.officer), sent, solved, not_solved,
                is_leaving=joint.ended_at is None, is_own=joint.officer_id == user.id,
                was_taken_back=joint.ended_at is not None and not sent,
            )
        )  # fmt: skip
    return given


@dataclass(frozen=True, slots=True)
class PartLine:
    """A part of a letter, or the letter a part came from."""

    number: str
    state: str
    due_on: date | None
    is_open: bool
    acting: Names | None
    text: str


def parts_of(appeal_id: int) -> list[PartLine]:
    """The parts of a letter, in order; the reader may see the letter, and its author wrote them all."""
    parts = {one.id: one for one in hear.parts_of(appeal_id)}
    known = {row.appeal_id: row for row in Handling.objects.filter(appeal_id__in=parts)} if parts else {}
    lines = []
    for part in parts.values():
        row = known.get(part.id)
        acting = house().offices.get(row.acting_id or 0) if row else None
        lines.append(
            PartLine(
                part.number, row.state if row else "received", row.due_on if row else None,
                row.is_open if row else True, acting.name if acting else None, part.text,
            )
        )  # fmt: skip
    return lines

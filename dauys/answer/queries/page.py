"""Everything an officer needs to answer one appeal, in a fixed number of statements."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import Exists, OuterRef, Q, Subquery

from dauys.answer import skeletons, words
from dauys.answer.actions.following import way_after_correction
from dauys.answer.actions.passings import ROUND, goes_round, paths_of
from dauys.answer.actions.placing import redirect_by
from dauys.answer.models import (
    Answer,
    Deferred,
    Draft,
    Handling,
    Message,
    Promise,
    Routing,
    Ruling,
    State,
    Template,
)
from dauys.answer.queries.desk import may_see, visible
from dauys.answer.queries.enclosures import Enclosed, enclosed, with_files
from dauys.answer.queries.explained import Explained, promise_explained
from dauys.answer.queries.problems import PartLine, parts_of
from dauys.hear import heard as hear
from dauys.institution import rights
from dauys.institution.models import User
from dauys.institution.queries import Names, house
from dauys.ledger import queries as ledger
from dauys.understand import masking
from dauys.understand import queries as understand

ALIKE_LETTERS = 160


@dataclass(frozen=True, slots=True)
class FindingLine:
    """One conclusion: its aspect, what was concluded, why, how surely, and by whom."""

    aspect: str
    label: str
    value: str
    said: str
    why: str
    confidence: float
    is_persons: bool
    on: date | None = None


@dataclass(frozen=True, slots=True)
class Past:
    """One entry of the ledger, in words. `leaf_index` is None until sealed, and for what is not public."""

    at: datetime
    words: str
    actor: str
    is_public: bool
    leaf_index: int | None
    verb: str = ""
    actor_id: int | None = None


@dataclass(frozen=True, slots=True)
class DraftNow:
    text: str
    outcome: str
    officer_id: int
    officer: str
    saved_at: datetime
    by_machine: bool = False


@dataclass(frozen=True, slots=True)
class AlikeLine:
    """Another appeal that may be about the same matter; its first words with personal data hidden."""

    number: str
    received_at: datetime
    language: str
    first_words: str
    score: float
    joined: bool
    why: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MatterLine:
    """What the machine takes for one problem: in words, and the appeals of it that this person may bring together."""

    said: str
    why: tuple[str, ...]
    numbers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AppealPage:
    handling: Handling
    appeal: Any
    topic: Names | None
    area: Names | None
    acting: Names | None
    clock: Names | None
    why_here: list[str]
    promise: Explained | None
    redirect_by: date | None
    leads_to: Names | None
    """The office a person's correction leads to, while the appeal is still at another one."""
    findings: Sequence[FindingLine]
    attachments: Sequence[Any]
    messages: Sequence[Message]
    notes: Sequence[Message]
    answers: Sequence[Answer]
    draft: DraftNow | None
    skeleton: str
    history: Sequence[Past]
    may: dict[str, bool]
    enclosing: Sequence[Any] = ()
    """Files beside the draft: they go with the answer."""
    parts: Sequence[PartLine] = ()
    whole: str = ""
    """The number of the letter this is a part of."""
    problem_id: int | None = None
    path: Sequence[Names] = ()
    """The offices it was at, in order, once it has been passed on twice."""
    goes_round: bool = False
    given_why: str = ""
    """Why the officer has it, where the machine gave it out."""

    @property
    def law(self) -> str:
        """The article that says what this answer must hold; empty where no law binds the body that owes it."""
        return skeletons.law(self.promise.policy.family, words.language()) if self.promise else ""

    @property
    def thread(self) -> list[Message | Answer]:
        """Messages and answers as they followed each other."""
        said: list[Message | Answer] = [*self.messages, *self.answers]
        return sorted(said, key=lambda one: one.sent_at)


def appeal_page(user: User | AnonymousUser, number: str) -> AppealPage | None:
    """The page of one appeal; None where there is none, or not for this reader: both look the same to a
    stranger.
    """
    if "\0" in number or not rights.may(user, "hear.read"):  # PostgreSQL breaks on a question that holds a NUL
        return None
    last_promise = Promise.objects.filter(appeal_id=OuterRef("appeal_id")).order_by("-id")
    last_routing = Routing.objects.filter(appeal_id=OuterRef("appeal_id")).order_by("-id")
    draft = Draft.objects.filter(appeal_id=OuterRef("appeal_id"))
    handling = (
        Handling.objects.select_related("appeal", "appeal__sealed", "officer", "appeal__taken_by", "appeal__part_of")
        .annotate(
            why=Subquery(last_routing.values("reasons")[:1]),
            chosen_at=Subquery(last_routing.values("made_at")[:1]),
            promise_policy=Subquery(last_promise.values("policy")[:1]),
            promise_from=Subquery(last_promise.values("registered_on")[:1]),
            promise_due=Subquery(last_promise.values("due_on")[:1]),
            promise_reason=Subquery(last_promise.values("reason")[:1]),
            promise_origin=Subquery(last_promise.values("origin")[:1]),
            draft_text=Subquery(draft.values("text")[:1]),
            draft_outcome=Subquery(draft.values("outcome")[:1]),
            draft_officer=Subquery(draft.values("officer_id")[:1]),
            draft_name=Subquery(draft.values("officer__name")[:1]),
            draft_at=Subquery(draft.values("saved_at")[:1]),
            draft_by_machine=Subquery(draft.values("by_machine")[:1]),
            problem=understand.problem_expression("appeal_id"),
            # Most appeals have none of these: then they are not asked for.
            has_parts=hear.has_parts("appeal_id"),
            has_files=Exists(
                Handling.objects.filter(appeal_id=OuterRef("appeal_id"), appeal__attachments__isnull=False)
            ),
            has_messages=Exists(Message.objects.filter(appeal_id=OuterRef("appeal_id"))),
            has_answers=Exists(Answer.objects.filter(appeal_id=OuterRef("appeal_id"))),
            has_rulings=Exists(Ruling.objects.filter(appeal_id=OuterRef("appeal_id"))),
            has_held=Exists(Deferred.objects.filter(Q(appeal_id=OuterRef("appeal_id")) | Q(officer=user.pk))),
            has_templates=Exists(Template.objects.filter(is_open=True)),
        )
        .filter(appeal__number=number)
        .first()
    )
    if handling is None or not may_see(user, handling):
        return None
    place, appeal = house(), handling.appeal
    said: list[Message] = []
    if handling.has_messages:
        said += Message.objects.filter(appeal_id=appeal.id).select_related("officer").order_by("sent_at", "id")
    answers: list[Answer] = []
    if handling.has_answers:
        answers += Answer.objects.filter(appeal_id=appeal.id).select_related("officer", "verdict").order_by("ordinal")
    acting, clock = place.offices.get(handling.acting_id or 0), place.offices.get(handling.clock_id or 0)
    topic, area = place.topics.get(handling.topic_id or 0), place.areas.get(handling.area_id or 0)
    findings = understand.findings_of(appeal.id)
    entries = ledger.entries_of(appeal.case)
    path = paths_of([appeal.id]).get(appeal.id, []) if handling.hand_overs >= ROUND else []
    way = way_after_correction(
        handling,
        said_at=[one.made_at for one in findings if one.officer_id and one.aspect in ("topic", "place")],
        chosen_at=handling.chosen_at,
        place=place,
    )
    files = enclosed(appeal.id) if handling.has_files else Enclosed()
    with_files(said, answers, files)
    return AppealPage(
        handling=handling,
        appeal=appeal,
        topic=topic.name if topic else None,
        area=area.name if area else None,
        acting=acting.name if acting else None,
        clock=clock.name if clock else None,
        why_here=words.routing(handling.why or []),
        promise=promise_explained(
            policy_id=handling.promise_policy,
            registered_on=handling.promise_from,
            due_on=handling.promise_due,
            reason=handling.promise_origin or handling.promise_reason,
            received_on=_received_on(handling, handling.promise_origin or handling.promise_reason),
            recounted=bool(handling.promise_origin),
        )
        if handling.promise_policy
        else None,
        redirect_by=redirect_by(place, policy_id=handling.promise_policy, arrived_on=handling.promise_from)
        if handling.promise_policy
        else None,
        leads_to=way.acting.name if way and way.acting else None,
        findings=[_finding(row, handling.appeal.text) for row in findings],
        attachments=list(appeal.attachments.filter(came_later=False)) if handling.has_files else [],
        enclosing=files.waiting,
        messages=[one for one in said if one.author != Message.Author.NOTE],
        notes=[one for one in said if one.author == Message.Author.NOTE],
        answers=answers,
        draft=DraftNow(
            handling.draft_text,
            handling.draft_outcome,
            handling.draft_officer,
            handling.draft_name,
            handling.draft_at,
            handling.draft_by_machine,
        )
        if handling.draft_at
        else None,
        skeleton=skeletons.skeleton(appeal.language),
        history=[
            Past(
                entry.at,
                words.deed(entry.verb, entry.detail, for_citizen=False),
                str(entry.actor) if entry.actor else "",
                entry.leaf is not None,
                entry.leaf_index,
                entry.verb,
                entry.actor_id,
            )
            for entry in entries
        ],
        may=allowed(user, handling),
        parts=parts_of(appeal.id) if handling.has_parts else (),
        whole=appeal.part_of.number if appeal.part_of is not None else "",
        problem_id=handling.problem,
        path=[place.offices[one].name for one in path if one in place.offices],
        goes_round=goes_round(path),
        given_why=words.shared(entries, handling.officer_id),
    )


def _received_on(handling: Handling, reason: str) -> date | None:
    # A term that began anew, by redirection or dispute, has nothing to do with the first receipt.
    if reason in ("redirected", "reopened"):
        return None
    return handling.appeal.received_at.astimezone(house().zone).date()


def _finding(row: Any, text: str) -> FindingLine:
    said, why = words.finding(row.aspect, row.value, row.reasons, text)
    return FindingLine(
        row.aspect, row.get_aspect_display(), row.value, said, why, row.confidence, row.officer_id is not None,
        date.fromisoformat(row.value) if row.aspect == "deadline" else None,
    )  # fmt: skip


def allowed(user: User | AnonymousUser, handling: Handling) -> dict[str, bool]:
    """Which verbs the page offers. The actions check again."""
    offices = [handling.acting_id, handling.clock_id]
    if handling.state == State.UNROUTED:
        routes = rights.may(user, "answer.route")
        return {
            "redirect": routes,
            "read_contact": routes and rights.may(user, "hear.read_contact"),
            "manage_rules": rights.may(user, "answer.manage_rules"),
        }
    is_open = handling.is_open
    return {
        "take": is_open and handling.officer_id is None and rights.may(user, "answer.take", offices),
        "assign": is_open and rights.may(user, "answer.assign", offices),
        "redirect": is_open and rights.may(user, "answer.redirect", offices),
        "move_clock": is_open and rights.may(user, "answer.redirect", [handling.clock_id]),
        "write": rights.may(user, "answer.write", offices),
        "send": is_open and rights.may(user, "answer.send", offices),
        "split": is_open and handling.appeal.part_of_id is None and rights.may(user, "answer.split", offices),
        "read_contact": rights.may(user, "hear.read_contact", offices),
        "triage": rights.may(user, "understand.triage"),
    }


def _why_alike(one: understand.Alike) -> tuple[str, ...]:
    """Reasons in sentences; words in common are named as far as the masked text shows them."""
    said = []
    for kind, value in one.reasons:
        shown = value
        if kind == "words":
            shown = ", ".join(masking.standing(value.split(", "), masking.for_colleagues(one.appeal.text)))
        said.append(words.alike(kind, shown) if shown else "")
    return tuple(filter(None, said))


def alike_visible(user: User, appeal_id: int) -> list[AlikeLine]:
    """Appeals that may be of the same matter, of those this person may read; masked: they may be others' to answer."""
    found = understand.alike_to(appeal_id)
    seen = visible(user)
    if seen is None or not found:
        return []
    readable = set(
        Handling.objects.filter(seen, appeal_id__in=[one.appeal.id for one in found]).values_list(
            "appeal_id", flat=True
        )
    )
    return [
        AlikeLine(
            one.appeal.number,
            one.appeal.received_at,
            one.appeal.language,
            masking.first_words(one.appeal.text, most=ALIKE_LETTERS),
            one.score,
            one.joined,
            _why_alike(one),
        )
        for one in found
        if one.appeal.id in readable
    ]


def matter_visible(user: User, appeal_id: int) -> MatterLine | None:
    """The group the machine put this appeal into, as far as this person may read it and nobody joined it yet."""
    matter = understand.matter_of(appeal_id)
    seen = visible(user)
    if matter is None or seen is None:
        return None
    apart = set(matter.ids) - {appeal_id, *understand.members(appeal_id)}
    rows = Handling.objects.filter(seen, appeal_id__in=apart)
    numbers = tuple(rows.order_by("-appeal_id").values_list("appeal__number", flat=True))
    if not numbers:
        return None
    said, why = words.matter(matter.kind, matter.count, matter.reasons)
    return MatterLine(said, why, numbers)

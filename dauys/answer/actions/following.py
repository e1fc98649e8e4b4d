"""A person corrected what an appeal is about, or where: its place among the offices follows."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import OuterRef, Subquery

from dauys.answer import promises
from dauys.answer.actions.failures import AlreadyAnswered, SameOffice
from dauys.answer.actions.ground import routed
from dauys.answer.actions.placer import Matter, Placed, Placer, Way, detail, standing, subject, way_of
from dauys.answer.actions.placing import forward
from dauys.answer.models import Followed, Handling, Promise, Routing, State
from dauys.hear import heard as hear
from dauys.institution import rights
from dauys.institution.models import User
from dauys.institution.queries import House, house
from dauys.ledger import actions as ledger
from dauys.ledger.core.leaf import Kind as LeafKind
from dauys.understand import queries as understand

AT_ONCE = 50
"""Findings followed under one holding of the pen: about a fifth of a second, in which nobody else can write."""


def reroute_pending(*, now: datetime, limit: int = 200) -> int:
    """Follow what people have said of topics and places since the last look; returns how many findings that was.

    The topic, area and district of an appeal always follow. An appeal without an office is tried again. One that
    nobody has taken, and that no person has given to its office by hand, goes where the rules now lead; otherwise
    the officer decides (`pass_on_corrected`). Two small looks at rest, whatever the number of appeals.
    """
    if understand.newest_finding() <= _followed():
        return 0
    with transaction.atomic():
        on = ledger.take_pen(house().today(now))
        followed, newest = _followed(), understand.newest_finding()
        most = min(limit, AT_ONCE)
        said = understand.said_after(followed, limit=most)
        _follow({appeal for _finding, appeal in said}, now=now, on=on)
        Followed.objects.update_or_create(
            id=1, defaults={"finding": said[-1][0] if len(said) == most else max(newest, followed)}
        )
    return len(said)


def _followed() -> int:
    return Followed.objects.filter(id=1).values_list("finding", flat=True).first() or 0


def _follow(appeals: set[int], *, now: datetime, on: date) -> None:
    if not appeals:
        return
    chosen_by = Routing.objects.filter(appeal_id=OuterRef("appeal_id")).order_by("-id").values("officer_id")[:1]
    rows = list(
        Handling.objects.select_for_update(of=("self",))
        .select_related("appeal")
        .annotate(chosen_by=Subquery(chosen_by))
        .filter(appeal_id__in=appeals)
        .order_by("appeal_id")
    )
    examined = understand.examined(row.appeal_id for row in rows)
    heard = {row.id: row for row in hear.heard_by_ids(examined)}
    placer = Placer(house(), now)
    for row in rows:
        about = subject(examined[row.appeal_id])
        if all(getattr(row, name) == value for name, value in about.items()):
            continue  # a person said what the machine had said
        for name, value in about.items():
            setattr(row, name, value)
        placed = placer.place(heard[row.appeal_id], examined[row.appeal_id])
        if row.state == State.UNROUTED:
            place_again(row, placed, now=now, on=on)
            continue
        row.save(update_fields=["topic", "area", "district"])
        if row.is_open and row.officer_id is None and row.chosen_by is None and _leads_elsewhere(row, placed.way):
            _go(row, placed.way, officer=None, now=now, on=on)
        else:
            ledger.append_many([ledger.Act("answer.follow", row.appeal.case, now, detail=_told(row))], on=on)


def _leads_elsewhere(row: Handling, way: Way) -> bool:
    return way.acting is not None and (way.acting_id, way.clock_id) != (row.acting_id, row.clock_id)


def _go(row: Handling, way: Way, *, officer: User | None, now: datetime, on: date) -> None:
    assert way.acting is not None
    forward(
        row, acting_id=way.acting.id, clock_id=way.clock_id, code="corrected", why=way.reasons,
        officer=officer, now=now, on=on,
    )  # fmt: skip


def _told(row: Handling) -> dict[str, Any]:
    place = house()
    topic, area = place.topics.get(row.topic_id or 0), place.areas.get(row.area_id or 0)
    return {"topic": topic.code if topic else None, "area": area.code if area else None}


def place_again(row: Handling, one: Placed, *, now: datetime, on: date) -> None:
    """The rules are asked once more for an appeal they found no office for."""
    Routing.objects.create(
        appeal_id=row.appeal_id,
        acting_id=one.way.acting_id,
        clock_id=one.way.clock_id,
        reasons=one.way.reasons,
        made_at=now,
    )
    due_before = row.due_on
    for name, value in asdict(standing(one)).items():
        setattr(row, name, value)
    row.save()
    public = None
    if one.way.clock is not None and row.due_on != due_before and one.owed:
        Promise.objects.create(
            appeal_id=row.appeal_id,
            office_id=one.way.clock.id,
            policy=one.owed.policy.id,
            registered_on=one.heard.registered_on,
            due_on=one.owed.due_on,
            reason="routed",
            made_at=now,
        )
        public = ledger.Public(LeafKind.AMENDED, due_on=one.owed.due_on, code=promises.leaf_code(one.owed.policy))
    ledger.append_many([ledger.Act("answer.route", one.heard.case, now, detail=detail(one), public=public)], on=on)


def way_after_correction(
    row: Handling, *, said_at: Sequence[datetime], chosen_at: datetime | None, place: House
) -> Way | None:
    """Where an open appeal belongs since a person corrected it; None where it stays or nobody has spoken.

    `said_at`: when people said what it is about or where; `chosen_at`: when its office was chosen. A choice made
    after the correction knew of it, and stands.
    """
    if not row.is_open or row.state == State.UNROUTED or not said_at:
        return None
    if chosen_at is not None and max(said_at) < chosen_at:
        return None
    matter = Matter(
        topic_id=row.topic_id,
        topic_confidence=1.0 if row.topic_id else 0.0,
        area_id=row.area_id,
        kind=row.appeal.kind,
        about_office_id=row.appeal.about_office_id,
        labels=row.appeal.labels,
        channel=row.appeal.channel,
        urgency=row.urgency,
        text=row.appeal.text,
    )
    way = way_of(place, matter)
    return way if _leads_elsewhere(row, way) else None


def pass_on_corrected(*, appeal_id: int, officer: User, now: datetime) -> Handling:
    """Pass an appeal that somebody works on to the office a person's correction leads to.

    The clock goes as in `redirect`. Raises NotRouted, AlreadyAnswered, SameOffice (it leads nowhere else);
    PermissionDenied.
    """
    place = house()
    with transaction.atomic():
        row, on = routed(appeal_id, now=now)
        rights.require(officer, "answer.redirect", [row.acting_id, row.clock_id])
        if not row.is_open:
            raise AlreadyAnswered
        said_at = understand.said_at(appeal_id)
        chosen = Routing.objects.filter(appeal_id=appeal_id).order_by("-id").values_list("made_at", flat=True).first()
        way = way_after_correction(row, said_at=[said_at] if said_at else [], chosen_at=chosen, place=place)
        if way is None:
            raise SameOffice
        _go(row, way, officer=officer, now=now, on=on)
    return row

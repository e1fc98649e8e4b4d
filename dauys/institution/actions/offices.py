from collections.abc import Sequence
from datetime import datetime
from typing import Any

from dauys.institution.actions.failures import AlreadyThere, InUse, NoSuch, WrongParent
from dauys.institution.actions.ground import allow, changing, columns, write
from dauys.institution.models import Appointment, Area, Competence, Office, Topic, User
from dauys.institution.plan import CompetencePlan, OfficePlan
from dauys.institution.queries import house


def add_office(*, office: OfficePlan, officer: User | None, now: datetime) -> Office:
    """A new office with what it answers for. Raises AlreadyThere, NoSuch, NoName."""
    allow(officer, house().office_by_code[office.parent].id if office.parent in house().office_by_code else None)
    with changing(now=now) as on:
        row = create(office)
        write(
            "institution.add_office", officer=officer, on=on, now=now,
            detail={"office": office.code}, rule=("policy", _rule(row)),
        )  # fmt: skip
    return row


def create(office: OfficePlan) -> Office:
    """The rows of a new office, inside the caller's transaction."""
    if Office.objects.filter(code=office.code).exists():
        raise AlreadyThere(office.code)
    row = Office.objects.create(code=office.code, **_office_columns(office))
    _compete(row, office.competences)
    return row


def change_office(*, office: OfficePlan, officer: User | None, now: datetime) -> Office:
    """Make an office what the plan says, all but its competences. Raises NoSuch, NoName, WrongParent."""
    row = _office(office.code)
    allow(officer, row.id)
    with changing(now=now) as on:
        wanted, before = _office_columns(office), _rule(row)
        if wanted["parent"] is not None and wanted["parent"].id in house().below.get(row.id, {row.id}):
            raise WrongParent
        if wanted["parent"] != row.parent:  # who stands above decides who may manage it
            allow(officer, wanted["parent"].id if wanted["parent"] else None)
        changed = [column for column, value in wanted.items() if getattr(row, column) != value]
        if changed:
            for column in changed:
                setattr(row, column, wanted[column])
            row.save(update_fields=changed)
            after = _rule(row)
            write(
                "institution.change_office", officer=officer, on=on, now=now,
                detail={"office": office.code, "changed": changed},
                rule=("policy", after) if after != before else None,
            )  # fmt: skip
    return row


def close_office(*, code: str, officer: User | None, now: datetime) -> None:
    """Take an office out of service. Raises NoSuch; InUse while an open office or a person holds to it."""
    row = _office(code)
    allow(officer, row.id)
    with changing(now=now) as on:
        below = row.children.filter(is_open=True).first()
        if below is not None:
            raise InUse(below.code)
        held = Appointment.objects.filter(office=row, until_on=None).select_related("user").first()
        if held is not None:
            raise InUse(held.user.email)
        if Office.objects.filter(pk=row.pk, is_open=True).update(is_open=False):
            write(
                "institution.close_office", officer=officer, on=on, now=now,
                detail={"office": code}, rule=("policy", {"office": code, "policy": None}),
            )  # fmt: skip


def set_competences(*, code: str, competences: Sequence[CompetencePlan], officer: User | None, now: datetime) -> None:
    """Replace what an office answers for. Raises NoSuch."""
    row = _office(code)
    # Who answers for what decides where others' appeals go: a matter of the whole house, not of one branch.
    allow(officer)
    with changing(now=now) as on:
        before = set(row.competences.values_list("area__code", "topic__code", "acts", "holds_clock"))
        if before != {(each.area, each.topic, each.acts, each.holds_clock) for each in competences}:
            row.competences.all().delete()
            _compete(row, competences)
            detail = {"office": code, "before": len(before), "after": len(competences)}
            write("institution.set_competences", officer=officer, on=on, now=now, detail=detail)


def _compete(row: Office, competences: Sequence[CompetencePlan]) -> None:
    areas = _ids(Area, "area", {each.area for each in competences if each.area})
    topics = _ids(Topic, "topic", {each.topic for each in competences if each.topic})
    Competence.objects.bulk_create(
        Competence(
            office=row,
            area_id=areas[each.area] if each.area else None,
            topic_id=topics[each.topic] if each.topic else None,
            acts=each.acts,
            holds_clock=each.holds_clock,
        )
        for each in competences
    )


def _ids(model: type[Area] | type[Topic], kind: str, codes: set[str]) -> dict[str, int]:
    found = dict(model.objects.filter(code__in=codes).values_list("code", "id"))
    if missing := codes - set(found):
        raise NoSuch(kind, min(missing))
    return found


def _office_columns(office: OfficePlan) -> dict[str, Any]:
    area = Area.objects.filter(code=office.area).first() if office.area else None
    if office.area and area is None:
        raise NoSuch("area", office.area)
    return {
        "parent": _office(office.parent) if office.parent else None,
        "kind": office.kind,
        "area": area,
        "policy": office.policy,
        "rules": office.rules,
        "email": office.email,
        "hours": office.hours,
        **columns(office.name),
    }


def _rule(row: Office) -> dict[str, Any]:
    return {"office": row.code, "policy": row.policy, "rules": row.rules}


def _office(code: str) -> Office:
    row = Office.objects.select_related("parent", "area").filter(code=code).first()
    if row is None:
        raise NoSuch("office", code)
    return row

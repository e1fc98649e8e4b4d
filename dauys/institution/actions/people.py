import secrets
from datetime import datetime

from django.core.exceptions import PermissionDenied

from dauys.institution import reach, rights
from dauys.institution.actions.failures import AlreadyThere, LastAdministrator, NoSuch, StillOwes
from dauys.institution.actions.ground import MANAGE, allow, changing, write
from dauys.institution.models import Appointment, Office, Role, User
from dauys.institution.queries import house

LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
"""No letter that is taken for another one when a password is read from paper."""


def add_person(*, name: str, email: str, language: str, officer: User | None, now: datetime) -> User:
    """A person with no appointment and no password yet (new_password, appoint). Raises AlreadyThere."""
    if officer is not None:
        rights.require(officer, MANAGE)
    with changing(now=now) as on:
        if User.objects.filter(email=email.lower()).exists():
            raise AlreadyThere(email.lower())
        person = User.objects.create_user(email, None, name=name, language=language)
        write("institution.add_person", officer=officer, on=on, now=now, detail={"person": person.id})
    return person


def new_password(*, person: User, officer: User | None, now: datetime) -> str:
    """Give a person a new random password, to be shown once and changed by them; kept only as a digest.

    An administrator may do so only for people all of whose appointments they manage: otherwise one of a small
    branch could sign in as the head of the region.
    """
    if officer is not None:
        held = set(Appointment.objects.filter(user=person, until_on=None).values_list("office_id", flat=True))
        rights.require(officer, MANAGE)
        if not held <= rights.offices_for(officer, MANAGE):
            raise PermissionDenied(MANAGE)
    password = "-".join("".join(secrets.choice(LETTERS) for _ in range(5)) for _ in range(4))
    with changing(now=now) as on:
        person.set_password(password)
        person.save(update_fields=["password"])
        write("institution.new_password", officer=officer, on=on, now=now, detail={"person": person.id})
    return password


def appoint(*, email: str, office: str, role: str, officer: User | None, now: datetime) -> Appointment:
    """Give a person a role at an office from today. Again changes nothing. Raises NoSuch."""
    place = house()
    bureau = place.office_by_code.get(office)
    if bureau is None:
        raise NoSuch("office", office)
    allow(officer, bureau.id)
    with changing(now=now) as on:
        person = User.objects.filter(email=email.lower()).first()
        if person is None:
            raise NoSuch("person", email)
        appointment, is_new = Appointment.objects.get_or_create(
            user=person,
            office_id=bureau.id,
            role=Role(role),
            until_on=None,
            defaults={"since_on": place.today(now)},
        )
        if is_new:
            detail = {"person": person.id, "office": office, "role": role}
            write("institution.appoint", officer=officer, on=on, now=now, detail=detail)
    return appointment


def end_appointment(*, appointment_id: int, officer: User | None, now: datetime) -> Appointment:
    """End a role at an office today, at once. Again changes nothing.

    Nobody leaves open appeals behind on their name: they are handed over first. Raises NoSuch, LastAdministrator,
    StillOwes.
    """
    found = Appointment.objects.select_related("office", "user").filter(pk=appointment_id).first()
    if found is None:
        raise NoSuch("appointment", appointment_id)
    allow(officer, found.office_id)
    with changing(now=now) as on:
        row = Appointment.objects.select_for_update().get(pk=appointment_id)
        if row.until_on is None:
            if row.role == Role.ADMINISTRATOR and found.office.parent_id is None:
                _require_another(row)
            _require_handed_over(row)
            row.until_on = max(house().today(now), row.since_on)
            row.save(update_fields=["until_on"])
            detail = {"person": row.user_id, "office": found.office.code, "role": row.role}
            write("institution.end_appointment", officer=officer, on=on, now=now, detail=detail)
    return row


def _require_another(row: Appointment) -> None:
    roots = Office.objects.filter(parent=None, is_open=True)
    others = Appointment.objects.filter(
        role=Role.ADMINISTRATOR, office__in=roots, until_on=None, user__is_active=True
    ).exclude(pk=row.pk)
    if not others.exists():
        raise LastAdministrator


def _require_handed_over(row: Appointment) -> None:
    """What the person holds must be answerable by them from their other appointments."""
    place, answering = house(), rights.RIGHTS["answer.send"]
    others = Appointment.objects.filter(user=row.user_id, until_on=None, role__in=answering).exclude(pk=row.pk)
    kept = {one for office in others.values_list("office_id", flat=True) for one in place.below.get(office, ())}
    count = reach.left_behind(row.user_id, kept)
    if count:
        raise StillOwes(count)

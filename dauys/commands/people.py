"""`dauys people`: who works here, from a shell. The same verbs as the administrator's page."""

from typing import Any, NoReturn

import click

from dauys.commands import show
from dauys.commands.run import setup

ROLES = ("operator", "officer", "head", "administrator", "auditor")
as_json_option = click.option("--json", "as_json", is_flag=True, help="Print the outcome as JSON.")


@click.group()
def people() -> None:
    """Add officers and appoint them to offices."""
    setup()


def _established() -> None:
    """Nobody works anywhere before there is an institution."""
    from dauys.institution.queries import NotEstablished, house

    try:
        house()
    except NotEstablished:
        show.stop("There is no institution yet.", remedy="Set one up first: dauys up")


@people.command("add")
@click.argument("email")
@click.option("--name", required=True, help="As citizens and colleagues will read it.")
@click.option("--language", type=click.Choice(["kk", "ru", "en"]), default="ru", show_default=True)
@click.option("--office", help="Code of the office to appoint them to at once.")
@click.option("--role", type=click.Choice(ROLES), help="Their role there.")
@as_json_option
def add(email: str, name: str, language: str, office: str | None, role: str | None, as_json: bool) -> None:
    """Add a person and print their first password, once."""
    _established()
    from django.db import transaction
    from django.utils import timezone

    from dauys.institution import actions

    if "@" not in email.strip("@") or not email.isprintable() or " " in email:
        show.stop(f"{email!r} is no e-mail address.", remedy="Write it as name@example.org.")
    if not name.strip():
        show.stop("--name is empty.", remedy="Write the person's name.")
    if bool(office) != bool(role):
        show.stop("--office and --role go together.", remedy="Give both, or neither.")
    now = timezone.now()
    try:
        with transaction.atomic():  # a wrong office leaves no half-made person behind
            person = actions.add_person(name=name.strip(), email=email, language=language, officer=None, now=now)
            if office and role:
                actions.appoint(email=email, office=office, role=role, officer=None, now=now)
            password = actions.new_password(person=person, officer=None, now=now)
    except actions.AlreadyThere as error:
        show.stop(
            f"{error.code} is here already.",
            remedy="Appoint them: dauys people appoint E-MAIL OFFICE ROLE",
            code=1,
        )
    except actions.NoSuch as error:
        _unknown(error)
    show.result(
        {"email": person.email, "name": person.name, "office": office, "role": role, "password": password},
        as_json=as_json,
        lines=[
            f"{person.name} <{person.email}> is added.",
            f"Password, shown only now: {password}",
            "Hand it to them; they change it after signing in.",
        ],
    )


@people.command("appoint")
@click.argument("email")
@click.argument("office")
@click.argument("role", type=click.Choice(ROLES))
@click.option("--end", is_flag=True, help="End this appointment instead.")
@as_json_option
def appoint(email: str, office: str, role: str, end: bool, as_json: bool) -> None:
    """Give a person a role at an office (its code), or end it with --end. Again changes nothing."""
    _established()
    from django.utils import timezone

    from dauys.institution import actions
    from dauys.institution.models import Appointment

    try:
        if end:
            held = Appointment.objects.filter(
                user__email=email.lower(), office__code=office, role=role, until_on=None
            ).first()
            if held is None:
                show.stop(f"{email} is not {role} at {office}.", remedy="See: dauys people list", code=1)
            made = actions.end_appointment(appointment_id=held.pk, officer=None, now=timezone.now())
        else:
            made = actions.appoint(email=email, office=office, role=role, officer=None, now=timezone.now())
    except actions.NoSuch as error:
        _unknown(error)
    except actions.LastAdministrator:
        show.stop("Nobody else could manage the institution.", remedy="Appoint another administrator first.", code=1)
    until = made.until_on.isoformat() if made.until_on else None
    show.result(
        {"email": email.lower(), "office": office, "role": role, "since": made.since_on, "until": until},
        as_json=as_json,
        lines=[f"{email} is {role} at {office} since {made.since_on}" + (f", until {until}." if until else ".")],
    )


@people.command("list")
@click.option("--office", help="Only people of this office (its code).")
@as_json_option
def list_people(office: str | None, as_json: bool) -> None:
    """Everybody who works here and what they may do where."""
    _established()
    from dauys.institution.models import Appointment, User
    from dauys.institution.queries import house

    if office and office not in house().office_by_code:
        show.stop(f"There is no office {office!r}.", remedy=_near(office), code=1)
    held: dict[int, list[dict[str, str]]] = {}
    for row in Appointment.objects.filter(until_on=None).select_related("office").order_by("office__code", "role"):
        held.setdefault(row.user_id, []).append({"office": row.office.code, "role": row.role})
    found: list[dict[str, Any]] = [
        {
            "email": person.email,
            "name": person.name,
            "language": person.language,
            "active": person.is_active,
            "has_password": person.has_usable_password(),
            "roles": held.get(person.pk, []),
        }
        for person in User.objects.order_by("email")
        if not office or any(role["office"] == office for role in held.get(person.pk, []))
    ]
    lines = []
    for person in found:
        roles = ", ".join(f"{role['role']} at {role['office']}" for role in person["roles"]) or "no appointment"
        marks = "" if person["has_password"] else " (no password yet)"
        marks += "" if person["active"] else " (not active)"
        lines.append(f"{person['email']}  {person['name']}  {roles}{marks}")
    show.result({"people": found}, as_json=as_json, lines=lines or ["Nobody yet. Add them: dauys people add"])


@people.command("password")
@click.argument("email")
@as_json_option
def password(email: str, as_json: bool) -> None:
    """Give a person a new password and print it, once. The old one stops working."""
    _established()
    from django.utils import timezone

    from dauys.institution import actions
    from dauys.institution.models import User

    person = User.objects.filter(email=email.lower()).first()
    if person is None:
        _unknown(actions.NoSuch("person", email))
    made = actions.new_password(person=person, officer=None, now=timezone.now())
    show.result(
        {"email": person.email, "password": made},
        as_json=as_json,
        lines=[f"Password of {person.email}, shown only now: {made}"],
    )


def _unknown(error: "Exception") -> NoReturn:
    kind, code = getattr(error, "kind", "thing"), getattr(error, "code", "")
    remedy = _near(code) if kind == "office" else "See: dauys people list"
    show.stop(f"There is no {kind} {code!r}.", remedy=remedy, code=1)
    raise AssertionError  # show.stop ends the process


def _near(code: str) -> str:
    import difflib

    from dauys.institution.queries import house

    known = sorted(house().office_by_code)
    near = difflib.get_close_matches(code, known, n=1)
    return f"Did you mean {near[0]!r}?" if near else f"Offices: {', '.join(known[:20])}"

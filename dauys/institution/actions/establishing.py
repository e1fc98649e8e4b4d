from datetime import datetime
from zoneinfo import ZoneInfo

from django.db import transaction

from dauys.institution.actions import areas, offices
from dauys.institution.actions.failures import AlreadyEstablished
from dauys.institution.actions.ground import columns, write
from dauys.institution.models import Appointment, CalendarDay, Institution, Role, Topic, User
from dauys.institution.plan import Plan, TopicPlan
from dauys.institution.queries import forget
from dauys.ledger import actions as ledger


def establish(*, plan: Plan, now: datetime) -> Institution:
    """Set the whole institution up, or nothing of it. People have no password yet: see new_password.

    Done by the system, before there is anybody who could have the right. Raises AlreadyEstablished.
    """
    with transaction.atomic():
        on = ledger.take_pen(now.astimezone(ZoneInfo(plan.zone)).date())
        if Institution.objects.exists():
            raise AlreadyEstablished
        institution = Institution.objects.create(
            id=1, country=plan.country, zone=plan.zone, opens=plan.opens, closes=plan.closes,
            is_invented=plan.is_invented, outlines=plan.outlines, created_at=now, **columns(plan.name),
        )  # fmt: skip
        areas.keep(plan.areas)
        _topics(plan.topics)
        waiting, made = list(plan.offices), {}
        while waiting:  # a child after its parent, in whatever order they were written; a Plan has no circles
            for office in [each for each in waiting if not each.parent or each.parent in made]:
                made[office.code] = offices.create(office)
            waiting = [each for each in waiting if each.code not in made]
        for person in plan.people:
            user = User.objects.create_user(person.email, None, name=person.name, language=person.language)
            Appointment.objects.bulk_create(
                Appointment(user=user, office=made[office], role=Role(role), since_on=on)
                for office, role in person.roles
            )
        CalendarDay.objects.bulk_create(
            CalendarDay(
                day=row.day, works=row.works, name_kk=row.name.kk, name_ru=row.name.ru, name_en=row.name.en,
                source=row.source, checked=row.checked,
            )
            for row in plan.days
        )  # fmt: skip
        rule = {
            "country": plan.country,
            "zone": plan.zone,
            "hours": f"{plan.opens:%H:%M}-{plan.closes:%H:%M}",
            "policies": {office.code: office.policy for office in plan.offices},
            "days": [[row.day, row.works, row.source, row.checked] for row in plan.days],
        }
        counts = {"areas": len(plan.areas), "offices": len(plan.offices), "people": len(plan.people)}
        write("institution.establish", officer=None, on=on, now=now, detail=counts, rule=("established", rule))
    forget()
    return institution


def _topics(topics: tuple[TopicPlan, ...]) -> None:
    rows = {
        topic.code: Topic(code=topic.code, position=place, **columns(topic.name))
        for place, topic in enumerate(topics, 1)
    }
    for topic in topics:
        if topic.parent:
            rows[topic.code].parent = rows[topic.parent]
    Topic.objects.bulk_create(row for row in rows.values() if row.parent is None)
    parts = [row for row in rows.values() if row.parent is not None]
    for row in parts:
        row.parent_id = row.parent.id  # type: ignore[union-attr]  # numbered by the line above
    Topic.objects.bulk_create(parts)

"""Who holds which role at one office, for the administrator's page."""

from dataclasses import dataclass
from datetime import date

from dauys.institution.models import Appointment, Role


@dataclass(frozen=True, slots=True)
class Held:
    """One appointment that has not ended."""

    id: int
    person_id: int
    name: str
    email: str
    role: str
    since_on: date
    has_password: bool


def held_at(office_id: int) -> list[Held]:
    """Appointments at this office, by name."""
    rows = Appointment.objects.filter(office_id=office_id, until_on=None).select_related("user")
    return [
        Held(
            row.pk, row.user_id, row.user.name, row.user.email, str(Role(row.role).label),
            row.since_on, row.user.has_usable_password(),
        )
        for row in rows.order_by("user__name", "role")
    ]  # fmt: skip

"""Who may do which verb, and where. What is not written here is denied."""

from collections.abc import Iterable

from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied

from dauys.institution.models import Appointment, Role, User
from dauys.institution.queries import house

_STAFF = frozenset({Role.OPERATOR, Role.OFFICER, Role.HEAD})

RIGHTS: dict[str, frozenset[str]] = {
    "hear.write_down": _STAFF,
    "hear.read": _STAFF | {Role.AUDITOR},
    "hear.read_contact": _STAFF,
    "hear.import": frozenset({Role.ADMINISTRATOR}),
    "understand.decide": _STAFF,
    "understand.triage": frozenset({Role.OPERATOR, Role.HEAD}),
    "understand.news": frozenset({Role.OPERATOR, Role.HEAD, Role.ADMINISTRATOR}),
    "understand.manage_model": frozenset({Role.ADMINISTRATOR, Role.HEAD}),
    "answer.route": frozenset({Role.OPERATOR, Role.HEAD}),
    "answer.redirect": _STAFF,
    "answer.split": _STAFF,
    "answer.manage_rules": frozenset({Role.ADMINISTRATOR, Role.HEAD}),
    "answer.pass_again": frozenset({Role.HEAD}),
    "answer.share": frozenset({Role.HEAD}),
    "answer.assign": frozenset({Role.OPERATOR, Role.HEAD}),
    "answer.take": _STAFF,
    "answer.write": _STAFF,
    "answer.send": frozenset({Role.OFFICER, Role.HEAD}),
    "answer.recounts": _STAFF | {Role.AUDITOR, Role.ADMINISTRATOR},
    "answer.save_template": frozenset({Role.HEAD, Role.ADMINISTRATOR}),
    # Steps of procedure: who decides one of them, the rule of the case narrows further.
    "answer.extend": _STAFF,
    "answer.pause": _STAFF,
    "answer.mend": _STAFF,
    "answer.return": _STAFF,
    "answer.terminate": _STAFF,
    "answer.pass_up": _STAFF,
    "answer.hear": frozenset({Role.OFFICER, Role.HEAD}),
    "answer.hand_over": frozenset({Role.HEAD, Role.ADMINISTRATOR}),
    "answer.see_verdicts": frozenset({Role.HEAD}),
    "institution.manage": frozenset({Role.ADMINISTRATOR}),
    "ledger.audit": frozenset({Role.AUDITOR, Role.ADMINISTRATOR}),
}
"""Each verb and the roles that may do it: at their own office and at every office under it."""


OF_THE_HOUSE = frozenset({"answer.route", "answer.manage_rules"})
"""Verbs about what belongs to no office yet: only at an office that stands under no other, not at every branch."""


def appointments(user: User | AnonymousUser) -> list[tuple[int, str]]:
    """(office id, role) of a person now; asked once for each request's user object."""
    if not user.is_authenticated or not user.is_active:
        return []
    known: list[tuple[int, str]] | None = user.__dict__.get("_posts")
    if known is None:
        known = list(Appointment.objects.filter(user=user, until_on=None).values_list("office_id", "role"))
        user.__dict__["_posts"] = known
    return known


def offices_for(user: User | AnonymousUser, verb: str) -> frozenset[int]:
    """All offices at which the person may do the verb; empty for a stranger."""
    roles = RIGHTS[verb]
    place = house()
    below = place.below
    mine: set[int] = set()
    for office, role in appointments(user):
        if verb in OF_THE_HOUSE and (office not in place.offices or place.offices[office].parent_id is not None):
            continue
        if role in roles:
            mine |= below.get(office, frozenset())
    return frozenset(mine)


def may(user: User | AnonymousUser, verb: str, offices: Iterable[int | None] | None = None) -> bool:
    """Whether the person may do the verb at any of these offices (at any office at all where none is named)."""
    allowed = offices_for(user, verb)
    return bool(allowed) if offices is None else any(office in allowed for office in offices)


def require(user: User | AnonymousUser, verb: str, offices: Iterable[int | None] | None = None) -> None:
    """Raise PermissionDenied unless `may`."""
    if not may(user, verb, offices):
        raise PermissionDenied(verb)

"""The ticket (талон) an applicant takes home: unique number, date, time, who took it (APPC art. 64(2))."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import override

from dauys.answer import days
from dauys.answer.letters.typesetting import mark_of_invention, square, typeset
from dauys.hear.models import Appeal, Kind
from dauys.institution import rights
from dauys.institution.models import Role
from dauys.institution.queries import house


def ticket(appeal: Appeal, *, code: str, address: str, scan: str) -> bytes:
    """The ticket of one appeal, in its language. `code`: the access code, empty where it is shown no more.

    `address` is where the appeal is followed; `scan` the same with its number, and the code where there is one.
    """
    place, language = house(), appeal.language
    office = place.offices.get(appeal.taken_at_id or 0)
    received = appeal.received_at.astimezone(place.zone)
    with override(language):
        title = _("Receipt of an appeal")
        told: dict[str, Any] = {
            "language": language,
            "title": title,
            "institution": place.name.in_language(language),
            "office": office.name.in_language(language) if office else "",
            "number": appeal.number,
            "marks": [
                [_("Received"), days.moment(received, language)],
                [_("Registered"), days.day(appeal.registered_on, language)],
                [_("Kind"), str(Kind(appeal.kind).label)],
                [_("Taken by"), ", ".join(_taker(appeal)) or _("this site, without a person")],
            ],
            "square": square(scan),
            "scan": _("Scan to follow it"),
            "code": code,
            "code_label": _("Access code"),
            "notes": _notes(appeal, code, address, is_later=appeal.registered_on != received.date()),
            "footer": " · ".join(filter(None, [f"{title} {appeal.number}", mark_of_invention()])),
        }
    return typeset("ticket", told, at=appeal.received_at)


def _taker(appeal: Appeal) -> list[str]:
    """Name and post of whoever took it; nobody where the citizen wrote here."""
    taker = appeal.taken_by
    if taker is None:
        return []
    posts = dict(rights.appointments(taker))
    role = posts.get(appeal.taken_at_id or 0) or next(iter(posts.values()), None)
    return [taker.name, *([str(Role(role).label)] if role else [])]


def _notes(appeal: Appeal, code: str, address: str, *, is_later: bool) -> list[str]:
    said = [_("To follow the appeal open %(address)s and type the number and the code.") % {"address": address}]
    if code:
        said.append(_("Whoever has the code can read the appeal; a lost code is not replaced."))
    else:
        said.append(_("The access code was shown when the appeal was filed. It is not shown a second time."))
    if is_later:
        said.append(_("It came outside working hours, so the law’s clock starts on the next working day."))
    return said

"""The office that usually answers such appeals: advice where neither rule nor competence names one."""

from collections.abc import Sequence
from typing import Any

from dauys.engines.routing import ALTERNATIVES, Route
from dauys.institution.queries import Bureau, House
from dauys.understand import queries as understand

FOUND_NONE = frozenset({"nobody_acts", "topic_unknown", "topic_unsure"})
"""Why no office was named. Any other reason, the body complained about above all, is for a person alone."""


def usual(place: House, route: Route, *, office_id: int | None, about_office_id: int | None) -> Bureau | None:
    """The office the reader is sure of, where the route names none; never the body complained about or one below."""
    codes = {reason.code for reason in route.reasons}
    office = place.offices.get(office_id or 0)
    if route.acting is not None or office is None or not codes & FOUND_NONE or "complained_about" in codes:
        return None
    barred = place.below.get(about_office_id, frozenset({about_office_id})) if about_office_id else frozenset()
    return None if office.id in barred else office


def gives_alone(confidence: float, *, about_office_id: int | None) -> bool:
    """Whether the institution lets the machine give the appeal to that office. Who judges a complaint about a body is
    laid down by law and never left to what is usual.
    """
    least = understand.alone()
    return least is not None and confidence >= least and about_office_id is None


def given(office: Bureau, confidence: float, route: Route) -> list[dict[str, Any]]:
    """Why the appeal is there, where the machine gave it."""
    instead = [reason.code for reason in route.reasons]
    return [
        {"code": "usually_acts", "office": office.code, "confidence": confidence, "instead": instead},
        {"code": "clock_with_acting", "office": office.code},
    ]


def offered(office: Bureau, confidence: float, reasons: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """The reasons of a route that names nobody, with this office the first of those a person may choose."""
    others = [one for reason in reasons if reason["code"] == "alternatives" for one in reason["offices"]]
    first = [office.code, *(one for one in others if one != office.code)][:ALTERNATIVES]
    return [
        *(reason for reason in reasons if reason["code"] != "alternatives"),
        {"code": "usual_office", "office": office.code, "confidence": confidence},
        {"code": "alternatives", "offices": first},
    ]

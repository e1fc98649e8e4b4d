"""The reader's language, and names of the house in it."""

from typing import Any

from dauys.institution.names import readers_language
from dauys.institution.queries import House


def language() -> str:
    """The two letters of the reader's language."""
    return readers_language()


def office_name(place: House, code: Any) -> str:
    """The office's name; its code where the house no longer knows it."""
    office = place.office_by_code.get(str(code or ""))
    return str(office.name) if office else str(code or "")


def topic_name(place: House, code: Any) -> str:
    """The topic's name; its code where the house no longer knows it."""
    topic = place.topic_by_code.get(str(code or ""))
    return str(topic.name) if topic else str(code or "")


def area_name(place: House, code: Any) -> str:
    """The area's name; its code where the house no longer knows it."""
    area = place.area_by_code.get(str(code or ""))
    return str(area.name) if area else str(code or "")

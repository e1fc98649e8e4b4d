"""The reader's language, and names of the house in it."""

from typing import Any

from django.utils.translation import get_language

from dauys.institution.queries import House


def language() -> str:
    return (get_language() or "ru")[:2]


def office_name(place: House, code: Any) -> str:
    office = place.office_by_code.get(str(code or ""))
    return str(office.name) if office else str(code or "")


def topic_name(place: House, code: Any) -> str:
    topic = place.topic_by_code.get(str(code or ""))
    return str(topic.name) if topic else str(code or "")


def area_name(place: House, code: Any) -> str:
    area = place.area_by_code.get(str(code or ""))
    return str(area.name) if area else str(code or "")

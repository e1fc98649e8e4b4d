"""Filters for days, moments and numbers, in the institution's zone and the reader's language."""

from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from dauys.institution.queries import NotEstablished, house
from dauys.web import days
from dauys.web.templatetags.parts.register import register


def _zone() -> ZoneInfo:
    try:
        return house().zone
    except NotEstablished:
        return ZoneInfo("UTC")


@register.filter
def day(value: date | datetime | None, form: str = "") -> str:
    """«4 апреля 2026 г.»; forms: short (no year), number (04.04.2026)."""
    if not value:
        return ""
    return days.day(value.astimezone(_zone()).date() if isinstance(value, datetime) else value, form)


@register.filter
def moment(value: datetime | None, form: str = "") -> str:
    """Day and clock in the institution's zone."""
    return days.moment(value.astimezone(_zone()), form) if value else ""


@register.filter
def month(value: date | None) -> str:
    return days.month(value) if value else ""


@register.filter
def weekday(value: date | None) -> str:
    return days.weekday(value) if value else ""


@register.filter
def iso(value: date | datetime | None) -> str:
    """For the datetime attribute of <time>."""
    return value.isoformat() if value else ""


@register.filter
def number(value: float | None, places: int = 0) -> str:
    return days.number(value, places) if isinstance(value, int | float | Decimal) else "–"


@register.filter
def percent(value: float | None, places: int = 0) -> str:
    """A share of one (0.87 → 87 %)."""
    return days.percent(value, places)

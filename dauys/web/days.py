"""Days, moments and numbers as the reader's language writes them.

Django ships no Kazakh formats, and its Kazakh and Russian month names begin with a capital: a date inside a
sentence would look foreign. Kazakh puts the year first («2026 жылғы 4 сәуір»), Russian the month in the
genitive («4 апреля 2026 г.»).
"""

from collections.abc import Mapping
from datetime import date, datetime
from types import MappingProxyType

from django.utils.translation import get_language

MONTHS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "kk": (
            "қаңтар",
            "ақпан",
            "наурыз",
            "сәуір",
            "мамыр",
            "маусым",
            "шілде",
            "тамыз",
            "қыркүйек",
            "қазан",
            "қараша",
            "желтоқсан",
        ),
        "ru": (
            "января",
            "февраля",
            "марта",
            "апреля",
            "мая",
            "июня",
            "июля",
            "августа",
            "сентября",
            "октября",
            "ноября",
            "декабря",
        ),
        "en": (
            "January",
            "February",
            "March",
            "April",
            "May",
            "June",
            "July",
            "August",
            "September",
            "October",
            "November",
            "December",
        ),
    }
)
_RUSSIAN_ALONE = (
    "январь",
    "февраль",
    "март",
    "апрель",
    "май",
    "июнь",
    "июль",
    "август",
    "сентябрь",
    "октябрь",
    "ноябрь",
    "декабрь",
)
WEEKDAYS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "kk": ("Дс", "Сс", "Ср", "Бс", "Жм", "Сн", "Жс"),
        "ru": ("Пн", "Вт", "Ср", "Чт", "Пт", "Сб", "Вс"),
        "en": ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
    }
)
_SPACE = "\N{NO-BREAK SPACE}"


def language() -> str:
    """The reader's language: kk, ru or en."""
    code = (get_language() or "ru")[:2]
    return code if code in MONTHS else "en"


def day(value: date, form: str = "") -> str:
    """«4 апреля 2026 г.»; `short` leaves the year out, `number` gives 04.04.2026."""
    speech = language()
    if form == "number":
        return f"{value.day:02}.{value.month:02}.{value.year:04}"
    month = MONTHS[speech][value.month - 1]
    if form == "short":
        return f"{value.day}{_SPACE}{month}"
    if speech == "kk":
        return f"{value.year}{_SPACE}жылғы {value.day}{_SPACE}{month}"
    if speech == "ru":
        return f"{value.day}{_SPACE}{month} {value.year}{_SPACE}г."
    return f"{value.day}{_SPACE}{month} {value.year}"


def moment(value: datetime, form: str = "") -> str:
    """The day and the clock; `value` is already in the zone the reader lives by."""
    return f"{day(value.date(), form)}, {value:%H:%M}"


def month(value: date) -> str:
    """«апрель 2026 г.», for headings and axes."""
    speech = language()
    if speech == "kk":
        return f"{value.year}{_SPACE}жылғы {MONTHS['kk'][value.month - 1]}"
    if speech == "ru":
        return f"{_RUSSIAN_ALONE[value.month - 1]} {value.year}{_SPACE}г."
    return f"{MONTHS['en'][value.month - 1]} {value.year}"


def weekday(value: date) -> str:
    """Two or three letters."""
    return WEEKDAYS[language()][value.weekday()]


def number(value: float, places: int = 0) -> str:
    """«12 345,6» in Kazakh and Russian, «12,345.6» in English."""
    written = f"{value:,.{places}f}"
    if language() == "en":
        return written
    return written.replace(",", _SPACE).replace(".", ",")


def percent(share: float | None, places: int = 0) -> str:
    """A share of one as a percentage; a dash where there is nothing to divide by. Few are not none: «<1 %»."""
    if share is None:
        return "–"
    least = 10**-places
    written = f"<{number(least, places)}" if 0 < share * 100 < least else number(share * 100, places)
    return f"{written}%" if language() == "en" else f"{written}{_SPACE}%"

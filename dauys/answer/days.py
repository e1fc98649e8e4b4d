"""Days as a letter writes them, in the letter's own language, whoever looks."""

from datetime import date, datetime

from django.utils.formats import date_format
from django.utils.translation import override

_SPACE = "\N{NO-BREAK SPACE}"


def day(value: date, language: str) -> str:
    """«4 апреля 2026 г.», «2026 жылғы 4 сәуір», «4 April 2026»."""
    with override(language):
        # Django's catalogues begin Kazakh months with a capital; inside a sentence they have none.
        month = date_format(value, "E") if language == "en" else date_format(value, "E").lower()
    if language == "kk":
        return f"{value.year}{_SPACE}жылғы {value.day}{_SPACE}{month}"
    year = f"{value.year}{_SPACE}г." if language == "ru" else str(value.year)
    return f"{value.day}{_SPACE}{month} {year}"


def moment(value: datetime, language: str) -> str:
    """Day and clock; `value` is already in the zone of the institution."""
    return f"{day(value.date(), language)}, {value:%H:%M}"

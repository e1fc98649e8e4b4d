"""Fields that keep what was written, and the choices that come from the house's small tables."""

import math
from collections.abc import Callable, Collection
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext

from dauys.hear.submission import storable
from dauys.institution.queries import House, Place, house

AREAS_LISTED_MOST = 600
"""Above this a list of settlements is no help on a telephone: districts are offered, words do the rest."""


class Words(forms.CharField):
    """Words kept as they were written: nothing trimmed, only what cannot be stored left out."""

    def __init__(self, **told: Any) -> None:
        super().__init__(strip=False, **told)

    def to_python(self, value: Any) -> str:
        return storable(super().to_python(value) or "")

    def bound_data(self, data: Any, initial: Any) -> str:
        return storable(str(data or ""))


class Line(Words):
    """One line: as `Words`, without the spaces around it and without line ends."""

    def to_python(self, value: Any) -> str:
        return " ".join(super().to_python(value).split())


class Coordinate(forms.FloatField):
    """Filled by the map. A reader cannot mend a hidden field, so a wrong one is no point at all."""

    widget = forms.HiddenInput

    def __init__(self, most: float) -> None:
        super().__init__(required=False)
        self.most = most

    def clean(self, value: Any) -> float | None:
        try:
            number = super().clean(value)
        except ValidationError:
            return None
        return number if number is not None and math.isfinite(number) and abs(number) <= self.most else None


class Choice(forms.ChoiceField):
    """A choice whose list is never changed in place, so that a form's copy of the field need not copy the list."""

    def __deepcopy__(self, memo: dict[int, Any]) -> Any:
        return forms.Field.__deepcopy__(self, memo)


class SeveralFiles(forms.ClearableFileInput):
    allow_multiple_selected = True


def area_groups(known: House) -> list[tuple[str, Any]]:
    """Choices for a select: districts, each with its settlements where the list stays usable."""
    inside: dict[int, list[Place]] = {}
    if len(known.areas) <= AREAS_LISTED_MOST:
        for area in known.areas.values():
            if area.level == "settlement" and area.district_id is not None:
                inside.setdefault(area.district_id, []).append(area)
    groups: list[tuple[str, Any]] = [("", gettext("I don’t know, or it is elsewhere"))]
    for district in sorted(known.districts, key=lambda place: place.name.in_order):
        places = sorted(inside.get(district.id, ()), key=lambda place: place.name.in_order)
        whole = (str(district.id), str(district.name))
        if places:
            groups.append((str(district.name), [whole, *((str(place.id), str(place.name)) for place in places)]))
        else:
            groups.append(whole)
    return groups


def office_choices(known: House) -> list[tuple[str, str]]:
    offices = sorted(known.offices.values(), key=lambda office: office.name.in_order)
    return [("", gettext("No particular body")), *((str(office.id), str(office.name)) for office in offices)]


class Reference(Choice):
    """An id from one of the house's small tables; any row of it, listed or not."""

    def __init__(self, table: Callable[[House], Collection[int]], **told: Any) -> None:
        super().__init__(required=False, **told)
        self.table = table

    def clean(self, value: Any) -> int | None:
        told = str(value or "").strip()
        if not told:
            return None
        if not (told.isascii() and told.isdigit() and len(told) < 19 and int(told) in self.table(house())):
            raise ValidationError(gettext("Choose from the list, or leave it as it is."))
        return int(told)

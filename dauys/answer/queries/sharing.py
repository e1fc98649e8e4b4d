"""How offices share their work, for their heads."""

from collections.abc import Collection
from dataclasses import dataclass

from dauys.answer.actions.sharing import Person, loads, people_of
from dauys.answer.models import Sharing
from dauys.institution.models import Role
from dauys.institution.queries import Names, house, officers_of


@dataclass(frozen=True, slots=True)
class Shared:
    """One office: how many officers it has, and whether the machine gives out its work."""

    code: str
    name: Names
    officers: int
    is_on: bool


@dataclass(frozen=True, slots=True)
class Known:
    """One officer, the weight of their open work, and what sharing knows of them."""

    user: int
    name: str
    load: int
    person: Person


def offices(ids: Collection[int]) -> list[Shared]:
    """These offices, those with officers alone, by name; two statements."""
    place = house()
    count: dict[int, int] = {}
    for _user, _name, office, role in officers_of(frozenset(ids)):
        if role == Role.OFFICER:
            count[office] = count.get(office, 0) + 1
    on = set(Sharing.objects.filter(office__in=count).values_list("office_id", flat=True))
    rows = [Shared(place.offices[one].code, place.offices[one].name, n, one in on) for one, n in count.items()]
    return sorted(rows, key=lambda one: str(one.name))


def setting(office_id: int) -> Sharing | None:
    """How an office shares its work; None where nobody lets it be shared."""
    return Sharing.objects.filter(office_id=office_id).first()


def people(office_id: int) -> list[Known]:
    """The officers of an office by name; three statements."""
    known = people_of(office_id)
    here = [(user, name) for user, name, _office, role in officers_of(frozenset({office_id})) if role == Role.OFFICER]
    open_work = loads([user for user, _name in here])
    return [Known(user, name, open_work[user], known.get(user, Person())) for user, name in here]

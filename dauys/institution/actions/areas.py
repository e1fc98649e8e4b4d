from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import F

from dauys.institution.actions.failures import NoSuch
from dauys.institution.actions.ground import allow, changing, write
from dauys.institution.models import Area, User
from dauys.institution.names import LANGUAGES
from dauys.institution.plan import AreaPlan

_COLUMNS = ("parent_id", "level", "name_kk", "name_ru", "name_en", "lat", "lon")


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of the areas that were given."""

    added: int
    changed: int
    same: int


def add_areas(*, areas: Sequence[AreaPlan], officer: User | None, now: datetime) -> Taken:
    """Add these areas, or correct the ones there are, by code. Again changes nothing and writes nothing.

    A name or point that is not given is left as it is, so a list in one language does not erase the others.
    Raises NoSuch where a parent is neither among them nor known.
    """
    allow(officer)
    with changing(now=now) as on:
        taken = keep(areas)
        if taken.added or taken.changed:
            detail = {
                "added": taken.added,
                "changed": taken.changed,
                "first": areas[0].code,
                "last": areas[-1].code,
            }
            write("institution.add_areas", officer=officer, on=on, now=now, detail=detail)
    return taken


def keep(areas: Sequence[AreaPlan]) -> Taken:
    """Write the rows, level by level, for a child needs its parent's number."""
    mentioned = {area.code for area in areas} | {area.parent for area in areas if area.parent}
    known = {row.code: row for row in Area.objects.filter(code__in=mentioned)} if len(mentioned) < 900 else {
        row.code: row for row in Area.objects.all()
    }  # fmt: skip
    waiting, added, changed = list(areas), 0, []
    moved = False
    while waiting:
        ready = [area for area in waiting if not area.parent or area.parent in known]
        if not ready:
            raise NoSuch("area", waiting[0].parent)
        fresh: list[Area] = []
        for area in ready:
            parent = known[area.parent] if area.parent else None
            row = known.get(area.code)
            if row is None:
                fresh.append(_fill(Area(code=area.code), area, parent))
                continue
            before = [getattr(row, column) for column in _COLUMNS]
            _fill(row, area, parent)
            if before != (after := [getattr(row, column) for column in _COLUMNS]):
                changed.append(row)
                moved |= before[:2] != after[:2]
        Area.objects.bulk_create(fresh, batch_size=500)
        known |= {row.code: row for row in fresh}
        added += len(fresh)
        # A district is its own district, and has a number only now; those below ask for it in a later round.
        own = [row for row in fresh if row.level == Area.Level.DISTRICT]
        for row in own:
            row.district_id = row.id
        Area.objects.bulk_update(own, ["district"], batch_size=500)
        done = {area.code for area in ready}
        waiting = [area for area in waiting if area.code not in done]
    Area.objects.bulk_update(changed, [*(name for name in _COLUMNS if name != "parent_id"), "parent"], batch_size=200)
    if moved:
        _settle_districts()
    return Taken(added, len(changed), len(areas) - added - len(changed))


def _fill(row: Area, area: AreaPlan, parent: Area | None) -> Area:
    row.parent = parent
    row.level = area.level
    for language in LANGUAGES:
        if given := getattr(area.name, language):
            setattr(row, f"name_{language}", given)
    if area.lat is not None and area.lon is not None:
        row.lat, row.lon = area.lat, area.lon
    if row.pk is None and parent is not None:
        row.district_id = parent.district_id
    return row


def _settle_districts() -> None:
    """After a unit changed its place or level: each area's district anew, from the top down."""
    Area.objects.update(district=None)
    Area.objects.filter(level=Area.Level.DISTRICT).update(district=F("id"))
    layer = list(Area.objects.exclude(district=None).values_list("id", "district_id"))
    while layer:
        below = dict(layer)
        children = list(Area.objects.filter(parent__in=list(below), district=None))
        for child in children:
            child.district_id = below[child.parent_id]  # type: ignore[index]  # filtered by parent
        Area.objects.bulk_update(children, ["district"], batch_size=500)
        layer = [(child.id, below[child.parent_id]) for child in children]  # type: ignore[index]

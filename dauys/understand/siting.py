"""In which area of the house a point of a map lies, and which area a named point is; nothing where that is not sure."""

from collections.abc import Iterable, Sequence
from math import cos, hypot, radians
from typing import Any

from dauys.engines import places
from dauys.institution.models import Area
from dauys.institution.queries import House, Place

SETTLEMENT_KM = 2.0
"""A street or landmark within this of a settlement's centre, and much nearer to it than to any other, is in it."""

SAME_KM = 15.0
"""The centre of an area and a map's point of the same name are one place within this."""

OUTSIDE_KM = 60.0
Ring = list[tuple[float, float]]


class Site:
    """The outlines and centres of the house's areas."""

    def __init__(self, place: House) -> None:
        self._place = place
        outlines = place.institution.outlines or {}
        self._outlines: list[tuple[Place, tuple[float, float, float, float], list[list[Ring]]]] = []
        for feature in outlines.get("features", ()):
            area = place.area_by_code.get(str(feature.get("properties", {}).get("code", "")))
            shapes = list(_polygons(feature.get("geometry") or {}))
            if area is not None and shapes:
                every = [point for shape in shapes for point in shape[0]]
                box = (
                    min(x for x, _ in every),
                    min(y for _, y in every),
                    max(x for x, _ in every),
                    max(y for _, y in every),
                )
                self._outlines.append((area, box, shapes))
        self._named: dict[str, list[Place]] = {}
        for area in place.areas.values():
            if area.level in (Area.Level.SETTLEMENT, Area.Level.DISTRICT):
                for key in {_key(name) for name in (area.name.ru, area.name.kk, area.name.en) if name}:
                    self._named.setdefault(key, []).append(area)
        self._centres = [
            (area, area.lat, area.lon)
            for area in place.areas.values()
            if area.level == Area.Level.SETTLEMENT and area.lat is not None and area.lon is not None
        ]
        self._district_centres = [
            (area, area.lat, area.lon)
            for area in place.areas.values()
            if area.level == Area.Level.DISTRICT and area.lat is not None and area.lon is not None
        ]

    def is_inside(self, lat: float, lon: float) -> bool:
        """Whether the point can be the institution's concern at all."""
        if self._outlines:
            return self._district(lat, lon) is not None
        centres = self._centres + self._district_centres
        return not centres or any(_kilometres(lat, lon, *centre[1:]) <= OUTSIDE_KM for centre in centres)

    def holding(self, lat: float, lon: float) -> Place | None:
        """The finest area that surely holds the point."""
        district = self._district(lat, lon)
        far = sorted(
            ((_kilometres(lat, lon, *centre[1:]), centre[0].code, centre[0]) for centre in self._centres),
            key=lambda row: row[:2],
        )[:2]
        if far and far[0][0] <= SETTLEMENT_KM and (len(far) == 1 or far[1][0] > 2 * far[0][0]):
            nearest = far[0][2]
            if district is None or self._lies_in(nearest, district):
                return nearest
        return district

    def named(self, names: Sequence[str], lat: float, lon: float, *, is_town: bool) -> Place | None:
        """The area a map's place of these names is: by name and outline, or name and nearness; else None."""
        found = {area.id: area for name in names for area in self._named.get(_key(name), ())}
        settled = [area for area in found.values() if area.level == Area.Level.SETTLEMENT]
        candidates = settled or (list(found.values()) if is_town else [])
        if not candidates:
            return None
        district = self._district(lat, lon)
        if district is not None:
            candidates = [area for area in candidates if self._lies_in(area, district)]
        near = [
            area
            for area in candidates
            if area.lat is not None and area.lon is not None and _kilometres(lat, lon, area.lat, area.lon) <= SAME_KM
        ]
        if len(near) == 1:
            return near[0]
        if near or district is not None:
            left = near or candidates
            return left[0] if len(left) == 1 else None
        # No outlines: the one settlement of that name in the district whose centre is nearest, and no other anywhere.
        if len(candidates) == 1 and candidates[0].lat is None and self._district_centres:
            closest = min(self._district_centres, key=lambda centre: _kilometres(lat, lon, *centre[1:]))
            return candidates[0] if self._lies_in(candidates[0], closest[0]) else None
        return None

    def _district(self, lat: float, lon: float) -> Place | None:
        """The one outlined area that holds the point; none where two say so."""
        found = [
            area
            for area, box, shapes in self._outlines
            if box[0] <= lon <= box[2]
            and box[1] <= lat <= box[3]
            and any(_in_polygon(lon, lat, shape) for shape in shapes)
        ]
        if len(found) > 1:
            inner = [area for area in found if not any(one is not area and self._lies_in(one, area) for one in found)]
            return inner[0] if len(inner) == 1 else None
        return found[0] if found else None

    def _lies_in(self, area: Place, holder: Place) -> bool:
        return any(up.id == holder.id for up in self._place.area_chain(area.id))


def _key(name: str) -> str:
    return places.plain_name(name)


def _polygons(geometry: dict[str, Any]) -> Iterable[list[Ring]]:
    shapes = geometry.get("coordinates") or []
    if geometry.get("type") == "Polygon":
        shapes = [shapes]
    elif geometry.get("type") != "MultiPolygon":
        return
    for shape in shapes:
        yield [[(float(point[0]), float(point[1])) for point in ring] for ring in shape]


def _in_polygon(x: float, y: float, rings: list[Ring]) -> bool:
    """Even–odd rule over the outer ring and its holes."""
    inside = False
    for ring in rings:
        for (x1, y1), (x2, y2) in zip(ring, [*ring[1:], ring[0]], strict=True):
            if (y1 > y) != (y2 > y) and x < (x2 - x1) * (y - y1) / (y2 - y1) + x1:
                inside = not inside
    return inside


def _kilometres(lat: float, lon: float, other_lat: float, other_lon: float) -> float:
    return hypot(lat - other_lat, (lon - other_lon) * cos(radians(lat))) * 111.2

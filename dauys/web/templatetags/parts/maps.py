"""Maps of our own outlines: shaded areas drawn by the server, a pin to put or to see where scripts run."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.forms import BoundField
from django.templatetags.static import static
from django.utils.html import format_html, json_script
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from dauys.institution.queries import NotEstablished, house
from dauys.web import days, drawing
from dauys.web.templatetags.parts.register import register


@register.inclusion_tag("web/parts/area_map.html")
def area_map(
    outlines: Mapping[str, Any] | None,
    rows: Iterable[Sequence[Any]],
    caption: str,
    note: str = "",
    movable: bool = False,
) -> dict[str, Any]:
    """Areas shaded by count, drawn by the server; the list says the same.

    A row: (area code, name, count[, href]).
    `movable` (once a page, with map_styles and map_scripts) lets a reader with scripts zoom and touch areas.
    """
    areas = [(*row, "")[:4] for row in rows]
    classes = drawing.shades(count for _code, _name, count, _href in areas)
    known = {code: (name, count, href) for code, name, count, href in areas}
    flat = drawing.sheet(outlines or {})
    shapes = []
    for shape in flat.shapes if flat else ():
        name, count, href = known.get(shape.code, ("", 0, ""))
        step = drawing.shade_of(count, classes)
        shapes.append(
            {"code": shape.code, "path": shape.path, "name": name, "count": count, "href": href, "step": step}
        )
    return {
        "sheet": flat,
        "shapes": shapes,
        "classes": classes,
        "areas": sorted(areas, key=lambda row: -row[2]),
        "total": sum(row[2] for row in areas),
        "attribution": (outlines or {}).get("attribution", ""),
        "caption": caption,
        "note": note,
        "data": _outlines_script(outlines, "areas_outlines", {row["code"]: row for row in shapes}) if movable else "",
    }


MOST_PLACES = 300
"""Names written on the map; a whole country's register would drown it."""


def _outlines_script(
    outlines: Mapping[str, Any] | None, name: str, facts: Mapping[str, Mapping[str, Any]] | None = None
) -> SafeString:
    """The outlines, named in the reader's language, and the known places: a JSON block for web/js/map.js."""
    try:
        areas = house().area_by_code
    except NotEstablished:
        areas = {}
    features = []
    for row in (outlines or {}).get("features") or []:
        code = str(row["properties"].get("code", ""))
        known = areas.get(code)
        said: dict[str, Any] = {"name": str(known.name) if known else row["properties"].get("name", "")}
        if facts is not None and code in facts:
            fact = facts[code]
            said = {
                "name": fact["name"],
                "step": fact["step"],
                "href": fact["href"],
                "said": days.number(fact["count"]),
            }
        features.append({"type": "Feature", "properties": said, "geometry": row["geometry"]})
    places = [
        [str(area.name), area.lat, area.lon, area.level == "district"]
        for area in areas.values()
        if area.lat is not None and area.level in {"district", "settlement"}
    ]
    content = {
        "type": "FeatureCollection",
        "attribution": (outlines or {}).get("attribution", ""),
        "features": features,
        "places": places[:MOST_PLACES] if facts is None and features else [],
    }
    return json_script(content, name)


@register.inclusion_tag("web/parts/point_picker.html")
def point_picker(
    lat: BoundField, lon: BoundField, outlines: Mapping[str, Any] | None, label: str = ""
) -> dict[str, Any]:
    """A map to put one pin on; it fills two hidden fields. Without scripts it is not shown: words remain."""
    return {
        "lat": lat,
        "lon": lon,
        "label": label or gettext("Show the place on the map"),
        "data": _outlines_script(outlines, f"{lat.auto_id}_outlines"),
        "data_id": f"{lat.auto_id}_outlines",
    }


@register.inclusion_tag("web/parts/place_map.html")
def place_map(lat: float, lon: float, outlines: Mapping[str, Any] | None, label: str = "") -> dict[str, Any]:
    """One pin on the same map, for an officer; the coordinates in words stand beside it."""
    return {
        "lat": lat,
        "lon": lon,
        "label": label or gettext("The place on the map"),
        "data": _outlines_script(outlines, "place_outlines"),
    }


@register.simple_tag
def map_styles() -> SafeString:
    """For {% block head %} of a page with a map that moves."""
    return format_html('<link rel="stylesheet" href="{}">', static("leaflet/leaflet.css"))


@register.simple_tag
def map_scripts() -> SafeString:
    """For {% block scripts %} of a page with a map that moves."""
    return format_html(
        '<script src="{}" defer></script><script src="{}" defer></script>',
        static("leaflet/leaflet.js"),
        static("web/js/map.js"),
    )

"""Charts and maps as numbers for a template to draw: values in, coordinates out, no Django."""

import math
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

PLOT_WIDTH, PLOT_HEIGHT = 600, 200
"""Units of the line chart's drawing; the page stretches it, so only proportions matter."""

INTERVALS = 4
MAP_WIDTH = 800.0
SHADES = 5


@dataclass(frozen=True, slots=True)
class Line:
    name: str
    path: str
    area: str


@dataclass(frozen=True, slots=True)
class Plot:
    """`ticks` from the top down, evenly spaced, like the rules; `marks` from left to right, evenly spaced."""

    lines: tuple[Line, ...]
    ticks: tuple[float, ...]
    rules: tuple[float, ...]
    marks: tuple[str, ...]


def round_up(value: float) -> float:
    """A round number (4 at least) not below the value that divides into four whole steps."""
    if value <= INTERVALS:
        return float(INTERVALS)
    power = 10.0 ** math.floor(math.log10(value))
    tops = (step * power for step in (1, 1.2, 1.6, 2, 2.4, 3.2, 4, 6, 8, 10, 12))
    return next(top for top in tops if top >= value and (top / INTERVALS).is_integer())


def plot(series: Iterable[tuple[str, Sequence[float]]], labels: Sequence[str]) -> Plot:
    """Lines over evenly spaced labels. Only the first series is filled below."""
    rows = [(name, list(values)) for name, values in series]
    top = round_up(max((value for _name, values in rows for value in values), default=0))
    lines = []
    for name, values in rows:
        across = PLOT_WIDTH / max(len(values) - 1, 1)
        points = [
            (round(place * across, 1), round(PLOT_HEIGHT * (1 - value / top), 1)) for place, value in enumerate(values)
        ]
        path = "M" + " L".join(f"{x:g} {y:g}" for x, y in points) if points else ""
        if len(points) == 1:
            path += f" H{PLOT_WIDTH}"
        area = f"{path} V{PLOT_HEIGHT} H0 Z" if points else ""
        lines.append(Line(name, path, area))
    ticks = tuple(top * step / INTERVALS for step in range(INTERVALS, -1, -1))
    rules = tuple(PLOT_HEIGHT * step / INTERVALS for step in range(INTERVALS + 1))
    return Plot(tuple(lines), ticks, rules, _marks(labels))


def _marks(labels: Sequence[str], most: int = 4) -> tuple[str, ...]:
    """At most `most` labels at equal distances, the first and the last always; else the two ends alone."""
    last = len(labels) - 1
    if last < 1:
        return tuple(labels)
    for count in range(min(most, last + 1), 2, -1):
        if last % (count - 1) == 0:
            return tuple(labels[last // (count - 1) * place] for place in range(count))
    return labels[0], labels[last]


@dataclass(frozen=True, slots=True)
class Shape:
    code: str
    path: str


@dataclass(frozen=True, slots=True)
class Sheet:
    shapes: tuple[Shape, ...]
    width: float
    height: float


Ring = Sequence[Sequence[float]]


def _rings(geometry: Mapping[str, Any]) -> list[Ring]:
    coordinates: list[Any] = geometry.get("coordinates") or []
    if geometry.get("type") == "Polygon":
        return list(coordinates)
    if geometry.get("type") == "MultiPolygon":
        return [ring for polygon in coordinates for ring in polygon]
    return []


def sheet(outlines: Mapping[str, Any]) -> Sheet | None:
    """GeoJSON areas laid flat: longitude shrunk by the cosine of the middle latitude. None when empty."""
    features: list[Any] = outlines.get("features") or []
    areas = [(str(row["properties"].get("code", "")), _rings(row["geometry"])) for row in features]
    points = [point for _code, rings in areas for ring in rings for point in ring]
    if not points:
        return None
    west, east = min(p[0] for p in points), max(p[0] for p in points)
    south, north = min(p[1] for p in points), max(p[1] for p in points)
    squeeze = math.cos(math.radians((south + north) / 2))
    scale = MAP_WIDTH / max((east - west) * squeeze, 1e-9)

    def spell(ring: Ring) -> str:
        flat = (((p[0] - west) * squeeze * scale, (north - p[1]) * scale) for p in ring)
        return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in flat) + "Z"

    shapes = tuple(Shape(code, "".join(spell(ring) for ring in rings)) for code, rings in areas)
    return Sheet(shapes, MAP_WIDTH, round((north - south) * scale, 1))


@dataclass(frozen=True, slots=True)
class Shade:
    """Areas with `low`..`high` are drawn in step 1 (lightest) to 5."""

    step: int
    low: float
    high: float


def shades(values: Iterable[float]) -> tuple[Shade, ...]:
    """Up to five classes with about equally many areas each, so that a large city does not pale the rest."""
    known = sorted(value for value in values if value > 0)
    if not known:
        return ()
    distinct = sorted(set(known))
    count = min(SHADES, len(distinct))
    bounds = sorted({known[math.ceil(len(known) * part / count) - 1] for part in range(1, count + 1)})
    classes, low = [], distinct[0]
    for place, high in enumerate(bounds):
        step = SHADES - (len(bounds) - 1 - place)
        classes.append(Shade(step, low, high))
        rest = distinct[bisect_left(distinct, high) + 1 :]
        low = rest[0] if rest else high
    return tuple(classes)


def shade_of(value: float, classes: Sequence[Shade]) -> int:
    """0 for nothing, else the class's step."""
    return next((shade.step for shade in classes if shade.low <= value <= shade.high), 0) if value > 0 else 0

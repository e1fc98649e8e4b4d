"""Files names of places come in: a map's extract (GeoJSON, OSM XML) and the institution's own table.

Nothing is kept here: a file becomes rows of `gazetteer.NameRow`, and each thing that cannot is told with its line.
"""

import bz2
import csv
import gzip
import hashlib
import io
import json
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO
from xml.parsers import expat

from dauys.institution.queries import House
from dauys.understand.gazetteer import NameRow
from dauys.understand.models import PlaceName
from dauys.understand.siting import Site

LARGEST = 300 * 2**20
"""Bytes of an unpacked GeoJSON or CSV file, which is read whole; OSM XML is read as it streams and may be larger."""

LARGEST_XML = 40 * 2**30
NAME_MOST = 200
NAMES_MOST = 500_000

OSM = "© OpenStreetMap contributors"
OSM_LICENCE = "ODbL 1.0"
_LANGUAGES = ("kk", "ru", "en")
_SETTLEMENTS = frozenset({"city", "town", "village", "hamlet", "isolated_dwelling"})
_QUARTERS = frozenset({"neighbourhood", "quarter", "suburb"})
_OLD = ("old_name", "alt_name", "loc_name")
_AMENITIES = frozenset(
    [
        "school",
        "kindergarten",
        "hospital",
        "clinic",
        "college",
        "university",
        "library",
        "theatre",
        "townhall",
        "post_office",
        "pharmacy",
        "place_of_worship",
        "marketplace",
        "bus_station",
        "community_centre",
        "fuel",
        "police",
        "fire_station",
        "doctors",
    ]
)
_COLUMNS = {
    "kind": ("kind", "вид", "түрі"),
    "name": ("name", "название", "атауы"),
    "language": ("language", "lang", "язык", "тіл"),
    "area": ("area", "area_code", "area code", "kato", "код"),
    "lat": ("lat", "latitude", "широта"),
    "lon": ("lon", "lng", "longitude", "долгота"),
    "alias_of": ("alias_of", "alias of", "canonical", "новое название"),
}


class NotAFile(Exception):
    """The file as a whole cannot be read; the words say what to do."""


@dataclass(frozen=True, slots=True)
class Refused:
    """A row that was not taken. `line` as a person counts, or the number of the thing in a GeoJSON or OSM file."""

    line: int
    name: str
    reason: str


@dataclass(slots=True)
class Read:
    rows: list[NameRow] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    without_name: int = 0
    outside: int = 0
    without_area: int = 0


@dataclass(slots=True)
class _Thing:
    """A named thing of a map."""

    line: int
    key: str
    kind: str
    rank: str
    names: list[tuple[str, str, bool]]
    lat: float
    lon: float


def read(path: Path, place: House, *, progress: Callable[[int], None] = lambda _count: None) -> Read:
    """Every name of the file. Raises NotAFile."""
    name = path.name.lower()
    packed = name.removesuffix(".gz").removesuffix(".bz2")
    try:
        if name.endswith(".pbf"):
            raise NotAFile(
                f"{path.name} is a PBF extract, which is not read directly. Convert it first: "
                f"osmium cat {path.name} -o {path.name.removesuffix('.pbf')}.bz2"
            )
        if packed.endswith((".geojson", ".json")):
            return _sited(_geojson(path), place, progress)
        if packed.endswith((".osm", ".xml")):
            return _sited(_osm(path), place, progress)
        if packed.endswith(".csv"):
            return _own(path, place, progress)
    except (OSError, EOFError, zlib.error, UnicodeDecodeError, csv.Error, ValueError, RecursionError) as error:
        raise NotAFile(f"{path.name} cannot be read ({error}). Is it whole, and what its ending says?") from error
    raise NotAFile(f"{path.name}: give .geojson, .osm or .csv, packed by .gz (OSM also by .bz2) or not.")


def _stream(path: Path) -> IO[bytes]:
    if path.name.lower().endswith(".gz"):
        return gzip.open(path)  # type: ignore[return-value]
    return bz2.open(path) if path.name.lower().endswith(".bz2") else path.open("rb")


def _whole(path: Path) -> bytes:
    with _stream(path) as file:
        content = file.read(LARGEST + 1)
    if len(content) > LARGEST:
        raise NotAFile(f"{path.name} unpacks to more than {LARGEST // 2**20} MB. Cut out your own region first.")
    return content


# ---------------------------------------------------------------------------------------------------- GeoJSON


def _geojson(path: Path) -> Iterator[_Thing | Refused]:
    table = json.loads(_whole(path).decode("utf-8-sig"))
    features = table.get("features") if isinstance(table, dict) else None
    if not isinstance(features, list):
        raise NotAFile(f"{path.name} is no GeoJSON FeatureCollection: it has no list “features”.")
    for line, feature in enumerate(features, 1):
        tags = feature.get("properties") if isinstance(feature, dict) else None
        if not isinstance(tags, dict):
            yield Refused(line, "", "the feature has no properties")
            continue
        tags = {str(key): str(value) for key, value in tags.items() if value not in (None, "")}
        kind = _kind(tags)
        if kind is None:
            continue
        point = _middle(feature.get("geometry"))
        if point is None:
            yield Refused(
                line, tags.get("name", "")[:NAME_MOST], "the geometry has no usable point (longitude, latitude)"
            )
            continue
        number = tags.get("osm_id") or tags.get("@id") or str(feature.get("id") or "")
        source = (
            f"osm:{(tags.get('osm_type') or 'node')[:1]}{number.rpartition('/')[2]}" if number else _hashed(tags, point)
        )
        yield from _thing(line, source, kind, tags, point)


def _middle(geometry: object) -> tuple[float, float] | None:
    """(latitude, longitude) of a point, or the middle position of anything longer."""
    here: object = geometry.get("coordinates") if isinstance(geometry, dict) else None
    for _depth in range(5):
        if isinstance(here, list) and len(here) >= 2 and all(isinstance(each, int | float) for each in here[:2]):
            lon, lat = float(here[0]), float(here[1])
            return (lat, lon) if -90 <= lat <= 90 and -180 <= lon <= 180 else None
        if not isinstance(here, list) or not here:
            return None
        here = here[len(here) // 2]
    return None


def _kind(tags: dict[str, str]) -> tuple[str, str] | None:
    """What a map's tags describe: kind and, for a settlement, its rank on the map."""
    if (rank := tags.get("place", "")) in _SETTLEMENTS:
        return PlaceName.Kind.AREA, rank
    if rank in _QUARTERS or "highway" in tags:
        stop = tags.get("highway") in {"bus_stop", "platform"}
        return (PlaceName.Kind.LANDMARK if stop else PlaceName.Kind.STREET), ""
    if tags.get("amenity") in _AMENITIES or tags.get("shop") or tags.get("leisure") in {"park", "stadium"}:
        return PlaceName.Kind.LANDMARK, ""
    return None


def _thing(
    line: int, key: str, kind: tuple[str, str], tags: dict[str, str], point: tuple[float, float]
) -> Iterator[_Thing | Refused]:
    names: dict[str, tuple[str, str, bool]] = {}
    for tag, language in (("name", ""), *((f"name:{tongue}", tongue) for tongue in _LANGUAGES)):
        if told := tags.get(tag, "").strip():
            names.setdefault(told.casefold(), (told, language, False))
    for tag in _OLD:
        for told in tags.get(tag, "").split(";"):
            if told.strip():
                names.setdefault(told.strip().casefold(), (told.strip(), "", True))
    long = [told for told, _language, _old in names.values() if len(told) > NAME_MOST]
    if long:
        yield Refused(line, long[0][:40], f"the name is longer than {NAME_MOST} characters")
        return
    if names or kind[0] == PlaceName.Kind.AREA:
        yield _Thing(line, key, kind[0], kind[1], list(names.values()), *point)


def _hashed(tags: dict[str, str], point: tuple[float, float]) -> str:
    told = json.dumps([tags.get("name"), point], ensure_ascii=False)
    return f"map:{hashlib.sha256(told.encode()).hexdigest()[:20]}"


# ---------------------------------------------------------------------------------------------------- OSM XML


def _osm(path: Path) -> Iterator[_Thing | Refused]:
    """Named nodes and streets. A way needs its nodes' places, which stand before it: so the file is read twice."""
    found = _Elements()
    _parse(path, found)
    if not found.is_osm:
        raise NotAFile(f"{path.name} is no OSM XML: its first element is not <osm>.")
    wanted = {node for *_rest, node in found.ways}
    places = _Positions(wanted)
    if wanted:
        _parse(path, places)
    yield from found.things
    for line, key, kind, tags, node in found.ways:
        point = places.at.get(node)
        if point is None:
            yield Refused(line, tags.get("name", "")[:NAME_MOST], "the file lacks the nodes of this way")
        else:
            yield from _thing(line, key, kind, tags, point)


class _Elements:
    """Collects named things from a stream of elements."""

    def __init__(self) -> None:
        self.things: list[_Thing | Refused] = []
        self.ways: list[tuple[int, str, tuple[str, str], dict[str, str], str]] = []
        self.is_osm = False
        self._tags: dict[str, str] = {}
        self._refs: list[str] = []
        self._at: dict[str, str] = {}

    def start(self, name: str, attributes: dict[str, str], _line: int) -> None:
        if name == "osm":
            self.is_osm = True
        elif name in ("node", "way"):
            self._tags, self._refs, self._at = {}, [], attributes
        elif name == "tag":
            if len(self._tags) < 200:
                self._tags[attributes.get("k", "")] = attributes.get("v", "")
        elif name == "nd" and len(self._refs) < 20_000:
            self._refs.append(attributes.get("ref", ""))

    def end(self, name: str, line: int) -> None:
        if name not in ("node", "way") or not self._tags:
            return
        kind = _kind(self._tags)
        if kind is not None and any(tag.startswith("name") for tag in self._tags):
            if len(self.things) + len(self.ways) >= NAMES_MOST:
                raise NotAFile(f"More than {NAMES_MOST} named things are in it. Cut out your own region first.")
            key = f"osm:{name[0]}{self._at.get('id', '')}"
            if name == "way":
                if self._refs:
                    self.ways.append((line, key, kind, self._tags, self._refs[len(self._refs) // 2]))
            elif (point := _position(self._at)) is None:
                self.things.append(
                    Refused(line, self._tags.get("name", "")[:NAME_MOST], "lat or lon is no number on the globe")
                )
            else:
                self.things += _thing(line, key, kind, self._tags, point)
        self._tags = {}


class _Positions:
    """Collects the places of some nodes."""

    def __init__(self, wanted: set[str]) -> None:
        self._wanted = wanted
        self.at: dict[str, tuple[float, float]] = {}

    def start(self, name: str, attributes: dict[str, str], _line: int) -> None:
        if name == "node" and attributes.get("id") in self._wanted and (point := _position(attributes)) is not None:
            self.at[attributes["id"]] = point

    def end(self, name: str, line: int) -> None:
        pass


def _position(attributes: dict[str, str]) -> tuple[float, float] | None:
    try:
        lat, lon = float(attributes["lat"]), float(attributes["lon"])
    except (KeyError, ValueError):
        return None
    return (lat, lon) if -90 <= lat <= 90 and -180 <= lon <= 180 else None


def _parse(path: Path, taker: _Elements | _Positions) -> None:
    """Read an XML file as it streams. A document type or an entity of its own is refused: OSM files have neither."""

    def forbid(*_of: object) -> int:
        raise NotAFile(f"{path.name} declares a document type or entities, which no OSM file does. It is not read.")

    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = forbid
    parser.EntityDeclHandler = forbid
    parser.ExternalEntityRefHandler = forbid
    parser.StartElementHandler = lambda name, attributes: taker.start(name, attributes, parser.CurrentLineNumber)
    parser.EndElementHandler = lambda name: taker.end(name, parser.CurrentLineNumber)
    size = 0
    try:
        with _stream(path) as file:
            while chunk := file.read(1 << 18):
                size += len(chunk)
                if size > LARGEST_XML:
                    raise NotAFile(f"{path.name} unpacks to more than {LARGEST_XML // 2**30} GB.")
                parser.Parse(chunk, False)
        parser.Parse(b"", True)
    except expat.ExpatError as error:
        raise NotAFile(f"{path.name} is no well-formed XML: {error}.") from error


# ---------------------------------------------------------------------------------------------------- to areas


def _sited(things: Iterator[_Thing | Refused], place: House, progress: Callable[[int], None]) -> Read:
    """Names with the areas they belong to; what lies outside the institution's areas is counted and left."""
    site, done = Site(place), Read()
    for thing in things:
        progress(1)
        if isinstance(thing, Refused):
            done.refused.append(thing)
            continue
        if not thing.names:
            done.without_name += 1
            continue
        if not site.is_inside(thing.lat, thing.lon):
            done.outside += 1
            continue
        told = [name for name, _language, _old in thing.names]
        if thing.kind == PlaceName.Kind.AREA:
            area = site.named(told, thing.lat, thing.lon, is_town=thing.rank in ("city", "town"))
        else:
            area = site.holding(thing.lat, thing.lon)
        done.without_area += area is None
        current = told[0] if thing.names[0][2] is False else ""
        for number, (name, language, is_old) in enumerate(thing.names):
            done.rows.append(
                NameRow(
                    f"{thing.key}:{language or number}"[:80], thing.kind, name, language, current if is_old else "",
                    area.code if area else "", thing.lat, thing.lon, OSM, OSM_LICENCE, False,
                )
            )  # fmt: skip
    return done


# ---------------------------------------------------------------------------------------------------- the own table


def _own(path: Path, place: House, progress: Callable[[int], None]) -> Read:
    """The institution's own names: kind, name, language, area (code), lat, lon, alias_of."""
    content = _whole(path)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1251")  # what an old spreadsheet saves
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=max(";,\t", key=text.partition("\n")[0].count))
    header = [cell.strip().casefold() for cell in next(rows, [])]
    columns = {
        what: next(at for at, cell in enumerate(header) if cell in known)
        for what, known in _COLUMNS.items()
        if any(cell in known for cell in header)
    }
    missing = [what for what in ("kind", "name") if what not in columns]
    if missing:
        raise NotAFile(
            f"{path.name} has no column {' and no column '.join(missing)}. "
            "Its first line should read: kind,name,language,area,lat,lon,alias_of"
        )
    done = Read()
    for cells in rows:
        line = rows.line_num
        progress(1)
        told = {what: cells[at].strip() if at < len(cells) else "" for what, at in columns.items()}
        if not any(told.values()):
            continue
        made = _own_row(told, place, path.name)
        if isinstance(made, str):
            done.refused.append(Refused(line, told["name"][:60], made))
        else:
            done.without_area += not made.area
            done.rows.append(made)
    return done


def _own_row(told: dict[str, str], place: House, file: str) -> NameRow | str:
    """The row, or why it is refused."""
    kind, name, language, area = told["kind"].lower(), told["name"], told.get("language", ""), told.get("area", "")
    if kind not in PlaceName.Kind.values:
        return f"kind is “{told['kind']}”; it must be one of {', '.join(PlaceName.Kind.values)}"
    if not name:
        return "name is empty"
    if len(name) > NAME_MOST or len(told.get("alias_of", "")) > NAME_MOST:
        return f"name or alias_of is longer than {NAME_MOST} characters"
    if language and language not in _LANGUAGES:
        return f"language is “{language}”; it must be one of {', '.join(_LANGUAGES)} or empty"
    if area and area not in place.area_by_code:
        return f"area {area} is none of the institution's areas; import them first: dauys import areas"
    if kind == PlaceName.Kind.AREA and not area:
        return "area is empty: another name of an area needs the code of that area"
    position: list[float | None] = []
    for column, most in (("lat", 90.0), ("lon", 180.0)):
        written = told.get(column, "").replace(",", ".")
        try:
            value = float(written) if written else None
        except ValueError:
            return f"{column} is “{written}”, which is no number"
        if value is not None and not -most <= value <= most:
            return f"{column} is {written}, which is not on the globe"
        position.append(value)
    if (position[0] is None) != (position[1] is None):
        return "only one of lat and lon is given"
    key = "|".join((kind, name.casefold(), language, area))
    return NameRow(
        f"own:{hashlib.sha256(key.encode()).hexdigest()[:24]}", kind, name, language, told.get("alias_of", ""),
        area, position[0], position[1], f"own table {file}"[:120], "own", True,
    )  # fmt: skip

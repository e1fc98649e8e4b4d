"""Names of places beside those the areas have themselves: taken over from a map, or the institution's own."""

import threading
import time
import tomllib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib.resources import files

from django.db import transaction
from django.db.models import Count, Max

from dauys.engines import places
from dauys.institution import rights
from dauys.institution.models import Area, User
from dauys.institution.queries import RECHECK_SECONDS, House, house
from dauys.ledger import actions as ledger
from dauys.understand.models import PlaceName

BATCH = 2000
_RANKS = {level: rank for rank, level in enumerate(Area.Level.values)}
_ASKED = 900
"""Keys in one question: SQLite takes no more parameters in older builds."""


@dataclass(frozen=True, slots=True)
class NameRow:
    """One name as a file gives it. `area` is the code of an area of the house, or empty."""

    key: str
    kind: str
    name: str
    language: str
    canonical: str
    area: str
    lat: float | None
    lon: float | None
    source: str
    licence: str
    is_own: bool


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of the names that were given."""

    added: int
    changed: int
    same: int


class UnknownArea(Exception):
    """The house has no area of that code."""


_COLUMNS = ("kind", "name", "language", "canonical", "area_id", "lat", "lon", "source", "licence", "is_own")


def take(
    rows: Sequence[NameRow],
    *,
    officer: User | None,
    now: datetime,
    progress: Callable[[int], None] = lambda _count: None,
) -> Taken:
    """Add or correct these names by key, in batches, each its own transaction; again changes nothing."""
    added = changed = same = 0
    for start in range(0, len(rows), BATCH):
        batch = rows[start : start + BATCH]
        done = take_names(rows=batch, officer=officer, now=now)
        added, changed, same = added + done.added, changed + done.changed, same + done.same
        progress(len(batch))
    return Taken(added, changed, same)


def take_names(*, rows: Sequence[NameRow], officer: User | None, now: datetime) -> Taken:
    """Add these names, or correct the ones there are, by key. Raises UnknownArea; then nothing is kept."""
    if officer is not None:
        rights.require(officer, "understand.manage_model")
    place = house()
    rows = list({row.key: row for row in rows}.values())
    for row in rows:
        if row.area and row.area not in place.area_by_code:
            raise UnknownArea(row.area)
    with transaction.atomic():
        known: dict[str, PlaceName] = {}
        for start in range(0, len(rows), _ASKED):
            keys = [row.key for row in rows[start : start + _ASKED]]
            known.update({name.key: name for name in PlaceName.objects.filter(key__in=keys)})
        fresh, moved = [], []
        for row in rows:
            name = known.get(row.key)
            made = _model(row, place, now)
            if name is None:
                fresh.append(made)
            elif any(getattr(name, column) != getattr(made, column) for column in _COLUMNS):
                made.id = name.id
                moved.append(made)
        if fresh or moved:
            on = ledger.take_pen(place.today(now))
            PlaceName.objects.bulk_create(fresh, batch_size=500)
            columns = [column.removesuffix("_id") for column in _COLUMNS]
            PlaceName.objects.bulk_update(moved, [*columns, "taken_at"], batch_size=200)
            detail = {"added": len(fresh), "changed": len(moved), "first": rows[0].key, "last": rows[-1].key}
            actor = officer.id if officer else None
            ledger.append_many([ledger.Act("understand.take_names", ledger.NO_CASE, now, actor, detail)], on=on)
    forget()
    return Taken(len(fresh), len(moved), len(rows) - len(fresh) - len(moved))


def _model(row: NameRow, place: House, now: datetime) -> PlaceName:
    return PlaceName(
        key=row.key, kind=row.kind, name=row.name, language=row.language, canonical=row.canonical,
        area_id=place.area_by_code[row.area].id if row.area else None, lat=row.lat, lon=row.lon,
        source=row.source, licence=row.licence, is_own=row.is_own, taken_at=now,
    )  # fmt: skip


# ------------------------------------------------------------------------------------------------------ for reading

_lock = threading.Lock()
_stamp: tuple[object, ...] = ()
_checked = 0.0


def stamp() -> tuple[object, ...]:
    """Changes when the names do; asked of the table once in two seconds at most."""
    global _stamp, _checked
    with _lock:
        moment = time.monotonic()
        if not _stamp or moment - _checked >= RECHECK_SECONDS:
            told = PlaceName.objects.aggregate(count=Count("id"), last=Max("id"), taken=Max("taken_at"))
            _stamp, _checked = (told["count"], told["last"], told["taken"]), moment
        return _stamp


def forget() -> None:
    """Ask the table again at the next question; called by whoever changes it."""
    global _stamp, _checked
    with _lock:
        _stamp, _checked = (), 0.0


def names_of_areas(place: House) -> list[places.PlaceName]:
    """The house's own areas, in every language they have a name in. The country and its region say nothing new."""
    chains = {area: tuple(up.code for up in place.area_chain(area))[1:] for area in place.areas}
    return [
        places.PlaceName(
            area.code, name, tongue, _RANKS[area.level], chains[area.id],
            point=None if area.lat is None or area.lon is None else (area.lat, area.lon),
        )
        for area in place.areas.values()
        if area.level not in (Area.Level.COUNTRY, Area.Level.REGION)
        for tongue in ("ru", "kk", "en")
        if (name := getattr(area.name, tongue))
    ]  # fmt: skip


def more_names(place: House) -> list[places.PlaceName]:
    """Names of the table, as the engine takes them."""
    made = []
    for row in PlaceName.objects.order_by("id").iterator(chunk_size=2000):
        area = place.areas.get(row.area_id) if row.area_id else None
        if area is None and row.kind == PlaceName.Kind.AREA:
            continue
        chain = tuple(up.code for up in place.area_chain(area.id))[1:] if area else ()
        made.append(
            places.PlaceName(
                area.code if area else "", row.name, row.language, _RANKS[area.level] if area else 9, chain, row.kind,
                row.canonical, None if row.lat is None or row.lon is None else (row.lat, row.lon), row.is_own,
            )
        )  # fmt: skip
    return made


@cache
def common_words() -> frozenset[str]:
    """Everyday words that are names of places too; beside no kind word they name nothing (`data/common_words.toml`)."""
    folder = files("dauys.understand") / "data"
    table = tomllib.loads((folder / "common_words.toml").read_text(encoding="utf-8"))
    return frozenset(word for tongue in ("ru", "kk") for line in table[tongue] for word in line.split())


@cache
def vocabulary() -> frozenset[str]:
    """Every word our own starter texts write in small letters: people write it of other things than a place."""
    words: set[str] = set()
    folder = files("dauys.understand") / "data"
    starter = tomllib.loads((folder / "starter.toml").read_text(encoding="utf-8"))
    for topic in starter["topic"]:
        for tongue in ("ru", "kk"):
            for text in topic.get(tongue, ()):
                words.update(word for word in places.words_of(text) if word.islower())
    return frozenset(words)

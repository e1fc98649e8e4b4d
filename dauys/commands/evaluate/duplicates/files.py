"""Files of appeals and of pairs of texts, read with an eye for what is wrong in them."""

import csv
import gzip
import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import numpy.typing as npt

from dauys.commands import show

NEEDED = ("text", "category", "created", "lat", "lon", "building", "reason")
DAYS = 30.0  # of the weak truth and of both rules

Ints = npt.NDArray[np.int64]
Real = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Read:
    """A file in columns, oldest first. `building` and `reason` are the truth and go nowhere else."""

    texts: list[str]
    category: Ints
    day: Real
    lat: Real
    lon: Real
    building: Ints
    reason: Ints
    left_out: int


def csv_rows(path: Path, needed: Sequence[str]) -> list[dict[str, str]]:
    try:
        with (gzip.open(path, "rt", encoding="utf-8-sig", newline="") if path.suffix == ".gz" else path.open(
            encoding="utf-8-sig", newline=""
        )) as file:  # fmt: skip
            reader = csv.DictReader(file)
            missing = [name for name in needed if name not in (reader.fieldnames or ())]
            if missing:
                show.stop(
                    f"{path}: the column {', '.join(missing)} is missing.", remedy=f"Needed: {', '.join(needed)}."
                )
            return list(reader)
    except (UnicodeDecodeError, csv.Error, EOFError, gzip.BadGzipFile) as damage:
        show.stop(f"{path} cannot be read as CSV in UTF-8: {damage}.", remedy="Save it anew in that form.")
    except OSError as failure:
        show.stop(f"{path} cannot be read: {failure.strerror}.")


def read_appeals(path: Path) -> Read:
    kept: list[tuple[float, float, float, dict[str, str]]] = []
    left_out = 0
    for number, row in enumerate(csv_rows(path, NEEDED), start=2):
        if not row["building"] or not row["reason"]:
            left_out += 1
            continue
        try:
            when = datetime.fromisoformat(row["created"])
        except (ValueError, TypeError):
            show.stop(f"{path}, line {number}: created is “{row['created']}”.", remedy="Write it as 2026-03-05T14:00.")
        points = []
        for name, most in (("lat", 90), ("lon", 180)):
            try:
                value = float(row[name]) if row[name] else math.nan
            except (ValueError, TypeError):
                value = math.inf
            if abs(value) > most:
                show.stop(f"{path}, line {number}: {name} is “{row[name]}”.", remedy="Give degrees, or leave it empty.")
            points.append(value)
        day = (when if when.tzinfo else when.replace(tzinfo=UTC)).timestamp() / 86_400
        kept.append((day, points[0], points[1], row))
    if len(kept) < 2:
        show.stop(f"{path} holds fewer than two appeals with building and reason.", remedy="Give a longer file.")
    kept.sort(key=lambda one: one[0])
    rows = [row for _day, _lat, _lon, row in kept]
    codes = {
        name: np.unique([row[name] for row in rows], return_inverse=True)[1].astype(np.int64)
        for name in ("category", "building", "reason")
    }
    day, lat, lon = np.array([one[:3] for one in kept], dtype=np.float64).T
    return Read([row["text"] or "" for row in rows], codes["category"], day, lat, lon,
                codes["building"], codes["reason"], left_out)  # fmt: skip


def within(read: Read, reach: float) -> tuple[Ints, Ints]:
    """Pairs of rows of which no more than about `reach` metres lie between; the earlier first."""
    known = np.flatnonzero(~np.isnan(read.lat + read.lon))
    if not len(known):
        return np.empty(0, np.int64), np.empty(0, np.int64)
    step = reach / 111_195
    wide = math.cos(math.radians(float(np.abs(read.lat[known]).max())))
    down = np.floor(read.lat[known] / step).astype(np.int64)
    across = np.floor(read.lon[known] * max(0.01, wide) / step).astype(np.int64)
    cell = down * 10_000_000 + across
    order = np.argsort(cell, kind="stable")
    cell = cell[order]
    pairs = []
    for shift in (0, 1, 10_000_000 - 1, 10_000_000, 10_000_000 + 1):
        begin = np.searchsorted(cell, cell + shift) if shift else np.arange(len(cell)) + 1
        counts = np.searchsorted(cell, cell + shift, side="right") - begin
        here = np.repeat(np.arange(len(cell)), counts)
        there = np.arange(counts.sum()) + np.repeat(begin - np.cumsum(counts) + counts, counts)
        pairs.append((known[order[here]], known[order[there]]))
    one, other = (np.concatenate(side) for side in zip(*pairs, strict=True))
    left, right = np.minimum(one, other), np.maximum(one, other)
    flat = np.hypot(
        read.lat[left] - read.lat[right], (read.lon[left] - read.lon[right]) * np.cos(np.radians(read.lat[left]))
    )
    near = flat <= step
    return left[near], right[near]


def positive_pairs(read: Read) -> int:
    """All pairs of the weak truth, also those no method considers."""
    key = read.building * (read.reason.max() + 1) + read.reason
    order = np.lexsort((read.day, key))
    key, day = key[order], read.day[order]
    lasting = float(day.max() - day.min()) + DAYS + 1
    line = (np.unique(key, return_inverse=True)[1] * 2) * lasting + (day - day.min())
    return int((np.searchsorted(line, line + DAYS, side="right") - np.arange(len(line)) - 1).sum())

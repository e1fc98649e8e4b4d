"""What is grouped and by which rules, in columns."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Real = npt.NDArray[np.float64]

NEW = -1


class Likeness(Protocol):
    """How likely two appeals are one matter: any object that answers for pairs of rows and can be cut to some rows."""

    def take(self, rows: Ints, /) -> "Likeness": ...

    def __call__(self, left: Ints, right: Ints, cosine: Real, /) -> Real: ...


class BadAppeals(ValueError):
    """The columns do not fit together; the message says how."""


@dataclass(frozen=True)
class Rules:
    """When appeals become one problem. The guards keep a chain of neighbours from swallowing a town.

    An appeal joins where its likeness to some member is at least `join` and is so for at least half of the members it
    was compared with; where it stands no more than `metres` from the oldest member and no more than `lasting` days
    after it; and where there are fewer than `size` members. It is compared with appeals of up to `days` before, at
    most `compared` in each cell of the map. Two problems are merged when an appeal fits both at `merge` or more.
    """

    join: float = 0.6
    merge: float = 0.9
    days: float = 30.0
    metres: float = 250.0
    lasting: float = 90.0
    size: int = 500
    compared: int = 24


@dataclass(frozen=True)
class Appeals:
    """Columns, one row an appeal, in ascending order of `ids`.

    `day` in days, fractions allowed; `area` and `topic` codes, below nought where unknown; `lat`, `lon` in degrees, not
    a number where unknown; `bands` (n, k) keys of which equal ones in one column mark near-identical texts, noughts
    for a text without any; `group` the problem it was put in before, NEW where it is still to be grouped.
    """

    ids: Ints
    day: Real
    area: Ints
    topic: Ints
    lat: Real
    lon: Real
    bands: Ints
    group: Ints

    def __post_init__(self) -> None:
        count = len(self.ids)
        if any(len(column) != count for column in (self.day, self.area, self.topic, self.lat, self.lon, self.group)):
            raise BadAppeals("All columns must have as many rows as there are appeals.")
        if self.bands.ndim != 2 or len(self.bands) != count:
            raise BadAppeals("The bands must have one row an appeal.")
        if count and (np.diff(self.ids) <= 0).any():
            raise BadAppeals("Appeals must come in ascending order of their numbers, each once.")
        if count and self.ids[0] < 0:
            raise BadAppeals("The number of an appeal is nought or more.")

    def __len__(self) -> int:
        return len(self.ids)

    def take(self, rows: Ints) -> "Appeals":
        return Appeals(
            self.ids[rows], self.day[rows], self.area[rows], self.topic[rows], self.lat[rows], self.lon[rows],
            self.bands[rows], self.group[rows],
        )  # fmt: skip


@dataclass(frozen=True)
class Parcel:
    """Whole parts (area and topic) with all that is needed to group them: what a process is handed."""

    appeals: Appeals
    likeness: Likeness
    near: tuple[Ints, Ints, Real]
    rules: Rules


def parts(appeals: Appeals) -> Ints:
    """One number for each area and topic, the same for the same."""
    _areas, area = np.unique(appeals.area, return_inverse=True)
    topics, topic = np.unique(appeals.topic, return_inverse=True)
    return np.asarray(np.unique(area * len(topics) + topic, return_inverse=True)[1])

"""What goes in and what comes out: names of the gazetteer, and the place a text speaks of."""

from dataclasses import dataclass

Point = tuple[float, float]
"""Latitude and longitude in degrees."""


@dataclass(frozen=True)
class PlaceName:
    """One name of one area, street or landmark.

    `rank` orders areas by size: 0 the largest, greater numbers smaller places. `parents` are the codes of the
    areas that hold this one, nearest first, where known; without them nine-digit KATO codes are read by their
    nesting prefix. `kind` is "area", "street" or "landmark"; a street or landmark carries the code of the area it
    lies in, or none where nobody knows. `canonical` is the name in force where this one is an old or a spoken name.
    `own` marks what the institution wrote itself: it knows its streets better than a map does.
    """

    area_code: str
    name: str
    language: str
    rank: int = 9
    parents: tuple[str, ...] = ()
    kind: str = "area"
    canonical: str = ""
    point: Point | None = None
    own: bool = False


@dataclass(frozen=True)
class Span:
    """text[start:end] told something. `kind`: area, street, house, landmark. `rule` says how it was known:

    "kind word" (село, ауданы, улица …), "name" (of the gazetteer), "letter" (a name of the gazetteer with one
    letter wrong), "form" (looks like a street, the gazetteer has none), "number", "title", "beside" (возле …).
    """

    start: int
    end: int
    kind: str
    rule: str
    confidence: float


@dataclass(frozen=True)
class Address:
    """A street with its house, or a landmark, as the text names it.

    `name` is the name in force where the gazetteer knows it, else the words of the text. `known` are the names of
    the gazetteer it may be. `number` is a house ("12", "12А", "123/1", "5к2") or the number of a school.
    """

    kind: str
    name: str
    number: str
    confidence: float
    spans: tuple[Span, ...]
    known: tuple[PlaceName, ...] = ()

    @property
    def start(self) -> int:
        return min(span.start for span in self.spans)


@dataclass(frozen=True)
class Place:
    """The place a text speaks of, no finer than its words allow.

    `area_code` is empty where the text names no area; `confidence` is then that of the address. `alternatives` are
    codes of areas that may be meant as well: where two are equally likely, `area_code` holds the one around both.
    `street`, `house` and `landmark` are filled only where the text names exactly one; `addresses` has all.
    `point` comes from the citizen's map, a landmark or a street, as `point_of` says ("citizen", "landmark", "street").
    """

    area_code: str
    confidence: float
    reasons: tuple[str, ...]
    alternatives: tuple[str, ...] = ()
    street: str = ""
    house: str = ""
    landmark: str = ""
    address_confidence: float = 0.0
    point: Point | None = None
    point_of: str = ""
    addresses: tuple[Address, ...] = ()
    spans: tuple[Span, ...] = ()

"""The gazetteer and its one question: which place does this text speak of, no finer than its words allow?"""

import itertools
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from math import cos, hypot, radians

from dauys.engines.places.areas import AreaNames, AreaReader, Mention, is_within
from dauys.engines.places.houses import said_alone
from dauys.engines.places.landmarks import LandmarkReader, Landmarks
from dauys.engines.places.streets import StreetReader, Streets
from dauys.engines.places.values import Address, Place, PlaceName, Point, Span
from dauys.engines.places.words import Words

READ_AT_MOST = 200_000  # characters
LEAST = 0.3
"""Below this a name is an everyday word."""

WEAKER = 0.25
"""A mention this much less sure than another does not stand against it."""

NEAR_KM = 30.0
OWN_STREET, MAP_STREET = 0.62, 0.5
"""How surely a street known in one area alone tells that area: by the institution's own list, by a map."""


class Gazetteer:
    """Finds areas, streets, houses and landmarks in texts. Built once, then read-only.

    `common` are words of everyday language that are also place names: such a name counts only beside a kind word
    (село, р-н, қаласы …). `vocabulary` are words people write every day: one of them is a place only with a capital
    in mid-sentence and a preposition or case of place, and none of either list is taken for a mistyped name.
    """

    def __init__(
        self, entries: Sequence[PlaceName], *, common: Collection[str] = (), vocabulary: Collection[str] = ()
    ) -> None:
        areas = [entry for entry in entries if entry.kind == "area"]
        self._areas = AreaNames(areas, common=common, vocabulary=vocabulary)
        self._streets = Streets([entry for entry in entries if entry.kind == "street"])
        self._landmarks = Landmarks([entry for entry in entries if entry.kind == "landmark"])
        self._chains: dict[str, tuple[str, ...]] = {}
        self._ranks: dict[str, int] = {}
        self._points: dict[str, Point] = {}
        for entry in areas:
            if entry.parents or entry.area_code not in self._chains:
                self._chains[entry.area_code] = entry.parents
            self._ranks.setdefault(entry.area_code, entry.rank)
            if entry.point is not None:
                self._points.setdefault(entry.area_code, entry.point)
        for code, chain in self._chains.items():
            self._chains[code] = chain or self._by_prefix(code)

    def locate(self, text: str, *, within: str | None = None, point: Point | None = None) -> Place | None:
        """The place the text names, or None where it names none.

        `within` is an area code (an institution's own region): names outside it are not considered. `point` is what
        the citizen put on the map (latitude, longitude): it settles which of several places of one name is meant
        and never makes the answer finer than the words.
        """
        words = Words(text[:READ_AT_MOST])
        inside = self._inside(within)
        reader = AreaReader(words, self._areas, inside)
        streets, taken = StreetReader(words, self._streets, reader.is_name, inside).read()
        landmarks, more = LandmarkReader(words, self._landmarks, inside).read(taken)
        mentions = [mention for mention in reader.read(taken | more) if mention.confidence >= LEAST]
        if not streets:
            streets = [_house_alone(house.number, house.start, house.end) for house in said_alone(words.text)]
            if not (mentions or streets or landmarks):
                return None
        else:
            streets = _with_house(streets, words.text)
        return self._settle(mentions, [*streets, *landmarks], point)

    def _inside(self, within: str | None) -> Callable[[PlaceName], bool]:
        if within is None:
            return lambda _entry: True

        def holds(entry: PlaceName) -> bool:
            if not entry.area_code:
                return True
            parents = entry.parents or self._chains.get(entry.area_code, ())
            return is_within(entry.area_code, parents, within)

        return holds

    def _by_prefix(self, code: str) -> tuple[str, ...]:
        """The known areas above a nine-digit KATO code, nearest first."""
        if len(code) != 9 or not code.isdigit():
            return ()
        above = (code[:size] + "0" * (9 - size) for size in (6, 4, 2))
        return tuple(dict.fromkeys(each for each in above if each != code and each in self._chains))

    def _around(self, codes: Sequence[str]) -> str:
        """The smallest area that holds all of these; empty where none does."""
        first = codes[0]
        for candidate in (first, *self._chains.get(first, ())):
            if all(candidate == code or candidate in self._chains.get(code, ()) for code in codes[1:]):
                return candidate
        return ""

    # ----------------------------------------------------------------------------------------------------------

    def _settle(self, mentions: list[Mention], addresses: list[Address], point: Point | None) -> Place | None:
        named = {mention.names[0].area_code for mention in mentions if _codes(mention)[1:] == () and not mention.above}
        has_street = any(address.kind == "street" and address.name for address in addresses)
        _side_by_side(mentions, self._holds)
        seen: list[tuple[str, float, Mention, tuple[str, ...]]] = []
        meant: dict[tuple[tuple[str, ...], bool, float], tuple[str, float, tuple[str, ...]]] = {}
        for mention in mentions:
            same = (_codes(mention), mention.above, mention.confidence)
            if same not in meant:
                meant[same] = self._meant(mention, named, addresses, has_street, point)
            code, sure, others = meant[same]
            seen.append((code, sure, mention, others))
        code, confidence, reasons, alternatives = self._best(seen)
        street = [address for address in addresses if address.kind == "street"]
        landmark = [address for address in addresses if address.kind == "landmark"]
        street, landmark = self._compatible(street, code), self._compatible(landmark, code)
        if not code and not alternatives:
            code, confidence, alternatives = self._by_address([*street, *landmark])
        names = {address.name.casefold() for address in street}
        one_street = street[0].name if len(names) == 1 else ""
        houses = {address.number for address in street if address.number}
        house = next(iter(houses)) if len(houses) == 1 and len(names) == 1 else ""
        one_landmark = landmark[0].name if len({address.name.casefold() for address in landmark}) == 1 else ""
        sure = max((address.confidence for address in (*street, *landmark)), default=0.0)
        spans = [span for address in (*street, *landmark) for span in address.spans]
        spans += [
            Span(mention.start, mention.end, "area", mention.rule, round(mention.confidence, 3))
            for _code, sureness, mention, _others in seen
            if sureness >= LEAST
        ]
        where, of = _point(street if one_street else [], landmark if one_landmark else [], point)
        if not (code or alternatives or street or landmark):
            return None
        if not code and not alternatives:
            confidence = sure
        told = reasons or tuple(dict.fromkeys(address.name or address.number for address in (*street, *landmark)))
        return Place(
            code, round(min(confidence, 0.98), 3), told, alternatives, one_street, house, one_landmark,
            round(sure, 3), where, of, (*street, *landmark), tuple(sorted(set(spans), key=lambda span: span.start)),
        )  # fmt: skip

    def _meant(
        self, mention: Mention, named: set[str], addresses: list[Address], has_street: bool, point: Point | None
    ) -> tuple[str, float, tuple[str, ...]]:
        """Which area one mention means: its code, how surely, and what else it may mean."""
        codes = _codes(mention)
        sure = mention.confidence
        if mention.above:
            around = self._around(codes) if len(codes) > 1 else next(iter(self._chains.get(codes[0], ())), "")
            return around, min(sure, 0.6), codes
        if len(codes) == 1:
            return codes[0], sure, ()
        held = [code for code in codes if any(up != code and self._holds(up, code) for up in named)]
        left = held or list(codes)
        if len(left) > 1:
            by_street = {entry.area_code for address in addresses for entry in address.known if entry.area_code}
            left = [code for code in left if code in by_street] or left
        if len(left) > 1 and point is not None:
            left = self._nearest(left, point)
        tops = [code for code in left if not any(up != code and self._holds(up, code) for up in left)]
        if len(tops) == 1 and len(left) > 1:
            # A town and the district of its name: the larger, unless a street says that the town is meant.
            lower = [code for code in left if code != tops[0]]
            if has_street and len(lower) == 1:
                return lower[0], sure * 0.9, tuple(tops)
            return tops[0], sure * 0.9, tuple(lower)
        if len(tops) == 1:
            return tops[0], sure, tuple(code for code in codes if code != tops[0] and not held)
        around = self._around(tops)
        if around in tops:
            return around, sure * 0.8, tuple(code for code in left if code != around)
        return around, sure * 0.8 if around else 0.0, tuple(left)

    def _holds(self, up: str, code: str) -> bool:
        return up in self._chains.get(code, ()) or (up != code and is_within(code, (), up))

    def _nearest(self, codes: list[str], point: Point) -> list[str]:
        """The one of these whose centre is clearly nearest to the citizen's point; else all."""
        far = sorted((_kilometres(point, self._points[code]), code) for code in codes if code in self._points)
        if far and far[0][0] <= NEAR_KM and (len(far) == 1 or far[1][0] > 3 * far[0][0]) and len(far) == len(codes):
            return [far[0][1]]
        return codes

    def _best(
        self, seen: list[tuple[str, float, Mention, tuple[str, ...]]]
    ) -> tuple[str, float, tuple[str, ...], tuple[str, ...]]:
        """The finest area all mentions agree on, how surely, the words that told it, and what else may be meant."""
        usable = [row for row in seen if row[0] and row[1] >= LEAST]
        if not usable:
            # Places of one name that nothing known holds together: all of them are told, none is chosen.
            lost = [row for row in seen if row[3]]
            if not lost:
                return "", 0.0, (), ()
            _code, _sure, mention, others = lost[0]
            return "", 0.3, (mention.words,), others
        top = max(row[1] for row in usable)
        surest: dict[tuple[str, bool], tuple[str, float, Mention, tuple[str, ...]]] = {}
        for row in usable:
            kept = surest.get((row[0], row[2].moving))
            if row[1] > top - WEAKER and (kept is None or row[1] > kept[1]):
                surest[row[0], row[2].moving] = row
        strong = list(surest.values())
        leaves = [row for row in strong if not any(self._holds(row[0], other[0]) for other in strong)]
        if len({row[0] for row in leaves}) > 1:
            leaves = [row for row in leaves if not row[2].moving] or leaves
        codes = tuple(dict.fromkeys(row[0] for row in leaves))
        words = tuple(dict.fromkeys(row[2].words for row in leaves))
        if len(codes) == 1 and all(row[2].moving for row in leaves):
            # «Шемонаихинский район, дорога до Волчанки»: on the way there, somewhere in the district.
            here = [row for row in strong if not row[2].moving and self._holds(row[0], codes[0])]
            if here:
                finest = max(here, key=lambda row: len(self._chains.get(row[0], ())))
                return finest[0], finest[1], (finest[2].words, *words), codes
        if len(codes) == 1:
            best = max(leaves, key=lambda row: row[1])
            holders = [row[2].words for row in strong if row[0] != codes[0] and self._holds(row[0], codes[0])]
            sure = best[1] + (0.1 if holders else 0.0)
            return codes[0], min(sure, 0.98), (*words, *dict.fromkeys(holders)), best[3]
        around = self._around(codes)
        return around, (min(row[1] for row in leaves) * 0.9 if around else 0.3), words, codes

    def _compatible(self, addresses: list[Address], code: str) -> list[Address]:
        """Known streets only where they may lie: in the area named, in one that holds it, or below it."""
        if not code:
            return addresses
        kept = []
        for address in addresses:
            known = tuple(
                entry
                for entry in address.known
                if not entry.area_code
                or entry.area_code == code
                or self._holds(code, entry.area_code)
                or self._holds(entry.area_code, code)
            )
            kept.append(replace(address, known=known) if len(known) != len(address.known) else address)
        return kept

    def _by_address(self, addresses: list[Address]) -> tuple[str, float, tuple[str, ...]]:
        """The area known streets and landmarks lie in, where the text names none."""
        wanted = [address for address in addresses if any(entry.area_code for entry in address.known)]
        if not wanted:
            return "", 0.0, ()
        common: list[str] | None = None
        for address in wanted:
            here = list(dict.fromkeys(entry.area_code for entry in address.known if entry.area_code))
            common = here if common is None else [code for code in common if code in here]
        if not common:
            return "", 0.0, ()
        own = any(entry.own for address in wanted for entry in address.known if entry.area_code in common)
        sure = OWN_STREET if own else MAP_STREET
        if len(common) == 1:
            return common[0], sure, ()
        around = self._around(common)
        if around not in self._ranks:  # streets of one name all over the region tell nothing
            return "", 0.0, tuple(common)
        return around, sure, tuple(code for code in common if code != around)


def _side_by_side(mentions: list[Mention], holds: Callable[[str, str], bool]) -> None:
    """«Берёзово Ледовского района»: a name right beside the area that holds it is no everyday word."""
    for one, other in itertools.pairwise(mentions):
        if other.first - one.last > 2:
            continue
        if (
            other.confidence >= 0.5 and one.confidence >= 0.5
        ):  # «между Риддером и Зайсаном»: the preposition holds for both
            other.confidence = max(other.confidence, one.confidence - 0.05)
        other.moving |= one.moving  # «из Курчума в Буран»: the writer may be at either end
        for inner, outer in ((one, other), (other, one)):
            if outer.confidence >= 0.85 and any(
                holds(up.area_code, name.area_code) for up in outer.names for name in inner.names
            ):
                inner.confidence = max(inner.confidence, 0.85)


def _codes(mention: Mention) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name.area_code for name in mention.names))


def _house_alone(number: str, start: int, end: int) -> Address:
    return Address("street", "", number, 0.5, (Span(start, end, "house", "number", 0.5),))


def _with_house(streets: list[Address], text: str) -> list[Address]:
    """«На улице Абая … в доме 14»: the one house of the one street may stand elsewhere in the text."""
    if len(streets) != 1 or streets[0].number or not streets[0].name:
        return streets
    alone = {house.number: house for house in said_alone(text)}
    if len(alone) != 1:
        return streets
    house = next(iter(alone.values()))
    sure = round(streets[0].confidence * 0.9, 3)
    span = Span(house.start, house.end, "house", "number", sure)
    return [replace(streets[0], number=house.number, spans=(*streets[0].spans, span))]


def _point(streets: list[Address], landmarks: list[Address], citizen: Point | None) -> tuple[Point | None, str]:
    if citizen is not None:
        return citizen, "citizen"
    for addresses, word in ((landmarks, "landmark"), (streets, "street")):
        points = {entry.point for address in addresses for entry in address.known if entry.point is not None}
        if len(points) == 1:
            return points.pop(), word
    return None, ""


def _kilometres(one: Point, other: Point) -> float:
    return hypot(one[0] - other[0], (one[1] - other[1]) * cos(radians(one[0]))) * 111.2

"""Streets and their houses: «ул. Кабанбай батыра, 123/1», «Казахстан 78 көшесі», «на Өтепова 14»."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from dauys.engines.places import cues, houses
from dauys.engines.places.letters import NearWords, stem
from dauys.engines.places.values import Address, PlaceName, Span
from dauys.engines.places.words import Words

WORDS_MOST = 4
"""Words of one street's name."""

Key = tuple[str, ...]
_KIND_WORDS = frozenset(cues.STREET_BEFORE) | frozenset(cues.STREET_AFTER) | cues.NAMED_AFTER | cues.NAMED_AFTER_KK


def key_of(words: Sequence[str]) -> Key:
    """A street's name without its kind word and endings, so that Абая, Абай and «ул. Абая» meet."""
    kept = [word for word in words if word not in _KIND_WORDS or len(words) == 1]
    if kept[:1] and kept[0].isdigit():
        kept = [word for word in kept if word not in cues.ORDINAL]
    return tuple(stem(word) for word in kept)


class Streets:
    """The streets of the gazetteer by the stems of their names."""

    def __init__(self, entries: Sequence[PlaceName]) -> None:
        self._known: dict[Key, list[PlaceName]] = {}
        self._longest: dict[str, int] = {}
        for entry in entries:
            key = key_of(Words(entry.name).fold)
            if key:
                self._known.setdefault(key, []).append(entry)
                self._longest[key[0]] = max(self._longest.get(key[0], 0), len(key))
        self._near = NearWords([" ".join(key) for key in self._known], least=5)

    def longest(self, words: Words, at: int) -> tuple[int, list[PlaceName]]:
        """How many words from there make a known name, and the streets of that name."""
        most = self._longest.get(stem(words.at(at)), 0)
        for length in range(min(most, len(words) - at), 0, -1):
            if all(words.close(at + step) or words.between(at + step) == ". " for step in range(length - 1)):
                found = self._known.get(tuple(stem(words.fold[at + step]) for step in range(length)))
                if found:
                    return length, found
        return 0, []

    def of(self, names: Sequence[str], *, within: Callable[[PlaceName], bool]) -> tuple[list[PlaceName], str]:
        """Streets of that name and how they were known: "name", "letter", or "form" where there are none."""
        key = key_of(names)
        found = [entry for entry in self._known.get(key, ()) if within(entry)]
        if found or not key:
            return found, "name"
        near = self._near.near(" ".join(key))
        found = [entry for name in near for entry in self._known[tuple(name.split(" "))] if within(entry)]
        if len({entry.canonical or entry.name for entry in found}) == 1:
            return found, "letter"
        return [], "form"


@dataclass(slots=True)
class Found:
    """A street as read: words first … last are its name, `until` the last word used."""

    first: int
    last: int
    begin: int
    until: int
    kind: str
    marked: bool
    sure: float
    number: houses.House | None = None


class StreetReader:
    """Reads the streets of one text. `is_area` tells whether the word there is the name of an area."""

    def __init__(
        self, words: Words, streets: Streets, is_area: Callable[[int], bool], within: Callable[[PlaceName], bool]
    ) -> None:
        self._words, self._streets, self._is_area, self._within = words, streets, is_area, within

    def read(self) -> tuple[list[Address], set[int]]:
        """Every address, and the words they took."""
        addresses: list[Address] = []
        taken: set[int] = set()
        at = 0
        while at < len(self._words):
            found = self._at(at, taken)
            if found is None:
                at += 1
                continue
            made, end = self._made(found)
            addresses += made
            until = found.until
            if self._words.fold[at] in cues.STREETS_MANY and (other := self._second(until)) is not None:
                more, end = self._made(other)
                addresses += more
                until = other.until
            while until + 1 < len(self._words) and self._words.starts[until + 1] < end:
                until += 1
            taken.update(range(found.begin, until + 1))
            at = max(at, until) + 1
        return addresses, taken

    def _at(self, at: int, taken: set[int]) -> Found | None:
        word = self._words.fold[at]
        if word in cues.STREET_AFTER or (word in cues.QUARTER_AFTER and self._numbered_before(at)):
            return self._named_before(at, taken)
        if word.startswith("коше") and self._words.at(at - 1) in cues.NAMED_AFTER_KK:
            return self._named_before(at, taken)
        if word in cues.STREET_BEFORE:
            return self._named_after(at) or self._adjective_before(at, taken)
        if word[0].isdigit() or at in taken:
            return None
        return self._unmarked(at)

    def _second(self, until: int) -> Found | None:
        """«улиц Ленина и Мира»: a crossing, so neither street alone is the place."""
        words = self._words
        if words.at(until + 1) not in {"и", "с"} or until + 2 >= len(words) or not words.capital[until + 2]:
            return None
        last, sure = self._name_from(until + 2, cues.STREET)
        return Found(until + 2, last, until + 2, last, cues.STREET, True, sure) if last >= until + 2 else None

    def _numbered_before(self, at: int) -> bool:
        before = self._words.at(at - 1)
        if before in cues.ORDINAL:
            before = self._words.at(at - 2)
        return before.isdigit() and self._words.close(at - 1)

    # ------------------------------------------------------------------------------------------ «ул. Абая 12»

    def _named_after(self, at: int) -> Found | None:
        words = self._words
        kind = cues.STREET_BEFORE[words.fold[at]]
        first = at + 1
        if first >= len(words) or not (words.close(at) or words.between(at).strip() in {".", ". «", ".«", ":", ".:"}):
            return None
        # A full stop after a whole word ends the sentence; after a short one it is an abbreviation.
        if "." in words.between(at) and len(words.fold[at]) > 4 and words.fold[at] != "просп":
            return None
        if words.fold[first] in cues.NAMED_AFTER and first + 1 < len(words):
            first += 1
        last, sure = self._name_from(first, kind)
        if last < first:
            return None
        found = Found(first, last, at, last, kind, True, sure)
        found.number = self._house_behind(last)
        if words.fold[first].isdigit() and last == first and kind == cues.STREET and found.number is None:
            return None
        lower = not words.capital[first] and not words.fold[first].isdigit()
        if lower and not self._streets.longest(words, first)[0]:
            if found.number is None and not words.fold[first].endswith(cues.SURNAME_ENDINGS):
                return None
            found.sure -= 0.1
        if words.raw(at, at).lower() == "м" and found.number is None:  # «м-н» is a shop as often as a quarter
            return None
        return found

    def _name_from(self, first: int, kind: str) -> tuple[int, float]:
        """The last word of the name that begins there, and how surely; before `first` if there is none."""
        words = self._words
        length, known = self._streets.longest(words, first)
        if known and (length > 1 or not words.fold[first].isdigit()):
            return first + length - 1, 0.97
        at = first
        word = words.fold[at]
        if word.isdigit():
            if kind == cues.QUARTER:
                return at, 0.9
            at += 1
            if words.at(at) in {"й", "я", "ая", "ый", "ой", "го"} and words.between(at - 1) == "-":
                at += 1
            goes_on = at < len(words) and (
                words.fold[at] in cues.NAME_GOES_ON
                or (words.capital[at] and len(words.fold[at]) > 1 and words.fold[at] not in cues.NOT_A_NAME)
            )
            if not goes_on or not words.close(at - 1):
                return first - 1, 0.0
        elif any(sign.isdigit() for sign in word):  # «Ленская ул д1к1»: a house, not a name
            return first - 1, 0.0
        elif self._is_initial(at):
            pass
        elif word in cues.NOT_A_NAME or word in cues.LINKS or (len(word) < 2 and not words.capital[at]):
            return first - 1, 0.0
        lead_capital = words.capital[at]
        while at + 1 < len(words) and at - first + 1 < WORDS_MOST and self._goes_on(at, lead_capital):
            at += 1
        return at, 0.87

    def _is_initial(self, at: int) -> bool:
        words = self._words
        return len(words.fold[at]) <= cues.INITIAL_MOST and words.capital[at] and words.between(at)[:1] == "."

    def _goes_on(self, at: int, capital: bool) -> bool:
        words = self._words
        after = at + 1
        initial = self._is_initial(at)
        if not words.close(at) and not (initial and words.between(at).strip() in {".", ".-"}):
            return False
        word = words.fold[after]
        if word.isdigit() or word in cues.STREET_AFTER or word in cues.BEFORE or word in cues.AFTER:
            return False
        if word in cues.STREET_BEFORE or word in cues.LANDMARK or word in cues.NOT_A_NAME:
            return False
        if word in cues.NAME_GOES_ON or words.between(at) == "-":
            return True
        return capital and words.capital[after] and not self._is_area(after)

    # --------------------------------------------------------------------- «Комсомольская улица 5», «19 мкр»

    def _adjective_before(self, at: int, taken: set[int]) -> Found | None:
        words = self._words
        before = at - 1
        if (
            words.fold[at] not in cues.STREET_AFTER_RU | cues.QUARTER_AFTER
            or before < 0
            or before in taken
            or not words.close(before)
        ):
            return None
        name = words.fold[before]
        if not words.capital[before] or name in cues.NOT_A_NAME:
            return None
        _length, known = self._streets.longest(words, before)
        if not known and not name.endswith(("ая", "ой", "ую", "ий", "ый", "ого", "ом", "ому")):
            return None
        found = Found(before, before, before, at, cues.STREET, True, 0.97 if known else 0.87)
        found.number = self._house_behind(at)
        return found

    # ------------------------------------------------------------------- «Абай көшесі 12», «Казахстан 78 көшесі»

    def _named_before(self, at: int, taken: set[int]) -> Found | None:
        words = self._words
        kind = cues.STREET if words.fold[at].startswith("коше") else cues.STREET_AFTER.get(words.fold[at], cues.QUARTER)
        last = at - 1
        number: houses.House | None = None
        if words.at(last) in cues.NAMED_AFTER_KK:
            last -= 1
        if words.at(last) in cues.ORDINAL and words.at(last - 1).isdigit():
            last -= 1
        if last < 0 or last in taken:
            return None
        if words.fold[last][:1].isdigit():
            if kind == cues.QUARTER:
                return self._quarter(last, at)
            number = houses.house_at(words.text, words.starts[last]) or self._plain(last)
            if number is None or last == 0:
                return None
            last -= 1
            if not words.fold[last].isalpha() or (last in taken):
                return None
        if not (words.close(last) or number is not None):
            return None
        first = last
        if words.fold[last] in cues.NOT_A_NAME or words.fold[last] in cues.AFTER:
            return None
        capital = words.capital[last] or words.fold[last] in cues.NAME_GOES_ON
        if not words.capital[last] and words.fold[last].endswith(
            ("нын", "нин", "дын", "дин", "тын", "тин", "дагы", "деги")
        ):
            return None  # «the village's street», «the street in …»
        while (
            first > 0
            and last - first + 1 < WORDS_MOST
            and (first - 1) not in taken
            and self._begins(first - 1, capital)
        ):
            first -= 1
        length, known = self._known_up_to(first, last)
        if known:
            first = last - length + 1
        elif not any(words.capital[first : last + 1]) and words.fold[last].endswith(("лар", "лер", "дар", "дер")):
            return None
        found = Found(first, last, first, at, kind, True, 0.97 if known else 0.87, number)
        if not known and not any(words.capital[first : last + 1]):
            found.sure -= 0.1
        if number is None:
            found.number = self._house_behind(at)
        return found

    def _plain(self, at: int) -> houses.House | None:
        # «Казахстан 78 көшесі»: what follows is the kind word, not a thing that is counted.
        word = self._words.fold[at]
        return houses.House(word, self._words.starts[at], self._words.ends[at]) if word.isdigit() else None

    def _quarter(self, last: int, at: int) -> Found:
        found = Found(last, last, last, at, cues.QUARTER, True, 0.9)
        found.number = self._house_behind(at)
        return found

    def _begins(self, at: int, capital: bool) -> bool:
        words = self._words
        if not words.close(at):
            return len(words.fold[at]) <= cues.INITIAL_MOST and words.capital[at] and words.between(at).strip() == "."
        word = words.fold[at]
        if word in cues.AFTER or word in cues.BEFORE or word in cues.NOT_A_NAME or word in cues.LINKS:
            return False
        if word.isdigit():
            return words.fold[at + 1] in cues.NAME_GOES_ON
        if words.between(at) == "-":
            return True
        if words.fold[at + 1] in cues.NAME_GOES_ON:
            return True
        if self._is_area(at) or word.endswith((*cues.PLACE_CASES, "нын", "нин", "дын", "дин", "тын", "тин")):
            return False
        return capital and words.capital[at] and not (words.begins_sentence(at) and word in cues.ON_A_STREET)

    def _known_up_to(self, first: int, last: int) -> tuple[int, list[PlaceName]]:
        for start in range(first, last + 1):
            length, known = self._streets.longest(self._words, start)
            if known and start + length - 1 == last:
                return length, known
        return 0, []

    # ------------------------------------------------------------------------------ «на Өтепова 14», «Абая 12»

    def _unmarked(self, at: int) -> Found | None:
        """A street nobody called one: known with a house, or known after «на», or its form with both."""
        words = self._words
        length, known = self._streets.longest(words, at)
        known = [entry for entry in known if self._within(entry)]
        if not words.capital[at] and not (known and length > 1):
            return None
        if words.fold[at] in cues.NOT_A_NAME or (words.at(at - 1) in cues.BEFORE and not known):
            return None
        before = words.at(at - 1)
        last = at + length - 1 if known else at
        if not known:
            while (
                last + 1 < len(words)
                and words.fold[last + 1] in {"батыра", "батыр", "хана", "бия"}
                and words.close(last)
            ):
                last += 1
        behind = words.at(last + 1)
        if behind in cues.AFTER or behind in cues.STREET_AFTER or behind in cues.LANDMARK:
            return None
        number = self._house_behind(last)
        asked = before in cues.ON_A_STREET
        if known:
            if number is None and not asked:
                return None
            if number is None and self._is_area(at):
                return None
            return Found(at, last, at, last, cues.STREET, False, 0.87 if number else 0.7, number)
        if number is None or self._is_area(at) or not words.fold[last].endswith(cues.STREET_ENDINGS):
            return None
        said_house = words.text[words.ends[last] : number.start].strip(" ,.№").lower().startswith(("д", "ү"))
        first_in_text = at == 0 and words.fold[last].endswith(cues.SURNAME_ENDINGS)
        if not ((asked and len(words.fold[last]) > 3) or said_house or first_in_text):
            return None
        return Found(at, last, at, last, cues.STREET, False, 0.65, number)

    # ----------------------------------------------------------------------------------------------------------

    def _house_behind(self, last: int) -> houses.House | None:
        words = self._words
        house = houses.house_after(words.text, words.ends[last])
        if house is None:
            return None
        # The number of a bus is not a house, however near it stands.
        between = words.text[words.ends[last] : house.start]
        return None if "\n\n" in between else house

    def _made(self, found: Found) -> tuple[list[Address], int]:
        words = self._words
        names = words.fold[found.first : found.last + 1]
        if found.marked or self._streets.longest(words, found.first)[0]:
            known, rule = self._streets.of(names, within=self._within)
        else:
            known, rule = [], "form"
        sure = found.sure
        if not known:
            rule = "kind word" if found.marked else "form"
            sure = min(sure, 0.87)
        elif rule == "letter":
            sure = min(sure, 0.85)
        canonical = {entry.canonical or entry.name for entry in known}
        typed = words.raw(found.first, found.last)
        if len(canonical) == 1:
            name = next(iter(canonical))
        elif names[0].isdigit() and len(names) == 1:
            name = words.raw(found.begin, found.until)
        else:
            name = typed
        span = Span(words.starts[found.begin], words.ends[found.until], "street", rule, round(sure, 3))
        end = span.end
        made: list[Address] = []
        house = found.number
        while house is not None and len(made) < 10:
            own = Span(house.start, house.end, "house", "number", round(sure, 3))
            made.append(Address("street", name, house.number, round(sure, 3), (span, own), tuple(known)))
            end = max(end, house.end)
            house = houses.more_after(words.text, house)
        if not made:
            made = [Address("street", name, "", round(sure, 3), (span,), tuple(known))]
        return made, end

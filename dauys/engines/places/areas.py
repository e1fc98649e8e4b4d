"""Names of areas in a text: what they may mean, how surely, and whether the writer is there or only passes."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from dauys.engines.places import cues
from dauys.engines.places.letters import NearWords, folded, forms, root_of, roots_of, softened
from dauys.engines.places.values import PlaceName
from dauys.engines.places.words import Words


@dataclass(frozen=True, slots=True)
class _Entry:
    """A name without its kind word. `bare`: whether it is understood without that word (or is a derived adjective)."""

    core: tuple[str, ...]
    kind: str
    of: PlaceName
    is_adjective: bool


@dataclass(slots=True)
class Mention:
    """Words first … last name one of `names`. `kind` is the kind word beside it, if any."""

    first: int
    last: int
    start: int
    end: int
    names: tuple[PlaceName, ...]
    kind: str
    confidence: float
    moving: bool
    rule: str
    words: str
    bare_district: bool = False
    above: bool = False


def is_within(code: str, parents: tuple[str, ...], area: str) -> bool:
    """Whether an area lies in another one; nine-digit KATO codes nest by prefixes of 2, 4 and 6 digits."""
    if code == area or area in parents:
        return True
    if len(area) != 9 or not area.isdigit():
        return False
    size = next((size for size in (2, 4, 6) if area[size:].strip("0") == ""), 9)
    return size < 9 and code.startswith(area[:size])


class AreaNames:
    """The areas of the gazetteer, by every form their names take."""

    def __init__(
        self, entries: Sequence[PlaceName], *, common: Collection[str], vocabulary: Collection[str] = ()
    ) -> None:
        self._by_first: dict[str, list[_Entry]] = {}
        self._lemmas: dict[str, tuple[str, ...]] = {}
        self._soft: dict[str, tuple[str, ...]] = {}
        self.common = frozenset(folded(word) for word in common)
        self._town_offices = {
            entry.area_code for entry in entries if set(Words(entry.name).fold) & cues.OF_A_TOWN_IN_NAMES
        }
        self.vocabulary = self.common | {folded(word) for word in vocabulary}
        self._everyday = {root_of(word) for word in self.vocabulary if len(word) > 3}
        cores: set[str] = set()
        for entry in entries:
            for made in _read(entry):
                self._by_first.setdefault(made.core[0], []).append(made)
                cores.update(made.core)
        for core in sorted(cores):
            for form in forms(core):
                self._lemmas[form] = (*self._lemmas.get(form, ()), core)
            soft = softened(core)
            self._soft[soft] = (*self._soft.get(soft, ()), core)
        for rows in self._by_first.values():
            rows.sort(key=lambda made: -len(made.core))
        self._near = NearWords(sorted(cores - self.vocabulary))
        self._typed: dict[str, tuple[str, ...]] = {}

    def lemmas(self, words: Words, at: int) -> tuple[str, ...]:
        """Words of names that the word there may be, in some case."""
        word = words.at(at)
        found = self._lemmas.get(word, ())
        if word and words.text[words.starts[at]].isascii() and (soft := self._soft.get(softened(word))):
            return (*found, *soft)
        return found

    def near(self, word: str) -> tuple[str, ...]:
        """Words of names one letter away, unless the word is an everyday one."""
        if not self._everyday.isdisjoint(roots_of(word)):
            return ()
        known = self._typed.get(word)
        if known is None:
            known = self._near.near(word)
            if len(self._typed) < 1 << 14:
                self._typed[word] = known
        return known

    def is_town(self, name: PlaceName) -> bool:
        """Whether a settlement stands under the administration of a town."""
        return bool(self._town_offices.intersection(name.parents))

    def from_lemma(self, lemma: str) -> list[_Entry]:
        return self._by_first.get(lemma, [])

    def joined(self, word: str) -> tuple[str, ...]:
        return self._lemmas.get(word, ())


def _read(entry: PlaceName) -> list[_Entry]:
    tokens = Words(entry.name).fold
    kind = next((cues.IN_NAMES[word] for word in tokens if word in cues.IN_NAMES), "")
    if not any(word not in cues.IN_NAMES for word in tokens):
        kind = ""
    core = tuple(
        word
        for word in tokens
        if not kind
        or (word not in cues.IN_NAMES and word not in cues.BESIDE_KIND_IN_NAMES and word not in cues.NAMED_AFTER)
    )
    if kind in (cues.TOWN, cues.VILLAGE):
        kind = ""
    if not core:
        return []
    made = [_Entry(core, kind, entry, False)]
    if len(core) > 1 and "-" in entry.name:
        made.append(_Entry(("".join(core),), kind, entry, False))
    if kind == cues.DISTRICT and tokens[0] == "район" and len(core) == 1:
        made.append(_Entry((_adjective(core[0]),), kind, entry, True))
    return made


def _adjective(noun: str) -> str:
    """район Самар → самарский; Маркаколь → маркакольский; Алтай → алтайский."""
    return (noun[:-1] if noun[-1] in "аыиео" else noun) + "ский"


class AreaReader:
    """Reads the areas one text names, leaving alone words that streets and landmarks took."""

    def __init__(self, words: Words, names: AreaNames, within: Callable[[PlaceName], bool]) -> None:
        self._words, self._names, self._within = words, names, within

    def is_name(self, at: int) -> bool:
        """Whether the word there is the name of an area by itself (a street's name must not swallow it)."""
        return any(
            len(made.core) == 1 and not made.is_adjective and self._within(made.of)
            for lemma in self._names.lemmas(self._words, at)
            for made in self._names.from_lemma(lemma)
        )

    def read(self, taken: set[int]) -> list[Mention]:
        found: list[Mention] = []
        at = 0
        while at < len(self._words):
            mention = None if at in taken else self._at(at, taken)
            if mention is None:
                at += 1
            else:
                found.append(mention)
                at = mention.last + 1
        return found

    def _at(self, at: int, taken: set[int]) -> Mention | None:
        entries, last, rule = self._entries(at, taken)
        if not entries:
            entries, last, rule = self._mistyped(at)
        return self._weigh(at, last, entries, rule) if entries else None

    def _entries(self, at: int, taken: set[int]) -> tuple[list[_Entry], int, str]:
        """The longest names that begin there."""
        words, names = self._words, self._names
        found: list[_Entry] = []
        length, least_wrong = 1, 0
        for lemma in names.lemmas(words, at):
            for made in names.from_lemma(lemma):
                size = len(made.core)
                if size < length or at + size > len(words) or not self._within(made.of):
                    continue
                wrong = sum(
                    self._differs(made.core[step], at + step)
                    if at + step not in taken and (words.close(at + step - 1) or words.between(at + step - 1) == ". ")
                    else 2
                    for step in range(1, size)
                )
                if wrong < 2:
                    if size > length or wrong < least_wrong:
                        found.clear()
                        length, least_wrong = size, wrong
                    if wrong == least_wrong:
                        found.append(made)
        last = at + length - 1
        # «Катон-Қарағай» for Катонқарағай, «Усть Каменогорск» for a name the gazetteer writes as one word.
        if at + 1 < len(words) and words.between(at) in {"-", " ", "–"} and length == 1 and words.capital[at]:
            joined = [
                made
                for lemma in names.joined(words.fold[at] + words.fold[at + 1])
                for made in names.from_lemma(lemma)
                if len(made.core) == 1 and self._within(made.of)
            ]
            if joined and (words.between(at) == "-" or not found):
                return joined, at + 1, "name"
        return found, last, "letter" if least_wrong else "name"

    def _differs(self, core: str, at: int) -> int:
        """0 for that word of a name, 1 for one letter wrong in it, 2 for another word."""
        if core in self._names.lemmas(self._words, at):
            return 0
        return 1 if core in self._names.near(self._words.fold[at]) else 2

    def _mistyped(self, at: int) -> tuple[list[_Entry], int, str]:
        """Names one letter away: only where something beside the word says that it names a place."""
        words = self._words
        word = words.fold[at]
        if len(word) < 5 or not word.isalpha():
            return [], at, ""
        kind = self._kind_beside(at, at)[0]
        if not kind and not (words.capital[at] and (not words.begins_sentence(at)) and self._linked(at, at)[0]):
            return [], at, ""
        found: list[_Entry] = []
        last = at
        for lemma in self._names.near(word):
            for made in self._names.from_lemma(lemma):
                size = len(made.core)
                if self._within(made.of) and all(
                    made.core[step] in self._names.lemmas(words, at + step) for step in range(1, size)
                ):
                    found.append(made)
                    last = max(last, at + size - 1)
        found = [made for made in found if len(made.core) == last - at + 1]
        return found, last, "letter"

    def _kind_beside(self, first: int, last: int) -> tuple[str, bool]:
        """The kind word that belongs to the words first … last, and whether it stands behind them."""
        words = self._words
        before, behind = words.at(first - 1), words.at(last + 1)
        kind = ""
        if before in cues.BEFORE and before not in cues.KAZAKH_KINDS and self._touches(first - 1):
            kind = cues.BEFORE[before]
            if before in cues.NEEDS_DOT and words.after(first - 1, 1) != "." and not self._shortened(first):
                kind = ""
        if before in {"администрация", "администрации", "акимат", "акиму", "аким", "акима"}:
            kind = kind or ""
        after = ""
        if behind in cues.AFTER and words.close(last):
            after = cues.AFTER[behind]
            if behind == "г" or (behind == "кала" and words.raw(last + 1, last + 1).lower() != "қала"):
                after = ""
        elif (
            behind in {"к", "а"}
            and words.after(last + 1, 1) == "."
            and words.raw(last + 1, last + 1) in {"қ", "а", "к"}
        ):
            after = cues.TOWN if behind == "к" else cues.VILLAGE
        elif behind in {"селолык", "ауылдык", "сельский", "сельского", "сельском"} and words.at(last + 2) in cues.AFTER:
            after = cues.AFTER[words.at(last + 2)]
        if not after:
            return kind, False
        if behind in cues.KAZAKH_KINDS:
            return after, True
        if kind:
            return kind, False
        # «Каменка района Самар»: a Russian kind word may belong to the next name.
        if self._names.lemmas(words, last + 2) and words.close(last + 1) and not words.fold[last].endswith(_ADJECTIVES):
            return "", False
        return after, True

    def _touches(self, at: int) -> bool:
        gap = self._words.between(at)
        return (
            len(gap) <= 3
            and all(sign in ' .\u00a0«"“' for sign in gap)
            and ("." not in gap or len(self._words.fold[at]) <= 4)
        )

    def _shortened(self, first: int) -> bool:
        """«п Глубокое», «п.Глубокое»: a single letter before a capital that is not the preposition «с»."""
        words = self._words
        return words.fold[first - 1] == "п" and words.capital[first]

    def _linked(self, first: int, last: int) -> tuple[bool, bool]:
        """Whether a preposition or case says place, and whether it says motion."""
        words = self._words
        before, final = words.at(first - 1), words.fold[last]
        if before in cues.LINKS and words.close(first - 1):
            return True, before in cues.MOVING
        lemmas = self._names.lemmas(words, last)
        if final not in lemmas:
            if final.endswith(cues.PLACE_CASES):
                return True, False
            if final.endswith(cues.MOVING_CASES):
                return True, True
        return False, False

    def _is_person(self, first: int, last: int) -> bool:
        """Whether another capital beside it makes it rather somebody's name."""
        words = self._words
        behind = last + 1 < len(words) and words.capital[last + 1] and words.between(last) == " "
        before = first > 0 and words.capital[first - 1] and words.between(first - 1) == " " and first > 1
        return any(
            beside and not self._names.lemmas(words, at) and words.fold[at] not in cues.BEFORE
            for beside, at in ((behind, last + 1), (before, first - 1))
        )

    def _alone(self, first: int, last: int) -> bool:
        """Whether the name stands by itself at the head of a line: «Риддер, ул. …», or fills it."""
        words = self._words
        head = first == 0 or "\n" in words.between(first - 1)
        rest = words.text[words.ends[last] : words.ends[last] + 2].lstrip(" ")
        return head and rest[:1] in ("", ",", "\n", ".", ";")

    def _weigh(self, first: int, last: int, entries: list[_Entry], rule: str) -> Mention | None:
        words = self._words
        kind, behind = self._kind_beside(first, last)
        linked, moving = self._linked(first, last)
        if not kind and (words.at(first - 1) in cues.NATURE or words.at(last + 1).startswith(cues.NATURE_KK)):
            return None
        capital = words.capital[first]
        told = capital and (not words.begins_sentence(first) or linked)
        chosen, above = _by_kind(entries, kind, behind=behind)
        if not chosen:
            return None
        if kind == cues.TOWN and len(chosen) > 1:
            chosen = [made for made in chosen if self._names.is_town(made.of)] or chosen
        length = last - first + 1
        typed = words.fold[first]
        if kind:
            confidence = 0.95
            linked, moving = linked or kind != "", moving and not behind
        else:
            like_adjective = chosen[0].core[-1].endswith(_LIKE_ADJECTIVES)
            everyday = length == 1 and (typed in self._names.common or chosen[0].core[0] in self._names.common)
            if length == 1 and typed in self._names.vocabulary and not (told and linked):
                return None
            short = len(typed) if length == 1 else 99
            if everyday or (not capital and short < 5) or (capital and not told and short < 4):
                return None
            if length > 1 and not typed.isdigit() and (capital or linked):
                confidence = 0.9
            elif length > 1 and words.between(first) == "-":
                confidence = 0.75
            elif capital and self._alone(first, last):
                confidence = 0.8
            elif told:
                confidence = 0.88 if linked else 0.62
                if not linked and (like_adjective or self._is_person(first, last)):
                    confidence = 0.4  # «Самарское молоко», «Алтай Ахметов»
            elif linked:
                confidence = 0.4 if like_adjective else 0.55
            else:
                a_place = capital and not like_adjective and not self._is_person(first, last)
                confidence = 0.52 if a_place else 0.45
            if chosen[0].is_adjective or (chosen[0].kind and typed.endswith(_ADJECTIVES)):
                confidence -= 0.15 if chosen[0].is_adjective else 0.05
                if not capital:
                    return None
        if rule == "letter":
            confidence -= 0.1
        until = last + 1 if kind and behind and last + 1 < len(words) else last
        start = words.starts[first - 1] if kind and not behind else words.starts[first]
        return Mention(
            first, until, start, words.ends[until], tuple(made.of for made in chosen), kind, confidence, moving,
            "letter" if rule == "letter" else "kind word" if kind else "name", words.raw(first, last), above=above,
        )  # fmt: skip


_LIKE_ADJECTIVES = ("ое", "ее", "ый", "ий", "ая", "ой", "ые")
_ADJECTIVES = ("ский", "ского", "скому", "ским", "ском", "ская", "ской", "скую", "цкий", "цкого", "цком", "скии")


def _by_kind(entries: list[_Entry], kind: str, *, behind: bool) -> tuple[list[_Entry], bool]:
    """What a name may mean beside that kind word; and whether only the area around it can be meant.

    Without one, a settlement's name means the settlement, a district's the district, an okrug is never meant.
    """
    plain = [made for made in entries if not made.kind]
    if kind in (cues.DISTRICT, cues.REGION, cues.OKRUG):
        of_kind = [made for made in entries if made.kind == kind]
        if of_kind:
            return of_kind, False
        # «в районе Каменки»: near it, so no finer than what holds it.
        return (plain, True) if kind == cues.DISTRICT and not behind else ([], False)
    if kind in (cues.TOWN, cues.VILLAGE):
        finest = max((made.of.rank for made in plain), default=0)
        return [made for made in plain if made.of.rank == finest], False
    bare = [made for made in entries if made.kind == cues.DISTRICT]
    # «Мұзтауда»: whoever means the district of that name says so. «в Самарском» may be either.
    return plain + [made for made in bare if made.is_adjective or not plain], False

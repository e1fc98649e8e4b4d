"""Which place does an appeal speak of? A gazetteer of names in their case forms, Russian and Kazakh.

Every name is put through the case endings of its language once, when the gazetteer is built; reading a text
is then one dictionary look-up per word. Kazakh letters fold to their Russian look-alikes on both sides, so
that a name typed on a Russian keyboard is found.
"""

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field

READ_AT_MOST = 200_000  # characters

_TOKEN = re.compile(r"[^\W_]+")
_FOLD = str.maketrans("ёәғқңөұүһіi", "еагкноуухии")


def _set_of(words: str) -> frozenset[str]:
    return frozenset(words.split())


_KAZAKH_CASES = _set_of(
    "нын нин дын дин тын тин га ге ка ке на не а е ны ни ды ди ты ти да де та те дан ден тан тен нан нен "
    "мен бен пен "
    "дагы деги тагы теги лык лик дык дик тык тик"
)
_KAZAKH_OWNED_CASES = _set_of("н нын нин на не нда нде нан нен мен ндагы ндеги ны ни")  # after ауданы, облысы, қаласы

# What stands before (or in Kazakh after) a name and says that it is one.
_CUES_BEFORE = _set_of(
    "г гор город города городе городу с со село села селе селу п пос поселок поселка поселке пгт аул "
    "аула ауле ауыл "
    "район района районе р облысы станция станции разъезд окр округ округа город village town city мкр район"
)
_CUES_AFTER = _set_of(
    "район района районе районный р-н рн ауданы ауданынын ауданында ауданындагы аудан ауылы ауылында "
    "ауылынын ауыл "
    "ауылындагы каласы каласында каласынын каласындагы кала селосы кенти кентинде облысы облысынын "
    "облысында область "
    "области district village town city region село города поселок округи"
)
_STREET_BEFORE = _set_of(
    "ул улица улице улицы улицу улицей пр проспект проспекте проспекта пер переулок street имени им"
)
_STREET_AFTER = _set_of(
    "кошеси кошесинде кошесинин кошесиндеги даныглы дангылы дангылында ксi street атындагы улица улице проспект"
)
_PLACE_CASES = ("да", "де", "та", "те", "дан", "ден", "тан", "тен", "дагы", "деги", "тагы", "теги")
_LINKS = _set_of("в во на из под у около от до для по к ко за")


@dataclass(frozen=True)
class PlaceName:
    """One name of one area.

    `rank` orders areas by size: 0 the largest (a region), greater numbers smaller places. `parents` are the
    codes of the areas that hold this one, where known; without them nine-digit KATO codes are read by their
    nesting prefix.
    """

    area_code: str
    name: str
    language: str
    rank: int
    parents: tuple[str, ...] = ()


@dataclass(frozen=True)
class Place:
    """The place a text speaks of; `alternatives` are the codes of other areas of the same name."""

    area_code: str
    confidence: float
    reasons: tuple[str, ...]
    alternatives: tuple[str, ...] = ()


def _fold(text: str) -> str:
    return text.lower().translate(_FOLD)


def _tokens(name: str) -> list[str]:
    return _TOKEN.findall(_fold(name))


def _russian_forms(word: str) -> Iterable[str]:
    """Singular case forms by the look of the ending; forms that do not exist cost nothing."""
    for ending, forms in (
        ("ая", "ой ую ою"), ("яя", "ей юю"), ("ое", "ого ому ым ом"), ("ее", "его ему им ем"),
        ("ый", "ого ому ым ом ой"), ("ой", "ого ому ым ом"),
        ("ий", "ого его ому ему им ом ем ия ию ием ие ии"),
        ("ые", "ых ым ыми"), ("ие", "их им ими ия ию ием ии"), ("ия", "ии ию ией"), ("ец", "ца цу цом це"),
        ("ок", "ка ку ком ке"), ("ек", "ка ку ком ке"),
    ):  # fmt: skip
        if word.endswith(ending):
            yield from (word[: -len(ending)] + form for form in forms.split())
    stem, last = word[:-1], word[-1]
    endings = {
        "а": "ы и у ой ою е ей", "я": "и ю ей ею е", "о": "а у ом е", "е": "я ю ем", "ь": "я ю ем е и ью",
        "й": "я ю ем е", "ы": "ов ам ами ах", "и": "ей ов ям ам ями ами ях ах",
    }.get(last)  # fmt: skip
    if endings is not None:
        yield from (stem + ending for ending in endings.split())
    elif last not in "аеиоуыэюя":
        yield from (word + ending for ending in ("а", "у", "ом", "ем", "е", "ы"))


def _forms(word: str, language: str) -> set[str]:
    if len(word) < 3 or word.isdigit():
        return {word}
    forms = {word}
    if word.isascii():
        return forms
    # A Kazakh name is spoken of in Russian sentences and the other way round, so both sets of endings apply.
    if language != "en":
        forms.update(_russian_forms(word))
        forms.update(word + ending for ending in _KAZAKH_CASES)
        if word[-1] in "иы":
            forms.update(word + ending for ending in _KAZAKH_OWNED_CASES)
    return forms


def _written_out(matches: list[re.Match[str]]) -> list[str]:
    """Folded words with the usual abbreviations in full: р-н, обл. The second half of р-н leaves the list."""
    words = [_fold(match.group()) for match in matches]
    for at in range(len(words) - 2, -1, -1):
        if words[at] == "р" and words[at + 1] in {"н", "на", "не", "ну"}:
            words[at] = "район"
            del words[at + 1], matches[at + 1]
    return ["область" if word == "обл" else "район" if word == "рн" else word for word in words]


def _within(code: str, parents: tuple[str, ...], area: str) -> bool:
    """Whether an area lies in another one; nine-digit KATO codes nest by prefixes of 2, 4 and 6 digits."""
    if code == area or area in parents:
        return True
    if len(area) != 9 or not area.isdigit():
        return False
    size = next((size for size in (2, 4, 6) if area[size:].strip("0") == ""), 9)
    return size < 9 and code.startswith(area[:size])


@dataclass(slots=True)
class _Mention:
    start: int
    words: tuple[str, ...]
    names: tuple[PlaceName, ...]
    cued: bool
    capital: bool  # a capital that does not merely begin a sentence
    linked: bool  # "в …", "из …", or a Kazakh case of place


@dataclass(slots=True)
class _Node:
    names: list[PlaceName] = field(default_factory=list)
    rests: list[tuple[tuple[frozenset[str], ...], PlaceName]] = field(default_factory=list)


class Gazetteer:
    """Finds areas in texts. Built once (about 0.2 s for 1,500 names), then read-only.

    `common` are words of everyday language that are also place names ("Солнечный", "Жаңа"): such a name
    counts only beside a cue word (село, р-н, қаласы …).
    """

    def __init__(self, entries: Sequence[PlaceName], *, common: Collection[str] = ()) -> None:
        self._first: dict[str, _Node] = {}
        self._common = frozenset(_fold(word) for word in common)
        forms_of: dict[tuple[str, str], frozenset[str]] = {}
        for entry in entries:
            tokens = _tokens(entry.name)
            if not tokens:
                continue
            sets = []
            for token in tokens:
                key = (token, entry.language)
                if key not in forms_of:
                    forms_of[key] = frozenset(_forms(token, entry.language))
                sets.append(forms_of[key])
            for form in sets[0]:
                node = self._first.setdefault(form, _Node())
                if len(sets) == 1:
                    node.names.append(entry)
                else:
                    node.rests.append((tuple(sets[1:]), entry))
        for node in self._first.values():
            node.rests.sort(key=lambda rest: -len(rest[0]))

    def locate(self, text: str, *, within: str | None = None) -> Place | None:
        """The smallest place the text names, or None.

        `within` is an area code (an institution's own region): names outside it are not considered. A larger
        area named in the same text (a district) settles which of several villages of one name is meant.
        """
        mentions = self._mentions(text[:READ_AT_MOST], within)
        if not mentions:
            return None
        best: tuple[float, int, _Mention, list[PlaceName]] | None = None
        codes_named = {name.area_code for mention in mentions for name in mention.names if len(mention.names) == 1}
        for mention in mentions:
            names = list(mention.names)
            if len({name.area_code for name in names}) > 1:
                held = [
                    name
                    for name in names
                    if any(
                        code != name.area_code and _within(name.area_code, name.parents, code) for code in codes_named
                    )
                ]
                names = held or names
            if len({name.area_code for name in names}) > 1:
                # A town and its district share a name: the cue word has chosen already, else the larger is
                # meant.
                top = min(name.rank for name in names)
                larger = [name for name in names if name.rank == top]
                ordered = larger + [name for name in names if name.rank != top]
            else:
                ordered = names
            sure = self._confidence(mention, ordered)
            candidate = (ordered[0].rank + sure, -mention.start, mention, ordered)
            if sure >= 0.3 and (best is None or candidate[:2] > best[:2]):
                best = candidate
        if best is None:
            return None
        _, _, mention, ordered = best
        code = ordered[0].area_code
        holders = [
            " ".join(other.words)
            for other in mentions
            if other is not mention
            and any(n.area_code != code and _within(code, ordered[0].parents, n.area_code) for n in other.names)
        ]
        alternatives = tuple(dict.fromkeys(n.area_code for n in ordered if n.area_code != code))
        confidence = self._confidence(mention, ordered)
        if holders:
            confidence = min(0.98, confidence + 0.1)
        return Place(code, round(confidence, 3), (" ".join(mention.words), *dict.fromkeys(holders)), alternatives)

    def _confidence(self, mention: _Mention, names: list[PlaceName]) -> float:
        codes = len({name.area_code for name in names})
        if mention.cued:
            confidence = 0.95
        elif len(mention.words) > 1:
            confidence = 0.9
        elif mention.capital:
            confidence = 0.88
        else:  # many a village bears an everyday word
            confidence = 0.7 if mention.linked else 0.45
        if codes > 1:
            same_size = sum(1 for name in {n.area_code: n for n in names}.values() if name.rank == names[0].rank)
            confidence *= 0.8 if same_size == 1 else 1.1 / (same_size + 0.2)
        return min(confidence, 0.98)

    def _mentions(self, text: str, within: str | None) -> list[_Mention]:
        matches = list(_TOKEN.finditer(text))
        words = _written_out(matches)
        found: list[_Mention] = []
        at = 0
        while at < len(words):
            node = self._first.get(words[at])
            if node is None:
                at += 1
                continue
            length, names = 1, node.names
            for rest, name in node.rests:
                if len(rest) + 1 < length or len(words) - at - 1 < len(rest):
                    continue
                if all(words[at + 1 + i] in forms for i, forms in enumerate(rest)):
                    names = [name] if len(rest) + 1 > length else [*names, name]
                    length = len(rest) + 1
            if within is not None:
                names = [name for name in names if _within(name.area_code, name.parents, within)]
            mention = self._accept(text, matches, words, at, length, names) if names else None
            if mention is None:
                at += 1
                continue
            found.append(mention)
            at += length
        return found

    def _accept(
        self,
        text: str,
        matches: list[re.Match[str]],
        words: list[str],
        at: int,
        length: int,
        names: list[PlaceName],
    ) -> _Mention | None:
        """Weigh what stands around a name: a street bears names too, and so does everyday speech."""
        before = words[at - 1] if at else ""
        after = words[at + length] if at + length < len(words) else ""
        then = words[at + length + 1] if at + length + 1 < len(words) else ""
        if before in _STREET_BEFORE or after in _STREET_AFTER or (after, then) == ("к", "си"):
            return None
        cue_after = after in _CUES_AFTER
        own_cue = length > 1 and words[at + length - 1] in _CUES_AFTER
        cued = own_cue or cue_after or before in _CUES_BEFORE
        raw = matches[at].group()
        capital = raw[:1].isupper()
        first_in_sentence = at == 0 or text[matches[at - 1].end() : matches[at].start()].strip()[-1:] in {
            ".",
            "!",
            "?",
        }
        if not cued:
            if any(word in self._common for word in words[at : at + length]) and length == 1:
                return None
            # Lower-case, unannounced and short: far more often a word than a village.
            if not capital and len(raw) < 5:
                return None
            if capital and first_in_sentence and len(raw) < 4:
                return None
        chosen = self._by_cue(names, before, after) if cued else names
        spoken = tuple(matches[i].group() for i in range(at, at + length))
        linked = before in _LINKS or words[at + length - 1].endswith(_PLACE_CASES)
        # A capital at the beginning of a sentence tells nothing, unless the word is also in a case of place.
        capital = capital and (not first_in_sentence or linked)
        return _Mention(matches[at].start(), spoken, tuple(chosen), cued, capital, linked)

    @staticmethod
    def _by_cue(names: list[PlaceName], before: str, after: str) -> list[PlaceName]:
        """Between a district and a town or village of one name the cue word tells which."""
        if len({name.rank for name in names}) < 2:
            return names
        district = before == "район" or after.startswith(("район", "аудан", "облыс", "област", "district", "region"))
        ranks = sorted({name.rank for name in names})
        return [name for name in names if name.rank == (ranks[0] if district else ranks[-1])]

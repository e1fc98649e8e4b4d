"""Landmarks: «школа № 12», «возле магазина "Рассвет"», «у моста», «мектептің жанында»."""

import re
from collections.abc import Callable, Sequence

from dauys.engines.places import cues
from dauys.engines.places.letters import stem
from dauys.engines.places.values import Address, PlaceName, Span
from dauys.engines.places.words import Words

_NUMBER_BEHIND = re.compile(r"[\s-]{0,2}(?:№|[NН#]\s?(?=\d)|номер\s)?\s?(\d{1,3})(?![\d/:.]\d|\d|-[а-я])")
_QUOTED_BEHIND = re.compile(r"\s?[«\"“'„]\s?([^«»\"“”'„\n]{2,40}?)\s?[»\"”'“]")
_QUOTED_BEFORE = re.compile(r"[«\"“'„]([^«»\"“”'„\n]{2,40})[»\"”'“]\s?$")
_NUMBER_BEFORE = re.compile(r"(?:№\s?)?(?<!\d)(\d{1,3})(?:\s?-\s?|\s|-?(?:шы|ші|нші|ншы)\s)$")


class Landmarks:
    """The landmarks of the gazetteer by number of their kind, and by the stems of their names."""

    def __init__(self, entries: Sequence[PlaceName]) -> None:
        self._known: dict[tuple[str, ...], list[PlaceName]] = {}
        for entry in entries:
            for key in keys_of(entry.name):
                self._known.setdefault(key, []).append(entry)

    def of(self, keys: Sequence[tuple[str, ...]], within: Callable[[PlaceName], bool]) -> tuple[PlaceName, ...]:
        for key in keys:
            if found := [entry for entry in self._known.get(key, ()) if within(entry)]:
                return tuple(dict.fromkeys(found))
        return ()


def keys_of(name: str) -> list[tuple[str, ...]]:
    """Under which keys a landmark's name is found: (kind, number) or (kind, stems of its proper name)."""
    words = Words(name).fold
    kind = next((cues.LANDMARK[word] for word in words if word in cues.LANDMARK), "")
    number = next((word for word in words if word.isdigit()), "")
    proper = tuple(stem(word) for word in words if word not in cues.LANDMARK and not word.isdigit() and len(word) > 2)
    keys: list[tuple[str, ...]] = []
    if kind and number:
        keys.append((kind, number))
    if proper:
        keys += [(kind, *proper), ("", *proper)] if kind else [("", *proper)]
    return keys


class LandmarkReader:
    """Reads the landmarks of one text, leaving alone the words in `taken` (streets and their houses)."""

    def __init__(self, words: Words, landmarks: Landmarks, within: Callable[[PlaceName], bool]) -> None:
        self._words, self._landmarks, self._within = words, landmarks, within

    def read(self, taken: set[int]) -> tuple[list[Address], set[int]]:
        found: list[Address] = []
        own: set[int] = set()
        for at, word in enumerate(self._words.fold):
            kind = cues.LANDMARK.get(word)
            if kind is None or at in taken or at in own:
                continue
            landmark = self._at(at, kind)
            if landmark is not None:
                found.append(landmark)
                span = landmark.spans[0]
                own.update(
                    place
                    for place in range(max(0, at - 5), min(len(self._words), at + 6))
                    if span.start <= self._words.starts[place] < span.end
                )
        return found, own

    def _at(self, at: int, kind: str) -> Address | None:
        words, text = self._words, self._words.text
        start, end = words.starts[at], words.ends[at]
        number = name = ""
        before = text[max(0, start - 50) : start]
        offset = max(0, start - 50)
        if behind := _NUMBER_BEHIND.match(text, end):
            if kind in cues.NUMBERED and not self._counts(behind.end(), bare="№" not in behind.group()):
                number, end = behind[1], behind.end()
        elif (told := _NUMBER_BEFORE.search(before)) and kind in cues.NUMBERED and self._is_kazakh(at):
            number, start = told[1], offset + told.start()
        if not number:
            if quoted := _QUOTED_BEHIND.match(text, end):
                name, end = quoted[1], quoted.end()
            elif quoted := _QUOTED_BEFORE.search(before):
                name, start = quoted[1], offset + quoted.start()
            elif self._is_kazakh(at) and self._named(at - 1):
                first = at - 1
                name, start = words.raw(first, first), words.starts[first]
            elif self._capital_behind(at):
                name, end = words.raw(at + 1, at + 1), words.ends[at + 1]
        beside = self._beside(at, offset_word=words.at(at - 1))
        if not (number or name or beside):
            return None
        sure = 0.9 if number or name else 0.65
        rule = "number" if number else "title" if name else "beside"
        keys = [(kind, number)] if number else keys_of(f"{words.fold[at]} {name}") if name else []
        known = self._landmarks.of(keys, self._within)
        canonical = {entry.canonical or entry.name for entry in known}
        said = text[start:end].strip()
        shown = next(iter(canonical)) if len(canonical) == 1 else said
        span = Span(start, end, "landmark", rule, sure)
        return Address("landmark", shown, number, 0.95 if known else sure, (span,), known)

    def _counts(self, place: int, *, bare: bool) -> bool:
        following = re.compile(r"[\s-]{0,2}([^\W\d_]+)").match(self._words.text, place)
        if following is None or not bare:
            return False
        word = following[1].lower()
        return word in cues.COUNTED and word not in cues.LANDMARK

    def _is_kazakh(self, at: int) -> bool:
        return self._words.fold[at] not in cues.LANDMARK_RU

    def _named(self, at: int) -> bool:
        words = self._words
        return (
            at >= 0
            and words.capital[at]
            and words.close(at)
            and not words.begins_sentence(at)
            and words.fold[at].isalpha()
        )

    def _capital_behind(self, at: int) -> bool:
        words = self._words
        after = at + 1
        if after >= len(words) or not words.capital[after] or words.between(at) != " ":
            return False
        return (
            words.fold[after].isalpha() and words.fold[after] not in cues.STREET_BEFORE and len(words.fold[after]) > 2
        )

    def _beside(self, at: int, *, offset_word: str) -> bool:
        words = self._words
        near = {offset_word, words.at(at - 2), words.at(at - 3)} if self._phrase(at) else {offset_word}
        if offset_word == "за" and not words.fold[at].endswith(("ом", "ем", "ой", "ей", "ью")):
            return False  # «за садик»: for it, not behind it
        if offset_word in cues.BESIDE or (
            near & cues.BESIDE and offset_word in {"с", "от", "нашей", "нашего", "старой", "новой"}
        ):
            return True
        if offset_word in cues.ON and cues.LANDMARK[words.fold[at]] in cues.STANDS_ON:
            return True
        after = words.at(at + 1)
        return words.close(at) and after.startswith(cues.BESIDE_KK) and self._is_kazakh(at)

    def _phrase(self, at: int) -> bool:
        return at >= 2 and self._words.close(at - 1) and self._words.close(at - 2)

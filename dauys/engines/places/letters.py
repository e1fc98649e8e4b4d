"""Words as they are typed: folded letters, case endings, Latin spelling, one wrong letter."""

import re
from collections.abc import Collection, Iterable, Iterator
from functools import lru_cache

_FOLD = str.maketrans("ёэәғқңөұүһіiўї", "ееагкноуухииуи")
_LOOK_ALIKE = str.maketrans("aceopxyhkmtb", "асеорхункмтв")
_LATIN_LETTERS = str.maketrans("äáöóüúūñńğǵşçıï", "aaoouuunnggsciı")
_SOUNDS = (
    ("shch", "щ"), ("zh", "ж"), ("kh", "х"), ("gh", "г"), ("ts", "ц"), ("ch", "ч"), ("sh", "ш"), ("ya", "я"),
    ("yu", "ю"), ("yo", "е"), ("ye", "е"),
)  # fmt: skip
_ONE_BY_ONE = str.maketrans("abcdefghijklmnopqrstuvwxyz", "абкдефгхижклмнопкрстуввхыз")
_GLIDE = re.compile(r"(?<=[аеоуыэюя])[иы](?![аеиоуыэюя])")
_CYRILLIC = re.compile(r"[\u0400-\u04ff]")
_SOFT = str.maketrans({"ь": None, "ъ": None, "й": "и", "ы": "и", "э": "е", "щ": "ш"})

_ENDINGS_KK = frozenset(
    [
        "нын",
        "нин",
        "дын",
        "дин",
        "тын",
        "тин",
        "га",
        "ге",
        "ка",
        "ке",
        "на",
        "не",
        "а",
        "е",
        "ны",
        "ни",
        "ды",
        "ди",
        "ты",
        "ти",
        "да",
        "де",
        "та",
        "те",
        "дан",
        "ден",
        "тан",
        "тен",
        "нан",
        "нен",
        "мен",
        "бен",
        "пен",
        "дагы",
        "деги",
        "тагы",
        "теги",
        "лык",
        "лик",
        "дык",
        "дик",
        "тык",
        "тик",
    ]
)
OWNED_KK = ("н", "нын", "нин", "на", "не", "нда", "нде", "нан", "нен", "мен", "ндагы", "ндеги", "ны", "ни")
"""Cases of a possessive: ауданы, облысы, қаласы, көшесі."""

_CHANGES_RU = (
    ("ая", "ой ую ою"), ("яя", "ей юю"), ("ое", "ого ому ым ом"), ("ее", "его ему им ем"),
    ("ый", "ого ому ым ом ой"), ("ой", "ого ому ым ом"), ("ий", "ого его ому ему им ом ем ия ию ием ие ии"),
    ("ые", "ых ым ыми"), ("ие", "их им ими ия ию ием ии"), ("ия", "ии ию ией"), ("ец", "ца цу цом це"),
    ("ок", "ка ку ком ке"), ("ек", "ка ку ком ке"),
)  # fmt: skip
_LAST_RU = {
    "а": "ы и у ой ою е ей", "я": "и ю ей ею е", "о": "а у ом е", "е": "я ю ем", "ь": "я ю ем е и ью",
    "й": "я ю ем е", "ы": "ов ам ами ах", "и": "ей ов ям ам ями ами ях ах",
}  # fmt: skip
_ADJECTIVE = (
    "ого",
    "его",
    "ому",
    "ему",
    "ыми",
    "ими",
    "ая",
    "яя",
    "ой",
    "ей",
    "ый",
    "ий",
    "ую",
    "юю",
    "ым",
    "им",
    "ом",
    "ем",
    "ою",
    "ею",
    "ые",
    "ие",
    "их",
    "ых",
    "ое",
    "ее",
)
_ENDINGS = _ENDINGS_KK | frozenset(
    " ".join((*(forms for _, forms in _CHANGES_RU), *_LAST_RU.values(), "а у ы и о я ь й ая ое ий ый")).split()
)


@lru_cache(maxsize=1 << 16)
def folded(word: str) -> str:
    """One spelling for a word however typed: small letters, Kazakh as Russian look-alikes, Latin as it sounds."""
    low = word.lower()
    if low.isascii() and low.isdigit():
        return low
    if _CYRILLIC.search(low):
        return low.translate(_LOOK_ALIKE).translate(_FOLD)
    plain = low if low.isascii() or not low.translate(_LATIN_LETTERS).isascii() else low.translate(_LATIN_LETTERS)
    for sound, letter in _SOUNDS:
        plain = plain.replace(sound, letter)
    return _GLIDE.sub("й", plain.translate(_ONE_BY_ONE)).translate(_FOLD)


def softened(word: str) -> str:
    """A folded word without the letters Latin spelling loses."""
    return word.translate(_SOFT)


def forms(word: str) -> set[str]:
    """A folded word with the case endings of Russian and Kazakh; forms that do not exist cost nothing.

    A Kazakh name is spoken of in Russian sentences and the other way round, so both sets of endings apply.
    """
    if len(word) < 3 or word.isdigit():
        return {word}
    found = {word, *_russian(word), *(word + ending for ending in _ENDINGS_KK)}
    if word[-1] in "иы":
        found.update(word + ending for ending in OWNED_KK)
    return found


def _russian(word: str) -> Iterable[str]:
    for ending, changed in _CHANGES_RU:
        if word.endswith(ending):
            yield from (word[: -len(ending)] + form for form in changed.split())
    stem, last = word[:-1], word[-1]
    if (endings := _LAST_RU.get(last)) is not None:
        yield from (stem + ending for ending in endings.split())
    elif last not in "аеиоуыэюя":
        yield from (word + ending for ending in ("а", "у", "ом", "ем", "е", "ы"))


@lru_cache(maxsize=1 << 16)
def stem(word: str) -> str:
    """A folded word of a street's name without its ending: Абая, Абай → аба; Лесной, Лесная → лесн."""
    for ending in _ADJECTIVE:
        if len(word) - len(ending) >= 3 and word.endswith(ending) and word not in ("абай", "абая"):
            return word[: -len(ending)]
    if len(word) > 3 and word[-1] in "аяуюеыиойь":
        return word[:-1]
    return word


def roots_of(typed: str) -> Iterator[str]:
    """A folded word less each case ending it may have, the whole word first."""
    for length in range(min(6, len(typed) - 2)):
        if not length:
            yield typed
        elif typed[-length:] in _ENDINGS:
            yield typed[:-length]


class NearWords:
    """Finds words of a list that differ from a typed one by one letter (left out, added, changed, swapped)."""

    def __init__(self, words: Collection[str], *, least: int = 5) -> None:
        """`words` are folded names; shorter ones than `least` are left out: they resemble too much else."""
        self._least = least
        self._roots: dict[str, list[str]] = {}
        for word in words:
            if len(word) >= least and not word.isdigit():
                self._roots.setdefault(root_of(word), []).append(word)
        self._shorter: dict[str, list[str]] = {}
        for root in self._roots:
            for less in _one_less(root):
                self._shorter.setdefault(less, []).append(root)

    def near(self, typed: str) -> tuple[str, ...]:
        """Words the typed one, less a case ending, comes within one letter of; the first letter must agree."""
        if len(typed) < self._least or len(typed) > 40:
            return ()
        found: dict[str, None] = {}
        for root in roots_of(typed):
            if len(root) < 4:
                continue
            if root != typed and root in self._roots:  # the name with an ending it does not have
                found.update(dict.fromkeys(self._roots[root]))
            for candidate in self._candidates(root):
                if candidate[0] == root[0] and _one_apart(candidate, root):
                    found.update(dict.fromkeys(self._roots[candidate]))
        return tuple(found)

    def _candidates(self, root: str) -> Iterator[str]:
        yield from self._shorter.get(root, ())
        for less in _one_less(root):
            if less in self._roots:
                yield less
            yield from self._shorter.get(less, ())


def root_of(word: str) -> str:
    """A folded name without the ending its case forms change."""
    for ending in ("ое", "ая", "ий", "ый", "ой", "ые", "ие"):
        if word.endswith(ending) and len(word) >= 7:
            return word[: -len(ending)]
    return word[:-1] if word[-1] in "аеоыиьйуя" else word


def _one_less(word: str) -> set[str]:
    return {word[:at] + word[at + 1 :] for at in range(len(word))}


def _one_apart(one: str, other: str) -> bool:
    """Damerau–Levenshtein distance exactly 1 (Damerau 1964)."""
    if one == other or abs(len(one) - len(other)) > 1:
        return False
    at = 0
    while at < min(len(one), len(other)) and one[at] == other[at]:
        at += 1
    a, b = one[at:], other[at:]
    if len(a) == len(b):
        return a[1:] == b[1:] or (len(a) > 1 and a[0] == b[1] and a[1] == b[0] and a[2:] == b[2:])
    return a[1:] == b if len(a) > len(b) else a == b[1:]

"""The lists this engine ships, made ready for look-up. They are read once, when the first text comes."""

import functools
from dataclasses import dataclass
from importlib.resources import files

_FOLD = str.maketrans("әғқңөұүһіёӘҒҚҢӨҰҮҺІЁ", "агкноуухиеАГКНОУУХИЕ")
_KK_CASES = "нын нин дын дин тын тин га ге ка ке на не ны ни ды ди ты ти да де та те нда нде дан ден тан тен нан нен н"
_KK_OTHERS = "мен бен пен жан дар дер лар лер тар тер мын мин дагы деги тагы теги ым им м сы си ы и"
_KK_ENDINGS = tuple(sorted(f"{_KK_CASES} {_KK_OTHERS}".split(), key=len, reverse=True))


def fold(word: str) -> str:
    """Small letters; Kazakh letters as a Russian keyboard writes them, ё as е."""
    return word.lower().translate(_FOLD)


def _lines(name: str) -> list[str]:
    text = (files("dauys.engines.personal") / "data" / name).read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line and not line.startswith("#")]


def _forms(word: str) -> set[str]:
    """Russian case forms of a folded given name or surname."""
    irregular = {"лев": "льв", "павел": "павл", "любовь": "любов"}.get(word)
    if irregular:
        return {word, *(irregular + end for end in ("а", "у", "ом", "е", "и", "ью", "ей"))}
    last = word[-1]
    ends: tuple[str, ...]
    if last == "а":
        ends = ("а", "ы", "и", "е", "у", "ой", "ою", "ей")
    elif last == "я":
        ends = ("я", "и", "е", "ю", "ей", "ею")
    elif last == "й":
        ends = ("й", "я", "ю", "ем", "е", "и")
    elif last == "ь":
        ends = ("ь", "я", "ю", "ем", "е", "и", "ью")
    elif last in "бвгджзклмнпрстфхцчшщ":
        return {word, *(word + end for end in ("а", "у", "ом", "ем", "е"))}
    else:
        return {word}
    return {word[:-1] + end for end in ends}


def kk_base(word: str) -> tuple[str, ...]:
    """What a folded Kazakh word may be without its case ending."""
    return tuple(word[: -len(end)] for end in _KK_ENDINGS if word.endswith(end) and len(word) - len(end) >= 3)


@dataclass(frozen=True, slots=True)
class Beginnings:
    """Words by their beginnings: an entry with a dot is a whole word."""

    whole: frozenset[str]
    starts: frozenset[str]

    def holds(self, word: str) -> bool:
        return word in self.whole or any(word[:size] in self.starts for size in range(3, min(len(word), 14) + 1))


def _beginnings(words: list[str]) -> Beginnings:
    whole = {fold(word[:-1]) for word in words if word.endswith(".")}
    short = {fold(word) for word in words if not word.endswith(".") and len(word) < 3}
    return Beginnings(
        frozenset(whole | short), frozenset(fold(word) for word in words if not word.endswith(".") and len(word) >= 3)
    )


@dataclass(frozen=True, slots=True)
class Words:
    given: frozenset[str]
    """Folded forms of given names."""
    given_base: frozenset[str]
    everyday: frozenset[str]
    """Those of them that are also everyday words, in all forms."""
    surnames: frozenset[str]
    not_names: Beginnings
    before: Beginnings
    after: Beginnings
    street: Beginnings
    thing: Beginnings
    """Words before the name of a thing: a river, a club, a firm."""


@functools.cache
def words() -> Words:
    given: set[str] = set()
    base: set[str] = set()
    everyday: set[str] = set()
    for name in ("given_ru.txt", "given_kk.txt", "given_other.txt"):
        for entry in " ".join(_lines(name)).split():
            plain = fold(entry.rstrip("*"))
            spellings = {plain}
            if plain.endswith("гул"):
                spellings.add(plain + "ь")
            if plain.startswith("е"):
                spellings.add("э" + plain[1:])
            for spelling in spellings:
                forms = _forms(spelling)
                given |= forms
                if entry.endswith("*"):
                    everyday |= forms
                else:
                    base.add(spelling)
    surnames: set[str] = set()
    for entry in " ".join(_lines("surnames.txt")).split():
        if not entry.endswith("*"):
            surnames |= _forms(fold(entry))
    cues: dict[str, list[str]] = {}
    part = ""
    for line in _lines("cues.txt"):
        if line.startswith("["):
            part = line.strip("[]")
            cues[part] = []
        else:
            cues[part] += line.split()
    not_names = [word for line in _lines("not_names.txt") if not line.startswith("[") for word in line.split()]
    return Words(
        given=frozenset(given),
        given_base=frozenset(base),
        everyday=frozenset(everyday - base),
        surnames=frozenset(surnames),
        not_names=_beginnings(not_names),
        before=_beginnings(cues["before"]),
        after=_beginnings(cues["after"]),
        street=_beginnings(cues["street"]),
        thing=_beginnings(cues["thing"]),
    )

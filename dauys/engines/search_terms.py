"""The words of an appeal as a full-text index should hold them, and the words of a question put to it.

A term is a stem in folded spelling: ё is е, Kazakh letters are their Russian look-alikes, so that «судың» and
«судын» meet. Because a folded word no longer tells its language, a text gives both readings of a word (the
Russian stem and the Kazakh one) where they differ, and a question gives the likelier one.
"""

import re
from functools import lru_cache

from snowballstemmer import stemmer

READ_AT_MOST = 200_000  # characters
LONGEST = 40  # characters of a word

_TOKEN = re.compile(r"[^\W_]+")
_FOLD = str.maketrans("ёәғқңөұүһіi", "еагкноуухии")
_KAZAKH = re.compile(r"[әғқңөұүһі]")
_CYRILLIC = re.compile(r"[а-я]")
_NOT_KAZAKH = re.compile(r"[вфцчщъьэюях]")
_VOWEL = re.compile(r"[аеоуыиэюя]")


def _set_of(words: str) -> frozenset[str]:
    return frozenset(words.split())


_RUSSIAN = stemmer("russian")
_ENGLISH = stemmer("english")

# Peeled from the end, one layer at a time: question and person, case, possession, plural, then what makes
# words.
_LAYERS = tuple(
    tuple(sorted(layer.split(), key=len, reverse=True))
    for layer in (
        "мын мин сын син мыз миз быз биз пыз пиз сыз сиз",
        "нын нин дын дин тын тин га ге ка ке на не ны ни ды ди ты ти да де та те дан ден тан тен нан нен "
        "нда нде ндагы "
        "ндеги дагы деги тагы теги мен бен пен",
        "ымыз имиз ыныз иниз мыз миз ныз низ сы си ы и ым им ын ин",
        "лар лер дар дер тар тер",
        "шы ши лык лик дык дик тык тик лы ли ды ди ты ти сыз сиз",
    )
)
_SHORT_STEMS = _set_of("су уй ай ой ат ел ер ит от жыл кыс кар суы")
_SURELY_KAZAKH = re.compile(
    r"(?:[лдт][ае]р(?:д[ыи]|г[ае]|к[ае]|[ыи]|д[ае]н?|[ыи]н|[ыи]нда|[ыи]нде|д[ыи]н)|[нт][ыи]н|(?:д|т"
    r"|нд)[ае]г[ыи]|[ыи]м[ыи]з|[ыи]н[ыи]з|йд[ыи]|г[ае]н|к[ае]н)$"
)


def kazakh_stem(word: str) -> str:
    """A folded Kazakh word without its endings; at least three letters stay, in a few words two."""
    for layer in _LAYERS:
        for ending in layer:
            if word.endswith(ending):
                rest = word[: -len(ending)]
                if (len(rest) >= 3 or rest in _SHORT_STEMS) and _VOWEL.search(rest):
                    word = rest
                    break
        if word in _SHORT_STEMS:
            break
    return word


@lru_cache(maxsize=200_000)
def _readings(word: str) -> tuple[str, str]:
    """The likelier and the other stem of one lower-case word."""
    folded = word.translate(_FOLD)[:LONGEST]
    if not _CYRILLIC.search(folded):
        stem = _ENGLISH.stemWord(folded) if folded.isascii() and not folded.isdigit() else folded
        return stem, stem
    russian = _RUSSIAN.stemWord(folded)
    kazakh = kazakh_stem(folded)
    if _KAZAKH.search(word):
        return kazakh, russian
    if _NOT_KAZAKH.search(folded):
        return russian, russian
    if _SURELY_KAZAKH.search(folded):
        return kazakh, russian
    return russian, kazakh


def _words(text: str) -> list[str]:
    return _TOKEN.findall(text[:READ_AT_MOST].lower())


def stems(text: str) -> frozenset[str]:
    """The likelier stem of every word of three letters or more: what is compared between two appeals."""
    return frozenset(_readings(word)[0] for word in _words(text) if len(word) > 2)


def terms(text: str) -> str:
    """Index terms of a text, in order, parted by single spaces."""
    found: list[str] = []
    for word in _words(text):
        first, other = _readings(word)
        found.append(first)
        if other != first:
            found.append(other)
    return " ".join(found)


def query(text: str) -> tuple[str, ...]:
    """Terms of what a user typed, each to be looked up as a prefix; at most twelve, each once.

    Only letters and digits remain, so that no operator of a full-text engine can be smuggled in.
    """
    return tuple(dict.fromkeys(_readings(word)[0] for word in _words(text)))[:12]

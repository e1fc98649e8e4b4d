"""From a text to its terms.

A term is a stem in folded spelling: ё is е, Kazakh letters are their Russian look-alikes, so that «судың» and
«судын» meet. Because a folded word no longer tells its language, a word may have a second reading (the Kazakh stem
beside the Russian one, a Latin-typed Kazakh word beside the English one); both are indexed, and a question looks for
both.
"""

import re
from functools import lru_cache
from typing import NamedTuple
from unicodedata import is_normalized, normalize

from snowballstemmer import stemmer

from dauys.engines.search_terms.kazakh import kazakh_stem, surely_kazakh

READ_AT_MOST = 200_000  # characters
LONGEST = 40  # characters of a word

TOKEN = re.compile(r"[^\W_]+")
_FOLD = str.maketrans("ёәғқңөұүһі", "еагкноуухи")
_UNSEEN = re.compile("[\u00ad\u200b-\u200d\u2060\ufeff]")
_KAZAKH = re.compile(r"[әғқңөұүһі]")
_CYRILLIC = re.compile(r"[а-я]")
_LATIN = re.compile(r"[a-z]")
_NOT_KAZAKH = re.compile(r"[вфцчщъьэюях]")

_TWINS = str.maketrans("aceopxykmthbi", "асеорхукмтнви")
"""Latin letters that look Cyrillic: in a word of both alphabets they were meant to be."""

_LATIN_KAZAKH = (
    ("shch", "щ"), ("sh", "ш"), ("ch", "ч"), ("zh", "ж"), ("kh", "х"), ("gh", "г"), ("ng", "н"), ("ts", "ц"),
    ("ya", "я"), ("yu", "ю"), ("yo", "е"), ("iy", "и"),
)  # fmt: skip
_LATIN_LETTERS = str.maketrans(
    "abcdefghijklmnopqrstuvwxyzäáğǵıíñńöóşūúüçəž", "абкдефгхижклмнопкрстувухызаагг" + "ыинноошуууч" + "аж"
)

_RUSSIAN = stemmer("russian")
_ENGLISH = stemmer("english")


class Terms(NamedTuple):
    """Terms of a text. `words` holds one for each word, in order; `others` the second readings, with their place."""

    words: tuple[str, ...]
    others: tuple[tuple[int, str], ...]


def folded(word: str) -> str:
    """A lower-case word in folded spelling, cut at LONGEST letters."""
    word = word.translate(_FOLD)[:LONGEST]
    if _CYRILLIC.search(word) and _LATIN.search(word):
        word = word.translate(_TWINS)
    return word


def _from_latin(word: str) -> str:
    """A Kazakh word typed in any of the Latin alphabets in use, in folded Cyrillic."""
    for latin, cyrillic in _LATIN_KAZAKH:
        word = word.replace(latin, cyrillic)
    return word.translate(_LATIN_LETTERS)


@lru_cache(maxsize=400_000)
def readings(word: str) -> tuple[str, str]:
    """The likelier and the other stem of one lower-case word; twice the same where there is no doubt."""
    plain = folded(word)
    if plain.isdigit():
        return plain, plain
    if not _CYRILLIC.search(plain):
        first = _ENGLISH.stemWord(plain) if plain.isascii() else plain
        other = kazakh_stem(_from_latin(plain)) if _LATIN.search(plain) and len(plain) > 1 else first
        return first, other
    if _NOT_KAZAKH.search(plain):
        # «больницада»: a Russian word with Kazakh endings meets its Russian self.
        russian, stem = _RUSSIAN.stemWord(plain), kazakh_stem(plain)
        other = _RUSSIAN.stemWord(stem) if len(stem) > 3 and stem != plain else russian
        return (other, other) if _KAZAKH.search(word) else (russian, other)
    stem = kazakh_stem(plain)
    sure = 2 if _KAZAKH.search(word) else surely_kazakh(plain)
    if sure == 2:
        return stem, stem
    russian = _RUSSIAN.stemWord(plain)
    return (stem, russian) if sure else (russian, stem)


def tokens(text: str) -> list[str]:
    """The words of a text, lower-case, as they stand."""
    text = text[:READ_AT_MOST]
    if not text.isascii():
        if not is_normalized("NFC", text):
            text = normalize("NFC", text)
        text = _UNSEEN.sub("", text)
    return TOKEN.findall(text.lower())


def stems(text: str) -> frozenset[str]:
    """The likelier stem of every word of three letters or more: what is compared between two appeals."""
    return frozenset(readings(word)[0] for word in tokens(text) if len(word) > 2)


def terms(text: str) -> Terms:
    """The terms under which a text should be found."""
    return _terms([readings(word) for word in tokens(text)])


def terms_and_words(text: str) -> tuple[Terms, dict[str, str]]:
    """The terms of a text and, for each likelier one, its shortest word as people write it: to offer when a question is
    misspelt.
    """
    words = tokens(text)
    read = [readings(word) for word in words]
    shown: dict[str, str] = {}
    for word, (term, _other) in zip(words, read, strict=True):
        if len(word) <= LONGEST and (term not in shown or len(word) < len(shown[term])):
            shown[term] = word
    return _terms(read), shown


def _terms(read: list[tuple[str, str]]) -> Terms:
    return Terms(
        tuple([first for first, _other in read]),
        tuple([(place, other) for place, (first, other) in enumerate(read) if other != first]),
    )

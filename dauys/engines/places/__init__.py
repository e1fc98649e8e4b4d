"""Which place does an appeal speak of? Areas, streets, houses and landmarks in Kazakh, Russian and English words.

`words` cuts a text, `letters` folds and bends its words, `streets`, `houses` and `landmarks` read addresses, `areas`
reads names of areas, `gazetteer` settles what all of it means together.
"""

from dauys.engines.places import cues
from dauys.engines.places.gazetteer import READ_AT_MOST, Gazetteer
from dauys.engines.places.streets import key_of
from dauys.engines.places.values import Address, Place, PlaceName, Point, Span
from dauys.engines.places.words import Words

__all__ = [
    "READ_AT_MOST",
    "Address",
    "Gazetteer",
    "Place",
    "PlaceName",
    "Point",
    "Span",
    "plain_name",
    "same_name",
    "words_of",
]


def same_name(one: str, other: str) -> bool:
    """Whether two spellings name one street: Абая, «ул. Абая», Абай көшесі."""
    return key_of(Words(one).fold) == key_of(Words(other).fold)


def words_of(text: str) -> list[str]:
    """The words of a text as they are typed, in order."""
    words = Words(text)
    return [words.raw(at, at) for at in range(len(words))]


def plain_name(name: str) -> str:
    """A name folded, without kind words and hyphens, to compare names of areas: «п. Глубокое» → глубокое."""
    words = Words(name).fold
    kept = [word for word in words if word not in cues.IN_NAMES and len(word) > 1] or words
    return "".join(kept)

"""Personal data in the words of an appeal: where it stands, of what kind, how surely, and why.

Everything here is rules and lists: check digits where a number has one, cue words where it has none, and for people
their given names, the endings of patronymics and surnames, and what stands beside. Redaction before release should take
every span; a display that points at personal data may take the sure ones only.
"""

from collections.abc import Iterator

from dauys.engines.personal.addresses import addresses
from dauys.engines.personal.masks import HIDDEN, LABELS, Level, View, mask
from dauys.engines.personal.numbers import CLUSTER, accounts, cards, groups_of, ibans, twelve
from dauys.engines.personal.online import online
from dauys.engines.personal.papers import births, papers, plates
from dauys.engines.personal.people import people
from dauys.engines.personal.phones import elsewhere, in_digits, in_words
from dauys.engines.personal.plain import plain
from dauys.engines.personal.sensitive import family, health
from dauys.engines.personal.spans import KINDS, Span, apart

__all__ = ["HIDDEN", "KINDS", "LABELS", "Level", "Span", "View", "apart", "find", "mask"]


def _numbers(text: str) -> Iterator[Span]:
    for cluster in CLUSTER.finditer(text):
        if cluster.end() - cluster.start() < 9:
            continue
        groups = groups_of(cluster)
        yield from twelve(text, groups)
        yield from in_digits(text, groups)
        yield from cards(text, groups)
    yield from elsewhere(text)
    yield from accounts(text)
    yield from papers(text)
    yield from plates(text)
    yield from births(text)
    yield from addresses(text)


def find(text: str) -> tuple[Span, ...]:
    """All personal data in a text, in order, without overlaps (the surer and then the longer span wins).

    Reads the whole text in time proportional to its length; never raises, whatever the text holds.
    """
    seen = plain(text)
    found: list[Span] = [*online(seen.text), *ibans(seen.text), *in_words(seen.text)]
    if any(figure in seen.text for figure in "0123456789"):
        found.extend(_numbers(seen.text))
    found.extend(people(seen.text))
    found.extend(health(seen.text))
    found.extend(family(seen.text))
    return apart(seen.back(span) for span in found)

"""Words into pieces: the likeliest split under a unigram vocabulary (Kudo 2018, "Subword regularization").

No piece crosses a space, so each word is split alone and its split is remembered.
"""

from collections.abc import Mapping, Sequence

SPACE = "\u2581"  # stands at the beginning of a word
LONGEST_WORD = 60
"""Letters of a word that are read; the rest of a longer run is read as the next word, so that the cost stays
linear in the length of the text."""

_REMEMBERED = 200_000


class Splitter:
    """`split(word)` gives the places of a word's pieces in the vocabulary; an unknown letter gives `unknown`."""

    def __init__(
        self, pieces: Sequence[str], scores: Sequence[float], unknown: int, passed_over: frozenset[int]
    ) -> None:
        """`passed_over`: places of marks that no text may name, such as the end of a sentence."""
        self._place: Mapping[str, tuple[int, float]] = {
            piece: (place, float(score))
            for place, (piece, score) in enumerate(zip(pieces, scores, strict=True))
            if piece and place not in passed_over
        }
        self._longest = max(map(len, self._place), default=1)
        self._unknown = unknown
        self._unknown_cost = min((float(score) for score in scores), default=0.0) - 10.0
        self._known: dict[str, tuple[int, ...]] = {}

    def split(self, word: str) -> tuple[int, ...]:
        """Pieces of one word, without its space; the mark of a beginning word is added here."""
        found = self._known.get(word)
        if found is None:
            if len(self._known) >= _REMEMBERED:
                self._known.clear()
            found = ()
            rest = SPACE + word
            while rest:
                found += self._likeliest(rest[:LONGEST_WORD])
                rest = rest[LONGEST_WORD:]
            self._known[word] = found
        return found

    def _likeliest(self, word: str) -> tuple[int, ...]:
        length = len(word)
        best = [float("-inf")] * (length + 1)
        best[0] = 0.0
        back: list[tuple[int, int]] = [(0, self._unknown)] * (length + 1)
        for start in range(length):
            here = best[start]
            for end in range(start + 1, min(length, start + self._longest) + 1):
                known = self._place.get(word[start:end])
                if known is not None and here + known[1] > best[end]:
                    best[end], back[end] = here + known[1], (start, known[0])
            if here + self._unknown_cost > best[start + 1]:
                best[start + 1], back[start + 1] = here + self._unknown_cost, (start, self._unknown)
        places = []
        at = length
        while at:
            at, place = back[at]
            places.append(place)
        return tuple(reversed(places))

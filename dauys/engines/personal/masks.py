"""The same words with personal data hidden, for two circles of readers."""

import enum
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dauys.engines.personal.spans import KINDS, Span


class Level(enum.Enum):
    """Who will read. An officer on the matter must know whom and where to help, but needs no number to do it."""

    COLLEAGUES = "COLLEAGUES"
    PUBLIC = "PUBLIC"


HIDDEN: Mapping[Level, frozenset[str]] = {
    Level.COLLEAGUES: frozenset(
        {"iin", "phone", "email", "handle", "page", "card", "iban", "account", "document", "birth"}
    ),
    Level.PUBLIC: frozenset(KINDS),
}

# Labels stand inside a citizen's text on pages and in exported files, in the reader's language.
LABELS: Mapping[str, Mapping[str, str]] = {
    "kk": {
        "iin": "[ЖСН]",
        "bin": "[БСН]",
        "phone": "[телефон]",
        "email": "[пошта]",
        "handle": "[лақап ат]",
        "page": "[парақша]",
        "card": "[карта]",
        "iban": "[шот]",
        "account": "[жеке шот]",
        "document": "[құжат]",
        "plate": "[көлік нөмірі]",
        "name": "[аты-жөні]",
        "address": "[мекенжай]",
        "birth": "[туған күні]",
        "health": "[денсаулық]",
        "family": "[отбасы]",
    },
    "ru": {
        "iin": "[ИИН]",
        "bin": "[БИН]",
        "phone": "[телефон]",
        "email": "[почта]",
        "handle": "[ник]",
        "page": "[страница]",
        "card": "[карта]",
        "iban": "[счёт]",
        "account": "[лицевой счёт]",
        "document": "[документ]",
        "plate": "[госномер]",
        "name": "[имя]",
        "address": "[адрес]",
        "birth": "[дата рождения]",
        "health": "[здоровье]",
        "family": "[семья]",
    },
    "en": {
        "iin": "[IIN]",
        "bin": "[BIN]",
        "phone": "[telephone]",
        "email": "[e-mail]",
        "handle": "[handle]",
        "page": "[page]",
        "card": "[card]",
        "iban": "[account]",
        "account": "[personal account]",
        "document": "[document]",
        "plate": "[number plate]",
        "name": "[name]",
        "address": "[address]",
        "birth": "[date of birth]",
        "health": "[health]",
        "family": "[family]",
    },
}


@dataclass(frozen=True, slots=True)
class View:
    """A masked text and the way between its places and those of the original, so that highlights still fall right."""

    text: str
    cuts: tuple[tuple[int, int, int, int], ...]
    """(start, end) of each hidden piece in the original, and of its label here."""

    def to_view(self, at: int) -> int:
        """Where place `at` of the original stands here; inside a hidden piece, the label's beginning."""
        index = bisect_right(self.cuts, at, key=lambda cut: cut[0]) - 1
        if index < 0:
            return at
        start, end, label, label_end = self.cuts[index]
        return label if start <= at < end else at - end + label_end

    def to_original(self, at: int) -> int:
        """Where place `at` of this view stood; inside a label, the hidden piece's beginning."""
        index = bisect_right(self.cuts, at, key=lambda cut: cut[2]) - 1
        if index < 0:
            return at
        start, end, label, label_end = self.cuts[index]
        return start if label <= at < label_end else at - label_end + end

    def span(self, start: int, end: int) -> tuple[int, int]:
        """A highlight of the original, moved here; one that touches a hidden piece covers its label whole."""
        first, last = self.to_view(start), self.to_view(end)
        for cut_start, cut_end, _, label_end in self.cuts:
            if cut_start < end < cut_end:
                last = label_end
        return first, max(first, last)


def mask(text: str, spans: Sequence[Span], level: Level = Level.PUBLIC, *, language: str = "ru") -> View:
    """A masked copy; the text itself is never changed.

    A label is the same for every find of a kind, so it tells nothing, not even the length. Finds of one kind that
    touch, or have only spaces and commas between, share one label: how many words a name has is not told either.
    An unknown language gets English labels.
    """
    labels = LABELS.get(language, LABELS["en"])
    hidden = HIDDEN[level]
    pieces: list[tuple[int, int, str]] = []
    for span in sorted((span for span in spans if span.kind in hidden), key=lambda span: span.start):
        if pieces and span.start < pieces[-1][1]:
            start, end, kind = pieces[-1]
            pieces[-1] = (start, max(end, span.end), kind)
        elif pieces and pieces[-1][2] == span.kind and not text[pieces[-1][1] : span.start].strip(" ,\t\u00a0"):
            pieces[-1] = (pieces[-1][0], span.end, span.kind)
        else:
            pieces.append((span.start, span.end, span.kind))
    parts: list[str] = []
    cuts: list[tuple[int, int, int, int]] = []
    at = length = 0
    for start, end, kind in pieces:
        before, label = text[at:start], labels.get(kind, "[…]")
        parts += [before, label]
        length += len(before)
        cuts.append((start, end, length, length + len(label)))
        length += len(label)
        at = end
    return View("".join([*parts, text[at:]]), tuple(cuts))

"""What a find is, and how finds that overlap are settled."""

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass

KINDS = (
    "iin", "bin", "phone", "email", "handle", "page", "card", "iban", "account", "document", "plate",
    "name", "address", "birth", "health", "family",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Span:
    """text[start:end] is personal data.

    `kind` is one of KINDS; `confidence` runs from 0 to 1; `reason` names the rule: "check digit", "cue",
    "patronymic", "initials", "house and flat" …
    """

    start: int
    end: int
    kind: str
    confidence: float
    reason: str


def apart(found: Iterable[Span]) -> tuple[Span, ...]:
    """In order and without overlaps: the surer wins, then the longer, then the earlier.

    What loses but reaches beyond the winner keeps its free end or ends, so that no found sign is given away.
    """
    kept: list[Span] = []
    for span in sorted(found, key=lambda s: (-s.confidence, s.start - s.end, s.start)):
        start, end = span.start, span.end
        at = bisect_right(kept, start, key=lambda s: s.start)
        if at and kept[at - 1].end > start:
            start = kept[at - 1].end
        pieces = []
        while at < len(kept) and kept[at].start < end:
            pieces.append((start, kept[at].start))
            start = kept[at].end
            at += 1
        pieces.append((start, end))
        whole = pieces == [(span.start, span.end)]
        for first, last in pieces:
            if whole or last - first > 2:
                piece = Span(first, last, span.kind, span.confidence, span.reason)
                kept.insert(bisect_right(kept, first, key=lambda s: s.start), piece)
    return tuple(kept)

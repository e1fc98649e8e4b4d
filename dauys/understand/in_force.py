"""Which reader reads now, of topics and of offices, and from which confidence on its word stands without a person."""

import logging
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from dauys.engines import meaning, topics
from dauys.institution.queries import RECHECK_SECONDS, House, house
from dauys.understand import by_meaning
from dauys.understand.models import Target, TopicModel

log = logging.getLogger(__name__)

SURE = 0.7
"""Below this a guess is a suggestion for a person, where neither the reader's card nor the institution says better."""

SURE_LEAST, SURE_MOST = 0.5, 0.99
SURE_PRECISION = "0.90"
"""The reader's own threshold is the one from which so many of its guesses about texts held back were right."""


@dataclass(frozen=True, slots=True)
class InForce:
    """The reader that reads now. `heard_until`: the newest word of a person its memory holds; `by_meaning`: what reads
    languages it was taught little of."""

    id: int
    version: str
    heard_until: int
    model: topics.Model
    by_meaning: meaning.Head | None = None


_lock = threading.Lock()
_held: dict[str, InForce] = {}
_unreadable: dict[tuple[int, str, int], str] = {}


def reader(target: str = Target.TOPIC) -> InForce | None:
    """The reader in force; where it cannot be read, the newest that can. None where nothing was learned yet."""
    rows = TopicModel.objects.filter(target=target).order_by("-is_current", "-id")
    for key in rows.values_list("id", "version", "heard_until"):
        with _lock:
            held, is_known_bad = _held.get(target), key in _unreadable
        if is_known_bad:
            continue
        if held is not None and (held.id, held.version, held.heard_until) == key:
            return held
        try:
            content, second = TopicModel.objects.values_list("content", "meaning").get(id=key[0])
            found = InForce(*key, topics.Model.from_bytes(bytes(content)), by_meaning.opened(bytes(second)))
        except topics.UnreadableModel as error:
            log.error("The reader %s cannot be used: %s An earlier one reads instead.", key[1], error)
            with _lock:
                _unreadable[key] = str(error)
            continue
        keep(found, target)
        return found
    return None


def keep(found: InForce, target: str = Target.TOPIC) -> None:
    """Hold this reader in memory, and no other of its target: one can be as large as a process."""
    with _lock:
        _held[target] = found


def unreadable(version: str) -> str:
    """Why this process could not use that reader; empty where it could or never tried."""
    with _lock:
        return next((why for key, why in _unreadable.items() if key[1] == version), "")


def fitted(card: Mapping[str, Any]) -> float | None:
    """From which confidence on nine of ten guesses about texts held back were right; None where the past showed none.

    What a starter set shows of itself is no past.
    """
    found = None if card.get("starter") else (card.get("sure_from") or {}).get(SURE_PRECISION)
    return None if found is None else float(found)


def threshold(card: Mapping[str, Any]) -> float:
    """From which confidence on a reader with this card decides: the institution's own word first, then the past."""
    if card.get("sure"):
        return float(card["sure"])
    found = fitted(card)
    return SURE if found is None else max(SURE_LEAST, found)


def alone_from(card: Mapping[str, Any]) -> float | None:
    """From which confidence on the office read is given the appeal where no rule names one; None: never.

    Only where the institution has allowed it and the past has shown the promise of nine in ten to hold.
    """
    found = fitted(card)
    return max(threshold(card), found) if card.get("alone") and found is not None else None


@dataclass(frozen=True, slots=True)
class _Told:
    """What the cards in force say."""

    place: House
    moment: float
    sure: dict[str, float]
    alone: float | None


_told: _Told | None = None


def sure(target: str = Target.TOPIC, *, anew: bool = False) -> float:
    """The threshold in force; a change is seen within seconds, as all changes of the house are. `anew`: at once."""
    return _cards(anew=anew).sure[target]


def alone() -> float | None:
    """`alone_from` of the reader of offices in force."""
    return _cards(anew=False).alone


def _cards(*, anew: bool) -> _Told:
    global _told
    place, moment, kept = house(), time.monotonic(), _told
    if anew or kept is None or kept.place is not place or moment - kept.moment > RECHECK_SECONDS:
        cards = dict(TopicModel.objects.filter(is_current=True).values_list("target", "card"))
        kept = _told = _Told(
            place,
            moment,
            {target: threshold(cards.get(target) or {}) for target in Target.values},
            alone_from(cards.get(Target.OFFICE) or {}),
        )
    return kept


def forget() -> None:
    """Ask the tables again at the next question; called by whoever changes them."""
    global _told
    _told = None

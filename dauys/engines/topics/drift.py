"""Do today's appeals still look like those the model learned from?"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from dauys.engines.topics.guess import Guess

CHANGED = 0.1
"""Population stability index from which a change is worth a look; above MUCH the model should learn anew.

The two bounds are the customary ones of credit scoring (Siddiqi 2006, "Credit Risk Scorecards").
"""

MUCH = 0.25
_LEAST = 0.0005  # a share never met counts as this, or one text would make the index endless


@dataclass(frozen=True, slots=True)
class Drift:
    """`topics` and `confidence` are population stability indices; `unseen` is the rise of the share of words never
    learned from; `sureness` the change of mean confidence. `moved`: topics that changed most, with their share then
    and now."""

    texts: int
    topics: float
    confidence: float
    unseen: float
    sureness: float
    moved: tuple[tuple[str, float, float], ...]


def drift(card: Mapping[str, Any], guesses: Sequence[Guess]) -> Drift:
    """Compare guesses about recent appeals with what the model's card says of texts held back in training.

    Both sides are the model's own guesses, so what it always gets wrong is no drift. Give some hundreds at least:
    with few texts chance alone moves the index.
    """
    held = card["held_back"]
    if not guesses:
        return Drift(0, 0.0, 0.0, 0.0, 0.0, ())
    count = len(guesses)
    now = {code: n / count for code, n in Counter(guess.ranked[0][0] for guess in guesses).items()}
    before: Mapping[str, float] = held["guessed"]
    parts = {code: _part(before.get(code, 0.0), now.get(code, 0.0)) for code in {*before, *now}}
    confidences = np.array([guess.confidence for guess in guesses])
    bins = np.histogram(confidences, bins=10, range=(0.0, 1.0))[0] / count
    middle = np.arange(0.05, 1.0, 0.1)
    then = np.array(held["confidence"])
    moved = sorted(parts, key=lambda code: (-parts[code], code))[:5]
    return Drift(
        texts=count,
        topics=round(sum(parts.values()), 4),
        confidence=round(sum(_part(float(a), float(b)) for a, b in zip(then, bins, strict=True)), 4),
        unseen=round(sum(guess.unseen for guess in guesses) / count - float(held["unseen"]), 4),
        sureness=round(float(bins @ middle - then @ middle), 4),
        moved=tuple(
            (code, round(before.get(code, 0.0), 4), round(now.get(code, 0.0), 4)) for code in moved if parts[code] > 0
        ),
    )


def _part(before: float, now: float) -> float:
    before, now = max(before, _LEAST), max(now, _LEAST)
    return float((now - before) * np.log(now / before))

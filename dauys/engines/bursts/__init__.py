"""What is new: where do more appeals come than the usual rhythm explains, beyond chance?

Counts by cell (a topic in an area) and day are set against what the cell's own recent past, its weekday and the
season let expect. A count far above that is measured by the tail of a negative binomial distribution whose spread
is learned from the past errors of the same forecast, and over all cells of a day the false-discovery rate is held
(Benjamini & Hochberg 1995). The judgement of a day uses nothing later than that day.
"""

from dauys.engines.bursts.counts import HISTORY, MIN_DAYS, Burst, Day, UnusableCounts, watch
from dauys.engines.bursts.explain import Explanation, Told, explain, words_of

__all__ = [
    "HISTORY", "MIN_DAYS", "Burst", "Day", "Explanation", "Told", "UnusableCounts", "explain", "watch", "words_of",
]  # fmt: skip

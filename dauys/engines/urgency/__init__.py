"""Does an appeal speak of danger to life, or of something that cannot wait the usual days?

A short hard list, kept by people as data and passed in. It may only raise an appeal, never lower it, and
always says which words did so. Beside it: the vulnerable people named, the day the text itself sets, and a
score made of these flags alone, by which a desk may be put in order.
"""

from dauys.engines.urgency.dates import Deadline, deadline
from dauys.engines.urgency.lexicon import LEVELS, READ_AT_MOST, Lexicon, MalformedRule, Rule
from dauys.engines.urgency.reading import Urgency, urgency

__all__ = ["LEVELS", "READ_AT_MOST", "Deadline", "Lexicon", "MalformedRule", "Rule", "Urgency", "deadline", "urgency"]

"""Was this text sent before? Are these two appeals about one matter?"""

from dauys.engines.sameness.model import BY_JUDGEMENT, FEATURES, BadPairModel, PairModel, train
from dauys.engines.sameness.pairs import ELSEWHERE, Described, Sameness, Seen, compare, same_matter
from dauys.engines.sameness.texts import BANDS, keys, keys_many, shingle_similarity

__all__ = [
    "BANDS",
    "BY_JUDGEMENT",
    "ELSEWHERE",
    "FEATURES",
    "BadPairModel",
    "Described",
    "PairModel",
    "Sameness",
    "Seen",
    "compare",
    "keys",
    "keys_many",
    "same_matter",
    "shingle_similarity",
    "train",
]

"""How near do two texts lie in meaning, in one language or across Kazakh, Russian and English?

`Encoder` answers quickly from a small file and needs numpy alone. `Teacher` is the slow exact encoder from which
`learn` makes it. `Head` reads topics from vectors.
"""

from dauys.engines.meaning.encoder import Encoder, words_of
from dauys.engines.meaning.head import Head, TooFewLabels, train_head
from dauys.engines.meaning.packed import Packed, UnreadableWeights
from dauys.engines.meaning.student import DIMENSIONS, Lesson, TooFewLessons, learn, texts_to_read
from dauys.engines.meaning.teacher import Teacher

__all__ = [
    "DIMENSIONS",
    "Encoder",
    "Head",
    "Lesson",
    "Packed",
    "Teacher",
    "TooFewLabels",
    "TooFewLessons",
    "UnreadableWeights",
    "learn",
    "texts_to_read",
    "train_head",
    "words_of",
]

"""Which words tell a burst from the usual, which appeals stand for it, one voice or many."""

import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Told:
    """One appeal of a burst. `campaign` names the text it shares with others, when somebody has found that out."""

    id: str
    text: str
    campaign: str | None = None


@dataclass(frozen=True, slots=True)
class Explanation:
    """`words` are (word, z) pairs, most telling first; `samples` are ids nearest the centre, one of each text.

    `voices` counts one text sent by many hands once; `campaign` is (key, appeals) of the largest such text when it
    makes half of the burst or more.
    """

    words: tuple[tuple[str, float], ...]
    samples: tuple[str, ...]
    voices: int
    campaign: tuple[str, int] | None


_WORD = re.compile(r"[^\W\d_]{3,40}")
_READ_AT_MOST = 4000
_CAMPAIGN_LEAST, _CAMPAIGN_SHARE = 3, 0.5


def words_of(text: str) -> set[str]:
    """The words of a text, each once: a word said ten times by one person is one person's word."""
    return set(_WORD.findall(text[:_READ_AT_MOST].lower()))


def explain(
    burst: Sequence[Told], usual: Mapping[str, int], usual_appeals: int, *, words: int = 8, samples: int = 3
) -> Explanation:
    """What sets these appeals apart from the usual ones.

    Args:
        burst: the appeals of the burst's window.
        usual: for each word (see `words_of`) the number of usual appeals that hold it; `usual_appeals` their number.

    Words are ranked by log-odds with an informative Dirichlet prior made of burst and usual together (Monroe,
    Colaresi & Quinn 2008): a word is telling when it is commoner here than there by more than chance makes of its
    count.
    """
    texts: dict[str, list[Told]] = {}
    for one in burst:
        texts.setdefault(one.campaign or " ".join(_WORD.findall(one.text.lower())), []).append(one)
    voices = [each[0] for each in texts.values()]
    held = [words_of(one.text) for one in voices]
    # One voice alone would have no words of its own to count: then the hands that sent it are counted.
    counted = held if len(voices) >= _CAMPAIGN_LEAST else [words_of(one.text) for one in burst]
    here = Counter(word for each in counted for word in each)
    told = _telling(here, usual)
    largest_key, largest = max(texts.items(), key=lambda item: (len(item[1]), item[0]), default=("", []))
    is_campaign = len(largest) >= max(_CAMPAIGN_LEAST, math.ceil(_CAMPAIGN_SHARE * len(burst)))
    key = largest[0].campaign or largest[0].id if is_campaign else largest_key
    return Explanation(
        words=tuple((word, round(z, 2)) for word, z in told[:words]),
        samples=tuple(_nearest(voices, held, usual, usual_appeals, samples)),
        voices=len(voices),
        campaign=(key, len(largest)) if is_campaign else None,
    )


def _telling(here: Counter[str], usual: Mapping[str, int]) -> list[tuple[str, float]]:
    ours, theirs = sum(here.values()), sum(usual.values())
    # The prior weighs as much as the burst itself: rare words need evidence, common ones need a real difference.
    prior_mass = float(max(ours, 1))
    found = []
    for word, count in here.items():
        there = usual.get(word, 0)
        if count < 2:
            continue
        prior = prior_mass * (count + there) / (ours + theirs)
        one, other = count + prior, there + prior
        odds = math.log(one / (ours + prior_mass - one + 1e-9)) - math.log(other / (theirs + prior_mass - other + 1e-9))
        z = odds / math.sqrt(1.0 / one + 1.0 / other)
        if z > 1.0:
            found.append((word, z))
    return sorted(found, key=lambda pair: (-pair[1], pair[0]))


def _nearest(
    voices: Sequence[Told], held: Sequence[set[str]], usual: Mapping[str, int], usual_appeals: int, count: int
) -> list[str]:
    """Appeals whose words lie nearest the middle of all: cosine to the mean of vectors weighed by rarity."""
    if not voices:
        return []
    size = usual_appeals + len(voices)
    rarity: dict[str, float] = {}
    centre: dict[str, float] = {}
    lengths = []
    for words in held:
        for word in words:
            if word not in rarity:
                rarity[word] = math.log((size + 1) / (usual.get(word, 0) + 1))
        length = math.sqrt(sum(rarity[word] ** 2 for word in words)) or 1.0
        lengths.append(length)
        for word in sorted(words):
            centre[word] = centre.get(word, 0.0) + rarity[word] / length
    scores = [
        sum(rarity[word] * centre[word] for word in sorted(words)) / length
        for words, length in zip(held, lengths, strict=True)
    ]
    order = sorted(range(len(voices)), key=lambda n: (-scores[n], voices[n].id))
    return [voices[n].id for n in order[:count]]

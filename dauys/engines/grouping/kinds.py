"""What sort of group is it: a campaign, a letter of neighbours, one problem of many people, one person's repeats?"""

import operator
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Member:
    """One appeal of a group. `bands` are the keys of its text, `sender` a token that only tells senders apart, empty
    where unknown; `day` in days, fractions allowed.
    """

    bands: tuple[int, ...]
    sender: str
    area: str
    lat: float | None
    lon: float | None
    day: float


@dataclass(frozen=True)
class GroupKind:
    """`kind` is one of KINDS; `reasons` are (kind, value) pairs, counts and shares with what they are out of."""

    kind: str
    reasons: tuple[tuple[str, str], ...]


KINDS = {
    "campaign": "one text, many hands, no common place",
    "joint": "one text, many hands, one place: neighbours who wrote together",
    "problem": "many people, each in their own words, one place",
    "repeats": "one sender, again and again",
    "unclear": "none of these for certain",
}

DEGREE = 111_195.0  # metres in a degree of latitude (mean earth radius)
FEW = 3
"""Fewer appeals than this, or fewer senders, are neither many people nor many hands."""
ONE_TEXT = 0.7  # share of members whose text is near-identical
ONE_PLACE_METRES = 500.0
ONE_PLACE = 0.8  # share of members near the middle one, or in one area
SAME_BANDS = 4  # equal bands of sixteen from which two texts count as near-identical: about 0.75 alike
BURST_DAYS = 3.0


def kind_of_group(members: Sequence[Member]) -> GroupKind:
    """A campaign, neighbours with one letter, many people with one problem, or one person's repeats?

    None of these is worth less than another: the kind tells an officer how to answer, and a counter what to count.
    """
    count = len(members)
    senders = {member.sender for member in members if member.sender}
    unknown = sum(not member.sender for member in members)
    hands = len(senders) + unknown
    same_text = _near_identical(members)
    placed, together, by = _together(members)
    burst = _burst(members)
    reasons = [("appeals", str(count)), ("same_text", f"{same_text}/{count}"), ("senders", str(len(senders)))]
    if unknown:
        reasons.append(("senders_unknown", str(unknown)))
    if placed:
        reasons.append((f"same_{by}", f"{together}/{placed}"))
    if count:
        reasons.append(("within_three_days", f"{burst}/{count}"))
    one_text = same_text >= ONE_TEXT * count
    one_place = placed >= max(FEW, count / 2) and together >= ONE_PLACE * placed
    if count < FEW:
        kind = "unclear"
    elif not unknown and len(senders) == 1:
        kind = "repeats"
    elif hands < FEW:
        kind = "unclear"
    elif one_text and one_place:
        kind = "joint"
    elif one_text and (placed >= FEW or burst >= ONE_TEXT * count):
        # Without places to tell them apart, only a burst speaks for an appeal passed from hand to hand.
        kind = "campaign"
    elif not one_text and one_place and same_text <= count / 2:
        kind = "problem"
    else:
        kind = "unclear"
    return GroupKind(kind, tuple(reasons))


def _near_identical(members: Sequence[Member]) -> int:
    """How many texts are near-identical to the one that most others share bands with, itself counted."""
    common = Counter((place, key) for member in members for place, key in enumerate(member.bands))
    if not common:
        return 0
    middle = max(members, key=lambda member: sum(common[item] for item in enumerate(member.bands)))
    return max(
        1,
        sum(
            bool(member.bands)
            and sum(map(operator.eq, member.bands, middle.bands)) >= min(SAME_BANDS, len(middle.bands))
            for member in members
        ),
    )


def _together(members: Sequence[Member]) -> tuple[int, int, str]:
    """(members with a place, how many of them are in one place, told by "point" or "area"); points where most have
    one.
    """
    points = [(member.lat, member.lon) for member in members if member.lat is not None and member.lon is not None]
    if points and 2 * len(points) >= len(members):
        lat, lon = np.array(points, dtype=np.float64).T
        wide = np.cos(np.radians(np.median(lat)))
        metres = np.hypot(lat - np.median(lat), (lon - np.median(lon)) * wide) * DEGREE
        return len(points), int((metres <= ONE_PLACE_METRES).sum()), "point"
    areas = Counter(member.area for member in members if member.area)
    return sum(areas.values()), max(areas.values(), default=0), "area"


def _burst(members: Sequence[Member]) -> int:
    """The most members that fall within three days."""
    days = np.sort([member.day for member in members])
    return int((np.searchsorted(days, days + BURST_DAYS, side="right") - np.arange(len(days))).max(initial=0))

"""What the comparison of two appeals may know of each."""

from dauys.engines import sameness
from dauys.engines.search_terms import stems
from dauys.hear import heard as hear
from dauys.institution.queries import house
from dauys.understand.models import Examination

WIDE = frozenset({"country", "region", "district"})
"""Levels of areas too wide for being in one of them to speak for one matter."""


def seen(row: Examination, one: "hear.Heard") -> sameness.Seen:
    """What the comparison may know of an appeal. An area wider than a settlement says nothing about one place."""
    place = house()
    topic = place.topics.get(row.topic_id or 0)
    area = place.areas.get(row.area_id or 0)
    is_small = area is not None and area.level not in WIDE
    return sameness.Seen(
        stems(one.text), topic.code if topic else "", area.code if area and is_small else "", one.lat, one.lon,
        one.received_at.date(),
    )  # fmt: skip

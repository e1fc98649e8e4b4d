"""Which appeals belong together, as far as a machine can say: vectors are made, then appeals are put into groups.

A group is an offer. Only a person makes a problem of it (`actions.matters`).
"""

import math
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from itertools import takewhile

import numpy as np
from django.db import transaction
from django.db.models import Max, Q

from dauys.engines import grouping, sameness
from dauys.hear import heard as hear
from dauys.understand import index, vectors
from dauys.understand.comparing import seen
from dauys.understand.models import Examination, Merge
from dauys.understand.signature_store import AnotherWriter

RULES = grouping.Rules()
NEAR_LEAST = 0.5
"""Cosine from which a neighbour in meaning is worth comparing."""

NEAR_MOST = 8
BLOCK = 512


def embed_pending(*, now: datetime, limit: int = 2000) -> int:
    """Give the appeals that were examined since a vector, oldest first."""
    newest = Examination.objects.aggregate(newest=Max("appeal_id"))["newest"] or 0
    if vectors.last_id() == newest:
        return 0
    try:
        store = vectors.writing(newest)
    except AnotherWriter:
        return 0
    with store:
        if store.last_id >= newest:
            return 0
        rows = hear.heard_after(store.last_id, limit=limit)
        tongues = dict(
            Examination.objects.filter(appeal_id__in=[row.id for row in rows]).values_list("appeal_id", "language")
        )
        ready = [row for row in rows if row.id in tongues]
        if ready:
            store.append(
                [row.id for row in ready], vectors.of([row.text for row in ready], [tongues[row.id] for row in ready])
            )
        return len(ready)


def index_pending(*, now: datetime, limit: int = 1000) -> int:
    """Bring in what was indexed in an older form, newest first; nothing is owed in an institution begun since."""
    return index.catch_up(limit=limit) if index.is_owed() else 0


def group_pending(*, now: datetime, limit: int = 2000) -> int:
    """Put examined appeals that have a vector into groups, in the order they came; a group is named by its oldest.

    They meet the appeals of the same area and topic of the weeks before, and whole groups at a time, so that
    grouping day by day gives what grouping in one go would. An appeal changes its group only by a `Merge`.
    """
    new = list(Examination.objects.filter(matter=None).order_by("appeal_id")[:limit])
    has_vector = vectors.known([row.appeal_id for row in new])
    # In the order they came: were one passed by, a later one would be grouped without it.
    ready = list(takewhile(lambda row: row.appeal_id in has_vector, new))
    if not ready:
        return 0
    with transaction.atomic():
        rows = sorted([*ready, *_met_by(ready)], key=lambda row: row.appeal_id)
        texts = {row.id: row for row in hear.heard_by_ids([row.appeal_id for row in rows])}
        told = [texts[row.appeal_id] for row in rows]
        appeals = _columns(rows, told)
        found = grouping.group(appeals, _described(rows, told), near=_near(appeals), rules=RULES)
        before = dict(zip(appeals.ids.tolist(), appeals.group.tolist(), strict=True))
        changed = []
        for row, group in zip(rows, found.groups.tolist(), strict=True):
            if before[row.appeal_id] != group:
                row.matter_id = group
                changed.append(row)
        Examination.objects.bulk_update(changed, ["matter"], batch_size=400)
        for merge in found.merges:
            Examination.objects.filter(matter_id=merge.gone).update(matter_id=merge.kept)
        Merge.objects.bulk_create(
            [Merge(kept_id=merge.kept, gone_id=merge.gone, by_id=merge.by, merged_at=now) for merge in found.merges]
        )
    return len(ready)


def _met_by(new: Sequence[Examination]) -> list[Examination]:
    """Grouped appeals that the new ones may meet, and all who share a group with those."""
    ids = [row.appeal_id for row in new]
    first = min(row.received_at for row in hear.heard_by_ids(ids)) - timedelta(days=RULES.days + 1)
    parts = {(row.area_id, row.topic_id) for row in new}
    areas, topics = {area for area, _ in parts}, {topic for _, topic in parts}
    earlier = Examination.objects.filter(
        _among("area", areas), _among("topic", topics), matter__isnull=False, appeal__received_at__gte=first
    )
    own = set(ids)
    near = [row for row in earlier if (row.area_id, row.topic_id) in parts and row.appeal_id not in own]
    known = {row.appeal_id for row in near}
    groups = sorted({row.matter_id for row in near if row.matter_id})
    for start in range(0, len(groups), 500):
        for row in Examination.objects.filter(matter_id__in=groups[start : start + 500]):
            if row.appeal_id not in known:
                known.add(row.appeal_id)
                near.append(row)
    return near


def _among(name: str, ids: set[int | None]) -> Q:
    wanted = Q(**{f"{name}_id__in": [one for one in ids if one is not None]})
    return wanted | Q(**{name: None}) if None in ids else wanted


def _columns(rows: Sequence[Examination], told: Sequence["hear.Heard"]) -> grouping.Appeals:
    keys = sameness.keys_many([one.text for one in told])
    width = max((len(own) for own in keys), default=0)
    bands = np.zeros((len(rows), width), dtype=np.int64)
    for place, own in enumerate(keys):
        bands[place, : len(own)] = own
    begin = date(2000, 1, 1).toordinal()
    return grouping.Appeals(
        ids=np.array([row.appeal_id for row in rows], dtype=np.int64),
        day=np.array([one.received_at.timestamp() / 86_400 - begin for one in told], dtype=np.float64),
        area=np.array([row.area_id or -1 for row in rows], dtype=np.int64),
        topic=np.array([row.topic_id or -1 for row in rows], dtype=np.int64),
        lat=np.array([math.nan if one.lat is None else one.lat for one in told], dtype=np.float64),
        lon=np.array([math.nan if one.lon is None else one.lon for one in told], dtype=np.float64),
        bands=bands,
        group=np.array([row.matter_id or grouping.NEW for row in rows], dtype=np.int64),
    )


def _described(rows: Sequence[Examination], told: Sequence["hear.Heard"]) -> sameness.Described:
    return sameness.Described.of([seen(row, one) for row, one in zip(rows, told, strict=True)])


def _near(appeals: grouping.Appeals) -> tuple[grouping.columns.Ints, grouping.columns.Ints, grouping.columns.Real]:
    """For each new appeal the nearest in meaning of its area and topic: (row, row, cosine) columns."""
    kept = vectors.known(appeals.ids.tolist())
    parts: dict[tuple[int, int], list[int]] = {}
    for place, (area, topic) in enumerate(zip(appeals.area.tolist(), appeals.topic.tolist(), strict=True)):
        if int(appeals.ids[place]) in kept:
            parts.setdefault((area, topic), []).append(place)
    left: list[int] = []
    right: list[int] = []
    cosines: list[float] = []
    for places in parts.values():
        new = [place for place in places if appeals.group[place] == grouping.NEW]
        table = np.stack([kept[int(appeals.ids[place])] for place in places])
        at = {place: row for row, place in enumerate(places)}
        for start in range(0, len(new), BLOCK):
            asked = new[start : start + BLOCK]
            likeness = table[[at[place] for place in asked]] @ table.T
            for row, place in enumerate(asked):
                likeness[row, at[place] :] = -1.0  # only those that came before
                best = np.argsort(-likeness[row], kind="stable")[:NEAR_MOST]
                for other in best.tolist():
                    if likeness[row, other] >= NEAR_LEAST:
                        left.append(place)
                        right.append(places[other])
                        cosines.append(float(likeness[row, other]))
    return np.array(left, dtype=np.int64), np.array(right, dtype=np.int64), np.array(cosines, dtype=np.float64)

"""Pairs and groups of appeals against the weak truth of a file, beside the rule of category and 250 metres."""

import math
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np

from dauys.commands import show
from dauys.commands.evaluate.duplicates.curves import Flags, calibration_error, curve_of, point_of
from dauys.commands.evaluate.duplicates.files import DAYS, Ints, Read, Real, positive_pairs, read_appeals, within
from dauys.commands.evaluate.duplicates.vectors import cosines_of
from dauys.engines import grouping, sameness
from dauys.engines.search_terms import stems

RULE_METRES = 250.0
REACH = 500.0  # metres: pairs farther apart are not considered
LEARNED_SHARE = 0.6  # of the period: the rest is kept to measure a model learned from it


def measured(path: Path) -> dict[str, Any]:
    began = time.process_time()
    with show.step("Reading the file and its words"):
        read = read_appeals(path)
        described = _described(read)
    left, right = within(read, REACH)
    metres, days = described.metres(left, right), np.abs(read.day[left] - read.day[right])
    truth = (read.building[left] == read.building[right]) & (read.reason[left] == read.reason[right]) & (days <= DAYS)
    rule = (read.category[left] == read.category[right]) & (metres <= RULE_METRES)
    positives = positive_pairs(read)
    if not positives:
        show.stop(
            f"{path} holds no two appeals of one building and reason within 30 days.", remedy="Give a longer file."
        )
    told: dict[str, Any] = {
        "appeals": len(read.texts), "left_out_without_building": read.left_out, "positive_pairs": positives,
        "truth": "same building and reason within 30 days (weak)",
        "rule_category_250m": point_of(rule, truth, positives),
    }  # fmt: skip
    recent = np.flatnonzero(days <= DAYS)
    left, right, metres, truth, rule = left[recent], right[recent], metres[recent], truth[recent], rule[recent]
    told["pairs_considered"] = len(left)
    told["rule_category_250m_30days"] = point_of(rule, truth, positives)
    told["category_nearest_first"] = curve_of(np.where(rule, -metres, -np.inf), truth, positives, told)
    with show.step("Weighing the pairs"):
        cosine, vectors = cosines_of(read.texts, left, right)
        scoring = time.process_time()
        table, _apart = described.features(left, right, cosine)
        score = described(left, right, cosine)
        told["scoring_cpu_seconds"] = round(time.process_time() - scoring, 2)
    told["vectors"] = vectors
    told["dauys"] = curve_of(score, truth, positives, told)
    with show.step("Learning from the earlier pairs"):
        told["learned"] = _learned(read, left, right, table, truth, rule, score)
    with show.step("Grouping"):
        told["groups"] = _grouped(read, described)
    told["cpu_seconds"] = round(time.process_time() - began, 1)
    return told


def _described(read: Read) -> sameness.Described:
    return sameness.Described.of(
        sameness.Seen(
            stems(text), str(category), "", None if math.isnan(lat) else lat, None if math.isnan(lon) else lon,
            datetime.fromtimestamp(day * 86_400, UTC).date(),
        )
        for text, category, lat, lon, day in zip(
            read.texts, read.category.tolist(), read.lat.tolist(), read.lon.tolist(), read.day.tolist(), strict=True
        )
    )  # fmt: skip


def _learned(
    read: Read, left: Ints, right: Ints, table: Real, truth: Flags, rule: Flags, score: Real
) -> dict[str, Any]:
    """A model learned from the earlier pairs, all three measured on pairs of which both appeals came later.

    It learns from pairs within the rule's 250 metres, so its probabilities are meant, and their error measured, there.
    """
    cut = read.day[0] + LEARNED_SHARE * (read.day[-1] - read.day[0])
    close = table[:, sameness.FEATURES.index("near")] >= math.exp(-RULE_METRES / 300)
    earlier, later = (read.day[right] <= cut) & close, read.day[left] > cut
    positives = int(truth[later].sum())
    try:
        model = sameness.train(table[earlier], truth[earlier], name="learned from the earlier pairs")
    except ValueError as failure:
        return {"not_learned": str(failure)}
    if not positives:
        return {"not_learned": "No pairs of one matter are left to measure on."}
    probability = model.probability(table[later])
    near = close[later]
    point = {"rule_category_250m_30days": point_of(rule[later], truth[later], positives)}
    return {
        "learned_from_pairs": int(earlier.sum()), "measured_on_pairs": int(later.sum()), "positive_pairs": positives,
        "weights": {"bias": round(model.bias, 2)}
        | {name: round(weight, 2) for name, weight in zip(sameness.FEATURES, model.weights, strict=True)},
        **point,
        "dauys_by_judgement": curve_of(score[later], truth[later], positives, point)
        | {"calibration_error": calibration_error(score[later][near], truth[later][near])},
        "dauys_learned": curve_of(probability, truth[later], positives, point)
        | {"calibration_error": calibration_error(probability[near], truth[later][near])},
    }  # fmt: skip


def _grouped(read: Read, described: sameness.Described) -> dict[str, Any]:
    """Grouping by the product's own rules; pairs within 30 days that share a group, against the weak truth."""
    began = time.process_time()
    count = len(read.texts)
    bands = np.zeros((count, sameness.BANDS), np.int64)
    for row, keys in enumerate(sameness.keys_many(read.texts)):
        if keys:
            bands[row] = keys
    unknown = np.full(count, -1, np.int64)
    found = grouping.group(
        grouping.Appeals(
            np.arange(count), read.day, unknown, read.category, read.lat, read.lon, bands,
            np.full(count, grouping.NEW, np.int64),
        ),
        described,
    )  # fmt: skip
    took = time.process_time() - began
    names, place, sizes = np.unique(found.groups, return_inverse=True, return_counts=True)
    together = right = 0
    order = np.argsort(place, kind="stable")
    ends = np.cumsum(sizes)
    for end, size in zip(ends[sizes > 1].tolist(), sizes[sizes > 1].tolist(), strict=True):
        rows = order[end - size : end]
        one, other = np.triu_indices(size, 1)
        one, other = rows[one], rows[other]
        near = np.abs(read.day[one] - read.day[other]) <= DAYS
        same = (read.building[one] == read.building[other]) & (read.reason[one] == read.reason[other])
        together, right = together + int(near.sum()), right + int((near & same).sum())
    precision, recall = right / max(1, together), right / max(1, positive_pairs(read))
    return {
        "groups": len(names), "largest": int(sizes.max()), "merges": len(found.merges), "pairs": together,
        "precision": round(precision, 4), "recall": round(recall, 4),
        "f1": round(2 * precision * recall / max(1e-9, precision + recall), 4), "cpu_seconds": round(took, 2),
    }  # fmt: skip

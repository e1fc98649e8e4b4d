"""How well pairs are chosen, or put in order, against what is known of them."""

from typing import Any

import numpy as np
import numpy.typing as npt

RECALLS = (0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99)

Real = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]


def point_of(chosen: Flags, truth: Flags, positives: int) -> dict[str, Any]:
    right = int((chosen & truth).sum())
    return {
        "pairs": int(chosen.sum()), "precision": round(right / max(1, int(chosen.sum())), 4),
        "recall": round(right / max(1, positives), 4),
    }  # fmt: skip


def curve_of(score: Real, truth: Flags, positives: int, told: dict[str, Any]) -> dict[str, Any]:
    """Average precision, precision at recalls, and at the recall of the rule with 30 days. Ties are taken whole."""
    order = np.argsort(-score, kind="stable")
    ranked = score[order]
    last = np.flatnonzero(np.r_[ranked[1:] != ranked[:-1], True])
    hits = np.cumsum(truth[order])[last]
    precision, recall = hits / (last + 1), hits / positives

    def at(wanted: float) -> float | None:
        reached = np.flatnonzero(recall >= wanted - 1e-12)
        return round(float(precision[reached].max()), 4) if len(reached) else None

    rule = told["rule_category_250m_30days"]
    return {
        "average_precision": round(float((np.diff(recall, prepend=0) * precision).sum()), 4),
        "precision_at_recall": {str(wanted): at(wanted) for wanted in RECALLS},
        "at_the_rules_recall": {"recall": rule["recall"], "precision": at(rule["recall"]), "rule": rule["precision"]},
    }


def calibration_error(probability: Real, truth: Flags) -> float:
    """Mean distance of probability from the share that was one matter, over fifteen bins."""
    bins = np.minimum((probability * 15).astype(int), 14)
    sure = np.bincount(bins, probability, minlength=15)
    right = np.bincount(bins, truth, minlength=15)
    return round(float(np.abs(sure - right).sum() / max(1, len(truth))), 4)

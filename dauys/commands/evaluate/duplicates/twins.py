"""Does a text find the one that says the same, in the other language, among all others?"""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np

from dauys.commands import show
from dauys.commands.evaluate.duplicates.files import Real, csv_rows
from dauys.commands.evaluate.duplicates.vectors import vectors_of
from dauys.engines import sameness
from dauys.engines.search_terms import stems

COLUMNS = ("a", "b", "language_a", "language_b")
MOST = 4_000  # pairs of one file: each text is compared with all on the other side


def measured(path: Path) -> dict[str, Any]:
    rows = csv_rows(path, COLUMNS)
    for number, row in enumerate(rows, start=2):
        for name in COLUMNS:
            if not (row[name] or "").strip():
                show.stop(f"{path}, line {number}: {name} is empty.", remedy="Fill it, or take the line out.")
    if not 2 <= len(rows) <= MOST:
        show.stop(f"{path} holds {len(rows)} pairs.", remedy=f"Give 2 to {MOST}.")
    a, b = [row["a"] for row in rows], [row["b"] for row in rows]
    day = datetime(2000, 1, 1, tzinfo=UTC).date()
    described = sameness.Described.of(sameness.Seen(stems(text), "", "", None, None, day) for text in (*a, *b))
    count = len(rows)
    words = np.stack([described.words(np.full(count, row), np.arange(count, 2 * count)) for row in range(count)])
    vectors, told = vectors_of([*a, *b], [row["language_a"] for row in rows] + [row["language_b"] for row in rows])
    outcome: dict[str, Any] = {"pairs": count, "vectors": told, "words": _first(words)}
    if vectors is not None:
        outcome["meaning"] = _first((vectors[:count] @ vectors[count:].T).astype(np.float64))
    return outcome


def _first(likeness: Real) -> dict[str, float]:
    """How often the twin stands first, and among the first ten, both ways; a tie counts against it."""
    told = {}
    for name, table in (("a_to_b", likeness), ("b_to_a", likeness.T)):
        own = np.diag(table)[:, None]
        rank = (table >= own).sum(axis=1)
        told[f"{name}_twin_at_1"] = round(float((rank == 1).mean()), 4)
        told[f"{name}_twin_at_10"] = round(float((rank <= 10).mean()), 4)
    return told

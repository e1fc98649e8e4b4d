"""Search among many vectors by signatures: time on the processor, recall, and bytes on disk."""

import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from dauys.commands import show
from dauys.engines import signatures
from dauys.understand.signature_store import SignatureStore

QUERIES = 100
MOST = 10
_PART = 50_000

Real = npt.NDArray[np.float32]


def measure(*, vectors: int = 1_000_000, dims: int = 384, seed: int = 1) -> dict[str, Any]:
    """Keep invented vectors in a store, ask for the ten nearest of others, and count how many of the true ten come.

    The vectors are a mixture: twenty thousand clusters (fewer when there are fewer vectors) under two hundred topics,
    with noise of uneven strength, centred. Seconds are of the processor, of one core.
    """
    with tempfile.TemporaryDirectory(prefix="dauys-bench-") as folder:
        path = Path(folder)
        mixture = _Mixture(vectors, dims, seed)
        whole = np.empty((vectors, dims), np.float32)
        with show.step(f"Making {vectors} vectors of {dims}"):
            for start in range(0, vectors, _PART):
                whole[start : start + _PART] = mixture.draw(min(_PART, vectors - start))
        queries = mixture.draw(QUERIES)
        with SignatureStore.writing(path, encoder="invented", dims=dims) as store:
            begun = time.process_time()
            with show.step("Appending them"):
                for start in range(0, vectors, _PART):
                    rows = whole[start : start + _PART]
                    store.append(range(start + 1, start + 1 + len(rows)), rows)
            append_seconds = time.process_time() - begun
        begun = time.process_time()
        reader = SignatureStore(path, encoder="invented")
        open_seconds = time.process_time() - begun
        truth = [set((np.argpartition(-(whole @ query), MOST)[:MOST] + 1).tolist()) for query in queries]
        found: dict[str, Any] = {
            "vectors": vectors, "dims": dims, "queries": QUERIES, "ranked_again": signatures.candidates_for(dims),
            "append_cpu_seconds": round(append_seconds, 2), "open_cpu_ms": round(open_seconds * 1000, 1),
            "disk_mb": round(sum(file.stat().st_size for file in path.iterdir()) / 1e6, 1), "by": {},
        }  # fmt: skip
        for name, scan in (("numpy", signatures.scan), ("faiss", signatures.scan_by_faiss)):
            try:
                with show.step(f"Searching by {name}"):
                    found["by"][name] = _searched(reader, queries, truth, scan)
            except ImportError:
                found["by"][name] = None  # not installed
    return found


def lines(found: dict[str, Any]) -> list[str]:
    """For people."""
    told = [
        f"{found['vectors']} vectors of {found['dims']}: {found['disk_mb']} MB, appended in "
        f"{found['append_cpu_seconds']} CPU s, opened in {found['open_cpu_ms']} ms"
    ]
    for name, row in found["by"].items():
        if row is None:
            told.append(f"{name}: not installed (pip install 'dauys[fast]')")
        else:
            told.append(
                f"{name}: {row['median_cpu_ms']} ms CPU a query (95 % within {row['p95_cpu_ms']}), "
                f"recall of the true ten {row['recall_at_10']} over {found['queries']} queries"
            )
    return told


class _Mixture:
    def __init__(self, vectors: int, dims: int, seed: int) -> None:
        self.random = np.random.default_rng(seed)
        self.dims = dims
        topics = self._noise(200)
        count = max(2, min(20_000, vectors // 20))
        self.centres = self._noise(count) + topics[self.random.integers(0, 200, count)] * np.float32(0.8)
        self.centres -= self.centres.mean(axis=0)

    def _noise(self, count: int) -> Real:
        return self.random.standard_normal((count, self.dims), dtype=np.float32) / np.float32(self.dims**0.5)

    def draw(self, count: int) -> Real:
        strength = self.random.uniform(0.3, 1.0, (count, 1)).astype(np.float32)
        drawn = self.centres[self.random.integers(0, len(self.centres), count)] + self._noise(count) * strength
        return np.asarray(drawn / np.linalg.norm(drawn, axis=1, keepdims=True))


def _searched(reader: SignatureStore, queries: Real, truth: list[set[int]], scan: Any) -> dict[str, float]:
    reader.search(queries[0], MOST, by=scan)  # the files come into memory with the first
    spent, kept = [], 0
    for query, true in zip(queries, truth, strict=True):
        begun = time.process_time()
        near = reader.search(query, MOST, by=scan)
        spent.append((time.process_time() - begun) * 1000)
        kept += len(true & {one.appeal_id for one in near})
    return {
        "median_cpu_ms": round(float(np.median(spent)), 2), "p95_cpu_ms": round(float(np.quantile(spent, 0.95)), 2),
        "recall_at_10": round(kept / (len(queries) * MOST), 4),
    }  # fmt: skip

"""The meaning of appeals as vectors, kept in files beside the database: written by the worker, read by the pages."""

import threading
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
from django.conf import settings

from dauys.understand import weights
from dauys.understand.signature_store import Near, OtherEncoder, SignatureStore, SignatureStoreError

Vectors = npt.NDArray[np.float32]

SPOKEN = frozenset({"kk", "ru", "en"})
READ_AT_MOST = 4000
"""Characters: what an appeal is about is said early."""


def folder() -> Path:
    return Path(settings.HOME) / "vectors"


def of(texts: Sequence[str], languages: Sequence[str]) -> Vectors:
    """Unit vectors (n, dimensions); a language the encoder does not centre for is taken for Russian."""
    spoken = [code if code in SPOKEN else "ru" for code in languages]
    return weights.encoder().vectors([text[:READ_AT_MOST] for text in texts], spoken)


def writing(newest: int) -> SignatureStore:
    """The store, open for the one writer.

    It begins anew when another encoder made it, and when it knows appeals above the `newest` there is: then the
    database was restored from a backup, and those numbers will be given to others. Raises AnotherWriter.
    """
    encoder = weights.encoder()
    try:
        store = SignatureStore.writing(folder(), encoder=encoder.id, dims=encoder.dimensions)
    except OtherEncoder:
        return SignatureStore.start_over(folder(), encoder=encoder.id, dims=encoder.dimensions)
    if store.last_id > newest:
        store.close()
        return SignatureStore.start_over(folder(), encoder=encoder.id, dims=encoder.dimensions)
    return store


_lock = threading.Lock()
_open: dict[Path, SignatureStore] = {}


def _reading() -> SignatureStore | None:
    """The store as it stands on the disk now; None before the first vector, or while it is made anew."""
    path = folder()
    with _lock:
        try:
            store = _open.get(path)
            if store is None or store.encoder != weights.encoder().id:
                store = SignatureStore(path, encoder=weights.encoder().id)
                _open.clear()
                _open[path] = store
            else:
                store.refresh()
        except (SignatureStoreError, FileNotFoundError):
            _open.clear()
            return None
        return store


def near(appeal_id: int, most: int) -> list[Near]:
    """The appeals nearest in meaning, without the appeal itself; empty while it has no vector yet."""
    store = _reading()
    if store is None:
        return []
    own = store.vectors_of([appeal_id]).get(appeal_id)
    if own is None:
        return []
    length = float(np.linalg.norm(own))
    if not length:
        return []
    return [one for one in store.search(own / length, most + 1) if one.appeal_id != appeal_id][:most]


def last_id() -> int:
    """The highest appeal that has a vector; 0 before the first."""
    store = _reading()
    return store.last_id if store is not None else 0


def known(ids: Sequence[int]) -> dict[int, Vectors]:
    """The kept vectors of those appeals that have one."""
    store = _reading()
    return store.vectors_of(ids) if store is not None else {}

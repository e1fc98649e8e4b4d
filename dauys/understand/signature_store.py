"""The vectors of all appeals in a folder of append-only files, searched in place.

    header.json    what the vectors are: format, encoder, components a vector
    signs.bin      components / 8 bytes a row: the sign of each component
    vectors.bin    components bytes a row: each component in one byte
    scales.bin     float32 a row
    ids.bin        int64 a row: the appeal
    removed.bin    int64 a removal: the row that no longer counts
    commits.bin    one record a commit: rows, removals, CRC-32 of what the commit added, CRC-32 of the record

What stands after the last whole commit was never promised to anybody: a writer cuts it off when it opens the folder, a
reader passes over it. Files are written and flushed before their commit is, so a commit speaks of bytes that are there.
Numbers are little-endian. Any number of readers may look while one writer writes.
"""

import fcntl
import json
import os
import struct
import zlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any

import numpy as np
import numpy.typing as npt

from dauys.engines import signatures

FORMAT = "dauys-signatures-1"
_RECORD = struct.Struct("<QQII")
_BEFORE_OWN_CRC = _RECORD.size - 4


class SignatureStoreError(Exception):
    """The folder cannot be used; the message says why and what to do."""


class OtherEncoder(SignatureStoreError):
    """The vectors kept were made by another encoder: they cannot be compared with today's."""


class AnotherWriter(SignatureStoreError):
    """Another process is writing to this folder."""


class DamagedStore(SignatureStoreError):
    """What stands in the files is not what was committed."""


@dataclass(frozen=True, slots=True)
class Near:
    """An appeal near to the vector asked about. `cosine` is −1 to 1."""

    appeal_id: int
    cosine: float


@dataclass(frozen=True, slots=True)
class _Commit:
    rows: int = 0
    removals: int = 0
    crc: int = 0
    ends_at: int = 0  # byte of commits.bin


class SignatureStore:
    """Open with `SignatureStore(folder, encoder=…)` to read, with `SignatureStore.writing(…)` to write; close, or use
    `with`.

    Vectors are unit vectors, centred by whoever made them (`encoder` names the model together with its centring).
    """

    def __init__(self, folder: Path, *, encoder: str) -> None:
        """For reading. Raises OtherEncoder, DamagedStore, or FileNotFoundError when nothing was ever written there."""
        self.folder = Path(folder)
        self.encoder = encoder
        self._lock: int | None = None
        self.dims = _read_header(self.folder, encoder)
        self._at = _Commit()
        self._map()

    @classmethod
    def writing(cls, folder: Path, *, encoder: str, dims: int) -> "SignatureStore":
        """The one writer; the folder is made when it is not there, and an unfinished write is cut off.

        Raises OtherEncoder, AnotherWriter, DamagedStore, ValueError when `dims` is not a multiple of 8.
        """
        if dims <= 0 or dims % 8:
            raise ValueError(f"Vectors of {dims} components cannot be kept: the number must be a multiple of 8.")
        folder = Path(folder)
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = _lock(folder)
        try:
            if not (folder / "header.json").exists():
                _write_header(folder, encoder, dims)
            known = _read_header(folder, encoder)
            if known != dims:
                raise OtherEncoder(
                    f"The vectors in {folder} have {known} components, {encoder} makes {dims}. "
                    "Embed the appeals again: `SignatureStore.start_over`."
                )
            _cut_torn(folder, dims)
            store = cls(folder, encoder=encoder)
        except BaseException:
            os.close(lock)
            raise
        store._lock = lock
        return store

    @classmethod
    def start_over(cls, folder: Path, *, encoder: str, dims: int) -> "SignatureStore":
        """Forget all vectors and begin for another encoder. A crash in between leaves an empty folder or none of it."""
        folder = Path(folder)
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = _lock(folder)
        try:
            # Commits first: without them whatever else remains is nothing that was promised.
            for name in ("commits.bin", "header.json", *_columns(8), "removed.bin"):
                (folder / name).unlink(missing_ok=True)
            _flush_folder(folder)
        finally:
            os.close(lock)
        return cls.writing(folder, encoder=encoder, dims=dims)

    def __enter__(self) -> "SignatureStore":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let the files go; the folder may then be written by another."""
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    def __len__(self) -> int:
        """Appeals that can be found."""
        return int(self._alive.sum()) if self._removed else self._at.rows

    @property
    def last_id(self) -> int:
        """The highest appeal ever added, 0 when none: those above it are still to be embedded."""
        return self._last_id

    def ids(self) -> npt.NDArray[np.int64]:
        """The appeals that can be found, in the order they were added."""
        return np.asarray(self._ids[self._alive])

    def append(self, ids: Sequence[int], vectors: npt.ArrayLike) -> int:
        """Keep the vectors of appeals in one commit: after it returns they survive a power cut. How many were kept.

        An appeal already there is replaced, so that doing it twice changes nothing a reader sees. Raises
        signatures.BadVectors, ValueError when an id stands twice or the counts differ.
        """
        array = signatures.checked(vectors, self.dims) if len(ids) else np.empty((0, self.dims), np.float32)
        given = np.asarray(ids, dtype="<i8")
        if len(given) != len(array):
            raise ValueError(f"{len(given)} appeals were given with {len(array)} vectors.")
        if len(np.unique(given)) != len(given):
            raise ValueError("An appeal stands twice among those to be kept.")
        if not len(given):
            return 0
        small, scale = signatures.quantised(array)
        replaced = self._rows_of(given) if given.min() <= self._last_id else np.empty(0, np.int64)
        self._commit(
            {
                "signs.bin": signatures.signs(array).tobytes(),
                "vectors.bin": small.tobytes(),
                "scales.bin": scale.astype("<f4").tobytes(),
                "ids.bin": given.tobytes(),
            },
            rows=len(given), removed=replaced,
        )  # fmt: skip
        return len(given)

    def remove(self, ids: Iterable[int]) -> int:
        """Let appeals no longer be found. How many were there; doing it twice changes nothing."""
        rows = self._rows_of(np.asarray(sorted(set(ids)), dtype=np.int64))
        if len(rows):
            self._commit({}, rows=0, removed=rows)
        return len(rows)

    def refresh(self) -> bool:
        """See what was committed since. Whether there was anything. Raises OtherEncoder when all was begun anew."""
        commit = _last_commit(self.folder, self.dims)
        _read_header(self.folder, self.encoder)  # after the commits: they may be those of another encoder
        if commit == self._at:
            return False
        self._map(commit)
        return True

    def search(
        self, vector: npt.ArrayLike, most: int = 10, *, candidates: int | None = None,
        among: npt.NDArray[np.bool_] | None = None, by: Callable[..., signatures.Rows] | None = None,
    ) -> list[Near]:  # fmt: skip
        """The appeals nearest to a unit vector, nearest first.

        `among` is a mask over `all_ids()` (an area, a half-year). `by` is `signatures.scan` or `scan_by_faiss`; the
        quicker one that is installed by default.
        """
        alive = self._alive if self._removed else None
        if among is not None:
            alive = among & self._alive
        rows, cosines = signatures.nearest(
            self._signs, self._vectors, self._scales, vector, most,
            candidates=candidates, alive=alive, by=by or signatures.quickest(self._at.rows),
        )  # fmt: skip
        return [Near(int(self._ids[row]), float(cosine)) for row, cosine in zip(rows, cosines, strict=True)]

    def all_ids(self) -> npt.NDArray[np.int64]:
        """The appeal of every row, also of those removed: what a mask for `search` is made from."""
        return np.asarray(self._ids)

    def vectors_of(self, ids: Sequence[int]) -> dict[int, npt.NDArray[np.float32]]:
        """The kept vectors, to about a hundredth, of those appeals that are there."""
        rows = self._rows_of(np.asarray(ids, dtype=np.int64))
        return {
            int(self._ids[row]): self._vectors[row].astype(np.float32) * np.float32(self._scales[row]) for row in rows
        }

    def verify(self) -> int:
        """Read everything against the check sums, commit by commit. The number of commits; raises DamagedStore."""
        log = _commit_log(self.folder)
        count = self._at.ends_at // _RECORD.size
        for index in range(count):
            before, after = _commit_at(log, index - 1), _commit_at(log, index)
            if before is None or after is None or _crc(self.folder, self.dims, before, after) != after.crc:
                raise DamagedStore(f"Commit {index + 1} in {self.folder} is not what was written. {_REMEDY}")
        return count

    def _rows_of(self, ids: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
        return np.flatnonzero(np.isin(self._ids, ids) & self._alive).astype(np.int64)

    def _map(self, commit: _Commit | None = None) -> None:
        commit = commit or _last_commit(self.folder, self.dims)

        def column(name: str, kind: Any, width: int = 0) -> Any:
            shape = (commit.rows, width) if width else (commit.rows,)
            if not commit.rows:
                return np.empty(shape, kind)
            return np.asarray(np.memmap(self.folder / name, kind, "r", shape=shape))

        self._signs = column("signs.bin", np.uint8, self.dims // 8)
        self._vectors = column("vectors.bin", np.int8, self.dims)
        self._scales = column("scales.bin", np.dtype("<f4"))
        self._ids = column("ids.bin", np.dtype("<i8"))
        self._alive = np.ones(commit.rows, bool)
        self._removed = commit.removals
        if commit.removals:
            gone = np.fromfile(self.folder / "removed.bin", "<i8", commit.removals)
            if len(gone) and (gone.min() < 0 or gone.max() >= commit.rows):
                raise DamagedStore(f"{self.folder}/removed.bin names a row that is not there. {_REMEDY}")
            self._alive[gone] = False
        self._last_id = int(self._ids.max()) if commit.rows else 0
        self._at = commit

    def _commit(self, parts: dict[str, bytes], *, rows: int, removed: npt.NDArray[np.int64]) -> None:
        if self._lock is None:
            raise SignatureStoreError(f"{self.folder} is open for reading only.")
        try:
            crc = 0
            for name, content in {**parts, "removed.bin": removed.astype("<i8").tobytes()}.items():
                if content:
                    crc = zlib.crc32(content, crc)
                    _append(self.folder / name, content)
            known = _RECORD.pack(self._at.rows + rows, self._at.removals + len(removed), crc, 0)[:_BEFORE_OWN_CRC]
            _append(self.folder / "commits.bin", known + zlib.crc32(known).to_bytes(4, "little"))
        except OSError:
            # A full disk must leave nothing half-written for the next commit to stand upon; and where only the last
            # flush failed, the commit is there after all.
            _cut_torn(self.folder, self.dims)
            self.refresh()
            raise
        self.refresh()


_REMEDY = "Embed the appeals again: `SignatureStore.start_over`."


def _columns(dims: int) -> dict[str, int]:
    """Bytes a row in each file, in the order their check sum is taken."""
    return {"signs.bin": dims // 8, "vectors.bin": dims, "scales.bin": 4, "ids.bin": 8}


def _lock(folder: Path) -> int:
    """The kernel lets the lock go with the process, however it dies."""
    held = os.open(folder / "lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        os.close(held)
        raise AnotherWriter(f"Another process writes to {folder}: wait for it, or stop it.") from error
    return held


def _flush_folder(folder: Path) -> None:
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


def _append(path: Path, content: bytes) -> None:
    is_new = not path.exists()
    with path.open("ab") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    if is_new:
        _flush_folder(path.parent)


def _write_header(folder: Path, encoder: str, dims: int) -> None:
    if (folder / "commits.bin").exists():
        raise DamagedStore(f"{folder}/header.json is missing, so nobody knows what the vectors are. {_REMEDY}")
    draft = folder / "header.json.new"
    with draft.open("w", encoding="utf-8") as file:
        json.dump({"format": FORMAT, "encoder": encoder, "dims": dims}, file, ensure_ascii=False)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(folder / "header.json")
    _flush_folder(folder)


def _read_header(folder: Path, encoder: str) -> int:
    try:
        header = json.loads((folder / "header.json").read_text(encoding="utf-8"))
        form, made_by, dims = header["format"], header["encoder"], header["dims"]
    except (ValueError, KeyError, TypeError) as error:
        raise DamagedStore(f"{folder}/header.json cannot be read. {_REMEDY}") from error
    if form != FORMAT:
        raise DamagedStore(f"{folder} is kept in the form “{form}”; this version reads {FORMAT}. {_REMEDY}")
    if not isinstance(dims, int) or dims <= 0 or dims % 8:
        raise DamagedStore(f"{folder}/header.json gives {dims} as the number of components. {_REMEDY}")
    if made_by != encoder:
        raise OtherEncoder(
            f"The vectors in {folder} were made by {made_by}, not by {encoder}: they cannot be compared. {_REMEDY}"
        )
    return dims


def _commit_at(content: bytes, index: int) -> _Commit | None:
    """The record at this place, or None when it is damaged; before the first stands the empty commit."""
    if index < 0:
        return _Commit()
    record = content[index * _RECORD.size : (index + 1) * _RECORD.size]
    rows, removals, crc, own = _RECORD.unpack(record)
    if zlib.crc32(record[:_BEFORE_OWN_CRC]) != own:
        return None
    return _Commit(rows, removals, crc, (index + 1) * _RECORD.size)


def _commit_log(folder: Path) -> bytes:
    try:
        return (folder / "commits.bin").read_bytes()
    except FileNotFoundError:
        return b""


def _last_commit(folder: Path, dims: int) -> _Commit:
    """The newest commit whose bytes are all there and, for itself, as written.

    An older one counts when the files are shorter than the newest says: a disk that lied about flushing.
    """
    log = _commit_log(folder)
    sizes = {name: _size(folder / name) // width for name, width in {**_columns(dims), "removed.bin": 8}.items()}
    removals = sizes.pop("removed.bin")
    rows = min(sizes.values())
    for index in range(len(log) // _RECORD.size - 1, -1, -1):
        last, before = _commit_at(log, index), _commit_at(log, index - 1)
        if last is None or before is None or last.rows > rows or last.removals > removals:
            continue
        if _crc(folder, dims, before, last) == last.crc:
            return last
    return _Commit()


def _crc(folder: Path, dims: int, before: _Commit, after: _Commit) -> int:
    crc = 0
    for name, width in _columns(dims).items():
        crc = _crc_of(folder / name, before.rows * width, after.rows * width, crc)
    return _crc_of(folder / "removed.bin", before.removals * 8, after.removals * 8, crc)


def _crc_of(path: Path, start: int, stop: int, crc: int) -> int:
    if start == stop:
        return crc
    with path.open("rb") as file:
        file.seek(start)
        while start < stop and (part := file.read(min(1 << 20, stop - start))):
            crc = zlib.crc32(part, crc)
            start += len(part)
    return crc


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0


def _cut_torn(folder: Path, dims: int) -> None:
    """Only the writer may do this, under the lock."""
    last = _last_commit(folder, dims)
    ends = {name: last.rows * width for name, width in _columns(dims).items()}
    # The commits are cut first: else a crash between would leave a commit whose bytes are gone but may be overwritten.
    for name, end in {"commits.bin": last.ends_at, **ends, "removed.bin": last.removals * 8}.items():
        if _size(folder / name) > end:
            with (folder / name).open("r+b") as file:
                file.truncate(end)
                os.fsync(file.fileno())

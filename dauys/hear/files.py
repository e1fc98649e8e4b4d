"""Originals of what citizens attach: sealed as they came, on the disk before anything is acknowledged."""

import os
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from dauys.hear import sealing
from dauys.hear.submission import Refused, Upload

MEGABYTE = 1024 * 1024
SIZE_MOST = 20 * MEGABYTE
NAME_MOST = 120

_SIGNATURES: tuple[tuple[bytes, int, str], ...] = (
    (b"\xff\xd8\xff", 0, "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", 0, "image/png"),
    (b"GIF87a", 0, "image/gif"),
    (b"GIF89a", 0, "image/gif"),
    (b"WEBP", 8, "image/webp"),
    (b"%PDF-", 0, "application/pdf"),
)
"""The closed list of what is taken, known by its first bytes and never by its name."""

ACCEPTED = tuple(dict.fromkeys(kind for _bytes, _at, kind in _SIGNATURES))


@dataclass(frozen=True, slots=True)
class Kept:
    """A sealed original on the disk, not yet named by any row."""

    name: str
    media_type: str
    size: int
    sha256: str
    path: str


def sniff(content: bytes) -> str | None:
    """The media type by the file's own first bytes, or None when it is not one we take."""
    for signature, at, kind in _SIGNATURES:
        if content[at : at + len(signature)] == signature:
            return kind
    return None


def upload(name: str, content: bytes) -> Upload:
    """A file a person chose. Raises Refused, naming the file, for a wrong type, an empty or a too large one."""
    shown = "".join(letter for letter in os.path.basename(name) if letter.isprintable())[-NAME_MOST:] or "file"
    if not content:
        raise Refused("files", "empty_file", name=shown)
    if len(content) > SIZE_MOST:
        raise Refused("files", "too_large", name=shown, most=SIZE_MOST // MEGABYTE)
    kind = sniff(content)
    if kind is None:
        raise Refused("files", "wrong_type", name=shown)
    return Upload(shown, kind, content)


def keep(item: Upload, *, case_key: bytes, case: str) -> Kept:
    """Seal the original under the case's key and put it on the disk, durably, under a random name."""
    name = secrets.token_hex(16)
    path = f"{name[:2]}/{name}.sealed"
    write_durably(Path(settings.ATTACHMENTS) / path, sealing.seal(case_key, item.content, f"attachment {case} {name}"))
    return Kept(item.name, item.media_type, len(item.content), item.sha256, path)


def discard(kept: Iterable[Kept]) -> None:
    """Remove originals that no row will ever name."""
    for item in kept:
        (Path(settings.ATTACHMENTS) / item.path).unlink(missing_ok=True)


def open_original(path: str, *, case_key: bytes, case: str) -> bytes:
    """The bytes as the citizen sent them."""
    name = Path(path).name.removesuffix(".sealed")
    sealed = (Path(settings.ATTACHMENTS) / path).read_bytes()
    return sealing.open_sealed(case_key, sealed, f"attachment {case} {name}")


def write_durably(target: Path, content: bytes) -> None:
    """Write aside, fsync, rename, fsync the folder: after a crash the file is whole or absent."""
    target.parent.mkdir(parents=True, exist_ok=True)
    draft = target.with_suffix(".part")
    with open(draft, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    os.replace(draft, target)
    folder = os.open(target.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)

"""Files chosen in a form that is not filed yet, sealed on the disk under the form's own token.

An error in another field, a confirmation page or a lost connection never makes anybody choose them again.
Without the token nobody can open them, this site included; after a day they are swept away.
"""

import json
import secrets
import shutil
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidTag
from django.conf import settings
from django.core import signing

from dauys.hear import files, posted, sealing
from dauys.hear.submission import FILES_MOST, Refused, Upload

LASTS = timedelta(days=1)
ROOM_LEFT = 500 * 1024 * 1024
"""Bytes that stay free on the disk: attachments may wait, the database may not."""


class Gone(Exception):
    """A file named by the form is no longer kept: the form was left alone for more than a day."""


@dataclass(frozen=True, slots=True)
class Held:
    """A file that waits for its form. `mark` is what the form carries to name it."""

    id: str
    name: str
    media_type: str
    size: int
    sha256: str
    mark: str = ""


def hold(token: str, item: Upload) -> Held:
    """Keep a chosen file until its form is filed. Raises Refused where the disk has no room."""
    folder = _folder(token)
    folder.mkdir(parents=True, exist_ok=True)
    if shutil.disk_usage(folder).free < ROOM_LEFT + len(item.content):
        raise Refused("files", "no_room", name=item.name)
    held = Held(secrets.token_hex(16), item.name, item.media_type, len(item.content), item.sha256)
    files.write_durably(folder / f"{held.id}.pending", sealing.seal(_key(token), item.content, f"pending {held.id}"))
    told = {name: value for name, value in asdict(held).items() if name != "mark"}
    return Held(**told, mark=_signer(token).sign(json.dumps(told, ensure_ascii=False)))


def named(token: str, marks: Iterable[str]) -> list[Held]:
    """The files a form names by their marks; a forged mark, or one of another form, names nothing."""
    found: dict[str, Held] = {}
    for mark in list(marks)[: FILES_MOST * 2]:
        try:
            held = Held(**json.loads(_signer(token).unsign(mark)), mark=mark)
        except (signing.BadSignature, ValueError, TypeError):
            continue
        found.setdefault(held.sha256, held)
    return list(found.values())


def gather(
    token: str, *, chosen: Iterable[Any], marks: Iterable[str], dropped: Iterable[str]
) -> tuple[list[Held], list[Refused]]:
    """The files of a form after one posting: those it named by their marks and did not drop, and those just chosen.

    `chosen`: Django's uploaded files. What cannot be taken is told beside; the others are kept all the same.
    """
    out = set(dropped)
    held = [one for one in named(token, marks) if one.id not in out]
    refused: list[Refused] = []
    for file in chosen:
        try:
            upload = files.upload(file.name or "", file.read())
            if any(one.sha256 == upload.sha256 for one in held):
                continue
            if len(held) >= FILES_MOST:
                refused.append(Refused("files", "too_many", most=FILES_MOST))
                break
            if sum(one.size for one in held) + len(upload.content) > posted.TOGETHER_MOST:
                raise Refused("files", "too_much", most=posted.TOGETHER_MOST // files.MEGABYTE)
            held.append(hold(token, upload))
        except Refused as wrong:
            refused.append(wrong)
    return held, refused


def release(token: str, held: Held) -> Upload:
    """The file as it was chosen. Raises Gone."""
    try:
        box = (_folder(token) / f"{held.id}.pending").read_bytes()
        return Upload(held.name, held.media_type, sealing.open_sealed(_key(token), box, f"pending {held.id}"))
    except (FileNotFoundError, InvalidTag) as lost:
        raise Gone(held.name) from lost


def drop(token: str) -> None:
    """The form is filed (or given up): its files go."""
    shutil.rmtree(_folder(token), ignore_errors=True)


def sweep_pending(*, now: datetime, limit: int = 500) -> int:
    """Remove what forms left behind more than a day ago."""
    swept = 0
    before = (now - LASTS).timestamp()
    for folder in _root().glob("*"):
        if swept >= limit:
            break
        if folder.stat().st_mtime < before:
            shutil.rmtree(folder, ignore_errors=True)
            swept += 1
    return swept


def _root() -> Path:
    return Path(settings.ATTACHMENTS) / "pending"


def _folder(token: str) -> Path:
    return _root() / sealing.peppered("pending folder", token).hex()[:32]


def _key(token: str) -> bytes:
    return sealing.peppered("pending key", token)


def _signer(token: str) -> signing.Signer:
    return signing.Signer(salt=f"hear.pending.{token}")

"""A safe copy of each attachment, for eyes that must not be the first to open a stranger's file.

Images are written anew in a child process with limits; PDFs are looked through and stay as they came, to
download. The original is never changed: its digest stands in the ledger.
"""

import logging
import subprocess
import sys
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.http import HttpResponse
from django.utils.http import content_disposition_header

from dauys.hear import files, sealing
from dauys.hear.models import Attachment, Sealed

log = logging.getLogger(__name__)

SECONDS_MOST = 40
"""Of the clock, for one file; the child's own limits of work and memory stand in reencode.py."""

PDF = "application/pdf"
_ENDINGS = {
    "image/jpeg": (".jpg", ".jpeg", ".jpe", ".jfif"),
    "image/png": (".png",),
    "image/gif": (".gif",),
    "image/webp": (".webp",),
    PDF: (".pdf",),
}
_CHILD = Path(__file__).with_name("reencode.py")


def make_safe_pending(*, now: datetime, limit: int = 20) -> int:
    """Make safe copies of waiting attachments. Killed anywhere and run again, it ends in the same state."""
    waiting = list(
        Attachment.objects.filter(state=Attachment.State.WAITING).select_related("appeal").order_by("id")[:limit]
    )
    boxes = Sealed.objects.in_bulk({one.appeal_id for one in waiting})
    for one in waiting:
        state, safe_path = _make_safe(one, boxes[one.appeal_id].wrapped_key)
        # Only a waiting row is moved on, so that two workers end as one would.
        Attachment.objects.filter(id=one.id, state=Attachment.State.WAITING).update(state=state, safe_path=safe_path)
    return len(waiting)


def _make_safe(one: Attachment, wrapped_key: bytes | memoryview | None) -> tuple[str, str]:
    """The state to move to and the path of the copy (none for a PDF, which is its own copy)."""
    case = one.appeal.case
    try:
        key = sealing.unwrap(case, wrapped_key)
        original = files.open_original(one.path, case_key=key, case=case)
    except sealing.Erased:
        return Attachment.State.REFUSED, ""
    except FileNotFoundError:
        log.error("The original of attachment %d is missing from the disk; restore it from the backup.", one.id)
        return Attachment.State.REFUSED, ""
    made = _in_child("pdf" if one.media_type == PDF else "image", original)
    if made is None:
        return Attachment.State.REFUSED, ""
    if one.media_type == PDF:
        return Attachment.State.SAFE, ""
    path = str(Path(one.path).with_suffix(".safe"))
    files.write_durably(Path(settings.ATTACHMENTS) / path, sealing.seal(key, made, _purpose(case, path)))
    return Attachment.State.SAFE, path


def _in_child(what: str, original: bytes) -> bytes | None:
    """What the child wrote, or None where it refused, ran out of memory or time, or died."""
    try:
        done = subprocess.run(  # noqa: S603  # our own script, no word of the citizen's on the command line
            [sys.executable, "-I", str(_CHILD), what],
            input=original,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=SECONDS_MOST,
            env={},
            cwd="/",
            check=False,
        )
    except subprocess.TimeoutExpired:
        return None
    return done.stdout if done.returncode == 0 else None


def open_safe(one: Attachment) -> bytes:
    """The safe copy's bytes; a PDF found harmless is its own. Raises sealing.Erased, FileNotFoundError."""
    if not one.safe_path:
        return open_original(one)
    box = (Path(settings.ATTACHMENTS) / one.safe_path).read_bytes()
    return sealing.open_sealed(_key_of(one), box, _purpose(one.appeal.case, one.safe_path))


def open_original(one: Attachment) -> bytes:
    """The bytes as the citizen sent them. Raises sealing.Erased, FileNotFoundError."""
    return files.open_original(one.path, case_key=_key_of(one), case=one.appeal.case)


def serve(one: Attachment, *, original: bool = False) -> HttpResponse:
    """The attachment as a response that can do nothing but be looked at or saved.

    The caller has already asked who may open it. The safe copy of an image is shown; a PDF, and an original
    (which the page offers with a warning), can only be saved. 404 where nothing is left to show.
    """
    is_shown = not original and bool(one.safe_path)
    name, media_type = _ending_true(one.name, one.media_type), one.media_type
    if is_shown:
        name, media_type = f"{Path(one.name).stem or 'photo'}.jpg", "image/jpeg"
    try:
        if not original and one.state != Attachment.State.SAFE:
            return HttpResponse(status=404)
        content = open_original(one) if original else open_safe(one)
    except (sealing.Erased, FileNotFoundError):
        return HttpResponse(status=404)
    disposition = content_disposition_header(not is_shown, name) or "attachment"
    return HttpResponse(
        content,
        content_type=media_type,
        headers={
            "Content-Disposition": disposition,
            "Content-Security-Policy": "sandbox; default-src 'none'; frame-ancestors 'none'",
            "X-Content-Type-Options": "nosniff",
            "Cache-Control": "no-store",
        },
    )


def _ending_true(name: str, media_type: str) -> str:
    """A saved file is opened by its ending: one that is a page as well as a PDF must not be saved as `.html`."""
    fit = _ENDINGS[media_type]
    return name if name.lower().endswith(fit) else f"{name}{fit[0]}"


def _key_of(one: Attachment) -> bytes:
    return sealing.unwrap(one.appeal.case, Sealed.objects.values_list("wrapped_key", flat=True).get(pk=one.appeal_id))


def _purpose(case: str, path: str) -> str:
    return f"safe copy {case} {Path(path).stem}"

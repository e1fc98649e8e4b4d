"""Files that come after the appeal: with a citizen's message, or from the institution. Checked and sealed like the
first ones, and no part of what the receipt proves.
"""

from collections.abc import Iterable, Sequence
from pathlib import Path

from django.conf import settings

from dauys.hear import files, sealing
from dauys.hear.models import Appeal, Attachment, Sealed
from dauys.hear.submission import Upload


def keep(appeal_id: int, uploads: Iterable[Upload]) -> list[files.Kept]:
    """Put the originals on the disk, before any transaction; no row names them yet. Raises sealing.Erased."""
    case = Appeal.objects.values_list("case", flat=True).get(id=appeal_id)
    key = sealing.unwrap(case, Sealed.objects.values_list("wrapped_key", flat=True).get(pk=appeal_id))
    return [files.keep(upload, case_key=key, case=case) for upload in uploads]


def name(appeal_id: int, kept: Sequence[files.Kept], *, by_office: bool) -> list[Attachment]:
    """Give the kept originals their rows, in the caller's transaction; the worker makes their safe copies."""
    return [
        Attachment.objects.create(
            appeal_id=appeal_id, name=one.name, media_type=one.media_type, size=one.size, sha256=one.sha256,
            path=one.path, by_office=by_office, came_later=True,
        )
        for one in kept
    ]  # fmt: skip


def forget(attachment: Attachment) -> None:
    """Take a file back that nobody was given yet. The caller has removed whatever names its row."""
    attachment.delete()
    for path in (attachment.path, attachment.safe_path):
        if path:
            (Path(settings.ATTACHMENTS) / path).unlink(missing_ok=True)

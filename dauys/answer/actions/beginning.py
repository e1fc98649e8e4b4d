"""Words to begin an answer with, put into its draft: a template, an earlier answer, a machine's attempt."""

from datetime import datetime

from django.db import transaction

from dauys.answer import skeletons
from dauys.answer.actions.dialogue import save_draft
from dauys.answer.models import Draft
from dauys.hear import heard as hear
from dauys.institution.models import User


def begin(
    *,
    appeal_id: int,
    text: str,
    outcome: str,
    seen_at: datetime | None,
    officer: User,
    now: datetime,
    by_machine: bool = False,
) -> Draft:
    """Put these words into the draft: in place of an empty one or of the bare skeleton, else below what is written.

    Nothing typed is lost and nothing is sent. `outcome` fills the choice only where none is made. Once words of a
    machine are in it the draft says so, until it leaves or is begun anew from nothing. As `save_draft`, no ledger
    entry; raises what it raises.
    """
    with transaction.atomic():
        kept = Draft.objects.filter(appeal_id=appeal_id).first()
        written = kept.text.rstrip() if kept else ""
        if _is_bare(written, appeal_id):
            written = ""
        draft = save_draft(
            appeal_id=appeal_id,
            text=f"{written}\n\n{text}" if written else text,
            outcome=(kept.outcome if kept else "") or outcome,
            seen_at=seen_at,
            officer=officer,
            now=now,
        )
        is_machines = by_machine or (bool(written) and draft.by_machine)
        if draft.by_machine != is_machines:
            draft.by_machine = is_machines
            draft.save(update_fields=["by_machine"])
    return draft


def _is_bare(written: str, appeal_id: int) -> bool:
    if not written.strip():
        return True
    (appeal,) = hear.heard_by_ids([appeal_id])
    return " ".join(written.split()) == " ".join(skeletons.skeleton(appeal.language).split())

"""A draft by the institution's own drafting machine: asked for by a person, written down, never sent by itself."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from dauys.answer import blanks, drafting
from dauys.answer.actions.beginning import begin
from dauys.answer.actions.failures import AlreadyAnswered, MachineFailed, NoMachine
from dauys.answer.actions.ground import routed
from dauys.answer.models import Draft
from dauys.hear import queries as hear
from dauys.hear import sealing
from dauys.hear.models import Appeal
from dauys.hear.submission import Contact
from dauys.institution import rights
from dauys.institution.models import User
from dauys.ledger import actions as ledger


def draft_by_machine(
    *,
    appeal_id: int,
    template: str,
    values: Mapping[str, str],
    seen_at: datetime | None,
    officer: User,
    now: datetime,
) -> Draft:
    """Ask the machine for an answer to this appeal and put it into the draft, marked, under a line that holds it back.

    The entry is written before anything leaves: who asked, and which model, whatever becomes of it. What leaves is the
    appeal's text and the template with personal data hidden, and the law; `values` fill the blanks afterwards, here.
    The applicant's contact is opened to find it in the text and hide it, and shown to nobody. Raises NoMachine,
    MachineFailed, NotRouted, AlreadyAnswered, SomebodyElsesDraft, TooLong; PermissionDenied.
    """
    try:
        machine = drafting.machine()
    except drafting.Misconfigured:
        machine = None
    if machine is None:
        raise NoMachine
    with transaction.atomic():
        row, on = routed(appeal_id, now=now)
        rights.require(officer, "answer.send", [row.acting_id, row.clock_id])
        if not row.is_open:
            raise AlreadyAnswered
        appeal = row.appeal
        act = ledger.Act("answer.ask_machine", appeal.case, now, officer.id, {"model": machine.model[:100]})
        ledger.append_many([act], on=on)
    veil = drafting.Veil(_contact(appeal))
    text, pattern = veil.hide(appeal.text, template)
    law, complaint = values.get("law", ""), values.get("complaint", "")
    said = drafting.messages(language=appeal.language, law=law, complaint=complaint, template=pattern, appeal=text)
    try:
        reply = drafting.ask(machine, said)
    except drafting.NoDraft as failure:
        raise MachineFailed(failure.why) from None
    letter = blanks.fill_known(veil.restore(reply), values, appeal.language)
    return begin(
        appeal_id=appeal_id,
        text=f"{drafting.unread(appeal.language)}\n\n{letter}",
        outcome="",
        seen_at=seen_at,
        officer=officer,
        now=now,
        by_machine=True,
    )


def _contact(appeal: Appeal) -> Contact | None:
    try:
        return hear.contact_of(appeal)
    except sealing.Erased:
        return None

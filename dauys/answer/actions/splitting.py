"""Several matters in one letter: each part goes its own way, with its own office, day, answer and verdict."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from dauys.answer.actions.failures import AlreadyAnswered, NoPassage, PartOfAnother, TooManyParts, WholeLetter
from dauys.answer.actions.ground import locked, require_at_hand
from dauys.engines.language import sentences
from dauys.hear import heard as hear
from dauys.hear.actions import Receipt
from dauys.hear.models import Kind
from dauys.hear.splitting import split_off
from dauys.institution.models import User
from dauys.ledger import actions as ledger

PARTS_MOST = 10


def passages(text: str) -> list[tuple[int, int]]:
    """The sentences of a letter, as they may be chosen: text[start:end], in order."""
    return [(one.start, one.end) for one in sentences(text)]


def split(*, appeal_id: int, chosen: Collection[int], kind: str, officer: User, now: datetime) -> Receipt:
    """Make these sentences (their places in `passages`) an appeal of its own; what is left stays where it is.

    The citizen's words are quoted, never edited, and the letter itself stays whole. The term of a part runs from the
    day the letter was registered. The same choice twice is one part.

    Raises NotRouted, AlreadyAnswered, NoPassage, WholeLetter, PartOfAnother, TooManyParts; PermissionDenied.
    """
    with transaction.atomic():
        row, on = locked(appeal_id, now=now)
        require_at_hand(officer, "answer.split", row)
        if not row.is_open:
            raise AlreadyAnswered
        if row.appeal.part_of_id is not None:
            raise PartOfAnother
        text = row.appeal.text
        spans = passages(text)
        picked = [spans[place] for place in sorted(set(chosen)) if 0 <= place < len(spans)]
        if not picked:
            raise NoPassage
        if len(picked) == len(spans):
            raise WholeLetter
        if len(hear.parts_of(appeal_id)) >= PARTS_MOST:
            raise TooManyParts(PARTS_MOST)
        receipt = split_off(
            appeal_id=appeal_id,
            text="\n".join(text[start:end].strip() for start, end in picked),
            kind=kind if kind in Kind.values else row.appeal.kind,
            now=now,
        )
        if receipt.is_new:
            ledger.append_many(
                [ledger.Act("answer.split", row.appeal.case, now, officer.id, {"part": receipt.number})], on=on
            )
    return receipt

"""Proofs of what was said in answer: what the ledger commits to, made again from the rows."""

from django.db.models import QuerySet

from dauys.answer.actions.enclosing import digests_of
from dauys.answer.actions.judging import verdict_fields
from dauys.answer.actions.procedure.ground import ruling_fields
from dauys.answer.actions.sending import answer_fields
from dauys.answer.models import Answer, Enclosure, Ruling, Verdict
from dauys.hear import commitments
from dauys.ledger import queries as ledger
from dauys.ledger.audit import Remade


def answer_proof(*, appeal_id: int, case: str, ordinal: int) -> bytes | None:
    """The proof file of one answer (C2SP tlog-proof): outcome, words, office, official and moment, with their salts.

    None where there is no such answer, or where it was taken over from old records: the ledger commits to no
    words of those. Raises ledger.queries.NotSealed, hear.sealing.Erased.
    """
    answer = _sent().filter(appeal_id=appeal_id, ordinal=ordinal).first()
    if answer is None:
        return None
    fields = answer_fields(answer, digests_of(answer))
    salts = commitments.salts_of(appeal_id, {name: f"answer.{ordinal}.{name}" for name in fields})
    entry = next(
        one
        for one in ledger.public_entries_of(case)
        if one.verb == "answer.send" and (one.detail or {}).get("answer") == ordinal
    )
    return ledger.receipt_of(entry, fields=fields, salts=salts)


def answer_of(appeal_id: int, ordinal: int) -> Answer | None:
    """One answer with its appeal and its officer; None where there is none, or only its outcome was taken over."""
    rows = Answer.objects.filter(appeal_id=appeal_id, ordinal=ordinal).exclude(text="")
    return rows.select_related("appeal", "officer").first()


def _sent() -> QuerySet[Answer]:
    """Answers sent from here; those of old records name no officer."""
    return Answer.objects.filter(officer__isnull=False)


def answers_count() -> int:
    """How many answers the ledger commits to."""
    return _sent().count()


def answers_again(after: int, limit: int) -> list[Remade]:
    """The next answers after this id, as their rows tell them now."""
    rows = _sent().filter(id__gt=after).select_related("appeal__sealed").only(*_OF_THE_CASE, *_ANSWER).order_by("id")
    answers = list(rows[:limit])
    digests: dict[int, list[str]] = {}
    for answer_id, sha256 in (
        Enclosure.objects.filter(answer__in=answers)
        .order_by("attachment_id")
        .values_list("answer_id", "attachment__sha256")
    ):
        digests.setdefault(answer_id or 0, []).append(sha256)
    return [
        Remade(
            row.id,
            f"answer {row.ordinal} to {row.appeal.number}",
            row.appeal.case,
            commitments.remake(
                row.appeal.case,
                row.appeal.sealed.wrapped_key,
                f"answer.{row.ordinal}",
                answer_fields(row, digests.get(row.id, ())),
            ),
        )
        for row in answers
    ]


def verdicts_count() -> int:
    """How many verdicts the ledger commits to."""
    return Verdict.objects.count()


def verdicts_again(after: int, limit: int) -> list[Remade]:
    """The next verdicts after this id, as their rows tell them now."""
    rows = (
        Verdict.objects.filter(id__gt=after)
        .select_related("appeal__sealed", "answer")
        .only(*_OF_THE_CASE, "answer__ordinal", "solved", "rating", "words", "given_at")
        .order_by("id")
    )
    return [
        Remade(
            row.id,
            f"verdict on answer {row.answer.ordinal} to {row.appeal.number}",
            row.appeal.case,
            commitments.remake(
                row.appeal.case, row.appeal.sealed.wrapped_key, f"verdict.{row.answer.ordinal}", verdict_fields(row)
            ),
        )
        for row in rows[:limit]
    ]


def rulings_count() -> int:
    """How many rulings the ledger commits to."""
    return _rulings().count()


def rulings_again(after: int, limit: int) -> list[Remade]:
    """The next rulings after this id, as their rows tell them now."""
    rows = _rulings().filter(id__gt=after).select_related("appeal__sealed").order_by("id")
    return [
        Remade(
            row.id,
            f"ruling {row.id} on {row.appeal.number}",
            row.appeal.case,
            commitments.remake(row.appeal.case, row.appeal.sealed.wrapped_key, f"ruling.{row.id}", ruling_fields(row)),
        )
        for row in rows[:limit]
    ]


def _rulings() -> QuerySet[Ruling]:
    """A wish to be heard aloud is the citizen's own word and commits the institution to nothing."""
    return Ruling.objects.exclude(kind=Ruling.Kind.HEARING, ground=Ruling.ALOUD)


_OF_THE_CASE = ("appeal__number", "appeal__case", "appeal__sealed__wrapped_key")
_ANSWER = ("ordinal", "office_id", "officer_id", "outcome", "text", "sent_at")

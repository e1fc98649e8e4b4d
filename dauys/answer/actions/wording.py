"""Templates of an office: kept, changed and closed. What was in force stays readable: a change closes old rows."""

from collections.abc import Collection, Mapping
from datetime import datetime

from django.db import transaction

from dauys.answer import blanks
from dauys.answer.actions.failures import ChangedMeanwhile, Empty, NameTaken, TooLong
from dauys.answer.models import Outcome, Template
from dauys.hear.submission import TEXT_MOST, storable
from dauys.institution import rights
from dauys.institution.models import User
from dauys.institution.names import LANGUAGES
from dauys.institution.queries import house
from dauys.ledger import actions as ledger

NAME_MOST = 120
RIGHT = "answer.save_template"


def save_template(
    *,
    office_id: int,
    name: str,
    topic_id: int | None,
    outcome: str,
    texts: Mapping[str, str],
    was: Collection[int],
    officer: User,
    now: datetime,
) -> list[Template]:
    """A template of an office in up to three languages; `was` are the ids of the rows it replaces, none for a new one.

    Pressed twice, it is saved once. Raises Empty (no name, or no text in any language), TooLong, NameTaken,
    ChangedMeanwhile; blanks.UnknownBlank, blanks.LooseBrace; PermissionDenied.
    """
    rights.require(officer, RIGHT, [office_id])
    named = " ".join(storable(name).split())
    kept = {code: storable(texts.get(code, "")).strip() for code in LANGUAGES}
    kept = {code: text for code, text in kept.items() if text}
    if not named or not kept:
        raise Empty
    for length, most in ((len(named), NAME_MOST), *((len(text), TEXT_MOST) for text in kept.values())):
        if length > most:
            raise TooLong(length, most)
    for text in kept.values():
        blanks.check(text)
    chosen = outcome if outcome in Outcome.values else ""
    with transaction.atomic():
        on = ledger.take_pen(house().today(now))
        of_name = _open(office_id, named)
        if of_name and {row.id for row in of_name}.isdisjoint(was):
            if {row.language: (row.text, row.topic_id, row.outcome) for row in of_name} == {
                code: (text, topic_id, chosen) for code, text in kept.items()
            }:
                return of_name
            raise ChangedMeanwhile if was else NameTaken(named)
        _close(office_id, was)
        rows = [
            Template.objects.create(
                office_id=office_id, topic_id=topic_id, outcome=chosen, language=code, name=named, text=text,
                officer=officer, saved_at=now,
            )
            for code, text in kept.items()
        ]  # fmt: skip
        detail = {"office": _code(office_id), "templates": [row.id for row in rows], "was": sorted(was)}
        ledger.append_many([ledger.Act("answer.save_template", ledger.NO_CASE, now, officer.id, detail)], on=on)
    return rows


def close_template(*, office_id: int, was: Collection[int], officer: User, now: datetime) -> None:
    """Offer a template no more. Raises ChangedMeanwhile, PermissionDenied."""
    rights.require(officer, RIGHT, [office_id])
    with transaction.atomic():
        on = ledger.take_pen(house().today(now))
        if not was:
            raise ChangedMeanwhile
        _close(office_id, was)
        detail = {"office": _code(office_id), "templates": sorted(was)}
        ledger.append_many([ledger.Act("answer.close_template", ledger.NO_CASE, now, officer.id, detail)], on=on)


def _open(office_id: int, name: str) -> list[Template]:
    return list(Template.objects.filter(office_id=office_id, name=name, is_open=True).order_by("id"))


def _close(office_id: int, ids: Collection[int]) -> None:
    """All of these rows, or none: a colleague who changed one was first."""
    closed = Template.objects.filter(id__in=list(ids), office_id=office_id, is_open=True).update(is_open=False)
    if closed != len(set(ids)):
        raise ChangedMeanwhile


def _code(office_id: int) -> str:
    office = house().offices.get(office_id)
    return office.code if office else str(office_id)

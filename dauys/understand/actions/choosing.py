"""Choose which reader is in force, from which confidence on it decides, and whether it may give an office alone."""

from datetime import date, datetime
from typing import Any

from django.db import transaction

from dauys.engines import topics
from dauys.institution import rights
from dauys.institution.models import User
from dauys.institution.queries import house
from dauys.ledger import actions as ledger
from dauys.understand import in_force
from dauys.understand.models import Target, TopicModel

MANAGE = "understand.manage_model"

OWN = ("sure", "alone")
"""What the institution itself has set, on the card of the reader in force; it goes on holding for the next."""


class UnknownReader(Exception):
    """There is no reader of this version."""


class BadThreshold(ValueError):
    """The threshold is not between SURE_LEAST and SURE_MOST."""


class NotShown(Exception):
    """The past has not shown from which confidence on nine guesses of ten are right."""


def use_model(*, version: str, now: datetime, officer: User | None = None) -> TopicModel:
    """Put an earlier reader back in force, with what the institution set itself; that of the other target stays.

    `officer` is None for whoever has the machine itself. It is read first: raises UnknownReader, and
    topics.UnreadableModel where its file is damaged or foreign; the one in force then stays.
    """
    if officer is not None:
        allow(officer)
    row = TopicModel.objects.filter(version=version).first()
    if row is None:
        raise UnknownReader(version)
    topics.Model.from_bytes(bytes(row.content))
    with transaction.atomic():
        on = ledger.take_pen(house().today(now))
        alike = TopicModel.objects.filter(target=row.target, is_current=True)
        before = alike.values_list("version", flat=True).first() or ""
        card = {key: value for key, value in row.card.items() if key not in OWN} | own_settings(row.target)
        alike.exclude(id=row.id).update(is_current=False)
        TopicModel.objects.filter(id=row.id).update(is_current=True, card=card)
        if before != version:
            write_down("understand.use_model", {"version": version, "before": before}, officer, now, on)
    in_force.forget()
    row.refresh_from_db(fields=["is_current", "card"])
    return row


def set_sure(*, threshold: float | None, officer: User, now: datetime, target: Target = Target.TOPIC) -> float:
    """From which confidence on the machine decides alone; None: as the reader's own past shows. Gives what holds now.

    What was read before stays as it was read. Raises BadThreshold, UnknownReader where there is no reader yet.
    """
    allow(officer)
    if threshold is not None and not in_force.SURE_LEAST <= threshold <= in_force.SURE_MOST:
        raise BadThreshold(threshold)
    with transaction.atomic():
        on = ledger.take_pen(house().today(now))
        number, card = _card_in_force(target)
        before = in_force.threshold(card)
        card = {key: value for key, value in card.items() if key != "sure"}
        if threshold is not None:
            card["sure"] = threshold
        after = in_force.threshold(card)
        TopicModel.objects.filter(id=number).update(card=card)
        write_down("understand.set_sure", {"sure": after, "before": before}, officer, now, on)
    in_force.forget()
    return after


def set_alone(*, alone: bool, officer: User, now: datetime) -> None:
    """Whether an appeal that no rule gives to an office goes to the one that usually answers such, without a person.

    It then does so only from the confidence on from which nine of ten were right, and never to the body complained
    about. Raises UnknownReader; NotShown where the past has not shown such a confidence.
    """
    allow(officer)
    with transaction.atomic():
        on = ledger.take_pen(house().today(now))
        number, card = _card_in_force(Target.OFFICE)
        if alone and in_force.fitted(card) is None:
            raise NotShown
        if bool(card.get("alone")) == alone:
            return
        kept = {key: value for key, value in card.items() if key != "alone"}
        TopicModel.objects.filter(id=number).update(card={**kept, "alone": True} if alone else kept)
        write_down("understand.set_alone", {"alone": alone}, officer, now, on)
    in_force.forget()


def _card_in_force(target: Target) -> tuple[int, dict[str, Any]]:
    row = TopicModel.objects.filter(target=target, is_current=True).values_list("id", "card").first()
    if row is None:
        raise UnknownReader("")
    return row


def allow(officer: User) -> None:
    """One reader reads for all offices: whoever manages it must hold the right at an office that stands under none."""
    rights.require(officer, MANAGE, [office.id for office in house().offices.values() if office.parent_id is None])


def own_settings(target: str) -> dict[str, Any]:
    """What the institution has set for the reader of this target in force."""
    card = TopicModel.objects.filter(target=target, is_current=True).values_list("card", flat=True).first() or {}
    return {key: card[key] for key in OWN if card.get(key)}


def write_down(verb: str, detail: dict[str, Any], officer: User | None, now: datetime, on: date) -> None:
    actor = officer.id if officer else None
    ledger.append_many([ledger.Act(verb, ledger.NO_CASE, now, actor, detail)], on=on)

"""A person says what an appeal is about; their word stands above any engine's, and they may take it back."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from django.db import transaction
from django.db.models import QuerySet

from dauys.hear import heard as hear
from dauys.institution import rights
from dauys.institution.models import User
from dauys.institution.queries import Place, Subject, house
from dauys.ledger import actions as ledger
from dauys.understand.in_force import sure
from dauys.understand.models import Aspect, Examination, Finding

Changed = tuple[Examination, int | None]
"""An examination as it is now, and the id of the topic it had before."""


TAKEN_BACK = ["taken_back"]


class UnknownTopic(Exception):
    """The institution has no such topic."""


def decide(*, appeal_id: int, officer: User, topic_code: str, area_code: str, now: datetime) -> Examination:
    """A person says what an appeal is about and where.

    Raises UnknownTopic. An empty `area_code` leaves the place as it is.
    """
    rights.require(officer, "understand.decide")
    place = house()
    topic = place.topic_by_code.get(topic_code)
    area = place.area_by_code.get(area_code) if area_code else None
    if topic is None or (area_code and area is None):
        raise UnknownTopic(topic_code)
    with transaction.atomic():
        on = ledger.take_pen(place.today(now))
        examination = Examination.objects.select_for_update().get(appeal_id=appeal_id)
        before = examination.topic_id
        _say(examination, topic, area, officer=officer, now=now)
        _write_down("understand.decide", [(examination, before)], officer=officer, now=now, on=on)
    return examination


def accept_many(*, topics: Mapping[int, str], officer: User, now: datetime) -> list[int]:
    """Accept a suggested topic for many waiting appeals at once: {appeal id: topic code}. Gives the ids settled.

    What no longer waits, or has no such topic, is left as it is. All said in one act carry one moment, by which
    `take_back_many` finds them again.
    """
    rights.require(officer, "understand.decide")
    place = house()
    with transaction.atomic():
        on = ledger.take_pen(place.today(now))
        waiting = Examination.objects.select_for_update().filter(appeal_id__in=list(topics), needs_person=True)
        settled: list[Changed] = []
        for examination in waiting.order_by("appeal_id"):
            topic = place.topic_by_code.get(topics[examination.appeal_id])
            if topic is not None:
                before = examination.topic_id
                _say(examination, topic, None, officer=officer, now=now)
                settled.append((examination, before))
        _write_down("understand.decide", settled, officer=officer, now=now, on=on)
    return [examination.appeal_id for examination, _before in settled]


def take_back(*, appeal_id: int, officer: User, now: datetime) -> bool:
    """Undo this officer's own last word on an appeal: what stood before stands again. False where there is none."""
    return bool(_take_back(Finding.objects.filter(appeal_id=appeal_id), officer=officer, now=now))


def take_back_many(*, said_at: datetime, officer: User, now: datetime) -> list[int]:
    """Undo all that this officer said in one act of `accept_many`; what was changed since stays. Gives the ids."""
    return _take_back(Finding.objects.filter(made_at=said_at), officer=officer, now=now)


def _say(examination: Examination, topic: Subject, area: Place | None, *, officer: User, now: datetime) -> None:
    said = [(Aspect.TOPIC, topic.code)]
    if area is not None and area.id != examination.area_id:
        said.append((Aspect.PLACE, area.code))
        examination.area_id = area.id
    for aspect, value in said:
        Finding.objects.filter(appeal_id=examination.appeal_id, aspect=aspect, is_current=True).update(is_current=False)
        Finding.objects.create(
            appeal_id=examination.appeal_id, aspect=aspect, value=value, confidence=1.0,
            reasons=[["person"]], engine="", officer=officer, made_at=now,
        )  # fmt: skip
    examination.topic_id = topic.id
    examination.topic_confidence = 1.0
    examination.needs_person = False
    examination.checked_by = officer
    examination.save()


def _take_back(findings: "QuerySet[Finding]", *, officer: User, now: datetime) -> list[int]:
    rights.require(officer, "understand.decide")
    place = house()
    with transaction.atomic():
        on = ledger.take_pen(place.today(now))
        own = findings.filter(officer=officer, aspect=Aspect.TOPIC, is_current=True, engine="", confidence=1.0)
        undone: list[Changed] = []
        for said in own.order_by("appeal_id"):
            examination = Examination.objects.select_for_update().get(appeal_id=said.appeal_id)
            said_topic = place.topic_by_code.get(said.value)
            beside = Finding.objects.filter(
                appeal_id=said.appeal_id, officer=officer, made_at=said.made_at, is_current=True
            )
            for finding in list(beside):
                _restore(examination, finding)
            # A row of its own, so that whoever follows what people say (`queries.said_after`) comes by again.
            Finding.objects.create(
                appeal_id=said.appeal_id, aspect=Aspect.TOPIC, value="", confidence=0.0,
                reasons=[TAKEN_BACK], engine="", officer=officer, made_at=now, is_current=False,
            )  # fmt: skip
            examination.save()
            undone.append((examination, said_topic.id if said_topic else None))
        _write_down("understand.take_back", undone, officer=officer, now=now, on=on)
    return [examination.appeal_id for examination, _before in undone]


def _restore(examination: Examination, said: Finding) -> None:
    """Put the finding before `said` back in force."""
    place = house()
    earlier = Finding.objects.filter(appeal_id=said.appeal_id, aspect=said.aspect, id__lt=said.id).exclude(value="")
    # What was taken back once never stands again by itself: the next taking back goes on to the word before it.
    before = next((row for row in earlier.order_by("-id") if TAKEN_BACK not in row.reasons), None)
    Finding.objects.filter(id=said.id).update(is_current=False, reasons=[*said.reasons, TAKEN_BACK])
    if before is not None:
        Finding.objects.filter(id=before.id).update(is_current=True)
    if said.aspect == Aspect.PLACE:
        area = place.area_by_code.get(before.value) if before else None
        examination.area_id = area.id if area else None
        return
    topic = place.topic_by_code.get(before.value) if before else None
    sureness = before.confidence if before and topic else 0.0
    is_sure = topic is not None and sureness >= sure()
    examination.topic_id = topic.id if topic is not None and is_sure else None
    examination.topic_confidence = sureness
    examination.needs_person = not is_sure
    examination.checked_by_id = before.officer_id if before else None


def _write_down(verb: str, changed: Sequence[Changed], *, officer: User, now: datetime, on: date) -> None:
    if not changed:
        return
    codes = {topic.id: topic.code for topic in house().topics.values()}
    cases = hear.cases_of(row.appeal_id for row, _before in changed)
    ledger.append_many(
        [
            ledger.Act(
                verb, cases[row.appeal_id], now, officer.id,
                {"topic": codes.get(row.topic_id or 0, ""), "before": codes.get(before or 0, "")},
            )
            for row, before in changed
        ],
        on=on,
    )  # fmt: skip

"""What the house decides about its own work during the year: rules that route, offices that share, templates."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from dauys.answer import actions as answer
from dauys.answer.queries import rules as trials
from dauys.demo.player import Player
from dauys.demo.reading import DemoData
from dauys.institution.models import User
from dauys.institution.names import LANGUAGES
from dauys.institution.queries import house

SECONDS = 60.0
"""A trial here is not cut short by the clock: the same year must come out on a slow machine."""


def begin(data: DemoData, player: Player, *, days_ago: int, now: datetime) -> None:
    """Decide what was decided so many days before the present, each at the start of that day."""
    told: list[tuple[Mapping[str, Any], Callable[..., None]]] = [
        (data.customs["rules"], _rules),
        *((entry, _sharing) for entry in data.customs["sharing"]),
        *((entry, _template) for entry in data.customs["template"]),
    ]
    for entry, decide in told:
        if entry["days_ago"] == days_ago:
            decide(entry, player, player.people[entry["by"]], now)


def _rules(entry: Mapping[str, Any], player: Player, officer: User, now: datetime) -> None:
    """Tried on what was placed so far, as the page demands, and saved."""
    trial = trials.try_rules(entry["rule"], officer, most=1500, seconds=SECONDS)
    answer.save_rules(rules=entry["rule"], seen=0, officer=officer, now=now, tried=trial.as_data())
    while answer.ask_again_pending(now=now):
        pass


def _sharing(entry: Mapping[str, Any], player: Player, officer: User, now: datetime) -> None:
    answer.set_sharing(
        office=entry["office"], is_on=True, by_language=entry["by_language"], by_topic=entry["by_topic"], people={},
        officer=officer, now=now,
    )  # fmt: skip
    player.sharing.add(entry["office"])


def _template(entry: Mapping[str, Any], player: Player, officer: User, now: datetime) -> None:
    place = house()
    answer.save_template(
        office_id=place.office_by_code[entry["office"]].id, name=entry["name"],
        topic_id=place.topic_by_code[entry["topic"]].id, outcome=entry["outcome"],
        texts={code: entry[code] for code in LANGUAGES if code in entry}, was=(), officer=officer, now=now,
    )  # fmt: skip

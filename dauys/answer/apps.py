from collections.abc import Collection
from datetime import date

from django.apps import AppConfig


class AnswerConfig(AppConfig):
    name = "dauys.answer"

    def ready(self) -> None:
        from dauys.institution import reach
        from dauys.understand import reach as understand

        understand.acted_from = _acted
        understand.given_from = _given_by_hand
        reach.open_promises_from = _open_promises_from
        reach.held_outside = _held_outside


def _open_promises_from(day: date) -> int:
    """Open promises that fall due on that day or later: what a change of the calendar may touch."""
    from dauys.answer.models import Handling

    return Handling.objects.filter(is_open=True, due_on__gte=day).count()


def _held_outside(person_id: int, kept: Collection[int]) -> int:
    """Open appeals on this person's name at none of these offices: what they would leave behind."""
    from dauys.answer.actions import held_outside

    return held_outside(person_id, kept)


def _acted(most: int) -> list[tuple[int, int]]:
    from dauys.answer.queries.acted import acted

    return acted(most)


def _given_by_hand(after: int, most: int) -> list[tuple[int, int, int]]:
    from dauys.answer.queries.acted import given_by_hand

    return given_by_hand(after, most)

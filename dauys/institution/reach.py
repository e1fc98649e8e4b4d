"""What a change here touches in rooms above, which this one may not read: they tell it themselves.

The room that keeps promises gives its count when the house starts (its AppConfig.ready):

    reach.open_promises_from = queries.count_open_due_from
    reach.held_outside = actions.held_outside
"""

from collections.abc import Callable, Collection
from datetime import date

open_promises_from: Callable[[date], int] | None = None
"""How many open promises fall due on that day or later."""


def promises_from(day: date) -> int | None:
    """The count, or None where no room of this installation keeps promises."""
    return open_promises_from(day) if open_promises_from is not None else None


held_outside: Callable[[int, Collection[int]], int] | None = None
"""How many open matters a person (id) holds that belong to none of these offices."""


def left_behind(person_id: int, kept: Collection[int]) -> int:
    """What a person would leave behind who from now on answers at the offices `kept` alone."""
    return held_outside(person_id, kept) if held_outside is not None else 0

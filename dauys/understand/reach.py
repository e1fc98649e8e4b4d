"""What readers of offices learn from, known to a room above, which this one may not read: it tells it itself.

The room that answers gives its two questions when the house starts (its AppConfig.ready):

    reach.acted_from = queries.acted
    reach.given_from = queries.given_by_hand
"""

from collections.abc import Callable

Given = tuple[int, int, int]
"""A person gave an appeal to an office: a number that grows, the appeal, the office."""

acted_from: Callable[[int], list[tuple[int, int]]] | None = None
"""(most) → (appeal, office that acted) of the newest that have their answer and are about no body's own conduct."""

given_from: Callable[[int, int], list[Given]] | None = None
"""(after, most) → the newest `most` of those given by hand after this number, oldest first."""


def acted(most: int) -> dict[int, int]:
    """By appeal; empty where no room of this installation answers."""
    return dict(acted_from(most)) if acted_from is not None else {}


def given(after: int, most: int) -> list[Given]:
    return given_from(after, most) if given_from is not None else []


def newest_given() -> int:
    """The number of the newest; 0 before the first."""
    return max((number for number, _appeal, _office in given(0, 1)), default=0)

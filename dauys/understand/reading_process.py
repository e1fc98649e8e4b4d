"""What runs in a reading process. Nothing of Django may be imported before `begin`: the process starts from nothing."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dauys.understand.reading import Reading, Told


def begin() -> None:
    import django

    django.setup()


def read(told: "Sequence[Told]") -> "list[Reading]":
    from dauys.understand.reading import read_many

    return read_many(told)

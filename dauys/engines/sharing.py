"""Who gets what nobody has taken: the officer with the least open work, and why."""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from typing import Literal

Code = Literal["load", "language", "topic"]


@dataclass(frozen=True)
class Officer:
    """Somebody present who may answer. `load` is the weight of their open work.

    `languages` they write and `topics` they know (dotted codes, parts with them); empty: every one.
    """

    key: int
    load: int
    languages: AbstractSet[str] = frozenset()
    topics: AbstractSet[str] = frozenset()


@dataclass(frozen=True)
class Matter:
    """One appeal to be given out. `barred`: officers it must not go to, such as whom it complains about."""

    key: int
    weight: int = 1
    language: str = ""
    topic: str | None = None
    barred: AbstractSet[int] = field(default_factory=frozenset)


@dataclass(frozen=True)
class Given:
    """A matter and its officer; None where every one is barred. `load` is theirs before, `of` among how many they were
    chosen; `why` what narrowed the choice, "load" last.
    """

    matter: int
    officer: int | None
    load: int = 0
    of: int = 0
    why: tuple[Code, ...] = ()


def share(
    matters: Sequence[Matter], officers: Sequence[Officer], *, by_language: bool = False, by_topic: bool = False
) -> tuple[Given, ...]:
    """Give each matter, in the order they come, to the officer whose open work weighs least at that moment.

    Where asked for, those who write its language and those who know its topic come first; if nobody does, everybody.
    Among equals the lowest key: the same input always gives the same outcome. With equal weights and nobody narrowed
    or barred, loads that begin equal never differ by more than one matter; unequal ones draw level first.
    """
    loads = {one.key: one.load for one in officers}
    given = []
    for matter in matters:
        fit: Sequence[Officer] = [one for one in officers if one.key not in matter.barred]
        why: list[Code] = []
        if by_language and matter.language:
            writing = [one for one in fit if not one.languages or matter.language in one.languages]
            fit = _narrowed(fit, writing, why, "language")
        if by_topic and matter.topic:
            fit = _narrowed(fit, [one for one in fit if _knows(one, matter.topic)], why, "topic")
        if not fit:
            given.append(Given(matter.key, None))
            continue
        load, chosen = min((loads[one.key], one.key) for one in fit)
        given.append(Given(matter.key, chosen, load, len(fit), (*why, "load")))
        loads[chosen] = load + matter.weight
    return tuple(given)


def _narrowed(fit: Sequence[Officer], better: list[Officer], why: list[Code], code: Code) -> Sequence[Officer]:
    if not better or len(better) == len(fit):
        return fit
    why.append(code)
    return better


def _knows(officer: Officer, topic: str) -> bool:
    return not officer.topics or any(topic == one or topic.startswith(one + ".") for one in officer.topics)

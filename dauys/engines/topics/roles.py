"""Departments that do the same in different places are learned as one.

"Akimat of Ridder" and "Akimat of Semey" decide alike, so what is learned of one serves the other: the word that names
the place of the appeal is taken out of the department's name, the role is learned, and the answer gets the name of the
department that has this role in this place.
"""

from collections import Counter, defaultdict
from collections.abc import Sequence

Names = dict[str, dict[str, str]]
"""role -> place -> code; the place "" gives the role's most frequent code anywhere."""

HERE = "*"
_ENDING, _LEAST, _MOST = 2, 4, 6  # letters: a name is known by its beginning, for its ending is inflected


def role_of(code: str, place: str) -> str:
    """The code without the word that names the place; the code itself when no word does."""
    stems = tuple(
        word[: max(_LEAST, min(_MOST, len(word) - _ENDING))].lower() for word in place.split() if len(word) >= _LEAST
    )
    return " ".join(HERE if stems and word.lower().startswith(stems) else word for word in code.split())


def name(names: Names, role: str, place: str) -> str:
    """The code of who has this role here; the role itself where roles are not shared."""
    by_place = names.get(role)
    return role if by_place is None else by_place.get(place) or by_place[""]


def shared(samples: Sequence[tuple[str, str]], places: Sequence[str]) -> tuple[list[tuple[str, str]], Names]:
    """Samples with roles for codes, and the names to turn them back. A role met once gives way to its code's usual."""
    roles = [role_of(code, place) for (_, code), place in zip(samples, places, strict=True)]
    often = Counter(roles)
    usual: dict[str, str] = {}
    for role, (_, code) in zip(roles, samples, strict=True):
        if code not in usual or often[role] > often[usual[code]]:
            usual[code] = role
    roles = [role if often[role] > 1 else usual[code] for role, (_, code) in zip(roles, samples, strict=True)]
    counts: dict[str, dict[str, Counter[str]]] = defaultdict(lambda: defaultdict(Counter))
    for role, (_, code), place in zip(roles, samples, places, strict=True):
        counts[role][place][code] += 1
        counts[role][""][code] += 1
    names = {
        role: {place: min(found.items(), key=lambda item: (-item[1], item[0]))[0] for place, found in by_place.items()}
        for role, by_place in counts.items()
    }
    return [(text, role) for (text, _), role in zip(samples, roles, strict=True)], names


def read(value: object, codes: Sequence[str]) -> Names:
    """Names as a model file tells them. Raises TypeError or ValueError."""
    if not isinstance(value, dict):
        raise TypeError
    if value and set(value) != set(codes):
        raise ValueError
    for by_place in value.values():
        if not isinstance(by_place, dict) or "" not in by_place:
            raise TypeError
        if not all(isinstance(code, str) for code in by_place.values()):
            raise TypeError
    return value

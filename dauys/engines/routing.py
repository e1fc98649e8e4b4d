"""Who acts and who owes the answer: the most specific competence, never the body complained about."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

Role = Literal["acts", "holds_clock"]
Code = Literal[
    "acts",
    "holds_clock",
    "complained_about",
    "passed_up",
    "topic_unknown",
    "topic_unsure",
    "area_unknown",
    "nobody_acts",
    "nobody_holds_clock",
    "only_the_body_complained_about",
]

ALTERNATIVES = 5


@dataclass(frozen=True)
class Competence:
    """What an office answers for: an area (None: anywhere) and a topic (None: anything).

    A topic's parts are named after it with a dot: "housing" covers "housing.heating". `acts` does the work,
    `holds_clock` owes the answer by the due date; two offices may share a matter so. `depth` is the office's
    place in the tree, 0 at the root.
    """

    office: str
    area: str | None
    topic: str | None
    acts: bool
    holds_clock: bool
    depth: int


@dataclass(frozen=True)
class Reason:
    """One ground of the decision; the page turns the code and its named values into a sentence."""

    code: Code
    params: Mapping[str, str | float] = field(default_factory=dict, hash=False)


@dataclass(frozen=True)
class Route:
    """The office that acts and the office that holds the clock: both, or neither and a person decides.

    `reasons` say why in either case; `alternatives` are other offices that could act, likeliest first.
    """

    acting: str | None
    clock: str | None
    reasons: tuple[Reason, ...]
    alternatives: tuple[str, ...]


class _Candidate(NamedTuple):
    """One competence that covers the matter, with how nearly it does."""

    office: str
    acts: bool
    holds_clock: bool
    by_topic: str
    topic: str
    by_area: str
    area: str


class Router:
    """The competences of an institution, indexed once and asked for every appeal.

    Args:
        competences: any order; the outcome does not depend on it.
        parents: the office above each office, by code; a root may be absent. A complaint passes up along
            it, and whoever is below the body complained about is excluded with it.

    Raises:
        ValueError: an office is its own ancestor.
    """

    def __init__(self, competences: Sequence[Competence], parents: Mapping[str, str] | None = None) -> None:
        self._above = {office: tuple(_climb(office, parents or {})) for office in parents or {}}
        self._able: dict[Role, frozenset[str]] = {
            "acts": frozenset(one.office for one in competences if one.acts),
            "holds_clock": frozenset(one.office for one in competences if one.holds_clock),
        }
        index: dict[tuple[str | None, str | None], list[Competence]] = {}
        # Among equals the office nearer to the ground comes first, then the alphabet: never chance.
        for competence in sorted(competences, key=lambda one: (-one.depth, one.office)):
            index.setdefault((competence.topic, competence.area), []).append(competence)
        self._index = {key: tuple(rows) for key, rows in index.items()}

    def route(
        self,
        *,
        topic: str | None,
        topic_confidence: float,
        area_chain: tuple[str, ...],
        kind: str,
        about_office: str | None,
        threshold: float,
    ) -> Route:
        """Choose who acts and who holds the clock.

        The topic weighs first (this topic, then the one it is part of, then any), the area second (the
        finest, then those around it, then any): who knows the matter, then who is nearest. The body
        complained about and all below it are passed over; a complaint then goes to the nearest body above it
        that has the role (APPC art. 91(3)), anything else to the next most specific office. An unknown or
        unsure topic is never guessed at.

        Args:
            topic: dotted code, or None if unknown; topic_confidence and threshold are shares from 0 to 1.
            area_chain: the finest area first, then those around it; empty if the place is unknown.
            about_office: the body complained about, if any.
        """
        ranked = list(self._ranked(topic, area_chain))
        open_to = [one for one in ranked if not self._is_excluded(one.office, about_office)]
        if topic is None:
            return _queue(open_to, Reason("topic_unknown"))
        if topic_confidence < threshold:
            unsure: dict[str, str | float] = {
                "topic": topic,
                "confidence": topic_confidence,
                "threshold": threshold,
            }
            return _queue(open_to, Reason("topic_unsure", unsure))

        acting, why_acting = self._choose("acts", ranked, open_to, kind, about_office)
        clock, why_clock = self._choose("holds_clock", ranked, open_to, kind, about_office)
        if acting is None or clock is None:
            missing = [*(() if acting else why_acting), *(() if clock else why_clock)]
            return _queue(open_to, *missing, *(() if area_chain else (Reason("area_unknown"),)))
        return Route(acting, clock, why_acting + why_clock, _alternatives(open_to, acting))

    def _ranked(self, topic: str | None, area_chain: tuple[str, ...]) -> Iterator[_Candidate]:
        """Every competence that covers the matter, the most specific first."""
        index = self._index
        for of_topic in _topics(topic):
            for of_area in (*area_chain, None):
                for competence in index.get((of_topic, of_area), ()):
                    yield _Candidate(
                        competence.office,
                        competence.acts,
                        competence.holds_clock,
                        by_topic=_nearness(of_topic, topic, "exact"),
                        topic=of_topic or "",
                        by_area=_nearness(of_area, area_chain[0] if area_chain else None, "finest"),
                        area=of_area or "",
                    )

    def _is_excluded(self, office: str, about_office: str | None) -> bool:
        if about_office is None:
            return False
        return office == about_office or about_office in self._above.get(office, ())

    def _choose(
        self,
        role: Role,
        ranked: list[_Candidate],
        open_to: list[_Candidate],
        kind: str,
        about_office: str | None,
    ) -> tuple[str | None, tuple[Reason, ...]]:
        first = _first(role, ranked)
        if first is None:
            return None, (Reason("nobody_acts" if role == "acts" else "nobody_holds_clock"),)
        if about_office is None or not self._is_excluded(first.office, about_office):
            return first.office, (_match(role, first),)

        avoided = Reason("complained_about", {"office": first.office, "about": about_office, "role": role})
        if kind == "complaint":
            for above in self._above.get(about_office, ()):
                if above in self._able[role]:
                    return above, (avoided, Reason("passed_up", {"office": above, "role": role}))
        following = _first(role, open_to)
        if following is None:
            return None, (Reason("only_the_body_complained_about", {"office": first.office, "role": role}),)
        return following.office, (avoided, _match(role, following))


def route(
    *,
    topic: str | None,
    topic_confidence: float,
    area_chain: tuple[str, ...],
    kind: str,
    about_office: str | None,
    competences: Sequence[Competence],
    threshold: float,
    parents: Mapping[str, str] | None = None,
) -> Route:
    """Route one appeal; for many, build one `Router` (it explains the arguments)."""
    return Router(competences, parents).route(
        topic=topic,
        topic_confidence=topic_confidence,
        area_chain=area_chain,
        kind=kind,
        about_office=about_office,
        threshold=threshold,
    )


def _climb(office: str, parents: Mapping[str, str]) -> Iterator[str]:
    seen = {office}
    above = parents.get(office)
    while above is not None:
        if above in seen:
            raise ValueError(f"The office {above!r} stands above itself; correct its parent.")
        seen.add(above)
        yield above
        above = parents.get(above)


def _topics(topic: str | None) -> Iterator[str | None]:
    """The topic, those it is part of, and None for any."""
    while topic:
        yield topic
        topic = topic.rpartition(".")[0]
    yield None


def _nearness(of: str | None, asked: str | None, same: str) -> str:
    if of is None:
        return "any"
    return same if of == asked else "parent"


def _first(role: Role, candidates: list[_Candidate]) -> _Candidate | None:
    for candidate in candidates:
        if candidate.acts if role == "acts" else candidate.holds_clock:
            return candidate
    return None


def _match(role: Role, candidate: _Candidate) -> Reason:
    office, _, _, by_topic, topic, by_area, area = candidate
    return Reason(role, {"office": office, "by_topic": by_topic, "topic": topic, "by_area": by_area, "area": area})


def _queue(open_to: list[_Candidate], *reasons: Reason) -> Route:
    return Route(None, None, reasons, _alternatives(open_to))


def _alternatives(open_to: list[_Candidate], acting: str | None = None) -> tuple[str, ...]:
    offices = dict.fromkeys(one.office for one in open_to if one.acts and one.office != acting)
    return tuple(offices)[:ALTERNATIVES]

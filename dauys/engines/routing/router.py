"""The decision: rules first, then the most specific competence; the body complained about is never asked."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import NamedTuple

from dauys.engines.routing.rules import Near, Rules
from dauys.engines.routing.values import Code, Competence, Reason, Role, Route, Rule, with_wholes

ALTERNATIVES = 5
_RULE_CODE: Mapping[Role, Code] = {"acts": "rule_acts", "holds_clock": "rule_holds_clock"}


class _Candidate(NamedTuple):
    """One competence that covers the matter, with how nearly it does."""

    office: str
    acts: bool
    holds_clock: bool
    by_topic: str
    topic: str
    by_area: str
    area: str


class _Ruled(NamedTuple):
    """The rule that applies: its number from 1, and the offices it names that are in service."""

    number: int
    rule: Rule
    acts: str | None
    clock: str | None


class _Matter(NamedTuple):
    """What is decided about, and who may take it."""

    topic: str | None
    area_chain: tuple[str, ...]
    kind: str
    about: str | None
    ranked: list[_Candidate]
    open_to: list[_Candidate]


class Router:
    """The rules and competences of an institution, indexed once and asked for every appeal.

    Args:
        competences: any order; the outcome does not depend on it.
        parents: the office above each office, by code; a root may be absent. A complaint passes up along
            it, and whoever is below the body complained about is excluded with it.
        rules: the first that applies decides; where none does, competence.
        offices: those in service, for rules: one that names another is passed over in that role. None: all are.

    Raises:
        ValueError: an office is its own ancestor.
    """

    def __init__(
        self,
        competences: Sequence[Competence],
        parents: Mapping[str, str] | None = None,
        *,
        rules: Rules | None = None,
        offices: Collection[str] | None = None,
    ) -> None:
        self._rules = rules or Rules(())
        self._offices = None if offices is None else frozenset(offices)
        self._above = {office: tuple(climb(office, parents or {})) for office in parents or {}}
        self._able: dict[Role, frozenset[str]] = {
            "acts": frozenset(one.office for one in competences if one.acts),
            "holds_clock": frozenset(one.office for one in competences if one.holds_clock),
        }
        index: dict[tuple[str | None, str | None], list[Competence]] = {}
        # Among equals the office nearer to the ground comes first, then the alphabet: never chance.
        for competence in sorted(competences, key=lambda one: (-one.depth, one.office)):
            index.setdefault((competence.topic, competence.area), []).append(competence)
        self._index = {key: tuple(rows) for key, rows in index.items()}

    @property
    def reads_words(self) -> bool:
        """Whether any rule asks for words: only then need a text be cut into them."""
        return self._rules.reads_words

    def route(
        self,
        *,
        topic: str | None,
        topic_confidence: float,
        area_chain: tuple[str, ...],
        kind: str,
        about_office: str | None,
        threshold: float,
        channel: str = "",
        urgency: str = "",
        words: Sequence[str] = (),
    ) -> Route:
        """Choose who acts and who holds the clock.

        The first rule that applies decides for the roles it names; a rule on topics applies to a sure topic alone.
        For what it leaves open, and where no rule applies, the topic weighs first (this topic, then the one it is
        part of, then any), the area second (the finest, then those around it, then any): who knows the matter, then
        who is nearest. An unknown or unsure topic is never guessed at: without a rule that names who acts, a person
        decides. Where a rule names who acts and nobody is known to hold the clock, it goes with the work.

        The body complained about and all below it are passed over, by rules too; a complaint then goes to the nearest
        body above it that has the role (APPC art. 91(3)), anything else to the next most specific office.

        Args:
            topic: dotted code, or None if unknown; topic_confidence and threshold are shares from 0 to 1.
            area_chain: the finest area first, then those around it; empty if the place is unknown.
            about_office: the body complained about, if any.
            words: of the text, as the rules' `Reading.tokens` cuts them.
        """
        is_sure = topic is not None and topic_confidence >= threshold
        sure_topic = topic if is_sure else None
        ranked = list(self._ranked(topic, area_chain))
        open_to = [one for one in ranked if not self._is_excluded(one.office, about_office)]
        matter = _Matter(sure_topic, area_chain, kind, about_office, ranked, open_to)
        applying = self._rules.applying(
            topic=sure_topic, area_chain=area_chain, kind=kind, channel=channel, urgency=urgency, words=words
        )
        doubt = None
        if topic is None:
            doubt = Reason("topic_unknown")
        elif not is_sure:
            doubt = Reason("topic_unsure", {"topic": topic, "confidence": topic_confidence, "threshold": threshold})
        ruled = self._ruled(applying)
        found = self._decided(matter, ruled, doubt)
        if ruled is None:
            return found
        if ruled.number != found.rule:
            return found
        met = self._rules.because(ruled.number, topic=sure_topic, area_chain=area_chain, words=words)
        met += [
            (condition, value)
            for condition, value in (("kinds", kind), ("channels", channel), ("urgency", urgency))
            if getattr(ruled.rule, condition)
        ]
        because = tuple(Reason("rule_because", {"by": by, "value": value}) for by, value in met)
        instead = self._decided(matter, self._ruled(applying & (applying - 1)), doubt)
        otherwise = Reason("otherwise", {"acting": instead.acting or "", "clock": instead.clock or ""})
        return Route(found.acting, found.clock, (*found.reasons, *because, otherwise), found.alternatives, ruled.number)

    def near(
        self,
        route: Route,
        *,
        topic: str | None,
        area_chain: tuple[str, ...],
        kind: str,
        channel: str,
        urgency: str,
        words: Sequence[str],
    ) -> tuple[Near, ...]:
        """What would have changed it: rules that stand higher and missed by one condition. `topic`: None if unsure."""
        return self._rules.near(
            route.rule, topic=topic, area_chain=area_chain, kind=kind, channel=channel, urgency=urgency, words=words
        )

    def _ruled(self, applying: int) -> _Ruled | None:
        """The lowest of these rules that names an office in service, or else the lowest, to say so."""
        first = None
        while applying:
            place = (applying & -applying).bit_length() - 1
            rule = self._rules.rules[place]
            found = _Ruled(place + 1, rule, self._in_service(rule.acts), self._in_service(rule.clock))
            if found.acts or found.clock:
                return found
            first = first or found
            applying &= applying - 1
        return first

    def _in_service(self, office: str | None) -> str | None:
        return office if office and (self._offices is None or office in self._offices) else None

    def _decided(self, matter: _Matter, ruled: _Ruled | None, doubt: Reason | None) -> Route:
        acting, why_acting = self._by_rule("acts", matter, ruled)
        clock, why_clock = self._by_rule("holds_clock", matter, ruled)
        number = ruled.number if ruled and (acting or clock) else None
        if doubt is not None and acting is None:
            return _queue(matter.open_to, doubt, *why_acting)
        if acting is None:
            acting, more = self._choose("acts", matter)
            why_acting += more
        if clock is None and doubt is None:
            clock, more = self._choose("holds_clock", matter)
            why_clock += more
        if clock is None and acting is not None and number is not None:
            clock, why_clock = acting, (Reason("clock_with_acting", {"office": acting}),)
        if acting is None or clock is None:
            missing = [*(() if acting else why_acting), *(() if clock else why_clock)]
            return _queue(matter.open_to, *missing, *(() if matter.area_chain else (Reason("area_unknown"),)))
        return Route(acting, clock, why_acting + why_clock, _alternatives(matter.open_to, acting), number)

    def _by_rule(self, role: Role, matter: _Matter, ruled: _Ruled | None) -> tuple[str | None, tuple[Reason, ...]]:
        """The office a rule gives this role to; with None, why it cannot, if it wanted to."""
        if ruled is None:
            return None, ()
        named, office = (ruled.rule.acts, ruled.acts) if role == "acts" else (ruled.rule.clock, ruled.clock)
        if named is None:
            return None, ()
        of_rule: dict[str, str | float] = {"number": ruled.number, "name": ruled.rule.name, "role": role}
        if office is None:
            return None, (Reason("rule_closed", {**of_rule, "office": named}),)
        if not self._is_excluded(office, matter.about):
            return office, (Reason(_RULE_CODE[role], {**of_rule, "office": office}),)
        avoided = Reason("complained_about", {"office": office, "about": matter.about or "", "role": role})
        above = self._above_body(role, matter)
        if above is not None:
            return above, (avoided, Reason("passed_up", {"office": above, "role": role}))
        return None, (avoided,)

    def _ranked(self, topic: str | None, area_chain: tuple[str, ...]) -> Iterator[_Candidate]:
        """Every competence that covers the matter, the most specific first."""
        index = self._index
        for of_topic in with_wholes(topic):
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

    def _above_body(self, role: Role, matter: _Matter) -> str | None:
        """The nearest body above the one complained about that has the role; only a complaint goes there."""
        if matter.kind == "complaint" and matter.about is not None:
            for above in self._above.get(matter.about, ()):
                if above in self._able[role]:
                    return above
        return None

    def _choose(self, role: Role, matter: _Matter) -> tuple[str | None, tuple[Reason, ...]]:
        first = _first(role, matter.ranked)
        if first is None:
            return None, (Reason("nobody_acts" if role == "acts" else "nobody_holds_clock"),)
        if matter.about is None or not self._is_excluded(first.office, matter.about):
            return first.office, (_match(role, first),)

        avoided = Reason("complained_about", {"office": first.office, "about": matter.about, "role": role})
        above = self._above_body(role, matter)
        if above is not None:
            return above, (avoided, Reason("passed_up", {"office": above, "role": role}))
        following = _first(role, matter.open_to)
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
    """Route one appeal by competence; for many, or by rules, build one `Router` (it explains the arguments)."""
    return Router(competences, parents).route(
        topic=topic,
        topic_confidence=topic_confidence,
        area_chain=area_chain,
        kind=kind,
        about_office=about_office,
        threshold=threshold,
    )


def climb(office: str, parents: Mapping[str, str]) -> Iterator[str]:
    """The offices above one, nearest first. Raises ValueError where one stands above itself."""
    seen = {office}
    above = parents.get(office)
    while above is not None:
        if above in seen:
            raise ValueError(f"The office {above!r} stands above itself; correct its parent.")
        seen.add(above)
        yield above
        above = parents.get(above)


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

"""One reader made of all engines: an appeal's words go in, findings with reasons come out. No table is touched here."""

import functools
import threading
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from importlib.resources import files
from typing import Any

from dauys.engines import asks, kinds, language, personal, places, topics, urgency
from dauys.institution.queries import House, house
from dauys.understand import by_meaning, in_force
from dauys.understand import gazetteer as names
from dauys.understand.models import Aspect, Target

ENGINE = "rules-1"
SURE_PLACE = 0.6
MARKS_MOST = 50
"""Places in a text that one finding remembers."""
READ_TOPIC_MOST = 4000
"""Characters the readers of topics and offices look at: what an appeal is about is said early."""

MARGIN = 200
SURE_PRIVATE = 0.6


@dataclass(frozen=True, slots=True)
class Told:
    """What is known of an appeal before it is read. `kind` is what the citizen chose."""

    text: str
    place: str
    area_id: int | None
    labels: dict[str, object] | None
    kind: str = ""
    registered_on: date | None = None
    lat: float | None = None
    lon: float | None = None


@dataclass(frozen=True, slots=True)
class Conclusion:
    """One finding, before it becomes a row."""

    aspect: str
    value: str
    confidence: float
    reasons: list[object]
    engine: str


@dataclass(frozen=True, slots=True)
class Reading:
    """What was concluded; `press` (0 to 1) orders a desk."""

    language: str
    topic_id: int | None
    topic_confidence: float
    office_id: int | None
    office_confidence: float
    area_id: int | None
    urgency: str
    press: float
    personal: int
    needs_person: bool
    conclusions: tuple[Conclusion, ...]


def _table(name: str) -> dict[str, Any]:
    return tomllib.loads((files("dauys.understand") / "data" / name).read_text(encoding="utf-8"))


@functools.cache
def lexicon() -> urgency.Lexicon:
    return urgency.Lexicon(
        [
            urgency.Rule(row["code"], row["level"], tuple(row["phrases"]), tuple(row.get("unless", ())))
            for row in _table("urgency.toml")["rule"]
        ]
    )


@functools.cache
def _kinds() -> kinds.Lexicon:
    return kinds.Lexicon.from_table(_table("kinds.toml"))


@functools.cache
def _asking() -> asks.Lexicon:
    return asks.Lexicon(_table("asks.toml"))


_lock = threading.Lock()
_gazetteers: dict[tuple[object, ...], places.Gazetteer] = {}


def gazetteer(place: House) -> places.Gazetteer:
    """Built once for each revision of the house and of the names beside it."""
    stamp = (place.revision, *names.stamp())
    with _lock:
        known = _gazetteers.get(stamp)
        if known is None:
            entries = [*names.names_of_areas(place), *names.more_names(place)]
            known = places.Gazetteer(entries, common=names.common_words(), vocabulary=names.vocabulary())
            _gazetteers.clear()
            _gazetteers[stamp] = known
        return known


_NOT_HIDDEN = {"health", "family"}
"""Words that name nobody, and without which an appeal about a clinic or a school says nothing."""


def masked(text: str, private: Sequence[personal.Span] | None = None) -> str:
    """What readers may learn of a text, and read of it: its beginning, names, numbers and addresses hidden.

    They leave the labels out, so that they are not taken for words either. `private` is what
    `engines.personal` found in the text, where that was asked already.
    """
    found = personal.find(text[: READ_TOPIC_MOST + MARGIN]) if private is None else private
    hidden = [span for span in found if span.kind not in _NOT_HIDDEN and span.start < READ_TOPIC_MOST]
    if not hidden:
        return text[:READ_TOPIC_MOST]
    return personal.mask(text[: max(READ_TOPIC_MOST, hidden[-1].end)], hidden).text


def beside(
    target: str, *, chosen: int | None, found: int | None, lat: float | None, lon: float | None
) -> dict[str, str]:
    """What stands beside the words for the reader of this target: area and point, coarsened. Never what came later.

    `chosen` is the citizen's area, `found` the one read. Who acts hangs on the place, so for an office the area found
    in the words counts, too, and its district; of the citizen nothing else is ever looked at.
    """
    fields = topics.ground(lat, lon) if lat is not None and lon is not None else {}
    areas = house().areas
    area = areas.get((found if target == Target.OFFICE else chosen) or 0)
    if area is None:
        return fields
    fields = {**fields, "area": area.code}
    district = areas.get(area.district_id or 0) if target == Target.OFFICE else None
    return {**fields, "district": district.code} if district else fields


def read_many(told: Sequence[Told]) -> list[Reading]:
    """Read a batch. The same words under the same models and house give the same reading."""
    place = house()
    readers = {target: found for target in Target if (found := in_force.reader(target)) is not None}
    sure = {target: in_force.sure(target, anew=target == Target.TOPIC) for target in Target}
    private = [personal.find(one.text) for one in told]
    areas = [_area(one, place) for one in told]
    tongues = language.identify_many([one.text for one in told], reasons=True)
    guesses = _guesses(told, private, areas, readers, sure, [one.code for one in tongues])
    versions = {target: found.version for target, found in readers.items()}
    return [
        _read(one, tongue, private[i], place, areas[i], {key: row[i] for key, row in guesses.items()}, versions, sure)
        for i, (one, tongue) in enumerate(zip(told, tongues, strict=True))
    ]


Guesses = dict[Target, list[topics.Guess | None]]
_Where = tuple[int | None, Conclusion | None]
"""An area found, and why."""


def _guesses(
    told: Sequence[Told], private: Sequence[Sequence[personal.Span]], areas: Sequence[_Where],
    readers: dict[Target, in_force.InForce], sure: dict[Target, float], tongues: Sequence[str],
) -> Guesses:  # fmt: skip
    """By target one guess a text, None where the institution's own label stands. Words are looked for once for all."""
    wanted = {target: tuple(i for i, one in enumerate(told) if target not in (one.labels or {})) for target in readers}
    hidden = {i: masked(told[i].text, private[i]) for i in sorted({i for own in wanted.values() for i in own})}
    ready = {own: topics.Texts([hidden[i] for i in own]) for own in set(wanted.values())}
    found: Guesses = {target: [None] * len(told) for target in readers}
    for target, own in wanted.items():
        fields = [
            beside(target, chosen=told[i].area_id, found=areas[i][0], lat=told[i].lat, lon=told[i].lon) for i in own
        ]
        guesses = readers[target].model.classify(ready[own], fields=fields, reasons=True, sure=sure[target])
        for i, guess in zip(own, guesses, strict=True):
            found[target][i] = guess
        _by_meaning(found[target], hidden, readers[target], sure[target], tongues)
    return found


def _by_meaning(
    found: list[topics.Guess | None], hidden: dict[int, str], reader: in_force.InForce, sure: float,
    tongues: Sequence[str],
) -> None:  # fmt: skip
    """Where words of a strange language leave the reader unsure, meaning suggests. A correction stands above both."""
    if reader.by_meaning is None:
        return
    unsure = [
        i
        for i, guess in enumerate(found)
        if guess is not None
        and guess.confidence < sure
        and not guess.corrected
        and by_meaning.is_stranger(reader.model.card, tongues[i])
    ]
    texts, languages = [hidden[i] for i in unsure], [tongues[i] for i in unsure]
    for i, guess in zip(unsure, by_meaning.guesses(reader.by_meaning, texts, languages, sure=sure), strict=True):
        found[i] = guess or found[i]


def _read(
    told: Told, tongue: language.Language, private: Sequence[personal.Span], place: House, where: _Where,
    guesses: dict[Target, topics.Guess | None], versions: dict[Target, str], sure: dict[Target, float],
) -> Reading:  # fmt: skip
    conclusions = [
        Conclusion(Aspect.LANGUAGE, tongue.code, tongue.confidence, [list(reason) for reason in tongue.reasons], ENGINE)
    ]
    topic_id, sureness = _topic(
        told, place, guesses.get(Target.TOPIC), versions.get(Target.TOPIC, ""), conclusions
    )  # fmt: skip
    office_id, office_sureness = _office(
        told, place, guesses.get(Target.OFFICE), versions.get(Target.OFFICE, ""), conclusions
    )  # fmt: skip
    area_id, found = where
    if found is not None:
        conclusions.append(found)
    alarm = _urgency(told, conclusions)
    _kind(told, conclusions)
    _asks(told, conclusions)
    # A display points at the sure ones; what is hidden from others takes them all (`masking`).
    spans = [span for span in private if span.confidence >= SURE_PRIVATE]
    if spans:
        # The kinds and places of what was found, never the data itself.
        conclusions.append(
            Conclusion(
                Aspect.PERSONAL,
                str(len(spans)),
                max(span.confidence for span in spans),
                [[span.kind, span.start, span.end, span.reason] for span in spans[:MARKS_MOST]],
                ENGINE,
            )
        )
    labelled = "topic" in (told.labels or {})
    return Reading(
        language=tongue.code,
        topic_id=topic_id if labelled or sureness >= sure[Target.TOPIC] else None,
        topic_confidence=sureness,
        office_id=office_id if office_sureness >= sure[Target.OFFICE] else None,
        office_confidence=office_sureness,
        area_id=area_id,
        urgency=alarm.level,
        press=alarm.score,
        personal=min(len(spans), 32767),
        needs_person=not labelled and (topic_id is None or sureness < sure[Target.TOPIC]),
        conclusions=tuple(conclusions),
    )


def _urgency(told: Told, conclusions: list[Conclusion]) -> urgency.Urgency:
    alarm = urgency.urgency(told.text, lexicon(), received_on=told.registered_on)
    if alarm.level != "usual":
        reasons: list[object] = [list(reason) for reason in alarm.reasons]
        conclusions.append(Conclusion(Aspect.URGENCY, alarm.level, 1.0, reasons, ENGINE))
    if alarm.vulnerable:
        reasons = [list(reason) for reason in alarm.vulnerable]
        conclusions.append(Conclusion(Aspect.PERSON, alarm.vulnerable[0][0], 1.0, reasons, ENGINE))
    if alarm.deadline is not None:
        due = alarm.deadline
        conclusions.append(Conclusion(Aspect.DEADLINE, due.due_on.isoformat(), 1.0, [["words", due.words]], ENGINE))
    return alarm


def _kind(told: Told, conclusions: list[Conclusion]) -> None:
    """The citizen's choice stands; a differing reading is written down as a suggestion, with the article."""
    read = kinds.kind(told.text, _kinds(), chosen=told.kind or None)
    against = [["against", body.role, body.words] for body in read.against]
    if read.suggested or against:
        reasons = [
            ["rule", reason.rule, reason.words, reason.article, reason.checked]
            for reason in read.reasons
            if reason.kind == read.suggested
        ]
        value = read.suggested or told.kind or read.kind or "message"
        conclusions.append(Conclusion(Aspect.KIND, value, read.confidence, [*reasons, *against], ENGINE))


def _asks(told: Told, conclusions: list[Conclusion]) -> None:
    """What is asked, as places in the citizen's own words: the check of an answer goes through them one by one."""
    asked = asks.asks(told.text, _asking()).items[:MARKS_MOST]
    if asked:
        conclusions.append(
            Conclusion(
                Aspect.ASKS,
                str(len(asked)),
                min(one.confidence for one in asked),
                [[one.kind, one.start, one.end, one.rule] for one in asked],
                ENGINE,
            )
        )


def _topic(
    told: Told, place: House, guess: topics.Guess | None, version: str, conclusions: list[Conclusion]
) -> tuple[int | None, float]:
    label = (told.labels or {}).get("topic")
    if label is not None and str(label) in place.topic_by_code:
        conclusions.append(Conclusion(Aspect.TOPIC, str(label), 1.0, [["label", "import"]], "import"))
        return place.topic_by_code[str(label)].id, 1.0
    if guess is None or not guess.confidence:
        return None, 0.0
    first = guess.ranked[0][0]
    conclusions.append(
        Conclusion(
            Aspect.TOPIC,
            first,
            guess.confidence,
            _why(guess),
            version,
        )
    )
    known = place.topic_by_code.get(first)
    return (known.id if known else None), (guess.confidence if known else 0.0)


def _office(
    told: Told, place: House, guess: topics.Guess | None, version: str, conclusions: list[Conclusion]
) -> tuple[int | None, float]:
    """The office that usually answers such words there. One that has closed since is not named."""
    label = place.office_by_code.get(str((told.labels or {}).get("office") or ""))
    if label is not None:
        return label.id, 1.0  # where the old records say it went is told by the routing
    office = place.office_by_code.get(guess.ranked[0][0]) if guess is not None and guess.confidence else None
    if guess is None or office is None:
        return None, 0.0
    why = _why(guess)
    if guess.fields:  # all that stands beside the words tells where
        why.insert(1, ["place"])
    conclusions.append(Conclusion(Aspect.OFFICE, office.code, guess.confidence, why, version))
    return office.id, guess.confidence


def _why(guess: topics.Guess) -> list[object]:
    why: list[object] = [
        ["words", *guess.reasons],
        ["others", *[[code, share] for code, share in guess.ranked[1:]]],
    ]
    if guess.doubts:
        why.append(["doubts", *[[doubt.code, doubt.data] for doubt in guess.doubts]])
    if guess.corrected:
        why.append(["corrected", round(guess.corrected, 3)])
    return why


def _area(told: Told, place: House) -> _Where:
    """The citizen's own choice stands; words may make it finer, never contradict it."""
    chosen = place.areas.get(told.area_id) if told.area_id else None
    found = gazetteer(place).locate(
        f"{told.place}\n{told.text}" if told.place else told.text,
        within=chosen.code if chosen else None,
        point=(told.lat, told.lon) if told.lat is not None and told.lon is not None else None,
    )
    address = _address(found)
    if chosen is not None:
        finer = place.area_by_code.get(found.area_code) if found and found.confidence >= SURE_PLACE else None
        if found is not None and finer is not None and chosen.id in {up.id for up in place.area_chain(finer.id)}:
            why: list[object] = [["words", *found.reasons], *address]
            return finer.id, Conclusion(Aspect.PLACE, finer.code, found.confidence, why, ENGINE)
        return chosen.id, Conclusion(Aspect.PLACE, chosen.code, 1.0, [["chosen"], *address], ENGINE)
    if found is None or found.area_code not in place.area_by_code:
        return None, None
    reasons: list[object] = [["words", *found.reasons], *address]
    if found.alternatives:
        reasons.append(["others", *found.alternatives])
    is_sure = found.confidence >= SURE_PLACE
    return (
        place.area_by_code[found.area_code].id if is_sure else None,
        Conclusion(Aspect.PLACE, found.area_code, found.confidence, reasons, ENGINE),
    )


def _address(found: places.Place | None) -> list[object]:
    """Street, house and landmark, where the text names exactly one."""
    if found is None or not (found.street or found.landmark):
        return []
    return [["address", found.street, found.house, found.landmark, found.address_confidence]]

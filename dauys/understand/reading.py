"""One reader made of all engines: an appeal's words go in, findings with reasons come out. No table is touched here."""

import functools
import threading
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files

from dauys.engines import language, personal, places, topics, urgency
from dauys.institution.models import Area
from dauys.institution.queries import House, house
from dauys.understand.models import Aspect, TopicModel

ENGINE = "rules-1"
SURE = 0.7
"""Below this a topic is a suggestion for a person, never a decision; an office may set its own (`rules.sure`)."""

SURE_PLACE = 0.6
READ_TOPIC_MOST = 4000
"""Characters the topic reader looks at: what an appeal is about is said early."""


@dataclass(frozen=True, slots=True)
class Told:
    """What is known of an appeal before it is read."""

    text: str
    place: str
    area_id: int | None
    labels: dict[str, object] | None


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
    language: str
    topic_id: int | None
    topic_confidence: float
    area_id: int | None
    urgency: str
    personal: int
    needs_person: bool
    conclusions: tuple[Conclusion, ...]


@functools.cache
def lexicon() -> urgency.Lexicon:
    table = tomllib.loads((files("dauys.understand") / "data" / "urgency.toml").read_text(encoding="utf-8"))
    return urgency.Lexicon(
        [
            urgency.Rule(row["code"], row["level"], tuple(row["phrases"]), tuple(row.get("unless", ())))
            for row in table["rule"]
        ]
    )


_RANKS = {level: rank for rank, level in enumerate(Area.Level.values)}
_lock = threading.Lock()
_gazetteers: dict[int, places.Gazetteer] = {}
_models: dict[int, topics.Model] = {}


def gazetteer(place: House) -> places.Gazetteer:
    """Built once for each revision of the house."""
    with _lock:
        known = _gazetteers.get(place.revision)
        if known is None:
            chains = {area: tuple(up.code for up in place.area_chain(area))[1:] for area in place.areas}
            known = places.Gazetteer(
                [
                    places.PlaceName(area.code, name, tongue, _RANKS[area.level], chains[area.id])
                    for area in place.areas.values()
                    if area.level not in (Area.Level.COUNTRY, Area.Level.REGION)
                    for tongue in ("ru", "kk", "en")
                    if (name := getattr(area.name, tongue))
                ]
            )
            _gazetteers.clear()
            _gazetteers[place.revision] = known
        return known


def topic_model() -> tuple[topics.Model | None, str]:
    """The model in force and its version; none on a first day without a starter set."""
    row = TopicModel.objects.filter(is_current=True).values_list("id", "version").first()
    if row is None:
        return None, ""
    with _lock:
        model = _models.get(row[0])
    if model is None:
        content = TopicModel.objects.values_list("content", flat=True).get(id=row[0])
        model = topics.Model.from_bytes(bytes(content))
        with _lock:
            _models.clear()
            _models[row[0]] = model
    return model, row[1]


def read_many(told: Sequence[Told]) -> list[Reading]:
    """Read a batch. The same words under the same model and house give the same reading."""
    place = house()
    model, version = topic_model()
    unlabelled = [i for i, one in enumerate(told) if "topic" not in (one.labels or {})]
    guesses: dict[int, topics.Guess] = {}
    if model is not None and unlabelled:
        found = model.classify([told[i].text[:READ_TOPIC_MOST] for i in unlabelled], reasons=True)
        guesses = dict(zip(unlabelled, found, strict=True))
    return [_read(one, place, guesses.get(i), version) for i, one in enumerate(told)]


def _read(told: Told, place: House, guess: topics.Guess | None, version: str) -> Reading:
    conclusions: list[Conclusion] = []
    tongue = language.identify(told.text)
    conclusions.append(
        Conclusion(Aspect.LANGUAGE, tongue.code, tongue.confidence, [list(reason) for reason in tongue.reasons], ENGINE)
    )
    topic_id, sureness = _topic(told, place, guess, version, conclusions)
    area_id = _area(told, place, conclusions)
    alarm = urgency.urgency(told.text, lexicon())
    if alarm.level != "usual":
        conclusions.append(
            Conclusion(Aspect.URGENCY, alarm.level, 1.0, [list(reason) for reason in alarm.reasons], ENGINE)
        )
    spans = personal.find(told.text)
    if spans:
        # The kinds and places of what was found, never the data itself.
        conclusions.append(
            Conclusion(
                Aspect.PERSONAL,
                str(len(spans)),
                max(span.confidence for span in spans),
                [[span.kind, span.start, span.end, span.reason] for span in spans[:50]],
                ENGINE,
            )
        )
    labelled = "topic" in (told.labels or {})
    return Reading(
        language=tongue.code,
        topic_id=topic_id if labelled or sureness >= SURE else None,
        topic_confidence=sureness,
        area_id=area_id,
        urgency=alarm.level,
        personal=min(len(spans), 32767),
        needs_person=not labelled and (topic_id is None or sureness < SURE),
        conclusions=tuple(conclusions),
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
            [["words", *guess.reasons], ["others", *[[code, share] for code, share in guess.ranked[1:]]]],
            version,
        )
    )
    known = place.topic_by_code.get(first)
    return (known.id if known else None), (guess.confidence if known else 0.0)


def _area(told: Told, place: House, conclusions: list[Conclusion]) -> int | None:
    """The citizen's own choice stands; words may make it finer, never contradict it."""
    chosen = place.areas.get(told.area_id) if told.area_id else None
    found = gazetteer(place).locate(
        f"{told.place}\n{told.text}" if told.place else told.text, within=chosen.code if chosen else None
    )
    if chosen is not None:
        finer = place.area_by_code.get(found.area_code) if found and found.confidence >= SURE_PLACE else None
        if found is not None and finer is not None and chosen.id in {up.id for up in place.area_chain(finer.id)}:
            conclusions.append(
                Conclusion(Aspect.PLACE, finer.code, found.confidence, [["words", *found.reasons]], ENGINE)
            )
            return finer.id
        conclusions.append(Conclusion(Aspect.PLACE, chosen.code, 1.0, [["chosen"]], ENGINE))
        return chosen.id
    if found is None or found.area_code not in place.area_by_code:
        return None
    reasons: list[object] = [["words", *found.reasons]]
    if found.alternatives:
        reasons.append(["others", *found.alternatives])
    conclusions.append(Conclusion(Aspect.PLACE, found.area_code, found.confidence, reasons, ENGINE))
    return place.area_by_code[found.area_code].id if found.confidence >= SURE_PLACE else None

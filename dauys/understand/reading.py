"""One reader made of all engines: an appeal's words go in, findings with reasons come out. No table is touched here."""

import functools
import logging
import threading
import time
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from importlib.resources import files
from typing import Any

from dauys.engines import asks, kinds, language, personal, places, topics, urgency
from dauys.institution.queries import RECHECK_SECONDS, House, house
from dauys.understand import gazetteer as names
from dauys.understand.models import Aspect, TopicModel

log = logging.getLogger(__name__)

ENGINE = "rules-1"
SURE = 0.7
"""Below this a topic is a suggestion for a person, where neither the reader's card nor the institution says better."""

SURE_LEAST, SURE_MOST = 0.5, 0.99
SURE_PRECISION = "0.90"
"""The reader's own threshold is the one from which so many of its guesses about texts held back were right."""

SURE_PLACE = 0.6
MARKS_MOST = 50
"""Places in a text that one finding remembers."""
READ_TOPIC_MOST = 4000
MARGIN = 200
SURE_PRIVATE = 0.6
"""Characters the topic reader looks at: what an appeal is about is said early."""


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
_models: dict[tuple[int, str, int], topics.Model] = {}


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


@dataclass(frozen=True, slots=True)
class InForce:
    """The reader of topics that reads now. `heard_until`: the newest word of a person its memory holds."""

    id: int
    version: str
    heard_until: int
    model: topics.Model


_unreadable: dict[tuple[int, str, int], str] = {}


def in_force() -> InForce | None:
    """The reader in force; where it cannot be read, the newest that can. None on a first day without a starter set."""
    rows = TopicModel.objects.order_by("-is_current", "-id").values_list("id", "version", "heard_until")
    for key in rows:
        with _lock:
            model, is_known_bad = _models.get(key), key in _unreadable
        if is_known_bad:
            continue
        if model is None:
            try:
                content = TopicModel.objects.values_list("content", flat=True).get(id=key[0])
                model = topics.Model.from_bytes(bytes(content))
            except topics.UnreadableModel as error:
                log.error("The reader of topics %s cannot be used: %s An earlier one reads instead.", key[1], error)
                with _lock:
                    _unreadable[key] = str(error)
                continue
            keep(InForce(*key, model))
        return InForce(*key, model)
    return None


def keep(reader: InForce) -> None:
    """Hold this reader in memory, and no other: one can be as large as a process."""
    with _lock:
        _models.clear()
        _models[reader.id, reader.version, reader.heard_until] = reader.model


def unreadable(version: str) -> str:
    """Why this process could not use that reader; empty where it could or never tried."""
    with _lock:
        return next((why for key, why in _unreadable.items() if key[1] == version), "")


def topic_model() -> tuple[topics.Model | None, str]:
    """The model in force and its version; none on a first day without a starter set."""
    reader = in_force()
    return (reader.model, reader.version) if reader else (None, "")


def threshold(card: Mapping[str, Any]) -> float:
    """From which confidence on a reader with this card decides alone.

    The institution's own word first, then what the past showed. What a starter set shows of itself is no past.
    """
    if card.get("sure"):
        return float(card["sure"])
    fitted = None if card.get("starter") else (card.get("sure_from") or {}).get(SURE_PRECISION)
    return SURE if fitted is None else max(SURE_LEAST, float(fitted))


_sure: tuple[House, float, float] | None = None


def sure(*, anew: bool = False) -> float:
    """The threshold in force; a change is seen within seconds, as all changes of the house are. `anew`: at once."""
    global _sure
    place, moment, kept = house(), time.monotonic(), _sure
    if anew or kept is None or kept[0] is not place or moment - kept[1] > RECHECK_SECONDS:
        card = TopicModel.objects.filter(is_current=True).values_list("card", flat=True).first()
        kept = _sure = (place, moment, threshold(card or {}))
    return kept[2]


def forget_sure() -> None:
    """Ask the tables again at the next question; called by whoever changes them."""
    global _sure
    _sure = None


_NOT_HIDDEN = {"health", "family"}
"""Words that name nobody, and without which an appeal about a clinic or a school says nothing."""


def masked(text: str, private: Sequence[personal.Span] | None = None) -> str:
    """What may be learned of a text, and read for its topic: its beginning, names, numbers and addresses hidden.

    The reader of topics leaves the labels out, so that they are not taken for words either. `private` is what
    `engines.personal` found in the text, where that was asked already.
    """
    found = personal.find(text[: READ_TOPIC_MOST + MARGIN]) if private is None else private
    hidden = [span for span in found if span.kind not in _NOT_HIDDEN and span.start < READ_TOPIC_MOST]
    if not hidden:
        return text[:READ_TOPIC_MOST]
    return personal.mask(text[: max(READ_TOPIC_MOST, hidden[-1].end)], hidden).text


def beside(area_id: int | None, lat: float | None, lon: float | None) -> dict[str, str]:
    """What the citizen told beside the words: the area and the point, coarsened. Never what came later."""
    fields = topics.ground(lat, lon) if lat is not None and lon is not None else {}
    area = house().areas.get(area_id or 0)
    return {**fields, **({"area": area.code} if area else {})}


def read_many(told: Sequence[Told]) -> list[Reading]:
    """Read a batch. The same words under the same model and house give the same reading."""
    place = house()
    model, version = topic_model()
    sure_from = sure(anew=True)
    private = [personal.find(one.text) for one in told]
    unlabelled = [i for i, one in enumerate(told) if "topic" not in (one.labels or {})]
    guesses: dict[int, topics.Guess] = {}
    if model is not None and unlabelled:
        found = model.classify(
            [masked(told[i].text, private[i]) for i in unlabelled],
            fields=[beside(told[i].area_id, told[i].lat, told[i].lon) for i in unlabelled],
            reasons=True, sure=sure_from,
        )  # fmt: skip
        guesses = dict(zip(unlabelled, found, strict=True))
    tongues = language.identify_many([one.text for one in told], reasons=True)
    return [
        _read(one, tongue, private[i], place, guesses.get(i), version, sure_from)
        for i, (one, tongue) in enumerate(zip(told, tongues, strict=True))
    ]


def _read(
    told: Told, tongue: language.Language, private: Sequence[personal.Span], place: House,
    guess: topics.Guess | None, version: str, sure_from: float,
) -> Reading:  # fmt: skip
    conclusions = [
        Conclusion(Aspect.LANGUAGE, tongue.code, tongue.confidence, [list(reason) for reason in tongue.reasons], ENGINE)
    ]
    topic_id, sureness = _topic(told, place, guess, version, conclusions)
    area_id = _area(told, place, conclusions)
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
        topic_id=topic_id if labelled or sureness >= sure_from else None,
        topic_confidence=sureness,
        area_id=area_id,
        urgency=alarm.level,
        press=alarm.score,
        personal=min(len(spans), 32767),
        needs_person=not labelled and (topic_id is None or sureness < sure_from),
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


def _area(told: Told, place: House, conclusions: list[Conclusion]) -> int | None:
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
            conclusions.append(
                Conclusion(Aspect.PLACE, finer.code, found.confidence, [["words", *found.reasons], *address], ENGINE)
            )
            return finer.id
        conclusions.append(Conclusion(Aspect.PLACE, chosen.code, 1.0, [["chosen"], *address], ENGINE))
        return chosen.id
    if found is None or found.area_code not in place.area_by_code:
        return None
    reasons: list[object] = [["words", *found.reasons], *address]
    if found.alternatives:
        reasons.append(["others", *found.alternatives])
    conclusions.append(Conclusion(Aspect.PLACE, found.area_code, found.confidence, reasons, ENGINE))
    return place.area_by_code[found.area_code].id if found.confidence >= SURE_PLACE else None


def _address(found: places.Place | None) -> list[object]:
    """Street, house and landmark, where the text names exactly one."""
    if found is None or not (found.street or found.landmark):
        return []
    return [["address", found.street, found.house, found.landmark, found.address_confidence]]

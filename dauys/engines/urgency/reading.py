"""One text against the list: what is met, what is denied or long past, and what it comes to."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from dauys.engines.urgency.dates import Deadline, deadline
from dauys.engines.urgency.lexicon import LEVELS, READ_AT_MOST, Lexicon, fold

_TOKEN = re.compile(r"[^\W_]+|[,.!?;\n]")
_CLAUSE = frozenset(fold("и а но әрі және бірақ ал and but").split())

# Words that deny what they stand beside. «не» denies any word; «нет» and «no» deny a thing, not an act:
# in «света нет пахнет газом» the gas is real.
_NOT = frozenset({"не", "ни", "not", "never", "t"})
_NONE = frozenset(fold(word) for word in ("нет", "нету", "без", "no", "without"))
_ABSENT = frozenset(fold(word) for word in ("нет", "нету", "жоқ", "емес", "жок", "absent"))
_PASSED_OVER = frozenset({"a", "an", "any", "the", "никакого", "никакой", "никаких", "даже", "был", "была", "было"})
_OWN_DENIAL = _NONE | _NOT | _ABSENT | {fold("сусыз"), fold("жарықсыз"), fold("токсыз")}
_VERB = re.compile(r"(?:[еиуюая]т|[иы]м|ся|сь|л|ла|ли|ло|инг)$")
_KAZAKH_DENIED = tuple(fold(word) for word in ("шықпай", "шықпады", "болмады", "болмай", "сезілмей", "сезілмеді"))

_PAST = re.compile(
    r"\b(?:в прошлом|прошл(?:ым летом|ой зимой|ой осенью|ой весной)|(?:год|года|лет|месяц|месяца|месяцев) назад"
    r"|раньше|ранее|когда то|былтыр|откен жыл\w*|откен кыс\w*|(?:жыл|ай) бурын|бурын|last (?:year|winter|summer|spring)"
    r"|(?:years?|months?) ago|used to be)\b".replace("i", "и")
)
_PRESENT = re.compile(
    r"\b(?:сейчас|сегодня|опять|снова|до сих пор|все еще|по сей день|казир|бугин|тагы|али"
    r"|still|now|today|again|until)\b".replace("i", "и")
)

DANGER_WEIGHT, SOON_WEIGHT, PERSON_WEIGHT, SIGN_WEIGHT = 0.70, 0.35, 0.12, 0.08
MORE = 0.25
"""A second flag of the same level adds a quarter of its weight: many words are not many dangers."""

BELOW_DANGER = 0.69
_NEARNESS = ((1, 0.30), (3, 0.25), (7, 0.15), (14, 0.08))
"""(days at most, weight) of a day the text sets; set by judgement, as all weights here."""


@dataclass(frozen=True)
class Urgency:
    """`level` is danger, soon or usual; `reasons` are (rule code, the citizen's own words) pairs.

    `vulnerable` are such pairs for people who need care first. `deadline` is the day the text sets, known only when
    the day of receipt was given. `score` (0..1) orders a desk: 1 - the product of (1 - weight) over `parts`, which are
    (code, weight) pairs; without danger it stays below the least score of danger.
    """

    level: str
    reasons: tuple[tuple[str, str], ...] = ()
    vulnerable: tuple[tuple[str, str], ...] = ()
    deadline: Deadline | None = None
    score: float = 0.0
    parts: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True, slots=True)
class _Word:
    raw: str
    folded: str
    clause: int


def urgency(text: str, lexicon: Lexicon, *, received_on: date | None = None) -> Urgency:
    """The highest level any rule of the list gives this text, with every rule that gave it."""
    text = text[:READ_AT_MOST]
    met: dict[int, str] = {}
    sentence: list[_Word] = []
    clause = 0
    for match in _TOKEN.finditer(text):
        mark = match.group()
        if mark[0].isalnum():
            folded = fold(mark)
            clause += folded in _CLAUSE
            sentence.append(_Word(mark, folded, clause))
        elif mark == ",":
            clause += 1
        else:
            _read(sentence, lexicon, met)
            sentence, clause = [], 0
    _read(sentence, lexicon, met)
    for number, members in lexicon.together:
        if number not in met and all(member in met for member in members):
            met[number] = " … ".join(met[member] for member in members)
    due = deadline(text, received_on) if received_on is not None else None
    return _conclude(met, lexicon, due, received_on)


def _conclude(met: dict[int, str], lexicon: Lexicon, due: Deadline | None, received_on: date | None) -> Urgency:
    level = 0
    by_level: dict[str, list[tuple[str, str]]] = {}
    for number in met:
        rule = lexicon.rules[number]
        by_level.setdefault(rule.level, []).append((rule.code, met[number]))
        if rule.level in LEVELS:
            level = max(level, LEVELS.index(rule.level))
    parts: list[tuple[str, float]] = []
    for name, weight in (
        ("danger", DANGER_WEIGHT), ("soon", SOON_WEIGHT), ("person", PERSON_WEIGHT), ("sign", SIGN_WEIGHT),
    ):  # fmt: skip
        for place, (code, _words) in enumerate(by_level.get(name, ())):
            parts.append((code, weight if place == 0 else weight * MORE))
    if due is not None and received_on is not None:
        days = (due.due_on - received_on).days
        near = next((weight for most, weight in _NEARNESS if days <= most), 0.0)
        if near:
            parts.append(("deadline", near))
    left = 1.0
    for _code, weight in parts:
        left *= 1.0 - weight
    score = 1.0 - left
    return Urgency(
        LEVELS[level],
        tuple(by_level.get("danger", []) + by_level.get("soon", [])),
        tuple(by_level.get("person", ())),
        due,
        round(score if level == len(LEVELS) - 1 else min(score, BELOW_DANGER), 4),
        tuple(parts),
    )


def _read(sentence: Sequence[_Word], lexicon: Lexicon, found: dict[int, str]) -> None:
    at: dict[int, list[int]] = {}
    for position, word in enumerate(sentence):
        for part in lexicon.parts_of(word.folded):
            at.setdefault(part, []).append(position)
    if not at:
        return
    met: dict[int, str] = {}
    taken_back: set[int] = set()
    for part in at:
        for phrase in lexicon.phrases_from(part):
            if any(other not in at for other in phrase.parts):
                continue
            places = _close_together(phrase.parts, at, lexicon.gap)
            if places is None:
                continue
            if phrase.takes_back:
                taken_back.add(phrase.rule)
            elif phrase.rule not in met and not _denied(places, sentence) and not _long_past(places, sentence):
                met[phrase.rule] = " ".join(sentence[place].raw for place in places)
    for number, words in met.items():
        if number not in taken_back:
            found.setdefault(number, words)


def _close_together(parts: tuple[int, ...], at: dict[int, list[int]], gap: int) -> list[int] | None:
    reach = (gap + 1) * (len(parts) - 1)
    for start in at[parts[0]][:50]:
        places = {start}
        for part in parts[1:]:
            near = [place for place in at[part] if abs(place - start) <= reach and place not in places]
            if not near:
                break
            places.add(min(near, key=lambda place: abs(place - start)))
        else:
            return sorted(places)
    return None


def _denied(places: Sequence[int], sentence: Sequence[_Word]) -> bool:
    if any(sentence[place].folded in _OWN_DENIAL for place in places):
        return False
    for place in places:
        before = place - 1
        while before >= 0 and sentence[before].folded in _PASSED_OVER:
            before -= 1
        if before < 0 or before in places or sentence[before].clause != sentence[place].clause:
            continue
        word = sentence[before].folded
        if word in _NOT or (word in _NONE and not _VERB.search(sentence[place].folded)):
            return True
    last = places[-1]
    rest = [word for word in sentence[last + 1 : last + 5] if word.clause == sentence[last].clause]
    if rest and len(rest) < 4 and rest[-1].folded in _ABSENT:
        # «газ иісі жоқ», «пожара нет», «шығып жатқан жоқ»: the denial closes the clause.
        return len(rest) == 1 or rest[-1].folded in {"жок", "емес"}
    return any(word.folded.startswith(_KAZAKH_DENIED) for word in rest[:2])


def _long_past(places: Sequence[int], sentence: Sequence[_Word]) -> bool:
    clause = sentence[places[0]].clause
    until = " ".join(word.folded for word in sentence if word.clause <= clause)
    if not _PAST.search(until):
        return False
    return not _PRESENT.search(" ".join(word.folded for word in sentence if word.clause == clause))

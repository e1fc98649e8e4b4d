"""Russian and English: the asking word, then what is asked; imperatives wherever they stand."""

from collections.abc import Sequence
from typing import NamedTuple

from dauys.engines.asks.lexicon import Lexicon, Look, Word


class Found(NamedTuple):
    first: int
    last: int  # the last word, inclusive
    head: int
    confidence: float
    rule: str
    kind: str | None = None


def skip(words: Sequence[Word], place: int, dead: frozenset[int]) -> int:
    while place < len(words) and (place in dead or "filler" in words[place].look.tags):
        place += 1
    return place


def is_verb(look: Look) -> bool:
    return look.infinitive or look.imperative or look.english_verb


def asked_before(words: Sequence[Word], dead: frozenset[int], lexicon: Lexicon) -> list[Found]:
    """Russian and English: the asking word, then verb after verb; and imperatives wherever they stand."""
    found: list[Found] = []
    place = 0
    while place < len(words):
        if place in dead:
            place += 1
            continue
        size = lexicon.before.at(words, place)
        if size:
            told = tuple(w.folded for w in words[place : place + size]) in lexicon.knowledge
            made, place = _after_trigger(words, place + size, dead, told)
        elif words[place].look.imperative and not _indicative(words, place):
            made, place = chain(words, _clause_start(words, place, dead), place, dead, 0.9, "imperative")
        elif place == skip(words, 0, dead) and (words[place].look.english_verb and words[place].look.verb_kind):
            made, place = chain(words, place, place, dead, 0.75, "imperative")
        elif "need" in words[place].look.tags and not (place and "not_need" in words[place - 1].look.tags):
            verb = next((n for n in range(place + 1, min(place + 6, len(words))) if words[n].look.infinitive), None)
            if verb is None:
                made, place = [], place + 1
            else:
                made, place = chain(words, place, verb, dead, 0.65, "need")
        else:
            made, place = [], place + 1
        found += made
    return found


def _indicative(words: Sequence[Word], place: int) -> bool:
    """«вы не видите», «когда почините»: the same ending, but nothing is asked."""
    if words[place].after_comma or not place:
        return False
    return words[place - 1].folded in {"вы", "как", "что", "когда", "если", "почему", "где", "не", "и-то"}


def _clause_start(words: Sequence[Word], verb: int, dead: frozenset[int]) -> int:
    """Where the ask begins when its verb closes the clause: «Трубу почините»."""
    following = verb + 1
    if following < len(words) and not words[following].after_comma and "and" not in words[following].look.tags:
        return verb
    start = verb
    while start and not words[start].after_comma and start - 1 not in dead:
        if {"and", "subordinate"} & words[start - 1].look.tags or words[start - 1].look.imperative:
            break
        start -= 1
    return start


def _after_trigger(words: Sequence[Word], place: int, dead: frozenset[int], told: bool) -> tuple[list[Found], int]:
    first = skip(words, place, dead)
    if first >= len(words):
        return [], len(words)
    if told:
        return [Found(first, len(words) - 1, first, 0.9, "request", "inform")], len(words)
    stop = _subordinate(words, first)
    verb = next((n for n in range(first, stop) if n not in dead and is_verb(words[n].look)), None)
    if verb is not None:
        return chain(words, first if words[verb].look.infinitive else verb, verb, dead, 0.95, "request")
    if words[first].folded in {"чтобы", "что"} or any(w.look.kazakh_imperative for w in words[first:stop]):
        if words[first].folded == "чтобы":
            return [Found(first, len(words) - 1, first, 0.8, "request")], len(words)
        return [], first
    noun = next((n for n in range(first, stop) if words[n].look.noun_kind), None)
    if noun is None:
        return [], first
    return [Found(first, stop - 1, noun, 0.7, "request", words[noun].look.noun_kind)], stop


def _subordinate(words: Sequence[Word], start: int) -> int:
    """The first word of a clause that only explains, or the end."""
    for place in range(start + 1, len(words)):
        word = words[place]
        if word.after_comma and "subordinate" in word.look.tags:
            if word.folded == "а" and place + 1 < len(words) and words[place + 1].folded == "также":
                continue
            return place
    return len(words)


def chain(
    words: Sequence[Word], first: int, verb: int, dead: frozenset[int], confidence: float, rule: str
) -> tuple[list[Found], int]:
    """Split «убрать двор, починить фонарь и наказать виновных» into three: each part needs a verb of its own."""
    stop = _subordinate(words, verb)
    informs = words[verb].look.verb_kind == "inform"
    if informs and stop < len(words) and words[stop].folded in {"чтобы", "если", "как"}:
        stop = len(words)
    for place in range(verb + 1, stop):
        if words[place].look.kazakh_imperative:
            # «Просим починить дорогу, көшеге шам қойып беріңіздер»: the other language's clause asks for itself.
            stop = next((n for n in range(place, verb, -1) if words[n].after_comma), stop)
            break
    form = words[verb].look
    heads = [(first, verb)]
    for place in range(verb + 1, stop):
        look = words[place].look
        if place in dead or not is_verb(look):
            continue
        joined = _joined(words, place)
        if joined is None:
            continue
        if form.infinitive and not (look.infinitive or look.imperative):
            continue
        if form.imperative and look.infinitive and not look.imperative:
            continue  # «помогите починить и убрать» asks for one thing: help
        heads.append((joined, place))
    found = []
    for number, (start, head) in enumerate(heads):
        end = heads[number + 1][0] - 1 if number + 1 < len(heads) else stop - 1
        while end > head and ("and" in words[end].look.tags or "filler" in words[end].look.tags or end in dead):
            end -= 1
        found.append(Found(start, end, head, confidence, rule))
    return found, stop


def _joined(words: Sequence[Word], place: int) -> int | None:
    """Where a coordinated part with its verb at `place` begins, or None when the verb is not coordinated."""
    if words[place].after_comma or "and" in words[place - 1].look.tags:
        return place
    before = words[place - 1]
    adverb = place >= 2 and ("filler" in before.look.tags or before.folded.endswith("о"))
    # «и срочно починить»: one adverb may stand between.
    return place - 1 if adverb and (before.after_comma or "and" in words[place - 2].look.tags) else None


def bare(words: Sequence[Word], dead: frozenset[int]) -> list[Found]:
    """«Убрать свалку!»: an infinitive at the head of a sentence that has no asking word."""
    first = skip(words, 0, dead)
    if first >= len(words) or not words[first].look.infinitive:
        return []
    if any(word.folded in {"не", "хочу", "хотим", "нельзя", "невозможно"} for word in words[first + 1 : first + 4]):
        return []
    return chain(words, first, first, dead, 0.65, "infinitive")[0]

"""Kazakh: the object, the verb, then the asking word; or an imperative that closes its clause."""

from collections.abc import Sequence

from dauys.engines.asks.lexicon import Lexicon, Word
from dauys.engines.asks.verb_first import Found, skip


def asked_after(words: Sequence[Word], dead: frozenset[int], lexicon: Lexicon) -> list[Found]:
    """Kazakh: the object, the verb, then the asking word; or an imperative that closes its clause."""
    found: list[Found] = []
    begin = 0
    place = 0
    while place < len(words):
        look = words[place].look
        size = 0 if place in dead else lexicon.after.at(words, place)
        if size:
            found += _before_trigger(words, begin, place, size, dead, lexicon)
            place += size
            begin = place
        elif look.kazakh_imperative and place not in dead and _closes(words, place, lexicon):
            told = _told(words, begin, place, lexicon)
            found += told or _kazakh_chain(words, begin, place, dead, 0.9, "imperative")
            place += 1
            begin = place
        else:
            place += 1
    if not found and words:
        for start in range(min(3, len(words))):
            size = lexicon.heads.at(words, start)
            follows = start + size
            if size and follows < len(words):
                if tuple(w.folded for w in words[start:follows]) in lexicon.knowledge:
                    return [Found(follows, len(words) - 1, follows, 0.85, "request", "inform")]
                verb = _last_doing(words)
                if words[follows].after_comma and verb is not None:
                    return [Found(follows, len(words) - 1, verb, 0.8, "request")]
    return found


def _told(words: Sequence[Word], begin: int, place: int, lexicon: Lexicon) -> list[Found]:
    """«Айтыңызшы, когда начнётся запись»: the imperative only opens the question that follows."""
    if place == begin and (words[place].folded,) in lexicon.knowledge and place + 1 < len(words):
        return [Found(place + 1, len(words) - 1, place + 1, 0.85, "request", "inform")]
    return []


def _closes(words: Sequence[Word], place: int, lexicon: Lexicon) -> bool:
    following = place + 1
    if following == len(words) or words[following].after_comma or "and" in words[following].look.tags:
        return True
    return lexicon.after.at(words, following) > 0 or "filler" in words[following].look.tags


def _last_doing(words: Sequence[Word]) -> int | None:
    for place in (len(words) - 1, len(words) - 2):
        if place >= 0 and (words[place].look.kazakh_doing or words[place].look.infinitive):
            return place
    return None


def _before_trigger(
    words: Sequence[Word], begin: int, place: int, size: int, dead: frozenset[int], lexicon: Lexicon
) -> list[Found]:
    said = tuple(w.folded for w in words[place : place + size])
    if place == begin:
        return []
    if said in lexicon.knowledge:
        first = min(skip(words, begin, dead), place - 1)
        return [Found(first, place - 1, place - 1, 0.9, "request", "inform")]
    head = place - 1
    look = words[head].look
    if said[0] in {"керек", "кажет"}:
        return _kazakh_chain(words, begin, head, dead, 0.65, "need") if look.kazakh_doing or look.kazakh_asked else []
    if said[0] in {"деймин", "деймиз", "екен", "жаксы", "дурыс"}:
        return _kazakh_chain(words, begin, head, dead, 0.8, "wish") if look.kazakh_if else []
    asked = next((n for n in range(head, max(begin, head - 3) - 1, -1) if words[n].look.kazakh_asked), None)
    if asked is not None and asked not in dead:
        return _kazakh_chain(words, begin, asked, dead, 0.95, "request")
    noun = next((n for n in range(head, max(begin, head - 2) - 1, -1) if words[n].look.noun_kind), None)
    if noun is None or words[noun].look.kazakh_imperative or noun in dead or words[place].after_comma:
        return []
    return [Found(_from(words, begin, noun, dead), head, noun, 0.7, "request", words[noun].look.noun_kind)]


def _kazakh_chain(
    words: Sequence[Word], begin: int, head: int, dead: frozenset[int], confidence: float, rule: str
) -> list[Found]:
    """«тексеріп, иесін жауапқа тартуыңызды»: a verb in -п before a comma or «және» is an ask of its own."""
    found = []
    start = begin
    for place in range(begin, head):
        following = words[place + 1]
        parts = following.after_comma or "and" in following.look.tags
        look = words[place].look
        doing = look.kazakh_having_done and look.verb_kind is not None
        if parts and place not in dead and (doing or look.kazakh_asked):
            found.append(Found(_from(words, start, place, dead), place, place, confidence * 0.9, rule))
            start = place + 1
    first = _from(words, start, head, dead)
    # «жөндеп беріңіз», «қосып беріңіздер»: the verb in -п carries the sense, the last one only the courtesy.
    sense = head - 1 if head > first and words[head - 1].look.kazakh_having_done else head
    if words[sense].look.verb_kind is None or words[sense].folded == words[head].folded:
        sense = head
    found.append(Found(first, head, sense, confidence, rule))
    return found


def _from(words: Sequence[Word], begin: int, head: int, dead: frozenset[int]) -> int:
    """The clause of the verb: after the last comma that leaves it an object, else from the beginning."""
    start = begin
    for place in range(head - 1, begin, -1):
        if words[place].after_comma:
            start = place
            break
    while start < head and (start in dead or {"filler", "and"} & words[start].look.tags):
        start += 1
    return start

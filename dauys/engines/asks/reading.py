"""Every separate thing a text asks for."""

from collections.abc import Sequence
from dataclasses import dataclass

from dauys.engines.asks.lexicon import Lexicon, Word
from dauys.engines.asks.sentences import segments
from dauys.engines.asks.verb_first import Found, asked_before, bare, is_verb, skip
from dauys.engines.asks.verb_last import asked_after

READ_AT_MOST = 20_000  # characters
ASKS_AT_MOST = 50


@dataclass(frozen=True, slots=True)
class Ask:
    """One thing asked: `words` is text[start:end], untouched; `rule` tells how it was found."""

    kind: str
    start: int
    end: int
    words: str
    confidence: float
    rule: str


@dataclass(frozen=True, slots=True)
class Asks:
    """In the order of the text.

    With none, `reason` is nothing_to_read, only_courtesy, only_rhetorical or no_request.
    """

    items: tuple[Ask, ...]
    reason: str


def asks(text: str, lexicon: Lexicon) -> Asks:
    """Every separate thing the text asks for."""
    text = text[:READ_AT_MOST]
    items: list[Ask] = []
    seen = courteous = rhetorical = listing = False
    for segment in segments(text, lexicon):
        words = segment.words
        seen = True
        dead = _dead(words, lexicon)
        courteous |= bool(dead)
        if segment.asks and any(lexicon.rhetorical.at(words, place) for place in range(len(words))):
            rhetorical = True
            continue
        if listing and segment.item:
            found = [Found(0, len(words) - 1, _list_head(words), 0.85, "list")]
        else:
            found = _question(words, dead, lexicon) if segment.asks else []
            found = found or _requests(words, dead, lexicon)
            listing = (listing and segment.item) or (not found and segment.ends_open and _opens_list(words, lexicon))
        for one in found:
            items.append(_ask(text, words, one, lexicon))
        if len(items) >= ASKS_AT_MOST:
            break
    if items:
        return Asks(tuple(items[:ASKS_AT_MOST]), "")
    if not seen:
        return Asks((), "nothing_to_read")
    return Asks((), "only_rhetorical" if rhetorical else "only_courtesy" if courteous else "no_request")


def _ask(text: str, words: Sequence[Word], found: Found, lexicon: Lexicon) -> Ask:
    inside = words[found.first : found.last + 1]
    known = True
    kind = found.kind
    if kind is None:
        kind, known = lexicon.kind_of(inside, found.head - found.first)
    start, end = inside[0].start, inside[-1].end
    confidence = found.confidence if known else round(found.confidence * 0.8, 2)
    return Ask(kind, start, end, text[start:end], confidence, found.rule)


def _dead(words: Sequence[Word], lexicon: Lexicon) -> frozenset[int]:
    """Words of courtesy: «прошу прощения» asks for nothing."""
    dead: set[int] = set()
    for place in range(len(words)):
        dead.update(range(place, place + lexicon.courtesy.at(words, place)))
    return frozenset(dead)


def _opens_list(words: Sequence[Word], lexicon: Lexicon) -> bool:
    return any(lexicon.before.at(words, place) or lexicon.heads.at(words, place) for place in range(len(words)))


def _list_head(words: Sequence[Word]) -> int:
    verbs = (n for n, w in enumerate(words) if w.look.infinitive or w.look.imperative or w.look.english_verb)
    first = next(verbs, None)
    if first is not None:
        return first
    last = len(words) - 1  # the Kazakh verb closes its clause
    return last - 1 if last and words[last].look.verb_kind == "allow" and words[last - 1].look.verb_kind else last


def _question(words: Sequence[Word], dead: frozenset[int], lexicon: Lexicon) -> list[Found]:
    first = next((n for n in range(len(words)) if n not in dead), None)
    if first is None:
        return []
    last = len(words) - 1
    for place in range(first, len(words)):
        if lexicon.can_you.at(words, place):
            # «Можно ли починить», "could you fix": a request in the form of a question.
            doing = [n for n in range(len(words)) if is_verb(words[n].look) or words[n].look.kazakh_doing]
            asked = next((n for n in doing if words[n].look.verb_kind not in (None, "inform")), None)
            if asked is not None and not words[asked].folded.startswith(("получ", "подат", "узна", "ал")):
                return [Found(first, last, asked, 0.8, "polite_question")]
            break
    for place in range(first, min(first + 4, len(words))):
        size = max(lexicon.before.at(words, place), lexicon.heads.at(words, place))
        if size and tuple(w.folded for w in words[place : place + size]) in lexicon.knowledge:
            first = min(skip(words, place + size, dead), last)
            return [Found(first, last, first, 0.9, "question", "inform")]
    if any(w.look.imperative or w.look.kazakh_imperative for w in words) and not any(
        "question" in w.look.tags for w in words[first:]
    ):
        return []
    known = any("question" in w.look.tags for w in words[first:])
    if "opening" not in words[first].look.tags:
        # «Во дворе не пройти, где дворники?»: only the clause that opens with the question word asks.
        opened = (n for n in range(first + 1, last) if words[n].after_comma and "opening" in words[n].look.tags)
        first = next(opened, first)
    if not known and last - first < 1:
        return []
    return [Found(first, last, first, 0.9 if known else 0.6, "question", "inform")]


def _requests(words: Sequence[Word], dead: frozenset[int], lexicon: Lexicon) -> list[Found]:
    found = asked_before(words, dead, lexicon)
    found += [one for one in asked_after(words, dead, lexicon) if not any(_overlap(one, other) for other in found)]
    if not found:
        found = bare(words, dead)
    return sorted(found, key=lambda one: one.first)


def _overlap(one: Found, other: Found) -> bool:
    return one.first <= other.last and other.first <= one.last

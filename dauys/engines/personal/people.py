"""People's names: by patronymic, initials, given name, surname, a title before, a verb after, or met before.

A text is read word by word. Each word with a capital gets a class from the lists and from its ending; runs of such
words are then judged by what they are made of and what stands beside them. Small letters need more: two parts of a
name together.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from dauys.engines.personal.sorts import Sort, from_a_given_name, root, sort
from dauys.engines.personal.spans import Span
from dauys.engines.personal.words import fold

WORTH = 0.5
"""Below this a guess at a name is not given at all."""

_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
LONGEST = 40


@dataclass(slots=True)
class Word:
    start: int
    end: int
    text: str
    capital: bool
    first: bool
    """At the beginning of a sentence or line, where any word has a capital."""
    joined: bool
    """Only a space (or an initial's dot) parts it from the word before."""
    initial: bool


_ENDS = re.compile(r"[.!?…\n\r•|]")


def split(text: str) -> list[Word]:
    found: list[Word] = []
    at = 0
    shouting = _shouting(text)
    for match in _WORD.finditer(text):
        start, end = match.span()
        gap = text[at:start] if start - at < 12 else text[start - 12 : start]
        word = match.group() if end - start <= LONGEST else ""
        initial = end - start == 1 and word.isupper() and text[end : end + 1] == "."
        before = found[-1] if found else None
        after_initial = before is not None and before.initial and gap in (".", ". ", ".  ")
        first = before is None or (not after_initial and _ENDS.search(gap) is not None)
        joined = before is not None and (after_initial or (gap.isspace() and "\n" not in gap and len(gap) < 4))
        capital = bool(word) and word[0].isupper() and not shouting
        found.append(Word(start, end, word, capital, first, joined, initial and not shouting))
        at = end
    return found


def _shouting(text: str) -> bool:
    """Whether capitals tell nothing because nearly all letters are."""
    head = text[:2000]
    upper = sum(map(str.isupper, head))
    return upper > 12 and upper > 3 * sum(map(str.islower, head))


_INTRODUCED = re.compile(
    r"(?<!\w)(?:меня зовут|мо[её] имя|мо[яй] фамили[яи]|ф\.?\s?и\.?\s?о\.?|фамилия|аты-жөні[мң]?|аты жөні|менің"
    r" (?:атым|есімім)|атым|есімім|my name is|name is"
    r"|заявитель(?:ница)?|арыз иесі|өтініш иесі|с уважением|құрметпен|regards|sincerely)[\s,:–—-]{1,5}$",
    re.IGNORECASE,
)
_SMALL_INTRODUCED = re.compile(
    r"(?<!\w)(?:зовут|имя|атым|есімім|name is|фамили[яи]|ф\.?\s?и\.?\s?о\.?|аты-жөні[мң]?)[\s,:–—-]{1,5}$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Guess:
    first: int
    last: int
    """Words first … last - 1."""
    confidence: float
    reason: str


def people(text: str) -> Iterator[Span]:
    found = split(text)
    guesses = [*_capitals(text, found), *_small(text, found)]
    known = {
        root(word.text)
        for guess in guesses
        if guess.confidence >= 0.74 and guess.reason != "two capitals"
        for word in found[guess.first : guess.last]
        if len(word.text) > 3
        and not sort(word.text).patronymic
        and not sort(word.text).everyday
        and not _never(word.text)
    }
    for guess in guesses:
        confidence, reason = guess.confidence, guess.reason
        if confidence < 0.8 and any(
            root(word.text) in known and not _never(word.text)
            for word in found[guess.first : guess.last]
            if word.capital
        ):
            confidence, reason = (confidence, reason) if confidence >= 0.74 else (0.8, "met before")
        if confidence >= WORTH:
            end = found[guess.last - 1].end
            if found[guess.last - 1].initial:
                end += 1
            yield Span(found[guess.first].start, end, "name", confidence, reason)


def _never(word: str) -> bool:
    """No part of a name whatever stands beside: a known place, body or common word, or an acronym."""
    kind = sort(word)
    return kind.known_other or (
        kind.acronym and not (kind.given or kind.patronymic or (kind.surname == 2 and len(word) > 4))
    )


def _capitals(text: str, found: Sequence[Word]) -> Iterator[Guess]:
    at = 0
    while at < len(found):
        word = found[at]
        if not word.capital or (not word.initial and _never(word.text)):
            at += 1
            continue
        stop = at + 1
        while stop < len(found) and stop - at < 6 and found[stop].joined:
            nearby = found[stop]
            parted = sort(nearby.text).parted
            if not (nearby.capital or parted) or (not nearby.initial and not parted and _never(nearby.text)):
                break
            stop += 1
        yield from _judge(text, found, at, stop)
        at = stop


def _judge(text: str, found: Sequence[Word], first: int, last: int) -> Iterator[Guess]:
    sorts = [sort(word.text) for word in found[first:last]]
    # A title with a capital («Директор Петров») opens no name.
    while first < last and sorts[0].before and not sorts[0].given and not found[first].initial:
        first, sorts = first + 1, sorts[1:]
    if first == last:
        return
    # So does a sentence's first word before a given name («Пришёл Асан»), unless it may be a name itself.
    opens = (
        found[first].first
        and not found[first].initial
        and not (sorts[0].given or sorts[0].surname or sorts[0].patronymic)
    )
    if opens and any(kind.given for kind in sorts[1:]):
        first, sorts = first + 1, sorts[1:]
    begins = found[first]
    cue = (
        first > 0
        and not (begins.first and text[found[first - 1].end : begins.start].strip(" ") in (".", "!", "?"))
        and sort(found[first - 1].text).before
    )
    # «Директор школы Петров»: the title is one word further off.
    further = first > 1 and begins.joined and found[first - 1].joined and not found[first - 1].capital
    further = further and sort(found[first - 2].text).before
    cue = cue or further
    introduced = _INTRODUCED.search(text, max(0, begins.start - 40), begins.start) is not None
    if first > 0 and sort(found[first - 1].text).street and not further:
        gap = text[found[first - 1].end : begins.start]
        abbreviated = len(found[first - 1].text) < 4 and gap in (".", ". ")
        if abbreviated or gap in (" ", ' "', " «"):
            return
    if (
        _HOUSE_AFTER.match(text, found[last - 1].end)
        and not cue
        and not any(word.initial for word in found[first:last])
        and not sorts[-1].patronymic
    ):
        return
    after = last < len(found) and not found[last].first
    if after and sort(found[last].text).street and text[found[last - 1].end : found[last].start].isspace():
        return
    verb = after and sort(found[last].text).after
    described = after and sorts[-1].adjective and found[last].joined and not found[last].capital and not verb
    if described and not any(kind.given or kind.patronymic for kind in sorts):
        yield Guess(first, last, 0.2, "adjective")
        return
    confidence, reason = _weigh(found[first:last], sorts, cue=cue, verb=verb, introduced=introduced)
    thing = first > 0 and begins.joined and sort(found[first - 1].text).thing
    if thing and not cue and reason != "given name" and confidence < 0.8:
        confidence = 0.2
    if (
        confidence < WORTH
        and last == first + 1
        and not begins.first
        and not _KAZAKH.search(text[:4000])
        and _stands_as_a_person(text, found, first)
    ):
        confidence, reason = WORTH, "capital"
    if confidence or len(sorts) == 1 or any(word.initial for word in found[first:last]):
        yield Guess(first, last, confidence or 0.1, reason)
        return
    for index in range(first, last):  # no name as a whole: each word for itself, for it may have been met before
        yield Guess(index, index + 1, 0.1, "capital")


_HOUSE_AFTER = re.compile(
    r"[ ,»\"]{1,3}(?:(?:д|дом|үй|корп|к|лит)\.? {0,2})?(?:\d{1,3}(?:/\d{1,3}|[ ]?[а-дА-Д](?!\w))?(?![\w:-]|\.\d"
    r"| \d)|лит)",
    re.IGNORECASE,
)
_KAZAKH = re.compile("[әғқңөұүһӘҒҚҢӨҰҮҺ]")
# Endings of verbs and of abstract or plural nouns that citizens like to begin with a capital.
_COMMON = re.compile(
    r"(?:[аяеиу]тся|ться|[аяеиу]ет|[ая]ют|ить|ать|ять|ил[аои]?|ал[аои]?|ени[еяйю]|ани[еяйю]|ост[ьи]|ци[яиюй]"
    r"|ци[яиюй]х|н(?:ый|ая|ое|ые|ого|ой|ому|ую|ым|ых|ыми)|щ(?:ий|ая|ее|ие|его|ей|их)|ств(?:о|а|у|ом)"
    r"|тель(?:ность)?|тел[ьяюе]|изм(?:а|у|ом)?|чик(?:и|а|ов)?|щик(?:и|а|ов)?|ник(?:и|ов)|ами|ями|ах|ях|ек|ок|ы|ов)$"
)
_WHERE = frozenset(
    [
        "в",
        "во",
        "из",
        "на",
        "под",
        "над",
        "по",
        "до",
        "через",
        "около",
        "возле",
        "вдоль",
        "от",
        "между",
        "о",
        "об",
        "the",
        "in",
        "at",
        "of",
        "from",
        "to",
        "and",
    ]
)


def _stands_as_a_person(text: str, found: Sequence[Word], at: int) -> bool:
    """An unknown capital in mid-sentence, not after a word of place, not in quotes, not shaped like a place."""
    word = found[at]
    kind = sort(word.text)
    if len(word.text) < 3 or kind.latin or kind.place or kind.acronym or at == 0:
        return False
    if kind.adjective and not word.text.endswith(("ого", "ому", "им")):
        return False
    if _COMMON.search(fold(word.text)) or root(word.text) in {
        root(one.text) for one in found if not one.capital and one.text[:3].lower() == word.text[:3].lower()
    }:
        return False
    before = found[at - 1].text.lower()
    if before in _WHERE or (word.joined and sort(before).thing):
        return False
    opened = "«\"“„'-" if kind.surname else "«\"“„'-("
    return text[word.start - 1] not in opened and text[word.end : word.end + 1] not in ("»", "-", "”", '"')


def _weigh(run: Sequence[Word], sorts: Sequence[Sort], *, cue: bool, verb: bool, introduced: bool) -> tuple[float, str]:
    at_start = run[0].first
    several = len(run) > 1
    if any(kind.patronymic for kind in sorts) or (several and any(kind.parted for kind in sorts[1:])):
        return (0.97 if several else 0.75), "patronymic"
    initials = sum(word.initial for word in run)
    if initials:
        if initials == len(run):
            return 0.0, "initials"
        rest = [kind for word, kind in zip(run, sorts, strict=True) if not word.initial]
        surname = max(kind.surname for kind in rest)
        if initials > 1:
            return 0.92, "initials"
        return (
            0.85 if surname == 2 or any(kind.given for kind in rest) else 0.6 if surname or cue or not at_start else 0.3
        ), "initials"
    if introduced:
        return 0.93, "cue"
    given = [kind for kind in sorts if kind.given]
    sure_given = [kind for kind in given if not kind.everyday]
    surname = max((kind.surname for kind in sorts if not (kind.given and kind.base)), default=0)
    if given and several:
        if surname == 2:
            return (0.95 if sure_given else 0.85), "given name"
        if len(given) == len(sorts):
            return (0.85 if sure_given else 0.45), "given name"
        if sure_given:
            return (0.86 if surname or cue or verb else 0.78), "given name"
        return (0.75 if surname and (cue or verb) else 0.6 if surname or not at_start else 0.4), "given name"
    if given:
        kind = given[0]
        if not kind.everyday:
            return (0.9 if cue else 0.85 if verb else 0.75 if not at_start else 0.65), "given name"
        return (0.8 if cue else 0.6 if verb else 0.52 if not at_start else 0.1), "given name"
    if surname == 2:
        if not several and sorts[0].adjective:
            return (0.75 if cue else 0.7 if verb else 0.3), "surname"
        return (
            0.9 if cue else 0.82 if verb else 0.65 if not at_start else 0.52 if several or sorts[0].firm else 0.45
        ), "surname"
    if surname == 1:
        if several:
            return (0.85 if cue else 0.75 if verb else 0.6 if not at_start else WORTH), "surname"
        return (0.8 if cue else 0.62 if verb else 0.42 if not at_start else 0.15), "surname"
    if all(kind.latin for kind in sorts):
        return (0.62 if cue else 0.3), "title"
    if several and len(run) < 4 and not any(kind.place for kind in sorts):
        return (0.78 if cue else 0.68 if verb else 0.5), "two capitals"
    return (0.62 if cue and not at_start else 0.52 if verb and not at_start else 0.2), "title" if cue else "verb"


def _small(text: str, found: Sequence[Word]) -> Iterator[Guess]:
    """Names typed without capitals, or in a text that is all capitals."""
    at = 0
    while at < len(found):
        word = found[at]
        if word.capital or len(word.text) < 3:
            at += 1
            continue
        kind = sort(word.text)
        if kind.known_other:
            at += 1
            continue
        introduced = None
        if _SMALL_INTRODUCED.search(text, max(0, word.start - 24), word.start):
            introduced = at
        if not (kind.given or kind.patronymic or kind.surname == 2 or introduced is not None):
            at += 1
            continue
        stop = at + 1
        while stop < len(found) and stop - at < 3 and found[stop].joined and not found[stop].capital:
            nearby = sort(found[stop].text)
            if not (nearby.given or nearby.patronymic or nearby.parted or nearby.surname == 2) or nearby.known_other:
                break
            stop += 1
        sorts = [sort(one.text) for one in found[at:stop]]
        confidence = _weigh_small(
            found[at:stop], sorts, introduced is not None, at > 0 and sort(found[at - 1].text).before
        )
        if confidence:
            yield Guess(at, stop, confidence, "cue" if introduced is not None else "small letters")
            at = stop
        else:
            at += 1


def _weigh_small(run: Sequence[Word], sorts: Sequence[Sort], introduced: bool, cue: bool) -> float:
    patronymic = any(
        re.search(r"(?:ович|евич|овн|евн|улы|кызы|оглы)", fold(word.text)) and kind.patronymic
        for word, kind in zip(run, sorts, strict=True)
    )
    given = any(kind.given and not kind.everyday for kind in sorts)
    if len(run) > 1 and (patronymic or (given and any(kind.parted for kind in sorts[1:]))):
        return 0.9
    if patronymic:
        return 0.62
    if introduced:
        return 0.75
    if len(run) > 1 and given and any(kind.surname == 2 and not kind.given and not kind.adjective for kind in sorts):
        return 0.78
    if len(run) == 2 and any(kind.given for kind in sorts) and any(from_a_given_name(word.text) for word in run):
        return 0.75
    kind = sorts[0]
    if len(run) == 1 and kind.given and not kind.everyday and cue:
        return 0.7
    if kind.base and not kind.everyday and len(run[0].text) > 5:
        return 0.55
    return 0.0

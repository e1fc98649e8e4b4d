"""The check of an answer: every piece of advice, in the order of CODES."""

from collections.abc import Iterator, Sequence

from dauys.engines.answer_check.asked import unanswered
from dauys.engines.answer_check.copied import copied
from dauys.engines.answer_check.cues import LANGUAGES, Cues
from dauys.engines.answer_check.findings import Case, Finding, Personal, Severity, Span
from dauys.engines.answer_check.reading import Part, read
from dauys.engines.answer_check.sentences import words_of

LEAST_WORDS = 3
LONG = 45  # words in a sentence; readers lose the thread long before
MANY_TURNS = 4  # turns of officialese that are worth a note …
TURNS_PER_WORD = 0.03  # … where they are this dense
SPANS_AT_MOST = 20
_GREETING = 30  # characters between a word of courtesy and the name of the reader

_ALWAYS_PRIVATE = frozenset({"iin", "card", "iban", "account", "document", "birth", "health", "family", "plate"})
_PRIVATE_OF_A_PERSON = frozenset({"name", "phone", "email"})


def check(case: Case, cues: Cues) -> tuple[Finding, ...]:
    """Advice on an answer about to be sent. Never raises, whatever the texts hold; the same case, the same advice."""
    if len(words_of(case.answer)) < LEAST_WORDS:
        return (Finding("empty", Severity.SERIOUS, {}),)
    parts = read(case.answer, cues, case.today)
    found: list[Finding] = [*unanswered(case.asks, parts, cues)]
    found += _facts(case, parts)
    found += _law(case, cues)
    found += _language(case)
    found += copied(case, parts, cues)
    found += _forwarding(parts)
    found += _promises(parts)
    found += _personal(case, parts, cues)
    found += _plainness(parts, cues)
    return tuple(found)


def _facts(case: Case, parts: Sequence[Part]) -> Iterator[Finding]:
    body = [part for part in parts if not part.courtesy]
    dated = any(part.dates for part in body)
    if not dated and not any(part.deeds or part.decided or part.numbers for part in body):
        spans = tuple(part.at(span) for part in body for span in part.settled[:1])
        severity = Severity.SERIOUS if case.duty.facts else Severity.ADVICE
        yield Finding("no_facts", severity, {"article": case.duty.article}, spans[:SPANS_AT_MOST])
    if not dated:
        yield Finding("no_date", Severity.NOTE, {})
    if not any(part.person for part in body):
        yield Finding("no_person", Severity.NOTE, {})


def _law(case: Case, cues: Cues) -> Iterator[Finding]:
    """Searched in the whole text: a route may stand in a farewell, and after the first 20,000 characters too."""
    duty = case.duty
    if not (duty.cites_law or duty.complaint_route):
        return
    folded = " ".join(words_of(case.answer))
    if duty.cites_law and not cues.found["law"].search(folded):
        yield Finding("law_not_cited", Severity.SERIOUS, {"article": duty.article})
    if duty.complaint_route and not cues.found["route"].search(folded):
        yield Finding("no_complaint_route", Severity.SERIOUS, {"article": duty.article})


def _language(case: Case) -> Iterator[Finding]:
    wanted, found = case.language, case.reads_as
    if wanted in LANGUAGES and found in LANGUAGES and wanted != found:
        lawful = found in case.duty.also_lawful
        severity = Severity.ADVICE if lawful else Severity.SERIOUS
        yield Finding("wrong_language", severity, {"wanted": wanted, "found": found})


def _forwarding(parts: Sequence[Part]) -> Iterator[Finding]:
    """Passing on is the answer only where nothing else is said."""
    passed = [part for part in parts if part.forwarded]
    if passed and not any(part.deeds or part.settled or part.decided for part in parts):
        spans = tuple(part.at(span) for part in passed for span in part.forwarded)
        yield Finding("forwarded", Severity.SERIOUS, {}, spans[:SPANS_AT_MOST])


def _promises(parts: Sequence[Part]) -> Iterator[Finding]:
    spans: list[Span] = []
    for place, part in enumerate(parts):
        undated = (part.promises or part.vague) and not (part.dates or part.deeds or part.settled)
        if undated and not _day_follows(parts, place):
            spans += [part.at(span) for span in part.promises or part.vague][:1]
    if spans:
        yield Finding("promise_without_date", Severity.ADVICE, {"many": len(spans)}, tuple(spans[:SPANS_AT_MOST]))


def _day_follows(parts: Sequence[Part], place: int) -> bool:
    """«Работы будут выполнены. Срок: до 5 мая.»"""
    return place + 1 < len(parts) and bool(parts[place + 1].dates) and len(parts[place + 1].sentence.words) <= 8


def _personal(case: Case, parts: Sequence[Part], cues: Cues) -> Iterator[Finding]:
    """What the citizen wrote of themselves, and who answers for the matter, are no secrets of others."""
    known = "".join(words_of(case.appeal))
    for one in sorted(case.personal, key=lambda one: (one.start, one.end)):
        if not 0 <= one.start < one.end <= len(case.answer):
            continue
        value = "".join(words_of(case.answer[one.start : one.end]))
        if not value or value in known:
            continue
        if one.kind in _PRIVATE_OF_A_PERSON:
            part = next((part for part in parts if part.sentence.start <= one.start < part.sentence.end), None)
            if part is None or part is parts[-1] or not _of_a_person(case, one, part, cues):
                continue
            yield Finding("personal_data", Severity.ADVICE, {"kind": one.kind}, ((one.start, one.end),))
        elif one.kind in _ALWAYS_PRIVATE:
            yield Finding("personal_data", Severity.SERIOUS, {"kind": one.kind}, ((one.start, one.end),))


def _of_a_person(case: Case, one: Personal, part: Part, cues: Cues) -> bool:
    """A full name that is not of the one who answers nor of the reader; a telephone beside such a name."""
    if cues.found["person"].search(part.sentence.folded):
        return False
    if one.kind == "name":
        words = case.answer[one.start : one.end].split()
        return len(words) > 1 and all(word[0].isupper() for word in words) and not _greeted(part, one.start, cues)
    return any(
        other.kind == "name" and part.sentence.start <= other.start < part.sentence.end for other in case.personal
    )


def _greeted(part: Part, start: int, cues: Cues) -> bool:
    """«Уважаемая Айгуль Сериковна»: whoever the letter is to."""
    begin = max(0, start - part.sentence.start - _GREETING)
    return bool(cues.found["courtesy"].search(part.sentence.folded[begin : start - part.sentence.start]))


def _plainness(parts: Sequence[Part], cues: Cues) -> Iterator[Finding]:
    long = [part for part in parts if len(part.sentence.words) > LONG]
    if long:
        most = max(len(part.sentence.words) for part in long)
        spans = tuple(part.whole for part in long[:SPANS_AT_MOST])
        yield Finding("long_sentences", Severity.NOTE, {"words": most, "many": len(long)}, spans)
    turns = [
        part.at(match.span()) for part in parts for match in cues.found["officialese"].finditer(part.sentence.folded)
    ]
    words = sum(len(part.sentence.words) for part in parts)
    if len(turns) >= MANY_TURNS and len(turns) >= TURNS_PER_WORD * words:
        yield Finding("officialese", Severity.NOTE, {"many": len(turns)}, tuple(turns[:SPANS_AT_MOST]))

"""Is each thing asked answered? Words of the ask, or others that name the same thing, are looked for in the answer.

It says little rather than much: an ask of three words of content with none of them in the answer, or a question without
the kind of fact it asks for.
"""

from collections.abc import Sequence

from dauys.engines.answer_check.cues import Cues, fold
from dauys.engines.answer_check.findings import Ask, Finding, Severity
from dauys.engines.answer_check.reading import Part
from dauys.engines.answer_check.sentences import stem, words_of

LEAST_WORDS = 3  # of content; an ask with fewer may well be answered in other words
_SHOWN = 120  # characters of the ask in a finding


def unanswered(asks: Sequence[Ask], parts: Sequence[Part], cues: Cues) -> list[Finding]:
    """A finding for each ask without an answer, in the order of the asks; `how` is "missing" or "general".

    General: there are several asks, and the answer says only that all is settled.
    """
    body = [part for part in parts if not part.courtesy]
    outcome = any(part.outcome or part.dates for part in body)
    concrete = any(part.deeds or part.decided or part.promises or part.forwarded for part in body)
    found: list[Finding] = []
    for ask in dict.fromkeys(asks):
        if _answered(ask, body, cues) or (len(asks) == 1 and outcome and not _question(ask, cues)):
            continue
        general = outcome and not concrete
        severity = Severity.NOTE if general else Severity.ADVICE
        params: dict[str, str | int] = {"asked": ask.words[:_SHOWN], "how": "general" if general else "missing"}
        found.append(Finding("ask_not_answered", severity, params))
    return found


def content(words: str, cues: Cues) -> set[str]:
    """Stems of what is asked, without the words that ask."""
    return {
        stem(word) for word in words_of(words)
        if len(word) > 2 and not word.isdigit() and not cues.found["asking"].fullmatch(word)
    }  # fmt: skip


def _question(ask: Ask, cues: Cues) -> bool:
    folded = fold(ask.words)
    return any(cues.found[name].search(folded) for name in ("wants_time", "wants_cause", "wants_amount"))


def _answered(ask: Ask, body: Sequence[Part], cues: Cues) -> bool:
    folded = fold(ask.words)
    done = any(part.deeds or part.settled for part in body)
    if cues.found["wants_time"].search(folded):
        return done or any(part.dates or part.forwarded for part in body)
    if cues.found["wants_cause"].search(folded):
        return done or any((part.cause or part.law) and not _opening(part) for part in body)
    if cues.found["wants_amount"].search(folded):
        return done or any(part.numbers for part in body)
    if any(part.decided for part in body):  # confirmed, refused or found to be otherwise: that answers what was asked
        return True
    wanted = {cues.thing(one) for one in content(ask.words, cues)}
    said = {cues.thing(one) for part in body if not _opening(part) for one in part.sentence.stems}
    if wanted & said:
        return True
    if any(part.deeds or part.promises or part.forwarded for part in body):
        return len(wanted) < LEAST_WORDS
    # Nothing here that we know for an outcome: whoever tells numbers, laws or names may still be answering.
    tells = any(part.numbers or part.dates or part.law or part.person for part in body)
    return len(wanted) < LEAST_WORDS and tells and not any(part.settled for part in body)


def _opening(part: Part) -> bool:
    return part.restates and not part.outcome

"""Is this the text of an earlier answer, sent to a different question?"""

from collections.abc import Sequence

from dauys.engines.answer_check.asked import content
from dauys.engines.answer_check.cues import Cues
from dauys.engines.answer_check.findings import Case, Earlier, Finding, Severity, Span
from dauys.engines.answer_check.reading import Part
from dauys.engines.answer_check.sentences import WORD, words_of

RUN = 5  # words that must follow each other in both
COPIED = 0.75  # of the words of the answer
LEAST_WORDS = 12  # besides the frame of the letter
ALIKE = 0.2  # of the words of the shorter question; below, the questions differ
LEAST_ASKED = 3  # words a question must have to be told from another
EARLIER_AT_MOST = 50


def copied(case: Case, parts: Sequence[Part], cues: Cues) -> list[Finding]:
    """At most one finding: the earlier answer to another question from which most was taken."""
    words = [
        (match.group(), part.sentence.start + match.start(), part.sentence.start + match.end())
        for part in parts if not part.courtesy
        for match in WORD.finditer(part.sentence.folded, part.frame)
    ]  # fmt: skip
    if len(words) < LEAST_WORDS:
        return []
    best: tuple[float, Earlier, list[bool]] | None = None
    for one in case.earlier[:EARLIER_AT_MOST]:
        taken = _taken([word for word, _, _ in words], words_of(one.answer))
        share = sum(taken) / len(taken)
        if share >= COPIED and (best is None or share > best[0]) and _differ(case, one, cues):
            best = share, one, taken
    if best is None:
        return []
    share, one, taken = best
    params: dict[str, str | int] = {"share": round(100 * share), "key": one.key}
    return [Finding("copied", Severity.ADVICE, params, _runs(words, taken))]


def _taken(words: Sequence[str], others: Sequence[str]) -> list[bool]:
    """For each word, whether it stands in a run of words that the other text has too."""
    known = {tuple(others[i : i + RUN]) for i in range(len(others) - RUN + 1)}
    taken = [False] * len(words)
    for i in range(len(words) - RUN + 1):
        if tuple(words[i : i + RUN]) in known:
            taken[i : i + RUN] = [True] * RUN
    return taken


def _differ(case: Case, one: Earlier, cues: Cues) -> bool:
    """Whether the two appeals ask different things, as far as their words and topics tell."""
    if case.topic and case.topic == one.topic:
        return False
    ours, theirs = (content(f"{text.appeal} {text.topic}", cues) for text in (case, one))
    fewer, shared = min(len(ours), len(theirs)), len(ours & theirs)
    return fewer >= LEAST_ASKED and shared <= 1 and shared < ALIKE * fewer


def _runs(words: Sequence[tuple[str, int, int]], taken: Sequence[bool]) -> tuple[Span, ...]:
    spans: list[Span] = []
    open_run = False
    for (_, start, end), inside in zip(words, taken, strict=True):
        if inside:
            spans[-1:] = [(spans[-1][0], end)] if open_run else [*spans[-1:], (start, end)]
        open_run = inside
    return tuple(spans)

"""What each sentence of an answer does: tells a deed, decides, promises, passes on; and which facts it holds."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from dauys.engines.answer_check.cues import Cues
from dauys.engines.answer_check.findings import Span
from dauys.engines.answer_check.sentences import Sentence, dates, sentences

_NUMBER = re.compile(r"\d+(?:[.,]\d+)?")
_SIGN = re.compile(r"№|\bno\.?\s*$|\bn\s*$")
_NOT = re.compile(r"\b(?:не|не были|не было|емес|not|never)\s*$")
_NAME = re.compile(
    r"[А-ЯЁӘҒҚҢӨҰҮІ]\.\s?[А-ЯЁӘҒҚҢӨҰҮІ]\.\s?[А-ЯЁӘҒҚҢӨҰҮІ][а-яёәғқңөұүһі]{2,}|"
    r"[А-ЯЁӘҒҚҢӨҰҮІ][а-яёәғқңөұүһі]{2,}\s[А-ЯЁӘҒҚҢӨҰҮІ]\.\s?[А-ЯЁӘҒҚҢӨҰҮІ]\."
)
_NUMBERED = re.compile(r"\s*(?:г(?:ода?)?\b\.?|ж(?:ыл\w*)?\b\.?)?\s*(?:\w+\s)?(?:№|n\b|no\b)")
_YEAR = re.compile(r"(?:19|20)\d\d")
_NEAR = 40  # characters between a word and the number that belongs to it


@dataclass(frozen=True, eq=False)
class Part:
    """One sentence and what it does, its frame («на ваше обращение сообщаем») left out.

    Spans are places in the sentence. Days of documents and numbers of places, laws and of the appeal itself are not
    among `dates` and `numbers`.
    """

    sentence: Sentence
    courtesy: bool
    restates: bool  # speaks of the appeal itself
    frame: int  # how many characters of it are frame
    deeds: tuple[Span, ...]
    settled: tuple[Span, ...]
    decided: tuple[Span, ...]
    forwarded: tuple[Span, ...]
    promises: tuple[Span, ...]
    vague: tuple[Span, ...]
    dates: tuple[Span, ...]
    numbers: tuple[Span, ...]
    law: bool
    person: bool
    cause: bool

    @property
    def outcome(self) -> bool:
        return bool(self.deeds or self.settled or self.decided or self.promises or self.forwarded)

    def at(self, span: Span) -> Span:
        return self.sentence.start + span[0], self.sentence.start + span[1]

    @property
    def whole(self) -> Span:
        return self.sentence.start, self.sentence.end


def read(text: str, cues: Cues, today: date | None = None) -> list[Part]:
    """Every sentence of an answer with what it tells. `today` decides which days lie ahead."""
    return [_part(sentence, cues, today) for sentence in sentences(text, cues)]


def _part(sentence: Sentence, cues: Cues, today: date | None) -> Part:
    folded = sentence.folded
    references = _spans("reference", folded, 0, cues)
    telling = cues.found["telling"].search(folded) if references else None
    frame = telling.end() if telling else 0

    def spans(name: str) -> tuple[Span, ...]:
        return _spans(name, folded, frame, cues)

    laws, places = spans("law"), spans("place")
    promises = tuple(span for span in spans("promise") if not _NOT.search(folded[: span[0]]))
    # What will be done has not been done, and «не убран» is no deed either.
    settled = () if promises else tuple(span for span in spans("settled") if not _NOT.search(folded[: span[0]]))
    hollow = () if promises else spans("hollow")
    # «Замечания устранены» tells no deed, «граффити устранены» does.
    done = () if promises else tuple(
        span for span in spans("deed") if not _NOT.search(folded[: span[0]]) and not _inside(span, hollow)
    )  # fmt: skip
    every_date = dates(sentence, cues)
    alive = tuple(
        span for span in every_date
        if not _of_a_paper(folded, span, references) and not _long_ago(folded[span[0] : span[1] + 8], today)
    )  # fmt: skip
    numbers = tuple(
        match.span() for match in _NUMBER.finditer(folded)
        if not _inside(match.span(), every_date) and not _named(folded, match, [*laws, *places, *references])
    )  # fmt: skip
    forwarded = () if cues.found["own_step"].search(folded) else spans("forwarded")
    decided = () if forwarded else spans("decided")
    says = bool(done or settled or hollow or decided or forwarded or promises)
    return Part(
        sentence,
        courtesy=not says and len(sentence.words) < 8 and cues.found["courtesy"].match(folded) is not None,
        restates=bool(references),
        frame=frame,
        deeds=done,
        settled=tuple(sorted({*settled, *hollow})),
        decided=decided,
        forwarded=forwarded,
        promises=promises,
        vague=spans("vague_time"),
        dates=alive,
        numbers=numbers,
        law=bool(laws),
        person=bool(spans("person")) or bool(_NAME.search(sentence.text)),
        cause=bool(spans("cause")),
    )


def _spans(name: str, folded: str, start: int, cues: Cues) -> tuple[Span, ...]:
    return tuple(match.span() for match in cues.found[name].finditer(folded, start))


def _long_ago(words: str, today: date | None) -> bool:
    """The day of a convention or a law is no fact of the matter."""
    year = _YEAR.search(words)
    return bool(year and today and int(year.group()) < today.year - 2)


def _of_a_paper(folded: str, span: Span, references: Sequence[Span]) -> bool:
    """«постановление от 09.11.2016 № 961», «на ваше обращение от 3 мая»: the day of a paper, not of a deed."""
    if _NUMBERED.match(folded, span[1]):
        return True
    before = folded[: span[0]].rstrip()
    if not before.endswith((" от", " of", " dated")):
        return "№" in folded[max(0, span[0] - 24) : span[0]] and any(_close(one, span) for one in references)
    # «обращение, поступившее на портал …, № 326 от 12.03»: far from its word, but with a number before.
    return "№" in folded[max(0, span[0] - 24) : span[0]] or any(_close(one, span) for one in references)


def _close(word: Span, span: Span) -> bool:
    return 0 <= span[0] - word[1] <= _NEAR


def _named(folded: str, match: re.Match[str], owners: Sequence[Span]) -> bool:
    """A number that only names a place, a law, the appeal or a paper."""
    before = folded[max(0, match.start() - 4) : match.start()]
    if _SIGN.search(before.rstrip()) and len(match.group()) > 3:
        return True
    if match.start() == 0 and folded[match.end() : match.end() + 1] in (".", ")"):  # a point of a list
        return True
    return any(one[0] <= match.start() and match.start() - one[1] <= _NEAR for one in owners)


def _inside(span: Span, spans: Sequence[Span]) -> bool:
    return any(one[0] <= span[0] and span[1] <= one[1] for one in spans)

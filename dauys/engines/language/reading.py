"""From points to an answer: the language of each text, of each sentence, and why."""

import re
from collections.abc import Collection, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from dauys.engines.language.letters import (
    CYRILLIC,
    KAZAKH,
    KAZAKH_LETTERS,
    KIND,
    LATIN,
    NATIVE,
    OTHER_SCRIPT,
    READ_AT_MOST,
    Counts,
    Flags,
    Words,
    cut,
    spell,
)
from dauys.engines.language.model import Model, packaged, weigh

CODES = ("kk", "ru", "en")
AT_ONCE = 2_000
"""Texts read together: enough for speed, and their arrays still fit the processor's cache."""
RARELY_OTHER = 3.0
"""Points taken from "another language" beforehand: an institution of this country is seldom written to in one."""
NOT_RUSSIAN = 8.0
"""Points by which a word with a letter that Russian lacks is less Russian than Kazakh, whatever else it resembles."""
LOAN_AT_MOST = 5.0
"""Points by which one word may be more Russian than Kazakh: Kazakh is full of Russian loans, Russian of none back."""
RARELY_LATIN = 2.0
"""The same for Kazakh and Russian in Latin letters, beside English."""
SURE_SENTENCE, SENTENCE_WORDS = 0.9, 2
SECOND_WORDS, SECOND_SHARE = 3, 0.12
"""The second language of a mixed text: at least three words, and an eighth of the first's."""
CHANGE = 14.0
"""Points by which both halves of one sentence must speak for different languages."""
WORD_AT_MOST = 6.0  # what a single word may add to such a change
FEW_LETTERS, LITTLE_SURE = 2, 0.6
"""A text of one or two letters («ОК») is hardly a text: its language is never said more surely than this."""
RELATIVE = 3
"""Words with ә, ң, ө or ү in a text without one қ, ғ, ұ or і: Kazakh spells otherwise, its relatives do not."""
DECIDING = 1.0  # points by which a word must speak for the language to be named as a reason

Floats = NDArray[np.float32]

_NOT_WORDS = re.compile(
    r"<[^<>]{1,300}>|&[a-z]{2,8};|(?:https?://|www\.)\S{1,300}|[\w.+-]{1,64}@[\w.-]{1,255}", re.IGNORECASE
)
_SENTENCE = re.compile(r"[^.!?…;\n\r\u2028\u2029]+[.!?…;\n\r\u2028\u2029]*")
_TYPED_FOR_Q = re.compile("[кг]ы|ы[кг]", re.IGNORECASE)  # native spelling has қ or ғ beside ы


class Language(NamedTuple):
    """What a text is written in.

    `code` is kk, ru, en, mixed or unknown; `confidence` runs from 0 to 1, is 0 for unknown, and is meant as a
    frequency: of texts said to be 0.9 sure, nine in ten are right. `reasons` are (kind, what) pairs; kind is letters
    (Kazakh ones met), words (that spoke loudest), script (latin, other), language (other: resembles one not known
    here) or sentences (the two languages of a mixed text). `spelling` tells how Kazakh or Russian was typed: "" in its
    own letters, "russian-keyboard" or "latin".
    """

    code: str
    confidence: float
    reasons: tuple[tuple[str, str], ...] = ()
    spelling: str = ""


class Sentence(NamedTuple):
    """One sentence of a text, text[start:end], with the language it is in."""

    start: int
    end: int
    code: str
    confidence: float = 0.0
    spelling: str = ""


class _Units(NamedTuple):
    """Texts or sentences judged: chances of kk, ru, en and another language, and what they were judged by."""

    chances: Floats  # units x 4
    latin: Flags
    foreign: Flags
    letters: Floats  # of the alphabet judged
    words: Counts  # of the alphabet judged
    kazakh: Counts  # of these, with Kazakh letters


def identify(text: str) -> Language:
    """Say which language a text is in and why; only its first 20,000 characters are read.

    Texts without letters, in other scripts or other languages are unknown. A text is mixed when two languages are each
    plain in it, by whole sentences or by halves of one; single borrowed words never make a text mixed.
    """
    return identify_many([text], reasons=True)[0]


def identify_many(
    texts: Sequence[str], *, among: Collection[str] = (), reasons: bool = False, model: Model | None = None
) -> list[Language]:
    """The same for many texts at once, several times faster. Reasons are left out unless asked for.

    `among` limits the answer to these codes of kk, ru, en, each in its own alphabet, as other readers take them: no
    mixed, no Kazakh in Latin letters, and unknown only where neither alphabet can be read.
    """
    used = model or packaged()
    found: list[Language] = []
    for begin in range(0, len(texts), AT_ONCE):
        found.extend(_identify(texts[begin : begin + AT_ONCE], used, among, reasons))
    return found


def sentences(text: str) -> tuple[Sentence, ...]:
    """The sentences of a text that hold words, with a language for each (kk, ru, en, mixed or unknown)."""
    spans = [match.span() for match in _SENTENCE.finditer(_plain([text[:READ_AT_MOST]])[0])]
    told = identify_many([text[start:end] for start, end in spans])
    return tuple(
        Sentence(start, end, one.code, one.confidence, one.spelling)
        for (start, end), one in zip(spans, told, strict=True)
        if any(c.isalpha() for c in text[start:end])
    )


def _plain(texts: Sequence[str]) -> Sequence[str]:
    """Texts with tags, addresses and links blanked out, of the same length."""
    whole = "".join(texts)
    if not ("<" in whole or "&" in whole or "@" in whole or "://" in whole or "www." in whole):
        return texts
    return [_NOT_WORDS.sub(lambda met: " " * len(met.group()), text[:READ_AT_MOST]) for text in texts]


def _identify(texts: Sequence[str], model: Model, among: Collection[str], reasons: bool) -> list[Language]:
    words = cut(_plain(texts))
    answers = [Language("unknown", 0.0)] * len(texts)
    if not len(words.start):
        return answers
    points = weigh(words, model)
    lettered = (words.kind & (KAZAKH | CYRILLIC)) == (KAZAKH | CYRILLIC)
    points[lettered, 1] = np.minimum(points[lettered, 1], points[lettered, 0] - NOT_RUSSIAN)
    points[:, 0] = np.maximum(points[:, 0], points[:, 1] - LOAN_AT_MOST)
    first = np.flatnonzero(np.diff(words.text, prepend=-1))
    whole = _judge(words, points, first, model)
    last = np.append(first[1:], len(words.start))
    mixed = {} if among else _mixed(words, points, model)
    chances = whole.chances
    if among:
        allowed = np.array([*(code in among for code in CODES), False])
        own = np.where(whole.latin[:, None], [False, False, True, False], [True, True, False, False])
        chances = np.where(allowed & own, np.maximum(chances, 1e-9), 0)
        chances /= np.maximum(chances.sum(axis=1, keepdims=True), 1e-9)
    best = chances.argmax(axis=1)
    sure = chances[np.arange(len(best)), best]
    sure = np.where(whole.letters <= FEW_LETTERS, np.minimum(sure, LITTLE_SURE), sure)
    own_letters = whole.kazakh * 8 >= whole.words
    rows = zip(
        words.text[first].tolist(), best.tolist(), sure.tolist(), whole.latin.tolist(), whole.foreign.tolist(),
        own_letters.tolist(), whole.words.tolist(), strict=True,
    )  # fmt: skip
    for unit, (text, which, how_sure, latin, foreign, own, many) in enumerate(rows):
        if (both := mixed.get(text)) is not None:
            answers[text] = both
            continue
        why: tuple[tuple[str, str], ...] = ()
        if foreign or which == 3 or how_sure < 0.5:
            if reasons:
                why = (("script", "other"),) if foreign else (("language", "other"),) if which == 3 else ()
                answers[text] = Language("unknown", 0.0, why)
            continue
        spelling = ""
        if latin and which != 2:
            spelling = "latin"
        elif which == 0 and not own and (many > 2 or _TYPED_FOR_Q.search(texts[text])):
            # Every other Kazakh word has a letter of its own: three without one are no chance.
            spelling = "russian-keyboard"
        if reasons:
            why = _reasons(words, points, slice(first[unit], last[unit]), which, latin)
        answers[text] = Language(CODES[which], round(how_sure, 3), why, spelling)
    return answers


def _judge(words: Words, points: Floats, first: Counts, model: Model) -> _Units:
    """Judge units of successive words, each beginning at first[i], by the alphabet that most of its letters have."""
    size = (words.end - words.start).astype(np.float32)
    cyrillic, latin = (words.kind & CYRILLIC) != 0, (words.kind & LATIN) != 0
    latin &= ~cyrillic
    strange = ~cyrillic & ~latin & ((words.kind & OTHER_SCRIPT) != 0)
    sizes = np.add.reduceat(np.stack([size * cyrillic, size * latin, size * strange], axis=1), first)
    by_latin = sizes[:, 1] > sizes[:, 0]
    letters = np.where(by_latin, sizes[:, 1], sizes[:, 0])
    unit = np.repeat(np.arange(len(first)), np.diff(np.append(first, len(words.start))))
    counted = np.where(by_latin[unit], latin, cyrillic)
    summed = np.add.reduceat(points * counted[:, None], first) + model.bias[by_latin.astype(np.int8)]
    summed *= (model.sureness[0] / np.sqrt(1 + model.sureness[1] * letters))[:, None]
    summed[:, 3] -= RARELY_OTHER
    summed[:, 2] -= RARELY_OTHER * ~by_latin
    summed[:, :2] -= RARELY_LATIN * by_latin[:, None]
    kazakh = np.add.reduceat((words.kind & KAZAKH) != 0, first, dtype=np.int64)
    native = np.add.reduceat((words.kind & NATIVE) != 0, first, dtype=np.int64)
    summed -= summed.max(axis=1, keepdims=True)
    chances = np.exp(summed)
    chances /= chances.sum(axis=1, keepdims=True)
    other = chances[:, 3] + np.where(by_latin, 0, chances[:, 2])
    relative = (kazakh >= RELATIVE) & (native == 0) & ~by_latin
    other += chances[:, 0] * relative
    chances[:, 0] *= ~relative
    chances[:, 2] *= by_latin
    chances[:, 3] = other
    return _Units(
        chances, by_latin, (sizes[:, 2] > letters) | (letters == 0), letters,
        np.add.reduceat(counted, first, dtype=np.int64), kazakh,
    )  # fmt: skip


def _mixed(words: Words, points: Floats, model: Model) -> dict[int, Language]:
    """The texts of a batch that are in two languages."""
    first = np.flatnonzero(np.diff(words.sentence, prepend=-1))
    text = words.text[first]
    many = np.diff(np.append(first, len(words.start)))
    changing = _changing(words, points, first, many)
    several = np.bincount(text, minlength=int(text[-1]) + 1)[text] > 1
    candidates = np.flatnonzero(several | (changing > 0))
    if not len(candidates):
        return {}
    judged = _judge(words, points, first, model)
    best = judged.chances.argmax(axis=1)
    clear = (judged.chances.max(axis=1) >= SURE_SENTENCE) & (best < 3) & ~judged.foreign & (many >= SENTENCE_WORDS)
    changing = np.where(best < 3, changing, 0)  # a relative of both seems to change at every word
    tally: dict[int, list[int]] = {}
    for unit in candidates[clear[candidates] | (changing[candidates] > 0)].tolist():
        counts = tally.setdefault(int(text[unit]), [0, 0, 0])
        if changing[unit]:
            kazakh = int(changing[unit])
            counts[0] += kazakh
            counts[1] += int(many[unit]) - kazakh
        else:
            counts[int(best[unit])] += int(many[unit])
    found: dict[int, Language] = {}
    for owner, counts in tally.items():
        (most, one), (fewer, two) = sorted(((n, code) for n, code in zip(counts, CODES, strict=True)), reverse=True)[:2]
        if fewer >= SECOND_WORDS and fewer >= SECOND_SHARE * most:
            confidence = round(min(0.95, 0.6 + fewer / (most + fewer)), 3)
            found[owner] = Language("mixed", confidence, (("sentences", one), ("sentences", two)))
    return found


def _changing(words: Words, points: Floats, first: Counts, many: Counts) -> Counts:
    """For each sentence that goes over from Kazakh to Russian or back: how many of its words are Kazakh, else 0."""
    found = np.zeros(len(first), np.int64)
    speaks = np.clip(points[:, 0] - points[:, 1], -WORD_AT_MOST, WORD_AT_MOST)
    speaks[(words.kind & CYRILLIC) == 0] = 0
    running = np.cumsum(speaks, dtype=np.float64)
    before = running[first] - speaks[first]
    total = running[first + many - 1] - before
    high, low = np.maximum.reduceat(running, first) - before, np.minimum.reduceat(running, first) - before
    to_russian, to_kazakh = np.minimum(high, high - total), np.minimum(-low, total - low)
    for unit in np.flatnonzero((np.maximum(to_russian, to_kazakh) >= CHANGE) & (many >= 2 * SECOND_WORDS)).tolist():
        part = running[first[unit] : first[unit] + many[unit]]
        kazakh_first = to_russian[unit] >= to_kazakh[unit]
        at = int(part.argmax() if kazakh_first else part.argmin()) + 1
        kazakh = at if kazakh_first else int(many[unit]) - at
        if SECOND_WORDS <= kazakh <= many[unit] - SECOND_WORDS:
            found[unit] = kazakh
    return found


def _reasons(words: Words, points: Floats, part: slice, which: int, latin: bool) -> tuple[tuple[str, str], ...]:
    found: list[tuple[str, str]] = []
    starts, ends = words.start[part], words.end[part]
    if which == 0:
        met = np.unique(words.letters[starts[0] : ends[-1]])
        letters = spell(met[(KIND[met] & KAZAKH) != 0])
        if letters:
            found.append(("letters", " ".join(sorted(letters, key=KAZAKH_LETTERS.index))))
    rivals = np.delete(points[part], which, axis=1)
    lead = points[part, which] - rivals.max(axis=1)
    strongest = [int(i) for i in np.argsort(-lead, kind="stable") if lead[i] >= DECIDING]
    spelled = list(dict.fromkeys(spell(words.letters[starts[i] : ends[i]]) for i in strongest[:6]))[:3]
    if spelled:
        order = {spell(words.letters[starts[i] : ends[i]]): i for i in reversed(strongest[:6])}
        found.append(("words", " ".join(sorted(spelled, key=order.__getitem__))))
    if latin and which != 2:
        found.append(("script", "latin"))
    return tuple(found)

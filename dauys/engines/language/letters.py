"""Texts as arrays of letter numbers: small letters, words cut, look-alikes of the two alphabets told apart.

Everything here works on a whole batch of texts at once, in a fixed number of passes over its characters.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

READ_AT_MOST = 20_000
"""Characters of a text that are read: its language is plain long before this."""
LONGEST_WORD = 40
"""A longer run of letters is no word."""

Numbers = NDArray[np.uint16]
Counts = NDArray[np.int64]
Flags = NDArray[np.bool_]

KAZAKH_LETTERS = "әғқңөұүһі"
FOLD = dict(zip("әғқңөұүһіё", "агкноуухие", strict=True))
"""What stands for a Kazakh letter on a Russian keyboard."""

_CYRILLIC = "".join(chr(c) for c in (*range(0x430, 0x460), *range(0x461, 0x482, 2), *range(0x48B, 0x530)))
_LATIN = "".join(chr(c) for c in (*range(0x61, 0x7B), *range(0xDF, 0x250), *range(0x1E00, 0x1F00), 0x259, 0x275))
_LOOKALIKES = dict(zip("aceopxykmtbhiəɵ", "асеорхукмтвніәө", strict=True))
_JOINERS = (0xAD, *range(0x300, 0x370), *range(0x200B, 0x200E), 0x2060, 0xFEFF)
_SENTENCE_ENDS = ".!?…;\n\r\u2028\u2029"

OUTSIDE, FOREIGN, _IGNORED = 0, 1, 0xFFFF
CYRILLIC, LATIN, KAZAKH, OTHER_SCRIPT, NATIVE = 1, 2, 4, 8, 16
"""What is met in a word: a Cyrillic letter, a Latin one, a Kazakh one, a letter of another script; one of қ ғ ұ і,
which the Cyrillic alphabets of the nearest relatives of Kazakh lack."""


def _tables() -> tuple[NDArray[np.uint16], Flags, NDArray[np.uint8], Numbers, Numbers, dict[str, int], str]:
    cyrillic = [c for c in dict.fromkeys(_CYRILLIC) if c.islower()]
    latin = [c for c in dict.fromkeys(_LATIN) if c.islower()]
    alphabet = cyrillic + latin
    number = {letter: n for n, letter in enumerate(alphabet, start=2)}
    by_code = np.zeros(0x10001, np.uint16)  # the last place stands for all planes above the first
    for code in range(0x80, 0x10000):
        letter = chr(code)
        if letter.isalpha():
            by_code[code] = FOREIGN
    for code in range(0x41, 0x1F00):
        small = chr(code).lower()[:1]  # İ becomes i and a dot
        if small in number:
            by_code[code] = number[small]
    by_code[0x10000] = OUTSIDE
    by_code[list(_JOINERS)] = _IGNORED
    ends = np.zeros(0x10001, np.bool_)
    ends[[ord(c) for c in _SENTENCE_ENDS]] = True
    kind = np.zeros(len(alphabet) + 2, np.uint8)
    kind[FOREIGN] = OTHER_SCRIPT
    kind[2 : 2 + len(cyrillic)] = CYRILLIC
    kind[2 + len(cyrillic) :] = LATIN
    for letter in KAZAKH_LETTERS:
        kind[number[letter]] |= KAZAKH | (NATIVE if letter in "қғұі" else 0)
    fold = np.arange(len(alphabet) + 2, dtype=np.uint16)
    for letter, plain in FOLD.items():
        fold[number[letter]] = number[plain]
    same_look = np.arange(len(alphabet) + 2, dtype=np.uint16)
    for letter, twin in _LOOKALIKES.items():
        same_look[number[letter]] = number[twin]
    return by_code, ends, kind, fold, same_look, number, "  " + "".join(alphabet)


_BY_CODE, _ENDS, KIND, FOLDED, _SAME_LOOK, NUMBER, ALPHABET = _tables()


@dataclass(frozen=True, slots=True)
class Words:
    """The words of a batch of texts, one after the other.

    `letters` holds every character of the batch (0 outside words); word i is letters[start[i]:end[i]] and begins at
    character place[i] of its own text; `kind` says what letters it has; `text` and `sentence` say whose it is, the
    latter counted through the whole batch. Runs that are no word (one letter repeated, longer than 40) are left out.
    """

    letters: Numbers
    start: Counts
    end: Counts
    kind: NDArray[np.uint8]
    text: Counts
    sentence: Counts
    place: Counts


def cut(texts: Sequence[str]) -> Words:
    """Cut texts into words. Only the first 20,000 characters of a text are read."""
    texts = [text if len(text) <= READ_AT_MOST else text[:READ_AT_MOST] for text in texts]
    lengths = np.fromiter((len(text) + 1 for text in texts), np.int64, len(texts))
    codes = np.frombuffer(("\n" + "\n".join(texts) + "\n").encode("utf-32-le", "surrogatepass"), np.uint32)
    codes = np.minimum(codes, 0x10000)
    letters = _BY_CODE[codes]
    ends_before = _ENDS[codes]
    places: Counts | None = None
    if (ignored := letters == _IGNORED).any():
        places = np.flatnonzero(~ignored)
        letters, ends_before = letters[places], ends_before[places]
    inside = letters != OUTSIDE
    edges = np.flatnonzero(np.diff(inside.view(np.int8), prepend=np.int8(0), append=np.int8(0)))
    start, end = edges[::2], edges[1::2]
    if not len(start):
        empty = np.zeros(0, np.int64)
        return Words(letters, empty, empty, np.zeros(0, np.uint8), empty, empty, empty)
    kinds = KIND[letters]
    kind = np.bitwise_or.reduceat(kinds, start)
    if (both := (kind & (CYRILLIC | LATIN)) == (CYRILLIC | LATIN)).any():
        letters, kind = _one_alphabet(letters, kinds, start, end, kind, both)
    changes = np.add.reduceat((letters != np.roll(letters, 1)).view(np.uint8), start, dtype=np.int64)
    size = end - start
    # Two changes are the first letter and the character after the word: one letter over and over.
    kept = ((size < 3) | (changes > 2) | (kind == OTHER_SCRIPT)) & (size <= LONGEST_WORD)
    if not kept.all():
        letters = np.where(_within(start[kept], end[kept], len(letters)), letters, OUTSIDE)
        start, end, kind = start[kept], end[kept], kind[kept]
    whole = start if places is None else places[start]
    first = 1 + np.cumsum(lengths) - lengths
    text = np.searchsorted(first, whole, side="right") - 1
    sentence = np.cumsum(ends_before, dtype=np.int64)[start]
    return Words(letters, start, end, kind, text, sentence, whole - first[text])


def _one_alphabet(
    letters: Numbers, kinds: NDArray[np.uint8], start: Counts, end: Counts, kind: NDArray[np.uint8], both: Flags
) -> tuple[Numbers, NDArray[np.uint8]]:
    """In a word of both alphabets a Latin letter that looks like a Cyrillic one is that Cyrillic one."""
    within = _within(start[both], end[both], len(letters))
    letters = np.where(within & (kinds == LATIN), _SAME_LOOK[letters], letters)
    return letters, np.bitwise_or.reduceat(KIND[letters], start)


def _within(start: Counts, end: Counts, size: int) -> Flags:
    """Which characters lie in these words."""
    edges = np.zeros(size + 1, np.int8)
    edges[start] = 1
    edges[end] = -1  # a word never begins where another ends
    return np.cumsum(edges[:-1], dtype=np.int8).view(np.bool_)


def spell(letters: Numbers) -> str:
    """The letters as a word, for the eye."""
    return "".join(ALPHABET[n] for n in letters)

"""Words of appeals with personal data hidden, for readers who do not answer them.

What is stored stays as the citizen wrote it; only a copy on its way to a page is masked. The office that acts or
answers reads the original on the appeal's own page; lists, excerpts and triage show these copies.
"""

from collections.abc import Collection, Iterable

from django.utils.translation import get_language

from dauys.engines import personal
from dauys.engines.search_terms import Piece
from dauys.engines.search_terms import excerpt as _excerpt

MARGIN = 100
"""Letters read beyond each edge of a cut text: the half of a number tells nobody that it is one, and neither does a
number without the word before it."""


def for_colleagues(text: str, language: str | None = None, *, most: int = 0) -> str:
    """For officers whose matter it is not: numbers, cards, telephones and the like hidden, names and places left.

    Labels stand in `language`, the reader's own where none is told. With `most` only so many letters are kept, and no
    more than the text's beginning is read, whatever its length.
    """
    return _masked(text, personal.Level.COLLEAGUES, language, most)


def for_public(text: str, language: str | None = None, *, most: int = 0) -> str:
    """For everybody: all that `engines.personal` finds is hidden, names, addresses, health and family too."""
    return _masked(text, personal.Level.PUBLIC, language, most)


def first_words(text: str, *, most: int, language: str | None = None) -> str:
    """The beginning for a list of colleagues: one line of at most `most` letters, cut between words."""
    # Labels are shorter than many a number: what is read is longer than what is kept. A text that comes in cut already
    # may end in half a number.
    whole = max(most, len(text) - MARGIN) if text.endswith("…") else len(text)
    line = " ".join(for_colleagues(text, language, most=min(3 * most, whole)).split())
    return line if len(line) <= most else line[: most - 1].rsplit(" ", 1)[0] + "…"


def excerpt(text: str, terms: Collection[str], *, around: int, language: str | None = None) -> list[Piece]:
    """The place where the words asked for stand closest, masked for colleagues, these words marked; see
    `search_terms.excerpt`.
    """
    pieces = _excerpt(text, terms, around=around + MARGIN)
    is_begun, is_ended = (bool(pieces) and pieces[at] == Piece("…", False) for at in (0, -1))
    wide = "".join(piece.text for piece in pieces)
    view = _view(wide, personal.Level.COLLEAGUES, language)
    start = view.to_view(MARGIN) if is_begun and len(wide) > 2 * MARGIN else 0
    stop = view.to_view(len(wide) - MARGIN) if is_ended and len(wide) > 2 * MARGIN else len(view.text)
    inner = view.text[start:stop]
    if start:
        inner = inner.partition(" ")[2] or inner
    if stop < len(view.text):
        inner = inner.rpartition(" ")[0] or inner
    shown = _excerpt(inner, terms, around=around)
    if start and shown[:1] != [Piece("…", False)]:
        shown.insert(0, Piece("…", False))
    if stop < len(view.text) and shown[-1:] != [Piece("…", False)]:
        shown.append(Piece("…", False))
    return shown


def standing(words: Iterable[str], seen: str) -> list[str]:
    """Those of the words that stand in a masked text: a reason must not give away what the text hides."""
    seen = seen.casefold()
    return [word for word in words if word.casefold() in seen]


def _masked(text: str, level: personal.Level, language: str | None, most: int) -> str:
    if not most or len(text) <= most:
        return _view(text, level, language).text
    view = _view(text[: most + MARGIN], level, language)
    return view.text[: view.to_view(most)].rstrip() + "…"


def _view(text: str, level: personal.Level, language: str | None) -> personal.View:
    told = (language or get_language() or "")[:2]
    return personal.mask(text, personal.find(text), level, language=told)

"""A text as numbered words, each with its place in the original."""

import re
from functools import lru_cache

from dauys.engines.places.letters import folded

_WORD = re.compile(r"[^\W_]+(?:['’ʼ](?=[^\W\d_])[^\W_]+)?")
_UPPER = re.compile(r"[A-ZА-ЯЁӘҒҚҢӨҰҮҺІ]")
_LOWER = re.compile(r"[a-zа-яёәғқңөұүһі]")


@lru_cache(maxsize=1 << 15)
def _shape(raw: str) -> tuple[str, bool]:
    return folded(raw), raw[:1].isupper()


class Words:
    """`fold`, `starts`, `ends`, `capital` run in parallel: one item for each word of the text."""

    __slots__ = ("capital", "ends", "fold", "starts", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        self.fold: list[str] = []
        self.starts: list[int] = []
        self.ends: list[int] = []
        self.capital: list[bool] = []
        for match in _WORD.finditer(text):
            fold, capital = _shape(match.group())
            self.fold.append(fold)
            self.capital.append(capital)
            self.starts.append(match.start())
            self.ends.append(match.end())
        shouted = len(_UPPER.findall(text, 0, 2000)) > 2 * len(_LOWER.findall(text, 0, 2000))
        if shouted and len(self.fold) > 3:  # in a text all of capitals a capital tells nothing
            self.capital = [False] * len(self.fold)
        self._join()

    def _join(self) -> None:
        """р-н, пр-т, б-р, кв-л, с/о, к-сі … become one word, with all their forms."""
        fold, gone = self.fold, set[int]()
        for at in range(len(fold) - 1):
            if len(fold[at]) <= 2 and len(fold[at + 1]) <= 2 and at not in gone:
                joined = _JOINED.get((fold[at], fold[at + 1]))
                if joined and self.between(at) in _HOLDS:
                    fold[at] = joined
                    self.ends[at] = self.ends[at + 1]
                    gone.add(at + 1)
        if gone:
            for name in ("fold", "starts", "ends", "capital"):
                setattr(self, name, [item for at, item in enumerate(getattr(self, name)) if at not in gone])

    def __len__(self) -> int:
        return len(self.fold)

    def at(self, place: int) -> str:
        """The folded word there, or nothing beyond either end."""
        return self.fold[place] if 0 <= place < len(self.fold) else ""

    def between(self, place: int) -> str:
        """What stands between that word and the next."""
        if not 0 <= place < len(self.fold) - 1:
            return ""
        return self.text[self.ends[place] : self.starts[place + 1]]

    def after(self, place: int, length: int = 2) -> str:
        """The signs right behind a word."""
        return self.text[self.ends[place] : self.ends[place] + length]

    def raw(self, first: int, last: int) -> str:
        """The text of words first … last (inclusive), as typed."""
        return self.text[self.starts[first] : self.ends[last]]

    def begins_sentence(self, place: int) -> bool:
        """Whether a capital there tells nothing but the beginning of a sentence."""
        if place == 0:
            return True
        gap = self.text[self.ends[place - 1] : self.starts[place]]
        if "\n" in gap:
            return True
        mark = gap.strip()[-1:]
        # A full stop after one or two letters shortens a word: г., с., ул.
        return mark in ("!", "?", "…") or (mark == "." and self.ends[place - 1] - self.starts[place - 1] > 3)

    def close(self, place: int) -> bool:
        """Whether that word and the next belong to one phrase: at most a space, a hyphen or a quote between them."""
        gap = self.between(place)
        return bool(gap) and all(sign in " \u00a0\t-–—«\"“'" for sign in gap)


_HOLDS = {"-", "–", "/", ".", ". ", " - ", "- ", "\\"}
_JOINED = {
    **{("р", "н" + ending): "район" for ending in ("", "а", "е", "у")},
    **{("п" + r, "т" + ending): "проспект" for r in ("р",) for ending in ("", "а", "е", "у")},
    ("пр", "кт"): "проспект", ("пр", "д"): "проезд", ("б", "р"): "бульвар", ("кв", "л"): "квартал", ("с", "о"): "округ",
    ("а", "о"): "округ", ("к", "си"): "кошеси", ("ы", "а"): "ыкшамаудан",
    ("ш", "а"): "шагынаудан", ("м", "н"): "мкрн", ("ж", "м"): "жилмассив",
    ("д", "с"): "детсад", ("д", "к"): "дк",
}  # fmt: skip

"""The trained classifier: it answers with numpy alone."""

from collections.abc import Iterable, Mapping, Sequence
from threading import Lock
from typing import Any

import numpy as np
import numpy.typing as npt

from dauys.engines.topics import file, roles
from dauys.engines.topics.corrections import Memory, unit
from dauys.engines.topics.features import (
    F32,
    FIELD,
    OWN_SQUARE,
    PAIR,
    PLACES,
    Ints,
    Spoken,
    field_places,
    kept_apart,
    plain,
    word_places,
)
from dauys.engines.topics.guess import Doubt, Guess, softmax

_REMEMBERED = 60_000  # words whose scores are kept
_BATCH = 512
_FEW_WORDS = 3
_RARE = 20  # texts
_CLOSE = 0.15  # two topics nearer than this to each other


class Texts:
    """Texts made ready once for every model that shall classify them."""

    def __init__(self, texts: Sequence[str]) -> None:
        self.batches = tuple(Spoken.of(texts[start : start + _BATCH]) for start in range(0, len(texts), _BATCH))


class Model:
    """A trained classifier, made with `train` or `Model.from_bytes`. It never changes: `corrected` makes another."""

    def __init__(self, parts: file.Parts, memory: Memory | None = None) -> None:
        self.parts = parts
        self.codes: tuple[str, ...] = parts.codes
        self.card: dict[str, Any] = parts.card
        self._column = {code: i for i, code in enumerate(parts.codes)}
        self.memory = memory or Memory.of([])
        self._row_of = np.full(PLACES, len(parts.places), dtype=np.int32)  # what was never learned points past the end
        self._row_of[parts.places] = np.arange(len(parts.places), dtype=np.int32)
        # What was never learned says nothing of a topic, yet it is rare, and takes its part of the length.
        self._rarity: F32 = np.append(parts.rarity.astype(np.float32), np.float32(1.0))
        self._table: F32 = np.zeros((len(parts.places) + 1, len(parts.codes)), dtype=np.float32)
        np.multiply(parts.weights, parts.scale[:, None], out=self._table[:-1])
        self._lock = Lock()
        self._fields_known: dict[tuple[str, str], int] = {}
        self._forget()

    def _forget(self) -> None:
        self._known: dict[str, int] = {}  # by spelling as written
        self._plain: dict[str, int] = {}
        # Per word: its scores for every topic, its part of the squared length, and whether it was ever learned from.
        self._scores: F32 = np.zeros((1024, len(self.codes) + 2), dtype=np.float32)

    def _meet(self, word: str) -> int:
        spelled = plain(word)
        row = self._plain.get(spelled)
        if row is None:
            row = self._plain[spelled] = len(self._plain)
            if row >= len(self._scores):
                self._scores = np.vstack([self._scores, np.zeros_like(self._scores)])
            places, weights = word_places(spelled)
            rows = self._row_of[places]
            self._scores[row, :-2] = np.array(weights, dtype=np.float32) @ self._table[rows]
            self._scores[row, -2] = OWN_SQUARE * self._rarity[rows[0]] ** 2
            self._scores[row, -1] = rows[0] < len(self.parts.places)
        self._known[word] = row
        return row

    def _rows_of(self, words: Iterable[str]) -> list[int]:
        known, meet = self._known, self._meet
        return [row if (row := known.get(word)) is not None else meet(word) for word in words]

    def classify(
        self,
        texts: Sequence[str] | Texts,
        *,
        reasons: bool = False,
        fields: Sequence[Mapping[str, str]] | None = None,
        sure: float = 0.9,
    ) -> list[Guess]:
        """One guess a text, in order. `fields`, when given, is what is known beside each text at its filing.

        Where several models classify the same texts, give each the same `Texts`.

        A text without words or known fields gets an evenly spread guess of confidence 0. With `reasons`, a guess
        below `sure` also says what is missing.
        """
        guesses: list[Guess] = []
        ready = texts if isinstance(texts, Texts) else Texts(texts)
        for spoken in ready.batches:
            part = slice(len(guesses), len(guesses) + len(spoken.words))
            guesses.extend(self._classify(spoken, fields[part] if fields is not None else None, reasons, sure))
        return guesses

    def _classify(
        self, spoken: Spoken, fields: Sequence[Mapping[str, str]] | None, reasons: bool, sure: float
    ) -> list[Guess]:
        with self._lock:  # two threads of a server may meet a new word at once
            if len(self._known) > _REMEMBERED:
                self._forget()
            rows = [self._rows_of(words) for words in spoken.words]
            table = self._scores
        scores, unseen = self._text_scores(spoken, rows, table)
        places: Ints | None = None
        known_field = np.zeros(len(rows), dtype=bool)
        if fields is not None and self.parts.fields:
            places = field_places(fields, self.parts.fields, self._fields_known)
            found = np.where(places >= 0, self._row_of[places], len(self.parts.places))
            text, told = np.nonzero(found < len(self.parts.places))
            known_field[text] = True
            _add(scores, text, self._table[found[text, told]], FIELD)
        raw = softmax((scores + self.parts.bias) * self.parts.temperature)
        best = raw.argmax(axis=1)
        first = raw[np.arange(len(raw)), best]
        confidence = np.interp(first, *self.parts.knots)
        top = min(3, len(self.codes))
        order = _first(raw, top)
        # The rest share what calibration leaves, and never overtake the first.
        share = np.take_along_axis(raw, order, axis=1) * ((1 - confidence) / np.maximum(1e-9, 1 - first))[:, None]
        share = np.minimum(share, confidence[:, None])
        share[:, 0] = confidence
        orders, shares, lost = order.tolist(), np.round(share, 4).tolist(), np.round(unseen, 3).tolist()
        guesses = []
        for i, words in enumerate(spoken.words):
            if not words and not known_field[i]:
                guesses.append(self._nothing(top, reasons))
                continue
            beside = fields[i] if fields is not None else {}
            ranked = self._named(orders[i], shares[i], beside)
            say, first_named = 0.0, ranked[0][0]
            if self.memory.codes and words:
                say, votes, most = self.memory.say(*self._vector(spoken, i, beside))
                if say:
                    ranked = _mixed_in(ranked, say, votes, most)
            sureness = ranked[0][1]
            if not reasons:
                guesses.append(Guess(ranked, sureness, (), (), (), (), lost[i], round(say, 4)))
                continue
            column, other = orders[i][0], orders[i][1]
            if ranked[0][0] != first_named:  # a correction decided; the words that speak for its topic are shown
                other, column = column, self._column.get(ranked[0][0], -1)
            own, weights = self._own_words(column, other, words, rows[i], table) if words and column >= 0 else ((), ())
            by_field = self._own_fields(column, other, places[i]) if places is not None and column >= 0 else ()
            doubts = self._doubts(ranked, column, words, rows[i], table, lost[i]) if sureness < sure else ()
            guesses.append(Guess(ranked, sureness, own, weights, by_field, doubts, lost[i], round(say, 4)))
        return guesses

    def _nothing(self, top: int, reasons: bool) -> Guess:
        even = 1 / len(self.codes)
        doubts = (Doubt("few_words", {"words": 0}),) if reasons else ()
        return Guess(tuple((code, even) for code in self.codes[:top]), 0.0, doubts=doubts)

    def _named(self, order: list[int], shares: list[float], fields: Mapping[str, str]) -> tuple[tuple[str, float], ...]:
        codes, names = self.codes, self.parts.names_of
        if not names:
            return tuple([(codes[column], share) for column, share in zip(order, shares, strict=True)])
        here = fields.get(self.parts.place, "")
        named: dict[str, float] = {}
        for column, share in zip(order, shares, strict=True):
            code = roles.name(names, codes[column], here)
            named[code] = named.get(code, 0.0) + share
        return tuple(named.items())

    def _text_scores(self, spoken: Spoken, rows: list[list[int]], table: F32) -> tuple[F32, F32]:
        """(texts, topics) scores of the words alone, and the share of words never learned from."""
        different = [list(dict.fromkeys(own)) for own in rows]
        total = np.zeros((len(rows), table.shape[1]), dtype=np.float32)
        sizes = np.array([len(own) for own in different])
        _add(total, np.repeat(np.arange(len(rows)), sizes), table[[row for own in different for row in own]], 1.0)
        unseen = 1 - total[:, -1] / np.maximum(sizes, 1)
        owner, found = spoken.owner, self._row_of[spoken.places]
        square = total[:, -2] + np.bincount(owner, (PAIR * self._rarity[found]) ** 2, minlength=len(rows))
        scores = total[:, :-2]
        learned = np.flatnonzero(found < len(self.parts.places))
        _add(scores, owner[learned], self._table[found[learned]], PAIR)
        return scores / np.sqrt(np.maximum(square, 1e-9))[:, None].astype(np.float32), unseen

    def _vector(self, spoken: Spoken, text: int, fields: Mapping[str, str]) -> tuple[Ints, F32]:
        stems = spoken.stems[spoken.starts[text] : spoken.starts[text + 1]]
        rarity = self._rarity[self._row_of[stems]]
        return unit(kept_apart(stems, fields.get(self.parts.apart, "")), rarity)

    def corrected(
        self, samples: Sequence[tuple[str, str]], *, fields: Sequence[Mapping[str, str]] | None = None
    ) -> "Model":
        """A model that knows people's corrections, (text, topic code) oldest first, besides what this one knows.

        At once, without learning anew; the weights are shared with this model. A code this model never met is allowed.
        `fields`, one mapping a sample, matter to a model trained with `apart`.
        """
        spoken = Spoken.of([text for text, _ in samples])
        vectors = [self._vector(spoken, text, fields[text] if fields else {}) for text in range(len(samples))]
        other = object.__new__(Model)
        other.__dict__.update(self.__dict__)
        other.memory = self.memory.with_more(vectors, [code for _, code in samples])
        other._lock = Lock()
        other._forget()
        return other

    def _lift(self, scores: F32, column: int, other: int) -> F32:
        """How far each row lifts one topic above the mean of all and above the other."""
        return 0.5 * (scores[:, column] - scores[:, other]) + 0.5 * (scores[:, column] - scores.mean(axis=1))

    def _own_words(
        self, column: int, other: int, words: list[str], rows: list[int], table: F32
    ) -> tuple[tuple[str, ...], tuple[float, ...]]:
        written = dict(zip(reversed(rows), reversed(words), strict=True))  # as first written
        lift = self._lift(table[list(written)][:, :-2], column, other)
        strongest = np.argsort(-lift, kind="stable")[:4]
        floor = max(0.05, float(lift[strongest[0]]) * 0.25)
        kept = [int(i) for i in strongest if lift[i] >= floor]
        spelled = list(written.values())
        whole = float(np.abs(lift).sum()) or 1.0
        return tuple(spelled[i] for i in kept), tuple(round(float(lift[i]) / whole, 3) for i in kept)

    def _own_fields(self, column: int, other: int, places: Ints) -> tuple[tuple[str, float], ...]:
        """Fields whose value lifted the topic; a pair's lift belongs half to each of its two."""
        names = self.parts.fields
        at = np.where(places >= 0, self._row_of[places], len(self.parts.places))
        lift = self._lift(self._table[at], column, other)
        own = lift[: len(names)].astype(np.float64)
        left, right = np.triu_indices(len(names), k=1)
        np.add.at(own, left, lift[len(names) :] / 2)
        np.add.at(own, right, lift[len(names) :] / 2)
        whole = float(np.abs(own).sum()) or 1.0
        order = np.argsort(-own, kind="stable")[:3]
        return tuple((names[int(i)], round(float(own[i]) / whole, 3)) for i in order if own[i] > 0.1 * whole)

    def _doubts(
        self, ranked: Sequence[tuple[str, float]], column: int, words: list[str], rows: list[int], table: F32,
        unseen: float,
    ) -> tuple[Doubt, ...]:  # fmt: skip
        doubts = []
        if len(set(rows)) < _FEW_WORDS:
            doubts.append(Doubt("few_words", {"words": len(set(rows))}))
        if words and unseen >= 0.5:
            strange = [word for word, row in zip(words, rows, strict=True) if not table[row, -1]]
            doubts.append(Doubt("unseen_words", {"share": unseen, "words": list(dict.fromkeys(strange))[:5]}))
        if len(ranked) > 1 and ranked[0][1] - ranked[1][1] < _CLOSE:
            apart = round(ranked[0][1] - ranked[1][1], 4)
            doubts.append(Doubt("two_close", {"first": ranked[0][0], "second": ranked[1][0], "apart": apart}))
        seen = int(self.card["topics"].get(self.codes[column], 0)) if column >= 0 else 0
        if seen < _RARE:
            doubts.append(Doubt("rare_topic", {"topic": ranked[0][0], "texts": seen}))
        return tuple(doubts) or (Doubt("unclear", {}),)

    def to_bytes(self) -> bytes:
        """The model as one file; what it is made of is told in `file`."""
        return file.write(self.parts, self.memory)

    @classmethod
    def from_bytes(cls, data: bytes) -> "Model":
        """Read what `to_bytes` wrote. Nothing in it is ever executed; damage raises UnreadableModel."""
        return cls(*file.read(data))


def _add(total: F32, owner: npt.NDArray[np.intp], rows: F32, weight: float) -> None:
    """total[owner] += weight * rows, where `owner` never falls."""
    if len(owner):
        starts = np.flatnonzero(np.diff(owner, prepend=-1))
        total[owner[starts]] += np.add.reduceat(rows, starts, axis=0) * np.float32(weight)


def _first(raw: F32, top: int) -> npt.NDArray[np.intp]:
    """Columns of the `top` greatest of each row, greatest first."""
    if raw.shape[1] > 8:
        some = np.argpartition(-raw, top, axis=1)[:, :top]
        some.sort(axis=1)
    else:
        some = np.broadcast_to(np.arange(raw.shape[1]), raw.shape)
    order = np.argsort(-np.take_along_axis(raw, some, axis=1), axis=1, kind="stable")[:, :top]
    return np.take_along_axis(some, order, axis=1)


def _mixed_in(
    ranked: Sequence[tuple[str, float]], say: float, votes: Mapping[str, float], most: float
) -> tuple[tuple[str, float], ...]:
    """Corrections among the guesses. Where they decide, the first is no surer than `most`; the order stays."""
    shares = {code: (1 - say) * share for code, share in ranked}
    for code, vote in votes.items():
        shares[code] = shares.get(code, 0.0) + say * vote
    order = sorted(shares.items(), key=lambda item: (-item[1], item[0]))[: len(ranked)]
    limit = most if order[0][0] != ranked[0][0] else max(most, ranked[0][1])
    scale = min(1.0, limit / max(1e-9, order[0][1]))
    return tuple((code, round(share * scale, 4)) for code, share in order)

"""The slow, exact reader of meaning: multilingual-e5-small (Wang et al. 2024), a BERT encoder of twelve layers.

It is not needed to answer. It teaches the quick one (`student`), and it is the yardstick the quick one is
measured against. Plain numpy, 65 texts of ten words a second on one core.
"""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from dauys.engines.meaning.packed import Packed
from dauys.engines.meaning.pieces import Splitter

_F32 = npt.NDArray[np.float32]
PREFIX = "query: "  # what this model was trained to see before a text that is compared with its like
MOST_PIECES = 510
_AT_ONCE = 4096  # padded pieces in one pass: what stays in a processor's cache


class _Layer(NamedTuple):
    """Weights and biases; the three questions of attention stand side by side in `ask`."""

    ask: tuple[_F32, _F32]
    out: tuple[_F32, _F32]
    middle: tuple[_F32, _F32]
    grow: tuple[_F32, _F32]
    shrink: tuple[_F32, _F32]
    last: tuple[_F32, _F32]


class Teacher:
    """Sentence vectors of the full encoder."""

    def __init__(self, packed: Packed) -> None:
        """Unpacks about 90 MB of float32. Raises UnreadableWeights."""
        shape, words = packed.shape, packed.vocabulary
        self._packed, self.shape, self.vocabulary = packed, shape, words
        marks = frozenset({words.begin, words.end, words.unknown})
        self.splitter = Splitter(words.pieces, words.scores.tolist(), words.unknown, marks)
        width = shape.width
        kind = packed.vector("emb.type", shape.kinds, width)[0]
        self._places = packed.vector("emb.pos", shape.positions, width) + kind
        self._first = (packed.vector("emb.ln.w", width), packed.vector("emb.ln.b", width))
        self._layers = [self._layer(f"l{layer}.") for layer in range(shape.layers)]

    def _layer(self, at: str) -> "_Layer":
        packed, width, inner = self._packed, self.shape.width, self.shape.inner

        def linear(name: str, rows: int, columns: int) -> tuple[_F32, _F32]:
            return packed.matrix(f"{at}{name}.w", rows, columns).T.copy(), packed.vector(f"{at}{name}.b", rows)

        def norm(name: str) -> tuple[_F32, _F32]:
            return packed.vector(f"{at}{name}.w", width), packed.vector(f"{at}{name}.b", width)

        asked = [linear(name, width, width) for name in ("q", "k", "v")]
        together = (np.hstack([weight for weight, _ in asked]), np.concatenate([bias for _, bias in asked]))
        return _Layer(
            together, linear("ao", width, width), norm("aln"),
            linear("fi", inner, width), linear("fo", width, inner), norm("oln"),
        )  # fmt: skip

    def pieces(self, text: str) -> list[int]:
        """Places of a text's pieces, without the marks of beginning and end."""
        plain = text.translate(self.vocabulary.plain)
        return [place for word in plain.split(" ") if word for place in self.splitter.split(word)]

    def vectors(
        self, texts: Sequence[str], *, prefix: str = PREFIX, advance: Callable[[int], None] | None = None
    ) -> _F32:
        """Unit vectors (len(texts), width). Texts longer than 510 pieces are read up to there. `advance` hears how
        many texts were done.
        """
        return self.vectors_of([self.pieces(prefix + text) for text in texts], advance=advance)

    def vectors_of(self, texts: Sequence[Sequence[int]], *, advance: Callable[[int], None] | None = None) -> _F32:
        """The same for texts already split into pieces."""
        out = np.zeros((len(texts), self.shape.width), dtype=np.float32)
        most = min(MOST_PIECES, self.shape.positions - 2)
        order = sorted(range(len(texts)), key=lambda i: min(len(texts[i]), most))
        at = 0
        while at < len(order):
            # Sorted by length, so the last of a batch tells how far all are padded.
            end = at + 1
            while end < len(order) and (end + 1 - at) * (min(len(texts[order[end]]), most) + 2) <= _AT_ONCE:
                end += 1
            rows = order[at:end]
            out[rows] = self._pass([list(texts[i][:most]) for i in rows])
            if advance:
                advance(len(rows))
            at = end
        return out

    def _pass(self, texts: list[list[int]]) -> _F32:
        from scipy.special import erf

        shape, words = self.shape, self.vocabulary
        longest = max(map(len, texts)) + 2
        places = np.full((len(texts), longest), words.end, dtype=np.intp)
        there = np.zeros((len(texts), longest), dtype=np.float32)
        for i, text in enumerate(texts):
            places[i, : len(text) + 2] = [words.begin, *text, words.end]
            there[i, : len(text) + 2] = 1
        different, inverse = np.unique(places, return_inverse=True)
        held = self._packed.rows("emb.word", shape.vocabulary, shape.width, different)
        x = held[inverse.reshape(-1)].reshape(len(texts), longest, shape.width) + self._places[:longest]
        x = _normed(x.reshape(-1, shape.width), *self._first, shape.epsilon)
        head = shape.width // shape.heads
        unseen = ((1 - there) * np.float32(-1e9))[:, None, None, :]
        for layer in self._layers:
            asked = (x @ layer.ask[0] + layer.ask[1]).reshape(len(texts), longest, 3, shape.heads, head)
            question, key, value = asked.transpose(2, 0, 3, 1, 4)
            scores = question @ key.swapaxes(-1, -2) * np.float32(head**-0.5) + unseen
            scores = np.exp(scores - scores.max(axis=-1, keepdims=True))
            scores /= scores.sum(axis=-1, keepdims=True)
            heard: _F32 = (scores @ value).transpose(0, 2, 1, 3).reshape(-1, shape.width)
            x = _normed(x + heard @ layer.out[0] + layer.out[1], *layer.middle, shape.epsilon)
            grown: _F32 = x @ layer.grow[0] + layer.grow[1]
            grown = np.asarray(grown * (0.5 * (1 + erf(grown * np.float32(2**-0.5)))), dtype=np.float32)
            x = _normed(x + grown @ layer.shrink[0] + layer.shrink[1], *layer.last, shape.epsilon)
        x = x.reshape(len(texts), longest, shape.width) * there[:, :, None]
        mean = x.sum(axis=1) / there.sum(axis=1, keepdims=True)
        unit: _F32 = mean / np.maximum(np.linalg.norm(mean, axis=1, keepdims=True), 1e-9)
        return unit


def _normed(x: _F32, weight: _F32, bias: _F32, epsilon: float) -> _F32:
    x = x - x.mean(axis=1, keepdims=True)
    spread = np.einsum("ij,ij->i", x, x)[:, None] / np.float32(x.shape[1])
    return x / np.sqrt(spread + np.float32(epsilon)) * weight + bias

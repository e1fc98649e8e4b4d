"""What is an appeal about? A classifier an institution trains on its own texts.

A text is a sum of word vectors: each word gives its stem (its first five letters, which serves Russian and
Kazakh alike), the runs of three to five letters inside it, and its pair with the next word, all hashed into
2^18 places (Weinberger et al. 2009, "Feature hashing"). A linear classifier is learned on top. Because
everything adds up word by word, the words that decided can be named exactly, and a word met before costs one
look-up.
"""

import hashlib
import io
import json
import re
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from threading import Lock

import numpy as np
import numpy.typing as npt

FORMAT = 1  # of to_bytes; a reader refuses what it does not know
PLACES = 1 << 18
READ_AT_MOST = 400  # words: the matter of an appeal is plain by then
STEM = 5  # letters
RUNS = 2.0  # what all letter runs of a word weigh beside its stem
PAIR = 0.3  # what a pair of words weighs beside a word
_REMEMBERED = 60_000  # words whose scores are kept

_WORD = re.compile(r"[^\W\d_]{2,}")
_FOLD = str.maketrans("ёәғқңөұүһі", "еагкноуухи")  # Kazakh typed on a Russian keyboard is met too
_F32 = npt.NDArray[np.float32]


class TooFewSamples(ValueError):
    """There is nothing to learn from: fewer than two topics, or a topic with fewer than two texts."""


class UnreadableModel(ValueError):
    """The bytes are not a model of this format, or were damaged."""


@dataclass(frozen=True)
class Guess:
    """The three likeliest topics with probabilities, most likely first.

    `confidence` is the share of such guesses that prove right (calibrated on texts not learned from).
    `reasons` are the citizen's own words that spoke most for the first topic; empty unless asked for.
    """

    ranked: tuple[tuple[str, float], ...]
    confidence: float
    reasons: tuple[str, ...] = ()


def _place(feature: str) -> int:
    return zlib.crc32(feature.encode("utf-8", "surrogatepass")) & (PLACES - 1)


def _words(text: str) -> list[str]:
    # 20,000 characters hold more than READ_AT_MOST words of any real appeal.
    return _WORD.findall(text[:20_000].lower())[:READ_AT_MOST]


def _plain(word: str) -> str:
    return word[:30].translate(_FOLD)


def _word_features(word: str) -> list[tuple[int, float]]:
    """Hashed places of one word with their weights, its stem first."""
    word = _plain(word)
    framed = f"^{word}$"
    runs = [framed[i : i + size] for size in (3, 4, 5) for i in range(len(framed) - size + 1)]
    each = RUNS / max(1.0, len(runs) ** 0.5)
    return [(_place("s:" + word[:STEM]), 1.0), *((_place("r:" + run), each) for run in runs)]


def _pair(first: str, second: str) -> int:
    return _place(f"p:{_plain(first)[:STEM]} {_plain(second)[:STEM]}")


def _text_features(words: Sequence[str], known: dict[str, list[tuple[int, float]]], rarity: _F32) -> dict[int, float]:
    """The vector of a text, of length about one: each different word and each different pair counts once.

    `rarity` (PLACES,) weighs every place by how few texts have it.
    """
    vector: dict[int, float] = {}
    square = 0.0
    for word in dict.fromkeys(words):
        features = known.get(word)
        if features is None:
            features = known[word] = _word_features(word)
        square += (1 + RUNS**2) * float(rarity[features[0][0]]) ** 2
        for place, weight in features:
            vector[place] = vector.get(place, 0.0) + weight * float(rarity[place])
    for pair in {_pair(a, b) for a, b in pairwise(words)}:
        vector[pair] = vector.get(pair, 0.0) + PAIR * float(rarity[pair])
        square += (PAIR * float(rarity[pair])) ** 2
    # The length is that of the parts, not of their sum, so that it too adds up word by word.
    length = square**0.5 or 1.0
    return {place: weight / length for place, weight in vector.items()}


def _counts(texts: Iterable[str], known: dict[str, list[tuple[int, float]]]) -> npt.NDArray[np.int64]:
    """How many texts have each place, (PLACES,)."""
    counts = np.zeros(PLACES, dtype=np.int64)
    for text in texts:
        words = _words(text)
        met = {_pair(a, b) for a, b in pairwise(words)}
        for word in set(words):
            features = known.get(word)
            if features is None:
                features = known[word] = _word_features(word)
            met.update(place for place, _ in features)
        counts[list(met)] += 1
    return counts


def _rarity(counts: npt.NDArray[np.int64], texts: int) -> _F32:
    """Inverse document frequency, smoothed and scaled to 1 for what was seen once."""
    full = np.log((texts + 1) / (counts + 1)) + 0.3
    return (full / (np.log((texts + 1) / 2) + 0.3)).clip(0.02, 1.0).astype(np.float32)


class Model:
    """A trained classifier. Make one with `train` or `Model.from_bytes`."""

    def __init__(
        self,
        codes: Sequence[str],
        places: npt.NDArray[np.int32],
        weights: npt.NDArray[np.float16],
        rarity: npt.NDArray[np.float16],
        bias: _F32,
        temperature: float,
        knots: tuple[_F32, _F32],
    ) -> None:
        """`places` (n,) are the hashed places learned, `weights` (n, topics) their weights, `rarity` (n,) how
        few texts had each (already multiplied into the weights); `knots` map the raw
        probability of the first guess to the share that proved right."""
        self.codes = tuple(codes)
        self._places, self._weights, self._bias = places, weights, bias
        self._rarity = rarity
        # What was never learned says nothing of a topic, yet it is rare, and takes its part of the length.
        self._rarity_of: _F32 = np.append(rarity.astype(np.float32), np.float32(1.0))
        self._temperature, self._knots = temperature, knots
        self._row_of = np.full(PLACES, len(places), dtype=np.int32)  # what was never learned points past the end
        self._row_of[places] = np.arange(len(places), dtype=np.int32)
        self._table: _F32 = np.vstack([weights.astype(np.float32), np.zeros((1, len(self.codes)), dtype=np.float32)])
        self._lock = Lock()
        self._known: dict[str, int] = {}
        # Per word: its scores for every topic and, last, its share of the squared length.
        self._scores: _F32 = np.zeros((1024, len(self.codes) + 1), dtype=np.float32)

    def _word_rows(self, words: Iterable[str]) -> list[int]:
        rows = []
        for word in words:
            row = self._known.get(word)
            if row is None:
                row = self._known[word] = len(self._known)
                if row >= len(self._scores):
                    self._scores = np.vstack([self._scores, np.zeros_like(self._scores)])
                features = _word_features(word)
                table_rows = self._row_of[[place for place, _ in features]]
                weights = np.array([weight for _, weight in features], dtype=np.float32)
                self._scores[row, :-1] = weights @ self._table[table_rows]
                self._scores[row, -1] = (1 + RUNS**2) * self._rarity_of[table_rows[0]] ** 2
            rows.append(row)
        return rows

    def classify(self, texts: Sequence[str], *, reasons: bool = False) -> list[Guess]:
        """One guess a text, in order. A text without words gets an evenly spread guess of confidence 0."""
        guesses: list[Guess] = []
        for start in range(0, len(texts), 256):
            guesses.extend(self._classify(texts[start : start + 256], reasons=reasons))
        return guesses

    def _classify(self, texts: Sequence[str], *, reasons: bool) -> list[Guess]:
        scores = np.zeros((len(texts), len(self.codes)), dtype=np.float32)
        spoken: list[list[str]] = []
        for i, text in enumerate(texts):
            words = _words(text)
            different = list(dict.fromkeys(words))
            spoken.append(different)
            if not words:
                continue
            total = self._scores_of(different).sum(axis=0)
            pairs = {_pair(a, b) for a, b in pairwise(words)}
            square = float(total[-1])
            if pairs:
                rows = self._row_of[list(pairs)]
                square += float(((PAIR * self._rarity_of[rows]) ** 2).sum())
                total = total[:-1] + PAIR * self._table[rows].sum(axis=0)
            else:
                total = total[:-1]
            scores[i] = total / square**0.5
        raw = _softmax((scores + self._bias) * self._temperature)
        first = raw.max(axis=1)
        confidence = np.interp(first, *self._knots)
        top = min(3, len(self.codes))
        order = np.argsort(-raw, axis=1, kind="stable")[:, :top]
        return [
            self._guess(raw[i], order[i], float(confidence[i]), spoken[i], reasons=reasons) for i in range(len(texts))
        ]

    def _scores_of(self, words: Sequence[str]) -> _F32:
        with self._lock:  # two threads of a server may meet a new word at once
            if len(self._known) > _REMEMBERED:
                self._known.clear()
            rows = self._word_rows(words)  # may replace the table, so it is read afterwards
            return self._scores[rows]

    def _guess(
        self, raw: _F32, order: npt.NDArray[np.intp], confidence: float, words: list[str], *, reasons: bool
    ) -> Guess:
        if not words:
            even = 1 / len(self.codes)
            return Guess(tuple((code, even) for code in self.codes[: len(order)]), 0.0)
        best = int(order[0])
        # The rest share what calibration leaves, and never overtake the first.
        rest = (1 - confidence) / max(1e-9, 1 - float(raw[best]))
        ranked = [(self.codes[best], round(confidence, 4))]
        ranked += [(self.codes[int(i)], round(min(confidence, float(raw[i]) * rest), 4)) for i in order[1:]]
        own = self._own_words(best, int(order[1]), words) if reasons and len(order) > 1 else ()
        return Guess(tuple(ranked), round(confidence, 4), own)

    def _own_words(self, best: int, second: int, words: list[str]) -> tuple[str, ...]:
        """Words that lifted the first topic above the mean of all and above the second, strongest first."""
        scores = self._scores_of(words)[:, :-1]
        lift = 0.5 * (scores[:, best] - scores[:, second]) + 0.5 * (scores[:, best] - scores.mean(axis=1))
        strongest = np.argsort(-lift, kind="stable")[:4]
        floor = max(0.05, float(lift[strongest[0]]) * 0.25)
        return tuple(words[int(i)] for i in strongest if lift[i] >= floor)

    def to_bytes(self) -> bytes:
        """The model as one file: a line of JSON with format, sizes and sha256, then a numpy archive of plain
        arrays.
        """
        archive = io.BytesIO()
        np.savez_compressed(
            archive,
            places=self._places,
            weights=self._weights,
            rarity=self._rarity,
            bias=self._bias,
            knots_x=self._knots[0],
            knots_y=self._knots[1],
        )
        body = archive.getvalue()
        head = {
            "dauys_topics": FORMAT,
            "codes": list(self.codes),
            "temperature": self._temperature,
            "sha256": hashlib.sha256(body).hexdigest(),
        }
        return json.dumps(head, ensure_ascii=True, sort_keys=True).encode() + b"\n" + body

    @classmethod
    def from_bytes(cls, data: bytes) -> "Model":
        """Read what `to_bytes` wrote. Nothing in it is ever executed; damage raises UnreadableModel."""
        line, _, body = data.partition(b"\n")
        try:
            head = json.loads(line)
            version = head["dauys_topics"]
            codes, temperature = head["codes"], float(head["temperature"])
            whole = head["sha256"] == hashlib.sha256(body).hexdigest()
        except (ValueError, KeyError, TypeError) as error:
            raise UnreadableModel("The file is not a topic model.") from error
        if version != FORMAT:
            raise UnreadableModel(f"The model is of format {version}, this version reads {FORMAT}. Train it again.")
        if not whole:
            raise UnreadableModel("The model file is damaged: its checksum differs. Copy it again or train again.")
        try:
            with np.load(io.BytesIO(body), allow_pickle=False) as arrays:
                places, weights, bias = arrays["places"], arrays["weights"], arrays["bias"]
                rarity = arrays["rarity"]
                knots = (arrays["knots_x"], arrays["knots_y"])
        except (ValueError, KeyError, OSError, EOFError) as error:
            raise UnreadableModel("The model file holds no readable arrays.") from error
        sound = (
            isinstance(codes, list)
            and len(codes) > 1
            and all(isinstance(code, str) for code in codes)
            and places.dtype == np.int32
            and weights.dtype == np.float16
            and weights.shape == (len(places), len(codes))
            and rarity.dtype == np.float16
            and rarity.shape == places.shape
            and bias.shape == (len(codes),)
            and knots[0].shape == knots[1].shape
            and knots[0].ndim == 1
            and len(knots[0]) > 0
            and (len(places) == 0 or (int(places.min()) >= 0 and int(places.max()) < PLACES))
        )
        if not sound:
            raise UnreadableModel("The sizes in the model file do not agree.")
        return cls(codes, places, weights, rarity, bias.astype(np.float32), temperature, knots)


def _softmax(scores: _F32) -> _F32:
    raised = np.exp(scores - scores.max(axis=1, keepdims=True))
    return raised / raised.sum(axis=1, keepdims=True)


def train(samples: Sequence[tuple[str, str]], *, seed: int) -> Model:
    """Learn topics from (text, topic code) pairs.

    Give the pairs oldest first: with more than 20,000 the confidence is calibrated on the last tenth in that
    order, with fewer by cross-validation. Needs scikit-learn, which running the model does not. Raises
    TooFewSamples.
    """
    from scipy import sparse
    from sklearn.svm import LinearSVC

    codes = sorted({code for _, code in samples})
    label_of = {code: i for i, code in enumerate(codes)}
    labels = np.array([label_of[code] for _, code in samples], dtype=np.int64)
    if len(codes) < 2 or int(np.bincount(labels).min()) < 2:
        raise TooFewSamples("Give at least two topics with two texts each.")
    known: dict[str, list[tuple[int, float]]] = {}
    rarity = _rarity(_counts([text for text, _ in samples], known), len(samples))
    starts, columns, values = [0], [], []
    for text, _ in samples:
        vector = _text_features(_words(text), known, rarity)
        columns.append(np.fromiter(vector.keys(), dtype=np.int32, count=len(vector)))
        values.append(np.fromiter(vector.values(), dtype=np.float32, count=len(vector)))
        starts.append(starts[-1] + len(vector))
    places, columns_used = np.unique(np.concatenate(columns), return_inverse=True)
    matrix = sparse.csr_matrix(
        (np.concatenate(values), columns_used, starts), shape=(len(samples), max(1, len(places)))
    )

    def fitted(rows: npt.NDArray[np.intp]) -> tuple[_F32, _F32]:
        machine = LinearSVC(C=1.0, random_state=seed, tol=1e-3)
        machine.fit(matrix[rows], labels[rows])
        coefficients, intercept = machine.coef_, machine.intercept_
        full = np.zeros((matrix.shape[1], len(codes)), dtype=np.float32)
        bias = np.full(len(codes), -2.0, dtype=np.float32)  # a topic absent from these rows stays far behind
        if len(machine.classes_) == 2:  # scikit-learn keeps one row for two classes
            coefficients, intercept = (
                np.vstack([-coefficients, coefficients]),
                np.array([-intercept[0], intercept[0]]),
            )
        full[:, machine.classes_] = coefficients.T
        bias[machine.classes_] = intercept
        return full, bias

    held_scores, held_labels = [], []
    for learn, hold in _splits(labels, seed):
        full, bias = fitted(learn)
        held_scores.append(matrix[hold] @ full + bias)
        held_labels.append(labels[hold])
    temperature, knots = _calibrated(np.vstack(held_scores), np.concatenate(held_labels))
    full, bias = fitted(np.arange(len(samples)))
    places = places.astype(np.int32)
    rare = rarity[places].astype(np.float16)
    # At run time a feature's value and its weight are multiplied; the part that is the same for every text is
    # done now.
    weights = (full[: len(places)] * rarity[places][:, None]).astype(np.float16)
    return Model(codes, places, weights, rare, bias, temperature, knots)


def _splits(labels: npt.NDArray[np.int64], seed: int) -> Iterable[tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]]:
    count = len(labels)
    if count > 20_000:
        last = count - count // 10
        if len(np.unique(labels[:last])) > 1:
            yield np.arange(last), np.arange(last, count)
            return
    folds = 5 if count >= 100 else 2
    order = np.random.default_rng(seed).permutation(count)
    order = order[np.argsort(labels[order], kind="stable")]  # every fold sees every topic
    for fold in range(folds):
        hold = np.sort(order[fold::folds])
        learn = np.setdiff1d(np.arange(count), hold)
        if len(np.unique(labels[learn])) > 1:
            yield learn, hold


def _calibrated(scores: _F32, labels: npt.NDArray[np.int64]) -> tuple[float, tuple[_F32, _F32]]:
    """Temperature by least surprise (Guo et al. 2017), then isotonic regression of being right on the first
    guess.
    """
    from sklearn.isotonic import IsotonicRegression

    def surprise(temperature: float) -> float:
        chosen = _softmax(scores * temperature)[np.arange(len(labels)), labels]
        return float(-np.log(np.maximum(chosen, 1e-9)).mean())

    temperature = min((float(t) for t in np.geomspace(0.5, 30, 40)), key=surprise)
    raw = _softmax(scores * temperature)
    first, right = raw.max(axis=1), (raw.argmax(axis=1) == labels).astype(np.float64)
    # Two imagined cases at either end keep a small sample from promising certainty.
    first = np.concatenate([first, [0.0, 1.0]])
    right = np.concatenate([right, [0.0, float(right.mean())]])
    isotonic = IsotonicRegression(y_min=0.0, y_max=0.995, out_of_bounds="clip").fit(first, right)
    x = np.asarray(isotonic.X_thresholds_, dtype=np.float32)
    y = np.asarray(isotonic.y_thresholds_, dtype=np.float32)
    return temperature, (x, y)

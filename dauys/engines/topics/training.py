"""How a classifier is learned. scikit-learn and scipy are needed here and nowhere else."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from dauys.engines.topics import file, roles
from dauys.engines.topics.features import (
    F32,
    FIELD,
    OWN_SQUARE,
    PAIR,
    PLACES,
    Ints,
    field_places,
    plain,
    together,
    word_places,
    words_of,
)
from dauys.engines.topics.guess import TooFewSamples, softmax
from dauys.engines.topics.model import Model

COST = 0.5  # of LinearSVC: what a text on the wrong side costs
BALANCE = 0.3  # power of (mean topic / topic) in what a rare topic's text costs
SEEN_LEAST = 2  # texts a place of words must be met in, once there are many texts
MANY = 20_000  # texts from which the last two tenths, not cross-validation, calibrate
KNOWS_TOO_LITTLE = 20  # texts of a topic
_SURE_NEVER_BELOW = 0.5
_SURE_LEAST = 30  # held-back texts that must stand behind a threshold


@dataclass(frozen=True, eq=False)
class _Held:
    """Scores of texts not learned from, and where they stand among the samples."""

    rows: npt.NDArray[np.intp]
    scores: F32


def train(
    samples: Sequence[tuple[str, str]],
    *,
    seed: int,
    fields: Sequence[Mapping[str, str]] | None = None,
    languages: Sequence[str] | None = None,
    span: tuple[str, str] | None = None,
    place: str | None = None,
    apart: str = "",
) -> Model:
    """Learn topics from (text, topic code) pairs, oldest first.

    `fields`, one mapping a sample, is what was known beside the text at its filing (object, district, season; never
    what came later); `languages`, one code a sample, and `span`, first and last day, go into the card. With more than
    20,000 samples the confidence is calibrated on the last two tenths, each read by what was learned before it; with
    fewer by cross-validation. `place` names the field whose value stands in the names of what is learned ("Akimat of
    Ridder" for the district Ridder): such codes are learned as one role for all places, and named again by the place
    of each text. `apart` names the field that keeps later corrections apart: made of a text in one district, a
    correction says nothing of the same words in another. Raises TooFewSamples.
    """
    names_of: roles.Names = {}
    here = [""] * len(samples)
    if place is not None and fields is not None:
        here = [one.get(place, "") for one in fields]
        samples, names_of = roles.shared(samples, here)
    codes = tuple(sorted({code for _, code in samples}))
    label_of = {code: i for i, code in enumerate(codes)}
    labels = np.array([label_of[code] for _, code in samples], dtype=np.int64)
    if len(codes) < 2 or int(np.bincount(labels).min()) < 2:
        raise TooFewSamples("Give at least two topics with two texts each.")
    names = tuple(sorted({name for one in fields or () for name, value in one.items() if value}))
    matrix, places, rarity, unseen = _matrix([text for text, _ in samples], fields, names)
    held = []
    for learn, hold in _splits(labels, seed):
        full, bias = _fitted(matrix[learn], labels[learn], len(codes), seed)
        held.append(_Held(hold, matrix[hold] @ full + bias))
    rows = np.concatenate([one.rows for one in held])
    scores = np.vstack([one.scores for one in held])
    temperature, knots = _calibrated(scores, labels[rows])
    full, bias = _fitted(matrix, labels, len(codes), seed)
    # At run time a feature's value and its weight are multiplied; the part that is the same for every text is done now.
    weights, scale = file.packed(full * rarity[:, None])
    card = _card(codes, labels, rows, scores, temperature, knots, languages, span, names, unseen)
    guesses = scores.argmax(axis=1)
    named = Counter(roles.name(names_of, codes[i], here[row]) for i, row in zip(guesses, rows, strict=True))
    card["held_back"]["guessed"] = {code: round(n / len(rows), 5) for code, n in sorted(named.items())}
    parts = file.Parts(
        codes, names, places, weights, scale, rarity.astype(np.float16), bias, temperature, knots, card, place or "",
        names_of, apart,
    )  # fmt: skip
    return Model(parts)


def _matrix(
    texts: Sequence[str], fields: Sequence[Mapping[str, str]] | None, names: Sequence[str]
) -> tuple[Any, npt.NDArray[np.int32], F32, F32]:
    """Sparse (texts, places learned), these places, their rarity, and each text's share of words no other text has."""
    from scipy import sparse

    known: dict[str, int] = {}
    lists: list[list[int]] = []
    for text in texts:
        row = []
        for word in words_of(text):
            spelled = plain(word)
            row.append(known.setdefault(spelled, len(known)))
        lists.append(row)
    starts, columns, values, stems = [0], [], [], np.zeros(len(known), dtype=np.int64)
    for word, i in known.items():
        own, weights = word_places(word)
        stems[i] = own[0]
        columns.append(np.array(own, dtype=np.int64))
        values.append(np.array(weights, dtype=np.float32))
        starts.append(starts[-1] + len(own))
    word_table = sparse.csr_matrix(
        (_joined(values, np.float32), _joined(columns, np.int64), starts), shape=(len(known), PLACES)
    )
    different = [list(dict.fromkeys(row)) for row in lists]
    word_starts = np.cumsum([0, *(len(row) for row in different)])
    flat = np.array([i for row in different for i in row], dtype=np.int64)
    bag = sparse.csr_matrix((np.ones(len(flat), dtype=np.float32), flat, word_starts), shape=(len(texts), len(known)))
    spoken = stems[[i for row in lists for i in row]] if flat.size else np.zeros(0, dtype=np.int64)
    met, owner = together(spoken, np.cumsum([0, *(len(row) for row in lists)]))
    pairs = sparse.csr_matrix((np.full(len(met), PAIR, dtype=np.float32), (owner, met)), shape=(len(texts), PLACES))
    content = (bag @ word_table + pairs).tocsr()
    counts = np.bincount(content.indices, minlength=PLACES)
    rarity = _rarity(counts, len(texts))
    content.data *= rarity[content.indices]
    square = bag @ (OWN_SQUARE * rarity[stems] ** 2) + np.bincount(
        owner, (PAIR * rarity[met]) ** 2, minlength=len(texts)
    )
    content = sparse.diags_array(1 / np.sqrt(np.maximum(square, 1e-9))) @ content
    least = SEEN_LEAST if len(texts) > MANY else 1
    kept = counts >= least
    if names and fields is not None:
        beside = field_places(fields, names, {})
        row_of, column = np.nonzero(beside >= 0)
        told = beside[row_of, column]
        # A pair or a value met once says nothing more than its appeal's text did.
        counts_told = np.bincount(told, minlength=PLACES)
        kept |= counts_told >= least
        # A place shared with words by chance keeps the words' rarity, which the running model multiplies in.
        by_rarity = np.where(counts[told] > 0, rarity[told], 1.0) * FIELD
        rarity = np.where(counts > 0, rarity, 1.0)
        content = content + sparse.csr_matrix((by_rarity, (row_of, told)), shape=(len(texts), PLACES))
    places = np.flatnonzero(kept).astype(np.int32)
    # Had this text been left out, the words that fewer than `least` others have would be strange to the model.
    strange = (bag @ (counts[stems] < least + 1).astype(np.float32)) / np.maximum(np.diff(word_starts), 1)
    return content.tocsc()[:, places].tocsr().astype(np.float32), places, rarity[places].astype(np.float32), strange


def _joined(parts: list[Any], kind: Any) -> Any:
    return np.concatenate(parts) if parts else np.zeros(0, dtype=kind)


def _rarity(counts: Ints, texts: int) -> F32:
    """Inverse document frequency, smoothed and scaled to 1 for what was seen once."""
    full = np.log((texts + 1) / (counts + 1)) + 0.3
    return (full / (np.log((texts + 1) / 2) + 0.3)).clip(0.02, 1.0).astype(np.float32)


def _fitted(matrix: Any, labels: npt.NDArray[np.int64], topics: int, seed: int) -> tuple[F32, F32]:
    from sklearn.svm import LinearSVC

    counts = np.bincount(labels, minlength=topics)
    usual = counts[labels].mean()
    cost = {code: float((usual / count) ** BALANCE) for code, count in enumerate(counts) if count}
    machine = LinearSVC(C=COST, random_state=seed, tol=1e-2, max_iter=200, class_weight=cost)
    machine.fit(matrix, labels)
    coefficients, intercept = machine.coef_, machine.intercept_
    full = np.zeros((matrix.shape[1], topics), dtype=np.float32)
    bias = np.full(topics, -2.0, dtype=np.float32)  # a topic absent from these rows stays far behind
    if len(machine.classes_) == 2:  # scikit-learn keeps one row for two classes
        coefficients, intercept = np.vstack([-coefficients, coefficients]), np.array([-intercept[0], intercept[0]])
    full[:, machine.classes_] = coefficients.T
    bias[machine.classes_] = intercept
    return full, bias


def _splits(labels: npt.NDArray[np.int64], seed: int) -> Iterable[tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]]:
    count = len(labels)
    if count > MANY:
        # Two steps forward in time: a single tenth may be an unusual month.
        steps = [(count - 2 * (count // 10), count - count // 10), (count - count // 10, count)]
        if len(np.unique(labels[: steps[0][0]])) > 1:
            for last, until in steps:
                yield np.arange(last), np.arange(last, until)
            return
    folds = 5 if count >= 100 else 2
    order = np.random.default_rng(seed).permutation(count)
    order = order[np.argsort(labels[order], kind="stable")]  # every fold sees every topic
    for fold in range(folds):
        hold = np.sort(order[fold::folds])
        learn = np.setdiff1d(np.arange(count), hold)
        if len(np.unique(labels[learn])) > 1:
            yield learn, hold


def _calibrated(scores: F32, labels: npt.NDArray[np.int64]) -> tuple[float, npt.NDArray[np.float64]]:
    """Temperature by least surprise (Guo et al. 2017), then isotonic regression of being right on the first guess."""
    from sklearn.isotonic import IsotonicRegression

    def surprise(temperature: float) -> float:
        chosen = softmax(scores * temperature)[np.arange(len(labels)), labels]
        return float(-np.log(np.maximum(chosen, 1e-9)).mean())

    temperature = min((float(t) for t in np.geomspace(0.5, 30, 40)), key=surprise)
    raw = softmax(scores * np.float32(temperature))
    first, right = raw.max(axis=1).astype(np.float64), (raw.argmax(axis=1) == labels).astype(np.float64)
    # Two imagined cases at either end keep a small sample from promising certainty.
    first = np.concatenate([first, [0.0, 1.0]])
    right = np.concatenate([right, [0.0, float(right.mean())]])
    isotonic = IsotonicRegression(y_min=0.0, y_max=0.995, out_of_bounds="clip").fit(first, right)
    return temperature, np.vstack([isotonic.X_thresholds_, isotonic.y_thresholds_]).astype(np.float64)


def threshold(confidence: npt.NDArray[np.float64], right: npt.NDArray[np.bool_], precision: float) -> float | None:
    """The least confidence from which guesses are right at least so often; None when no such confidence exists.

    A standard error is left as a margin, for the months to come are not quite like the past. At least 30 guesses must
    stand behind it, and it is never below one half: where nearly all guesses are right, the
    few that are more likely wrong than right still go to a person.
    """
    order = np.argsort(-confidence, kind="stable")
    sorted_confidence = confidence[order]
    count = np.arange(1, len(order) + 1)
    share = np.cumsum(right[order]) / count
    surely = share - np.sqrt(share * (1 - share) / count)
    # Guesses of equal confidence stand or fall together.
    last_of_equals = np.append(np.diff(sorted_confidence) != 0, True)
    enough = np.flatnonzero(
        (surely >= precision) & last_of_equals & (count >= _SURE_LEAST) & (sorted_confidence >= _SURE_NEVER_BELOW)
    )
    return float(sorted_confidence[enough[-1]]) if len(enough) else None


def _card(
    codes: Sequence[str], labels: npt.NDArray[np.int64], rows: npt.NDArray[np.intp], scores: F32, temperature: float,
    knots: npt.NDArray[np.float64], languages: Sequence[str] | None, span: tuple[str, str] | None,
    names: Sequence[str], unseen: F32,
) -> dict[str, Any]:  # fmt: skip
    """What the model was learned from, how it did on texts held back, and where it knows too little."""
    counts = np.bincount(labels, minlength=len(codes))
    raw = softmax(scores * np.float32(temperature))
    truth, guessed = labels[rows], raw.argmax(axis=1)
    right = guessed == truth
    confidence = np.interp(raw.max(axis=1), knots[0], knots[1])
    recall = {
        codes[i]: round(float(right[truth == i].mean()), 3) for i in range(len(codes)) if (truth == i).any()
    }  # fmt: skip
    top = np.argsort(-scores, axis=1, kind="stable")[:, :3]
    by_language = {}
    if languages is not None:
        spoken = np.array(languages)[rows]
        for language in sorted(set(languages)):
            own = spoken == language
            if own.any():
                by_language[language] = {
                    "texts": int(own.sum()),
                    "accuracy": round(float(right[own].mean()), 4),
                    "confidence": round(float(confidence[own].mean()), 4),
                }
    sure = {f"{precision:.2f}": threshold(confidence, right, precision) for precision in (0.8, 0.85, 0.9, 0.95)}
    covered = {name: confidence >= least for name, least in sure.items() if least is not None}
    bins = np.histogram(confidence, bins=10, range=(0.0, 1.0))[0]
    return {
        "texts": len(labels),
        "topics": {code: int(counts[i]) for i, code in enumerate(codes)},
        "languages": dict(sorted(Counter(languages or ()).items())),
        "span": list(span) if span else None,
        "fields": list(names),
        "held_back": {
            "texts": len(rows),
            "by": "time" if len(labels) > MANY else "cross-validation",
            "accuracy": round(float(right.mean()), 4),
            "top3": round(float((top == truth[:, None]).any(axis=1).mean()), 4),
            "recall": recall,
            "by_language": by_language,
            "unseen": round(float(unseen[rows].mean()), 4),
            "confidence": [round(float(n) / len(rows), 4) for n in bins],
            # From each of those confidences on: the share of texts it would decide, and how many of these rightly.
            "covered": {
                name: {"share": round(float(own.mean()), 4), "right": round(float(right[own].mean()), 4)}
                for name, own in covered.items()
            },
        },
        "sure_from": sure,
        "knows_too_little": [
            code for i, code in enumerate(codes) if counts[i] < KNOWS_TOO_LITTLE or recall.get(code, 1.0) < 0.3
        ],
    }

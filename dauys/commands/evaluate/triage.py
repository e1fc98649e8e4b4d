"""`dauys evaluate triage`: topic and department, learned from the earlier appeals of a file, tested on the later.

Beside it, in the same run, the recipe of Signalen (Amsterdam): stemmed words counted without inverse document
frequency, one-vs-rest L1 logistic regression by liblinear, 300 iterations; the Russian stemmer in place of the Dutch.
"""

import contextlib
import csv
import dataclasses
import gzip
import re
import sys
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import click
import numpy as np
import numpy.typing as npt

from dauys.commands import show
from dauys.engines import topics

TARGETS = ("category", "reason", "executor_org")
LEAST = 20
"""A class takes part when the training part has so many texts of it; the same classes for both classifiers."""

PRECISION = 0.9
BINS = 15
SINGLES = 400
_WORD = re.compile(r"\w\w+")

_Ints = npt.NDArray[np.int64]
_Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Case:
    """One row of the file: what was known when it was filed, and what came of it."""

    text: str
    created: str
    beside: dict[str, str]
    labels: dict[str, str]


@click.command()
@click.argument("file", required=False, type=click.Path(path_type=Path))
@click.option("--train", "train_file", type=click.Path(path_type=Path), help="CSV (or .csv.gz) to learn from.")
@click.option("--test", "test_file", type=click.Path(path_type=Path), help="CSV (or .csv.gz) of later appeals.")
@click.option(
    "--split", metavar="DATE", help="With one FILE: learn from what was created before DATE, test on the rest."
)
@click.option("--target", type=click.Choice([*TARGETS, "all"]), default="all", show_default=True)
@click.option("--text-only", is_flag=True, help="Leave out what is known beside the text (object, district, place).")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def command(
    file: Path | None, train_file: Path | None, test_file: Path | None, split: str | None, target: str,
    text_only: bool, as_json: bool,
) -> None:  # fmt: skip
    """Learn from earlier appeals, test on later ones, beside the Signalen recipe.

    The files have the columns text, created and those of the targets (category, reason, executor_org); city_object,
    district, address, building, lat and lon are used when there. Nothing that comes after filing is.
    """
    earlier, later = _parts(file, train_file, test_file, split)
    targets = TARGETS if target == "all" else (target,)
    for one in targets:
        if not any(case.labels.get(one) for case in earlier):
            show.stop(f"Column {one} is absent or empty.", remedy="Choose another with --target.")
    outcome: dict[str, Any] = {
        "learned_from": {"texts": len(earlier), "from": earlier[0].created, "to": earlier[-1].created},
        "tested_on": {"texts": len(later), "from": later[0].created, "to": later[-1].created},
        "rule": f"classes with at least {LEAST} texts to learn from; the same for both",
        "beside_the_text": [] if text_only else sorted({name for case in earlier for name in case.beside}),
        "targets": {one: _measured(earlier, later, one, text_only) for one in targets},
    }
    show.result(outcome, as_json=as_json, lines=_told(outcome))


def _parts(
    file: Path | None, train_file: Path | None, test_file: Path | None, split: str | None
) -> tuple[list[Case], list[Case]]:
    if file is not None:
        if train_file or test_file or not split:
            show.stop("One FILE needs --split DATE.", remedy="Or give two files: --train FILE --test FILE.")
        cases = _read(file)
        earlier = [case for case in cases if case.created < split]
        later = [case for case in cases if case.created >= split]
    elif train_file is None or test_file is None:
        show.stop("Two files are needed: --train FILE --test FILE.", remedy="Or one FILE with --split DATE.")
    else:
        earlier, later = _read(train_file), _read(test_file)
    if not earlier or not later:
        show.stop("One part is empty.", remedy="Choose another --split DATE or other files.")
    if earlier[-1].created > later[0].created:
        show.stop(
            f"The test begins {later[0].created}, before the training ends {earlier[-1].created}.",
            remedy="Split by time: a classifier may not learn from the future.",
        )
    return earlier, later


def _read(path: Path) -> list[Case]:
    """Cases of one file, oldest first."""
    csv.field_size_limit(sys.maxsize)
    opened = gzip.open if path.suffix == ".gz" else open
    try:
        with opened(path, "rt", encoding="utf-8-sig", newline="") as lines:
            reader = csv.DictReader(lines)
            absent = [name for name in ("text", "created") if name not in (reader.fieldnames or ())]
            if absent:
                show.stop(f"{path.name} has no column {absent[0]}.", remedy="The first line must name the columns.")
            cases = [_case(row) for row in reader]
    except FileNotFoundError:
        show.stop(f"There is no file {path}.", remedy="Check the name.")
    except (OSError, UnicodeDecodeError, csv.Error, EOFError) as error:
        show.stop(f"{path.name} cannot be read: {error}.", remedy="Give a CSV file in UTF-8, plain or gzipped.")
    return sorted((case for case in cases if case.text), key=lambda case: case.created)


def _case(row: Mapping[str, str | None]) -> Case:
    beside = {name: row.get(name) or "" for name in ("city_object", "district", "building")}
    parts = (row.get("address") or "").split(",")
    beside["street"] = parts[1].strip() if len(parts) > 2 else ""
    beside["exact"] = "building" if beside["building"] else "point"
    with contextlib.suppress(ValueError):  # no point, no cell
        beside.update(topics.ground(float(row.get("lat") or ""), float(row.get("lon") or "")))
    if not any(row.get(name) for name in ("building", "lat", "district")):
        del beside["exact"]
    return Case(
        (row.get("text") or "").strip(),
        row.get("created") or "",
        {name: value for name, value in beside.items() if value},
        {name: row.get(name) or "" for name in TARGETS},
    )


def _measured(earlier: list[Case], later: list[Case], target: str, text_only: bool) -> dict[str, Any]:
    often = Counter(case.labels[target] for case in earlier if case.labels[target])
    classes = sorted(name for name, count in often.items() if count >= LEAST)
    if len(classes) < 2:
        show.stop(f"Column {target} has fewer than two classes of {LEAST} texts.", remedy="Give a larger file.")
    number = {name: i for i, name in enumerate(classes)}
    learn = [case for case in earlier if case.labels[target] in number]
    test = [case for case in later if case.labels[target] in number]
    if not test:
        show.stop(f"The later part has no text of the classes of {target}.", remedy="Choose another --split DATE.")
    truth = np.array([number[case.labels[target]] for case in test])
    with show.step(f"{target}: learning from {len(learn)}"):
        ours = _ours(learn, test, target, text_only, number, truth)
    with show.step(f"{target}: the Signalen recipe"):
        theirs = _signalen(learn, test, target, number, truth)
    ratios = {
        name: round(ours[name] / theirs[name], 3)
        for name in ("accuracy", "macro_f1", "top3", "texts_per_second", "one_text_ms", "train_cpu_s")
        if theirs[name]
    }
    return {
        "classes": len(classes),
        "learned": len(learn),
        "tested": len(test),
        "left_out_of_test": sum(1 for case in later if case.labels[target] and case.labels[target] not in number),
        "dauys": ours,
        "signalen_recipe": theirs,
        "dauys_to_signalen": ratios,
    }


def _ours(
    learn: list[Case], test: list[Case], target: str, text_only: bool, number: dict[str, int], truth: _Ints
) -> dict[str, Any]:
    begun = time.process_time()
    fields = None if text_only else [case.beside for case in learn]
    model = topics.train(
        [(case.text, case.labels[target]) for case in learn],
        seed=1, fields=fields, span=(learn[0].created[:10], learn[-1].created[:10]),
        place=None if text_only or target != "executor_org" else "district",
    )  # fmt: skip
    spent = time.process_time() - begun
    content = model.to_bytes()
    texts = [case.text for case in test]
    beside = None if text_only else [case.beside for case in test]

    def answer(model: topics.Model, one: slice) -> list[topics.Guess]:
        return model.classify(texts[one], fields=beside[one] if beside is not None else None)

    cold, fresh = topics.Model.from_bytes(content), topics.Model.from_bytes(content)
    singles = [_timed(partial(answer, cold, slice(i, i + 1)))[1] * 1000 for i in range(min(SINGLES, len(texts)))]
    guesses, first_pass = _timed(partial(answer, fresh, slice(None)))
    _, again = _timed(partial(answer, fresh, slice(None)))
    ranked = [[number.get(code, -1) for code, _ in guess.ranked] for guess in guesses]
    confidence = np.array([guess.confidence for guess in guesses])
    figures = _figures(truth, ranked, confidence)
    right = np.array([one[0] for one in ranked]) == truth
    promised = model.card["sure_from"][f"{PRECISION:.2f}"]
    alone = confidence >= promised if promised is not None else np.zeros(len(truth), dtype=bool)
    return {
        **figures,
        "sure_from": promised,
        "alone_share": round(float(alone.mean()), 4),
        "alone_precision": round(float(right[alone].mean()), 4) if alone.any() else None,
        "texts_per_second": round(len(texts) / again),
        "texts_per_second_first_pass": round(len(texts) / first_pass),
        "one_text_ms": round(float(np.median(singles)), 3),
        "model_bytes": len(content),
        "train_cpu_s": round(spent, 1),
        "drift": dataclasses.asdict(topics.drift(model.card, guesses)),
    }


def _signalen(learn: list[Case], test: list[Case], target: str, number: dict[str, int], truth: _Ints) -> dict[str, Any]:
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.multiclass import OneVsRestClassifier
    from sklearn.pipeline import make_pipeline
    from snowballstemmer import stemmer

    stem = stemmer("russian").stemWords
    begun = time.process_time()
    recipe = make_pipeline(
        TfidfVectorizer(tokenizer=lambda text: stem(_WORD.findall(text.lower())), token_pattern=None, use_idf=False),
        OneVsRestClassifier(LogisticRegression(solver="liblinear", l1_ratio=1, max_iter=300, random_state=1)),
    )
    recipe.fit([case.text for case in learn], [number[case.labels[target]] for case in learn])
    spent = time.process_time() - begun
    texts = [case.text for case in test]
    singles = [
        _timed(partial(recipe.predict_proba, texts[i : i + 1]))[1] * 1000 for i in range(min(SINGLES, len(texts)))
    ]
    shares, took = _timed(lambda: recipe.predict_proba(texts))
    known = recipe.classes_
    ranked = [[int(known[i]) for i in row] for row in np.argsort(-shares, axis=1, kind="stable")[:, :3]]
    weights = sum(one.coef_.nbytes + one.intercept_.nbytes for one in recipe[-1].estimators_)
    return {
        **_figures(truth, ranked, shares.max(axis=1)),
        "texts_per_second": round(len(texts) / took),
        "one_text_ms": round(float(np.median(singles)), 3),
        "model_bytes": weights,
        "train_cpu_s": round(spent, 1),
    }


def _timed(work: Callable[[], Any]) -> tuple[Any, float]:
    """The outcome, and the seconds of processor time it took."""
    begun = time.process_time()
    outcome = work()
    return outcome, max(1e-6, time.process_time() - begun)


def _figures(truth: _Ints, ranked: Sequence[Sequence[int]], confidence: _Floats) -> dict[str, float]:
    first = np.array([one[0] for one in ranked])
    right = first == truth
    scores = []
    for one in np.union1d(truth, first):
        hits = int((right & (truth == one)).sum())
        scores.append(2 * hits / (int((truth == one).sum()) + int((first == one).sum())))
    return {
        "accuracy": round(float(right.mean()), 4),
        "macro_f1": round(float(np.mean(scores)), 4),
        "top3": round(float(np.mean([label in one for label, one in zip(truth.tolist(), ranked, strict=True)])), 4),
        "calibration_error": round(_calibration_error(confidence, right), 4),
        "best_alone_share": round(_best_alone(confidence, right), 4),
    }


def _calibration_error(confidence: _Floats, right: npt.NDArray[np.bool_]) -> float:
    """Expected calibration error over 15 bins of equal width."""
    bins = np.minimum((confidence * BINS).astype(int), BINS - 1)
    gaps = [
        (bins == one).mean() * abs(right[bins == one].mean() - confidence[bins == one].mean())
        for one in np.unique(bins)
    ]
    return float(np.sum(gaps))


def _best_alone(confidence: _Floats, right: npt.NDArray[np.bool_]) -> float:
    """The share that could be answered at the promised precision, had the threshold been known from the future."""
    found = topics.threshold(confidence, right, PRECISION)
    return float((confidence >= found).mean()) if found is not None else 0.0


def _told(outcome: Mapping[str, Any]) -> list[str]:
    lines = [
        f"Learned from {outcome['learned_from']['texts']} appeals, tested on {outcome['tested_on']['texts']} "
        f"later ones; {outcome['rule']}.",
    ]
    names = ("accuracy", "macro_f1", "top3", "calibration_error", "texts_per_second", "one_text_ms", "train_cpu_s")
    for target, one in outcome["targets"].items():
        lines.append(f"{target}: {one['classes']} classes, {one['tested']} tested")
        lines += [
            f"  {name:18} {one['dauys'][name]:>10}   Signalen {one['signalen_recipe'][name]:>10}" for name in names
        ]
        precision = one["dauys"]["alone_precision"]
        lines.append(
            f"  answered alone     {one['dauys']['alone_share']:>10.1%}"
            + (f"   right in {precision:.1%} (promised {PRECISION:.0%})" if precision is not None else "")
        )
        lines.append(f"  model              {one['dauys']['model_bytes'] / 1e6:>10.1f} MB")
    return lines

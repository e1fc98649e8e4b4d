"""`dauys evaluate answers`: will the citizen dispute this answer? Learned from earlier threads, tested on later ones.

Beside it, in the same run, the length of the answer and a usual text classifier (words and pairs of words by TF-IDF,
logistic regression). Whatever comes after an answer was sent is used for its verdict alone.
"""

import gzip
import json
import tomllib
from bisect import bisect_left, insort
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from importlib.resources import files
from pathlib import Path
from time import process_time
from typing import Any

import click
import numpy as np
import numpy.typing as npt

from dauys.commands import show
from dauys.engines import answer_check
from dauys.engines.answer_check import Ask, Case, Moment
from dauys.engines.asks import Lexicon, asks

ANSWERED, REOPENED = "Получен ответ", "Модерация"
ACCEPTED, LAPSED = "Завершено: Пользователь удовлетворен", "Завершено: Автоматически"
"""Statuses of a thread: an answer was published; the citizen sent the appeal back; was satisfied; said nothing."""

OWN_WORDS = 1
"""The flag of a segment of a petition that was not masked."""

SURE = 0.7
"""How surely something must be asked for its answer to be looked for."""

RESAMPLES = 1000
BINS = 15

_Floats = npt.NDArray[np.float64]
_Truth = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Sent:
    """An answer as it stood when it was sent, and what the citizen said to it: disputed, accepted, silent or "".

    `place` tells one place of the city from another; `created` is when the appeal was filed, `judged` when the verdict
    came ("" for never). Moments are ISO texts, which sort as time.
    """

    thread: int
    created: str
    sent: str
    judged: str
    verdict: str
    appeal: str
    answer: str
    place: str
    fields: dict[str, str]
    numbers: dict[str, float]


@dataclass(frozen=True, slots=True)
class Known:
    """One answer with what may be used to foretell its verdict."""

    sent: Sent
    moment: Moment


@click.command()
@click.argument("file", required=False, type=click.Path(path_type=Path))
@click.option("--train", "train_file", type=click.Path(path_type=Path), help="Threads (.jsonl or .jsonl.gz).")
@click.option("--test", "test_file", type=click.Path(path_type=Path), help="Threads filed later.")
@click.option(
    "--split", metavar="DATE", help="With one FILE: learn from appeals filed before DATE, test on those after."
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def command(
    file: Path | None, train_file: Path | None, test_file: Path | None, split: str | None, as_json: bool
) -> None:
    """Foretell which answers are disputed, beside the length of the answer and a TF-IDF classifier.

    A line of a file is one thread: petitions (dt, segments), answers (dt, body, author), statuses (moment, name); id,
    district, category, reason, city_object, building, lat, lon and routes are used when there. Learned from are answers
    of appeals filed before the first appeal of the test and judged before it, too.
    """
    earlier, later, first = _parts(file, train_file, test_file, split)
    _count_the_past([*earlier, *later])
    learn = [one for one in earlier if one.verdict and one.judged < first]
    test = [one for one in later if one.verdict]
    if not any(one.verdict == "disputed" for one in learn) or not any(one.verdict == "disputed" for one in test):
        show.stop("One part has no disputed answer.", remedy="Choose another --split DATE or larger files.")
    if not any(one.verdict == "accepted" for one in learn) or not any(one.verdict == "accepted" for one in test):
        show.stop("One part has no accepted answer.", remedy="Choose another --split DATE or larger files.")
    lexicon, cues = _lexicon(), answer_check.packaged()
    began = process_time()
    known: dict[str, list[Known]] = {}
    for name, rows in (("learn", learn), ("test", test)):
        with show.Ticker(f"checking the answers to {name}", len(rows)) as ticker:
            known[name] = []
            for one in rows:
                known[name].append(_known(one, lexicon, cues))
                ticker.advance()
    checked = (process_time() - began) / (len(learn) + len(test)) * 1000
    outcome: dict[str, Any] = {
        "first_of_test": first,
        "left_out_of_learning": sum(1 for one in earlier if one.verdict and one.judged >= first),
        "without_a_verdict": {
            "learn": sum(1 for one in earlier if not one.verdict),
            "test": sum(1 for one in later if not one.verdict),
        },
        "check_ms": round(checked, 3),
        "verdicts": _measured(known, ("disputed", "accepted")),
        "silence_as_acceptance": _measured(known, ("disputed", "accepted", "silent")),
        "findings": _findings(known["test"]),
    }
    show.result(outcome, as_json=as_json, lines=_told(outcome))


def _parts(
    file: Path | None, train_file: Path | None, test_file: Path | None, split: str | None
) -> tuple[list[Sent], list[Sent], str]:
    if file is not None:
        if train_file or test_file or not split:
            show.stop("One FILE needs --split DATE.", remedy="Or give two files: --train FILE --test FILE.")
        try:
            datetime.fromisoformat(split)
        except ValueError:
            show.stop(f"--split {split} is no date.", remedy="Write it as 2021-02-25.")
        rows = _read(file)
        earlier, later = [one for one in rows if one.created < split], [one for one in rows if one.created >= split]
        first = split
    elif train_file is None or test_file is None:
        show.stop("Two files are needed: --train FILE --test FILE.", remedy="Or one FILE with --split DATE.")
    else:
        earlier, later = _read(train_file), _read(test_file)
        first = min((one.created for one in later), default="")
    if not earlier or not later:
        show.stop("One part has no answers.", remedy="Choose another --split DATE or other files.")
    newest = max(one.created for one in earlier)
    if newest > first:
        show.stop(
            f"The test begins {first}, before the training ends {newest}.",
            remedy="Split by time: nothing may be learned from the future.",
        )
    return earlier, later, first


def _read(path: Path) -> list[Sent]:
    opened = gzip.open if path.suffix == ".gz" else open
    found: list[Sent] = []
    try:
        with opened(path, "rt", encoding="utf-8") as lines:
            for number, line in enumerate(lines, start=1):
                if not line.strip():
                    continue
                try:
                    found += _sent(json.loads(line))
                except KeyError as error:
                    show.stop(f"{path.name}, line {number}: no field {error}.", remedy="See --help for the fields.")
                except (ValueError, TypeError, AttributeError, IndexError) as error:
                    show.stop(f"{path.name}, line {number}: {error}.", remedy="Each line must be one thread in JSON.")
    except FileNotFoundError:
        show.stop(f"There is no file {path}.", remedy="Check the name.")
    except (OSError, UnicodeDecodeError, EOFError) as error:
        show.stop(f"{path.name} cannot be read: {error}.", remedy="Give JSON lines in UTF-8, plain or gzipped.")
    return sorted(found, key=lambda one: one.sent)


def _sent(thread: Mapping[str, Any]) -> list[Sent]:
    """The published answers of one thread, each with the status that followed."""
    petitions = sorted(thread["petitions"], key=lambda one: one["dt"])
    answers = sorted(thread["answers"], key=lambda one: one["dt"])
    statuses: list[list[str]] = thread["statuses"]
    found: list[Sent] = []
    for place, (moment, name) in enumerate(statuses):
        written = [one for one in answers if one["dt"] <= moment]
        if name != ANSWERED or not written or not petitions:
            continue
        answer = written[-1]
        asked = [one for one in petitions if one["dt"] <= answer["dt"]] or petitions[:1]
        judged, after = statuses[place + 1] if place + 1 < len(statuses) else ("", "")
        fields = _fields(thread, answer)
        found.append(
            Sent(
                thread=int(thread.get("id") or 0),
                created=petitions[0]["dt"],
                sent=answer["dt"],
                judged=judged,
                verdict=_verdict(after),
                appeal="\n".join(_words(one) for one in asked),
                answer=answer["body"] or "",
                place=_place(thread),
                fields=fields,
                numbers={
                    "days": _days(asked[-1]["dt"], answer["dt"]),
                    "answers_before": len(written) - 1,
                    "reopened_before": len(asked) - 1,
                    "photos": sum(one.get("photos") or 0 for one in asked),
                    "moved": sum(1 for moved in thread.get("routes") or () if moved[0] <= answer["dt"]),
                },
            )
        )
    return found


def _verdict(status: str) -> str:
    if status == REOPENED:
        return "disputed"
    if status.startswith(ACCEPTED):
        return "accepted"
    return "silent" if status.startswith(LAPSED) else ""


def _fields(thread: Mapping[str, Any], answer: Mapping[str, Any]) -> dict[str, str]:
    """What stands beside the texts. Only the author of this answer is known to be its office: the thread's own
    executor is the last one, and a dispute changes it. A topic changed after the answer is read as it was.
    """
    topic = [str(thread.get(name) or "") for name in ("city_object", "category", "reason")]
    later = [one for one in thread.get("reason_changes") or () if one["dt"] > answer["dt"]]
    if later:
        old = str(min(later, key=lambda one: one["dt"])["reason_change"]["old"]).split("/", 2)
        topic = old if len(old) == 3 else topic
    fields = dict(zip(("object", "category", "topic"), topic, strict=True))
    fields["office"] = str(answer.get("author") or "")
    fields["district"] = str(thread.get("district") or "")
    fields["contractor"] = "; ".join(sorted(str(one.get("name") or "") for one in answer.get("performers") or ()))
    return {name: value for name, value in fields.items() if value}


def _words(petition: Mapping[str, Any]) -> str:
    return "".join(text if flag == OWN_WORDS else " " for flag, text in petition["segments"]).strip()


def _place(thread: Mapping[str, Any]) -> str:
    if thread.get("building"):
        return f"b{thread['building']}"
    try:
        return f"{float(thread['lat']):.4f},{float(thread['lon']):.4f}"
    except (KeyError, TypeError, ValueError):
        return ""


def _days(since: str, until: str) -> float:
    return max(0.0, (datetime.fromisoformat(until) - datetime.fromisoformat(since)).total_seconds() / 86400)


def _count_the_past(rows: Sequence[Sent]) -> None:
    """To each answer, the number of earlier appeals, disputes and acceptances at its place when it was sent."""
    events: dict[tuple[str, str], list[str]] = defaultdict(list)
    threads: set[int] = set()
    for one in rows:
        if one.place and one.thread not in threads:
            threads.add(one.thread)
            insort(events["filed", one.place], one.created)
        if one.place and one.judged:
            insort(events[one.verdict, one.place], one.judged)
    for one in rows:
        for name, event, moment in (
            ("filed_here", "filed", one.created), ("disputed_here", "disputed", one.sent),
            ("accepted_here", "accepted", one.sent),
        ):  # fmt: skip
            one.numbers[name] = float(bisect_left(events.get((event, one.place), []), moment))


def _lexicon() -> Lexicon:
    path = files("dauys.understand") / "data" / "asks.toml"
    return Lexicon(tomllib.loads(path.read_text(encoding="utf-8")))


def _known(one: Sent, lexicon: Lexicon, cues: answer_check.Cues) -> Known:
    found = answer_check.check(case_of(one, lexicon), cues)
    return Known(one, Moment(one.appeal, one.answer, one.fields, one.numbers, found))


def case_of(one: Sent, lexicon: Lexicon) -> Case:
    asked = tuple(Ask(ask.words, ask.kind) for ask in asks(one.appeal, lexicon).items if ask.confidence >= SURE)
    today = datetime.fromisoformat(one.sent).date()
    return Case(one.appeal, one.answer, asked, topic=one.fields.get("topic", ""), today=today)


def _measured(known: Mapping[str, Sequence[Known]], verdicts: tuple[str, ...]) -> dict[str, Any]:
    learn = [one for one in known["learn"] if one.sent.verdict in verdicts]
    test = [one for one in known["test"] if one.sent.verdict in verdicts]
    past = np.array([one.sent.verdict == "disputed" for one in learn])
    truth = np.array([one.sent.verdict == "disputed" for one in test])
    with show.step(f"learning from {len(learn)} answers"):
        ours, scores = _ours(learn, test, past, truth)
    with show.step("length and TF-IDF"):
        length = _length(learn, test, past)
        both = _tfidf(learn, test, past, truth, lambda one: f"{one.appeal}\n{one.answer}")
        answer = _tfidf(learn, test, past, truth, lambda one: one.answer)
    with show.step(f"{RESAMPLES} resamples"):
        ahead = {
            name: _ahead(truth, scores, theirs, [one.sent.thread for one in test])
            for name, theirs in (("length", length), ("tfidf", both[1]), ("tfidf_answer_only", answer[1]))
        }
    return {
        "not_disputed_means": list(verdicts[1:]),
        "learned_from": _counts(learn, past),
        "tested_on": _counts(test, truth),
        "dauys": ours,
        "length": {"roc_auc": round(_auc(truth, length), 4)},
        "tfidf": both[0],
        "tfidf_answer_only": answer[0],
        "ahead_by": ahead,
    }


def _counts(rows: Sequence[Known], truth: _Truth) -> dict[str, Any]:
    return {
        "answers": len(rows),
        "disputed": int(truth.sum()),
        "base_rate": round(float(truth.mean()), 4),
        "sent_from": rows[0].sent.sent[:10],
        "sent_to": rows[-1].sent.sent[:10],
    }


def _ours(learn: Sequence[Known], test: Sequence[Known], past: _Truth, truth: _Truth) -> tuple[dict[str, Any], _Floats]:
    began = process_time()
    try:
        model = answer_check.train([one.moment for one in learn], past.tolist())
    except answer_check.TooFewVerdicts as error:
        show.stop(str(error), remedy="Give a larger file or a later --split DATE.")
    spent = process_time() - began
    content = answer_check.write(model)
    model = answer_check.read(content)
    began = process_time()
    chances = np.array([model.risk(one.moment).probability for one in test])
    each = (process_time() - began) / len(test) * 1000
    return {
        "roc_auc": round(_auc(truth, chances), 4),
        "calibration_error": round(_calibration_error(chances, truth), 4),
        "mean_chance": round(float(chances.mean()), 4),
        "risk_ms": round(each, 3),
        "model_bytes": len(content),
        "train_cpu_s": round(spent, 1),
    }, chances


def _length(learn: Sequence[Known], test: Sequence[Known], past: _Truth) -> _Floats:
    """Characters of the answer; whether long or short ones are disputed is learned from the past."""
    sizes = np.array([len(one.sent.answer) for one in learn], dtype=np.float64)
    sign = 1.0 if _auc(past, sizes) >= 0.5 else -1.0
    return sign * np.array([len(one.sent.answer) for one in test], dtype=np.float64)


def _tfidf(
    learn: Sequence[Known], test: Sequence[Known], past: _Truth, truth: _Truth, text: Callable[[Sent], str]
) -> tuple[dict[str, Any], _Floats]:
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline

    recipe = make_pipeline(
        TfidfVectorizer(ngram_range=(1, 2), min_df=3, sublinear_tf=True), LogisticRegression(max_iter=1000)
    )
    recipe.fit([text(one.sent) for one in learn], past)
    chances: _Floats = recipe.predict_proba([text(one.sent) for one in test])[:, 1]
    return {
        "roc_auc": round(_auc(truth, chances), 4),
        "calibration_error": round(_calibration_error(chances, truth), 4),
    }, chances


def _auc(truth: _Truth, scores: _Floats) -> float:
    """The share of pairs of a disputed and another answer in which the disputed one has the higher score."""
    _, place, many = np.unique(scores, return_inverse=True, return_counts=True)
    middle = np.cumsum(many) - (many - 1) / 2
    positive = int(truth.sum())
    rest = len(truth) - positive
    if not positive or not rest:
        return 0.5
    return float((middle[place][truth].sum() - positive * (positive + 1) / 2) / (positive * rest))


def _ahead(truth: _Truth, ours: _Floats, theirs: _Floats, threads: Sequence[int]) -> dict[str, float]:
    """By how much the first is ahead in ROC-AUC, with the middle 95 of 100 of resamples of threads."""
    random = np.random.default_rng(1)
    _, group = np.unique(threads, return_inverse=True)
    order = np.argsort(group, kind="stable")
    starts = np.searchsorted(group[order], np.arange(int(group.max()) + 2))
    gaps = []
    for _ in range(RESAMPLES):
        drawn = random.integers(0, len(starts) - 1, len(starts) - 1)
        rows = order[np.concatenate([np.arange(starts[one], starts[one + 1]) for one in drawn])]
        gaps.append(_auc(truth[rows], ours[rows]) - _auc(truth[rows], theirs[rows]))
    low, high = np.percentile(gaps, [2.5, 97.5])
    return {
        "roc_auc": round(_auc(truth, ours) - _auc(truth, theirs), 4),
        "from": round(float(low), 4),
        "to": round(float(high), 4),
        "share_of_resamples_ahead": round(float(np.mean(np.array(gaps) > 0)), 4),
    }


def _calibration_error(chances: _Floats, truth: _Truth) -> float:
    """Expected calibration error over 15 bins of equal width."""
    bins = np.minimum((chances * BINS).astype(int), BINS - 1)
    return float(
        sum((bins == one).mean() * abs(truth[bins == one].mean() - chances[bins == one].mean()) for one in set(bins))
    )


def _findings(test: Iterable[Known]) -> dict[str, dict[str, Any]]:
    """How often each advice was given to the tested answers, and how many of those with a verdict were disputed."""
    said: Counter[str] = Counter()
    judged: Counter[str] = Counter()
    disputed: Counter[str] = Counter()
    for one in test:
        codes = {finding.code for finding in one.moment.findings} | {"any answer"}
        said.update(codes)
        if one.sent.verdict in ("disputed", "accepted"):
            judged.update(codes)
            disputed.update(codes if one.sent.verdict == "disputed" else ())
    return {
        code: {
            "said": said[code], "judged": judged[code], "disputed": disputed[code],
            "disputed_share": round(disputed[code] / judged[code], 4) if judged[code] else None,
        }
        for code in sorted(said)
    }  # fmt: skip


def _told(outcome: Mapping[str, Any]) -> list[str]:
    lines: list[str] = []
    for name, title in (("verdicts", "Disputed or accepted"), ("silence_as_acceptance", "Silence as acceptance")):
        one = outcome[name]
        test = one["tested_on"]
        lines += [
            f"{title}: learned from {one['learned_from']['answers']} answers, tested on {test['answers']} later ones, "
            f"{test['disputed']} of them disputed ({test['base_rate']:.1%})",
            *(
                f"  {other:18} ROC-AUC {one[other]['roc_auc']:.4f}"
                + (
                    f"   ours is ahead by {one['ahead_by'][other]['roc_auc']:.4f} "
                    f"({one['ahead_by'][other]['from']:.4f} to {one['ahead_by'][other]['to']:.4f})"
                    if other in one["ahead_by"]
                    else f"   calibration error {one[other]['calibration_error']:.4f}"
                )
                for other in ("dauys", "length", "tfidf", "tfidf_answer_only")
            ),
            f"  model {one['dauys']['model_bytes'] / 1e6:.1f} MB, {one['dauys']['risk_ms']:.2f} ms an answer",
        ]
    lines.append(f"Check of one answer, with finding the asks: {outcome['check_ms']:.2f} ms of processor time.")
    return lines

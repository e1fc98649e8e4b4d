"""Reading the texts the engine learns from: each known shape of file into plain texts, one sentence or line each."""

import csv
import html
import io
import re
import tomllib
from collections.abc import Iterable, Iterator
from typing import Any

SHAPES = ("IOB2 .txt", "review .csv", ".txt", ".html", ".po", ".toml", "hunspell .dic with its .aff")
LISTS = (".tsv", ".wordlist")
"""Lists of words: each with how often it is met in a million, or the most frequent first."""
LANGUAGES = ("kk", "ru", "en")
FORMS_OF_A_WORD = 12
"""Forms kept of one dictionary word: all its thousand would drown the words themselves."""

ZIPF, FIRST_RANKS = 100_000.0, 10  # the word of rank r is met 100,000 / r times in a million, the very first less often

_WORD = re.compile(r"[^\W\d_]+")
_TAG = re.compile(r"<[^<>]{0,500}>")
_HOLE = re.compile(r"%\([^()]*\)[a-z]|\{[^{}]*\}|%[a-z]")
_QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"')
_SENTENCE_END = re.compile(r"(?<=[.!?…])\s+")


def texts(name: str, content: str, label: str, *, affixes: str = "") -> Iterator[tuple[str, str]]:
    """The (language, text) pairs of one file. `label` is the language of the folder, or "own" for our mixed files."""
    if name.endswith(".toml"):
        yield from _toml(tomllib.loads(content))
        return
    if "IOB2" in name:
        found: Iterable[str] = _iob2(content)
    elif name.endswith(".csv"):
        found = (row["text"] for row in csv.DictReader(io.StringIO(content)))
    elif name.endswith(".html"):
        found = (html.unescape(_TAG.sub(" ", p)) for p in re.findall(r"<p>(.*?)</p>", content, re.DOTALL))
    elif name.endswith(".po"):
        found = _catalogue(content, original=label == "en")
    elif name.endswith(".dic"):
        found = dictionary(content, affixes)
    else:
        paragraphs = re.split(r"\n\s*\n|(?<=[.!?…])\s*\n", content)
        found = (one for paragraph in paragraphs for one in _SENTENCE_END.split(" ".join(paragraph.split())))
    for text in found:
        if text.strip():
            yield label, text.strip()


def listed(name: str, content: str) -> dict[str, float]:
    """How often each word of a list is met, in a million; of a list without numbers by Zipf's law."""
    rates: dict[str, float] = {}
    for rank, line in enumerate(content.splitlines(), start=FIRST_RANKS):
        word, _, rate = line.lower().partition("\t")
        if name.endswith(".tsv"):
            rates[word] = rates.get(word, 0.0) + float(rate)
        else:
            for part in _WORD.findall(word):
                rates.setdefault(part, ZIPF / rank)
    return rates


def _iob2(content: str) -> Iterator[str]:
    words: list[str] = []
    for line in content.splitlines():
        if line.strip():
            words.append(line.split()[0])
        elif words:
            yield " ".join(words)
            words = []
    if words:
        yield " ".join(words)


def _catalogue(content: str, *, original: bool) -> Iterator[str]:
    """The translations of a gettext catalogue, or its originals."""
    for entry in content.split("\n\n"):
        if "#, fuzzy" in entry:
            continue
        head, _, tail = entry.partition("msgstr")
        words = "".join(_QUOTED.findall(head.partition("msgid")[2] if original else tail))
        words = _HOLE.sub(" ", words.replace("\\n", " ").replace('\\"', '"'))
        if "Content-Type:" not in words:
            yield _TAG.sub(" ", words)


def _toml(node: Any, language: str = "") -> Iterator[tuple[str, str]]:
    """Strings below a key that names a language, whatever the depth."""
    if isinstance(node, dict):
        for key, value in node.items():
            tail = key.rpartition("_")[2]
            yield from _toml(value, tail if tail in LANGUAGES else language)
    elif isinstance(node, list):
        for value in node:
            yield from _toml(value, language)
    elif isinstance(node, str) and language:
        yield language, _HOLE.sub(" ", node)


def dictionary(words: str, affixes: str) -> Iterator[str]:
    """The words of a hunspell dictionary with some of their suffixed forms, spread evenly over the rules."""
    rules: dict[str, list[tuple[str, str, re.Pattern[str]]]] = {}
    for line in affixes.splitlines():
        part = line.split()
        if len(part) >= 5 and part[0] == "SFX":
            cut = "" if part[2] == "0" else part[2]
            add = "" if part[3] == "0" else part[3].partition("/")[0]
            rules.setdefault(part[1], []).append((cut, add, re.compile(f"(?:{part[4]})$")))
    for line in words.splitlines()[1:]:
        word, _, flags = line.strip().lstrip("\ufeff").partition("/")
        if not word or word.isupper():
            continue
        forms = [
            word[: len(word) - len(cut)] + add
            for flag in flags
            for cut, add, condition in rules.get(flag, ())
            if word.endswith(cut) and condition.search(word)
        ]
        step = max(1, len(forms) // FORMS_OF_A_WORD)
        yield " ".join([word, *forms[::step][:FORMS_OF_A_WORD]])

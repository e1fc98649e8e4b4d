"""Which of the law's kinds is this appeal: application, complaint, inquiry, message, proposal or response?

Rules are data, passed in with the article they rest on. The rule that weighs most decides and is named together
with the citizen's words that met it. The citizen's own choice stands: a differing reading is a suggestion.
"""

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

READ_AT_MOST = 20_000  # characters: what an appeal is says itself early
WORDS_AT_MOST = 400  # in one sentence; the rest of a longer one is read as the next
KINDS = ("complaint", "inquiry", "proposal", "application", "response", "message")
"""In the order in which a tie is settled: the narrow kinds before the wide ones."""

GREETING_AT_MOST = 3  # words: «Здравствуйте, уважаемый Аким!» states nothing, a longer sentence may

SUGGEST_FROM = 0.7
"""Below this confidence a reading that differs from the citizen's choice is not even suggested."""

_GAP = 2  # other words that may stand between two words of a phrase
_TOKEN = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*|[.!?;:,\n]")
_QUOTED = re.compile(r"«[^»]{3,400}»|“[^”]{3,400}”|\"[^\"\n]{3,400}\"")
_FOLD = str.maketrans("ёәғқңөұүһіi", "еагкноуухии")
_NOT_BEFORE = frozenset({"не", "ни", "not", "no", "never", "don't", "без"})
_NOT_AFTER = frozenset({"емес"})


class MalformedRules(ValueError):
    """The table of rules cannot be read; the message names the place and the remedy."""


@dataclass(frozen=True)
class Rule:
    """One ground for a kind. `weight` is what it adds; `checked` tells whether the article's words were read."""

    code: str
    kind: str
    weight: float
    phrases: tuple[str, ...]
    unless: tuple[str, ...] = ()
    article: str = ""
    source: str = ""
    checked: bool = False


@dataclass(frozen=True, slots=True)
class Reason:
    """A rule that was met, and where: `words` is text[start:end], untouched."""

    rule: str
    kind: str
    words: str
    start: int
    end: int
    article: str
    checked: bool


@dataclass(frozen=True, slots=True)
class Body:
    """A body or officer complained about, by its role; a complaint passes it by (APPC art. 91(3))."""

    role: str
    words: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Kind:
    """`kind` is the citizen's choice where there was one, else the reading; None when nothing can be read.

    `rule` decided, `confidence` (0..1) is that of the reading, `suggested` a differing reading worth a question,
    `reasons` every rule met, heaviest first, `against` the bodies complained about.
    """

    kind: str | None
    confidence: float
    rule: str
    suggested: str | None = None
    reasons: tuple[Reason, ...] = ()
    against: tuple[Body, ...] = ()


class _Phrase(NamedTuple):
    rule: int
    symbols: tuple[int, ...]
    far: tuple[bool, ...]  # whether any distance is allowed before this symbol
    at_start: bool
    asks: bool  # only in a sentence that ends with a question mark
    takes_back: bool


class _Word(NamedTuple):
    folded: str
    start: int
    end: int
    after_comma: bool


def _fold(text: str) -> str:
    return text.lower().translate(_FOLD)


class Lexicon:
    """The rules, made ready for reading.

    A phrase is words in order with at most two others between them. In it "слов*" stands for every word that
    begins so, "*слово" for every word that ends so, "{body}" for any word of a class, "…" for any distance,
    a leading "^" for the beginning of the sentence, a closing "?" for a question.
    """

    def __init__(
        self,
        rules: Sequence[Rule],
        *,
        classes: Mapping[str, Sequence[str]] | None = None,
        bodies: Mapping[str, Sequence[str]] | None = None,
        greetings: Sequence[str] = (),
    ) -> None:
        """`bodies` are roles with their words, together the class {body}; `greetings` are words that state nothing."""
        self.rules = tuple(rules)
        self._whole: dict[str, list[int]] = {}
        self._prefix: dict[str, list[int]] = {}
        self._suffix: dict[str, list[int]] = {}
        self._symbols: dict[str, int] = {}
        self._phrases: dict[int, list[_Phrase]] = {}
        self._known: dict[str, tuple[int, ...]] = {}
        self.roles: dict[int, str] = {}
        self.body = self._symbol("{body}")
        for role, words in (bodies or {}).items():
            self.roles[self._symbol(f"role {role}")] = role
            for word in words:
                self._learn(word, self._symbol(f"role {role}"), f"body {role}")
                self._learn(word, self.body, f"body {role}")
        for name, words in (classes or {}).items():
            for word in words:
                self._learn(word, self._symbol("{" + name + "}"), f"class {name}")
        self.greeting = self._symbol("{greeting}")
        for word in greetings:
            self._learn(word, self.greeting, "greetings")
        for number, rule in enumerate(self.rules):
            if rule.kind not in KINDS:
                raise MalformedRules(f"{rule.code}: kind must be one of {', '.join(KINDS)}, not {rule.kind!r}.")
            if not rule.phrases or not rule.weight > 0:
                raise MalformedRules(f"{rule.code}: give at least one phrase and a weight above 0.")
            for phrase in rule.phrases:
                self._add(number, phrase, takes_back=False)
            for phrase in rule.unless:
                self._add(number, phrase, takes_back=True)
        self._sizes = sorted({len(key) for key in self._prefix})
        self._endings = sorted({len(key) for key in self._suffix})

    @classmethod
    def from_table(cls, table: Mapping[str, Any]) -> "Lexicon":
        """From the parsed `kinds.toml`. Raises MalformedRules naming the row that cannot be read."""
        rules = []
        for place, row in enumerate(table.get("rule", ()), start=1):
            try:
                article = table["article"][row["kind"]]
                rules.append(
                    Rule(
                        code=row["code"], kind=row["kind"], weight=float(row["weight"]), phrases=tuple(row["phrases"]),
                        unless=tuple(row.get("unless", ())), article=row.get("article", article["article"]),
                        source=row.get("source", article["source"]), checked=bool(row.get("checked", False)),
                    )
                )  # fmt: skip
            except (KeyError, TypeError, ValueError) as wrong:
                raise MalformedRules(f"rule {place}: {wrong!s} is missing or of the wrong type.") from wrong
        if not rules:
            raise MalformedRules("The table has no [[rule]].")
        return cls(
            rules,
            classes=table.get("class", {}),
            bodies={row["role"]: row["words"] for row in table.get("body", ())},
            greetings=table.get("greetings", ()),
        )

    def _symbol(self, name: str) -> int:
        return self._symbols.setdefault(name, len(self._symbols))

    def _learn(self, word: str, symbol: int, where: str) -> None:
        folded = _fold(word)
        if folded.endswith("*"):
            table, key = self._prefix, folded[:-1]
        elif folded.startswith("*"):
            table, key = self._suffix, folded[1:]
        else:
            table, key = self._whole, folded
        if not re.fullmatch(r"[^\W_]+(?:['’-][^\W_]+)*-?", key):
            raise MalformedRules(f"{where}: the word {word!r} must be letters, with one * at an end at most.")
        met = table.setdefault(key, [])
        if symbol not in met:
            met.append(symbol)

    def _add(self, number: int, phrase: str, *, takes_back: bool) -> None:
        code = self.rules[number].code
        words = phrase.split()
        at_start = bool(words) and words[0] == "^"
        asks = bool(words) and words[-1] == "?"
        words = words[at_start : len(words) - asks]
        symbols, far, wide = [], [], False
        for word in words:
            if word == "…":
                wide = True
                continue
            if word.startswith("{"):
                if word not in self._symbols:
                    raise MalformedRules(f"{code}: {word} is not a class of the table.")
                symbol = self._symbols[word]
            else:
                symbol = self._symbol(_fold(word))
                self._learn(word, symbol, code)
            symbols.append(symbol)
            far.append(wide)
            wide = False
        if not symbols:
            raise MalformedRules(f"{code}: a phrase has no word.")
        made = _Phrase(number, tuple(symbols), tuple(far), at_start, asks, takes_back)
        self._phrases.setdefault(symbols[0], []).append(made)

    def symbols_of(self, folded: str) -> tuple[int, ...]:
        known = self._known.get(folded)
        if known is None:
            met = list(self._whole.get(folded, ()))
            for size in self._sizes:
                met += self._prefix.get(folded[:size], ()) if size <= len(folded) else ()
            for size in self._endings:
                met += self._suffix.get(folded[-size:], ()) if size < len(folded) else ()
            known = tuple(dict.fromkeys(met))
            if len(self._known) > 100_000:
                self._known.clear()
            self._known[folded] = known
        return known

    def phrases_from(self, symbol: int) -> Sequence[_Phrase]:
        return self._phrases.get(symbol, ())


class _Met(NamedTuple):
    rule: int
    start: int
    end: int


def kind(text: str, lexicon: Lexicon, *, chosen: str | None = None) -> Kind:
    """Read the kind of an appeal. `chosen` is what the citizen called it, if anything."""
    text = text[:READ_AT_MOST]
    met: dict[int, _Met] = {}
    bodies: list[Body] = []
    nearby: list[Body] = []
    states = asked = False
    for words, asks in _sentences(text):
        where = _places(words, lexicon)
        found = _match(words, asks, where, lexicon, bodies, text)
        for one in found:
            met.setdefault(one.rule, one)
        if any(lexicon.rules[one.rule].kind == "complaint" for one in found):
            nearby += _bodies(words, where, lexicon, text)
        if asks:
            asked = True
        elif len(words) > GREETING_AT_MOST or lexicon.greeting not in lexicon.symbols_of(words[0].folded):
            states = True
    read, confidence, rule = _weigh(met, lexicon, states=states, asked=asked)
    ranked = sorted(met.values(), key=lambda one: (-lexicon.rules[one.rule].weight, one.start))
    reasons = tuple(_reason(lexicon.rules[one.rule], text, one) for one in ranked)
    against = tuple(dict.fromkeys(bodies or nearby)) if "complaint" in (read, chosen) else ()
    if chosen is None:
        return Kind(read, confidence, rule, None, reasons, against)
    differs = read is not None and read != chosen and confidence >= SUGGEST_FROM
    return Kind(chosen, confidence, "chosen", read if differs else None, reasons, against)


def _reason(rule: Rule, text: str, met: _Met) -> Reason:
    return Reason(rule.code, rule.kind, text[met.start : met.end], met.start, met.end, rule.article, rule.checked)


def _weigh(met: Mapping[int, _Met], lexicon: Lexicon, *, states: bool, asked: bool) -> tuple[str | None, float, str]:
    """The heaviest rule of each kind counts whole, its others by a quarter; shares of exp(sum) give confidence."""
    if not met and not states and not asked:
        return None, 0.0, "nothing_to_read"
    best: dict[str, tuple[float, str]] = {}
    rest: dict[str, float] = {}
    for number in met:
        rule = lexicon.rules[number]
        rest[rule.kind] = rest.get(rule.kind, 0.0) + rule.weight
        if rule.weight > best.get(rule.kind, (0.0, ""))[0]:
            best[rule.kind] = (rule.weight, rule.code)
    if states:
        # A bare statement is a report until a rule says more: the widest kind of the law.
        rest["message"] = rest.get("message", 0.0) + 1.5
        if best.get("message", (0.0, ""))[0] < 1.5:
            best["message"] = (1.5, "statement")
    if asked and not best:
        best["inquiry"], rest["inquiry"] = (1.0, "question_mark"), 1.0
    scores = {k: best[k][0] + 0.25 * (rest[k] - best[k][0]) for k in best}
    total = sum(math.exp(scores.get(k, 0.0)) for k in KINDS)
    winner = max(scores, key=lambda k: (scores[k], -KINDS.index(k)))
    return winner, math.exp(scores[winner]) / total, best[winner][1]


def _sentences(text: str) -> Iterator[tuple[list[_Word], bool]]:
    """Words of each sentence, without what stands in quotation marks, and whether it ends with a question."""
    # A single quoted word is a name or an emphasis; more is someone else's speech.
    hidden = [match.span() for match in _QUOTED.finditer(text) if len(match.group().split()) > 1]
    if sum(end - start for start, end in hidden) > 0.6 * len(text):
        hidden = []  # the whole appeal was put in quotation marks
    words: list[_Word] = []
    quote = 0
    comma = False
    for match in _TOKEN.finditer(text):
        start, end = match.span()
        while quote < len(hidden) and hidden[quote][1] <= start:
            quote += 1
        if quote < len(hidden) and hidden[quote][0] <= start:
            continue
        mark = match.group()
        if mark[0].isalnum():
            words.append(_Word(_fold(mark), start, end, comma))
            comma = False
            if len(words) >= WORDS_AT_MOST:
                yield words, False
                words = []
        elif mark in ",:":
            comma = True
        elif words:
            yield words, mark == "?"
            words, comma = [], False
    if words:
        yield words, False


def _places(words: Sequence[_Word], lexicon: Lexicon) -> dict[int, list[int]]:
    where: dict[int, list[int]] = {}
    for position, word in enumerate(words):
        for symbol in lexicon.symbols_of(word.folded):
            where.setdefault(symbol, []).append(position)
    return where


def _match(
    words: Sequence[_Word], asks: bool, where: dict[int, list[int]], lexicon: Lexicon, bodies: list[Body], text: str
) -> list[_Met]:
    found: dict[int, _Met] = {}
    taken_back: set[int] = set()
    slots: list[tuple[int, int]] = []
    for symbol in where:
        for phrase in lexicon.phrases_from(symbol):
            if phrase.asks and not asks:
                continue
            placed = _place(phrase, words, where)
            if placed is None:
                continue
            if phrase.takes_back:
                taken_back.add(phrase.rule)
                continue
            found.setdefault(phrase.rule, _Met(phrase.rule, words[placed[0]].start, words[placed[-1]].end))
            slots += [
                (phrase.rule, at)
                for at, each in zip(placed, phrase.symbols, strict=True)
                if each == lexicon.body and lexicon.rules[phrase.rule].kind == "complaint"
            ]
    named = where.get(lexicon.body, [])
    for number, position in slots:
        if number not in taken_back:
            # «сотруднику полиции»: the words for a body that stand side by side name it together.
            side_by_side = [at for at in (position - 1, position, position + 1) if at in named]
            bodies += _bodies(words, {lexicon.body: side_by_side}, lexicon, text)
    return [one for number, one in found.items() if number not in taken_back]


def _place(phrase: _Phrase, words: Sequence[_Word], where: dict[int, list[int]]) -> list[int] | None:
    """The positions of the phrase's words, unless a negation stands at its edge."""
    for first in where[phrase.symbols[0]][:20]:
        if phrase.at_start and first != 0:
            return None
        placed = [first]
        for symbol, far in zip(phrase.symbols[1:], phrase.far[1:], strict=True):
            last = placed[-1]
            after = next((at for at in where.get(symbol, ()) if last < at and (far or at <= last + _GAP + 1)), None)
            if after is None:
                break
            placed.append(after)
        else:
            if not _denied(placed, words):
                return placed
    return None


def _denied(placed: Sequence[int], words: Sequence[_Word]) -> bool:
    first, last = placed[0], placed[-1]
    if first and not words[first].after_comma and words[first - 1].folded in _NOT_BEFORE:
        return True
    return last + 1 < len(words) and words[last + 1].folded in _NOT_AFTER


def _bodies(words: Sequence[_Word], where: dict[int, list[int]], lexicon: Lexicon, text: str) -> list[Body]:
    return [
        Body(lexicon.roles[symbol], text[words[at].start : words[at].end], words[at].start, words[at].end)
        for at in where.get(lexicon.body, ())
        for symbol in lexicon.symbols_of(words[at].folded)
        if symbol in lexicon.roles
    ]

"""Full-text index of appeals: FTS5 on SQLite, a GIN-indexed tsvector on PostgreSQL; one interface for both.

The index holds stems with their order, so that a word is found in any ending and a phrase as it was said. Beside it
stands the vocabulary: in how many appeals each term is. From it a question learns what each of its words costs, which
words are nobody's, and what was meant instead.

A question becomes a `Plan`; `Plan.within` picks the appeals between two ids. Rare words are looked up whole, common
ones in windows from the newest down: no database sorts a million hits in time.
"""

import threading
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice, product
from typing import NamedTuple

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper
from django.db.models.expressions import RawSQL

from dauys.engines import search_terms
from dauys.engines.search_terms import Part, Question, Vocabulary, Weighed, Word
from dauys.hear import heard as hear

READ_AT_MOST = 20_000
"""Letters of an appeal that are indexed."""

SPARSE = 20_000
"""A question whose rarest word is in no more appeals than this is looked up in all of them at once."""

LOOKS = (4_000, 12_000, 20_000)
"""Appeals that one look at a common word is expected to meet; after the last the reader is asked to go on."""

VARIANTS = 24
"""Terms that one beginning of a word may stand for, the commonest first."""

PHRASES = 8
"""Ways in which the readings of a phrase may be put together."""

TOLD = 24
"""Terms by which appeals like another are weighed."""

_LARGEST = 2**62
_LAST_PLACE = 16_383  # of a tsvector


def add(rows: Sequence[tuple[int, str]]) -> None:
    """Index (appeal id, text) rows, in the caller's transaction. A row added twice stays one row, counted once."""
    if not rows:
        return
    counts: Counter[str] = Counter()
    shown: dict[str, str] = {}
    read: list[tuple[int, search_terms.Terms]] = []
    with connection.cursor() as cursor:
        known = _indexed(cursor, min(row[0] for row in rows), max(row[0] for row in rows))
        for appeal, text in rows:
            if appeal in known:
                continue
            known.add(appeal)
            terms, words = search_terms.terms_and_words(text[:READ_AT_MOST])
            read.append((appeal, terms))
            counts.update({*terms.words, *(term for _place, term in terms.others)})
            for term, word in words.items():
                if len(word) < len(shown.get(term, word + " ")):
                    shown[term] = word
        # In one order for everybody, so that two writers never wait for each other crosswise.
        met = [(term, shown.get(term, ""), counts[term]) for term in sorted(counts)]
        if connection.vendor == "sqlite":
            cursor.executemany(
                "INSERT INTO appeal_words (rowid, words, others) VALUES (%s, %s, %s)",
                [
                    (appeal, " ".join(terms.words), " ".join(term for _place, term in terms.others))
                    for appeal, terms in read
                ],
            )
            cursor.executemany(f"INSERT INTO search_word (word, shown, appeals) VALUES (%s, %s, %s) {_MET_AGAIN}", met)
        elif met:
            # Columns, not rows: a statement for each of three thousand words would cost more than the reading.
            cursor.execute(
                "INSERT INTO appeal_words (appeal_id, words) SELECT appeal, words::tsvector "
                "FROM unnest(%s::bigint[], %s::text[]) AS read (appeal, words) ON CONFLICT DO NOTHING",
                [[appeal for appeal, _terms in read], [_vector(terms) for _appeal, terms in read]],
            )
            cursor.execute(
                "INSERT INTO search_word (word, shown, appeals) "
                f"SELECT * FROM unnest(%s::text[], %s::text[], %s::bigint[]) {_MET_AGAIN}",
                [list(column) for column in zip(*met, strict=True)],
            )


_MET_AGAIN = (
    "ON CONFLICT (word) DO UPDATE SET appeals = search_word.appeals + excluded.appeals, "
    "shown = CASE WHEN excluded.shown <> '' AND (search_word.shown = '' "
    "OR length(excluded.shown) < length(search_word.shown)) THEN excluded.shown ELSE search_word.shown END"
)


def _table() -> tuple[str, str]:
    """Where the ids of what is indexed stand: table and column."""
    return ("appeal_words_docsize", "id") if connection.vendor == "sqlite" else ("appeal_words", "appeal_id")


def _indexed(cursor: CursorWrapper, first: int, last: int) -> set[int]:
    table, key = _table()
    cursor.execute(f"SELECT {key} FROM {table} WHERE {key} BETWEEN %s AND %s", [first, last])
    return {row[0] for row in cursor.fetchall()}


def _vector(read: search_terms.Terms) -> str:
    """A tsvector's own spelling; a second reading stands at the place of the first."""
    places: dict[str, list[int]] = {}
    for place, term in enumerate(read.words):
        places.setdefault(term, []).append(place)
    for place, term in read.others:
        places.setdefault(term, []).append(place)
    return " ".join(
        f"'{term}':" + ",".join(str(min(place + 1, _LAST_PLACE)) for place in at[:255]) for term, at in places.items()
    )


def is_owed() -> bool:
    """Whether an older index held appeals that this one does not. Asked without taking the right to write."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM search_owed")
        return cursor.fetchone() is not None


def catch_up(*, limit: int = 1_000) -> int:
    """Index appeals that an older index held and this one does not, newest first. Returns how many were looked at."""
    with transaction.atomic(), connection.cursor() as cursor:
        lock = "" if connection.vendor == "sqlite" else " FOR UPDATE"
        cursor.execute(f"SELECT upto FROM search_owed{lock}")
        row = cursor.fetchone()
        if row is None:
            return 0
        upto: int = row[0]
        first = max(0, upto - limit)
        heard = hear.heard_by_ids(range(first + 1, upto + 1))
        add([(one.id, f"{one.text}\n{one.place}") for one in heard])
        if first:
            cursor.execute("UPDATE search_owed SET upto = %s", [first])
        else:
            cursor.execute("DELETE FROM search_owed")
        return upto - first


class Span(NamedTuple):
    """The ids between which appeals lie, both included; nought and nought where there are none."""

    oldest: int
    newest: int

    @property
    def texts(self) -> int:
        """How many appeals there are: they are numbered without gaps."""
        return self.newest - self.oldest + 1 if self.newest else 0


@dataclass(frozen=True, slots=True)
class Plan:
    """A question as this index will look it up. `unknown` are asked words that no indexed term answers to; with one
    of them nothing can be found.
    """

    match: str
    cost: int
    span: Span
    weighed: tuple[Weighed, ...] = ()
    unknown: tuple[Word, ...] = ()
    counts: Mapping[str, int] = field(default_factory=dict)

    @property
    def can_find(self) -> bool:
        return bool(self.match) and not self.unknown

    @property
    def terms(self) -> frozenset[str]:
        """What to mark in a text."""
        return frozenset(term for one in self.weighed for term in one.terms)

    @property
    def is_sparse(self) -> bool:
        return self.cost <= SPARSE

    def windows(self, before: int | None = None) -> Iterator[tuple[int, int]]:
        """Stretches of ids (both ends left out), newest first, that together are one page's work at most."""
        return windows(before, self.span, cost=self.cost)

    def within(self, after: int, before: int) -> RawSQL:
        """The ids between two ids, for `appeal_id__in`."""
        if connection.vendor == "sqlite":
            sql = "SELECT rowid FROM appeal_words WHERE appeal_words MATCH %s AND rowid > %s AND rowid < %s"
        else:
            # A common word is tested row by row inside its window: the GIN index would fetch all of its hits.
            test = "words @@ %s::tsquery" if self.is_sparse else "(words @@ %s::tsquery) IS TRUE"
            sql = f"SELECT appeal_id FROM appeal_words WHERE {test} AND appeal_id > %s AND appeal_id < %s"
        return RawSQL(sql, (self.match, after, before))  # noqa: S611  # every value is a parameter


def windows(before: int | None, span: Span, *, cost: int) -> Iterator[tuple[int, int]]:
    """As Plan.windows, where `cost` appeals of the whole span are expected to be met."""
    below = min(before if before is not None else _LARGEST, span.newest + 1)
    if cost <= SPARSE:
        if below > span.oldest:
            yield span.oldest - 1, below
        return
    for look in LOOKS:
        if below <= span.oldest:
            return
        lower = max(span.oldest - 1, below - 1 - look * span.texts // cost)
        yield lower, below
        below = lower + 1


def plan(asked: Question) -> Plan:
    """What a question costs and finds here: at most two statements."""
    words = [word for part in (*asked.wanted, *asked.unwanted) for word in part.words]
    if not words:
        return Plan("", 0, Span(0, 0))
    span, counts = _counts({term for word in words for term in word.readings})
    opened = [
        word
        for word in words
        if word.is_beginning or not any(term in counts for term in word.readings)
        if len(word.typed) > 2 or (len(word.typed) == 2 and (word.is_beginning or word.typed.isdigit()))
    ]
    begun = _begun({one for word in opened for one in _heads(word)})
    counts.update(begun)
    known = {word: _terms_of(word, counts, begun if word in opened else {}) for word in words}
    unknown = tuple(word for part in asked.wanted for word in part.words if not known[word])
    weighed = tuple(
        Weighed(known[word], search_terms.rarity(sum(counts[term] for term in known[word]), span.texts))
        for part in asked.wanted
        for word in part.words
        if known[word]
    )
    if unknown or not asked.wanted:
        return Plan("", 0, span, weighed, unknown, counts)
    cost = min(sum(counts[term] for term in known[word]) for part in asked.wanted for word in part.words)
    unwanted = [part for part in asked.unwanted if all(known[word] for word in part.words)]
    return Plan(_match(asked.wanted, unwanted, known), cost, span, weighed, (), counts)


def plan_like(text: str) -> Plan:
    """Appeals like this text: those with one of its rarest words, weighed by all that they share. One statement."""
    read = search_terms.terms(text[:READ_AT_MOST])
    span, counts = _counts(set(read.words))
    chosen = search_terms.telling(counts, texts=span.texts)
    if not chosen:
        return Plan("", 0, span, counts=counts)
    rare = sorted((term for term in counts if counts[term] > 1), key=lambda term: (counts[term], term))[:TOLD]
    weighed = tuple(Weighed(frozenset({term}), search_terms.rarity(counts[term], span.texts)) for term in rare)
    part = Part((Word("", tuple(chosen)),))
    return Plan(_match([part], [], {part.words[0]: frozenset(chosen)}), 0, span, weighed, (), counts)


def _counts(wanted: set[str]) -> tuple[Span, dict[str, int]]:
    """Between which ids the index stands, and in how many appeals each of these terms is; unknown ones are left out."""
    table, key = _table()
    some = sorted(wanted)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT '<', coalesce(min({key}), 0) FROM {table} UNION ALL "
            f"SELECT '>', coalesce(max({key}), 0) FROM {table} UNION ALL "
            f"SELECT word, appeals FROM search_word WHERE word IN ({', '.join(['%s'] * len(some))})",
            some,
        )
        rows = dict(cursor.fetchall())
    return Span(rows.pop("<"), rows.pop(">")), rows


def _heads(word: Word) -> tuple[str, ...]:
    """Beginnings under which an unfinished word may stand in the index."""
    return (search_terms.folded(word.typed),) if word.is_beginning else word.readings


def _begun(heads: set[str]) -> dict[str, int]:
    """The commonest terms that begin with each of these, with their counts."""
    if not heads:
        return {}
    each = (
        "SELECT * FROM (SELECT word, appeals FROM search_word WHERE word >= %s AND word < %s "
        f"ORDER BY appeals DESC, word LIMIT {VARIANTS}) begun"
    )
    with connection.cursor() as cursor:
        cursor.execute(
            " UNION ALL ".join([each] * len(heads)),
            [bound for head in sorted(heads) for bound in (head, head + "\U0010ffff")],
        )
        return dict(cursor.fetchall())


def _terms_of(word: Word, counts: Mapping[str, int], begun: Mapping[str, int]) -> frozenset[str]:
    heads = _heads(word)
    return frozenset(term for term in word.readings if term in counts) | {
        term for term in begun if term.startswith(heads)
    }


def _match(wanted: Sequence[Part], unwanted: Sequence[Part], known: Mapping[Word, frozenset[str]]) -> str:
    """The question in this database's own language. Terms are letters and digits: none can be an operator."""
    if connection.vendor == "sqlite":
        met = " AND ".join(_fts(part, known) for part in wanted)
        return f"({met})" + "".join(f" NOT {_fts(part, known)}" for part in unwanted)
    return " & ".join([_ts(part, known) for part in wanted] + ["!" + _ts(part, known) for part in unwanted])


def _fts(part: Part, known: Mapping[Word, frozenset[str]]) -> str:
    """In FTS5's own language. A phrase is looked for among first readings: only they stand side by side."""
    if not part.is_phrase:
        return _either([f'"{term}"' for term in sorted(known[part.words[0]])], " OR ")
    choices = ([term for term in word.readings if term in known[word]] or sorted(known[word]) for word in part.words)
    ways = islice(product(*choices), PHRASES)
    return _either(["words : (" + " + ".join(f'"{term}"' for term in way) + ")" for way in ways], " OR ")


def _ts(part: Part, known: Mapping[Word, frozenset[str]]) -> str:
    """As a tsquery."""
    return _either([_either([f"'{term}'" for term in sorted(known[word])], " | ") for word in part.words], " <-> ")


def _either(some: Sequence[str], sign: str) -> str:
    return f"({sign.join(some)})"


def find(asked: str, *, before: int | None = None, limit: int = 200) -> list[int]:
    """Ids of appeals that hold what is asked, newest first; `before` continues a list. No rights are asked."""
    planned = plan(search_terms.ask(asked))
    if not planned.can_find:
        return []
    ids = planned.within(0, before if before is not None else _LARGEST)
    with connection.cursor() as cursor:
        cursor.execute(f"{ids.sql} ORDER BY 1 DESC LIMIT %s", [*ids.params, limit])
        return [row[0] for row in cursor.fetchall()]


RARE = 50
"""A word this many times rarer than one a slip away is probably that slip."""

KEPT = 250_000
"""Words kept in memory to compare a misspelt one with: about 60 bytes each."""

_RELOAD_SECONDS = 1_800.0
_known_words: tuple[float, Vocabulary] | None = None
_lock = threading.Lock()


def meant(planned: Plan, asked: Question) -> dict[str, str]:
    """For asked words that nobody used, or hardly anybody, the word that was probably meant: {typed: word of an
    appeal}. Only words in at least two appeals are offered once there are many.
    """
    doubtful = []
    for word in {word for part in asked.wanted for word in part.words}:
        texts = sum(planned.counts.get(term, 0) for term in word.readings)
        if word in planned.unknown or texts * RARE * RARE < planned.span.texts:
            doubtful.append((word, texts))
    if not doubtful:
        return {}
    vocabulary = _vocabulary(planned.span.texts)
    near = {
        word: [vocabulary.words[one.place] for reading in word.readings for one in vocabulary.near(reading)]
        for word, _texts in doubtful
    }
    some = sorted({term for terms in near.values() for term in terms})
    if not some:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT word, shown, appeals FROM search_word WHERE shown <> '' "
            f"AND word IN ({', '.join(['%s'] * len(some))})",
            some,
        )
        stands = {row[0]: (row[1], row[2]) for row in cursor.fetchall()}
    better = {}
    for word, texts in doubtful:
        # The list is in order of likeness: the first that is common enough is taken.
        for term in near[word]:
            shown, appeals = stands.get(term, ("", 0))
            if appeals >= max(1, texts * RARE) and shown != word.typed:
                better[word.typed] = shown
                break
    return better


def forget() -> None:
    """Drop the words kept in memory; the next misspelt question reads them anew."""
    global _known_words
    with _lock:
        _known_words = None


def _vocabulary(texts: int) -> Vocabulary:
    global _known_words
    with _lock:
        known = _known_words
        if known is not None and time.monotonic() - known[0] < _RELOAD_SECONDS and texts > _FEW:
            return known[1]
    with connection.cursor() as cursor:
        # Once there are many appeals, a word of one of them is as often a slip as a word.
        cursor.execute(
            "SELECT word, appeals FROM search_word WHERE appeals >= %s AND shown <> '' LIMIT %s",
            [2 if texts > _FEW else 1, KEPT],
        )
        rows = cursor.fetchall()
    fresh = Vocabulary([row[0] for row in rows], [row[1] for row in rows])
    with _lock:
        _known_words = (time.monotonic(), fresh)
    return fresh


_FEW = 5_000
"""Up to so many appeals the vocabulary is small enough to be read for each misspelt question."""

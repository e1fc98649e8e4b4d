"""Full-text index of appeals: FTS5 on SQLite, a GIN-indexed tsvector on PostgreSQL. Newest first, no ranking.

The index holds stems, so that a word is found in any case ending; spellings with and without Kazakh letters meet.
"""

from collections.abc import Sequence

from django.db import connection

from dauys.engines.search_terms import query, terms

READ_AT_MOST = 20_000


def add(rows: Sequence[tuple[int, str]]) -> None:
    """Index (appeal id, text) rows, in the caller's transaction. A row added twice stays one row."""
    prepared = [(appeal, terms(text[:READ_AT_MOST])) for appeal, text in rows]
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.executemany("INSERT INTO appeal_words (rowid, terms) VALUES (%s, %s)", prepared)
        else:
            cursor.executemany(
                "INSERT INTO appeal_words (appeal_id, words) VALUES (%s, to_tsvector('simple', %s)) "
                "ON CONFLICT (appeal_id) DO NOTHING",
                prepared,
            )


def find(asked: str, *, before: int | None = None, limit: int = 200) -> list[int]:
    """Ids of appeals that hold every asked word (as a beginning), newest first; `before` continues a list."""
    words = query(asked)
    if not words:
        return []
    below = before if before is not None else 2**62
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            match = " ".join(f'"{word}"*' for word in words)
            cursor.execute(
                "SELECT rowid FROM appeal_words WHERE appeal_words MATCH %s AND rowid < %s "
                "ORDER BY rowid DESC LIMIT %s",
                [match, below, limit],
            )
        else:
            match = " & ".join(f"{word}:*" for word in words)
            cursor.execute(
                "SELECT appeal_id FROM appeal_words WHERE words @@ to_tsquery('simple', %s) AND appeal_id < %s "
                "ORDER BY appeal_id DESC LIMIT %s",
                [match, below, limit],
            )
        return [row[0] for row in cursor.fetchall()]

"""The full-text index keeps the order of words, second readings apart, and a vocabulary with counts.

What was indexed before is owed again: `search_owed` says up to which appeal, and the worker brings it in, newest first
(`index.catch_up`). Nothing is lost meanwhile but the old appeals' being found by their words.
"""

from django.db import migrations


def forwards(apps, schema_editor):
    is_sqlite = schema_editor.connection.vendor == "sqlite"
    run = schema_editor.execute
    run("DROP TABLE appeal_words")
    if is_sqlite:
        run(
            "CREATE VIRTUAL TABLE appeal_words USING fts5"
            "(words, others, content='', tokenize='unicode61 remove_diacritics 0')"
        )
    else:
        run("CREATE TABLE appeal_words (appeal_id bigint PRIMARY KEY, words tsvector NOT NULL)")
        run("CREATE INDEX appeal_words_gin ON appeal_words USING gin (words)")
    number = "integer PRIMARY KEY AUTOINCREMENT" if is_sqlite else "bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY"
    # Compared letter by letter on every system, whatever its locale: a beginning is a range of this index.
    sort = "" if is_sqlite else 'COLLATE "C"'
    run(
        f"CREATE TABLE search_word (id {number}, word varchar(60) {sort} NOT NULL UNIQUE, "
        "shown varchar(60) NOT NULL, appeals bigint NOT NULL)"
    )
    run("CREATE TABLE search_owed (upto bigint NOT NULL)")
    run("INSERT INTO search_owed SELECT max(appeal_id) FROM examination HAVING max(appeal_id) IS NOT NULL")


def backwards(apps, schema_editor):
    for table in ("search_owed", "search_word", "appeal_words"):
        schema_editor.execute(f"DROP TABLE {table}")
    if schema_editor.connection.vendor == "sqlite":
        schema_editor.execute(
            "CREATE VIRTUAL TABLE appeal_words USING fts5"
            "(terms, content='', detail=none, tokenize='unicode61 remove_diacritics 0')"
        )
    else:
        schema_editor.execute("CREATE TABLE appeal_words (appeal_id bigint PRIMARY KEY, words tsvector NOT NULL)")
        schema_editor.execute("CREATE INDEX appeal_words_gin ON appeal_words USING gin (words)")


class Migration(migrations.Migration):
    dependencies = [("understand", "0002_full_text_index")]
    operations = [migrations.RunPython(forwards, backwards)]

"""Words of appeals, made findable. Contentless: the index holds stems, the appeal's own row holds the words."""

from django.db import migrations


def forwards(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        schema_editor.execute(
            "CREATE VIRTUAL TABLE appeal_words USING fts5"
            "(terms, content='', detail=none, tokenize='unicode61 remove_diacritics 0')"
        )
    else:
        schema_editor.execute("CREATE TABLE appeal_words (appeal_id bigint PRIMARY KEY, words tsvector NOT NULL)")
        schema_editor.execute("CREATE INDEX appeal_words_gin ON appeal_words USING gin (words)")


def backwards(apps, schema_editor):
    schema_editor.execute("DROP TABLE appeal_words")


class Migration(migrations.Migration):
    dependencies = [("understand", "0001_initial")]
    operations = [migrations.RunPython(forwards, backwards)]

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """Which appeals a new book of rules still tries; who shares an office's work; a list of what is passed round."""

    dependencies = [
        ("answer", "0006_turns_and_presence"),
        ("institution", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="rulebook",
            name="queue_at",
            field=models.PositiveBigIntegerField(default=0, help_text="the appeal without an office it has come to"),
        ),
        migrations.AddField(
            model_name="rulebook",
            name="queue_to",
            field=models.PositiveBigIntegerField(default=0, help_text="the last appeal that was placed before it"),
        ),
        migrations.AddIndex(
            model_name="handling",
            index=models.Index(
                models.F("begin_by"),
                models.F("appeal"),
                condition=models.Q(("hand_overs__gte", 2), ("is_open", True)),
                name="handling_passed_round",
            ),
        ),
        migrations.CreateModel(
            name="Sharing",
            fields=[
                (
                    "office",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="institution.office",
                    ),
                ),
                (
                    "by_language",
                    models.BooleanField(default=False, help_text="first to those who write the appeal's language"),
                ),
                ("by_topic", models.BooleanField(default=False, help_text="first to those who know its topic")),
                ("since_at", models.DateTimeField()),
                (
                    "officer",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={"db_table": "sharing"},
        ),
        migrations.CreateModel(
            name="Colleague",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("away_from", models.DateField(null=True)),
                ("away_until", models.DateField(help_text="the last day away", null=True)),
                ("languages", models.JSONField(default=list, help_text="codes; empty: all")),
                ("topics", models.JSONField(default=list, help_text="codes, parts with them; empty: all")),
                (
                    "office",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="institution.office"
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "db_table": "colleague",
                "constraints": [
                    models.UniqueConstraint(fields=("office", "user"), name="colleague_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("away_from", None),
                            ("away_until", None),
                            ("away_until__gte", models.F("away_from")),
                            _connector="OR",
                        ),
                        name="colleague_away_ends",
                    ),
                ],
            },
        ),
    ]

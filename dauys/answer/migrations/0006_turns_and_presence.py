import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("answer", "0005_letters"),
        ("hear", "0003_files_that_came_later"),
        ("institution", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Ordered",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("entry", models.PositiveBigIntegerField(default=0, help_text="the last entry of the ledger")),
                ("grouped", models.PositiveBigIntegerField(default=0, help_text="the last appeal put into a group")),
                ("merge", models.PositiveBigIntegerField(default=0, help_text="the last merge of groups")),
                (
                    "digest",
                    models.CharField(
                        default="", help_text="SHA-256 of the weights and the working days", max_length=64
                    ),
                ),
                (
                    "walked",
                    models.PositiveBigIntegerField(
                        help_text="the open appeal up to which all are counted anew; empty: all are", null=True
                    ),
                ),
            ],
            options={
                "db_table": "ordered",
            },
        ),
        migrations.CreateModel(
            name="Presence",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("seen_at", models.DateTimeField(db_index=True)),
            ],
            options={
                "db_table": "presence",
            },
        ),
        migrations.CreateModel(
            name="Turn",
            fields=[
                (
                    "appeal",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="hear.appeal",
                    ),
                ),
                ("due_on", models.DateField(null=True)),
                (
                    "reasons",
                    models.JSONField(default=list, help_text="[code, working days earlier, value], see engines.first"),
                ),
                (
                    "people",
                    models.PositiveIntegerField(default=1, help_text="appeals in the same matter when it was counted"),
                ),
            ],
            options={
                "db_table": "turn",
            },
        ),
        migrations.AddIndex(
            model_name="answer",
            index=models.Index(models.F("officer"), models.F("sent_on"), name="answer_of_officer"),
        ),
        migrations.AddIndex(
            model_name="answer",
            index=models.Index(models.F("office"), models.F("sent_on"), name="answer_of_office"),
        ),
        migrations.AddConstraint(
            model_name="ordered",
            constraint=models.CheckConstraint(condition=models.Q(("id", 1)), name="ordered_is_one"),
        ),
        migrations.AddField(
            model_name="presence",
            name="appeal",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="hear.appeal"
            ),
        ),
        migrations.AddField(
            model_name="presence",
            name="officer",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddConstraint(
            model_name="presence",
            constraint=models.UniqueConstraint(fields=("appeal", "officer"), name="presence_once"),
        ),
    ]

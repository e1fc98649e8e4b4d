import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """Who wants which letters, how far the searches for what to tell have come, reminders of an office by day."""

    dependencies = [
        ("answer", "0004_counted_from_the_past"),
        ("hear", "0003_files_that_came_later"),
        ("institution", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Looked",
            fields=[
                ("name", models.CharField(max_length=32, primary_key=True, serialize=False)),
                ("kept", models.JSONField(default=dict)),
            ],
            options={"db_table": "looked"},
        ),
        migrations.AddIndex(
            model_name="reminder",
            index=models.Index(models.F("office"), models.F("made_on"), name="reminder_of_office"),
        ),
        migrations.CreateModel(
            name="Quiet",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=32)),
                ("asked_at", models.DateTimeField()),
                (
                    "appeal",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="hear.appeal"
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "db_table": "quiet",
                "constraints": [
                    models.UniqueConstraint(fields=("kind", "appeal"), name="quiet_of_appeal_once"),
                    models.UniqueConstraint(fields=("kind", "person"), name="quiet_of_person_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("appeal", None), ("person__isnull", False)),
                            models.Q(("appeal__isnull", False), ("person", None)),
                            _connector="OR",
                        ),
                        name="quiet_is_somebodys",
                    ),
                ],
            },
        ),
    ]

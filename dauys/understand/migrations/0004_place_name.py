"""Names of places beside those of the areas: from maps, and the institution's own."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("institution", "0001_initial"), ("understand", "0003_search_index")]

    operations = [
        migrations.CreateModel(
            name="PlaceName",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "key",
                    models.CharField(
                        help_text="the source's own number of it, and which name", max_length=80, unique=True
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("area", "Area"), ("street", "Street"), ("landmark", "Landmark")], max_length=8
                    ),
                ),
                ("name", models.CharField(max_length=200)),
                ("language", models.CharField(blank=True, default="", max_length=2)),
                (
                    "canonical",
                    models.CharField(blank=True, default="", help_text="the name in force, if another", max_length=200),
                ),
                ("lat", models.FloatField(null=True)),
                ("lon", models.FloatField(null=True)),
                ("source", models.CharField(max_length=120)),
                ("licence", models.CharField(max_length=120)),
                ("is_own", models.BooleanField(default=False, help_text="written by the institution itself")),
                ("taken_at", models.DateTimeField()),
                (
                    "area",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="institution.area",
                    ),
                ),
            ],
            options={
                "db_table": "place_name",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("lat", None), ("lon", None)),
                            models.Q(("lat__range", (-90, 90)), ("lon__range", (-180, 180))),
                            _connector="OR",
                        ),
                        name="place_name_on_the_globe",
                    )
                ],
            },
        ),
    ]

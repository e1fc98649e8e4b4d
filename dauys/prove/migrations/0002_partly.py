import django.db.models.expressions
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("institution", "0001_initial"),
        ("prove", "0001_initial"),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="day",
            name="day_for_figures",
        ),
        migrations.AddField(
            model_name="day",
            name="partly",
            field=models.PositiveIntegerField(default=0, help_text="of those, the citizen's last word is: in part"),
        ),
        migrations.AlterField(
            model_name="day",
            name="judged",
            field=models.PositiveIntegerField(default=0, help_text="of those, the citizen said solved, in part or not"),
        ),
        migrations.AddIndex(
            model_name="day",
            index=models.Index(
                models.F("day"),
                models.F("office"),
                models.F("district"),
                models.F("topic"),
                models.F("channel"),
                models.F("wait"),
                models.F("heard"),
                models.F("answered"),
                models.F("owed"),
                models.F("in_time"),
                models.F("open"),
                models.F("late_open"),
                models.F("judged"),
                models.F("confirmed"),
                models.F("partly"),
                name="day_for_figures",
            ),
        ),
        migrations.AddConstraint(
            model_name="day",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "partly__lte",
                        django.db.models.expressions.CombinedExpression(models.F("judged"), "-", models.F("confirmed")),
                    )
                ),
                name="day_partly_is_not_confirmed",
            ),
        ),
    ]

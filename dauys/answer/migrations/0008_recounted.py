from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("answer", "0007_rules_and_sharing"),
    ]

    operations = [
        migrations.AddField(
            model_name="promise",
            name="origin",
            field=models.CharField(
                db_default="",
                default="",
                help_text="a recounted one: the reason of the promise it counts anew",
                max_length=20,
            ),
        ),
        migrations.AddIndex(
            model_name="promise",
            index=models.Index(
                models.F("made_at"),
                models.F("id"),
                condition=models.Q(("reason", "recounted")),
                name="promise_recounted",
            ),
        ),
    ]

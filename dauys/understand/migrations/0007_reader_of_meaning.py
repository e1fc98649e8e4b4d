from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("understand", "0006_office_reader"),
    ]

    operations = [
        migrations.AddField(
            model_name="topicmodel",
            name="meaning",
            field=models.BinaryField(
                db_default=b"",
                default=b"",
                help_text="its reader of meaning, for languages it was taught little of; empty: none",
            ),
        ),
    ]

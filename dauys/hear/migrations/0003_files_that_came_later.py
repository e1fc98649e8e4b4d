from django.db import migrations, models


class Migration(migrations.Migration):
    """A proof of receipt commits to the files of the filing alone: later ones are marked."""

    dependencies = [("hear", "0002_parts_and_files")]

    operations = [
        migrations.AddField(
            model_name="attachment",
            name="came_later",
            field=models.BooleanField(
                db_default=False, default=False, help_text="with a message or an answer, not with the appeal itself"
            ),
        ),
    ]

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("answer", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="Followed",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("finding", models.PositiveBigIntegerField()),
            ],
            options={
                "db_table": "followed",
                "constraints": [models.CheckConstraint(condition=models.Q(("id", 1)), name="followed_is_one")],
            },
        ),
    ]

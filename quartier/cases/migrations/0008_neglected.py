"""One more way in which a request ends. Nothing in the database changes."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cases", "0007_pace_by_time_left")]

    operations = [
        migrations.AlterField(
            model_name="request",
            name="closure",
            field=models.CharField(
                blank=True,
                choices=[
                    ("fulfilled", "Fulfilled"),
                    ("withdrawn", "Withdrawn"),
                    ("referred", "Referred"),
                    ("impossible", "Impossible"),
                    ("duplicate", "Duplicate"),
                    ("expired", "Expired"),
                    ("neglected", "Neglected"),
                ],
                max_length=10,
            ),
        ),
    ]

"""Whoever does not answer for a month is asked once whether they want a break."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("appeals", "0002_incidents")]

    operations = [
        migrations.AlterField(
            model_name="appeal",
            name="purpose",
            field=models.CharField(
                choices=[
                    ("place", "Place"),
                    ("kind", "Kind"),
                    ("role", "Role"),
                    ("event", "Event"),
                    ("still", "Still"),
                    ("quiet", "Quiet"),
                ],
                max_length=5,
            ),
        ),
    ]

from django.db import migrations, models

import quartier.lib.fields


class Migration(migrations.Migration):
    """Somebody of the neighbourhood, of whom there is no file: where they live is written down too. Quickly made."""

    dependencies = [
        ("concerns", "0003_written"),
    ]

    operations = [
        migrations.AddField(
            model_name="concern",
            name="address",
            field=quartier.lib.fields.SealedText(blank=True),
        ),
        migrations.AlterField(
            model_name="concern",
            name="about",
            field=models.CharField(
                choices=[
                    ("team", "Team"),
                    ("volunteer", "Volunteer"),
                    ("neighbour", "Neighbour"),
                    ("helped", "Helped"),
                    ("partner", "Partner"),
                    ("unknown", "Unknown"),
                ],
                default="unknown",
                max_length=9,
            ),
        ),
    ]

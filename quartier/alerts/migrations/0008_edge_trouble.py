from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("alerts", "0007_ladder_anew")]

    operations = [
        migrations.AlterField(
            model_name="alert",
            name="kind",
            field=models.CharField(
                choices=[
                    ("call", "Call"),
                    ("visit", "Visit"),
                    ("concern", "Concern"),
                    ("worry", "Worry"),
                    ("check", "Check"),
                    ("glass", "Glass"),
                    ("written", "Written"),
                    ("line", "Line"),
                    ("away", "Away"),
                    ("blind", "Blind"),
                ],
                default="call",
                max_length=7,
            ),
        ),
    ]

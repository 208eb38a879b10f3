"""One more reason for which nobody came. Nothing in the database changes."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("visits", "0009_unsaid"),
    ]

    operations = [
        migrations.AlterField(
            model_name="assignment",
            name="failure",
            field=models.CharField(
                blank=True,
                choices=[
                    ("nobody_home", "Nobody Home"),
                    ("wrong_place", "Wrong Address"),
                    ("cannot_go", "Cannot Go"),
                    ("no_show", "No Show"),
                    ("unsaid", "Unsaid"),
                    ("untold", "Untold"),
                    ("other", "Other"),
                ],
                max_length=11,
            ),
        ),
    ]

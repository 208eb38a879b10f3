from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("telephony", "0014_wrap_up_ends"),
    ]

    operations = [
        migrations.AddField(
            model_name="linesettings",
            name="edge_trouble",
            field=models.CharField(
                blank=True,
                choices=[("away", "Away"), ("blind", "Blind")],
                db_default="",
                default="",
                max_length=5,
            ),
        ),
        migrations.AddField(
            model_name="linesettings",
            name="edge_trouble_since",
            field=models.DateTimeField(null=True),
        ),
    ]

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("telephony", "0015_edge_trouble")]

    operations = [
        migrations.AlterField(
            model_name="linesettings",
            name="edge_trouble",
            field=models.CharField(
                blank=True,
                choices=[("away", "Away"), ("blind", "Blind"), ("core", "Core")],
                db_default="",
                default="",
                max_length=5,
            ),
        ),
    ]

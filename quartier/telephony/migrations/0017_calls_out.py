from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("telephony", "0016_call_control_away")]

    operations = [
        migrations.AddField(
            model_name="linesettings",
            name="max_calls_out",
            field=models.PositiveSmallIntegerField(db_default=20, default=20),
        ),
        migrations.AddField(
            model_name="linesettings",
            name="max_calls_out_hour",
            field=models.PositiveSmallIntegerField(db_default=40, default=40),
        ),
    ]

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("alerts", "0006_degrees")]

    operations = [
        migrations.AddField(
            model_name="alert",
            name="told_before",
            field=models.PositiveSmallIntegerField(default=0),
        ),
    ]

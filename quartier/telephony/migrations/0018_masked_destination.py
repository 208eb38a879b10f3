from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("telephony", "0017_calls_out")]

    operations = [
        migrations.AddField(
            model_name="call",
            name="masked_destination",
            field=models.CharField(blank=True, db_default="", default="", max_length=12),
        ),
    ]

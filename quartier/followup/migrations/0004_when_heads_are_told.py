from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("followup", "0003_what_was_told"),
    ]

    operations = [
        migrations.AddField(model_name="checkin", name="escalate_at", field=models.DateTimeField(null=True)),
    ]

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("telephony", "0012_silent_messages"),
    ]

    operations = [
        migrations.AddField(
            model_name="call",
            name="returns_our_call",
            field=models.BooleanField(db_default=False, default=False),
        ),
    ]

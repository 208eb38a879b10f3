from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("telephony", "0011_menu"),
    ]

    operations = [
        migrations.AddField(
            model_name="audio",
            name="is_silent",
            field=models.BooleanField(db_default=False, default=False),
        ),
    ]

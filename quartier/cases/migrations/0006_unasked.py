from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0005_pairs"),
    ]

    operations = [
        migrations.AddField(
            model_name="request",
            name="unasked",
            field=models.BooleanField(default=False, db_default=False),
        ),
    ]

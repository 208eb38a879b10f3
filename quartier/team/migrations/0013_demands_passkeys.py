from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("team", "0012_browser_sessions"),
    ]

    operations = [
        migrations.AddField(
            model_name="organisation",
            name="demands_passkeys",
            field=models.BooleanField(db_default=False, default=False),
        ),
    ]

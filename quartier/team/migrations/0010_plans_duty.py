from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("team", "0009_pairs_first"),
    ]

    operations = [
        migrations.AddField(
            model_name="organisation",
            name="plans_duty",
            field=models.BooleanField(db_default=False, default=False),
        ),
    ]

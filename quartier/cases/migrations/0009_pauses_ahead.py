from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0008_neglected"),
    ]

    operations = [
        migrations.AddField(
            model_name="series",
            name="paused_from",
            field=models.DateField(null=True),
        ),
    ]

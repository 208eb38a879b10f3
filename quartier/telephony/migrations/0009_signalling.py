from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("telephony", "0008_page"),
    ]

    operations = [
        migrations.AddField(
            model_name="call",
            name="failure",
            field=models.CharField(blank=True, default="", max_length=16),
            preserve_default=False,
        ),
    ]

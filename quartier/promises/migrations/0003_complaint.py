from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("promises", "0002_notice_each_time"),
    ]

    operations = [
        migrations.AddField(
            model_name="promise",
            name="complaint_id",
            field=models.UUIDField(null=True),
        ),
    ]

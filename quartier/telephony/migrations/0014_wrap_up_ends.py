from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("telephony", "0013_returned_calls"),
    ]

    operations = [
        migrations.AddField(
            model_name="operator",
            name="until",
            field=models.DateTimeField(null=True),
        ),
    ]

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("team", "0010_plans_duty"),
    ]

    operations = [
        migrations.AddField(
            model_name="organisation",
            name=name,
            field=models.CharField(blank=True, db_default="", default="", max_length=length),
        )
        for name, length in (("legal_name", 160), ("postal_address", 200), ("contact_email", 254))
    ]

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("people", "0008_doors")]

    operations = [
        migrations.AddField(
            model_name="person",
            name="proven_phone_index",
            field=models.CharField(blank=True, db_default="", default="", max_length=43),
        ),
    ]

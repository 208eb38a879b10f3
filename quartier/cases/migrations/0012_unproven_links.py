from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cases", "0011_search_since")]

    operations = [
        migrations.AddField(
            model_name="statuslink",
            name="is_proven",
            field=models.BooleanField(db_default=True, default=True),
        ),
    ]
